//! One volume alone, and a verification that was interrupted.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use archive_transfer::tree::Tree;
use archive_transfer::verify::{JournalAt, Options};
use archive_transfer::{Verification, progress, verify_with};

use crate::sample::{built, judged, told};

const FIRST: &str =
    "data/J019-2004/representations/rep1/data/J019/WS/2004/J019-2004-001-001/J019-2004-001-001-01.tif";
const SECOND: &str =
    "data/J019-2004/representations/rep1/data/J019/WS/2004/J019-2004-002-001/J019-2004-002-001-01.docx";

fn only(package: &Path, volume: &str) -> Result<Verification, String> {
    let options = Options { only: Some(volume.to_owned()), journal: None };
    verify_with(&Tree::open(package).unwrap(), &options, &progress::silent)
        .map_err(|error| error.help().en.into_owned())
}

fn going_on(package: &Path, journal: &Path) -> Verification {
    let journal = JournalAt { path: journal.to_owned(), least: 0 };
    let options = Options { only: None, journal: Some(journal) };
    verify_with(&Tree::open(package).unwrap(), &options, &progress::silent).unwrap()
}

#[test]
fn one_volume_is_verified_without_reading_the_others() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, zip) = built(dir.path());
    for package in [&folder, &zip] {
        let whole = only(package, "J019-2004-001").unwrap();
        assert!(whole.valid, "{}", told(&whole));
        assert_eq!(whole.facts.only.as_deref(), Some("J019-2004-001"));
        assert!(whole.facts.files_compared < judged(package).facts.files_compared);
        assert!(
            whole.checks.iter().any(|check| check.detail.en.contains("only volume J019-2004-001 was read"))
        );
    }
    fs::write(folder.join(SECOND), b"PK\x03\x04 not reallz").unwrap();
    assert!(only(&folder, "J019-2004-001").unwrap().valid);
    assert!(told(&only(&folder, "J019-2004-002").unwrap()).contains(&format!("{SECOND}: changed")));
    fs::write(folder.join(FIRST), b"II*\0").unwrap();
    let of_first = only(&folder, "J019-2004-001").unwrap();
    assert!(told(&of_first).contains(&format!("{FIRST}: changed")), "{}", told(&of_first));
    // That a file is not there is seen without reading.
    fs::remove_file(folder.join(SECOND)).unwrap();
    assert!(told(&only(&folder, "J019-2004-001").unwrap()).contains(&format!("{SECOND}: missing")));
    insta::assert_snapshot!(only(&folder, "J019-2004-003").unwrap_err(), @"its volumes: J019-2004-001、J019-2004-002");
}

/// Verifies; what is in the journal then is what a killed program leaves: a part of the lines, the last of
/// them cut off.
fn interrupted(package: &Path, journal: &Path) {
    let options = Options { only: None, journal: Some(JournalAt { path: journal.to_owned(), least: 1 }) };
    let left = journal.with_extension("left");
    verify_with(&Tree::open(package).unwrap(), &options, &|_| {
        if journal.exists() {
            fs::copy(journal, &left).unwrap();
        }
    })
    .unwrap();
    assert!(!journal.exists(), "a verification that came to its end leaves no journal");
    fs::rename(left, journal).unwrap();
    let mut file = OpenOptions::new().append(true).open(journal).unwrap();
    file.write_all(b"{\"path\":\"data/J0").unwrap();
}

#[test]
fn an_interrupted_verification_goes_on_and_reads_again_what_changed() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, zip) = built(dir.path());
    for package in [&folder, &zip] {
        let journal = dir.path().join("state/journal");
        interrupted(package, &journal);
        let verification = going_on(package, &journal);
        assert!(verification.valid, "{}", told(&verification));
        assert!(verification.facts.resumed_files >= 1, "nothing was gone on with");
        let mut again = judged(package);
        again.facts.resumed_files = verification.facts.resumed_files;
        again.facts.resumed_bytes = verification.facts.resumed_bytes;
        assert_eq!(again, verification, "going on gives another report");
        assert!(!journal.exists());
    }
    let journal = dir.path().join("state/journal");
    interrupted(&folder, &journal);
    fs::write(folder.join(FIRST), [b"II*\0".as_slice(), &[9; 5000]].concat()).unwrap();
    let verification = going_on(&folder, &journal);
    assert!(told(&verification).contains(&format!("{FIRST}: changed")), "{}", told(&verification));
}

#[test]
fn the_journal_of_another_package_is_not_taken_up() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, zip) = built(dir.path());
    let journal = dir.path().join("journal");
    interrupted(&folder, &journal);
    assert_eq!(going_on(&zip, &journal).facts.resumed_files, 0);
    fs::write(&journal, "nonsense").unwrap();
    assert_eq!(going_on(&folder, &journal).facts.resumed_files, 0);
    let nowhere = dir.path().join("J019-2004.zip/journal");
    let journal = Some(JournalAt { path: nowhere, least: 0 });
    let failed =
        verify_with(&Tree::open(&folder).unwrap(), &Options { only: None, journal }, &progress::silent);
    insta::assert_snapshot!(failed.unwrap_err().help().en, @"name a place that can be written to");
}
