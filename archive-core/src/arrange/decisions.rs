//! What a person decided, kept as theirs and never overruled by a later run.
//!
//! The program proposes; a person confirms, refuses, moves and renames. Each of these is an entry here,
//! by item, so that it still means the same when other items have come or gone since. The store keeps
//! the whole as data.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::{Arrangement, ItemId, RetentionPeriod, Side, TieKind, VolumeNumber};

/// A tie by what it says, whoever says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TieKey {
    /// The one that is something for the other.
    pub from: ItemId,
    /// The other.
    pub to: ItemId,
    /// What it is.
    pub kind: TieKind,
}

/// A value a person set, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided<T> {
    /// The value.
    pub value: T,
    /// The reason they gave; empty if none.
    #[serde(default)]
    pub reason: String,
}

/// A place in a volume that was numbered before: its numbers stay (V8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPlace {
    /// 件号.
    pub item_no: Option<u32>,
    /// 页号, first and last.
    pub pages: Option<(u32, u32)>,
}

/// A volume a person made or changed, or that was there before (V9), known by what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidedVolume {
    /// 年度.
    pub year: i32,
    /// 党政.
    pub side: Side,
    /// 保管期限.
    pub period: RetentionPeriod,
    /// 归档机构.
    #[serde(default)]
    pub section: Option<String>,
    /// 案卷题名; proposed anew where `None`.
    #[serde(default)]
    pub title: Option<String>,
    /// Its items, in the order they stand.
    pub items: Vec<ItemId>,
    /// Its numbers, if it was catalogued: they, and its places, never change.
    #[serde(default)]
    pub number: Option<VolumeNumber>,
    /// The numbers of its places, beside `items`, if it was catalogued.
    #[serde(default)]
    pub places: Vec<KeptPlace>,
}

/// Everything a person decided about the items of a repository.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Decisions {
    /// Proposed ties that a person refused.
    pub refused_ties: BTreeSet<TieKey>,
    /// Ties a person confirmed or added.
    pub confirmed_ties: BTreeSet<TieKey>,
    /// 年度 of single items.
    #[serde(with = "pairs")]
    pub years: BTreeMap<ItemId, Decided<i32>>,
    /// 党政 of single items.
    #[serde(with = "pairs")]
    pub sides: BTreeMap<ItemId, Decided<Side>>,
    /// 保管期限 of single items.
    #[serde(with = "pairs")]
    pub periods: BTreeMap<ItemId, Decided<RetentionPeriod>>,
    /// Titles drafted or mended by a person.
    #[serde(with = "pairs")]
    pub item_titles: BTreeMap<ItemId, String>,
    /// Items a person leaves out of the volumes, and why.
    #[serde(with = "pairs")]
    pub left_out: BTreeMap<ItemId, String>,
    /// Volumes as a person wants them. Their items are disjoint; of an item in two, the first volume has it.
    pub volumes: Vec<DecidedVolume>,
}

impl Decisions {
    /// Keeps the numbered volumes of an arrangement as they are: what was catalogued is arranged no more
    /// (V8, V9). Volumes without a number stay proposals.
    pub fn settle(&mut self, arrangement: &Arrangement) {
        let numbered: Vec<DecidedVolume> = arrangement
            .volumes
            .iter()
            .filter(|volume| volume.number.is_some())
            .map(|volume| DecidedVolume {
                year: volume.year,
                side: volume.side,
                period: volume.period,
                section: volume.section.clone(),
                title: Some(volume.title.clone()),
                items: volume.entries.iter().map(|entry| entry.item).collect(),
                number: volume.number.clone(),
                places: volume
                    .entries
                    .iter()
                    .map(|entry| KeptPlace { item_no: entry.item_no, pages: entry.pages })
                    .collect(),
            })
            .collect();
        self.put_volumes(numbered);
    }

    /// Puts volumes in place of those that hold the same items.
    pub fn put_volumes(&mut self, volumes: Vec<DecidedVolume>) {
        let taken: BTreeSet<ItemId> =
            volumes.iter().flat_map(|volume| volume.items.iter().copied()).collect();
        for volume in &mut self.volumes {
            if volume.places.len() == volume.items.len() {
                let kept: Vec<bool> = volume.items.iter().map(|item| !taken.contains(item)).collect();
                let mut keep = kept.iter();
                volume.places.retain(|_| *keep.next().unwrap_or(&true));
            }
            volume.items.retain(|item| !taken.contains(item));
        }
        self.volumes.retain(|volume| !volume.items.is_empty());
        self.volumes.extend(volumes.into_iter().filter(|volume| !volume.items.is_empty()));
        self.volumes.sort_by(|a, b| a.items.first().cmp(&b.items.first()));
    }
}

/// Maps by item as lists of pairs: JSON and TOML have no keys but strings.
mod pairs {
    use std::collections::BTreeMap;

    use serde::de::DeserializeOwned;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::model::ItemId;

    pub(super) fn serialize<T: Serialize, S: Serializer>(
        map: &BTreeMap<ItemId, T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map.iter())
    }

    pub(super) fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<ItemId, T>, D::Error> {
        Ok(Vec::<(ItemId, T)>::deserialize(deserializer)?.into_iter().collect())
    }
}
