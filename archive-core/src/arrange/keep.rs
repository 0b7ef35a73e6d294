//! Volumes that are kept: those a person made or changed, and those that were catalogued (V8, V9).
//!
//! They are not arranged again. A late item tied to one of theirs joins them: behind what was numbered,
//! or, where nothing is numbered yet, behind the one it is tied to.

use crate::finding::{Finding, Place};
use crate::model::{Entry, Feature, Reason, Volume, Why};
use crate::rules::RuleId;
use crate::text;
use crate::text::Text;

use super::decisions::{DecidedVolume, KeptPlace};
use super::facts::Desk;
use super::threads::Threads;
use super::{Settled, entry, title_of_kept};

/// A kept volume with the places it holds on the desk.
pub(super) struct Kept<'d> {
    pub(super) decided: &'d DecidedVolume,
    /// Places in order, each with its numbers and whether it came late.
    pub(super) places: Vec<(u32, Option<KeptPlace>, bool)>,
}

/// The kept volumes, and the threads they take.
pub(super) struct Layout<'d> {
    pub(super) volumes: Vec<Kept<'d>>,
    pub(super) taken: Vec<bool>,
}

/// Puts the items where a person, or an earlier catalogue, put them.
pub(super) fn lay_out<'d>(desk: &Desk<'d>, threads: &Threads, findings: &mut Vec<Finding>) -> Layout<'d> {
    let mut taken = vec![false; threads.len() as usize];
    let decided = &desk.decisions.volumes;
    if decided.is_empty() {
        return Layout { volumes: Vec::new(), taken };
    }
    let mut home: Vec<Option<u32>> = vec![None; desk.facts.len()];
    let mut volumes: Vec<Kept<'_>> = Vec::with_capacity(decided.len());
    for (index, volume) in decided.iter().enumerate() {
        let mut places = Vec::with_capacity(volume.items.len());
        for (at, item) in volume.items.iter().enumerate() {
            let Some(place) = desk.place(*item) else { continue };
            if home[place as usize].is_none() {
                home[place as usize] = u32::try_from(index).ok();
                places.push((place, volume.places.get(at).copied(), false));
            }
        }
        volumes.push(Kept { decided: volume, places });
    }
    for thread in 0..threads.len() {
        let items = threads.items(thread);
        let homes: Vec<u32> = items.iter().filter_map(|place| home[*place as usize]).collect();
        let Some(first) = homes.first().copied() else { continue };
        taken[thread as usize] = true;
        if homes.iter().any(|home| *home != first) {
            let rows: Vec<&str> = items.iter().take(8).map(|place| desk.item(*place).row.as_str()).collect();
            let (zh, en) = (rows.join("、"), rows.join(", "));
            findings.push(Finding::new(
                RuleId::V5,
                Place { item: Some(desk.item(items[0]).row.clone()), ..Place::default() },
                text!(
                    "序号 {zh} 彼此关联，却分在两卷",
                    "rows {en} are tied to one another and stand in different volumes"
                ),
            ));
        }
        for (at, place) in items.iter().enumerate() {
            if home[*place as usize].is_some() {
                continue;
            }
            home[*place as usize] = Some(first);
            let volume = &mut volumes[first as usize];
            if volume.decided.number.is_some() {
                volume.places.push((*place, None, true));
            } else {
                // Behind the last of those that stand before it in the thread.
                let before = &items[..at];
                let to = volume
                    .places
                    .iter()
                    .rposition(|(there, ..)| before.contains(there))
                    .map_or(0, |at| at + 1);
                volume.places.insert(to, (*place, None, false));
            }
        }
    }
    volumes.retain(|volume| !volume.places.is_empty());
    Layout { volumes, taken }
}

/// A kept volume as it stands in the arrangement.
pub(super) fn volume(desk: &Desk<'_>, threads: &Threads, settled: &Settled, kept: &Kept<'_>) -> Volume {
    let decided = kept.decided;
    let catalogued = decided.number.is_some();
    let places: Vec<u32> = kept.places.iter().map(|(place, ..)| *place).collect();
    let entries = kept
        .places
        .iter()
        .map(|(place, numbers, late)| {
            let mut made: Entry = entry(desk, threads, settled, *place, None);
            // Where it stands is no longer the program's to say.
            made.why.retain(|why| {
                !matches!(
                    why,
                    Why::Behind(..)
                        | Why::BehindOutcome(_)
                        | Why::Leads
                        | Why::ByDate
                        | Why::Undated
                        | Why::QuestionRank(_)
                )
            });
            made.why.push(match (late, catalogued) {
                (true, _) => Why::FoundLate,
                (false, true) => Why::Kept,
                (false, false) => Why::PutHere,
            });
            if let Some(numbers) = numbers {
                made.item_no = numbers.item_no;
                made.pages = numbers.pages;
            }
            made
        })
        .collect();
    let why = if catalogued {
        Reason {
            rule: RuleId::V9,
            text: Text::fixed("已编目的案卷，保留原样", "catalogued already, and kept as it is"),
        }
    } else {
        Reason { rule: RuleId::V4, text: Text::fixed("由人工组成的案卷", "made up by a person") }
    };
    Volume {
        year: decided.year,
        side: decided.side,
        period: decided.period,
        section: decided.section.clone(),
        title: decided.title.clone().unwrap_or_else(|| title_of_kept(desk, threads, settled, &places)),
        joined_by: vec![Feature::Question],
        why: vec![why],
        entries,
        number: decided.number.clone(),
    }
}
