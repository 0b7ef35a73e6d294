//! `archive use reader|register|fee|feedback|damage`: what changes the registers of the reading room.

use std::collections::BTreeSet;

use archive_core::reading_room::{Action, Fee, ReaderKind};
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::{Reader, Use};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde::Serialize;

use super::decide::{action, approved_by, kind, papers, papers_given};
use crate::args::{base, dry_run, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;
use crate::records::{self, CODE, Records};

fn text_option(
    lang: Lang,
    name: &'static str,
    value: (&'static str, &'static str),
    zh: &'static str,
    en: &'static str,
) -> Arg {
    Arg::new(name).long(name).value_name(pick(lang, value.0, value.1)).help(pick(lang, zh, en))
}

/// `NO`: the number of a use.
pub(super) fn use_no(lang: Lang) -> Arg {
    Arg::new("use").required(true).value_name(pick(lang, "利用号", "NO")).help(pick(
        lang,
        "利用登记的编号，如 2005-0001",
        "The number of the use, e.g. 2005-0001",
    ))
}

pub(super) fn reader_command(lang: Lang) -> Command {
    base(
        "reader",
        lang,
        &Text::fixed("登记利用者，验看证件（U4）", "Register a reader and the papers shown (U4)"),
    )
    .arg(
        Arg::new("name")
            .required(true)
            .value_name(pick(lang, "姓名", "NAME"))
            .help(pick(lang, "姓名", "The name")),
    )
    .arg(kind(lang).required(true))
    .arg(papers(lang))
    .arg(text_option(lang, "unit", ("单位", "UNIT"), "单位", "Their institution"))
    .arg(text_option(lang, "contact", ("联系", "CONTACT"), "电话或地址", "Phone or address"))
    .arg(dry_run(lang))
}

pub(super) fn commands(lang: Lang) -> [Command; 4] {
    [
        base(
            "register",
            lang,
            &Text::fixed("登记一次利用（利用登记表；U4 至 U6）", "Register a use (U4 to U6)"),
        )
        .arg(records::named(lang))
        .arg(super::decide::reader_no(lang).required(true))
        .arg(text_option(lang, "purpose", ("目的", "PURPOSE"), "利用目的", "What for").required(true))
        .arg(action(lang))
        .arg(papers(lang))
        .arg(approved_by(lang))
        .arg(records::from_list(lang, "档号", "code"))
        .arg(dry_run(lang)),
        base(
            "fee",
            lang,
            &Text::fixed("显示应收，登记实收（U7）", "Show what is owed, record what was paid (U7)"),
        )
        .arg(use_no(lang))
        .arg(text_option(lang, "paid", ("元", "YUAN"), "收款，元，如 12.50", "Paid, in yuan, e.g. 12.50"))
        .arg(dry_run(lang)),
        base("feedback", lang, &Text::fixed("登记利用效果（U9）", "Keep what came of a use (U9)"))
            .arg(use_no(lang))
            .arg(Arg::new("text").required(true).value_name(pick(lang, "效果", "TEXT")).help(pick(
                lang,
                "利用效果",
                "What came of it",
            )))
            .arg(dry_run(lang)),
        base(
            "damage",
            lang,
            &Text::fixed("登记破损，或已修复（U10）", "Note that a record is damaged, or mended (U10)"),
        )
        .arg(records::named(lang))
        .arg(text_option(lang, "note", ("情况", "NOTE"), "破损情况", "What is the matter with it"))
        .arg(Arg::new("mended").long("mended").action(ArgAction::SetTrue).help(pick(
            lang,
            "已经修复",
            "It was mended",
        )))
        .arg(dry_run(lang)),
    ]
}

fn word<'m>(matches: &'m ArgMatches, name: &str) -> &'m str {
    matches.get_one::<String>(name).map_or("", |word| word.trim())
}

/// A number on a paper as a screen shows it: its middle hidden.
pub(super) fn hidden(number: &str) -> String {
    let chars: Vec<char> = number.chars().collect();
    if chars.len() < 8 {
        return number.to_owned();
    }
    let shown = |at: usize| at < 4 || at + 2 >= chars.len();
    chars.iter().enumerate().map(|(at, c)| if shown(at) { *c } else { '*' }).collect()
}

#[derive(Serialize)]
struct Done<T> {
    #[serde(flatten)]
    what: T,
    dry_run: bool,
}

fn done<T: Serialize>(context: &Context, matches: &ArgMatches, what: T) -> Result<Exit, CommandError> {
    context.said_if_dry(matches);
    let dry_run = matches.get_flag("dry-run");
    context.ui.json(&Done { what, dry_run })?;
    Ok(Exit::Done)
}

pub(super) fn reader(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Told {
        reader: Reader,
    }
    let repository = context.open()?;
    let change = repository.begin(&context.operator, "use reader", context.now)?;
    let reader = change.add_reader(Reader {
        no: String::new(),
        name: word(matches, "name").to_owned(),
        kind: matches.get_one::<ReaderKind>("kind").copied().unwrap_or(ReaderKind::Citizen),
        unit: word(matches, "unit").to_owned(),
        papers: papers_given(matches),
        contact: word(matches, "contact").to_owned(),
        registered: context.today(),
    })?;
    context.finish(change, matches)?;
    let (no, name) = (&reader.no, &reader.name);
    let Text { zh, en } = reader.kind.word();
    context.ui.tell(&text!("利用者 {no}：{name}（{zh}）", "reader {no}: {name} ({en})"));
    for (paper, number) in &reader.papers {
        let word = paper.word();
        let number = hidden(number);
        context.ui.line(format!("  {} {number}", context.ui.say(&word)).trim_end());
    }
    done(context, matches, Told { reader })
}

#[derive(Serialize)]
struct UseTold<'a> {
    #[serde(rename = "use")]
    one: &'a Use,
    records: Vec<String>,
}

pub(super) fn register(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let office = Office::new(context.open()?)?;
    let known = Records::of(&office)?;
    let mut items = known.typed(matches)?;
    if let Some(path) = matches.get_one::<std::path::PathBuf>("from") {
        let list = records::read_list(path)?;
        let columns = list.columns(&[CODE]);
        let codes = columns.rows.iter().map(|(_, row)| columns.cell(row, 0)).filter(|code| !code.is_empty());
        items.extend(known.all(codes)?);
    }
    let change = office.repository.begin(&context.operator, "use register", context.now)?;
    let one = Use {
        no: String::new(),
        reader: word(matches, "reader").to_owned(),
        day: context.today(),
        purpose: word(matches, "purpose").to_owned(),
        action: matches.get_one::<Action>("action").copied().unwrap_or(Action::Read),
        items,
        papers: papers_given(matches).into_iter().map(|(paper, _)| paper).collect::<BTreeSet<_>>(),
        approved_by: word(matches, "approved-by").to_owned(),
        allowed_by: Vec::new(),
        served_by: String::new(),
        slips: Vec::new(),
        paid_cents: 0,
        feedback: None,
    };
    let one = change.register_use(one, &office.profile)?;
    context.finish(change, matches)?;
    let (no, count) = (&one.no, one.items.len());
    let Text { zh, en } = one.action.word();
    context.ui.tell(&text!("利用登记 {no}：{zh} {count} 件", "use {no}: {count} records to {en}"));
    for id in &one.items {
        let title = known.item(*id).map_or("", |item| item.title.as_str());
        context.ui.line(format!("  {}　{title}", known.called(*id)));
    }
    for clause in &one.allowed_by {
        context.ui.tell(&text!("  依据 {clause}", "  by {clause}"));
    }
    let records = one.items.iter().map(|id| known.called(*id)).collect();
    done(context, matches, UseTold { one: &one, records })
}

pub(super) fn fee(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Owed<'a> {
        #[serde(rename = "use")]
        no: &'a str,
        fees: Vec<&'a Fee>,
        charged_cents: u64,
        paid_cents: u64,
        owed_cents: u64,
    }
    let repository = context.open()?;
    let no = word(matches, "use");
    let one = match matches.get_one::<String>("paid") {
        None => repository.use_by_no(no)?,
        Some(paid) => {
            let cents = cents(paid).ok_or_else(|| {
                CommandError::usage(
                    text!("“{paid}”不是金额", "{paid} is no amount"),
                    Text::fixed("写作 12.50", "write it as 12.50"),
                )
            })?;
            let change = repository.begin(&context.operator, "use fee", context.now)?;
            let one = change.pay(no, cents)?;
            context.finish(change, matches)?;
            one
        }
    };
    let (charged, paid) = (one.charged_cents(), one.paid_cents);
    let fees: Vec<&Fee> = one.slips.iter().filter_map(|slip| slip.fee.as_ref()).collect();
    for fee in &fees {
        let (name, count, yuan) = (&fee.name, fee.count, Fee::yuan(fee.cents));
        context.ui.line(format!("  {name} × {count}　{yuan}"));
    }
    let (all, had, owed) = (Fee::yuan(charged), Fee::yuan(paid), Fee::yuan(charged.saturating_sub(paid)));
    context.ui.tell(&text!(
        "{no}：应收 {all} 元，已收 {had} 元，未收 {owed} 元",
        "{no}: {all} yuan charged, {had} paid, {owed} owed"
    ));
    let what = Owed {
        no: &one.no,
        fees,
        charged_cents: charged,
        paid_cents: paid,
        owed_cents: charged.saturating_sub(paid),
    };
    done(context, matches, what)
}

/// Yuan as people write them, in 分; `None` if it is no amount.
fn cents(written: &str) -> Option<u64> {
    let written = written.trim().trim_end_matches('元').trim();
    let (yuan, fen) = written.split_once('.').unwrap_or((written, ""));
    if fen.len() > 2 || !fen.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let fen: u64 = format!("{fen:0<2}").parse().ok()?;
    yuan.parse::<u64>().ok()?.checked_mul(100)?.checked_add(fen)
}

pub(super) fn feedback(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let repository = context.open()?;
    let change = repository.begin(&context.operator, "use feedback", context.now)?;
    let one = change.feedback(word(matches, "use"), word(matches, "text"))?;
    context.finish(change, matches)?;
    let no = &one.no;
    context.ui.tell(&text!("{no}：利用效果已登记", "{no}: feedback kept"));
    done(context, matches, UseTold { one: &one, records: Vec::new() })
}

pub(super) fn damage(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Noted {
        records: Vec<String>,
        mended: bool,
    }
    let office = Office::new(context.open()?)?;
    let known = Records::of(&office)?;
    let items = known.typed(matches)?;
    let mended = matches.get_flag("mended");
    let note = word(matches, "note");
    if items.is_empty() || (note.is_empty() && !mended) {
        return Err(CommandError::usage(
            Text::fixed("要写明档案和破损情况", "name the records and what is the matter with them"),
            Text::fixed(
                "archive use damage <档号> --note 虫蛀；修复后 --mended",
                "archive use damage CODE --note …; --mended once it is mended",
            ),
        ));
    }
    let change = office.repository.begin(&context.operator, "use damage", context.now)?;
    for id in &items {
        change.note_damage(*id, (!mended).then_some(note))?;
    }
    context.finish(change, matches)?;
    let count = items.len();
    context.ui.tell(&if mended {
        text!("{count} 件已修复", "{count} records mended")
    } else {
        text!("{count} 件登记为破损：{note}", "{count} records noted as damaged: {note}")
    });
    done(context, matches, Noted { records: items.iter().map(|id| known.called(*id)).collect(), mended })
}
