//! `archive opening due`: what waits for a review today, with what speaks against opening it.
//!
//! The list can be printed as a form (开放审核表) with columns for opinion, reason and next review; filled in, it is
//! read back by `archive opening review --from`.

use std::collections::BTreeMap;

use archive_catalogue::document::{Column, Document, Labelled, Part, Table};
use archive_catalogue::layout::Paper;
use archive_core::access::Asker;
use archive_core::model::{Item, ItemId, OpeningState};
use archive_core::opening::{Case, Caution, Due, Lookout, Standing};
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_index::search::{Index, IndexError, PageText};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde::Serialize;

use crate::args::{base, pick, year};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;
use crate::printing;
use crate::records::Records;

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "due",
        lang,
        &Text::fixed("列出今天该审核的（U1、U2）", "List what waits for a review today (U1, U2)"),
    )
    .arg(Arg::new("early").long("early").action(ArgAction::SetTrue).help(pick(
        lang,
        "连同可以提前开放的（经济、科技、文化类）",
        "Also what may be opened earlier: economic, scientific, cultural",
    )))
    .arg(year(lang))
    .args(crate::cmd::loan::optional_print(lang))
}

/// A record that waits.
pub(super) struct Waiting<'a> {
    pub(super) item: &'a Item,
    pub(super) code: String,
    pub(super) standing: Standing,
    pub(super) due: Due<'a>,
    pub(super) cautions: Vec<Caution>,
}

#[derive(Serialize)]
struct Told<'a> {
    code: &'a str,
    row: &'a str,
    title: &'a str,
    date: String,
    state: &'static str,
    due: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    early: Option<Early<'a>>,
    next_review: Option<String>,
    opinion: Option<&'a archive_core::opening::Opinion>,
    cautions: &'a [Caution],
}

#[derive(Serialize)]
struct Early<'a> {
    kind: &'a str,
    word: &'a str,
    source: &'a str,
}

#[derive(Serialize)]
struct Report<'a> {
    today: String,
    years: u16,
    text_read: bool,
    records: Vec<Told<'a>>,
    files: Vec<std::path::PathBuf>,
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let office = Office::new(context.open()?)?;
    let records = Records::of(&office)?;
    let people = office.repository.people()?;
    let (early, of_year) = (matches.get_flag("early"), matches.get_one::<i32>("year").copied());
    let mut waiting = Vec::new();
    for item in records.in_order() {
        let standing = office.repository.opening(item.id)?;
        let case = Case {
            item,
            standing: &standing,
            profile: &office.profile,
            people: &people,
            today: context.today(),
        };
        let due = Due::of(item, &office.profile);
        let sooner = early
            && item.opening == OpeningState::Unreviewed
            && matches!(due, Due::Earlier { .. })
            && due.may_open(context.today());
        let year = item.date.date().map(archive_core::reading::RecordDate::year);
        if (case.waits() || sooner) && (of_year.is_none() || of_year == year) {
            let code = records.called(item.id);
            waiting.push(Waiting { item, code, standing, due, cautions: Vec::new() });
        }
    }
    let text_read = look(&office, &mut waiting)?;
    for one in &waiting {
        show(context, one);
    }
    let files = if matches.get_one::<std::path::PathBuf>("out").is_some() {
        printing::print(context, matches, &[form(&office, &waiting)])?.files
    } else {
        Vec::new()
    };
    let (count, years) = (waiting.len(), office.profile.opening.years);
    ui.tell(&match count {
        0 => text!("没有该审核的（满 {years} 年为到期）", "nothing waits for a review (due after {years} years)"),
        _ => text!(
            "该审核的 {count} 件；提醒只供参考，开放须经初审、复审两人",
            "{count} records wait; the cautions decide nothing: an opinion and a decision by another person do"
        ),
    });
    if !text_read && count > 0 {
        ui.note(&Text::fixed(
            "还没有索引：只看了题名，没有看正文（archive index）",
            "there is no index yet: only titles were looked at, not the text (archive index)",
        ));
    }
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    ui.json(&Report {
        today: context.today().to_string(),
        years,
        text_read,
        records: waiting
            .iter()
            .map(|one| Told {
                code: &one.code,
                row: &one.item.row,
                title: &one.item.title,
                date: one.item.date.date().map(|date| date.to_string()).unwrap_or_default(),
                state: one.item.opening.word(),
                due: day(one.due.by_years()),
                early: match one.due {
                    Due::Earlier { kind, word, .. } => {
                        Some(Early { kind: &kind.name, word, source: &kind.source })
                    }
                    _ => None,
                },
                next_review: day(one.standing.next()),
                opinion: one.standing.opinion.as_ref(),
                cautions: &one.cautions,
            })
            .collect(),
        files,
    })?;
    Ok(Exit::Done)
}

/// Looks for what speaks against opening, in titles and in the text the index holds; says whether there is an index.
pub(super) fn look(office: &Office, waiting: &mut [Waiting<'_>]) -> Result<bool, CommandError> {
    let lookout = Lookout::new(&office.profile.opening.cautions);
    let ids: Vec<ItemId> = waiting.iter().map(|one| one.item.id).collect();
    let pages = pages_of(office, &ids)?;
    for one in waiting {
        one.cautions = lookout.look(None, &one.item.title);
        for page in pages.as_ref().and_then(|pages| pages.get(&one.item.id)).into_iter().flatten() {
            let more = lookout.look(Some(page.page), &page.text);
            let known: Vec<(String, String)> =
                one.cautions.iter().map(|one| (one.name.clone(), one.found.clone())).collect();
            one.cautions.extend(
                more.into_iter().filter(|one| !known.contains(&(one.name.clone(), one.found.clone()))),
            );
        }
    }
    Ok(pages.is_some())
}

fn pages_of(
    office: &Office,
    ids: &[ItemId],
) -> Result<Option<BTreeMap<ItemId, Vec<PageText>>>, CommandError> {
    match Index::open(&crate::cmd::index::folder(&office.repository)) {
        Ok(index) => Ok(Some(index.pages_of(Asker::Staff, ids)?)),
        Err(IndexError::Missing(_) | IndexError::NeedsRebuild { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn show(context: &Context, one: &Waiting<'_>) {
    let ui = &context.ui;
    let (code, title) = (&one.code, &one.item.title);
    ui.line(format!("{code}　{title}"));
    let made = one.item.date.date().map(|date| date.to_string()).unwrap_or_default();
    let due = one.due.by_years().map(|day| day.to_string()).unwrap_or_default();
    let state = one.item.opening.word();
    let said = match one.due {
        Due::Earlier { kind, word, .. } if !one.due.is_of_age(context.today()) => {
            let kind = &kind.name;
            text!(
                "  {made} 形成，{due} 到期；{state}；可提前：{kind}（{word}）",
                "  made {made}, due {due}; {state}; may be earlier: {kind} ({word})"
            )
        }
        _ => text!("  {made} 形成，{due} 到期；{state}", "  made {made}, due {due}; {state}"),
    };
    ui.tell(&said);
    if let Some(next) = one.standing.next() {
        ui.tell(&text!("  上次定于 {next} 再审", "  to be reviewed again on {next}"));
    }
    if let Some(opinion) = &one.standing.opinion {
        let Text { zh, en } = opinion.said.verdict.word();
        let (by, on, reason) = (&opinion.by, opinion.on, &opinion.said.reason);
        ui.tell(&text!("  初审：{zh}（{by}，{on}）{reason}", "  opinion: {en} ({by}, {on}) {reason}"));
    }
    for caution in &one.cautions {
        ui.line(format!("  ⚠ {}", in_a_line(caution, ui.lang)));
    }
}

/// A caution in a line.
fn in_a_line(caution: &Caution, lang: Lang) -> String {
    let Caution { name, page, found, around } = caution;
    match (page, lang) {
        (Some(page), Lang::Zh) => format!("{name}：“{found}”，第 {page} 页：…{around}…"),
        (None, Lang::Zh) => format!("{name}：“{found}”，题名"),
        (Some(page), Lang::En) => format!("{name}: “{found}”, page {page}: …{around}…"),
        (None, Lang::En) => format!("{name}: “{found}”, in the title"),
    }
}

/// The form a reviewer fills in (开放审核表).
fn form(office: &Office, waiting: &[Waiting<'_>]) -> Document {
    let rows = waiting
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let cautions: Vec<String> = one.cautions.iter().map(|one| in_a_line(one, Lang::Zh)).collect();
            let opinion = one.standing.opinion.as_ref();
            vec![
                (at + 1).to_string(),
                one.code.clone(),
                one.item.title.clone(),
                one.item.date.date().map(|date| date.to_string()).unwrap_or_default(),
                one.due.by_years().map(|day| day.to_string()).unwrap_or_default(),
                cautions.join("；"),
                opinion.map(|opinion| opinion.said.verdict.word().zh.into_owned()).unwrap_or_default(),
                opinion.map(|opinion| opinion.said.reason.clone()).unwrap_or_default(),
                opinion.and_then(|opinion| opinion.said.next).map(|day| day.to_string()).unwrap_or_default(),
            ]
        })
        .collect();
    let paper = Paper::A4_LANDSCAPE;
    let table = Table::new(
        "档案开放审核表",
        vec![
            Column::number("序", 9.0),
            Column::centred("档号", 34.0),
            Column::text("题名", 64.0),
            Column::centred("日期", 22.0),
            Column::centred("到期日", 22.0),
            Column::text("提醒", 50.0),
            Column::centred("意见", 16.0),
            Column::text("理由", 30.0),
            Column::centred("下次审核", 22.0),
        ],
    )
    .headed(vec![
        Labelled::new("单位", &office.institution().name),
        Labelled::new("开放年限", format!("{} 年", office.profile.opening.years)),
    ])
    .signed(vec![Labelled::new("初审人", ""), Labelled::new("复审人", ""), Labelled::new("日期", "")])
    .filled_with(rows)
    .across(&paper);
    Document::new(&office.institution().name, "档案开放审核表", vec![Part::new("审核表", paper, table)])
}
