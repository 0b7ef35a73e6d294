//! `archive use table|decide`: the profile's table as a person reads it, and what it says of a case.

use std::collections::BTreeSet;

use archive_core::reading_room::{Action, Answer, Asked, Line, Paper, ReaderKind, RecordState};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::{Lang, Text};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;
use crate::records::{self, Records};

pub(super) fn table_command(lang: Lang) -> Command {
    base(
        "table",
        lang,
        &Text::fixed("显示决定表：谁凭什么看什么", "Show the table: who may see what, shown which papers"),
    )
}

pub(super) fn command(lang: Lang) -> Command {
    base(
        "decide",
        lang,
        &Text::fixed(
            "按决定表判断，不作登记（U4 至 U6）",
            "Decide by the table, registering nothing (U4 to U6)",
        ),
    )
    .arg(records::named(lang))
    .arg(kind(lang))
    .arg(reader_no(lang))
    .arg(action(lang))
    .arg(papers(lang))
    .arg(approved_by(lang))
    .arg(
        Arg::new("state")
            .long("state")
            .action(ArgAction::Append)
            .value_name(pick(lang, "状态", "STATE"))
            .value_parser(|word: &str| word.parse::<RecordState>().map_err(|error| error.to_string()))
            .help(help_of(
                lang,
                "不指明档案，只问这种状态的",
                "Ask of this state, naming no record",
                RecordState::ALL.iter().map(|one| (one.name(), one.word())),
            )),
    )
    .arg(Arg::new("explain").long("explain").action(ArgAction::SetTrue).help(pick(
        lang,
        "说明依据表中哪一行、哪一条",
        "Say which line of the table and which clause it rests on",
    )))
}

/// Help that lists the words an option takes.
pub(super) fn help_of(
    lang: Lang,
    zh: &str,
    en: &str,
    words: impl Iterator<Item = (&'static str, Text)>,
) -> String {
    let listed: Vec<String> = match lang {
        Lang::Zh => words.map(|(name, word)| format!("{name} {}", word.zh)).collect(),
        Lang::En => words.map(|(name, _)| name.to_owned()).collect(),
    };
    match lang {
        Lang::Zh => format!("{zh}：{}", listed.join("、")),
        Lang::En => format!("{en}: {}", listed.join(", ")),
    }
}

pub(super) fn kind(lang: Lang) -> Arg {
    Arg::new("kind")
        .long("kind")
        .value_name(pick(lang, "种类", "KIND"))
        .value_parser(|word: &str| word.parse::<ReaderKind>().map_err(|error| error.to_string()))
        .help(help_of(
            lang,
            "利用者的种类",
            "The kind of reader",
            ReaderKind::ALL.iter().map(|one| (one.name(), one.word())),
        ))
}

pub(super) fn reader_no(lang: Lang) -> Arg {
    Arg::new("reader").long("reader").value_name(pick(lang, "编号", "NO")).help(pick(
        lang,
        "已登记的利用者的编号",
        "The number of a registered reader",
    ))
}

pub(super) fn action(lang: Lang) -> Arg {
    Arg::new("action")
        .long("action")
        .value_name(pick(lang, "事项", "ACTION"))
        .default_value("read")
        .value_parser(|word: &str| word.parse::<Action>().map_err(|error| error.to_string()))
        .help(help_of(
            lang,
            "要做什么",
            "What is wanted",
            Action::ALL.iter().map(|one| (one.name(), one.word())),
        ))
}

/// `--paper NAME` or `--paper NAME=NUMBER`.
pub(super) fn papers(lang: Lang) -> Arg {
    let read = |word: &str| -> Result<(Paper, String), String> {
        let (name, number) = word.split_once(['=', '：']).unwrap_or((word, ""));
        Ok((name.parse::<Paper>().map_err(|error| error.to_string())?, number.trim().to_owned()))
    };
    Arg::new("paper")
        .long("paper")
        .action(ArgAction::Append)
        .value_name(pick(lang, "证件[=号码]", "PAPER[=NUMBER]"))
        .value_parser(read)
        .help(help_of(
            lang,
            "出示的证件、手续（可重复）",
            "A paper shown (can be repeated)",
            Paper::ALL.iter().map(|one| (one.name(), one.word())),
        ))
}

pub(super) fn approved_by(lang: Lang) -> Arg {
    Arg::new("approved-by").long("approved-by").value_name(pick(lang, "姓名", "NAME")).help(pick(
        lang,
        "批准的负责人",
        "The director who approved it",
    ))
}

/// The papers that were typed.
pub(super) fn papers_given(matches: &ArgMatches) -> Vec<(Paper, String)> {
    matches.get_many::<(Paper, String)>("paper").into_iter().flatten().cloned().collect()
}

#[derive(Serialize)]
struct LineTold<'a> {
    readers: &'a [ReaderKind],
    records: &'a [RecordState],
    actions: &'a [Action],
    any_of: &'a [Vec<Paper>],
    rule: RuleId,
    source: &'a str,
}

impl<'a> From<&'a Line> for LineTold<'a> {
    fn from(line: &'a Line) -> Self {
        let Line { readers, records, actions, any_of, rule, source } = line;
        Self { readers, records, actions, any_of, rule: *rule, source }
    }
}

pub(super) fn table(context: &Context, _: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Table<'a> {
        source: &'a str,
        lines: Vec<LineTold<'a>>,
    }
    let ui = &context.ui;
    let office = Office::new(context.open()?)?;
    let room = &office.profile.reading_room;
    let between = if ui.lang == Lang::Zh { "、" } else { ", " };
    let words =
        |texts: Vec<Text>| texts.iter().map(|text| ui.say(text).to_owned()).collect::<Vec<_>>().join(between);
    ui.line(&room.source);
    for &state in RecordState::ALL {
        ui.line("");
        ui.tell(&{
            let Text { zh, en } = state.word();
            text!("【{zh}档案】", "[{en}]")
        });
        for line in room.decisions.iter().filter(|line| line.records.contains(&state)) {
            let readers = words(line.readers.iter().map(|one| one.word()).collect());
            let actions = words(line.actions.iter().map(|one| one.word()).collect());
            ui.line(format!("  {readers} · {actions}"));
            let Text { zh, en } = line.asks();
            ui.tell(&if line.any_of.is_empty() {
                text!("    {zh}", "    {en}")
            } else {
                text!("    凭：{zh}", "    {en}")
            });
            ui.line(format!("    {} {}", line.rule, line.source));
        }
    }
    ui.json(&Table { source: &room.source, lines: room.decisions.iter().map(LineTold::from).collect() })?;
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct Told<'a> {
    record: String,
    title: &'a str,
    states: BTreeSet<RecordState>,
    served: bool,
    rule: Option<RuleId>,
    message: Option<String>,
    help: Option<String>,
    lines: Vec<SpokeTold<'a>>,
}

#[derive(Serialize)]
struct SpokeTold<'a> {
    state: RecordState,
    #[serde(flatten)]
    line: Option<LineTold<'a>>,
    satisfied_by: Option<&'a [Paper]>,
}

#[derive(Serialize)]
struct Report<'a> {
    reader_kind: ReaderKind,
    action: Action,
    papers: &'a BTreeSet<Paper>,
    served: bool,
    decisions: Vec<Told<'a>>,
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let office = Office::new(context.open()?)?;
    let known = Records::of(&office)?;
    let mut papers: BTreeSet<Paper> = papers_given(matches).into_iter().map(|(paper, _)| paper).collect();
    let reader = match matches.get_one::<String>("reader") {
        Some(no) => Some(office.repository.reader(no.trim())?),
        None => None,
    };
    papers.extend(reader.iter().flat_map(|reader| &reader.papers).map(|(paper, _)| *paper));
    if matches.get_one::<String>("approved-by").is_some_and(|name| !name.trim().is_empty()) {
        papers.insert(Paper::Approval);
    }
    let typed = matches.get_one::<ReaderKind>("kind").copied();
    let Some(kind) = reader.as_ref().map(|reader| reader.kind).or(typed) else {
        return Err(CommandError::usage(
            Text::fixed("没有指明利用者", "no reader is named"),
            Text::fixed("用 --reader 编号 或 --kind 种类", "give --reader NO or --kind KIND"),
        ));
    };
    let action = matches.get_one::<Action>("action").copied().unwrap_or(Action::Read);
    let mut cases: Vec<(String, &str, BTreeSet<RecordState>)> = Vec::new();
    let states: BTreeSet<RecordState> =
        matches.get_many::<RecordState>("state").into_iter().flatten().copied().collect();
    if !states.is_empty() {
        cases.push((String::new(), "", states));
    }
    for id in known.typed(matches)? {
        let Some(item) = known.item(id) else { continue };
        cases.push((known.called(id), &item.title, office.repository.record_state(item)?));
    }
    if cases.is_empty() {
        return Err(CommandError::usage(
            Text::fixed("没有指明档案", "no record is named"),
            Text::fixed("写档号，或用 --state 问一种状态", "give codes, or a state with --state"),
        ));
    }
    let explain = matches.get_flag("explain");
    let mut served = true;
    let mut decisions = Vec::new();
    for (record, title, states) in cases {
        let asked = Asked { reader: kind, record: states.clone(), action, papers: papers.clone() };
        let answer = office.profile.reading_room.decide(&asked);
        served &= answer.is_yes();
        show(context, &record, title, &states, &answer, explain);
        let refusal = answer.refusal();
        decisions.push(Told {
            record,
            title,
            states,
            served: answer.is_yes(),
            rule: refusal.as_ref().map(|refusal| refusal.rule),
            message: refusal.as_ref().map(|refusal| ui.say(&refusal.message).to_owned()),
            help: refusal.as_ref().map(|refusal| ui.say(&refusal.help).to_owned()),
            lines: answer
                .spoke
                .iter()
                .map(|spoke| SpokeTold {
                    state: spoke.record,
                    line: spoke.line.map(LineTold::from),
                    satisfied_by: spoke.shown,
                })
                .collect(),
        });
    }
    ui.json(&Report { reader_kind: kind, action, papers: &papers, served, decisions })?;
    Ok(if served { Exit::Done } else { Exit::Findings })
}

fn show(
    context: &Context,
    record: &str,
    title: &str,
    states: &BTreeSet<RecordState>,
    answer: &Answer<'_>,
    explain: bool,
) {
    let ui = &context.ui;
    let words = |lang: Lang| {
        let words: Vec<String> = states.iter().map(|one| one.word().in_lang(lang).to_owned()).collect();
        words.join(if lang == Lang::Zh { "、" } else { ", " })
    };
    let (zh, en) = (words(Lang::Zh), words(Lang::En));
    let name = if record.is_empty() { String::new() } else { format!("{record}　{title}　") };
    match answer.refusal() {
        None => ui.tell(&text!("{name}（{zh}）：可以提供", "{name}({en}): may be served")),
        Some(refusal) => {
            let Text { zh: why_zh, en: why_en } = refusal.told();
            ui.tell(&text!("{name}（{zh}）：不予提供", "{name}({en}): not served"));
            ui.tell(&text!("  {why_zh}", "  {why_en}"));
            let Text { zh: help_zh, en: help_en } = &refusal.help;
            ui.tell(&text!("  {help_zh}", "  {help_en}"));
        }
    }
    if !explain {
        return;
    }
    for spoke in &answer.spoke {
        let Some(line) = spoke.line else { continue };
        let Text { zh: state_zh, en: state_en } = spoke.record.word();
        let (rule, source) = (line.rule, &line.source);
        let Text { zh: asks_zh, en: asks_en } = line.asks();
        ui.tell(&text!(
            "  依据 {rule}（{source}）：{state_zh}档案，凭 {asks_zh}",
            "  by {rule} ({source}): {state_en}: {asks_en}"
        ));
        if let Some(shown) = spoke.shown {
            let said = |lang: Lang| {
                let words: Vec<String> =
                    shown.iter().map(|paper| paper.word().in_lang(lang).to_owned()).collect();
                words.join(if lang == Lang::Zh { "＋" } else { " + " })
            };
            let (zh, en) = (said(Lang::Zh), said(Lang::En));
            ui.tell(&text!("    已出示：{zh}", "    shown: {en}"));
        }
    }
}
