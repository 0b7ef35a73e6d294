//! Copies of a repository: backups, exports, and mending one from the other.
//!
//! A **backup** ([`Repository::back_up`]) lies on another disk, holds the catalogue and the objects as they are, and is
//! brought up to date by copying only what is new. It is no repository: nobody can work in it by
//! mistake; [`Repository::restore`] makes one of it. An **export** ([`Repository::export`]) is a BagIt bag
//! of the tables as csv and the objects as OCFL: to be read without this program, and to be restored
//! by it with nothing lost. [`Repository::repair`] puts back what fixity found wrong from either of them,
//! from a package, or from a folder of scans.
//!
//! Every file is compared with its digest on its way. A damaged one is named and left out, and never
//! takes the place of a good one; everything else goes on.

mod backup;
mod begun;
mod carry;
mod export;
mod repair;
mod restore;
mod supply;
mod tables;

use std::io;
use std::path::Path;

use serde::Serialize;

use crate::error::{Result, StoreError};
use crate::fixity::FixityFinding;
#[cfg(doc)]
use crate::repository::Repository;

pub use backup::check_backup;
pub use repair::RepairReport;

/// Brings along what others keep beside the objects, from the first folder (a repository, a backup, the payload of an export)
/// into the second, and names what is damaged.
pub type Along<'a> = &'a dyn Fn(&Path, &Path) -> io::Result<Vec<FixityFinding>>;

/// Where nothing else is kept.
///
/// # Errors
///
/// None.
pub fn nothing_along(_: &Path, _: &Path) -> io::Result<Vec<FixityFinding>> {
    Ok(Vec::new())
}

/// What copying came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CopyReport {
    /// Objects of which something was copied.
    pub objects_copied: u64,
    /// Objects that were there already.
    pub objects_kept: u64,
    /// Objects taken out of the copy, for they are no longer in the repository (destroyed, D5).
    pub objects_removed: u64,
    /// Bytes copied.
    pub bytes_copied: u64,
    /// What could not be copied, for it is damaged or missing.
    pub findings: Vec<FixityFinding>,
}

impl CopyReport {
    fn take_along(&mut self, along: Along<'_>, from: &Path, to: &Path) -> Result<()> {
        self.findings.extend(along(from, to).map_err(StoreError::at(to))?);
        Ok(())
    }
}
