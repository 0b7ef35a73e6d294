//! Storage roots, exports and backups that may be anybody's.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use archive_core::model::{Institution, Item, ItemId};
use archive_store::ocfl::validate::{Depth, validate_root};
use archive_store::{ImportBatch, Repository, Settings, nothing_along};
use archive_transfer::digest::{Algorithm, Hasher};
use chrono::{DateTime, FixedOffset};

use crate::parts::{Parts, of_folder, replaced};

fn now() -> DateTime<FixedOffset> {
    DateTime::UNIX_EPOCH.fixed_offset()
}

/// An export with one item, and the storage root of one object, by path.
static EXPORT: LazyLock<Parts> = LazyLock::new(|| {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let root = dir.path().join("repository");
    let institution = Institution { name: "办公室".into(), fonds: "J019".into() };
    let settings = Settings::new(institution, "futian-2006");
    let repository = Repository::create(&root, &settings, "王芳", now()).expect("a sound sample");
    let scan = dir.path().join("1.tif");
    fs::write(&scan, b"II*\0").expect("a temporary file");
    let batch = ImportBatch {
        register_name: "登记表".into(),
        register_digest: String::new(),
        items: vec![Item::new(ItemId(1), "1".to_owned())],
        files: vec![archive_store::ItemFile {
            item: ItemId(1),
            name: "1.tif".into(),
            source: archive_store::FileSource::Path(scan),
            expected_sha256: None,
        }],
    };
    let mut change = repository.begin("王芳", "archive import", now()).expect("a sound sample");
    change.import(&batch, &|_| ()).expect("a sound sample");
    change.commit().expect("a sound sample");
    let bag = dir.path().join("export");
    repository.export(&bag, now(), &|_| (), &nothing_along).expect("a sound sample");
    of_folder(&bag)
});

/// Lays parts out in a folder; names that leave it are left out.
fn laid(dir: &Path, parts: &Parts) {
    for (name, bytes) in parts {
        let inside = Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        let path = dir.join(name);
        if inside && path.parent().is_some_and(|folder| fs::create_dir_all(folder).is_ok()) {
            let _ = fs::write(&path, bytes);
        }
    }
}

fn sha256(bytes: &[u8]) -> String {
    let mut hasher = Hasher::new([Algorithm::Sha256]);
    hasher.update(bytes);
    hasher.finish().1.into_values().next().unwrap_or_default()
}

/// A storage root in which the input replaces parts: inventories above all.
pub fn ocfl(data: &[u8]) {
    let root: Parts = EXPORT
        .iter()
        .filter_map(|(name, bytes)| Some((name.strip_prefix("data/objects/")?.to_owned(), bytes.clone())))
        .collect();
    let dir = tempfile::tempdir().expect("a temporary folder");
    laid(dir.path(), &replaced(&root, data));
    let _ = validate_root(dir.path(), Depth::Digests, &|_| ());
}

/// An export in which the input replaces parts, restored; the manifest is made to fit first, as whoever
/// tampers with an export would.
pub fn export(data: &[u8]) {
    let mut parts = replaced(&EXPORT, data);
    let fitted: String = parts
        .iter()
        .filter(|(name, _)| name.starts_with("data/"))
        .map(|(name, bytes)| format!("{}  {name}\n", sha256(bytes)))
        .collect();
    parts.insert("manifest-sha256.txt".into(), fitted.into_bytes());
    let dir = tempfile::tempdir().expect("a temporary folder");
    let bag = dir.path().join("export");
    laid(&bag, &parts);
    let to = dir.path().join("restored");
    if Repository::restore(&bag, &to, "王芳", now(), &|_| (), &nothing_along).is_ok() {
        let repository = Repository::open(&to).expect("what was restored opens");
        let _ = repository.fixity(&|_| ());
    }
}
