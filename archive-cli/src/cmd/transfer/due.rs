//! `archive transfer due`: which years must go to the archives, and by when.
//!
//! The days come from the profile: `deadlines.filing` where records go the year after, `opening.transfer-years`
//! where they stay ten years or twenty (《档案法实施条例》, article 20).

use std::collections::BTreeSet;

use archive_core::text;
use archive_core::text::{Lang, Text};
use chrono::NaiveDate;
use clap::{ArgMatches, Command};
use serde::Serialize;

use crate::args::base;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::judged::called;
use crate::office::Office;
use crate::render::table;

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "due",
        lang,
        &Text::fixed(
            "各年度档案应在何时移交，哪些临近、逾期",
            "When each year must be handed over, and what is late",
        ),
    )
}

/// How a year stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Standing {
    HandedOver,
    Waiting,
    Near,
    Overdue,
}

impl Standing {
    const fn word(self) -> Text {
        match self {
            Self::HandedOver => Text::fixed("已移交", "handed over"),
            Self::Waiting => Text::fixed("未到期", "not yet due"),
            Self::Near => Text::fixed("临近", "near"),
            Self::Overdue => Text::fixed("逾期", "overdue"),
        }
    }
}

#[derive(Serialize)]
struct Year {
    year: i32,
    volumes: usize,
    handed_over: usize,
    due: Option<NaiveDate>,
    standing: Standing,
}

#[derive(Serialize)]
struct Report<'a> {
    fonds: &'a str,
    transfer_years: u16,
    years: &'a [Year],
}

pub(crate) fn run(context: &Context, _: &ArgMatches) -> Result<Exit, CommandError> {
    let office = Office::new(context.open()?)?;
    let ui = &context.ui;
    let years = years(&office, context.today())?;
    let head =
        [("年度", "year"), ("案卷", "volumes"), ("已移交", "handed over"), ("应移交日", "due"), ("", "")];
    let mut rows = vec![head.map(|(zh, en)| ui.say(&Text::fixed(zh, en)).to_owned()).to_vec()];
    rows.extend(years.iter().map(|year| {
        vec![
            year.year.to_string(),
            year.volumes.to_string(),
            year.handed_over.to_string(),
            year.due.map(|due| due.to_string()).unwrap_or_default(),
            ui.say(&year.standing.word()).to_owned(),
        ]
    }));
    for line in table::lines(&rows) {
        ui.line(line);
    }
    let late = years.iter().filter(|year| year.standing == Standing::Overdue).count();
    let near = years.iter().filter(|year| year.standing == Standing::Near).count();
    ui.line("");
    ui.tell(&text!("逾期 {late} 个年度，临近 {near} 个年度", "{late} years overdue, {near} near"));
    ui.json(&Report {
        fonds: &office.institution().fonds,
        transfer_years: office.profile.opening.transfer_years,
        years: &years,
    })?;
    Ok(if late > 0 { Exit::Findings } else { Exit::Done })
}

fn years(office: &Office, today: NaiveDate) -> Result<Vec<Year>, CommandError> {
    let taken = office.repository.taken_numbers(&office.institution().fonds)?;
    let gone: BTreeSet<String> =
        taken.into_iter().filter(|number| number.handed_over).map(|number| number.code).collect();
    let warn = chrono::Days::new(u64::from(office.profile.deadlines.warn_days));
    let year = |(year, arrangement): (i32, archive_core::model::Arrangement)| {
        let volumes = arrangement.volumes.len();
        let handed_over = arrangement.volumes.iter().filter(|volume| gone.contains(called(volume))).count();
        let due = office.profile.transfer_day(year);
        let standing = match due {
            _ if handed_over == volumes => Standing::HandedOver,
            Some(due) if due < today => Standing::Overdue,
            Some(due) if due.checked_sub_days(warn).is_some_and(|near| near <= today) => Standing::Near,
            _ => Standing::Waiting,
        };
        Year { year, volumes, handed_over, due, standing }
    };
    let arranged = office.arrangements(None)?.into_iter();
    Ok(arranged.filter(|(_, arrangement)| !arrangement.volumes.is_empty()).map(year).collect())
}
