//! Turning a heap of a year's items into volumes in the right order, each place with its reason.
//!
//! What takes an office weeks, in steps that each leave their reason on what they decided:
//!
//! 1. `facts`: every item is read once and laid on the desk in an order of its own;
//! 2. `ties`: what the register says belongs together, and what titles, numbers and dates say;
//! 3. `threads`: what is tied makes one thread, with its order (reply before request, main document before
//!    attachment …);
//! 4. `year`, `side`, `period`: settled for whole threads, so that no tie is cut by them;
//! 5. `groups`, `volumes`: threads of one question are joined inside the walls of year, side, period and
//!    section, and cut where they grow too thick;
//! 6. `titles`: what the volumes and the nameless items are called.
//!
//! Everything here is total and pure: bad ties, odd titles and missing dates become findings, and the same
//! items give the same arrangement whatever order they come in. Numbers are given later, by
//! [`number`](crate::number::number), when a person has seen the proposal.

pub mod by_year;
mod decisions;
mod explain;
mod facts;
mod groups;
mod keep;
mod period;
pub mod plan;
mod shares;
mod side;
mod threads;
mod ties;
mod titles;
mod topics;
mod volumes;
mod weight;
mod wording;
mod year;

pub use decisions::{Decided, DecidedVolume, Decisions, KeptPlace, TieKey};
pub use explain::{Explainer, Explanation};
pub use plan::{Change, Doubt, Plan, PlanEntry, PlanTable, PlanTie, PlanVolume, Verdict, diff};

use std::collections::BTreeMap;

use crate::finding::{self, Finding, Place};
use crate::model::{
    Arrangement, Entry, Institution, Item, ItemId, Reason, RetentionPeriod, SecrecyLevel, Side, Tie, TieKind,
    Volume, Why,
};
use crate::profile::Profile;
use crate::rules::RuleId;
use crate::text;
use crate::text::Text;

use facts::Desk;
use groups::Bond;
use threads::Threads;
use volumes::{Cell, Draft, Join};

/// Arranges items into volumes.
///
/// The result depends on the items, the institution, the profile and what a person decided, and on
/// nothing else: not on the order of `items`, nor on when it is run.
pub fn arrange(
    items: &[Item],
    institution: &Institution,
    profile: &Profile,
    decisions: &Decisions,
) -> Arrangement {
    let desk = Desk::lay(items, institution, profile, decisions);
    let ties::Found { mut links, mentions, mut findings } = ties::find(&desk);
    let (threads, circles) = threads::make(&desk, &mut links);
    findings.extend(circles);
    let settled = Settled::of(&desk, &threads, &mentions, &mut findings);
    let volumes = bind(&desk, &threads, &settled, &mut findings);

    let mut ties: Vec<Tie> = links
        .into_iter()
        .map(|link| Tie {
            from: desk.item(link.from).id,
            to: desk.item(link.to).id,
            kind: link.kind,
            source: link.source,
        })
        .collect();
    ties.sort_by_key(|tie| (tie.from, tie.to, tie.kind));
    profile.weigh(&mut findings);
    finding::sort(&mut findings);
    Arrangement { volumes, ties, left_out: left_out(&desk), findings }
}

/// What was settled for each item and thread before volumes are made.
struct Settled {
    years: Vec<(i32, Why)>,
    sides: Vec<(Side, Why)>,
    periods: Vec<(RetentionPeriod, Why)>,
    bonds: Vec<Bond>,
    cells: Vec<Cell>,
}

impl Settled {
    fn of(desk: &Desk<'_>, threads: &Threads, mentions: &[(u32, u32)], findings: &mut Vec<Finding>) -> Self {
        let (years, doubts) = year::settle(desk, threads);
        findings.extend(doubts);
        let sides = side::settle(desk, threads);
        let rooms: Vec<u64> = (0..threads.len())
            .map(|thread| {
                let head = threads.head(thread) as usize;
                u64::from(years[head].0.unsigned_abs()) << 1 | u64::from(sides[head].0 == Side::Party)
            })
            .collect();
        let bonds = groups::bonds(desk, threads, &rooms, mentions);
        let questions: Vec<u64> = bonds
            .iter()
            .zip(&rooms)
            .map(|(bond, room)| match bond.key() {
                0 => 0,
                key => key ^ room.wrapping_mul(0x9e37_79b9_7f4a_7c15),
            })
            .collect();
        let periods = period::settle(desk, threads, &questions);
        let cells = (0..threads.len())
            .map(|thread| {
                let head = threads.head(thread);
                let at = head as usize;
                Cell {
                    year: years[at].0,
                    period: periods[at].0,
                    side: sides[at].0,
                    section: if desk.profile.volumes.by_section { desk.at(head).section } else { 0 },
                }
            })
            .collect();
        Self { years, sides, periods, bonds, cells }
    }

    /// Why an item is of its year, side and period.
    fn why(&self, place: u32) -> [Why; 3] {
        let at = place as usize;
        [self.years[at].1, self.sides[at].1, self.periods[at].1]
    }
}

/// The class of a volume, as volumes stand (K1): period, side, section.
type Class = (RetentionPeriod, Side, String);

/// Where a volume stands on the shelf of its year.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Shelf {
    /// What has its number stands by it, catalogue by catalogue, each where the first of its classes would stand.
    Numbered(Class, String, u32),
    /// Behind that, what is to be numbered: by class, by what joined it, by when it begins.
    Open(Class, u8, (bool, u32), u32),
}

/// Makes the volumes: first those that are kept, then the rest.
fn bind(desk: &Desk<'_>, threads: &Threads, settled: &Settled, findings: &mut Vec<Finding>) -> Vec<Volume> {
    let kept = keep::lay_out(desk, threads, findings);
    let (drafts, doubts) = volumes::make(desk, threads, &settled.cells, &settled.bonds, &kept.taken);
    findings.extend(doubts);
    let mut shelf: Vec<((i32, Shelf), bool, Volume)> = Vec::with_capacity(drafts.len() + kept.volumes.len());
    let mut catalogues: BTreeMap<(i32, &str), Class> = BTreeMap::new();
    for volume in &kept.volumes {
        if let Some(number) = &volume.decided.number {
            let class = class_of(volume.decided);
            let first = catalogues
                .entry((volume.decided.year, number.catalogue_no.as_str()))
                .or_insert_with(|| class.clone());
            if class < *first {
                *first = class;
            }
        }
    }
    for volume in &kept.volumes {
        let decided = volume.decided;
        let numbered = decided.number.as_ref().and_then(|number| {
            let class = catalogues.get(&(decided.year, number.catalogue_no.as_str()))?.clone();
            Some(Shelf::Numbered(class, number.catalogue_no.clone(), number.volume_no))
        });
        let place = numbered.unwrap_or_else(|| {
            let first = volume.places.iter().map(|place| place.0).min().unwrap_or(0);
            Shelf::Open(class_of(decided), 0, (false, first), 0)
        });
        shelf.push(((decided.year, place), false, keep::volume(desk, threads, settled, volume)));
    }
    let count = u32::try_from(drafts.len()).unwrap_or(u32::MAX);
    let made = shares::each(count, |run| {
        let of_run = &drafts[run.start as usize..run.end as usize];
        of_run.iter().map(|draft| proposed(desk, threads, settled, draft)).collect()
    });
    for (draft, volume) in drafts.iter().zip(made) {
        let kind = match draft.join {
            Join::Bond(_) => 0,
            Join::TypeAuthor(..) | Join::Type(_) => 1,
            Join::Rest | Join::Box => 2,
        };
        let cell = draft.cell;
        let class = (cell.period, cell.side, desk.words.get(cell.section).to_owned());
        let place = Shelf::Open(class, kind, draft.first, draft.part.0);
        let is_box = draft.join == Join::Box;
        shelf.push(((cell.year, place), is_box, volume));
    }
    shelf.sort_by(|a, b| a.0.cmp(&b.0));
    let mut boxes: BTreeMap<(i32, RetentionPeriod, Option<String>), u32> = BTreeMap::new();
    let mut volumes: Vec<Volume> = Vec::with_capacity(shelf.len());
    for (_, is_box, mut volume) in shelf {
        let number = boxes.entry((volume.year, volume.period, volume.section.clone())).or_default();
        *number += 1;
        if is_box {
            volume.title = titles::of_box(&volume, *number);
        }
        unconfirmed(desk, &volume, findings);
        volumes.push(volume);
    }
    volumes
}

fn class_of(decided: &DecidedVolume) -> Class {
    (decided.period, decided.side, decided.section.clone().unwrap_or_default())
}

/// R2, A1: periods that are only proposed are said once a volume.
fn unconfirmed(desk: &Desk<'_>, volume: &Volume, findings: &mut Vec<Finding>) {
    let count =
        |test: fn(&Why) -> bool| volume.entries.iter().filter(|entry| entry.why.iter().any(test)).count();
    let by_line = count(|why| matches!(why, Why::PeriodByLine(_)));
    let assumed = count(|why| matches!(why, Why::PeriodAssumed(_)));
    let place = || Place { volume: Some(volume.title.clone()), ..Place::default() };
    let period = volume.period;
    if assumed > 0 {
        findings.push(Finding::new(
            RuleId::A1,
            place(),
            text!(
                "{assumed} 件不合保管期限表任何条款，保管期限暂定{period}",
                "{assumed} items match no line of the table of scope; their period is taken to be {period}"
            ),
        ));
    }
    if by_line > 0 {
        findings.push(
            Finding::new(
                RuleId::R2,
                place(),
                text!(
                    "{by_line} 件的保管期限（{period}）由保管期限表提出，待人工确认",
                    "the period of {by_line} items ({period}) is proposed by the table of scope, and waits for a person"
                ),
            )
            .at(desk.profile.severity(RuleId::R2)),
        );
    }
}

/// A volume of the proposal.
fn proposed(desk: &Desk<'_>, threads: &Threads, settled: &Settled, draft: &Draft) -> Volume {
    let places: Vec<u32> = draft.threads.iter().flat_map(|thread| threads.items(*thread)).copied().collect();
    let mut entries = Vec::with_capacity(places.len());
    for (rank, thread) in draft.threads.iter().enumerate() {
        let question = draft.ranked.then(|| Why::QuestionRank(u32::try_from(rank + 1).unwrap_or(u32::MAX)));
        for place in threads.items(*thread) {
            entries.push(entry(desk, threads, settled, *place, question));
        }
    }
    let cell = draft.cell;
    let section = desk.words.get(cell.section);
    Volume {
        year: cell.year,
        side: cell.side,
        period: cell.period,
        section: (!section.is_empty()).then(|| section.to_owned()),
        title: titles::of_draft(desk, draft, &places),
        joined_by: draft.join.features(),
        why: joined(desk, draft),
        entries,
        number: None,
    }
}

/// An item's place, with its reasons.
fn entry(desk: &Desk<'_>, threads: &Threads, settled: &Settled, place: u32, question: Option<Why>) -> Entry {
    let behind = behind(desk, threads, place);
    let (title, drafted) = titles::of_item(desk, place, behind);
    let mut why = Vec::with_capacity(6);
    why.extend(settled.why(place));
    let stands = threads.why(place);
    let leads = matches!(stands, Why::Leads | Why::ByDate);
    if leads {
        if let Some(question) = question {
            why.push(question);
        } else if stands == Why::Leads {
            why.push(if desk.at(place).date.is_some() { Why::ByDate } else { Why::Undated });
        }
    }
    why.push(if stands == Why::ByDate && desk.at(place).date.is_none() { Why::Undated } else { stands });
    why.extend(drafted);
    Entry { item: desk.item(place).id, title, item_no: None, pages: None, why }
}

/// What an item stands behind, and as what.
fn behind(desk: &Desk<'_>, threads: &Threads, place: u32) -> Option<(u32, TieKind)> {
    match threads.why(place) {
        Why::Behind(item, kind) => desk.place(item).map(|main| (main, kind)),
        _ => None,
    }
}

/// Why these threads make a volume (V4, V5).
fn joined(desk: &Desk<'_>, draft: &Draft) -> Vec<Reason> {
    let reason = |rule, text| Reason { rule, text };
    let mut why = Vec::with_capacity(2);
    why.push(match draft.join {
        Join::Bond(Bond::Matter(word)) => {
            let name = desk.words.get(word);
            reason(RuleId::V4, text!("同一会议或案件：{name}", "one meeting or case: {name}"))
        }
        Join::Bond(Bond::Question(word)) => {
            let name = desk.words.get(word);
            reason(RuleId::V4, text!("同一问题：{name}", "one question: {name}"))
        }
        Join::Bond(Bond::Topic(topic)) => {
            let name = topics::TOPICS[usize::from(topic)].name;
            reason(
                RuleId::V4,
                text!("题名所述为同一问题：{name}", "their titles speak of one question: {name}"),
            )
        }
        Join::Bond(Bond::Near(_)) => {
            reason(RuleId::V4, Text::fixed("题名所述为同一事物", "their titles name the same thing"))
        }
        Join::Bond(Bond::Series(_) | Bond::Alone) => {
            reason(RuleId::V4, Text::fixed("同一种连续编号的文件", "one numbered series"))
        }
        Join::TypeAuthor(_, body) => {
            let name = desk.words.get(body);
            if name.is_empty() {
                reason(RuleId::V4, Text::fixed("同一名称（文种）的零散文件", "single papers of one type"))
            } else {
                reason(
                    RuleId::V4,
                    text!(
                        "同一作者（{name}）、同一名称的零散文件",
                        "single papers of one type by one author ({name})"
                    ),
                )
            }
        }
        Join::Type(_) => {
            reason(RuleId::V4, Text::fixed("同一名称（文种）的零散文件", "single papers of one type"))
        }
        Join::Box => reason(
            RuleId::V4,
            Text::fixed(
                "按件整理：同一年度、期限、机构的文件，按时间结合事由排列",
                "the item method: all of one year, period and section, by time and matter",
            ),
        ),
        Join::Rest => reason(
            RuleId::V4,
            Text::fixed(
                "同一年度、期限内其余零散文件，重要的在前",
                "what is left of the year and period, the more important first",
            ),
        ),
    });
    if draft.part.1 > 1 {
        let (part, of) = draft.part;
        let most = desk.profile.volumes.max_pages;
        why.push(reason(
            RuleId::V5,
            text!(
                "超过每卷 {most} 页，分为 {of} 卷，这是之{part}；相关联的文件未拆",
                "more than {most} pages: cut into {of} volumes, of which this is number {part}; no tie is cut"
            ),
        ));
    }
    why
}

/// The items in no volume, with the reason.
fn left_out(desk: &Desk<'_>) -> Vec<(ItemId, Reason)> {
    desk.left_out
        .iter()
        .map(|index| {
            let item = &desk.items[*index as usize];
            let reason = if item.secrecy.level == SecrecyLevel::None {
                let said = desk.decisions.left_out.get(&item.id).map_or("", String::as_str);
                Reason {
                    rule: RuleId::A1,
                    text: text!("由人工确定不归档：{said}", "left out by a person: {said}"),
                }
            } else {
                let level = item.secrecy.level.word();
                Reason {
                    rule: RuleId::S1,
                    text: text!(
                        "{level}件不入联网系统，只留占位，原件另存",
                        "classified ({level}): only a placeholder is kept here; the paper is kept elsewhere"
                    ),
                }
            };
            (item.id, reason)
        })
        .collect()
}

/// The title a decided volume gets when a person gave none: by what its items have in common.
fn title_of_kept(desk: &Desk<'_>, threads: &Threads, settled: &Settled, places: &[u32]) -> String {
    let bonds: Vec<Bond> = places.iter().map(|place| settled.bonds[threads.of(*place) as usize]).collect();
    let common = bonds.first().copied().filter(|first| bonds.iter().all(|bond| bond == first));
    let join = common.filter(|bond| *bond != Bond::Alone).map_or(Join::Rest, Join::Bond);
    titles::of_volume(desk, join, (1, 1), places)
}
