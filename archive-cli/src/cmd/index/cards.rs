//! What the index shows of a record: its description, and its code, year and period once it is in a volume.

use std::collections::{BTreeSet, HashMap};

use archive_core::model::{Item, ItemId};
use archive_core::number::item_code;
use archive_index::search::Record;
use archive_store::Repository;

use crate::error::CommandError;
use crate::office::Office;

/// What the catalogue says of each item: its code, year and period once it is in a volume.
pub(super) struct Cards {
    placed: HashMap<ItemId, Placed>,
}

struct Placed {
    code: String,
    year: i32,
    period: archive_core::model::RetentionPeriod,
    side: archive_core::model::Side,
    section: Option<String>,
    title: String,
}

impl Cards {
    /// Of every item, or of some: then only the years are read that those stand in.
    pub(super) fn of(office: &Office, only: Option<&BTreeSet<ItemId>>) -> Result<Self, CommandError> {
        let mut placed = HashMap::new();
        let standing = match only {
            Some(only) => {
                let years: Result<BTreeSet<_>, _> =
                    only.iter().map(|id| office.repository.stands_in(*id)).collect();
                Some(years?)
            }
            None => None,
        };
        for fonds in office.repository.all_fonds()? {
            for year in office.repository.years(&fonds.fonds)? {
                if standing.as_ref().is_some_and(|years| !years.contains(&(fonds.fonds.clone(), year))) {
                    continue;
                }
                let Some(arrangement) = office.repository.arrangement(&fonds.fonds, year)? else { continue };
                for volume in &arrangement.volumes {
                    for entry in &volume.entries {
                        let code = item_code(volume, entry, &fonds, &office.profile).unwrap_or_default();
                        let place = Placed {
                            code,
                            year: volume.year,
                            period: volume.period,
                            side: volume.side,
                            section: volume.section.clone(),
                            title: entry.title.clone(),
                        };
                        placed.insert(entry.item, place);
                    }
                }
            }
        }
        Ok(Self { placed })
    }

    pub(super) fn record(&self, repository: &Repository, item: &Item) -> Result<Record, CommandError> {
        // Before it has a code, a record is called by its row in the register.
        let mut record = Record::new(item.id, format!("序号{}", item.row), item.title.clone());
        record.fonds = repository.fonds_of(item.id)?;
        record.number.clone_from(&item.number);
        record.bodies.clone_from(&item.bodies);
        record.persons = archive_core::reading::persons(&item.title);
        record.date = item.date.date();
        record.year = item.year.or(record.date.map(archive_core::reading::RecordDate::year));
        record.period = item.period;
        record.doc_type = item.doc_type.clone().or_else(|| doc_type(&item.title));
        record.section.clone_from(&item.section);
        record.side = item.side;
        record.notes.clone_from(&item.remarks);
        record.opening = item.opening;
        record.secrecy = item.secrecy.level;
        if let Some(place) = self.placed.get(&item.id) {
            record.year = Some(place.year);
            record.period = Some(place.period);
            record.side = Some(place.side);
            record.section = place.section.clone().or(record.section);
            if !place.code.is_empty() {
                record.code.clone_from(&place.code);
                // People type codes into the box too; among the notes they are found by any of their parts.
                let notes = record.notes.get_or_insert_default();
                notes.push('\n');
                notes.push_str(&place.code);
            }
            if record.title.is_empty() {
                record.title.clone_from(&place.title);
            }
        }
        Ok(record)
    }
}

fn doc_type(title: &str) -> Option<String> {
    archive_core::reading::DocType::of_title(title).map(|kind| kind.to_string())
}
