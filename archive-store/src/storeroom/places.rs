//! Rooms, shelves and boxes, where each volume stands, and every move.
//!
//! A volume stands in one place, or nobody knows where: a lost place is said, not left out (H2). Moves are only added to.

use archive_core::refusal::Refusal;
use archive_core::rules::RuleId;
use archive_core::storeroom::Address;
use archive_core::text;
use archive_core::text::Text;
use chrono::NaiveDate;
use rusqlite::{OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::audit::Act;
use crate::change::Change;
use crate::error::{Result, StoreError};
use crate::items::fonds_row;
use crate::records::volume_record;
use crate::repository::Repository;

/// A room (库房).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// 库房号.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The first day its climate is read (ISO).
    pub since: String,
    /// The last, if it is out of use.
    pub until: Option<String>,
}

/// A shelf or cabinet (架, 柜).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shelf {
    /// Its room.
    pub room: String,
    /// 架号.
    pub code: String,
    /// 层数; 0 if they aren't told apart.
    pub levels: u16,
    /// How many volumes or boxes it holds, if somebody counted.
    pub capacity: Option<u32>,
    /// What stands there by intention.
    pub note: String,
}

/// A box (盒).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageBox {
    /// 盒号.
    pub code: String,
    /// What is written on it.
    pub label: String,
    /// Where it stands.
    pub address: Address,
}

/// Where a volume stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedVolume {
    /// 全宗号.
    pub fonds: String,
    /// 档号.
    pub code: String,
    /// Where; none if its place is lost.
    pub address: Option<Address>,
    /// Since when (RFC 3339).
    pub since: String,
}

/// A move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Of a volume, its fonds; none of a box.
    pub fonds: Option<String>,
    /// What was moved: 档号 or 盒号.
    pub code: String,
    /// From where; empty if it had no place.
    pub from: String,
    /// To where; empty if its place was lost.
    pub to: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub who: String,
    /// When (RFC 3339).
    pub moved: String,
}

impl Repository {
    /// The rooms, by code.
    pub fn rooms(&self) -> Result<Vec<Room>> {
        let mut statement =
            self.connection.prepare_cached("SELECT code, name, since, until FROM room ORDER BY code")?;
        let rows = statement.query_map([], |row| {
            Ok(Room { code: row.get(0)?, name: row.get(1)?, since: row.get(2)?, until: row.get(3)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The shelves, by room and code.
    pub fn shelves(&self) -> Result<Vec<Shelf>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT room.code, shelf.code, levels, capacity, note FROM shelf JOIN room ON room.id = shelf.room
             ORDER BY room.code, shelf.code",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(Shelf {
                room: row.get(0)?,
                code: row.get(1)?,
                levels: row.get(2)?,
                capacity: row.get(3)?,
                note: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The boxes, by code.
    pub fn boxes(&self) -> Result<Vec<StorageBox>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT box.code, label, room.code, shelf.code, level FROM box
             JOIN shelf ON shelf.id = box.shelf JOIN room ON room.id = shelf.room ORDER BY box.code",
        )?;
        let rows = statement.query_map([], |row| {
            let code: String = row.get(0)?;
            let address = Address {
                room: row.get(2)?,
                shelf: row.get(3)?,
                level: row.get(4)?,
                case: Some(code.clone()),
            };
            Ok(StorageBox { code, label: row.get(1)?, address })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Where each volume stands, by fonds and code.
    pub fn places(&self) -> Result<Vec<PlacedVolume>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT fonds.code, place.volume, room.code, shelf.code, coalesce(place.level, box.level), box.code, place.since
             FROM place JOIN fonds ON fonds.id = place.fonds
             LEFT JOIN box ON box.id = place.box
             LEFT JOIN shelf ON shelf.id = coalesce(place.shelf, box.shelf)
             LEFT JOIN room ON room.id = shelf.room ORDER BY fonds.code, place.volume",
        )?;
        let rows = statement.query_map([], |row| {
            let room: Option<String> = row.get(2)?;
            let (shelf, level, case) = (row.get(3)?, row.get(4)?, row.get(5)?);
            Ok(PlacedVolume {
                fonds: row.get(0)?,
                code: row.get(1)?,
                address: room.map(|room| Address { room, shelf, level, case }),
                since: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Every move, of everything or of one volume or box, in order.
    pub fn moves(&self, code: Option<&str>) -> Result<Vec<Moved>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT fonds.code, move.code, whence, whither, reason, who, moved FROM move
             LEFT JOIN fonds ON fonds.id = move.fonds WHERE ?1 IS NULL OR move.code = ?1 ORDER BY move.id",
        )?;
        let rows = statement.query_map([code], |row| {
            Ok(Moved {
                fonds: row.get(0)?,
                code: row.get(1)?,
                from: row.get(2)?,
                to: row.get(3)?,
                reason: row.get(4)?,
                who: row.get(5)?,
                moved: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Change<'_> {
    /// Adds a room whose climate is read from `since` on.
    pub fn add_room(&self, code: &str, name: &str, since: NaiveDate) -> Result<()> {
        named(code, &Text::fixed("库房号", "the room's number"))?;
        let known: Option<i64> = self.row_of_room(code)?;
        if known.is_some() {
            return Err(StoreError::Exists { what: text!("库房 {code}", "room {code}") });
        }
        let room = Room { code: code.into(), name: name.into(), since: since.to_string(), until: None };
        self.transaction.execute(
            "INSERT INTO room (code, name, since) VALUES (?1, ?2, ?3)",
            params![room.code, room.name, room.since],
        )?;
        self.record_act(Act::StoreroomBuilt, &format!("room:{code}"), "", None, Some(&room))
    }

    /// Adds a shelf to a room.
    pub fn add_shelf(&self, shelf: &Shelf) -> Result<()> {
        let (room, code) = (&shelf.room, &shelf.code);
        named(code, &Text::fixed("架号", "the shelf's number"))?;
        let row = self.room(room)?;
        if self.shelf(room, code).is_ok() {
            return Err(StoreError::Exists {
                what: text!("{room} 库的 {code} 架", "shelf {code} in room {room}"),
            });
        }
        self.transaction.execute(
            "INSERT INTO shelf (room, code, levels, capacity, note) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![row, code, shelf.levels, shelf.capacity, shelf.note],
        )?;
        self.record_act(Act::StoreroomBuilt, &format!("shelf:{room}/{code}"), "", None, Some(shelf))
    }

    /// Adds a box, standing where `at` says.
    pub fn add_box(&self, code: &str, label: &str, at: &Address) -> Result<()> {
        named(code, &Text::fixed("盒号", "the box's number"))?;
        if self.row_of_box(code)?.is_some() {
            return Err(StoreError::Exists { what: text!("{code} 盒", "box {code}") });
        }
        let (shelf, level) = self.spot(at)?;
        self.transaction.execute(
            "INSERT INTO box (code, label, shelf, level) VALUES (?1, ?2, ?3, ?4)",
            params![code, label, shelf, level],
        )?;
        let address = Address { case: Some(code.to_owned()), ..at.clone() };
        let made = StorageBox { code: code.to_owned(), label: label.to_owned(), address };
        self.record_act(Act::StoreroomBuilt, &format!("box:{code}"), "", None, Some(&made))
    }

    /// Puts a volume somewhere, or records that nobody knows where it is (`None`). What had another place is
    /// moved, and the move recorded (H2). What came in is disinfected before (X3).
    pub fn place_volume(&self, fonds: &str, code: &str, to: Option<&Address>, reason: &str) -> Result<()> {
        let record = volume_record(&self.transaction, fonds, code)?;
        self.refuse_if_destroyed(fonds, code)?;
        let row = fonds_row(&self.transaction, fonds)?;
        let before = self.place_of(fonds, code)?;
        if to.is_some() && record.accession.is_some() && before.is_none() {
            self.is_disinfected(row, code, record.accession.as_deref().unwrap_or_default())?;
        }
        let (case, shelf, level) = match to {
            None => (None, None, None),
            Some(address) => match &address.case {
                Some(case) => {
                    let id = self
                        .row_of_box(case)?
                        .ok_or_else(|| StoreError::NotFound { what: text!("{case} 盒", "box {case}") })?;
                    let stands = self.address_of_box(id)?;
                    if address.shelf.is_some()
                        && !stands
                            .to_string()
                            .starts_with(&Address { case: None, ..address.clone() }.to_string())
                    {
                        let at = stands.spoken();
                        return Err(Refusal::new(
                            RuleId::H2,
                            text!("{case} 盒在 {at}，不在所写的位置", "box {case} stands at {at}, not there"),
                        )
                        .with_help(Text::fixed("先移盒", "move the box first"))
                        .by_command(Text::fixed("archive storeroom move", "archive storeroom move"))
                        .into());
                    }
                    (Some(id), None, None)
                }
                None => {
                    let (shelf, level) = self.spot(address)?;
                    (None, Some(shelf), level)
                }
            },
        };
        self.transaction.execute(
            "INSERT INTO place (fonds, volume, box, shelf, level, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET box = excluded.box, shelf = excluded.shelf, level = excluded.level, since = excluded.since",
            params![row, code, case, shelf, level, self.time()],
        )?;
        let after = self.place_of(fonds, code)?.flatten();
        let from = before.clone().flatten();
        if before.is_some() && from == after {
            return Ok(());
        }
        let spelled =
            |address: &Option<Address>| address.as_ref().map(ToString::to_string).unwrap_or_default();
        self.note_move("volume", Some(row), code, &spelled(&from), &spelled(&after), reason)
    }

    /// Moves a box with everything in it.
    pub fn move_box(&self, code: &str, to: &Address, reason: &str) -> Result<()> {
        let id = self
            .row_of_box(code)?
            .ok_or_else(|| StoreError::NotFound { what: text!("{code} 盒", "box {code}") })?;
        let before = self.address_of_box(id)?;
        let (shelf, level) = self.spot(to)?;
        self.transaction
            .execute("UPDATE box SET shelf = ?2, level = ?3 WHERE id = ?1", params![id, shelf, level])?;
        let after = self.address_of_box(id)?;
        if before == after {
            return Ok(());
        }
        self.note_move("box", None, code, &before.to_string(), &after.to_string(), reason)
    }

    fn note_move(
        &self,
        kind: &str,
        fonds: Option<i64>,
        code: &str,
        from: &str,
        to: &str,
        reason: &str,
    ) -> Result<()> {
        self.transaction.execute(
            "INSERT INTO move (kind, fonds, code, whence, whither, reason, who, moved) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![kind, fonds, code, from, to, reason, self.who(), self.time()],
        )?;
        let detail = json!({ "reason": reason, "before": from, "after": to });
        self.record(&Act::Moved.about(&format!("{kind}:{code}"), detail))
    }

    /// Where a volume stands now: nothing if it never had a place, and within it nothing if that was lost.
    #[allow(clippy::option_option)] // the two absences are told apart by their user
    fn place_of(&self, fonds: &str, code: &str) -> Result<Option<Option<Address>>> {
        let found = self.repository.places()?.into_iter().find(|one| one.fonds == fonds && one.code == code);
        Ok(found.map(|one| one.address))
    }

    fn row_of_room(&self, code: &str) -> Result<Option<i64>> {
        let mut statement = self.transaction.prepare_cached("SELECT id FROM room WHERE code = ?1")?;
        Ok(statement.query_row([code], |row| row.get(0)).optional()?)
    }

    pub(super) fn room(&self, code: &str) -> Result<i64> {
        self.row_of_room(code)?
            .ok_or_else(|| StoreError::NotFound { what: text!("库房 {code}", "room {code}") })
    }

    fn shelf(&self, room: &str, code: &str) -> Result<(i64, u16)> {
        let row = self.room(room)?;
        let mut statement =
            self.transaction.prepare_cached("SELECT id, levels FROM shelf WHERE room = ?1 AND code = ?2")?;
        statement.query_row(params![row, code], |row| Ok((row.get(0)?, row.get(1)?))).optional()?.ok_or_else(
            || StoreError::NotFound {
                what: text!("{room} 库的 {code} 架", "shelf {code} in room {room}")
            },
        )
    }

    /// The shelf and level of an address, both of which must be there.
    fn spot(&self, address: &Address) -> Result<(i64, Option<u16>)> {
        let Some(shelf) = &address.shelf else {
            return Err(Refusal::new(
                RuleId::H2,
                text!("“{address}”只写到库房，没有写架号", "{address} names a room and no shelf"),
            )
            .with_help(Text::fixed("写作 库房/架/层，如 1/A03/2", "write room/shelf/level, e.g. 1/A03/2"))
            .into());
        };
        let (row, levels) = self.shelf(&address.room, shelf)?;
        if let Some(level) = address.level.filter(|level| levels > 0 && *level > levels) {
            return Err(StoreError::NotFound {
                what: text!(
                    "{shelf} 架的第 {level} 层（共 {levels} 层）",
                    "level {level} on shelf {shelf}, which has {levels}"
                ),
            });
        }
        Ok((row, address.level))
    }

    fn row_of_box(&self, code: &str) -> Result<Option<i64>> {
        let mut statement = self.transaction.prepare_cached("SELECT id FROM box WHERE code = ?1")?;
        Ok(statement.query_row([code], |row| row.get(0)).optional()?)
    }

    fn address_of_box(&self, id: i64) -> Result<Address> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT room.code, shelf.code, box.level, box.code FROM box
             JOIN shelf ON shelf.id = box.shelf JOIN room ON room.id = shelf.room WHERE box.id = ?1",
        )?;
        Ok(statement.query_row([id], |row| {
            Ok(Address { room: row.get(0)?, shelf: row.get(1)?, level: row.get(2)?, case: row.get(3)? })
        })?)
    }
}

/// A name that others are told by: not empty, and without the slash that parts addresses.
fn named(code: &str, what: &Text) -> Result<()> {
    if !code.trim().is_empty() && !code.contains(['/', '／']) && code != "-" {
        return Ok(());
    }
    let Text { zh, en } = what;
    Err(Refusal::new(
        RuleId::H2,
        text!(
            "{zh}“{code}”不能用：不能为空，不能含“/”",
            "{en} can't be “{code}”: not empty, and without a slash"
        ),
    )
    .with_help(Text::fixed("换一个，如 A03", "choose another, e.g. A03"))
    .into())
}
