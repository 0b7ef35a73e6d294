//! One writer at a time.
//!
//! Two guards stand one behind the other. `archive.lock` is locked with the system's own file lock: it
//! goes away with the process, however it ends. `archive.lock.holder` is created so that only one can
//! create it, and says who holds the lock: process, computer, since when, doing what. On one
//! computer the first guard decides and a left-over second one is only cleaned up. On a network drive
//! whose locks are broken (everybody gets them, or nobody can) the second one decides: a holder on
//! another computer can't be asked whether it still lives, so it is believed.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use archive_core::text;
use archive_core::text::Text;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use crate::error::{Result, StoreError};

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
}

impl Holder {
    fn of_this_process(who: &str, command: &str, now: DateTime<FixedOffset>) -> Self {
        Self {
            who: who.to_owned(),
            command: command.to_owned(),
            host: this_host(),
            pid: std::process::id(),
            since: now.to_rfc3339(),
        }
    }

    /// What is known about it, in words.
    pub fn describe(&self) -> Text {
        if self.pid == 0 {
            return Text::fixed("另一个程序正在写入", "another program is writing");
        }
        let Self { who, command, host, pid, since } = self;
        text!(
            "{who} 自 {since} 起在计算机 {host} 上运行“{command}”（进程 {pid}）",
            "{who} has been running \"{command}\" on {host} since {since} (process {pid})"
        )
    }
}

/// The lock, held; given back when dropped.
#[derive(Debug)]
pub(crate) struct WriteLock {
    holder: PathBuf,
    file: File,
}

impl WriteLock {
    /// Takes the lock at once, or says who has it.
    pub(crate) fn take(root: &Path, who: &str, command: &str, now: DateTime<FixedOffset>) -> Result<Self> {
        let path = root.join(LOCK);
        let holder_path = root.join(HOLDER);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(StoreError::at(&path))?;
        let system_lock = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => return Err(busy(&holder_path)),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => false,
            Err(TryLockError::Error(error)) => return Err(StoreError::io(&path, error)),
        };
        let me = Holder::of_this_process(who, command, now);
        if !try_create(&holder_path, &me)? {
            if !is_left_over(&holder_path, &me, system_lock) {
                return Err(busy(&holder_path));
            }
            crate::safe_file::remove(&holder_path)?;
            if !try_create(&holder_path, &me)? {
                return Err(busy(&holder_path));
            }
        }
        Ok(Self { holder: holder_path, file })
    }
}

impl Drop for WriteLock {
    fn drop(&mut self) {
        // If it can't be removed, the next writer sees that its process is gone.
        let _ = std::fs::remove_file(&self.holder);
        // Said, not left to closing: a child process being started may hold a copy of the handle a while longer.
        let _ = self.file.unlock();
    }
}

/// Creates the holder's file if nobody has; false if somebody has.
fn try_create(path: &Path, me: &Holder) -> Result<bool> {
    let mut file = match OpenOptions::new().write(true).create_new(true).open(path) {
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
    // The same computer's system lock is reliable; without one, ask whether the process lives.
    found.host == me.host && (system_lock || !is_alive(found.pid))
}

/// Whether a process of this computer lives; where that can't be known, yes.
fn is_alive(pid: u32) -> bool {
    let processes = Path::new("/proc");
    !processes.join("self").exists() || processes.join(pid.to_string()).exists()
}

fn read_holder(path: &Path) -> Option<Holder> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

fn busy(path: &Path) -> StoreError {
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
        let dead = Holder { pid: 1, ..Holder::of_this_process("x", "y", now()) };
        std::fs::write(dir.path().join(HOLDER), serde_json::to_vec(&dead).unwrap()).unwrap();
        WriteLock::take(dir.path(), "王芳", "archive import", now()).unwrap();
        std::fs::write(dir.path().join(HOLDER), b"").unwrap();
        WriteLock::take(dir.path(), "王芳", "archive import", now()).unwrap();
    }

    #[test]
    fn a_holder_on_another_computer_is_believed_even_if_the_lock_could_be_had() {
        let dir = tempfile::tempdir().unwrap();
        let far = Holder { host: "another".into(), ..Holder::of_this_process("李明", "y", now()) };
        std::fs::write(dir.path().join(HOLDER), serde_json::to_vec(&far).unwrap()).unwrap();
        let error = WriteLock::take(dir.path(), "王芳", "archive import", now()).unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Busy);
        assert!(error.help().en.contains(HOLDER));
    }
}
