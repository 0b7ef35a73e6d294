//! `archive use excerpt|copy`: what goes out on paper: checked by another, marked with its source, stamped, charged (U7, S3).

use archive_core::reading_room::{Action, Slip, count_pages};
use archive_core::text;
use archive_core::text::{Lang, Text};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde::Serialize;

use super::acts::use_no;
use super::decide::approved_by;
use super::forms;
use crate::args::{base, dry_run, pick};
use crate::cmd::loan::optional_print;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;
use crate::printing;
use crate::records::Records;

pub(super) fn commands(lang: Lang) -> [Command; 2] {
    let shared = |name: &'static str, about: Text| {
        base(name, lang, &about)
            .arg(use_no(lang))
            .arg(Arg::new("record").required(true).value_name(pick(lang, "档号", "CODE")).help(pick(
                lang,
                "文件的档号",
                "The record's code",
            )))
            .arg(
                Arg::new("pages")
                    .long("pages")
                    .required(true)
                    .value_name(pick(lang, "页", "PAGES"))
                    .help(pick(lang, "页号，如 3-4,8", "The pages, e.g. 3-4,8")),
            )
            .arg(Arg::new("checked-by").long("checked-by").value_name(pick(lang, "姓名", "NAME")).help(pick(
                lang,
                "核对的人（不是经办人）",
                "Who checked it: another person",
            )))
            .arg(approved_by(lang))
            .arg(dry_run(lang))
            .args(optional_print(lang))
    };
    [
        shared(
            "excerpt",
            Text::fixed(
                "摘抄：核对，注明出处，盖章（U7）",
                "An excerpt: checked, with its source, to be stamped (U7)",
            ),
        )
        .arg(Arg::new("text").long("text").value_name(pick(lang, "文字", "TEXT")).help(pick(
            lang,
            "摘抄的文字",
            "The words written out",
        ))),
        shared(
            "copy",
            Text::fixed(
                "复制：核对，注明出处，盖章，收费（U7、S3）",
                "A copy: checked, with its source, stamped, charged (U7, S3)",
            ),
        )
        .arg(
            Arg::new("copies")
                .long("copies")
                .value_name("N")
                .default_value("1")
                .value_parser(value_parser!(u32).range(1..=1000))
                .help(pick(lang, "份数", "How many copies")),
        )
        .arg(Arg::new("price").long("price").value_name(pick(lang, "项目", "ITEM")).help(pick(
            lang,
            "价目表中的项目（默认：第一项）",
            "The line of the price list (default: the first)",
        )))
        .arg(
            Arg::new("to").long("to").action(ArgAction::Append).value_name(pick(lang, "去向", "WHOM")).help(
                pick(
                    lang,
                    "涉密复制件每份的去向（每份写一个）",
                    "Whom each copy of a classified record went to (once for each)",
                ),
            ),
        ),
    ]
}

#[derive(Serialize)]
struct Report<'a> {
    slip: &'a Slip,
    source: &'a str,
    files: Vec<std::path::PathBuf>,
    dry_run: bool,
}

pub(super) fn run(context: &Context, kind: &str, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let word = |name: &str| matches.get_one::<String>(name).map_or("", |word| word.trim()).to_owned();
    let office = Office::new(context.open()?)?;
    let known = Records::of(&office)?;
    let ids = known.all([word("record").as_str()])?;
    let [id] = ids[..] else {
        return Err(CommandError::usage(
            Text::fixed("这是一卷，请写其中一件的档号", "this is a volume: name one of its records"),
            Text::fixed("写文件的档号", "give the record's code"),
        ));
    };
    let written = word("pages");
    let page_count = count_pages(&written).ok_or_else(|| {
        CommandError::usage(
            text!("“{written}”不是页号", "{written} are no pages"),
            Text::fixed("写作 3-4,8", "write them as 3-4,8"),
        )
    })?;
    let is_copy = kind == "copy";
    let copies = if is_copy { matches.get_one::<u32>("copies").copied().unwrap_or(1) } else { 1 };
    let fee =
        if is_copy { Some(price(&office, matches)?.of(page_count.saturating_mul(copies))) } else { None };
    let item = known.item(id);
    let slip = Slip {
        no: String::new(),
        kind: if is_copy { Action::Copy } else { Action::Excerpt },
        record: known.called(id),
        title: item.map(|item| item.title.clone()).unwrap_or_default(),
        pages: written,
        page_count,
        copies,
        text: if is_copy { String::new() } else { word("text") },
        made_by: String::new(),
        checked_by: word("checked-by"),
        approved_by: word("approved-by"),
        given_to: if is_copy {
            matches.get_many::<String>("to").into_iter().flatten().cloned().collect()
        } else {
            Vec::new()
        },
        classified: false,
        fee,
    };
    let change = office.repository.begin(&context.operator, &format!("use {kind}"), context.now)?;
    let (one, slip) = change.add_slip(&word("use"), id, slip)?;
    context.finish(change, matches)?;
    let dry_run = matches.get_flag("dry-run");
    let source = office.profile.reading_room.stamp.said(&slip, &office.institution().name);
    let files = if matches.get_one::<std::path::PathBuf>("out").is_some() && !dry_run {
        printing::print(context, matches, &[forms::slip(&office, &one, &slip, context.today())])?.files
    } else {
        Vec::new()
    };
    let no = &slip.no;
    context.ui.line(format!("{no}　{source}"));
    if let Some(fee) = &slip.fee {
        let (name, count) = (&fee.name, fee.count);
        let yuan = archive_core::reading_room::Fee::yuan(fee.cents);
        context.ui.tell(&text!("  {name} × {count}：{yuan} 元", "  {name} × {count}: {yuan} yuan"));
    }
    context.said_if_dry(matches);
    context.ui.json(&Report { slip: &slip, source: &source, files, dry_run })?;
    Ok(Exit::Done)
}

fn price<'o>(
    office: &'o Office,
    matches: &ArgMatches,
) -> Result<&'o archive_core::reading_room::Price, CommandError> {
    let prices = &office.profile.reading_room.prices;
    let asked = matches.get_one::<String>("price").map(|name| name.trim());
    let found = match asked {
        Some(name) => prices.iter().find(|price| price.name == name),
        None => prices.first(),
    };
    found.ok_or_else(|| {
        let known = prices.iter().map(|price| price.name.as_str()).collect::<Vec<_>>().join("、");
        CommandError::usage(
            Text::fixed("价目表中没有这一项", "the price list has no such line"),
            text!(
                "有：{known}（规则文件 [[reading-room.prices]]）",
                "there are: {known} ([[reading-room.prices]] in the profile)"
            ),
        )
    })
}
