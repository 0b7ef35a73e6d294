//! `archive opening review|open|postpone|close`: opinions (初审) and decisions (复审), of records named or listed.
//!
//! All that is named gets it, or nothing does: every record that is refused is said, with its clause. Once records
//! changed their state the index follows, so that a public search finds what was opened and nothing that was
//! closed.

use archive_core::model::ItemId;
use archive_core::opening::{Said, Verdict};
use archive_core::text;
use archive_core::text::{Lang, Text};
use chrono::NaiveDate;
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, dry_run, pick, reason, reason_given};
use crate::context::Context;
use crate::error::{CommandError, Kind};
use crate::exit::Exit;
use crate::office::Office;
use crate::records::{self, CODE, Records};

pub(crate) fn commands(lang: Lang) -> [Command; 4] {
    let shared = |name: &'static str, about: Text| {
        base(name, lang, &about)
            .arg(records::named(lang))
            .arg(records::from_list(lang, "档号、意见、理由、下次审核", "code, opinion, reason, next review"))
            .arg(reason(lang))
            .arg(dry_run(lang))
    };
    let until = || {
        Arg::new("until")
            .long("until")
            .value_name(pick(lang, "日期", "DATE"))
            .value_parser(value_parser!(NaiveDate))
            .help(pick(lang, "下次审核的日期（U2）", "The day of the next review (U2)"))
    };
    [
        shared(
            "review",
            Text::fixed("初审：提出意见（须另一人复审）", "Give an opinion (another person decides)"),
        )
        .arg(
            Arg::new("opinion")
                .long("opinion")
                .value_name(pick(lang, "意见", "OPINION"))
                .value_parser(verdict)
                .help(pick(
                    lang,
                    "意见：open 开放，postpone 延期开放，close 控制",
                    "The opinion: open, postpone, close",
                )),
        )
        .arg(until()),
        shared(
            "open",
            Text::fixed(
                "复审：开放（须有另一人的开放意见，U1）",
                "Open, upon another's opinion to open (U1)",
            ),
        ),
        shared(
            "postpone",
            Text::fixed(
                "复审：延期开放（须有理由和下次审核日期，U2）",
                "Postpone, with a reason and the next day (U2)",
            ),
        )
        .arg(until()),
        shared(
            "close",
            Text::fixed(
                "复审：控制使用；已开放的立即关闭（U2）",
                "Keep closed; what is open is closed at once (U2)",
            ),
        )
        .arg(until()),
    ]
}

fn verdict(word: &str) -> Result<Verdict, String> {
    Verdict::read(word).ok_or_else(|| word.to_owned())
}

/// What is said of one record.
struct Line {
    item: ItemId,
    said: Said,
}

#[derive(Serialize)]
struct Told {
    code: String,
    title: String,
    verdict: Verdict,
    reason: String,
    next_review: Option<String>,
}

#[derive(Serialize)]
struct Report {
    step: &'static str,
    records: Vec<Told>,
    index_refreshed: bool,
    dry_run: bool,
}

pub(super) fn run(context: &Context, step: &str, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let (verdict, is_opinion) = match step {
        "open" => (Some(Verdict::Open), false),
        "postpone" => (Some(Verdict::Postpone), false),
        "close" => (Some(Verdict::Close), false),
        _ => (matches.get_one::<Verdict>("opinion").copied(), true),
    };
    let office = Office::new(context.open()?)?;
    let records = Records::of(&office)?;
    let lines = lines(matches, &records, verdict, is_opinion)?;
    let closing: Vec<ItemId> = lines.iter().map(|line| line.item).collect();
    let change = office.repository.begin(&context.operator, &format!("opening {step}"), context.now)?;
    let (mut told, mut refusals) = (Vec::new(), Vec::new());
    for Line { item, said } in lines {
        let name = records.called(item);
        let done = if is_opinion {
            change.give_opinion(item, said, &office.profile).map(|opinion| opinion.said)
        } else {
            change.decide_opening(item, said, &office.profile).map(|decision| decision.said)
        };
        match done {
            Ok(said) => told.push(Told {
                title: records.item(item).map(|item| item.title.clone()).unwrap_or_default(),
                code: name,
                verdict: said.verdict,
                reason: said.reason,
                next_review: said.next.map(|day| day.to_string()),
            }),
            Err(error) => refusals.push((name, error.into())),
        }
    }
    if let Some(error) = records::refused(refusals) {
        return Err(error);
    }
    let who = change.who().to_owned();
    let dry_run = matches.get_flag("dry-run");
    if !is_opinion && !dry_run && verdict != Some(Verdict::Open) {
        // Stopped after the decision and before the index follows, the public must not find what was closed.
        crate::cmd::index::withdraw(&office.repository, &closing)?;
    }
    context.finish(change, matches)?;
    let index_refreshed = !is_opinion && !dry_run && crate::cmd::index::refresh(context, &office, None)?;
    for one in &told {
        let Text { zh, en } = one.verdict.word();
        let (code, title) = (&one.code, &one.title);
        let next_zh = one.next_review.as_ref().map(|day| format!("，{day} 再审")).unwrap_or_default();
        let next_en = one.next_review.as_ref().map(|day| format!(", again on {day}")).unwrap_or_default();
        context.ui.tell(&text!("{code}　{zh}{next_zh}　{title}", "{code}  {en}{next_en}  {title}"));
    }
    let count = told.len();
    context.ui.tell(&if is_opinion {
        text!("初审 {count} 件（{who}）；须由另一人复审", "{count} opinions by {who}; another person decides")
    } else {
        text!("复审 {count} 件（{who}）", "{count} decisions by {who}")
    });
    if index_refreshed {
        context.ui.tell(&Text::fixed("索引已随之更新", "the index follows"));
    }
    context.said_if_dry(matches);
    let step = match step {
        "open" => "open",
        "postpone" => "postpone",
        "close" => "close",
        _ => "review",
    };
    context.ui.json(&Report { step, records: told, index_refreshed, dry_run })?;
    Ok(Exit::Done)
}

/// The names a list's columns go by.
const OPINION: &[&str] = &["意见", "审核意见", "初审意见", "复审意见", "opinion", "verdict"];
const REASON: &[&str] = &["理由", "原因", "reason"];
const NEXT: &[&str] = &["下次审核", "下次审核日期", "再审日期", "延期至", "next review", "until"];

/// What is said of each record that was typed or listed. Rows of a list without an opinion are left for later.
fn lines(
    matches: &ArgMatches,
    records: &Records,
    verdict: Option<Verdict>,
    is_opinion: bool,
) -> Result<Vec<Line>, CommandError> {
    let until = matches.try_get_one::<NaiveDate>("until").ok().flatten().copied();
    let given = reason_given(matches).to_owned();
    let mut lines: Vec<Line> = Vec::new();
    let typed = records.typed(matches)?;
    if !typed.is_empty() {
        let verdict = verdict.ok_or_else(|| {
            CommandError::usage(
                Text::fixed("没有写意见", "there is no opinion"),
                Text::fixed(
                    "加上 --opinion open、postpone 或 close",
                    "add --opinion open, postpone or close",
                ),
            )
        })?;
        let said = Said { verdict, reason: given.clone(), next: until };
        lines.extend(typed.into_iter().map(|item| Line { item, said: said.clone() }));
    }
    let mut wrong = Vec::new();
    if let Some(path) = matches.get_one::<std::path::PathBuf>("from") {
        let list = records::read_list(path)?;
        let columns = list.columns(&[CODE, OPINION, REASON, NEXT]);
        let has_opinions = columns.places.get(1).is_some_and(Option::is_some);
        for (number, row) in columns.rows {
            let [code, opinion, reason, next] = [0, 1, 2, 3].map(|nth| columns.cell(row, nth));
            let said_here = if opinion.is_empty() { None } else { Verdict::read(opinion) };
            // Where a list has a column for opinions, a line without one is left for later.
            let undecided = opinion.is_empty() && (has_opinions || verdict.is_none());
            if code.is_empty() || undecided {
                continue;
            }
            if !opinion.is_empty() && said_here.is_none() {
                wrong.push(text!(
                    "第 {number} 行：意见“{opinion}”不是开放、延期开放或控制",
                    "row {number}: {opinion} is none of 开放, 延期开放, 控制"
                ));
                continue;
            }
            // A decision takes the rows of its own kind and leaves the others to theirs.
            if !is_opinion && said_here.is_some() && said_here != verdict {
                continue;
            }
            let next = match (next, read_day(next)) {
                ("", _) => until,
                (_, Some(day)) => Some(day),
                (written, None) => {
                    wrong.push(text!(
                        "第 {number} 行：日期“{written}”无法读取",
                        "row {number}: the date {written} can't be read"
                    ));
                    continue;
                }
            };
            let Some(verdict) = said_here.or(verdict) else { continue };
            let reason = if reason.is_empty() { given.clone() } else { reason.to_owned() };
            match records.find(code) {
                Ok(ids) => lines.extend(
                    ids.iter()
                        .map(|&item| Line { item, said: Said { verdict, reason: reason.clone(), next } }),
                ),
                Err(Text { zh, en }) => wrong.push(text!("第 {number} 行：{zh}", "row {number}: {en}")),
            }
        }
    }
    if !wrong.is_empty() {
        let error = records::not_found(&wrong);
        return Err(CommandError::new(Kind::Input, error.message, error.help));
    }
    if lines.is_empty() {
        return Err(CommandError::usage(
            Text::fixed("没有指明档案", "no record is named"),
            Text::fixed(
                "写档号或序号，或用 --from 给出清单；archive opening due 列出该审核的",
                "give codes or rows, or a list with --from; archive opening due lists what waits",
            ),
        ));
    }
    Ok(lines)
}

/// A day as people write it in lists.
pub(crate) fn read_day(written: &str) -> Option<NaiveDate> {
    match archive_core::reading::ItemDate::read(written).date()? {
        archive_core::reading::RecordDate::Day(day) => Some(day),
        _ => None,
    }
}
