//! The text of records as it was read, for those who must read it whole: a reviewer before a record is opened.
//!
//! Not a search: nothing is matched and nothing is scored. Who asks is part of this question too.

use std::collections::BTreeMap;

use archive_core::access::Asker;
use archive_core::model::ItemId;
use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{TantivyDocument, Term};

use super::index::{Index, IndexError};
use super::record::PageText;

impl Index {
    /// The pages of these records that have text and that `asker` may see, in order.
    ///
    /// # Errors
    ///
    /// When the index can't be read.
    pub fn pages_of(
        &self,
        asker: Asker,
        items: &[ItemId],
    ) -> Result<BTreeMap<ItemId, Vec<PageText>>, IndexError> {
        let shelves = self.shelves_of(asker)?;
        let mut all = BTreeMap::new();
        for item in items {
            let mut pages = Vec::new();
            for shelf in &shelves {
                let term = Term::from_field_u64(self.fields.item, item.0);
                let found = shelf
                    .searcher
                    .search(&TermQuery::new(term, IndexRecordOption::Basic), &DocSetCollector)?;
                for address in found.into_iter().collect::<std::collections::BTreeSet<_>>() {
                    let entry: TantivyDocument = shelf.searcher.doc(address)?;
                    let Some(text) = entry.get_first(self.fields.text).and_then(|value| value.as_str())
                    else {
                        continue;
                    };
                    let page =
                        shelf.entries(address.segment_ord).and_then(|entries| entries.page(address.doc_id));
                    pages.push(PageText { page: page.unwrap_or_default(), text: text.to_owned() });
                }
            }
            pages.sort_by_key(|page| page.page);
            all.insert(*item, pages);
        }
        Ok(all)
    }
}
