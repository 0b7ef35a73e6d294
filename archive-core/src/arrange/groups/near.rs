//! Threads whose titles name the same thing by the same rare words: a reservoir, a road, a school, a campaign.
//!
//! Each thread alone looks for the one it shares most with, in runs of four characters; the fewer others
//! bear a run, the more it tells; a number quoted in a title tells most. It follows that one to its question. Threads that point to each other and to
//! nothing the register names make a question of their own.

use super::{Bond, in_time};
use crate::arrange::facts::{Desk, Index};
use crate::arrange::shares;
use crate::arrange::threads::Threads;
use crate::arrange::ties::likeness::runs;
use crate::arrange::wording::Family;

/// A run that more threads bear tells of no one thing.
const MOST_BEARERS: usize = 24;
/// How many of the rarest runs of a title are looked up.
const RAREST: usize = 8;
/// How much two titles must share: one run no third bears, or one that one more does beside another.
const LEAST: f32 = 0.55;

/// Joins them.
pub(super) fn join(
    desk: &Desk<'_>,
    threads: &Threads,
    cells: &[u64],
    mentions: &[(u32, u32)],
    bonds: &mut [Bond],
) {
    let alone: Vec<u32> =
        (0..threads.len()).filter(|thread| bonds[*thread as usize] == Bond::Alone).collect();
    if alone.is_empty() {
        return;
    }
    let common = desk.common_names();
    let runs_of = |thread: u32| runs(desk.at(threads.head(thread)).subject(), &common);
    let keyed = |run: u64, thread: u32| run ^ cells[thread as usize].wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let before: &[Bond] = bonds;
    let index = Index::new(shares::each(threads.len(), |of| {
        let mut index: Vec<(u64, u32)> = Vec::new();
        for thread in of {
            // A bulletin reports on anything: it draws no paper to itself.
            let reports = desk.at(threads.head(thread)).family() == Family::Bulletin;
            let draws = matches!(before[thread as usize], Bond::Alone | Bond::Question(_) | Bond::Matter(_));
            if draws && !reports {
                index.extend(runs_of(thread).into_iter().map(|run| (keyed(run, thread), thread)));
            }
        }
        index
    }));
    let nearest_to = |thread: u32, shared: &mut Vec<(u32, f32)>| {
        let mut rare: Vec<&[(u64, u32)]> = runs_of(thread)
            .into_iter()
            .map(|run| index.of(keyed(run, thread)))
            .filter(|bearers| (2..=MOST_BEARERS).contains(&bearers.len()))
            .collect();
        rare.sort_by_key(|bearers| bearers.len());
        rare.truncate(RAREST);
        shared.clear();
        for bearers in rare {
            #[allow(clippy::cast_precision_loss)] // at most MOST_BEARERS
            let weight = 1.0 / (bearers.len() - 1) as f32;
            let others = bearers.iter().map(|(_, other)| *other);
            let others =
                others.filter(|other| *other != thread && in_time(desk, threads, thread, *other, before));
            shared.extend(others.map(|other| (other, weight)));
        }
        shared.sort_unstable_by_key(|(other, _)| *other);
        let mut best: Option<(f32, u32)> = None;
        for group in shared.chunk_by(|a, b| a.0 == b.0) {
            let weight: f32 = group.iter().map(|(_, weight)| weight).sum();
            let other = group[0].0;
            let nearer = best.is_none_or(|(top, known)| {
                weight > top || (weight >= top && thread.abs_diff(other) < thread.abs_diff(known))
            });
            if weight >= LEAST && nearer {
                best = Some((weight, other));
            }
        }
        best.map(|(_, other)| other)
    };
    let mut nearest: Vec<Option<u32>> = shares::each(threads.len(), |of| {
        let mut shared = Vec::new();
        let is_alone = |thread: u32| before[thread as usize] == Bond::Alone;
        of.map(|thread| is_alone(thread).then(|| nearest_to(thread, &mut shared)).flatten()).collect()
    });
    // A paper whose title quotes another's number (贯彻…〔2011〕77号文件) speaks of what that one does.
    for (quoting, quoted) in mentions {
        let (from, to) = (threads.of(*quoting), threads.of(*quoted));
        if from != to && threads.head(from) == *quoting && cells[from as usize] == cells[to as usize] {
            nearest[from as usize] = Some(to);
        }
    }
    let settled: Vec<Bond> = alone.iter().map(|thread| follow(*thread, &nearest, bonds)).collect();
    for (thread, bond) in alone.into_iter().zip(settled) {
        if let Bond::Near(first) = bond {
            // The first may itself be near to none: what follows it makes it a question.
            bonds[first as usize] = bond;
        }
        if bonds[thread as usize] == Bond::Alone {
            bonds[thread as usize] = bond;
        }
    }
}

/// Where the way from neighbour to neighbour ends: at a question the register names, or in a circle of threads
/// that have none, which is called by the first of it.
fn follow(thread: u32, nearest: &[Option<u32>], bonds: &[Bond]) -> Bond {
    let mut way = vec![thread];
    let mut here = thread;
    loop {
        let Some(next) = nearest[here as usize] else {
            return if way.len() > 1 { Bond::Near(here) } else { Bond::Alone };
        };
        if bonds[next as usize] != Bond::Alone {
            return bonds[next as usize];
        }
        if let Some(at) = way.iter().position(|seen| *seen == next) {
            return Bond::Near(way[at..].iter().copied().min().unwrap_or(next));
        }
        way.push(next);
        here = next;
    }
}

/// The longest run of characters that most of `subjects` share, of at least three: what they are about.
pub(crate) fn common_words<'t>(subjects: &[&'t str]) -> Option<&'t str> {
    let first = subjects.first()?;
    let ends: Vec<usize> = first.char_indices().map(|(at, _)| at).chain([first.len()]).collect();
    let mut best: Option<&str> = None;
    for from in 0..ends.len() {
        // The longest that begins here and most share.
        for to in (from + 3..ends.len()).rev() {
            let words = &first[ends[from]..ends[to]];
            if best.is_some_and(|best| words.len() <= best.len()) {
                break;
            }
            let bearers = subjects.iter().filter(|subject| subject.contains(words)).count();
            if bearers * 3 >= subjects.len() * 2 && bearers > 1 && !words.starts_with('的') {
                best = Some(words);
                break;
            }
        }
    }
    best.map(|words| words.trim_end_matches('的'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_titles_share_is_found() {
        let subjects =
            ["要求将青岩水库列入除险加固计划", "青岩水库除险加固工程施工", "青岩水库除险加固工程完工验收"];
        assert_eq!(common_words(&subjects), Some("青岩水库"));
        assert_eq!(common_words(&["春耕", "秋收"]), None);
        assert_eq!(common_words(&[]), None);
    }
}
