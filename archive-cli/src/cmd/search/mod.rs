//! `archive search QUERY`: what is there, down to the page, for who asks.
//!
//! After the exact hits come near ones, where a character or two are wrong as recognition gets them. A search
//! can be saved under a name, its hits be written into a spreadsheet, and what is typed be completed.

mod export;
mod saved;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use anstyle::{AnsiColor, Style};
use archive_core::access::Asker;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_index::search::{Facet, Filter, FilterField, Hit, Index, PlaceOnPage, Search, Sort, Suggested};
use archive_store::Repository;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::render::table;
use saved::{SavedSearch, SavedSearches};

/// How many near hits are shown.
const NEAR: usize = 10;
/// The most hits that are written into a spreadsheet.
const MOST: usize = 100_000;

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
        .arg(
            Arg::new("query")
                .required_unless_present_any(["saved", "list-saved", "forget"])
                .num_args(1..)
                .value_name(pick(lang, "检索词", "QUERY"))
                .help(pick(
                    lang,
                    "如：抗洪抢险；“一字不差”；建政办〔2005〕16号；题名:预算 NOT 决算",
                    "e.g. 抗洪抢险; \"an exact phrase\"; 建政办〔2005〕16号; 题名:预算 NOT 决算",
                )),
        )
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
        .args(more(lang))
}

/// What can be done with a search beyond reading its hits.
fn more(lang: Lang) -> [Arg; 9] {
    let name = pick(lang, "名称", "NAME");
    let flag =
        |id: &'static str, zh, en| Arg::new(id).long(id).action(ArgAction::SetTrue).help(pick(lang, zh, en));
    let named = |id: &'static str, zh, en| Arg::new(id).long(id).value_name(name).help(pick(lang, zh, en));
    [
        flag("facets", "按年度、期限、文种等统计件数", "Count the items by year, period, type and so on"),
        flag("exact", "不列近似命中（错一两个字的）", "No near hits, where a character or two are wrong"),
        flag(
            "places",
            "JSON 中给出命中处在页面图像上的位置",
            "Give the places of the words on the page's picture (JSON)",
        ),
        flag("suggest", "不检索，只列出可接着输入的词", "Don't search, list how what was typed could go on"),
        Arg::new("out")
            .long("out")
            .value_name(pick(lang, "文件", "FILE"))
            .value_parser(value_parser!(PathBuf))
            .help(pick(
                lang,
                "把全部命中写成表格（.xlsx 或 .csv）",
                "Write all hits into a spreadsheet (.xlsx or .csv)",
            )),
        named("save", "把这次检索存为此名", "Save this search under a name"),
        named("saved", "重做保存的检索", "Search again what was saved").conflicts_with("query"),
        flag("list-saved", "列出保存的检索", "List the saved searches").conflicts_with("query"),
        named("forget", "删去保存的检索", "Forget a saved search").conflicts_with("query"),
    ]
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
    /// Where the words stand on the picture of the page, in shares of its width and height.
    #[serde(skip_serializing_if = "Option::is_none")]
    places: Option<Vec<archive_index::text::Area>>,
}

#[derive(Serialize)]
struct Found<'a> {
    total: usize,
    items: usize,
    took_ms: f64,
    hits: Vec<HitTold<'a>>,
    near: Vec<HitTold<'a>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    facets: BTreeMap<&'static str, BTreeMap<&'a str, usize>>,
}

#[derive(Serialize)]
struct SuggestionTold {
    text: String,
    kind: &'static str,
    items: usize,
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let repository = context.open()?;
    let mut all_saved = SavedSearches::of(&repository)?;
    if matches.get_flag("list-saved") {
        return list(context, &all_saved);
    }
    if let Some(name) = matches.get_one::<String>("forget") {
        all_saved.get(name)?;
        all_saved.searches.remove(name);
        all_saved.write(&repository)?;
        ui.tell(&text!("已删去“{name}”", "“{name}” is forgotten"));
        ui.json(&serde_json::json!({ "forgotten": name }))?;
        return Ok(Exit::Done);
    }
    let asked = asked(matches, &all_saved)?;
    let asker = match matches.get_one::<String>("as").map(String::as_str) {
        Some("public") => Asker::Public,
        _ => Asker::Staff,
    };
    let index = Index::open(&super::index::folder(&repository))?;
    if matches.get_flag("suggest") {
        return suggest(context, &index, asker, &asked.query);
    }
    let mut search = Search::new(asker, &asked.query)?;
    for (name, field, _, _) in FILTERS {
        if let Some(value) = asked.filters.get(name) {
            let filter = Filter::read(field, value).map_err(|message| {
                CommandError::usage(message, Text::fixed("请改正选项的值", "correct the option's value"))
            })?;
            search = search.filter(filter);
        }
    }
    let sort = match asked.sort.as_deref() {
        Some("date") => Sort::DateOldest,
        Some("-date") => Sort::DateNewest,
        Some("code") => Sort::Code,
        _ => Sort::Relevance,
    };
    let out = matches.get_one::<PathBuf>("out");
    let limit = matches.get_one::<u32>("limit").map_or(20, |limit| *limit as usize);
    search = search.sort(sort).limit(if out.is_some() { MOST } else { limit });
    if !matches.get_flag("exact") {
        search = search.near(NEAR);
    }
    if matches.get_flag("facets") {
        search = search.facets();
    }
    let started = Instant::now();
    let result = index.search(&search)?;
    let took_ms = started.elapsed().as_secs_f64() * 1000.0;
    if let Some(name) = matches.get_one::<String>("save") {
        all_saved.searches.insert(name.clone(), asked.clone());
        all_saved.write(&repository)?;
        ui.note(&text!("已存为“{name}”", "saved as “{name}”"));
    }
    if let Some(path) = out {
        let institution = repository.all_fonds()?.into_iter().next().map(|fonds| fonds.name);
        let hits: Vec<&Hit> = result.hits.iter().chain(&result.near).collect();
        export::write(context, path, &asked.query, &hits, &institution.unwrap_or_default())?;
        let (count, path) = (hits.len(), path.display());
        ui.note(&text!("{count} 处命中已写到 {path}", "{count} hits are in {path}"));
    }

    let shown_hits = result.hits.get(..limit).unwrap_or(&result.hits);
    for hit in shown_hits {
        show(context, hit);
    }
    if !result.near.is_empty() {
        ui.tell(&Text::fixed(
            "近似命中（可能是识别或录入有误）：",
            "near hits (perhaps misread or mistyped):",
        ));
        ui.line("");
    }
    for hit in &result.near {
        show(context, hit);
    }
    show_facets(context, &result.facets);
    let (total, records, shown) = (result.total, result.records, shown_hits.len());
    ui.tell(&match total {
        0 if result.near.is_empty() => Text::fixed("没有找到", "nothing was found"),
        0 => Text::fixed("没有完全一致的，只有近似的", "nothing is exactly so, only nearly"),
        _ if shown < total => text!(
            "共 {total} 处，{records} 件；显示前 {shown} 处（--limit 可增加）；用时 {took_ms:.1} 毫秒",
            "{total} hits in {records} items; the first {shown} are shown (--limit shows more); {took_ms:.1} ms"
        ),
        _ => text!("共 {total} 处，{records} 件；用时 {took_ms:.1} 毫秒", "{total} hits in {records} items; {took_ms:.1} ms"),
    });
    if let (0, Some((doubt, help))) = (total, search.doubt()) {
        ui.tell(&doubt);
        ui.tell(&help);
    }
    let with_places = matches.get_flag("places");
    let told = |hits: &'_ [Hit]| -> Result<Vec<Option<Vec<PlaceOnPage>>>, CommandError> {
        hits.iter()
            .map(|hit| if with_places { places(&repository, &search, hit).map(Some) } else { Ok(None) })
            .collect()
    };
    let (exact_places, near_places) =
        if ui.is_json() { (told(shown_hits)?, told(&result.near)?) } else { Default::default() };
    let facets = result.facets.iter().map(|facet| {
        (word(facet.field), facet.values.iter().map(|(value, count)| (value.as_str(), *count)).collect())
    });
    ui.json(&Found {
        total,
        items: records,
        took_ms: (took_ms * 1000.0).round() / 1000.0,
        hits: shown_hits.iter().zip(exact_places).map(hit_told).collect(),
        near: result.near.iter().zip(near_places).map(hit_told).collect(),
        facets: facets.collect(),
    })?;
    Ok(if total == 0 && result.near.is_empty() { Exit::Findings } else { Exit::Done })
}

/// What is asked: as it was typed, or as it was saved.
fn asked(matches: &ArgMatches, all_saved: &SavedSearches) -> Result<SavedSearch, CommandError> {
    let mut asked = match matches.get_one::<String>("saved") {
        Some(name) => all_saved.get(name)?.clone(),
        None => {
            let words: Vec<&str> =
                matches.get_many::<String>("query").into_iter().flatten().map(String::as_str).collect();
            SavedSearch { query: words.join(" "), ..SavedSearch::default() }
        }
    };
    // What is typed beside a saved search goes before what was saved.
    for (name, ..) in FILTERS {
        if let Some(value) = matches.get_one::<String>(name) {
            asked.filters.insert(name.to_owned(), value.clone());
        }
    }
    if let Some(sort) = matches.get_one::<String>("sort")
        && (asked.sort.is_none()
            || matches.value_source("sort") == Some(clap::parser::ValueSource::CommandLine))
    {
        asked.sort = Some(sort.clone());
    }
    Ok(asked)
}

fn list(context: &Context, all_saved: &SavedSearches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let rows: Vec<Vec<String>> = all_saved
        .searches
        .iter()
        .map(|(name, saved)| {
            let filters = saved.filters.iter().map(|(name, value)| format!("--{name} {value}"));
            vec![name.clone(), saved.query.clone(), filters.collect::<Vec<_>>().join(" ")]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(line.trim_end());
    }
    if rows.is_empty() {
        ui.tell(&Text::fixed("没有保存的检索", "no search is saved"));
    }
    ui.json(all_saved)?;
    Ok(Exit::Done)
}

fn suggest(context: &Context, index: &Index, asker: Asker, typed: &str) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let suggestions = index.suggest(asker, typed, 10)?;
    let kind = |is: Suggested| match is {
        Suggested::Number => "number",
        Suggested::Body => "responsible",
        Suggested::Person => "person",
        Suggested::Phrase => "phrase",
    };
    let rows: Vec<Vec<String>> = suggestions
        .iter()
        .map(|one| {
            let records = one.records;
            let count = text!("{records} 件", "{records} items");
            vec![one.text.clone(), ui.say(&count).to_owned()]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(line);
    }
    let exit = if suggestions.is_empty() { Exit::Findings } else { Exit::Done };
    let told = suggestions.into_iter().map(|one| SuggestionTold {
        text: one.text,
        kind: kind(one.is),
        items: one.records,
    });
    ui.json(&serde_json::json!({ "suggestions": told.collect::<Vec<_>>() }))?;
    Ok(exit)
}

/// Where the words of a hit stand on the picture of its page.
fn places(repository: &Repository, search: &Search, hit: &Hit) -> Result<Vec<PlaceOnPage>, CommandError> {
    let Some(number) = hit.page else { return Ok(Vec::new()) };
    let texts = super::index::texts(repository);
    let files = repository.files(hit.id)?;
    let names: Vec<(&str, &str)> =
        files.iter().map(|file| (file.name.as_str(), file.sha512.as_str())).collect();
    let page = texts.page(&names, number).map_err(|error| CommandError::io(texts.folder(), &error))?;
    Ok(page.map(|(_, page)| search.places(&page)).unwrap_or_default())
}

fn hit_told((hit, places): (&Hit, Option<Vec<PlaceOnPage>>)) -> HitTold<'_> {
    HitTold {
        code: &hit.code,
        title: &hit.title,
        date: &hit.date,
        responsible: &hit.responsible,
        number: &hit.number,
        page: hit.page,
        score: hit.score,
        snippet: hit.snippet.marked("【", "】"),
        places: places.map(|places| places.into_iter().map(|place| place.area).collect()),
    }
}

/// What a facet is called: as the option that filters by it, where there is one.
fn word(field: FilterField) -> &'static str {
    FILTERS.iter().find(|(_, of, ..)| *of == field).map_or("responsible", |(name, ..)| name)
}

/// How the items are spread, a line a field.
fn show_facets(context: &Context, facets: &[Facet]) {
    let ui = &context.ui;
    for facet in facets.iter().filter(|facet| !facet.values.is_empty()) {
        let of = FILTERS.iter().find(|(_, of, ..)| *of == facet.field);
        let name = match (of, ui.lang) {
            (Some((_, _, zh, _)), Lang::Zh) => zh.split('，').next().unwrap_or(zh),
            (None, Lang::Zh) => "责任者",
            (_, Lang::En) => word(facet.field),
        };
        let values: Vec<String> =
            facet.values.iter().map(|(value, count)| format!("{value} {count}")).collect();
        let sign = pick(ui.lang, "：", ": ");
        ui.line(format!("{name}{sign}{}", values.join(pick(ui.lang, "　", "  "))));
    }
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
