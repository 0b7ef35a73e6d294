//! All or nothing, across files and the database.
//!
//! A change builds its objects in `staging/`, out of everybody's sight. To commit, it writes down what
//! it is about to move (the journal, durable before the first move), moves, and commits the database.
//! The database's count of changes is the judge: if it has reached the journal's number, the change
//! happened and only the staging folder is left to remove; if not, the moves are undone. So a
//! crash at any point leaves the repository as it was before or after, and [`settle`] finds out which.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use archive_core::text;
use archive_core::text::Text;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::error::{Result, StoreError};
use crate::ocfl::inventory;
use crate::repository::OBJECTS;
use crate::safe_file;

/// The folder of what is not yet part of the repository.
pub(crate) const STAGING: &str = "staging";
const JOURNAL: &str = "journal.json";
/// Objects that were replaced, until the change is true; then they are overwritten and removed.
const OLD: &str = "old";

/// Room kept back while files are staged. On a full disk it is given up first, so that undoing never
/// fails for want of the little room it takes.
const BALLAST: &str = "ballast";
const BALLAST_BYTES: usize = 1 << 20;

/// What a change will move into the storage root, and which change it is.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Journal<'a> {
    /// The count of changes once this one is committed.
    change: i64,
    moves: Cow<'a, [Move]>,
    /// What is overwritten and removed once the change is true, relative to the repository.
    #[serde(default)]
    erased: Cow<'a, [PathBuf]>,
}

/// One object, or one version of it, that moves in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Move {
    /// The folder in `staging/`.
    pub(crate) staged: String,
    /// The object's path under the storage root.
    pub(crate) object: String,
    /// `v1` for a new object.
    pub(crate) version: String,
    /// Whether it takes the place of an object that is there: its contents were destroyed, and this is what
    /// is left of it. The old one moves into `staging/old/` until the change is true.
    #[serde(default)]
    pub(crate) replaces: bool,
}

impl Move {
    fn is_new(&self) -> bool {
        self.version == "v1" && !self.replaces
    }

    /// Where the object it replaces waits, in the staging folder.
    fn old(&self, staging: &Path) -> PathBuf {
        staging.join(OLD).join(&self.staged)
    }
}

/// The staging folder of one change; removed when dropped.
#[derive(Debug)]
pub(crate) struct Staging {
    root: PathBuf,
    moves: Vec<Move>,
    /// The objects something is staged for.
    held: HashSet<String>,
    erased: Vec<PathBuf>,
    next: usize,
}

impl Staging {
    /// Nothing staged yet.
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_path_buf(),
            moves: Vec::new(),
            held: HashSet::new(),
            erased: Vec::new(),
            next: 0,
        }
    }

    /// Makes the folder, with its ballast, if this change has not done so.
    pub(crate) fn prepare(&self) -> Result<()> {
        let staging = self.root.join(STAGING);
        safe_file::folder(&staging)?;
        let ballast = staging.join(BALLAST);
        if ballast.exists() {
            return Ok(());
        }
        // Not zeros: those take no room on a file system that compresses or leaves holes.
        let bytes: Vec<u8> = (0..BALLAST_BYTES as u64)
            .map(|place| (place.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8)
            .collect();
        safe_file::create_staged(&ballast, &bytes)
    }

    /// A name for the next folder, in groups of a thousand.
    pub(crate) fn next_name(&mut self) -> String {
        let name = format!("{:04}/{:03}", self.next / 1000, self.next % 1000);
        self.next += 1;
        name
    }

    /// Where a staged folder lies.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(STAGING).join(name)
    }

    /// To be moved at commit.
    pub(crate) fn add(&mut self, moves: Move) {
        self.held.insert(moves.object.clone());
        self.moves.push(moves);
    }

    /// A file to be overwritten and removed once the change is true, relative to the repository.
    pub(crate) fn erase(&mut self, file: PathBuf) {
        self.erased.push(file);
    }

    /// Whether a version for this object is staged already.
    pub(crate) fn holds(&self, object: &str) -> bool {
        self.held.contains(object)
    }

    /// Moves everything in, having written down what; `change` is the count that will make it true.
    pub(crate) fn move_in(&self, change: i64) -> Result<()> {
        self.move_in_some(change, self.moves.len())
    }

    /// Moves the first few in, having written down all: what is there when the plug is pulled.
    pub(crate) fn move_in_some(&self, change: i64, count: usize) -> Result<()> {
        if self.moves.is_empty() && self.erased.is_empty() {
            return Ok(());
        }
        let staging = self.root.join(STAGING);
        let objects = self.root.join(OBJECTS);
        // Looked at before the journal is written: what is undone must be ours.
        for staged in self.moves.iter().filter(|staged| staged.is_new()) {
            let object = objects.join(&staged.object);
            if object.exists() {
                return Err(StoreError::Damaged {
                    path: object,
                    reason: Text::fixed(
                        "数据库不知道的对象占了这个位置",
                        "an object the database knows nothing of stands in this place",
                    ),
                });
            }
        }
        let journal =
            Journal { change, moves: Cow::Borrowed(&self.moves), erased: Cow::Borrowed(&self.erased) };
        let bytes =
            serde_json::to_vec_pretty(&journal).map_err(|error| StoreError::io(&staging, error.into()))?;
        safe_file::flush_staged(&staging)?;
        safe_file::write(&staging.join(JOURNAL), &bytes)?;
        safe_file::sync_folder(&self.root)?;
        for staged in &self.moves[..count] {
            move_in(&staging, &objects, staged)?;
        }
        safe_file::flush_staged(&objects)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // A journal still there means that a commit went wrong: then `settle` must see it first.
        let staging = self.root.join(STAGING);
        if !staging.join(JOURNAL).exists() {
            let _ = fs::remove_dir_all(staging);
        }
    }
}

/// Moves one in; durable once everything staged is flushed.
fn move_in(staging: &Path, objects: &Path, what: &Move) -> Result<()> {
    let object = objects.join(&what.object);
    let staged = &staging.join(&what.staged);
    if what.replaces {
        let old = what.old(staging);
        if let Some(folder) = old.parent() {
            safe_file::folder(folder)?;
        }
        safe_file::rename_staged(&object, &old)?;
        return safe_file::rename_staged(staged, &object);
    }
    if what.is_new() {
        if let Some(parent) = object.parent() {
            safe_file::folder(parent)?;
        }
        return safe_file::rename_staged(staged, &object);
    }
    safe_file::rename_staged(&staged.join(&what.version), &object.join(&what.version))?;
    for name in [inventory::SIDECAR, inventory::NAME] {
        safe_file::rename_staged(&staged.join(name), &object.join(name))?;
    }
    Ok(())
}

fn undo(staging: &Path, objects: &Path, what: &Move) -> Result<()> {
    let object = objects.join(&what.object);
    if what.replaces {
        let old = what.old(staging);
        // Where the old object still stands in its place, nothing was moved, or it is back already.
        if old.exists() {
            safe_file::remove(&object)?;
            safe_file::rename(&old, &object)?;
        }
        return Ok(());
    }
    if what.is_new() {
        safe_file::remove(&object)?;
        // The folders above go too if nothing else is in them. The crash may have come while they were
        // being made, so one that isn't there doesn't end it; one that isn't empty stays by itself.
        let mut above = object.parent();
        while let Some(folder) = above.filter(|folder| *folder != objects) {
            match fs::remove_dir(folder) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => break,
                _ => above = folder.parent(),
            }
        }
        return Ok(());
    }
    let before = inventory::version_number(&what.version).unwrap_or(2) - 1;
    for name in [inventory::NAME, inventory::SIDECAR] {
        // Every version keeps a copy of the inventory it had.
        let copy = object.join(format!("v{before}")).join(name);
        let bytes = fs::read(&copy).map_err(StoreError::at(&copy))?;
        safe_file::write(&object.join(name), &bytes)?;
        safe_file::remove(&object.join(format!("{name}.new")))?;
    }
    safe_file::remove(&object.join(&what.version))?;
    safe_file::sync_folder(&object)
}

/// Overwrites and removes a file outside the staging folder, for good: also when it has been done before.
fn erase(file: &Path) -> Result<()> {
    safe_file::overwrite(file)?;
    safe_file::remove(file)?;
    match file.parent().filter(|folder| folder.exists()) {
        Some(folder) => safe_file::sync_folder(folder),
        None => Ok(()),
    }
}

/// Whether work was left behind that [`settle`] must look at.
pub(crate) fn is_left_behind(root: &Path) -> bool {
    root.join(STAGING).exists()
}

/// Gives up the room kept back: before anything is read or undone. The caller holds the write lock.
pub(crate) fn make_room(root: &Path) -> Result<()> {
    safe_file::remove(&root.join(STAGING).join(BALLAST))
}

/// Brings a repository whose last change ended badly to the state before or after it, and says what
/// was done. The caller holds the write lock.
pub(crate) fn settle(root: &Path, connection: &Connection) -> Result<Vec<Text>> {
    let staging = root.join(STAGING);
    if !staging.exists() {
        return Ok(Vec::new());
    }
    make_room(root)?;
    let journal_path = staging.join(JOURNAL);
    let said = match fs::read(&journal_path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Text::fixed(
            "上次中断的操作没有完成，其临时文件已清除，档案库未受影响",
            "an operation was interrupted before it was done; its temporary files were removed and the repository is as it was",
        ),
        Err(error) => return Err(StoreError::io(&journal_path, error)),
        Ok(bytes) => {
            let journal: Journal<'_> =
                serde_json::from_slice(&bytes).map_err(|error| StoreError::Damaged {
                    path: journal_path.clone(),
                    reason: text!("日志无法读取：{error}", "the journal can't be read: {error}"),
                })?;
            if changes(connection)? >= journal.change {
                for file in journal.erased.iter() {
                    erase(&root.join(file))?;
                }
                if journal.moves.iter().any(|what| what.replaces) {
                    // What was destroyed is overwritten before it is removed, and so is the database's log.
                    safe_file::overwrite(&staging.join(OLD))?;
                    crate::catalogue::empty_log(connection)?;
                }
                Text::fixed(
                    "上次的操作在完成之后被中断，结果完整保留，其临时文件已清除",
                    "an operation was interrupted after it was done; its result is complete and its temporary files were removed",
                )
            } else {
                let objects = root.join(OBJECTS);
                for what in journal.moves.iter().rev() {
                    undo(&staging, &objects, what)?;
                }
                safe_file::sync_folder(&objects)?;
                let count = journal.moves.len();
                text!(
                    "上次的操作在完成之前被中断，已写入的 {count} 个对象全部撤回，档案库恢复原样",
                    "an operation was interrupted before it was done; the {count} objects it had written were taken back and the repository is as it was"
                )
            }
        }
    };
    // The journal goes last but for the empty folder: a second crash here finds it again.
    for entry in fs::read_dir(&staging).map_err(StoreError::at(&staging))? {
        let path = entry.map_err(StoreError::at(&staging))?.path();
        if path != journal_path {
            safe_file::remove(&path)?;
        }
    }
    safe_file::remove(&staging)?;
    safe_file::sync_folder(root)?;
    Ok(vec![said])
}

/// How many changes were ever committed.
pub(crate) fn changes(connection: &Connection) -> Result<i64> {
    Ok(connection.query_row("SELECT changes FROM repository", [], |row| row.get(0))?)
}
