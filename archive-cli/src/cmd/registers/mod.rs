//! `archive registers`: the office's registers of incoming and outgoing papers, held against the archive.
//!
//! `import` takes a book in; `match` shows what it has in common with the archive, and `confirm` and `refuse` what a
//! person says of that; `missing`, `rate`, `gaps` and `returns` are the year's questions (A3, A4, A7), `settle` and
//! `clearing` write their answers down, `report` prints them.

mod act;
mod import;
mod report;
mod show;
mod told;

use std::collections::HashMap;
use std::path::PathBuf;

use archive_core::model::{Item, ItemId};
use archive_core::office_register::{Account, Books, Direction, DispositionKind, EntryLabel, Standing};
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::Repository;
use chrono::NaiveDate;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::args::{base, dry_run, pick, reason, year};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;

pub(crate) fn command(lang: Lang) -> Command {
    let say = |name, zh: &'static str, en: &'static str| base(name, lang, &Text::fixed(zh, en));
    base(
        "registers",
        lang,
        &Text::fixed(
            "收发文登记簿：与档案核对、缺件、归档率、清退",
            "The registers of papers in and out, held against the archive",
        ),
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommands([
        importing(lang),
        say("list", "列出登记簿的各行及其情况", "List the lines of the books and how they stand")
            .args([year(lang), kind(lang)])
            .arg(standing(lang)),
        say(
            "match",
            "与档案核对：列出拿不准的，待人确认",
            "Compare with the archive: what a person should confirm",
        )
        .args([year(lang), kind(lang)])
        .arg(Arg::new("all").long("all").action(ArgAction::SetTrue).help(pick(
            lang,
            "连同有把握的",
            "Also what is sure",
        ))),
        say(
            "missing",
            "登记了而档案里没有、也没有说明的（A4）",
            "What is registered, not archived and not explained (A4)",
        )
        .args([year(lang), kind(lang)]),
        settling(lang),
        say("confirm", "确认某行就是某件", "Say that a line and an item are one paper").args([
            entry(lang),
            row(lang).required(true),
            dry_run(lang),
        ]),
        say("refuse", "否认某行是某件", "Say that a line and an item are not one paper").args([
            entry(lang),
            row(lang),
            dry_run(lang),
        ]),
        say("rate", "归档率：总的和分科室的", "The archiving rate, in all and by section")
            .args([year(lang), kind(lang)]),
        say("gaps", "缺号、缺期（A3）", "Missing numbers and issues (A3)").arg(year(lang)),
        say("returns", "应清退的文件及其情况（A7）", "Papers to go back to a superior (A7)").arg(year(lang)),
        say(
            "clearing",
            "登记上级集中清退的日期：一个月内应退清",
            "Record the day a superior called a year's papers in",
        )
        .arg(year(lang).required(true).help(pick(lang, "登记簿的年度", "The year of the registers")))
        .arg(day("on", lang, "清退日期", "The day of the clearing").required(true))
        .arg(dry_run(lang)),
        say(
            "report",
            "打印归档率、缺件、待确认、清退和缺号表",
            "Print the rate, what is missing, and the other lists",
        )
        .arg(year(lang))
        .args(crate::printing::options(lang)),
    ])
}

fn importing(lang: Lang) -> Command {
    base(
        "import",
        lang,
        &Text::fixed("导入收文或发文登记簿", "Import a register of incoming or outgoing papers"),
    )
    .arg(
        Arg::new("file")
            .required(true)
            .value_name(pick(lang, "登记簿", "FILE"))
            .value_parser(value_parser!(PathBuf))
            .help(pick(
                lang,
                "xlsx、xls、ods 或 csv（UTF-8 或 GB18030）",
                "xlsx, xls, ods or csv (UTF-8 or GB18030)",
            )),
    )
    .arg(kind(lang).required(true).help(pick(
        lang,
        "in：收文；out：发文",
        "in: incoming papers; out: outgoing ones",
    )))
    .arg(year(lang).help(pick(
        lang,
        "簿册的年度（默认：按每行的登记日期）",
        "The year of the book (default: by each line's date)",
    )))
    .arg(Arg::new("accept-valid").long("accept-valid").action(ArgAction::SetTrue).help(pick(
        lang,
        "收下合格的行；不合格的行写到登记簿旁边",
        "Take in the valid lines; write the refused ones beside the book",
    )))
    .arg(Arg::new("update").long("update").action(ArgAction::SetTrue).help(pick(
        lang,
        "改动过的行以这份登记簿为准",
        "Lines that differ from those there are replaced by this book's",
    )))
    .arg(dry_run(lang))
}

fn settling(lang: Lang) -> Command {
    let kinds = DispositionKind::ALL.map(DispositionKind::name);
    base("settle", lang, &Text::fixed("登记某件的去向", "Record what became of a paper"))
        .arg(entry(lang))
        .arg(
            Arg::new("as")
                .long("as")
                .value_name(pick(lang, "去向", "WHAT"))
                .value_parser(PossibleValuesParser::new(kinds))
                .help(pick(
                    lang,
                    "去向：归档、清退、销毁、无保存价值、作废、传阅（省略时由理由看出）",
                    "What became of it (left out: as the reason tells)",
                )),
        )
        .arg(reason(lang).help(pick(
            lang,
            "理由、去处，如“清退市委办”、“销毁（重复件）”",
            "The reason, or where it went",
        )))
        .arg(day("returned", lang, "清退日期（即已清退）", "The day it went back").conflicts_with("on"))
        .arg(day("on", lang, "日期", "The day"))
        .arg(dry_run(lang))
}

fn kind(lang: Lang) -> Arg {
    Arg::new("kind")
        .long("kind")
        .value_name(pick(lang, "簿别", "KIND"))
        .value_parser(["in", "out"])
        .help(pick(lang, "in：只看收文；out：只看发文", "in: incoming papers only; out: outgoing ones only"))
}

fn standing(lang: Lang) -> Arg {
    Arg::new("standing")
        .long("standing")
        .value_name(pick(lang, "情况", "STANDING"))
        .value_parser(["archived", "likely", "missing", "excused", "to-return", "repeated", "apart"])
        .help(pick(lang, "只列这一种情况", "Only lines that stand so"))
}

fn entry(lang: Lang) -> Arg {
    Arg::new("entry").required(true).value_name(pick(lang, "登记号", "ENTRY")).help(pick(
        lang,
        "登记簿的一行：收2004-15、发2004-3",
        "A line of a book: in-2004-15, out-2004-3",
    ))
}

fn row(lang: Lang) -> Arg {
    Arg::new("row").value_name(pick(lang, "序号", "ROW")).help(pick(
        lang,
        "档案的序号；几份登记表有同一序号时写“登记表:序号”",
        "The item's row number; REGISTER:ROW where several registers have it",
    ))
}

fn day(name: &'static str, lang: Lang, zh: &'static str, en: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name(pick(lang, "日期", "DATE"))
        .value_parser(value_parser!(NaiveDate))
        .help(pick(lang, zh, en))
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    match matches.subcommand() {
        Some(("import", sub)) => import::run(context, sub),
        Some(("list", sub)) => show::list(context, sub),
        Some(("match", sub)) => show::matches(context, sub),
        Some(("missing", sub)) => show::missing(context, sub),
        Some(("settle", sub)) => act::settle(context, sub),
        Some(("confirm", sub)) => act::judge(context, sub, true),
        Some(("refuse", sub)) => act::judge(context, sub, false),
        Some(("rate", sub)) => show::rate(context, sub),
        Some(("gaps", sub)) => show::gaps(context, sub),
        Some(("returns", sub)) => show::returns(context, sub),
        Some(("clearing", sub)) => act::clearing(context, sub),
        Some(("report", sub)) => report::run(context, sub),
        _ => Ok(Exit::Usage),
    }
}

/// The books and the archive, side by side.
struct Desk {
    office: Office,
    books: Books,
    items: Vec<Item>,
}

impl Desk {
    /// Everything; an error that says what to do if no book was taken in.
    fn open(context: &Context) -> Result<Self, CommandError> {
        let office = Office::new(context.open()?)?;
        let books = office.repository.books(None)?;
        if books.entries.is_empty() {
            return Err(CommandError::usage(
                Text::fixed("还没有导入收发文登记簿", "no register of papers was imported yet"),
                Text::fixed(
                    "先运行 archive registers import 登记簿 --kind in（收文）或 out（发文）",
                    "run archive registers import FILE --kind in (or out) first",
                ),
            ));
        }
        let items = office.items()?;
        Ok(Self { office, books, items })
    }

    /// How each line stands that was asked for.
    fn account(&self, matches: &ArgMatches) -> Account<'_> {
        let mut account =
            Account::of(&self.books.entries, &self.items, &self.books.verdicts).of_year(asked_year(matches));
        if let Some(direction) = asked_direction(matches) {
            account.lines.retain(|line| line.entry.direction() == direction);
        }
        account
    }

    /// The items by identity.
    fn by_id(&self) -> HashMap<ItemId, &Item> {
        self.items.iter().map(|item| (item.id, item)).collect()
    }
}

fn asked_year(matches: &ArgMatches) -> Option<i32> {
    matches.get_one::<i32>("year").copied()
}

fn asked_direction(matches: &ArgMatches) -> Option<Direction> {
    // `report` and `gaps` have no such option: asking for one would be a defect.
    let asked = matches.try_get_one::<String>("kind").ok().flatten();
    asked.and_then(|kind| kind.parse().ok())
}

/// The line that was typed.
fn asked_entry(matches: &ArgMatches) -> Result<EntryLabel, CommandError> {
    let written = matches.get_one::<String>("entry").map_or("", String::as_str);
    written.parse().map_err(|()| {
        CommandError::usage(
            text!("“{written}”不是登记号", "“{written}” is no line of a book"),
            Text::fixed("写作 收2004-15 或 发2004-3", "write in-2004-15 or out-2004-3"),
        )
    })
}

/// The item that was typed.
fn asked_item<'i>(items: &'i [Item], written: &str) -> Result<&'i Item, CommandError> {
    let (register, row) = match written.rsplit_once(':') {
        Some((register, row)) => (Some(register), row),
        None => (None, written),
    };
    let is_meant = |item: &&Item| item.row == row && register.is_none_or(|name| item.origin.register == name);
    let mut meant = items.iter().filter(is_meant);
    match (meant.next(), meant.next()) {
        (Some(item), None) => Ok(item),
        (None, _) => Err(CommandError::usage(
            text!("档案里没有序号 {written}", "there is no item with row number {written}"),
            Text::fixed("用登记表里的序号", "use the row number of the register"),
        )),
        (Some(one), Some(other)) => {
            let (one, other) = (&one.origin.register, &other.origin.register);
            Err(CommandError::usage(
                text!("序号 {row} 不止一件", "several items have row number {row}"),
                text!(
                    "写明登记表：{one}:{row} 或 {other}:{row}",
                    "name the register: {one}:{row} or {other}:{row}"
                ),
            ))
        }
    }
}

/// How a line stands, to people: the kind of absence or excuse with it.
fn stands(standing: Standing) -> Text {
    match standing {
        Standing::Missing(absence) => {
            let Text { zh, en } = absence.text();
            text!("缺（{zh}）", "missing ({en})")
        }
        other => other.word(),
    }
}

/// What a repository is asked to change, for the audit chain.
fn begin<'r>(
    context: &Context,
    repository: &'r Repository,
    command: &str,
) -> Result<archive_store::Change<'r>, CommandError> {
    Ok(repository.begin(&context.operator, command, context.now)?)
}
