//! `archive fonds history`: how an institution went, and the names it bore.

use archive_core::reading::{DateReading, ItemDate};
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::HistoryLine;
use clap::{Arg, ArgMatches, Command};
use serde::Serialize;

use super::{code, fonds_given};
use crate::args::{base, dry_run, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::render::table;

pub(super) fn command(lang: Lang) -> Command {
    let word = |name: &'static str, zh: &'static str, en: &'static str| {
        Arg::new(name).long(name).value_name(pick(lang, "文字", "TEXT")).help(pick(lang, zh, en))
    };
    base("history", lang, &Text::fixed("立档单位沿革、名称变化", "The institution's history and names"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            base("add", lang, &Text::fixed("记一条沿革", "Add a line"))
                .arg(
                    word(
                        "since",
                        "起（如 1949、1949-10、1949年10月1日）",
                        "From (1949, 1949-10, 1949-10-01)",
                    )
                    .required(true),
                )
                .arg(word("until", "止（至今则不写）", "Until (left out: to this day)"))
                .arg(word("name", "这一时期的名称", "The name it bore").required(true))
                .arg(word(
                    "event",
                    "沿革：成立、更名、合并、撤销…",
                    "What happened: founded, renamed, merged …",
                ))
                .arg(word("source", "依据的文件", "Where that is written"))
                .arg(code(lang))
                .arg(dry_run(lang)),
            base("list", lang, &Text::fixed("列出沿革", "List the history")).arg(code(lang)),
        ])
}

#[derive(Serialize)]
struct List<'a> {
    fonds: &'a str,
    history: Vec<HistoryLine>,
    dry_run: bool,
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    match matches.subcommand() {
        Some(("add", sub)) => add(context, sub),
        Some(("list", sub)) => show(context, sub),
        _ => Ok(Exit::Usage),
    }
}

/// A date as far as it is known, in ISO form.
fn date(written: &str) -> Result<String, CommandError> {
    match ItemDate::read(written).reading {
        DateReading::On(date) => Ok(date.to_string()),
        _ => Err(CommandError::usage(
            text!("“{written}”不是日期", "“{written}” is no date"),
            Text::fixed("写年、年月或年月日，如 1949-10", "give a year, a month or a day, e.g. 1949-10"),
        )),
    }
}

fn add(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let word = |name: &str| matches.get_one::<String>(name).map(|value| value.trim().to_owned());
    let line = HistoryLine {
        since: date(&word("since").unwrap_or_default())?,
        until: word("until").map(|written| date(&written)).transpose()?,
        name: word("name").unwrap_or_default(),
        event: word("event").unwrap_or_default(),
        source: word("source").unwrap_or_default(),
    };
    if line.until.as_ref().is_some_and(|until| *until < line.since) {
        return Err(CommandError::usage(
            Text::fixed("止在起之前", "it ends before it begins"),
            Text::fixed("核对 --since 和 --until", "check --since and --until"),
        ));
    }
    let repository = context.open()?;
    let fonds = fonds_given(&repository, matches)?;
    let change = repository.begin(&context.operator, "fonds history add", context.now)?;
    change.add_history(&fonds.fonds, &line)?;
    let history = repository.fonds_history(&fonds.fonds)?;
    context.finish(change, matches)?;
    let (since, name) = (&line.since, &line.name);
    context.ui.tell(&text!("已记：{since} 起 {name}", "recorded: from {since}, {name}"));
    context.said_if_dry(matches);
    context.ui.json(&List { fonds: &fonds.fonds, history, dry_run: matches.get_flag("dry-run") })?;
    Ok(Exit::Done)
}

fn show(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let repository = context.open()?;
    let fonds = fonds_given(&repository, matches)?;
    let history = repository.fonds_history(&fonds.fonds)?;
    let rows: Vec<Vec<String>> = history
        .iter()
        .map(|line| {
            vec![
                format!("{}—{}", line.since, line.until.as_deref().unwrap_or("")),
                line.name.clone(),
                line.event.clone(),
                line.source.clone(),
            ]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(line.trim_end());
    }
    if history.is_empty() {
        ui.tell(&Text::fixed("还没有记沿革", "no history is recorded"));
    }
    ui.json(&List { fonds: &fonds.fonds, history, dry_run: false })?;
    Ok(Exit::Done)
}
