//! What repair moved out of the way, and is the same bytes: copies of destroyed files in `quarantine/` (D5).
//!
//! Repair deletes nothing: what doesn't belong in the storage root it moves to `quarantine/`, whatever it is. When a
//! record is destroyed, a copy of it there must go as well. Told by its bytes, wherever it lies and whatever it
//! is called; and whatever was found in the object's own folder goes with the object, for a damaged or half-written
//! page is not its own digest but is still legible. Other strays stay: they are nobody's on the list.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use archive_core::model::ItemId;

use crate::change::Change;
use crate::error::{Result, StoreError};
use crate::ocfl::digest::{self, Algorithm};
use crate::ocfl::layout;
use crate::repository::{OBJECTS, QUARANTINE};

impl Change<'_> {
    /// Marks what `quarantine/` holds of destroyed items to be overwritten and removed at commit, and gives how
    /// many files that is.
    pub(super) fn destroy_remnants(&mut self, items: &[ItemId]) -> Result<u64> {
        let root = self.repository.root.clone();
        let quarantine = root.join(QUARANTINE);
        if !quarantine.exists() {
            return Ok(0);
        }
        let gone = self.destroyed_contents(items)?;
        let own: Vec<PathBuf> = items
            .iter()
            .map(|item| quarantine.join(OBJECTS).join(layout::object_path(&layout::object_id(*item))))
            .collect();
        let mut count = 0;
        for entry in walkdir::WalkDir::new(&quarantine).sort_by_file_name() {
            let entry = entry.map_err(|error| StoreError::io(&quarantine, error.into()))?;
            if !entry.file_type().is_file() {
                continue;
            }
            let path = entry.path();
            let length = fs::metadata(path).map_err(StoreError::at(path))?.len();
            let same = || gone.get(&length).map_or(Ok(false), |digests| is_one_of(path, digests));
            if own.iter().any(|object| path.starts_with(object)) || same()? {
                let relative = path.strip_prefix(&root).unwrap_or(path).to_path_buf();
                self.stage_erasure(relative)?;
                count += 1;
            }
        }
        Ok(count)
    }

    /// SHA-512 of what these items had, by length: few files of a quarantine have to be read at all.
    fn destroyed_contents(&self, items: &[ItemId]) -> Result<BTreeMap<u64, BTreeSet<String>>> {
        let mut gone: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
        let mut statement =
            self.transaction.prepare_cached("SELECT bytes, sha512 FROM destroyed_file WHERE item = ?1")?;
        for ItemId(item) in items {
            let rows =
                statement.query_map([item], |row| Ok((row.get::<_, u64>(0)?, row.get::<_, String>(1)?)))?;
            for row in rows {
                let (bytes, sha512) = row?;
                gone.entry(bytes).or_default().insert(sha512.to_ascii_lowercase());
            }
        }
        Ok(gone)
    }
}

fn is_one_of(path: &Path, sha512: &BTreeSet<String>) -> Result<bool> {
    let found = digest::of_file(path, Algorithm::Sha512).map_err(StoreError::at(path))?;
    Ok(sha512.contains(&found.to_ascii_lowercase()))
}
