//! `archive loan recall`: letters that ask for what is overdue, one a borrower, to be printed and signed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use archive_catalogue::document::{Document, Paragraph, Part, Prose};
use archive_catalogue::fonts::Role;
use archive_catalogue::layout::{Align, Paper, Style, printable};
use archive_core::loans::Loan;
use archive_core::text;
use archive_core::text::{Lang, Text};
use chrono::Datelike as _;
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;
use crate::printing;

pub(super) fn command(lang: Lang) -> Command {
    base(
        "recall",
        lang,
        &Text::fixed(
            "打印催还通知书（过期的，或指明的）",
            "Print recall letters (for what is overdue, or named)",
        ),
    )
    .arg(
        Arg::new("loans")
            .action(ArgAction::Append)
            .num_args(0..)
            .value_name(pick(lang, "借阅号", "NO"))
            .help(pick(
                lang,
                "借阅号或档号（默认：全部过期的）",
                "Numbers or codes (default: all that is overdue)",
            )),
    )
    .args(
        printing::options(lang).map(
            |arg| {
                if arg.get_id() == "format" { arg.default_value("pdf") } else { arg }
            },
        ),
    )
}

#[derive(Serialize)]
struct Report<'a> {
    letters: usize,
    loans: Vec<&'a str>,
    files: &'a [PathBuf],
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let office = Office::new(context.open()?)?;
    let today = context.today();
    let asked: Vec<&str> =
        matches.get_many::<String>("loans").into_iter().flatten().map(|word| word.trim()).collect();
    let out = office.repository.loans_out()?;
    let called = |loan: &Loan, word: &str| loan.no == word || loan.volume == word;
    if let Some(word) = asked.iter().find(|word| !out.iter().any(|loan| called(loan, word))) {
        return Err(CommandError::usage(
            text!("“{word}”没有借出", "{word} isn't out"),
            Text::fixed("archive loan list 列出在借的", "archive loan list shows what is out"),
        ));
    }
    let wanted = |loan: &&Loan| {
        if asked.is_empty() {
            loan.days_overdue(today).is_some()
        } else {
            asked.iter().any(|word| called(loan, word))
        }
    };
    let mut by_borrower: BTreeMap<(&str, &str), Vec<&Loan>> = BTreeMap::new();
    for loan in out.iter().filter(wanted) {
        by_borrower.entry((&loan.unit, &loan.borrower)).or_default().push(loan);
    }
    if by_borrower.is_empty() {
        context.ui.tell(&text!("{today} 没有过期未还的", "nothing is overdue on {today}"));
        context.ui.json(&Report { letters: 0, loans: Vec::new(), files: &[] })?;
        return Ok(Exit::Done);
    }
    let mut parts = Vec::new();
    for ((unit, borrower), loans) in &by_borrower {
        let name = if unit.is_empty() { (*borrower).to_owned() } else { format!("{borrower} {unit}") };
        parts.push(Part::new(&name, Paper::A4, letter(&office, context, unit, borrower, loans)));
    }
    let document = Document::new(&office.institution().name, "催还档案通知书", parts);
    let done = printing::print(context, matches, &[document])?;
    let letters = by_borrower.len();
    context.ui.tell(&text!("催还通知书 {letters} 份", "{letters} recall letters"));
    let loans = by_borrower.values().flatten().map(|loan| loan.no.as_str()).collect();
    context.ui.json(&Report { letters, loans, files: &done.files })?;
    Ok(Exit::Done)
}

fn letter(office: &Office, context: &Context, unit: &str, borrower: &str, loans: &[&Loan]) -> Prose {
    let text = Style::new(Role::Fangsong, 14.0);
    let plain = |said: String| Paragraph { text: printable(&said), style: text, indent: false };
    let indented = |said: String| Paragraph { text: printable(&said), style: text, indent: true };
    let right =
        |said: String| Paragraph { text: printable(&said), style: text.aligned(Align::Right), indent: false };
    let today = context.today();
    let chinese = |day: chrono::NaiveDate| format!("{}年{}月{}日", day.year(), day.month(), day.day());
    let mut paragraphs = vec![
        plain(format!("{unit}{borrower}同志：")),
        indented("你借阅的下列档案已到归还期限，至今尚未归还：".to_owned()),
    ];
    for loan in loans {
        let late = loan.days_overdue(today).map(|days| format!("，已过期 {days} 天")).unwrap_or_default();
        paragraphs.push(indented(format!(
            "档号 {}，共 {} 张，{}借出（借阅号 {}），应于{}归还{late}。",
            loan.volume,
            loan.sheets,
            chinese(loan.lent),
            loan.no,
            chinese(loan.due),
        )));
    }
    paragraphs.push(indented(
        "请于接到本通知之日起三日内送还，并当面逐页核对。确因工作需要继续使用的，须另经负责人批准，办理续借手续。".to_owned(),
    ));
    paragraphs.push(plain(String::new()));
    paragraphs.push(right(office.institution().name.clone()));
    paragraphs.push(right("（盖章）".to_owned()));
    paragraphs.push(right(chinese(today)));
    paragraphs.push(plain(String::new()));
    paragraphs.push(plain("回执：通知已收到。签收人：　　　　　　　年　　月　　日".to_owned()));
    Prose { title: "催还档案通知书".to_owned(), paragraphs }
}
