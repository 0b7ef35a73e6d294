//! The catalogue to walk through: fonds, years, volumes and what stands in them.

use archive_core::model::RetentionPeriod;
use archive_core::text;
use archive_core::text::Text;
use askama::Template;
use serde::Serialize;

use crate::answer::{Answer, segment};
use crate::failure::Failure;
use crate::frame::Frame;
use crate::pages::Turn;
use crate::shelves::{Card, Shelves};
use crate::site::Site;
use crate::visit::Visit;
use crate::words;

/// Volumes and items of a year on a page.
const EACH: usize = 100;

/// A line of a list.
#[derive(Debug, Serialize)]
pub(crate) struct Line {
    #[serde(rename = "url")]
    pub(crate) to: String,
    pub(crate) code: String,
    pub(crate) title: String,
    pub(crate) about: String,
    pub(crate) items: usize,
}

/// A step on the way to a page.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) to: String,
    pub(crate) name: String,
}

#[derive(Template, Serialize)]
#[template(path = "list.html")]
struct List {
    #[serde(skip)]
    frame: Frame,
    #[serde(skip)]
    steps: Vec<Step>,
    title: String,
    about: String,
    #[serde(skip)]
    heads: [String; 4],
    lines: Vec<Line>,
    #[serde(skip)]
    loose_title: String,
    items: Vec<Item>,
    #[serde(skip)]
    turn: Turn,
}

/// An item in a list.
#[derive(Debug, Serialize)]
pub(crate) struct Item {
    #[serde(rename = "url")]
    pub(crate) to: String,
    #[serde(flatten)]
    pub(crate) card: Card,
}

impl Item {
    pub(crate) fn of(card: &Card) -> Self {
        Self { to: format!("/a/{}", segment(&card.address)), card: card.clone() }
    }
}

fn step(to: impl Into<String>, name: impl Into<String>) -> Step {
    Step { to: to.into(), name: name.into() }
}

fn first(visit: &Visit) -> Step {
    step("/browse", visit.say(&Text::fixed("目录", "Catalogue")))
}

/// The way to an item or volume.
pub(crate) fn way(visit: &Visit, shelves: &Shelves, fonds: &str, year: Option<i32>) -> Vec<Step> {
    let name = shelves.fonds(fonds).map_or_else(String::new, |fonds| fonds.institution.name.clone());
    let mut steps =
        vec![first(visit), step(format!("/browse/{}", segment(fonds)), format!("{fonds} {name}"))];
    if let Some(year) = year {
        let said = visit.say(&text!("{year} 年", "{year}"));
        steps.push(step(format!("/browse/{}/{year}", segment(fonds)), said));
    }
    steps
}

/// Every fonds.
pub(crate) fn all(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let shelves = site.shelves(visit.asker())?;
    let every = shelves.all();
    let turn = Turn::of(visit, every.len(), EACH);
    let lines: Vec<Line> = every[turn.range()]
        .iter()
        .map(|fonds| {
            let (first, last) = (fonds.years.keys().next(), fonds.years.keys().next_back());
            let about = match (first, last) {
                (Some(first), Some(last)) if first != last => format!("{first}–{last}"),
                (Some(only), _) => only.to_string(),
                _ => String::new(),
            };
            Line {
                to: format!("/browse/{}", segment(&fonds.institution.fonds)),
                code: fonds.institution.fonds.clone(),
                title: fonds.institution.name.clone(),
                about,
                items: fonds.items(),
            }
        })
        .collect();
    let title = Text::fixed("目录", "Catalogue");
    let empty = lines.is_empty();
    let page = List {
        frame: visit.frame(&title),
        steps: Vec::new(),
        title: visit.say(&title),
        about: if empty {
            visit.say(&Text::fixed("还没有开放的档案。", "Nothing is open yet."))
        } else {
            String::new()
        },
        heads: heads(visit, &Text::fixed("全宗号", "Fonds"), &Text::fixed("立档单位", "Institution")),
        lines,
        loose_title: String::new(),
        items: Vec::new(),
        turn,
    };
    visit.show(&page, &page)
}

fn heads(visit: &Visit, code: &Text, title: &Text) -> [String; 4] {
    [
        visit.say(code),
        visit.say(title),
        visit.say(&Text::fixed("说明", "About")),
        visit.say(&Text::fixed("件数", "Items")),
    ]
}

/// The years of a fonds.
pub(crate) fn fonds(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let shelves = site.shelves(visit.asker())?;
    let fonds = shelves.fonds(visit.part("fonds")).ok_or(Failure::NotFound)?;
    let code = &fonds.institution.fonds;
    let turn = Turn::of(visit, fonds.years.len(), EACH);
    let lines = fonds
        .years
        .iter()
        .skip(turn.range().start)
        .take(turn.range().len())
        .map(|(year, of)| {
            let volumes = of.volumes.len();
            let about = if volumes == 0 {
                String::new()
            } else {
                visit.say(&text!("{volumes} 卷", "{volumes} volumes"))
            };
            let unknown = Text::fixed("年度不明", "year unknown");
            Line {
                to: format!("/browse/{}/{year}", segment(code)),
                code: if *year == 0 { String::new() } else { year.to_string() },
                title: if *year == 0 {
                    visit.say(&unknown)
                } else {
                    visit.say(&text!("{year} 年", "{year}"))
                },
                about,
                items: of.cards.len(),
            }
        })
        .collect();
    let name = &fonds.institution.name;
    let title = text!("{code} {name}", "{code} {name}");
    let page = List {
        frame: visit.frame(&title),
        steps: vec![first(visit)],
        title: visit.say(&title),
        about: String::new(),
        heads: heads(visit, &Text::fixed("年度", "Year"), &Text::fixed("名称", "Name")),
        lines,
        loose_title: String::new(),
        items: Vec::new(),
        turn,
    };
    visit.show(&page, &page)
}

/// The volumes of a year, and what stands in none.
pub(crate) fn year(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let shelves = site.shelves(visit.asker())?;
    let fonds = shelves.fonds(visit.part("fonds")).ok_or(Failure::NotFound)?;
    let number: i32 = visit.part("year").parse().map_err(|_| Failure::NotFound)?;
    let year = fonds.years.get(&number).ok_or(Failure::NotFound)?;
    // The volumes first, then what stands in none, as one list cut into pages.
    let (volumes, total) = (year.volumes.len(), year.volumes.len() + year.loose.len());
    let turn = Turn::of(visit, total, EACH);
    let (from, to) = (turn.range().start, turn.range().end);
    let lines = year
        .volumes
        .iter()
        .take(to)
        .skip(from)
        .map(|volume| Line {
            to: format!("/volume/{}", segment(&volume.address)),
            code: volume.code.clone().unwrap_or_default(),
            title: volume.title.clone().unwrap_or_else(|| visit.say(&PART)),
            about: [Some(visit.say(&words::period(volume.period)).as_str()), volume.section.as_deref()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join("　"),
            items: volume.items.len(),
        })
        .collect();
    let items: Vec<Item> = year
        .loose
        .iter()
        .take(to.saturating_sub(volumes))
        .skip(from.saturating_sub(volumes))
        .filter_map(|id| year.cards.get(id))
        .map(Item::of)
        .collect();
    let code = &fonds.institution.fonds;
    let title = text!("{code} · {number} 年", "{code} · {number}");
    let page = List {
        frame: visit.frame(&title),
        steps: way(visit, &shelves, code, None),
        title: visit.say(&title),
        about: String::new(),
        heads: heads(visit, &Text::fixed("档号", "Code"), &Text::fixed("案卷题名", "Volume")),
        lines,
        loose_title: visit.say(&Text::fixed("未入卷的文件", "Items in no volume")),
        items,
        turn,
    };
    visit.show(&page, &page)
}

/// What stands for the title of a volume of which only a part may be seen.
const PART: Text = Text::fixed("（部分开放）", "(open in part)");

#[derive(Template, Serialize)]
#[template(path = "volume.html")]
struct VolumePage {
    #[serde(skip)]
    frame: Frame,
    #[serde(skip)]
    steps: Vec<Step>,
    code: String,
    title: String,
    year: i32,
    period: RetentionPeriod,
    #[serde(skip)]
    period_said: String,
    section: Option<String>,
    total: usize,
    items: Vec<Item>,
    #[serde(skip)]
    turn: Turn,
}

/// A volume and its items.
pub(crate) fn volume(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let shelves = site.shelves(visit.asker())?;
    let (volume, year) = shelves.volume(visit.part("address")).ok_or(Failure::NotFound)?;
    let title = volume.title.clone().unwrap_or_else(|| visit.say(&PART));
    let code = volume.code.clone().unwrap_or_default();
    let turn = Turn::of(visit, volume.items.len(), EACH);
    let shown = volume.items[turn.range()].iter();
    let page = VolumePage {
        frame: visit.frame(&text!("{code} {title}", "{code} {title}")),
        steps: way(visit, &shelves, &volume.fonds, Some(volume.year)),
        code,
        title,
        year: volume.year,
        period: volume.period,
        period_said: visit.say(&words::period(volume.period)),
        section: volume.section.clone(),
        total: volume.items.len(),
        turn,
        items: shown.filter_map(|id| year.cards.get(id)).map(Item::of).collect(),
    };
    visit.show(&page, &page)
}
