use std::fs;

use archive_store::{ErrorKind, Repository, StoreError, nothing_along};

use crate::place::{FONDS, Place, now, settings};

#[test]
fn a_new_repository_opens_and_is_found_from_below() {
    let place = Place::new();
    let repository = place.open();
    assert_eq!(repository.own_fonds(), FONDS);
    assert_eq!(repository.settings().profile, "futian-2006");
    assert!(repository.recovered().is_empty());
    let below = place.root().join("objects/extensions");
    assert_eq!(Repository::find(&below).unwrap(), place.root());
}

#[test]
fn settings_are_written_for_people_and_read_back() {
    let place = Place::new();
    let path = place.root().join("archive.toml");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("name = \"简阳市政府办公室\""), "{text}");
    fs::write(&path, text.replace("profile = \"futian-2006\"", "profile = \"jianyang-2005\"\nprofil = 1"))
        .unwrap();
    let error = Repository::open(&place.root()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Settings);
    assert!(error.message().zh.contains("profil"), "{error}");
}

#[test]
fn a_folder_that_is_no_repository_is_told_so() {
    let dir = tempfile::tempdir().unwrap();
    let error = Repository::open(dir.path()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotARepository);
    assert!(Repository::find(dir.path()).is_err());
}

#[test]
fn a_repository_is_not_made_over_something() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("letter.doc"), b"x").unwrap();
    let error = Repository::create(dir.path(), &settings(FONDS), "王芳", now()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotEmpty);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn a_repository_is_made_in_an_empty_folder() {
    let dir = tempfile::tempdir().unwrap();
    let empty = dir.path().join("empty");
    fs::create_dir(&empty).unwrap();
    Repository::create(&empty, &settings(FONDS), "王芳", now()).unwrap();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn a_catalogue_of_a_newer_version_is_refused_and_left_alone() {
    let place = Place::new();
    let path = place.root().join("catalogue.db");
    let database = rusqlite::Connection::open(&path).unwrap();
    database.pragma_update(None, "user_version", 99).unwrap();
    drop(database);
    let error = Repository::open(&place.root()).unwrap_err();
    assert!(matches!(error, StoreError::NewerVersion { found: 99, .. }), "{error}");
    assert_eq!(error.kind(), ErrorKind::NewerVersion);
}

#[test]
fn settings_of_a_newer_version_are_refused_before_anything_else_in_them_is_judged() {
    let place = Place::new();
    fs::write(place.root().join("archive.toml"), "format = 7\nunheard-of = true\n").unwrap();
    let error = Repository::open(&place.root()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NewerVersion);
}

#[test]
fn a_database_that_is_none_is_damage() {
    let place = Place::new();
    fs::write(place.root().join("catalogue.db"), b"this is no database, but long enough to be taken for one")
        .unwrap();
    let error = Repository::open(&place.root()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Damaged, "{error}");
}

#[cfg(unix)]
#[test]
fn every_folder_and_file_is_its_owners_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    place.import("a", 2);
    let repository = place.open();
    let backup = place.dir.path().join("备份");
    repository.back_up(&backup, "王芳", now(), &|_| (), &nothing_along).unwrap();
    let export = place.dir.path().join("导出");
    repository.export(&export, now(), &|_| (), &nothing_along).unwrap();
    let restored = place.dir.path().join("恢复");
    Repository::restore(&backup, &restored, "王芳", now(), &|_| (), &nothing_along).unwrap();
    // Somebody is at work: the log, the lock and the staging folder are there.
    let mut change = repository.begin("王芳", "archive import", now()).unwrap();
    change.add_files(archive_core::model::ItemId(1), &[place.scan(1, "x.tif", b"x")], &|_| ()).unwrap();
    assert!(place.root().join("staging").exists());
    let mut seen = 0;
    for folder in [place.root(), backup, export, restored] {
        for entry in walkdir::WalkDir::new(folder) {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{:o} {}", mode, entry.path().display());
            seen += 1;
        }
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn two_cannot_write_at_once_and_a_reader_is_not_hindered() {
    let place = Place::new();
    let repository = place.open();
    let change = repository.begin("王芳", "archive import", now()).unwrap();
    let other = place.open();
    let error = other.begin("李明", "archive number", now()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Busy);
    assert!(error.message().zh.contains("王芳"));
    assert_eq!(other.count_items(&archive_store::ItemFilter::default()).unwrap(), 0);
    drop(change);
    other.begin("李明", "archive number", now()).unwrap();
}

/// As on a network drive. The other program is this test once more.
#[test]
fn where_one_works_at_a_time_the_next_is_told_who_is_there() {
    const WHERE: &str = "ARCHIVE_STORE_ALONE_CHILD";
    if let Ok(root) = std::env::var(WHERE) {
        let error = Repository::open(std::path::Path::new(&root)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Busy);
        assert!(error.message().zh.contains("一次只能由一个程序使用"), "{error}");
        return;
    }
    let place = Place::new();
    let path = place.root().join("archive.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("[institution]", "one_at_a_time = true\n\n[institution]")).unwrap();
    let repository = place.open();
    let other = place.open();
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["opening::where_one_works_at_a_time_the_next_is_told_who_is_there", "--exact"])
        .env(WHERE, place.root())
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    place.import("a", 1);
    drop((repository, other));
    assert!(!place.root().join("archive.lock.user").exists());
}
