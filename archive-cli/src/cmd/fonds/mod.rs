//! `archive fonds`: the fonds kept here, their cards, their files, and how their institutions went.

mod file;
mod history;

use std::collections::BTreeMap;

use archive_catalogue::forms::fonds::{self, FondsLine, HistoryLine};
use archive_core::model::{Institution, RetentionPeriod};
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::{Repository, VolumeRecord};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::printing;
use crate::render::table;

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "fonds",
        lang,
        &Text::fixed("全宗：名册、卡片、全宗卷、沿革", "Fonds: the list, cards, fonds files, histories"),
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommands([
        base("list", lang, &Text::fixed("全宗名册", "The list of fonds"))
            .arg(Arg::new("print").long("print").action(ArgAction::SetTrue).help(pick(
                lang,
                "打印到 --out 的文件夹",
                "Print it to the folder of --out",
            )))
            .args(printing::options(lang)),
        base("card", lang, &Text::fixed("打印全宗卡片（F3）", "Print the card of a fonds (F3)"))
            .arg(code(lang))
            .args(printing::options(lang)),
        file::command(lang),
        history::command(lang),
    ])
}

/// The fonds a command is about; the institution's own if none is named.
fn code(lang: Lang) -> Arg {
    Arg::new("code").value_name(pick(lang, "全宗号", "FONDS")).help(pick(
        lang,
        "全宗号（默认：本单位的全宗）",
        "The fonds (default: the institution's own)",
    ))
}

/// The fonds that was named, or the institution's own.
fn fonds_given(repository: &Repository, matches: &ArgMatches) -> Result<Institution, CommandError> {
    let own = repository.own_fonds().to_owned();
    let code = matches.get_one::<String>("code").map_or(own.as_str(), |code| code.trim());
    repository.all_fonds()?.into_iter().find(|fonds| fonds.fonds == code).ok_or_else(|| {
        CommandError::usage(
            text!("没有全宗 {code}", "there is no fonds {code}"),
            Text::fixed("archive fonds list 列出全部", "archive fonds list names them all"),
        )
    })
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    match matches.subcommand() {
        Some(("list", sub)) => list(context, sub),
        Some(("card", sub)) => card(context, sub),
        Some(("file", sub)) => file::run(context, sub),
        Some(("history", sub)) => history::run(context, sub),
        _ => Ok(Exit::Usage),
    }
}

/// What the books say of a fonds.
fn line_of(
    repository: &Repository,
    fonds: &Institution,
) -> Result<(FondsLine, Vec<VolumeRecord>), CommandError> {
    let volumes = repository.volume_records(Some(&fonds.fonds))?;
    let years: Vec<i32> = repository.years(&fonds.fonds)?;
    let kept: Vec<VolumeRecord> =
        volumes.iter().filter(|one| one.destroyed_by.is_none() && one.sent.is_none()).cloned().collect();
    let first = volumes.iter().filter_map(|one| one.received.as_deref()).min();
    let destroyed = volumes.iter().filter(|one| one.destroyed_by.is_some()).count();
    let sent = volumes.iter().filter(|one| one.sent.is_some() && one.destroyed_by.is_none()).count();
    let mut remarks = Vec::new();
    if sent > 0 {
        remarks.push(format!("移出 {sent} 卷"));
    }
    if destroyed > 0 {
        remarks.push(format!("销毁 {destroyed} 卷"));
    }
    let line = FondsLine {
        code: fonds.fonds.clone(),
        name: fonds.name.clone(),
        years: match (years.first(), years.last()) {
            (Some(first), Some(last)) if first == last => first.to_string(),
            (Some(first), Some(last)) => format!("{first}—{last}"),
            _ => String::new(),
        },
        first_received: first.and_then(|when| when.get(..10)).unwrap_or_default().to_owned(),
        volumes: kept.len() as u64,
        items: kept.iter().map(|one| u64::from(one.items)).sum(),
        left: (sent + destroyed) as u64,
        remarks: remarks.join("，"),
    };
    Ok((line, kept))
}

fn list(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct One<'a> {
        fonds: &'a str,
        name: &'a str,
        years: &'a str,
        first_received: &'a str,
        volumes: u64,
        items: u64,
        left: u64,
    }
    #[derive(Serialize)]
    struct List<'a> {
        fonds: Vec<One<'a>>,
        files: &'a [std::path::PathBuf],
    }
    let ui = &context.ui;
    let repository = context.open()?;
    let mut lines = Vec::new();
    for fonds in repository.all_fonds()? {
        lines.push(line_of(&repository, &fonds)?.0);
    }
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|line| {
            let (volumes, items) = (line.volumes, line.items);
            vec![
                line.code.clone(),
                line.years.clone(),
                ui.say(&text!("{volumes} 卷 {items} 件", "{volumes} volumes, {items} items")).to_owned(),
                line.name.clone(),
                line.remarks.clone(),
            ]
        })
        .collect();
    for row in table::lines(&rows) {
        ui.line(row.trim_end());
    }
    let mut done = printing::Done::default();
    if matches.get_flag("print") {
        let keeper = &repository.settings().institution.name;
        done = printing::print(context, matches, &[fonds::list(keeper, &lines)])?;
    }
    let told = lines
        .iter()
        .map(|line| One {
            fonds: &line.code,
            name: &line.name,
            years: &line.years,
            first_received: &line.first_received,
            volumes: line.volumes,
            items: line.items,
            left: line.left,
        })
        .collect();
    ui.json(&List { fonds: told, files: &done.files })?;
    Ok(Exit::by_findings(&done.findings))
}

fn card(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Printed<'a> {
        files: &'a [std::path::PathBuf],
    }
    let repository = context.open()?;
    let fonds = fonds_given(&repository, matches)?;
    let (line, volumes) = line_of(&repository, &fonds)?;
    let mut by_period: BTreeMap<RetentionPeriod, (u64, u64)> = BTreeMap::new();
    for volume in &volumes {
        let (count, items) = by_period.entry(volume.period).or_default();
        *count += 1;
        *items += u64::from(volume.items);
    }
    let by_period: Vec<(String, u64, u64)> = by_period
        .into_iter()
        .map(|(period, (volumes, items))| (period.to_string(), volumes, items))
        .collect();
    let aids = finding_aids(&repository, &fonds.fonds)?;
    let history: Vec<HistoryLine> = repository
        .fonds_history(&fonds.fonds)?
        .into_iter()
        .map(|one| HistoryLine {
            span: format!("{}—{}", one.since, one.until.as_deref().unwrap_or("")),
            name: one.name,
            event: [one.event, one.source]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join("；"),
        })
        .collect();
    let keeper = &repository.settings().institution.name;
    let document = fonds::card(keeper, &fonds, &line, &by_period, &aids, &history);
    let done = printing::print(context, matches, &[document])?;
    context.ui.json(&Printed { files: &done.files })?;
    Ok(Exit::by_findings(&done.findings))
}

/// The finding aids of a fonds, as far as the program makes them: the catalogues of its numbered volumes.
pub(crate) fn finding_aids(repository: &Repository, fonds: &str) -> Result<Vec<String>, CommandError> {
    let mut catalogues: BTreeMap<String, u32> = BTreeMap::new();
    for volume in repository.volume_records(Some(fonds))? {
        *catalogues.entry(volume.catalogue_no).or_default() += 1;
    }
    Ok(catalogues
        .into_iter()
        .map(|(number, volumes)| format!("目录 {number}：案卷目录、全引目录（{volumes} 卷）"))
        .collect())
}
