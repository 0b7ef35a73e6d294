//! Which threads speak of one question: the first step towards volumes (V4).
//!
//! A meeting or case that the register names comes first, then the question it names. A thread without
//! either joins the question whose papers it is most like; papers of one series (a bulletin, minutes
//! of the first, second … session) make a question of their own; what is still alone stays alone, to be
//! joined later by type and author.

use super::facts::{Desk, Facts, Index, hash};
use super::threads::Threads;
use super::ties::likeness::telling;
use super::topics::TopicFinder;
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
    /// A question of the table of topics, told by its title alone.
    Topic(u16),
    /// Nothing but itself.
    Alone,
}

impl Bond {
    /// A number that tells groups apart; 0 for a thread that is alone.
    pub(crate) fn key(self) -> u64 {
        match self {
            Self::Matter(word) => 1 << 62 | u64::from(word),
            Self::Question(word) => 1 << 61 | u64::from(word),
            Self::Topic(topic) => 1 << 60 | u64::from(topic),
            Self::Series(key) => (key >> 2) | 1 << 63,
            Self::Alone => 0,
        }
    }
}

/// How many papers before and after are asked for each pair of characters.
const NEAR: usize = 24;
/// How many of the rarest pairs of a title vote.
const RAREST: usize = 10;
/// How much of those that bear a pair must be of one question for it to vote.
const LEAST_SHARE: f32 = 0.45;
/// How many votes make a thread join a question, and how far ahead of the next.
const LEAST_VOTE: f32 = 1.6;
const LEAST_LEAD: f32 = 1.4;

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
    join_topics(desk, threads, cells, &mut bonds);
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

/// A thread alone joins the question whose papers bear the words of its title and others don't.
///
/// Each pair of characters in its title votes for the question in whose titles it stands, if most of
/// those that bear it are of that one question; the more there are, the more it counts.
fn join_alike(desk: &Desk<'_>, threads: &Threads, cells: &[u64], bonds: &mut [Bond]) {
    let alone: Vec<u32> =
        (0..threads.len()).filter(|thread| bonds[*thread as usize] == Bond::Alone).collect();
    if alone.is_empty() || alone.len() == bonds.len() {
        return;
    }
    let keyed = |pair: u64, thread: u32| pair ^ cells[thread as usize].wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut index: Vec<(u64, u32)> = Vec::new();
    for thread in 0..threads.len() {
        let named = match bonds[thread as usize] {
            Bond::Matter(word) | Bond::Question(word) => telling(desk.words.get(word)),
            Bond::Alone | Bond::Topic(_) | Bond::Series(_) => Vec::new(),
        };
        let subject = telling(desk.at(threads.head(thread)).subject());
        index.extend(subject.iter().chain(&named).map(|pair| (keyed(*pair, thread), thread)));
    }
    let index = Index::new(index);
    let mut found = Vec::new();
    for thread in alone {
        let head = threads.head(thread);
        let mine = telling(desk.at(head).subject());
        let period = desk.item(head).period;
        let mut votes: Vec<(Bond, f32)> = Vec::new();
        let mut rare: Vec<&[(u64, u32)]> = mine.iter().map(|pair| index.of(keyed(*pair, thread))).collect();
        // A pair that only this title bears tells nothing; the rarest of the others tell most.
        rare.retain(|bearers| bearers.len() > 1);
        rare.sort_by_key(|bearers| bearers.len());
        rare.truncate(RAREST);
        for bearers in rare {
            let mut near: Vec<(Bond, f32)> = super::ties::around(bearers, thread, NEAR, NEAR)
                .filter(|other| *other != thread)
                .map(|other| {
                    // Papers of the same period stand in the volume it would join.
                    let same = period.is_some() && desk.item(threads.head(other)).period == period;
                    (bonds[other as usize], if same { 2.0 } else { 1.0 })
                })
                .collect();
            near.sort_by_key(|bearer| bearer.0);
            let all: f32 = near.iter().map(|(_, weight)| weight).sum();
            for group in near.chunk_by(|a, b| a.0 == b.0) {
                let count: f32 = group.iter().map(|(_, weight)| weight).sum();
                let share = count / all;
                if group[0].0 != Bond::Alone && share >= LEAST_SHARE && group.len() > 1 {
                    votes.push((group[0].0, share * count.ln_1p()));
                }
            }
        }
        votes.sort_by_key(|vote| vote.0);
        let mut sums: Vec<(f32, Bond)> = votes
            .chunk_by(|a, b| a.0 == b.0)
            .map(|group| (group.iter().map(|(_, vote)| vote).sum(), group[0].0))
            .collect();
        sums.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let second = sums.get(1).map_or(0.0, |(vote, _)| *vote);
        if let Some((vote, bond)) = sums.first()
            && *vote >= LEAST_VOTE
            && *vote >= second * LEAST_LEAD
        {
            found.push((thread, *bond));
        }
    }
    for (thread, bond) in found {
        bonds[thread as usize] = bond;
    }
}

/// Threads still alone join by the question their title tells: with the question the register names of
/// that kind, if there is one, else with one another.
fn join_topics(desk: &Desk<'_>, threads: &Threads, cells: &[u64], bonds: &mut [Bond]) {
    let Some(finder) = TopicFinder::new() else { return };
    let topics: Vec<Option<u16>> = (0..threads.len())
        .map(|thread| {
            if bonds[thread as usize] != Bond::Alone {
                return None;
            }
            threads.items(thread).iter().take(4).find_map(|place| finder.find(desk.at(*place).bare()))
        })
        .collect();
    // The questions the register names, by the topic of their name.
    let mut named: Vec<((u64, u16), Bond)> = Vec::new();
    let mut known: Vec<(Bond, Option<u16>)> = Vec::new();
    for thread in 0..threads.len() {
        let bond = bonds[thread as usize];
        let Bond::Question(word) = bond else { continue };
        let at = match known.binary_search_by(|(other, _)| other.cmp(&bond)) {
            Ok(at) => at,
            Err(at) => {
                known.insert(at, (bond, finder.find(desk.words.get(word))));
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
