//! Arrangements, a person's decisions on them, and the numbers they give (K3, K4, V8).
//!
//! An arrangement is kept whole, as the document it is; its volumes and places are repeated in tables, so
//! that the database itself refuses a number given twice. Once volumes were handed over, their numbers
//! and their items stand in tables of their own that nothing can be deleted from.

use std::collections::BTreeMap;

use archive_core::model::{Arrangement, ItemId, Side};
use archive_core::text;
use archive_core::text::Text;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::audit::Act;
use crate::change::Change;
use crate::error::{Result, StoreError};
use crate::items::fonds_row;
use crate::ocfl::digest::sha256;
use crate::repository::Repository;
use crate::transfers::HandedOver;

/// A volume number that is taken: given in an arrangement, or handed over for good.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TakenNumber {
    /// 目录号.
    pub catalogue_no: String,
    /// 案卷号.
    pub volume_no: u32,
    /// 档号.
    pub code: String,
    /// The year of the volume that bears it.
    pub year: i32,
    /// Whether it was handed over: then it is never given again, even if its volume is destroyed (K4).
    pub handed_over: bool,
}

impl Repository {
    /// The arrangement of a year of a fonds, if one was saved.
    pub fn arrangement(&self, fonds: &str, year: i32) -> Result<Option<Arrangement>> {
        let row = fonds_row(&self.connection, fonds)?;
        document(&self.connection, row, year)?.as_deref().map(crate::json::read).transpose()
    }

    /// What a person decided about the arrangement of a fonds, if anything: all years together, since a
    /// decision may move an item from one to another.
    pub fn decisions<T: DeserializeOwned>(&self, fonds: &str) -> Result<Option<T>> {
        let row = fonds_row(&self.connection, fonds)?;
        decided(&self.connection, row)?.as_deref().map(crate::json::read).transpose()
    }

    /// The years of a fonds that have items or an arrangement, in order.
    pub fn years(&self, fonds: &str) -> Result<Vec<i32>> {
        let row = fonds_row(&self.connection, fonds)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT year FROM arrangement WHERE fonds = ?1
             UNION SELECT coalesce(filed_year, year) AS y FROM item WHERE fonds = ?1 AND y IS NOT NULL
             ORDER BY 1",
        )?;
        let years = statement.query_map([row], |row| row.get(0))?;
        Ok(years.collect::<rusqlite::Result<_>>()?)
    }

    /// Every volume number of a fonds that is taken, in order of catalogue and number.
    pub fn taken_numbers(&self, fonds: &str) -> Result<Vec<TakenNumber>> {
        let row = fonds_row(&self.connection, fonds)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT catalogue_no, volume_no, code, year, max(handed_over) FROM (
                 SELECT catalogue_no, volume_no, code, year, 1 AS handed_over FROM issued_volume WHERE fonds = ?1
                 UNION ALL
                 SELECT catalogue_no, volume_no, code, year, 0 FROM volume WHERE fonds = ?1 AND volume_no IS NOT NULL)
             GROUP BY catalogue_no, volume_no ORDER BY catalogue_no, volume_no",
        )?;
        let taken = statement.query_map([row], |row| {
            Ok(TakenNumber {
                catalogue_no: row.get(0)?,
                volume_no: row.get(1)?,
                code: row.get(2)?,
                year: row.get(3)?,
                handed_over: row.get(4)?,
            })
        })?;
        Ok(taken.collect::<rusqlite::Result<_>>()?)
    }

    /// The fonds in this repository: code and institution, the institution's own first, then by code.
    pub fn all_fonds(&self) -> Result<Vec<archive_core::model::Institution>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT institution, code FROM fonds ORDER BY code <> ?1, code")?;
        let fonds = statement.query_map([self.own_fonds()], |row| {
            Ok(archive_core::model::Institution { name: row.get(0)?, fonds: row.get(1)? })
        })?;
        Ok(fonds.collect::<rusqlite::Result<_>>()?)
    }
}

impl Change<'_> {
    /// Saves the arrangements of years of a fonds, in place of those they had.
    ///
    /// Years that give items to one another are saved together. Refused are a volume number given twice (K3),
    /// and any change to a volume that was handed over (K4, V8); until then numbers may change or be taken back. A year that
    /// stays as it was costs nothing and is no act: of forty years a person mostly changes one.
    pub fn save_arrangements(&self, fonds: &str, years: &BTreeMap<i32, &Arrangement>) -> Result<()> {
        let row = fonds_row(&self.transaction, fonds)?;
        let mut written = Vec::with_capacity(years.len());
        for (&year, &arrangement) in years {
            self.check_issued(row, year, arrangement)?;
            let before = document(&self.transaction, row, year)?;
            let after = crate::json::write(arrangement)?;
            if before.as_ref() == Some(&after) {
                continue;
            }
            self.transaction.execute(
                "UPDATE item SET filed_year = NULL WHERE id IN (SELECT item FROM entry JOIN volume ON volume.id = entry.volume
                 WHERE fonds = ?1 AND volume.year = ?2)",
                params![row, year],
            )?;
            self.transaction
                .execute("DELETE FROM volume WHERE fonds = ?1 AND year = ?2", params![row, year])?;
            written.push((year, arrangement, before, after));
        }
        for (year, arrangement, before, after) in written {
            self.put_document(row, year, &after)?;
            self.write_volumes(row, year, arrangement)?;
            let numbered = arrangement.volumes.iter().filter(|volume| volume.number.is_some()).count();
            let detail = json!({
                "volumes": arrangement.volumes.len(),
                "items": arrangement.volumes.iter().map(|volume| volume.entries.len()).sum::<usize>(),
                "numbered": numbered,
            });
            let subject = format!("arrangement:{fonds}:{year}");
            let digest = |document: &String| sha256(document.as_bytes());
            self.record(
                &Act::Arrange
                    .about(&subject, detail)
                    .with_digests(before.as_ref().map(digest), Some(digest(&after))),
            )?;
        }
        Ok(())
    }

    /// Writes a year's document, which we have just written as JSON: to have SQLite check that it is would take six times its length
    /// in memory, and a year of a million items is half a GB.
    fn put_document(&self, fonds: i64, year: i32, document: &str) -> Result<()> {
        self.transaction.pragma_update(None, "ignore_check_constraints", true)?;
        let put = self.transaction.execute(
            "INSERT INTO arrangement (fonds, year, saved, document) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET saved = excluded.saved, document = excluded.document",
            params![fonds, year, self.time(), document],
        );
        self.transaction.pragma_update(None, "ignore_check_constraints", false)?;
        put?;
        Ok(())
    }

    /// Saves one year's arrangement: see [`save_arrangements`](Self::save_arrangements).
    pub fn save_arrangement(&self, fonds: &str, year: i32, arrangement: &Arrangement) -> Result<()> {
        self.save_arrangements(fonds, &BTreeMap::from([(year, arrangement)]))
    }

    /// Saves what a person decided about the arrangement of a fonds.
    pub fn save_decisions<T: Serialize + ?Sized>(&self, fonds: &str, decisions: &T) -> Result<()> {
        let row = fonds_row(&self.transaction, fonds)?;
        let before = decided(&self.transaction, row)?;
        let after = crate::json::write(decisions)?;
        self.transaction.execute(
            "INSERT INTO decisions (fonds, saved, document) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET saved = excluded.saved, document = excluded.document",
            params![row, self.time(), after],
        )?;
        let digest = |document: &String| sha256(document.as_bytes());
        self.record(
            &Act::Decide
                .about(&format!("decisions:{fonds}"), json!({}))
                .with_digests(before.as_ref().map(digest), Some(digest(&after))),
        )
    }

    /// Repeats the volumes and places of an arrangement in the tables that guard them.
    pub(crate) fn write_volumes(&self, fonds: i64, year: i32, arrangement: &Arrangement) -> Result<()> {
        let mut enter_volume = self.transaction.prepare_cached(
            "INSERT INTO volume (fonds, year, position, side, period, section, title, catalogue_no, volume_no, code)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?;
        let mut enter_item = self.transaction.prepare_cached(
            "INSERT INTO entry (item, volume, position, item_no, page_from, page_to) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        let mut file_item = self
            .transaction
            .prepare_cached("UPDATE item SET filed_year = ?2 WHERE id = ?1 AND fonds = ?3")?;
        for (position, volume) in (1_u32..).zip(&arrangement.volumes) {
            let number = volume.number.as_ref();
            let side = match volume.side {
                Side::Party => "党",
                Side::Government => "政",
            };
            enter_volume
                .execute(params![
                    fonds,
                    year,
                    position,
                    side,
                    volume.period.to_string(),
                    volume.section,
                    volume.title,
                    number.map(|number| &number.catalogue_no),
                    number.map(|number| number.volume_no),
                    number.map(|number| &number.code),
                ])
                .map_err(|error| self.why_not_volume(error, fonds, volume.number.as_ref()))?;
            let id = self.transaction.last_insert_rowid();
            for (position, entry) in (1_u32..).zip(&volume.entries) {
                let item = entry.item.0;
                enter_item
                    .execute(params![
                        item,
                        id,
                        position,
                        entry.item_no,
                        entry.pages.map(|(from, _)| from),
                        entry.pages.map(|(_, to)| to),
                    ])
                    .map_err(|error| why_not_entry(error, entry.item, &volume.title))?;
                if file_item.execute(params![item, volume.year, fonds])? != 1 {
                    return Err(crate::items::no_item(entry.item));
                }
            }
        }
        Ok(())
    }

    /// Volumes that were handed over stand in the new arrangement as they were handed over, and no other
    /// volume bears a number that was.
    fn check_issued(&self, fonds: i64, year: i32, arrangement: &Arrangement) -> Result<()> {
        let mut new = BTreeMap::new();
        for volume in &arrangement.volumes {
            if let Some(number) = &volume.number {
                new.insert((number.catalogue_no.as_str(), number.volume_no), volume);
            }
        }
        for issued in issued_volumes(&self.transaction, fonds)? {
            let refuse = |reason| Err(StoreError::NumberIssued { code: issued.code.clone(), reason });
            match new.get(&(issued.catalogue_no.as_str(), issued.volume_no)) {
                None if issued.year == year => {
                    return refuse(Text::fixed(
                        "新的整理方案里没有这一卷",
                        "the new arrangement has no such volume",
                    ));
                }
                Some(_) if issued.year != year => {
                    return refuse(Text::fixed(
                        "不能再给另一年度的案卷",
                        "a volume of another year can't have it",
                    ));
                }
                Some(volume) if volume.number.as_ref().is_some_and(|number| number.code != issued.code) => {
                    return refuse(Text::fixed("档号不能改", "its code can't be changed"));
                }
                Some(volume) => {
                    let items = issued_items(&self.transaction, fonds, &issued)?;
                    let same = items.len() == volume.entries.len()
                        && volume
                            .entries
                            .iter()
                            .all(|entry| entry.item_no.is_some_and(|no| items.get(&entry.item) == Some(&no)));
                    if !same {
                        return refuse(Text::fixed(
                            "卷内文件或件号与移交时不同",
                            "its items or their numbers differ from those handed over",
                        ));
                    }
                }
                None => {}
            }
        }
        Ok(())
    }

    /// Makes the numbers of volumes final, and gives how many items they have. A volume that was
    /// handed over before stays as it is.
    pub(crate) fn issue_numbers(
        &self,
        fonds: i64,
        year: i32,
        codes: &[String],
        how: HandedOver,
    ) -> Result<u64> {
        let (transfer, accession) = match how {
            HandedOver::Sent(row) => (Some(row), None),
            HandedOver::Received(row) => (None, Some(row)),
        };
        let mut items = 0;
        for code in codes {
            let volume: Option<i64> = self
                .transaction
                .prepare_cached("SELECT id FROM volume WHERE fonds = ?1 AND year = ?2 AND code = ?3")?
                .query_row(params![fonds, year, code], |row| row.get(0))
                .optional()?;
            let volume = volume.ok_or_else(|| StoreError::NotFound {
                what: text!("{year} 年档号为 {code} 的案卷", "volume {code} of {year}"),
            })?;
            self.transaction
                .prepare_cached(
                    "INSERT INTO issued_volume (fonds, catalogue_no, volume_no, code, year, transfer, accession)
                     SELECT fonds, catalogue_no, volume_no, code, year, ?2, ?3 FROM volume WHERE id = ?1
                     ON CONFLICT DO NOTHING",
                )?
                .execute(params![volume, transfer, accession])?;
            self.transaction
                .prepare_cached(
                    "INSERT INTO issued_item (fonds, catalogue_no, volume_no, item_no, item)
                     SELECT volume.fonds, catalogue_no, volume_no, coalesce(item_no, entry.position), item
                     FROM entry JOIN volume ON volume.id = entry.volume WHERE volume.id = ?1
                     ON CONFLICT DO NOTHING",
                )?
                .execute([volume])?;
            items += self
                .transaction
                .prepare_cached("SELECT count(*) FROM entry WHERE volume = ?1")?
                .query_row([volume], |row| row.get::<_, u64>(0))?;
        }
        Ok(items)
    }

    /// Puts a name to what the database refused about a volume.
    fn why_not_volume(
        &self,
        error: rusqlite::Error,
        fonds: i64,
        number: Option<&archive_core::model::VolumeNumber>,
    ) -> StoreError {
        let Some(number) = number.filter(|_| is_constraint(&error)) else { return error.into() };
        let bearer: std::result::Result<(String, i32), _> = self.transaction.query_row(
            "SELECT title, year FROM volume WHERE fonds = ?1 AND (code = ?2 OR (catalogue_no = ?3 AND volume_no = ?4))",
            params![fonds, number.code, number.catalogue_no, number.volume_no],
            |row| Ok((row.get(0)?, row.get(1)?)),
        );
        match bearer {
            Ok((title, year)) => StoreError::NumberTaken {
                code: number.code.clone(),
                bearer: text!("{year} 年“{title}”", "\"{title}\" of {year}"),
            },
            Err(_) => error.into(),
        }
    }
}

fn why_not_entry(error: rusqlite::Error, item: ItemId, title: &str) -> StoreError {
    if !is_constraint(&error) {
        return error.into();
    }
    let ItemId(id) = item;
    StoreError::Inconsistent {
        reason: text!(
            "条目 {id} 不能放入“{title}”：它不存在，或已在某一卷中",
            "item {id} can't stand in \"{title}\": it doesn't exist, or stands in a volume already"
        ),
    }
}

fn is_constraint(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation)
}

/// A volume number that was handed over.
struct Issued {
    catalogue_no: String,
    volume_no: u32,
    code: String,
    year: i32,
}

fn issued_volumes(connection: &Connection, fonds: i64) -> Result<Vec<Issued>> {
    let mut statement = connection.prepare_cached(
        "SELECT catalogue_no, volume_no, code, year FROM issued_volume WHERE fonds = ?1
         ORDER BY catalogue_no, volume_no",
    )?;
    let issued = statement.query_map([fonds], |row| {
        Ok(Issued { catalogue_no: row.get(0)?, volume_no: row.get(1)?, code: row.get(2)?, year: row.get(3)? })
    })?;
    Ok(issued.collect::<rusqlite::Result<_>>()?)
}

/// The items that were handed over in a volume, with their numbers: parts of one 件 share theirs.
fn issued_items(connection: &Connection, fonds: i64, issued: &Issued) -> Result<BTreeMap<ItemId, u32>> {
    let mut statement = connection.prepare_cached(
        "SELECT item, item_no FROM issued_item WHERE fonds = ?1 AND catalogue_no = ?2 AND volume_no = ?3",
    )?;
    let items = statement.query_map(params![fonds, issued.catalogue_no, issued.volume_no], |row| {
        Ok((ItemId(row.get(0)?), row.get(1)?))
    })?;
    Ok(items.collect::<rusqlite::Result<_>>()?)
}

/// The arrangement of a year, as saved.
fn document(connection: &Connection, fonds: i64, year: i32) -> Result<Option<String>> {
    let mut statement =
        connection.prepare_cached("SELECT document FROM arrangement WHERE fonds = ?1 AND year = ?2")?;
    Ok(statement.query_row(params![fonds, year], |row| row.get(0)).optional()?)
}

/// A person's decisions, as saved.
fn decided(connection: &Connection, fonds: i64) -> Result<Option<String>> {
    let mut statement = connection.prepare_cached("SELECT document FROM decisions WHERE fonds = ?1")?;
    Ok(statement.query_row([fonds], |row| row.get(0)).optional()?)
}
