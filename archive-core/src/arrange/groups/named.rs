//! A title that bears a question's own name, word for word, is of that question.

use aho_corasick::{AhoCorasick, MatchKind};

use super::Bond;
use crate::arrange::facts::Desk;
use crate::arrange::shares;
use crate::arrange::threads::Threads;
use crate::arrange::wording::Family;

/// A name of fewer characters may stand in any title.
const LEAST_CHARS: usize = 3;

/// Joins threads alone to the question of their year and side whose name their head's title bears, the longest such.
pub(super) fn join(desk: &Desk<'_>, threads: &Threads, cells: &[u64], bonds: &mut [Bond]) {
    let mut questions: Vec<(u64, u32)> = bonds
        .iter()
        .zip(cells)
        .filter_map(|(bond, cell)| match bond {
            Bond::Question(word) => Some((*cell, *word)),
            _ => None,
        })
        .collect();
    questions.sort_unstable();
    questions.dedup();
    let mut words: Vec<u32> = questions.iter().map(|(_, word)| *word).collect();
    words.sort_unstable();
    words.dedup();
    words.retain(|word| desk.words.get(*word).chars().count() >= LEAST_CHARS);
    if words.is_empty() {
        return;
    }
    let names = words.iter().map(|word| desk.words.get(*word));
    let Ok(finder) = AhoCorasick::builder().match_kind(MatchKind::Standard).build(names) else { return };
    let alone = &*bonds;
    let named = shares::each(threads.len(), |run| {
        let named = run.map(|thread| {
            let at = thread as usize;
            let head = desk.at(threads.head(thread));
            // A bulletin reports on anything.
            if alone[at] != Bond::Alone || head.family() == Family::Bulletin {
                return None;
            }
            finder
                .find_overlapping_iter(head.matter_words())
                .map(|found| words[found.pattern().as_usize()])
                .filter(|word| questions.binary_search(&(cells[at], *word)).is_ok())
                .max_by_key(|word| (desk.words.get(*word).len(), std::cmp::Reverse(*word)))
        });
        named.collect()
    });
    for (bond, word) in bonds.iter_mut().zip(named) {
        if let Some(word) = word {
            *bond = Bond::Question(word);
        }
    }
}
