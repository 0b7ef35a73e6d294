//! `archive opening list`: where records stand: what is open, what stays closed and until when, what waits for whom.

use archive_core::model::{Item, OpeningState};
use archive_core::opening::Standing;
use archive_core::text::{Lang, Text};
use archive_core::{text, text::Lang::Zh};
use clap::{Arg, ArgMatches, Command};
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;
use crate::records::Records;
use crate::render::table;

const STATES: [(&str, OpeningState); 4] = [
    ("open", OpeningState::Open),
    ("controlled", OpeningState::Controlled),
    ("postponed", OpeningState::Postponed),
    ("unreviewed", OpeningState::Unreviewed),
];

pub(super) fn command(lang: Lang) -> Command {
    base("list", lang, &Text::fixed("列出审核情况", "List where records stand")).arg(
        Arg::new("state")
            .long("state")
            .value_name(pick(lang, "状态", "STATE"))
            .value_parser(["open", "controlled", "postponed", "unreviewed", "opinion"])
            .help(pick(
                lang,
                "只列这种状态的；opinion 为已初审待复审的",
                "Only this state; opinion: what waits for a decision",
            )),
    )
}

#[derive(Serialize)]
struct Told<'a> {
    code: String,
    row: &'a str,
    title: &'a str,
    state: &'static str,
    opinion: Option<archive_core::opening::Opinion>,
    decision: Option<archive_core::opening::Decision>,
}

#[derive(Serialize)]
struct Report<'a> {
    counts: Vec<Count>,
    records: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Count {
    state: &'static str,
    records: usize,
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let office = Office::new(context.open()?)?;
    let records = Records::of(&office)?;
    let asked = matches.get_one::<String>("state").map(String::as_str);
    let counts: Vec<Count> = STATES
        .iter()
        .map(|(_, state)| Count {
            state: state.word(),
            records: records.in_order().iter().filter(|item| item.opening == *state).count(),
        })
        .collect();
    let mut shown: Vec<(&Item, Standing)> = Vec::new();
    for item in records.in_order() {
        let standing = office.repository.opening(item.id)?;
        let wanted = match asked {
            None => item.opening != OpeningState::Unreviewed || standing.opinion.is_some(),
            Some("opinion") => standing.opinion.is_some(),
            Some(word) => STATES.iter().any(|(name, state)| *name == word && *state == item.opening),
        };
        if wanted {
            shown.push((item, standing));
        }
    }
    let rows: Vec<Vec<String>> = shown
        .iter()
        .map(|(item, standing)| {
            let said = match (&standing.opinion, &standing.decision) {
                (Some(opinion), _) => {
                    let Text { zh, en } = opinion.said.verdict.word();
                    let by = &opinion.by;
                    text!("初审：{zh}（{by}），待复审", "opinion: {en} ({by}); waits")
                }
                (None, Some(decision)) => {
                    let (by, on) = (&decision.by, decision.on);
                    let next = decision.said.next;
                    match next {
                        Some(next) => text!("{by} {on}；{next} 再审", "{by} {on}; again on {next}"),
                        None => text!("{by} {on}", "{by} {on}"),
                    }
                }
                (None, None) => Text::fixed("", ""),
            };
            vec![
                records.called(item.id),
                item.opening.word().to_owned(),
                ui.say(&said).to_owned(),
                table::shorten(&item.title, 40),
            ]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(line);
    }
    let between = if ui.lang == Zh { "，" } else { ", " };
    let summed: Vec<String> =
        counts.iter().map(|count| format!("{} {}", count.state, count.records)).collect();
    ui.line(summed.join(between));
    ui.json(&Report {
        counts,
        records: shown
            .into_iter()
            .map(|(item, standing)| Told {
                code: records.called(item.id),
                row: &item.row,
                title: &item.title,
                state: item.opening.word(),
                opinion: standing.opinion,
                decision: standing.decision,
            })
            .collect(),
    })?;
    Ok(Exit::Done)
}
