//! One program at a time, where more can't be kept apart: on network drives.
//!
//! SQLite lets readers and a writer work together by memory they share and locks the system keeps. Over a network there is
//! no such memory, and often no such locks; what then reads while another writes may see half of it, and what
//! mends a half-written file may undo another's work. So on a network drive whoever opens the repository, to read or to
//! write, is entered in `archive.lock.user`, which only one can create; the next is told who is there and has to wait.
//! Several connections of one program are no danger to each other, and share the entry.
//!
//! Some such drives refuse locks altogether. Then SQLite works without, which is safe as long as the one program has the one
//! connection: whoever would open a second is told so. That it is decided behind the entry matters: a lock service that
//! comes and goes can't let one program work with locks and another without.
//!
//! Which drives those are the system says on Linux ([`is_remote`]); elsewhere, and for drives it doesn't know,
//! `one_at_a_time = true` in `archive.toml` says so.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::catalogue;
use crate::error::Result;
use crate::lock::Entry;

/// The file that says who has the repository open.
pub(crate) const USER: &str = "archive.lock.user";

/// Being the one program at work; over when the last of them is dropped.
#[derive(Debug)]
pub(crate) struct Presence {
    /// Whether the drive gives locks: else this program, too, may have the repository open but once.
    pub(crate) has_locks: bool,
    _entry: Entry,
}

impl Presence {
    /// Enters this program, or says who is there.
    pub(crate) fn take(root: &Path) -> Result<Arc<Self>> {
        static HERE: Mutex<BTreeMap<PathBuf, Weak<Presence>>> = Mutex::new(BTreeMap::new());
        let mut here = HERE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(presence) = here.get(root).and_then(Weak::upgrade) {
            let path = root.join(USER);
            return if presence.has_locks { Ok(presence) } else { Err(crate::lock::busy(&path)) };
        }
        let entry = Entry::make(root.join(USER))?;
        let presence = Arc::new(Self { has_locks: catalogue::has_locks(root), _entry: entry });
        here.insert(root.to_path_buf(), Arc::downgrade(&presence));
        Ok(presence)
    }
}

/// Whether a folder lies on a drive of another computer.
#[cfg(target_os = "linux")]
pub(crate) fn is_remote(folder: &Path) -> bool {
    /// As `statfs(2)` has them: NFS, SMB (three), CIFS, 9P, AFS (two), Ceph, Coda, NCP, OCFS2, GFS2, Lustre, FUSE (sshfs,
    /// WebDAV and the like; a local one is slower for it, and no worse).
    const REMOTE: [u64; 15] = [
        0x6969,
        0x517b,
        0xfe53_4d42,
        0xff53_4d42,
        0x0153_4d42,
        0x0102_1997,
        0x5346_414f,
        0x6b41_4653,
        0x00c3_6400,
        0x7375_7245,
        0x564c,
        0x7461_636f,
        0x0116_1970,
        0x0bd0_0bd0,
        0x6573_5546,
    ];
    let kind = rustix::fs::statfs(folder).map(|about| about.f_type.cast_unsigned() & 0xffff_ffff);
    kind.is_ok_and(|kind| REMOTE.contains(&kind))
}

/// Elsewhere the settings must say so.
#[cfg(not(target_os = "linux"))]
pub(crate) fn is_remote(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_program_may_come_in_several_times_and_leaves_no_trace() {
        let dir = tempfile::tempdir().unwrap();
        let first = Presence::take(dir.path()).unwrap();
        let second = Presence::take(dir.path()).unwrap();
        drop(first);
        assert!(dir.path().join(USER).exists());
        drop(second);
        assert!(!dir.path().join(USER).exists());
        Presence::take(dir.path()).unwrap();
    }

    #[test]
    fn this_disk_is_here() {
        assert!(!is_remote(&std::env::temp_dir()));
    }
}
