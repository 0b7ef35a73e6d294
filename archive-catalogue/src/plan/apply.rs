//! An edited plan as decisions: what the person changed, and no more.
//!
//! A volume left as proposed is not decided: the program may arrange it again when late items come. But
//! taking items out of its hands may lead the program to arrange the rest differently, and the person
//! has seen and accepted the plan as it stands. So the decisions are tried out, and volumes that come
//! out differently are decided too, until the arrangement is the plan. What follows from a tie the person
//! judged is the exception: there it is the program that is asked to think again.

use std::collections::BTreeMap;

use archive_core::arrange::{self, Decided, DecidedVolume, Decisions, TieKey};
use archive_core::finding::{self, Finding, Severity};
use archive_core::model::{Arrangement, ItemId, TieSource, Volume};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

use super::read::{Edited, EditedVolume, Home, has_errors};
use super::{PlanReading, Proposal};

/// How often decisions are tried before every volume of the plan is decided.
const TRIES: usize = 3;

/// Whether a decided volume is this one, as it stands.
pub(super) fn holds(decided: &DecidedVolume, volume: &Volume) -> bool {
    (decided.year, decided.side, decided.period, &decided.section)
        == (volume.year, volume.side, volume.period, &volume.section)
        && decided.items.iter().eq(volume.entries.iter().map(|entry| &entry.item))
}

/// Takes an edited plan into the decisions.
pub(super) fn apply(proposal: Proposal<'_>, mut edited: Edited) -> PlanReading {
    let now = Now::of(proposal);
    catalogued_stay(&now, &mut edited);
    finding::sort(&mut edited.findings);
    if has_errors(&edited.findings) {
        return PlanReading {
            decisions: None,
            arrangement: None,
            changes: Vec::new(),
            findings: edited.findings,
        };
    }
    let mut changes = Vec::new();
    let mut decisions = proposal.decisions.clone();
    ties(proposal, &now, &edited, &mut decisions, &mut changes);
    titles(&now, &edited, &mut decisions, &mut changes);
    let expected = expected(proposal, &edited, &decisions);
    homes(&now, &edited, &mut decisions, &mut changes);
    let mut decided = volumes(&now, &edited, &mut decisions, &mut changes);
    let arrangement = realise(proposal, &edited, &expected, &mut decisions, &mut decided);
    PlanReading {
        decisions: Some(decisions),
        arrangement: Some(arrangement),
        changes,
        findings: edited.findings,
    }
}

/// The arrangement as it stands, by item.
struct Now<'a> {
    volumes: &'a [Volume],
    /// What each item is called, and its own title.
    items: BTreeMap<ItemId, (&'a str, &'a str)>,
    /// Each item's volume and its title there.
    homes: BTreeMap<ItemId, (usize, &'a str)>,
}

impl<'a> Now<'a> {
    fn of(proposal: Proposal<'a>) -> Self {
        let arrangement = proposal.arrangement;
        let mut homes = BTreeMap::new();
        for (index, volume) in arrangement.volumes.iter().enumerate() {
            for entry in &volume.entries {
                homes.insert(entry.item, (index, entry.title.as_str()));
            }
        }
        let named = proposal.items.iter().map(|item| (item.id, (item.row.as_str(), item.title.as_str())));
        Self { volumes: &arrangement.volumes, items: named.collect(), homes }
    }

    /// The 序号 of an item.
    fn row(&self, item: ItemId) -> &'a str {
        self.items.get(&item).map_or("", |(row, _)| *row)
    }

    fn volume(&self, item: ItemId) -> Option<&'a Volume> {
        self.homes.get(&item).and_then(|(index, _)| self.volumes.get(*index))
    }

    /// The volume a plan shows under this 卷.
    fn keyed(&self, key: &str) -> Option<&'a Volume> {
        let number: usize = key.parse().ok()?;
        number.checked_sub(1).and_then(|index| self.volumes.get(index))
    }
}

/// Whether a volume is as the person left it, as far as the workbook speaks of its items.
fn is_as_edited(volume: &Volume, edited: &EditedVolume, plan: &Edited) -> bool {
    let spoken_of = |id: &ItemId| matches!(plan.homes.get(id), Some(Home::Volume(_) | Home::LeftOut));
    volume.year == edited.year
        && volume.side == edited.side
        && volume.period == edited.period
        && volume.section == edited.section
        && edited.title.as_deref() == Some(volume.title.as_str())
        && volume.entries.iter().map(|entry| entry.item).filter(spoken_of).eq(edited.items.iter().copied())
}

/// K4, V8: what was catalogued is not changed by a plan.
fn catalogued_stay(now: &Now<'_>, edited: &mut Edited) {
    let mut faults: Vec<Finding> = Vec::new();
    for (index, volume) in now.volumes.iter().enumerate() {
        let Some(number) = &volume.number else { continue };
        let key = (index + 1).to_string();
        let found = edited.volumes.iter().find(|candidate| candidate.key == key);
        let titles_kept = volume.entries.iter().all(|entry| {
            edited
                .titles
                .get(&entry.item)
                .is_none_or(|title| title.is_empty() || title.trim() == entry.title.trim())
        });
        if found.is_some_and(|found| is_as_edited(volume, found, edited)) && titles_kept {
            continue;
        }
        let code = &number.code;
        let mut place = found.map(|found| found.place.clone()).unwrap_or_default();
        place.volume = Some(code.clone());
        faults.push(
            Finding::new(
                RuleId::V8,
                place,
                text!(
                    "卷 {key}（{code}）已经编目，不能在方案中改动",
                    "volume {key} ({code}) is catalogued and can't be changed in a plan"
                ),
            )
            .at(Severity::Error)
            .with_help(Text::fixed("恢复这一卷原来的各行", "put the lines of this volume back as they were")),
        );
    }
    edited.findings.append(&mut faults);
}

fn ties(
    proposal: Proposal<'_>,
    now: &Now<'_>,
    edited: &Edited,
    decisions: &mut Decisions,
    changes: &mut Vec<Text>,
) {
    let row = |id: ItemId| now.row(id);
    for (key, holds) in &edited.ties {
        let (from, to, kind) = (row(key.from), row(key.to), key.kind.word());
        if *holds {
            decisions.refused_ties.remove(key);
            if decisions.confirmed_ties.insert(*key) {
                changes
                    .push(text!("序号 {from} 是 {to} 的{kind}：成立", "{from} is {kind} of {to}: confirmed"));
            }
        } else {
            decisions.confirmed_ties.remove(key);
            if decisions.refused_ties.insert(*key) {
                changes
                    .push(text!("序号 {from} 是 {to} 的{kind}：不成立", "{from} is {kind} of {to}: refused"));
            }
        }
    }
    for key in &edited.unjudged {
        let (from, to, kind) = (row(key.from), row(key.to), key.kind.word());
        let withdrawn = decisions.confirmed_ties.remove(key) | decisions.refused_ties.remove(key);
        if withdrawn {
            changes.push(text!(
                "序号 {from} 是 {to} 的{kind}：收回决定",
                "{from} is {kind} of {to}: decision withdrawn"
            ));
        }
    }
    // Of a pair whose tie a person turned into another, the proposed one goes.
    let same_pair =
        |a: &TieKey, b: &TieKey| (a.from, a.to) == (b.from, b.to) || (a.from, a.to) == (b.to, b.from);
    for tie in &proposal.arrangement.ties {
        let key = TieKey { from: tie.from, to: tie.to, kind: tie.kind };
        let spoken_of = edited.ties.contains_key(&key) || edited.unjudged.contains(&key);
        let proposed = matches!(tie.source, TieSource::Proposed { .. });
        if proposed && !spoken_of && edited.ties.iter().any(|(other, holds)| *holds && same_pair(&key, other))
        {
            decisions.refused_ties.insert(key);
        }
    }
}

fn titles(now: &Now<'_>, edited: &Edited, decisions: &mut Decisions, changes: &mut Vec<Text>) {
    for (id, title) in &edited.titles {
        let own = now.items.get(id).map_or("", |(_, title)| *title);
        let shown = now.homes.get(id).map_or(own, |(_, title)| *title);
        if title.trim() == shown.trim() {
            continue;
        }
        let row = now.row(*id);
        if title.is_empty() {
            if decisions.item_titles.remove(id).is_some() {
                changes.push(text!("序号 {row} 的题名交还程序", "the title of {row} is the program's again"));
            }
        } else {
            decisions.item_titles.insert(*id, title.clone());
            changes.push(text!("序号 {row} 的题名改为「{title}」", "the title of {row} is now \"{title}\""));
        }
    }
}

/// Items left out, taken back in, or given back to the program.
fn homes(now: &Now<'_>, edited: &Edited, decisions: &mut Decisions, changes: &mut Vec<Text>) {
    for (id, home) in &edited.homes {
        let row = now.row(*id);
        match home {
            Home::LeftOut => {
                let before = decisions.left_out.get(id).cloned();
                let reason = edited.reasons.get(id).cloned().or(before.clone()).unwrap_or_default();
                if before.is_none() {
                    changes.push(text!("序号 {row} 不归档", "{row} is left out"));
                }
                decisions.left_out.insert(*id, reason);
            }
            Home::Free => {
                let mut was_decided = decisions.left_out.remove(id).is_some();
                for volume in decisions.volumes.iter_mut().filter(|volume| volume.number.is_none()) {
                    let items = volume.items.len();
                    volume.items.retain(|item| item != id);
                    was_decided |= volume.items.len() != items;
                }
                was_decided |= decisions.years.remove(id).is_some();
                was_decided |= decisions.sides.remove(id).is_some();
                was_decided |= decisions.periods.remove(id).is_some();
                if was_decided || now.homes.contains_key(id) {
                    changes.push(text!("序号 {row} 交程序重新安排", "{row} is given back to the program"));
                }
            }
            Home::Volume(_) => {
                if decisions.left_out.remove(id).is_some() {
                    changes.push(text!("序号 {row} 改为归档", "{row} is taken in after all"));
                }
            }
        }
    }
    decisions.volumes.retain(|volume| !volume.items.is_empty());
}

/// What changed in the volumes, and which of them are decided by that.
fn volumes(now: &Now<'_>, edited: &Edited, decisions: &mut Decisions, changes: &mut Vec<Text>) -> Vec<bool> {
    let mut decided = Vec::with_capacity(edited.volumes.len());
    for volume in &edited.volumes {
        let key = &volume.key;
        let before = now.keyed(key);
        let same = before.is_some_and(|before| is_as_edited(before, volume, edited));
        let catalogued = before.is_some_and(|before| before.number.is_some());
        let was_confirmed = before.is_some_and(|before| {
            decisions.volumes.iter().any(|decided| holds(decided, before))
                && before.entries.iter().all(|entry| decisions.periods.contains_key(&entry.item))
        });
        if volume.items.is_empty() {
            if before.is_some_and(|before| !before.entries.is_empty()) {
                changes.push(text!("卷 {key} 撤销", "volume {key} is undone"));
            }
            decided.push(false);
            continue;
        }
        if !same {
            changes.extend(differences(now, volume));
        }
        for item in &volume.items {
            follow(now, edited, volume, *item, decisions);
        }
        if volume.confirmed && !was_confirmed && !catalogued {
            changes.push(text!("卷 {key} 确认", "volume {key} is confirmed"));
            for item in &volume.items {
                decisions
                    .periods
                    .entry(*item)
                    .or_insert_with(|| Decided { value: volume.period, reason: String::new() });
            }
        }
        if was_confirmed && same && !volume.confirmed {
            changes.push(text!("卷 {key} 收回确认", "volume {key} is no longer confirmed"));
            decisions.volumes.retain(|decided| before.is_none_or(|before| !holds(decided, before)));
            for item in &volume.items {
                decisions.periods.remove(item);
            }
        }
        decided.push(!catalogued && (!same || (volume.confirmed && !was_confirmed)));
    }
    decided
}

/// An item takes the year, side and period of the volume it goes to.
fn follow(now: &Now<'_>, edited: &Edited, volume: &EditedVolume, item: ItemId, decisions: &mut Decisions) {
    let reason = || edited.reasons.get(&item).cloned().unwrap_or_default();
    let before = now.volume(item);
    if before.is_none_or(|before| before.year != volume.year) {
        decisions.years.insert(item, Decided { value: volume.year, reason: reason() });
    }
    if before.is_none_or(|before| before.side != volume.side) {
        decisions.sides.insert(item, Decided { value: volume.side, reason: reason() });
    }
    if before.is_none_or(|before| before.period != volume.period) {
        decisions.periods.insert(item, Decided { value: volume.period, reason: reason() });
    }
}

/// What is different about a volume, in words.
fn differences(now: &Now<'_>, volume: &EditedVolume) -> Vec<Text> {
    let key = &volume.key;
    let mut said = Vec::new();
    let Some(before) = now.keyed(key) else {
        let count = volume.items.len();
        said.push(text!("新立卷 {key}，{count} 件", "volume {key} is new, with {count} items"));
        return said;
    };
    if before.year != volume.year {
        let (from, to) = (before.year, volume.year);
        said.push(text!(
            "卷 {key} 的年度由 {from} 改为 {to}",
            "the year of volume {key} is {to}, not {from}"
        ));
    }
    if before.side != volume.side {
        let to = volume.side.word();
        said.push(text!("卷 {key} 的党政改为{to}", "the side of volume {key} is now {to}"));
    }
    if before.period != volume.period {
        let (from, to) = (before.period, volume.period);
        said.push(text!(
            "卷 {key} 的保管期限由{from}改为{to}",
            "the period of volume {key} is {to}, not {from}"
        ));
    }
    if before.section != volume.section {
        let to = volume.section.clone().unwrap_or_default();
        said.push(text!("卷 {key} 的归档机构改为「{to}」", "the section of volume {key} is now \"{to}\""));
    }
    if volume.title.as_deref() != Some(before.title.as_str()) {
        let to = volume.title.clone().unwrap_or_default();
        said.push(if to.is_empty() {
            text!("卷 {key} 的题名交程序重拟", "the title of volume {key} is to be drafted again")
        } else {
            text!("卷 {key} 的题名改为「{to}」", "the title of volume {key} is now \"{to}\"")
        });
    }
    let old: Vec<ItemId> = before.entries.iter().map(|entry| entry.item).collect();
    for item in volume.items.iter().filter(|item| !old.contains(item)) {
        let row = now.row(*item);
        match now.homes.get(item) {
            Some((from, _)) => {
                let from = from + 1;
                said.push(text!(
                    "序号 {row} 由卷 {from} 移到卷 {key}",
                    "{row} goes from volume {from} to volume {key}"
                ));
            }
            None => said.push(text!("序号 {row} 归入卷 {key}", "{row} goes into volume {key}")),
        }
    }
    let stayed = |ids: &[ItemId], others: &[ItemId]| -> Vec<ItemId> {
        ids.iter().copied().filter(|id| others.contains(id)).collect()
    };
    if stayed(&old, &volume.items) != stayed(&volume.items, &old) {
        said.push(text!("卷 {key} 的卷内次序有改动", "the order inside volume {key} is changed"));
    }
    said
}

/// Which volumes of the workbook the program would make by itself, with the judged ties and the titles
/// as they now are: the person counts on these. Catalogued volumes are decided already.
fn expected(proposal: Proposal<'_>, edited: &Edited, decisions: &Decisions) -> Vec<bool> {
    let same_ties = decisions.confirmed_ties == proposal.decisions.confirmed_ties
        && decisions.refused_ties == proposal.decisions.refused_ties;
    let arranged_again;
    let arrangement = if same_ties {
        proposal.arrangement
    } else {
        arranged_again = arrange::arrange(proposal.items, proposal.institution, proposal.profile, decisions);
        &arranged_again
    };
    let home = by_item(arrangement);
    edited
        .volumes
        .iter()
        .map(|volume| {
            let first = volume.items.first().and_then(|item| home.get(item));
            first.is_some_and(|made| made.number.is_none() && is_as_edited(made, volume, edited))
        })
        .collect()
}

fn by_item(arrangement: &Arrangement) -> BTreeMap<ItemId, &Volume> {
    let volumes = arrangement.volumes.iter();
    volumes.flat_map(|volume| volume.entries.iter().map(move |entry| (entry.item, volume))).collect()
}

/// Tries the decisions out until the arrangement is the plan.
fn realise(
    proposal: Proposal<'_>,
    edited: &Edited,
    expected: &[bool],
    decisions: &mut Decisions,
    decided: &mut [bool],
) -> Arrangement {
    let arrange = |decisions: &Decisions| {
        arrange::arrange(proposal.items, proposal.institution, proposal.profile, decisions)
    };
    let mut tries = 0;
    loop {
        let kept = edited.volumes.iter().zip(decided.iter()).filter(|(_, decided)| **decided);
        decisions.put_volumes(kept.map(|(volume, _)| as_decided(volume)).collect());
        let arrangement = arrange(decisions);
        let home = by_item(&arrangement);
        let mut is_the_plan = true;
        for ((volume, expected), decided) in edited.volumes.iter().zip(expected).zip(decided.iter_mut()) {
            let first = volume.items.first().and_then(|item| home.get(item));
            let is_there = first.is_some_and(|made| is_as_edited(made, volume, edited));
            if *expected && !*decided && !is_there {
                *decided = true;
                is_the_plan = false;
            }
        }
        if is_the_plan {
            return arrangement;
        }
        tries += 1;
        if tries == TRIES {
            for (expected, decided) in expected.iter().zip(decided.iter_mut()) {
                *decided |= expected;
            }
        }
    }
}

fn as_decided(volume: &EditedVolume) -> DecidedVolume {
    DecidedVolume {
        year: volume.year,
        side: volume.side,
        period: volume.period,
        section: volume.section.clone(),
        title: volume.title.clone(),
        items: volume.items.clone(),
        number: None,
        places: Vec::new(),
    }
}
