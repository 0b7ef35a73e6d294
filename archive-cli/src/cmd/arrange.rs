//! `archive arrange`: proposes volumes, in order, each place with its reason.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use archive_catalogue::plan::{self, Proposal};
use archive_core::arrange::{Decisions, Explainer, arrange, by_year};
use archive_core::finding::Finding;
use archive_core::model::{Arrangement, Item, ItemId, Reason, TieSource};
use archive_core::text;
use archive_core::text::{Lang, Text};
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::apart;
use crate::args::{base, dry_run, pick, year};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::files;
use crate::office::Office;
use crate::render::changes::{self, ChangeTold};
use crate::render::findings::{self, Form, Told};
use crate::render::volumes::{self, VolumeTold, WhyTold};

pub(crate) fn command(lang: Lang) -> Command {
    base("arrange", lang, &Text::fixed("立卷：提出组卷和排列方案", "Propose volumes and the order in them"))
        .arg(year(lang))
        .arg(dry_run(lang))
        .arg(
            Arg::new("plan")
                .long("plan")
                .value_name(pick(lang, "方案.xlsx", "FILE.xlsx"))
                .value_parser(value_parser!(PathBuf))
                .conflicts_with("apply")
                .help(pick(
                    lang,
                    "把方案写成工作簿，供人审改",
                    "Write the proposal as a workbook to be reviewed",
                )),
        )
        .arg(
            Arg::new("apply")
                .long("apply")
                .value_name(pick(lang, "方案.xlsx", "FILE.xlsx"))
                .value_parser(value_parser!(PathBuf))
                .help(pick(lang, "使审改过的方案生效", "Apply a reviewed plan")),
        )
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
    /// Whether an arrangement was kept before.
    kept: bool,
    /// What differs from what was kept before; nothing where nothing was.
    changes: Vec<ChangeTold>,
    /// What was seen on the way.
    pub(crate) findings: Vec<Finding>,
}

#[derive(Serialize)]
struct Report<'a> {
    volumes: Vec<VolumeTold<'a>>,
    left_out: Vec<LeftOut<'a>>,
    changes: &'a [ChangeTold],
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
    let (year, dry_run) = (matches.get_one::<i32>("year").copied(), matches.get_flag("dry-run"));
    if let Some(workbook) = matches.get_one::<PathBuf>("apply") {
        return apply(context, &office, workbook, dry_run);
    }
    let done = carry_out(context, &office, year, dry_run)?;
    if let Some(workbook) = matches.get_one::<PathBuf>("plan") {
        let decisions = office.decisions()?;
        let bytes = plan::write(done.proposal(&office, &decisions), ui.lang)?;
        files::write(workbook, &bytes)?;
        let path = workbook.display();
        ui.tell(&text!(
            "方案已写到 {path}；审改后运行 archive arrange --apply {path}",
            "the plan is in {path}; review it, then run archive arrange --apply {path}"
        ));
    }
    volumes::print(ui, &done.arrangement, &done.items);
    ui.line("");
    if done.kept {
        changes::print(ui, &done.changes);
        ui.line("");
    }
    findings::print(ui, &done.findings, Form::Human);
    ui.tell(&done.summary());
    ui.json(&Report {
        volumes: volumes::told(&done.arrangement, &done.items, &office.profile, ui.lang),
        left_out: left_out(&done.arrangement, &done.items, ui.lang),
        changes: &done.changes,
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
    let items = office.items()?;
    let before = by_year::together(office.arrangements(None)?.into_values());
    let mut decisions: Decisions = office.decisions()?;
    decisions.settle(&before);
    let whole = arrange(&items, office.institution(), &office.profile, &decisions);
    let of_year = |arrangement: &Arrangement| {
        let mut part = arrangement.clone();
        part.volumes.retain(|volume| year.is_none_or(|year| year == volume.year));
        part
    };
    let kept = !before.volumes.is_empty();
    let changes = if kept {
        changes::told(&of_year(&before), &of_year(&whole), &items, context.ui.lang)
    } else {
        Vec::new()
    };
    let mut years =
        if dry_run { by_year::apart(whole, &items) } else { save(context, office, &items, whole, None)? };
    years.retain(|one, _| year.is_none_or(|year| year == *one));
    let arrangement = by_year::together(years.into_values());
    let findings = arrangement.findings.clone();
    Ok(Arranged { arrangement, items, kept, changes, findings })
}

impl Arranged {
    /// As the plan's workbook takes it.
    fn proposal<'a>(&'a self, office: &'a Office, decisions: &'a Decisions) -> Proposal<'a> {
        Proposal {
            items: &self.items,
            institution: office.institution(),
            profile: &office.profile,
            decisions,
            arrangement: &self.arrangement,
        }
    }

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

/// Takes back a reviewed plan: all of it, or nothing and the list of its mistakes.
fn apply(context: &Context, office: &Office, workbook: &Path, dry_run: bool) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let bytes = fs::read(workbook).map_err(|error| CommandError::io(workbook, &error))?;
    let name = workbook.file_name().unwrap_or(workbook.as_os_str()).to_string_lossy().into_owned();
    office.arranged(None)?;
    let before = by_year::together(office.arrangements(None)?.into_values());
    let decided = office.decisions()?;
    let items = office.items()?;
    let proposal = Proposal {
        items: &items,
        institution: office.institution(),
        profile: &office.profile,
        decisions: &decided,
        arrangement: &before,
    };
    apart::survives(&bytes)?;
    let reading = plan::read(&name, &bytes, proposal)?;
    let mut after = None;
    if let Some((decisions, arrangement)) = reading.result {
        if !dry_run {
            save(context, office, &items, arrangement.clone(), Some(&decisions))?;
        }
        after = Some(arrangement);
    }
    let changes =
        after.as_ref().map_or_else(Vec::new, |after| changes::told(&before, after, &items, ui.lang));
    if after.is_some() {
        changes::print(ui, &changes);
    }
    findings::print(ui, &reading.findings, Form::Human);
    let count = changes.len();
    ui.tell(&match (&after, dry_run) {
        (None, _) => Text::fixed("方案有错，没有作任何改动", "the plan has mistakes; nothing was changed"),
        (Some(_), true) => text!(
            "可以生效，{count} 处改动（未保存）",
            "the plan can be applied: {count} changes (not saved)"
        ),
        (Some(_), false) => text!("方案已生效，{count} 处改动", "the plan is applied: {count} changes"),
    });
    let shown = after.unwrap_or(before);
    ui.json(&Report {
        volumes: volumes::told(&shown, &items, &office.profile, ui.lang),
        left_out: left_out(&shown, &items, ui.lang),
        changes: &changes,
        findings: findings::told(&reading.findings, ui.lang),
    })?;
    Ok(Exit::by_findings(&reading.findings))
}

/// Saves an arrangement year by year, and what a person decided about it.
fn save(
    context: &Context,
    office: &Office,
    items: &[Item],
    arrangement: Arrangement,
    decisions: Option<&Decisions>,
) -> Result<BTreeMap<i32, Arrangement>, CommandError> {
    let fonds = &office.institution().fonds;
    let mut years = by_year::apart(arrangement, items);
    for emptied in office.arrangements(None)?.into_keys() {
        years.entry(emptied).or_default();
    }
    let change = office.repository.begin(&context.operator, "arrange", context.now)?;
    let saved: BTreeMap<i32, &Arrangement> = years.iter().map(|(year, part)| (*year, part)).collect();
    change.save_arrangements(fonds, &saved)?;
    if let Some(decisions) = decisions {
        change.save_decisions(fonds, decisions)?;
    }
    change.commit()?;
    Ok(years)
}

fn left_out<'a>(arrangement: &Arrangement, items: &'a [Item], lang: Lang) -> Vec<LeftOut<'a>> {
    let row = |id| items.iter().find(|item| item.id == id).map_or("", |item| item.row.as_str());
    let told =
        |(item, reason): &(ItemId, Reason)| LeftOut { row: row(*item), why: WhyTold::new(reason, lang) };
    arrangement.left_out.iter().map(told).collect()
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
