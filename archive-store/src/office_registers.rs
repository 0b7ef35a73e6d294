//! The office's registers of incoming and outgoing papers (收文登记簿, 发文登记簿) in the catalogue.
//!
//! A book is kept on all year, so the same file comes in again with more lines and a few mended ones. A line is
//! known by book, year and number: what is new is added, what is the same is left, what differs is replaced only
//! where the caller asks for it. What a person settled here stays whatever a later file says.

use archive_core::hex;
use archive_core::model::ItemId;
use archive_core::office_register::{
    BookEntry, Books, Clearing, Direction, Disposition, EntryId, EntryLabel, Verdict,
};
use archive_core::reading::RecordDate;
use archive_core::text;
use archive_core::text::Text;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::audit::Act;
use crate::change::Change;
use crate::error::{Result, StoreError};
use crate::items::fonds_row;
use crate::ocfl::digest::sha256;
use crate::repository::Repository;

/// A book as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct BookBatch {
    /// Which book.
    pub direction: Direction,
    /// The file's name.
    pub name: String,
    /// The file's sha256, lower-case hexadecimal: a file that was taken in changes nothing.
    pub digest: String,
    /// The lines. Their identities are given by the store.
    pub entries: Vec<BookEntry>,
    /// Whether lines that differ from those there are replaced; otherwise they are left and told.
    pub update: bool,
}

/// What taking a book in came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BookReport {
    /// New lines.
    pub added: usize,
    /// Lines replaced.
    pub updated: usize,
    /// Lines that are there already, the same.
    pub unchanged: usize,
    /// Lines that are there and differ, and were left.
    pub differing: Vec<EntryLabel>,
}

impl Change<'_> {
    /// Takes a book in, of the institution's own fonds.
    pub fn import_book(&self, batch: &BookBatch) -> Result<BookReport> {
        let fonds = fonds_row(&self.transaction, self.repository.own_fonds())?;
        let direction = batch.direction.word();
        self.transaction.execute(
            "INSERT INTO office_book (fonds, direction, name, digest, imported, entries) VALUES (?1, ?2, ?3, ?4, ?5, 0)
             ON CONFLICT DO UPDATE SET imported = excluded.imported",
            params![fonds, direction, batch.name, batch.digest, self.time()],
        )?;
        let book: i64 = self.transaction.query_row(
            "SELECT id FROM office_book WHERE fonds = ?1 AND direction = ?2 AND digest = ?3",
            params![fonds, direction, batch.digest],
            |row| row.get(0),
        )?;
        let mut report = BookReport::default();
        let mut digest = Sha256::new();
        for entry in &batch.entries {
            let there = stored(&self.transaction, fonds, &entry.label)?;
            let before = there.as_ref().map(|one| one.id);
            let mut entry = BookEntry { id: before.unwrap_or(EntryId(0)), ..entry.clone() };
            match there {
                Some(there) if is_same(&there, &entry) => {
                    report.unchanged += 1;
                    continue;
                }
                Some(_) if !batch.update => {
                    report.differing.push(entry.label);
                    continue;
                }
                Some(there) => {
                    // What was settled here is newer than what the book says.
                    if there.settled {
                        entry.disposition = there.disposition;
                    }
                    report.updated += 1;
                }
                None => report.added += 1,
            }
            digest.update(self.write_entry(fonds, book, &entry)?.as_bytes());
            digest.update(b"\n");
        }
        self.transaction.execute(
            "UPDATE office_book SET entries = (SELECT count(*) FROM office_entry WHERE book = ?1) WHERE id = ?1",
            [book],
        )?;
        let detail = json!({
            "book": direction,
            "name": batch.name,
            "added": report.added,
            "updated": report.updated,
            "unchanged": report.unchanged,
        });
        let subject = format!("book:{}", batch.digest);
        self.record(
            &Act::Book.about(&subject, detail).with_digests(None, Some(hex::encode(&digest.finalize()))),
        )?;
        Ok(report)
    }

    /// Writes a line, new or in place of the one of its identity; gives the document written.
    fn write_entry(&self, fonds: i64, book: i64, entry: &BookEntry) -> Result<String> {
        let mut entry = entry.clone();
        if entry.id == EntryId(0) {
            let next = self
                .transaction
                .prepare_cached("SELECT coalesce(max(id), 0) + 1 FROM office_entry")?
                .query_row([], |row| row.get(0))?;
            entry.id = EntryId(next);
        }
        let document = crate::json::write(&entry)?;
        let number = entry.number.as_ref().map(ToString::to_string);
        let registered = entry.registered.date().map(|date| RecordDate::to_string(&date));
        let disposition = entry.disposition.as_ref();
        self.transaction
            .prepare_cached(
                "INSERT INTO office_entry (id, fonds, book, direction, year, register_no, number, registered, title, section,
                     secrecy, must_return, disposition, disposed_on, description)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
                 ON CONFLICT (id) DO UPDATE SET book = excluded.book, number = excluded.number,
                     registered = excluded.registered, title = excluded.title, section = excluded.section,
                     secrecy = excluded.secrecy, must_return = excluded.must_return,
                     disposition = excluded.disposition, disposed_on = excluded.disposed_on,
                     description = excluded.description",
            )?
            .execute(params![
                entry.id.0,
                fonds,
                book,
                entry.direction().word(),
                entry.year(),
                entry.label.register_no,
                number,
                registered,
                entry.title,
                entry.section,
                entry.secrecy.level.word(),
                entry.must_return,
                disposition.map(|one| one.kind.word()),
                disposition.and_then(|one| one.on).map(|day| day.to_string()),
                document,
            ])?;
        Ok(document)
    }

    /// Writes down what became of a paper.
    pub fn settle_entry(&self, label: &EntryLabel, disposition: &Disposition) -> Result<()> {
        let fonds = fonds_row(&self.transaction, self.repository.own_fonds())?;
        let there = stored(&self.transaction, fonds, label)?.ok_or_else(|| no_entry(label))?;
        let before = crate::json::write(&there.entry)?;
        let entry = BookEntry { disposition: Some(disposition.clone()), ..there.entry };
        let after = self.write_entry(fonds, there.book, &entry)?;
        self.transaction.execute("UPDATE office_entry SET settled = 1 WHERE id = ?1", [entry.id.0])?;
        let on = disposition.on.map(|day| day.to_string());
        let detail =
            json!({ "disposition": disposition.kind.word(), "on": on, "reason": disposition.reason });
        self.record(
            &Act::Settle
                .about(&format!("entry:{label}"), detail)
                .with_digests(Some(sha256(before.as_bytes())), Some(sha256(after.as_bytes()))),
        )
    }

    /// Writes down what a person said of a line and an item: that they are one paper, or that they aren't.
    ///
    /// A line that is said to be another item than before is that one from now on; an item that is another line's
    /// stays that line's until that is taken back.
    pub fn judge_pair(&self, label: &EntryLabel, item: ItemId, same: bool) -> Result<()> {
        let fonds = fonds_row(&self.transaction, self.repository.own_fonds())?;
        let there = stored(&self.transaction, fonds, label)?.ok_or_else(|| no_entry(label))?;
        if same {
            let holder: Option<String> = self
                .transaction
                .query_row(
                    "SELECT description FROM office_entry WHERE id =
                         (SELECT entry FROM office_verdict WHERE item = ?1 AND same = 1 AND entry != ?2)",
                    params![item.0, there.id.0],
                    |row| row.get(0),
                )
                .optional()?;
            if let Some(holder) = holder {
                let holder = crate::json::read::<BookEntry>(&holder)?.label.to_string();
                return Err(StoreError::PaperTaken { holder });
            }
            self.transaction
                .execute("DELETE FROM office_verdict WHERE entry = ?1 AND same = 1", [there.id.0])?;
        }
        self.transaction.execute(
            "INSERT INTO office_verdict (entry, item, same, who, time) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET same = excluded.same, who = excluded.who, time = excluded.time",
            params![there.id.0, item.0, same, self.who(), self.time()],
        )?;
        let detail = json!({ "item": item, "same": same });
        self.record(&Act::Match.about(&format!("entry:{label}"), detail))
    }

    /// Writes down that a year's papers were called in on a day.
    pub fn record_clearing(&self, clearing: Clearing) -> Result<()> {
        let fonds = fonds_row(&self.transaction, self.repository.own_fonds())?;
        self.transaction.execute(
            "INSERT INTO office_clearing (fonds, year, day, who, time) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            params![fonds, clearing.year, clearing.on.to_string(), self.who(), self.time()],
        )?;
        let detail = json!({ "year": clearing.year, "on": clearing.on.to_string() });
        self.record(&Act::Clearing.about(&format!("clearing:{}", clearing.year), detail))
    }
}

impl Repository {
    /// Everything that is known of the own fonds' books, of a year or of all.
    pub fn books(&self, year: Option<i32>) -> Result<Books> {
        let fonds = fonds_row(&self.connection, self.own_fonds())?;
        let mut books = Books::default();
        let mut statement = self.connection.prepare_cached(
            "SELECT description FROM office_entry WHERE fonds = ?1 AND (?2 IS NULL OR year = ?2) ORDER BY id",
        )?;
        let mut rows = statement.query(params![fonds, year])?;
        while let Some(row) = rows.next()? {
            let document: String = row.get(0)?;
            books.entries.push(crate::json::read(&document)?);
        }
        drop(rows);
        let mut statement = self.connection.prepare_cached(
            "SELECT entry, item, same FROM office_verdict
             WHERE entry IN (SELECT id FROM office_entry WHERE fonds = ?1) ORDER BY entry, item",
        )?;
        books.verdicts = statement
            .query_map([fonds], |row| {
                Ok(Verdict { entry: EntryId(row.get(0)?), item: ItemId(row.get(1)?), same: row.get(2)? })
            })?
            .collect::<rusqlite::Result<_>>()?;
        let mut statement = self
            .connection
            .prepare_cached("SELECT year, day FROM office_clearing WHERE fonds = ?1 ORDER BY year, day")?;
        let mut rows = statement.query([fonds])?;
        while let Some(row) = rows.next()? {
            let (year, day): (i32, String) = (row.get(0)?, row.get(1)?);
            let on = day.parse().map_err(|_| StoreError::Damaged {
                path: crate::repository::CATALOGUE.into(),
                reason: text!("清退日期“{day}”不是日期", "the day of a clearing, “{day}”, is no date"),
            })?;
            books.clearings.push(Clearing { year, on });
        }
        Ok(books)
    }

    /// One line.
    pub fn book_entry(&self, label: &EntryLabel) -> Result<BookEntry> {
        let fonds = fonds_row(&self.connection, self.own_fonds())?;
        Ok(stored(&self.connection, fonds, label)?.ok_or_else(|| no_entry(label))?.entry)
    }
}

/// A line as the catalogue has it.
struct Stored {
    id: EntryId,
    book: i64,
    settled: bool,
    disposition: Option<Disposition>,
    entry: BookEntry,
}

fn stored(connection: &Connection, fonds: i64, label: &EntryLabel) -> Result<Option<Stored>> {
    let mut statement = connection.prepare_cached(
        "SELECT book, settled, description FROM office_entry
         WHERE fonds = ?1 AND direction = ?2 AND year = ?3 AND register_no = ?4",
    )?;
    let found: Option<(i64, bool, String)> = statement
        .query_row(params![fonds, label.direction.word(), label.year, label.register_no], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let Some((book, settled, document)) = found else { return Ok(None) };
    let entry: BookEntry = crate::json::read(&document)?;
    Ok(Some(Stored { id: entry.id, book, settled, disposition: entry.disposition.clone(), entry }))
}

/// Whether a line says what is there already. Where it stood in which file doesn't matter, and what was settled here
/// is no difference.
fn is_same(there: &Stored, entry: &BookEntry) -> bool {
    let mut same = BookEntry { origin: there.entry.origin.clone(), ..entry.clone() };
    if there.settled {
        same.disposition.clone_from(&there.entry.disposition);
    }
    same == there.entry
}

fn no_entry(label: &EntryLabel) -> StoreError {
    let Text { zh: book, en } = label.direction.book();
    let (year, no) = (label.year, &label.register_no);
    StoreError::NotFound { what: text!("{year} 年{book}第 {no} 号", "number {no} of the {en} of {year}") }
}
