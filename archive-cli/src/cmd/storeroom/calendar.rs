//! `archive storeroom calendar`: the year's checks, worked out from what was done (H1, H3, D6).

use archive_core::storeroom::calendar::{self, Check, State};
use archive_core::text;
use archive_core::text::{Lang, Text};
use chrono::Datelike as _;
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;
use crate::render::table;

pub(super) fn command(lang: Lang) -> Command {
    base(
        "calendar",
        lang,
        &Text::fixed("一年的检查：每日、半年、年终", "The year's checks: daily, half-yearly, at its end"),
    )
    .arg(
        Arg::new("year")
            .long("year")
            .value_name(pick(lang, "年度", "YEAR"))
            .value_parser(value_parser!(i32).range(1900..=9998))
            .help(pick(lang, "年度（默认：今年）", "The year (default: this one)")),
    )
}

#[derive(Serialize)]
struct Report<'a> {
    year: i32,
    overdue: usize,
    checks: &'a [Check],
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let office = Office::new(context.open()?)?;
    let repository = &office.repository;
    let year = matches.get_one::<i32>("year").copied().unwrap_or_else(|| context.today().year());
    let done = repository.storeroom_done(year, context.today(), office.profile.storeroom)?;
    let checks = calendar::of_year(year, &done, context.today());
    let rows: Vec<Vec<String>> = checks
        .iter()
        .map(|check| {
            vec![
                check.by.to_string(),
                ui.say(&check.state.word()).to_owned(),
                check.rule.to_string(),
                ui.say(&check.what).to_owned(),
                ui.say(&check.said).to_owned(),
            ]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(line);
    }
    let overdue = checks.iter().filter(|check| check.state == State::Overdue).count();
    ui.tell(&text!("{year} 年：逾期未做 {overdue} 项", "{year}: {overdue} checks are overdue"));
    ui.json(&Report { year, overdue, checks: &checks })?;
    Ok(Exit::Done)
}
