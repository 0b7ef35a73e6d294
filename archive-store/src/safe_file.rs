//! Writing files so that they are there, whole, when the power comes back.
//!
//! A file is durable when its bytes are flushed and the folder that names it is flushed too; it is
//! whole when it was written beside its name and renamed onto it. These few functions are the only
//! place where the crate relies on that.
//!
//! Thousands of files staged together are flushed together where the system can do that (Linux); one
//! flush a file would make the import of a year of scans a matter of hours on an ordinary disk.
//!
//! As everything that is written passes here, this is also where tests let a disk fail ([`failing`]).

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use crate::error::{Result, StoreError};

/// Writes a file durably: a reader sees the old bytes or the new ones, never a part.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let beside = beside(path);
    create(&beside, bytes)?;
    rename(&beside, path)
}

/// The same for one of many, in a folder that is made if it isn't there: durable once [`flush_staged`] has returned.
pub(crate) fn put_staged(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(parent) = path.parent() {
        folder(parent)?;
    }
    let beside = beside(path);
    create_staged(&beside, bytes)?;
    rename_staged(&beside, path)
}

/// Where a file is written before it is renamed onto its name.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

/// Builds a folder beside its place and renames it there, so that a half one never bears its name. What stands in its place
/// must be nothing, or an empty folder.
pub(crate) fn build_folder<T>(to: &Path, build: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
    let to = std::path::absolute(to).map_err(StoreError::at(to))?;
    let free = match fs::read_dir(&to) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => false,
        Err(error) => return Err(StoreError::io(&to, error)),
    };
    let Some((parent, name)) = to.parent().zip(to.file_name()).filter(|_| free) else {
        return Err(StoreError::NotEmpty { dir: to });
    };
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(".partial");
    let partial = parent.join(hidden);
    remove(&partial)?;
    fs::create_dir_all(parent).map_err(StoreError::at(parent))?;
    folder(&partial)?;
    let built = build(&partial).and_then(|built| {
        // Windows renames onto nothing only; an empty folder goes and comes back.
        match fs::remove_dir(&to) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::io(&to, error)),
            _ => rename(&partial, &to),
        }?;
        Ok(built)
    });
    if built.is_err() {
        let _ = fs::remove_dir_all(&partial);
    }
    built
}

/// Writes a new file durably, without the protection of a rename: for files nobody knows of yet.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> Result<()> {
    reach(path)?;
    let mut file = open_new(path).map_err(StoreError::at(path))?;
    file.write_all(bytes).map_err(StoreError::at(path))?;
    file.sync_all().map_err(StoreError::at(path))
}

/// Writes at the end of a file that is there, durably.
pub(crate) fn append(path: &Path, bytes: &[u8]) -> Result<()> {
    reach(path)?;
    let mut file = fs::OpenOptions::new().append(true).open(path).map_err(StoreError::at(path))?;
    file.write_all(bytes).map_err(StoreError::at(path))?;
    file.sync_all().map_err(StoreError::at(path))
}

/// Writes a file that nobody knows of yet; durable once [`flush_staged`] has returned.
pub(crate) fn create_staged(path: &Path, bytes: &[u8]) -> Result<()> {
    reach(path)?;
    let mut file = open_new(path).map_err(StoreError::at(path))?;
    file.write_all(bytes).map_err(StoreError::at(path))?;
    finish_staged(&file, path)
}

/// Ends the writing of a staged file.
pub(crate) fn finish_staged(file: &File, path: &Path) -> Result<()> {
    reach(path)?;
    if cfg!(target_os = "linux") { Ok(()) } else { file.sync_all().map_err(StoreError::at(path)) }
}

/// Renames something staged; durable once [`flush_staged`] has returned.
pub(crate) fn rename_staged(from: &Path, to: &Path) -> Result<()> {
    reach(to)?;
    if cfg!(target_os = "linux") {
        fs::rename(from, to).map_err(StoreError::at(to))
    } else {
        rename(from, to)
    }
}

/// Makes everything staged so far durable: one flush of the file system.
#[cfg(target_os = "linux")]
pub(crate) fn flush_staged(folder: &Path) -> Result<()> {
    reach(folder)?;
    let handle = File::open(folder).map_err(StoreError::at(folder))?;
    rustix::fs::syncfs(&handle).map_err(|error| StoreError::io(folder, error.into()))
}

/// Elsewhere each file was flushed as it was written.
#[cfg(not(target_os = "linux"))]
pub(crate) fn flush_staged(_folder: &Path) -> Result<()> {
    Ok(())
}

/// Opens a file to be read. In a copy that somebody else made anything may stand in its place: what has no end (a device) or
/// waits for ever (a pipe) isn't opened.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    if fs::metadata(path)?.is_file() {
        File::open(path)
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidData, "不是普通文件 / not an ordinary file"))
    }
}

/// Reads a small file whole, if it is one: see [`open`].
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The same for a text.
pub(crate) fn read_text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    open(path)?.read_to_string(&mut text)?;
    Ok(text)
}

/// Opens a new file for writing, or an old one emptied; a new one is its owner's only.
pub(crate) fn open_new(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    owners_only(&mut options);
    options.open(path)
}

/// Records are nobody else's business: files that are made are their owner's only.
#[cfg(unix)]
pub(crate) fn owners_only(options: &mut fs::OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600);
}

/// Elsewhere the rights of the folder above are inherited.
#[cfg(not(unix))]
pub(crate) fn owners_only(_: &mut fs::OpenOptions) {}

/// Makes a folder, and those above it that aren't there; each is its owner's only. It's fine if it is there.
pub(crate) fn folder(path: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(StoreError::at(path))
}

/// Renames durably; both names lie on one file system.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<()> {
    reach(to)?;
    fs::rename(from, to).map_err(StoreError::at(to))?;
    match to.parent() {
        Some(folder) => sync_folder(folder),
        None => Ok(()),
    }
}

/// Flushes a folder: the names in it are then on the disk.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    reach(folder)?;
    let handle = File::open(folder).map_err(StoreError::at(folder))?;
    match handle.sync_all() {
        // Some network file systems can't flush a folder and say so; the rename itself is all there is.
        Err(error) if error.kind() == std::io::ErrorKind::InvalidInput => Ok(()),
        done => done.map_err(StoreError::at(folder)),
    }
}

/// Elsewhere a folder can't be opened as a file; the system orders the renames itself.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_folder: &Path) -> Result<()> {
    Ok(())
}

/// Removes a file or a whole folder; it's fine if it isn't there.
pub(crate) fn remove(path: &Path) -> Result<()> {
    reach(path)?;
    let removed = match fs::symlink_metadata(path) {
        Ok(there) if there.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        done => done.map_err(StoreError::at(path)),
    }
}

/// Overwrites a file, or every file under a folder, with zeros, durably: before what was destroyed is removed.
/// It's fine if it isn't there.
pub(crate) fn overwrite(folder: &Path) -> Result<()> {
    const PIECE: usize = 1 << 13;
    reach(folder)?;
    if !folder.exists() {
        return Ok(());
    }
    let zeros = [0_u8; PIECE];
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| StoreError::io(folder, error.into()))?;
        if !entry.file_type().is_file() {
            continue;
        }
        let path = entry.path();
        let mut file = fs::OpenOptions::new().write(true).open(path).map_err(StoreError::at(path))?;
        let mut left = file.metadata().map_err(StoreError::at(path))?.len();
        while left > 0 {
            let piece = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
            file.write_all(&zeros[..piece]).map_err(StoreError::at(path))?;
            left -= piece as u64;
        }
        file.sync_data().map_err(StoreError::at(path))?;
    }
    Ok(())
}

/// The disk answers, outside tests.
#[cfg(not(test))]
#[allow(clippy::unnecessary_wraps)] // In tests it may not.
fn reach(_path: &Path) -> Result<()> {
    Ok(())
}

/// The disk answers, unless a test lets it fail here.
#[cfg(test)]
fn reach(path: &Path) -> Result<()> {
    failing::ask(path).map_err(StoreError::at(path))
}

/// Disks that fail when a test says so.
#[cfg(test)]
pub(crate) mod failing {
    use std::io;
    use std::path::{Path, PathBuf};
    use std::sync::{Mutex, PoisonError};

    /// How a disk fails.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) enum Fault {
        /// One operation is refused, the next goes on.
        Once,
        /// Nothing goes on: a drive that is gone.
        ForGood,
    }

    struct Plan {
        under: PathBuf,
        left: usize,
        fault: Fault,
        struck: bool,
    }

    static PLANS: Mutex<Vec<Plan>> = Mutex::new(Vec::new());

    /// Lets the operation after `after` others below a folder fail; over when dropped.
    pub(crate) struct Failing(PathBuf);

    impl Failing {
        pub(crate) fn plan(under: &Path, after: usize, fault: Fault) -> Self {
            let plan = Plan { under: under.to_path_buf(), left: after, fault, struck: false };
            PLANS.lock().unwrap_or_else(PoisonError::into_inner).push(plan);
            Self(under.to_path_buf())
        }

        /// Whether it came to that.
        pub(crate) fn struck(&self) -> bool {
            let plans = PLANS.lock().unwrap_or_else(PoisonError::into_inner);
            plans.iter().any(|plan| plan.under == self.0 && plan.struck)
        }
    }

    impl Drop for Failing {
        fn drop(&mut self) {
            PLANS.lock().unwrap_or_else(PoisonError::into_inner).retain(|plan| plan.under != self.0);
        }
    }

    pub(super) fn ask(path: &Path) -> io::Result<()> {
        let mut plans = PLANS.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(plan) = plans.iter_mut().find(|plan| path.starts_with(&plan.under)) else { return Ok(()) };
        let refused = || Err(io::Error::other("the disk fails, as planned"));
        if plan.struck {
            return if plan.fault == Fault::ForGood { refused() } else { Ok(()) };
        }
        if plan.left == 0 {
            plan.struck = true;
            return refused();
        }
        plan.left -= 1;
        Ok(())
    }
}
