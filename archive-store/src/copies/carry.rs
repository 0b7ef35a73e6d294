//! Carrying objects from one storage root into another, file by file, each compared with its digest.
//!
//! A file that is in its place was renamed there whole, so what an earlier, interrupted copying has done
//! stands. The object's inventory goes last: where it is the one wanted, the object is complete.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use archive_core::model::ItemId;
use archive_core::text;
use archive_core::text::Text;
use rayon::prelude::*;
use rusqlite::Connection;

use super::CopyReport;
use crate::change::{OnProgress, Progress};
use crate::error::{Result, StoreError};
use crate::fixity::{FixityFault, FixityFinding};
use crate::ocfl::digest::{self, CopyError, Taken};
use crate::ocfl::inventory::{self, Inventory};
use crate::ocfl::layout;
use crate::safe_file;

/// An object to be carried: whose, and up to which version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) item: ItemId,
    /// The version the catalogue knows; an object without files in the catalogue goes as it stands.
    pub(super) head: Option<u32>,
}

impl Wanted {
    pub(super) fn path(&self) -> String {
        layout::object_path(&layout::object_id(self.item))
    }
}

/// The objects a catalogue knows: one an item that has files, or had them.
pub(super) fn wanted(connection: &Connection) -> Result<Vec<Wanted>> {
    let mut statement = connection.prepare(
        "SELECT item.id, file.content_path FROM item LEFT JOIN file ON file.item = item.id ORDER BY item.id",
    )?;
    let mut rows = statement.query([])?;
    let mut all: BTreeMap<u64, Option<u32>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let content: Option<String> = row.get(1)?;
        let version = content.and_then(|path| inventory::version_number(path.split('/').next()?));
        let known = all.entry(row.get(0)?).or_default();
        *known = (*known).max(version);
    }
    Ok(all.into_iter().map(|(item, head)| Wanted { item: ItemId(item), head }).collect())
}

/// Told of every file written, with its digests.
pub(super) type OnWritten<'a> = &'a (dyn Fn(&Path, &Taken) + Sync);

/// One carrying of many objects.
pub(super) struct Carrying<'a> {
    from: &'a Path,
    to: &'a Path,
    /// The folder that findings name paths from.
    above: &'a Path,
    of_files: u64,
    progress: OnProgress<'a>,
    written: OnWritten<'a>,
    files: AtomicU64,
    bytes: AtomicU64,
    copied: AtomicU64,
    kept: AtomicU64,
    findings: Mutex<Vec<FixityFinding>>,
}

impl<'a> Carrying<'a> {
    /// From one storage root into another.
    pub(super) fn new(
        from: &'a Path,
        to: &'a Path,
        progress: OnProgress<'a>,
        written: OnWritten<'a>,
    ) -> Self {
        Self {
            from,
            to,
            above: from.parent().unwrap_or(from),
            of_files: 0,
            progress,
            written,
            files: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            copied: AtomicU64::new(0),
            kept: AtomicU64::new(0),
            findings: Mutex::default(),
        }
    }

    /// Carries them all, on all cores, and makes them durable.
    pub(super) fn carry(mut self, wanted: &[Wanted]) -> Result<CopyReport> {
        self.of_files = wanted.len() as u64;
        wanted.par_iter().try_for_each(|object| {
            self.carry_one(object)?;
            self.files.fetch_add(1, Ordering::Relaxed);
            self.tell();
            Ok::<_, StoreError>(())
        })?;
        safe_file::flush_staged(self.to)?;
        let mut findings = self.findings.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        findings.sort();
        Ok(CopyReport {
            objects_copied: self.copied.into_inner(),
            objects_kept: self.kept.into_inner(),
            objects_removed: 0,
            bytes_copied: self.bytes.into_inner(),
            findings,
        })
    }

    fn tell(&self) {
        (self.progress)(Progress {
            files: self.files.load(Ordering::Relaxed),
            of_files: self.of_files,
            bytes: self.bytes.load(Ordering::Relaxed),
        });
    }

    fn note(&self, path: &Path, fault: FixityFault, item: ItemId, message: Text) {
        let path = path.strip_prefix(self.above).unwrap_or(path).to_string_lossy().into_owned();
        let finding = FixityFinding { path, fault, item: Some(item), message };
        self.findings.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(finding);
    }

    fn carry_one(&self, wanted: &Wanted) -> Result<()> {
        let (from, to) = (self.from.join(wanted.path()), self.to.join(wanted.path()));
        if !from.is_dir() {
            if wanted.head.is_some() {
                let gone = Text::fixed("整个对象不在", "the whole object is missing");
                self.note(&from, FixityFault::Missing, wanted.item, gone);
            }
            return Ok(());
        }
        let Some((bytes, inventory)) = inventory_of(&from, wanted) else {
            let unreadable = Text::fixed("对象的清单已损坏", "the object's inventory is damaged");
            self.note(&from.join(inventory::NAME), FixityFault::Changed, wanted.item, unreadable);
            return Ok(());
        };
        let versions: Vec<&str> = inventory.versions.keys().map(String::as_str).collect();
        let told = versions.iter().all(|version| to.join(version).join(inventory::NAME).is_file());
        if told && safe_file::read(&to.join(inventory::NAME)).is_ok_and(|there| there == bytes) {
            self.kept.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
        // Content that was destroyed is destroyed in the copy, too: then the versions before are not the same.
        if versions.iter().any(|version| differs(&from.join(version), &to.join(version))) {
            safe_file::overwrite(&to)?;
            safe_file::remove(&to)?;
        }
        self.copied.fetch_add(1, Ordering::Relaxed);
        let mut whole = true;
        for (sha512, paths) in &inventory.manifest {
            for path in paths {
                whole &= self.carry_file(wanted.item, &from.join(path), &to.join(path), sha512)?;
            }
        }
        for version in versions {
            let folder = from.join(version);
            // The last version's is the object's own. An older one that is damaged is left out, and looked for again next time.
            let own =
                if version == inventory.head { Some(bytes.clone()) } else { version_of(&folder, &inventory) };
            if let Some(own) = own {
                self.put_inventory(&to.join(version), &own)?;
            } else {
                let damaged = Text::fixed("这个版本的清单已损坏", "the version's inventory is damaged");
                self.note(&folder.join(inventory::NAME), FixityFault::Changed, wanted.item, damaged);
            }
        }
        if whole {
            let (name, declaration) = inventory::DECLARATION;
            self.put(&to.join(name), declaration)?;
            self.put_inventory(&to, &bytes)?;
        }
        Ok(())
    }

    fn put_inventory(&self, folder: &Path, bytes: &[u8]) -> Result<()> {
        self.put(&folder.join(inventory::SIDECAR), inventory::sidecar(bytes).as_bytes())?;
        self.put(&folder.join(inventory::NAME), bytes)
    }

    /// Carries one file if it isn't there; false if it can't be had as it should be.
    fn carry_file(&self, item: ItemId, from: &Path, to: &Path, sha512: &str) -> Result<bool> {
        if to.is_file() {
            return Ok(true);
        }
        match copy_as(from, to, sha512, &|_| ()) {
            Ok(taken) => {
                self.bytes.fetch_add(taken.bytes, Ordering::Relaxed);
                (self.written)(to, &taken);
                self.tell();
                Ok(true)
            }
            Err(Refused::Target(error)) => Err(error),
            Err(Refused::Source(fault, message)) => {
                self.note(from, fault, item, message);
                Ok(false)
            }
        }
    }

    fn put(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        safe_file::put_staged(path, bytes)?;
        let taken =
            Taken { sha512: digest::sha512(bytes), sha256: digest::sha256(bytes), bytes: bytes.len() as u64 };
        (self.written)(path, &taken);
        Ok(())
    }
}

/// Why a file was not copied.
pub(super) enum Refused {
    /// It isn't what it should be, or can't be read.
    Source(FixityFault, Text),
    /// The copy can't be written: then nothing can.
    Target(StoreError),
}

/// Copies a file beside its place, compares its digest, and renames it there.
pub(super) fn copy_as(
    from: &Path,
    to: &Path,
    sha512: &str,
    passed: &dyn Fn(u64),
) -> std::result::Result<Taken, Refused> {
    let unreadable = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Refused::Source(FixityFault::Missing, Text::fixed("文件不在", "it isn't there"))
        }
        _ => Refused::Source(
            FixityFault::Unreadable,
            text!("无法读取（{error}）", "it can't be read ({error})"),
        ),
    };
    let target = |error| Refused::Target(StoreError::io(to, error));
    let mut source = safe_file::open(from).map_err(unreadable)?;
    if let Some(folder) = to.parent() {
        safe_file::folder(folder).map_err(Refused::Target)?;
    }
    let beside = safe_file::beside(to);
    let mut copy = safe_file::open_new(&beside).map_err(target)?;
    let taken = digest::copy(&mut source, &mut copy, passed);
    let refused = match taken {
        Ok(taken) if sha512.eq_ignore_ascii_case(&taken.sha512) => {
            safe_file::finish_staged(&copy, &beside).map_err(Refused::Target)?;
            drop(copy);
            safe_file::rename_staged(&beside, to).map_err(Refused::Target)?;
            return Ok(taken);
        }
        Ok(_) => Refused::Source(
            FixityFault::Changed,
            Text::fixed("内容与摘要不符", "its bytes are not those its digest tells"),
        ),
        Err(CopyError::Reading(error)) => unreadable(error),
        Err(CopyError::Writing(error)) => target(error),
    };
    let _ = fs::remove_file(&beside);
    Err(refused)
}

/// Whether a version is there on both sides and not the same.
fn differs(from: &Path, to: &Path) -> bool {
    match (safe_file::read(&from.join(inventory::NAME)), safe_file::read(&to.join(inventory::NAME))) {
        (Ok(one), Ok(other)) => one != other,
        // Nothing of it was carried yet, or it was interrupted before its inventory.
        _ => false,
    }
}

/// The inventory that an older version of an object kept, if it is sound.
fn version_of(folder: &Path, object: &Inventory) -> Option<Vec<u8>> {
    let (bytes, older) = inventory::sound(folder)?;
    let named = folder.file_name()?.to_str()?;
    (older.id == object.id && older.head == named).then_some(bytes)
}

/// The inventory of the wanted version, as it stands, if it is sound.
fn inventory_of(object: &Path, wanted: &Wanted) -> Option<(Vec<u8>, Inventory)> {
    let own = inventory::sound(object);
    match wanted.head {
        Some(head) if own.as_ref().is_none_or(|(_, inventory)| inventory.head != format!("v{head}")) => {
            inventory::sound(&object.join(format!("v{head}")))
        }
        _ => own,
    }
}
