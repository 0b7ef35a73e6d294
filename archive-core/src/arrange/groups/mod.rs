//! Which threads speak of one question: the first step towards volumes (V4).
//!
//! A meeting or case that the register names comes first, then the question it names. A thread without
//! either is asked in turn: is it of a series (`series`), by a body that writes of one question only
//! (`authors`), does its title bear a question's name (`named`), share rare words with another's (`near`), are its words those of one question's
//! papers (`alike`), is it a general plan or summary (`plans`), what field of work does it speak of
//! (`by_topic`)? What is still alone stays alone, to be joined later by type and author.

mod alike;
mod authors;
mod by_topic;
mod named;
mod near;
mod plans;
mod series;

pub(crate) use near::common_words;
pub(crate) use series::stem as series_stem;

use std::collections::BTreeMap;

use super::facts::Desk;
use super::threads::Threads;
use super::ties::is_case;
use super::topics::TopicFinder;

/// What joins a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Bond {
    /// A meeting or case, as a word of the desk.
    Matter(u32),
    /// A question, as a word of the desk.
    Question(u32),
    /// A series, by the key of its title and author.
    Series(u64),
    /// A question that titles name by the same words, by the first of its threads.
    Near(u32),
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
            Self::Near(thread) => 1 << 59 | u64::from(thread),
            Self::Series(key) => (key >> 2) | 1 << 63,
            Self::Alone => 0,
        }
    }
}

/// The bond of each thread. `cells` tells the year and side of each thread as one number: threads of
/// different cells are never joined, so likeness is only sought inside one.
///
/// `mentions` are the papers whose titles quote another's number.
pub(crate) fn bonds(desk: &Desk<'_>, threads: &Threads, cells: &[u64], mentions: &[(u32, u32)]) -> Vec<Bond> {
    let mut bonds: Vec<Bond> = (0..threads.len()).map(|thread| stated(desk, threads.items(thread))).collect();
    let finder = TopicFinder::new();
    if let Some(finder) = &finder {
        stray_wordings(desk, finder, &mut bonds);
    }
    series::join(desk, threads, cells, &mut bonds);
    if let Some(finder) = &finder {
        authors::join(desk, threads, cells, finder, &mut bonds);
    }
    named::join(desk, threads, cells, &mut bonds);
    near::join(desk, threads, cells, mentions, &mut bonds);
    plans::join(desk, threads, cells, &mut bonds);
    alike::join(desk, threads, cells, &mut bonds);
    if let Some(finder) = &finder {
        by_topic::join(desk, threads, cells, finder, &mut bonds);
    }
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

/// How far, in days, a paper that the register doesn't put into a meeting or case may lie from its papers.
const OF_MEETING: i32 = 45;
const OF_CASE: i32 = 400;

/// Whether a thread may belong to the matter of another by time: a meeting ends, and what is written half a year
/// later of the same question is no paper of it.
fn in_time(desk: &Desk<'_>, threads: &Threads, thread: u32, other: u32, bonds: &[Bond]) -> bool {
    let Bond::Matter(word) = bonds[other as usize] else { return true };
    let day = |thread: u32| desk.at(threads.head(thread)).day();
    let Some((a, b)) = day(thread).zip(day(other)) else { return true };
    let apart = (a - b).abs();
    apart <= OF_MEETING || (apart <= OF_CASE && is_case(desk.words.get(word)))
}

/// How many threads a wording of a question may have to be taken for a slip of a more usual one.
const STRAY: usize = 2;

/// 防汛 on one row where all others say 防汛抗旱: a rare wording that begins or is begun by a usual one, of the
/// same field of work, means the same question.
fn stray_wordings(desk: &Desk<'_>, finder: &TopicFinder, bonds: &mut [Bond]) {
    let mut counts: BTreeMap<&str, (u32, usize)> = BTreeMap::new();
    for bond in bonds.iter() {
        if let Bond::Question(word) = bond {
            counts.entry(desk.words.get(*word)).or_insert((*word, 0)).1 += 1;
        }
    }
    // In the order of words what begins alike stands together.
    let names: Vec<(&str, (u32, usize))> = counts.into_iter().collect();
    let mut usual: BTreeMap<u32, u32> = BTreeMap::new();
    for (at, (short, (short_word, short_count))) in names.iter().enumerate() {
        let longer = names[at + 1..].iter().take_while(|(long, _)| long.starts_with(short));
        for (long, (long_word, long_count)) in longer {
            let field = finder.find(short);
            if field.is_none() || field != finder.find(long) {
                continue;
            }
            if *short_count <= STRAY && long_count > short_count {
                usual.entry(*short_word).or_insert(*long_word);
            } else if *long_count <= STRAY && short_count > long_count {
                usual.entry(*long_word).or_insert(*short_word);
            }
        }
    }
    for bond in bonds {
        if let Bond::Question(word) = bond
            && let Some(usual) = usual.get(word)
        {
            *bond = Bond::Question(*usual);
        }
    }
}
