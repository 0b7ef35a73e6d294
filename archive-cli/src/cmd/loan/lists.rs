//! `archive loan overdue|list`: what is out, and what should be back.

use archive_catalogue::document::{Column, Document, Labelled, Part, Table};
use archive_catalogue::layout::Paper;
use archive_core::loans::Loan;
use archive_core::text;
use archive_core::text::{Lang, Text};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde::Serialize;

use super::{Told, line};
use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;
use crate::printing;
use crate::render::table;

pub(super) fn commands(lang: Lang) -> [Command; 2] {
    [
        base("overdue", lang, &Text::fixed("列出过期未还的（每日）", "List what is overdue (daily)"))
            .args(optional_print(lang)),
        base("list", lang, &Text::fixed("列出借阅登记", "List the register of loans"))
            .arg(Arg::new("all").long("all").action(ArgAction::SetTrue).help(pick(
                lang,
                "连同已归还的",
                "Also what came back",
            )))
            .arg(Arg::new("borrower").long("borrower").value_name(pick(lang, "姓名", "NAME")).help(pick(
                lang,
                "只列此人的",
                "Only this borrower's",
            )))
            .args(optional_print(lang)),
    ]
}

/// The options of printing, without a folder where none is named: then nothing is printed.
pub(crate) fn optional_print(lang: Lang) -> [Arg; 4] {
    printing::options(lang)
        .map(|arg| if arg.get_id() == "out" { arg.default_value(None::<&str>) } else { arg })
}

#[derive(Serialize)]
struct Report<'a> {
    today: String,
    loans: Vec<Told<'a>>,
    files: Vec<std::path::PathBuf>,
}

pub(super) fn run(context: &Context, name: &str, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let office = Office::new(context.open()?)?;
    let today = context.today();
    let overdue = name == "overdue";
    let all = !overdue && matches.get_flag("all");
    let mut loans = if all { office.repository.loans()? } else { office.repository.loans_out()? };
    if overdue {
        loans.retain(|loan| loan.days_overdue(today).is_some());
    } else if let Some(name) = matches.get_one::<String>("borrower") {
        loans.retain(|loan| loan.borrower == name.trim());
    }
    let rows: Vec<Vec<String>> = loans.iter().map(|loan| line(loan, today, ui.lang)).collect();
    for line in table::lines(&rows) {
        ui.line(line);
    }
    let files = if matches.get_one::<std::path::PathBuf>("out").is_some() {
        let title = if overdue { "过期未还清单" } else { "档案借阅登记簿" };
        printing::print(context, matches, &[form(&office, title, &loans, context)])?.files
    } else {
        Vec::new()
    };
    let count = loans.len();
    ui.tell(&match (overdue, all) {
        (true, _) => text!("过期未还 {count} 卷（{today}）", "{count} volumes overdue on {today}"),
        (false, true) => text!("借阅 {count} 次", "{count} loans"),
        (false, false) => text!("在借 {count} 卷", "{count} volumes out"),
    });
    ui.json(&Report {
        today: today.to_string(),
        loans: loans.iter().map(|loan| Told::of(loan, today)).collect(),
        files,
    })?;
    Ok(Exit::Done)
}

fn form(office: &Office, title: &str, loans: &[Loan], context: &Context) -> Document {
    let paper = Paper::A4_LANDSCAPE;
    let rows = loans
        .iter()
        .map(|loan| {
            let back = loan.returned.as_ref();
            let late = loan.days_overdue(context.today());
            let remark = match (back.map(|back| back.damage.as_str()), late) {
                (Some(damage), _) => damage.to_owned(),
                (None, Some(days)) => format!("过期 {days} 天"),
                (None, None) => String::new(),
            };
            vec![
                loan.no.clone(),
                loan.volume.clone(),
                loan.borrower.clone(),
                loan.unit.clone(),
                loan.purpose.clone(),
                loan.sheets.to_string(),
                loan.approved_by.clone(),
                loan.lent.to_string(),
                loan.due.to_string(),
                back.map(|back| back.on.to_string()).unwrap_or_default(),
                back.map(|back| back.sheets.to_string()).unwrap_or_default(),
                remark,
            ]
        })
        .collect();
    let table = Table::new(
        title,
        vec![
            Column::centred("借阅号", 21.0),
            Column::centred("档号", 30.0),
            Column::centred("借阅人", 16.0),
            Column::text("单位", 24.0),
            Column::text("用途", 26.0),
            Column::amount("张数", 11.0),
            Column::centred("批准人", 16.0),
            Column::centred("借出", 21.0),
            Column::centred("应还", 21.0),
            Column::centred("归还", 21.0),
            Column::amount("还张数", 13.0),
            Column::text("备注", 26.0),
        ],
    )
    .headed(vec![
        Labelled::new("单位", &office.institution().name),
        Labelled::new("制表日期", context.today().to_string()),
    ])
    .filled_with(rows)
    .across(&paper);
    Document::new(&office.institution().name, title, vec![Part::new(title, paper, table)])
}
