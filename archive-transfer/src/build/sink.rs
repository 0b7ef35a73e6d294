//! Where a package is written: a folder or a zip, the same calls for both.
//!
//! Both are written beside their final place under a hidden name and renamed when whole, so that an
//! interrupted build leaves nothing that looks finished.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::digest::{Algorithm, Digests, HashingReader, HashingWriter, with_buffer};

/// Above this a zip entry needs 64-bit lengths; said beforehand, with room for what we misjudge.
const ZIP64_FROM: u64 = 0xF000_0000;

/// Which container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A folder.
    Folder,
    /// A zip: stored, with fixed stamps.
    Zip,
}

/// Length and digests of something written.
pub(crate) struct Written {
    pub(crate) bytes: u64,
    pub(crate) digests: Digests,
}

/// A container being written. Dropped before [`Sink::finish`], a zip goes away, since it can't be gone on
/// with; a staged folder stays for the next attempt.
pub(crate) struct Sink {
    kind: Option<Kind>,
    staging: PathBuf,
    target: PathBuf,
    algorithms: Vec<Algorithm>,
    /// The folder made last.
    made: PathBuf,
}

enum Kind {
    Folder,
    Zip { writer: Box<ZipWriter<BufWriter<File>>>, prefix: String },
}

impl Sink {
    /// Begins to write `target`; a folder staged before is gone on with.
    pub(crate) fn new(kind: Target, target: &Path, algorithms: Vec<Algorithm>) -> io::Result<Self> {
        let name = target.file_name().unwrap_or(target.as_os_str()).to_string_lossy();
        let staging = target.with_file_name(format!(".{name}.partial"));
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        let kind = match kind {
            Target::Folder => {
                fs::create_dir_all(&staging)?;
                Kind::Folder
            }
            Target::Zip => {
                let prefix =
                    format!("{}/", target.file_stem().unwrap_or(target.as_os_str()).to_string_lossy());
                let file = BufWriter::with_capacity(1 << 20, File::create(&staging)?);
                Kind::Zip { writer: Box::new(ZipWriter::new(file)), prefix }
            }
        };
        Ok(Self { kind: Some(kind), staging, target: target.to_owned(), algorithms, made: PathBuf::new() })
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
            None => Err(io::Error::other("written after its end")),
            Some(Kind::Folder) => {
                let file = create(&self.staging.join(path), &mut self.made)?;
                let mut hashing = HashingWriter::new(BufWriter::new(file), algorithms);
                fill(&mut hashing)?;
                let (mut file, bytes, digests) = hashing.finish();
                file.flush()?;
                Ok(Written { bytes, digests })
            }
            Some(Kind::Zip { writer, prefix }) => {
                let options = SimpleFileOptions::default()
                    .compression_method(CompressionMethod::Stored)
                    .last_modified_time(DateTime::default())
                    .unix_permissions(0o644)
                    .large_file(bytes.is_none_or(|bytes| bytes > ZIP64_FROM));
                writer.start_file(format!("{prefix}{path}"), options)?;
                let mut hashing = HashingWriter::new(writer, algorithms);
                fill(&mut hashing)?;
                let (_, bytes, digests) = hashing.finish();
                Ok(Written { bytes, digests })
            }
        }
    }

    /// What an interrupted build left at `path`, if it is the file with these digests.
    pub(crate) fn staged(&self, path: &str, bytes: u64, known: &Digests) -> Option<Written> {
        let staged = self.staging.join(path);
        if known.is_empty()
            || !matches!(self.kind, Some(Kind::Folder))
            || fs::metadata(&staged).ok()?.len() != bytes
        {
            return None;
        }
        let algorithms: BTreeSet<Algorithm> = self.algorithms.iter().chain(known.keys()).copied().collect();
        let (_, read, digests) = HashingReader::new(File::open(staged).ok()?, algorithms).finish().ok()?;
        let same =
            read == bytes && known.iter().all(|(algorithm, digest)| digests.get(algorithm) == Some(digest));
        same.then_some(Written { bytes, digests })
    }

    /// Puts the whole package in its place. `keep` says which files of the folder belong to it: others
    /// are remains of an earlier, different attempt.
    pub(crate) fn finish(mut self, keep: &dyn Fn(&str) -> bool) -> io::Result<()> {
        match self.kind.take() {
            Some(Kind::Zip { writer, .. }) => {
                let file = writer.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
                file.sync_all()?;
            }
            _ => sweep(&self.staging, keep)?,
        }
        fs::rename(&self.staging, &self.target)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if let Some(Kind::Zip { writer, .. }) = self.kind.take() {
            // Closing the writer ends the archive, so the file goes after it. If it can't be removed, it
            // still bears its hidden, partial name.
            drop(writer);
            fs::remove_file(&self.staging).unwrap_or_default();
        }
    }
}

/// Creates a file, and its folder unless that was `made` just before.
fn create(path: &Path, made: &mut PathBuf) -> io::Result<File> {
    if let Some(parent) = path.parent()
        && parent != made
    {
        fs::create_dir_all(parent)?;
        parent.clone_into(made);
    }
    File::create(path)
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
