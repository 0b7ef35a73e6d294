//! When a record may come up for review: the years, and the kinds that need not wait for them (U1).

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::model::{Item, SecrecyLevel};
use crate::profile::Profile;

/// A kind of record that may be opened before the years have passed (经济、科学、技术、文化等类).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EarlierKind {
    /// What it is called: 经济.
    pub name: String,
    /// Years it waits nevertheless; 0 for none.
    #[serde(default)]
    pub after_years: u16,
    /// Words in title or question that tell it.
    pub words: Vec<String>,
    /// The clause that allows it.
    pub source: String,
}

/// When a record comes up for review, and on what ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due<'p> {
    /// The years have passed, or will have on this day.
    ByYears(NaiveDate),
    /// It is of a kind that need not wait, from this day on; the years pass on the second.
    Earlier {
        /// The kind.
        kind: &'p EarlierKind,
        /// The word that told it.
        word: &'p str,
        /// From when it may be opened.
        from: NaiveDate,
        /// When the years pass.
        by_years: NaiveDate,
    },
    /// Its date isn't known, so its age can't be told.
    NoDate,
}

impl<'p> Due<'p> {
    /// What the profile's years, and the kinds it lets open earlier, make of a record.
    ///
    /// The years run from the last day of what is known of the date: of a record of 1974 alone, from 31 December.
    pub fn of(item: &Item, profile: &'p Profile) -> Self {
        let Some(date) = item.date.date() else { return Due::NoDate };
        let after = |years: u16| date.last_day().checked_add_months(Months::new(u32::from(years) * 12));
        let Some(by_years) = after(profile.opening.years) else { return Due::NoDate };
        if item.secrecy.level == SecrecyLevel::None {
            let told = |word: &str| {
                item.title.contains(word) || item.question.as_deref().is_some_and(|said| said.contains(word))
            };
            for kind in &profile.opening.earlier {
                if let Some(word) = kind.words.iter().find(|word| told(word))
                    && let Some(from) = after(kind.after_years).filter(|from| *from < by_years)
                {
                    return Due::Earlier { kind, word, from, by_years };
                }
            }
        }
        Due::ByYears(by_years)
    }

    /// The first day on which it may be opened by review.
    pub const fn from(self) -> Option<NaiveDate> {
        match self {
            Self::ByYears(day) => Some(day),
            Self::Earlier { from, .. } => Some(from),
            Self::NoDate => None,
        }
    }

    /// The day on which the years have passed.
    pub const fn by_years(self) -> Option<NaiveDate> {
        match self {
            Self::ByYears(day) | Self::Earlier { by_years: day, .. } => Some(day),
            Self::NoDate => None,
        }
    }

    /// Whether the years have passed by `today`.
    pub fn is_of_age(self, today: NaiveDate) -> bool {
        self.by_years().is_some_and(|day| day <= today)
    }

    /// Whether a review may open it on `today`.
    pub fn may_open(self, today: NaiveDate) -> bool {
        self.from().is_some_and(|day| day <= today)
    }
}
