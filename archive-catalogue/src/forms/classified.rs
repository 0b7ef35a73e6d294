//! The classified catalogue (分类目录, F3): every item under its class, whatever year, period or volume it
//! lies in.
//!
//! The first level is that of the covers (类目名称): party or government, and the section where the office
//! keeps its sections apart. The second is the question the register names. Inside a class items stand by
//! date.

use std::collections::BTreeMap;

use archive_core::model::{Entry, Volume};

use super::grouped::{Group, catalogue as grouped};
use crate::book::{Book, class_of};
use crate::document::Document;
use crate::layout::{Measure, printable};

/// What items of no named question are under.
pub(super) const GENERAL: &str = "综合";

/// The catalogue of the book.
pub fn catalogue(book: &Book<'_>, measure: &dyn Measure) -> Document {
    grouped(book, "分类目录", "类目", &classes(book), measure)
}

/// The class; whether it is its last part (综合); the question.
type Class = (String, bool, String);

fn classes<'a>(book: &Book<'a>) -> Vec<Group<'a>> {
    let mut classes: BTreeMap<Class, Vec<(&'a Volume, &'a Entry)>> = BTreeMap::new();
    for (volume, entry) in book.entries() {
        let question = question_of(book, entry);
        let class = printable(&class_of(volume));
        // 综合 stands at the end of its class.
        let key = (class, question.is_none(), question.unwrap_or_else(|| GENERAL.to_owned()));
        classes.entry(key).or_default().push((volume, entry));
    }
    classes
        .into_iter()
        .map(|((class, _, question), mut entries)| {
            by_date(book, &mut entries);
            Group { name: format!("{class}—{question}"), entries }
        })
        .collect()
}

/// The question, meeting or case an item belongs to, as the register names it.
pub(super) fn question_of(book: &Book<'_>, entry: &Entry) -> Option<String> {
    let item = book.item(entry)?;
    let word = item.question.as_deref().or(item.meeting_or_case.as_deref())?;
    Some(printable(word)).filter(|word| !word.is_empty())
}

/// By date, those without one last; what is of one date stays as it stands on the shelf.
pub(super) fn by_date(book: &Book<'_>, entries: &mut [(&Volume, &Entry)]) {
    entries.sort_by_key(|(_, entry)| {
        let day = book.item(entry).and_then(|item| item.date.date());
        (day.is_none(), day)
    });
}
