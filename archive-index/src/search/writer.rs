//! Writing: records are put, replaced and taken away; nothing is seen before [`Writer::commit`].
//!
//! A record's entries are written together, so that they stay side by side in the index: a search groups
//! its hits by record in one pass. When a record stops being open, the public shelf is rewritten without
//! it at once: a deleted entry would otherwise go on weighing in the scores, and lie there to be read.

use std::collections::{BTreeMap, BTreeSet};

use archive_core::model::{ItemId, OpeningState, SecrecyLevel};
use tantivy::indexer::UserOperation;
use tantivy::{IndexWriter, TantivyDocument, Term};

use super::index::{Index, IndexError};
use super::record::{Record, ShelfName, Stamp};
use super::schema::column;
use super::sums;

/// The memory one shelf's threads share before they write to disk.
const BUDGET: usize = 192 << 20;

/// A shelf of up to so many entries is kept in one segment: making one of them takes a second at most.
const SMALL: u32 = 20_000;

/// What became of a record that was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It is in the index now.
    Indexed,
    /// It was there already, the same.
    Unchanged,
    /// It is classified: it isn't in the index, and is taken out if it was.
    Withheld,
}

/// Writes to an index. Dropped without a commit, it leaves the index as it was.
pub struct Writer<'a> {
    index: &'a Index,
    open: IndexWriter,
    closed: IndexWriter,
    /// What is in the index, by shelf.
    held: BTreeMap<u64, Vec<(ShelfName, Stamp)>>,
    /// Whether a record left the open shelf, so that its traces must go.
    closing: bool,
}

impl std::fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("held", &self.held.len()).finish_non_exhaustive()
    }
}

impl<'a> Writer<'a> {
    pub(super) fn new(index: &'a Index) -> Result<Self, IndexError> {
        let open: IndexWriter = index.shelf(ShelfName::Open).index.writer(BUDGET)?;
        let closed: IndexWriter = index.shelf(ShelfName::Closed).index.writer(BUDGET)?;
        // What a killed writer began bears the names the next one would give.
        open.garbage_collect_files().wait()?;
        closed.garbage_collect_files().wait()?;
        let mut held: BTreeMap<u64, Vec<(ShelfName, Stamp)>> = BTreeMap::new();
        for name in ShelfName::ALL {
            let searcher = index.shelf(name).index.reader()?.searcher();
            for segment in searcher.segment_readers() {
                let columns = segment.fast_fields();
                let (item, page, stamp) =
                    (columns.u64(column::ITEM)?, columns.u64(column::PAGE)?, columns.u64(column::STAMP)?);
                for entry in segment.doc_ids_alive().filter(|&entry| page.first(entry) == Some(0)) {
                    if let (Some(item), Some(stamp)) = (item.first(entry), stamp.first(entry)) {
                        held.entry(item).or_default().push((name, Stamp(stamp)));
                    }
                }
            }
        }
        Ok(Self { index, open, closed, held, closing: false })
    }

    /// Whether the index holds exactly this: then there is no need to read the record and put it.
    pub fn holds(&self, id: ItemId, opening: OpeningState, secrecy: SecrecyLevel, stamp: Stamp) -> bool {
        let shelf = ShelfName::of(opening, secrecy);
        match (shelf, self.held.get(&id.0).map(Vec::as_slice)) {
            (Some(shelf), Some(&[there])) => there == (shelf, stamp),
            (None, None) => true,
            _ => false,
        }
    }

    /// Puts a record, with the stamp of what it was made from, in place of what was there of it.
    pub fn put(&mut self, record: &Record, stamp: Stamp) -> Result<Put, IndexError> {
        let Some(shelf) = record.shelf() else {
            self.remove(record.id)?;
            return Ok(Put::Withheld);
        };
        if self.holds(record.id, record.opening, record.secrecy, stamp) {
            return Ok(Put::Unchanged);
        }
        for (other, _) in self.held.remove(&record.id.0).unwrap_or_default() {
            if other != shelf {
                self.clear(other, record.id)?;
            }
        }
        let fields = self.index.fields;
        let mut operations = vec![UserOperation::Delete(Term::from_field_u64(fields.item, record.id.0))];
        operations.extend(fields.entries(record, stamp).into_iter().map(UserOperation::Add));
        self.shelf(shelf).run(operations)?;
        self.held.insert(record.id.0, vec![(shelf, stamp)]);
        Ok(Put::Indexed)
    }

    /// Takes a record away, if it is there.
    pub fn remove(&mut self, id: ItemId) -> Result<(), IndexError> {
        for (shelf, _) in self.held.remove(&id.0).unwrap_or_default() {
            self.clear(shelf, id)?;
        }
        Ok(())
    }

    /// Takes away every record that isn't among these: what the catalogue no longer has. Returns how many.
    pub fn keep_only(&mut self, ids: &BTreeSet<ItemId>) -> Result<usize, IndexError> {
        let gone: Vec<u64> = self.held.keys().copied().filter(|&id| !ids.contains(&ItemId(id))).collect();
        for &id in &gone {
            self.remove(ItemId(id))?;
        }
        Ok(gone.len())
    }

    /// How many records are in the index, what was put since the last commit included.
    pub fn records(&self) -> usize {
        self.held.len()
    }

    fn clear(&mut self, shelf: ShelfName, id: ItemId) -> Result<(), IndexError> {
        self.closing |= shelf == ShelfName::Open;
        let term = Term::from_field_u64(self.index.fields.item, id.0);
        self.shelf(shelf).run([UserOperation::Delete(term)])?;
        Ok(())
    }

    const fn shelf(&self, name: ShelfName) -> &IndexWriter<TantivyDocument> {
        match name {
            ShelfName::Open => &self.open,
            ShelfName::Closed => &self.closed,
        }
    }

    /// Makes what was put and removed visible, and safe against a power cut.
    ///
    /// The open shelf goes first: cut off between the two, a record that was just closed is found by
    /// nobody until the next run puts it again, never by the public.
    pub fn commit(&mut self) -> Result<(), IndexError> {
        self.open.commit()?;
        if self.closing {
            Self::wipe_traces(&self.index.shelf(ShelfName::Open).index, &mut self.open)?;
            self.closing = false;
        }
        self.closed.commit()?;
        Ok(())
    }

    /// Rewrites the segments of a shelf that hold deleted entries.
    fn wipe_traces(
        index: &tantivy::Index,
        writer: &mut IndexWriter<TantivyDocument>,
    ) -> Result<(), IndexError> {
        let traced: Vec<_> = index
            .searchable_segment_metas()?
            .iter()
            .filter(|segment| segment.has_deletes())
            .map(tantivy::SegmentMeta::id)
            .collect();
        for segment in traced {
            // A merge that runs already takes the deletions along; its segment is gone then.
            if index.searchable_segment_ids()?.contains(&segment) {
                writer.merge(&[segment]).wait()?;
            }
        }
        writer.garbage_collect_files().wait()?;
        Ok(())
    }

    /// Makes the segments of a small shelf one. Each has a dictionary of its own, and every query looks into each; the
    /// engine itself only makes one of eight.
    fn gather(index: &tantivy::Index, writer: &mut IndexWriter<TantivyDocument>) -> Result<(), IndexError> {
        let segments = index.searchable_segment_metas()?;
        let entries: u32 = segments.iter().map(tantivy::SegmentMeta::max_doc).sum();
        let ids: Vec<_> = segments.iter().map(tantivy::SegmentMeta::id).collect();
        // Whoever holds it keeps a segment's files from being cleared away.
        drop(segments);
        // Refused where the engine is at it already; then it is done by that.
        if ids.len() > 1 && entries <= SMALL && writer.merge(&ids).wait().is_ok() {
            writer.garbage_collect_files().wait()?;
        }
        Ok(())
    }

    /// Takes records away so that no trace of them stays on either shelf: their contents were destroyed.
    /// Whatever else was put is committed with it.
    pub fn erase(mut self, ids: &BTreeSet<ItemId>) -> Result<(), IndexError> {
        for id in ids {
            self.remove(*id)?;
        }
        self.closing = true;
        self.commit()?;
        Self::wipe_traces(&self.index.shelf(ShelfName::Closed).index, &mut self.closed)?;
        self.finish()
    }

    /// Commits, and waits until the index has put itself in order.
    pub fn finish(mut self) -> Result<(), IndexError> {
        self.commit()?;
        Self::gather(&self.index.shelf(ShelfName::Open).index, &mut self.open)?;
        Self::gather(&self.index.shelf(ShelfName::Closed).index, &mut self.closed)?;
        self.open.wait_merging_threads()?;
        self.closed.wait_merging_threads()?;
        sums::write(&self.index.dir)?;
        Ok(())
    }
}
