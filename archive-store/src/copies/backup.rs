//! Backups (备份): on another disk, brought up to date by copying what is new, while others work.
//!
//! ```text
//! backup.json       when, and the head of the audit chain it reaches
//! catalogue.db      the catalogue at one moment (SQLite)
//! settings.toml     archive.toml
//! profile.toml      the office's own rules, if it has any
//! searches.json     searches people saved, if they did
//! text/             what was read of the files, brought along by who reads them
//! objects/          the files (OCFL 1.1)
//! ```
//!
//! The catalogue is taken first, at one moment, and the objects up to what it knows; so people may go on
//! working. A catalogue takes the place of the one before only if its audit chain holds, its seals hold,
//! and the chain goes on from where the backup was: a repository that was rolled back, tampered
//! with or exchanged doesn't overwrite the proof of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use archive_core::text;
use archive_core::text::Text;
use chrono::{DateTime, FixedOffset};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::carry::{Carrying, wanted};
use super::{Along, CopyReport};
use crate::audit::AuditHead;
use crate::catalogue::{self, Sharing};
use crate::change::OnProgress;
use crate::error::{Result, StoreError};
use crate::fixity::FixityReport;
use crate::lock::WriteLock;
use crate::ocfl::validate;
use crate::ocfl::write::create_root;
use crate::repository::{CATALOGUE, OBJECTS, Repository, SEARCHES, SETTINGS, TEXTS};
use crate::safe_file;
use crate::settings::Settings;
use crate::sum::{self, SUM};

/// Says that a folder is a backup, and of when.
pub(super) const STATE: &str = "backup.json";
/// `archive.toml`, under a name that makes no repository of the folder.
pub(super) const BACKUP_SETTINGS: &str = "settings.toml";
/// The office's own rules.
pub(super) const PROFILE: &str = "profile.toml";

const ABOUT: &str = "\
本文件夹是档案库的备份，请勿在其中改动。恢复：archive restore 本文件夹 新文件夹
objects 是 OCFL 1.1 存储根，catalogue.db 是 SQLite 数据库，没有本程序也能读取。

This folder is a backup of a repository; change nothing in it. To restore: archive restore THIS-FOLDER NEW-FOLDER
objects is an OCFL 1.1 storage root and catalogue.db a SQLite database: both can be read without this program.
";

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// When it was brought up to date (RFC 3339).
    pub(super) when: String,
    /// By whom.
    pub(super) who: String,
    /// How far the audit chain goes in it.
    pub(super) audit: AuditHead,
}

impl Repository {
    /// Brings the backup in `to` up to date, or begins one in a folder that is new or empty.
    ///
    /// Others may go on working: the backup is of the moment it began. What is damaged in the
    /// repository is named in the report and left out; the backup keeps what it had. `along` brings along what others keep
    /// beside the objects.
    pub fn back_up(
        &self,
        to: &Path,
        who: &str,
        now: DateTime<FixedOffset>,
        progress: OnProgress<'_>,
        along: Along<'_>,
    ) -> Result<CopyReport> {
        let before = begin(to, &self.root)?;
        let _lock = WriteLock::take(to, who, "archive backup", now)?;
        let fresh = to.join("catalogue.db.new");
        safe_file::remove(&fresh)?;
        snapshot(&self.connection, &fresh)?;
        let copy = Self::of_parts(to, self.settings.clone(), open_snapshot(&fresh)?);
        let mut problems: Vec<Text> =
            copy.verify_audit(before.as_ref())?.into_iter().map(|problem| problem.message).collect();
        problems.extend(catalogue::own_check(&copy.connection)?);
        if let Some(reason) = problems.into_iter().next() {
            drop(copy);
            safe_file::remove(&fresh)?;
            return Err(StoreError::CopyRefused { copy: to.to_path_buf(), reason });
        }
        let objects = to.join(OBJECTS);
        if !objects.is_dir() {
            create_root(&objects)?;
        }
        let wanted = wanted(&copy.connection)?;
        let source = self.objects();
        let mut report = Carrying::new(&source, &objects, progress, &|_, _| ()).carry(&wanted)?;
        let audit = copy.audit_head()?;
        copy.connection.close().map_err(|(_, error)| error)?;
        let known: BTreeSet<String> = wanted.iter().map(super::carry::Wanted::path).collect();
        for extra in validate::survey(&objects).objects {
            if !known.contains(&extra) {
                safe_file::remove(&objects.join(&extra))?;
                report.objects_removed += 1;
            }
        }
        self.put_beside(to)?;
        report.take_along(along, &self.root, to)?;
        let settings = self.root.join(SETTINGS);
        let bytes = fs::read(&settings).map_err(StoreError::at(&settings))?;
        safe_file::put_staged(&to.join(BACKUP_SETTINGS), &bytes)?;
        safe_file::put_staged(&to.join("README.txt"), ABOUT.as_bytes())?;
        safe_file::flush_staged(to)?;
        safe_file::rename(&fresh, &to.join(CATALOGUE))?;
        let state = State { when: now.to_rfc3339(), who: who.to_owned(), audit };
        let state = serde_json::to_vec_pretty(&state).map_err(|error| StoreError::io(to, error.into()))?;
        safe_file::write(&to.join(STATE), &state)?;
        sum::keep(to, &open_snapshot(&to.join(CATALOGUE))?)?;
        Ok(report)
    }

    /// Copies what the office wrote besides, if it did: its own rules, its saved searches.
    pub(super) fn put_beside(&self, to: &Path) -> Result<()> {
        for (from, name) in [(self.settings.profile.as_str(), PROFILE), (SEARCHES, SEARCHES)] {
            let path = self.root.join(from);
            if path.is_file() {
                let bytes = fs::read(&path).map_err(StoreError::at(&path))?;
                safe_file::put_staged(&to.join(name), &bytes)?;
            }
        }
        Ok(())
    }

    /// A repository of parts that lie elsewhere than usual: a copy, to be read.
    pub(super) fn of_parts(root: &Path, settings: Settings, connection: Connection) -> Self {
        Self { root: root.to_path_buf(), settings, connection, recovered: Vec::new(), presence: None }
    }
}

/// Reads a whole backup again and names what is wrong with it.
pub fn check_backup(dir: &Path, progress: OnProgress<'_>) -> Result<FixityReport> {
    open(dir)?.fixity(progress)
}

/// A backup, to be read.
pub(super) fn open(dir: &Path) -> Result<Repository> {
    let dir = std::path::absolute(dir).map_err(StoreError::at(dir))?;
    if state(&dir)?.is_none() {
        return Err(StoreError::CopyRefused {
            copy: dir,
            reason: Text::fixed(
                "它不是备份，或备份没有做完",
                "it is no backup, or one that was never finished",
            ),
        });
    }
    let settings = Settings::read_file(&dir.join(BACKUP_SETTINGS))?;
    let connection = open_snapshot(&dir.join(CATALOGUE))?;
    Ok(Repository::of_parts(&dir, settings, connection))
}

/// What a backup says of itself; `None` where none was finished.
pub(super) fn state(dir: &Path) -> Result<Option<State>> {
    let path = dir.join(STATE);
    match safe_file::read(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::io(&path, error)),
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| StoreError::Damaged {
            path,
            reason: text!("无法读取：{error}", "it can't be read: {error}"),
        }),
    }
}

/// Looks at the folder a backup goes to: the head of the chain it has, if it is a backup.
fn begin(to: &Path, root: &Path) -> Result<Option<AuditHead>> {
    let refuse = |reason| Err(StoreError::CopyRefused { copy: to.to_path_buf(), reason });
    safe_file::folder(to)?;
    let (real_to, real_root) = (
        fs::canonicalize(to).map_err(StoreError::at(to))?,
        fs::canonicalize(root).map_err(StoreError::at(root))?,
    );
    if real_to.starts_with(&real_root) || real_root.starts_with(&real_to) {
        return refuse(Text::fixed(
            "备份不能放在档案库里面，也不能包着它",
            "a backup can't lie in the repository, nor around it",
        ));
    }
    if let Some(state) = state(to)? {
        return Ok(Some(state.audit));
    }
    // An empty folder, or a first backup that was interrupted.
    let ours = [STATE, OBJECTS, TEXTS, BACKUP_SETTINGS, PROFILE, SEARCHES, "README.txt"];
    for entry in fs::read_dir(to).map_err(StoreError::at(to))? {
        let name = entry.map_err(StoreError::at(to))?.file_name();
        let name = name.to_string_lossy();
        let begun = ["archive.lock", CATALOGUE, SUM].iter().any(|ours| name.starts_with(ours));
        // What was being put in its place, too.
        if !ours.contains(&name.strip_suffix(".new").unwrap_or(&name)) && !begun {
            return Err(StoreError::NotEmpty { dir: to.to_path_buf() });
        }
    }
    Ok(None)
}

/// The catalogue at this moment, in a file of its own that is on the disk.
pub(super) fn snapshot(connection: &Connection, to: &Path) -> Result<()> {
    // What a killed attempt left: its journal above all, which SQLite would take for this file's.
    for end in ["", "-journal", "-wal", "-shm"] {
        let mut left = to.as_os_str().to_owned();
        left.push(end);
        safe_file::remove(Path::new(&left))?;
    }
    // SQLite takes an empty file, and leaves it its rights.
    let file = safe_file::open_new(to).map_err(StoreError::at(to))?;
    let to_absolute = std::path::absolute(to).map_err(StoreError::at(to))?;
    connection.execute("VACUUM INTO ?1", [catalogue::unlocked_name(&to_absolute)])?;
    file.sync_all().map_err(StoreError::at(to))
}

/// A snapshot, to be read; an older one is brought to the present version in memory only by restoring it.
pub(super) fn open_snapshot(path: &Path) -> Result<Connection> {
    catalogue::open_file(path, Sharing::One)
}
