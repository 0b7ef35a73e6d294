//! A record: its description, its pages, the words that were searched for where they stand.

use archive_core::text;
use archive_core::text::Text;
use archive_index::search::{PageText, Search};
use archive_index::text::Area;
use askama::Template;
use serde::Serialize;

use super::browse::{Step, way};
use super::picture::leaves;
use super::search::{Piece, pieces, with};
use crate::answer::{Answer, segment};
use crate::failure::Failure;
use crate::frame::Frame;
use crate::pictures::Leaf;
use crate::shelves::Card;
use crate::site::Site;
use crate::visit::Visit;

/// A line of the description.
#[derive(Debug)]
struct Field {
    name: String,
    value: String,
    to: Option<String>,
}

/// A mark on a picture, in thousandths of its width and height.
#[derive(Debug, Serialize)]
struct Mark {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
}

/// The page that is looked at.
#[derive(Debug, Serialize)]
struct Shown {
    number: u32,
    file: String,
    picture: Option<String>,
    #[serde(skip)]
    full: Option<String>,
    marks: Vec<Mark>,
    text: Vec<Piece>,
    #[serde(skip)]
    turn: u32,
    #[serde(skip)]
    zoom: u32,
    #[serde(skip)]
    ways: Vec<Key>,
}

/// Something to do with the page that is looked at: a link, and the key for it.
#[derive(Debug)]
struct Key {
    to: String,
    name: String,
    key: &'static str,
    shown: &'static str,
}

#[derive(Debug, Serialize)]
struct Number {
    number: u32,
    #[serde(skip)]
    to: String,
    hit: bool,
    #[serde(skip)]
    here: bool,
}

#[derive(Template, Serialize)]
#[template(path = "item.html")]
struct Page {
    #[serde(skip)]
    frame: Frame,
    #[serde(skip)]
    steps: Vec<Step>,
    #[serde(flatten)]
    card: Card,
    url: String,
    volume: Option<String>,
    #[serde(skip)]
    fields: Vec<Field>,
    pages_shown: usize,
    pages: Vec<Number>,
    page: Option<Shown>,
    #[serde(skip)]
    query: String,
    citation: String,
    #[serde(skip)]
    review: Option<String>,
}

/// The record at an address.
pub(crate) fn page(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let shelves = site.shelves(visit.asker())?;
    let card = shelves.at(visit.part("address")).ok_or(Failure::NotFound)?;
    let leaves = leaves(site, visit, card.id)?;
    let typed = visit.asked("q").unwrap_or_default().to_owned();
    let marker = Search::new(visit.asker(), &typed).ok();
    let texts = match site.index()? {
        Some(index) => index.pages_of(visit.asker(), &[card.id])?.remove(&card.id).unwrap_or_default(),
        None => Vec::new(),
    };
    let marks = |text: &str| marker.as_ref().map(|search| search.marks(text)).unwrap_or_default();
    let is_hit = |leaf: &&Leaf| !marks(&text_of(&texts, leaf)).is_empty();
    let hits: Vec<u32> = match &marker {
        Some(_) => leaves.iter().filter(is_hit).map(|leaf| leaf.number).collect(),
        None => Vec::new(),
    };
    let numbers: Vec<u32> = leaves.iter().map(|leaf| leaf.number).collect();
    let first = hits.first().or_else(|| numbers.first()).copied().unwrap_or(1);
    let asked = visit.number("page").and_then(|page| u32::try_from(page).ok());
    let at = asked.filter(|page| numbers.contains(page)).unwrap_or(first);
    let url = format!("/a/{}", segment(&card.address));
    let to = |number: u32| with(visit, "page", Some(&number.to_string()));
    let page = match leaves.iter().find(|leaf| leaf.number == at) {
        Some(leaf) => {
            let text = text_of(&texts, leaf);
            let address = segment(&card.address);
            let is_picture = site.pictures.can_show(leaf)?;
            Some(Shown {
                number: at,
                file: leaf.file.name.clone(),
                picture: is_picture.then(|| format!("/picture/{at}/{address}")),
                full: is_picture.then(|| format!("/picture/{at}/{address}?size=full")),
                marks: marker
                    .iter()
                    .flat_map(|search| search.places(&leaf.page))
                    .map(|place| mark(place.area))
                    .collect(),
                text: pieces(&text, &marks(&text)),
                turn: turn(visit),
                zoom: zoom(visit),
                ways: keys(visit, at, &numbers, &hits),
            })
        }
        None => None,
    };
    let pages = numbers
        .iter()
        .map(|&number| Number { number, to: to(number), hit: hits.contains(&number), here: number == at })
        .collect();
    let volume = shelves.volume_of(card);
    let heading = if card.title.is_empty() { card.address.clone() } else { card.title.clone() };
    let page = Page {
        frame: visit.frame(&Text::new(heading.clone(), heading)),
        steps: way(visit, &shelves, &card.fonds, card.year),
        fields: fields(
            visit,
            card,
            volume.map(|volume| {
                let title = volume.title.clone().unwrap_or_default();
                let code = volume.code.clone().unwrap_or_default();
                (format!("{code} {title}"), format!("/volume/{}", segment(&volume.address)))
            }),
        ),
        volume: volume.and_then(|volume| volume.code.clone()),
        pages_shown: leaves.len(),
        pages,
        page,
        query: typed,
        citation: citation(
            visit,
            card,
            &shelves.fonds(&card.fonds).map_or_else(String::new, |fonds| fonds.institution.name.clone()),
        ),
        review: visit.worker.as_ref().map(|_| format!("/staff/opening/{}", card.id.0)),
        card: card.clone(),
        url,
    };
    visit.show(&page, &page)
}

/// What stands on a page: as the index has it, or as it was read.
fn text_of(texts: &[PageText], leaf: &Leaf) -> String {
    let known = texts.iter().find(|page| page.page == leaf.number).map(|page| page.text.clone());
    known.unwrap_or_else(|| leaf.page.text())
}

fn turn(visit: &Visit) -> u32 {
    visit
        .number("turn")
        .and_then(|turn| u32::try_from(turn).ok())
        .filter(|turn| matches!(turn, 90 | 180 | 270))
        .unwrap_or(0)
}

fn zoom(visit: &Visit) -> u32 {
    visit.number("zoom").and_then(|zoom| u32::try_from(zoom).ok()).unwrap_or(1).clamp(1, 4)
}

/// What can be done with the page: links, so that they work without a script, with the keys a script gives them.
fn keys(visit: &Visit, at: u32, numbers: &[u32], hits: &[u32]) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut add = |to: String, name: Text, key: &'static str, shown: &'static str| {
        keys.push(Key { to, name: visit.say(&name), key, shown });
    };
    let page = |number: u32| with(visit, "page", Some(&number.to_string()));
    if let Some(before) = numbers.iter().rev().find(|number| **number < at) {
        add(page(*before), Text::fixed("上一页", "previous page"), "ArrowLeft", "←");
    }
    if let Some(after) = numbers.iter().find(|number| **number > at) {
        add(page(*after), Text::fixed("下一页", "next page"), "ArrowRight", "→");
    }
    let next = hits.iter().find(|hit| **hit > at).or_else(|| hits.first()).filter(|hit| **hit != at);
    if let Some(hit) = next {
        add(page(*hit), Text::fixed("下一处命中", "next hit"), "n", "N");
    }
    let zoom = zoom(visit);
    if zoom < 4 {
        add(with(visit, "zoom", Some(&(zoom + 1).to_string())), Text::fixed("放大", "larger"), "+", "+");
    }
    if zoom > 1 {
        add(with(visit, "zoom", Some(&(zoom - 1).to_string())), Text::fixed("缩小", "smaller"), "-", "−");
    }
    let turned = (turn(visit) + 90) % 360;
    add(with(visit, "turn", Some(&turned.to_string())), Text::fixed("旋转", "turn"), "r", "R");
    keys
}

/// A place on the page in thousandths.
fn mark(area: Area) -> Mark {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "shares of a page, held to it"
    )]
    let share = |of: f32| (of * 1000.0).clamp(0.0, 1000.0).round() as u32;
    Mark { x: share(area.left), y: share(area.top), width: share(area.width), height: share(area.height) }
}

fn fields(visit: &Visit, card: &Card, volume: Option<(String, String)>) -> Vec<Field> {
    let mut fields = Vec::new();
    let mut add = |name: Text, value: String, to: Option<String>| {
        if !value.trim().is_empty() {
            fields.push(Field { name: visit.say(&name), value, to });
        }
    };
    add(Text::fixed("档号", "Code"), card.code.clone().unwrap_or_default(), None);
    add(Text::fixed("文号", "Document number"), card.number.clone(), None);
    add(Text::fixed("责任者", "Responsible"), card.responsible.clone(), None);
    add(Text::fixed("日期", "Date"), card.date.clone(), None);
    add(Text::fixed("文种", "Type"), card.doc_type.clone(), None);
    add(Text::fixed("年度", "Year"), card.year.map(|year| year.to_string()).unwrap_or_default(), None);
    if let Some((name, to)) = volume {
        add(Text::fixed("案卷", "Volume"), name, Some(to));
    }
    add(Text::fixed("页数", "Pages"), card.pages.map(|pages| pages.to_string()).unwrap_or_default(), None);
    if visit.worker.is_some() {
        add(Text::fixed("序号", "Row"), card.row.clone(), None);
        add(Text::fixed("开放状态", "Opening state"), visit.say(&crate::words::opening(card.opening)), None);
    }
    fields
}

/// How a paper names the record (after GB/T 7714, archival material).
fn citation(visit: &Visit, card: &Card, institution: &str) -> String {
    let (code, title) = (card.code.as_deref().unwrap_or(&card.address), &card.title);
    let (bodies, number, date) = (&card.responsible, &card.number, &card.date);
    let number_zh = if number.is_empty() { String::new() } else { format!("：{number}") };
    let number_en = if number.is_empty() { String::new() } else { format!(", {number}") };
    visit.say(&text!(
        "{bodies}. {title}{number_zh}[A]. {institution}档案，{code}. {date}.",
        "{bodies}. {title}{number_en} [A]. Archives of {institution}, {code}. {date}."
    ))
}
