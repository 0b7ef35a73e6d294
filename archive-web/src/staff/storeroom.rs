//! The storeroom: rooms and shelves, and the air in them as a chart.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use archive_core::text::Text;
use archive_store::{KeptReading, Room};
use askama::Template;
use chrono::{Days, NaiveDate};
use serde::Serialize;

use crate::answer::{Answer, segment};
use crate::failure::Failure;
use crate::frame::Frame;
use crate::site::Site;
use crate::visit::Visit;

/// So many days are shown, up to the last reading.
const DAYS: u64 = 60;
/// The size of a chart.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 260.0;

/// The mean of a day.
#[derive(Debug, Clone, Copy, Serialize)]
struct Day {
    day: NaiveDate,
    temperature: Option<f64>,
    humidity: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Chart {
    room: String,
    days: Vec<Day>,
    #[serde(skip)]
    temperature: String,
    #[serde(skip)]
    humidity: String,
    #[serde(skip)]
    first: String,
    #[serde(skip)]
    last: String,
}

#[derive(Debug, Serialize)]
struct Line {
    #[serde(flatten)]
    room: Room,
    shelves: usize,
    volumes: usize,
    #[serde(skip)]
    to: String,
}

#[derive(Template, Serialize)]
#[template(path = "staff/storeroom.html")]
struct Page {
    #[serde(skip)]
    frame: Frame,
    rooms: Vec<Line>,
    unplaced: usize,
    chart: Option<Chart>,
}

/// The rooms, and the air in one of them.
pub(crate) fn page(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let page = site.read(|repository| {
        let (rooms, shelves, places) = (repository.rooms()?, repository.shelves()?, repository.places()?);
        let wanted =
            visit.asked("room").map(str::to_owned).or_else(|| rooms.first().map(|room| room.code.clone()));
        let chart = match wanted.filter(|code| rooms.iter().any(|room| room.code == *code)) {
            Some(room) => {
                let from = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default();
                chart(&room, &repository.readings(Some(&room), from, visit.today())?)
            }
            None => None,
        };
        let line = |room: Room| Line {
            shelves: shelves.iter().filter(|shelf| shelf.room == room.code).count(),
            volumes: places
                .iter()
                .filter(|place| place.address.as_ref().is_some_and(|address| address.room == room.code))
                .count(),
            to: format!("/staff/storeroom?room={}", segment(&room.code)),
            room,
        };
        Ok(Page {
            frame: visit.frame(&Text::fixed("库房", "Storeroom")),
            unplaced: places.iter().filter(|place| place.address.is_none()).count(),
            rooms: rooms.into_iter().map(line).collect(),
            chart,
        })
    })?;
    visit.show(&page, &page)
}

/// The last days with readings, each with its means.
fn chart(room: &str, readings: &[KeptReading]) -> Option<Chart> {
    let last = readings.iter().map(|kept| kept.reading.day).max()?;
    let first = last.checked_sub_days(Days::new(DAYS - 1))?;
    let mut by_day: BTreeMap<NaiveDate, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
    for kept in readings.iter().filter(|kept| kept.reading.day >= first) {
        let of = by_day.entry(kept.reading.day).or_default();
        of.0.extend(kept.reading.temperature);
        of.1.extend(kept.reading.humidity);
    }
    #[expect(clippy::cast_precision_loss, reason = "readings of a day are few")]
    let mean = |values: &[f64]| {
        (!values.is_empty()).then(|| (values.iter().sum::<f64>() / values.len() as f64 * 10.0).round() / 10.0)
    };
    let days: Vec<Day> = by_day
        .into_iter()
        .map(|(day, (warm, damp))| Day { day, temperature: mean(&warm), humidity: mean(&damp) })
        .collect();
    let line = |value: fn(&Day) -> Option<f64>, low: f64, high: f64| {
        let mut path = String::new();
        for day in &days {
            let Some(value) = value(day) else { continue };
            #[expect(clippy::cast_precision_loss, reason = "sixty days")]
            let x = (day.day - first).num_days() as f64 / (DAYS - 1) as f64 * (WIDTH - 80.0) + 40.0;
            let y = HEIGHT - 30.0 - ((value - low) / (high - low)).clamp(0.0, 1.0) * (HEIGHT - 60.0);
            let sign = if path.is_empty() { 'M' } else { 'L' };
            // Writing into a string can't fail.
            let _ = write!(path, "{sign}{x:.0} {y:.0}");
        }
        path
    };
    Some(Chart {
        room: room.to_owned(),
        temperature: line(|day| day.temperature, 0.0, 40.0),
        humidity: line(|day| day.humidity, 0.0, 100.0),
        first: first.to_string(),
        last: last.to_string(),
        days,
    })
}
