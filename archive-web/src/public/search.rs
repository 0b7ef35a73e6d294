//! One box to type in: what is found, how it is spread, and how to narrow it down.

use archive_core::model::OpeningState;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_index::search::{Facet, Filter, FilterField, Hit, Search, Snippet, Sort};
use askama::Template;
use serde::Serialize;

use crate::answer::{Answer, query, segment};
use crate::failure::Failure;
use crate::frame::Frame;
use crate::shelves::Shelves;
use crate::site::Site;
use crate::visit::Visit;
use crate::words;

/// Hits on a page.
const EACH: usize = 20;
/// The most characters of a query.
const LONGEST: usize = 300;
/// The most filters at once: each is a link on the page, and each link repeats them all.
const MOST: usize = 40;
/// So far one can turn the pages; who needs more narrows it down.
const DEEPEST: usize = 5000;
/// So many values of a facet are shown.
const SHOWN: usize = 12;
/// Suggestions at a time.
const SUGGESTED: usize = 8;

/// The filters: their names in the address, and what each looks at.
static FILTERS: [(&str, FilterField, Text); 7] = [
    ("fonds", FilterField::Fonds, Text::fixed("全宗", "Fonds")),
    ("year", FilterField::Year, Text::fixed("年度", "Year")),
    ("period", FilterField::Period, Text::fixed("保管期限", "Retention period")),
    ("type", FilterField::Type, Text::fixed("文种", "Type")),
    ("body", FilterField::Body, Text::fixed("责任者", "Responsible body")),
    ("section", FilterField::Section, Text::fixed("归档机构", "Section")),
    ("opening", FilterField::Opening, Text::fixed("开放状态", "Opening state")),
];

/// A piece of text, marked or not.
#[derive(Debug, Serialize)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) marked: bool,
}

/// A hit, as it is shown.
#[derive(Debug, Serialize)]
struct Shown {
    address: String,
    code: String,
    title: Vec<Piece>,
    number: String,
    date: String,
    responsible: String,
    page: Option<u32>,
    score: f32,
    snippet: Vec<Piece>,
}

/// A value of a facet.
#[derive(Debug, Serialize)]
struct Choice {
    value: String,
    /// The same in the reader's language.
    #[serde(skip)]
    said: String,
    count: usize,
    chosen: bool,
    #[serde(skip)]
    to: String,
}

#[derive(Debug, Serialize)]
struct Choices {
    name: &'static str,
    #[serde(skip)]
    title: String,
    values: Vec<Choice>,
    more: usize,
}

#[derive(Debug, Serialize)]
struct Fonds {
    code: String,
    institution: String,
    items: usize,
}

#[derive(Template, Serialize)]
#[template(path = "search.html")]
struct Page {
    #[serde(skip)]
    frame: Frame,
    query: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mistake: Option<String>,
    /// What to do about a query that is wrong, or that found nothing and may be.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
    searched: bool,
    no_index: bool,
    total: usize,
    items: usize,
    from: usize,
    to: usize,
    hits: Vec<Shown>,
    near: Vec<Shown>,
    facets: Vec<Choices>,
    #[serde(skip)]
    chosen: Vec<(String, String, String)>,
    #[serde(skip)]
    hidden: Vec<(String, String)>,
    #[serde(skip)]
    sorts: Vec<(&'static str, String, bool)>,
    #[serde(skip)]
    before: Option<String>,
    #[serde(skip)]
    after: Option<String>,
    fonds: Vec<Fonds>,
}

/// The search, and what it found.
pub(crate) fn page(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let typed = visit.asked("q").unwrap_or_default().to_owned();
    let shelves = site.shelves(visit.asker())?;
    let title = if typed.is_empty() {
        Text::fixed("检索", "Search")
    } else {
        text!("检索：{typed}", "Search: {typed}")
    };
    let mut page = Page {
        frame: visit.frame(&title),
        query: typed.clone(),
        mistake: None,
        advice: None,
        searched: false,
        no_index: false,
        total: 0,
        items: 0,
        from: 0,
        to: 0,
        hits: Vec::new(),
        near: Vec::new(),
        facets: Vec::new(),
        chosen: Vec::new(),
        hidden: Vec::new(),
        sorts: Vec::new(),
        before: None,
        after: None,
        fonds: Vec::new(),
    };
    if typed.is_empty() {
        page.fonds = shelves
            .all()
            .into_iter()
            .map(|fonds| Fonds {
                code: fonds.institution.fonds.clone(),
                institution: fonds.institution.name.clone(),
                items: fonds.items(),
            })
            .collect();
        return visit.show(&page, &page);
    }
    if typed.chars().count() > LONGEST {
        page.mistake = Some(visit.say(&text!("检索词超过 {LONGEST} 字", "longer than {LONGEST} characters")));
        return visit.show(&page, &page);
    }
    if visit.query.iter().filter(|(name, _)| is_filter(name)).count() > MOST {
        page.mistake =
            Some(visit.say(&text!(
                "筛选条件超过 {MOST} 个，请去掉一些",
                "more than {MOST} filters: take some away"
            )));
        return visit.show(&page, &page);
    }
    let mut search = match Search::new(visit.asker(), &typed) {
        Ok(search) => search,
        Err(error) => {
            page.mistake = Some(visit.say(&error.message));
            page.advice = Some(visit.say(&error.help));
            return visit.show(&page, &page);
        }
    };
    let marker = search.clone();
    for (name, field, _) in &FILTERS {
        for value in visit.query.iter().filter(|(known, value)| known == name && !value.is_empty()) {
            match Filter::read(*field, &value.1) {
                Ok(filter) => search = search.filter(filter),
                Err(said) => page.mistake = Some(visit.say(&said)),
            }
        }
    }
    let sort = match visit.asked("sort") {
        Some("date") => Sort::DateOldest,
        Some("-date") => Sort::DateNewest,
        Some("code") => Sort::Code,
        _ => Sort::Relevance,
    };
    let skip = visit.number("from").unwrap_or(0).min(DEEPEST) / EACH * EACH;
    let near = if skip == 0 { 5 } else { 0 };
    let Some(index) = site.index()? else {
        page.no_index = true;
        return visit.show(&page, &page);
    };
    let found = index.search(&search.sort(sort).skip(skip).limit(EACH).near(near).facets())?;
    let shown = |hit: &Hit| shown(hit, &shelves, &marker);
    page.searched = true;
    page.total = found.total;
    if let (0, Some((doubt, help))) = (found.total, marker.doubt()) {
        page.advice = Some(format!("{} {}", visit.say(&doubt), visit.say(&help)));
    }
    page.items = found.records;
    page.hits = found.hits.iter().filter_map(shown).collect();
    page.near = found.near.iter().filter_map(shown).collect();
    page.from = if page.hits.is_empty() { 0 } else { skip + 1 };
    page.to = skip + page.hits.len();
    page.facets = FILTERS.iter().filter_map(|line| choices(visit, line, &found.facets)).collect();
    page.chosen = chosen(visit);
    page.hidden = visit.query.iter().filter(|(name, _)| is_filter(name)).cloned().collect();
    let sorts = [
        ("", Text::fixed("最相关", "best match")),
        ("date", Text::fixed("日期（早→晚）", "oldest first")),
        ("-date", Text::fixed("日期（晚→早）", "newest first")),
        ("code", Text::fixed("档号", "code")),
    ];
    page.sorts = sorts
        .into_iter()
        .map(|(name, word)| (name, visit.say(&word), visit.asked("sort").unwrap_or_default() == name))
        .collect();
    page.before = (skip > 0).then(|| with(visit, "from", Some(&(skip - EACH).to_string())));
    let more = page.to < found.total && page.to < DEEPEST && !page.hits.is_empty();
    page.after = more.then(|| with(visit, "from", Some(&page.to.to_string())));
    visit.show(&page, &page)
}

fn is_filter(name: &str) -> bool {
    FILTERS.iter().any(|(known, ..)| *known == name)
}

/// A hit whose record is on the shelves of who asks. One that isn't was closed since the index was made.
fn shown(hit: &Hit, shelves: &Shelves, marker: &Search) -> Option<Shown> {
    let card = shelves.card(hit.id)?;
    let title = if card.title.is_empty() { &hit.title } else { &card.title };
    Some(Shown {
        address: segment(&card.address),
        code: card.code.clone().unwrap_or_default(),
        title: pieces(title, &marker.marks(title)),
        number: hit.number.clone(),
        date: hit.date.clone(),
        responsible: hit.responsible.clone(),
        page: hit.page,
        score: hit.score,
        snippet: of_snippet(&hit.snippet),
    })
}

fn of_snippet(snippet: &Snippet) -> Vec<Piece> {
    let mut all = pieces(&snippet.text, &snippet.marks);
    let gap = || Piece { text: "…".to_owned(), marked: false };
    if snippet.cut_before {
        all.insert(0, gap());
    }
    if snippet.cut_after {
        all.push(gap());
    }
    all
}

/// A text cut at its marks.
pub(crate) fn pieces(text: &str, marks: &[std::ops::Range<usize>]) -> Vec<Piece> {
    let mut all = Vec::new();
    let mut done = 0;
    let mut push = |text: Option<&str>, marked| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            all.push(Piece { text: text.to_owned(), marked });
        }
    };
    for mark in marks {
        push(text.get(done..mark.start), false);
        push(text.get(mark.clone()), true);
        done = mark.end;
    }
    push(text.get(done..), false);
    all
}

fn choices(visit: &Visit, line: &(&'static str, FilterField, Text), facets: &[Facet]) -> Option<Choices> {
    let (name, field, title) = line;
    // The public sees one opening state, and sections are the office's own business.
    if visit.worker.is_none() && matches!(field, FilterField::Opening | FilterField::Section) {
        return None;
    }
    let facet = facets.iter().find(|facet| facet.field == *field)?;
    let mut values: Vec<Choice> = facet
        .values
        .iter()
        .map(|(value, count)| {
            let chosen = visit.query.iter().any(|(known, asked)| known == name && asked == value);
            let to = if chosen { without(visit, name, value) } else { and(visit, name, value) };
            Choice { said: said(visit, *field, value), value: value.clone(), count: *count, chosen, to }
        })
        .collect();
    let more = values.len().saturating_sub(SHOWN);
    values.truncate(SHOWN);
    (!values.is_empty()).then(|| Choices { name, title: visit.say(title), values, more })
}

const ALL_STATES: [OpeningState; 4] =
    [OpeningState::Unreviewed, OpeningState::Open, OpeningState::Controlled, OpeningState::Postponed];

/// A value of a filter in the reader's language, where it is a word of the rules; what stands on paper stays.
fn said(visit: &Visit, field: FilterField, value: &str) -> String {
    let word = match field {
        FilterField::Period => value.parse().ok().map(words::period),
        FilterField::Opening => {
            ALL_STATES.into_iter().find(|state| state.word() == value).map(words::opening)
        }
        _ => None,
    };
    word.map_or_else(|| value.to_owned(), |word| visit.say(&word))
}

/// The filters that hold, each with the way back.
fn chosen(visit: &Visit) -> Vec<(String, String, String)> {
    visit
        .query
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .filter_map(|(name, value)| {
            let (_, field, title) = FILTERS.iter().find(|(known, ..)| known == name)?;
            Some((visit.say(title), said(visit, *field, value), without(visit, name, value)))
        })
        .collect()
}

/// The address of this page with one value set, or taken away.
pub(crate) fn with(visit: &Visit, name: &str, value: Option<&str>) -> String {
    let mut pairs: Vec<(String, String)> =
        visit.query.iter().filter(|(known, _)| known != name && known != "lang").cloned().collect();
    pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    format!("{}?{}", visit.here.split('?').next().unwrap_or("/"), query(&pairs))
}

fn and(visit: &Visit, name: &str, value: &str) -> String {
    let mut pairs: Vec<(String, String)> =
        visit.query.iter().filter(|(known, _)| known != "from" && known != "lang").cloned().collect();
    pairs.push((name.to_owned(), value.to_owned()));
    format!("/?{}", query(&pairs))
}

fn without(visit: &Visit, name: &str, value: &str) -> String {
    let keep = |(known, asked): &&(String, String)| {
        known != "from" && known != "lang" && !(known == name && asked == value)
    };
    let pairs: Vec<(String, String)> = visit.query.iter().filter(keep).cloned().collect();
    format!("/?{}", query(&pairs))
}

#[derive(Serialize)]
struct Suggested {
    suggestions: Vec<String>,
}

/// What might be meant by what was typed so far: titles of what the asker may see.
pub(crate) fn suggest(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let typed = visit.asked("q").unwrap_or_default();
    let mut suggestions: Vec<String> = Vec::new();
    if (1..=40).contains(&typed.chars().count())
        && let Ok(search) = Search::new(visit.asker(), typed)
        && let Some(index) = site.index()?
    {
        let shelves = site.shelves(visit.asker())?;
        for hit in index.search(&search.limit(40))?.hits {
            let title = shelves.card(hit.id).map(|card| card.title.clone()).unwrap_or_default();
            if !title.is_empty() && !suggestions.contains(&title) && suggestions.len() < SUGGESTED {
                suggestions.push(title);
            }
        }
    }
    Answer::json(200, &Suggested { suggestions })
}

#[derive(Template, Serialize)]
#[template(path = "help.html")]
struct Help {
    #[serde(skip)]
    frame: Frame,
    language: &'static str,
}

/// How to search, and the keys.
pub(crate) fn help(_: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let language = if visit.lang == Lang::Zh { "zh" } else { "en" };
    let page = Help { frame: visit.frame(&Text::fixed("怎样检索", "How to search")), language };
    visit.show(&page, &page)
}
