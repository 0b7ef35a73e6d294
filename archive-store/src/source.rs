//! Files on their way in: where their bytes come from, and the checks that nothing happened to them
//! between looking and reading.

use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use archive_core::model::ItemId;
use archive_core::text;
use archive_core::text::Text;

use crate::error::{Result, StoreError, is_full};
use crate::ocfl::digest::{self, CopyError, Taken};
use crate::safe_file;

/// A file that shows an item, to be taken in.
#[derive(Debug)]
pub struct ItemFile {
    /// The item, by the identifier it has in the batch it comes with.
    pub item: ItemId,
    /// Its original name, relative to the folder of scans or to the package, with `/` between parts.
    pub name: String,
    /// Where its bytes are.
    pub source: FileSource,
    /// The sha256 a list announced, if one did, in hexadecimal: another is refused.
    pub expected_sha256: Option<String>,
}

/// Where the bytes of a file are.
pub enum FileSource {
    /// A file on disk. It must be a plain file, and must not change while it is read.
    Path(PathBuf),
    /// Something that can be opened once: an entry of a package, for one.
    Opener {
        /// What to call it in messages.
        called: PathBuf,
        /// Opens it.
        open: Opener,
    },
}

/// Opens a file to be taken in; called once, from any thread.
pub type Opener = Box<dyn Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync>;

impl fmt::Debug for FileSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.called().fmt(f)
    }
}

impl FileSource {
    fn called(&self) -> &Path {
        match self {
            Self::Path(path) | Self::Opener { called: path, .. } => path,
        }
    }
}

impl ItemFile {
    /// Copies it to the staged file `target`, taking its digests on the way.
    pub(crate) fn copy_to(&self, target: &Path, passed: &dyn Fn(u64)) -> Result<Taken> {
        let called = self.source.called();
        let (mut from, before) = match &self.source {
            FileSource::Path(path) => {
                let (file, metadata) = open_plain(path)?;
                // One byte more than there is: a file that grows as fast as it is read would never end.
                let bounded = file.take(metadata.len().saturating_add(1));
                (Box::new(bounded) as Box<dyn Read + Send>, Some(metadata))
            }
            FileSource::Opener { open, .. } => (open().map_err(|error| unreadable(called, &error))?, None),
        };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        safe_file::owners_only(&mut options);
        let mut to = options.open(target).map_err(StoreError::at(target))?;
        let taken = digest::copy(&mut *from, &mut to, passed).map_err(|error| match error {
            // A reader that itself runs out of room (unpacking) is our problem, not the file's.
            CopyError::Reading(error) if is_full(&error) => StoreError::io(target, error),
            CopyError::Reading(error) => unreadable(called, &error),
            CopyError::Writing(error) => StoreError::io(target, error),
        })?;
        safe_file::finish_staged(&to, target)?;
        if let Some(before) = before {
            let after = fs::metadata(called).map_err(|error| unreadable(called, &error))?;
            if changed(&before, &after) || taken.bytes != before.len() {
                return Err(StoreError::SourceChanged { path: called.to_path_buf() });
            }
        }
        match &self.expected_sha256 {
            Some(expected) if !expected.eq_ignore_ascii_case(&taken.sha256) => {
                Err(StoreError::SourceDiffers {
                    path: called.to_path_buf(),
                    expected: expected.clone(),
                    found: taken.sha256,
                })
            }
            _ => Ok(taken),
        }
    }
}

/// Opens a plain file. A pipe would wait for ever and a device never end, so they are refused by
/// their type before they are opened.
fn open_plain(path: &Path) -> Result<(File, Metadata)> {
    let refuse = |reason| Err(StoreError::SourceUnreadable { path: path.to_path_buf(), reason });
    let looked_at = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if looked_at.is_dir() {
        return refuse(Text::fixed("它是文件夹", "it is a folder"));
    }
    if !looked_at.is_file() {
        return refuse(Text::fixed("它不是普通文件", "it is no plain file"));
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let metadata = file.metadata().map_err(|error| unreadable(path, &error))?;
    Ok((file, metadata))
}

fn changed(before: &Metadata, after: &Metadata) -> bool {
    before.len() != after.len() || before.modified().ok() != after.modified().ok()
}

fn unreadable(path: &Path, error: &io::Error) -> StoreError {
    let reason = match (error.get_ref().and_then(|inner| inner.downcast_ref::<Text>()), error.kind()) {
        (Some(said), _) => said.clone(),
        (None, io::ErrorKind::NotFound) => Text::fixed("文件不存在", "it isn't there"),
        (None, io::ErrorKind::PermissionDenied) => Text::fixed("没有读取权限", "reading it is not permitted"),
        (None, _) => text!("{error}", "{error}"),
    };
    StoreError::SourceUnreadable { path: path.to_path_buf(), reason }
}
