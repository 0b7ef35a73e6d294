//! Repositories in temporary folders, and what goes into them.

use std::fs;
use std::path::{Path, PathBuf};

use archive_core::model::{
    Arrangement, Entry, Institution, Item, ItemId, RetentionPeriod, Side, Volume, VolumeNumber,
};
use archive_core::reading::{DateReading, ItemDate, RecordDate};
use archive_store::{FileSource, ImportBatch, ItemFile, Repository, Settings};
use chrono::{DateTime, FixedOffset};

pub(crate) const FONDS: &str = "J019";

pub(crate) fn now() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2005-03-01T09:00:00+08:00").unwrap()
}

/// A folder with an empty repository in it, and room for scans beside.
pub(crate) struct Place {
    pub(crate) dir: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap() };
        fs::create_dir(place.scans()).unwrap();
        Repository::create(&place.root(), &settings(FONDS), "王芳", now()).unwrap();
        place
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.dir.path().join("档案库")
    }

    pub(crate) fn scans(&self) -> PathBuf {
        self.dir.path().join("scans")
    }

    pub(crate) fn open(&self) -> Repository {
        Repository::open(&self.root()).unwrap()
    }

    /// A scan with these bytes.
    pub(crate) fn scan(&self, item: u64, name: &str, bytes: &[u8]) -> ItemFile {
        let path = self.scans().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        file(item, name, &path)
    }

    /// Takes in `count` items, each with one scan, and gives their identifiers.
    pub(crate) fn import(&self, register: &str, count: u64) -> Vec<ItemId> {
        let files = (1..=count)
            .map(|row| {
                self.scan(row, &format!("{register}/第{row}页.tif"), format!("{register} {row}").as_bytes())
            })
            .collect();
        let batch = batch(register, count, files);
        let repository = self.open();
        let mut change = repository.begin("王芳", "archive import", now()).unwrap();
        let report = change.import(&batch, &|_| ()).unwrap();
        change.commit().unwrap();
        report.items
    }

    /// Every file under the repository but its lock and the database's own, with its bytes' digest or length.
    pub(crate) fn tree(&self) -> Vec<(PathBuf, u64)> {
        let mut all: Vec<_> = walk(&self.root().join("objects"));
        all.sort();
        all
    }
}

fn walk(dir: &Path) -> Vec<(PathBuf, u64)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            all.push((entry.path(), 0));
            all.extend(walk(&entry.path()));
        } else {
            all.push((entry.path(), entry.metadata().unwrap().len()));
        }
    }
    all
}

pub(crate) fn settings(fonds: &str) -> Settings {
    Settings::new(Institution { name: "简阳市政府办公室".into(), fonds: fonds.into() }, "futian-2006")
}

pub(crate) fn file(item: u64, name: &str, path: &Path) -> ItemFile {
    ItemFile {
        item: ItemId(item),
        name: name.into(),
        source: FileSource::Path(path.to_path_buf()),
        expected_sha256: None,
    }
}

pub(crate) fn item(row: u64) -> Item {
    let mut item = Item::new(ItemId(row), row.to_string());
    item.title = format!("关于防汛工作的通知（{row}）");
    item.bodies = vec!["简阳市政府".into(), "简阳市水利局".into()];
    item.date = ItemDate {
        original: "2004、5、16".into(),
        reading: DateReading::On(RecordDate::day(2004, 5, 16).unwrap()),
    };
    item.pages = Some(2);
    item
}

pub(crate) fn batch(register: &str, items: u64, files: Vec<ItemFile>) -> ImportBatch {
    ImportBatch {
        register_name: format!("{register}.xlsx"),
        register_digest: register.into(),
        items: (1..=items).map(item).collect(),
        files,
    }
}

/// A numbered volume with these items.
pub(crate) fn volume(volume_no: u32, items: &[ItemId]) -> Volume {
    Volume {
        year: 2004,
        side: Side::Government,
        period: RetentionPeriod::Permanent,
        section: None,
        title: format!("防汛材料之{volume_no}"),
        joined_by: Vec::new(),
        why: Vec::new(),
        entries: (1..)
            .zip(items)
            .map(|(item_no, &item)| Entry {
                item,
                title: "关于防汛工作的通知".into(),
                item_no: Some(item_no),
                pages: Some((item_no, item_no)),
                why: Vec::new(),
            })
            .collect(),
        number: Some(VolumeNumber {
            catalogue_no: "2004·Y".into(),
            volume_no,
            code: format!("{FONDS}-2004·Y-{volume_no:03}"),
        }),
    }
}

pub(crate) fn arrangement(volumes: Vec<Volume>) -> Arrangement {
    Arrangement { volumes, ..Arrangement::default() }
}

/// Takes the tables of later versions away, as a program of the first version would have left the catalogue.
pub(crate) fn back_to_version_one(root: &Path) {
    let database = rusqlite::Connection::open(root.join("catalogue.db")).unwrap();
    let fresh = rusqlite::Connection::open_in_memory().unwrap();
    fresh.execute_batch(include_str!("../../src/schema/001.sql")).unwrap();
    let of_version_one: Vec<String> = fresh
        .prepare("SELECT name FROM sqlite_schema")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    database.pragma_update(None, "foreign_keys", false).unwrap();
    let later: Vec<(String, String)> = database
        .prepare("SELECT type, name FROM sqlite_schema WHERE type IN ('table', 'view', 'trigger') ORDER BY rowid DESC")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .filter(|(_, name): &(String, String)| !of_version_one.contains(name) && !name.starts_with("sqlite_"))
        .collect();
    for (kind, name) in later {
        database.execute_batch(&format!("DROP {kind} IF EXISTS {name}")).unwrap();
    }
    database.pragma_update(None, "user_version", 1).unwrap();
}
