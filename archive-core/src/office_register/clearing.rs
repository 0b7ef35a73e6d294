//! What goes back to a superior (清退), and by when (A7).
//!
//! Each year a superior calls its papers in; within a month of that day the office has returned the past year's
//! and written it down (县委办机要文件室职责（四）). So a [`Clearing`] is a year and the day of the call, and every line
//! marked 应清退 is a [`Return`] that is done in time, done late, outstanding, or overdue.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{BookEntry, EntryId};
use crate::text::Text;

/// A year's papers being called in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Clearing {
    /// The year of the registers it is about.
    pub year: i32,
    /// The day of the superior's clearing.
    pub on: NaiveDate,
}

impl Clearing {
    /// The last day for returning: a month from the clearing.
    pub fn due(self) -> NaiveDate {
        self.on.checked_add_months(Months::new(1)).unwrap_or(self.on)
    }
}

/// How far a return is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReturnState {
    /// Returned, in time as far as is known.
    Returned,
    /// Returned after the last day.
    ReturnedLate,
    /// Returned, and the day isn't written down.
    ReturnedUndated,
    /// Not returned yet; there is time.
    Open,
    /// Not returned, and the year is over, but no clearing was recorded that would give the last day.
    Outstanding,
    /// Not returned, and the last day is past.
    Overdue,
}

impl ReturnState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Returned,
        Self::ReturnedLate,
        Self::ReturnedUndated,
        Self::Open,
        Self::Outstanding,
        Self::Overdue,
    ];

    /// The word for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Returned => "returned",
            Self::ReturnedLate => "returned-late",
            Self::ReturnedUndated => "returned-undated",
            Self::Open => "open",
            Self::Outstanding => "outstanding",
            Self::Overdue => "overdue",
        }
    }

    /// The word for people.
    pub const fn word(self) -> Text {
        match self {
            Self::Returned => Text::fixed("已清退", "returned"),
            Self::ReturnedLate => Text::fixed("逾期清退", "returned late"),
            Self::ReturnedUndated => Text::fixed("已清退，未注日期", "returned, undated"),
            Self::Open => Text::fixed("未到期", "not yet due"),
            Self::Outstanding => Text::fixed("未清退", "outstanding"),
            Self::Overdue => Text::fixed("逾期未清退", "overdue"),
        }
    }

    /// Whether the paper went back.
    pub const fn is_done(self) -> bool {
        matches!(self, Self::Returned | Self::ReturnedLate | Self::ReturnedUndated)
    }
}

/// A line that must go back, and how far that is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Return<'a> {
    /// The line.
    pub entry: &'a BookEntry,
    /// The day it went back, where it is known.
    pub on: Option<NaiveDate>,
    /// The last day, where a clearing was recorded.
    pub due: Option<NaiveDate>,
    /// How far it is.
    pub state: ReturnState,
}

impl Return<'_> {
    /// The line's identity.
    pub const fn id(&self) -> EntryId {
        self.entry.id
    }
}

/// The yearly list: every line that must go back, in the order of the books, with its state as of `today`.
pub fn returns<'a>(entries: &'a [BookEntry], clearings: &[Clearing], today: NaiveDate) -> Vec<Return<'a>> {
    let mut list: Vec<Return<'a>> = entries
        .iter()
        .filter(|entry| entry.must_return)
        .map(|entry| {
            // A year called in twice is due by the later call: what the first left is asked for again.
            let due = clearings.iter().filter(|one| one.year == entry.year()).map(|one| one.due()).max();
            let on = entry.returned();
            let state = match (on, due) {
                (Some(Some(day)), Some(due)) if day > due => ReturnState::ReturnedLate,
                (Some(Some(_)), _) => ReturnState::Returned,
                (Some(None), _) => ReturnState::ReturnedUndated,
                (None, Some(due)) if today > due => ReturnState::Overdue,
                (None, None) if is_over(entry.year(), today) => ReturnState::Outstanding,
                (None, _) => ReturnState::Open,
            };
            Return { entry, on: on.flatten(), due, state }
        })
        .collect();
    list.sort_by_key(|one| &one.entry.label);
    list
}

fn is_over(year: i32, today: NaiveDate) -> bool {
    use chrono::Datelike as _;
    today.year() > year
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office_register::{Direction, Disposition, DispositionKind};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[allow(clippy::option_option)] // Not returned, returned on no known day, returned on a day.
    fn state(returned: Option<Option<&str>>, clearing: Option<&str>, today: &str) -> ReturnState {
        let mut entry = BookEntry::new(EntryId(1), Direction::Incoming, 2004, "1");
        entry.must_return = true;
        entry.disposition =
            returned.map(|on| Disposition { kind: DispositionKind::Returned, on: on.map(day), reason: None });
        let clearings: Vec<Clearing> =
            clearing.map(|on| Clearing { year: 2004, on: day(on) }).into_iter().collect();
        returns(&[entry], &clearings, day(today))[0].state
    }

    #[test]
    fn the_last_day_is_a_month_after_the_clearing_and_still_in_time() {
        let cleared = Some("2005-01-31");
        assert_eq!(state(None, cleared, "2005-02-28"), ReturnState::Open);
        assert_eq!(state(None, cleared, "2005-03-01"), ReturnState::Overdue);
        assert_eq!(state(Some(Some("2005-02-28")), cleared, "2005-06-01"), ReturnState::Returned);
        assert_eq!(state(Some(Some("2005-03-01")), cleared, "2005-06-01"), ReturnState::ReturnedLate);
        assert_eq!(state(Some(None), cleared, "2005-06-01"), ReturnState::ReturnedUndated);
    }

    #[test]
    fn without_a_clearing_what_is_left_of_a_past_year_is_outstanding() {
        assert_eq!(state(None, None, "2004-12-31"), ReturnState::Open);
        assert_eq!(state(None, None, "2005-01-01"), ReturnState::Outstanding);
        assert_eq!(state(Some(Some("2005-09-01")), None, "2005-10-01"), ReturnState::Returned);
    }
}
