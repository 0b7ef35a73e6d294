//! The subject catalogue (专题目录, F3): for each subject everything there is on it, from all volumes and
//! periods.
//!
//! A subject is a question, meeting or case as the register names it. What belongs to none is not in this
//! catalogue; the classified one has it.

use std::collections::BTreeMap;

use archive_core::model::{Entry, Volume};

use super::classified::{by_date, question_of};
use super::grouped::{Group, catalogue as grouped};
use crate::book::Book;
use crate::document::Document;
use crate::layout::Measure;

/// The catalogue of the book.
pub fn catalogue(book: &Book<'_>, measure: &dyn Measure) -> Document {
    let mut subjects: BTreeMap<String, Vec<(&Volume, &Entry)>> = BTreeMap::new();
    for (volume, entry) in book.entries() {
        if let Some(subject) = question_of(book, entry) {
            subjects.entry(subject).or_default().push((volume, entry));
        }
    }
    let groups: Vec<Group<'_>> = subjects
        .into_iter()
        .map(|(name, mut entries)| {
            by_date(book, &mut entries);
            Group { name, entries }
        })
        .collect();
    grouped(book, "专题目录", "专题", &groups, measure)
}
