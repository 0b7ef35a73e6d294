//! Numbers: of catalogues, volumes, items and pages (K1 to K4, P1, P2).
//!
//! Numbers are given in the order the volumes stand. A volume that has its numbers keeps them; late items in it
//! get the next ones. Until it is handed over they can be taken back ([`clear`]) and given afresh; what was
//! handed over, or destroyed since, keeps its number out of use for good ([`TakenNumbers`]).

mod items;

pub(crate) use items::run_of_items;
pub use items::{item_code, part_of_item};

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::finding::{self, Finding, Place};
use crate::model::{Arrangement, Institution, Item, ItemId, RetentionPeriod, Side, Volume, VolumeNumber};
use crate::profile::{Binding, Profile, Run};
use crate::rules::RuleId;
use crate::text;

use items::ItemRuns;

/// A volume number that is in use, or was.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TakenNumber {
    /// 目录号.
    pub catalogue_no: String,
    /// 案卷号.
    pub volume_no: u32,
}

/// Every number that was ever given in a catalogue that was handed over, whatever became of the volume (K4).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenNumbers {
    /// The numbers.
    pub numbers: BTreeSet<TakenNumber>,
}

impl TakenNumbers {
    /// Adds the numbers of an arrangement.
    pub fn take(&mut self, arrangement: &Arrangement) {
        for number in arrangement.volumes.iter().filter_map(|volume| volume.number.as_ref()) {
            self.numbers.insert(TakenNumber {
                catalogue_no: number.catalogue_no.clone(),
                volume_no: number.volume_no,
            });
        }
    }
}

/// Takes back every number (volume, item, page) of the volumes that weren't handed over, so that they can be
/// arranged and numbered afresh.
///
/// Numbers are a proposal until the volumes leave the office: a late item may still find its proper place, and a
/// volume that waited for its errors to be mended its proper number. What `handed_over` holds is left untouched, and
/// [`number`] with the same `handed_over` never gives it again (K4). Arrange the result anew for the late items to be
/// moved: without numbers, [`settle`](crate::arrange::Decisions::settle) keeps nothing of it.
pub fn clear(mut arrangement: Arrangement, handed_over: &TakenNumbers) -> Arrangement {
    for volume in &mut arrangement.volumes {
        let kept = volume.number.as_ref().is_some_and(|number| {
            handed_over.numbers.contains(&TakenNumber {
                catalogue_no: number.catalogue_no.clone(),
                volume_no: number.volume_no,
            })
        });
        if kept {
            continue;
        }
        volume.number = None;
        for entry in &mut volume.entries {
            entry.item_no = None;
            entry.pages = None;
        }
    }
    arrangement
}

/// The letters a code has for a period: Y, C, D, D30.
pub fn period_code(period: RetentionPeriod) -> String {
    match period {
        RetentionPeriod::Permanent => "Y".to_owned(),
        RetentionPeriod::LongTerm => "C".to_owned(),
        RetentionPeriod::ShortTerm => "D".to_owned(),
        RetentionPeriod::Years(years) => format!("D{years}"),
    }
}

/// The letter a code has for a side.
const fn side_code(side: Side) -> &'static str {
    match side {
        Side::Party => "D",
        Side::Government => "Z",
    }
}

/// Gives numbers to the volumes of an arrangement, in the order they stand.
///
/// Nothing that has a number gets another. Where a number can't be given (an item without a page count in
/// a volume bound as a whole), what can be given is, and an error says what is missing.
pub fn number(
    mut arrangement: Arrangement,
    items: &[Item],
    institution: &Institution,
    profile: &Profile,
    taken: &TakenNumbers,
) -> (Arrangement, Vec<Finding>) {
    let by_id: HashMap<ItemId, &Item> = items.iter().map(|item| (item.id, item)).collect();
    let mut findings = Vec::new();
    let mut run = Runs::new(&arrangement, profile, taken, &mut findings);
    let mut items_run = ItemRuns::new(&arrangement, institution, profile);
    for volume in &mut arrangement.volumes {
        items_run.number(volume, institution, profile);
        if volume.number.is_none() {
            volume.number = Some(run.next(volume, institution, profile));
        }
        number_pages(volume, &by_id, profile, &mut findings);
    }
    profile.weigh(&mut findings);
    finding::sort(&mut findings);
    (arrangement, findings)
}

/// The runs of volume numbers, and the greatest number given in each.
struct Runs {
    greatest: BTreeMap<String, u32>,
    used: BTreeSet<(String, u32)>,
}

impl Runs {
    fn new(
        arrangement: &Arrangement,
        profile: &Profile,
        taken: &TakenNumbers,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let mut runs = Self { greatest: BTreeMap::new(), used: BTreeSet::new() };
        for number in &taken.numbers {
            runs.note(&number.catalogue_no, number.volume_no, profile);
        }
        let mut given: BTreeMap<(String, u32), &Volume> = BTreeMap::new();
        for volume in &arrangement.volumes {
            let Some(number) = &volume.number else { continue };
            let (catalogue, no) = (number.catalogue_no.clone(), number.volume_no);
            runs.note(&catalogue, no, profile);
            if let Some(other) = given.insert((catalogue.clone(), no), volume) {
                let (one, two) = (&other.title, &volume.title);
                findings.push(Finding::new(
                    RuleId::K3,
                    Place { volume: Some(number.code.clone()), ..Place::default() },
                    text!(
                        "目录号 {catalogue} 的案卷号 {no} 有两卷：“{one}”和“{two}”",
                        "number {no} of catalogue {catalogue} is borne by two volumes: “{one}” and “{two}”"
                    ),
                ));
            }
        }
        runs
    }

    /// One run a catalogue; one run for all where numbers run on through the years.
    fn key(catalogue: &str, profile: &Profile) -> String {
        match profile.numbering.run {
            Run::PerYear => catalogue.to_owned(),
            Run::Continuous => String::new(),
        }
    }

    fn note(&mut self, catalogue: &str, number: u32, profile: &Profile) {
        let greatest = self.greatest.entry(Self::key(catalogue, profile)).or_default();
        *greatest = (*greatest).max(number);
        self.used.insert((catalogue.to_owned(), number));
    }

    fn next(&mut self, volume: &Volume, institution: &Institution, profile: &Profile) -> VolumeNumber {
        let catalogue_no = fill(&profile.numbering.catalogue_no, volume, institution);
        let greatest = self.greatest.entry(Self::key(&catalogue_no, profile)).or_default();
        *greatest += 1;
        let volume_no = *greatest;
        self.used.insert((catalogue_no.clone(), volume_no));
        let width = usize::from(profile.numbering.volume_digits.min(9));
        // A box is called by its first and last item.
        let span = {
            let width = usize::from(profile.numbering.item_digits.min(9));
            let numbers = || volume.entries.iter().filter_map(|entry| entry.item_no);
            let (first, last) = (numbers().min().unwrap_or(0), numbers().max().unwrap_or(0));
            format!("{first:0width$}～{last:0width$}")
        };
        let code = fill(&profile.numbering.code, volume, institution)
            .replace("{catalogue}", &catalogue_no)
            .replace("{volume}", &format!("{volume_no:0width$}"))
            .replace("{item}", &span);
        let code = without_gaps(&code);
        VolumeNumber { catalogue_no, volume_no, code }
    }
}

/// A form of a number with what is known of the volume filled in.
fn fill(template: &str, volume: &Volume, institution: &Institution) -> String {
    template
        .replace("{fonds}", &institution.fonds)
        .replace("{year}", &volume.year.to_string())
        .replace("{period}", &period_code(volume.period))
        .replace("{side}", side_code(volume.side))
        .replace("{section}", volume.section.as_deref().unwrap_or_default())
}

/// A part of a code that isn't used is left out with its sign (DA/T 22-2015, 5.4).
fn without_gaps(code: &str) -> String {
    let mut tidy = code.replace("--", "-").replace("··", "·").replace("·-", "-");
    while tidy.contains("--") {
        tidy = tidy.replace("--", "-");
    }
    tidy.trim_matches(['-', '·']).to_owned()
}

/// Page numbers inside one volume.
fn number_pages(
    volume: &mut Volume,
    items: &HashMap<ItemId, &Item>,
    profile: &Profile,
    findings: &mut Vec<Finding>,
) {
    let code = volume.number.as_ref().map(|number| number.code.clone());
    let mut page = volume.entries.iter().filter_map(|entry| entry.pages).map(|(_, last)| last).max();
    let mut known = true;
    for entry in &mut volume.entries {
        if entry.pages.is_some() {
            continue;
        }
        let item = items.get(&entry.item);
        let Some(count) = item.and_then(|item| item.pages).filter(|count| *count > 0) else {
            let row = item.map_or_else(String::new, |item| item.row.clone());
            findings.push(Finding::new(
                RuleId::P1,
                Place {
                    file: item.map(|item| item.origin.register.clone()).filter(|file| !file.is_empty()),
                    row: item.map(|item| item.origin.row).filter(|row| *row > 0),
                    column: Some("页数".to_owned()),
                    volume: code.clone(),
                    item: Some(row.clone()),
                    field: Some("页数".to_owned()),
                    ..Place::default()
                },
                text!(
                    "序号 {row} 缺页数，其后不能编页号",
                    "row {row} has no page count; what follows it can't be paged"
                ),
            ));
            known = false;
            continue;
        };
        match profile.volumes.binding {
            Binding::Single => entry.pages = Some((1, count)),
            Binding::Whole if known => {
                let first = page.unwrap_or(0).saturating_add(1);
                let last = first.saturating_add(count - 1);
                entry.pages = Some((first, last));
                page = Some(last);
            }
            Binding::Whole => {}
        }
    }
}
