//! `archive use list`: readers, uses, what wasn't paid, what nobody told the outcome of, and what is damaged.

use std::collections::BTreeMap;

use archive_catalogue::document::{Column, Document, Labelled, Part, Table};
use archive_catalogue::layout::Paper;
use archive_core::reading_room::Fee;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::{Reader, Use};
use chrono::Datelike as _;
use clap::{Arg, ArgMatches, Command};
use serde::Serialize;

use super::acts::hidden;
use crate::args::{base, pick, year};
use crate::cmd::loan::optional_print;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;
use crate::printing;
use crate::records::Records;
use crate::render::table;

pub(super) fn command(lang: Lang) -> Command {
    base(
        "list",
        lang,
        &Text::fixed(
            "列出利用登记、利用者、未收费的、未反馈的",
            "List uses, readers, what is owed, what lacks feedback",
        ),
    )
    .arg(
        Arg::new("what")
            .value_name(pick(lang, "内容", "WHAT"))
            .value_parser(["uses", "readers", "owed", "no-feedback"])
            .default_value("uses")
            .help(pick(
                lang,
                "uses 利用登记，readers 利用者，owed 未收费的，no-feedback 未反馈的",
                "uses, readers, owed (unpaid), no-feedback",
            )),
    )
    .arg(year(lang))
    .arg(super::decide::reader_no(lang))
    .args(optional_print(lang))
}

#[derive(Serialize)]
struct Report<'a> {
    readers: Vec<&'a Reader>,
    uses: Vec<&'a Use>,
    files: Vec<std::path::PathBuf>,
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let office = Office::new(context.open()?)?;
    let what = matches.get_one::<String>("what").map_or("uses", String::as_str);
    let (year, of) = (matches.get_one::<i32>("year").copied(), matches.get_one::<String>("reader"));
    let all_readers = office.repository.readers()?;
    let all_uses = office.repository.uses()?;
    let readers: BTreeMap<&str, &Reader> =
        all_readers.iter().map(|reader| (reader.no.as_str(), reader)).collect();
    if what == "readers" {
        let shown: Vec<&Reader> = all_readers
            .iter()
            .filter(|reader| year.is_none_or(|year| reader.registered.year() == year))
            .collect();
        let rows: Vec<Vec<String>> = shown
            .iter()
            .map(|reader| {
                let papers: Vec<String> = reader
                    .papers
                    .iter()
                    .map(|(paper, number)| {
                        format!("{} {}", ui.say(&paper.word()), hidden(number)).trim_end().to_owned()
                    })
                    .collect();
                vec![
                    reader.no.clone(),
                    reader.name.clone(),
                    ui.say(&reader.kind.word()).to_owned(),
                    reader.unit.clone(),
                    papers.join("；"),
                ]
            })
            .collect();
        for line in table::lines(&rows) {
            ui.line(line);
        }
        let count = shown.len();
        ui.tell(&text!("利用者 {count} 人", "{count} readers"));
        ui.json(&Report { readers: shown, uses: Vec::new(), files: Vec::new() })?;
        return Ok(Exit::Done);
    }
    let uses: Vec<&Use> = all_uses
        .iter()
        .filter(|one| year.is_none_or(|year| one.day.year() == year))
        .filter(|one| of.is_none_or(|no| one.reader == no.trim()))
        .filter(|one| match what {
            "owed" => one.charged_cents() > one.paid_cents,
            "no-feedback" => one.feedback.is_none(),
            _ => true,
        })
        .collect();
    let rows: Vec<Vec<String>> = uses
        .iter()
        .map(|one| {
            let owed = one.charged_cents().saturating_sub(one.paid_cents);
            let name = readers.get(one.reader.as_str()).map_or("", |reader| reader.name.as_str());
            let count = one.items.len();
            vec![
                one.no.clone(),
                one.day.to_string(),
                name.to_owned(),
                ui.say(&one.action.word()).to_owned(),
                ui.say(&text!("{count} 件", "{count} records")).to_owned(),
                if owed == 0 {
                    String::new()
                } else {
                    let owed = Fee::yuan(owed);
                    ui.say(&text!("未收 {owed}", "{owed} owed")).to_owned()
                },
                table::shorten(&one.purpose, 30),
            ]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(line.trim_end());
    }
    let files = if matches.get_one::<std::path::PathBuf>("out").is_some() {
        printing::print(context, matches, &[register(&office, &uses, &readers)?])?.files
    } else {
        Vec::new()
    };
    let count = uses.len();
    ui.tell(&text!("利用 {count} 次", "{count} uses"));
    ui.json(&Report { readers: Vec::new(), uses, files })?;
    Ok(Exit::Done)
}

/// The register of uses (档案利用登记簿).
fn register(
    office: &Office,
    uses: &[&Use],
    readers: &BTreeMap<&str, &Reader>,
) -> Result<Document, CommandError> {
    let known = Records::of(office)?;
    let paper = Paper::A4_LANDSCAPE;
    let rows = uses
        .iter()
        .map(|one| {
            let reader = readers.get(one.reader.as_str());
            let copied: u32 = one.slips.iter().map(|slip| slip.page_count * slip.copies).sum();
            vec![
                one.no.clone(),
                one.day.to_string(),
                reader.map_or_else(String::new, |reader| reader.name.clone()),
                reader.map_or_else(String::new, |reader| reader.kind.word().zh.into_owned()),
                reader.map_or_else(String::new, |reader| reader.unit.clone()),
                one.purpose.clone(),
                one.items.iter().map(|id| known.called(*id)).collect::<Vec<_>>().join("、"),
                one.action.word().zh.into_owned(),
                copied.to_string(),
                one.approved_by.clone(),
                one.feedback.as_ref().map(|feedback| feedback.text.clone()).unwrap_or_default(),
            ]
        })
        .collect();
    let table = Table::new(
        "档案利用登记簿",
        vec![
            Column::centred("利用号", 20.0),
            Column::centred("日期", 20.0),
            Column::centred("利用者", 16.0),
            Column::centred("种类", 16.0),
            Column::text("单位", 24.0),
            Column::text("利用目的", 30.0),
            Column::text("档号", 40.0),
            Column::centred("方式", 12.0),
            Column::amount("页数", 11.0),
            Column::centred("批准人", 16.0),
            Column::text("利用效果", 34.0),
        ],
    )
    .headed(vec![Labelled::new("单位", &office.institution().name)])
    .filled_with(rows)
    .across(&paper);
    let name = "档案利用登记簿";
    Ok(Document::new(&office.institution().name, name, vec![Part::new(name, paper, table)]))
}
