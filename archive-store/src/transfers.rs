//! Hand-over (移交) seen from both sides: what was sent, and what was taken in.
//!
//! The sender's numbers become final when a package is recorded as sent. The receiving archive keeps the
//! sender's fonds, volumes, codes and item numbers as they are, gives its own identifiers and
//! accession number (接收号), and takes a package in whole or not at all. A package is known by its
//! identifier and by its digest: neither is taken twice.

use std::collections::{BTreeMap, HashMap};

use archive_core::model::{Arrangement, Institution, Item, ItemId};
use archive_core::text;
use archive_core::text::Text;
use chrono::{Datelike as _, NaiveDate};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::{Value, json};

use crate::audit::Act;
use crate::change::{Change, OnProgress};
use crate::error::{Result, StoreError};
use crate::import::ImportReport;
use crate::items::{Provenance, fonds_row};
use crate::ocfl::digest::sha256;
use crate::repository::Repository;
use crate::source::ItemFile;

/// A package that is about to be handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// The fonds (全宗号).
    pub fonds: String,
    /// The year.
    pub year: i32,
    /// The package's identifier.
    pub package: String,
    /// The package's digest: the sha256 of its manifest.
    pub digest: String,
    /// Who gets it.
    pub receiver: String,
    /// The codes (档号) of the volumes in it; their numbers become final.
    pub volumes: Vec<String>,
    /// How many files are in it.
    pub files: u64,
}

/// A package that was handed over.
#[derive(Debug, Clone, PartialEq)]
pub struct SentPackage {
    /// The fonds (全宗号).
    pub fonds: String,
    /// The year.
    pub year: i32,
    /// The package's identifier.
    pub package: String,
    /// The package's digest.
    pub digest: String,
    /// Who got it.
    pub receiver: String,
    /// When (RFC 3339).
    pub sent: String,
    /// Who recorded it.
    pub who: String,
    /// How many volumes.
    pub volumes: u64,
    /// How many items.
    pub items: u64,
    /// How many files.
    pub files: u64,
    /// The receipt, once it came back.
    pub receipt: Option<Value>,
}

/// A verified package, ready to be taken in.
#[derive(Debug)]
pub struct Accession {
    /// The package's identifier.
    pub package: String,
    /// The package's digest: the sha256 of its manifest.
    pub digest: String,
    /// The institution that hands it over.
    pub sender: String,
    /// The fonds it belongs to: with the code the sender uses.
    pub fonds: Institution,
    /// Its items, told apart by identifiers that hold in this package only.
    pub items: Vec<Item>,
    /// Their files, in order.
    pub files: Vec<ItemFile>,
    /// Its volumes by year, with their numbers, naming items by the package's identifiers.
    pub arrangements: BTreeMap<i32, Arrangement>,
    /// What proves the hand-over: verification report, signatures, lists. Kept as it is.
    pub evidence: Value,
}

/// What taking a package in came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The accession number (接收号) it was given: year and a running number.
    pub accession: String,
    /// What was taken in, with the identifiers the items got here.
    pub report: ImportReport,
    /// How many volumes.
    pub volumes: u64,
}

/// A package that was sent back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The package's identifier.
    pub package: String,
    /// The package's digest.
    pub digest: String,
    /// Who sent it back.
    pub receiver: String,
    /// The person who did.
    pub received_by: String,
    /// When.
    pub received_on: NaiveDate,
    /// For how many errors.
    pub errors: u64,
}

/// A package that was taken in.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceivedPackage {
    /// The accession number (接收号).
    pub accession: String,
    /// The fonds (全宗号).
    pub fonds: String,
    /// The package's identifier.
    pub package: String,
    /// The package's digest.
    pub digest: String,
    /// Who handed it over.
    pub sender: String,
    /// When (RFC 3339).
    pub received: String,
    /// Who took it in.
    pub who: String,
    /// How many volumes.
    pub volumes: u64,
    /// How many items.
    pub items: u64,
    /// How many files.
    pub files: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// What proves the hand-over.
    pub evidence: Value,
}

impl Change<'_> {
    /// Records that a package was handed over. The numbers of its volumes are final from now on (K4).
    pub fn record_transfer_sent(&self, sending: &Sending) -> Result<()> {
        let before: Option<String> = self
            .transaction
            .query_row(
                "SELECT sent FROM transfer WHERE package = ?1 OR digest = ?2",
                [&sending.package, &sending.digest],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(when) = before {
            return Err(StoreError::SentTwice { package: sending.package.clone(), when });
        }
        for volume in &sending.volumes {
            self.refuse_while_lent(&sending.fonds, volume, &Text::fixed("移交", "transferred"))?;
        }
        let fonds = fonds_row(&self.transaction, &sending.fonds)?;
        self.transaction.execute(
            "INSERT INTO transfer (fonds, year, package, digest, receiver, sent, who, volumes, items, files)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9)",
            params![
                fonds,
                sending.year,
                sending.package,
                sending.digest,
                sending.receiver,
                self.time(),
                self.who(),
                sending.volumes.len() as u64,
                sending.files,
            ],
        )?;
        let transfer = self.transaction.last_insert_rowid();
        let items = self.issue_numbers(fonds, sending.year, &sending.volumes, HandedOver::Sent(transfer))?;
        self.transaction.execute("UPDATE transfer SET items = ?2 WHERE id = ?1", params![transfer, items])?;
        let detail = json!({
            "fonds": sending.fonds,
            "year": sending.year,
            "receiver": sending.receiver,
            "digest": sending.digest,
            "volumes": sending.volumes,
            "items": items,
            "files": sending.files,
        });
        self.record(&Act::Send.about(&format!("package:{}", sending.package), detail))
    }

    /// Files the receipt of a package that was sent.
    pub fn file_receipt(&self, package: &str, receipt: &Value) -> Result<()> {
        let document = crate::json::write(receipt)?;
        let before: Option<String> = self
            .transaction
            .query_row("SELECT receipt FROM transfer WHERE package = ?1", [package], |row| row.get(0))
            .optional()?
            .ok_or_else(|| StoreError::NotFound {
                what: text!("移交记录：{package}", "record of a package {package} sent"),
            })?;
        self.transaction
            .execute("UPDATE transfer SET receipt = ?2 WHERE package = ?1", params![package, document])?;
        let digest = |document: &String| sha256(document.as_bytes());
        self.record(
            &Act::Receipt
                .about(&format!("package:{package}"), json!({}))
                .with_digests(before.as_ref().map(digest), Some(digest(&document))),
        )
    }

    /// Enters that a package came back with its faults, into the audit chain alone: what it holds was not handed
    /// over, and its numbers stay the office's. The same receipt filed again enters nothing.
    pub fn file_refusal(&self, refusal: &Refused, receipt: &Value) -> Result<()> {
        let subject = format!("package:{}", refusal.package);
        let digest = sha256(crate::json::write(receipt)?.as_bytes());
        let entered: bool = self.transaction.query_row(
            "SELECT EXISTS (SELECT 1 FROM audit WHERE act = ?1 AND subject = ?2 AND after = ?3)",
            [Act::SentBack.name(), &subject, &digest],
            |row| row.get(0),
        )?;
        if entered {
            return Ok(());
        }
        let detail = json!({
            "receiver": refusal.receiver,
            "received_by": refusal.received_by,
            "received_on": refusal.received_on.to_string(),
            "digest": refusal.digest,
            "errors": refusal.errors,
        });
        self.record(&Act::SentBack.about(&subject, detail).with_digests(None, Some(digest)))
    }

    /// Takes a verified package in: fonds, items, files, volumes and numbers, all of it or nothing.
    pub fn receive(&mut self, accession: &Accession, progress: OnProgress<'_>) -> Result<Received> {
        if let Some(error) = self.refuse_second(accession)? {
            return Err(error);
        }
        let Institution { name, fonds: code } = &accession.fonds;
        self.transaction.execute(
            "INSERT INTO fonds (code, institution) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            [code, name],
        )?;
        let fonds = fonds_row(&self.transaction, code)?;
        let number = next_accession(&self.transaction, self.now.year())?;
        let volumes: u64 = accession.arrangements.values().map(|one| one.volumes.len() as u64).sum();
        self.transaction.execute(
            "INSERT INTO accession (number, fonds, package, digest, sender, received, who, volumes, items, files, bytes, evidence)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0, 0, ?9)",
            params![
                number,
                fonds,
                accession.package,
                accession.digest,
                accession.sender,
                self.time(),
                self.who(),
                volumes,
                crate::json::write(&accession.evidence)?,
            ],
        )?;
        let row = self.transaction.last_insert_rowid();
        let from = Provenance { fonds, register: None, accession: Some(row) };
        let taken = self.take_in(
            &accession.items,
            &accession.files,
            from,
            "接收移交包 / package received",
            progress,
        )?;
        let ids: HashMap<ItemId, ItemId> =
            taken.places.iter().map(|(theirs, place)| (*theirs, taken.report.items[*place])).collect();
        for (&year, arrangement) in &accession.arrangements {
            let renamed = rename_items(arrangement, &ids)?;
            let codes: Vec<String> = renamed
                .volumes
                .iter()
                .filter_map(|volume| volume.number.as_ref().map(|number| number.code.clone()))
                .collect();
            let whole = match self.repository.arrangement(code, year)? {
                None => renamed,
                Some(earlier) => joined(earlier, renamed),
            };
            self.save_arrangement(code, year, &whole)?;
            self.issue_numbers(fonds, year, &codes, HandedOver::Received(row))?;
        }
        for (theirs, ours) in accession.items.iter().zip(&taken.report.items) {
            self.keep_opinion_of_sender(*ours, theirs.opening, &accession.sender)?;
        }
        let report = taken.report;
        self.transaction.execute(
            "UPDATE accession SET items = ?2, files = ?3, bytes = ?4 WHERE id = ?1",
            params![row, report.items.len() as u64, report.files, report.bytes],
        )?;
        let detail = json!({
            "accession": number,
            "fonds": code,
            "sender": accession.sender,
            "digest": accession.digest,
            "volumes": volumes,
            "items": report.items.len(),
            "files": report.files,
            "bytes": report.bytes,
        });
        let subject = format!("package:{}", accession.package);
        self.record(&Act::Receive.about(&subject, detail).with_digests(None, Some(taken.digest)))?;
        Ok(Received { accession: number, report, volumes })
    }

    fn refuse_second(&self, accession: &Accession) -> Result<Option<StoreError>> {
        let before = self
            .transaction
            .query_row(
                "SELECT package, received, number FROM accession WHERE package = ?1 OR digest = ?2",
                [&accession.package, &accession.digest],
                |row| {
                    Ok(StoreError::PackageTwice {
                        package: row.get(0)?,
                        when: row.get(1)?,
                        accession: row.get(2)?,
                    })
                },
            )
            .optional()?;
        Ok(before)
    }
}

/// How a volume was handed over: the row of the transfer or of the accession.
#[derive(Debug, Clone, Copy)]
pub(crate) enum HandedOver {
    Sent(i64),
    Received(i64),
}

impl Repository {
    /// The packages that were sent, in order.
    pub fn sent_packages(&self) -> Result<Vec<SentPackage>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT code, year, package, digest, receiver, sent, who, volumes, items, files, receipt
             FROM transfer JOIN fonds ON fonds.id = transfer.fonds ORDER BY transfer.id",
        )?;
        let mut rows = statement.query([])?;
        let mut sent = Vec::new();
        while let Some(row) = rows.next()? {
            let receipt: Option<String> = row.get(10)?;
            sent.push(SentPackage {
                fonds: row.get(0)?,
                year: row.get(1)?,
                package: row.get(2)?,
                digest: row.get(3)?,
                receiver: row.get(4)?,
                sent: row.get(5)?,
                who: row.get(6)?,
                volumes: row.get(7)?,
                items: row.get(8)?,
                files: row.get(9)?,
                receipt: receipt.as_deref().map(crate::json::read).transpose()?,
            });
        }
        Ok(sent)
    }

    /// The packages that were taken in, in order.
    pub fn received_packages(&self) -> Result<Vec<ReceivedPackage>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT number, code, package, digest, sender, received, who, volumes, items, files, bytes, evidence
             FROM accession JOIN fonds ON fonds.id = accession.fonds ORDER BY accession.id",
        )?;
        let mut rows = statement.query([])?;
        let mut received = Vec::new();
        while let Some(row) = rows.next()? {
            let evidence: String = row.get(11)?;
            received.push(ReceivedPackage {
                accession: row.get(0)?,
                fonds: row.get(1)?,
                package: row.get(2)?,
                digest: row.get(3)?,
                sender: row.get(4)?,
                received: row.get(5)?,
                who: row.get(6)?,
                volumes: row.get(7)?,
                items: row.get(8)?,
                files: row.get(9)?,
                bytes: row.get(10)?,
                evidence: crate::json::read(&evidence)?,
            });
        }
        Ok(received)
    }
}

/// `2005-0001`: the year of receipt and a running number in it.
fn next_accession(connection: &Connection, year: i32) -> Result<String> {
    let count: u32 = connection.query_row(
        "SELECT count(*) FROM accession WHERE number LIKE ?1 || '-%'",
        [year.to_string()],
        |row| row.get(0),
    )?;
    Ok(format!("{year}-{:04}", count + 1))
}

/// The arrangement with our identifiers in place of the package's. Ties and left-out items whose
/// records did not come along fall away; an entry without its item is a fault of the package.
fn rename_items(arrangement: &Arrangement, ids: &HashMap<ItemId, ItemId>) -> Result<Arrangement> {
    let mut renamed = arrangement.clone();
    for volume in &mut renamed.volumes {
        for entry in &mut volume.entries {
            let (ItemId(id), title) = (entry.item, &volume.title);
            entry.item = *ids.get(&entry.item).ok_or_else(|| StoreError::Inconsistent {
                reason: text!(
                    "案卷“{title}”所列的条目 {id} 不在移交包中",
                    "the volume \"{title}\" lists item {id}, which is not in the package"
                ),
            })?;
        }
    }
    renamed.ties.retain_mut(|tie| match (ids.get(&tie.from), ids.get(&tie.to)) {
        (Some(from), Some(to)) => {
            (tie.from, tie.to) = (*from, *to);
            true
        }
        _ => false,
    });
    renamed.left_out.retain_mut(|(item, _)| match ids.get(item) {
        Some(ours) => {
            *item = *ours;
            true
        }
        None => false,
    });
    Ok(renamed)
}

/// A year that comes in several packages: the later one's volumes stand after the earlier one's.
fn joined(mut earlier: Arrangement, later: Arrangement) -> Arrangement {
    earlier.volumes.extend(later.volumes);
    earlier.ties.extend(later.ties);
    earlier.ties.sort_by_key(|tie| (tie.from, tie.to, tie.kind));
    earlier.left_out.extend(later.left_out);
    earlier.findings.extend(later.findings);
    earlier
}
