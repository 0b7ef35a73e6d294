//! Ties between items: those the register gives, and those the program proposes.
//!
//! A tie decides more than anything else: tied items share year, side and period, are never parted, and
//! stand in a fixed order. So a given tie always holds (unless it can't: it names itself, a row that
//! isn't there, or runs in a circle), and a proposed one needs grounds, a confidence above
//! [`LEAST_CONFIDENCE`], and can be refused.

mod answers;
mod cases;
mod given;
pub(super) mod likeness;
mod meetings;
mod parts;
mod quoted;

use std::collections::HashSet;

pub(super) use cases::is_case;

use crate::finding::Finding;
use crate::model::{TieKind, TieSource};
use crate::text::Text;

use super::decisions::TieKey;
use super::facts::{Desk, Index, hash};
use super::wording::Family;

/// What is proposed with less is not proposed at all.
pub(crate) const LEAST_CONFIDENCE: f32 = 0.6;

/// A tie between two places on the desk: `from` is `kind` for `to`.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) kind: TieKind,
    pub(crate) source: TieSource,
}

impl Link {
    /// Which of the two stands first. Most often the one that the other is something for; but what came of
    /// a letter, a request or a proposal stands before it.
    pub(crate) fn first_and_second(&self, desk: &Desk<'_>) -> (u32, u32) {
        if self.kind == TieKind::Outcome && asks(desk.at(self.to).family()) {
            (self.from, self.to)
        } else {
            (self.to, self.from)
        }
    }

    /// Whether a person or the register says so.
    pub(crate) const fn is_given(&self) -> bool {
        matches!(self.source, TieSource::Given)
    }
}

/// A tie a searcher would make: `from` is `kind` for `to`.
pub(crate) struct Proposal {
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) kind: TieKind,
    pub(crate) confidence: f32,
    pub(crate) grounds: Text,
}

/// Whether a paper of this family waits for an answer.
pub(crate) const fn asks(family: Family) -> bool {
    matches!(family, Family::Request | Family::Letter | Family::Proposal | Family::Petition | Family::Report)
}

/// What the search for ties came to.
pub(crate) struct Found {
    /// The ties, in order of their places.
    pub(crate) links: Vec<Link>,
    /// The papers whose titles quote the number of another they aren't tied to.
    pub(crate) mentions: Vec<(u32, u32)>,
    /// Ties that can't hold.
    pub(crate) findings: Vec<Finding>,
}

/// Finds all ties.
pub(crate) fn find(desk: &Desk<'_>) -> Found {
    let (links, findings) = given::resolve(desk);
    let mut search = Search::new(desk, links);
    parts::drafts(&mut search);
    parts::passed_on(&mut search);
    quoted::numbers(&mut search);
    quoted::proposals(&mut search);
    parts::attachments(&mut search);
    meetings::lists(&mut search);
    answers::all(&mut search);
    cases::grounds(&mut search);
    let Search { mut links, mentions, .. } = search;
    links.sort_by_key(|link| (link.from, link.to, link.kind));
    Found { links, mentions, findings }
}

/// The state of the search: what is tied already, and the indexes several searchers use.
pub(crate) struct Search<'s, 'a> {
    pub(crate) desk: &'s Desk<'a>,
    pub(crate) links: Vec<Link>,
    /// The papers whose titles quote the number of another.
    pub(crate) mentions: Vec<(u32, u32)>,
    pairs: HashSet<(u32, u32)>,
    /// What each place is tied as: a bit for each kind as `from`.
    as_from: Vec<u16>,
    /// What each place has: a bit for each kind as `to`.
    as_to: Vec<u16>,
    /// Places by document number.
    pub(crate) by_number: Index,
}

const fn bit(kind: TieKind) -> u16 {
    1 << kind as u16
}

/// The key of a document number.
pub(crate) fn number_key(parts: &crate::reading::NumberParts) -> u64 {
    let mut key = hash(&parts.code);
    key = (key ^ u64::from(parts.serial)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    key = (key ^ u64::from(parts.year.unwrap_or(0).unsigned_abs())).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    key ^ parts.unit as u64
}

impl<'s, 'a> Search<'s, 'a> {
    fn new(desk: &'s Desk<'a>, given: Vec<Link>) -> Self {
        let mut numbers = Vec::new();
        for place in 0..desk.len() {
            for parts in desk.item(place).number.iter().flat_map(|number| &number.parts) {
                if !parts.code.is_empty() {
                    numbers.push((number_key(parts), place));
                }
            }
        }
        let mut search = Self {
            desk,
            links: Vec::new(),
            mentions: Vec::new(),
            pairs: HashSet::new(),
            as_from: vec![0; desk.facts.len()],
            as_to: vec![0; desk.facts.len()],
            by_number: Index::new(numbers),
        };
        for link in given {
            search.put(link);
        }
        search
    }

    fn put(&mut self, link: Link) {
        self.pairs.insert((link.from.min(link.to), link.from.max(link.to)));
        self.as_from[link.from as usize] |= bit(link.kind);
        self.as_to[link.to as usize] |= bit(link.kind);
        self.links.push(link);
    }

    /// Whether the item is tied to another as one of `kinds`.
    pub(crate) fn is(&self, place: u32, kinds: &[TieKind]) -> bool {
        kinds.iter().any(|kind| self.as_from[place as usize] & bit(*kind) != 0)
    }

    /// Whether another item is tied to this one as one of `kinds`.
    pub(crate) fn has(&self, place: u32, kinds: &[TieKind]) -> bool {
        kinds.iter().any(|kind| self.as_to[place as usize] & bit(*kind) != 0)
    }

    /// Whether the two are tied already.
    pub(crate) fn tied(&self, a: u32, b: u32) -> bool {
        self.pairs.contains(&(a.min(b), a.max(b)))
    }

    /// Proposes a tie, unless the two are tied already, a person refused it, or the confidence is too low.
    pub(crate) fn propose(
        &mut self,
        from: u32,
        to: u32,
        kind: TieKind,
        confidence: f32,
        grounds: Text,
    ) -> bool {
        if from == to || confidence < LEAST_CONFIDENCE || self.tied(from, to) {
            return false;
        }
        if !self.desk.decisions.refused_ties.is_empty() {
            let (from, to) = (self.desk.item(from).id, self.desk.item(to).id);
            let refused = &self.desk.decisions.refused_ties;
            if TieKind::ALL.iter().any(|kind| refused.contains(&TieKey { from, to, kind: *kind })) {
                return false;
            }
        }
        let confidence = (confidence.clamp(0.0, 0.99) * 100.0).round() / 100.0;
        self.put(Link { from, to, kind, source: TieSource::Proposed { confidence, grounds } });
        true
    }

    /// Proposes what was found, in the order it was found.
    pub(crate) fn propose_all(&mut self, found: Vec<Proposal>) {
        for Proposal { from, to, kind, confidence, grounds } in found {
            self.propose(from, to, kind, confidence, grounds);
        }
    }
}

/// Up to `before` and `after` of the sorted `places` around `here`, nearest first on each side.
pub(crate) fn around(
    places: &[(u64, u32)],
    here: u32,
    before: usize,
    after: usize,
) -> impl Iterator<Item = u32> + '_ {
    let at = places.partition_point(|pair| pair.1 < here);
    let earlier = places[..at].iter().rev().take(before);
    let later = places[at..].iter().filter(move |pair| pair.1 != here).take(after);
    earlier.chain(later).map(|pair| pair.1)
}
