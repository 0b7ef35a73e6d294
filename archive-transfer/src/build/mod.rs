//! Building a package: every form of it from the one model, in one pass over the files.
//!
//! The order is fixed, so that the same records give the same bytes: the items' files in catalogue order,
//! hashed while they are copied; then everything that speaks of them. Nothing is kept in memory but a
//! line for each file.

mod describe;
mod ead;
mod eep;
mod mets;
mod national;
mod page;
mod premis;
mod refuse;
pub(crate) mod sink;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use archive_core::finding::Finding;
use archive_core::model::{Entry, Item, ItemId, Volume};
use archive_core::text;
use archive_core::text::Text;

pub use self::sink::Target;
use self::sink::{Sink, copy};
use crate::bag::write::BagWriter;
use crate::digest::Algorithm;
use crate::layout::Layout;
use crate::names::{self, Namer};
use crate::package::{Label, Package, PackageFile};
use crate::progress::{Phase, Progress, Report};
use crate::records::FileRecord;
use crate::said::{remedy, said};

/// What was built.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Built {
    /// Where it lies.
    pub path: PathBuf,
    /// Its name.
    pub id: String,
    /// Volumes in it.
    pub volumes: u64,
    /// Items in it.
    pub items: u64,
    /// Items that have no file: paper only.
    pub items_without_files: u64,
    /// Files of items.
    pub files: u64,
    /// Payload files in all, descriptions included.
    pub payload_files: u64,
    /// Length of the payload.
    pub payload_bytes: u64,
}

/// Why no package was built. Nothing that looks like one is left.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum BuildError {
    /// The records can't go over: classified, unnumbered, lent, or with faults nobody let through.
    Refused(Vec<Finding>),
    /// Something is there already.
    Exists(PathBuf),
    /// A record's file can't be read.
    File {
        /// The item's code.
        code: String,
        /// The file's name.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// A record's file isn't what it was when it was taken in.
    Changed {
        /// The item's code.
        code: String,
        /// The file's name.
        name: String,
        /// What it should be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// The package can't be written.
    Write(#[from] io::Error),
}

impl BuildError {
    /// What is wrong.
    pub fn message(&self) -> Text {
        match self {
            Self::Refused(findings) => {
                let count = findings.len();
                text!("有 {count} 项问题，不能移交", "{count} faults stand against the transfer")
            }
            Self::Exists(path) => {
                let path = path.display();
                text!("{path} 已存在", "{path} is there already")
            }
            Self::File { code, name, source } => {
                let Text { zh, en } = said(source);
                text!("无法读取 {code} 的文件 {name}：{zh}", "can't read {name} of {code}: {en}")
            }
            Self::Changed { code, name, expected, found } => text!(
                "{code} 的文件 {name} 与入库时不同（{expected} ≠ {found}）",
                "{name} of {code} has changed since it was taken in ({expected} ≠ {found})"
            ),
            Self::Write(source) => {
                let Text { zh, en } = said(source);
                text!("无法写入移交包：{zh}", "can't write the package: {en}")
            }
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Text {
        match self {
            Self::Refused(_) => Text::fixed("改正后再做包", "mend them and build again"),
            Self::Exists(_) => {
                Text::fixed("移走它，或换一个文件夹", "move it away, or choose another folder")
            }
            Self::File { source, .. } => remedy(source),
            Self::Changed { .. } => Text::fixed(
                "运行 archive fixity 检查档案库，从备份恢复该文件",
                "check the repository with archive fixity, and bring the file back from a backup",
            ),
            Self::Write(source) => remedy(source),
        }
    }
}

/// Builds `package` as a folder or zip at `path`, which must not be there yet.
///
/// # Errors
/// See [`BuildError`]; a refusal names every reason at once.
pub fn build(
    package: &Package,
    target: Target,
    path: &Path,
    report: Report<'_>,
) -> Result<Built, BuildError> {
    let refused = refuse::reasons(package);
    if !refused.is_empty() {
        return Err(BuildError::Refused(refused));
    }
    if path.exists() {
        return Err(BuildError::Exists(path.to_owned()));
    }
    let mut algorithms = vec![Algorithm::Sha256];
    if package.sm3 {
        algorithms.push(Algorithm::Sm3);
    }
    let bag = BagWriter::new(Sink::new(target, path, algorithms.clone())?, algorithms);
    let mut builder = Builder {
        package,
        layout: Layout::new(&package.id()),
        bag,
        namer: Namer::default(),
        records: Vec::new(),
        items: placed(package),
    };
    builder.copy_files(report)?;
    report(Progress { phase: Phase::Describing, ..builder.progress() });
    builder.describe()?;
    let built = Built {
        path: path.to_owned(),
        id: package.id(),
        volumes: package.arrangement.volumes.len() as u64,
        items: builder.items.len() as u64,
        items_without_files: builder.items.iter().filter(|placed| placed.files.is_empty()).count() as u64,
        files: package.files.len() as u64,
        payload_files: builder.bag.size().0,
        payload_bytes: builder.bag.size().1,
    };
    let info = builder.info();
    builder.bag.finish(&info)?;
    Ok(built)
}

/// An item in its place, with what is told of it everywhere.
pub(crate) struct Placed<'a> {
    volume: &'a Volume,
    entry: &'a Entry,
    item: &'a Item,
    /// 档号, and which document of the 件 it is.
    label: Label,
    /// What it is called: the 档号, with the part number behind it where a 件 has several documents.
    code: String,
    files: Vec<&'a PackageFile>,
    /// Its folder, once its files lie there.
    folder: String,
    /// Its records in [`Builder::records`].
    records: std::ops::Range<usize>,
}

/// The items in catalogue order. Refusals have made sure that each is there and numbered.
fn placed(package: &Package) -> Vec<Placed<'_>> {
    let items: BTreeMap<ItemId, &Item> = package.items.iter().map(|item| (item.id, item)).collect();
    let mut files: BTreeMap<ItemId, Vec<&PackageFile>> = BTreeMap::new();
    for file in &package.files {
        files.entry(file.item).or_default().push(file);
    }
    let mut placed = Vec::new();
    for volume in &package.arrangement.volumes {
        for (entry, label) in volume.entries.iter().zip(package.labels(volume)) {
            if let (Some(item), Some(label)) = (items.get(&entry.item), label) {
                let files = files.remove(&entry.item).unwrap_or_default();
                placed.push(Placed {
                    volume,
                    entry,
                    item,
                    code: label.name(),
                    label,
                    files,
                    folder: String::new(),
                    records: 0..0,
                });
            }
        }
    }
    placed
}

pub(crate) struct Builder<'a> {
    package: &'a Package,
    layout: Layout,
    bag: BagWriter,
    namer: Namer,
    records: Vec<FileRecord>,
    items: Vec<Placed<'a>>,
}

impl Builder<'_> {
    fn progress(&self) -> Progress {
        let files = &self.package.files;
        Progress {
            phase: Phase::Copying,
            files: self.records.len() as u64,
            files_total: files.len() as u64,
            bytes: self.records.iter().map(|record| record.bytes).sum(),
            bytes_total: files.iter().map(|file| file.bytes).sum(),
        }
    }

    /// Copies the items' files, each with its digests taken on the way, once.
    fn copy_files(&mut self, report: Report<'_>) -> Result<(), BuildError> {
        let start = self.progress();
        report(start);
        let mut done = 0;
        for index in 0..self.items.len() {
            let (folder, files, code) = {
                let placed = &self.items[index];
                if placed.files.is_empty() {
                    continue;
                }
                let parent = format!(
                    "{}/{}/{}/{}",
                    self.layout.dat93(),
                    names::safe(&self.package.institution.fonds),
                    names::safe(&self.package.category),
                    placed.volume.year
                );
                let folder = self.namer.name(&parent, &placed.code, "");
                (folder, placed.files.clone(), placed.code.clone())
            };
            let first = self.records.len();
            for (serial, file) in files.iter().enumerate() {
                let at = Progress { files: self.records.len() as u64, ..start };
                let path = self.file_path(&folder, &code, serial + 1, file);
                let counted = std::cell::Cell::new(done);
                self.copy_file(&path, &code, file, &|bytes| {
                    counted.set(counted.get() + bytes);
                    report(Progress { bytes: counted.get(), ..at });
                })?;
                done += file.bytes;
            }
            let placed = &mut self.items[index];
            placed.folder = folder;
            placed.records = first..self.records.len();
        }
        Ok(())
    }

    /// Short, built on the code, with an extension every system knows.
    fn file_path(&mut self, folder: &str, code: &str, serial: usize, file: &PackageFile) -> String {
        let extension = names::extension(&file.original_name).unwrap_or_else(|| "bin".to_owned());
        self.namer.name(folder, &format!("{code}-{serial:02}"), &extension)
    }

    fn copy_file(
        &mut self,
        path: &str,
        code: &str,
        file: &PackageFile,
        copied: &dyn Fn(u64),
    ) -> Result<(), BuildError> {
        if self.bag.take_staged(path, file.bytes, &file.known) {
            copied(file.bytes);
        } else {
            self.copy_anew(path, code, file, copied)?;
        }
        let recorded = self.bag.payload().get(path);
        let sha256 = recorded.and_then(|recorded| recorded.digests.get(&Algorithm::Sha256)).cloned();
        self.records.push(FileRecord {
            item: file.item,
            code: code.to_owned(),
            path: path.to_owned(),
            original_name: file.original_name.clone(),
            bytes: file.bytes,
            sha256: sha256.unwrap_or_default(),
            format: file.format.clone(),
        });
        Ok(())
    }

    /// Copies and compares with what was known of it.
    fn copy_anew(
        &mut self,
        path: &str,
        code: &str,
        file: &PackageFile,
        copied: &dyn Fn(u64),
    ) -> Result<(), BuildError> {
        let (code, name) = (code.to_owned(), file.original_name.clone());
        let mut from = match (file.open)() {
            Ok(from) => from,
            Err(source) => return Err(BuildError::File { code, name, source }),
        };
        let known: Vec<Algorithm> = file.known.keys().copied().collect();
        let mut failed = None;
        let written =
            self.bag.write(path, Some(file.bytes), &known, |to| copy(&mut *from, to, copied, &mut failed));
        if let Some(source) = failed {
            return Err(BuildError::File { code, name, source });
        }
        let digests = written?;
        let bytes = self.bag.payload().get(path).map_or(0, |recorded| recorded.bytes);
        let differing = file.known.iter().find_map(|(algorithm, expected)| {
            let found = digests.get(algorithm).map_or("", String::as_str);
            (found != expected).then(|| (expected.clone(), found.to_owned()))
        });
        let differing = differing
            .or_else(|| (bytes != file.bytes).then(|| (format!("{} B", file.bytes), format!("{bytes} B"))));
        match differing {
            Some((expected, found)) => Err(BuildError::Changed { code, name, expected, found }),
            None => Ok(()),
        }
    }

    fn records_of(&self, placed: &Placed<'_>) -> &[FileRecord] {
        &self.records[placed.records.clone()]
    }

    /// The fields of bag-info.txt.
    fn info(&self) -> Vec<(&'static str, String)> {
        let package = self.package;
        let years: Vec<String> = package.years().iter().map(ToString::to_string).collect();
        let mut info = vec![
            ("Source-Organization", package.institution.name.clone()),
            ("Bagging-Date", package.made_on.format("%Y-%m-%d").to_string()),
            ("External-Identifier", package.id()),
            (
                "External-Description",
                format!("{} {}年档案移交包", package.institution.name, years.join("、")),
            ),
            ("Bag-Software-Agent", format!("archive {}", env!("CARGO_PKG_VERSION"))),
        ];
        if let Some(part) = package.part {
            info.push(("Bag-Group-Identifier", package.group_id()));
            info.push(("Bag-Count", format!("{} of {}", part.number, part.of)));
        }
        info
    }

    /// Where a document for people goes.
    fn document_path(&mut self, name: &str) -> String {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let folder = self.layout.documentation();
        self.namer.name(&folder, stem, extension)
    }
}
