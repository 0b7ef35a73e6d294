//! Gathering hits: one pass over the entries that match, grouped by record, the best records kept.
//!
//! A record's entries lie side by side in a segment, since they were written together and segments are
//! merged by laying them end to end. So a group ends where the next record begins, counts are exact
//! without a table of what was seen, and memory is bounded by the number of hits that are wanted.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use tantivy::{DocAddress, SegmentReader};

use super::facets::{Counts, Tally};
use super::find::Sort;
use super::index::IndexError;
use super::opened::Entries;
use super::schema::column;

/// Scores are kept in thousandths: sums of floats differ in their last bit by how the index happens to
/// be cut into segments, and answers must not.
pub(super) fn thousandths(score: f32) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "scores are small, and casts saturate")]
    {
        (f64::from(score) * 1000.0).round() as i64
    }
}

pub(super) fn from_thousandths(score: i64) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "scores are small")]
    {
        score as f32 / 1000.0
    }
}

/// An entry that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// The page; none for a card.
    pub(super) page: Option<u32>,
    /// In thousandths.
    pub(super) score: i64,
    /// Which of the shelves that are searched.
    pub(super) shelf: usize,
    /// Where in it.
    pub(super) address: DocAddress,
}

/// What records are ordered by; the smaller comes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Score(Reverse<i64>),
    Oldest(i64),
    Newest(Reverse<i64>),
    Code(String),
}

/// A record and its hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    key: Key,
    pub(super) item: u64,
    pub(super) found: Vec<Found>,
}

/// By key, then by record: the greatest is the one to leave out.
impl Ord for Group {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.key, self.item).cmp(&(&other.key, other.item))
    }
}

impl PartialOrd for Group {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The best records so far: as many as there are hits wanted, since each has one hit at least.
pub(super) struct Gathered {
    sort: Sort,
    wanted: usize,
    best: BinaryHeap<Group>,
    /// How many records have each value, if that is asked for.
    pub(super) counts: Option<Counts>,
    /// How many entries were found.
    pub(super) total: usize,
    /// How many records they belong to.
    pub(super) records: usize,
}

impl Gathered {
    pub(super) fn new(sort: Sort, wanted: usize, facets: bool) -> Self {
        let counts = facets.then(Counts::default);
        Self { sort, wanted, best: BinaryHeap::new(), counts, total: 0, records: 0 }
    }

    /// Whether a record with this key is among the best so far. Most aren't, and cost no more than this question.
    fn wants(&self, key: &Key, item: u64) -> bool {
        self.best.len() < self.wanted
            || self.best.peek().is_some_and(|worst| (key, item) < (&worst.key, worst.item))
    }

    fn keep(&mut self, group: Group) {
        self.best.push(group);
        if self.best.len() > self.wanted {
            self.best.pop();
        }
    }

    pub(super) fn in_order(self) -> Vec<Group> {
        let mut groups = self.best.into_sorted_vec();
        for group in &mut groups {
            group.found.sort_by_key(|found| found.page);
        }
        groups
    }
}

/// One pass over a segment. A record's entries lie side by side in it, so a group ends where the next
/// record begins.
pub(super) struct Run<'a> {
    gathered: &'a mut Gathered,
    shelf: usize,
    segment: u32,
    entries: &'a Entries,
    /// Opened where the order asks for them: opening a column takes as long as finding a word.
    days: Option<tantivy::columnar::Column<i64>>,
    codes: Option<tantivy::columnar::StrColumn>,
    tally: Option<Tally>,
    item: Option<u64>,
    /// The entries of the record that were found, and their scores.
    found: Vec<(u32, i64)>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        gathered: &'a mut Gathered,
        shelf: usize,
        (number, segment, entries): (u32, &SegmentReader, &'a Entries),
    ) -> Result<Self, IndexError> {
        let columns = segment.fast_fields();
        let tally = if gathered.counts.is_some() { Some(Tally::new(segment)?) } else { None };
        let (days, codes) = match gathered.sort {
            Sort::Relevance => (None, None),
            Sort::DateOldest | Sort::DateNewest => (Some(columns.i64(column::FIRST_DAY)?), None),
            Sort::Code => (None, columns.str(column::CODE)?),
        };
        Ok(Self {
            gathered,
            shelf,
            segment: number,
            entries,
            days,
            codes,
            tally,
            item: None,
            found: Vec::new(),
        })
    }

    pub(super) fn take(&mut self, entry: u32, score: f32) {
        let item = self.entries.items.first(entry);
        if item != self.item {
            self.end_record();
            self.item = item;
        }
        self.gathered.total += 1;
        self.found.push((entry, thousandths(score)));
    }

    /// Ends the pass.
    pub(super) fn end(mut self) -> Result<(), IndexError> {
        self.end_record();
        match (self.tally, &mut self.gathered.counts) {
            (Some(tally), Some(counts)) => tally.add_to(counts),
            _ => Ok(()),
        }
    }

    fn end_record(&mut self) {
        let Some(item) = self.item.take() else { return };
        self.gathered.records += 1;
        let entry = self.found.first().map_or(0, |(entry, _)| *entry);
        if let Some(tally) = &mut self.tally {
            tally.count(entry);
        }
        let day = || self.days.as_ref().and_then(|days| days.first(entry));
        let key = match self.gathered.sort {
            Sort::Relevance => {
                Key::Score(Reverse(self.found.iter().map(|(_, score)| *score).max().unwrap_or_default()))
            }
            Sort::DateOldest => Key::Oldest(day().unwrap_or(i64::MAX)),
            Sort::DateNewest => Key::Newest(Reverse(day().unwrap_or(i64::MIN))),
            Sort::Code => Key::Code(self.code(entry)),
        };
        if self.gathered.wants(&key, item) {
            let found = self.found.iter().map(|&(entry, score)| Found {
                page: self.entries.page(entry),
                score,
                shelf: self.shelf,
                address: DocAddress::new(self.segment, entry),
            });
            let group = Group { key, item, found: found.collect() };
            self.gathered.keep(group);
        }
        self.found.clear();
    }

    fn code(&self, entry: u32) -> String {
        let mut code = String::new();
        if let Some(codes) = &self.codes
            && let Some(ordinal) = codes.ords().first(entry)
            && !codes.ord_to_str(ordinal, &mut code).unwrap_or(false)
        {
            code.clear();
        }
        code
    }
}

/// An entry that may be a near match; the less likely is the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) item: u64,
    pub(super) found: Found,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        let rank = |candidate: &Self| (Reverse(candidate.found.score), candidate.item, candidate.found.page);
        rank(self).cmp(&rank(other))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
