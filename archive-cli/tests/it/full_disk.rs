//! A full disk: the command says so, and the repository is as it was.

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_changes_nothing() {
    use std::fs;
    use std::path::PathBuf;
    use std::process::Command;

    use crate::desk::{Desk, FONDS, OFFICE, county, differing, skip, tree};

    /// A small disk of its own; unmounted whatever happens.
    struct Disk(PathBuf);
    impl Drop for Disk {
        fn drop(&mut self) {
            let _ = Command::new("umount").arg(&self.0).status();
        }
    }

    let desk = Desk::new();
    let place = desk.path("disk");
    fs::create_dir(&place).unwrap();
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"]).arg(&place).output();
    if !mount.is_ok_and(|output| output.status.success()) {
        skip("a full disk", "a small disk can't be mounted here (it takes root)");
        return;
    }
    let disk = Disk(place);
    desk.run(["init", "disk/repository", "--institution", OFFICE, "--fonds", FONDS]).expect_status(0);
    let before = tree(&disk.0);
    fs::copy(county("register.csv"), desk.path("register.csv")).unwrap();
    let scans = county("scans");
    let import = [
        "import",
        "register.csv",
        "--scans",
        scans.to_str().unwrap(),
        "--accept-valid",
        "-R",
        "disk/repository",
    ];
    let ran = desk.run(import.into_iter().chain(["--json"])).expect_status(3);
    assert_eq!(ran.document()["error"]["kind"], "io");
    assert!(ran.stderr.contains("磁盘已满"), "{}", ran.stderr);
    let english = desk.run(import.into_iter().chain(["--lang", "en"])).expect_status(3);
    assert!(english.stderr.contains("the disk is full"), "{}", english.stderr);
    desk.run(["audit", "verify", "-R", "disk/repository"]).expect_status(0);
    desk.run(["fixity", "-R", "disk/repository"]).expect_status(0);
    assert_eq!(differing(&before, &tree(&disk.0)), Vec::<PathBuf>::new());
}
