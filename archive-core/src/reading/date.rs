//! Dates (日期) of records: to the day, the month or the year.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// A date as exact as the record tells it.
///
/// Sorts by the first day it can mean, the less exact one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordDate {
    /// A day.
    Day(NaiveDate),
    /// A month; the day in it is the first and means nothing.
    Month(NaiveDate),
    /// A year; the day in it is 1 January and means nothing.
    Year(NaiveDate),
}

impl RecordDate {
    /// A day, if there is such a day.
    pub fn day(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self::Day)
    }

    /// A month, if there is such a month.
    pub fn month(year: i32, month: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, 1).map(Self::Month)
    }

    /// A year.
    pub fn year_only(year: i32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, 1, 1).map(Self::Year)
    }

    /// The first day it can mean.
    pub const fn first_day(self) -> NaiveDate {
        match self {
            Self::Day(day) | Self::Month(day) | Self::Year(day) => day,
        }
    }

    /// Its year.
    pub fn year(self) -> i32 {
        self.first_day().year()
    }

    const fn exactness(self) -> u8 {
        match self {
            Self::Year(_) => 0,
            Self::Month(_) => 1,
            Self::Day(_) => 2,
        }
    }
}

impl Ord for RecordDate {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.first_day(), self.exactness()).cmp(&(other.first_day(), other.exactness()))
    }
}

impl PartialOrd for RecordDate {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// ISO, cut to what is known: 2004-05-16, 2004-05, 2004.
impl fmt::Display for RecordDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{}", day.format("%Y-%m-%d")),
            Self::Month(day) => write!(f, "{}", day.format("%Y-%m")),
            Self::Year(day) => write!(f, "{}", day.format("%Y")),
        }
    }
}

/// What a date cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateReading {
    /// Nothing stands there.
    #[default]
    Missing,
    /// It says that the date isn't known (不详, 无日期).
    Unknown,
    /// A date.
    On(RecordDate),
    /// From one date to another.
    Span(RecordDate, RecordDate),
    /// Something stands there that is no date.
    Unreadable,
}

/// The date of an item: what stands there, and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct ItemDate {
    /// As written.
    pub original: String,
    /// As understood.
    pub reading: DateReading,
}

impl ItemDate {
    /// The date that counts for order: the date itself, or the end of a span.
    pub const fn date(&self) -> Option<RecordDate> {
        match self.reading {
            DateReading::On(date) | DateReading::Span(_, date) => Some(date),
            DateReading::Missing | DateReading::Unknown | DateReading::Unreadable => None,
        }
    }
}
