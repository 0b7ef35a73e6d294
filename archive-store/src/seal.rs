//! What every table holds, summed up, so that a row changed behind the program's back shows.
//!
//! The audit chain proves what was done; it can't know that somebody opened the database with another
//! program and changed a title. So each change sums up what the tables hold afterwards, and its last entry
//! in the chain carries the digest of the sums. [`differences`] reads all rows again and compares.
//!
//! The sum of a table is `LtHash`: each row is hashed to 1024 numbers of 16 bits, which are added up lane by lane.
//! It doesn't depend on the order of rows, and a change costs as much as it changes, however
//! large the table: the old row's numbers are taken away, the new row's added. Rows are watched by
//! temporary triggers of the writing connection; what they note lies in a temporary table, so that a
//! statement or a change taken back takes its notes back too. Nothing of this stands in the file but the
//! sums, and any SQLite shell goes on reading it.
//!
//! Columns without a value don't count, so a column that a later version adds changes no sum.

use std::collections::BTreeMap;

use archive_core::text;
use archive_core::text::Text;
use rayon::prelude::*;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _};

use crate::error::Result;
use crate::ocfl::digest::sha256;
use crate::repository::Repository;

/// Numbers in a sum.
const LANES: usize = 1024;
/// How many rows are taken into memory between two additions.
const BATCH: usize = 16 * 1024;
/// The function the triggers call: name of the table, then names and values of the columns by turns.
const FUNCTION: &str = "sealed_row";
/// The tables that are not summed up: the sums themselves, and what the chain covers already.
const NOT_SUMMED: &str = "'seal', 'audit', 'repository'";

/// The sum of a table's rows.
#[derive(Clone, PartialEq, Eq)]
struct Lanes(Vec<u16>);

impl Default for Lanes {
    fn default() -> Self {
        Self(vec![0; LANES])
    }
}

impl Lanes {
    fn of_row(digest: &[u8]) -> Self {
        let mut bytes = [0; LANES * 2];
        blake3::Hasher::new().update(digest).finalize_xof().fill(&mut bytes);
        Self::from_bytes(&bytes)
    }

    fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect())
    }

    fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|lane| lane.to_le_bytes()).collect()
    }

    fn add(mut self, other: &Self) -> Self {
        for (lane, more) in self.0.iter_mut().zip(&other.0) {
            *lane = lane.wrapping_add(*more);
        }
        self
    }

    fn take_away(mut self, other: &Self) -> Self {
        for (lane, less) in self.0.iter_mut().zip(&other.0) {
            *lane = lane.wrapping_sub(*less);
        }
        self
    }
}

/// Teaches a connection the digest of a row.
pub(crate) fn set_up(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function(FUNCTION, -1, flags, |row| {
        let mut digest = blake3::Hasher::new();
        let mut place = 0;
        put(&mut digest, row.get_raw(0));
        while place + 2 < row.len() {
            let value = row.get_raw(place + 2);
            if value != ValueRef::Null {
                put(&mut digest, row.get_raw(place + 1));
                put(&mut digest, value);
            }
            place += 2;
        }
        Ok(digest.finalize().as_bytes().to_vec())
    })?;
    Ok(())
}

/// A value so that no two different rows give the same bytes: its kind, its length, itself.
fn put(digest: &mut blake3::Hasher, value: ValueRef<'_>) {
    let mut sized = |kind: u8, bytes: &[u8]| {
        digest.update(&[kind]).update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
    };
    match value {
        ValueRef::Null => sized(0, &[]),
        ValueRef::Integer(number) => sized(1, &number.to_le_bytes()),
        ValueRef::Real(number) => sized(2, &number.to_bits().to_le_bytes()),
        ValueRef::Text(text) => sized(3, text),
        ValueRef::Blob(blob) => sized(4, blob),
    }
}

/// Watches every table for the rest of the connection's life; what was noted before is forgotten.
pub(crate) fn watch(connection: &Connection) -> Result<()> {
    connection.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS seal_note (name TEXT NOT NULL, sign INTEGER NOT NULL, digest BLOB NOT NULL);
         DELETE FROM seal_note;",
    )?;
    for (table, columns) in tables(connection)? {
        let (old, new) = (note(&table, &columns, "OLD", -1), note(&table, &columns, "NEW", 1));
        let trigger = |event: &str, notes: &str| {
            format!(
                "CREATE TEMP TRIGGER IF NOT EXISTS \"seal_{event}_{table}\" AFTER {event} ON main.\"{table}\" BEGIN {notes} END;"
            )
        };
        let triggers =
            [trigger("INSERT", &new), trigger("DELETE", &old), trigger("UPDATE", &(old + &new))].concat();
        connection.execute_batch(&triggers)?;
    }
    Ok(())
}

/// The statement that notes a row of a trigger.
fn note(table: &str, columns: &[String], row: &str, sign: i64) -> String {
    let digest = digest_of(table, columns, &format!("{row}."));
    format!("INSERT INTO seal_note VALUES ('{table}', {sign}, {digest});")
}

/// Adds what was noted to the sums; the digest of all of them, if there was anything.
pub(crate) fn close(connection: &Connection) -> Result<Option<String>> {
    let mut changed: BTreeMap<String, Lanes> = BTreeMap::new();
    {
        let mut statement =
            connection.prepare("SELECT name, sign, digest FROM temp.seal_note ORDER BY name, sign")?;
        let mut rows = statement.query([])?;
        let mut batch: Vec<(i64, Vec<u8>)> = Vec::new();
        let mut of = String::new();
        loop {
            let row = rows.next()?;
            let name: Option<String> = row.map(|row| row.get(0)).transpose()?;
            if name.as_ref() != Some(&of) || batch.len() == BATCH {
                if !batch.is_empty() {
                    let sum = changed.remove(&of).unwrap_or_default().add(&sum(&std::mem::take(&mut batch)));
                    changed.insert(of, sum);
                }
                of = name.clone().unwrap_or_default();
            }
            let Some(row) = row else { break };
            batch.push((row.get(1)?, row.get(2)?));
        }
    }
    if changed.is_empty() {
        return Ok(None);
    }
    let mut sums = sums(connection)?;
    for (name, change) in changed {
        let sum = sums.remove(&name).unwrap_or_default().add(&change);
        connection
            .prepare_cached(
                "INSERT INTO seal VALUES (?1, ?2) ON CONFLICT DO UPDATE SET lanes = excluded.lanes",
            )?
            .execute((&name, sum.to_bytes()))?;
        sums.insert(name, sum);
    }
    connection.execute_batch("DELETE FROM temp.seal_note")?;
    Ok(Some(state(&sums)))
}

impl Repository {
    /// One word for what some tables hold: another as soon as any row of theirs is. It is taken of their sums, so it
    /// costs the same however much they hold. For who keeps what was made of them, or sends out a form and wants
    /// to know, when it comes back, whether it still speaks of the same records.
    pub fn state_of(&self, tables: &[&str]) -> Result<String> {
        let mut statement = self.connection.prepare_cached("SELECT lanes FROM seal WHERE name = ?1")?;
        let mut all = Vec::new();
        for table in tables {
            all.extend_from_slice(table.as_bytes());
            all.push(0);
            let lanes: Option<Vec<u8>> = statement.query_row([table], |row| row.get(0)).optional()?;
            all.extend(lanes.unwrap_or_default());
        }
        Ok(sha256(&all))
    }
}

/// Where the tables differ from their sums, and the sums from the `state` that the chain has on record.
pub(crate) fn differences(connection: &Connection, on_record: Option<&str>) -> Result<Vec<Text>> {
    let mut found = Vec::new();
    let mut kept = sums(connection)?;
    if on_record != Some(state(&kept).as_str()) {
        found.push(Text::fixed(
            "各表的封印与审计链所记不符：数据库被绕过本程序改动",
            "the seals of the tables are not those the chain has on record: the database was changed by another program",
        ));
    }
    for (table, columns) in tables(connection)? {
        if kept.remove(&table).unwrap_or_default() != sum_of_table(connection, &table, &columns)? {
            found.push(text!(
                "表 {table} 的内容与其封印不符：有记录被绕过本程序改动、增加或删除",
                "table {table} isn't what its seal says: a row was changed, added or removed by another program"
            ));
        }
    }
    for table in kept.into_keys() {
        found.push(text!("表 {table} 不在了", "table {table} is gone"));
    }
    Ok(found)
}

fn sum_of_table(connection: &Connection, table: &str, columns: &[String]) -> Result<Lanes> {
    let digest = digest_of(table, columns, "");
    let mut statement = connection.prepare(&format!("SELECT {digest} FROM main.\"{table}\""))?;
    let mut rows = statement.query([])?;
    let mut total = Lanes::default();
    let mut batch = Vec::new();
    loop {
        let row = rows.next()?;
        if row.is_none() || batch.len() == BATCH {
            total = total.add(&sum(&std::mem::take(&mut batch)));
        }
        let Some(row) = row else { return Ok(total) };
        batch.push((1, row.get(0)?));
    }
}

/// The sum of some rows' digests, each with its sign, on all cores.
fn sum(rows: &[(i64, Vec<u8>)]) -> Lanes {
    rows.par_iter()
        .fold(Lanes::default, |sum, (sign, digest)| {
            let row = Lanes::of_row(digest);
            if *sign > 0 { sum.add(&row) } else { sum.take_away(&row) }
        })
        .reduce(Lanes::default, |one, other| one.add(&other))
}

fn sums(connection: &Connection) -> Result<BTreeMap<String, Lanes>> {
    let mut statement = connection.prepare_cached("SELECT name, lanes FROM seal")?;
    let rows = statement.query_map([], |row| {
        let lanes: Vec<u8> = row.get(1)?;
        Ok((row.get(0)?, Lanes::from_bytes(&lanes)))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The digest of all sums; a table without rows counts as little as one that isn't there.
fn state(sums: &BTreeMap<String, Lanes>) -> String {
    let mut all = Vec::new();
    for (name, sum) in sums.iter().filter(|(_, sum)| **sum != Lanes::default()) {
        all.extend_from_slice(name.as_bytes());
        all.push(0);
        all.extend(sum.to_bytes());
    }
    sha256(&all)
}

/// The expression for a row's digest.
fn digest_of(table: &str, columns: &[String], row: &str) -> String {
    let named: Vec<String> = columns.iter().map(|column| format!("'{column}', {row}\"{column}\"")).collect();
    format!("{FUNCTION}('{table}', {})", named.join(", "))
}

/// The tables that are summed up, with their columns.
fn tables(connection: &Connection) -> Result<Vec<(String, Vec<String>)>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT t.name, c.name FROM main.sqlite_schema t, pragma_table_info(t.name, 'main') c
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite@_%' ESCAPE '@' AND t.name NOT IN ({NOT_SUMMED})
         ORDER BY t.name, c.cid"
    ))?;
    let mut rows = statement.query([])?;
    let mut tables: Vec<(String, Vec<String>)> = Vec::new();
    while let Some(row) = rows.next()? {
        let (table, column): (String, String) = (row.get(0)?, row.get(1)?);
        match tables.last_mut() {
            Some((name, columns)) if *name == table => columns.push(column),
            _ => tables.push((table, vec![column])),
        }
    }
    Ok(tables)
}
