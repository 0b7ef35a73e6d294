//! `archive opening publish`: the catalogue of what is open (开放档案目录), for everybody (U3).
//!
//! It is made of what the public may see and of nothing else: no title, text, count, gap or order of it depends on a
//! record that is closed. So neither identifiers, nor rows of a register, nor titles of volumes go in (a volume is
//! called after all it holds); serial numbers run over what is open, and a fonds without an open record isn't named.

use std::collections::BTreeMap;
use std::path::PathBuf;

use archive_catalogue::document::{Column, Document, Labelled, Part, Table};
use archive_catalogue::layout::Paper;
use archive_core::access::{Asker, may_see};
use archive_core::model::{Institution, Item};
use archive_core::text;
use archive_core::text::{Lang, Text};
use clap::{ArgMatches, Command};
use serde::Serialize;

use crate::args::base;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;
use crate::printing;
use crate::records::Records;
use crate::render::findings::{self, Form, Told};

pub(super) fn command(lang: Lang) -> Command {
    base(
        "publish",
        lang,
        &Text::fixed("公布开放档案目录（U3）", "Publish the catalogue of what is open (U3)"),
    )
    .args(
        printing::options(lang)
            .map(|arg| if arg.get_id() == "format" { arg.default_value("pdf,html,csv") } else { arg }),
    )
}

/// A line of the published catalogue: all there is of a record in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    code: String,
    date: String,
    title: String,
    number: String,
    bodies: String,
    pages: String,
}

#[derive(Serialize)]
struct Report<'a> {
    records: usize,
    files: &'a [PathBuf],
    findings: Vec<Told<'a>>,
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let office = Office::new(context.open()?)?;
    let (document, count) = catalogue(&office)?;
    if count == 0 {
        return Err(CommandError::usage(
            Text::fixed("没有开放的档案，无从公布", "nothing is open: there is nothing to publish"),
            Text::fixed(
                "先审核：archive opening due、review、open",
                "review first: archive opening due, review, open",
            ),
        ));
    }
    let done = printing::print(context, matches, &[document])?;
    if !done.findings.is_empty() {
        findings::print(ui, &done.findings, Form::Human);
    }
    ui.tell(&text!("公布开放档案 {count} 件", "{count} open records published"));
    ui.json(&Report {
        records: count,
        files: &done.files,
        findings: findings::told(&done.findings, ui.lang),
    })?;
    Ok(Exit::by_findings(&done.findings))
}

fn catalogue(office: &Office) -> Result<(Document, usize), CommandError> {
    let records = Records::of(office)?;
    let fonds: BTreeMap<String, Institution> =
        office.repository.all_fonds()?.into_iter().map(|fonds| (fonds.fonds.clone(), fonds)).collect();
    let mut lines: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for item in records.in_order() {
        if may_see(Asker::Public, item.opening, item.secrecy.level) {
            let code = office.repository.fonds_of(item.id)?;
            lines.entry(code).or_default().push(line(&records, item));
        }
    }
    let paper = Paper::A4_LANDSCAPE;
    let mut parts = Vec::new();
    let mut count = 0;
    for (code, mut lines) in lines {
        lines.sort();
        count += lines.len();
        let rows = lines
            .into_iter()
            .enumerate()
            .map(|(at, line)| {
                let Line { code, date, title, number, bodies, pages } = line;
                vec![(at + 1).to_string(), code, bodies, number, title, date, pages]
            })
            .collect();
        let table = Table::new(
            "开放档案目录",
            vec![
                Column::number("序号", 11.0),
                Column::centred("档号", 36.0),
                Column::text("责任者", 40.0),
                Column::text("文号", 34.0),
                Column::text("题名", 96.0),
                Column::centred("日期", 24.0),
                Column::amount("页数", 12.0),
            ],
        )
        .headed(vec![
            Labelled::new("全宗名称", fonds.get(&code).map_or("", |fonds| fonds.name.as_str())),
            Labelled::new("全宗号", &code),
        ])
        .filled_with(rows)
        .across(&paper);
        parts.push(Part::new(&code, paper, table));
    }
    Ok((Document::new(&office.institution().name, "开放档案目录", parts), count))
}

fn line(records: &Records, item: &Item) -> Line {
    Line {
        code: records.code(item.id).unwrap_or_default().to_owned(),
        date: item.date.date().map(|date| date.to_string()).unwrap_or_default(),
        title: item.title.clone(),
        number: item.number.as_ref().map(ToString::to_string).unwrap_or_default(),
        bodies: item.bodies.join("、"),
        pages: item.pages.map(|pages| pages.to_string()).unwrap_or_default(),
    }
}
