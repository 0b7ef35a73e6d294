//! Suggestions: how what is being typed could go on, from what the asker may find.
//!
//! They are read off the records that match what was typed so far, with the asker's own rights: a title
//! nobody may see suggests nothing, changes no order and no count. There is no dictionary of words, so a
//! title goes on to where a phrase ends: at 的, at punctuation, or after so many characters.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use archive_core::access::Asker;
use archive_core::model::ItemId;

use super::find::Search;
use super::fold::{fold, letters};
use super::index::{Index, IndexError};

/// How many records are looked at.
const LOOKED_AT: usize = 400;
/// How many characters a phrase of a title may have.
const LONGEST: usize = 14;

/// What a suggestion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Suggested {
    /// 文号.
    Number,
    /// 责任者.
    Body,
    /// 人名.
    Person,
    /// A phrase of a title.
    Phrase,
}

/// How what was typed could go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The words to search for.
    pub text: String,
    /// What they are.
    pub is: Suggested,
    /// How many of the records that were looked at have them.
    pub records: usize,
}

impl Index {
    /// How what is being typed could go on: at most so many suggestions, the commonest first. Nothing for
    /// what holds no letter, and for queries with signs of their own: they are typed by who knows.
    ///
    /// # Errors
    ///
    /// When the index can't be read.
    pub fn suggest(&self, asker: Asker, typed: &str, most: usize) -> Result<Vec<Suggestion>, IndexError> {
        let typed = typed.trim();
        let has_signs = typed.contains(['"', '“', '”', '*', '?', '＊', '？', ':', '：', '|']);
        if has_signs || fold(typed).is_empty() {
            return Ok(Vec::new());
        }
        let query = format!("题名:\"{typed}\" OR 文号:\"{typed}\" OR 责任者:\"{typed}\" OR 人名:\"{typed}\"");
        let (Ok(search), Ok(plain)) =
            (Search::new(asker, &query), Search::new(asker, &format!("\"{typed}\"")))
        else {
            return Ok(Vec::new());
        };
        let result = self.search(&search.limit(LOOKED_AT))?;
        let mut found: BTreeMap<(Suggested, String), BTreeSet<ItemId>> = BTreeMap::new();
        for hit in &result.hits {
            let mut add = |is, text: &str| {
                found.entry((is, text.to_owned())).or_default().insert(hit.id);
            };
            let matches = |text: &str| !plain.marks(text).is_empty();
            if matches(&hit.number) {
                add(Suggested::Number, hit.number.trim());
            }
            for body in hit.responsible.split('、').filter(|body| matches(body)) {
                add(Suggested::Body, body);
            }
            for person in hit.persons.split('、').filter(|person| matches(person)) {
                add(Suggested::Person, person);
            }
            for mark in plain.marks(&hit.title) {
                if let Some(phrase) = phrase(&hit.title, mark) {
                    add(Suggested::Phrase, phrase);
                }
            }
        }
        let same = letters(typed);
        let mut suggestions: Vec<Suggestion> = found
            .into_iter()
            .filter(|((_, text), _)| letters(text) != same)
            .map(|((is, text), records)| Suggestion { text, is, records: records.len() })
            .collect();
        // The commonest first, and of those the shorter, which is the more general.
        suggestions.sort_by(|a, b| {
            let length = |one: &Suggestion| one.text.chars().count();
            b.records
                .cmp(&a.records)
                .then(length(a).cmp(&length(b)))
                .then_with(|| (a.is, &a.text).cmp(&(b.is, &b.text)))
        });
        let mut seen = BTreeSet::new();
        suggestions.retain(|one| seen.insert(one.text.clone()));
        suggestions.truncate(most);
        Ok(suggestions)
    }
}

/// What was found in a title, and how it goes on to the end of its phrase.
fn phrase(title: &str, mark: Range<usize>) -> Option<&str> {
    let already = title.get(mark.clone())?.chars().count();
    let mut end = mark.end;
    for ch in title.get(mark.end..)?.chars().take(LONGEST.saturating_sub(already)) {
        if matches!(ch, '的' | '和' | '与' | '及' | '、' | '等') || !ch.is_alphanumeric() {
            break;
        }
        end += ch.len_utf8();
    }
    title.get(mark.start..end).filter(|phrase| !phrase.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_ends_where_a_person_would_pause() {
        let title = "关于做好防汛抗旱工作的通知（2004年）";
        let at = title.find("防汛").unwrap();
        assert_eq!(phrase(title, at..at + 6), Some("防汛抗旱工作"));
        let at = title.find("通知").unwrap();
        assert_eq!(phrase(title, at..at + 3), Some("通知"));
    }
}
