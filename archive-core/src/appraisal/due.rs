//! When a period is over (R3), and what may be decided then.
//!
//! A period runs from 1 January of the year after the record's year, so a record of 2004 kept for ten
//! years is due on 1 January 2015. The periods of 1987 are ranges (长期 16 to 50 years, 短期 up to 15): their
//! upper end is taken, because a record must not be due a day too early; an office that counts otherwise
//! says so in its profile ([`Terms`]).

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::model::RetentionPeriod;

/// What the periods of 1987 count for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Terms {
    /// Years of 长期.
    pub long_term_years: u16,
    /// Years of 短期.
    pub short_term_years: u16,
}

/// The upper ends of the ranges of 1987 (国家档案局《关于机关档案保管期限的规定》).
impl Default for Terms {
    fn default() -> Self {
        Self { long_term_years: 50, short_term_years: 15 }
    }
}

impl Terms {
    /// How many years a period lasts; none for what is kept for good.
    pub const fn years(self, period: RetentionPeriod) -> Option<u16> {
        match period {
            RetentionPeriod::Permanent => None,
            RetentionPeriod::LongTerm => Some(self.long_term_years),
            RetentionPeriod::ShortTerm => Some(self.short_term_years),
            RetentionPeriod::Years(years) => Some(years),
        }
    }
}

/// What appraisal decided, if it wasn't destruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Decision {
    /// 延长: kept so many years longer, counted from the day it was due.
    Extend {
        /// How many.
        years: u16,
    },
    /// 改为永久: kept for good.
    Permanent,
}

/// The day a period begins to count: 1 January of the year after the record's (R3).
pub fn counted_from(year: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year.checked_add(1)?, 1, 1)
}

/// The first day on which the period of a record of `year` is over, with what appraisal decided since; none
/// if it never is.
pub fn falls_due(
    year: i32,
    period: RetentionPeriod,
    decisions: &[Decision],
    terms: Terms,
) -> Option<NaiveDate> {
    let mut years = i32::from(terms.years(period)?);
    for decision in decisions {
        match decision {
            Decision::Extend { years: more } => years = years.checked_add(i32::from(*more))?,
            Decision::Permanent => return None,
        }
    }
    counted_from(year.checked_add(years)?)
}

/// How many full years a record of `year` has been kept (已保管期限).
pub fn years_kept(year: i32, today: NaiveDate) -> u32 {
    u32::try_from(today.year().saturating_sub(year).saturating_sub(1)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn a_period_runs_from_the_new_year_after_the_record() {
        let due = |period: &str| falls_due(2004, period.parse().unwrap(), &[], Terms::default());
        assert_eq!(due("10年"), Some(day(2015, 1, 1)));
        assert_eq!(due("定期30年"), Some(day(2035, 1, 1)));
        assert_eq!(due("短期"), Some(day(2020, 1, 1)));
        assert_eq!(due("长期"), Some(day(2055, 1, 1)));
        assert_eq!(due("永久"), None);
        assert_eq!(years_kept(2004, day(2014, 12, 31)), 9);
        assert_eq!(years_kept(2004, day(2015, 1, 1)), 10);
        assert_eq!(years_kept(2004, day(2004, 6, 1)), 0);
    }

    #[test]
    fn a_year_beyond_the_calendar_is_never_due() {
        assert_eq!(falls_due(i32::MAX - 3, RetentionPeriod::Years(10), &[], Terms::default()), None);
        assert_eq!(falls_due(262_142, RetentionPeriod::Years(10), &[], Terms::default()), None);
    }

    proptest! {
        #[test]
        fn no_decision_ever_brings_a_record_to_its_end_earlier(
            year in 1900..2100_i32,
            years in 1..60_u16,
            more in proptest::collection::vec(1..40_u16, 0..4),
        ) {
            let period = RetentionPeriod::Years(years);
            let first = falls_due(year, period, &[], Terms::default()).unwrap();
            let mut decisions = Vec::new();
            let mut last = first;
            for years in more {
                decisions.push(Decision::Extend { years });
                let next = falls_due(year, period, &decisions, Terms::default()).unwrap();
                prop_assert!(next > last);
                last = next;
            }
            decisions.push(Decision::Permanent);
            prop_assert_eq!(falls_due(year, period, &decisions, Terms::default()), None);
        }
    }
}
