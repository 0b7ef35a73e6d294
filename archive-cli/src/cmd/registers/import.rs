//! `archive registers import`: a book in, all lines or none.

use std::fs;
use std::path::{Path, PathBuf};

use archive_catalogue::office_register::{self, BookReading};
use archive_core::finding::{self, Finding};
use archive_core::office_register::Direction;
use archive_core::text;
use archive_core::text::Text;
use archive_store::{BookBatch, BookReport};
use clap::ArgMatches;
use serde::Serialize;

use super::{asked_direction, asked_year, begin};
use crate::apart;
use crate::cmd::import::write_refused;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::render::findings::{self, Form, Told};

#[derive(Serialize)]
struct Report<'a> {
    kind: &'static str,
    entries_added: usize,
    entries_updated: usize,
    entries_unchanged: usize,
    entries_differing: Vec<String>,
    entries_refused: usize,
    dry_run: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused_rows: Option<&'a Path>,
    findings: Vec<Told<'a>>,
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let (Some(path), Some(direction)) = (matches.get_one::<PathBuf>("file"), asked_direction(matches)) else {
        return Ok(Exit::Usage);
    };
    let dry_run = matches.get_flag("dry-run");
    let repository = context.open()?;
    let bytes = fs::read(path).map_err(|error| CommandError::io(path, &error))?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    apart::survives(&bytes)?;
    let reading = office_register::read(&name, &bytes, direction, asked_year(matches))?;
    let takes = reading.refused.is_empty() || matches.get_flag("accept-valid");
    let mut report = BookReport::default();
    let mut refused_rows = None;
    if takes {
        let batch = BookBatch {
            direction,
            name,
            digest: crate::files::digest(&bytes),
            entries: reading.entries.clone(),
            update: matches.get_flag("update"),
        };
        let change = begin(context, &repository, "registers import")?;
        report = change.import_book(&batch)?;
        if !dry_run {
            refused_rows = write_refused(path, &reading.sheets, &reading.refused)?;
        }
        context.finish(change, matches)?;
    }
    let mut said: Vec<Finding> = reading.findings.clone();
    finding::sort(&mut said);
    findings::print(&context.ui, &said, Form::Human);
    for text in summary(direction, &reading, &report, takes, refused_rows.as_deref()) {
        context.ui.tell(&text);
    }
    context.said_if_dry(matches);
    context.ui.json(&Report {
        kind: direction.name(),
        entries_added: report.added,
        entries_updated: report.updated,
        entries_unchanged: report.unchanged,
        entries_differing: report.differing.iter().map(ToString::to_string).collect(),
        entries_refused: reading.refused.len(),
        dry_run,
        refused_rows: refused_rows.as_deref(),
        findings: findings::told(&said, context.ui.lang),
    })?;
    Ok(Exit::by_findings(&said))
}

/// What came of it, in sentences.
fn summary(
    direction: Direction,
    reading: &BookReading,
    report: &BookReport,
    takes: bool,
    refused_rows: Option<&Path>,
) -> Vec<Text> {
    let rows: Vec<String> = reading.refused.iter().map(|row| row.row.to_string()).collect();
    let rows = rows.join("、");
    if !takes {
        return vec![text!(
            "没有导入：第 {rows} 行不合格。改正后再导入，或加 --accept-valid 先收下合格的行",
            "nothing was imported: rows {rows} are not valid. Mend them, or take in the valid ones with --accept-valid"
        )];
    }
    let Text { zh, en } = direction.book();
    let BookReport { added, updated, unchanged, .. } = report;
    let mut said = vec![text!(
        "{zh}：新增 {added} 行，更新 {updated} 行，原有 {unchanged} 行",
        "{en}: {added} lines added, {updated} updated, {unchanged} there already"
    )];
    if let Some(path) = refused_rows {
        let path = path.display();
        said.push(text!("退回第 {rows} 行，见 {path}", "rows refused: {rows}, see {path}"));
    }
    if !report.differing.is_empty() {
        let labels: Vec<String> = report.differing.iter().map(ToString::to_string).collect();
        let labels = labels.join("、");
        said.push(text!(
            "与库中不同而没有改动：{labels}；以这份登记簿为准请加 --update",
            "left as they are, though they differ: {labels}; with --update this book's lines replace them"
        ));
    }
    said
}
