//! Stocktaking (清点, H3): what should stand there against what was found.
//!
//! The list of what was found comes from a person's tick list or a barcode reader: codes, once or several
//! times, in any order, with or without the place. Each difference is of one kind, and each is settled with
//! a note before the count can be closed.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
use crate::rules::RuleId;
use crate::text;
use crate::text::Text;

/// What should be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// 档号.
    pub code: String,
    /// Where it should stand; empty if nobody knows.
    pub place: String,
    /// Who has it at home, if somebody does: then it isn't missed.
    pub on_loan: Option<String>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// As read from the label.
    pub code: String,
    /// Where, if that was noted.
    pub place: Option<String>,
}

/// A kind of difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// 缺: it should be there and isn't.
    Missing,
    /// 错架: it is there, in another place.
    Misplaced,
    /// 多出: nobody knows of it, or it should be elsewhere.
    Unknown,
    /// 已销毁而仍在架: it was destroyed by a list, and stands there.
    Destroyed,
    /// 借出而在架: on loan by the register, and on the shelf.
    LentButThere,
    /// 重复: found in two places.
    Twice,
}

impl Kind {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Misplaced => "misplaced",
            Self::Unknown => "unknown",
            Self::Destroyed => "destroyed",
            Self::LentButThere => "lent-but-there",
            Self::Twice => "twice",
        }
    }

    /// The word for people.
    pub const fn word(self) -> Text {
        match self {
            Self::Missing => Text::fixed("缺", "missing"),
            Self::Misplaced => Text::fixed("错架", "in the wrong place"),
            Self::Unknown => Text::fixed("账上没有", "not in the books"),
            Self::Destroyed => Text::fixed("已销毁而在架", "destroyed, and there"),
            Self::LentButThere => Text::fixed("借出而在架", "on loan, and there"),
            Self::Twice => Text::fixed("两处都有", "found in two places"),
        }
    }
}

/// A difference between the books and the shelves.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Difference {
    /// 档号.
    pub code: String,
    /// What kind.
    pub kind: Kind,
    /// Where it should be.
    pub expected: String,
    /// Where it was found.
    pub found: String,
    /// How it was settled (处理), once it was.
    pub settled: Option<String>,
}

/// A count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// How many should be there, those on loan left out.
    pub expected: usize,
    /// Of them, how many were found.
    pub found: usize,
    /// How many are on loan.
    pub on_loan: usize,
    /// Every difference, by code.
    pub differences: Vec<Difference>,
}

/// Compares. A code that should not be here is looked up among the destroyed ones before it is unknown.
pub fn compare(expected: &[Expected], found: &[Found], destroyed: &BTreeSet<String>) -> Comparison {
    let mut places: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for one in found {
        let code = one.code.trim();
        if !code.is_empty() {
            let there = places.entry(code).or_default();
            there.extend(one.place.as_deref().map(str::trim).filter(|place| !place.is_empty()));
        }
    }
    let mut comparison = Comparison::default();
    let mut known = BTreeSet::new();
    let note = |code: &str, kind, expected: &str, found: String| Difference {
        code: code.to_owned(),
        kind,
        expected: expected.to_owned(),
        found,
        settled: None,
    };
    for one in expected {
        if !known.insert(one.code.as_str()) {
            continue;
        }
        let there = places.get(one.code.as_str());
        let shown =
            || there.map(|there| there.iter().copied().collect::<Vec<_>>().join("、")).unwrap_or_default();
        match (&one.on_loan, there) {
            (Some(_), None) => comparison.on_loan += 1,
            (Some(who), Some(_)) => {
                comparison.on_loan += 1;
                comparison.differences.push(note(&one.code, Kind::LentButThere, who, shown()));
            }
            (None, None) => {
                comparison.expected += 1;
                comparison.differences.push(note(&one.code, Kind::Missing, &one.place, String::new()));
            }
            (None, Some(there)) => {
                comparison.expected += 1;
                comparison.found += 1;
                if there.len() > 1 {
                    comparison.differences.push(note(&one.code, Kind::Twice, &one.place, shown()));
                } else if there.iter().any(|place| !lies_in(&one.place, place)) {
                    comparison.differences.push(note(&one.code, Kind::Misplaced, &one.place, shown()));
                }
            }
        }
    }
    for (code, there) in &places {
        if !known.contains(code) {
            let kind = if destroyed.contains(*code) { Kind::Destroyed } else { Kind::Unknown };
            let shown = there.iter().copied().collect::<Vec<_>>().join("、");
            comparison.differences.push(note(code, kind, "", shown));
        }
    }
    comparison.differences.sort();
    comparison
}

/// Whether a place that was noted agrees with the books: it may be noted as far as the shelf only.
fn lies_in(expected: &str, found: &str) -> bool {
    expected == found
        || expected.strip_prefix(found).is_some_and(|rest| rest.starts_with('/'))
        || expected.ends_with(&format!("/{found}"))
}

/// A count may be closed when every difference is settled (H3).
pub fn may_close(differences: &[Difference]) -> Result<(), Refusal> {
    let open: Vec<&str> = differences
        .iter()
        .filter(|one| one.settled.as_deref().is_none_or(|note| note.trim().is_empty()))
        .map(|one| one.code.as_str())
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let (count, codes) = (open.len(), open.iter().take(5).copied().collect::<Vec<_>>().join("、"));
    Err(Refusal::new(
        RuleId::H3,
        text!("还有 {count} 处账物不符没有处理：{codes}", "{count} differences aren't settled: {codes}"),
    )
    .with_help(Text::fixed("逐件查明并写明处理", "settle each with a note"))
    .by_command(Text::fixed(
        "archive storeroom stocktake settle 号 档号 --note 处理",
        "archive storeroom stocktake settle NUMBER CODE --note NOTE",
    )))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn expected(code: &str, place: &str) -> Expected {
        Expected { code: code.into(), place: place.into(), on_loan: None }
    }

    fn found(code: &str, place: &str) -> Found {
        Found { code: code.into(), place: Some(place.to_owned()).filter(|place| !place.is_empty()) }
    }

    #[test]
    fn every_kind_of_difference_is_told_from_the_others() {
        let books = [
            expected("1", "1/A/1"),
            expected("2", "1/A/1"),
            expected("3", "1/A/2"),
            expected("4", "1/A/2"),
            Expected { on_loan: Some("李明".into()), ..expected("5", "1/B/1") },
            Expected { on_loan: Some("李明".into()), ..expected("6", "1/B/1") },
        ];
        let shelves = [
            found("1", "1/A"),
            found("1", "1/A"),
            found("3", "1/B"),
            found("4", "1/A/2"),
            found("4", "2/A/2"),
            found("6", ""),
            found("7", ""),
            found("8", "1/A"),
        ];
        let comparison = compare(&books, &shelves, &BTreeSet::from(["8".to_owned()]));
        let kinds: Vec<_> = comparison.differences.iter().map(|one| (one.code.as_str(), one.kind)).collect();
        assert_eq!(
            kinds,
            [
                ("2", Kind::Missing),
                ("3", Kind::Misplaced),
                ("4", Kind::Twice),
                ("6", Kind::LentButThere),
                ("7", Kind::Unknown),
                ("8", Kind::Destroyed),
            ]
        );
        assert_eq!((comparison.expected, comparison.found, comparison.on_loan), (4, 3, 2));
        assert_eq!(may_close(&comparison.differences).unwrap_err().rule, RuleId::H3);
        let settled: Vec<Difference> = comparison
            .differences
            .into_iter()
            .map(|one| Difference { settled: Some("查明".into()), ..one })
            .collect();
        assert!(may_close(&settled).is_ok());
    }

    proptest! {
        #[test]
        fn finding_exactly_what_the_books_say_leaves_no_difference(codes in proptest::collection::btree_set("[a-z]{1,4}", 0..30)) {
            let books: Vec<Expected> = codes.iter().map(|code| expected(code, "1/A/1")).collect();
            let shelves: Vec<Found> = codes.iter().rev().map(|code| found(code, "1/A/1")).collect();
            let comparison = compare(&books, &shelves, &BTreeSet::new());
            prop_assert!(comparison.differences.is_empty());
            prop_assert_eq!(comparison.found, codes.len());
        }

        #[test]
        fn the_counts_and_the_differences_agree(
            books in proptest::collection::btree_set(0..20_u8, 0..20),
            shelves in proptest::collection::vec(0..20_u8, 0..30),
        ) {
            let expected: Vec<Expected> = books.iter().map(|code| expected(&code.to_string(), "")).collect();
            let found: Vec<Found> = shelves.iter().map(|code| found(&code.to_string(), "")).collect();
            let comparison = compare(&expected, &found, &BTreeSet::new());
            let missing = comparison.differences.iter().filter(|one| one.kind == Kind::Missing).count();
            prop_assert_eq!(comparison.expected - comparison.found, missing);
            prop_assert_eq!(comparison.expected, books.len());
        }
    }
}
