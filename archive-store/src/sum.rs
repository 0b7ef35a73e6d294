//! The checksum of the catalogue's file: so that one flipped bit in it is found wherever it lies.
//!
//! Seals and the database's own check see everything that means something. A database file has room besides that means
//! nothing: a bit that flips there does no harm, but tells of a disk that goes bad, and of a file that isn't what it was. So after
//! every change, when all of it has reached the file, the file's CRC-32 is kept beside it, with the count of changes it is
//! of. It is for disks, not for people: who changes the file by intent is found by the seals. The next change keeps the sum of the
//! file as it then is: what means something is watched by the seals for ever, and the rest by this from one change to the next.

use std::io::{self, Read as _};
use std::path::Path;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::error::{Result, StoreError};
use crate::repository::CATALOGUE;
use crate::safe_file;
use crate::staging;

/// The file it is kept in.
pub(crate) const SUM: &str = "catalogue.sum";

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sum {
    /// How many changes the repository had seen.
    changes: i64,
    /// The length of the file.
    bytes: u64,
    /// Its CRC-32, in hexadecimal.
    crc32: String,
}

/// Keeps the sum of the file as it is now. Where a reader keeps the log from being written into it, none is kept: the
/// one there is of an older state, and is known by that.
pub(crate) fn keep(root: &Path, connection: &Connection) -> Result<()> {
    let whole = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        let (busy, log, written): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(busy == 0 && log == written)
    })?;
    if !whole {
        return Ok(());
    }
    let sum = of(root, staging::changes(connection)?)?;
    let path = root.join(SUM);
    let json = serde_json::to_vec(&sum).map_err(|error| StoreError::io(&path, error.into()))?;
    safe_file::write(&path, &json)
}

/// Forgets the sum: the file is about to change without a change of the repository.
pub(crate) fn forget(root: &Path) -> Result<()> {
    safe_file::remove(&root.join(SUM))
}

/// Whether the file isn't what it was after the last change. Where no sum of that is kept, nobody knows.
pub(crate) fn differs(root: &Path, connection: &Connection) -> Result<bool> {
    let path = root.join(SUM);
    let kept = match safe_file::read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        kept => kept.map_err(StoreError::at(&path))?,
    };
    // A sum that makes no sense has lost a bit itself.
    let Ok(kept) = serde_json::from_slice::<Sum>(&kept) else { return Ok(true) };
    let changes = staging::changes(connection)?;
    if kept.changes != changes {
        return Ok(false);
    }
    let found = of(root, changes)?;
    // Somebody may have changed it meanwhile.
    Ok(found != kept && staging::changes(connection)? == changes)
}

fn of(root: &Path, changes: i64) -> Result<Sum> {
    let path = root.join(CATALOGUE);
    let mut file = safe_file::open(&path).map_err(StoreError::at(&path))?;
    let (mut hasher, mut bytes) = (crc32fast::Hasher::new(), 0);
    let mut piece = vec![0; 1 << 18];
    loop {
        match file.read(&mut piece).map_err(StoreError::at(&path))? {
            0 => break,
            length => {
                hasher.update(&piece[..length]);
                bytes += length as u64;
            }
        }
    }
    Ok(Sum { changes, bytes, crc32: format!("{:08x}", hasher.finalize()) })
}
