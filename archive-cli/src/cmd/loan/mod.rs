//! `archive loan`: what is out, how it goes out and comes back (U8, S4, S5).

mod acts;
mod letters;
mod lists;

pub(crate) use lists::optional_print;

use archive_core::loans::Loan;
use archive_core::text;
use archive_core::text::{Lang, Text};
use chrono::NaiveDate;
use clap::{ArgMatches, Command};
use serde::Serialize;

use crate::args::base;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "loan",
        lang,
        &Text::fixed(
            "借阅：借出、续借、归还、催还、离岗清借",
            "Loans: lend, extend, return, recall, clear a leaver",
        ),
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommands(acts::commands(lang))
    .subcommands(lists::commands(lang))
    .subcommand(letters::command(lang))
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    match matches.subcommand() {
        Some(("recall", sub)) => letters::run(context, sub),
        Some((name @ ("overdue" | "list"), sub)) => lists::run(context, name, sub),
        Some((step, sub)) => acts::run(context, step, sub),
        None => Ok(Exit::Usage),
    }
}

/// A loan as JSON tells of it.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    loan: &'a Loan,
    out: bool,
    days_overdue: Option<u32>,
}

impl<'a> Told<'a> {
    fn of(loan: &'a Loan, today: NaiveDate) -> Self {
        Self { loan, out: loan.is_out(), days_overdue: loan.days_overdue(today) }
    }
}

/// A loan in a line: number, volume, who has it, until when, and how late it is.
fn line(loan: &Loan, today: NaiveDate, lang: Lang) -> Vec<String> {
    let said = match (&loan.returned, loan.days_overdue(today)) {
        (Some(back), _) => {
            let (on, damage) = (back.on, &back.damage);
            if damage.is_empty() {
                text!("{on} 已还", "back on {on}")
            } else {
                text!("{on} 已还，缺损：{damage}", "back on {on}, damage: {damage}")
            }
        }
        (None, Some(days)) => text!("过期 {days} 天", "{days} days overdue"),
        (None, None) => Text::fixed("在借", "out"),
    };
    let (lent, due) = (loan.lent, loan.due);
    let span = text!("{lent} 至 {due}", "{lent} to {due}");
    vec![
        loan.no.clone(),
        loan.volume.clone(),
        if loan.unit.is_empty() {
            loan.borrower.clone()
        } else {
            format!("{}（{}）", loan.borrower, loan.unit)
        },
        span.in_lang(lang).to_owned(),
        said.in_lang(lang).to_owned(),
    ]
}
