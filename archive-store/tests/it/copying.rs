//! Backups, exports and repair: nothing lost on the way out, back in, or when something was damaged.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use archive_core::model::ItemId;
use archive_store::{ErrorKind, ItemFilter, Repository, check_backup, nothing_along};
use rusqlite::Connection;

use crate::place::{Place, now};

fn back_up(place: &Place) -> archive_store::Result<archive_store::CopyReport> {
    place.open().back_up(&backup(place), "王芳", now(), &|_| (), &nothing_along)
}

fn backup(place: &Place) -> PathBuf {
    place.dir.path().join("备份")
}

fn restored(place: &Place, from: &Path, name: &str) -> (Repository, archive_store::CopyReport) {
    let to = place.dir.path().join(name);
    let report = Repository::restore(from, &to, "王芳", now(), &|_| (), &nothing_along).unwrap();
    (Repository::open(&to).unwrap(), report)
}

/// All there is to know of a repository but its audit chain's last entry.
fn contents(repository: &Repository) -> String {
    let items = repository.items(&ItemFilter::default()).unwrap();
    let files: Vec<_> = items
        .iter()
        .flat_map(|item| repository.files(item.id).unwrap())
        .map(|file| (file.item, file.name.clone(), file.sha256.clone(), fs::read(&file.path).unwrap()))
        .collect();
    let mut log = repository.audit_log(1, 100).unwrap();
    log.retain(|entry| entry.act != "restore");
    format!("{items:?}\n{files:?}\n{log:?}\n{:?}", repository.settings())
}

/// Every table of a repository's catalogue, row by row, as the database has it.
fn tables(root: &Path) -> BTreeMap<String, Vec<String>> {
    let database = Connection::open(root.join("catalogue.db")).unwrap();
    let mut names =
        database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
    let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let rows = |name: &String| {
        let mut all = database.prepare(&format!("SELECT * FROM \"{name}\"")).unwrap();
        let columns = all.column_count();
        let told = |row: &rusqlite::Row<'_>| {
            let value = |at| row.get::<_, rusqlite::types::Value>(at).unwrap();
            Ok((0..columns).map(|at| format!("{:?}", value(at))).collect::<Vec<_>>().join("\t"))
        };
        let mut rows: Vec<String> = all.query_map([], told).unwrap().map(Result::unwrap).collect();
        rows.sort();
        rows
    };
    names.iter().map(|name| (name.clone(), rows(name))).collect()
}

/// Where the first file of an item lies.
fn path_of(place: &Place, item: u64) -> PathBuf {
    place.open().files(ItemId(item)).unwrap()[0].path.clone()
}

fn flip(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
}

fn assert_sound(repository: &Repository) {
    assert_eq!(repository.fixity(&|_| ()).unwrap().findings, []);
    assert_eq!(repository.verify_audit(None).unwrap(), []);
}

#[test]
fn a_backup_is_brought_up_to_date_by_what_is_new_and_restores_to_the_same() {
    let place = Place::new();
    place.import("a", 3);
    let first = back_up(&place).unwrap();
    assert_eq!((first.objects_copied, first.objects_kept, first.findings.len()), (3, 0, 0));
    place.import("b", 2);
    let repository = place.open();
    let mut change = repository.begin("王芳", "archive import", now()).unwrap();
    change.add_files(ItemId(1), &[place.scan(1, "补.tif", b"late")], &|_| ()).unwrap();
    change.commit().unwrap();
    let second = back_up(&place).unwrap();
    assert_eq!((second.objects_copied, second.objects_kept), (3, 2));
    assert_eq!(back_up(&place).unwrap().objects_copied, 0);
    assert_eq!(check_backup(&backup(&place), &|_| ()).unwrap().findings, []);

    let (again, report) = restored(&place, &backup(&place), "恢复");
    assert_eq!(report.findings, []);
    assert_eq!(contents(&again), contents(&repository));
    assert_sound(&again);
    assert!(Repository::open(&backup(&place)).is_err(), "a backup is no repository");
}

#[test]
fn an_interrupted_backup_is_gone_on_with() {
    let place = Place::new();
    place.import("a", 4);
    back_up(&place).unwrap();
    // As if stopped amid the objects, before the catalogue and the state were there.
    for name in ["backup.json", "catalogue.db"] {
        fs::remove_file(backup(&place).join(name)).unwrap();
    }
    let source = path_of(&place, 2);
    let objects = place.root().join("objects");
    let copied = backup(&place).join("objects").join(source.strip_prefix(&objects).unwrap());
    fs::remove_file(&copied).unwrap();
    fs::remove_file(copied.ancestors().nth(3).unwrap().join("inventory.json")).unwrap();
    assert!(
        Repository::restore(
            &backup(&place),
            &place.dir.path().join("x"),
            "x",
            now(),
            &|_| (),
            &nothing_along
        )
        .is_err()
    );
    assert_eq!(back_up(&place).unwrap().objects_copied, 1);
    assert_eq!(check_backup(&backup(&place), &|_| ()).unwrap().findings, []);
}

#[test]
fn a_repository_that_was_tampered_with_or_rolled_back_does_not_overwrite_its_backup() {
    let place = Place::new();
    place.import("a", 2);
    let old = place.dir.path().join("old.db");
    Connection::open(place.root().join("catalogue.db"))
        .unwrap()
        .execute("VACUUM INTO ?1", [old.to_str().unwrap()])
        .unwrap();
    place.import("b", 2);
    back_up(&place).unwrap();
    let before = fs::read(backup(&place).join("catalogue.db")).unwrap();

    let database = Connection::open(place.root().join("catalogue.db")).unwrap();
    database.execute("UPDATE item SET title = 'x' WHERE id = 1", []).unwrap();
    drop(database);
    assert_eq!(back_up(&place).unwrap_err().kind(), ErrorKind::Copy);

    fs::copy(&old, place.root().join("catalogue.db")).unwrap();
    for end in ["-wal", "-shm"] {
        let _ = fs::remove_file(place.root().join(format!("catalogue.db{end}")));
    }
    let refused = back_up(&place).unwrap_err();
    assert!(refused.message().en.contains("rolled back"), "{refused}");
    assert_eq!(fs::read(backup(&place).join("catalogue.db")).unwrap(), before);
}

#[test]
fn a_damaged_scan_is_named_and_never_takes_the_place_of_the_good_one() {
    let place = Place::new();
    place.import("a", 3);
    back_up(&place).unwrap();
    place.import("b", 1);
    flip(&path_of(&place, 2));
    flip(&path_of(&place, 4));
    let report = back_up(&place).unwrap();
    assert_eq!(report.findings.len(), 1, "the one not yet in the backup: {:?}", report.findings);
    assert_eq!(report.findings[0].item, Some(ItemId(4)));
    let (again, report) = restored(&place, &backup(&place), "恢复");
    assert_eq!(report.findings.len(), 1);
    assert_eq!(fs::read(&again.files(ItemId(2)).unwrap()[0].path).unwrap(), b"a 2");
}

#[test]
fn a_backup_cannot_lie_in_the_repository_or_among_other_things() {
    let place = Place::new();
    let repository = place.open();
    let inside = repository.back_up(&place.root().join("backup"), "x", now(), &|_| (), &nothing_along);
    assert_eq!(inside.unwrap_err().kind(), ErrorKind::Copy);
    let busy = place.dir.path().join("busy");
    fs::create_dir(&busy).unwrap();
    fs::write(busy.join("信.txt"), "").unwrap();
    assert_eq!(
        repository.back_up(&busy, "x", now(), &|_| (), &nothing_along).unwrap_err().kind(),
        ErrorKind::NotEmpty
    );
    assert_eq!(
        repository.export(&busy, now(), &|_| (), &nothing_along).unwrap_err().kind(),
        ErrorKind::NotEmpty
    );
}

#[test]
fn an_export_holds_everything_and_comes_back_as_it_was() {
    let place = Place::new();
    place.import("a", 3);
    let repository = place.open();
    let change = repository.begin("王芳", "describe", now()).unwrap();
    let mut item = repository.item(ItemId(1)).unwrap();
    item.title = "\\N 第一行\n“第二行”, =1+1 𠮷".into();
    change.describe(&item).unwrap();
    change.commit().unwrap();
    let bag = place.dir.path().join("导出");
    // What others keep beside the objects goes along, and back.
    let along = |from: &Path, to: &Path| {
        fs::create_dir(to.join("text")).unwrap();
        fs::copy(from.join("text/a.jsonl"), to.join("text/a.jsonl")).map(|_| Vec::new())
    };
    fs::create_dir(place.root().join("text")).unwrap();
    fs::write(place.root().join("text/a.jsonl"), "{}\n").unwrap();
    let report = repository.export(&bag, now(), &|_| (), &along).unwrap();
    assert_eq!((report.objects_copied, report.findings.len()), (3, 0));
    assert!(fs::read_to_string(bag.join("manifest-sha256.txt")).unwrap().contains("  data/text/a.jsonl\n"));
    assert!(!bag.join("catalogue.db").exists());
    // What the manifest lists is there, and all that is there is listed.
    let manifest = fs::read_to_string(bag.join("manifest-sha256.txt")).unwrap();
    let listed = manifest.lines().count();
    let there = walkdir::WalkDir::new(bag.join("data"))
        .into_iter()
        .filter(|e| e.as_ref().unwrap().file_type().is_file());
    assert_eq!(there.count(), listed);

    let to = place.dir.path().join("恢复");
    let report = Repository::restore(&bag, &to, "王芳", now(), &|_| (), &along).unwrap();
    let again = Repository::open(&to).unwrap();
    assert_eq!(report.findings, []);
    assert_eq!(fs::read_to_string(to.join("text/a.jsonl")).unwrap(), "{}\n");
    assert_eq!(contents(&again), contents(&repository));
    // Table by table, row by row: only the restoring itself is new.
    let (before, mut after) = (tables(&place.root()), tables(&to));
    let of = |tables: &BTreeMap<String, Vec<String>>, name: &str| tables[name].len();
    assert_eq!(of(&after, "audit"), of(&before, "audit") + 1);
    after.get_mut("audit").unwrap().retain(|row| !row.contains("restore"));
    assert!(before.len() > 30 && of(&before, "item") == 3 && of(&before, "file") == 3, "{}", before.len());
    // The head of the chain stands in `repository`, and the counter of its entries among the counters.
    for (name, rows) in &before {
        if !["sqlite_sequence", "repository"].contains(&name.as_str()) {
            assert_eq!(Some(rows), after.get(name), "{name}");
        }
    }
    assert_sound(&again);
    // Identifiers that were given are not given again.
    let guarded = Connection::open(again.root().join("catalogue.db")).unwrap();
    assert!(guarded.execute("DELETE FROM audit", []).is_err(), "the guards are back");

    for small in ["data/tables/item.csv", "data/settings.toml"] {
        flip(&bag.join(small));
        let refused =
            Repository::restore(&bag, &place.dir.path().join("x"), "x", now(), &|_| (), &nothing_along);
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Damaged, "{small}");
        assert!(!place.dir.path().join("x").exists());
        flip(&bag.join(small));
    }
}

#[test]
fn whatever_is_damaged_is_mended_from_a_backup() {
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 13] = [
        ("a flipped bit", |file| flip(file)),
        ("a missing file", |file| fs::remove_file(file).unwrap()),
        ("a missing object", |file| fs::remove_dir_all(object(file)).unwrap()),
        ("a damaged inventory", |file| flip(&object(file).join("inventory.json"))),
        ("all its inventories", |file| {
            flip(&object(file).join("inventory.json"));
            flip(&object(file).join("v1/inventory.json"));
        }),
        ("an extra file", |file| fs::write(object(file).join("v1/content/x"), "x").unwrap()),
        ("a folder in a file's place", |file| in_its_place(file)),
        ("a folder in its inventory's place", |file| in_its_place(&object(file).join("inventory.json"))),
        ("a folder in a version's inventory's place", |file| {
            in_its_place(&object(file).join("v1/inventory.json"));
        }),
        ("a folder in the declaration's place", |file| {
            in_its_place(&object(file).join("0=ocfl_object_1.1"));
        }),
        ("no inventory of a version", |file| {
            fs::remove_file(object(file).join("v1/inventory.json")).unwrap();
        }),
        ("a file in a folder's place", |file| {
            fs::remove_dir_all(object(file).join("v1/content")).unwrap();
            fs::write(object(file).join("v1/content"), "x").unwrap();
        }),
        ("no declaration", |file| fs::remove_file(object(file).join("0=ocfl_object_1.1")).unwrap()),
    ];
    for (what, damage) in damages {
        let place = Place::new();
        place.import("a", 3);
        back_up(&place).unwrap();
        damage(&path_of(&place, 2));
        let repository = place.open();
        assert!(!repository.fixity(&|_| ()).unwrap().findings.is_empty(), "{what}");
        let report = repository.repair(&[backup(&place)], "王芳", now(), &|_| ()).unwrap();
        assert!(report.left.is_empty() && !report.mended.is_empty(), "{what}: {report:?}");
        assert_sound(&repository);
    }
}

fn in_its_place(file: &Path) {
    fs::remove_file(file).unwrap();
    fs::create_dir(file).unwrap();
    fs::write(file.join("x"), "x").unwrap();
}

/// Somebody else's copy may hold anything: what has no end is not read, and nothing is written through a link.
#[cfg(unix)]
#[test]
fn devices_pipes_and_links_in_a_copy_are_refused_or_named_and_never_waited_for() {
    use std::os::unix::fs::symlink;

    for name in ["settings.toml", "backup.json", "object", "inventory"] {
        let place = Place::new();
        place.import("a", 2);
        back_up(&place).unwrap();
        let inside = path_of(&place, 1).strip_prefix(place.root()).unwrap().to_path_buf();
        let target = match name {
            "object" => backup(&place).join(&inside),
            "inventory" => object(&backup(&place).join(&inside)).join("inventory.json"),
            other => backup(&place).join(other),
        };
        fs::remove_file(&target).unwrap();
        symlink("/dev/zero", &target).unwrap();
        let to = place.dir.path().join("x");
        match Repository::restore(&backup(&place), &to, "x", now(), &|_| (), &nothing_along) {
            // The last version kept the same inventory.
            Ok(report) => {
                assert_eq!(report.findings.len(), usize::from(name == "object"), "{name}: {report:?}");
            }
            Err(_) => assert!(!to.exists(), "{name}"),
        }
    }
}

/// What a version kept of its inventory is held against its digest on the way, too.
#[test]
fn a_damaged_inventory_of_a_version_is_not_carried_on() {
    let place = Place::new();
    let ids = place.import("a", 1);
    let repository = place.open();
    let mut change = repository.begin("王芳", "archive import", now()).unwrap();
    change.add_files(ids[0], &[place.scan(1, "补.tif", b"late")], &|_| ()).unwrap();
    change.commit().unwrap();
    back_up(&place).unwrap();
    let inside = object(&path_of(&place, 1)).strip_prefix(place.root()).unwrap().to_path_buf();
    let copy = backup(&place).join(inside);
    // The last version's is the object's own; an older one can't be had from anywhere.
    flip(&copy.join("v2/inventory.json"));
    let (again, report) = restored(&place, &backup(&place), "一");
    assert_eq!(report.findings, []);
    assert_sound(&again);
    flip(&copy.join("v1/inventory.json"));
    let (again, report) = restored(&place, &backup(&place), "二");
    assert_eq!(report.findings.len(), 1, "{report:?}");
    let found = again.fixity(&|_| ()).unwrap().findings;
    assert!(found.iter().all(|one| one.path.ends_with("v1")), "{found:?}");
    assert!(again.repair(&[place.root()], "王芳", now(), &|_| ()).unwrap().left.is_empty());
}

fn object(file: &Path) -> &Path {
    file.ancestors().nth(3).unwrap()
}

/// Twice the whole would be two nights where there is one.
#[test]
fn repair_reads_the_whole_once_and_then_what_was_broken() {
    use std::sync::Mutex;

    let place = Place::new();
    place.import("a", 9);
    back_up(&place).unwrap();
    flip(&path_of(&place, 2));
    fs::write(place.root().join("objects/stray"), "x").unwrap();
    let repository = place.open();
    let read = Mutex::new(Vec::new());
    let told = |progress: archive_store::Progress| read.lock().unwrap().push(progress.files);
    let report = repository.repair(&[backup(&place)], "王芳", now(), &told).unwrap();
    assert!(report.left.is_empty() && report.mended.len() >= 2, "{report:?}");
    assert_eq!(report.moved_away, ["objects/stray"]);
    let read = read.into_inner().unwrap();
    let after = read.iter().rposition(|files| *files == 9).unwrap();
    assert_eq!(read[after + 1..].iter().max(), Some(&1), "one file is read again: {read:?}");
    assert_sound(&repository);
}

#[test]
fn a_scan_is_mended_from_a_twin_a_package_or_the_folder_it_came_from() {
    let place = Place::new();
    let scans = [
        place.scan(1, "甲.tif", b"the same"),
        place.scan(2, "乙.tif", b"the same"),
        place.scan(3, "丙.tif", b"another"),
    ];
    let batch = crate::place::batch("a", 3, scans.into());
    let repository = place.open();
    let mut change = repository.begin("王芳", "archive import", now()).unwrap();
    change.import(&batch, &|_| ()).unwrap();
    change.commit().unwrap();

    flip(&path_of(&place, 1));
    let twin = repository.repair(&[], "王芳", now(), &|_| ()).unwrap();
    assert!(twin.left.is_empty(), "{twin:?}");
    flip(&path_of(&place, 3));
    let nothing = repository.repair(&[], "王芳", now(), &|_| ()).unwrap();
    assert!(nothing.mended.is_empty() && !nothing.left.is_empty(), "{nothing:?}");
    let loose = repository.repair(&[place.scans()], "王芳", now(), &|_| ()).unwrap();
    assert!(loose.left.is_empty(), "{loose:?}");

    let bag = place.dir.path().join("导出");
    repository.export(&bag, now(), &|_| (), &nothing_along).unwrap();
    fs::remove_file(bag.join("data/objects/0=ocfl_1.1")).unwrap();
    flip(&path_of(&place, 3));
    let package = repository.repair(&[bag], "王芳", now(), &|_| ()).unwrap();
    assert!(package.left.is_empty(), "{package:?}");
    assert_sound(&repository);
}

/// Whoever made the copy could write anywhere, if its paths were followed.
#[test]
fn a_copy_whose_inventory_names_paths_outside_its_object_is_no_help() {
    let place = Place::new();
    place.import("a", 1);
    back_up(&place).unwrap();
    let inside = object(&path_of(&place, 1)).strip_prefix(place.root()).unwrap().to_path_buf();
    let copy = backup(&place).join(&inside);
    let text = fs::read_to_string(copy.join("inventory.json")).unwrap();
    let hostile = text.replace("v1/content/0001.tif", "../../../../../escaped.tif");
    assert_ne!(text, hostile);
    for folder in [copy.clone(), copy.join("v1")] {
        fs::write(folder.join("inventory.json"), &hostile).unwrap();
        let digest = <sha2::Sha512 as sha2::Digest>::digest(&hostile);
        let hex: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        fs::write(folder.join("inventory.json.sha512"), format!("{} inventory.json\n", hex.concat()))
            .unwrap();
    }
    fs::write(backup(&place).join("escaped.tif"), b"a 1").unwrap();
    let (again, report) = restored(&place, &backup(&place), "恢复");
    assert_eq!(report.findings.len(), 1, "{report:?}");
    let strays = walkdir::WalkDir::new(place.dir.path()).into_iter().flatten();
    let strays: Vec<_> = strays.filter(|entry| entry.file_name() == "escaped.tif").collect();
    assert_eq!(strays.len(), 1, "only the one in the backup: {strays:?}");
    drop(again);
    fs::remove_dir_all(place.root().join(&inside)).unwrap();
    let report = place.open().repair(&[backup(&place)], "王芳", now(), &|_| ()).unwrap();
    assert!(!report.left.is_empty());
}

#[test]
fn an_object_nobody_entered_goes_to_quarantine() {
    let place = Place::new();
    place.import("a", 1);
    let stray = place.root().join("objects/abc/def/012/stray");
    fs::create_dir_all(&stray).unwrap();
    fs::write(stray.join("0=ocfl_object_1.1"), "ocfl_object_1.1\n").unwrap();
    let repository = place.open();
    let report = repository.repair(&[], "王芳", now(), &|_| ()).unwrap();
    assert_eq!(report.moved_away.len(), 1, "{report:?}");
    assert!(place.root().join("quarantine/objects/abc/def/012/stray/0=ocfl_object_1.1").is_file());
}

#[test]
fn a_catalogue_that_can_not_be_read_is_replaced_by_the_backups() {
    let place = Place::new();
    place.import("a", 2);
    back_up(&place).unwrap();
    fs::write(place.root().join("catalogue.db"), b"not a database, not any more: overwritten by something")
        .unwrap();
    assert!(Repository::open(&place.root()).is_err());
    Repository::restore_catalogue(&place.root(), &backup(&place), "王芳", now()).unwrap();
    assert_sound(&place.open());
    assert!(place.root().join("quarantine/catalogue.db").is_file());
}
