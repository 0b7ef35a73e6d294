//! `archive search QUERY`: what is there, down to the page, for who asks.

use std::time::Instant;

use anstyle::{AnsiColor, Style};
use archive_core::access::Asker;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_index::search::{Filter, FilterField, Hit, Index, Search, Sort};
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;

/// The options that filter: their names, the field each looks at, and help in both languages.
const FILTERS: [(&str, FilterField, &str, &str); 8] = [
    ("fonds", FilterField::Fonds, "全宗号", "Fonds"),
    ("year", FilterField::Year, "年度，如 2004 或 2001..2004", "Year, e.g. 2004 or 2001..2004"),
    ("period", FilterField::Period, "保管期限", "Retention period"),
    ("type", FilterField::Type, "文种", "Document type"),
    ("section", FilterField::Section, "归档机构", "Section"),
    ("side", FilterField::Side, "党政", "Party or government"),
    ("opening", FilterField::Opening, "开放标识", "Opening state"),
    (
        "date",
        FilterField::Date,
        "日期，如 2004-05 或 2004-05-01..2004-06-30",
        "Date, e.g. 2004-05 or 2004-05-01..2004-06-30",
    ),
];

pub(crate) fn command(lang: Lang) -> Command {
    let filters = FILTERS.map(|(name, _, zh, en)| {
        Arg::new(name).long(name).value_name(pick(lang, "值", "VALUE")).help(pick(lang, zh, en))
    });
    base("search", lang, &Text::fixed("全文检索", "Search titles, numbers and full text"))
        .arg(Arg::new("query").required(true).num_args(1..).value_name(pick(lang, "检索词", "QUERY")).help(
            pick(
                lang,
                "如：抗洪抢险；“一字不差”；建政办〔2005〕16号；题名:预算 NOT 决算",
                "e.g. 抗洪抢险; \"an exact phrase\"; 建政办〔2005〕16号; 题名:预算 NOT 决算",
            ),
        ))
        .arg(
            Arg::new("as")
                .long("as")
                .value_name(pick(lang, "身份", "WHO"))
                .value_parser(["public", "staff"])
                .default_value("staff")
                .help(pick(
                    lang,
                    "以何身份检索：公众只见已开放的",
                    "Who asks: the public sees what is open only",
                )),
        )
        .args(filters)
        .arg(
            Arg::new("sort")
                .long("sort")
                .value_parser(["relevance", "date", "-date", "code"])
                .allow_hyphen_values(true)
                .value_name(pick(lang, "次序", "ORDER"))
                .default_value("relevance")
                .help(pick(
                    lang,
                    "次序：相关、日期先后、日期倒序、档号",
                    "Order: relevance, oldest first, newest first, code",
                )),
        )
        .arg(
            Arg::new("limit")
                .long("limit")
                .value_name("N")
                .value_parser(value_parser!(u32).range(1..=100_000))
                .default_value("20")
                .help(pick(lang, "最多显示几条", "The most hits to show")),
        )
}

#[derive(Serialize)]
struct HitTold<'a> {
    code: &'a str,
    title: &'a str,
    date: &'a str,
    responsible: &'a str,
    number: &'a str,
    page: Option<u32>,
    score: f32,
    snippet: String,
}

#[derive(Serialize)]
struct Found<'a> {
    total: usize,
    took_ms: f64,
    hits: Vec<HitTold<'a>>,
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let repository = context.open()?;
    let words: Vec<&str> =
        matches.get_many::<String>("query").into_iter().flatten().map(String::as_str).collect();
    let asker = match matches.get_one::<String>("as").map(String::as_str) {
        Some("public") => Asker::Public,
        _ => Asker::Staff,
    };
    let mut search = Search::new(asker, &words.join(" "))?;
    for (name, field, _, _) in FILTERS {
        if let Some(value) = matches.get_one::<String>(name) {
            let filter = Filter::read(field, value).map_err(|message| {
                CommandError::usage(message, Text::fixed("请改正选项的值", "correct the option's value"))
            })?;
            search = search.filter(filter);
        }
    }
    let sort = match matches.get_one::<String>("sort").map(String::as_str) {
        Some("date") => Sort::DateOldest,
        Some("-date") => Sort::DateNewest,
        Some("code") => Sort::Code,
        _ => Sort::Relevance,
    };
    let limit = matches.get_one::<u32>("limit").map_or(20, |limit| *limit as usize);
    let index = Index::open(&super::index::folder(&repository))?;
    let started = Instant::now();
    let result = index.search(&search.sort(sort).limit(limit))?;
    let took_ms = started.elapsed().as_secs_f64() * 1000.0;

    for hit in &result.hits {
        show(context, hit);
    }
    let (total, records, shown) = (result.total, result.records, result.hits.len());
    ui.tell(&match total {
        0 => Text::fixed("没有找到", "nothing was found"),
        _ if shown < total => text!(
            "共 {total} 处，{records} 件；显示前 {shown} 处（--limit 可增加）；用时 {took_ms:.1} 毫秒",
            "{total} hits in {records} items; the first {shown} are shown (--limit shows more); {took_ms:.1} ms"
        ),
        _ => text!("共 {total} 处，{records} 件；用时 {took_ms:.1} 毫秒", "{total} hits in {records} items; {took_ms:.1} ms"),
    });
    let hits = result
        .hits
        .iter()
        .map(|hit| HitTold {
            code: &hit.code,
            title: &hit.title,
            date: &hit.date,
            responsible: &hit.responsible,
            number: &hit.number,
            page: hit.page,
            score: hit.score,
            snippet: hit.snippet.marked("【", "】"),
        })
        .collect();
    ui.json(&Found { total, took_ms: (took_ms * 1000.0).round() / 1000.0, hits })?;
    Ok(if total == 0 { Exit::Findings } else { Exit::Done })
}

/// A hit as a person reads it: the code and page, the title, and the words where they stand.
fn show(context: &Context, hit: &Hit) {
    let ui = &context.ui;
    let page = match (hit.page, ui.lang) {
        (None, _) => String::new(),
        (Some(page), Lang::Zh) => format!("　第 {page} 页"),
        (Some(page), Lang::En) => format!("  page {page}"),
    };
    let bold = Style::new().bold();
    let mark = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
    ui.line(format!("{bold}{}{bold:#}{page}　{}", hit.code, hit.title));
    let about: Vec<&str> = [hit.number.as_str(), &hit.responsible, &hit.date]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    ui.line(format!("  {}", about.join("　")));
    // Brackets show the marks where there is no colour.
    ui.line(format!("  {}", hit.snippet.marked(&format!("{mark}【"), &format!("】{mark:#}"))));
    ui.line("");
}
