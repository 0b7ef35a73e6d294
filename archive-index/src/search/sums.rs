//! The digests of the index's files: so that one flipped bit in it is found, as in everything else that is kept.
//!
//! The index is derived, but a damaged one finds too little and nobody notices. When a [`Writer`](super::Writer)
//! has finished, `sums.json` lists every file with its SHA-256. Segments are never changed once they are written, so
//! the digest of one that is listed stands: an index brought up to date doesn't vouch for what went bad meanwhile.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use archive_core::text::Text;

use super::index::{IndexError, SETTINGS};
use super::record::ShelfName;
use crate::derived::{DerivedFault, digest, look};

const SUMS: &str = "sums.json";

type Sums = BTreeMap<String, String>;

/// Reads the files of the index in `dir` again, those of which `takes` says so by their name, and names what isn't as it
/// was when the index was finished.
///
/// # Errors
///
/// When the folder can't be listed. A file that can't be read is a fault.
pub fn check(dir: &Path, takes: &(dyn Fn(&str) -> bool + Sync)) -> Result<Vec<DerivedFault>, IndexError> {
    let listed: Sums = match fs::read(dir.join(SUMS)) {
        Ok(bytes) => match serde_json::from_slice(&bytes) {
            Ok(sums) => sums,
            Err(_) => {
                let damaged = Text::fixed("清单已损坏", "the list of digests is damaged");
                return Ok(vec![DerivedFault::new(SUMS, damaged)]);
            }
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let unfinished = Text::fixed(
                "索引没有摘要清单：没有写完，或由旧版本写成；请运行 archive index",
                "the index has no list of digests: it wasn't finished, or an older version made it; run archive index",
            );
            return Ok(vec![DerivedFault::new(SUMS, unfinished)]);
        }
        Err(error) => return Err(error.into()),
    };
    let there = files(dir)?;
    let missing = Text::fixed("索引文件不在", "a file of the index is missing");
    let mut faults: Vec<DerivedFault> = listed
        .keys()
        .filter(|path| !there.contains_key(*path))
        .map(|path| DerivedFault::new(path, missing.clone()))
        .collect();
    let mine: Vec<(String, PathBuf)> = there.into_iter().filter(|(name, _)| takes(name)).collect();
    faults.extend(look(&mine, |(name, path)| match (listed.get(name), digest(path)) {
        (Some(listed), Ok(found)) if *listed == found => None,
        (Some(_), Ok(_)) => {
            Some(DerivedFault::new(name, Text::fixed("索引文件已改变", "a file of the index was changed")))
        }
        (_, Err(error)) => Some(DerivedFault::unreadable(name, &error)),
        (None, Ok(_)) => {
            let unfinished = Text::fixed(
                "索引没有写完：上次建立索引被中断",
                "the index wasn't finished: the last indexing was interrupted",
            );
            Some(DerivedFault::new(name, unfinished))
        }
    }));
    faults.sort();
    Ok(faults)
}

/// Lists the files as they are; of segments that were listed already, the digest stands.
pub(super) fn write(dir: &Path) -> io::Result<()> {
    let before: Sums = fs::read(dir.join(SUMS))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let mut sums = Sums::new();
    for (name, path) in files(dir)? {
        // What has a name like this is written anew, again and again.
        let changes = path.extension().is_some_and(|ending| ending == "json");
        let digest = match before.get(&name).filter(|_| !changes) {
            Some(known) => known.clone(),
            None => digest(&path)?,
        };
        sums.insert(name, digest);
    }
    let fresh = dir.join("sums.json.new");
    fs::write(&fresh, serde_json::to_vec_pretty(&sums)?)?;
    File::open(&fresh)?.sync_all()?;
    fs::rename(fresh, dir.join(SUMS))
}

/// The files of the index, by name; locks are none.
fn files(dir: &Path) -> io::Result<BTreeMap<String, PathBuf>> {
    let mut all = BTreeMap::from([(SETTINGS.to_owned(), dir.join(SETTINGS))]);
    for shelf in ShelfName::ALL.iter().map(|shelf| shelf.folder()) {
        let Ok(entries) = fs::read_dir(dir.join(shelf)) else { continue };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_lock = Path::new(&name).extension().is_some_and(|end| end == "lock");
            if entry.file_type()?.is_file() && !is_lock {
                all.insert(format!("{shelf}/{name}"), entry.path());
            }
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use archive_core::model::ItemId;

    use super::*;
    use crate::search::{Index, PageText, Record, Stamp};

    fn put(index: &Index, id: u64, stamp: u64) {
        let mut record = Record::new(ItemId(id), format!("J019-{id}"), format!("关于防汛工作的通知（{id}）"));
        record.pages = vec![PageText { page: 1, text: "各乡镇人民政府：".repeat(20) }];
        let mut writer = index.writer().unwrap();
        writer.put(&record, Stamp::of(&stamp)).unwrap();
        writer.finish().unwrap();
    }

    #[test]
    fn one_flipped_bit_anywhere_in_the_index_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let index = Index::open_or_create(dir.path()).unwrap();
        for id in 1..=3 {
            put(&index, id, 1);
        }
        assert_eq!(check(dir.path(), &|_| true).unwrap(), []);
        let mut bits = 0;
        for (name, path) in files(dir.path()).unwrap() {
            let whole = fs::read(&path).unwrap();
            for at in [0, whole.len() / 3, whole.len() / 2, whole.len().saturating_sub(1)] {
                let mut bytes = whole.clone();
                let Some(byte) = bytes.get_mut(at) else { continue };
                *byte ^= 1 << (at % 8);
                fs::write(&path, bytes).unwrap();
                let faults = check(dir.path(), &|_| true).unwrap();
                assert_eq!(faults.len(), 1, "{name} {at}");
                assert_eq!(faults[0].path, name);
                bits += 1;
            }
            fs::write(&path, whole).unwrap();
        }
        assert!(bits > 40, "{bits}");
        assert_eq!(check(dir.path(), &|_| true).unwrap(), []);
    }

    #[test]
    fn bringing_the_index_up_to_date_does_not_vouch_for_what_went_bad() {
        let dir = tempfile::tempdir().unwrap();
        let index = Index::open_or_create(dir.path()).unwrap();
        put(&index, 1, 1);
        let store = files(dir.path()).unwrap().into_iter().find(|(name, _)| name.contains(".store"));
        let (name, path) = store.unwrap();
        let mut bytes = fs::read(&path).unwrap();
        bytes[0] ^= 1;
        fs::write(&path, bytes).unwrap();
        index.writer().unwrap().finish().unwrap();
        let faults = check(dir.path(), &|_| true).unwrap();
        assert_eq!(faults.iter().map(|fault| fault.path.as_str()).collect::<Vec<_>>(), [name]);
    }

    #[test]
    fn an_index_that_was_begun_and_never_finished_is_begun_anew_and_other_folders_are_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let index = Index::open_or_create(dir.path()).unwrap();
        put(&index, 1, 1);
        drop(index);
        // As where the disk gave out before the note was written.
        fs::remove_file(dir.path().join(SETTINGS)).unwrap();
        fs::remove_file(dir.path().join(SUMS)).unwrap();
        let index = Index::open_or_create(dir.path()).unwrap();
        put(&index, 1, 1);
        assert_eq!(check(dir.path(), &|_| true).unwrap(), []);
        let other = tempfile::tempdir().unwrap();
        fs::write(other.path().join("信.txt"), "x").unwrap();
        assert!(matches!(Index::open_or_create(other.path()), Err(IndexError::NotAnIndex(_))));
        assert!(other.path().join("信.txt").exists());
    }
}
