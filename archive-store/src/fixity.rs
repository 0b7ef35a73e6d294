//! Fixity: reading everything again, and naming each file that is not what was taken in.
//!
//! Three witnesses are heard: the bytes on disk, the object's inventory, and the catalogue. A file that
//! was changed shows against both of the others; an inventory rewritten to match a changed file shows
//! against the catalogue; an object nobody entered shows as extra. The catalogue itself is held against its audit chain. Each file is read once, all cores
//! share the objects.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use archive_core::model::ItemId;
use archive_core::text;
use archive_core::text::Text;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

use crate::catalogue;
use crate::change::{OnProgress, Progress};
use crate::error::Result;
use crate::files::StoredFile;
use crate::ocfl::layout;
use crate::ocfl::validate::{self, Depth};
use crate::ocfl::write::{EXTENSIONS, TOMBSTONE, destroyed_by, root_files};
use crate::repository::Repository;
use crate::sum;

/// What is wrong with a file or an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FixityFault {
    /// It isn't there.
    Missing,
    /// Its bytes are not those that were taken in.
    Changed,
    /// It is there, but was never taken in.
    Extra,
    /// It is there, but can't be read.
    Unreadable,
    /// Inventories and declarations around the files are not as OCFL asks.
    Structure,
    /// The database itself is damaged.
    Catalogue,
}

/// One thing the reading found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FixityFinding {
    /// What was looked at, relative to the repository.
    pub path: String,
    /// What is wrong.
    pub fault: FixityFault,
    /// The item whose file it is, if it is known.
    pub item: Option<ItemId>,
    /// In words.
    pub message: Text,
}

/// What the reading came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FixityReport {
    /// Objects read.
    pub objects: u64,
    /// Files entered in the catalogue and looked at.
    pub files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Everything found, by path.
    pub findings: Vec<FixityFinding>,
}

/// A part of the whole, so that everything is read over several nights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FixityPart {
    number: u64,
    of: u64,
}

impl Default for FixityPart {
    /// All of it.
    fn default() -> Self {
        Self { number: 1, of: 1 }
    }
}

impl FixityPart {
    /// Part `number` of so many, from 1; `None` if there is no such part.
    pub fn new(number: u64, of: u64) -> Option<Self> {
        (1..=of).contains(&number).then_some(Self { number, of })
    }

    /// Whether a file that belongs to no item belongs to it, by its name.
    pub fn takes(self, name: &str) -> bool {
        u64::from(crc32fast::hash(name.as_bytes())) % self.of == self.number - 1
    }

    /// Whether an item's object belongs to it.
    fn holds(self, item: ItemId) -> bool {
        item.0 % self.of == self.number - 1
    }
}

/// How many items are checked between two looks at the catalogue: bounds the memory.
const BATCH: usize = 4096;

impl Repository {
    /// Reads every file of the repository again, on all cores, and names what is wrong.
    pub fn fixity(&self, progress: OnProgress<'_>) -> Result<FixityReport> {
        self.fixity_of(FixityPart::default(), progress)
    }

    /// Reads a part of the files again; the catalogue and what doesn't belong are looked at every time.
    pub fn fixity_of(&self, part: FixityPart, progress: OnProgress<'_>) -> Result<FixityReport> {
        let mut reading = Reading::of(self, progress)?;
        self.check_catalogue(&reading)?;
        reading.read_all(self, |item| part.holds(item))?;
        Ok(reading.report())
    }

    /// What is left of what was found after something was done about it: of the objects only those with findings are read
    /// again, and the catalogue, which nobody touched meanwhile, not at all.
    pub(crate) fn fixity_again(
        &self,
        before: &[FixityFinding],
        progress: OnProgress<'_>,
    ) -> Result<Vec<FixityFinding>> {
        let broken: BTreeSet<ItemId> = before.iter().filter_map(|finding| finding.item).collect();
        let mut reading = Reading::of(self, progress)?;
        for finding in before.iter().filter(|finding| finding.fault == FixityFault::Catalogue) {
            reading.findings.get_mut().unwrap_or_else(PoisonError::into_inner).push(finding.clone());
        }
        reading.read_all(self, |item| broken.contains(&item))?;
        Ok(reading.report().findings)
    }

    /// The database's own check of its pages, indexes and references.
    fn check_catalogue(&self, reading: &Reading<'_>) -> Result<()> {
        let catalogue = self.root.join(crate::repository::CATALOGUE);
        let note = |message: Text| reading.note(&catalogue, FixityFault::Catalogue, None, message);
        catalogue::own_check(&self.connection)?.into_iter().for_each(note);
        if sum::differs(&self.root, &self.connection)? {
            note(Text::fixed(
                "文件内容与上次改动后不同",
                "the bytes of the file are not those of the last change",
            ));
        }
        let mut statement = self.connection.prepare("PRAGMA foreign_key_check")?;
        let broken = statement.query_map([], |row| row.get::<_, String>(0))?.count();
        if broken > 0 {
            note(text!("{broken} 条记录所指的记录不在", "{broken} records refer to others that are missing"));
        }
        self.verify_audit(None)?.into_iter().map(|problem| problem.message).for_each(note);
        Ok(())
    }
}

struct Reading<'a> {
    root: PathBuf,
    objects: PathBuf,
    of_files: u64,
    of_objects: u64,
    files: AtomicU64,
    bytes: AtomicU64,
    findings: Mutex<Vec<FixityFinding>>,
    progress: OnProgress<'a>,
}

impl<'a> Reading<'a> {
    fn of(repository: &'a Repository, progress: OnProgress<'a>) -> Result<Self> {
        Ok(Self {
            root: repository.root.clone(),
            objects: repository.objects(),
            of_files: repository.file_totals()?.0,
            of_objects: 0,
            files: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            findings: Mutex::default(),
            progress,
        })
    }

    /// Reads the objects of the items of which `takes` says so, and looks for what doesn't belong.
    fn read_all(&mut self, repository: &Repository, takes: impl Fn(ItemId) -> bool) -> Result<()> {
        let (mut known, mut others) = (BTreeSet::new(), BTreeSet::new());
        let mut batch: Vec<(ItemId, Vec<StoredFile>)> = Vec::new();
        repository.each_file(|file| {
            if !takes(file.item) {
                others.insert(object_of(file.item));
                return Ok(());
            }
            match batch.last_mut() {
                Some((item, files)) if *item == file.item => files.push(file),
                _ => {
                    if batch.len() == BATCH {
                        self.read(&std::mem::take(&mut batch), &mut known);
                    }
                    batch.push((file.item, vec![file]));
                }
            }
            Ok::<_, crate::StoreError>(())
        })?;
        self.read(&batch, &mut known);
        // What is left of destroyed items: their files are gone, and must be.
        for gone in repository.destroyed_items()?.iter().filter(|gone| gone.files > 0) {
            if takes(gone.item) {
                known.insert(object_of(gone.item));
                self.read_tombstone(gone.item);
            } else {
                others.insert(object_of(gone.item));
            }
        }
        self.of_objects = known.len() as u64;
        known.append(&mut others);
        self.read_root()?;
        self.find_extra(&known);
        Ok(())
    }

    fn report(self) -> FixityReport {
        let mut findings = self.findings.into_inner().unwrap_or_else(PoisonError::into_inner);
        findings.sort();
        findings.dedup();
        FixityReport {
            objects: self.of_objects,
            files: self.files.into_inner(),
            bytes: self.bytes.into_inner(),
            findings,
        }
    }

    fn note(&self, path: &Path, fault: FixityFault, item: Option<ItemId>, message: Text) {
        let path = path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().into_owned();
        let finding = FixityFinding { path, fault, item, message };
        self.findings.lock().unwrap_or_else(PoisonError::into_inner).push(finding);
    }

    fn tell(&self) {
        (self.progress)(Progress {
            files: self.files.load(Ordering::Relaxed),
            of_files: self.of_files,
            bytes: self.bytes.load(Ordering::Relaxed),
        });
    }

    /// Reads the objects of some items.
    fn read(&self, batch: &[(ItemId, Vec<StoredFile>)], known: &mut BTreeSet<String>) {
        known.extend(batch.iter().map(|(item, _)| object_of(*item)));
        batch.par_iter().for_each(|(item, files)| self.read_object(*item, files));
    }

    fn read_object(&self, item: ItemId, files: &[StoredFile]) {
        let object = self.objects.join(object_of(item));
        if !object.is_dir() {
            for file in files {
                self.note(
                    &file.path,
                    FixityFault::Missing,
                    Some(item),
                    Text::fixed("整个对象不在", "the whole object is missing"),
                );
            }
            self.files.fetch_add(files.len() as u64, Ordering::Relaxed);
            return self.tell();
        }
        let (report, manifest) = validate::judge(&object, Depth::Digests, &|piece| {
            self.bytes.fetch_add(piece, Ordering::Relaxed);
            self.tell();
        });
        let mut named = BTreeSet::new();
        // A catalogue older than a destruction doesn't know of it; the object does.
        let missing = match destroyed_by(&object) {
            Some(list) => text!(
                "已按清册 {list} 销毁，目录数据库比这次销毁旧",
                "it was destroyed by list {list}: the catalogue is older than that"
            ),
            None => Text::fixed("文件不在", "it isn't there"),
        };
        for file in files {
            let content = file.path.strip_prefix(&object).unwrap_or(&file.path);
            let content = content.to_string_lossy().replace('\\', "/");
            if !file.path.exists() {
                self.note(&file.path, FixityFault::Missing, Some(item), missing.clone());
            } else if manifest.get(&content) != Some(&file.sha512) {
                self.note(
                    &file.path,
                    FixityFault::Changed,
                    Some(item),
                    Text::fixed(
                        "对象的清单与目录数据库不符",
                        "the object's inventory differs from the catalogue",
                    ),
                );
            }
            named.insert(content);
        }
        // What OCFL only advises against never comes from us.
        for problem in report.errors.into_iter().chain(report.warnings) {
            let path = object.join(&problem.path);
            let fault = match problem.code {
                "W010" => FixityFault::Missing,
                "E092" | "E093" if !path.exists() => FixityFault::Missing,
                "E092" | "E093" if std::fs::File::open(&path).is_err() => FixityFault::Unreadable,
                "E092" | "E093" | "E060" | "E064" => FixityFault::Changed,
                "E001" | "E015" | "E023" => FixityFault::Extra,
                _ => FixityFault::Structure,
            };
            if fault == FixityFault::Missing && named.contains(&problem.path) {
                continue;
            }
            let (code, Text { zh, en }) = (problem.code, &problem.message);
            self.note(&path, fault, Some(item), text!("{zh}（{code}）", "{en} ({code})"));
        }
        self.files.fetch_add(files.len() as u64, Ordering::Relaxed);
        self.tell();
    }

    /// The object of a destroyed item: it is there, in order, and holds nothing but what tells so (D5).
    fn read_tombstone(&self, item: ItemId) {
        let object = self.objects.join(object_of(item));
        if !object.is_dir() {
            let message = Text::fixed("销毁凭证不在", "the evidence of its destruction is missing");
            return self.note(&object, FixityFault::Missing, Some(item), message);
        }
        let (report, manifest) = validate::judge(&object, Depth::Digests, &|piece| {
            self.bytes.fetch_add(piece, Ordering::Relaxed);
        });
        for problem in report.errors {
            let (code, Text { zh, en }) = (problem.code, &problem.message);
            let place = object.join(&problem.path);
            self.note(&place, FixityFault::Structure, Some(item), text!("{zh}（{code}）", "{en} ({code})"));
        }
        for path in manifest.keys().filter(|path| path.as_str() != TOMBSTONE) {
            self.note(
                &object.join(path),
                FixityFault::Extra,
                Some(item),
                Text::fixed("已销毁的文件又有了内容", "a destroyed item has contents again"),
            );
        }
    }

    /// What declares the storage root, and what lies beside it there.
    fn read_root(&self) -> Result<()> {
        let mut ours = BTreeSet::new();
        for (name, bytes) in root_files()? {
            let path = self.objects.join(&name);
            match std::fs::read(&path) {
                Ok(there) if there == bytes => {}
                Ok(_) => {
                    let changed = Text::fixed(
                        "存储根的说明文件已改变",
                        "a file that declares the storage root was changed",
                    );
                    self.note(&path, FixityFault::Changed, None, changed);
                }
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    self.note(&path, FixityFault::Missing, None, Text::fixed("文件不在", "it isn't there"));
                }
                Err(error) => {
                    let unreadable = text!("无法读取（{error}）", "it can't be read ({error})");
                    self.note(&path, FixityFault::Unreadable, None, unreadable);
                }
            }
            ours.insert(path);
        }
        let extensions = self.objects.join(EXTENSIONS);
        let beside = WalkDir::new(&self.objects).max_depth(1).into_iter().chain(WalkDir::new(&extensions));
        for entry in beside.flatten() {
            if !entry.file_type().is_dir() && !ours.contains(entry.path()) {
                let stray =
                    Text::fixed("不属于存储根的文件", "a file that doesn't belong in the storage root");
                self.note(entry.path(), FixityFault::Extra, None, stray);
            }
        }
        Ok(())
    }

    /// Whatever lies in the storage root that the catalogue doesn't know.
    fn find_extra(&self, known: &BTreeSet<String>) {
        let mut root = validate::survey(&self.objects);
        for problem in root.problems.drain(..) {
            let (code, Text { zh, en }) = (problem.code, &problem.message);
            let fault =
                if code == "E072" || code == "E073" { FixityFault::Extra } else { FixityFault::Structure };
            self.note(
                &self.objects.join(&problem.path),
                fault,
                None,
                text!("{zh}（{code}）", "{en} ({code})"),
            );
        }
        for object in root.objects.iter().filter(|object| !known.contains(*object)) {
            self.note(
                &self.objects.join(object),
                FixityFault::Extra,
                None,
                Text::fixed("目录数据库不知道这个对象", "the catalogue knows nothing of this object"),
            );
        }
    }
}

fn object_of(item: ItemId) -> String {
    layout::object_path(&layout::object_id(item))
}

/// Findings by what is wrong: for a summary.
impl FixityReport {
    /// How many findings there are of each fault.
    pub fn counts(&self) -> BTreeMap<FixityFault, usize> {
        let mut counts = BTreeMap::new();
        for finding in &self.findings {
            *counts.entry(finding.fault).or_default() += 1;
        }
        counts
    }
}
