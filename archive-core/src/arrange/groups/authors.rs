//! A body that writes of one question only tells the question of its papers (the feature "author" of V4): a flood
//! control headquarters, the office of a resettlement, a works unit.

use super::Bond;
use crate::arrange::facts::{Desk, same_body};
use crate::arrange::threads::Threads;
use crate::arrange::topics::TopicFinder;

/// How much of what a body wrote must be of one question for its other papers to follow.
const MOST: f32 = 0.6;

/// Whether a body is called for a question: 县防汛抗旱指挥部 for 防汛, by the question's first two characters.
fn called_for(body: &str, question: &str) -> bool {
    let end = question.char_indices().nth(2).map_or(question.len(), |(at, _)| at);
    question.chars().count() >= 2 && body.contains(&question[..end])
}

/// Joins threads alone to the question of their author.
pub(super) fn join(
    desk: &Desk<'_>,
    threads: &Threads,
    cells: &[u64],
    finder: &TopicFinder,
    bonds: &mut [Bond],
) {
    // (cell, body) with each stated question of theirs.
    let mut written: Vec<((u64, u32), Option<u32>)> = Vec::new();
    let mut alone = false;
    for thread in 0..threads.len() {
        let body = desk.at(threads.head(thread)).body;
        match bonds[thread as usize] {
            Bond::Question(word) if body != 0 => written.push(((cells[thread as usize], body), Some(word))),
            Bond::Alone => alone = true,
            _ => {}
        }
    }
    let own_field = finder.find(&desk.institution.name);
    if !alone || written.is_empty() {
        return;
    }
    written.sort_unstable();
    // The question a body is called for and mostly writes of.
    let mut fields: Vec<((u64, u32), u32)> = Vec::new();
    for group in written.chunk_by(|a, b| a.0 == b.0) {
        let body = desk.words.get(group[0].0.1);
        if same_body(body, &desk.house) {
            continue;
        }
        let Some(most) = group.chunk_by(|a, b| a.1 == b.1).max_by_key(|run| run.len()) else { continue };
        #[allow(clippy::cast_precision_loss)] // papers of one body
        let share = most.len() as f32 / group.len() as f32;
        if let (key, Some(word)) = most[0]
            && share >= MOST
            && called_for(body, desk.words.get(word))
        {
            fields.push((key, word));
        }
    }
    for thread in 0..threads.len() {
        let at = thread as usize;
        if bonds[at] != Bond::Alone {
            continue;
        }
        let head = desk.at(threads.head(thread));
        let Ok(found) = fields.binary_search_by_key(&(cells[at], head.body), |(key, _)| *key) else {
            continue;
        };
        let word = fields[found].1;
        // A title that speaks of another field of work stays with it.
        let told = finder.find_but(head.matter_words(), own_field);
        if told.is_none() || told == finder.find_but(desk.words.get(word), own_field) {
            bonds[at] = Bond::Question(word);
        }
    }
}
