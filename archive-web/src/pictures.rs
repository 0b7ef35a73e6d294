//! The pages of a record, as pictures and as letters at their places.
//!
//! What was read of a file when it was indexed is kept beside the objects, with the places of its lines; what wasn't is
//! read here. Drawing a page takes a moment, so what was drawn is kept for a while, by the digest of its file. A file
//! that bears a mark of secrecy is shown to nobody (S2), as it is found by nobody.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use archive_core::model::ItemId;
use archive_index::identify::identify_bytes;
use archive_index::reading::{FOLDER, KeptTexts, Reading, record_pages};
use archive_index::show::{Shown, Size, can_show, show};
use archive_index::text::{Limits, NoText, Page, READERS, extract};
use archive_store::{Repository, StoredFile};

use crate::answer::broken;
use crate::failure::Failure;

/// Bytes of pictures that are kept.
const PICTURES: usize = 128 << 20;
/// Files of which it is remembered whether they can be drawn.
const TOLD: usize = 10_000;
/// Files whose letters are kept.
const FILES: usize = 48;

/// What was made before, the latest last, by what it was made of.
type Kept<K, V> = Mutex<VecDeque<(K, V)>>;

/// What was drawn and read lately.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    drawn: Kept<(String, u32, Size), Shown>,
    read: Kept<String, Arc<Reading>>,
    /// Which files can be drawn, by their digests: told by their contents, so it never changes.
    can: Mutex<HashMap<String, bool>>,
}

/// A page of a record: which file, and which page of it.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    /// Its number in the record, as the index counts.
    pub(crate) number: u32,
    pub(crate) file: StoredFile,
    /// Its letters, with their places where those are known.
    pub(crate) page: Page,
}

/// The limits for one page on a screen: who waits for it doesn't wait for minutes.
fn limits() -> Limits {
    Limits { time: Duration::from_secs(20), file: 256 << 20, ..Limits::default() }
}

impl Pictures {
    /// The pages of a record, in order; none if any of its files is marked secret.
    pub(crate) fn leaves(&self, repository: &Repository, item: ItemId) -> Result<Vec<Leaf>, Failure> {
        let files = repository.files(item)?;
        if files.iter().any(|file| file.facts.mark.is_some()) {
            return Ok(Vec::new());
        }
        let mut readings = Vec::with_capacity(files.len());
        for file in &files {
            readings.push(self.reading(repository.root(), file)?);
        }
        let known: Vec<(&str, Option<&Reading>)> = files
            .iter()
            .zip(&readings)
            .map(|(file, reading)| (file.name.as_str(), Some(reading.as_ref())))
            .collect();
        let leaf = |page: archive_index::reading::RecordPage<'_>| Leaf {
            number: page.number,
            file: files[page.file].clone(),
            page: page.page.clone(),
        };
        Ok(record_pages(&known).into_iter().map(leaf).collect())
    }

    /// Whether a page can be shown as a picture.
    pub(crate) fn can_show(&self, leaf: &Leaf) -> Result<bool, Failure> {
        let digest = &leaf.file.sha512;
        if let Some(can) = self.can.lock().unwrap_or_else(PoisonError::into_inner).get(digest) {
            return Ok(*can);
        }
        let bytes = bytes_of(&leaf.file)?;
        let can = identify_bytes(&bytes, &leaf.file.name).is_ok_and(|format| can_show(format.family));
        let mut known = self.can.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= TOLD {
            known.clear();
        }
        known.insert(digest.clone(), can);
        Ok(can)
    }

    /// The picture of a page.
    pub(crate) fn picture(&self, leaf: &Leaf, size: Size) -> Result<Shown, Failure> {
        let key = (leaf.file.sha512.clone(), leaf.page.number, size);
        if let Some(shown) = find(&self.drawn, &key) {
            return Ok(shown);
        }
        let bytes: Arc<[u8]> = bytes_of(&leaf.file)?.into();
        match show(&bytes, &leaf.file.name, leaf.page.number, size, &limits()) {
            Ok(shown) => {
                keep(&self.drawn, key, shown.clone(), |all| {
                    all.iter().map(|(_, shown)| shown.bytes.len()).sum::<usize>() > PICTURES
                });
                Ok(shown)
            }
            Err(NoText::TooSlow) => Err(Failure::TooMany),
            Err(_) => Err(Failure::NotFound),
        }
    }

    /// What was read of a file.
    fn reading(&self, root: &Path, file: &StoredFile) -> Result<Arc<Reading>, Failure> {
        if let Some(read) = find(&self.read, &file.sha512) {
            return Ok(read);
        }
        let kept = KeptTexts::in_folder(root.join(FOLDER)).get(&file.sha512).ok().flatten();
        let is_kept = kept.is_some();
        let reading = match kept {
            Some(reading) => reading,
            None => {
                let read = extract(bytes_of(file)?, &file.name, &limits());
                let count = u32::try_from(read.pages.len()).unwrap_or(u32::MAX);
                let count = read.format.pages.unwrap_or(count);
                Reading { readers: READERS, count, pages: read.pages, stopped: read.stopped }
            }
        };
        let reading = Arc::new(reading);
        // An index made later may know more than was read here; what it kept doesn't change any more.
        if is_kept {
            keep(&self.read, file.sha512.clone(), Arc::clone(&reading), |all| all.len() > FILES);
        }
        Ok(reading)
    }
}

fn bytes_of(file: &StoredFile) -> Result<Vec<u8>, Failure> {
    std::fs::read(&file.path).map_err(|error| broken(&format!("{}: {error}", file.path.display())))
}

fn find<K: PartialEq, V: Clone>(kept: &Kept<K, V>, key: &K) -> Option<V> {
    let all = kept.lock().unwrap_or_else(PoisonError::into_inner);
    all.iter().rev().find(|(known, _)| known == key).map(|(_, value)| value.clone())
}

fn keep<K, V>(kept: &Kept<K, V>, key: K, value: V, is_full: impl Fn(&VecDeque<(K, V)>) -> bool) {
    let mut all = kept.lock().unwrap_or_else(PoisonError::into_inner);
    all.push_back((key, value));
    while all.len() > 1 && is_full(&all) {
        all.pop_front();
    }
}
