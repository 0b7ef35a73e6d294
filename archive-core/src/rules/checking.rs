//! Carrying out the checks: what they share, and the one function that runs them all.
//!
//! Everything that several rules need is worked out once for all items (titles taken apart, who made
//! what, ties resolved, places in volumes), so that a check is a walk over the items or volumes with
//! look-ups, and a million items take seconds. A classified item (S1) is kept out of every other check:
//! no finding may tell its title.

use std::collections::HashMap;
use std::ops::Deref;

use chrono::NaiveDate;
use rayon::prelude::*;

use super::by_id::ById;
use super::handover;
use super::holdings::{FileFacts, Holdings, Stage};
use super::{
    RuleId, archived, books, circulation, custody, input, lists, numbering, order, pages, retention, secrecy,
    volumes,
};
use crate::finding::{self, Finding, Place, Severity};
use crate::model::{Item, ItemId, RetentionPeriod, SecrecyLevel, TieKind, TieSource, Volume};
use crate::profile::{Maker, Profile};
use crate::reading::{DocType, TitleParts};
use crate::text::Text;

/// Judges records by every rule that can be judged on what is known, and returns all findings, sorted.
///
/// `today` is the day deadlines are counted by. The severities are the profile's.
pub fn check(holdings: &Holdings<'_>, profile: &Profile, today: NaiveDate) -> Vec<Finding> {
    let known = Known::new(holdings, profile, today);
    // Each check is a task; what they found is collected in the order they stand in, whichever is done first.
    let found: Vec<Vec<Finding>> = archived::CHECKS
        .par_iter()
        .chain(&CHAPTERS)
        .with_max_len(1)
        .map(|judge| {
            let mut desk = Desk::new(&known);
            judge(&mut desk);
            desk.findings
        })
        .collect();
    let mut findings: Vec<Finding> = found.into_iter().flatten().collect();
    profile.weigh(&mut findings);
    handover::fall_short(holdings, &mut findings);
    finding::sort(&mut findings);
    findings.dedup();
    findings
}

/// One check, of a rule or of a chapter.
pub(super) type Check = fn(&mut Desk<'_>);

/// The chapters judged as a whole; the most work first, so that none is left for one core alone. Chapter A, which has the
/// most to do, is judged rule by rule.
const CHAPTERS: [Check; 12] = [
    lists::check,
    volumes::check,
    order::check,
    input::check,
    books::check,
    retention::check,
    pages::check,
    numbering::check,
    secrecy::check,
    circulation::check,
    custody::check,
    handover::check,
];

/// A tie between two items, by their places on the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DeskTie {
    /// The one that is something for the other.
    pub(super) from: usize,
    /// The one it is that for.
    pub(super) to: usize,
    /// What it is.
    pub(super) kind: TieKind,
    /// Stated, or proposed with little doubt.
    pub(super) sure: bool,
    /// Stated in the register.
    pub(super) stated: bool,
}

impl DeskTie {
    /// The two in the order they stand in a volume: what leads, what follows.
    pub(super) const fn ordered(&self) -> (usize, usize) {
        match self.kind {
            // An outcome leads what it came of; of every other pair the second one leads.
            TieKind::Outcome => (self.from, self.to),
            _ => (self.to, self.from),
        }
    }
}

/// How sure a proposed tie must be to be held against a volume.
const SURE: f32 = 0.8;

/// What the checks share: worked out once, and only read afterwards.
pub(super) struct Known<'a> {
    pub(super) holdings: &'a Holdings<'a>,
    pub(super) profile: &'a Profile,
    pub(super) today: NaiveDate,
    /// The titles taken apart, item by item.
    pub(super) titles: Vec<TitleParts<'a>>,
    /// Who made each item.
    pub(super) makers: Vec<Option<Maker>>,
    /// The ties, sorted, each once.
    pub(super) ties: Vec<DeskTie>,
    /// Volume and entry of each item.
    pub(super) places: Vec<Option<(u32, u32)>>,
    /// Whether an item has any tie.
    pub(super) tied: Vec<bool>,
    /// Whether an item is something for another: an attachment, a draft, a request.
    pub(super) depends: Vec<bool>,
    by_id: ById,
    /// The facts of the files of an item, by their place among the holdings'.
    files: HashMap<usize, usize>,
}

/// Where one check writes its findings down, with what is known in reach. Each task has a desk of its own.
pub(super) struct Desk<'a> {
    /// For loops over what is known that write findings down meanwhile.
    pub(super) known: &'a Known<'a>,
    pub(super) findings: Vec<Finding>,
}

impl<'a> Deref for Desk<'a> {
    type Target = Known<'a>;

    fn deref(&self) -> &Known<'a> {
        self.known
    }
}

impl<'a> Known<'a> {
    fn new(holdings: &'a Holdings<'a>, profile: &'a Profile, today: NaiveDate) -> Self {
        let items = holdings.items;
        let by_id = ById::of(items);
        let titles: Vec<TitleParts<'a>> = items.par_iter().map(|item| TitleParts::of(&item.title)).collect();
        let mut known: HashMap<&str, Option<Maker>> = HashMap::new();
        let makers = items
            .iter()
            .zip(&titles)
            .map(|(item, title)| {
                let body = item.bodies.first().map(String::as_str).or(title.author)?;
                *known.entry(body).or_insert_with(|| Maker::of(body, holdings.institution))
            })
            .collect();
        let mut places = vec![None; items.len()];
        for (volume, entry, id) in holdings.arrangement.iter().flat_map(|arrangement| {
            arrangement.volumes.iter().enumerate().flat_map(|(volume, one)| {
                one.entries.iter().enumerate().map(move |(entry, one)| (volume, entry, one.item))
            })
        }) {
            if let (Some(at), Ok(volume), Ok(entry)) =
                (by_id.at(id), u32::try_from(volume), u32::try_from(entry))
            {
                places[at] = Some((volume, entry));
            }
        }
        let mut known = Self {
            holdings,
            profile,
            today,
            titles,
            makers,
            ties: Vec::new(),
            places,
            tied: vec![false; items.len()],
            depends: vec![false; items.len()],
            by_id,
            files: HashMap::new(),
        };
        let facts = holdings.files.iter().enumerate();
        known.files = facts.filter_map(|(index, (id, _))| Some((known.at(*id)?, index))).collect();
        known.ties = known.all_ties();
        for tie in &known.ties {
            known.tied[tie.from] = true;
            known.tied[tie.to] = true;
            known.depends[tie.from] = true;
        }
        known
    }

    /// Ties the arrangement holds and ties the items state, each pair and kind once.
    fn all_ties(&self) -> Vec<DeskTie> {
        let mut ties = Vec::new();
        for tie in self.holdings.arrangement.iter().flat_map(|arrangement| &arrangement.ties) {
            if let (Some(from), Some(to)) = (self.at(tie.from), self.at(tie.to)) {
                let (sure, stated) = match &tie.source {
                    TieSource::Given => (true, true),
                    TieSource::Proposed { confidence, .. } => (*confidence >= SURE, false),
                };
                ties.push(DeskTie { from, to, kind: tie.kind, sure, stated });
            }
        }
        if self.holdings.items.iter().any(|item| !item.ties.is_empty()) {
            let rows: HashMap<(&str, &str), usize> = self
                .holdings
                .items
                .iter()
                .enumerate()
                .map(|(at, item)| ((item.origin.register.as_str(), item.row.trim()), at))
                .collect();
            for (from, item) in self.holdings.items.iter().enumerate() {
                for tie in &item.ties {
                    if let Some(to) = rows.get(&(item.origin.register.as_str(), tie.to_row.trim())) {
                        ties.push(DeskTie { from, to: *to, kind: tie.kind, sure: true, stated: true });
                    }
                }
            }
        }
        ties.retain(|tie| tie.from != tie.to && self.is_open(tie.from) && self.is_open(tie.to));
        // The stated one of two equal ties comes first and stays.
        ties.sort_by_key(|tie| (tie.from, tie.to, tie.kind, !tie.stated, !tie.sure));
        ties.dedup_by_key(|tie| (tie.from, tie.to, tie.kind));
        ties
    }

    /// Where an item lies on the desk.
    pub(super) fn at(&self, id: ItemId) -> Option<usize> {
        self.by_id.at(id)
    }

    /// The item at a place.
    pub(super) fn item(&self, at: usize) -> &'a Item {
        &self.holdings.items[at]
    }

    /// What is known of an item's files.
    pub(super) fn facts(&self, at: usize) -> Option<&'a FileFacts> {
        self.files.get(&at).map(|index| &self.holdings.files[*index].1)
    }

    /// Whether an item may be spoken of: a classified one may not (S1).
    pub(super) fn is_open(&self, at: usize) -> bool {
        self.item(at).secrecy.level == SecrecyLevel::None
    }

    /// The items that may be spoken of, with their places.
    pub(super) fn open_items(&self) -> impl Iterator<Item = (usize, &'a Item)> + use<'a> {
        self.holdings.items.iter().enumerate().filter(|(_, item)| item.secrecy.level == SecrecyLevel::None)
    }

    /// The volumes, if there are any.
    pub(super) fn volumes(&self) -> &'a [Volume] {
        self.holdings.arrangement.map_or(&[], |arrangement| &arrangement.volumes)
    }

    /// The volume an item lies in.
    pub(super) fn volume_of(&self, at: usize) -> Option<&'a Volume> {
        let (volume, _) = self.places[at]?;
        self.volumes().get(usize::try_from(volume).ok()?)
    }

    /// The period an item is kept: its volume's, or the one it was given.
    pub(super) fn period(&self, at: usize) -> Option<RetentionPeriod> {
        self.volume_of(at).map(|volume| volume.period).or(self.item(at).period)
    }

    /// The type of an item: as given, or as its title tells.
    pub(super) fn doc_type(&self, at: usize) -> Option<DocType> {
        self.item(at).doc_type.as_deref().and_then(|word| word.parse().ok()).or(self.titles[at].doc_type)
    }

    /// The place of an item in a finding; `field` is a header of the register.
    pub(super) fn place(&self, at: usize, field: &str) -> Place {
        let item = self.item(at);
        let mut place = Place { item: Some(item.row.clone()), ..Place::default() };
        if self.holdings.stage == Stage::Register {
            place.file = Some(item.origin.register.clone()).filter(|name| !name.is_empty());
            place.row = Some(item.origin.row).filter(|row| *row > 0);
            place.column = Some(field.to_owned()).filter(|field| !field.is_empty());
        } else {
            place.field = Some(field.to_owned()).filter(|field| !field.is_empty());
        }
        if let Some(volume) = self.volume_of(at) {
            place.volume = Some(volume_name(volume));
        }
        place
    }
}

impl<'a> Desk<'a> {
    const fn new(known: &'a Known<'a>) -> Self {
        Self { known, findings: Vec::new() }
    }

    /// Looks at each item that may be spoken of, at several at a time; the findings come in the order of the items.
    pub(super) fn each_open(&mut self, look: impl Fn(&mut Desk<'_>, usize, &Item) + Sync) {
        let known = self.known;
        let found: Vec<Vec<Finding>> = (0..known.holdings.items.len())
            .into_par_iter()
            .fold(
                || Desk::new(known),
                |mut desk, at| {
                    if known.is_open(at) {
                        look(&mut desk, at, known.item(at));
                    }
                    desk
                },
            )
            .map(|desk| desk.findings)
            .collect();
        self.findings.extend(found.into_iter().flatten());
    }

    /// The place of a volume in a finding.
    pub(super) fn volume_place(volume: &Volume, field: &str) -> Place {
        Place {
            volume: Some(volume_name(volume)),
            field: Some(field.to_owned()).filter(|field| !field.is_empty()),
            ..Place::default()
        }
    }

    /// A finding about an item, at the rule's own severity.
    pub(super) fn say(&mut self, rule: RuleId, at: usize, field: &str, message: Text) {
        let place = self.place(at, field);
        self.findings.push(Finding::new(rule, place, message));
    }

    /// A finding about an item, at a severity of its own.
    pub(super) fn say_at(&mut self, rule: RuleId, severity: Severity, at: usize, field: &str, message: Text) {
        let place = self.place(at, field);
        self.findings.push(Finding::new(rule, place, message).at(severity));
    }

    /// A finding about a volume.
    pub(super) fn say_of_volume(&mut self, rule: RuleId, volume: &Volume, field: &str, message: Text) {
        self.findings.push(Finding::new(rule, Self::volume_place(volume, field), message));
    }
}

/// What people call a volume: its code, or its title before it has one.
pub(super) fn volume_name(volume: &Volume) -> String {
    match &volume.number {
        Some(number) if !number.code.is_empty() => number.code.clone(),
        _ if volume.title.trim().is_empty() => "[无题]".to_owned(),
        _ => volume.title.clone(),
    }
}
