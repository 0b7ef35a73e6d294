//! The storeroom (库房): rooms, shelves and boxes, where volumes stand and were moved, the air of a year, the calendar of
//! checks. What is entered here is judged by the register as the command's entries are (H1 to H3, X3).

use archive_core::profile::Storeroom;
use archive_core::storeroom::Address;
use archive_core::storeroom::calendar::{self, Check, State};
use archive_core::storeroom::climate::{Day, Reading, Year};
use archive_core::storeroom::logger;
use archive_core::text;
use archive_core::text::Text;
use archive_store::{Moved, Repository, Room, Shelf, Stocktake, StorageBox};
use askama::Template;
use chrono::{Datelike as _, NaiveDate};
use serde::Serialize;

use super::chart::{self, Panel};
use crate::answer::{Answer, segment};
use crate::failure::Failure;
use crate::frame::Frame;
use crate::pages::Turn;
use crate::routes::SERVES;
use crate::site::Site;
use crate::version::Version;
use crate::visit::Visit;

/// The latest moves that are shown.
const MOVES: usize = 20;
/// Days of figures on a page.
const DAYS: usize = 62;

/// What the page of all rooms is made of.
const TABLES: [&str; 7] = ["room", "shelf", "box", "place", "volume", "disinfection", "stocktake"];

/// A word for it.
fn version(repository: &Repository) -> Result<Version, Failure> {
    Version::of_tables(repository, &TABLES)
}

#[derive(Debug, Serialize)]
struct Line {
    #[serde(flatten)]
    room: Room,
    shelves: usize,
    volumes: usize,
    #[serde(rename = "url")]
    to: String,
}

#[derive(Debug, Serialize)]
struct Due {
    #[serde(flatten)]
    check: Check,
    #[serde(skip)]
    what: String,
    #[serde(skip)]
    said: String,
    #[serde(skip)]
    word: String,
    is_overdue: bool,
}

#[derive(Debug, Serialize)]
struct Count {
    #[serde(rename = "url")]
    to: String,
    number: String,
    day: String,
    scope: String,
    expected: usize,
    found: usize,
    differences: usize,
    closed: bool,
}

#[derive(Template, Serialize)]
#[template(path = "staff/storeroom.html")]
struct Page {
    #[serde(skip)]
    frame: Frame,
    rooms: Vec<Line>,
    unplaced: usize,
    year: i32,
    checks: Vec<Due>,
    counts: Vec<Count>,
    moves: Vec<Moved>,
    version: Version,
    #[serde(skip)]
    may_change: bool,
}

/// All rooms, what is to be checked in this year, and what was moved lately.
pub(crate) fn page(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let (today, limits) = (visit.today(), site.settings.profile.storeroom);
    let year = today.year();
    let page = site.read(|repository| {
        let (shelves, places) = (repository.shelves()?, repository.places()?);
        let line = |room: Room| Line {
            shelves: shelves.iter().filter(|shelf| shelf.room == room.code).count(),
            volumes: places
                .iter()
                .filter(|place| place.address.as_ref().is_some_and(|address| address.room == room.code))
                .count(),
            to: format!("/staff/storeroom/{}", segment(&room.code)),
            room,
        };
        let rooms: Vec<Line> = repository.rooms()?.into_iter().map(line).collect();
        let checks = if rooms.is_empty() {
            Vec::new()
        } else {
            calendar::of_year(year, &repository.storeroom_done(year, today, limits)?, today)
        };
        let mut moves = repository.moves(None)?;
        moves.reverse();
        moves.truncate(MOVES);
        let mut counts: Vec<Count> = repository.stocktakes()?.iter().map(count).collect();
        counts.reverse();
        counts.truncate(MOVES);
        Ok(Page {
            frame: visit.frame(&Text::fixed("库房", "Storeroom")),
            unplaced: places.iter().filter(|place| place.address.is_none()).count(),
            rooms,
            year,
            checks: checks.into_iter().map(|check| due(visit, check)).collect(),
            counts,
            moves,
            version: version(repository)?,
            may_change: visit.may(SERVES),
        })
    })?;
    visit.show(&page, &page)
}

fn due(visit: &Visit, check: Check) -> Due {
    Due {
        what: visit.say(&check.what),
        said: visit.say(&check.said),
        word: visit.say(&check.state.word()),
        is_overdue: check.state == State::Overdue,
        check,
    }
}

fn count(one: &Stocktake) -> Count {
    Count {
        to: format!("/staff/stocktake/{}", segment(&one.number)),
        number: one.number.clone(),
        day: one.day.clone(),
        scope: one.scope.clone(),
        expected: one.comparison.expected,
        found: one.comparison.found,
        differences: one.comparison.differences.len(),
        closed: one.closed.is_some(),
    }
}

/// Enters something: a room, a shelf, a box, a place, a disinfection, a count.
pub(crate) fn act(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let (today, reason) = (visit.today(), visit.field("reason"));
    let code = || visit.needed("code", &Text::fixed("编号", "the number"), 40);
    match visit.field("what") {
        "room" => {
            let (code, name) = (code()?, visit.field("name").chars().take(80).collect::<String>());
            let since = visit.day("since")?.unwrap_or(today);
            site.change(visit, version, |change| Ok(change.add_room(&code, &name, since)?))?;
        }
        "place" => {
            let to = match visit.field("to") {
                "" => None,
                written => Some(address(written)?),
            };
            let volumes = volumes(site, visit)?;
            site.change(visit, version, |change| {
                for (fonds, code) in &volumes {
                    change.place_volume(fonds, code, to.as_ref(), reason)?;
                }
                Ok(())
            })?;
        }
        "box" => {
            let (code, to) = (code()?, address(visit.field("to"))?);
            site.change(visit, version, |change| Ok(change.move_box(&code, &to, reason)?))?;
        }
        "disinfect" => {
            let volumes = volumes(site, visit)?;
            let method = visit.needed("method", &Text::fixed("方法", "how"), 80)?;
            let day = visit.day("on")?.unwrap_or(today);
            site.change(visit, version, |change| Ok(change.disinfect(&volumes, None, day, &method)?))?;
        }
        _ => return Err(Failure::refused(Text::fixed("没有选办什么", "choose what to do"))),
    }
    visit.done("/staff/storeroom", &Text::fixed("已登记", "registered"))
}

/// A place as people write it.
pub(super) fn address(written: &str) -> Result<Address, Failure> {
    written.parse().map_err(|_| {
        Failure::refused(text!(
            "“{written}”不是库位；写作 库房/架/层，如 1/A03/2",
            "{written} is no place: write room/shelf/level, e.g. 1/A03/2"
        ))
    })
}

/// The volumes a form names by their codes.
fn volumes(site: &Site, visit: &Visit) -> Result<Vec<(String, String)>, Failure> {
    let written = visit.field("codes").split(['\n', '\r', '，', ',', '、', '；', ';', ' ']);
    let codes: Vec<&str> = written.map(str::trim).filter(|code| !code.is_empty()).collect();
    if codes.is_empty() {
        return Err(Failure::refused(Text::fixed("没有写档号", "no code is given")));
    }
    site.read(|repository| {
        let mut volumes = Vec::new();
        for code in codes {
            let known = repository.volumes_called(code)?;
            let one = known.into_iter().next().ok_or_else(|| {
                Failure::refused(text!("没有档号为 {code} 的案卷", "there is no volume {code}"))
            })?;
            volumes.push((one.fonds, one.code));
        }
        Ok(volumes)
    })
}

#[derive(Debug, Serialize)]
struct Standing {
    #[serde(flatten)]
    shelf: Shelf,
    volumes: usize,
}

#[derive(Template, Serialize)]
#[template(path = "staff/room.html")]
struct RoomPage {
    #[serde(skip)]
    frame: Frame,
    #[serde(flatten)]
    room: Room,
    year: i32,
    #[serde(skip)]
    years: Vec<i32>,
    #[serde(skip)]
    panels: Vec<Panel>,
    air: Option<Year>,
    days_missing: i64,
    days_outside: usize,
    temperature: [f64; 2],
    humidity: [f64; 2],
    shelves: Vec<Standing>,
    boxes: Vec<StorageBox>,
    version: Version,
    #[serde(skip)]
    turn: Turn,
    #[serde(skip)]
    may_change: bool,
}

impl RoomPage {
    /// The days whose figures are on this page.
    fn shown(&self) -> &[Day] {
        self.air.as_ref().and_then(|air| air.days.get(self.turn.range())).unwrap_or_default()
    }
}

/// What the page of a room is made of.
fn room_version(repository: &Repository) -> Result<Version, Failure> {
    Version::of_tables(repository, &["room", "shelf", "box", "reading"])
}

fn room_of(repository: &Repository, code: &str) -> Result<Room, Failure> {
    repository.rooms()?.into_iter().find(|room| room.code == code).ok_or(Failure::NotFound)
}

/// One room: its air in a year, its shelves and boxes.
pub(crate) fn room(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let today = visit.today();
    let limits = site.settings.profile.storeroom;
    let page = site.read(|repository| {
        let room = room_of(repository, visit.part("room"))?;
        let since = repository.readings(Some(&room.code), NaiveDate::MIN, today)?;
        let first = since.first().map_or(today.year(), |kept| kept.reading.day.year());
        let years: Vec<i32> = (first..=today.year()).rev().take(30).collect();
        let asked = visit.asked("year").and_then(|year| year.parse().ok());
        let latest = since.last().map_or(today.year(), |kept| kept.reading.day.year());
        let year = asked.filter(|year| years.contains(year)).unwrap_or(latest);
        let air = repository.air_of(&room, year, today, limits)?;
        let places = repository.places()?;
        let standing = |shelf: Shelf| Standing {
            volumes: places
                .iter()
                .filter_map(|place| place.address.as_ref())
                .filter(|at| at.room == shelf.room && at.shelf.as_deref() == Some(&shelf.code))
                .count(),
            shelf,
        };
        let boxes = repository.boxes()?.into_iter().filter(|one| one.address.room == room.code);
        let shelves = repository.shelves()?.into_iter().filter(|shelf| shelf.room == room.code);
        let (code, name) = (&room.code, &room.name);
        let Storeroom { temperature, humidity } = limits;
        Ok(RoomPage {
            frame: visit.frame(&text!("库房 {code} {name}", "Room {code} {name}")),
            years,
            panels: air
                .as_ref()
                .map(|air| chart::panels(visit.lang, year, air, temperature, humidity))
                .unwrap_or_default(),
            days_missing: air.as_ref().map_or(0, Year::days_missing),
            days_outside: air.as_ref().map_or(0, |air| air.outside().count()),
            turn: Turn::of(visit, air.as_ref().map_or(0, |air| air.days.len()), DAYS),
            air,
            year,
            temperature,
            humidity,
            shelves: shelves.map(standing).collect(),
            boxes: boxes.collect(),
            version: room_version(repository)?,
            may_change: visit.may(SERVES),
            room,
        })
    })?;
    visit.show(&page, &page)
}

/// Enters a reading, a shelf or a box of a room.
pub(crate) fn act_in_room(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let room = site.read(|repository| room_of(repository, visit.part("room")))?;
    let code = || visit.needed("code", &Text::fixed("编号", "the number"), 40);
    match visit.field("what") {
        "reading" => {
            let reading = reading(visit)?;
            // A reading is added to the others, whoever reads at the same moment.
            let new = |_: &Repository| Ok(Version::of_something_new());
            let done = site.change(visit, new, |change| {
                Ok(change.add_readings(&room.code, &[reading], "手工登记")?)
            })?;
            if let Some(moment) = done.differing.first() {
                return Err(Failure::refused(text!(
                    "{moment} 已有不同的记录，保留原记录",
                    "there is another reading of {moment}, which was kept"
                )));
            }
        }
        "shelf" => {
            let levels = visit.field("levels").parse().unwrap_or(0);
            let shelf = Shelf {
                room: room.code.clone(),
                code: code()?,
                levels,
                capacity: visit.field("capacity").parse().ok(),
                note: visit.field("note").chars().take(200).collect(),
            };
            site.change(visit, room_version, |change| Ok(change.add_shelf(&shelf)?))?;
        }
        "box" => {
            let code = code()?;
            let label: String = visit.field("label").chars().take(200).collect();
            let at = address(visit.field("to"))?;
            site.change(visit, room_version, |change| Ok(change.add_box(&code, &label, &at)?))?;
        }
        _ => return Err(Failure::refused(Text::fixed("没有选办什么", "choose what to do"))),
    }
    visit.done(&format!("/staff/storeroom/{}", segment(&room.code)), &Text::fixed("已登记", "registered"))
}

/// A reading as it was typed.
fn reading(visit: &Visit) -> Result<Reading, Failure> {
    let number = |name: &str| {
        let written = visit.field(name);
        logger::value(written)
            .map_err(|written| Failure::refused(text!("“{written}”不是数值", "“{written}” is no number")))
    };
    let time = visit.field("time");
    let reading = Reading {
        day: visit.day("on")?.unwrap_or_else(|| visit.today()),
        time: logger::clock(time),
        temperature: number("temperature")?,
        humidity: number("humidity")?,
    };
    if !time.is_empty() && reading.time.is_none() {
        return Err(Failure::refused(text!("“{time}”不是时刻", "{time} is no time of day")));
    }
    if !reading.is_possible() {
        return Err(Failure::refused(Text::fixed(
            "没有写温度和湿度，或者数值不可能",
            "no temperature or humidity, or one that can't be",
        )));
    }
    if reading.day > visit.today() {
        return Err(Failure::refused(Text::fixed(
            "日期在今天之后，不能预先登记",
            "the day lies ahead: readings aren't entered before they are taken",
        )));
    }
    Ok(reading)
}
