//! Where a package is written: a folder or a zip, the same calls for both.
//!
//! Both are written beside their final place under a hidden name and renamed when whole and on the disk, so
//! that an interrupted build leaves nothing that looks finished. What such a build left is gone on with: a
//! file that is there with the digest it should have is kept, the rest is written again.

mod folder;
mod zip;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use self::folder::FolderSink;
use self::zip::ZipSink;
use crate::digest::{Algorithm, Digests, with_buffer};

/// Which container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A folder.
    Folder,
    /// A zip: stored, with fixed stamps.
    Zip,
}

/// Length and digests of something written.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) bytes: u64,
    pub(crate) digests: Digests,
}

/// A container being written. Dropped before it is finished and placed, it stays under its hidden name for the next
/// attempt.
pub(crate) struct Sink {
    kind: Kind,
    staging: PathBuf,
    target: PathBuf,
    algorithms: Vec<Algorithm>,
}

enum Kind {
    Folder(FolderSink),
    Zip(Box<ZipSink>),
}

impl Sink {
    /// Begins to write `target`; what was staged before is gone on with.
    pub(crate) fn new(kind: Target, target: &Path, algorithms: Vec<Algorithm>) -> io::Result<Self> {
        let name = target.file_name().unwrap_or(target.as_os_str()).to_string_lossy();
        let staging = target.with_file_name(format!(".{name}.partial"));
        fs::create_dir_all(parent(target))?;
        let kind = match kind {
            Target::Folder => Kind::Folder(FolderSink::new(&staging)?),
            Target::Zip => {
                let prefix = target.file_stem().unwrap_or(target.as_os_str()).to_string_lossy();
                Kind::Zip(Box::new(ZipSink::new(&staging, format!("{prefix}/"))?))
            }
        };
        Ok(Self { kind, staging, target: target.to_owned(), algorithms })
    }

    /// Writes the file at `path` through `fill`. `bytes` is how long it will be, if that is known.
    pub(crate) fn write(
        &mut self,
        path: &str,
        bytes: Option<u64>,
        extra: &[Algorithm],
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Written> {
        let algorithms: BTreeSet<Algorithm> = self.algorithms.iter().chain(extra).copied().collect();
        match &mut self.kind {
            Kind::Folder(folder) => folder.write(path, algorithms, fill),
            Kind::Zip(zip) => zip.write(path, bytes, algorithms, fill),
        }
    }

    /// What an interrupted build left for `path`, if it is the file with these digests.
    pub(crate) fn staged(&mut self, path: &str, bytes: u64, known: &Digests) -> io::Result<Option<Written>> {
        if known.is_empty() {
            return Ok(None);
        }
        let algorithms: BTreeSet<Algorithm> = self.algorithms.iter().chain(known.keys()).copied().collect();
        match &mut self.kind {
            Kind::Folder(folder) => Ok(folder.staged(path, bytes, known, algorithms)),
            Kind::Zip(zip) => zip.staged(path, bytes, known, algorithms),
        }
    }

    /// Sees the whole package onto the disk, where it waits under its hidden name.
    pub(crate) fn finish(self) -> io::Result<Waiting> {
        match self.kind {
            Kind::Folder(folder) => folder.finish()?,
            Kind::Zip(zip) => zip.finish()?,
        }
        Ok(Waiting { staging: self.staging, target: self.target })
    }
}

/// A whole package under its hidden name. Dropped, it stays there, and the next attempt finds it.
#[derive(Debug)]
pub(crate) struct Waiting {
    staging: PathBuf,
    target: PathBuf,
}

impl Waiting {
    /// Where it lies until then.
    pub(crate) fn path(&self) -> &Path {
        &self.staging
    }

    /// Puts it in its place.
    pub(crate) fn place(&self) -> io::Result<()> {
        fs::rename(&self.staging, &self.target)?;
        // The name is on the disk only once its folder is; where that can't be had, the rename is all there is.
        fs::File::open(parent(&self.target)).and_then(|folder| folder.sync_all()).unwrap_or_default();
        Ok(())
    }
}

/// The folder a path lies in.
pub(crate) fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether these are the digests that were known.
fn agree(known: &Digests, found: &Digests) -> bool {
    known.iter().all(|(algorithm, digest)| found.get(algorithm) == Some(digest))
}

/// Copies everything, telling how much. An error of reading goes to `failed`, so that the caller can tell
/// whose fault it is.
pub(crate) fn copy(
    from: &mut dyn Read,
    to: &mut dyn Write,
    copied: &dyn Fn(u64),
    failed: &mut Option<io::Error>,
) -> io::Result<()> {
    with_buffer(|buffer| {
        loop {
            match from.read(buffer) {
                Ok(0) => return Ok(()),
                Ok(read) => {
                    to.write_all(&buffer[..read])?;
                    copied(read as u64);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let kind = error.kind();
                    *failed = Some(error);
                    return Err(kind.into());
                }
            }
        }
    })
}
