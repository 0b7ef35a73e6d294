//! Facets: how many of the records that were found are of each year, period, type.
//!
//! They are counted in the same pass as the hits and by record, so that they add up to the number of
//! records (but for bodies, of which a record may have several); and, like the hits, only over what the asker may see.

use std::collections::BTreeMap;

use tantivy::SegmentReader;
use tantivy::columnar::{Column, StrColumn};

use super::filter::FilterField;
use super::index::IndexError;
use super::schema::column;

/// How many records there are of each value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// The field.
    pub field: FilterField,
    /// Its values and how many records have each: years in order, the rest by number, then by value.
    pub values: Vec<(String, usize)>,
}

/// Counts over all segments.
#[derive(Debug, Default)]
pub(super) struct Counts(BTreeMap<FilterField, BTreeMap<String, usize>>);

impl Counts {
    pub(super) fn into_facets(self) -> Vec<Facet> {
        let facet = |(field, values): (FilterField, BTreeMap<String, usize>)| {
            let mut values: Vec<(String, usize)> = values.into_iter().collect();
            if field != FilterField::Year {
                values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            }
            Facet { field, values }
        };
        self.0.into_iter().map(facet).collect()
    }
}

/// Counts over one segment.
pub(super) struct Tally {
    years: Column<i64>,
    by_year: BTreeMap<i64, usize>,
    words: Vec<(FilterField, StrColumn, BTreeMap<u64, usize>)>,
}

impl Tally {
    pub(super) fn new(segment: &SegmentReader) -> Result<Self, IndexError> {
        let columns = segment.fast_fields();
        let mut words = Vec::new();
        for (field, name) in column::WORDS {
            if let Some(column) = columns.str(name)? {
                words.push((field, column, BTreeMap::new()));
            }
        }
        Ok(Self { years: columns.i64(column::YEAR)?, by_year: BTreeMap::new(), words })
    }

    /// Counts a record by one of its entries.
    pub(super) fn count(&mut self, entry: u32) {
        if let Some(year) = self.years.first(entry) {
            *self.by_year.entry(year).or_default() += 1;
        }
        for (_, column, counts) in &mut self.words {
            for ordinal in column.ords().values_for_doc(entry) {
                *counts.entry(ordinal).or_default() += 1;
            }
        }
    }

    /// Adds the counts of the segment to those of all.
    pub(super) fn add_to(self, all: &mut Counts) -> Result<(), IndexError> {
        for (year, count) in self.by_year {
            *all.0.entry(FilterField::Year).or_default().entry(year.to_string()).or_default() += count;
        }
        for (field, column, counts) in self.words {
            for (ordinal, count) in counts {
                let mut value = String::new();
                if column.ord_to_str(ordinal, &mut value)? && !value.is_empty() {
                    *all.0.entry(field).or_default().entry(value).or_default() += count;
                }
            }
        }
        Ok(())
    }
}
