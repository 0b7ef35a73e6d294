//! A shelf as it stands on the disk, opened once and kept until it changes.
//!
//! Opening the segments of an index, and in them the columns that say whose entry it is and which page,
//! takes longer than most queries. So both are kept, with the list of segments they belong to, and opened
//! anew only when another list has been written, by whichever program.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::columnar::Column;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::Field;
use tantivy::{Directory, IndexReader, ReloadPolicy, Searcher, SegmentReader, TantivyError, Term};

use super::grammar::TextField;
use super::index::IndexError;
use super::schema::{Fields, column};

/// The engine's own list of the segments that count, replaced as a whole by each commit.
const LIST: &str = "meta.json";

/// What is needed of every entry of a segment.
#[derive(Debug)]
pub(super) struct Entries {
    /// The record.
    pub(super) items: Column<u64>,
    /// The page, 0 for the card.
    pub(super) pages: Column<u64>,
}

impl Entries {
    fn of(segment: &SegmentReader) -> Result<Self, TantivyError> {
        let columns = segment.fast_fields();
        Ok(Self { items: columns.u64(column::ITEM)?, pages: columns.u64(column::PAGE)? })
    }

    /// The page an entry is of; none if it is a card.
    pub(super) fn page(&self, entry: u32) -> Option<u32> {
        self.pages.first(entry).and_then(|page| u32::try_from(page).ok()).filter(|&page| page > 0)
    }
}

/// A shelf, opened.
pub(super) struct Opened {
    /// The list of segments that was opened.
    list: Vec<u8>,
    pub(super) searcher: Searcher,
    /// Of each segment, in the searcher's order.
    entries: Vec<Entries>,
    /// The fields in which anything stands.
    filled: BTreeSet<TextField>,
}

impl Opened {
    fn of(list: Vec<u8>, searcher: Searcher, fields: &Fields) -> Result<Self, TantivyError> {
        let mut entries = Vec::new();
        let mut filled = BTreeSet::new();
        for segment in searcher.segment_readers() {
            entries.push(Entries::of(segment)?);
            for field in TextField::ALL {
                if segment.inverted_index(fields.of(field))?.terms().num_terms() > 0 {
                    filled.insert(field);
                }
            }
        }
        Ok(Self { list, searcher, entries, filled })
    }

    /// Whether anything stands in a field. Offices leave some empty in all records; these aren't looked up.
    pub(super) fn holds(&self, field: TextField) -> bool {
        self.filled.contains(&field)
    }

    /// The segments, each with its number and what is needed of its entries.
    pub(super) fn segments(&self) -> impl Iterator<Item = (u32, &SegmentReader, &Entries)> {
        let both = self.searcher.segment_readers().iter().zip(&self.entries);
        (0..).zip(both).map(|(number, (segment, entries))| (number, segment, entries))
    }

    /// What is needed of the entries of a segment.
    pub(super) fn entries(&self, segment: u32) -> Option<&Entries> {
        self.entries.get(usize::try_from(segment).ok()?)
    }
}

/// Opens a shelf, and keeps what it opened.
pub(super) struct Opener {
    index: tantivy::Index,
    reader: IndexReader,
    fields: Fields,
    opened: Mutex<Option<Arc<Opened>>>,
}

impl Opener {
    pub(super) fn new(index: &tantivy::Index, fields: Fields) -> Result<Self, TantivyError> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { index: index.clone(), reader, fields, opened: Mutex::default() })
    }

    /// The shelf as it is on the disk now.
    pub(super) fn open(&self) -> Result<Arc<Opened>, IndexError> {
        let list = self.index.directory().atomic_read(Path::new(LIST)).map_err(TantivyError::from)?;
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(opened) = opened.as_ref()
            && opened.list == list
        {
            return Ok(Arc::clone(opened));
        }
        // Should a newer list be read here than the one above, the next search opens it once more.
        self.reader.reload()?;
        let new = Opened::of(list, self.reader.searcher(), &self.fields)?;
        Ok(Arc::clone(opened.insert(Arc::new(new))))
    }
}

/// How common words are, over all the shelves that are searched together.
pub(super) struct Together<'a>(pub(super) &'a [Arc<Opened>]);

impl Together<'_> {
    fn searchers(&self) -> impl Iterator<Item = &Searcher> {
        self.0.iter().map(|shelf| &shelf.searcher)
    }
}

impl Bm25StatisticsProvider for Together<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.searchers().map(|searcher| searcher.total_num_tokens(field)).sum()
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.searchers().map(Bm25StatisticsProvider::total_num_docs).sum()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.searchers().map(|searcher| searcher.doc_freq(term)).sum()
    }
}
