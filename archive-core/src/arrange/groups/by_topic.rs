//! Threads still alone join by the question their title tells, out of the [table of topics](crate::arrange::topics).

use super::Bond;
use crate::arrange::facts::{Desk, same_body};
use crate::arrange::shares;
use crate::arrange::threads::Threads;
use crate::arrange::ties::likeness::telling;
use crate::arrange::topics::TopicFinder;

/// A title that tells no question (县计划生育协会1998年工作总结) is of its author's field, if the author isn't the
/// office itself.
fn of_author(desk: &Desk<'_>, head: u32, finder: &TopicFinder, own_field: Option<u16>) -> Option<u16> {
    let body = desk.body(head);
    if body.is_empty() || same_body(body, &desk.house) {
        return None;
    }
    let told = telling(desk.at(head).subject(), &desk.common_names());
    if told.len() > 1 { None } else { finder.find_but(body, own_field) }
}

/// Threads that name the same thing have one field of work: what most of them tell.
fn of_near(bonds: &[Bond], topics: &mut [Option<u16>]) {
    let mut near: Vec<(u32, Option<u16>, usize)> = bonds
        .iter()
        .zip(topics.iter())
        .enumerate()
        .filter_map(|(thread, (bond, topic))| match bond {
            Bond::Near(first) => Some((*first, *topic, thread)),
            _ => None,
        })
        .collect();
    near.sort_unstable();
    for group in near.chunk_by(|a, b| a.0 == b.0) {
        let told: Vec<u16> = group.iter().filter_map(|(_, topic, _)| *topic).collect();
        let most = told.chunk_by(|a, b| a == b).max_by_key(|run| run.len()).map(|run| run[0]);
        for (_, _, thread) in group {
            topics[*thread] = most;
        }
    }
}

/// Threads still alone join by the question their title tells: with the question the register names of
/// that kind, if there is one, else with one another.
pub(super) fn join(
    desk: &Desk<'_>,
    threads: &Threads,
    cells: &[u64],
    finder: &TopicFinder,
    bonds: &mut [Bond],
) {
    // A water bureau's papers all speak of water: its own field tells no question.
    let own_field = finder.find(&desk.institution.name);
    let before: &[Bond] = bonds;
    let topic_of = |thread: u32| {
        if !matches!(before[thread as usize], Bond::Alone | Bond::Near(_)) {
            return None;
        }
        let told = |place: &u32| finder.find_but(desk.at(*place).matter_words(), own_field);
        let items = threads.items(thread);
        items.iter().take(4).find_map(told).or_else(|| of_author(desk, items[0], finder, own_field))
    };
    let mut topics: Vec<Option<u16>> = shares::each(threads.len(), |of| of.map(topic_of).collect());
    of_near(bonds, &mut topics);
    // The questions the register names, by the topic of their name.
    let mut named: Vec<((u64, u16), Bond)> = Vec::new();
    let mut known: Vec<(Bond, Option<u16>)> = Vec::new();
    for thread in 0..threads.len() {
        let bond = bonds[thread as usize];
        let Bond::Question(word) = bond else { continue };
        let at = match known.binary_search_by(|(other, _)| other.cmp(&bond)) {
            Ok(at) => at,
            Err(at) => {
                known.insert(at, (bond, finder.find_but(desk.words.get(word), own_field)));
                at
            }
        };
        if let Some(topic) = known[at].1 {
            named.push(((cells[thread as usize], topic), bond));
        }
    }
    named.sort_unstable();
    let mut questions: Vec<((u64, u16), Bond)> = Vec::new();
    for group in named.chunk_by(|a, b| a.0 == b.0) {
        let most = group.chunk_by(|a, b| a.1 == b.1).max_by_key(|run| run.len());
        questions.extend(most.map(|run| run[0]));
    }
    for thread in 0..threads.len() {
        let Some(topic) = topics[thread as usize] else { continue };
        let key = (cells[thread as usize], topic);
        bonds[thread as usize] = match questions.binary_search_by(|(other, _)| other.cmp(&key)) {
            Ok(at) => questions[at].1,
            Err(_) => Bond::Topic(topic),
        };
    }
}
