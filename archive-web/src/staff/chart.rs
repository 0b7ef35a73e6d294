//! A room's year of air as a drawing: one panel for the temperature, one for the humidity, each with the bounds that hold
//! (H1), the range of every day, its mean, and a mark on each day that left the bounds.
//!
//! It is a picture beside tables that say the same: nobody needs it to know on which days the air was wrong.

use std::fmt::Write as _;

use archive_core::storeroom::climate::{Day, Range, Year};
use archive_core::text;
use archive_core::text::{Lang, Text};
use chrono::{Datelike as _, NaiveDate};

/// The size of a panel, in units of the drawing.
pub(super) const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 190.0;
/// The room for figures at its left, and for months below it.
const LEFT: f64 = 44.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 26.0;

/// A figure at the side of a panel, with its line.
#[derive(Debug)]
pub(super) struct Tick {
    pub(super) at: i32,
    pub(super) text: String,
}

/// A panel.
#[derive(Debug)]
pub(super) struct Panel {
    /// What it shows, in words.
    pub(super) title: String,
    /// The same for who can't see it: lowest, highest, how often outside.
    pub(super) summary: String,
    /// Where the bounds lie: top and height.
    pub(super) band: (i32, i32),
    /// The ranges of the days, one outline for each run of days with readings.
    pub(super) ranges: String,
    /// The means, broken where a day is missing.
    pub(super) means: String,
    /// The days that left the bounds: where, and which.
    pub(super) outside: Vec<(i32, i32, String)>,
    pub(super) levels: Vec<Tick>,
    pub(super) months: Vec<Tick>,
}

/// Both panels of a year; none if nothing was read.
pub(super) fn panels(
    lang: Lang,
    year: i32,
    air: &Year,
    temperature: [f64; 2],
    humidity: [f64; 2],
) -> Vec<Panel> {
    let warm = Measure {
        name: Text::fixed("温度 ℃", "Temperature, ℃"),
        unit: "℃",
        bounds: temperature,
        step: 5.0,
        of: |day| day.temperature,
        is_outside: |day| day.too_hot_or_cold,
    };
    let damp = Measure {
        name: Text::fixed("相对湿度 %", "Relative humidity, %"),
        unit: "%",
        bounds: humidity,
        step: 10.0,
        of: |day| day.humidity,
        is_outside: |day| day.too_dry_or_damp,
    };
    [warm, damp].iter().filter_map(|measure| measure.panel(lang, year, air)).collect()
}

/// One of the two things that are measured.
struct Measure {
    name: Text,
    unit: &'static str,
    bounds: [f64; 2],
    /// The distance of the figures at the side.
    step: f64,
    of: fn(&Day) -> Option<Range>,
    is_outside: fn(&Day) -> bool,
}

impl Measure {
    fn panel(&self, lang: Lang, year: i32, air: &Year) -> Option<Panel> {
        let read: Vec<(&Day, Range)> =
            air.days.iter().filter_map(|day| Some((day, (self.of)(day)?))).collect();
        let low = read.iter().map(|(_, range)| range.low).reduce(f64::min)?;
        let high = read.iter().map(|(_, range)| range.high).reduce(f64::max)?;
        let bottom = (low.min(self.bounds[0]) / self.step - 0.2).floor() * self.step;
        let top = (high.max(self.bounds[1]) / self.step + 0.2).ceil() * self.step;
        let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
        let days = f64::from(NaiveDate::from_ymd_opt(year, 12, 31)?.ordinal());
        let x = |day: NaiveDate| LEFT + f64::from(day.ordinal0()) / days * (WIDTH - LEFT - RIGHT);
        let y = |value: f64| TOP + (top - value) / (top - bottom) * (HEIGHT - TOP - BOTTOM);
        let mut ranges = String::new();
        let mut means = String::new();
        for run in runs(&read) {
            outline(&mut ranges, run, x, y);
            for (place, (day, range)) in run.iter().enumerate() {
                let sign = if place == 0 { 'M' } else { 'L' };
                // Writing into a string can't fail.
                let _ = write!(means, "{sign}{:.1} {:.1}", x(day.day), y(range.mean));
            }
        }
        let outside = read.iter().filter(|(day, _)| (self.is_outside)(day));
        let unit = self.unit;
        let outside: Vec<(i32, i32, String)> = outside
            .map(|(day, range)| {
                let (date, low, high) = (day.day, range.low, range.high);
                let at = if range.high > self.bounds[1] { range.high } else { range.low };
                (whole(x(date)), whole(y(at)), format!("{date} {low:.1}–{high:.1} {unit}"))
            })
            .collect();
        let mut levels = Vec::new();
        let mut level = bottom;
        while level <= top + 0.01 {
            levels.push(Tick { at: whole(y(level)), text: format!("{level:.0}") });
            level += self.step;
        }
        let months = (1..=12_u32).filter_map(|month| {
            let day = NaiveDate::from_ymd_opt(year, month, 1)?;
            let text = if lang == Lang::Zh { format!("{month}月") } else { day.format("%b").to_string() };
            Some(Tick { at: whole(x(day)), text })
        });
        let (count, days_read) = (outside.len(), read.len());
        let [least, most] = self.bounds;
        let summary = text!(
            "{first} 起一年：读数 {days_read} 天，{low:.1} 至 {high:.1} {unit}，标准 {least:.0} 至 {most:.0} {unit}，超出 {count} 天",
            "the year from {first}: {days_read} days read, {low:.1} to {high:.1} {unit}, bounds {least:.0} to {most:.0} {unit}, outside on {count} days"
        );
        Some(Panel {
            title: self.name.in_lang(lang).to_owned(),
            summary: summary.in_lang(lang).to_owned(),
            band: (whole(y(most)), whole(y(least) - y(most))),
            ranges,
            means,
            outside,
            levels,
            months: months.collect(),
        })
    }
}

/// Days without a break between them.
fn runs<'a, 'd>(read: &'a [(&'d Day, Range)]) -> impl Iterator<Item = &'a [(&'d Day, Range)]> {
    read.chunk_by(|one, next| one.0.day.succ_opt() == Some(next.0.day))
}

/// The outline of what lies between the lowest and the highest of each day. A day alone gets the width of one.
fn outline(into: &mut String, run: &[(&Day, Range)], x: impl Fn(NaiveDate) -> f64, y: impl Fn(f64) -> f64) {
    let day = (WIDTH - LEFT - RIGHT) / 365.0;
    for (place, (one, range)) in run.iter().enumerate() {
        let sign = if place == 0 { 'M' } else { 'L' };
        let _ = write!(into, "{sign}{:.1} {:.1}", x(one.day), y(range.high));
    }
    if let [(only, range)] = run {
        let (x, high, low) = (x(only.day) + day, y(range.high), y(range.low));
        let _ = write!(into, "L{x:.1} {high:.1}L{x:.1} {low:.1}");
    }
    for (one, range) in run.iter().rev() {
        let _ = write!(into, "L{:.1} {:.1}", x(one.day), y(range.low));
    }
    into.push('Z');
}

#[expect(clippy::cast_possible_truncation, reason = "places within the drawing")]
fn whole(of: f64) -> i32 {
    of.round() as i32
}

#[cfg(test)]
mod tests {
    use archive_core::profile::Storeroom;
    use archive_core::storeroom::climate::Reading;

    use super::*;

    fn reading(month: u32, day: u32, temperature: f64) -> Reading {
        let day = NaiveDate::from_ymd_opt(2005, month, day).unwrap();
        Reading { day, time: None, temperature: Some(temperature), humidity: None }
    }

    #[test]
    fn a_missing_day_breaks_the_line_and_a_hot_one_is_marked() {
        let readings = [reading(1, 1, 18.0), reading(1, 2, 19.0), reading(1, 4, 31.0)];
        let limits = Storeroom::default();
        let (from, to) = (readings[0].day, NaiveDate::from_ymd_opt(2005, 1, 31).unwrap());
        let air = Year::of(&readings, from, to, limits);
        let panels = panels(Lang::En, 2005, &air, limits.temperature, limits.humidity);
        assert_eq!(panels.len(), 1, "nothing is known of the humidity");
        let panel = &panels[0];
        assert_eq!(panel.means.matches('M').count(), 2, "{}", panel.means);
        assert_eq!(panel.outside.len(), 1);
        assert!(panel.outside[0].2.starts_with("2005-01-04 31.0"), "{:?}", panel.outside);
        assert!(panel.summary.contains("outside on 1 days"), "{}", panel.summary);
        assert_eq!(panel.months.len(), 12);
        let top = panel.levels.last().unwrap();
        assert_eq!(top.text, "35", "the highest reading lies within the panel");
    }
}
