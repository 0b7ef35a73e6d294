//! The best pairs of lines and items among many, one to one.
//!
//! Comparing each line with each item would be a million times a million. So items are looked up: by number; by a
//! number a slip apart; by title; and, for what is left, by the rarest pairs of characters of a title (two titles
//! that share most of their pairs share one of the rarest, so nothing alike is passed over). The pairs found are
//! taken best first: a line gets the item that fits it best among those no line fits better.
//!
//! The result doesn't depend on the order of lines or items: both are first brought into the order of their books.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::compare::{Comparison, Ground, LIKELY, SURE, compare};
use super::face::Face;
use super::{BookEntry, EntryId};
use crate::model::{Item, ItemId};
use crate::reading::{NumberParts, NumberUnit};

/// What a person said of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Verdict {
    /// The line.
    pub entry: EntryId,
    /// The item.
    pub item: ItemId,
    /// Whether they are one paper.
    pub same: bool,
}

/// A line and the item that is the same paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// The line.
    pub entry: EntryId,
    /// The item.
    pub item: ItemId,
    /// How sure it is, of 100.
    pub confidence: u8,
    /// What it rests on.
    pub grounds: Vec<Ground>,
}

impl Match {
    /// Whether it stands without a person.
    pub const fn is_sure(&self) -> bool {
        self.confidence >= SURE
    }

    /// Whether a person said so.
    pub fn is_confirmed(&self) -> bool {
        self.grounds.first() == Some(&Ground::Confirmed)
    }
}

/// What matching came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matching {
    /// The pairs, sure and likely ones, in the order of the books.
    pub matches: Vec<Match>,
    /// Lines that register a paper once more, each with the line that has the item.
    pub repeats: Vec<(EntryId, EntryId)>,
}

/// Finds the pairs. What a person confirmed stands; what a person refused isn't proposed again.
pub fn find(entries: &[BookEntry], items: &[Item], verdicts: &[Verdict]) -> Matching {
    let mut entries: Vec<&BookEntry> = entries.iter().collect();
    entries.sort_by(|one, other| (&one.label, one.id).cmp(&(&other.label, other.id)));
    let mut items: Vec<&Item> = items.iter().collect();
    items.sort_by(|one, other| (&one.origin, &one.row, one.id).cmp(&(&other.origin, &other.row, other.id)));
    let sides = Sides {
        entries: entries.iter().map(|entry| Face::of_entry(entry)).collect(),
        items: items.iter().map(|item| Face::of_item(item)).collect(),
    };
    Hall { entries, items, sides, verdicts }.pair()
}

/// Both sides as they are compared.
struct Sides<'a> {
    entries: Vec<Face<'a>>,
    items: Vec<Face<'a>>,
}

struct Hall<'a> {
    entries: Vec<&'a BookEntry>,
    items: Vec<&'a Item>,
    sides: Sides<'a>,
    verdicts: &'a [Verdict],
}

/// A pair worth keeping.
struct Candidate {
    entry: usize,
    item: usize,
    found: Comparison,
}

impl Hall<'_> {
    fn pair(self) -> Matching {
        let entry_at: HashMap<EntryId, usize> =
            self.entries.iter().enumerate().map(|(at, entry)| (entry.id, at)).collect();
        let item_at: HashMap<ItemId, usize> =
            self.items.iter().enumerate().map(|(at, item)| (item.id, at)).collect();
        let mut refused: HashSet<(usize, usize)> = HashSet::new();
        let mut of_entry: Vec<Option<usize>> = vec![None; self.entries.len()];
        let mut of_item: Vec<Option<usize>> = vec![None; self.items.len()];
        let mut found: BTreeMap<usize, Match> = BTreeMap::new();
        let mut verdicts: Vec<&Verdict> = self.verdicts.iter().collect();
        verdicts.sort();
        for verdict in verdicts {
            let (Some(entry), Some(item)) = (entry_at.get(&verdict.entry), item_at.get(&verdict.item)) else {
                continue;
            };
            if !verdict.same {
                refused.insert((*entry, *item));
            } else if of_entry[*entry].is_none() && of_item[*item].is_none() {
                (of_entry[*entry], of_item[*item]) = (Some(*item), Some(*entry));
                found.insert(*entry, self.matched(*entry, *item, None, 0));
            }
        }

        let candidates = self.candidates(&of_entry, &refused);
        for one in &candidates {
            if of_entry[one.entry].is_none() && of_item[one.item].is_none() {
                (of_entry[one.entry], of_item[one.item]) = (Some(one.item), Some(one.entry));
                let others = self.others(one, &candidates, &of_item);
                found.insert(one.entry, self.matched(one.entry, one.item, Some(&one.found), others));
            }
        }
        let mut repeats: BTreeMap<usize, usize> = BTreeMap::new();
        for one in candidates.iter().filter(|one| one.found.confidence >= SURE && one.found.is_same) {
            if of_entry[one.entry].is_some() || repeats.contains_key(&one.entry) {
                continue;
            }
            if let Some(first) = of_item[one.item].filter(|first| self.is_repeat(*first, one.entry)) {
                repeats.insert(one.entry, first);
            }
        }
        Matching {
            matches: found.into_values().collect(),
            repeats: repeats
                .into_iter()
                .map(|(entry, first)| (self.entries[entry].id, self.entries[first].id))
                .collect(),
        }
    }

    /// Whether a line registers what another one has: in one book, and alike themselves.
    fn is_repeat(&self, first: usize, again: usize) -> bool {
        self.entries[first].direction() == self.entries[again].direction()
            && compare(&self.sides.entries[again], &self.sides.entries[first]).is_same
    }

    fn matched(&self, entry: usize, item: usize, found: Option<&Comparison>, others: usize) -> Match {
        let (line, paper) = (&self.sides.entries[entry], &self.sides.items[item]);
        let (mut confidence, mut grounds) = match found {
            Some(found) => (found.confidence, found.grounds(line, paper)),
            None => {
                let mut grounds = vec![Ground::Confirmed];
                grounds.extend(compare(line, paper).grounds(line, paper));
                (100, grounds)
            }
        };
        if others > 0 {
            confidence = confidence.min(SURE - 1);
            grounds.push(Ground::Others(others));
        }
        Match { entry: self.entries[entry].id, item: self.items[item].id, confidence, grounds }
    }

    /// How many free items fit a line exactly as well and are another paper: then a person must choose.
    fn others(&self, one: &Candidate, candidates: &[Candidate], of_item: &[Option<usize>]) -> usize {
        let rank = |candidate: &Candidate| (candidate.found.confidence, candidate.found.days);
        let from = candidates.partition_point(|other| rank_key(other) < rank_key(one));
        candidates[from..]
            .iter()
            .take_while(|other| rank(other) == rank(one))
            .filter(|other| {
                other.entry == one.entry && other.item != one.item && of_item[other.item].is_none()
            })
            .filter(|other| {
                let (chosen, other) = (&self.sides.items[one.item], &self.sides.items[other.item]);
                let is_one = |one: &Face<'_>, other: &Face<'_>| {
                    one.title == other.title && one.made == other.made && one.bodies == other.bodies
                        || (one.number.is_some()
                            && one.number.map(|n| &n.parts) == other.number.map(|n| &n.parts))
                };
                !is_one(chosen, other)
            })
            .count()
    }

    /// Every pair worth a look, best first.
    fn candidates(&self, taken: &[Option<usize>], refused: &HashSet<(usize, usize)>) -> Vec<Candidate> {
        let index = Index::of(&self.sides.items);
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut seen: HashSet<usize> = HashSet::new();
        for (entry, face) in self.sides.entries.iter().enumerate() {
            if taken[entry].is_some() {
                continue;
            }
            seen.clear();
            let mut best = 0;
            let mut look = |items: Vec<u32>, seen: &mut HashSet<usize>| {
                for item in items {
                    let item = item as usize;
                    if !seen.insert(item) || refused.contains(&(entry, item)) {
                        continue;
                    }
                    let found = compare(face, &self.sides.items[item]);
                    if found.confidence >= LIKELY {
                        best = best.max(found.confidence);
                        candidates.push(Candidate { entry, item, found });
                    }
                }
                best
            };
            if look(index.by_number(face), &mut seen) >= SURE {
                continue;
            }
            look(index.by_near_number(face), &mut seen);
            look(index.by_title(face), &mut seen);
            look(index.by_pairs(face), &mut seen);
        }
        candidates.sort_by_cached_key(|one| {
            let print = self.sides.items[one.item].is_print;
            (rank_key(one), Reverse(print), one.entry, one.item)
        });
        candidates
    }
}

/// What candidates are sorted by: the surest first, then the nearest in time.
const fn rank_key(candidate: &Candidate) -> (Reverse<u8>, u32) {
    (Reverse(candidate.found.confidence), candidate.found.days)
}

/// The items, to be looked up.
struct Index<'a> {
    numbers: HashMap<&'a NumberParts, Vec<u32>>,
    by_year_and_serial: HashMap<(Option<i32>, u32, NumberUnit), Vec<u32>>,
    by_code_and_serial: HashMap<(&'a str, u32, NumberUnit), Vec<u32>>,
    originals: HashMap<&'a str, Vec<u32>>,
    titles: HashMap<&'a str, Vec<(Option<NaiveDate>, u32)>>,
    /// Each pair of characters with each item that has it, sorted.
    postings: Vec<(u64, u32)>,
    faces: &'a [Face<'a>],
}

/// Items of one title that are looked at: those nearest in time.
const OF_ONE_TITLE: usize = 40;
/// Lists of items longer than this tell nothing of a pair of characters.
const COMMON: usize = 4_000;
/// Entries of such lists that are looked at for one line.
const MOST_POSTINGS: usize = 12_000;
/// Two titles less alike than this aren't worth comparing; `weigh` has no case below it.
const ALIKE: u8 = 55;

impl<'a> Index<'a> {
    fn of(faces: &'a [Face<'a>]) -> Self {
        let mut index = Self {
            numbers: HashMap::with_capacity(faces.len()),
            by_year_and_serial: HashMap::with_capacity(faces.len()),
            by_code_and_serial: HashMap::with_capacity(faces.len()),
            originals: HashMap::new(),
            titles: HashMap::with_capacity(faces.len()),
            postings: Vec::with_capacity(faces.iter().map(|face| face.pairs.len()).sum()),
            faces,
        };
        for (at, face) in (0_u32..).zip(faces) {
            if let Some(number) = face.number {
                for part in &number.parts {
                    index.numbers.entry(part).or_default().push(at);
                    let (code, serial, unit) = (part.code.as_str(), part.serial, part.unit);
                    index.by_year_and_serial.entry((part.year, serial, unit)).or_default().push(at);
                    index.by_code_and_serial.entry((code, serial, unit)).or_default().push(at);
                }
                if number.parts.is_empty() {
                    index.originals.entry(&number.original).or_default().push(at);
                }
            }
            if !face.title.is_empty() {
                index.titles.entry(&face.title).or_default().push((face.day(), at));
            }
            index.postings.extend(face.pairs.iter().map(|pair| (*pair, at)));
        }
        index.titles.values_mut().for_each(|items| items.sort_unstable());
        index.postings.sort_unstable();
        index
    }

    fn by_number(&self, face: &Face<'_>) -> Vec<u32> {
        let Some(number) = face.number else { return Vec::new() };
        let found = number.parts.iter().filter_map(|part| self.numbers.get(part));
        let as_written = self.originals.get(number.original.as_str());
        found.chain(as_written).flatten().copied().take(COMMON).collect()
    }

    fn by_near_number(&self, face: &Face<'_>) -> Vec<u32> {
        let mut found = Vec::new();
        for part in face.number.iter().flat_map(|number| &number.parts) {
            let (code, serial, unit) = (part.code.as_str(), part.serial, part.unit);
            let near = self.by_year_and_serial.get(&(part.year, serial, unit)).into_iter();
            let near = near.chain(self.by_code_and_serial.get(&(code, serial, unit)));
            found.extend(near.filter(|items| items.len() <= COMMON).flatten().copied());
            for slip in slips(serial) {
                let part = NumberParts { serial: slip, ..part.clone() };
                found.extend(
                    self.numbers.get(&part).filter(|items| items.len() <= COMMON).into_iter().flatten(),
                );
            }
        }
        found
    }

    fn by_title(&self, face: &Face<'_>) -> Vec<u32> {
        let Some(items) = self.titles.get(face.title.as_str()) else { return Vec::new() };
        if items.len() <= OF_ONE_TITLE {
            return items.iter().map(|(_, at)| *at).collect();
        }
        // What is registered was made before, most often not long before.
        let day = face.day();
        let after = items.partition_point(|(made, _)| *made <= day);
        let from = after.saturating_sub(OF_ONE_TITLE - OF_ONE_TITLE / 4);
        items[from..].iter().take(OF_ONE_TITLE).map(|(_, at)| *at).collect()
    }

    fn by_pairs(&self, face: &Face<'_>) -> Vec<u32> {
        let mut lists: Vec<&[(u64, u32)]> = face
            .pairs
            .iter()
            .map(|pair| {
                let from = self.postings.partition_point(|(other, _)| other < pair);
                let rest = &self.postings[from..];
                &rest[..rest.partition_point(|(other, _)| other == pair)]
            })
            .collect();
        lists.sort_by_key(|list| (list.len(), list.first().copied()));
        // Of n pairs, titles alike share so many that they share one of the first few.
        let must_share = face.pairs.len() * usize::from(ALIKE) / 200;
        let first_few = face.pairs.len().saturating_sub(must_share).saturating_add(1);
        let mut looked = 0;
        let mut found: Vec<u32> = Vec::new();
        for list in lists.into_iter().take(first_few).take_while(|list| list.len() <= COMMON) {
            looked += list.len();
            if looked > MOST_POSTINGS {
                break;
            }
            found.extend(list.iter().map(|(_, at)| *at));
        }
        found.sort_unstable();
        found
            .chunk_by(|a, b| a == b)
            // One rare pair in common is an accident; two are not.
            .filter(|same| same.len() >= 2 || face.pairs.len() < 6)
            .map(|same| same[0])
            .filter(|at| {
                let other = &self.faces[*at as usize].pairs;
                let (short, long) = (face.pairs.len().min(other.len()), face.pairs.len().max(other.len()));
                short * 4 >= long
            })
            .collect()
    }
}

/// The numbers a slip of the pen away from one.
fn slips(serial: u32) -> Vec<u32> {
    let digits: Vec<u8> = serial.to_string().into_bytes();
    let mut written: Vec<Vec<u8>> = Vec::new();
    for at in 0..digits.len() {
        for digit in b'0'..=b'9' {
            let mut changed = digits.clone();
            changed[at] = digit;
            written.push(changed);
        }
        let mut missing = digits.clone();
        missing.remove(at);
        written.push(missing);
        if at + 1 < digits.len() {
            let mut turned = digits.clone();
            turned.swap(at, at + 1);
            written.push(turned);
        }
    }
    for at in 0..=digits.len() {
        for digit in b'0'..=b'9' {
            let mut more = digits.clone();
            more.insert(at, digit);
            written.push(more);
        }
    }
    let mut slips: Vec<u32> = written
        .into_iter()
        .filter(|written| written.first().is_some_and(|digit| *digit != b'0'))
        .filter_map(|written| String::from_utf8(written).ok()?.parse().ok())
        .filter(|slip| *slip != serial)
        .collect();
    slips.sort_unstable();
    slips.dedup();
    slips
}
