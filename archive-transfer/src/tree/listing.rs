//! The files of a package in little room: a package may have a million, and while it is verified all of them
//! are known. So their paths stand one after the other in a single text, and a file costs sixteen bytes more.

use std::cmp::Ordering;

/// A file in a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Its path from the package's root, with `/`.
    pub path: &'a str,
    /// Its length in bytes.
    pub bytes: u64,
    /// Where the container keeps it.
    pub(crate) at: usize,
}

/// What is kept of a file beside its path.
#[derive(Debug, Clone, Copy)]
struct Slot {
    bytes: u64,
    /// Where in the text its path ends; it begins where the one before ends.
    end: u32,
    at: u32,
}

/// The files of a package.
#[derive(Debug, Default)]
pub struct Listing {
    paths: String,
    slots: Vec<Slot>,
}

impl Listing {
    /// Puts a file behind the others; false where there is no more room, which is at four billion bytes of paths.
    pub(super) fn push(&mut self, path: &str, bytes: u64, at: usize) -> bool {
        let (Ok(end), Ok(at)) = (u32::try_from(self.paths.len() + path.len()), u32::try_from(at)) else {
            return false;
        };
        self.paths.push_str(path);
        self.slots.push(Slot { bytes, end, at });
        true
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The file at a place, from 0.
    pub fn get(&self, place: usize) -> Option<Entry<'_>> {
        let Slot { bytes, end, at } = *self.slots.get(place)?;
        let start = place.checked_sub(1).map_or(0, |before| self.slots[before].end);
        let path = self.paths.get(start as usize..end as usize)?;
        Some(Entry { path, bytes, at: at as usize })
    }

    /// The files, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Entry<'_>> + ExactSizeIterator + Clone {
        (0..self.len()).map(|place| self.get(place).unwrap_or(Entry { path: "", bytes: 0, at: 0 }))
    }

    /// Those that `keeps` wants, by path, without the first `cut` bytes of each.
    pub(super) fn sorted(self, cut: usize, keeps: impl Fn(Entry<'_>) -> bool) -> Self {
        let path = |place: &u32| self.get(*place as usize).map_or("", |entry| entry.path);
        let mut order: Vec<u32> =
            (0..).zip(self.iter()).filter(|(_, entry)| keeps(*entry)).map(|(place, _)| place).collect();
        if cut == 0 && order.len() == self.len() && order.is_sorted_by_key(path) {
            return self;
        }
        order.sort_unstable_by(|a, b| path(a).cmp(path(b)).then(a.cmp(b)));
        let mut sorted = Self {
            paths: String::with_capacity(self.paths.len().saturating_sub(cut * self.len())),
            slots: Vec::with_capacity(order.len()),
        };
        for entry in order.iter().filter_map(|place| self.get(*place as usize)) {
            sorted.push(entry.path.get(cut..).unwrap_or_default(), entry.bytes, entry.at);
        }
        sorted
    }

    /// Where a path stands, or would stand. The files must be sorted.
    pub(super) fn search(&self, path: &str) -> Result<usize, usize> {
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = from + (to - from) / 2;
            match self.get(middle).map_or("", |entry| entry.path).cmp(path) {
                Ordering::Less => from = middle + 1,
                Ordering::Greater => to = middle,
                Ordering::Equal => return Ok(middle),
            }
        }
        Err(from)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn files_come_back_sorted_and_are_found(paths in prop::collection::btree_set("[ab/文]{1,6}", 0..40), cut in 0..2_usize) {
            let mut listing = Listing::default();
            for (at, path) in paths.iter().rev().enumerate() {
                let put = listing.push(&format!("{}{path}", "x".repeat(cut)), path.len() as u64, at);
                prop_assert!(put);
            }
            let wanted = |path: &str| !path.ends_with('b');
            let listing = listing.sorted(cut, |entry| wanted(entry.path));
            let kept: Vec<&str> = paths.iter().map(String::as_str).filter(|path| wanted(path)).collect();
            prop_assert_eq!(listing.iter().map(|entry| entry.path).collect::<Vec<_>>(), kept.clone());
            for (place, path) in kept.iter().enumerate() {
                prop_assert_eq!(listing.search(path), Ok(place));
                prop_assert_eq!(listing.get(place).map(|entry| entry.bytes), Some(path.len() as u64));
            }
            prop_assert!(listing.search("ac").is_err());
        }
    }
}
