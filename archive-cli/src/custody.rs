//! What the registers of disposal and of the storeroom say, as far as rules judge by them (D, H, X3).

use archive_core::appraisal::Target;
use archive_core::rules::{
    AccessionFact, ClearingFact, ClimateFact, CountFact, DisposalFact, DisposalLine, PlaceFact, Registers,
    RoomFact,
};
use archive_store::VolumeRecord;
use chrono::{Datelike as _, NaiveDate};

use crate::error::CommandError;
use crate::office::Office;

fn day(written: &str) -> Option<NaiveDate> {
    written.get(..10).and_then(|day| day.parse().ok())
}

/// Fills in the registers this module knows.
pub(crate) fn fill(office: &Office, registers: &mut Registers) -> Result<(), CommandError> {
    let repository = &office.repository;
    let volumes = repository.volume_records(None)?;
    disposals(office, &volumes, registers)?;
    for room in repository.rooms()? {
        registers.rooms.push(RoomFact {
            since: day(&room.since),
            until: room.until.as_deref().and_then(day),
            name: room.code,
        });
    }
    let date = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
    let (first, last) = (date(1900, 1, 1), date(9999, 12, 31));
    registers.climate.extend(repository.readings(None, first, last)?.into_iter().map(|kept| ClimateFact {
        room: kept.room,
        day: Some(kept.reading.day),
        temperature: kept.reading.temperature,
        humidity: kept.reading.humidity,
    }));
    let places = repository.places()?;
    registers.places.extend(places.iter().map(|place| PlaceFact {
        volume: place.code.clone(),
        place: place.address.as_ref().map(ToString::to_string).unwrap_or_default(),
    }));
    for count in repository.stocktakes()? {
        let comparison = &count.comparison;
        let open = comparison.differences.iter().filter(|one| one.settled.is_none()).count();
        let settled = if open > 0 { String::new() } else { "已逐件处理".to_owned() };
        registers.counts.push(CountFact {
            day: day(&count.day),
            full: count.complete,
            expected: u32::try_from(comparison.expected).unwrap_or(u32::MAX),
            // Whatever isn't settled counts as a difference, a volume too many as well as one too few.
            found: if open > 0 && comparison.found == comparison.expected {
                u32::try_from(comparison.found + open).unwrap_or(u32::MAX)
            } else {
                u32::try_from(comparison.found).unwrap_or(u32::MAX)
            },
            settled,
        });
    }
    accessions(office, &volumes, &places, registers)
}

fn disposals(
    office: &Office,
    volumes: &[VolumeRecord],
    registers: &mut Registers,
) -> Result<(), CommandError> {
    let repository = &office.repository;
    for list in repository.destruction_lists()? {
        let now = repository.destruction_list_digest(&list, office.profile.appraisal)?;
        let loose = list.lines.iter().any(|line| matches!(line.target, Target::Loose(_)));
        if let Some(on) = list.destroyed.filter(|_| loose) {
            // Done in January, it is the clearing of the year before.
            let year = if on.month() == 1 { on.year() - 1 } else { on.year() };
            registers.clearings.push(ClearingFact { year, day: Some(on) });
        }
        let lines = list
            .lines
            .iter()
            .filter(|line| !matches!(line.target, Target::Loose(_)))
            .map(|line| DisposalLine {
                volume: line.code.clone(),
                reason: line.reason.clone(),
                due: line.due,
                level: line.level,
                duplicate: volumes.iter().any(|one| {
                    one.sent.is_some()
                        && matches!(&line.target, Target::Volume { fonds, code } if *fonds == one.fonds && *code == one.code)
                }),
                original_destroyed: line.original.is_some(),
            })
            .collect();
        registers.disposals.push(DisposalFact {
            no: list.number.clone(),
            lines,
            drawn_up_by: list.made_by.clone(),
            approved_by: list.approval.as_ref().map(|one| one.by.clone()).unwrap_or_default(),
            approved: list.approval.as_ref().map(|one| one.on),
            changed_since: list.destroyed.is_none()
                && list.approval.as_ref().is_some_and(|approval| approval.digest != now),
            destroyed: list.destroyed,
            place: list.supervision.as_ref().map(|one| one.place.clone()).unwrap_or_default(),
            supervisors: list.supervision.as_ref().map(|one| one.supervisors.clone()).unwrap_or_default(),
            by_secrecy_office: list.secret,
        });
    }
    Ok(())
}

fn accessions(
    office: &Office,
    volumes: &[VolumeRecord],
    places: &[archive_store::PlacedVolume],
    registers: &mut Registers,
) -> Result<(), CommandError> {
    let disinfections = office.repository.disinfections()?;
    for package in office.repository.received_packages()? {
        let of: Vec<&VolumeRecord> =
            volumes.iter().filter(|one| one.accession.as_deref() == Some(&package.accession)).collect();
        let mine = |fonds: &str, code: &str| of.iter().any(|one| one.fonds == fonds && one.code == code);
        let shelved = places
            .iter()
            .filter(|place| mine(&place.fonds, &place.code))
            .filter_map(|place| day(&place.since))
            .min();
        let disinfected = disinfections
            .iter()
            .filter(|one| {
                one.accession.as_deref() == Some(&package.accession)
                    || one.volume.as_ref().is_some_and(|(fonds, code)| mine(fonds, code))
            })
            .filter_map(|one| day(&one.day))
            .min();
        registers.accessions.push(AccessionFact { no: package.accession, disinfected, shelved });
    }
    Ok(())
}
