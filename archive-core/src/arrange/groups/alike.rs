//! A thread alone joins the question whose papers bear the words of its title and others don't.

use std::collections::HashMap;

use super::{Bond, in_time};
use crate::arrange::facts::{Desk, Index};
use crate::arrange::shares;
use crate::arrange::threads::Threads;
use crate::arrange::ties::around;
use crate::arrange::ties::likeness::telling;
use crate::arrange::wording::Family;

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
    let question_of = |thread: u32| -> Option<(u32, Bond)> {
        let head = threads.head(thread);
        let mine = telling(desk.at(head).subject(), &common);
        let period = desk.item(head).period;
        let mut votes: Vec<(Bond, f32, bool)> = Vec::new();
        let mut rare: Vec<(u64, &[(u64, u32)])> =
            mine.iter().map(|pair| (*pair, index.of(keyed(*pair, thread)))).collect();
        // A pair that only this title bears tells nothing; the rarest of the others tell most.
        rare.retain(|(_, bearers)| bearers.len() > 1);
        rare.sort_by_key(|(_, bearers)| bearers.len());
        rare.truncate(RAREST);
        for (pair, bearers) in rare {
            let mut near: Vec<(Bond, f32)> = around(bearers, thread, NEAR, NEAR)
                .filter(|other| *other != thread && in_time(desk, threads, thread, *other, before))
                .map(|other| {
                    // Papers of the same period stand in the volume it would join.
                    let same = period.is_some() && desk.item(threads.head(other)).period == period;
                    (before[other as usize], if same { 2.0 } else { 1.0 })
                })
                .collect();
            near.sort_by_key(|bearer| bearer.0);
            let all: f32 = near.iter().map(|(_, weight)| weight).sum();
            for group in near.chunk_by(|a, b| a.0 == b.0) {
                let count: f32 = group.iter().map(|(_, weight)| weight).sum();
                let share = count / all;
                // Only what the register names draws others.
                if let Bond::Question(word) | Bond::Matter(word) = group[0].0
                    && share >= LEAST_SHARE
                    && group.len() > 1
                {
                    let named = words_of(word).binary_search(&pair).is_ok();
                    let vote = share * count.ln_1p() * if named { OF_NAME } else { 1.0 };
                    votes.push((group[0].0, vote, named));
                }
            }
        }
        votes.sort_by_key(|vote| vote.0);
        // One pair that the question's name doesn't bear is chance.
        let mut sums: Vec<(f32, Bond)> = votes
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|group| group.len() > 1 || group.iter().any(|(_, _, named)| *named))
            .map(|group| (group.iter().map(|(_, vote, _)| vote).sum(), group[0].0))
            .collect();
        sums.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let second = sums.get(1).map_or(0.0, |(vote, _)| *vote);
        let (vote, bond) = sums.first()?;
        (*vote >= LEAST_VOTE && *vote >= second * LEAST_LEAD).then_some((thread, *bond))
    };
    let count = u32::try_from(alone.len()).unwrap_or(u32::MAX);
    let found = shares::each(count, |of| of.filter_map(|at| question_of(alone[at as usize])).collect());
    for (thread, bond) in found {
        bonds[thread as usize] = bond;
    }
}
