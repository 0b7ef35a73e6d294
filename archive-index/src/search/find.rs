//! Searching: who asks, what for, and what comes back.
//!
//! A hit is a page (or the card of a record, whose title or number matched). Hits are grouped by record:
//! records stand in order of their best hit, and the pages of each in their own order. Counts are exact
//! and count only what the asker may see, because nothing else is read ([`super::index`]).

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::Range;

use archive_core::access::Asker;
use archive_core::model::ItemId;
use tantivy::query::{Bm25StatisticsProvider, EnableScoring};
use tantivy::schema::Value;
use tantivy::{DocAddress, Searcher, TantivyDocument, Term};

use super::compile::compile;
use super::filter::Filter;
use super::grammar::{Node, QueryError, parse};
use super::index::{Index, IndexError};
use super::schema::{Card, column};
use super::snippet::{Marker, Snippet};

/// In which order records come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// The best match first.
    #[default]
    Relevance,
    /// The oldest first; undated records last.
    DateOldest,
    /// The newest first; undated records last.
    DateNewest,
    /// By archival code.
    Code,
}

/// A question to the index. It can't be put without saying who asks.
#[derive(Debug, Clone)]
pub struct Search {
    asker: Asker,
    query: String,
    node: Node,
    filters: Vec<Filter>,
    limit: usize,
    skip: usize,
    sort: Sort,
}

impl Search {
    /// Reads a query for an asker. It returns at most 20 hits unless [`Search::limit`] says otherwise.
    ///
    /// # Errors
    ///
    /// What is wrong with the query, and where.
    pub fn new(asker: Asker, query: &str) -> Result<Self, QueryError> {
        Ok(Self {
            asker,
            query: query.to_owned(),
            node: parse(query)?,
            filters: Vec::new(),
            limit: 20,
            skip: 0,
            sort: Sort::default(),
        })
    }

    /// Only what passes this filter too.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    /// At most so many hits.
    #[must_use]
    pub const fn limit(mut self, hits: usize) -> Self {
        self.limit = hits;
        self
    }

    /// Leaves out the first hits: the pages of a list of results before this one.
    #[must_use]
    pub const fn skip(mut self, hits: usize) -> Self {
        self.skip = hits;
        self
    }

    /// In another order.
    #[must_use]
    pub const fn sort(mut self, sort: Sort) -> Self {
        self.sort = sort;
        self
    }

    /// Where in a text the words stand that are asked for: byte ranges, in order.
    pub fn marks(&self, text: &str) -> Vec<Range<usize>> {
        Marker::of(&self.node).marks(text)
    }
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchResult {
    /// How many hits there are, exactly: pages and cards.
    pub total: usize,
    /// How many records they belong to, exactly.
    pub records: usize,
    /// The hits, by record.
    pub hits: Vec<Hit>,
}

/// One page, or the card of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The record.
    pub id: ItemId,
    /// 档号.
    pub code: String,
    /// 题名.
    pub title: String,
    /// 文号 as written; empty if there is none.
    pub number: String,
    /// 日期, as exact as it is known (ISO); empty if there is none.
    pub date: String,
    /// 责任者.
    pub responsible: String,
    /// The page in the record, from 1; none when its title, number, body or notes matched.
    pub page: Option<u32>,
    /// How well it matches: comparable inside one result only.
    pub score: f32,
    /// The text round the match.
    pub snippet: Snippet,
}

impl Index {
    /// Answers a question.
    ///
    /// # Errors
    ///
    /// When the index can't be read.
    pub fn search(&self, search: &Search) -> Result<SearchResult, IndexError> {
        let searchers = self.searchers(search.asker)?;
        let query = compile(&self.fields, &search.query, &search.node, &search.filters)?;
        let together = Together(&searchers);
        let wanted = search.skip.saturating_add(search.limit);
        let mut gathered = Gathered::new(search.sort, wanted);
        for (shelf, searcher) in searchers.iter().enumerate() {
            let scoring = EnableScoring::enabled_from_statistics_provider(&together, searcher);
            let weight = query.weight(scoring)?;
            for (ordinal, segment) in searcher.segment_readers().iter().enumerate() {
                let mut run = Run::new(&mut gathered, shelf, ordinal, segment)?;
                let alive = segment.alive_bitset();
                weight.for_each(segment, &mut |entry, score| {
                    if alive.is_none_or(|alive| alive.is_alive(entry)) {
                        run.take(entry, score);
                    }
                })?;
                run.end_record();
            }
        }
        let (total, records) = (gathered.total, gathered.records);
        let marker = Marker::of(&search.node);
        let mut hits = Vec::new();
        let found = gathered.in_order().into_iter().flat_map(|group| {
            let item = group.item;
            group.found.into_iter().map(move |found| (item, found))
        });
        for (item, found) in found.skip(search.skip).take(search.limit) {
            hits.push(self.hit(&searchers, &marker, item, found)?);
        }
        Ok(SearchResult { total, records, hits })
    }

    fn hit(
        &self,
        searchers: &[Searcher],
        marker: &Marker,
        item: u64,
        found: Found,
    ) -> Result<Hit, IndexError> {
        let lost = || IndexError::Damaged("entry".to_owned());
        let entry: TantivyDocument = searchers.get(found.shelf).ok_or_else(lost)?.doc(found.address)?;
        let read = |field| entry.get_first(field).and_then(|value| value.as_str().map(str::to_owned));
        let card: Card = serde_json::from_str(&read(self.fields.card).ok_or_else(lost)?)
            .map_err(|error| IndexError::Damaged(error.to_string()))?;
        let snippet = match read(self.fields.text) {
            Some(text) => marker.snippet(&text),
            None => [&card.title, &card.number, &card.responsible, &card.notes]
                .into_iter()
                .map(|text| marker.snippet(text))
                .find(|snippet| !snippet.marks.is_empty())
                .unwrap_or_else(|| marker.snippet(&card.title)),
        };
        Ok(Hit {
            id: ItemId(item),
            code: card.code,
            title: card.title,
            number: card.number,
            date: card.date,
            responsible: card.responsible,
            page: found.page,
            score: from_thousandths(found.score),
            snippet,
        })
    }
}

/// Scores are kept in thousandths: sums of floats differ in their last bit by how the index happens to
/// be cut into segments, and answers must not.
fn thousandths(score: f32) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "scores are small, and casts saturate")]
    {
        (f64::from(score) * 1000.0).round() as i64
    }
}

fn from_thousandths(score: i64) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "scores are small")]
    {
        score as f32 / 1000.0
    }
}

/// How common words are, over all the shelves that are searched together.
struct Together<'a>(&'a [Searcher]);

impl Bm25StatisticsProvider for Together<'_> {
    fn total_num_tokens(&self, field: tantivy::schema::Field) -> tantivy::Result<u64> {
        self.0.iter().map(|searcher| searcher.total_num_tokens(field)).sum()
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.0.iter().map(Bm25StatisticsProvider::total_num_docs).sum()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.0.iter().map(|searcher| searcher.doc_freq(term)).sum()
    }
}

/// An entry that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Found {
    page: Option<u32>,
    score: i64,
    shelf: usize,
    address: DocAddress,
}

/// What records are ordered by; the smaller comes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Score(std::cmp::Reverse<i64>),
    Oldest(i64),
    Newest(std::cmp::Reverse<i64>),
    Code(String),
}

/// A record and its hits.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    key: Key,
    item: u64,
    found: Vec<Found>,
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
struct Gathered {
    sort: Sort,
    wanted: usize,
    best: BinaryHeap<Group>,
    total: usize,
    records: usize,
}

impl Gathered {
    fn new(sort: Sort, wanted: usize) -> Self {
        Self { sort, wanted, best: BinaryHeap::new(), total: 0, records: 0 }
    }

    fn offer(&mut self, group: Group) {
        self.best.push(group);
        if self.best.len() > self.wanted {
            self.best.pop();
        }
    }

    fn in_order(self) -> Vec<Group> {
        let mut groups = self.best.into_sorted_vec();
        for group in &mut groups {
            group.found.sort_by_key(|found| found.page);
        }
        groups
    }
}

/// One pass over a segment. A record's entries lie side by side in it, so a group ends where the next
/// record begins.
struct Run<'a> {
    gathered: &'a mut Gathered,
    shelf: usize,
    segment: u32,
    items: tantivy::columnar::Column<u64>,
    pages: tantivy::columnar::Column<u64>,
    days: tantivy::columnar::Column<i64>,
    codes: Option<tantivy::columnar::StrColumn>,
    item: Option<u64>,
    found: Vec<Found>,
}

impl<'a> Run<'a> {
    fn new(
        gathered: &'a mut Gathered,
        shelf: usize,
        ordinal: usize,
        segment: &tantivy::SegmentReader,
    ) -> Result<Self, IndexError> {
        let columns = segment.fast_fields();
        Ok(Self {
            gathered,
            shelf,
            segment: u32::try_from(ordinal).map_err(|_| IndexError::Damaged("segments".to_owned()))?,
            items: columns.u64(column::ITEM)?,
            pages: columns.u64(column::PAGE)?,
            days: columns.i64(column::FIRST_DAY)?,
            codes: columns.str(column::CODE)?,
            item: None,
            found: Vec::new(),
        })
    }

    fn take(&mut self, entry: u32, score: f32) {
        let item = self.items.first(entry);
        if item != self.item {
            self.end_record();
            self.item = item;
        }
        self.gathered.total += 1;
        self.found.push(Found {
            page: self.pages.first(entry).and_then(|page| u32::try_from(page).ok()).filter(|&page| page > 0),
            score: thousandths(score),
            shelf: self.shelf,
            address: DocAddress::new(self.segment, entry),
        });
    }

    fn end_record(&mut self) {
        let Some(item) = self.item.take() else { return };
        self.gathered.records += 1;
        let found = std::mem::take(&mut self.found);
        let entry = found.first().map_or(0, |found| found.address.doc_id);
        let key = match self.gathered.sort {
            Sort::Relevance => {
                Key::Score(std::cmp::Reverse(found.iter().map(|found| found.score).max().unwrap_or_default()))
            }
            Sort::DateOldest => Key::Oldest(self.days.first(entry).unwrap_or(i64::MAX)),
            Sort::DateNewest => Key::Newest(std::cmp::Reverse(self.days.first(entry).unwrap_or(i64::MIN))),
            Sort::Code => Key::Code(self.code(entry)),
        };
        self.gathered.offer(Group { key, item, found });
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
