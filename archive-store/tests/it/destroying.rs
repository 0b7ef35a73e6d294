//! Appraisal and destruction: who may, what stands in the way, and that nothing is left.

use std::fs;
use std::path::Path;

use archive_core::appraisal::{Decision, Supervision, Target, Terms};
use archive_core::model::ItemId;
use archive_core::rules::RuleId;
use archive_store::ocfl::validate::{Depth, validate_root};
use archive_store::{ErrorKind, LineRequest, Repository, StoreError, nothing_along};
use chrono::{DateTime, FixedOffset};

use crate::place::{FONDS, Place, arrangement, volume};

pub(crate) fn in_2036() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2036-03-01T09:00:00+08:00").unwrap()
}

/// Three volumes of ten years' keeping, two items each, with contents nobody else has.
pub(crate) fn holdings() -> (Place, Vec<ItemId>) {
    let place = Place::new();
    let ids = place.import("register", 6);
    let repository = place.open();
    let mut change = repository.begin("王芳", "archive import", in_2036()).unwrap();
    let late = place.scan(0, "迟到.tif", b"LATE-PAGE-OF-THE-FIRST-ITEM");
    change.add_files(ids[0], &[late], &|_| ()).unwrap();
    let mut volumes = Vec::new();
    for (no, items) in (1..).zip(ids.chunks(2)) {
        let mut one = volume(no, items);
        one.period = "10年".parse().unwrap();
        volumes.push(one);
    }
    change.save_arrangement(FONDS, 2004, &arrangement(volumes)).unwrap();
    change.commit().unwrap();
    drop(repository);
    (place, ids)
}

pub(crate) fn code(no: u32) -> String {
    format!("{FONDS}-2004·Y-{no:03}")
}

pub(crate) fn target(no: u32) -> Target {
    Target::Volume { fonds: FONDS.into(), code: code(no) }
}

pub(crate) fn request(no: u32) -> LineRequest {
    LineRequest { target: target(no), reason: "到期，无续存价值".into(), original: None, pages: 0 }
}

pub(crate) fn supervision(names: &[&str]) -> Supervision {
    Supervision {
        supervisors: names.iter().map(|name| (*name).to_owned()).collect(),
        place: "县造纸厂".into(),
        time: "2036-03-01 14:00".into(),
    }
}

/// A list of these volumes, approved and supervised.
pub(crate) fn ready(repository: &Repository, volumes: &[u32]) -> String {
    let terms = Terms::default();
    let change = repository.begin("陈文书", "archive disposal", in_2036()).unwrap();
    let number = change.new_destruction_list(FONDS, "2004 年到期案卷", false).unwrap();
    let requests: Vec<LineRequest> = volumes.iter().map(|no| request(*no)).collect();
    change.add_to_destruction_list(&number, &requests, terms).unwrap();
    change.commit().unwrap();
    let digest =
        repository.destruction_list_digest(&repository.destruction_list(&number).unwrap(), terms).unwrap();
    let change = repository.begin("王主任", "archive disposal", in_2036()).unwrap();
    change.approve_destruction_list(&number, &digest[..12], "", terms).unwrap();
    change.supervise_destruction(&number, &supervision(&["甲", "乙"])).unwrap();
    change.commit().unwrap();
    number
}

fn rule(error: &StoreError) -> Option<RuleId> {
    error.rule()
}

/// Every file under a folder that holds these bytes.
pub(crate) fn files_with(folder: &Path, needle: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in walkdir(folder) {
        let bytes = fs::read(&entry).unwrap();
        if bytes.windows(needle.len()).any(|window| window == needle) {
            found.push(entry.strip_prefix(folder).unwrap().display().to_string());
        }
    }
    found
}

fn walkdir(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            all.extend(walkdir(&entry.path()));
        } else {
            all.push(entry.path());
        }
    }
    all.sort();
    all
}

#[test]
fn what_was_destroyed_is_nowhere_on_the_disk_and_its_line_number_and_evidence_stay() {
    let (place, ids) = holdings();
    let needles: [&[u8]; 3] = [b"register 1", b"register 2", b"LATE-PAGE-OF-THE-FIRST-ITEM"];
    for needle in needles {
        assert!(!files_with(&place.root(), needle).is_empty(), "the test looks for something that is there");
    }
    let repository = place.open();
    let number = ready(&repository, &[1]);
    let mut change = repository.begin("陈文书", "archive disposal", in_2036()).unwrap();
    let done = change.destroy(&number, Terms::default()).unwrap();
    change.commit().unwrap();
    assert_eq!((done.volumes, done.items.len(), done.files), (1, 2, 3));

    for needle in needles {
        assert_eq!(files_with(&place.root(), needle), Vec::<String>::new());
    }
    assert!(!files_with(&place.root(), b"register 3").is_empty(), "the others are untouched");
    assert!(!place.root().join("staging").exists());
    // The catalogue's line, the evidence and the number.
    let item = repository.item(ids[0]).unwrap();
    assert!(item.title.contains("防汛") && repository.files(ids[0]).unwrap().is_empty());
    assert_eq!(repository.destroyed_volumes().unwrap()[0].code, code(1));
    assert_eq!(repository.arrangement(FONDS, 2004).unwrap().unwrap().volumes.len(), 3);
    let filed = repository.fonds_file(FONDS).unwrap();
    assert_eq!((filed[0].number().as_str(), filed[0].material.document.is_some()), ("8-001", true));
    // Our own judges; .ci/ocfl.sh asks those of others.
    assert!(validate_root(&place.root().join("objects"), Depth::Digests, &|_| ()).is_valid());
    let fixity = repository.fixity(&|_| ()).unwrap();
    assert_eq!(fixity.findings, [], "fixity");
    assert_eq!(repository.verify_audit(None).unwrap(), []);

    // Its number is never given again, nor taken away; it gets no files, no place and no other list.
    let mut again = volume(1, &ids[2..4]);
    again.period = "10年".parse().unwrap();
    let change = repository.begin("x", "number", in_2036()).unwrap();
    let error = change.save_arrangement(FONDS, 2004, &arrangement(vec![again])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Number);
    drop(change);
    let mut change = repository.begin("x", "import", in_2036()).unwrap();
    assert!(change.add_files(ids[0], &[place.scan(0, "again.tif", b"again")], &|_| ()).is_err());
    drop(change);
    let change = repository.begin("陈文书", "archive disposal", in_2036()).unwrap();
    let second = change.new_destruction_list(FONDS, "", false).unwrap();
    let error = change.add_to_destruction_list(&second, &[request(1)], Terms::default()).unwrap_err();
    assert_eq!(rule(&error), Some(RuleId::D5));
    assert_eq!(
        rule(&change.appraise(&target(1), Decision::Permanent, "太晚").unwrap_err()),
        Some(RuleId::D5)
    );
}

/// Something strange lay in the objects, and repair moved it to `quarantine/`: where its copies now lie.
fn quarantined(place: &Place, strays: &[(&str, &[u8])]) {
    let first = place
        .tree()
        .into_iter()
        .map(|(path, _)| path)
        .find(|path| path.ends_with("urn%3aarchive%3aitem%3a1"))
        .unwrap();
    for (name, bytes) in strays {
        let stray =
            if name.starts_with("v1/") { first.join(name) } else { place.root().join("objects").join(name) };
        fs::create_dir_all(stray.parent().unwrap()).unwrap();
        fs::write(stray, bytes).unwrap();
    }
    let report = place.open().repair(&[], "王芳", in_2036(), &|_| ()).unwrap();
    assert!(report.left.is_empty() && !report.moved_away.is_empty(), "{report:?}");
    for (_, bytes) in strays {
        assert!(!files_with(&place.root().join("quarantine"), bytes).is_empty());
    }
}

#[test]
fn copies_that_repair_moved_away_are_destroyed_too_and_other_strays_stay() {
    let (place, _) = holdings();
    let late: &[u8] = b"LATE-PAGE-OF-THE-FIRST-ITEM";
    let torn: &[u8] = b"LATE-PAGE-OF-THE-FI";
    quarantined(
        &place,
        &[
            ("stray/copy.tif", late),
            ("stray/deep/again.bin", late),
            ("v1/content/torn.tif", torn),
            ("stray/same length.tif", b"LATE-PAGE-OF-NOBODY-AT-ALL!"),
            ("stray/else.tif", b"register 3 and more"),
        ],
    );
    let repository = place.open();
    let number = ready(&repository, &[1]);
    let mut change = repository.begin("陈文书", "archive disposal", in_2036()).unwrap();
    let done = change.destroy(&number, Terms::default()).unwrap();
    assert_eq!(done.quarantined, 3);
    drop(change);
    assert_eq!(files_with(&place.root().join("quarantine"), late).len(), 2, "not done is not done");
    let mut change = repository.begin("陈文书", "archive disposal", in_2036()).unwrap();
    change.destroy(&number, Terms::default()).unwrap();
    change.commit().unwrap();
    for needle in [late, torn] {
        assert_eq!(files_with(&place.root(), needle), Vec::<String>::new());
    }
    for needle in [&b"LATE-PAGE-OF-NOBODY-AT-ALL!"[..], b"register 3 and more"] {
        assert_eq!(files_with(&place.root().join("quarantine"), needle).len(), 1);
    }
    assert!(!place.root().join("staging").exists());
    let entries = repository.audit_log(1, u64::MAX >> 1).unwrap();
    assert!(entries.last().unwrap().detail.contains("\"quarantine_files\":3"));
}

#[test]
fn a_tombstone_is_missed_and_contents_that_come_back_are_seen() {
    let (place, _) = holdings();
    let repository = place.open();
    let number = ready(&repository, &[1]);
    let mut change = repository.begin("陈文书", "archive disposal", in_2036()).unwrap();
    change.destroy(&number, Terms::default()).unwrap();
    change.commit().unwrap();
    let object = place
        .tree()
        .into_iter()
        .map(|(path, _)| path)
        .find(|path| path.ends_with("urn%3aarchive%3aitem%3a1"))
        .unwrap();
    let about = fs::read_to_string(object.join("v1/content/about.json")).unwrap();
    assert!(about.contains(&number) && about.contains("王主任") && about.contains("迟到.tif"), "{about}");
    fs::write(object.join("v1/content/0001.tif"), b"register 1").unwrap();
    assert!(!repository.fixity(&|_| ()).unwrap().findings.is_empty());
    fs::remove_dir_all(&object).unwrap();
    assert!(!repository.fixity(&|_| ()).unwrap().findings.is_empty());
}

/// The contents of the first volume's items.
const GONE: [&[u8]; 3] = [b"register 1", b"register 2", b"LATE-PAGE-OF-THE-FIRST-ITEM"];

/// The first volume is destroyed; a backup of before is there. Gives the place, the repository and the backup.
fn destroyed_since_the_backup() -> (Place, Repository, std::path::PathBuf) {
    let (place, _) = holdings();
    let repository = place.open();
    let number = ready(&repository, &[1]);
    let backup = place.dir.path().join("旧备份");
    repository.back_up(&backup, "王芳", in_2036(), &|_| (), &nothing_along).unwrap();
    let mut change = repository.begin("陈文书", "archive disposal", in_2036()).unwrap();
    change.destroy(&number, Terms::default()).unwrap();
    change.commit().unwrap();
    (place, repository, backup)
}

fn object_of(place: &Place, item: u64) -> std::path::PathBuf {
    let name = format!("urn%3aarchive%3aitem%3a{item}");
    let named = |path: &Path| path.ends_with(&name);
    place.tree().into_iter().map(|(path, _)| path).find(|path| named(path)).unwrap()
}

#[test]
fn a_damaged_tombstone_is_made_anew_and_never_from_a_backup_older_than_the_destruction() {
    for damage in ["inventory.json", "v1/inventory.json", "v1/content/about.json", "0=ocfl_object_1.1", ""] {
        let (place, repository, backup) = destroyed_since_the_backup();
        let object = object_of(&place, 1);
        let about = fs::read_to_string(object.join("v1/content/about.json")).unwrap();
        if damage.is_empty() {
            fs::remove_dir_all(&object).unwrap();
        } else {
            fs::write(object.join(damage), "damaged").unwrap();
        }
        assert!(!repository.fixity(&|_| ()).unwrap().findings.is_empty(), "{damage}");
        let report = repository.repair(&[backup], "王芳", in_2036(), &|_| ()).unwrap();
        assert_eq!(report.left, [], "{damage}");
        for needle in GONE {
            assert_eq!(
                files_with(&place.root(), needle),
                Vec::<String>::new(),
                "{damage}: destroyed is destroyed"
            );
        }
        assert!(repository.fixity(&|_| ()).unwrap().findings.is_empty(), "{damage}");
        assert!(validate_root(&place.root().join("objects"), Depth::Digests, &|_| ()).is_valid());
        let again = fs::read_to_string(object.join("v1/content/about.json")).unwrap();
        assert_eq!(again, about, "{damage}: it tells the same");
    }
}

#[test]
fn a_catalogue_older_than_a_destruction_does_not_bring_the_contents_back() {
    let (place, repository, backup) = destroyed_since_the_backup();
    drop(repository);
    Repository::restore_catalogue(&place.root(), &backup, "王芳", in_2036()).unwrap();
    let repository = place.open();
    let report = repository.repair(&[backup], "王芳", in_2036(), &|_| ()).unwrap();
    for needle in GONE {
        assert_eq!(files_with(&place.root(), needle), Vec::<String>::new());
    }
    let told: Vec<_> = report.left.iter().map(|finding| &*finding.message.en).collect();
    assert!(told.iter().any(|said| said.contains("destroyed by list")), "{told:?}");
}

#[test]
fn an_approval_is_of_exactly_these_records() {
    let (place, ids) = holdings();
    let repository = place.open();
    let number = ready(&repository, &[1, 2]);
    // A file comes in behind the leader's back.
    let mut change = repository.begin("x", "import", in_2036()).unwrap();
    change.add_files(ids[2], &[place.scan(0, "more.tif", b"more")], &|_| ()).unwrap();
    change.commit().unwrap();
    let mut change = repository.begin("陈文书", "archive disposal", in_2036()).unwrap();
    assert_eq!(rule(&change.destroy(&number, Terms::default()).unwrap_err()), Some(RuleId::D1));
    drop(change);
    assert_eq!(repository.files(ids[0]).unwrap().len(), 2, "a refused destruction changes nothing");
    // A line more voids the approval in words, too.
    let change = repository.begin("陈文书", "archive disposal", in_2036()).unwrap();
    assert!(change.add_to_destruction_list(&number, &[request(3)], Terms::default()).unwrap());
    change.commit().unwrap();
    assert!(repository.destruction_list(&number).unwrap().approval.is_none());
}

#[test]
fn a_hold_stops_the_listing_and_the_destruction_until_it_is_lifted() {
    let (place, _) = holdings();
    let repository = place.open();
    let number = ready(&repository, &[1]);
    let change = repository.begin("王主任", "archive disposal", in_2036()).unwrap();
    let hold = change.place_hold(&target(1), "诉讼未结").unwrap();
    change.commit().unwrap();
    let mut change = repository.begin("陈文书", "archive disposal", in_2036()).unwrap();
    assert_eq!(rule(&change.destroy(&number, Terms::default()).unwrap_err()), Some(RuleId::D1));
    change.lift_hold(hold, "诉讼已结").unwrap();
    change.destroy(&number, Terms::default()).unwrap();
    change.commit().unwrap();
}

#[test]
fn what_is_not_due_or_was_extended_is_not_listed() {
    let (place, _) = holdings();
    let repository = place.open();
    let change = repository.begin("王主任", "archive disposal", in_2036()).unwrap();
    change.appraise(&target(1), Decision::Extend { years: 30 }, "仍有查考价值").unwrap();
    change.appraise(&target(2), Decision::Permanent, "反映机构沿革").unwrap();
    let number = change.new_destruction_list(FONDS, "", false).unwrap();
    for no in [1, 2] {
        let error = change.add_to_destruction_list(&number, &[request(no)], Terms::default()).unwrap_err();
        assert_eq!(rule(&error), Some(RuleId::D1));
    }
    change.add_to_destruction_list(&number, &[request(3)], Terms::default()).unwrap();
}

#[test]
fn papers_that_were_never_archived_are_cleared_by_list_too() {
    let (place, _) = holdings();
    let repository = place.open();
    let loose = LineRequest {
        target: Target::Loose("重份文件（2035 年）".into()),
        reason: "重份".into(),
        original: None,
        pages: 200,
    };
    let change = repository.begin("陈文书", "archive disposal", in_2036()).unwrap();
    let number = change.new_destruction_list(FONDS, "年底清理", false).unwrap();
    change.add_to_destruction_list(&number, &[loose], Terms::default()).unwrap();
    change.commit().unwrap();
    let list = repository.destruction_list(&number).unwrap();
    let digest = repository.destruction_list_digest(&list, Terms::default()).unwrap();
    let mut change = repository.begin("王主任", "archive disposal", in_2036()).unwrap();
    change.approve_destruction_list(&number, &digest, "", Terms::default()).unwrap();
    change.supervise_destruction(&number, &supervision(&["甲", "乙"])).unwrap();
    let done = change.destroy(&number, Terms::default()).unwrap();
    change.commit().unwrap();
    assert_eq!((done.items.len(), done.files), (0, 0));
}
