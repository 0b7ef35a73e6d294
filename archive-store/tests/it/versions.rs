//! A repository of every earlier version of the catalogue, made by the program of its time, is opened by today's.
//!
//! `fixtures/repositories/vN` holds one each: the catalogue as the words that make it (`catalogue.sql`, as any SQLite
//! shell prints them), the settings and the objects as they lay. Whoever adds a version to `schema/` adds the
//! repository of the one before: the test asks for it.

use std::fs;
use std::path::{Path, PathBuf};

use archive_core::model::ItemId;
use archive_store::ocfl::validate::{Depth, validate_root};
use archive_store::{ItemFilter, Repository, nothing_along};
use rusqlite::Connection;

use crate::place::{Place, batch, now};

fn fixture(version: i64) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../fixtures/repositories/v{version}"))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { fs::copy(&path, &target).map(drop).unwrap() }
    }
}

/// The repository of a version, as its program left it.
fn of_its_time(version: i64, to: &Path) {
    copy(&fixture(version), to);
    let sql = to.join("catalogue.sql");
    let database = Connection::open(to.join("catalogue.db")).unwrap();
    // The words stand in the order of names, not of references.
    database.pragma_update(None, "foreign_keys", false).unwrap();
    database.execute_batch(&fs::read_to_string(&sql).unwrap()).unwrap();
    database.pragma_update(None, "journal_mode", "WAL").unwrap();
    let found: i64 = database.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(found, version, "it is what it says");
    fs::remove_file(sql).unwrap();
}

#[test]
fn a_repository_of_every_earlier_version_opens_is_whole_and_can_be_worked_in() {
    let place = Place::new();
    let today = Connection::open(place.root().join("catalogue.db")).unwrap();
    let today: i64 = today.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    for version in 1..today {
        assert!(fixture(version).is_dir(), "no repository of version {version} is kept");
        let root = place.dir.path().join(format!("v{version}"));
        of_its_time(version, &root);
        let repository = Repository::open(&root).unwrap();
        let items = repository.count_items(&ItemFilter::default()).unwrap();
        assert!(items >= 4, "{version}: {items} items");
        assert_eq!(repository.fixity(&|_| ()).unwrap().findings, [], "{version}");
        assert_eq!(repository.verify_audit(None).unwrap(), [], "{version}");
        assert!(validate_root(&root.join("objects"), Depth::Digests, &|_| ()).is_valid());
        let arrangement = repository.arrangement("J019", 2004).unwrap().unwrap();
        assert!(arrangement.volumes.len() >= 2, "{version}");
        let last = repository.files(ItemId(items)).unwrap();
        assert!(!fs::read(&last[0].path).unwrap().is_empty(), "{version}");

        // It is worked in, backed up and restored like any other.
        let who = if version == 2 { "王芳" } else { "陈文书" };
        let mut change = repository.begin(who, "archive import", now()).unwrap();
        change.import(&batch("today", 1, vec![place.scan(1, "today.tif", b"today")]), &|_| ()).unwrap();
        change.commit().unwrap();
        let backup = place.dir.path().join(format!("backup{version}"));
        repository.back_up(&backup, who, now(), &|_| (), &nothing_along).unwrap();
        let again = place.dir.path().join(format!("again{version}"));
        Repository::restore(&backup, &again, who, now(), &|_| (), &nothing_along).unwrap();
        let again = Repository::open(&again).unwrap();
        assert_eq!(again.count_items(&ItemFilter::default()).unwrap(), items + 1);
        assert_eq!(again.fixity(&|_| ()).unwrap().findings, [], "{version}");
    }
}
