//! `archive disposal list`: destruction lists drawn up, shown and printed.

use archive_catalogue::document::Document;
use archive_catalogue::forms::destruction;
use archive_core::appraisal::{DestructionList, Target};
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::LineRequest;
use chrono::NaiveDate;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde::Serialize;

use super::{number, number_given};
use crate::args::{base, dry_run, pick, reason, reason_given};
use crate::asked;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;
use crate::printing;
use crate::render::findings::{self, Told as FindingTold};
use crate::render::table;

pub(super) fn command(lang: Lang) -> Command {
    base(
        "list",
        lang,
        &Text::fixed(
            "销毁清册：新编、列入、去掉、查看、打印",
            "Destruction lists: new, add, remove, show, print",
        ),
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommands([
        base("new", lang, &Text::fixed("新编一份清册", "Begin a list"))
            .arg(
                Arg::new("title")
                    .long("title")
                    .default_value("")
                    .value_name(pick(lang, "事由", "TITLE"))
                    .help(pick(lang, "事由，如“2004 年到期案卷”", "What it is about")),
            )
            .arg(Arg::new("secret").long("secret").action(ArgAction::SetTrue).help(pick(
                lang,
                "涉密清册，经保密部门销毁（D3）",
                "For classified papers, by way of the secrecy office (D3)",
            )))
            .arg(asked::fonds(lang))
            .arg(dry_run(lang)),
        base("add", lang, &Text::fixed("列入清册", "Put records on a list"))
            .arg(number(lang))
            .args(asked::codes(lang))
            .arg(reason(lang))
            .arg(Arg::new("original").long("original").value_name(pick(lang, "依据", "BASIS")).help(pick(
                lang,
                "副本：档案馆销毁正卷的依据（D4）",
                "Of duplicates: by which decision the archives destroyed the originals (D4)",
            )))
            .arg(
                Arg::new("loose")
                    .long("loose")
                    .action(ArgAction::Append)
                    .value_name(pick(lang, "名称", "NAME"))
                    .help(pick(
                        lang,
                        "不归档的文件，如“重份文件 200 份”（D6，可重复）",
                        "Papers that were never archived (D6, can be repeated)",
                    )),
            )
            .arg(
                Arg::new("pages")
                    .long("pages")
                    .value_name(pick(lang, "页数", "PAGES"))
                    .value_parser(value_parser!(u32))
                    .help(pick(lang, "不归档文件的页数", "How many pages the loose papers have")),
            )
            .arg(dry_run(lang)),
        base("remove", lang, &Text::fixed("从清册去掉", "Take lines off a list"))
            .arg(number(lang))
            .arg(
                Arg::new("places")
                    .required(true)
                    .num_args(1..)
                    .value_name(pick(lang, "序号", "LINE"))
                    .value_parser(value_parser!(usize))
                    .help(pick(lang, "清册上的序号", "The numbers of lines")),
            )
            .arg(reason(lang))
            .arg(dry_run(lang)),
        base("show", lang, &Text::fixed("查看清册（不写号则列出全部）", "Show a list, or name them all"))
            .arg(number(lang).required(false)),
        base("print", lang, &Text::fixed("打印清册", "Print a list"))
            .arg(number(lang))
            .args(printing::options(lang)),
    ])
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    match matches.subcommand() {
        Some(("new", sub)) => new(context, sub),
        Some(("add", sub)) => add(context, sub),
        Some(("remove", sub)) => remove(context, sub),
        Some(("show", sub)) if sub.get_one::<String>("number").is_some() => show(context, sub),
        Some(("show", _)) => all(context),
        Some(("print", sub)) => print(context, sub),
        _ => Ok(Exit::Usage),
    }
}

/// A list as JSON tells of it.
#[derive(Serialize)]
pub(super) struct Told<'a> {
    pub(super) state: &'static str,
    /// The digest of the list as its records are today: what is approved.
    pub(super) digest: &'a str,
    /// Whether an approval stands and is still of these records.
    pub(super) approval_holds: bool,
    #[serde(flatten)]
    pub(super) list: &'a DestructionList,
    pub(super) dry_run: bool,
}

fn new(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let office = Office::new(context.open()?)?;
    let repository = &office.repository;
    let own = office.institution().fonds.clone();
    let fonds = matches.get_one::<String>("fonds").unwrap_or(&own);
    let title = matches.get_one::<String>("title").map_or("", |title| title.trim());
    let change = repository.begin(&context.operator, "disposal list new", context.now)?;
    let number = change.new_destruction_list(fonds, title, matches.get_flag("secret"))?;
    let list = repository.destruction_list(&number)?;
    let digest = repository.destruction_list_digest(&list, office.profile.appraisal)?;
    context.finish(change, matches)?;
    context.ui.tell(&text!(
        "销毁清册 {number} 已新编；下一步：archive disposal list add {number} 档号…",
        "list {number} is begun; next: archive disposal list add {number} CODE…"
    ));
    told(context, matches, &list, &digest)
}

fn add(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    const REASON: &[&str] = &["销毁理由", "理由", "原因", "备注", "reason"];
    const ORIGINAL: &[&str] = &["正卷依据", "依据", "original"];
    let office = Office::new(context.open()?)?;
    let repository = &office.repository;
    let loose: Vec<&String> = matches.get_many::<String>("loose").into_iter().flatten().collect();
    let reason = reason_given(matches);
    let basis = matches.get_one::<String>("original");
    let mut requests: Vec<LineRequest> = loose
        .into_iter()
        .map(|title| LineRequest {
            target: Target::Loose(title.trim().to_owned()),
            reason: reason.to_owned(),
            original: None,
            pages: matches.get_one::<u32>("pages").copied().unwrap_or(0),
        })
        .collect();
    let typed = matches.get_many::<String>("codes").is_some_and(|mut codes| codes.next().is_some());
    if requests.is_empty() || typed || matches.contains_id("from") {
        let asked = asked::gather(matches, &[REASON, ORIGINAL])?;
        let fonds = matches.get_one::<String>("fonds").map(String::as_str);
        for (one, target) in asked.iter().zip(asked::resolve(repository, fonds, &asked)?) {
            let beside = |nth: usize| one.beside.get(nth).filter(|cell| !cell.is_empty());
            requests.push(LineRequest {
                target,
                reason: beside(0).map_or(reason, String::as_str).to_owned(),
                original: beside(1).or(basis).cloned(),
                pages: 0,
            });
        }
    }
    let number = number_given(matches);
    let terms = office.profile.appraisal;
    let change = repository.begin(&context.operator, "disposal list add", context.now)?;
    let voided = change.add_to_destruction_list(number, &requests, terms)?;
    let list = repository.destruction_list(number)?;
    let digest = repository.destruction_list_digest(&list, terms)?;
    context.finish(change, matches)?;
    let (added, count) = (requests.len(), list.lines.len());
    context.ui.tell(&text!(
        "列入 {added} 项，清册 {number} 共 {count} 项",
        "{added} lines added; list {number} has {count}"
    ));
    said_if_void(context, voided);
    told(context, matches, &list, &digest)
}

fn remove(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let office = Office::new(context.open()?)?;
    let repository = &office.repository;
    let number = number_given(matches);
    let change = repository.begin(&context.operator, "disposal list remove", context.now)?;
    // From the end, so that the numbers typed stay true.
    let mut places: Vec<usize> = matches.get_many::<usize>("places").into_iter().flatten().copied().collect();
    places.sort_unstable();
    places.dedup();
    let mut voided = false;
    for place in places.into_iter().rev() {
        let (line, void) = change.remove_from_destruction_list(number, place, reason_given(matches))?;
        voided |= void;
        let (code, title) = (line.code, line.title);
        context.ui.tell(&text!("已去掉：{code} {title}", "taken off: {code} {title}"));
    }
    let list = repository.destruction_list(number)?;
    let digest = repository.destruction_list_digest(&list, office.profile.appraisal)?;
    context.finish(change, matches)?;
    said_if_void(context, voided);
    told(context, matches, &list, &digest)
}

fn said_if_void(context: &Context, voided: bool) {
    if voided {
        context.ui.tell(&Text::fixed(
            "清册有改动，原来的批准作废，须重新报批（D1）",
            "the list changed: its approval is void and it must be approved again (D1)",
        ));
    }
}

/// Ends a command about a list: the JSON, and the word on a dry run.
pub(super) fn told(
    context: &Context,
    matches: &ArgMatches,
    list: &DestructionList,
    digest: &str,
) -> Result<Exit, CommandError> {
    // Commands that only look have no such option.
    let dry_run = matches.try_get_one::<bool>("dry-run").ok().flatten().copied().unwrap_or(false);
    if dry_run {
        context.said_if_dry(matches);
    }
    context.ui.json(&Told {
        state: list.state().name(),
        digest,
        approval_holds: list.approval.as_ref().is_some_and(|approval| approval.digest == digest),
        list,
        dry_run,
    })?;
    Ok(Exit::Done)
}

fn show(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let office = Office::new(context.open()?)?;
    let list = office.repository.destruction_list(number_given(matches))?;
    let digest = office.repository.destruction_list_digest(&list, office.profile.appraisal)?;
    let head = |zh: &'static str, en: &'static str, value: &str| {
        if !value.is_empty() {
            let colon = pick(ui.lang, "：", ": ");
            ui.line(format!("{}{colon}{value}", pick(ui.lang, zh, en)));
        }
    };
    head("清册号", "list", &list.number);
    head("事由", "about", &list.title);
    head("状态", "state", ui.say(&list.state().word()));
    head("编制人", "drawn up by", &format!("{} {}", list.made_by, list.made));
    if list.secret {
        head("类别", "kind", pick(ui.lang, "涉密，经保密部门", "classified, by the secrecy office"));
    }
    if let Some(approval) = &list.approval {
        head("批准人", "approved by", &format!("{} {}", approval.by, approval.on));
        if approval.digest != digest {
            ui.tell(&Text::fixed(
                "注意：批准之后所列档案有改动，批准已经作废",
                "note: the records changed since; the approval is void",
            ));
        }
    }
    if let Some(one) = &list.supervision {
        head("监销人", "supervised by", &one.supervisors.join(pick(ui.lang, "、", ", ")));
        head("时间地点", "when and where", &format!("{} {}", one.time, one.place));
    }
    if let Some(one) = &list.handover {
        head("保密部门", "secrecy office", &format!("{} {} {}", one.office, one.receipt, one.on));
    }
    if let Some(day) = list.destroyed {
        head("销毁日期", "destroyed on", &day.to_string());
    }
    head("摘要", "digest", &digest);
    let rows: Vec<Vec<String>> = list
        .lines
        .iter()
        .zip(1..)
        .map(|(line, place)| {
            vec![
                place.to_string(),
                line.code.clone(),
                line.period.map_or_else(String::new, |period| period.to_string()),
                line.due.map_or_else(String::new, |due| due.to_string()),
                line.pages.to_string(),
                table::shorten(&line.title, 30),
                line.reason.clone(),
            ]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(line);
    }
    told(context, matches, &list, &digest)
}

fn all(context: &Context) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct One<'a> {
        number: &'a str,
        title: &'a str,
        state: &'static str,
        secret: bool,
        lines: usize,
        made_by: &'a str,
        destroyed: Option<NaiveDate>,
    }
    #[derive(Serialize)]
    struct Lists<'a> {
        lists: Vec<One<'a>>,
    }
    let ui = &context.ui;
    let lists = context.open()?.destruction_lists()?;
    let rows: Vec<Vec<String>> = lists
        .iter()
        .map(|list| {
            let count = list.lines.len();
            vec![
                list.number.clone(),
                ui.say(&list.state().word()).to_owned(),
                ui.say(&text!("{count} 项", "{count} lines")).to_owned(),
                list.made_by.clone(),
                list.destroyed.map_or_else(String::new, |day| day.to_string()),
                list.title.clone(),
            ]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(line.trim_end());
    }
    if lists.is_empty() {
        ui.tell(&Text::fixed("还没有销毁清册", "there is no destruction list yet"));
    }
    let lists = lists
        .iter()
        .map(|list| One {
            number: &list.number,
            title: &list.title,
            state: list.state().name(),
            secret: list.secret,
            lines: list.lines.len(),
            made_by: &list.made_by,
            destroyed: list.destroyed,
        })
        .collect();
    ui.json(&Lists { lists })?;
    Ok(Exit::Done)
}

/// A list as it is printed to be signed, and the digest printed on it.
pub(crate) fn document(
    office: &Office,
    number: &str,
    today: NaiveDate,
) -> Result<(Document, String), CommandError> {
    let repository = &office.repository;
    let list = repository.destruction_list(number)?;
    let digest = repository.destruction_list_digest(&list, office.profile.appraisal)?;
    let fonds = repository.fonds_of_destruction_list(&list.number)?;
    Ok((destruction::list(&fonds, &list, &digest, today), digest))
}

fn print(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Printed<'a> {
        files: &'a [std::path::PathBuf],
        digest: &'a str,
        findings: Vec<FindingTold<'a>>,
    }
    let office = Office::new(context.open()?)?;
    let number = number_given(matches);
    let (document, digest) = document(&office, number, context.today())?;
    let done = printing::print(context, matches, &[document])?;
    let short = digest.get(..16).unwrap_or(&digest);
    context.ui.tell(&text!(
        "批准后登记：archive disposal approve {number} --digest {short}",
        "once approved: archive disposal approve {number} --digest {short}"
    ));
    context.ui.json(&Printed {
        files: &done.files,
        digest: &digest,
        findings: findings::told(&done.findings, context.ui.lang),
    })?;
    Ok(Exit::by_findings(&done.findings))
}
