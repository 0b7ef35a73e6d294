//! Fixity and the storage root: what was taken in can be read again, and what happens to it is found.

use std::fs;
use std::path::Path;

use archive_store::FixityFault;
use archive_store::ocfl::validate::{Depth, validate_root};

use crate::place::{Place, now};

fn stored() -> Place {
    let place = Place::new();
    let ids = place.import("2004", 5);
    let repository = place.open();
    let mut change = repository.begin("王芳", "archive import", now()).unwrap();
    change.add_files(ids[0], &[place.scan(0, "late.jpg", b"late")], &|_| ()).unwrap();
    change.commit().unwrap();
    place
}

/// What fixity says after something happened to the first item's object.
fn after(harm: impl Fn(&Path)) -> Vec<(String, FixityFault)> {
    let place = stored();
    let repository = place.open();
    let first = repository.files(archive_core::model::ItemId(1)).unwrap().remove(0);
    let object = first.path.ancestors().nth(3).unwrap();
    harm(object);
    let report = repository.fixity(&|_| ()).unwrap();
    report
        .findings
        .into_iter()
        .map(|finding| {
            let path = repository.root().join(&finding.path);
            let inside =
                path.strip_prefix(object).map_or(finding.path.clone(), |path| path.display().to_string());
            (inside, finding.fault)
        })
        .collect()
}

#[test]
fn the_storage_root_is_valid_by_our_own_judgement() {
    let place = stored();
    let report = validate_root(&place.root().join("objects"), Depth::Digests, &|_| ());
    assert!(report.is_valid(), "{report:#?}");
    assert_eq!(report.objects.len(), 5);
    assert!(report.objects.iter().all(|(_, object)| object.warnings.is_empty()), "{report:#?}");
}

#[test]
fn an_untouched_repository_reads_clean() {
    let place = stored();
    let report = place.open().fixity(&|_| ()).unwrap();
    assert_eq!((report.objects, report.files), (5, 6));
    assert!(report.bytes > 0 && report.findings.is_empty(), "{report:?}");
}

#[test]
fn one_flipped_bit_is_found() {
    let found = after(|object| {
        let path = object.join("v1/content/0001.tif");
        let mut bytes = fs::read(&path).unwrap();
        bytes[2] ^= 1;
        fs::write(path, bytes).unwrap();
    });
    assert!(
        found.iter().all(|found| *found == ("v1/content/0001.tif".into(), FixityFault::Changed)),
        "{found:?}"
    );
    assert!(!found.is_empty());
}

#[test]
fn a_missing_file_and_a_missing_object_are_found() {
    let found = after(|object| fs::remove_file(object.join("v2/content/0002.jpg")).unwrap());
    assert_eq!(found, [("v2/content/0002.jpg".into(), FixityFault::Missing)]);
    let found = after(|object| fs::remove_dir_all(object).unwrap());
    assert!(found.contains(&("v1/content/0001.tif".into(), FixityFault::Missing)), "{found:?}");
}

#[test]
fn an_extra_file_and_an_extra_object_are_found() {
    let found = after(|object| fs::write(object.join("v1/content/.DS_Store"), b"x").unwrap());
    assert!(
        found.iter().all(|found| *found == ("v1/content/.DS_Store".into(), FixityFault::Extra)),
        "{found:?}"
    );
    assert!(!found.is_empty());
    let found = after(|object| {
        let extra = object.with_file_name("extra");
        fs::create_dir(&extra).unwrap();
        fs::write(extra.join("0=ocfl_object_1.1"), b"ocfl_object_1.1\n").unwrap();
    });
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1, FixityFault::Extra);
}

/// OCFL allows files beside the objects; nobody took them in.
#[test]
fn what_lies_beside_the_objects_and_what_declares_them_is_looked_at_too() {
    let place = Place::new();
    place.import("a", 1);
    let objects = place.root().join("objects");
    let declared: Vec<_> = walkdir::WalkDir::new(&objects)
        .into_iter()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().is_file() && !entry.path().to_string_lossy().contains("urn"))
        .map(walkdir::DirEntry::into_path)
        .collect();
    assert_eq!(declared.len(), 3, "{declared:?}");
    let repository = place.open();
    for path in declared {
        let whole = fs::read(&path).unwrap();
        for byte in (0..whole.len()).step_by(9) {
            let mut flipped = whole.clone();
            flipped[byte] ^= 4;
            fs::write(&path, flipped).unwrap();
            let found = repository.fixity(&|_| ()).unwrap().findings;
            assert!(found.iter().any(|one| one.fault == FixityFault::Changed), "{} {byte}", path.display());
        }
        fs::remove_file(&path).unwrap();
        let found = repository.fixity(&|_| ()).unwrap().findings;
        assert!(found.iter().any(|one| one.fault == FixityFault::Missing), "{}", path.display());
        repository.repair(&[], "x", now(), &|_| ()).unwrap();
        assert_eq!(fs::read(&path).unwrap(), whole);
    }
    for stray in ["stray.tif", "extensions/stray.tif", "abc/stray.tif"] {
        fs::create_dir_all(objects.join(stray).parent().unwrap()).unwrap();
        fs::write(objects.join(stray), "x").unwrap();
        let found = repository.fixity(&|_| ()).unwrap().findings;
        let found: Vec<_> = found.iter().map(|one| (one.path.as_str(), one.fault)).collect();
        assert_eq!(found, [(format!("objects/{stray}").as_str(), FixityFault::Extra)]);
        repository.repair(&[], "x", now(), &|_| ()).unwrap();
        assert_eq!(repository.fixity(&|_| ()).unwrap().findings, []);
    }
}

#[test]
fn an_inventory_rewritten_to_fit_a_changed_file_shows_against_the_catalogue() {
    use archive_store::FileSource;
    // Another repository's object for the same item: perfectly valid OCFL, but not what was taken in.
    let other = Place::new();
    let mut forged = other.scan(1, "forged.tif", b"forged");
    forged.source = FileSource::Path(other.scans().join("forged.tif"));
    let repository = other.open();
    let mut change = repository.begin("x", "archive import", now()).unwrap();
    let report = change.import(&crate::place::batch("x", 1, vec![forged]), &|_| ()).unwrap();
    change.commit().unwrap();
    let theirs = repository.files(report.items[0]).unwrap().remove(0);
    let theirs = theirs.path.ancestors().nth(3).unwrap();

    let place = Place::new();
    place.import("2004", 1);
    let repository = place.open();
    let ours = repository.files(report.items[0]).unwrap().remove(0);
    let object = ours.path.ancestors().nth(3).unwrap();
    fs::remove_dir_all(object).unwrap();
    fs::rename(theirs, object).unwrap();
    let findings = repository.fixity(&|_| ()).unwrap().findings;
    assert_eq!(findings.len(), 1);
    assert_eq!((findings[0].fault, findings[0].item), (FixityFault::Changed, Some(report.items[0])));
}

#[test]
fn damage_in_the_database_is_found() {
    let place = stored();
    let path = place.root().join("catalogue.db");
    // Into the file itself: a clean close leaves nothing in the write-ahead log.
    let mut bytes = fs::read(&path).unwrap();
    assert!(!place.root().join("catalogue.db-wal").exists());
    let pages = bytes.len() / 4096;
    for page in 3..pages {
        bytes[page * 4096 + 5] ^= 0x40;
    }
    fs::write(&path, bytes).unwrap();
    let found = archive_store::Repository::open(&place.root())
        .and_then(|repository| repository.fixity(&|_| ()).map(|report| report.findings));
    match found {
        Ok(findings) => assert!(findings.iter().any(|found| found.fault == FixityFault::Catalogue)),
        Err(error) => assert_eq!(error.kind(), archive_store::ErrorKind::Damaged, "{error}"),
    }
}

#[test]
fn one_flipped_bit_anywhere_in_the_database_is_found() {
    let place = stored();
    let path = place.root().join("catalogue.db");
    let whole = fs::read(&path).unwrap();
    let sum = fs::read(place.root().join("catalogue.sum")).unwrap();
    assert!(
        archive_store::Repository::open(&place.root()).unwrap().fixity(&|_| ()).unwrap().findings.is_empty()
    );
    let is_found = |what: &str| {
        let found = archive_store::Repository::open(&place.root())
            .and_then(|repository| repository.fixity(&|_| ()).map(|report| report.findings));
        // What can't be opened any more is found, too.
        assert!(
            found.map_or(true, |findings| findings.iter().any(|one| one.fault == FixityFault::Catalogue)),
            "{what}"
        );
        for beside in ["catalogue.db-wal", "catalogue.db-shm"] {
            let _ = fs::remove_file(place.root().join(beside));
        }
    };
    // All over the file: in what means something, and in the room between.
    for at in (0..whole.len()).step_by(whole.len() / 97) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        fs::write(&path, &bytes).unwrap();
        is_found(&format!("byte {at}"));
    }
    fs::write(&path, &whole).unwrap();
    fs::write(place.root().join("catalogue.sum"), &sum[..sum.len() / 2]).unwrap();
    is_found("half of the sum");
}
