//! Which threads speak of one question: the first step towards volumes (V4).
//!
//! A meeting or case that the register names comes first, then the question it names. A thread without
//! either joins the question whose papers it is most like; papers of one series (a bulletin, minutes
//! of the first, second … session) make a question of their own; what is still alone stays alone, to be
//! joined later by type and author.

use super::facts::{Desk, Facts, Index, hash};
use super::threads::Threads;
use super::ties::likeness::{held_by, likeness, pairs};
use super::wording::{self, Family};

/// What joins a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Bond {
    /// A meeting or case, as a word of the desk.
    Matter(u32),
    /// A question, as a word of the desk.
    Question(u32),
    /// A series, by the key of its title and author.
    Series(u64),
    /// Nothing but itself.
    Alone,
}

impl Bond {
    /// A number that tells groups apart; 0 for a thread that is alone.
    pub(crate) fn key(self) -> u64 {
        match self {
            Self::Matter(word) => 1 << 62 | u64::from(word),
            Self::Question(word) => 1 << 61 | u64::from(word),
            Self::Series(key) => (key >> 2) | 1 << 63,
            Self::Alone => 0,
        }
    }
}

/// How like a paper must be to one of a question to be counted with it.
const LEAST_LIKENESS: f32 = 0.5;
/// How many papers are compared for each pair of characters.
const NEAR: usize = 10;

/// The title of a series without what changes from one to the next, or nothing if it is no series.
pub(crate) fn series_stem(facts: &Facts) -> Option<String> {
    let bare = wording::part(&facts.title, &facts.wording.bare);
    let numbered = facts.wording.issue.is_some()
        || (matches!(facts.family(), Family::Minutes | Family::Bulletin)
            && bare.contains(['第', '次', '期']));
    if !numbered {
        return None;
    }
    // 政府工作简报(第3期):全县… : what follows the number is the issue's own.
    let mut stem = String::new();
    for c in facts.title.chars() {
        match c {
            '第' | '(' | '[' | '〔' | ':' | '-' => {
                if stem.chars().count() >= 3 {
                    break;
                }
            }
            c if c.is_ascii_digit() => {}
            c => stem.push(c),
        }
    }
    let stem = stem.trim_end_matches(['年', '总', '月']).to_owned();
    (stem.chars().count() >= 3).then_some(stem)
}

/// The bond of each thread. `cells` tells the year and side of each thread as one number: threads of
/// different cells are never joined, so likeness is only sought inside one.
pub(crate) fn bonds(desk: &Desk<'_>, threads: &Threads, cells: &[u64]) -> Vec<Bond> {
    let mut bonds: Vec<Bond> = (0..threads.len()).map(|thread| stated(desk, threads.items(thread))).collect();
    join_series(desk, threads, cells, &mut bonds);
    join_alike(desk, threads, cells, &mut bonds);
    bonds
}

/// What the register says of a thread: its meeting or case, else its question; the head's before others'.
fn stated(desk: &Desk<'_>, items: &[u32]) -> Bond {
    let matter = items.iter().map(|place| desk.at(*place).matter).find(|matter| *matter != 0);
    if let Some(matter) = matter {
        return Bond::Matter(matter);
    }
    let question = items.iter().map(|place| desk.at(*place).question).find(|question| *question != 0);
    question.map_or(Bond::Alone, Bond::Question)
}

/// Issues of one series stand together: with the question the register gives for most of them, or by
/// themselves.
fn join_series(desk: &Desk<'_>, threads: &Threads, cells: &[u64], bonds: &mut [Bond]) {
    let mut series: Vec<(u64, u32)> = Vec::new();
    for thread in 0..threads.len() {
        if matches!(bonds[thread as usize], Bond::Matter(_)) {
            // Minutes of a body that meets again and again: the register may name the body only on some.
            continue;
        }
        let head = threads.head(thread);
        if let Some(stem) = series_stem(desk.at(head)) {
            series.push((hash(&stem) ^ cells[thread as usize].rotate_left(32), thread));
        }
    }
    series.sort_unstable();
    for group in series.chunk_by(|a, b| a.0 == b.0) {
        let mut given: Vec<Bond> = group
            .iter()
            .map(|(_, thread)| bonds[*thread as usize])
            .filter(|bond| *bond != Bond::Alone)
            .collect();
        given.sort_unstable();
        let common = given.chunk_by(|a, b| a == b).max_by_key(|run| run.len()).map(|run| run[0]);
        let bond = match common {
            Some(bond) => bond,
            None if group.len() > 1 => Bond::Series(group[0].0),
            None => continue,
        };
        for (_, thread) in group {
            if bonds[*thread as usize] == Bond::Alone {
                bonds[*thread as usize] = bond;
            }
        }
    }
}

/// A thread alone joins the question whose papers, or whose name, it is most like.
fn join_alike(desk: &Desk<'_>, threads: &Threads, cells: &[u64], bonds: &mut [Bond]) {
    let alone: Vec<u32> =
        (0..threads.len()).filter(|thread| bonds[*thread as usize] == Bond::Alone).collect();
    if alone.is_empty() || alone.len() == bonds.len() {
        return;
    }
    // The words of every joined thread, and of the names of its question.
    let mut index: Vec<(u64, u32)> = Vec::new();
    let mut words: Vec<Vec<u64>> = vec![Vec::new(); bonds.len()];
    let keyed = |pair: u64, thread: u32| pair ^ cells[thread as usize].wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for thread in 0..threads.len() {
        let head = threads.head(thread);
        let subject = desk.at(head).subject();
        words[thread as usize] = pairs(subject);
        let named = match bonds[thread as usize] {
            Bond::Matter(word) | Bond::Question(word) => pairs(desk.words.get(word)),
            _ => Vec::new(),
        };
        if bonds[thread as usize] != Bond::Alone {
            index.extend(
                words[thread as usize].iter().chain(&named).map(|pair| (keyed(*pair, thread), thread)),
            );
        }
    }
    let index = Index::new(index);
    let mut found = Vec::new();
    for thread in alone {
        let mine = &words[thread as usize];
        let title = pairs(desk.at(threads.head(thread)).bare());
        let mut near: Vec<u32> = Vec::new();
        for pair in mine.iter().chain(&title) {
            near.extend(super::ties::around(index.of(keyed(*pair, thread)), thread, NEAR, NEAR));
        }
        near.sort_unstable();
        near.dedup();
        let mut best: Option<(f32, Bond)> = None;
        for other in near {
            let bond = bonds[other as usize];
            let named = match bond {
                Bond::Matter(word) | Bond::Question(word) => held_by(&pairs(desk.words.get(word)), &title),
                _ => 0.0,
            };
            let alike = likeness(mine, &words[other as usize]).max(named * 0.9);
            if best.is_none_or(|(top, at)| alike > top || (alike >= top && bond < at)) {
                best = Some((alike, bond));
            }
        }
        if let Some((alike, bond)) = best
            && alike >= LEAST_LIKENESS
        {
            found.push((thread, bond));
        }
    }
    for (thread, bond) in found {
        bonds[thread as usize] = bond;
    }
}
