//! A4 and A7: the office's registers of incoming and outgoing papers, held against the archive.
//!
//! What stands in the books and not in the archive is a finding a line, and so is what should have gone back to
//! a superior. What is only likely to be there is advice, for a person to confirm; and each year is told its
//! archiving rate. Of a classified line a finding tells level and place in the book, never number or title (S1).

use std::collections::BTreeMap;

use chrono::Datelike as _;

use super::RuleId;
use super::checking::Desk;
use super::holdings::Stage;
use crate::finding::{Finding, Place, Severity};
use crate::office_register::clearing::{self, ReturnState};
use crate::office_register::{Account, BookEntry, Rate, Standing};
use crate::text;
use crate::text::Text;

pub(super) fn check(desk: &mut Desk<'_>) {
    if desk.holdings.registers.books.entries.is_empty() {
        return;
    }
    found_in_the_archive(desk);
    returned(desk);
}

/// Where a line of a book stands.
pub(super) fn place(entry: &BookEntry, column: &str) -> Place {
    Place {
        file: Some(entry.origin.register.clone()).filter(|name| !name.is_empty()),
        row: Some(entry.origin.row).filter(|row| *row > 0),
        column: Some(column.to_owned()),
        item: Some(entry.label.to_string()),
        ..Place::default()
    }
}

/// A4: what is registered and neither archived nor excused.
fn found_in_the_archive(desk: &mut Desk<'_>) {
    // A year's papers come in while it lasts; they are filed when it is over.
    if desk.holdings.stage == Stage::Register {
        return;
    }
    let books = &desk.holdings.registers.books;
    let account = Account::of(&books.entries, desk.holdings.items, &books.verdicts);
    let over = |entry: &BookEntry| entry.year() < desk.today.year();
    let mut years: BTreeMap<i32, Rate> = BTreeMap::new();
    let mut findings = Vec::new();
    for ((year, ..), rate) in account.rates() {
        let sum = years.entry(year).or_default();
        *sum = sum.and(rate);
    }
    for line in account.lines.iter().filter(|line| over(line.entry)) {
        let (entry, described) = (line.entry, line.entry.described());
        let book = entry.direction().word();
        match line.standing {
            Standing::Missing(absence) => {
                let Text { zh, en } = absence.text();
                let message = text!(
                    "{book}{described}，档案里没有；{zh}",
                    "{described} is registered and not in the archive: {en}"
                );
                findings.push(Finding::new(RuleId::A4, place(entry, "题名"), message));
            }
            Standing::Likely => {
                let row = line
                    .item()
                    .and_then(|id| desk.at(id))
                    .map(|at| desk.item(at).row.clone())
                    .unwrap_or_default();
                let message = text!(
                    "{book}{described}，可能就是序号 {row}，请核对",
                    "{described} is likely row {row}: compare them"
                );
                let label = &entry.label;
                let help = Text::fixed(
                    "对照原件：是同一件的予以确认，不是的予以排除",
                    "compare it with the paper: confirm that it is the same, or that it isn't",
                );
                let command = text!(
                    "archive registers confirm {label} {row}，或 archive registers refuse {label} {row}",
                    "archive registers confirm {label} {row}, or archive registers refuse {label} {row}"
                );
                let finding = Finding::new(RuleId::A4, place(entry, "题名"), message);
                findings.push(finding.at(Severity::Info).with_help(help).by_command(command));
            }
            Standing::Archived
            | Standing::Excused(_)
            | Standing::ToReturn
            | Standing::Repeated(_)
            | Standing::Apart => {}
        }
    }
    // A full year has nothing to say.
    let short = |(year, rate): &(i32, Rate)| *year < desk.today.year() && rate.archived < rate.due();
    for (year, rate) in years.into_iter().filter(short) {
        let (registered, due, archived, percent) =
            (rate.registered, rate.due(), rate.archived, rate.percent());
        let (likely, missing) = (rate.likely, rate.missing);
        let message = text!(
            "{year} 年收发文 {registered} 件，应归档 {due} 件，已归档 {archived} 件，归档率 {percent}；待确认 {likely} 件，缺 {missing} 件",
            "{registered} papers were registered in {year}; {due} should be archived, {archived} are: {percent}. To confirm {likely}, missing {missing}"
        );
        let place = Place { field: Some("归档率".to_owned()), ..Place::default() };
        let help = Text::fixed("查看分科室的归档率", "see the rate by section");
        let command = Text::fixed("archive registers rate", "archive registers rate");
        let finding = Finding::new(RuleId::A4, place, message).at(Severity::Info);
        findings.push(finding.with_help(help).by_command(command));
    }
    desk.findings.extend(findings);
}

/// A7: what should have gone back.
fn returned(desk: &mut Desk<'_>) {
    let books = &desk.holdings.registers.books;
    for one in clearing::returns(&books.entries, &books.clearings, desk.today) {
        let described = one.entry.described();
        let due = one.due.map(|day| day.to_string()).unwrap_or_default();
        let on = one.on.map(|day| day.to_string()).unwrap_or_default();
        let message = match one.state {
            ReturnState::Overdue => text!(
                "{described}应清退，{due} 到期，没有退还的记录",
                "{described} should have gone back by {due}; no return is recorded"
            ),
            ReturnState::ReturnedLate => text!(
                "{described}应在 {due} 以前清退，{on} 才退",
                "{described} should have gone back by {due}; it went on {on}"
            ),
            ReturnState::ReturnedUndated => {
                text!("{described}已清退，没有记日期", "{described} went back, and the day isn't recorded")
            }
            ReturnState::Outstanding => text!(
                "{described}应清退，没有退还的记录",
                "{described} should go back; no return is recorded"
            ),
            ReturnState::Open | ReturnState::Returned => continue,
        };
        desk.findings.push(Finding::new(RuleId::A7, place(one.entry, "清退日期"), message));
    }
}
