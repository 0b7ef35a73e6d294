//! From an item's id to its place among the items.
//!
//! Volumes, ties and files name items by id, and each check asks many times where an item lies. The ids of a register or a
//! repository are given in a row, so a table of places answers most askings with one look; ids strewn about go into a map.

use std::collections::HashMap;

use crate::model::{Item, ItemId};

/// Where each item lies among the items.
pub(super) enum ById {
    /// The place of each id from `first` on; [`NOWHERE`] for ids that no item bears.
    Row { first: u64, places: Vec<u32> },
    /// Ids strewn about.
    Strewn(HashMap<ItemId, usize>),
}

/// An id no item bears.
const NOWHERE: u32 = u32::MAX;

/// So many ids of a table may be nobody's for each that is an item's.
const ROOM: usize = 4;

impl ById {
    /// Of two items with one id the later one is found.
    pub(super) fn of(items: &[Item]) -> Self {
        Self::in_a_row(items).unwrap_or_else(|| {
            Self::Strewn(items.iter().enumerate().map(|(at, item)| (item.id, at)).collect())
        })
    }

    fn in_a_row(items: &[Item]) -> Option<Self> {
        let first = items.iter().map(|item| item.id.0).min()?;
        let last = items.iter().map(|item| item.id.0).max()?;
        let width = usize::try_from(last - first).ok()?;
        if width >= items.len().checked_mul(ROOM)? || items.len() >= NOWHERE as usize {
            return None;
        }
        let mut places = vec![NOWHERE; width + 1];
        for (at, item) in items.iter().enumerate() {
            places[usize::try_from(item.id.0 - first).ok()?] = u32::try_from(at).ok()?;
        }
        Some(Self::Row { first, places })
    }

    /// The place of the item with this id.
    pub(super) fn at(&self, id: ItemId) -> Option<usize> {
        match self {
            Self::Row { first, places } => {
                let index = usize::try_from(id.0.checked_sub(*first)?).ok()?;
                let place = places.get(index).copied().filter(|place| *place != NOWHERE)?;
                usize::try_from(place).ok()
            }
            Self::Strewn(places) => places.get(&id).copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_id_leads_to_the_last_item_that_bears_it(
            ids in proptest::collection::vec(prop_oneof![0..40_u64, 1_000..1_020_u64, Just(u64::MAX)], 0..30),
            row in 0..50_u64,
        ) {
            for ids in [ids.clone(), (row..row + 20).rev().collect()] {
                let items: Vec<Item> = ids.iter().map(|id| Item::new(ItemId(*id), "1")).collect();
                let by_id = ById::of(&items);
                for id in (0..1_100).chain([u64::MAX]) {
                    prop_assert_eq!(by_id.at(ItemId(id)), ids.iter().rposition(|one| *one == id));
                }
            }
        }
    }
}
