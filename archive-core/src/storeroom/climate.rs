//! A room's year of air: 14 to 24 degrees C, 45 to 60 per cent, measured every day (H1).
//!
//! Whatever an instrument gave, people ask three things of a year: on which days was nobody looking, on
//! which days was the air wrong, and how did it go. [`Year::of`] answers all three from the readings.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::profile::Storeroom;

/// One reading.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The day.
    pub day: NaiveDate,
    /// The time of day, if it was noted.
    pub time: Option<NaiveTime>,
    /// Degrees C.
    pub temperature: Option<f64>,
    /// Relative humidity in per cent.
    pub humidity: Option<f64>,
}

/// Values beyond these are a broken instrument or a slip of the pen, not air.
pub const POSSIBLE_TEMPERATURE: [f64; 2] = [-40.0, 60.0];
/// The same for humidity.
pub const POSSIBLE_HUMIDITY: [f64; 2] = [0.0, 100.0];

impl Reading {
    /// Whether a room can have this air at all.
    pub fn is_possible(&self) -> bool {
        let within = |value: Option<f64>, [low, high]: [f64; 2]| {
            value.is_none_or(|value| value.is_finite() && (low..=high).contains(&value))
        };
        (self.temperature.is_some() || self.humidity.is_some())
            && within(self.temperature, POSSIBLE_TEMPERATURE)
            && within(self.humidity, POSSIBLE_HUMIDITY)
    }
}

/// The lowest, the highest and the mean of a day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Range {
    /// Lowest.
    pub low: f64,
    /// Highest.
    pub high: f64,
    /// Mean of the readings.
    pub mean: f64,
}

impl Range {
    fn of(values: &[f64]) -> Option<Self> {
        let first = *values.first()?;
        let (low, high, sum) =
            values.iter().fold((first, first, 0.0), |(low, high, sum): (f64, f64, f64), value| {
                (low.min(*value), high.max(*value), sum + value)
            });
        #[allow(clippy::cast_precision_loss)] // readings of a day
        Some(Self { low, high, mean: sum / values.len() as f64 })
    }

    fn is_outside(self, [low, high]: [f64; 2]) -> bool {
        self.low < low || self.high > high
    }
}

/// A day's air.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Day {
    /// The day.
    pub day: NaiveDate,
    /// How many readings.
    pub readings: usize,
    /// Degrees C.
    pub temperature: Option<Range>,
    /// Per cent.
    pub humidity: Option<Range>,
    /// Whether the temperature left its bounds.
    pub too_hot_or_cold: bool,
    /// Whether the humidity left its bounds.
    pub too_dry_or_damp: bool,
}

/// Days without a break, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
}

impl Gap {
    /// How many days.
    pub fn count(self) -> i64 {
        (self.to - self.from).num_days() + 1
    }
}

/// A room's air over some time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Year {
    /// The days with readings, in order.
    pub days: Vec<Day>,
    /// The days without, run together.
    pub missing: Vec<Gap>,
}

impl Year {
    /// Judges readings from `from` to `to`, both included; readings of other days are left aside.
    pub fn of(readings: &[Reading], from: NaiveDate, to: NaiveDate, limits: Storeroom) -> Self {
        let mut by_day: BTreeMap<NaiveDate, (usize, Vec<f64>, Vec<f64>)> = BTreeMap::new();
        for reading in readings.iter().filter(|reading| (from..=to).contains(&reading.day)) {
            let (count, temperatures, humidities) = by_day.entry(reading.day).or_default();
            *count += 1;
            temperatures.extend(reading.temperature);
            humidities.extend(reading.humidity);
        }
        let days: Vec<Day> = by_day
            .into_iter()
            .map(|(day, (readings, temperatures, humidities))| {
                let (temperature, humidity) = (Range::of(&temperatures), Range::of(&humidities));
                Day {
                    day,
                    readings,
                    temperature,
                    humidity,
                    too_hot_or_cold: temperature.is_some_and(|range| range.is_outside(limits.temperature)),
                    too_dry_or_damp: humidity.is_some_and(|range| range.is_outside(limits.humidity)),
                }
            })
            .collect();
        let mut missing: Vec<Gap> = Vec::new();
        let mut next = from;
        for day in days.iter().map(|day| day.day).chain(to.succ_opt()) {
            if day > next
                && let Some(last) = day.checked_sub_days(Days::new(1))
            {
                missing.push(Gap { from: next, to: last });
            }
            next = day.succ_opt().unwrap_or(day);
        }
        Self { days, missing }
    }

    /// How many days nobody looked.
    pub fn days_missing(&self) -> i64 {
        self.missing.iter().map(|days| days.count()).sum()
    }

    /// The days on which the air was wrong.
    pub fn outside(&self) -> impl Iterator<Item = &Day> {
        self.days.iter().filter(|day| day.too_hot_or_cold || day.too_dry_or_damp)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(ordinal: u32) -> NaiveDate {
        NaiveDate::from_yo_opt(2004, ordinal).unwrap()
    }

    fn reading(ordinal: u32, temperature: f64, humidity: f64) -> Reading {
        Reading { day: day(ordinal), time: None, temperature: Some(temperature), humidity: Some(humidity) }
    }

    #[test]
    fn the_bounds_themselves_are_inside() {
        let readings =
            [reading(1, 14.0, 45.0), reading(2, 24.0, 60.0), reading(3, 24.1, 50.0), reading(4, 20.0, 44.9)];
        let year = Year::of(&readings, day(1), day(4), Storeroom::default());
        let outside: Vec<NaiveDate> = year.outside().map(|day| day.day).collect();
        assert_eq!(outside, [day(3), day(4)]);
        assert!(year.missing.is_empty());
    }

    #[test]
    fn a_day_is_judged_by_its_worst_reading_and_missing_days_run_together() {
        let readings = [reading(3, 20.0, 50.0), reading(3, 30.0, 50.0), reading(7, 20.0, 50.0)];
        let year = Year::of(&readings, day(1), day(9), Storeroom::default());
        assert!(year.days[0].too_hot_or_cold && !year.days[0].too_dry_or_damp);
        assert!((year.days[0].temperature.unwrap().mean - 25.0).abs() < 1e-9);
        let missing: Vec<_> = year.missing.iter().map(|days| (days.from, days.to)).collect();
        assert_eq!(missing, [(day(1), day(2)), (day(4), day(6)), (day(8), day(9))]);
        assert_eq!(year.days_missing(), 7);
    }

    #[test]
    fn impossible_air_is_told_from_bad_air() {
        assert!(reading(1, 35.0, 90.0).is_possible());
        assert!(!reading(1, 235.0, 50.0).is_possible() && !reading(1, 20.0, 105.0).is_possible());
        assert!(!reading(1, f64::NAN, 50.0).is_possible());
    }

    proptest! {
        #[test]
        fn every_day_is_read_or_missing_and_never_both(read in proptest::collection::btree_set(1..60_u32, 0..50)) {
            let readings: Vec<Reading> = read.iter().map(|&at| reading(at, 20.0, 50.0)).collect();
            let year = Year::of(&readings, day(1), day(59), Storeroom::default());
            prop_assert_eq!(i64::try_from(year.days.len()).unwrap() + year.days_missing(), 59);
            for gap in &year.missing {
                prop_assert!(year.days.iter().all(|day| day.day < gap.from || day.day > gap.to));
            }
        }
    }
}
