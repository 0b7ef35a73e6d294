//! One change: everything in it happens, or nothing.
//!
//! A change is begun with who makes it and when, holds the write lock while it lives, sees its own
//! writes through the repository it was begun on, and becomes true with [`Change::commit`]. Dropped
//! without that, it never was.

use std::cell::RefCell;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use archive_core::model::ItemId;
use archive_core::text::Text;
use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat};
use rayon::prelude::*;
use rusqlite::{Transaction, TransactionBehavior};
use serde::Serialize;
use serde_json::{Value, json};

use crate::audit::{self, Act, Deed, Stamp};
use crate::error::{Result, StoreError};
use crate::lock::WriteLock;
use crate::ocfl::digest::sha256;
use crate::ocfl::layout;
use crate::ocfl::write::{self, Kept, Making};
use crate::repository::{OBJECTS, Repository};
use crate::seal;
use crate::source::ItemFile;
use crate::staging::{self, Move, Staging};
use crate::sum;

/// A change in the making. Fields are dropped in this order: database, files, lock.
#[derive(Debug)]
pub struct Change<'r> {
    pub(crate) transaction: Transaction<'r>,
    staging: Staging,
    _lock: WriteLock,
    pub(crate) repository: &'r Repository,
    who: String,
    pub(crate) now: DateTime<FixedOffset>,
    recovered: Vec<Text>,
    /// What will stand in the audit chain. Written at commit, for its last entry says what the tables then hold.
    deeds: RefCell<Vec<Deed>>,
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

/// An object, or a version of one, built and ready to move in.
struct Built {
    moves: Move,
    kept: Vec<Kept>,
}

impl Repository {
    /// Begins a change: `who` makes it, by `command`, at `now`.
    ///
    /// `who` may be what the system calls a registered person; the change is then made under their name. Fails at
    /// once, naming the other, if somebody else is changing the repository, and if a register of people is kept
    /// and `who` isn't at work.
    pub fn begin(&self, who: &str, command: &str, now: DateTime<FixedOffset>) -> Result<Change<'_>> {
        self.begin_as(who, command, now, |repository| {
            repository.people()?.resolve_worker(who).map_err(StoreError::Nobody)
        })
    }

    /// Whether `who` may change anything: for work that takes hours before it writes what it learnt.
    pub fn may_change(&self, who: &str) -> Result<()> {
        self.people()?.resolve_worker(who).map(drop).map_err(StoreError::Nobody)
    }

    /// The same as [`Repository::begin`] where `name` says under whose name it is made, once the lock is held.
    pub(crate) fn begin_as(
        &self,
        who: &str,
        command: &str,
        now: DateTime<FixedOffset>,
        name: impl FnOnce(&Self) -> Result<String>,
    ) -> Result<Change<'_>> {
        let lock = WriteLock::take(&self.root, who, command, now)?;
        // Somebody may have been killed at work since this repository was opened.
        let recovered = staging::settle(&self.root, &self.connection)?;
        let who = name(self)?;
        let transaction = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
        seal::watch(&transaction)?;
        Ok(Change {
            transaction,
            staging: Staging::new(&self.root),
            _lock: lock,
            repository: self,
            who,
            now,
            recovered,
            deeds: RefCell::default(),
        })
    }
}

impl<'r> Change<'r> {
    /// The repository, as it would be after this change: its lists show what was written so far.
    pub const fn repository(&self) -> &'r Repository {
        self.repository
    }

    /// What was done on beginning about work of others that had been interrupted since the repository was
    /// opened.
    pub fn recovered(&self) -> &[Text] {
        &self.recovered
    }

    /// Makes it true. When this returns, it is on the disk; if it fails, it never was.
    pub fn commit(self) -> Result<()> {
        let Self { transaction, staging, _lock, repository, who, now, recovered: _, deeds } = self;
        write_down(&transaction, &Stamp { who: &who, now }, deeds.into_inner())?;
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
            // Done is done, even if the staging folder could not be removed: the next to open does that; a sum that could
            // not be kept is of an older state, and known by that.
            Ok(()) => {
                let _ = sum::keep(&repository.root, &repository.connection);
                Ok(())
            }
            // A commit can fail after it reached the disk; the count says whether it did.
            Err(_) if staging::changes(&repository.connection).is_ok_and(|count| count >= change) => Ok(()),
            Err(error) => settled.and(Err(error)),
        }
    }

    /// Records that a person let something through that a rule speaks against, and why (X2).
    pub fn let_through(&self, what: &str, reason: &str, codes: &[String]) -> Result<()> {
        self.record(&Act::LetThrough.about(what, json!({ "reason": reason, "volumes": codes })))
    }

    /// Records an act of a register: what was there before and what is there now, and why.
    pub(crate) fn record_act<T: Serialize>(
        &self,
        act: Act,
        subject: &str,
        why: &str,
        before: Option<&T>,
        after: Option<&T>,
    ) -> Result<()> {
        let written = |value: Option<&T>| value.map(crate::json::write).transpose();
        let (old, new) = (written(before)?, written(after)?);
        let value = |text: &Option<String>| text.as_deref().map(crate::json::read::<Value>).transpose();
        let detail = json!({ "reason": why, "before": value(&old)?, "after": value(&new)? });
        let digest = |text: String| sha256(text.as_bytes());
        self.record(&act.about(subject, detail).with_digests(old.map(digest), new.map(digest)))
    }

    /// To be appended to the audit chain at commit.
    #[allow(clippy::unnecessary_wraps)] // What its callers end with.
    pub(crate) fn record(&self, deed: &Deed) -> Result<()> {
        self.deeds.borrow_mut().push(deed.clone());
        Ok(())
    }

    /// A name for something that is about to be staged.
    pub(crate) fn stage_name(&mut self) -> Result<String> {
        self.staging.prepare()?;
        Ok(self.staging.next_name())
    }

    /// Where something staged under this name lies.
    pub(crate) fn staged_path(&self, name: &str) -> std::path::PathBuf {
        self.staging.path(name)
    }

    /// To be moved at commit.
    pub(crate) fn stage_move(&mut self, what: Move) {
        self.staging.add(what);
    }

    /// A file of the repository, to be overwritten and removed at commit.
    pub(crate) fn stage_erasure(&mut self, file: std::path::PathBuf) -> Result<()> {
        self.staging.prepare()?;
        self.staging.erase(file);
        Ok(())
    }

    /// Who makes the change.
    pub fn who(&self) -> &str {
        &self.who
    }

    /// The day.
    pub(crate) fn day(&self) -> NaiveDate {
        self.now.date_naive()
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
        if !intakes.is_empty() {
            self.staging.prepare()?;
        }
        let mut work = Vec::with_capacity(intakes.len());
        for intake in intakes {
            let object = layout::object_path(&layout::object_id(intake.item));
            let kept = self.kept(intake.item)?;
            if self.staging.holds(&object) {
                return Err(StoreError::Inconsistent {
                    reason: Text::fixed(
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
        let built: Vec<Option<Result<Built>>> = work
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
                Some(built.map(|(version, kept)| Built {
                    moves: Move { staged: name, object, version, replaces: false },
                    kept,
                }))
            })
            .collect();
        let mut all = Vec::with_capacity(built.len());
        // None only comes after an error somewhere, which this meets.
        for one in built.into_iter().flatten() {
            let Built { moves, kept } = one?;
            self.staging.add(moves);
            all.push(kept);
        }
        Ok(all)
    }
}

/// Writes the entries of a change, the last with the state of the tables. A change without a word of its own
/// that yet changed a row was the keeping of what files told.
fn write_down(transaction: &Transaction<'_>, stamp: &Stamp<'_>, mut deeds: Vec<Deed>) -> Result<()> {
    let state = seal::close(transaction)?;
    if deeds.is_empty() && state.is_some() {
        deeds.push(Act::Learn.about("files", json!({})));
    }
    let last = deeds.len().saturating_sub(1);
    let mut state = state;
    for (place, deed) in deeds.iter().enumerate() {
        let state = if place == last { state.take() } else { None };
        audit::append(transaction, stamp, deed, state)?;
    }
    Ok(())
}

/// What an object holds already, if there is one.
fn previous(
    object: &Path,
    kept: Vec<Kept>,
) -> Result<Option<(crate::ocfl::inventory::Inventory, Vec<Kept>)>> {
    if kept.is_empty() { Ok(None) } else { Ok(Some((write::read_inventory(object)?, kept))) }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use archive_core::model::{Institution, Item};

    use super::*;
    use crate::ocfl::validate::{Depth, validate_root};
    use crate::safe_file::failing::{Failing, Fault};
    use crate::{FileSource, ImportBatch, ItemFilter, Settings};

    /// Where the plug is pulled.
    #[derive(Debug, Clone, Copy)]
    enum Pulled {
        /// Everything staged, the journal not yet written.
        Staged,
        /// The journal written and so many of the moves done.
        Moved(usize),
        /// The same with none done, but a part of the folders for the next made.
        HalfMade,
        /// The database committed, the staging folder still there.
        Committed,
    }

    fn now() -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339("2005-03-01T09:00:00+08:00").unwrap()
    }

    fn file(dir: &Path, item: u64) -> ItemFile {
        let path = dir.join(format!("{item}.tif"));
        fs::write(&path, item.to_string()).unwrap();
        ItemFile {
            item: ItemId(item),
            name: "页.tif".into(),
            source: FileSource::Path(path),
            expected_sha256: None,
        }
    }

    fn batch(dir: &Path, name: &str) -> ImportBatch {
        ImportBatch {
            register_name: name.into(),
            register_digest: name.into(),
            items: (1..=3).map(|id| Item::new(ItemId(id), id.to_string())).collect(),
            files: (1..=3).map(|id| file(dir, id)).collect(),
        }
    }

    fn tree(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
        let mut all: Vec<_> = walkdir::WalkDir::new(root.join(OBJECTS))
            .into_iter()
            .map(|entry| entry.unwrap().into_path())
            .map(|path| (path.clone(), fs::read(&path).unwrap_or_default()))
            .collect();
        all.sort();
        all
    }

    /// Makes a change that adds three objects and a version to a fourth, and stops dead in its midst.
    fn pull(root: &Path, dir: &Path, at: Pulled) {
        let repository = Repository::open(root).unwrap();
        let mut change = repository.begin("x", "import", now()).unwrap();
        change.add_files(ItemId(1), &[file(dir, 9)], &|_| ()).unwrap();
        change.import(&batch(dir, "second"), &|_| ()).unwrap();
        let Change { transaction, staging, deeds, .. } = change;
        write_down(&transaction, &Stamp { who: "x", now: now() }, deeds.into_inner()).unwrap();
        transaction.execute("UPDATE repository SET changes = changes + 1", []).unwrap();
        let number = staging::changes(&transaction).unwrap();
        match at {
            Pulled::Staged => {}
            Pulled::Moved(count) => staging.move_in_some(number, count).unwrap(),
            Pulled::HalfMade => {
                staging.move_in_some(number, 0).unwrap();
                let next = layout::object_path(&layout::object_id(ItemId(4)));
                fs::create_dir_all(root.join(OBJECTS).join(&next[..7])).unwrap();
            }
            Pulled::Committed => {
                staging.move_in(number).unwrap();
                transaction.commit().unwrap();
            }
        }
        // Dead: nothing behind itself is cleaned up by the process.
        std::mem::forget(staging);
    }

    #[test]
    fn wherever_the_plug_is_pulled_the_repository_is_as_before_or_after() {
        let points = [Pulled::Staged, Pulled::HalfMade, Pulled::Committed]
            .into_iter()
            .chain((0..=4).map(Pulled::Moved));
        for at in points {
            let dir = tempfile::tempdir().unwrap();
            let root = dir.path().join("repository");
            let institution = Institution { name: "办公室".into(), fonds: "J019".into() };
            let settings = Settings::new(institution, "futian-2006");
            let repository = Repository::create(&root, &settings, "x", now()).unwrap();
            let mut change = repository.begin("x", "import", now()).unwrap();
            change.import(&batch(dir.path(), "first"), &|_| ()).unwrap();
            change.commit().unwrap();
            let before = tree(&root);
            drop(repository);

            pull(&root, dir.path(), at);

            let repository = Repository::open(&root).unwrap();
            assert_eq!(repository.recovered().len(), 1, "{at:?}");
            let items = repository.count_items(&ItemFilter::default()).unwrap();
            if matches!(at, Pulled::Committed) {
                assert_eq!((items, repository.files(ItemId(1)).unwrap().len()), (6, 2));
            } else {
                assert_eq!((items, repository.files(ItemId(1)).unwrap().len()), (3, 1), "{at:?}");
                assert_eq!(tree(&root), before, "{at:?}");
            }
            assert!(!root.join(staging::STAGING).exists());
            assert!(validate_root(&root.join(OBJECTS), Depth::Digests, &|_| ()).is_valid(), "{at:?}");
            assert!(repository.fixity(&|_| ()).unwrap().findings.is_empty(), "{at:?}");
            assert!(repository.verify_audit(None).unwrap().is_empty());
            assert!(Repository::open(&root).unwrap().recovered().is_empty(), "settled once is settled");
        }
    }

    /// A repository in which one item with two versions may be destroyed, and the number of the list.
    fn about_to_destroy(dir: &Path) -> (PathBuf, String) {
        use archive_core::appraisal::{Supervision, Target, Terms};

        let root = dir.join("repository");
        let institution = Institution { name: "办公室".into(), fonds: "J019".into() };
        let repository =
            Repository::create(&root, &Settings::new(institution, "futian-2006"), "x", now()).unwrap();
        let mut change = repository.begin("x", "import", now()).unwrap();
        let mut batch = batch(dir, "first");
        for item in &mut batch.items {
            (item.year, item.period) = (Some(1990), Some("10年".parse().unwrap()));
        }
        change.import(&batch, &|_| ()).unwrap();
        change.commit().unwrap();
        let mut change = repository.begin("x", "import", now()).unwrap();
        change.add_files(ItemId(1), &[file(dir, 9)], &|_| ()).unwrap();
        change.commit().unwrap();
        let change = repository.begin("x", "disposal", now()).unwrap();
        let number = change.new_destruction_list("J019", "", false).unwrap();
        let request = |id| crate::LineRequest {
            target: Target::Item(ItemId(id)),
            reason: "到期".into(),
            original: None,
            pages: 0,
        };
        change.add_to_destruction_list(&number, &[request(1), request(2)], Terms::default()).unwrap();
        change.commit().unwrap();
        let list = repository.destruction_list(&number).unwrap();
        let digest = repository.destruction_list_digest(&list, Terms::default()).unwrap();
        let change = repository.begin("y", "disposal", now()).unwrap();
        change.approve_destruction_list(&number, &digest, "", Terms::default()).unwrap();
        let supervisors = vec!["甲".to_owned(), "乙".to_owned()];
        let supervision = Supervision { supervisors, place: "厂".into(), time: "九时".into() };
        change.supervise_destruction(&number, &supervision).unwrap();
        change.commit().unwrap();
        (root, number)
    }

    #[test]
    fn wherever_the_plug_is_pulled_a_destruction_has_happened_whole_or_not_at_all() {
        use archive_core::appraisal::Terms;

        let points = [Pulled::Staged, Pulled::Committed].into_iter().chain((0..=2).map(Pulled::Moved));
        for at in points {
            let dir = tempfile::tempdir().unwrap();
            let (root, number) = about_to_destroy(dir.path());
            let before = tree(&root);
            {
                let repository = Repository::open(&root).unwrap();
                let mut change = repository.begin("x", "disposal", now()).unwrap();
                change.destroy(&number, Terms::default()).unwrap();
                let Change { transaction, staging, deeds, .. } = change;
                write_down(&transaction, &Stamp { who: "x", now: now() }, deeds.into_inner()).unwrap();
                transaction.execute("UPDATE repository SET changes = changes + 1", []).unwrap();
                let change = staging::changes(&transaction).unwrap();
                match at {
                    Pulled::Moved(count) => staging.move_in_some(change, count).unwrap(),
                    Pulled::Committed => {
                        staging.move_in(change).unwrap();
                        transaction.commit().unwrap();
                    }
                    Pulled::Staged | Pulled::HalfMade => {}
                }
                std::mem::forget(staging);
            }
            let repository = Repository::open(&root).unwrap();
            assert_eq!(repository.recovered().len(), 1, "{at:?}");
            let files = repository.files(ItemId(1)).unwrap().len();
            if matches!(at, Pulled::Committed) {
                assert_eq!((files, repository.destroyed_items().unwrap().len()), (0, 2));
                let after = tree(&root);
                assert!(after.iter().all(|(_, bytes)| bytes != b"1" && bytes != b"9" && bytes != b"2"));
                assert!(after.iter().any(|(_, bytes)| bytes == b"3"), "the third item is kept");
            } else {
                assert_eq!((files, repository.destroyed_items().unwrap().len()), (2, 0), "{at:?}");
                assert_eq!(tree(&root), before, "{at:?}");
            }
            assert!(!root.join(staging::STAGING).exists());
            assert!(validate_root(&root.join(OBJECTS), Depth::Digests, &|_| ()).is_valid(), "{at:?}");
            assert_eq!(repository.fixity(&|_| ()).unwrap().findings, [], "{at:?}");
            assert_eq!(repository.verify_audit(None).unwrap(), [], "{at:?}");
        }
    }

    /// What a disk that fails at one operation after another leaves behind, whatever the change was doing.
    #[test]
    fn wherever_the_disk_fails_the_repository_is_as_before_or_after_and_the_work_can_be_finished() {
        let mut points = 0;
        for fault in [Fault::Once, Fault::ForGood] {
            for after in 0.. {
                let dir = tempfile::tempdir().unwrap();
                let root = dir.path().join("repository");
                let institution = Institution { name: "办公室".into(), fonds: "J019".into() };
                let settings = Settings::new(institution, "futian-2006");
                let repository = Repository::create(&root, &settings, "x", now()).unwrap();
                let mut change = repository.begin("x", "import", now()).unwrap();
                change.import(&batch(dir.path(), "first"), &|_| ()).unwrap();
                change.commit().unwrap();
                let before = tree(&root);
                drop(repository);

                let failing = Failing::plan(&root, after, fault);
                let done = Repository::open(&root).and_then(|repository| {
                    let mut change = repository.begin("x", "import", now())?;
                    change.add_files(ItemId(1), &[file(dir.path(), 9)], &|_| ())?;
                    change.import(&batch(dir.path(), "second"), &|_| ())?;
                    change.commit()
                });
                let struck = failing.struck();
                drop(failing);

                let repository = Repository::open(&root).unwrap();
                let items = repository.count_items(&ItemFilter::default()).unwrap();
                assert!(
                    validate_root(&root.join(OBJECTS), Depth::Digests, &|_| ()).is_valid(),
                    "{fault:?} {after}"
                );
                assert_eq!(repository.fixity(&|_| ()).unwrap().findings, [], "{fault:?} {after}");
                if items == 3 {
                    assert!(done.is_err(), "{fault:?} {after}: what was said to be done is there");
                    assert_eq!(tree(&root), before, "{fault:?} {after}");
                    let mut change = repository.begin("x", "import", now()).unwrap();
                    change.import(&batch(dir.path(), "second"), &|_| ()).unwrap();
                    change.commit().unwrap();
                } else {
                    assert_eq!(items, 6, "{fault:?} {after}");
                }
                if !struck {
                    assert!(done.is_ok());
                    break;
                }
                points += 1;
            }
        }
        assert!(points > 60, "only {points} points: does everything still pass safe_file?");
    }
}
