//! Joining threads into volumes (V1 to V6) and cutting what is too large (V5).
//!
//! Year, side, period and, where the office arranges so, section are walls: a volume never reaches over
//! them. Inside, threads of one meeting, case, question or series make a volume. What is left alone is
//! joined as an archivist would: by type and author first, then by type, and the rest in one general
//! volume. A group too thick is cut between threads, never inside one.

use crate::finding::{Finding, Place};
use crate::model::{Feature, RetentionPeriod, Side};
use crate::profile::Method;
use crate::rules::RuleId;
use crate::text;

use super::facts::Desk;
use super::groups::Bond;
use super::threads::Threads;
use super::weight;
use super::wording::Family;

/// What a volume's threads have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Join {
    /// A meeting or case, a question, a series.
    Bond(Bond),
    /// One type of document by one author.
    TypeAuthor(Class, u32),
    /// One type of document.
    Type(Class),
    /// Nothing but the walls: the general volume.
    Rest,
    /// A box (盒) of the item method: all of a class, by time and matter (DA/T 22).
    Box,
}

/// The types of documents that may share a volume when nothing else joins them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Class {
    /// Decisions, rules.
    Decisions,
    /// Appointments.
    Appointments,
    /// Requests and replies.
    Requests,
    /// Plans, summaries, budgets, statistics.
    Plans,
    /// Notices.
    Notices,
    /// Reports.
    Reports,
    /// Minutes.
    Minutes,
    /// Letters.
    Letters,
    /// Proposals and petitions with their answers.
    Petitions,
    /// Speeches.
    Speeches,
    /// Bulletins.
    Bulletins,
    /// Contracts.
    Contracts,
    /// Anything else.
    Others,
}

/// The class of a document by the head of its thread.
pub(crate) fn class_of(desk: &Desk<'_>, head: u32) -> Class {
    let facts = desk.at(head);
    if ["任免", "任职", "免职", "任命", "职务的", "聘任", "同志退休", "试用期", "同志任"]
        .iter()
        .any(|word| facts.title.contains(word))
    {
        return Class::Appointments;
    }
    match facts.family() {
        Family::Rule | Family::Decision | Family::Verdict => Class::Decisions,
        Family::Reply | Family::Request => Class::Requests,
        Family::LetterReply | Family::Letter => Class::Letters,
        Family::Answer | Family::Proposal | Family::Petition => Class::Petitions,
        Family::Report => Class::Reports,
        Family::Plan | Family::Summary | Family::Budget | Family::Statistic => Class::Plans,
        Family::Notice => Class::Notices,
        Family::Minutes => Class::Minutes,
        Family::Speech => Class::Speeches,
        Family::Bulletin => Class::Bulletins,
        Family::Contract => Class::Contracts,
        Family::Evidence | Family::List | Family::Other => Class::Others,
    }
}

/// The walls: what a volume never mixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Cell {
    pub(crate) year: i32,
    pub(crate) period: RetentionPeriod,
    pub(crate) side: Side,
    /// A word of the desk; 0 where sections don't count.
    pub(crate) section: u32,
}

/// A volume in the making: its threads, in order.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) cell: Cell,
    pub(crate) join: Join,
    pub(crate) threads: Vec<u32>,
    /// Which part of a group too large for one volume, and of how many; (1, 1) for a whole group.
    pub(crate) part: (u32, u32),
    /// When its whole group begins.
    pub(crate) first: (bool, u32),
    /// Whether its threads are several questions, the more important first.
    pub(crate) ranked: bool,
}

/// Leftovers of one type and author make a volume from this many items on.
const LEAST_OF_AUTHOR: usize = 2;
/// Leftovers of one type make a volume from this many items on.
const LEAST_OF_TYPE: usize = 3;

/// Joins the threads that `taken` leaves free into volumes.
pub(crate) fn make(
    desk: &Desk<'_>,
    threads: &Threads,
    cells: &[Cell],
    bonds: &[Bond],
    taken: &[bool],
) -> (Vec<Draft>, Vec<Finding>) {
    let mut findings = Vec::new();
    let boxes = desk.profile.volumes.method == Method::Item;
    // In a box, threads of one matter stand together, at the place of the first of them.
    let begins = if boxes { beginnings(desk, threads, bonds) } else { Vec::new() };
    let mut keyed: Vec<(Cell, Join, u32)> = (0..threads.len())
        .filter(|thread| !taken[*thread as usize])
        .map(|thread| {
            let head = threads.head(thread);
            let join = match bonds[thread as usize] {
                _ if boxes => Join::Box,
                Bond::Alone => Join::TypeAuthor(class_of(desk, head), desk.at(head).body),
                bond => Join::Bond(bond),
            };
            (cells[thread as usize], join, thread)
        })
        .collect();
    keyed.sort_unstable();
    single_topics(desk, threads, &mut keyed);
    widen(threads, &mut keyed, LEAST_OF_AUTHOR, |join| match join {
        Join::TypeAuthor(class, _) => Some(Join::Type(class)),
        _ => None,
    });
    widen(threads, &mut keyed, LEAST_OF_TYPE, |join| match join {
        Join::Type(_) => Some(Join::Rest),
        _ => None,
    });

    let mut drafts = Vec::new();
    for group in keyed.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let (cell, join, _) = group[0];
        let first = group.iter().map(|(_, _, thread)| when(desk, threads, *thread)).min().unwrap_or_default();
        let mut members: Vec<u32> = group.iter().map(|(_, _, thread)| *thread).collect();
        let ranked = join == Join::Rest && members.len() > 1;
        members.sort_by_key(|thread| {
            let head = threads.head(*thread);
            let weight = if ranked { weight::of_item(desk, head) } else { 0 };
            let begins = begins.get(*thread as usize).copied().unwrap_or_default();
            (std::cmp::Reverse(weight), begins, when(desk, threads, *thread))
        });
        let whole = Draft { cell, join, threads: members, part: (1, 1), first, ranked };
        cut(desk, threads, &whole, &mut drafts, &mut findings);
    }
    (drafts, findings)
}

/// A single paper whose title alone tells its question makes no volume: it is left to type and author.
fn single_topics(desk: &Desk<'_>, threads: &Threads, keyed: &mut [(Cell, Join, u32)]) {
    for group in keyed.chunk_by_mut(|a, b| (a.0, a.1) == (b.0, b.1)) {
        if let [(_, join @ Join::Bond(Bond::Topic(_)), thread)] = group
            && threads.items(*thread).len() == 1
        {
            let head = threads.head(*thread);
            *join = Join::TypeAuthor(class_of(desk, head), desk.at(head).body);
        }
    }
    keyed.sort_unstable();
}

/// When the matter of each thread begins: its own time for one that is alone.
fn beginnings(desk: &Desk<'_>, threads: &Threads, bonds: &[Bond]) -> Vec<(bool, u32)> {
    let mut begins: Vec<(bool, u32)> = (0..threads.len()).map(|thread| when(desk, threads, thread)).collect();
    let mut matters: Vec<(Bond, u32)> = (0..threads.len())
        .map(|thread| (bonds[thread as usize], thread))
        .filter(|(bond, _)| matches!(bond, Bond::Matter(_)))
        .collect();
    matters.sort_unstable();
    for matter in matters.chunk_by(|a, b| a.0 == b.0) {
        let first = matter.iter().map(|(_, thread)| begins[*thread as usize]).min().unwrap_or_default();
        for (_, thread) in matter {
            begins[*thread as usize] = first;
        }
    }
    begins
}

/// Groups of fewer than `least` items join a wider one.
fn widen(
    threads: &Threads,
    keyed: &mut [(Cell, Join, u32)],
    least: usize,
    wider: impl Fn(Join) -> Option<Join>,
) {
    let mut at = 0;
    while at < keyed.len() {
        let (cell, join, _) = keyed[at];
        let end = at + keyed[at..].partition_point(|(c, j, _)| (*c, *j) == (cell, join));
        if let Some(wider) = wider(join) {
            let items: usize = keyed[at..end].iter().map(|(_, _, thread)| threads.items(*thread).len()).sum();
            if items < least {
                for entry in &mut keyed[at..end] {
                    entry.1 = wider;
                }
            }
        }
        at = end;
    }
    keyed.sort_unstable();
}

/// When a thread stands: by its head, or by the first of it that has a date; undated threads last.
pub(crate) fn when(desk: &Desk<'_>, threads: &Threads, thread: u32) -> (bool, u32) {
    let items = threads.items(thread);
    let dated = |place: &u32| desk.at(*place).date.is_some();
    if dated(&items[0]) {
        return (false, items[0]);
    }
    items.iter().copied().filter(|place| dated(place)).min().map_or((true, items[0]), |place| (false, place))
}

/// Pages of an item as far as they count for thickness: unknown ones as two.
pub(crate) fn pages(desk: &Desk<'_>, place: u32) -> u64 {
    desk.item(place).pages.map_or(2, u64::from)
}

/// Cuts a group into volumes of at most the profile's pages, between threads.
fn cut(
    desk: &Desk<'_>,
    threads: &Threads,
    whole: &Draft,
    drafts: &mut Vec<Draft>,
    findings: &mut Vec<Finding>,
) {
    let most = u64::from(desk.profile.volumes.max_pages.max(1));
    let thickness = |thread: u32| threads.items(thread).iter().map(|place| pages(desk, *place)).sum::<u64>();
    let mut parts: Vec<Vec<u32>> = Vec::new();
    let mut full = 0;
    for thread in &whole.threads {
        let thick = thickness(*thread);
        if thick > most {
            let item = desk.item(threads.head(*thread));
            let row = &item.row;
            let count = threads.items(*thread).len();
            if count > 1 {
                findings.push(
                    Finding::new(
                        RuleId::V5,
                        Place { item: Some(row.clone()), ..Place::default() },
                        text!(
                            "以序号 {row} 为首的一组 {count} 件共 {thick} 页，超过每卷 {most} 页，因彼此关联未拆",
                            "the {count} tied items led by row {row} have {thick} pages, more than the {most} of a volume; they aren't parted"
                        ),
                    )
                    .at(crate::finding::Severity::Warning),
                );
            }
        }
        match parts.last_mut() {
            Some(part) if full + thick <= most => {
                part.push(*thread);
                full += thick;
            }
            _ => {
                parts.push(vec![*thread]);
                full = thick;
            }
        }
    }
    let count = u32::try_from(parts.len()).unwrap_or(u32::MAX);
    let mut number = 0;
    for threads in parts {
        number += 1;
        drafts.push(Draft { threads, part: (number, count), ..whole.clone() });
    }
}

impl Join {
    /// The features it rests on (V4).
    pub(crate) fn features(self) -> Vec<Feature> {
        match self {
            Self::Bond(
                Bond::Matter(_) | Bond::Question(_) | Bond::Topic(_) | Bond::Near(_) | Bond::Alone,
            ) => {
                vec![Feature::Question]
            }
            Self::Bond(Bond::Series(_)) | Self::TypeAuthor(..) => vec![Feature::Type, Feature::Author],
            Self::Type(Class::Requests | Class::Letters) => vec![Feature::Type, Feature::Correspondent],
            Self::Type(_) => vec![Feature::Type],
            Self::Rest | Self::Box => vec![Feature::Time],
        }
    }
}
