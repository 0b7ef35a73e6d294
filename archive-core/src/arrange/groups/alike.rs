//! A thread alone joins the question whose papers bear the words of its title and others don't.

use std::collections::HashMap;

use super::{Bond, in_time};
use crate::arrange::facts::{Desk, Index};
use crate::arrange::shares;
use crate::arrange::threads::Threads;
use crate::arrange::ties::around;
use crate::arrange::ties::likeness::telling;
use crate::arrange::wording::Family;
use crate::model::RetentionPeriod;

/// How many papers before and after are asked for each pair of characters.
const NEAR: usize = 24;
/// How many of the rarest pairs of a title vote.
const RAREST: usize = 10;
/// How much of those that bear a pair must be of one question for it to vote.
const LEAST_SHARE: f32 = 0.45;
/// How much more a pair counts that the question's name bears.
const OF_NAME: f32 = 1.5;
/// How many votes make a thread join a question, and how far ahead of the next.
const LEAST_VOTE: f32 = 1.6;
const LEAST_LEAD: f32 = 1.4;

/// What speaks for one question: by how much, how often, and whether by a word of its name.
struct Tally {
    bond: Bond,
    weight: f32,
    count: u32,
    named: bool,
}

impl Tally {
    fn add(&mut self, weight: f32) {
        self.weight += weight;
        self.count += 1;
    }
}

/// Room to count in, kept from thread to thread.
#[derive(Default)]
struct Room {
    bearers: Vec<Tally>,
    votes: Vec<Tally>,
}

/// A thread alone joins the question whose papers bear the words of its title and others don't.
///
/// Each pair of characters in its title votes for the question in whose titles it stands, if most of
/// those that bear it are of that one question; the more there are, the more it counts.
pub(super) fn join(desk: &Desk<'_>, threads: &Threads, cells: &[u64], bonds: &mut [Bond]) {
    let alone: Vec<u32> =
        (0..threads.len()).filter(|thread| bonds[*thread as usize] == Bond::Alone).collect();
    if alone.is_empty() || alone.len() == bonds.len() {
        return;
    }
    let common = desk.common_names();
    let keyed = |pair: u64, thread: u32| pair ^ cells[thread as usize].wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let before: &[Bond] = bonds;
    let mut names: Vec<u32> = before
        .iter()
        .filter_map(|bond| match bond {
            Bond::Matter(word) | Bond::Question(word) => Some(*word),
            _ => None,
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    let names: HashMap<u32, Vec<u64>> =
        names.into_iter().map(|word| (word, telling(desk.words.get(word), &common))).collect();
    let words_of = |word: u32| names.get(&word).map_or(&[][..], Vec::as_slice);
    let index = Index::new(shares::each(threads.len(), |of| {
        let mut index: Vec<(u64, u32)> = Vec::new();
        for thread in of {
            let named = match before[thread as usize] {
                Bond::Matter(word) | Bond::Question(word) => words_of(word),
                _ => &[],
            };
            let head = desk.at(threads.head(thread));
            // A bulletin reports on anything: it speaks for no question.
            let subject =
                if head.family() == Family::Bulletin { Vec::new() } else { telling(head.subject(), &common) };
            index.extend(subject.iter().chain(named).map(|pair| (keyed(*pair, thread), thread)));
        }
        index
    }));
    let periods: Vec<Option<RetentionPeriod>> =
        (0..threads.len()).map(|thread| desk.item(threads.head(thread)).period).collect();
    let question_of = |thread: u32, room: &mut Room| -> Option<(u32, Bond)> {
        let mine = telling(desk.at(threads.head(thread)).subject(), &common);
        let period = periods[thread as usize];
        let mut rare: Vec<(u64, &[(u64, u32)])> =
            mine.iter().map(|pair| (*pair, index.of(keyed(*pair, thread)))).collect();
        // A pair that only this title bears tells nothing; the rarest of the others tell most.
        rare.retain(|(_, bearers)| bearers.len() > 1);
        rare.sort_by_key(|(_, bearers)| bearers.len());
        rare.truncate(RAREST);
        room.votes.clear();
        for (pair, bearers) in rare {
            room.bearers.clear();
            let mut all = 0.0;
            for other in around(bearers, thread, NEAR, NEAR) {
                if other == thread || !in_time(desk, threads, thread, other, before) {
                    continue;
                }
                // Papers of the same period stand in the volume it would join.
                let same = period.is_some() && periods[other as usize] == period;
                let weight = if same { 2.0 } else { 1.0 };
                all += weight;
                let bond = before[other as usize];
                match room.bearers.iter_mut().find(|bearer| bearer.bond == bond) {
                    Some(bearer) => bearer.add(weight),
                    None => room.bearers.push(Tally { bond, weight, count: 1, named: false }),
                }
            }
            for bearer in &room.bearers {
                let share = bearer.weight / all;
                // Only what the register names draws others.
                let (Bond::Question(word) | Bond::Matter(word)) = bearer.bond else { continue };
                if share < LEAST_SHARE || bearer.count < 2 {
                    continue;
                }
                let named = words_of(word).binary_search(&pair).is_ok();
                let vote = share * bearer.weight.ln_1p() * if named { OF_NAME } else { 1.0 };
                match room.votes.iter_mut().find(|known| known.bond == bearer.bond) {
                    Some(known) => {
                        known.add(vote);
                        known.named |= named;
                    }
                    None => room.votes.push(Tally { bond: bearer.bond, weight: vote, count: 1, named }),
                }
            }
        }
        // One pair that the question's name doesn't bear is chance.
        room.votes.retain(|vote| vote.count > 1 || vote.named);
        room.votes.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.bond.cmp(&b.bond)));
        let second = room.votes.get(1).map_or(0.0, |vote| vote.weight);
        let first = room.votes.first()?;
        (first.weight >= LEAST_VOTE && first.weight >= second * LEAST_LEAD).then_some((thread, first.bond))
    };
    let count = u32::try_from(alone.len()).unwrap_or(u32::MAX);
    let found = shares::each(count, |of| {
        let mut room = Room::default();
        of.filter_map(|at| question_of(alone[at as usize], &mut room)).collect()
    });
    for (thread, bond) in found {
        bonds[thread as usize] = bond;
    }
}
