//! `archive storeroom stocktake`: what should be there against what was found (H3).

use std::collections::BTreeSet;
use std::path::PathBuf;

use archive_catalogue::forms::storeroom;
use archive_core::storeroom::Address;
use archive_core::storeroom::stocktake::{Comparison, Found, compare};
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::Stocktake;
use chrono::NaiveDate;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, dry_run, pick};
use crate::asked;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::printing;
use crate::render::table;

fn number(lang: Lang) -> Arg {
    Arg::new("number").required(true).value_name(pick(lang, "清点号", "NUMBER")).help(pick(
        lang,
        "清点号，如 2036-01（stocktake list 列出）",
        "The number of a count, e.g. 2036-01 (stocktake list tells)",
    ))
}

pub(super) fn command(lang: Lang) -> Command {
    base(
        "stocktake",
        lang,
        &Text::fixed("清点：与目录核对、处理不符、结束（H3）", "Counts: compare, settle, close (H3)"),
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommands([
        base(
            "count",
            lang,
            &Text::fixed("用清单或条码文件清点", "Count from a list or a barcode reader's file"),
        )
        .arg(
            Arg::new("file")
                .required(true)
                .value_name(pick(lang, "清单", "LIST"))
                .value_parser(value_parser!(PathBuf))
                .help(pick(
                    lang,
                    "看到的档号，一行一个（txt、csv、xlsx），可有“库位”列",
                    "The codes that were seen, one a line (txt, csv, xlsx), perhaps with a column place",
                )),
        )
        .arg(Arg::new("full").long("full").action(ArgAction::SetTrue).conflicts_with("within").help(pick(
            lang,
            "年终全部清点",
            "A full count, as at the year's end",
        )))
        .arg(
            Arg::new("within")
                .long("within")
                .value_name(pick(lang, "库位", "PLACE"))
                .value_parser(|written: &str| written.parse::<Address>().map_err(|error| error.to_string()))
                .help(pick(
                    lang,
                    "只清点这一库房或架，如 1/A03（默认：有库位的全部）",
                    "This room or shelf only, e.g. 1/A03 (default: all that has a place)",
                )),
        )
        .arg(
            Arg::new("on")
                .long("on")
                .value_name(pick(lang, "日期", "DATE"))
                .value_parser(value_parser!(NaiveDate))
                .help(pick(lang, "哪一天清点的（默认：今天）", "When it was counted (default: today)")),
        )
        .arg(dry_run(lang)),
        base("settle", lang, &Text::fixed("写明不符的处理", "Settle a difference"))
            .arg(number(lang))
            .arg(
                Arg::new("codes")
                    .required(true)
                    .num_args(1..)
                    .value_name(pick(lang, "档号", "CODE"))
                    .help(pick(lang, "哪几卷", "Which volumes")),
            )
            .arg(
                Arg::new("note")
                    .long("note")
                    .required(true)
                    .value_name(pick(lang, "处理", "NOTE"))
                    .help(pick(lang, "查明的情况和处理", "What was found out, and done")),
            )
            .arg(dry_run(lang)),
        base(
            "close",
            lang,
            &Text::fixed("结束清点（不符都处理了才行）", "Close a count (when all is settled)"),
        )
        .arg(number(lang))
        .arg(dry_run(lang)),
        base("list", lang, &Text::fixed("列出清点", "List the counts")),
        base("show", lang, &Text::fixed("一次清点的结果", "What a count came to")).arg(number(lang)),
        base("print", lang, &Text::fixed("打印清点记录", "Print the record of a count"))
            .arg(number(lang))
            .args(printing::options(lang)),
    ])
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    match matches.subcommand() {
        Some(("count", sub)) => count(context, sub),
        Some(("settle", sub)) => settle(context, sub),
        Some(("close", sub)) => close(context, sub),
        Some(("list", _)) => list(context),
        Some(("show", sub)) => show(context, sub),
        Some(("print", sub)) => print(context, sub),
        _ => Ok(Exit::Usage),
    }
}

fn number_given(matches: &ArgMatches) -> &str {
    matches.get_one::<String>("number").map_or("", |number| number.trim())
}

fn count(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    const PLACE: &[&str] = &["库位", "位置", "place", "location"];
    let Some(path) = matches.get_one::<PathBuf>("file") else { return Ok(Exit::Usage) };
    let list = asked::list(path)?;
    let columns = list.columns(&[asked::CODE, PLACE]);
    let found: Vec<Found> = columns
        .rows
        .iter()
        .map(|(_, row)| Found {
            code: columns.cell(row, 0).to_owned(),
            place: Some(columns.cell(row, 1).to_owned()).filter(|place| !place.is_empty()),
        })
        .filter(|found| !found.code.is_empty())
        .collect();
    let repository = context.open()?;
    let full = matches.get_flag("full");
    let within = matches.get_one::<Address>("within");
    let expected = repository.expected_in_storeroom(full, within)?;
    let destroyed: BTreeSet<String> =
        repository.destroyed_volumes()?.into_iter().map(|volume| volume.code).collect();
    let comparison = compare(&expected, &found, &destroyed);
    let scope = match (full, within) {
        (true, _) => "全部".to_owned(),
        (false, Some(part)) => part.spoken(),
        (false, None) => "已上架的全部".to_owned(),
    };
    let day = matches.get_one::<NaiveDate>("on").copied().unwrap_or_else(|| context.today());
    let change = repository.begin(&context.operator, "storeroom stocktake", context.now)?;
    let number = change.record_stocktake(day, full, &scope, &comparison)?;
    let made = repository.stocktake(&number)?;
    context.finish(change, matches)?;
    told(context, Some(matches), &made)
}

fn settle(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let repository = context.open()?;
    let number = number_given(matches);
    let note = matches.get_one::<String>("note").map_or("", |note| note.trim());
    let change = repository.begin(&context.operator, "storeroom stocktake settle", context.now)?;
    for code in matches.get_many::<String>("codes").into_iter().flatten() {
        change.settle_difference(number, code.trim(), note)?;
    }
    let after = repository.stocktake(number)?;
    context.finish(change, matches)?;
    told(context, Some(matches), &after)
}

fn close(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let repository = context.open()?;
    let number = number_given(matches);
    let change = repository.begin(&context.operator, "storeroom stocktake close", context.now)?;
    change.close_stocktake(number)?;
    let after = repository.stocktake(number)?;
    context.finish(change, matches)?;
    told(context, Some(matches), &after)
}

fn show(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let made = context.open()?.stocktake(number_given(matches))?;
    told(context, None, &made)
}

#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    count: &'a Stocktake,
    dry_run: bool,
}

/// What a count came to; open differences are findings at error level (H3).
fn told(context: &Context, matches: Option<&ArgMatches>, made: &Stocktake) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let Comparison { expected, found, on_loan, differences } = &made.comparison;
    let (number, scope, count) = (&made.number, &made.scope, differences.len());
    ui.tell(&text!(
        "清点 {number}（{scope}）：应有 {expected} 卷，实有 {found} 卷，借出 {on_loan} 卷，不符 {count} 处",
        "count {number} ({scope}): {expected} expected, {found} found, {on_loan} on loan, {count} differences"
    ));
    let rows: Vec<Vec<String>> = differences
        .iter()
        .map(|one| {
            let place = match (one.expected.as_str(), one.found.as_str()) {
                ("", found) => found.to_owned(),
                (expected, "") => expected.to_owned(),
                (expected, found) => format!("{expected} → {found}"),
            };
            vec![
                one.code.clone(),
                ui.say(&one.kind.word()).to_owned(),
                place,
                one.settled.clone().unwrap_or_else(|| pick(ui.lang, "（未处理）", "(open)").to_owned()),
            ]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(line);
    }
    let open = differences.iter().any(|one| one.settled.is_none());
    if made.closed.is_some() {
        ui.tell(&Text::fixed("已结束", "closed"));
    } else if open {
        ui.tell(&text!(
            "逐件查明后：archive storeroom stocktake settle {number} 档号 --note 处理",
            "once found out: archive storeroom stocktake settle {number} CODE --note NOTE"
        ));
    } else {
        ui.tell(&text!(
            "都已处理，可以结束：archive storeroom stocktake close {number}",
            "all is settled; close it: archive storeroom stocktake close {number}"
        ));
    }
    let dry_run = matches.is_some_and(|matches| matches.get_flag("dry-run"));
    if let Some(matches) = matches {
        context.said_if_dry(matches);
    }
    ui.json(&Told { count: made, dry_run })?;
    Ok(if open { Exit::Findings } else { Exit::Done })
}

fn list(context: &Context) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct List {
        counts: Vec<Stocktake>,
    }
    let ui = &context.ui;
    let counts = context.open()?.stocktakes()?;
    let rows: Vec<Vec<String>> = counts
        .iter()
        .map(|one| {
            let (found, expected) = (one.comparison.found, one.comparison.expected);
            vec![
                one.number.clone(),
                one.day.clone(),
                one.scope.clone(),
                format!("{found}/{expected}"),
                one.who.clone(),
                pick(
                    ui.lang,
                    if one.closed.is_some() { "已结束" } else { "未结束" },
                    if one.closed.is_some() { "closed" } else { "open" },
                )
                .to_owned(),
            ]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(line);
    }
    if counts.is_empty() {
        ui.tell(&Text::fixed("还没有清点过", "nothing was counted yet"));
    }
    ui.json(&List { counts })?;
    Ok(Exit::Done)
}

fn print(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Printed<'a> {
        files: &'a [PathBuf],
    }
    let repository = context.open()?;
    let one = repository.stocktake(number_given(matches))?;
    let keeper = &repository.settings().institution.name;
    let document = storeroom::count(keeper, &one.number, &one.day, &one.scope, &one.who, &one.comparison);
    let done = printing::print(context, matches, &[document])?;
    context.ui.json(&Printed { files: &done.files })?;
    Ok(Exit::by_findings(&done.findings))
}
