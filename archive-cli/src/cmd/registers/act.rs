//! `archive registers settle`, `confirm`, `refuse`, `clearing`: what a person writes down.

use archive_core::model::Item;
use archive_core::office_register::{
    Account, BookEntry, Clearing, Disposition, DispositionKind, EntryLabel, matching,
};
use archive_core::text;
use archive_core::text::Text;
use chrono::NaiveDate;
use clap::ArgMatches;
use serde::Serialize;

use super::told::EntryTold;
use super::{Desk, asked_entry, asked_item, asked_year, begin};
use crate::args::reason_given;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;

/// What became of a paper, as the options say.
fn disposition(context: &Context, matches: &ArgMatches) -> Result<Disposition, CommandError> {
    let given = |name: &str| matches.get_one::<NaiveDate>(name).copied();
    let reason = reason_given(matches);
    let kind = matches.get_one::<String>("as").map(String::as_str);
    let kind = kind.and_then(|name| DispositionKind::ALL.into_iter().find(|kind| kind.name() == name));
    let returned = given("returned");
    let read = Disposition::read(reason);
    let kind = match (returned, kind) {
        (Some(_), None | Some(DispositionKind::Returned)) => DispositionKind::Returned,
        (Some(_), Some(_)) => {
            return Err(CommandError::usage(
                Text::fixed("--returned 只用于清退", "--returned is for papers that went back"),
                Text::fixed("去掉 --as，或改用 --on", "leave out --as, or use --on"),
            ));
        }
        (None, Some(kind)) => kind,
        (None, None) => match &read {
            Some(read) => read.kind,
            None => {
                return Err(CommandError::usage(
                    Text::fixed("没有说明去向", "what became of it isn't said"),
                    Text::fixed(
                        "加 --returned 日期，或 --as 指明（returned 清退、destroyed 销毁、no-value 无保存价值、void 作废……）",
                        "add --returned DATE, or --as (returned, destroyed, no-value, void …)",
                    ),
                ));
            }
        },
    };
    let on = returned.or(given("on")).or_else(|| read.and_then(|read| read.on));
    if on.is_some_and(|day| day > context.today()) {
        return Err(CommandError::usage(
            Text::fixed("日期在今天之后", "the day is after today"),
            Text::fixed("核对日期", "check the date"),
        ));
    }
    Ok(Disposition { kind, on, reason: Some(reason.to_owned()).filter(|reason| !reason.is_empty()) })
}

pub(super) fn settle(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Settled<'a> {
        #[serde(flatten)]
        entry: EntryTold<'a>,
        dry_run: bool,
    }
    let label = asked_entry(matches)?;
    let mut disposition = disposition(context, matches)?;
    let repository = context.open()?;
    let entry = repository.book_entry(&label)?;
    if !entry.is_open() {
        // Of a classified paper, what became of it is kept, and not in whose words (S1).
        disposition.reason = None;
    }
    let change = begin(context, &repository, "registers settle")?;
    change.settle_entry(&label, &disposition)?;
    let entry = BookEntry { disposition: Some(disposition), ..entry };
    context.finish(change, matches)?;
    let (described, Text { zh, en }) = (
        entry.described(),
        entry.disposition.as_ref().map_or(Text::fixed("", ""), |disposition| disposition.kind.text()),
    );
    let on = entry
        .disposition
        .as_ref()
        .and_then(|one| one.on)
        .map_or_else(String::new, |day| format!("（{day}）"));
    context.ui.tell(&text!("{label} {described}：{zh}{on}", "{label} {described}: {en}{on}"));
    context.said_if_dry(matches);
    context.ui.json(&Settled { entry: EntryTold::of(&entry), dry_run: matches.get_flag("dry-run") })?;
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct Judged<'a> {
    entry: String,
    row: &'a str,
    register: &'a str,
    same: bool,
    dry_run: bool,
}

pub(super) fn judge(context: &Context, matches: &ArgMatches, same: bool) -> Result<Exit, CommandError> {
    let label = asked_entry(matches)?;
    let desk = Desk::open(context)?;
    let entry = desk.office.repository.book_entry(&label)?;
    let item = match matches.get_one::<String>("row") {
        Some(row) => asked_item(&desk.items, row)?,
        None => proposed(&desk, &label)?,
    };
    let change =
        begin(context, &desk.office.repository, if same { "registers confirm" } else { "registers refuse" })?;
    change.judge_pair(&label, item.id, same)?;
    context.finish(change, matches)?;
    let (described, row) = (entry.described(), &item.row);
    context.ui.tell(&if same {
        text!("{label} {described} 就是序号 {row}", "{label} {described} is row {row}")
    } else {
        text!("{label} {described} 不是序号 {row}", "{label} {described} is not row {row}")
    });
    context.said_if_dry(matches);
    context.ui.json(&Judged {
        entry: label.to_string(),
        row,
        register: &item.origin.register,
        same,
        dry_run: matches.get_flag("dry-run"),
    })?;
    Ok(Exit::Done)
}

/// The item that is proposed for a line: what is refused when no other is named.
fn proposed<'d>(desk: &'d Desk, label: &EntryLabel) -> Result<&'d Item, CommandError> {
    let account = Account::of(&desk.books.entries, &desk.items, &desk.books.verdicts);
    let found =
        account.lines.iter().find(|line| line.entry.label == *label).and_then(|line| line.found.as_ref());
    let item = |found: &matching::Match| desk.items.iter().find(|item| item.id == found.item);
    found.and_then(item).ok_or_else(|| {
        CommandError::usage(
            text!("{label} 没有相配的件", "no item is proposed for {label}"),
            Text::fixed("写明序号", "name the row"),
        )
    })
}

pub(super) fn clearing(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Recorded {
        year: i32,
        on: String,
        due: String,
        dry_run: bool,
    }
    let (Some(year), Some(on)) = (asked_year(matches), matches.get_one::<NaiveDate>("on").copied()) else {
        return Ok(Exit::Usage);
    };
    let clearing = Clearing { year, on };
    let repository = context.open()?;
    let change = begin(context, &repository, "registers clearing")?;
    change.record_clearing(clearing)?;
    context.finish(change, matches)?;
    let due = clearing.due();
    context.ui.tell(&text!(
        "{year} 年文件 {on} 清退，{due} 以前应退清并登记",
        "the papers of {year} were called in on {on}: they go back, and that is recorded, by {due}"
    ));
    context.said_if_dry(matches);
    context.ui.json(&Recorded {
        year,
        on: on.to_string(),
        due: due.to_string(),
        dry_run: matches.get_flag("dry-run"),
    })?;
    Ok(Exit::Done)
}
