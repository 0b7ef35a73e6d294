//! Repair (修复): putting back what fixity found wrong, from wherever a good copy is to be had.
//!
//! Each file is compared with the digest the catalogue has for it, so it doesn't matter where a copy comes
//! from. What doesn't belong in the storage root is moved to `quarantine/`, never deleted. Each step leaves the repository
//! no worse than it was, so an interrupted repair is simply begun again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use archive_core::model::ItemId;
use archive_core::text::Text;
use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use serde_json::json;

use super::backup::{self, snapshot};
use super::begun::Begun;
use super::carry::wanted;
use super::supply::{Lost, Supply};
use crate::audit::Act;
use crate::catalogue::{self, Sharing};
use crate::change::{Change, OnProgress};
use crate::error::{Result, StoreError};
use crate::files::StoredFile;
use crate::fixity::{FixityFault, FixityFinding};
use crate::lock::WriteLock;
use crate::ocfl::digest::{self, Algorithm};
use crate::ocfl::inventory::{self, Inventory};
use crate::ocfl::layout;
use crate::ocfl::write;
use crate::repository::{CATALOGUE, QUARANTINE, Repository};
use crate::safe_file;
use crate::sum;

/// What repairing came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RepairReport {
    /// What was wrong and isn't any more.
    pub mended: Vec<FixityFinding>,
    /// What is still wrong: no good copy was found.
    pub left: Vec<FixityFinding>,
    /// What was moved to `quarantine/`, as it lay before, relative to the repository.
    pub moved_away: Vec<String>,
}

impl Repository {
    /// Reads everything again and puts back what is wrong from the folders in `from`: backups, exports, other
    /// repositories, packages (unpacked), or scans.
    ///
    /// Afterwards only what was found wrong is read again. What the same bytes lie elsewhere in this repository for is mended without any of them.
    pub fn repair(
        &self,
        from: &[PathBuf],
        who: &str,
        now: DateTime<FixedOffset>,
        progress: OnProgress<'_>,
    ) -> Result<RepairReport> {
        let found = self.fixity(progress)?.findings;
        if found.is_empty() && !Begun::lies_in(&self.root) {
            return Ok(RepairReport::default());
        }
        let mut change = self.begin(who, "archive repair", now)?;
        let begun = Begun::write(self, found)?;
        let before = begun.findings().to_vec();
        let objects = self.objects();
        write::complete_root(&objects)?;
        let broken: BTreeSet<ItemId> = before.iter().filter_map(|finding| finding.item).collect();
        let mut files: BTreeMap<ItemId, Vec<StoredFile>> = BTreeMap::new();
        for item in &broken {
            files.insert(*item, self.files(*item)?);
        }
        let lengths = files.values().flatten().map(|file| file.bytes).collect();
        let supply = Supply::of(&objects, from, &lengths)?;
        let destroyed: BTreeSet<ItemId> =
            self.destroyed_items()?.into_iter().filter(|gone| gone.files > 0).map(|gone| gone.item).collect();
        let mut mending = Mending { repository: self, supply, begun };
        for (item, files) in &files {
            if destroyed.contains(item) {
                mending.tombstone(&mut change, *item)?;
            } else {
                mending.object(*item, files)?;
            }
        }
        let known: BTreeSet<PathBuf> =
            wanted(&self.connection)?.iter().map(|object| objects.join(object.path())).collect();
        for finding in before.iter().filter(|f| f.item.is_none() && f.fault == FixityFault::Extra) {
            // An empty folder may be where a lost object has just been put back.
            let extra = self.root.join(&finding.path);
            let mut inside = known.range(extra.clone()..).take_while(|object| object.starts_with(&extra));
            if !inside.any(|object| object.exists()) {
                mending.move_away(&extra)?;
            }
        }
        safe_file::flush_staged(&self.root)?;
        let left = self.fixity_again(&before, progress)?;
        let mended: Vec<FixityFinding> =
            before.into_iter().filter(|finding| left.binary_search(finding).is_err()).collect();
        let moved_away = mending.begun.moved_away(&self.root);
        if !mended.is_empty() || !moved_away.is_empty() {
            let paths: Vec<&str> = mended.iter().map(|finding| finding.path.as_str()).collect();
            let detail = json!({ "mended": paths, "moved_away": moved_away, "left": left.len() });
            change.record(&Act::Repair.about("objects", detail))?;
            change.commit()?;
        }
        mending.begun.done()?;
        Ok(RepairReport { mended, left, moved_away })
    }

    /// Whether a repair was begun and not ended: it is at work, or was stopped, and what it had mended isn't in the audit chain yet.
    pub fn repair_was_begun(&self) -> bool {
        Begun::lies_in(&self.root)
    }

    /// Puts the catalogue of a backup in the place of one that can't be read any more.
    ///
    /// What was entered since that backup is lost from the catalogue; the damaged one goes to `quarantine/`, and the
    /// scans that only it knew stay where they are.
    pub fn restore_catalogue(root: &Path, from: &Path, who: &str, now: DateTime<FixedOffset>) -> Result<()> {
        let _lock = WriteLock::take(root, who, "archive repair", now)?;
        let copy = backup::open(from)?;
        if let Some(problem) = copy.verify_audit(None)?.into_iter().next() {
            return Err(StoreError::CopyRefused { copy: from.to_path_buf(), reason: problem.message });
        }
        let fresh = root.join("catalogue.db.restored");
        safe_file::remove(&fresh)?;
        snapshot(&copy.connection, &fresh)?;
        let mut connection = backup::open_snapshot(&fresh)?;
        catalogue::keep_by_wal(&connection)?;
        catalogue::migrate(&mut connection)?;
        connection.close().map_err(|(_, error)| error)?;
        let away = free_name(&root.join(QUARANTINE).join(CATALOGUE));
        safe_file::folder(&root.join(QUARANTINE))?;
        for end in ["", "-wal", "-shm"] {
            let part = root.join(format!("{CATALOGUE}{end}"));
            if part.exists() {
                let mut target = away.as_os_str().to_owned();
                target.push(end);
                safe_file::rename(&part, Path::new(&target))?;
            }
        }
        sum::forget(root)?;
        safe_file::rename(&fresh, &root.join(CATALOGUE))?;
        let sharing = if catalogue::has_locks(root) { Sharing::Many } else { Sharing::One };
        sum::keep(root, &catalogue::open(root, sharing)?)
    }
}

struct Mending<'a> {
    repository: &'a Repository,
    supply: Supply,
    begun: Begun,
}

impl Mending<'_> {
    /// Puts one object right as far as that can be done.
    ///
    /// One that says of itself that its files were destroyed stays as it is, whatever an older catalogue says: what was
    /// destroyed doesn't come back (D5).
    fn object(&mut self, item: ItemId, files: &[StoredFile]) -> Result<()> {
        let place = layout::object_path(&layout::object_id(item));
        let object = self.repository.objects().join(&place);
        match self.inventory_for(item, files) {
            Some(inventory) if write::destroyed_by(&object).is_none() => {
                self.put_right(&place, files, inventory)
            }
            _ => Ok(()),
        }
    }

    /// Puts right what is left of a destroyed item: from a copy that is younger than the destruction, or anew from what the
    /// catalogue knows. A copy that is older still holds the files, and is no help (D5).
    fn tombstone(&mut self, change: &mut Change<'_>, item: ItemId) -> Result<()> {
        let id = layout::object_id(item);
        let place = layout::object_path(&id);
        let object = self.repository.objects().join(&place);
        let mut known: Vec<_> = self.supply.inventories(&place).filter(|(_, one)| one.id == id).collect();
        if let Some(at) = known.iter().position(|(_, inventory)| write::is_tombstone(inventory)) {
            self.put_right(&place, &[], known.swap_remove(at))?;
        }
        if write::destroyed_by(&object).is_some() {
            return Ok(());
        }
        let before = known.iter().map(|(_, inventory)| inventory).find(|one| !write::is_tombstone(one));
        let name = change.tombstone_anew(item, before)?;
        for entry in walkdir::WalkDir::new(&object).sort_by_file_name() {
            match entry {
                Ok(entry) if !entry.file_type().is_dir() => self.move_away(entry.path())?,
                _ => {}
            }
        }
        let _ = fs::remove_dir_all(&object);
        if let Some(folder) = object.parent() {
            safe_file::folder(folder)?;
        }
        safe_file::rename_staged(&change.staged_path(&name), &object)
    }

    /// Makes an object what the inventory says it is.
    fn put_right(
        &mut self,
        place: &str,
        files: &[StoredFile],
        (bytes, inventory): (Vec<u8>, Inventory),
    ) -> Result<()> {
        let object = self.repository.objects().join(place);
        let sha256: BTreeMap<&str, &str> =
            files.iter().map(|file| (file.sha512.as_str(), file.sha256.as_str())).collect();
        for (sha512, paths) in &inventory.manifest {
            for path in paths {
                let target = object.join(path);
                if has_digest(&target, sha512) {
                    continue;
                }
                let lost = Lost {
                    path: format!("{place}/{path}"),
                    sha512: sha512.clone(),
                    sha256: sha256.get(sha512.as_str()).map(|&digest| digest.to_owned()),
                };
                let twins = self.repository.twins(sha512, &target)?;
                self.clear_way(&target)?;
                self.supply.put_back(&lost, &twins, &target)?;
            }
        }
        for version in inventory.versions.keys() {
            let folder = object.join(version);
            let wanted = if *version == inventory.head {
                Some(bytes.clone())
            } else {
                self.supply
                    .inventories(&format!("{place}/{version}"))
                    .find(|(_, older)| older.id == inventory.id && older.head == *version)
                    .map(|(bytes, _)| bytes)
            };
            if let Some(bytes) = wanted {
                self.put_inventory(&folder, &bytes)?;
            }
        }
        let (name, declaration) = inventory::DECLARATION;
        self.clear_way(&object.join(name))?;
        safe_file::put_staged(&object.join(name), declaration)?;
        self.put_inventory(&object, &bytes)?;
        self.clear(&object, &inventory)
    }

    /// The inventory the object should have: sound, of this object, and with every file the catalogue has.
    fn inventory_for(&self, item: ItemId, files: &[StoredFile]) -> Option<(Vec<u8>, Inventory)> {
        let id = layout::object_id(item);
        let place = layout::object_path(&id);
        let object = self.repository.objects().join(&place);
        let content = |file: &StoredFile| {
            let path = file.path.strip_prefix(&object).unwrap_or(&file.path);
            path.to_string_lossy().replace('\\', "/")
        };
        let head = files
            .iter()
            .filter_map(|file| inventory::version_number(content(file).split('/').next()?))
            .max()
            .unwrap_or(1);
        let own_version = format!("{place}/v{head}");
        let fits = |(_, inventory): &(Vec<u8>, Inventory)| {
            inventory.id == id
                && files.iter().all(|file| {
                    let paths = inventory.manifest.get(&file.sha512);
                    paths.is_some_and(|paths| paths.contains(&content(file)))
                })
        };
        self.supply.inventories(&place).chain(self.supply.inventories(&own_version)).find(fits)
    }

    /// Writes an inventory and its sidecar where they differ.
    fn put_inventory(&mut self, folder: &Path, bytes: &[u8]) -> Result<()> {
        let sidecar = inventory::sidecar(bytes);
        for (name, bytes) in [(inventory::NAME, bytes), (inventory::SIDECAR, sidecar.as_bytes())] {
            let path = folder.join(name);
            if safe_file::read(&path).ok().as_deref() != Some(bytes) {
                self.clear_way(&path)?;
                safe_file::put_staged(&path, bytes)?;
            }
        }
        Ok(())
    }

    /// Moves away what stands in a file's place, or above it, and is none: a folder where a file should be, a link, a file where a
    /// folder should be.
    fn clear_way(&mut self, file: &Path) -> Result<()> {
        let is = |path: &Path, kind: fn(&fs::FileType) -> bool| {
            fs::symlink_metadata(path).is_ok_and(|about| kind(&about.file_type()))
        };
        if is(file, |kind| !kind.is_file()) {
            self.move_away(file)?;
        }
        let objects = self.repository.objects();
        for folder in file.ancestors().skip(1).take_while(|folder| *folder != objects) {
            if is(folder, |kind| !kind.is_dir()) {
                self.move_away(folder)?;
            }
        }
        Ok(())
    }

    /// Moves away what the inventory doesn't name.
    fn clear(&mut self, object: &Path, inventory: &Inventory) -> Result<()> {
        let mut named: BTreeSet<PathBuf> =
            inventory.manifest.values().flatten().map(|path| object.join(path)).collect();
        for folder in
            inventory.versions.keys().map(|version| object.join(version)).chain([object.to_path_buf()])
        {
            named.extend([inventory::NAME, inventory::SIDECAR].map(|name| folder.join(name)));
        }
        named.insert(object.join(inventory::DECLARATION.0));
        for entry in walkdir::WalkDir::new(object).sort_by_file_name() {
            let Ok(entry) = entry else { continue };
            if !entry.file_type().is_dir() && !named.contains(entry.path()) {
                self.move_away(entry.path())?;
            }
        }
        Ok(())
    }

    fn move_away(&mut self, path: &Path) -> Result<()> {
        let root = &self.repository.root;
        let relative = path.strip_prefix(root).unwrap_or(path);
        // What is gone needs no moving, and an empty folder no keeping.
        if fs::symlink_metadata(path).is_err() || fs::remove_dir(path).is_ok() {
            return Ok(());
        }
        let target = free_name(&root.join(QUARANTINE).join(relative));
        if let Some(folder) = target.parent() {
            safe_file::folder(folder)?;
        }
        self.begun.moves(relative, target.strip_prefix(root).unwrap_or(&target))?;
        safe_file::rename(path, &target)?;
        // A folder that held nothing else would be the next fault found.
        let objects = self.repository.objects();
        let mut above = path.parent();
        while let Some(folder) = above.filter(|folder| *folder != objects && fs::remove_dir(folder).is_ok()) {
            above = folder.parent();
        }
        Ok(())
    }
}

impl Repository {
    /// Other places in this repository where the same bytes lie.
    fn twins(&self, sha512: &str, than: &Path) -> Result<Vec<PathBuf>> {
        let mut statement =
            self.connection.prepare_cached("SELECT item, content_path FROM file WHERE sha512 = ?1")?;
        let mut rows = statement.query([sha512])?;
        let mut paths = Vec::new();
        while let Some(row) = rows.next()? {
            let (item, content): (u64, String) = (row.get(0)?, row.get(1)?);
            let path =
                self.objects().join(layout::object_path(&layout::object_id(ItemId(item)))).join(content);
            if path != than {
                paths.push(path);
            }
        }
        Ok(paths)
    }
}

fn has_digest(path: &Path, sha512: &str) -> bool {
    digest::of_file(path, Algorithm::Sha512).is_ok_and(|found| found.eq_ignore_ascii_case(sha512))
}

/// The path, or one with a number behind if something is there.
fn free_name(path: &Path) -> PathBuf {
    if !path.exists() {
        return path.to_path_buf();
    }
    (2..u32::MAX)
        .map(|number| {
            let mut name = path.as_os_str().to_owned();
            name.push(format!(".{number}"));
            PathBuf::from(name)
        })
        .find(|path| !path.exists())
        .unwrap_or_else(|| path.to_path_buf())
}

impl RepairReport {
    /// In a sentence.
    pub fn sentence(&self) -> Text {
        let (mended, left, away) = (self.mended.len(), self.left.len(), self.moved_away.len());
        archive_core::text!(
            "修复 {mended} 处，移入 quarantine {away} 个，仍有问题 {left} 处",
            "{mended} faults mended, {away} files moved to quarantine, {left} faults left"
        )
    }
}
