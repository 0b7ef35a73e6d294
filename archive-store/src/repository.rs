//! A repository on disk: making one, finding one, opening one.
//!
//! ```text
//! archive.toml      whose it is, by which rules
//! catalogue.db      descriptions, arrangement, numbers, transfers, audit chain (SQLite)
//! catalogue.sum     the checksum of its file
//! objects/          the files (OCFL 1.1)
//! searches.json     searches people saved; not this crate's
//! index/, text/     derived; not this crate's
//! archive.lock*     who is writing
//! quarantine/       what repair moved out of the way: there only if it had to
//! repair.begun      what a repair has found: there only while it is at work, or was interrupted
//! staging/          what is not yet part of it: there only while somebody writes
//! ```
//!
//! Opening only reads, unless the last writer was killed: then its work is settled first
//! ([`Repository::recovered`] says what was done). Writing is done through a
//! [`Change`](crate::Change).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use archive_core::text::Text;
use chrono::{DateTime, FixedOffset};
use rusqlite::Connection;
use serde_json::json;

use crate::audit::{self, Act};
use crate::catalogue::{self, Sharing};
use crate::error::{Result, StoreError};
use crate::lock::WriteLock;
use crate::ocfl::write::create_root;
use crate::presence::{self, Presence};
use crate::safe_file;
use crate::seal;
use crate::settings::Settings;
use crate::staging;
use crate::sum;

/// The settings.
pub(crate) const SETTINGS: &str = "archive.toml";
/// The database.
pub(crate) const CATALOGUE: &str = "catalogue.db";
/// The OCFL storage root.
pub(crate) const OBJECTS: &str = "objects";
/// Searches people saved: kept by others, and copied along.
pub(crate) const SEARCHES: &str = "searches.json";
/// What was read of the files: kept by others, and brought along by them.
pub(crate) const TEXTS: &str = "text";
/// Where repair puts what doesn't belong, out of the way.
pub(crate) const QUARANTINE: &str = "quarantine";

/// A repository, open for reading.
#[derive(Debug)]
pub struct Repository {
    pub(crate) root: PathBuf,
    pub(crate) settings: Settings,
    pub(crate) connection: Connection,
    pub(crate) recovered: Vec<Text>,
    /// On a network drive: being the only program there. Dropped last, when the database is closed.
    pub(crate) presence: Option<Arc<Presence>>,
}

impl Repository {
    /// Makes a repository in `dir`, which doesn't exist or is empty, and opens it.
    ///
    /// It is built beside its place and renamed into it: an interrupted attempt leaves no half repository.
    pub fn create(dir: &Path, settings: &Settings, who: &str, now: DateTime<FixedOffset>) -> Result<Self> {
        let dir = std::path::absolute(dir).map_err(StoreError::at(dir))?;
        safe_file::build_folder(&dir, |partial| Self::build(partial, settings, who, now))?;
        Self::open(&dir)
    }

    fn build(root: &Path, settings: &Settings, who: &str, now: DateTime<FixedOffset>) -> Result<()> {
        create_root(&root.join(OBJECTS))?;
        let mut connection = catalogue::create(root)?;
        let transaction = connection.transaction()?;
        seal::watch(&transaction)?;
        let institution = &settings.institution;
        transaction.execute(
            "INSERT INTO fonds (code, institution) VALUES (?1, ?2)",
            (&institution.fonds, &institution.name),
        )?;
        audit::append(
            &transaction,
            &audit::Stamp { who, now },
            &Act::Create.about(
                &institution.fonds,
                json!({ "institution": institution.name, "profile": settings.profile }),
            ),
            seal::close(&transaction)?,
        )?;
        transaction.execute("UPDATE repository SET changes = 1", [])?;
        transaction.commit()?;
        sum::keep(root, &connection)?;
        connection.close().map_err(|(_, error)| error)?;
        settings.fitted(root).write(root)
    }

    /// The repository that `start` lies in: this folder or one above it.
    pub fn find(start: &Path) -> Result<PathBuf> {
        let from = std::path::absolute(start).map_err(StoreError::at(start))?;
        from.ancestors()
            .find(|folder| folder.join(SETTINGS).is_file())
            .map(Path::to_path_buf)
            .ok_or_else(|| StoreError::NotARepository { start: start.to_path_buf() })
    }

    /// Opens the repository in `dir` itself.
    ///
    /// If the last writer was killed, its work is first completed or undone; a catalogue of an older
    /// version is brought to the present one.
    pub fn open(dir: &Path) -> Result<Self> {
        if !dir.join(SETTINGS).is_file() {
            return Err(StoreError::NotARepository { start: dir.to_path_buf() });
        }
        let root = std::path::absolute(dir).map_err(StoreError::at(dir))?;
        let settings = Settings::read(&root)?;
        let alone = settings.one_at_a_time || presence::is_remote(&root);
        let presence = alone.then(|| Presence::take(&root)).transpose()?;
        let nobody = DateTime::UNIX_EPOCH.fixed_offset();
        let take_lock = || WriteLock::take(&root, "", "open", nobody);
        let left_behind = if staging::is_left_behind(&root) {
            match take_lock() {
                Ok(lock) => {
                    // On a full disk even reading the database may want room.
                    staging::make_room(&root)?;
                    Some(lock)
                }
                // Not left behind: somebody is at work, and a reader may read.
                Err(StoreError::Busy { .. }) => None,
                Err(error) => return Err(error),
            }
        } else {
            None
        };
        let sharing = match &presence {
            Some(presence) if !presence.has_locks => Sharing::One,
            _ => Sharing::Many,
        };
        let mut connection = catalogue::open(&root, sharing)?;
        let mut recovered = Vec::new();
        if let Some(_lock) = left_behind {
            recovered = staging::settle(&root, &connection)?;
        }
        if catalogue::is_old(&connection)? {
            let _lock = take_lock()?;
            // A step changes the file and is no change of the repository.
            sum::forget(&root)?;
            catalogue::migrate(&mut connection)?;
            sum::keep(&root, &connection)?;
        }
        Ok(Self { root, settings, connection, recovered, presence })
    }

    /// Whether this program may open it a second time while this is open: not on a drive that refuses locks.
    pub fn may_be_shared(&self) -> bool {
        self.presence.as_ref().is_none_or(|presence| presence.has_locks)
    }

    /// The folder it lies in.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Its settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The code of the institution's own fonds (全宗号).
    pub fn own_fonds(&self) -> &str {
        &self.settings.institution.fonds
    }

    /// What was done on opening about work that had been interrupted.
    pub fn recovered(&self) -> &[Text] {
        &self.recovered
    }

    /// The folder of OCFL objects.
    pub fn objects(&self) -> PathBuf {
        self.root.join(OBJECTS)
    }
}
