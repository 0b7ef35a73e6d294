//! `archive number`: gives catalogue, volume, item and page numbers.

use std::collections::BTreeMap;

use archive_core::finding::{self, Finding};
use archive_core::model::{Arrangement, Item, Volume};
use archive_core::number::{TakenNumbers, clear, number};
use archive_core::text;
use archive_core::text::{Lang, Text};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde::Serialize;

use super::arrange;
use crate::args::{base, dry_run, pick, year};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::judged::Judged;
use crate::office::Office;
use crate::render::findings::{self, Form, Told};
use crate::render::volumes::{self, VolumeTold};

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "number",
        lang,
        &Text::fixed("编目录号、案卷号、件号、页号", "Give catalogue, volume, item and page numbers"),
    )
    .arg(year(lang))
    .arg(
        Arg::new("again")
            .long("again")
            .action(ArgAction::SetTrue)
            .conflicts_with_all(["year", "dry-run"])
            .help(pick(
                lang,
                "没有移交的案卷重新立卷、重新编号；已移交的不动",
                "Arrange and number afresh what wasn't handed over; what was stays",
            )),
    )
    .arg(dry_run(lang))
    .arg(accept_faults(lang))
}

/// `--accept-faults`, for numbering and transfer (X2).
pub(crate) fn accept_faults(lang: Lang) -> Arg {
    Arg::new("accept-faults").long("accept-faults").value_name(pick(lang, "理由", "REASON")).help(pick(
        lang,
        "有错误的案卷也放行，理由记录在案（X2）",
        "Let volumes with errors through too; the reason is recorded (X2)",
    ))
}

/// What came of it.
pub(crate) struct Numbered {
    /// The arrangement of the years asked for.
    pub(crate) arrangement: Arrangement,
    /// All items.
    pub(crate) items: Vec<Item>,
    /// Volumes that wait for their errors to be mended.
    pub(crate) held: usize,
    /// Whether nothing was changed on purpose.
    pub(crate) dry_run: bool,
    /// The errors that hold volumes back, and what numbering itself saw.
    pub(crate) findings: Vec<Finding>,
}

#[derive(Serialize)]
struct Report<'a> {
    volumes: Vec<VolumeTold<'a>>,
    volumes_held: usize,
    findings: Vec<Told<'a>>,
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let office = Office::new(context.open()?)?;
    if matches.get_flag("again") {
        take_back(context, &office)?;
    }
    let done = carry_out(
        context,
        &office,
        matches.get_one::<i32>("year").copied(),
        matches.get_one::<String>("accept-faults").map(String::as_str),
        matches.get_flag("dry-run"),
    )?;
    volumes::print(ui, &done.arrangement, &done.items);
    ui.line("");
    findings::print(ui, &done.findings, Form::Human);
    ui.tell(&done.summary());
    ui.json(&Report {
        volumes: volumes::told(&done.arrangement, &done.items, &office.profile, ui.lang),
        volumes_held: done.held,
        findings: findings::told(&done.findings, ui.lang),
    })?;
    Ok(Exit::by_findings(&done.findings))
}

impl Numbered {
    /// What came of it, in a sentence.
    pub(crate) fn summary(&self) -> Text {
        let numbered = self.arrangement.volumes.iter().filter(|volume| volume.number.is_some()).count();
        if self.dry_run {
            let held = self.held;
            return text!(
                "可以编 {numbered} 卷（未保存）；{held} 卷有错误，编不了",
                "{numbered} volumes can be numbered (nothing was saved); {held} have errors and can't"
            );
        }
        match self.held {
            0 => text!("{numbered} 卷已编号", "{numbered} volumes are numbered"),
            held => text!(
                "{numbered} 卷已编号；{held} 卷有错误，待改正后再编（或用 --accept-faults 写明理由放行）",
                "{numbered} volumes are numbered; {held} have errors and wait (or are let through with --accept-faults)"
            ),
        }
    }
}

/// Takes back the numbers of what wasn't handed over, and arranges it anew: late items and volumes that waited
/// for their errors to be mended find their proper places. Numbers are final only with the receipt (K4).
fn take_back(context: &Context, office: &Office) -> Result<(), CommandError> {
    let fonds = &office.institution().fonds;
    let handed_over = office.numbers(true)?;
    let years: BTreeMap<i32, Arrangement> = office
        .arrangements(None)?
        .into_iter()
        .map(|(year, arrangement)| (year, clear(arrangement, &handed_over)))
        .collect();
    let change = office.repository.begin(&context.operator, "number", context.now)?;
    let saved: BTreeMap<i32, &Arrangement> = years.iter().map(|(year, part)| (*year, part)).collect();
    change.save_arrangements(fonds, &saved)?;
    change.commit()?;
    arrange::carry_out(context, office, None, false)?;
    Ok(())
}

/// Numbers the volumes nothing stands against, in the order they stand.
pub(crate) fn carry_out(
    context: &Context,
    office: &Office,
    year: Option<i32>,
    accept: Option<&str>,
    dry_run: bool,
) -> Result<Numbered, CommandError> {
    let fonds = &office.institution().fonds;
    office.arranged(year)?;
    let judged = Judged::of(context, office)?;
    let mut taken = office.numbers(false)?;
    let (mut held, mut findings, mut let_through) = (0, Vec::new(), Vec::new());
    let mut years: BTreeMap<i32, Arrangement> = BTreeMap::new();
    for (one, arrangement) in judged.years.iter().filter(|(one, _)| year.is_none_or(|year| year == **one)) {
        let errors = judged.held(arrangement);
        findings.extend(errors.values().flatten().map(|finding| (*finding).clone()));
        let waits = |place: usize, volume: &Volume| {
            accept.is_none() && volume.number.is_none() && errors.contains_key(&place)
        };
        if accept.is_some() {
            let volumes = errors.keys().filter_map(|place| arrangement.volumes.get(*place));
            let_through
                .extend(volumes.filter(|volume| volume.number.is_none()).map(|volume| volume.title.clone()));
        }
        let (numbered, said) = number_all_but(arrangement, waits, office, &judged.items, &taken);
        held += numbered.volumes.iter().filter(|volume| volume.number.is_none()).count();
        findings.extend(said);
        taken.take(&numbered);
        years.insert(*one, numbered);
    }
    finding::sort(&mut findings);
    findings.dedup();
    if !dry_run {
        let change = office.repository.begin(&context.operator, "number", context.now)?;
        let saved: BTreeMap<i32, &Arrangement> = years.iter().map(|(year, part)| (*year, part)).collect();
        change.save_arrangements(fonds, &saved)?;
        if let Some(reason) = accept.filter(|_| !let_through.is_empty()) {
            change.let_through("number", reason, &let_through)?;
        }
        change.commit()?;
    }
    let arrangement = archive_core::arrange::by_year::together(years.into_values());
    Ok(Numbered { arrangement, items: judged.items, held, dry_run, findings })
}

/// Numbers an arrangement's volumes, leaving those that wait where they stand, without a number.
fn number_all_but(
    arrangement: &Arrangement,
    waits: impl Fn(usize, &Volume) -> bool,
    office: &Office,
    items: &[Item],
    taken: &TakenNumbers,
) -> (Arrangement, Vec<Finding>) {
    let Arrangement { volumes: _, ties, left_out, findings } = arrangement;
    let mut ready = Arrangement {
        volumes: Vec::with_capacity(arrangement.volumes.len()),
        ties: ties.clone(),
        left_out: left_out.clone(),
        findings: findings.clone(),
    };
    let mut waiting = BTreeMap::new();
    for (place, volume) in arrangement.volumes.iter().enumerate() {
        if waits(place, volume) {
            waiting.insert(place, volume.clone());
        } else {
            ready.volumes.push(volume.clone());
        }
    }
    let (mut numbered, findings) = number(ready, items, office.institution(), &office.profile, taken);
    let mut ready = std::mem::take(&mut numbered.volumes).into_iter();
    numbered.volumes = (0..arrangement.volumes.len())
        .filter_map(|place| waiting.remove(&place).or_else(|| ready.next()))
        .collect();
    (numbered, findings)
}
