//! A full disk: a clear error, and nothing changed.

use std::path::Path;
use std::process::Command;

use archive_store::{ErrorKind, ItemFilter, Repository};

use crate::place::{batch, file, now, settings};

/// A small file system, unmounted when dropped. None where mounting isn't permitted.
struct Small(tempfile::TempDir);

impl Small {
    fn mount(size: &str) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(dir.path())
            .output()
            .is_ok_and(|done| done.status.success());
        mounted.then_some(Self(dir))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

#[test]
fn a_full_disk_leaves_the_repository_as_it_was() {
    let Some(disk) = Small::mount("4m") else {
        eprintln!("SKIPPED: a small file system can't be mounted here");
        return;
    };
    let outside = tempfile::tempdir().unwrap();
    let root = disk.path().join("repository");
    Repository::create(&root, &settings("J019"), "王芳", now()).unwrap();
    let scan = |size: usize| {
        let path = outside.path().join(format!("{size}.tif"));
        std::fs::write(&path, vec![1; size]).unwrap();
        file(1, "scan.tif", &path)
    };
    // From far too much down to nearly nothing: the disk fills up in the copy, in the inventory, in the database.
    let mut refused = 0;
    let mut size = 3600 << 10;
    let taken_in = loop {
        let repository = Repository::open(&root).unwrap();
        assert!(repository.recovered().is_empty(), "a failure cleans up behind itself");
        let attempt = repository.begin("王芳", "archive import", now()).and_then(|mut change| {
            change.import(&batch("2004", 50, vec![scan(size)]), &|_| ())?;
            change.commit()
        });
        match attempt {
            Ok(()) => break size,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Full, "{error}");
                refused += 1;
                assert_eq!(repository.count_items(&ItemFilter::default()).unwrap(), 0);
                assert!(repository.verify_audit(None).unwrap().is_empty());
                assert!(repository.fixity(&|_| ()).unwrap().findings.is_empty());
                size -= 16 << 10;
            }
        }
    };
    assert!(refused > 10 && taken_in > 0, "refused {refused} times, then took {taken_in} bytes");
    let repository = Repository::open(&root).unwrap();
    assert_eq!(repository.count_items(&ItemFilter::default()).unwrap(), 50);
    assert!(repository.fixity(&|_| ()).unwrap().findings.is_empty());
}
