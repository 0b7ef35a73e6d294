//! Taking in a register (登记表) and the files it names.

use std::collections::HashMap;

use archive_core::hex;
use archive_core::model::{Item, ItemId, OpeningState};
use archive_core::text;
use rusqlite::{OptionalExtension as _, params};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::audit::Act;
use crate::change::{Change, Intake, OnProgress, Progress};
use crate::error::{Result, StoreError};
use crate::items::{self, Provenance, fonds_row};
use crate::source::ItemFile;

/// How many items' files are copied at a time: enough for all cores, and little of them in memory.
const AT_A_TIME: usize = 4_096;

/// A register as it was read, with the files it names.
#[derive(Debug)]
pub struct ImportBatch {
    /// The register's file name.
    pub register_name: String,
    /// The sha256 of the register, lower-case hexadecimal: the same register is taken in once.
    pub register_digest: String,
    /// The items. Their identifiers tell them apart in this batch only; the store gives each its own.
    pub items: Vec<Item>,
    /// Their files, in order; each names its item by the identifier in this batch.
    pub files: Vec<ItemFile>,
}

/// What was taken in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// The identifiers the items got, in the order of the batch.
    pub items: Vec<ItemId>,
    /// How many files.
    pub files: u64,
    /// How many bytes.
    pub bytes: u64,
}

impl Change<'_> {
    /// Takes in a register into the institution's own fonds, all of it or nothing.
    pub fn import(&mut self, batch: &ImportBatch, progress: OnProgress<'_>) -> Result<ImportReport> {
        let before: Option<(String, String)> = self
            .transaction
            .query_row(
                "SELECT name, imported FROM register WHERE digest = ?1",
                [&batch.register_digest],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        if let Some((name, when)) = before {
            return Err(StoreError::RegisterTwice { name, when });
        }
        let fonds = fonds_row(&self.transaction, self.repository.own_fonds())?;
        self.transaction.execute(
            "INSERT INTO register (fonds, name, digest, imported, items, files, bytes) VALUES (?1, ?2, ?3, ?4, 0, 0, 0)",
            params![fonds, batch.register_name, batch.register_digest, self.time()],
        )?;
        let register = self.transaction.last_insert_rowid();
        let from = Provenance { fonds, register: Some(register), accession: None };
        let taken =
            self.take_in(&batch.items, &batch.files, from, "导入登记表 / register imported", progress)?;
        let ImportReport { items, files, bytes } = &taken.report;
        self.transaction.execute(
            "UPDATE register SET items = ?2, files = ?3, bytes = ?4 WHERE id = ?1",
            params![register, items.len() as u64, *files, *bytes],
        )?;
        let detail = json!({
            "name": batch.register_name,
            "items": items.len(),
            "first_item": items.first(),
            "files": files,
            "bytes": bytes,
        });
        let subject = format!("register:{}", batch.register_digest);
        self.record(&Act::Import.about(&subject, detail).with_digests(None, Some(taken.digest)))?;
        Ok(taken.report)
    }

    /// Enters items and their files, wherever they come from.
    pub(crate) fn take_in(
        &mut self,
        items: &[Item],
        files: &[ItemFile],
        from: Provenance,
        message: &str,
        progress: OnProgress<'_>,
    ) -> Result<TakenIn> {
        let first = items::next_id(&self.transaction)?;
        let mut digest = Sha256::new();
        let mut places: HashMap<ItemId, usize> = HashMap::with_capacity(items.len());
        let mut report = ImportReport::default();
        for (id, item) in (first..).map(ItemId).zip(items) {
            let mut item = item.clone();
            if places.insert(item.id, report.items.len()).is_some() {
                let ItemId(twice) = item.id;
                return Err(StoreError::Inconsistent {
                    reason: text!("条目标识 {twice} 重复", "two items bear the identifier {twice}"),
                });
            }
            item.id = id;
            // What another office opened, or a register says, is reviewed here before it is open (U1).
            item.opening = OpeningState::Unreviewed;
            digest.update(items::insert(&self.transaction, &item, from)?.as_bytes());
            digest.update(b"\n");
            report.items.push(id);
        }
        let mut by_item: Vec<Vec<&ItemFile>> = vec![Vec::new(); items.len()];
        for file in files {
            let ItemId(id) = file.item;
            let place = *places.get(&file.item).ok_or_else(|| StoreError::Inconsistent {
                reason: text!(
                    "文件所属的条目 {id} 不在其中",
                    "a file belongs to item {id}, which isn't there"
                ),
            })?;
            by_item[place].push(file);
        }
        let mut with_files =
            report.items.clone().into_iter().zip(by_item).filter(|(_, files)| !files.is_empty());
        loop {
            let mut intakes = Vec::new();
            for (item, files) in with_files.by_ref().take(AT_A_TIME) {
                intakes.push(Intake { item, description: self.described(item)?, files });
            }
            if intakes.is_empty() {
                break;
            }
            let before = (report.files, report.bytes);
            let of_files = files.len() as u64;
            let kept = self.stage(&intakes, message, &|now: Progress| {
                progress(Progress { files: before.0 + now.files, of_files, bytes: before.1 + now.bytes });
            })?;
            for (intake, kept) in intakes.iter().zip(&kept) {
                self.keep(intake.item, kept)?;
                report.files += kept.len() as u64;
                report.bytes += kept.iter().map(|file| file.bytes).sum::<u64>();
                for file in kept {
                    digest.update(file.sha256.as_bytes());
                    digest.update(b"\n");
                }
            }
        }
        Ok(TakenIn { report, digest: hex::encode(&digest.finalize()), places })
    }
}

/// What [`Change::take_in`] did.
pub(crate) struct TakenIn {
    pub(crate) report: ImportReport,
    /// The sha256 of all descriptions and file digests, in order.
    pub(crate) digest: String,
    /// The place in the batch of each identifier in it.
    pub(crate) places: HashMap<ItemId, usize>,
}
