//! `archive arrange`: proposes volumes, in order, each place with its reason.

use archive_core::arrange::{Decisions, Explainer, arrange, by_year};
use archive_core::finding::Finding;
use archive_core::model::{Arrangement, Item, TieSource};
use archive_core::text;
use archive_core::text::{Lang, Text};
use clap::{Arg, ArgMatches, Command};
use serde::Serialize;
use std::collections::BTreeMap;

use crate::args::{base, dry_run, pick, year};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;
use crate::render::findings::{self, Form, Told};
use crate::render::volumes::{self, VolumeTold, WhyTold};

pub(crate) fn command(lang: Lang) -> Command {
    base("arrange", lang, Text::fixed("立卷：提出组卷和排列方案", "Propose volumes and the order in them"))
        .arg(year(lang))
        .arg(dry_run(lang))
        .arg(Arg::new("explain").long("explain").value_name(pick(lang, "序号", "ROW")).help(pick(
            lang,
            "说明这一件为什么在这里",
            "Say why this item is where it is",
        )))
}

/// What came of it.
pub(crate) struct Arranged {
    /// The arrangement, all years or the one asked for.
    pub(crate) arrangement: Arrangement,
    /// All items.
    pub(crate) items: Vec<Item>,
    /// What was seen on the way.
    pub(crate) findings: Vec<Finding>,
}

#[derive(Serialize)]
struct Report<'a> {
    volumes: Vec<VolumeTold<'a>>,
    left_out: Vec<LeftOut<'a>>,
    findings: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct LeftOut<'a> {
    row: &'a str,
    why: WhyTold,
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let office = Office::new(context.open()?)?;
    if let Some(row) = matches.get_one::<String>("explain") {
        return explain(context, &office, row);
    }
    let year = matches.get_one::<i32>("year").copied();
    let done = carry_out(context, &office, year, matches.get_flag("dry-run"))?;
    volumes::print(ui, &done.arrangement, &done.items);
    ui.line("");
    findings::print(ui, &done.findings, Form::Human);
    ui.tell(&done.summary());
    let row = |id| done.items.iter().find(|item| item.id == id).map_or("", |item| item.row.as_str());
    ui.json(&Report {
        volumes: volumes::told(&done.arrangement, &done.items, &office.profile, ui.lang),
        left_out: done
            .arrangement
            .left_out
            .iter()
            .map(|(item, reason)| LeftOut { row: row(*item), why: WhyTold::new(reason, ui.lang) })
            .collect(),
        findings: findings::told(&done.findings, ui.lang),
    })?;
    Ok(Exit::by_findings(&done.findings))
}

/// Arranges all items of the fonds anew; what was numbered and what a person decided stays.
///
/// Years are always arranged together, because a reply draws its request into its year; `year` limits
/// what is shown.
pub(crate) fn carry_out(
    context: &Context,
    office: &Office,
    year: Option<i32>,
    dry_run: bool,
) -> Result<Arranged, CommandError> {
    let fonds = &office.institution().fonds;
    let items = office.items()?;
    let before = office.arrangements(None)?;
    let mut decisions: Decisions = office.decisions()?;
    decisions.settle(&by_year::together(before.values().cloned()));
    let whole = arrange(&items, office.institution(), &office.profile, &decisions);
    let mut years = by_year::apart(whole, &items);
    for emptied in before.keys() {
        years.entry(*emptied).or_default();
    }
    if !dry_run {
        let change = office.repository.begin(&context.operator, "arrange", context.now)?;
        let saved: BTreeMap<i32, &Arrangement> = years.iter().map(|(year, part)| (*year, part)).collect();
        change.save_arrangements(fonds, &saved)?;
        change.commit()?;
    }
    years.retain(|one, _| year.is_none_or(|year| year == *one));
    let arrangement = by_year::together(years.into_values());
    let findings = arrangement.findings.clone();
    Ok(Arranged { arrangement, items, findings })
}

impl Arranged {
    /// What came of it, in a sentence.
    pub(crate) fn summary(&self) -> Text {
        let volumes = self.arrangement.volumes.len();
        let items: usize = self.arrangement.volumes.iter().map(|volume| volume.entries.len()).sum();
        let left_out = self.arrangement.left_out.len();
        let (given, proposed): (Vec<_>, Vec<_>) =
            self.arrangement.ties.iter().partition(|tie| tie.source == TieSource::Given);
        let (given, proposed) = (given.len(), proposed.len());
        text!(
            "{items} 件组成 {volumes} 卷；关联 {given} 条登记的、{proposed} 条推定的；未入卷 {left_out} 件",
            "{items} items in {volumes} volumes; ties: {given} given, {proposed} proposed; {left_out} items left out"
        )
    }
}

/// Why the item of a row is where it is.
fn explain(context: &Context, office: &Office, row: &str) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let items = office.items()?;
    let arrangement = by_year::together(office.arrangements(None)?.into_values());
    let explainer = Explainer::new(&items, &office.profile);
    let found = explainer.row(&arrangement, row);
    if found.is_empty() {
        return Err(CommandError::usage(
            text!(
                "没有序号为“{row}”的文件，或尚未立卷",
                "no item bears the row number “{row}”, or nothing is arranged yet"
            ),
            Text::fixed(
                "请核对登记表的序号；未立卷时先运行 archive arrange",
                "check the register; run archive arrange first",
            ),
        ));
    }
    #[derive(Serialize)]
    struct Why<'a> {
        row: &'a str,
        volume: Option<&'a str>,
        place: Option<usize>,
        why: Vec<WhyTold>,
    }
    let mut told = Vec::new();
    for one in &found {
        let volume = one.place.and_then(|(volume, _)| arrangement.volumes.get(volume));
        let place = one.place.map(|(_, position)| position + 1);
        if let (Some(volume), Some(place)) = (volume, place) {
            let (title, year, period) = (&volume.title, volume.year, volume.period);
            ui.tell(&text!(
                "在 {year} 年度、{period}、《{title}》第 {place} 件：",
                "item {place} of “{title}”, {year}, {period}:"
            ));
        }
        for reason in &one.reasons {
            ui.line(format!("  {}  {}", reason.rule, ui.say(&reason.text)));
        }
        let why = one.reasons.iter().map(|reason| WhyTold::new(reason, ui.lang)).collect();
        told.push(Why { row, volume: volume.map(|volume| volume.title.as_str()), place, why });
    }
    #[derive(Serialize)]
    struct Document<'a> {
        explained: Vec<Why<'a>>,
    }
    ui.json(&Document { explained: told })?;
    Ok(Exit::Done)
}
