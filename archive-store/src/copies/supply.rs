//! Where a good copy of a file may be had: a backup, an export, another repository, a package, a folder of scans.
//!
//! In the first three an object lies where it lies in the repository. In a package the manifest says which
//! file has which digest. In any other folder the files of the wanted length are read and hashed, once.
//! Whatever is offered is compared with its digest again when it is taken.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::carry::{Refused, copy_as};
use super::export::DATA;
use crate::error::{Result, StoreError};
use crate::ocfl::digest::{self, Algorithm};
use crate::ocfl::inventory::{self, Inventory};
use crate::repository::OBJECTS;

/// A file that is to be put back.
#[derive(Debug, Clone)]
pub(super) struct Lost {
    /// Relative to a storage root.
    pub(super) path: String,
    pub(super) sha512: String,
    /// Known for the files people gave, not for those the program wrote beside them.
    pub(super) sha256: Option<String>,
}

/// Several places to look in.
#[derive(Debug, Default)]
pub(super) struct Supply {
    /// Storage roots, our own first.
    roots: Vec<PathBuf>,
    /// Files by sha256.
    loose: BTreeMap<String, PathBuf>,
}

impl Supply {
    /// Looks at the folders; of loose files only those with one of the `lengths` are read.
    pub(super) fn of(own: &Path, folders: &[PathBuf], lengths: &BTreeSet<u64>) -> Result<Self> {
        let mut supply = Self { roots: vec![own.to_path_buf()], loose: BTreeMap::new() };
        for folder in folders {
            let roots = [folder.join(OBJECTS), folder.join(DATA).join(OBJECTS)];
            if let Some(root) = roots.into_iter().find(|root| root.join("0=ocfl_1.1").is_file()) {
                supply.roots.push(root);
            } else if folder.join("bagit.txt").is_file() {
                supply.add_package(folder)?;
            } else {
                supply.add_loose(folder, lengths)?;
            }
        }
        Ok(supply)
    }

    fn add_package(&mut self, bag: &Path) -> Result<()> {
        for (path, digest) in super::export::listed(bag)? {
            let path = Path::new(&path);
            // A foreign list: what it names must lie below the package.
            let plain = path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
            if plain {
                self.loose.entry(digest).or_insert_with(|| bag.join(path));
            }
        }
        Ok(())
    }

    fn add_loose(&mut self, folder: &Path, lengths: &BTreeSet<u64>) -> Result<()> {
        for entry in WalkDir::new(folder).sort_by_file_name() {
            let entry = entry.map_err(|error| StoreError::io(folder, error.into()))?;
            let wanted =
                entry.metadata().is_ok_and(|about| about.is_file() && lengths.contains(&about.len()));
            if wanted {
                // One that can't be read can't help.
                if let Ok(digest) = digest::of_file(entry.path(), Algorithm::Sha256) {
                    self.loose.entry(digest).or_insert_with(|| entry.into_path());
                }
            }
        }
        Ok(())
    }

    /// Puts a good copy of the file into `to`; false if none is to be had.
    pub(super) fn put_back(&self, lost: &Lost, twins: &[PathBuf], to: &Path) -> Result<bool> {
        let there = self.roots.iter().skip(1).map(|root| root.join(&lost.path));
        let loose = lost.sha256.as_ref().and_then(|digest| self.loose.get(digest)).cloned();
        for candidate in there.chain(twins.iter().cloned()).chain(loose) {
            if !candidate.is_file() {
                continue;
            }
            match copy_as(&candidate, to, &lost.sha512, &|_| ()) {
                Ok(_) => return Ok(true),
                Err(Refused::Source(..)) => {}
                Err(Refused::Target(error)) => return Err(error),
            }
        }
        Ok(false)
    }

    /// The sound inventories of an object, or of a version of it, our own first.
    pub(super) fn inventories(&self, folder: &str) -> impl Iterator<Item = (Vec<u8>, Inventory)> {
        self.roots.iter().filter_map(move |root| inventory::sound(&root.join(folder)))
    }
}
