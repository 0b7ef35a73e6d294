//! One writer at a time.
//!
//! Two guards stand one behind the other. `archive.lock` is locked with the system's own file lock: it
//! goes away with the process, however it ends. `archive.lock.holder` is created so that only one can
//! create it, and says who holds the lock: process, computer, since when, doing what. On a drive whose
//! locks are broken (everybody gets them, or they are refused) the second one decides. One that a killed process of this
//! computer left is known by that process being gone, and cleaned up; a holder on another computer can't be asked whether
//! it still lives, so it is believed.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use archive_core::text;
use archive_core::text::Text;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::error::{Result, StoreError};
use crate::safe_file::owners_only;

/// The file that carries the system's lock.
pub(crate) const LOCK: &str = "archive.lock";
/// The file that says who holds it.
pub(crate) const HOLDER: &str = "archive.lock.holder";

/// Who is changing the repository.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Holder {
    /// The person or account, as the program was told.
    pub who: String,
    /// What was started, e.g. `archive import`.
    pub command: String,
    /// The computer.
    pub host: String,
    /// The process there; 0 if unknown.
    pub pid: u32,
    /// Since when (RFC 3339).
    pub since: String,
    /// When the process began, as its system counts: another that was given the same number later is another. 0 if
    /// unknown.
    pub began: u64,
}

impl Holder {
    fn of_this_process(who: &str, command: &str, since: &str) -> Self {
        Self {
            who: who.to_owned(),
            command: command.to_owned(),
            host: this_host(),
            pid: std::process::id(),
            since: since.to_owned(),
            began: began(std::process::id()).unwrap_or_default(),
        }
    }

    /// What is known about it, in words.
    pub fn describe(&self) -> Text {
        if self.pid == 0 {
            return Text::fixed("另一个程序正在写入", "another program is writing");
        }
        let Self { who, command, host, pid, since, began: _ } = self;
        if who.is_empty() {
            return text!(
                "计算机 {host} 上的程序（进程 {pid}）正在使用，此盘一次只能由一个程序使用",
                "a program on {host} (process {pid}) is at work; on this drive one works at a time"
            );
        }
        text!(
            "{who} 自 {since} 起在计算机 {host} 上运行“{command}”（进程 {pid}）",
            "{who} has been running \"{command}\" on {host} since {since} (process {pid})"
        )
    }
}

/// The lock, held; given back when dropped.
#[derive(Debug)]
pub(crate) struct WriteLock {
    // Dropped in this order.
    entry: Entry,
    file: File,
}

/// A file that says who has something, and that only one can make; removed when dropped.
#[derive(Debug)]
pub(crate) struct Entry(PathBuf);

impl Entry {
    /// Makes it for this process, whoever works with it, or says who has it.
    pub(crate) fn make(path: PathBuf) -> Result<Self> {
        Self::make_for(path, &Holder::of_this_process("", "", ""), false)
    }

    fn make_for(path: PathBuf, me: &Holder, system_lock: bool) -> Result<Self> {
        if !try_create(&path, me)? {
            if !is_left_over(&path, me, system_lock) {
                return Err(busy(&path));
            }
            crate::safe_file::remove(&path)?;
            if !try_create(&path, me)? {
                return Err(busy(&path));
            }
        }
        Ok(Self(path))
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        // If it can't be removed, the next sees that its process is gone.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl WriteLock {
    /// Takes the lock at once, or says who has it.
    pub(crate) fn take(root: &Path, who: &str, command: &str, now: DateTime<FixedOffset>) -> Result<Self> {
        let path = root.join(LOCK);
        let holder_path = root.join(HOLDER);
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).read(true).write(true);
        owners_only(&mut options);
        let file = options.open(&path).map_err(StoreError::at(&path))?;
        let system_lock = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => return Err(busy(&holder_path)),
            Err(TryLockError::Error(error)) if is_refusal(&error) => false,
            Err(TryLockError::Error(error)) => return Err(StoreError::io(&path, error)),
        };
        let me = Holder::of_this_process(who, command, &now.to_rfc3339());
        Ok(Self { entry: Entry::make_for(holder_path, &me, system_lock)?, file })
    }
}

impl Drop for WriteLock {
    fn drop(&mut self) {
        // The entry first, then the lock; said, not left to closing: a child process being started may hold a copy of
        // the handle a while longer.
        let _ = std::fs::remove_file(&self.entry.0);
        let _ = self.file.unlock();
    }
}

/// Whether a drive refuses to lock files, as NFS without its lock service and some file systems of clusters do.
fn is_refusal(error: &io::Error) -> bool {
    let no_lock = if cfg!(target_os = "linux") { 37 } else { 77 };
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput)
        || cfg!(unix) && error.raw_os_error() == Some(no_lock)
}

/// Whether the drive a repository lies on refuses to lock files.
pub(crate) fn are_refused(root: &Path) -> bool {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    owners_only(&mut options);
    let tried = options.open(root.join(LOCK)).map(|file| file.try_lock_shared());
    matches!(tried, Ok(Err(TryLockError::Error(error))) if is_refusal(&error))
}

/// Creates the holder's file if nobody has; false if somebody has.
fn try_create(path: &Path, me: &Holder) -> Result<bool> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    owners_only(&mut options);
    let mut file = match options.open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
        Err(error) => return Err(StoreError::io(path, error)),
    };
    let written = serde_json::to_vec(me).map_err(io::Error::from).and_then(|json| file.write_all(&json));
    written.map_err(|error| {
        let _ = std::fs::remove_file(path);
        StoreError::io(path, error)
    })?;
    Ok(true)
}

/// Whether the holder found is the trace of a process that was killed.
fn is_left_over(path: &Path, me: &Holder, system_lock: bool) -> bool {
    let Some(found) = read_holder(path) else {
        // Killed between creating and filling it: only the system's lock can tell.
        return system_lock;
    };
    found.host == me.host
        && match (found.began, began(found.pid)) {
            // Nobody knows: then the system's lock is believed.
            (0, _) => system_lock,
            (_, None) => system_lock || knows_processes(),
            (noted, Some(now)) => noted != now,
        }
}

/// Whether this system tells of its processes.
fn knows_processes() -> bool {
    Path::new("/proc/self/stat").exists()
}

/// When a process of this computer began, in its system's ticks; none if there is no such process, or that can't be known.
fn began(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The program's own name stands in brackets and may hold anything; the 22nd field is the 20th after it.
    stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()
}

fn read_holder(path: &Path) -> Option<Holder> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

/// Somebody is there, as the file says.
pub(crate) fn busy(path: &Path) -> StoreError {
    StoreError::Busy { holder: Box::new(read_holder(path).unwrap_or_default()), path: path.to_path_buf() }
}

fn this_host() -> String {
    gethostname::gethostname().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339("2005-03-01T09:00:00+08:00").unwrap()
    }

    #[test]
    fn the_second_writer_is_told_who_the_first_is() {
        let dir = tempfile::tempdir().unwrap();
        let first = WriteLock::take(dir.path(), "王芳", "archive import", now()).unwrap();
        let error = WriteLock::take(dir.path(), "李明", "archive number", now()).unwrap_err();
        let StoreError::Busy { holder, .. } = &error else { panic!("{error}") };
        assert_eq!((holder.who.as_str(), holder.pid), ("王芳", std::process::id()));
        assert!(error.message().zh.contains("王芳") && error.message().en.contains("archive import"));
        drop(first);
        WriteLock::take(dir.path(), "李明", "archive number", now()).unwrap();
    }

    #[test]
    fn the_trace_of_a_killed_process_on_this_computer_is_cleaned_up() {
        let dir = tempfile::tempdir().unwrap();
        let dead = Holder { pid: 1, ..Holder::of_this_process("x", "y", "") };
        std::fs::write(dir.path().join(HOLDER), serde_json::to_vec(&dead).unwrap()).unwrap();
        WriteLock::take(dir.path(), "王芳", "archive import", now()).unwrap();
        std::fs::write(dir.path().join(HOLDER), b"").unwrap();
        WriteLock::take(dir.path(), "王芳", "archive import", now()).unwrap();
    }

    /// On some network drives everybody gets the lock.
    #[cfg(target_os = "linux")]
    #[test]
    fn where_everybody_gets_the_lock_a_process_at_work_is_not_robbed() {
        let dir = tempfile::tempdir().unwrap();
        let mut at_work = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let pid = at_work.id();
        let holder = Holder {
            pid,
            began: began(pid).unwrap(),
            ..Holder::of_this_process("李明", "archive import", "")
        };
        std::fs::write(dir.path().join(HOLDER), serde_json::to_vec(&holder).unwrap()).unwrap();
        let error = WriteLock::take(dir.path(), "王芳", "archive number", now()).unwrap_err();
        assert!(error.message().zh.contains("李明"), "{error}");
        at_work.kill().unwrap();
        at_work.wait().unwrap();
        WriteLock::take(dir.path(), "王芳", "archive number", now()).unwrap();
        // The same number, given to another process since.
        let reused = Holder { pid: std::process::id(), began: 1, ..holder };
        std::fs::write(dir.path().join(HOLDER), serde_json::to_vec(&reused).unwrap()).unwrap();
        WriteLock::take(dir.path(), "王芳", "archive number", now()).unwrap();
    }

    #[test]
    fn a_holder_on_another_computer_is_believed_even_if_the_lock_could_be_had() {
        let dir = tempfile::tempdir().unwrap();
        let far = Holder { host: "another".into(), ..Holder::of_this_process("李明", "y", "") };
        std::fs::write(dir.path().join(HOLDER), serde_json::to_vec(&far).unwrap()).unwrap();
        let error = WriteLock::take(dir.path(), "王芳", "archive import", now()).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Busy);
        assert!(error.help().en.contains(HOLDER));
    }
}
