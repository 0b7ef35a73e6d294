//! Where items stand: in the volumes of a year, or loose in the year they are of.
//!
//! Who shows a year of a fonds wants all that stands there and nothing else, and who is told that an item changed wants to
//! know which year to look at again. Both are answered from the tables of places, not from what an item says of itself.

use archive_core::model::{Item, ItemId, OpeningState};
use rusqlite::{OptionalExtension as _, params};

use crate::error::{Result, StoreError};
use crate::items::{fonds_row, no_item, read};
use crate::repository::Repository;

/// The year of what has none.
const UNKNOWN: i32 = 0;

impl Repository {
    /// Every item that stands in a year of a fonds, one by one: first what its volumes hold, then what stands in none and is
    /// of that year; of the year 0 is also what has none. `opening` leaves out all in another state.
    pub fn each_standing_in<E: From<StoreError>>(
        &self,
        fonds: &str,
        year: i32,
        opening: Option<OpeningState>,
        mut each: impl FnMut(Item) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        const IN_VOLUMES: &str = "SELECT description FROM volume JOIN entry ON entry.volume = volume.id
             JOIN item ON item.id = entry.item
             WHERE volume.fonds = ?1 AND volume.year = ?2 AND (?3 IS NULL OR opening = ?3)";
        const LOOSE: &str = "SELECT description FROM item WHERE fonds = ?1 AND coalesce(filed_year, year) = ?2
             AND (?3 IS NULL OR opening = ?3) AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.item = item.id)";
        const OF_NO_YEAR: &str = "SELECT description FROM item WHERE fonds = ?1 AND coalesce(filed_year, year) IS NULL
             AND ?2 = 0 AND (?3 IS NULL OR opening = ?3) AND NOT EXISTS (SELECT 1 FROM entry WHERE entry.item = item.id)";
        let row = fonds_row(&self.connection, fonds)?;
        let state = opening.map(OpeningState::word);
        let questions: &[&str] =
            if year == UNKNOWN { &[IN_VOLUMES, LOOSE, OF_NO_YEAR] } else { &[IN_VOLUMES, LOOSE] };
        for question in questions {
            let mut statement = self.connection.prepare_cached(question).map_err(StoreError::from)?;
            let mut rows = statement.query(params![row, year, state]).map_err(StoreError::from)?;
            while let Some(row) = rows.next().map_err(StoreError::from)? {
                let description: String = row.get(0).map_err(StoreError::from)?;
                each(read(&description)?)?;
            }
        }
        Ok(())
    }

    /// The fonds an item is of, and the year it stands in: that of its volume, or its own; 0 if that isn't known.
    pub fn stands_in(&self, item: ItemId) -> Result<(String, i32)> {
        let mut statement = self.connection.prepare_cached(
            "SELECT fonds.code, coalesce(volume.year, item.filed_year, item.year, 0)
             FROM item JOIN fonds ON fonds.id = item.fonds LEFT JOIN entry ON entry.item = item.id
             LEFT JOIN volume ON volume.id = entry.volume WHERE item.id = ?1",
        )?;
        let found = statement.query_row([item.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        found.ok_or_else(|| no_item(item))
    }
}
