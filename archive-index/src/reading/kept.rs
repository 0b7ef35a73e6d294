//! What was read of a file, kept beside the repository's objects, by the digest of its bytes.
//!
//! ```text
//! text/
//!   ab/abcdef….json    what was read of the file with this digest
//! ```
//!
//! Recognition takes seconds a page; it is never done twice for the same bytes, whichever record they
//! belong to. The index is made anew from here without opening a file, and the reading room finds here
//! where on a picture words stand. All of it is derived: it can be deleted, and costs time to make again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::text::{NoText, Page};

/// The folder of a repository where readings are kept.
pub const FOLDER: &str = "text";

/// What was read of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Which readers read it ([`crate::text::READERS`]): text read by older ones is read again, what an
    /// engine recognised isn't.
    pub readers: u32,
    /// How many pages the file has, those without text included: the next file's pages follow after so
    /// many.
    pub count: u32,
    /// Its pages, in order, with lines, places and where the text came from.
    pub pages: Vec<Page>,
    /// Why there are no pages, or fewer than there are.
    pub stopped: Option<NoText>,
}

impl Reading {
    /// A page by its number in the file.
    pub fn page(&self, number: u32) -> Option<&Page> {
        self.pages.iter().find(|page| page.number == number)
    }

    /// How many pages are pictures that nobody has read.
    pub fn unread(&self) -> usize {
        self.pages.iter().filter(|page| page.source.needs_recognition()).count()
    }
}

/// The folder where readings are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptTexts {
    folder: PathBuf,
}

impl KeptTexts {
    /// Those in a folder, which is made when something is put into it.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder they are in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What was read of the file with this digest (hexadecimal); nothing if it wasn't read yet, or what
    /// is kept of it is damaged: then it is read again.
    ///
    /// # Errors
    ///
    /// When the folder can't be read.
    pub fn get(&self, digest: &str) -> io::Result<Option<Reading>> {
        let Some(path) = self.path(digest) else { return Ok(None) };
        match fs::read(path) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps what was read of a file, in place of what was kept of it. It is there whole or not at all.
    ///
    /// # Errors
    ///
    /// When it can't be written.
    pub fn put(&self, digest: &str, reading: &Reading) -> io::Result<()> {
        let path = self.path(digest).ok_or_else(|| io::Error::other("no digest"))?;
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder)?;
        owners_only(&self.folder)?;
        // Two threads may read the same bytes at once: each has a draft of its own, and either will do.
        let draft = path.with_extension(format!("{:?}.draft", std::thread::current().id()));
        fs::write(&draft, serde_json::to_vec(reading)?)?;
        fs::rename(&draft, &path)
    }

    /// Forgets what was read of a file: its contents were destroyed.
    ///
    /// # Errors
    ///
    /// When it is there and can't be removed.
    pub fn forget(&self, digest: &str) -> io::Result<()> {
        let Some(path) = self.path(digest) else { return Ok(()) };
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Where the reading of a digest lies; nothing for what is no digest.
    fn path(&self, digest: &str) -> Option<PathBuf> {
        let is_digest = digest.len() >= 32 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        let start = digest.get(..2).filter(|_| is_digest)?;
        Some(self.folder.join(start).join(format!("{digest}.json")))
    }
}

/// The texts of records are for the eyes of those who may see the records.
#[cfg(unix)]
fn owners_only(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as on systems that have modes")]
fn owners_only(_: &Path) -> io::Result<()> {
    Ok(())
}
