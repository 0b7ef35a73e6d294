//! `archive loan lend|extend|return|clear`: what changes the register of loans, one by one or from a list.

use std::path::PathBuf;

use archive_core::loans::{Loan, Request};
use archive_core::refusal::Refusal;
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::Change;
use chrono::NaiveDate;
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use super::{Told, line};
use crate::args::{base, dry_run, pick, reason, reason_given};
use crate::cmd::opening::read_day;
use crate::context::Context;
use crate::error::{CommandError, Kind};
use crate::exit::Exit;
use crate::office::Office;
use crate::records::{self, CODE, Records};
use crate::render::table;

fn option(
    lang: Lang,
    name: &'static str,
    value: (&'static str, &'static str),
    zh: &'static str,
    en: &'static str,
) -> Arg {
    Arg::new(name).long(name).value_name(pick(lang, value.0, value.1)).help(pick(lang, zh, en))
}

pub(super) fn commands(lang: Lang) -> [Command; 4] {
    let sheets = || {
        option(lang, "sheets", ("张数", "N"), "清点的张数", "The sheets, counted")
            .value_parser(value_parser!(u32))
    };
    let approved =
        || option(lang, "approved-by", ("姓名", "NAME"), "批准的负责人", "The director who approved it");
    let until = || {
        option(
            lang,
            "until",
            ("日期", "DATE"),
            "应还日期（默认：规则所定的期限）",
            "The day it is due (default: the profile's term)",
        )
        .value_parser(value_parser!(NaiveDate))
    };
    let number = || {
        Arg::new("no").value_name(pick(lang, "借阅号", "NO")).help(pick(
            lang,
            "借阅号，如 2005-0001；也可写在借案卷的档号",
            "The number of the loan, e.g. 2005-0001, or the code of the volume that is out",
        ))
    };
    [
        base("lend", lang, &Text::fixed("借出一卷（U8）", "Lend a volume (U8)"))
            .arg(Arg::new("volume").value_name(pick(lang, "档号", "CODE")).help(pick(
                lang,
                "案卷的档号",
                "The volume's code",
            )))
            .arg(option(lang, "to", ("姓名", "NAME"), "借阅人", "Who takes it"))
            .arg(option(lang, "unit", ("单位", "UNIT"), "借阅人的科室或单位", "Their section or institution"))
            .arg(option(lang, "purpose", ("用途", "PURPOSE"), "用途", "What for"))
            .arg(approved())
            .arg(sheets())
            .arg(until())
            .arg(records::from_list(
                lang,
                "档号、借阅人、单位、用途、批准人、张数、应还日期",
                "code, borrower, unit, purpose, approved by, sheets, due",
            ))
            .arg(dry_run(lang)),
        base("extend", lang, &Text::fixed("续借（须再批准）", "Extend a loan (a new approval)"))
            .arg(number().required(true))
            .arg(approved())
            .arg(until())
            .arg(reason(lang))
            .arg(dry_run(lang)),
        base(
            "return",
            lang,
            &Text::fixed("归还：逐页核对，记缺损", "Take a volume back: sheets checked, damage put down"),
        )
        .arg(number())
        .arg(sheets())
        .arg(option(lang, "damage", ("缺损", "DAMAGE"), "缺页、损坏的情况", "What is missing or damaged"))
        .arg(records::from_list(lang, "借阅号（或档号）、张数、缺损", "loan (or code), sheets, damage"))
        .arg(dry_run(lang)),
        base(
            "clear",
            lang,
            &Text::fixed(
                "离岗清借：无在借，经管的已移交（S5）",
                "Clear a leaver: nothing on loan, holdings handed over (S5)",
            ),
        )
        .arg(Arg::new("name").required(true).value_name(pick(lang, "姓名", "NAME")).help(pick(
            lang,
            "离岗的人",
            "Who leaves",
        )))
        .arg(option(lang, "handed-to", ("姓名", "NAME"), "经管的档案交给谁", "Who took over what they kept"))
        .arg(option(
            lang,
            "list",
            ("清单", "LIST"),
            "交接清单（文件名或说明）",
            "The list it was handed over by",
        ))
        .arg(dry_run(lang)),
    ]
}

#[derive(Serialize)]
struct Report<'a> {
    loans: Vec<Told<'a>>,
    dry_run: bool,
}

pub(super) fn run(context: &Context, step: &str, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let office = Office::new(context.open()?)?;
    let change = office.repository.begin(&context.operator, &format!("loan {step}"), context.now)?;
    let done = match step {
        "lend" => lend(&office, &change, matches)?,
        "extend" => vec![extend(&office, &change, matches)?],
        "return" => take_back(&office, &change, matches)?,
        "clear" => return clear(context, change, matches),
        _ => return Ok(Exit::Usage),
    };
    context.finish(change, matches)?;
    let today = context.today();
    let rows: Vec<Vec<String>> = done.iter().map(|loan| line(loan, today, context.ui.lang)).collect();
    for line in table::lines(&rows) {
        context.ui.line(line);
    }
    let count = done.len();
    context.ui.tell(&match step {
        "lend" => text!("借出 {count} 卷", "{count} volumes lent"),
        "extend" => text!("续借 {count} 卷", "{count} loans extended"),
        _ => text!("归还 {count} 卷", "{count} volumes back"),
    });
    context.said_if_dry(matches);
    context.ui.json(&Report {
        loans: done.iter().map(|loan| Told::of(loan, today)).collect(),
        dry_run: matches.get_flag("dry-run"),
    })?;
    Ok(Exit::Done)
}

fn word<'m>(matches: &'m ArgMatches, name: &str) -> &'m str {
    matches.get_one::<String>(name).map_or("", |word| word.trim())
}

fn missing(zh: &'static str, en: &'static str) -> CommandError {
    CommandError::usage(
        Text::fixed(zh, en),
        Text::fixed("写在命令里，或用 --from 给出清单", "give it on the command line, or a list with --from"),
    )
}

fn lend(office: &Office, change: &Change<'_>, matches: &ArgMatches) -> Result<Vec<Loan>, CommandError> {
    let known = Records::of(office)?;
    let typed = |volume: String| Request {
        volume,
        borrower: word(matches, "to").to_owned(),
        unit: word(matches, "unit").to_owned(),
        purpose: word(matches, "purpose").to_owned(),
        approved_by: word(matches, "approved-by").to_owned(),
        sheets: matches.get_one::<u32>("sheets").copied().unwrap_or(0),
        due: matches.get_one::<NaiveDate>("until").copied(),
        level: archive_core::model::SecrecyLevel::None,
    };
    let mut requests: Vec<(String, Request)> = Vec::new();
    if let Some(volume) = matches.get_one::<String>("volume") {
        requests.push((volume.clone(), typed(volume.trim().to_owned())));
    }
    let mut wrong = Vec::new();
    if let Some(path) = matches.get_one::<PathBuf>("from") {
        let list = records::read_list(path)?;
        let columns = list.columns(&[
            CODE,
            &["借阅人", "姓名", "borrower", "to"],
            &["单位", "科室", "部门", "unit"],
            &["用途", "借阅目的", "purpose"],
            &["批准人", "审批人", "approved by"],
            &["张数", "页数", "sheets"],
            &["应还日期", "归还期限", "due", "until"],
        ]);
        for (number, row) in columns.rows {
            let cell = |nth| columns.cell(row, nth);
            if cell(0).is_empty() {
                continue;
            }
            let mut request = typed(cell(0).to_owned());
            for (nth, field) in [
                (1, &mut request.borrower),
                (2, &mut request.unit),
                (3, &mut request.purpose),
                (4, &mut request.approved_by),
            ] {
                if !cell(nth).is_empty() {
                    cell(nth).clone_into(field);
                }
            }
            if let Some(said) = read_number(*number, cell(5), &mut request.sheets)
                .or_else(|| read_due(*number, cell(6), &mut request.due))
            {
                wrong.push(said);
            }
            requests.push((format!("{number}"), request));
        }
    }
    if !wrong.is_empty() {
        let error = records::not_found(&wrong);
        return Err(CommandError::new(Kind::Input, error.message, error.help));
    }
    if requests.is_empty() {
        return Err(missing("没有指明案卷", "no volume is named"));
    }
    let (mut lent, mut refusals) = (Vec::new(), Vec::new());
    for (_, mut request) in requests {
        let code = request.volume.clone();
        let Some(facts) = known.volume(&code) else {
            let message = text!("没有这一卷", "there is no such volume");
            let help = Text::fixed("核对档号；什么也没有改动", "check the code; nothing was changed");
            refusals.push((code, CommandError::usage(message, help)));
            continue;
        };
        request.level = facts.level;
        match change.lend(&facts.fonds, request, &office.profile) {
            Ok(loan) => lent.push(loan),
            Err(error) => refusals.push((code, error.into())),
        }
    }
    match records::refused(refusals) {
        Some(error) => Err(error),
        None => Ok(lent),
    }
}

fn read_number(row: u32, written: &str, into: &mut u32) -> Option<Text> {
    if written.is_empty() {
        return None;
    }
    match written.parse() {
        Ok(number) => {
            *into = number;
            None
        }
        Err(_) => {
            Some(text!("第 {row} 行：张数“{written}”不是数", "row {row}: {written} is no number of sheets"))
        }
    }
}

fn read_due(row: u32, written: &str, into: &mut Option<NaiveDate>) -> Option<Text> {
    if written.is_empty() {
        return None;
    }
    *into = read_day(written);
    into.is_none()
        .then(|| text!("第 {row} 行：日期“{written}”无法读取", "row {row}: the date {written} can't be read"))
}

/// The loan that a number, or the code of the volume that is out, names.
fn named(change: &Change<'_>, word: &str) -> Result<String, CommandError> {
    let out = change.repository().loans_out()?;
    let by_volume = out.iter().find(|loan| loan.volume == word.trim());
    Ok(by_volume.map_or_else(|| word.trim().to_owned(), |loan| loan.no.clone()))
}

fn extend(office: &Office, change: &Change<'_>, matches: &ArgMatches) -> Result<Loan, CommandError> {
    let no = named(change, word(matches, "no"))?;
    let until = matches.get_one::<NaiveDate>("until").copied();
    Ok(change.extend_loan(
        &no,
        until,
        word(matches, "approved-by"),
        reason_given(matches),
        &office.profile,
    )?)
}

fn take_back(office: &Office, change: &Change<'_>, matches: &ArgMatches) -> Result<Vec<Loan>, CommandError> {
    let mut asked: Vec<(String, Option<u32>, String)> = Vec::new();
    if let Some(no) = matches.get_one::<String>("no") {
        asked.push((
            no.clone(),
            matches.get_one::<u32>("sheets").copied(),
            word(matches, "damage").to_owned(),
        ));
    }
    let mut wrong = Vec::new();
    if let Some(path) = matches.get_one::<PathBuf>("from") {
        let list = records::read_list(path)?;
        let numbers: Vec<&str> = ["借阅号", "no", "loan"].into_iter().chain(CODE.iter().copied()).collect();
        let columns =
            list.columns(&[&numbers, &["张数", "归还张数", "sheets"], &["缺损", "损坏", "备注", "damage"]]);
        for (number, row) in columns.rows {
            if columns.cell(row, 0).is_empty() {
                continue;
            }
            let mut sheets = 0;
            wrong.extend(read_number(*number, columns.cell(row, 1), &mut sheets));
            let counted = (!columns.cell(row, 1).is_empty()).then_some(sheets);
            asked.push((columns.cell(row, 0).to_owned(), counted, columns.cell(row, 2).to_owned()));
        }
    }
    if !wrong.is_empty() {
        let error = records::not_found(&wrong);
        return Err(CommandError::new(Kind::Input, error.message, error.help));
    }
    if asked.is_empty() {
        return Err(missing("没有指明借阅号", "no loan is named"));
    }
    let (mut back, mut refusals) = (Vec::new(), Vec::new());
    for (word, sheets, damage) in asked {
        let no = named(change, &word)?;
        let Some(sheets) = sheets else {
            // What wasn't counted can't be taken for whole.
            let message = Text::fixed("归还时没有清点张数", "the sheets weren't counted on return");
            let refusal = Refusal::new(RuleId::U8, message)
                .with_help(Text::fixed("逐页清点，加上 --sheets 张数", "count them, and add --sheets N"));
            refusals.push((word, refusal.into()));
            continue;
        };
        match change.take_back(&no, sheets, &damage, &office.profile) {
            Ok(loan) => back.push(loan),
            Err(error) => refusals.push((word, error.into())),
        }
    }
    match records::refused(refusals) {
        Some(error) => Err(error),
        None => Ok(back),
    }
}

fn clear(context: &Context, change: Change<'_>, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Cleared<'a> {
        cleared: &'a archive_store::Cleared,
        dry_run: bool,
    }
    let name = word(matches, "name");
    let done = change.clear_leaver(name, word(matches, "handed-to"), word(matches, "list"))?;
    context.finish(change, matches)?;
    let (on, to) = (done.on, &done.handed_to);
    context.ui.tell(&if to.is_empty() {
        text!("{name} 名下无在借档案，{on} 清借", "{name} has nothing on loan: cleared on {on}")
    } else {
        text!(
            "{name} 名下无在借档案，经管的交给 {to}，{on} 清借",
            "{name} has nothing on loan, holdings went to {to}: cleared on {on}"
        )
    });
    context.said_if_dry(matches);
    context.ui.json(&Cleared { cleared: &done, dry_run: matches.get_flag("dry-run") })?;
    Ok(Exit::Done)
}
