//! One change: everything in it happens, or nothing.
//!
//! A change is begun with who makes it and when, holds the write lock while it lives, sees its own
//! writes through the repository it was begun on, and becomes true with [`Change::commit`]. Dropped
//! without that, it never was.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use archive_core::model::ItemId;
use chrono::{DateTime, FixedOffset, SecondsFormat};
use rayon::prelude::*;
use rusqlite::{Transaction, TransactionBehavior};
use serde_json::Value;

use crate::audit::{self, Deed, Stamp};
use crate::error::Result;
use crate::lock::WriteLock;
use crate::ocfl::layout;
use crate::ocfl::write::{self, Kept, Making};
use crate::repository::{OBJECTS, Repository};
use crate::source::ItemFile;
use crate::staging::{self, Move, Staging};

/// A change in the making. Fields are dropped in this order: database, files, lock.
#[derive(Debug)]
pub struct Change<'r> {
    pub(crate) transaction: Transaction<'r>,
    staging: Staging,
    _lock: WriteLock,
    pub(crate) repository: &'r Repository,
    who: String,
    pub(crate) now: DateTime<FixedOffset>,
}

/// How far the copying of files is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files done.
    pub files: u64,
    /// Files there are.
    pub of_files: u64,
    /// Bytes done.
    pub bytes: u64,
}

/// Told of progress, from any thread; `&|_| ()` for none.
pub type OnProgress<'a> = &'a (dyn Fn(Progress) + Sync);

/// An item's files on their way into its object.
pub(crate) struct Intake<'a> {
    pub(crate) item: ItemId,
    pub(crate) description: Value,
    pub(crate) files: Vec<&'a ItemFile>,
}

impl Repository {
    /// Begins a change: `who` makes it, by `command`, at `now`.
    ///
    /// Fails at once, naming the other, if somebody else is changing the repository.
    pub fn begin(&self, who: &str, command: &str, now: DateTime<FixedOffset>) -> Result<Change<'_>> {
        let lock = WriteLock::take(&self.root, who, command, now)?;
        // Somebody may have been killed at work since this repository was opened.
        staging::settle(&self.root, &self.connection)?;
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        Ok(Change {
            transaction,
            staging: Staging::new(&self.root),
            _lock: lock,
            repository: self,
            who: who.to_owned(),
            now,
        })
    }
}

impl<'r> Change<'r> {
    /// The repository, as it would be after this change: its lists show what was written so far.
    pub const fn repository(&self) -> &'r Repository {
        self.repository
    }

    /// Makes it true. When this returns, it is on the disk; if it fails, it never was.
    pub fn commit(self) -> Result<()> {
        let Self { transaction, staging, _lock, repository, .. } = self;
        transaction.execute("UPDATE repository SET changes = changes + 1", [])?;
        let change = staging::changes(&transaction)?;
        let done = match staging.move_in(change) {
            Ok(()) => transaction.commit().map_err(Into::into),
            Err(error) => {
                // The files are taken back below, by the state of the database.
                drop(transaction);
                Err(error)
            }
        };
        let settled = staging::settle(&repository.root, &repository.connection);
        match done {
            // Done is done, even if the staging folder could not be removed: the next to open does that.
            Ok(()) => Ok(()),
            // A commit can fail after it reached the disk; the count says whether it did.
            Err(_) if staging::changes(&repository.connection).is_ok_and(|count| count >= change) => Ok(()),
            Err(error) => settled.and(Err(error)),
        }
    }

    /// Appends to the audit chain.
    pub(crate) fn record(&self, deed: &Deed<'_>) -> Result<()> {
        audit::append(&self.transaction, &Stamp { who: &self.who, now: self.now }, deed)
    }

    /// Who makes the change.
    pub fn who(&self) -> &str {
        &self.who
    }

    /// When, as the database writes it.
    pub(crate) fn time(&self) -> String {
        self.now.to_rfc3339()
    }

    /// Copies the files of many items into staged objects, on all cores; the objects move in at commit.
    ///
    /// Gives what each item got, in the order of `intakes`.
    pub(crate) fn stage(
        &mut self,
        intakes: &[Intake<'_>],
        message: &str,
        progress: OnProgress<'_>,
    ) -> Result<Vec<Vec<Kept>>> {
        let when = self.now.to_rfc3339_opts(SecondsFormat::Secs, false);
        let objects = self.repository.root.join(OBJECTS);
        let mut work = Vec::with_capacity(intakes.len());
        for intake in intakes {
            let object = layout::object_path(&layout::object_id(intake.item));
            let kept = self.kept(intake.item)?;
            if self.staging.holds(&object) {
                return Err(crate::StoreError::Inconsistent {
                    reason: archive_core::text::Text::fixed(
                        "一次操作中不能两次给同一文件补入文件",
                        "files can be added to an item only once in a change",
                    ),
                });
            }
            work.push((intake, object, kept, self.staging.next_name()));
        }
        let of_files = intakes.iter().map(|intake| intake.files.len() as u64).sum();
        let (files, bytes) = (AtomicU64::new(0), AtomicU64::new(0));
        let stop = AtomicBool::new(false);
        let tell = || {
            let (files, bytes) = (files.load(Ordering::Relaxed), bytes.load(Ordering::Relaxed));
            progress(Progress { files, of_files, bytes });
        };
        let passed = |piece: u64| {
            bytes.fetch_add(piece, Ordering::Relaxed);
            tell();
        };
        let making = Making { who: &self.who, when: &when, message };
        let staging = &self.staging;
        let built: Vec<Option<Result<(Move, Vec<Kept>)>>> = work
            .into_par_iter()
            .map(|(intake, object, kept, name)| {
                // After one failure the rest isn't worth copying.
                if stop.load(Ordering::Relaxed) {
                    return None;
                }
                let built = previous(&objects.join(&object), kept).and_then(|previous| {
                    let staged = staging.path(&name);
                    write::build(&staged, intake, previous, &making, &passed)
                });
                files.fetch_add(intake.files.len() as u64, Ordering::Relaxed);
                stop.fetch_or(built.is_err(), Ordering::Relaxed);
                tell();
                Some(built.map(|(version, kept)| (Move { staged: name, object, version }, kept)))
            })
            .collect();
        let mut all = Vec::with_capacity(built.len());
        // None only comes after an error somewhere, which this meets.
        for one in built.into_iter().flatten() {
            let (staged, kept) = one?;
            self.staging.add([staged]);
            all.push(kept);
        }
        Ok(all)
    }
}

/// What an object holds already, if there is one.
fn previous(
    object: &Path,
    kept: Vec<Kept>,
) -> Result<Option<(crate::ocfl::inventory::Inventory, Vec<Kept>)>> {
    if kept.is_empty() { Ok(None) } else { Ok(Some((write::read_inventory(object)?, kept))) }
}
