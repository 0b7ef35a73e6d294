//! A package as a folder.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::{Written, agree};
use crate::digest::{Algorithm, Digests, HashingReader, HashingWriter};

/// A folder being written.
pub(super) struct FolderSink {
    staging: PathBuf,
    /// The folder made last.
    made: PathBuf,
    /// What was written, where an earlier attempt left remains that may not belong.
    written: Option<BTreeSet<[u8; 16]>>,
}

impl FolderSink {
    pub(super) fn new(staging: &Path) -> io::Result<Self> {
        let resumed = staging.exists();
        fs::create_dir_all(staging)?;
        Ok(Self { staging: staging.to_owned(), made: PathBuf::new(), written: resumed.then(BTreeSet::new) })
    }

    pub(super) fn write(
        &mut self,
        path: &str,
        algorithms: BTreeSet<Algorithm>,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Written> {
        self.note(path);
        let file = self.create(path)?;
        let mut hashing = HashingWriter::new(BufWriter::new(file), algorithms);
        fill(&mut hashing)?;
        let (mut file, bytes, digests) = hashing.finish();
        file.flush()?;
        Ok(Written { bytes, digests })
    }

    pub(super) fn staged(
        &mut self,
        path: &str,
        bytes: u64,
        known: &Digests,
        algorithms: BTreeSet<Algorithm>,
    ) -> Option<Written> {
        self.written.as_ref()?;
        let staged = self.staging.join(path);
        if fs::symlink_metadata(&staged).ok().filter(fs::Metadata::is_file)?.len() != bytes {
            return None;
        }
        let (_, read, digests) = HashingReader::new(File::open(staged).ok()?, algorithms).finish().ok()?;
        (read == bytes && agree(known, &digests)).then(|| {
            self.note(path);
            Written { bytes, digests }
        })
    }

    /// Takes away the remains of an earlier, different attempt, and sees the rest onto the disk.
    pub(super) fn finish(self) -> io::Result<()> {
        if let Some(written) = &self.written {
            sweep(&self.staging, &|path| written.contains(&mark(path)))?;
        }
        onto_the_disk(&self.staging)
    }

    fn note(&mut self, path: &str) {
        if let Some(written) = &mut self.written {
            written.insert(mark(path));
        }
    }

    /// Creates a file, and its folder unless that was made just before.
    fn create(&mut self, path: &str) -> io::Result<File> {
        let path = self.staging.join(path);
        if let Some(parent) = path.parent()
            && parent != self.made
        {
            fs::create_dir_all(parent)?;
            parent.clone_into(&mut self.made);
        }
        File::create(path)
    }
}

/// Sixteen bytes that stand for a path: a million of them fit in memory.
fn mark(path: &str) -> [u8; 16] {
    let mut mark = [0; 16];
    mark.copy_from_slice(&Sha256::digest(path)[..16]);
    mark
}

fn sweep(staging: &Path, keep: &dyn Fn(&str) -> bool) -> io::Result<()> {
    for walked in walkdir::WalkDir::new(staging).contents_first(true).min_depth(1) {
        let walked = walked?;
        if walked.file_type().is_dir() {
            // Only succeeds on an empty folder, which is what is wanted.
            fs::remove_dir(walked.path()).unwrap_or_default();
            continue;
        }
        let relative = walked.path().strip_prefix(staging).unwrap_or(walked.path());
        let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        if !keep(&parts.join("/")) {
            fs::remove_file(walked.path())?;
        }
    }
    Ok(())
}

/// One call for the whole disk costs less than one for each of a million files.
#[cfg(target_os = "linux")]
fn onto_the_disk(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

#[cfg(not(target_os = "linux"))]
fn onto_the_disk(folder: &Path) -> io::Result<()> {
    for walked in walkdir::WalkDir::new(folder) {
        let walked = walked?;
        if walked.file_type().is_file() {
            File::options().write(true).open(walked.path())?.sync_all()?;
        }
    }
    Ok(())
}
