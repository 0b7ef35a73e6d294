//! Where a shelf's files lie: tantivy's own folder of memory-mapped files, but for its locks.
//!
//! tantivy locks files to keep writers apart, and readers from what is being cleared away. A network drive may refuse locks; then
//! no index could be opened there at all. Such a drive is used by one program at a time, which whoever opens the repository
//! sees to; so there it is enough to keep the threads of this program apart.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};

/// A folder of an index.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    files: MmapDirectory,
    path: PathBuf,
}

impl Folder {
    pub(super) fn open(path: &Path) -> Result<Self, OpenDirectoryError> {
        Ok(Self { files: MmapDirectory::open(path)?, path: path.to_path_buf() })
    }
}

impl Directory for Folder {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.files.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.files.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.files.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.files.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.files.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.files.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.files.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        let path = self.path.join(&lock.filepath);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        let file = options.open(&path).map_err(LockError::wrap_io_error)?;
        let had = if lock.is_blocking { file.lock().map_err(TryLockError::Error) } else { file.try_lock() };
        match had {
            Ok(()) => Ok(DirectoryLock::from(Box::new(Locked(file)))),
            Err(TryLockError::WouldBlock) => Err(LockError::LockBusy),
            // Refused.
            Err(TryLockError::Error(_)) => {
                let here = Here::take(path, lock.is_blocking).ok_or(LockError::LockBusy)?;
                Ok(DirectoryLock::from(Box::new(here)))
            }
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.files.watch(callback)
    }
}

/// A lock of the system's: given back when dropped.
struct Locked(File);

impl Drop for Locked {
    fn drop(&mut self) {
        // Said, not left to closing: a child process being started may hold a copy of the handle a while longer.
        let _ = self.0.unlock();
    }
}

/// What is locked in this program, where the system won't.
static HELD: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
static GIVEN_BACK: Condvar = Condvar::new();

/// A lock that holds in this program only: given back when dropped.
struct Here(PathBuf);

impl Here {
    fn take(path: PathBuf, may_wait: bool) -> Option<Self> {
        let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
        while held.contains(&path) {
            if !may_wait {
                return None;
            }
            held = GIVEN_BACK.wait(held).unwrap_or_else(PoisonError::into_inner);
        }
        held.insert(path.clone());
        Some(Self(path))
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        HELD.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
        GIVEN_BACK.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn where_the_system_gives_no_locks_the_threads_of_this_program_are_kept_apart() {
        let path = PathBuf::from("a folder/a lock");
        let first = Here::take(path.clone(), false).unwrap();
        assert!(Here::take(path.clone(), false).is_none());
        assert!(Here::take(PathBuf::from("another"), false).is_some());
        let waiting = thread::spawn({
            let path = path.clone();
            move || Here::take(path, true).is_some()
        });
        thread::sleep(Duration::from_millis(20));
        assert!(!waiting.is_finished());
        drop(first);
        assert!(waiting.join().unwrap());
        assert!(Here::take(path, false).is_some());
    }
}
