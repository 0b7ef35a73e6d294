//! Saying why: the reasons of an arrangement in words, by row of the register.

use std::collections::HashMap;

use crate::model::{Arrangement, Entry, Item, ItemId, Naming, Reason};
use crate::profile::Profile;

/// Puts reasons into words: it knows what the items are called and what the table of scope says.
pub struct Explainer<'a> {
    rows: HashMap<ItemId, &'a str>,
    profile: &'a Profile,
}

impl<'a> Explainer<'a> {
    /// For these items under this profile.
    pub fn new(items: &'a [Item], profile: &'a Profile) -> Self {
        Self { rows: items.iter().map(|item| (item.id, item.row.as_str())).collect(), profile }
    }

    /// Why an item stands where it stands.
    pub fn entry(&self, entry: &Entry) -> Vec<Reason> {
        entry.why.iter().map(|why| why.reason(self)).collect()
    }

    /// Everything there is to say about the items that bear a row number (序号): why each is in its volume,
    /// year, side and period, why it stands where it does, or why it is in no volume. Empty if no item
    /// bears it.
    pub fn row(&self, arrangement: &Arrangement, row: &str) -> Vec<Explanation> {
        let wanted = row.trim();
        let bears = |item: ItemId| self.rows.get(&item).is_some_and(|row| row.trim() == wanted);
        let mut explanations = Vec::new();
        for (index, volume) in arrangement.volumes.iter().enumerate() {
            for (position, entry) in volume.entries.iter().enumerate() {
                if bears(entry.item) {
                    let mut reasons = volume.why.clone();
                    reasons.extend(self.entry(entry));
                    explanations.push(Explanation {
                        item: entry.item,
                        place: Some((index, position)),
                        reasons,
                    });
                }
            }
        }
        for (item, reason) in &arrangement.left_out {
            if bears(*item) {
                explanations.push(Explanation { item: *item, place: None, reasons: vec![reason.clone()] });
            }
        }
        explanations
    }
}

impl Naming for Explainer<'_> {
    fn row(&self, item: ItemId) -> String {
        self.rows.get(&item).map_or_else(|| item.0.to_string(), |row| (*row).to_owned())
    }

    fn scope_line(&self, index: u32) -> (String, String) {
        self.profile
            .retention
            .scope
            .get(index as usize)
            .map_or_else(|| (index.to_string(), String::new()), |line| (line.no.clone(), line.what.clone()))
    }
}

/// Why an item is where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The item.
    pub item: ItemId,
    /// Its volume and its place in it, counted from 0; `None` if it is in no volume.
    pub place: Option<(usize, usize)>,
    /// The reasons, the volume's first.
    pub reasons: Vec<Reason>,
}
