//! The Library of Congress's BagIt conformance suite, judged as its folders say.

use std::fs;
use std::path::{Path, PathBuf};

use archive_core::finding::Counts;
use archive_transfer::{Verification, verify};

fn suite() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/suites/bagit");
    if path.is_dir() {
        return Some(path);
    }
    println!("SKIPPED: the BagIt suite is not at {}", path.display());
    None
}

fn bags(suite: &Path, folder: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(suite)
        .unwrap()
        .flat_map(|version| fs::read_dir(version.unwrap().path().join(folder)).into_iter().flatten())
        .map(|bag| bag.unwrap().path())
        .filter(|bag| bag.is_dir())
        .collect();
    found.sort();
    found
}

fn judged(bag: &Path) -> Verification {
    verify(bag, &archive_transfer::progress::silent).unwrap()
}

fn errors(verification: &Verification) -> String {
    verification.findings.iter().map(|f| format!("{:?} {}\n", f.place, f.message.en)).collect()
}

#[test]
fn all_sixty_bags_are_judged_as_the_suite_says() {
    let Some(suite) = suite() else { return };
    let mut wrong = String::new();
    let mut count = 0;
    for folder in ["valid", "invalid", "linux-only", "windows-only"] {
        for bag in bags(&suite, folder) {
            count += 1;
            let verification = judged(&bag);
            if verification.valid != (folder == "valid") {
                wrong.push_str(&format!("{}\n{}", bag.display(), errors(&verification)));
            }
        }
    }
    for bag in bags(&suite, "warning") {
        count += 1;
        let whole = tempfile::tempdir().unwrap();
        copy(&bag, whole.path());
        bring_back_lost_files(whole.path());
        let verification = judged(whole.path());
        let warned = Counts::of(&verification.findings).warning > 0;
        if !verification.valid || !warned {
            wrong.push_str(&format!("{} (warned: {warned})\n{}", bag.display(), errors(&verification)));
        }
    }
    assert_eq!(count, 60);
    assert_eq!(wrong, "");
}

/// One bag of the suite lost a file whose name the suite's keeper couldn't store; it was empty, as the
/// manifest's digest shows. (Two others list a second name that only differs in case or Unicode form.)
fn bring_back_lost_files(bag: &Path) {
    let manifest = fs::read_to_string(bag.join("manifest-sha512.txt")).unwrap_or_default();
    if manifest.contains("data/.DS_Store") {
        fs::write(bag.join("data/.DS_Store"), "").unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::write(target, fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}
