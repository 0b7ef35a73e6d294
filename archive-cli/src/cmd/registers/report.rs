//! `archive registers report`: the year's account of the books, printed.

use std::path::PathBuf;

use archive_catalogue::forms::books::{self, BooksReport};
use archive_core::office_register::{BookEntry, Standing, sequence};
use archive_core::text;
use archive_core::text::Lang;
use clap::ArgMatches;
use serde::Serialize;

use super::show::{Rates, asked_returns, called, found_gaps, found_in};
use super::{Desk, asked_year, stands};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::printing;
use crate::render::findings::{self, Form, Told};

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Printed<'a> {
        files: &'a [PathBuf],
        findings: Vec<Told<'a>>,
    }
    let desk = Desk::open(context)?;
    let report = report(context, &desk, matches);
    let done = printing::print(context, matches, &[books::report(&report)])?;
    findings::print(&context.ui, &done.findings, Form::Human);
    let count = done.files.len();
    context.ui.tell(&text!("打印 {count} 个文件", "{count} files printed"));
    context
        .ui
        .json(&Printed { files: &done.files, findings: findings::told(&done.findings, context.ui.lang) })?;
    Ok(Exit::by_findings(&done.findings))
}

/// The report's rows. Forms are Chinese, whoever prints them.
fn report(context: &Context, desk: &Desk, matches: &ArgMatches) -> BooksReport {
    let zh = |text: archive_core::text::Text| text.in_lang(Lang::Zh).to_owned();
    let year = asked_year(matches);
    let account = desk.account(matches);
    let items = desk.by_id();
    let mut years: Vec<i32> = account.lines.iter().map(|line| line.entry.year()).collect();
    years.sort_unstable();
    years.dedup();
    let institution = desk.office.institution();
    let mut report = BooksReport {
        institution: institution.name.clone(),
        fonds: institution.fonds.clone(),
        year: match (years.first(), years.last()) {
            (Some(first), Some(last)) if first == last => first.to_string(),
            (Some(first), Some(last)) => format!("{first}—{last}"),
            _ => year.map(|year| year.to_string()).unwrap_or_default(),
        },
        ..BooksReport::default()
    };
    let rates = Rates::of(&account);
    let cells = |book: String, section: String, rate: archive_core::office_register::Rate| {
        let counted = [
            rate.registered,
            rate.due(),
            rate.archived,
            rate.likely,
            rate.missing,
            rate.excused,
            rate.to_return,
            rate.repeated + rate.apart,
        ];
        let mut row = vec![book, section];
        row.extend(counted.map(|count| count.to_string()));
        row.push(rate.percent());
        row
    };
    for (year, direction, section, rate) in rates.with_sums() {
        report.rates.push(cells(format!("{year}年{}", direction.word()), zh(section.word()), rate));
    }
    report.rates.push(cells("总计".to_owned(), String::new(), rates.total));
    for line in &account.lines {
        let entry = line.entry;
        match line.standing {
            Standing::Missing(_) => report.missing.push(
                common(entry)
                    .into_iter()
                    .chain([
                        entry.section.clone().unwrap_or_default(),
                        zh(stands(line.standing)),
                        String::new(),
                    ])
                    .collect(),
            ),
            Standing::Likely => {
                let Some((found, item)) =
                    line.found.as_ref().and_then(|found| Some((found, *items.get(&found.item)?)))
                else {
                    continue;
                };
                let grounds: Vec<String> = found.grounds.iter().map(|ground| zh(ground.text())).collect();
                report.likely.push(vec![
                    entry.label.to_string(),
                    entry.described(),
                    item.row.clone(),
                    called(item),
                    format!("{}%", found.confidence),
                    grounds.join("；"),
                ]);
            }
            Standing::Excused(kind) => {
                let disposition = entry.disposition.as_ref();
                let on = disposition.and_then(|one| one.on).map(|day| day.to_string()).unwrap_or_default();
                let reason = disposition.and_then(|one| one.reason.clone()).unwrap_or_default();
                report.excused.push(common(entry).into_iter().chain([zh(kind.text()), on, reason]).collect());
            }
            _ => {}
        }
    }
    for one in asked_returns(context, desk, year) {
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let entry = one.entry;
        let copies = entry.copies.map(|copies| copies.to_string()).unwrap_or_default();
        report.returns.push(
            common(entry)
                .into_iter()
                .chain([
                    entry.secrecy.level.word().to_owned(),
                    copies,
                    entry.copy_no.clone().unwrap_or_default(),
                    day(one.due),
                    day(one.on),
                    zh(one.state.word()),
                ])
                .collect(),
        );
    }
    for gap in found_gaps(desk, year) {
        report.gaps.push(vec![
            gap.year.map(|year| year.to_string()).unwrap_or_default(),
            zh(found_in(&gap)),
            gap.name.clone(),
            format!("第 {} {}", sequence::ranges(&gap.missing), gap.unit.word()),
        ]);
    }
    report
}

/// What every list says of a line: label, number, title, who or whom, the day.
fn common(entry: &BookEntry) -> [String; 5] {
    use archive_core::office_register::Direction;
    let whom = match entry.direction() {
        Direction::Incoming => &entry.bodies,
        Direction::Outgoing => &entry.addressees,
    };
    [
        entry.label.to_string(),
        entry.number.as_ref().map(ToString::to_string).unwrap_or_default(),
        if entry.is_open() {
            entry.title.clone()
        } else {
            format!("（{}件）", entry.secrecy.level.word())
        },
        whom.join("、"),
        entry.registered.date().map(|date| date.to_string()).unwrap_or_default(),
    ]
}
