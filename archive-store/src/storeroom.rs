//! The storeroom (库房) kept: rooms, shelves and boxes, where each volume stands and every move, the readings of
//! the air, disinfections and counts.
//!
//! A volume stands in one place, or nobody knows where: a lost place is said, not left out (H2). Readings and
//! moves are only added to; a reading that was entered once isn't written over by another.

use archive_core::refusal::Refusal;
use archive_core::rules::RuleId;
use archive_core::storeroom::Address;
use archive_core::storeroom::climate::Reading;
use archive_core::storeroom::stocktake::{self, Comparison};
use archive_core::text;
use archive_core::text::Text;
use chrono::{Datelike as _, NaiveDate, NaiveTime};
use rusqlite::{Connection, OptionalExtension as _, params};
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

/// A reading with where it came from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KeptReading {
    /// The room.
    pub room: String,
    /// The reading.
    pub reading: Reading,
    /// The logger's file, or by hand.
    pub source: String,
}

/// A disinfection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disinfection {
    /// Of a volume: its fonds and code.
    pub volume: Option<(String, String)>,
    /// Of a whole accession (接收号).
    pub accession: Option<String>,
    /// When (ISO).
    pub day: String,
    /// How: 熏蒸, 冷冻, 除尘 …
    pub method: String,
    /// Who.
    pub who: String,
}

/// A count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stocktake {
    /// Its number: year and a running number in it.
    pub number: String,
    /// The day (ISO).
    pub day: String,
    /// Whether everything was counted (年终), or a part (抽查).
    pub complete: bool,
    /// What was counted: everything, a room, a shelf.
    pub scope: String,
    /// Who counted.
    pub who: String,
    /// When it was closed.
    pub closed: Option<String>,
    /// What came of it.
    pub comparison: Comparison,
}

/// What entering readings came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ReadingsAdded {
    /// Entered.
    pub added: usize,
    /// Known already, the same.
    pub known: usize,
    /// At a moment for which there is another reading: left as it was.
    pub differing: Vec<String>,
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

    /// The readings of a room (or of all), from one day to another, by time.
    pub fn readings(&self, room: Option<&str>, from: NaiveDate, to: NaiveDate) -> Result<Vec<KeptReading>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT room.code, day, time, temperature, humidity, source FROM reading JOIN room ON room.id = reading.room
             WHERE (?1 IS NULL OR room.code = ?1) AND day BETWEEN ?2 AND ?3
             ORDER BY room.code, day, time, reading.id",
        )?;
        let mut rows = statement.query(params![room, from.to_string(), to.to_string()])?;
        let mut readings = Vec::new();
        while let Some(row) = rows.next()? {
            let (day, time): (String, Option<String>) = (row.get(1)?, row.get(2)?);
            let Ok(day) = day.parse() else { continue };
            readings.push(KeptReading {
                room: row.get(0)?,
                reading: Reading {
                    day,
                    time: time.and_then(|time| time.parse::<NaiveTime>().ok()),
                    temperature: row.get(3)?,
                    humidity: row.get(4)?,
                },
                source: row.get(5)?,
            });
        }
        Ok(readings)
    }

    /// Every disinfection, in order.
    pub fn disinfections(&self) -> Result<Vec<Disinfection>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT fonds.code, volume, accession, day, method, who FROM disinfection
             LEFT JOIN fonds ON fonds.id = disinfection.fonds ORDER BY disinfection.id",
        )?;
        let rows = statement.query_map([], |row| {
            let (fonds, volume): (Option<String>, Option<String>) = (row.get(0)?, row.get(1)?);
            Ok(Disinfection {
                volume: fonds.zip(volume),
                accession: row.get(2)?,
                day: row.get(3)?,
                method: row.get(4)?,
                who: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Every count, by number.
    pub fn stocktakes(&self) -> Result<Vec<Stocktake>> {
        let mut statement = self.connection.prepare_cached(&format!("{STOCKTAKE} ORDER BY number"))?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(read_stocktake(row)?);
        }
        Ok(all)
    }

    /// One count.
    pub fn stocktake(&self, number: &str) -> Result<Stocktake> {
        stocktake_of(&self.connection, number)
    }
}

const STOCKTAKE: &str = "SELECT number, day, complete, scope, who, closed, document FROM stocktake";

fn read_stocktake(row: &rusqlite::Row<'_>) -> Result<Stocktake> {
    let document: String = row.get(6)?;
    Ok(Stocktake {
        number: row.get(0)?,
        day: row.get(1)?,
        complete: row.get(2)?,
        scope: row.get(3)?,
        who: row.get(4)?,
        closed: row.get(5)?,
        comparison: crate::json::read(&document)?,
    })
}

fn stocktake_of(connection: &Connection, number: &str) -> Result<Stocktake> {
    let mut statement = connection.prepare_cached(&format!("{STOCKTAKE} WHERE number = ?1"))?;
    let mut rows = statement.query([number.trim()])?;
    match rows.next()? {
        Some(row) => read_stocktake(row),
        None => Err(StoreError::NotFound { what: text!("清点 {number}", "count {number}") }),
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
                        .with_help(Text::fixed(
                            "先移盒：archive storeroom move",
                            "move the box first: archive storeroom move",
                        ))
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

    /// Enters readings of a room. One that is known stays as it was.
    pub fn add_readings(&self, room: &str, readings: &[Reading], source: &str) -> Result<ReadingsAdded> {
        let row = self.room(room)?;
        let mut done = ReadingsAdded::default();
        let mut known = self.transaction.prepare_cached(
            "SELECT temperature, humidity FROM reading WHERE room = ?1 AND day = ?2 AND time IS ?3",
        )?;
        let mut enter = self.transaction.prepare_cached(
            "INSERT INTO reading (room, day, time, temperature, humidity, source, who) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        for reading in readings {
            let day = reading.day.to_string();
            let time = reading.time.map(|time| time.format("%H:%M:%S").to_string());
            let there: Vec<(Option<f64>, Option<f64>)> = known
                .query_map(params![row, day, time], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
            if there.contains(&(reading.temperature, reading.humidity)) {
                done.known += 1;
            } else if time.is_some() && !there.is_empty() {
                done.differing.push(format!("{day} {}", time.unwrap_or_default()));
            } else {
                enter.execute(params![
                    row,
                    day,
                    time,
                    reading.temperature,
                    reading.humidity,
                    source,
                    self.who()
                ])?;
                done.added += 1;
            }
        }
        if done.added > 0 {
            let days = readings.iter().map(|reading| reading.day);
            let detail = json!({
                "source": source,
                "added": done.added,
                "from": days.clone().min(),
                "to": days.max(),
            });
            self.record(&Act::ClimateRead.about(&format!("room:{room}"), detail))?;
        }
        Ok(done)
    }

    /// Records the disinfection of volumes, or of a whole accession (X3).
    pub fn disinfect(
        &self,
        volumes: &[(String, String)],
        accession: Option<&str>,
        day: NaiveDate,
        method: &str,
    ) -> Result<()> {
        if let Some(number) = accession {
            let there: Option<i64> = self
                .transaction
                .query_row("SELECT id FROM accession WHERE number = ?1", [number], |row| row.get(0))
                .optional()?;
            if there.is_none() {
                return Err(StoreError::NotFound { what: text!("接收号 {number}", "accession {number}") });
            }
            self.transaction.execute(
                "INSERT INTO disinfection (accession, day, method, who) VALUES (?1, ?2, ?3, ?4)",
                params![number, day.to_string(), method, self.who()],
            )?;
        }
        for (fonds, code) in volumes {
            volume_record(&self.transaction, fonds, code)?;
            self.transaction.execute(
                "INSERT INTO disinfection (fonds, volume, day, method, who) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![fonds_row(&self.transaction, fonds)?, code, day.to_string(), method, self.who()],
            )?;
        }
        let codes: Vec<&String> = volumes.iter().map(|(_, code)| code).collect();
        let detail = json!({ "volumes": codes, "accession": accession, "day": day, "method": method });
        self.record(&Act::Disinfected.about("storeroom", detail))
    }

    /// Records a count, and gives its number. Without a difference it is closed at once.
    pub fn record_stocktake(
        &self,
        day: NaiveDate,
        complete: bool,
        scope: &str,
        comparison: &Comparison,
    ) -> Result<String> {
        let year = day.year();
        let count: u32 = self.transaction.query_row(
            "SELECT count(*) FROM stocktake WHERE number LIKE ?1 || '-%'",
            [year.to_string()],
            |row| row.get(0),
        )?;
        let number = format!("{year}-{:02}", count + 1);
        let closed = comparison.differences.is_empty().then(|| self.time());
        let made = Stocktake {
            number: number.clone(),
            day: day.to_string(),
            complete,
            scope: scope.to_owned(),
            who: self.who().to_owned(),
            closed: closed.clone(),
            comparison: comparison.clone(),
        };
        self.transaction.execute(
            "INSERT INTO stocktake (number, day, complete, scope, who, closed, document) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![number, made.day, complete, scope, made.who, closed, crate::json::write(comparison)?],
        )?;
        self.record_act(Act::Counted, &format!("stocktake:{number}"), "", None, Some(&made))?;
        Ok(number)
    }

    /// Settles the differences about a code with a note (H3).
    pub fn settle_difference(&self, number: &str, code: &str, note: &str) -> Result<()> {
        let before = self.open_stocktake(number)?;
        if note.trim().is_empty() {
            return Err(Refusal::new(RuleId::H3, Text::fixed("没有写明处理", "no note is given")).into());
        }
        let mut after = before.clone();
        let mut met = false;
        for difference in after.comparison.differences.iter_mut().filter(|one| one.code == code) {
            difference.settled = Some(note.to_owned());
            met = true;
        }
        if !met {
            return Err(StoreError::NotFound {
                what: text!(
                    "清点 {number} 中关于 {code} 的不符",
                    "difference about {code} in count {number}"
                ),
            });
        }
        self.write_stocktake(&after)?;
        self.record_act(Act::Counted, &format!("stocktake:{number}"), note, Some(&before), Some(&after))
    }

    /// Closes a count whose differences are all settled (H3).
    pub fn close_stocktake(&self, number: &str) -> Result<()> {
        let before = self.open_stocktake(number)?;
        stocktake::may_close(&before.comparison.differences)?;
        let after = Stocktake { closed: Some(self.time()), ..before.clone() };
        self.write_stocktake(&after)?;
        self.record_act(Act::Counted, &format!("stocktake:{number}"), "", Some(&before), Some(&after))
    }

    fn open_stocktake(&self, number: &str) -> Result<Stocktake> {
        let found = stocktake_of(&self.transaction, number)?;
        if found.closed.is_some() {
            return Err(Refusal::new(
                RuleId::H3,
                text!("清点 {number} 已结束，不能再改", "count {number} is closed and stays"),
            )
            .with_help(Text::fixed("另做一次清点", "count again"))
            .into());
        }
        Ok(found)
    }

    fn write_stocktake(&self, one: &Stocktake) -> Result<()> {
        self.transaction.execute(
            "UPDATE stocktake SET closed = ?2, document = ?3 WHERE number = ?1",
            params![one.number, one.closed, crate::json::write(&one.comparison)?],
        )?;
        Ok(())
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

    /// What came in is disinfected before it enters the storeroom (X3).
    fn is_disinfected(&self, fonds: i64, code: &str, accession: &str) -> Result<()> {
        let done: i64 = self.transaction.query_row(
            "SELECT count(*) FROM disinfection WHERE (fonds = ?1 AND volume = ?2) OR accession = ?3",
            params![fonds, code, accession],
            |row| row.get(0),
        )?;
        if done > 0 {
            return Ok(());
        }
        Err(Refusal::new(
            RuleId::X3,
            text!(
                "{code} 随接收号 {accession} 进馆，还没有消毒除尘，不能入库上架",
                "{code} came in by accession {accession} and isn't disinfected yet: it can't be shelved"
            ),
        )
        .with_help(text!(
            "先消毒并登记：archive storeroom disinfect --accession {accession} --method 熏蒸",
            "disinfect it and record that: archive storeroom disinfect --accession {accession} --method METHOD"
        ))
        .into())
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

    fn room(&self, code: &str) -> Result<i64> {
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
