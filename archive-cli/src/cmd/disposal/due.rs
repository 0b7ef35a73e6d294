//! `archive disposal due`: what has reached the end of its period, and what stands in the way of each (R3).

use archive_core::appraisal::{Target, years_kept};
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::KeptRecord;
use chrono::NaiveDate;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, pick};
use crate::asked;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;
use crate::render::table;

pub(super) fn command(lang: Lang) -> Command {
    base(
        "due",
        lang,
        &Text::fixed(
            "列出保管期限已满的（不会自动销毁）",
            "List what has come to the end of its period (nothing happens by itself)",
        ),
    )
    .arg(asked::fonds(lang))
    .arg(
        Arg::new("by")
            .long("by")
            .value_name(pick(lang, "日期", "DATE"))
            .value_parser(value_parser!(NaiveDate))
            .help(pick(lang, "到这一天为止到期的（默认：今天）", "Due by this day (default: today)")),
    )
    .arg(Arg::new("all").long("all").action(ArgAction::SetTrue).help(pick(
        lang,
        "连同没有到期的、永久的、已销毁的",
        "Also what isn't due, is kept for good, or was destroyed",
    )))
}

/// A record and where its period stands.
#[derive(Serialize)]
struct Told {
    fonds: String,
    code: String,
    title: String,
    year: Option<i32>,
    period: Option<String>,
    /// None if it never falls due.
    due: Option<NaiveDate>,
    kept_years: Option<u32>,
    items: u32,
    pages: u32,
    /// What stands in the way: hold, loan, list, destroyed.
    state: Vec<&'static str>,
    #[serde(skip)]
    said: Vec<Text>,
}

#[derive(Serialize)]
struct Report {
    by: NaiveDate,
    records: Vec<Told>,
    without_period: usize,
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let office = Office::new(context.open()?)?;
    let repository = &office.repository;
    let by = matches.get_one::<NaiveDate>("by").copied().unwrap_or_else(|| context.today());
    let all = matches.get_flag("all");
    let fonds = matches.get_one::<String>("fonds").map(String::as_str);
    let mut records = Vec::new();
    let mut without_period = 0;
    for one in repository.kept_records(fonds, office.profile.appraisal)? {
        let is_unknown = one.period.is_none() || one.year.is_none();
        without_period += usize::from(is_unknown && matches!(one.target, Target::Item(_)));
        let is_due = one.due.is_some_and(|day| day <= by) && one.destroyed_by.is_none();
        if is_due || all {
            records.push(Told::of(one, context.today()));
        }
    }
    let never = Text::fixed("永久", "never");
    let mut rows = vec![
        [
            ("到期", "due"),
            ("档号", "code"),
            ("期限", "period"),
            ("件", "items"),
            ("页", "pages"),
            ("题名", "title"),
        ]
        .map(|(zh, en)| pick(ui.lang, zh, en).to_owned())
        .to_vec(),
    ];
    for one in &records {
        let said: Vec<&str> = one.said.iter().map(|said| ui.say(said)).collect();
        let title = table::shorten(&one.title, 34);
        let title = if said.is_empty() { title } else { format!("{title} [{}]", said.join("; ")) };
        rows.push(vec![
            one.due.map_or_else(|| ui.say(&never).to_owned(), |day| day.to_string()),
            one.code.clone(),
            one.period.clone().unwrap_or_default(),
            one.items.to_string(),
            one.pages.to_string(),
            title,
        ]);
    }
    if !records.is_empty() {
        for line in table::lines(&rows) {
            ui.line(line);
        }
    }
    let count = records.len();
    ui.tell(&text!(
        "{by} 为止：{count} 项。到期不等于销毁：鉴定后延长、改为永久，或列入销毁清册",
        "by {by}: {count} records. Due doesn't mean destroyed: extend it, keep it for good, or put it on a list"
    ));
    if without_period > 0 {
        ui.tell(&text!(
            "另有 {without_period} 件没有立卷，也没有年度或保管期限，算不出到期日",
            "{without_period} items in no volume have no year or period, so no day can be reckoned"
        ));
    }
    ui.json(&Report { by, records, without_period })?;
    Ok(Exit::Done)
}

impl Told {
    fn of(one: KeptRecord, today: NaiveDate) -> Self {
        let mut told = Self {
            fonds: one.fonds,
            code: one.code,
            title: one.title,
            year: one.year,
            period: one.period.map(|period| period.to_string()),
            due: one.due,
            kept_years: one.year.map(|year| years_kept(year, today)),
            items: one.items,
            pages: one.pages,
            state: Vec::new(),
            said: Vec::new(),
        };
        if let Some(list) = one.destroyed_by {
            told.note("destroyed", text!("已按 {list} 销毁", "destroyed by {list}"));
        }
        if let Some(why) = one.on_hold {
            told.note("hold", text!("暂停处置：{why}", "on hold: {why}"));
        }
        if one.on_loan {
            told.note("loan", Text::fixed("借出", "on loan"));
        }
        if let Some(list) = one.on_list {
            told.note("list", text!("在清册 {list} 上", "on list {list}"));
        }
        told
    }

    fn note(&mut self, state: &'static str, said: Text) {
        self.state.push(state);
        self.said.push(said);
    }
}
