//! Runs of numbers and where one is missing (A3): documents of a code in a year, issues of a periodical, lines of a
//! book.
//!
//! The one home of that question: the check of the archive's items and the report on the office's registers both
//! ask it here.

use std::collections::{BTreeMap, BTreeSet};

use super::{BookEntry, Direction};
use crate::reading::{NumberParts, NumberUnit, TitleParts};

/// What a run of numbers counts: documents of a code in a year, or issues of a periodical.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series<'a> {
    /// The code (代字), or the periodical's name.
    pub name: &'a str,
    /// Who issues the periodical; empty for a code, which is its issuer's own.
    pub body: &'a str,
    /// The year; older numbers have none, and run on.
    pub year: Option<i32>,
    /// What is counted.
    pub unit: NumberUnit,
}

impl<'a> Series<'a> {
    /// The series a number belongs to; `bare` is its document's title without marks. None for a number that
    /// belongs to nothing that has a name.
    pub fn of(part: &'a NumberParts, bare: &'a str, bodies: &'a [String]) -> Option<Self> {
        let bulletin = part.unit == NumberUnit::Issue && part.code.is_empty();
        let (name, body) = if bulletin {
            (periodical(bare), bodies.first().map_or("", String::as_str))
        } else {
            (part.code.as_str(), "")
        };
        (!name.is_empty()).then_some(Self { name, body, year: part.year, unit: part.unit })
    }

    /// Whether another one is the same run, said without its issuer.
    pub fn is_run_of(&self, other: &Series<'_>) -> bool {
        let same = (self.name, self.year, self.unit) == (other.name, other.year, other.unit);
        same && (self.body == other.body || other.body.is_empty())
    }
}

/// The name of a periodical: the title up to its issue, 政府工作简报（第1期）：….
pub(super) fn periodical(title: &str) -> &str {
    let end = title.find(['（', '(', '第', '〔', '：', ':']).unwrap_or(title.len());
    title[..end].trim()
}

/// The numbers missing from a year's run, as ranges; `numbers` are those that are there.
///
/// A few numbers of a long run say nothing about the others, since the office keeps only some of them: below three, or
/// where more are missing than there are, nothing is said.
pub fn gaps(numbers: &BTreeSet<u32>) -> Vec<(u32, u32)> {
    let Some(last) = numbers.last().copied() else { return Vec::new() };
    if numbers.len() < 3 || usize::try_from(last).unwrap_or(usize::MAX) > numbers.len() * 2 {
        return Vec::new();
    }
    between(1, numbers)
}

/// What is missing from `first` on up to the last that is there.
fn between(first: u32, numbers: &BTreeSet<u32>) -> Vec<(u32, u32)> {
    let mut missing = Vec::new();
    let mut expected = first;
    for number in numbers.range(first..) {
        if *number > expected {
            missing.push((expected, number - 1));
        }
        expected = number.saturating_add(1);
    }
    missing
}

/// Ranges as people write them: 3、7-9.
pub fn ranges(missing: &[(u32, u32)]) -> String {
    let one = |(from, to): &(u32, u32)| if from == to { from.to_string() } else { format!("{from}-{to}") };
    missing.iter().map(one).collect::<Vec<_>>().join("、")
}

/// What a gap was found in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GapIn {
    /// The lines of a book (登记号).
    Book(Direction),
    /// The document numbers the office gave (发文字号).
    Numbers,
    /// The issues of a periodical, the office's own or a received one.
    Periodical,
}

/// A run in a register with numbers missing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// Of which year, where the run has one.
    pub year: Option<i32>,
    /// What it was found in.
    pub found_in: GapIn,
    /// The run's name: 临政办, 政府工作简报, 收文登记簿.
    pub name: String,
    /// What is counted.
    pub unit: NumberUnit,
    /// The missing ones.
    pub missing: Vec<(u32, u32)>,
}

/// The gaps in the books of a year or of all: lines, outgoing numbers, periodicals either way. `elsewhere` are
/// numbers that are accounted for without being in a book, such as those of the archive's items.
pub fn in_registers<'a>(
    entries: &'a [BookEntry],
    year: Option<i32>,
    elsewhere: impl IntoIterator<Item = (Series<'a>, u32)>,
) -> Vec<Gap> {
    let mut lines: BTreeMap<(i32, Direction), Option<BTreeSet<u32>>> = BTreeMap::new();
    let mut series: BTreeMap<Series<'a>, BTreeSet<u32>> = BTreeMap::new();
    for entry in entries {
        let numbers = lines.entry((entry.year(), entry.direction())).or_insert_with(|| Some(BTreeSet::new()));
        // One number that isn't one, and the book isn't numbered through.
        match (entry.label.register_no.parse(), numbers.as_mut()) {
            (Ok(number), Some(numbers)) => drop(numbers.insert(number)),
            _ => *numbers = None,
        }
        for (of, serial) in of_entry(entry) {
            series.entry(of).or_default().insert(serial);
        }
    }
    for (of, serial) in elsewhere {
        let unsaid = Series { body: "", ..of };
        for of in [of, unsaid] {
            if let Some(numbers) = series.get_mut(&of) {
                numbers.insert(serial);
            }
        }
    }
    let mut found: Vec<Gap> = Vec::new();
    for ((of_year, direction), numbers) in lines {
        let numbers = numbers.unwrap_or_default();
        // A book may begin in the middle (a file a month), but doesn't skip.
        let missing = numbers.first().map(|first| between(*first, &numbers)).unwrap_or_default();
        found.push(Gap {
            year: Some(of_year),
            found_in: GapIn::Book(direction),
            name: direction.book().zh.into_owned(),
            unit: NumberUnit::Number,
            missing,
        });
    }
    for (of, numbers) in series.iter().filter(|(of, _)| of.year.is_some()) {
        let found_in = if of.unit == NumberUnit::Issue { GapIn::Periodical } else { GapIn::Numbers };
        found.push(Gap {
            year: of.year,
            found_in,
            name: of.name.to_owned(),
            unit: of.unit,
            missing: gaps(numbers),
        });
    }
    found.retain(|gap| !gap.missing.is_empty() && (year.is_none() || gap.year == year));
    found.sort();
    found
}

/// The numbers of a line that run without gaps: all the office sends, and the periodicals it receives. Other
/// offices' document numbers come as they come.
pub fn of_entry(entry: &BookEntry) -> impl Iterator<Item = (Series<'_>, u32)> {
    let bare = TitleParts::of(&entry.title).bare;
    entry
        .number
        .iter()
        .flat_map(|number| &number.parts)
        .filter(|part| entry.direction() == Direction::Outgoing || part.unit == NumberUnit::Issue)
        .filter_map(move |part| Some((Series::of(part, bare, &entry.bodies)?, part.serial)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(numbers: &[u32]) -> String {
        ranges(&gaps(&numbers.iter().copied().collect()))
    }

    #[test]
    fn what_is_missing_is_told_in_ranges() {
        assert_eq!(missing(&[1, 2, 5, 6, 8]), "3-4、7");
        assert_eq!(missing(&[1, 2, 3]), "");
        assert_eq!(missing(&[2, 3, 4]), "1");
    }

    #[test]
    fn a_few_of_a_long_run_say_nothing() {
        assert_eq!(missing(&[1, 40, 97]), "");
        assert_eq!(missing(&[1, 3]), "");
    }
}
