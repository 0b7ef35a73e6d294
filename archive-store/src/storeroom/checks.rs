//! What the registers of the storeroom come to: a room's year of air, the checks of a year that were done, and what a
//! count should find.

use std::collections::BTreeMap;

use archive_core::appraisal::Target;
use archive_core::profile::Storeroom;
use archive_core::storeroom::Address;
use archive_core::storeroom::calendar::Done;
use archive_core::storeroom::climate::{Reading, Year};
use archive_core::storeroom::stocktake::Expected;
use chrono::NaiveDate;

use super::places::Room;
use crate::error::Result;
use crate::repository::Repository;

impl Repository {
    /// A room's air in a year: from the day it is read (or New Year) to the year's end (or today); none if it
    /// isn't read in that year.
    pub fn air_of(
        &self,
        room: &Room,
        year: i32,
        today: NaiveDate,
        limits: Storeroom,
    ) -> Result<Option<Year>> {
        let (Some(first), Some(last)) =
            (NaiveDate::from_ymd_opt(year, 1, 1), NaiveDate::from_ymd_opt(year, 12, 31))
        else {
            return Ok(None);
        };
        let readings: Vec<Reading> =
            self.readings(Some(&room.code), first, last)?.into_iter().map(|kept| kept.reading).collect();
        // A reading entered late for days before the room was registered counts, too.
        let since = room.since.parse::<NaiveDate>().unwrap_or(first);
        let earliest = readings.iter().map(|reading| reading.day).min().unwrap_or(since).min(since);
        let until = room.until.as_ref().and_then(|until| until.parse::<NaiveDate>().ok()).unwrap_or(last);
        let (from, to) = (first.max(earliest), last.min(until).min(today));
        Ok((from <= to).then(|| Year::of(&readings, from, to, limits)))
    }

    /// What was done in a year of what its calendar asks for.
    pub fn storeroom_done(&self, year: i32, today: NaiveDate, limits: Storeroom) -> Result<Done> {
        let mut done = Done::default();
        for room in self.rooms()? {
            if let Some(air) = self.air_of(&room, year, today, limits)? {
                done.rooms.push((room.code, air));
            }
        }
        for count in self.stocktakes()?.into_iter().filter(|count| count.closed.is_some()) {
            if let Ok(day) = count.day.parse() {
                done.counts.push((day, count.complete));
            }
        }
        for list in self.destruction_lists()? {
            let loose = list.lines.iter().any(|line| matches!(line.target, Target::Loose(_)));
            done.clearings.extend(list.destroyed.filter(|_| loose));
        }
        Ok(done)
    }

    /// What should be there: the numbered volumes that weren't destroyed or handed over. For a full count all of
    /// them, with a place or without; for a part those that stand in it.
    pub fn expected_in_storeroom(&self, full: bool, within: Option<&Address>) -> Result<Vec<Expected>> {
        let places: BTreeMap<(String, String), Address> = self
            .places()?
            .into_iter()
            .filter_map(|place| place.address.map(|address| ((place.fonds, place.code), address)))
            .collect();
        let lent: BTreeMap<String, String> =
            self.loans_out()?.into_iter().map(|loan| (loan.volume, loan.borrower)).collect();
        let mut expected = Vec::new();
        for volume in self.volume_records(None)? {
            if volume.destroyed_by.is_some() {
                continue;
            }
            let address = places.get(&(volume.fonds.clone(), volume.code.clone()));
            // What was handed over is expected only where a place says that it is still here.
            let counts = match (within, address) {
                (Some(part), Some(address)) => lies_in(address, part),
                (Some(_), None) => false,
                (None, Some(_)) => true,
                (None, None) => full && volume.sent.is_none(),
            };
            if counts {
                expected.push(Expected {
                    on_loan: lent.get(&volume.code).cloned(),
                    place: address.map(ToString::to_string).unwrap_or_default(),
                    code: volume.code,
                });
            }
        }
        Ok(expected)
    }
}

fn lies_in(address: &Address, part: &Address) -> bool {
    address.room == part.room
        && part.shelf.as_ref().is_none_or(|shelf| address.shelf.as_ref() == Some(shelf))
        && part.level.is_none_or(|level| address.level == Some(level))
        && part.case.as_ref().is_none_or(|case| address.case.as_ref() == Some(case))
}
