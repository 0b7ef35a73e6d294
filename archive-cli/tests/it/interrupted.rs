//! Building that is cut off: whenever it is killed, nothing looks finished, and the next run ends with the
//! same bytes as one that was left alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::desk::{BUREAU, Desk, differing, tree};

fn build(out: &str, zip: bool) -> Vec<&str> {
    let mut words = vec![
        "transfer",
        "build",
        "--year",
        "2004",
        "--out",
        out,
        "--archives",
        BUREAU,
        "-R",
        "repository",
        "--sm3",
    ];
    if zip {
        words.push("--zip");
    }
    words
}

/// Everything that is not hidden: what a person takes for a package.
fn shown(folder: &Path) -> Vec<PathBuf> {
    let mut names: Vec<PathBuf> = fs::read_dir(folder)
        .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default();
    names.retain(|path| !path.file_name().unwrap().to_str().unwrap().starts_with('.'));
    names
}

#[test]
fn a_build_killed_at_any_moment_leaves_no_package_and_the_next_gives_the_same_bytes() {
    let desk = Desk::with_the_year();
    for (zip, name) in [(false, "J019-2004"), (true, "J019-2004.zip")] {
        let began = Instant::now();
        desk.run(build("whole", zip)).expect_status(1);
        let took = began.elapsed();
        let whole = desk.path("whole").join(name);
        // A moment differs from run to run, and so where the work is cut; what must hold, holds at each.
        for share in [5, 25, 45, 55, 65, 75, 85, 92, 97] {
            let mut command = desk.command(build("cut", zip));
            let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            thread::sleep(took * share / 100);
            run.kill().unwrap();
            let ended = run.wait().unwrap();
            if ended.code().is_some() {
                // It was done before it could be killed: begin again.
                fs::remove_dir_all(desk.path("cut")).unwrap();
                continue;
            }
            // Killed after the renaming, the package is there, and whole.
            for path in shown(&desk.path("cut")) {
                if path.ends_with(name) {
                    assert!(same(&path, &whole), "{} looks finished and isn't", path.display());
                    fs::remove_dir_all(desk.path("cut")).unwrap();
                    break;
                }
            }
        }
        desk.run(build("cut", zip)).expect_status(1);
        assert!(same(&desk.path("cut").join(name), &whole), "{name} differs from one built at once");
        let left = fs::read_dir(desk.path("cut")).unwrap().map(|entry| entry.unwrap().file_name());
        let left: Vec<_> = left.filter(|name| name.to_str().unwrap().starts_with('.')).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

fn same(one: &Path, other: &Path) -> bool {
    if one.is_dir() {
        return differing(&tree(one), &tree(other)).is_empty();
    }
    fs::read(one).unwrap() == fs::read(other).unwrap()
}

/// A stopwatch can't be trusted on a busy machine, so one place is chosen for sure: the last file.
#[test]
fn what_was_copied_is_not_copied_again() {
    let desk = Desk::with_the_year();
    desk.run(build("cut", false)).expect_status(1);
    let package = desk.path("cut/J019-2004");
    let partial = desk.path("cut/.J019-2004.partial");
    fs::rename(&package, &partial).unwrap();
    let scan =
        tree(&partial).into_keys().find(|name| name.extension().is_some_and(|kind| kind == "tif")).unwrap();
    let written = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
    let before = written(&partial.join(&scan));
    thread::sleep(Duration::from_millis(20));
    desk.run(build("cut", false)).expect_status(1);
    assert_eq!(written(&package.join(&scan)), before);
}
