//! Building a package: every form of it from the one model, in one pass over the files.
//!
//! The order is fixed, so that the same records give the same bytes: the items' files in catalogue order,
//! hashed while they are copied, each item's with its description; then the lists that speak of the whole.
//! What grows with the number of files is put aside on disk (`spool`, the bag's ledger): memory is bounded
//! by the records themselves, which the caller brings.

mod describe;
mod ead;
mod eep;
mod mets;
mod national;
mod page;
mod premis;
mod refuse;
pub(crate) mod sink;
mod spool;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use archive_core::finding::Finding;
use archive_core::model::{Entry, Item, ItemId, Volume};
use archive_core::text;
use archive_core::text::Text;

pub use self::sink::Target;
use self::sink::{Sink, Waiting, Written, copy};
use self::spool::Spool;
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
    /// Their length.
    pub file_bytes: u64,
    /// Payload files in all, descriptions included.
    pub payload_files: u64,
    /// Length of the payload.
    pub payload_bytes: u64,
    /// Length of the whole: the payload and the bag's own files.
    pub bytes: u64,
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
            Self::File { source, .. } | Self::Write(source) => remedy(source),
            Self::Changed { .. } => Text::fixed(
                "运行 archive fixity 检查档案库，从备份恢复该文件",
                "check the repository with archive fixity, and bring the file back from a backup",
            ),
        }
    }
}

/// A package that is whole and on the disk, but not in its place yet: so that what goes with it (a signature, the paper both
/// sides sign) can lie there first, and who sees the package sees all of it. Dropped, it stays under its hidden name for the next attempt.
#[derive(Debug)]
#[must_use]
pub struct Staged {
    built: Built,
    waiting: Waiting,
}

impl Staged {
    /// What was built, and where it will lie.
    pub const fn built(&self) -> &Built {
        &self.built
    }

    /// Where it lies until it is placed.
    pub fn path(&self) -> &Path {
        self.waiting.path()
    }

    /// Puts it in its place.
    ///
    /// # Errors
    /// What the system says of the renaming.
    pub fn place(self) -> io::Result<Built> {
        self.waiting.place()?;
        Ok(self.built)
    }
}

/// Builds `package` as a folder or zip at `path`, which must not be there yet.
///
/// # Errors
/// See [`BuildError`]; a refusal names every reason at once.
pub fn build(
    package: &Package<'_>,
    target: Target,
    path: &Path,
    report: Report<'_>,
) -> Result<Built, BuildError> {
    Ok(stage(package, target, path, report)?.place()?)
}

/// The same up to the last step: the package waits beside its place.
///
/// # Errors
/// See [`BuildError`]; a refusal names every reason at once.
pub fn stage(
    package: &Package<'_>,
    target: Target,
    path: &Path,
    report: Report<'_>,
) -> Result<Staged, BuildError> {
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
    let sink = Sink::new(target, path, algorithms.clone())?;
    let aside = sink::parent(path);
    let mut builder = Builder {
        package,
        layout: Layout::new(&package.id()),
        spool: Spool::new(aside)?,
        bag: BagWriter::new(sink, algorithms, aside.to_owned()),
        namer: Namer::default(),
        items: placed(package),
        documents: Vec::new(),
    };
    builder.copy_files(report)?;
    let (files, bytes) = (builder.spool.files, builder.spool.bytes);
    report(Progress { phase: Phase::Describing, files, files_total: files, bytes, bytes_total: bytes });
    builder.describe()?;
    let (payload_files, payload_bytes) = builder.bag.size();
    let built = Built {
        path: path.to_owned(),
        id: package.id(),
        volumes: package.arrangement.volumes.len() as u64,
        items: builder.items.len() as u64,
        items_without_files: builder.items.iter().filter(|placed| placed.files == 0).count() as u64,
        files,
        file_bytes: bytes,
        payload_files,
        payload_bytes,
        bytes: 0,
    };
    let info = builder.info();
    let (bytes, waiting) = builder.bag.finish(&info)?;
    Ok(Staged { built: Built { bytes, ..built }, waiting })
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
    /// How many files it has, once they are copied: that many of [`Builder::spool`] are its.
    files: usize,
    /// Its folder, once its files lie there.
    folder: String,
}

/// The items in catalogue order. Refusals have made sure that each is there and numbered.
fn placed<'a>(package: &'a Package<'_>) -> Vec<Placed<'a>> {
    let items: BTreeMap<ItemId, &Item> = package.items.iter().map(|item| (item.id, item)).collect();
    let mut placed = Vec::new();
    for volume in &package.arrangement.volumes {
        for (entry, label) in volume.entries.iter().zip(package.labels(volume)) {
            if let (Some(item), Some(label)) = (items.get(&entry.item), label) {
                let code = label.name();
                placed.push(Placed { volume, entry, item, code, label, files: 0, folder: String::new() });
            }
        }
    }
    placed
}

pub(crate) struct Builder<'a> {
    package: &'a Package<'a>,
    layout: Layout,
    bag: BagWriter,
    namer: Namer,
    /// What is known of each file, in the order of the items.
    spool: Spool,
    items: Vec<Placed<'a>>,
    /// Where the documents for people lie.
    documents: Vec<String>,
}

impl Builder<'_> {
    /// The files of an item.
    fn files_of(&self, index: usize) -> Result<Vec<PackageFile>, BuildError> {
        let placed = &self.items[index];
        self.package.files.of(placed.item.id).map_err(|source| BuildError::File {
            code: placed.code.clone(),
            name: String::new(),
            source,
        })
    }

    /// Copies the items' files, each with its digests taken on the way, once, and describes each item.
    fn copy_files(&mut self, report: Report<'_>) -> Result<(), BuildError> {
        let mut at = Progress { phase: Phase::Copying, files: 0, files_total: 0, bytes: 0, bytes_total: 0 };
        for index in 0..self.items.len() {
            let files = self.files_of(index)?;
            at.files_total += files.len() as u64;
            at.bytes_total += files.iter().map(|file| file.bytes).sum::<u64>();
        }
        report(at);
        for index in 0..self.items.len() {
            let files = self.files_of(index)?;
            if files.is_empty() {
                continue;
            }
            let placed = &self.items[index];
            let parent = format!(
                "{}/{}/{}/{}",
                self.layout.dat93(),
                names::safe(&self.package.institution.fonds),
                names::safe(&self.package.category),
                placed.volume.year
            );
            let (item, code) = (placed.item.id, placed.code.clone());
            let folder = self.namer.name(&parent, &code, "");
            // A folder is the item's alone, so names need only differ inside it.
            let mut namer = Namer::default();
            let mut records = Vec::with_capacity(files.len());
            for (serial, file) in files.iter().enumerate() {
                let path = file_path(&mut namer, &folder, &code, serial + 1, file);
                let done = std::cell::Cell::new(at.bytes);
                let written = self.copy_file(&path, &code, file, &|bytes| {
                    done.set(done.get() + bytes);
                    report(Progress { bytes: done.get(), ..at });
                })?;
                at.files += 1;
                at.bytes += file.bytes;
                records.push(FileRecord {
                    item,
                    code: code.clone(),
                    path,
                    original_name: file.original_name.clone(),
                    bytes: written.bytes,
                    sha256: written.digests.get(&Algorithm::Sha256).cloned().unwrap_or_default(),
                    format: file.format.clone(),
                });
            }
            let placed = &mut self.items[index];
            placed.folder = folder;
            placed.files = records.len();
            self.describe_item(index, &records)?;
            for record in &records {
                self.spool.push(record)?;
            }
        }
        self.spool.close()?;
        Ok(())
    }

    fn copy_file(
        &mut self,
        path: &str,
        code: &str,
        file: &PackageFile,
        copied: &dyn Fn(u64),
    ) -> Result<Written, BuildError> {
        match self.bag.take_staged(path, file.bytes, &file.known)? {
            Some(written) => {
                copied(file.bytes);
                Ok(written)
            }
            None => self.copy_anew(path, code, file, copied),
        }
    }

    /// Copies and compares with what was known of it.
    fn copy_anew(
        &mut self,
        path: &str,
        code: &str,
        file: &PackageFile,
        copied: &dyn Fn(u64),
    ) -> Result<Written, BuildError> {
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
        let written = written?;
        let differing = file.known.iter().find_map(|(algorithm, expected)| {
            let found = written.digests.get(algorithm).map_or("", String::as_str);
            (found != expected).then(|| (expected.clone(), found.to_owned()))
        });
        let longer = written.bytes != file.bytes;
        let differing = differing
            .or_else(|| longer.then(|| (format!("{} B", file.bytes), format!("{} B", written.bytes))));
        match differing {
            Some((expected, found)) => Err(BuildError::Changed { code, name, expected, found }),
            None => Ok(written),
        }
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

/// Short, built on the code, with an extension every system knows.
fn file_path(namer: &mut Namer, folder: &str, code: &str, serial: usize, file: &PackageFile) -> String {
    let extension = names::extension(&file.original_name).unwrap_or_else(|| "bin".to_owned());
    namer.name(folder, &format!("{code}-{serial:02}"), &extension)
}
