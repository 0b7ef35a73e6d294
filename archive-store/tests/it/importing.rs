use std::fs;
use std::io::Read as _;
use std::sync::atomic::{AtomicU64, Ordering};

use archive_core::model::ItemId;
use archive_store::{ErrorKind, FileFacts, FileSource, ItemFile, ItemFilter, StoreError};

use crate::place::{FONDS, Place, batch, file, item, now};

#[test]
fn what_was_taken_in_is_listed_and_its_bytes_come_back() {
    let place = Place::new();
    let files = vec![
        place.scan(2, "关于 防汛（一）.TIF", b"second"),
        place.scan(1, "a/第1页.jpg", b"first"),
        place.scan(1, "a/第2页.jpg", b"first again"),
    ];
    let repository = place.open();
    let mut change = repository.begin("王芳", "archive import", now()).unwrap();
    let told = AtomicU64::new(0);
    let report = change
        .import(&batch("2004", 3, files), &|progress| {
            told.fetch_max(progress.bytes, Ordering::Relaxed);
        })
        .unwrap();
    change.commit().unwrap();
    assert_eq!((report.items.len(), report.files, report.bytes), (3, 3, 22));
    assert_eq!(told.into_inner(), 22);

    let repository = place.open();
    let items = repository.items(&ItemFilter::year(FONDS, 2004)).unwrap();
    assert_eq!(items.len(), 3);
    let mut expected = item(1);
    expected.id = report.items[0];
    assert_eq!(items[0], expected);
    assert_eq!(repository.item(report.items[1]).unwrap().row, "2");

    let files = repository.files(report.items[0]).unwrap();
    let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["a/第1页.jpg", "a/第2页.jpg"]);
    let mut bytes = String::new();
    repository.open_file(&files[1]).unwrap().read_to_string(&mut bytes).unwrap();
    assert_eq!(bytes, "first again");
    assert_eq!(files[0].sha256, "a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e");
    assert!(files[0].path.ends_with("v1/content/0001.jpg"));
    assert!(!place.root().join("staging").exists());
}

#[test]
fn the_same_register_is_taken_in_once() {
    let place = Place::new();
    place.import("2004", 2);
    let repository = place.open();
    let mut change = repository.begin("王芳", "archive import", now()).unwrap();
    let error = change.import(&batch("2004", 2, Vec::new()), &|_| ()).unwrap_err();
    assert!(matches!(&error, StoreError::RegisterTwice { name, .. } if name == "2004.xlsx"), "{error}");
    assert_eq!(error.kind(), ErrorKind::Twice);
}

#[test]
fn a_missing_file_stops_the_whole_import_and_is_named() {
    let place = Place::new();
    place.import("2003", 2);
    let before = place.tree();
    let good = place.scan(1, "good.tif", b"good");
    let missing = file(2, "missing.tif", &place.scans().join("missing.tif"));
    let repository = place.open();
    let mut change = repository.begin("王芳", "archive import", now()).unwrap();
    let error = change.import(&batch("2004", 2, vec![good, missing]), &|_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Source);
    assert!(error.message().zh.contains("missing.tif"), "{error}");
    drop(change);
    assert_eq!(place.tree(), before);
    assert_eq!(repository.count_items(&ItemFilter::default()).unwrap(), 2);
    assert!(!place.root().join("staging").exists());
    assert!(repository.verify_audit(None).unwrap().is_empty());
}

#[test]
fn a_folder_in_place_of_a_file_is_refused() {
    let place = Place::new();
    let repository = place.open();
    let mut change = repository.begin("王芳", "archive import", now()).unwrap();
    let folder = file(1, "scans", &place.scans());
    let error = change.import(&batch("2004", 1, vec![folder]), &|_| ()).unwrap_err();
    assert!(error.message().en.contains("it is a folder"), "{error}");
}

#[test]
fn a_file_that_grows_while_it_is_read_is_refused() {
    let place = Place::new();
    let path = place.scans().join("growing.tif");
    fs::write(&path, vec![7; 3 << 20]).unwrap();
    let repository = place.open();
    let mut change = repository.begin("王芳", "archive import", now()).unwrap();
    let growing = file(1, "growing.tif", &path);
    // The scanner writes on while the first pieces are read.
    let scanner = |_| {
        let mut bytes = fs::OpenOptions::new().append(true).open(&path).unwrap();
        std::io::Write::write_all(&mut bytes, b"one more line").unwrap();
    };
    let error = change.import(&batch("2004", 1, vec![growing]), &scanner).unwrap_err();
    assert!(matches!(error, StoreError::SourceChanged { .. }), "{error}");
}

#[test]
fn a_file_that_is_not_the_one_announced_is_refused() {
    let place = Place::new();
    let mut wrong = place.scan(1, "wrong.tif", b"wrong");
    wrong.expected_sha256 = Some("00".repeat(32));
    let repository = place.open();
    let mut change = repository.begin("王芳", "archive import", now()).unwrap();
    let error = change.import(&batch("2004", 1, vec![wrong]), &|_| ()).unwrap_err();
    assert!(matches!(error, StoreError::SourceDiffers { .. }), "{error}");
}

#[test]
fn bytes_can_come_from_a_package_as_well_as_from_disk() {
    let place = Place::new();
    let entry = ItemFile {
        item: ItemId(1),
        name: "0001.ofd".into(),
        source: FileSource::Opener {
            called: "package.zip:0001.ofd".into(),
            open: Box::new(|| Ok(Box::new(&b"from a zip"[..]))),
        },
        expected_sha256: None,
    };
    let repository = place.open();
    let mut change = repository.begin("王芳", "archive import", now()).unwrap();
    let report = change.import(&batch("2004", 1, vec![entry]), &|_| ()).unwrap();
    change.commit().unwrap();
    assert_eq!(fs::read(&repository.files(report.items[0]).unwrap()[0].path).unwrap(), b"from a zip");
}

#[test]
fn files_added_later_make_a_new_version_and_keep_the_old_ones() {
    let place = Place::new();
    let id = place.import("2004", 1)[0];
    let repository = place.open();
    let mut change = repository.begin("王芳", "archive import", now()).unwrap();
    change.add_files(id, &[place.scan(0, "补扫.jpg", b"late")], &|_| ()).unwrap();
    change.commit().unwrap();
    let files = repository.files(id).unwrap();
    assert_eq!(files.len(), 2);
    assert!(files[1].path.ends_with("v2/content/0002.jpg"));
    assert_eq!(fs::read(&files[0].path).unwrap(), b"2004 1");
    assert_eq!(fs::read(&files[1].path).unwrap(), b"late");
}

#[test]
fn a_change_that_is_not_committed_never_was() {
    let place = Place::new();
    let before = place.tree();
    let repository = place.open();
    let mut change = repository.begin("王芳", "archive import", now()).unwrap();
    change.import(&batch("2004", 1, vec![place.scan(1, "a.tif", b"a")]), &|_| ()).unwrap();
    assert_eq!(change.repository().count_items(&ItemFilter::default()).unwrap(), 1);
    drop(change);
    assert_eq!(repository.count_items(&ItemFilter::default()).unwrap(), 0);
    assert_eq!(place.tree(), before);
    assert!(!place.root().join("staging").exists());
}

#[test]
fn what_reading_a_file_told_is_kept_beside_it() {
    let place = Place::new();
    let id = place.import("2004", 1)[0];
    let repository = place.open();
    let facts = FileFacts {
        format: Some("image/tiff".into()),
        pages: Some(2),
        text_source: Some("none".into()),
        mark: None,
    };
    let change = repository.begin("王芳", "archive index", now()).unwrap();
    let file = repository.files(id).unwrap()[0].id;
    change.set_file_facts(file, &facts).unwrap();
    change.commit().unwrap();
    assert_eq!(repository.files(id).unwrap()[0].facts, facts);
}

#[test]
fn items_are_read_on_page_by_page_and_by_what_they_are() {
    let place = Place::new();
    let first = place.import("2003", 3);
    let second = place.import("2004", 2);
    let repository = place.open();
    let rest = ItemFilter { after: Some(first[1]), limit: Some(2), ..ItemFilter::default() };
    let ids: Vec<_> = repository.items(&rest).unwrap().iter().map(|item| item.id).collect();
    assert_eq!(ids, [first[2], second[0]]);
    let register = ItemFilter { register: Some("2004".into()), ..ItemFilter::default() };
    assert_eq!(repository.count_items(&register).unwrap(), 2);
    let none = ItemFilter { in_volume: Some(true), ..ItemFilter::default() };
    assert_eq!(repository.count_items(&none).unwrap(), 0);
    assert_eq!(repository.years(FONDS).unwrap(), [2004]);
}

#[test]
fn a_description_that_changes_is_in_the_audit_chain_with_both_values() {
    let place = Place::new();
    let id = place.import("2004", 1)[0];
    let repository = place.open();
    let mut item = repository.item(id).unwrap();
    item.title = "更正后的题名".into();
    let change = repository.begin("李明", "archive describe", now()).unwrap();
    change.describe(&item).unwrap();
    change.commit().unwrap();
    assert_eq!(repository.item(id).unwrap().title, "更正后的题名");
    let log = repository.audit_log(0, u64::MAX).unwrap();
    let last = log.last().unwrap();
    assert_eq!((last.act.as_str(), last.who.as_str()), ("describe", "李明"));
    assert_eq!(last.detail, r#"{"changed":{"title":["关于防汛工作的通知（1）","更正后的题名"]}}"#);
    assert!(last.before.is_some() && last.before != last.after);
}
