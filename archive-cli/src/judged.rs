//! What the rules say of the records in a repository, and which volumes they hold back.
//!
//! An error stops the volume it speaks of (numbering, printing, transfer), not the others: what is right
//! goes on, what is wrong is listed and waits to be mended, or for a person to let it through with a
//! reason (X2).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use archive_core::arrange::by_year;
use archive_core::finding::{Finding, Severity};
use archive_core::model::{Arrangement, Item, ItemId, Secrecy, Volume};
use archive_core::office_register::EntryLabel;
use archive_core::rules::{FileFacts, GivenNumber, Holdings, Stage, check};

use crate::context::Context;
use crate::error::CommandError;
use crate::office::Office;

/// Records with what the rules say of them.
pub(crate) struct Judged {
    /// All items of the fonds.
    pub(crate) items: Vec<Item>,
    /// The arrangements, by year.
    pub(crate) years: BTreeMap<i32, Arrangement>,
    /// All findings, sorted.
    pub(crate) findings: Vec<Finding>,
}

impl Judged {
    /// Judges a repository: all its years together, since rules reach over years.
    pub(crate) fn of(context: &Context, office: &Office) -> Result<Self, CommandError> {
        let items = office.items()?;
        let years = office.arrangements(None)?;
        // One year, which most offices check at a time, is the whole as it stands.
        let whole = match years.values().next() {
            Some(only) if years.len() == 1 => Cow::Borrowed(only),
            _ => Cow::Owned(by_year::together(years.values().cloned())),
        };
        let findings = judge(context, office, &items, &whole)?;
        Ok(Self { items, years, findings })
    }

    /// Keeps the findings that speak of one year, or of nothing in particular.
    pub(crate) fn of_year(&self, year: i32) -> Vec<Finding> {
        let mut elsewhere: BTreeSet<&str> = BTreeSet::new();
        let rows = self.rows();
        for (other, arrangement) in &self.years {
            if *other == year {
                continue;
            }
            for volume in &arrangement.volumes {
                elsewhere.insert(called(volume));
                elsewhere.extend(volume.entries.iter().filter_map(|entry| rows.get(&entry.item).copied()));
            }
        }
        // A line of the office's books names its year itself.
        let of_another_year = |name: &str| name.parse::<EntryLabel>().is_ok_and(|label| label.year != year);
        let here = |name: &Option<String>| {
            name.as_deref().is_none_or(|name| !elsewhere.contains(name) && !of_another_year(name))
        };
        self.findings
            .iter()
            .filter(|finding| {
                let place = &finding.place;
                place.year.is_none_or(|spoken_of| spoken_of == year)
                    && here(&place.volume)
                    && here(&place.item)
            })
            .cloned()
            .collect()
    }

    /// The places of the volumes of a year that an error holds back, each with its errors.
    pub(crate) fn held(&self, arrangement: &Arrangement) -> BTreeMap<usize, Vec<&Finding>> {
        let mut by_item: HashMap<&str, Vec<&Finding>> = HashMap::new();
        let mut by_volume: HashMap<&str, Vec<&Finding>> = HashMap::new();
        for finding in self.findings.iter().filter(|finding| finding.severity == Severity::Error) {
            match (&finding.place.item, &finding.place.volume) {
                (Some(item), _) => by_item.entry(item).or_default().push(finding),
                (None, Some(volume)) => by_volume.entry(volume).or_default().push(finding),
                (None, None) => {}
            }
        }
        let rows = self.rows();
        let mut held = BTreeMap::new();
        for (place, volume) in arrangement.volumes.iter().enumerate() {
            let mut errors: Vec<&Finding> =
                by_volume.get(called(volume)).into_iter().flatten().copied().collect();
            for entry in &volume.entries {
                let row = rows.get(&entry.item).copied().unwrap_or_default();
                errors.extend(by_item.get(row).into_iter().flatten());
            }
            if !errors.is_empty() {
                held.insert(place, errors);
            }
        }
        held
    }

    fn rows(&self) -> HashMap<ItemId, &str> {
        self.items.iter().map(|item| (item.id, item.row.as_str())).collect()
    }
}

/// What the rules say of the items of an office, arranged as they are or as a plan has it.
pub(crate) fn judge(
    context: &Context,
    office: &Office,
    items: &[Item],
    arrangement: &Arrangement,
) -> Result<Vec<Finding>, CommandError> {
    let files = file_facts(office)?;
    let titles: HashMap<&str, &str> = arrangement
        .volumes
        .iter()
        .filter_map(|volume| Some((volume.number.as_ref()?.code.as_str(), volume.title.as_str())))
        .collect();
    let given: Vec<GivenNumber> = office
        .repository
        .taken_numbers(&office.institution().fonds)?
        .into_iter()
        .filter(|taken| taken.handed_over)
        .map(|taken| GivenNumber {
            title: titles.get(taken.code.as_str()).copied().unwrap_or_default().to_owned(),
            catalogue_no: taken.catalogue_no,
            volume_no: taken.volume_no,
            destroyed: false,
        })
        .collect();
    let registers = crate::registers::of(office)?;
    let holdings = Holdings {
        registers: &registers,
        arrangement: (!arrangement.volumes.is_empty()).then_some(arrangement),
        files: &files,
        given: &given,
        ..Holdings::new(office.institution(), Stage::Repository, items)
    };
    Ok(check(&holdings, &office.profile, context.today()))
}

/// What findings call a volume: its code, or its title before it has one.
pub(crate) fn called(volume: &Volume) -> &str {
    volume.number.as_ref().map_or(volume.title.as_str(), |number| number.code.as_str())
}

/// What the store knows of each item's files: pages together, names, and marks of secrecy.
fn file_facts(office: &Office) -> Result<Vec<(ItemId, FileFacts)>, CommandError> {
    let mut facts: BTreeMap<ItemId, FileFacts> = BTreeMap::new();
    office.repository.each_file(|file| {
        let of_item =
            facts.entry(file.item).or_insert_with(|| FileFacts { pages: Some(0), ..FileFacts::default() });
        of_item.pages = of_item.pages.zip(file.facts.pages).map(|(sum, pages)| sum + pages);
        of_item.names.push(file.name);
        of_item.marks.extend(file.facts.mark.as_deref().and_then(Secrecy::read));
        Ok::<(), archive_store::StoreError>(())
    })?;
    // What was destroyed was taken in: its scans aren't missing (I3).
    for (item, name) in office.repository.destroyed_file_names()? {
        facts.entry(item).or_default().names.push(name);
    }
    Ok(facts.into_iter().collect())
}
