//! Searching: who asks, what for, and what comes back.
//!
//! A hit is a page (or the card of a record, whose title or number matched). Hits are grouped by record:
//! records stand in order of their best hit, and the pages of each in their own order. Counts are exact
//! and count only what the asker may see, because nothing else is read ([`super::index`]).

use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::Arc;

use archive_core::access::Asker;
use archive_core::model::ItemId;
use archive_core::text;
use archive_core::text::Text;
use tantivy::query::EnableScoring;
use tantivy::schema::Value;
use tantivy::{DocAddress, TantivyDocument};

use super::compile::{compile, filtered};
use super::facets::{Counts, Facet};
use super::filter::Filter;
use super::gather::{Candidate, Found, Gathered, Run, from_thousandths, thousandths};
use super::grammar::{Node, QueryError, fields_there_are, parse, taken_for_text};
use super::index::{Index, IndexError};
use super::near::{self, Near};
use super::opened::{Opened, Together};
use super::schema::Card;
use super::snippet::{self, Marker, Snippet};

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
    near: usize,
    facets: bool,
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
            near: 0,
            facets: false,
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

    /// At most so many near matches beside the exact ones: pages where one character is wrong, as
    /// recognition gets it. Only a single piece of text of four characters or more has them.
    #[must_use]
    pub const fn near(mut self, hits: usize) -> Self {
        self.near = hits;
        self
    }

    /// Counts the records that are found by year, period, type and so on.
    #[must_use]
    pub const fn facets(mut self) -> Self {
        self.facets = true;
        self
    }

    /// What may be wrong with a query that found nothing: a word before a colon that is no field was looked for
    /// as written, since 时间：上午 may stand on a page. What is wrong, and what to do.
    pub fn doubt(&self) -> Option<(Text, Text)> {
        let names = taken_for_text(&self.node).join("、");
        (!names.is_empty()).then(|| {
            let doubt = text!(
                "没有名为“{names}”的检索项，冒号前后是照原文查找的。",
                "there is no field “{names}”: what stands before and after the colon was looked for as written."
            );
            (doubt, fields_there_are())
        })
    }

    /// The query as a tree.
    pub(super) const fn node(&self) -> &Node {
        &self.node
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
    /// Near matches, if they were asked for: the nearest first. They are in no count.
    pub near: Vec<Hit>,
    /// How the records are spread, if that was asked for.
    pub facets: Vec<Facet>,
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
    /// 人名, parted by 、; empty if none is known.
    pub persons: String,
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
        let shelves = self.shelves_of(search.asker)?;
        let query = compile(&self.fields, &shelves, &search.query, &search.node, &search.filters)?;
        let together = Together(&shelves);
        let wanted = search.skip.saturating_add(search.limit);
        let mut gathered = Gathered::new(search.sort, wanted, search.facets);
        for (at, shelf) in shelves.iter().enumerate() {
            let scoring = EnableScoring::enabled_from_statistics_provider(&together, &shelf.searcher);
            let weight = query.weight(scoring)?;
            for of_segment in shelf.segments() {
                let (_, segment, _) = of_segment;
                let mut run = Run::new(&mut gathered, at, of_segment)?;
                let alive = segment.alive_bitset();
                weight.for_each(segment, &mut |entry, score| {
                    if alive.is_none_or(|alive| alive.is_alive(entry)) {
                        run.take(entry, score);
                    }
                })?;
                run.end()?;
            }
        }
        let (total, records) = (gathered.total, gathered.records);
        let facets = gathered.counts.take().map(Counts::into_facets).unwrap_or_default();
        let marker = Marker::of(&search.node);
        let mut hits = Vec::new();
        let found = gathered.in_order().into_iter().flat_map(|group| {
            let item = group.item;
            group.found.into_iter().map(move |found| (item, found))
        });
        for (item, found) in found.skip(search.skip).take(search.limit) {
            hits.push(self.hit(&shelves, &marker, item, found)?);
        }
        let near = match (search.near, Near::of(&search.node)) {
            (1.., Some(near)) => self.near(&shelves, &together, search, &near)?,
            _ => Vec::new(),
        };
        Ok(SearchResult { total, records, hits, near, facets })
    }

    /// Pages where the words stand almost.
    fn near(
        &self,
        shelves: &[Arc<Opened>],
        together: &Together<'_>,
        search: &Search,
        near: &Near,
    ) -> Result<Vec<Hit>, IndexError> {
        let exact = compile(&self.fields, shelves, &search.query, &search.node, &[])?;
        let candidates = filtered(&self.fields, near.candidates(&self.fields, exact), &search.filters);
        // The likeliest, whichever way the index is cut into segments.
        let mut likeliest: BinaryHeap<Candidate> = BinaryHeap::new();
        for (at, shelf) in shelves.iter().enumerate() {
            let scoring = EnableScoring::enabled_from_statistics_provider(together, &shelf.searcher);
            let weight = candidates.weight(scoring)?;
            for (number, reader, entries) in shelf.segments() {
                let alive = reader.alive_bitset();
                weight.for_each(reader, &mut |entry, score| {
                    if alive.is_none_or(|alive| alive.is_alive(entry))
                        && let Some(item) = entries.items.first(entry)
                    {
                        let found = Found {
                            page: entries.page(entry),
                            score: thousandths(score),
                            shelf: at,
                            address: DocAddress::new(number, entry),
                        };
                        likeliest.push(Candidate { item, found });
                        if likeliest.len() > near::CANDIDATES {
                            likeliest.pop();
                        }
                    }
                })?;
            }
        }
        let mut hits = Vec::new();
        for Candidate { item, found } in likeliest.into_sorted_vec() {
            let (card, text) = self.entry(shelves, found)?;
            if let Some((errors, place)) = text.as_deref().and_then(|text| near.find(text)) {
                let snippet = text.map(|text| snippet::around(&text, &[place])).unwrap_or_default();
                hits.push((errors, hit(item, found, card, snippet)));
            }
        }
        hits.sort_by_key(|(errors, _)| *errors);
        Ok(hits.into_iter().take(search.near).map(|(_, hit)| hit).collect())
    }

    fn hit(
        &self,
        shelves: &[Arc<Opened>],
        marker: &Marker,
        item: u64,
        found: Found,
    ) -> Result<Hit, IndexError> {
        let (card, text) = self.entry(shelves, found)?;
        let snippet = match text {
            Some(text) => marker.snippet(&text),
            None => [&card.title, &card.number, &card.responsible, &card.persons, &card.notes]
                .into_iter()
                .map(|text| marker.snippet(text))
                .find(|snippet| !snippet.marks.is_empty())
                .unwrap_or_else(|| marker.snippet(&card.title)),
        };
        Ok(hit(item, found, card, snippet))
    }

    /// What is kept of an entry: its record's card, and the text if it is a page.
    fn entry(&self, shelves: &[Arc<Opened>], found: Found) -> Result<(Card, Option<String>), IndexError> {
        let lost = || IndexError::Damaged("entry".to_owned());
        let entry: TantivyDocument =
            shelves.get(found.shelf).ok_or_else(lost)?.searcher.doc(found.address)?;
        let read = |field| entry.get_first(field).and_then(|value| value.as_str().map(str::to_owned));
        let card = serde_json::from_str(&read(self.fields.card).ok_or_else(lost)?)
            .map_err(|error| IndexError::Damaged(error.to_string()))?;
        Ok((card, read(self.fields.text)))
    }
}

fn hit(item: u64, found: Found, card: Card, snippet: Snippet) -> Hit {
    Hit {
        id: ItemId(item),
        code: card.code,
        title: card.title,
        number: card.number,
        date: card.date,
        responsible: card.responsible,
        persons: card.persons,
        page: found.page,
        score: from_thousandths(found.score),
        snippet,
    }
}
