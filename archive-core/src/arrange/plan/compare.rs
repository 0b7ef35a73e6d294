//! What differs between two arrangements, in words a person can follow.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Arrangement, ItemId, RetentionPeriod, Volume};
use crate::text;
use crate::text::Text;

/// One difference. Volumes are named by their place, counted from 0, in the one or the other arrangement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A volume that wasn't there.
    NewVolume(usize),
    /// A volume that is gone.
    GoneVolume(usize),
    /// Another title.
    Retitled(usize, usize),
    /// Another year, of a volume.
    Year(usize, i32, i32),
    /// Another period, of a volume.
    Period(usize, RetentionPeriod, RetentionPeriod),
    /// An item in another volume.
    Moved(ItemId, usize, usize),
    /// An item that wasn't in a volume.
    Added(ItemId, usize),
    /// An item that is in no volume any more.
    Removed(ItemId, usize),
    /// The same items in another order.
    Reordered(usize),
}

impl Change {
    /// The difference in words; `row` tells what an item is called.
    pub fn text(&self, before: &Arrangement, after: &Arrangement, row: &dyn Fn(ItemId) -> String) -> Text {
        let old = |index: &usize| before.volumes.get(*index).map_or("", |volume| volume.title.as_str());
        let new = |index: &usize| after.volumes.get(*index).map_or("", |volume| volume.title.as_str());
        match self {
            Self::NewVolume(volume) => {
                let title = new(volume);
                text!("新增案卷“{title}”", "new volume “{title}”")
            }
            Self::GoneVolume(volume) => {
                let title = old(volume);
                text!("案卷“{title}”不再有", "volume “{title}” is gone")
            }
            Self::Retitled(from, to) => {
                let (from, to) = (old(from), new(to));
                text!("案卷题名“{from}”改为“{to}”", "volume “{from}” is now called “{to}”")
            }
            Self::Year(volume, from, to) => {
                let title = new(volume);
                text!(
                    "案卷“{title}”的年度由 {from} 改为 {to}",
                    "the year of “{title}” was {from} and is {to}"
                )
            }
            Self::Period(volume, from, to) => {
                let title = new(volume);
                text!(
                    "案卷“{title}”的保管期限由{from}改为{to}",
                    "the period of “{title}” was {from} and is {to}"
                )
            }
            Self::Moved(item, from, to) => {
                let (row, from, to) = (row(*item), old(from), new(to));
                text!("序号 {row} 由“{from}”移到“{to}”", "row {row} moved from “{from}” to “{to}”")
            }
            Self::Added(item, to) => {
                let (row, to) = (row(*item), new(to));
                text!("序号 {row} 加入“{to}”", "row {row} was added to “{to}”")
            }
            Self::Removed(item, from) => {
                let (row, from) = (row(*item), old(from));
                text!("序号 {row} 移出“{from}”", "row {row} was taken out of “{from}”")
            }
            Self::Reordered(volume) => {
                let title = new(volume);
                text!("案卷“{title}”的卷内次序有变", "the order inside “{title}” changed")
            }
        }
    }
}

fn homes(arrangement: &Arrangement) -> BTreeMap<ItemId, usize> {
    let volumes = arrangement.volumes.iter().enumerate();
    volumes.flat_map(|(index, volume)| volume.entries.iter().map(move |entry| (entry.item, index))).collect()
}

fn ids(volume: &Volume) -> Vec<ItemId> {
    volume.entries.iter().map(|entry| entry.item).collect()
}

/// What differs between two arrangements: volumes are matched by the items they share.
pub fn diff(before: &Arrangement, after: &Arrangement) -> Vec<Change> {
    let (old_home, new_home) = (homes(before), homes(after));
    // How many items each old volume shares with each new one.
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (item, old) in &old_home {
        if let Some(new) = new_home.get(item) {
            *shared.entry((*old, *new)).or_default() += 1;
        }
    }
    let mut ranked: Vec<(usize, (usize, usize))> =
        shared.into_iter().map(|(pair, count)| (count, pair)).collect();
    ranked.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut to_new: BTreeMap<usize, usize> = BTreeMap::new();
    let mut matched: BTreeSet<usize> = BTreeSet::new();
    for (_, (old, new)) in ranked {
        if !to_new.contains_key(&old) && matched.insert(new) {
            to_new.insert(old, new);
        }
    }
    let mut changes = Vec::new();
    for (index, volume) in before.volumes.iter().enumerate() {
        let Some(new) = to_new.get(&index).copied() else {
            changes.push(Change::GoneVolume(index));
            continue;
        };
        let now = &after.volumes[new];
        if now.title != volume.title {
            changes.push(Change::Retitled(index, new));
        }
        if now.year != volume.year {
            changes.push(Change::Year(new, volume.year, now.year));
        }
        if now.period != volume.period {
            changes.push(Change::Period(new, volume.period, now.period));
        }
        let (was, is): (Vec<ItemId>, Vec<ItemId>) = (ids(volume), ids(now));
        let common = |of: &[ItemId], other: &BTreeSet<ItemId>| -> Vec<ItemId> {
            of.iter().copied().filter(|item| other.contains(item)).collect()
        };
        let (was_set, is_set): (BTreeSet<ItemId>, BTreeSet<ItemId>) =
            (was.iter().copied().collect(), is.iter().copied().collect());
        if common(&was, &is_set) != common(&is, &was_set) {
            changes.push(Change::Reordered(new));
        }
    }
    changes.extend((0..after.volumes.len()).filter(|new| !matched.contains(new)).map(Change::NewVolume));
    for (item, old) in &old_home {
        match new_home.get(item) {
            None => changes.push(Change::Removed(*item, *old)),
            Some(new) if to_new.get(old) != Some(new) => changes.push(Change::Moved(*item, *old, *new)),
            Some(_) => {}
        }
    }
    let added = new_home.iter().filter(|(item, _)| !old_home.contains_key(item));
    changes.extend(added.map(|(item, new)| Change::Added(*item, *new)));
    changes
}
