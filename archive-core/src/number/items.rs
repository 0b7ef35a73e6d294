//! Item numbers (件号), and the codes of items that are made of them.
//!
//! In a volume the items are numbered from 1. By the item method (DA/T 22-2015) they run on through all boxes
//! of a class, and the class is what the profile's form of a code makes it: two boxes whose codes differ in
//! nothing but the item share one run, or two items would have one code (K3). There a document with its
//! attachments, drafts and copies is one item (件, 5.1.1) and has one number; which part of it a document
//! is, says [`part_of_item`].

use std::collections::{BTreeMap, HashMap};

use crate::model::{Arrangement, Entry, Institution, ItemId, Volume, Why};
use crate::profile::{Method, Profile};

use super::{fill, without_gaps};

/// What a volume's item codes have in common by the item method: volumes of one such name share one run of item
/// numbers. `None` where items are numbered in each volume by itself.
pub(crate) fn run_of_items(volume: &Volume, institution: &Institution, profile: &Profile) -> Option<String> {
    (profile.volumes.method == Method::Item).then(|| {
        let catalogue = fill(&profile.numbering.catalogue_no, volume, institution);
        let form = fill(&profile.numbering.code, volume, institution).replace("{catalogue}", &catalogue);
        without_gaps(&form)
    })
}

/// The runs of item numbers: one in each volume, or, by the item method, one through the boxes of a class.
pub(super) struct ItemRuns {
    greatest: BTreeMap<String, u32>,
    /// What each document is a part of, by the item method.
    mains: HashMap<ItemId, Vec<ItemId>>,
}

impl ItemRuns {
    pub(super) fn new(arrangement: &Arrangement, institution: &Institution, profile: &Profile) -> Self {
        let mut greatest: BTreeMap<String, u32> = BTreeMap::new();
        for volume in &arrangement.volumes {
            let Some(run) = run_of_items(volume, institution, profile) else { continue };
            let greatest = greatest.entry(run).or_default();
            *greatest = (*greatest).max(most(volume));
        }
        let mut mains: HashMap<ItemId, Vec<ItemId>> = HashMap::new();
        if profile.volumes.method == Method::Item {
            for tie in arrangement.ties.iter().filter(|tie| tie.kind.is_part()) {
                mains.entry(tie.from).or_default().push(tie.to);
            }
        }
        Self { greatest, mains }
    }

    /// Numbers the items of a volume that have no number.
    pub(super) fn number(&mut self, volume: &mut Volume, institution: &Institution, profile: &Profile) {
        let mut own = most(volume);
        let greatest = match run_of_items(volume, institution, profile) {
            Some(run) => self.greatest.entry(run).or_default(),
            None => &mut own,
        };
        let mut given: HashMap<ItemId, u32> = HashMap::new();
        for entry in &mut volume.entries {
            let no = entry.item_no.or_else(|| main_of(entry, &self.mains, &given)).unwrap_or_else(|| {
                *greatest = greatest.saturating_add(1);
                *greatest
            });
            entry.item_no = Some(no);
            given.insert(entry.item, no);
        }
    }
}

/// The number of the item a document is a part of, if that stands before it in the volume: by its place, or, where
/// a person said where it stands, by its ties. `mains` is empty but by the item method.
fn main_of(entry: &Entry, mains: &HashMap<ItemId, Vec<ItemId>>, given: &HashMap<ItemId, u32>) -> Option<u32> {
    let mains = mains.get(&entry.item)?;
    let behind = entry.why.iter().find_map(|why| match why {
        Why::Behind(main, kind) => Some((*main, *kind)),
        _ => None,
    });
    match behind {
        Some((main, kind)) => given.get(&main).copied().filter(|_| kind.is_part()),
        None => mains.iter().find_map(|main| given.get(main).copied()),
    }
}

/// The greatest item number of a volume; 0 if it has none.
fn most(volume: &Volume) -> u32 {
    volume.entries.iter().filter_map(|entry| entry.item_no).max().unwrap_or(0)
}

/// The archival code (档号) of an item in a numbered volume: the volume's with the item number behind it, or, by
/// the item method, the profile's form with the item number in it. `None` while either has no number.
///
/// By the item method the parts of one item (件) bear one code; [`part_of_item`] tells them apart.
pub fn item_code(
    volume: &Volume,
    entry: &Entry,
    institution: &Institution,
    profile: &Profile,
) -> Option<String> {
    let number = volume.number.as_ref()?;
    let item_no = entry.item_no?;
    let width = usize::from(profile.numbering.item_digits.min(9));
    if !profile.numbering.code.contains("{item}") {
        return Some(format!("{}-{item_no:0width$}", number.code));
    }
    let code = fill(&profile.numbering.code, volume, institution)
        .replace("{catalogue}", &number.catalogue_no)
        .replace("{volume}", &number.volume_no.to_string())
        .replace("{item}", &format!("{item_no:0width$}"));
    Some(without_gaps(&code))
}

/// Which part of its item (件) a document is, from 1 in the order of the volume, and of how many parts:
/// (2, 3) is the second of a print, its draft and its attachment. (1, 1) for a document that is an item by
/// itself, `None` while it has no item number or if it isn't in the volume.
///
/// Together with [`item_code`] it is unique where the code is shared, as the name of a file must be.
pub fn part_of_item(volume: &Volume, entry: &Entry) -> Option<(u32, u32)> {
    let item_no = entry.item_no?;
    let (mut part, mut all) = (None, 0);
    for one in volume.entries.iter().filter(|one| one.item_no == Some(item_no)) {
        all += 1;
        if one.item == entry.item {
            part = Some(all);
        }
    }
    part.map(|part| (part, all))
}
