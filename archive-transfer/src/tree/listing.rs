//! The files of a package in little room: a package may have a million, and while it is verified all of them
//! are known. So their paths stand one after the other in a single text, and a file costs sixteen bytes more; they
//! are put in order without being copied.

use std::cmp::Ordering;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

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

/// What is kept of a file beside its path, in four halves of words so that no room is lost between them.
#[derive(Debug, Clone, Copy)]
struct Slot {
    /// Where in the text its path begins.
    start: u32,
    /// The length of its path, and the upper sixteen bits of its own: a file has at most 256 TiB.
    lengths: u32,
    bytes: u32,
    at: u32,
}

impl Slot {
    fn of(start: usize, path: usize, bytes: u64, at: usize) -> Option<Self> {
        let (path, upper) = (u16::try_from(path).ok()?, u16::try_from(bytes >> 32).ok()?);
        Some(Self {
            start: u32::try_from(start).ok()?,
            lengths: u32::from(path) | u32::from(upper) << 16,
            bytes: u32::try_from(bytes & u64::from(u32::MAX)).ok()?,
            at: u32::try_from(at).ok()?,
        })
    }

    fn path(self, paths: &str) -> &str {
        let (start, length) = (self.start as usize, (self.lengths & 0xFFFF) as usize);
        paths.get(start..start + length).unwrap_or_default()
    }

    fn bytes(self) -> u64 {
        u64::from(self.lengths >> 16) << 32 | u64::from(self.bytes)
    }
}

/// The files of a package.
#[derive(Debug, Default)]
pub struct Listing {
    paths: String,
    slots: Vec<Slot>,
    /// Behind what was searched for last: manifests name files in order, so this is mostly what is asked for next.
    next: AtomicUsize,
}

impl Listing {
    /// Puts a file behind the others; false where there is no more room, which is at four billion bytes of paths.
    pub(super) fn push(&mut self, path: &str, bytes: u64, at: usize) -> bool {
        let Some(slot) = Slot::of(self.paths.len(), path.len(), bytes, at) else { return false };
        self.paths.push_str(path);
        self.slots.push(slot);
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
        let slot = *self.slots.get(place)?;
        Some(Entry { path: slot.path(&self.paths), bytes: slot.bytes(), at: slot.at as usize })
    }

    /// The files, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Entry<'_>> + ExactSizeIterator + Clone {
        (0..self.len()).map(|place| self.get(place).unwrap_or(Entry { path: "", bytes: 0, at: 0 }))
    }

    /// Those that `keeps` wants, by path, without the first `cut` bytes of each. Of two alike the first pushed
    /// comes first.
    pub(super) fn sorted(mut self, cut: usize, keeps: impl Fn(Entry<'_>) -> bool) -> Self {
        let Self { paths, slots, .. } = &mut self;
        slots.retain(|slot| {
            keeps(Entry { path: slot.path(paths), bytes: slot.bytes(), at: slot.at as usize })
        });
        for slot in slots.iter_mut() {
            let cut = u32::try_from(cut).unwrap_or(u32::MAX).min(slot.lengths & 0xFFFF);
            slot.start += cut;
            slot.lengths -= cut;
        }
        if !slots.is_sorted_by_key(|slot| (slot.path(paths), slot.start)) {
            slots.sort_unstable_by(|a, b| a.path(paths).cmp(b.path(paths)).then(a.start.cmp(&b.start)));
        }
        self
    }

    /// Where a path stands, or would stand. The files must be sorted.
    pub(super) fn search(&self, path: &str) -> Result<usize, usize> {
        let next = self.next.load(Relaxed);
        let found = match self.get(next) {
            Some(entry) if entry.path == path => Ok(next),
            _ => self.search_all(path),
        };
        if let Ok(place) = found {
            self.next.store(place + 1, Relaxed);
        }
        found
    }

    fn search_all(&self, path: &str) -> Result<usize, usize> {
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
            for (place, path) in kept.iter().enumerate().rev() {
                prop_assert_eq!(listing.search(path), Ok(place), "in any order");
            }
        }
    }
}
