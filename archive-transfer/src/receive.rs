//! Taking records out of a package: what the receiving side reads after [`verify`](crate::verify()).
//!
//! [`open`] refuses a package whose container is hostile, and one without our machine records; such a
//! package can be verified and described by hand. Nothing is unpacked: the caller pulls records and files
//! and writes them where it keeps them. Each file's digest is checked once more while it is read, so that
//! what is taken in is what was verified.

use std::collections::BTreeSet;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use archive_core::finding::{Counts, Finding, Severity};
use archive_core::model::{Arrangement, Item, ItemId, Tie, Volume};
use archive_core::text;
use archive_core::text::Text;
use serde::de::DeserializeOwned;

use crate::digest::{Algorithm, Hasher, HashingReader};
use crate::layout;
use crate::names;
use crate::records::{self, FileRecord, PackageRecord};
use crate::said::{damaged, said};
use crate::tree::{Entry, Tree, TreeError};

/// The largest `package.json` read: it holds the opening opinions of every item.
const MAX_PACKAGE_RECORD: u64 = 256 << 20;
/// Tag files worth keeping as evidence are at most this large together with each other.
const MAX_EVIDENCE: u64 = 768 << 20;

/// Why a package can't be taken in.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum OpenError {
    /// It can't be looked at.
    Tree(#[from] TreeError),
    /// Its container holds what must not be taken in; the findings name each.
    Refused(Vec<Finding>),
    /// It doesn't hold our records.
    NoRecords,
    /// It was made by a newer version.
    Newer(u32),
    /// Its records can't be read, or contradict each other.
    Damaged {
        /// The file in the package.
        file: String,
        /// What is wrong.
        source: io::Error,
    },
}

impl OpenError {
    /// What is wrong.
    pub fn message(&self) -> Text {
        match self {
            Self::Tree(error) => error.message(),
            Self::Refused(findings) => {
                let count = findings.len();
                text!(
                    "移交包不安全，拒收（{count} 项）",
                    "the package is unsafe and refused ({count} faults)"
                )
            }
            Self::NoRecords => Text::fixed(
                "包中没有本程序的记录，可以核对，但须人工著录后接收",
                "the package has none of our records: it can be verified, but must be described by hand",
            ),
            Self::Newer(version) => text!(
                "移交包的记录格式为第 {version} 版，本程序还不认识",
                "the package's records are of version {version}, which this program doesn't know"
            ),
            Self::Damaged { file, source } => {
                let Text { zh, en } = said(source);
                text!("包内记录 {file} 有误：{zh}", "the package's record {file} is faulty: {en}")
            }
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Text {
        match self {
            Self::Tree(error) => error.help(),
            Self::Refused(_) => Text::fixed(
                "运行 archive transfer verify 查看每一项，退回移交方",
                "archive transfer verify names each; send the package back",
            ),
            Self::NoRecords => Text::fixed(
                "请移交方用本程序制包，或登记后用 archive import 接收",
                "ask the sender for a package of this program, or register it and use archive import",
            ),
            Self::Newer(_) => Text::fixed("请用更新的程序", "use a newer program"),
            Self::Damaged { .. } => {
                Text::fixed("请移交方重新复制或重新制包", "ask the sender to copy or build the package again")
            }
        }
    }
}

/// A package opened for receiving.
#[derive(Debug)]
pub struct PackageReader {
    path: PathBuf,
    tree: Tree,
    folder: String,
    record: PackageRecord,
}

/// Opens the folder or zip at `path`.
pub fn open(path: &Path) -> Result<PackageReader, OpenError> {
    let tree = Tree::open(path)?;
    if Counts::of(tree.faults()).error > 0 {
        let refused = tree.faults().iter().filter(|fault| fault.severity == Severity::Error);
        return Err(OpenError::Refused(refused.cloned().collect()));
    }
    let RecordsIn { folder, record, .. } = RecordsIn::find(&tree)?.ok_or(OpenError::NoRecords)?;
    Ok(PackageReader { path: path.to_owned(), tree, folder, record })
}

/// The file that shows a package to be ours, if it is.
pub(crate) fn records_of(tree: &Tree) -> Option<Entry<'_>> {
    let marker = format!("/{}{}", layout::RECORDS_BELOW, layout::RECORDS_PACKAGE);
    tree.entries().iter().find(|entry| entry.path.ends_with(&marker))
}

/// Our machine records inside a package.
pub(crate) struct RecordsIn<'a> {
    tree: &'a Tree,
    folder: String,
    record: PackageRecord,
}

#[derive(serde::Deserialize)]
struct Version {
    schema_version: u32,
}

impl<'a> RecordsIn<'a> {
    /// The records, if the package has any.
    pub(crate) fn find(tree: &'a Tree) -> Result<Option<Self>, OpenError> {
        let Some(entry) = records_of(tree) else { return Ok(None) };
        let damaged = |source| OpenError::Damaged { file: entry.path.to_owned(), source };
        let bytes = tree.read(entry, MAX_PACKAGE_RECORD).map_err(damaged)?;
        let version: Version = serde_json::from_slice(&bytes).map_err(|error| damaged(error.into()))?;
        if version.schema_version > records::VERSION {
            return Err(OpenError::Newer(version.schema_version));
        }
        let record = serde_json::from_slice(&bytes).map_err(|error| damaged(error.into()))?;
        let folder = entry.path[..entry.path.len() - layout::RECORDS_PACKAGE.len()].to_owned();
        Ok(Some(Self { tree, folder, record }))
    }

    pub(crate) fn record(&self) -> &PackageRecord {
        &self.record
    }

    /// Its volumes, in order, numbered as the sender numbered them.
    pub(crate) fn volumes(&self) -> Result<Vec<Volume>, OpenError> {
        self.counted(layout::RECORDS_VOLUMES, self.record.volumes)
    }

    /// Its items, in catalogue order.
    pub(crate) fn items(&self) -> Result<Vec<Item>, OpenError> {
        self.counted(layout::RECORDS_ITEMS, self.record.items)
    }

    /// Its ties.
    pub(crate) fn ties(&self) -> Result<Vec<Tie>, OpenError> {
        self.lines(layout::RECORDS_TIES)
    }

    /// The items' files: each safe, there, of the length recorded, and of an item that is there.
    pub(crate) fn files(&self) -> Result<Vec<FileRecord>, OpenError> {
        let files: Vec<FileRecord> = self.counted(layout::RECORDS_FILES, self.record.files)?;
        let items: BTreeSet<ItemId> = self.items()?.iter().map(|item| item.id).collect();
        for file in &files {
            let path = &file.path;
            let fault = if let Some(reason) = names::fault(&file.path) {
                Some(reason)
            } else if self.tree.find(&file.path).is_none_or(|entry| entry.bytes != file.bytes) {
                Some(text!("{path} 不在包中或长度不符", "{path} is not there or of another length"))
            } else if !items.contains(&file.item) {
                Some(text!("{path} 不属于任何一件", "{path} belongs to no item"))
            } else {
                None
            };
            if let Some(fault) = fault {
                return Err(self.damaged(layout::RECORDS_FILES, damaged(fault)));
            }
        }
        Ok(files)
    }

    fn counted<T: DeserializeOwned>(&self, name: &str, expected: u64) -> Result<Vec<T>, OpenError> {
        let values = self.lines(name)?;
        let found = values.len() as u64;
        if found != expected {
            let said =
                text!("应有 {expected} 条，实有 {found} 条", "should hold {expected} records, holds {found}");
            return Err(self.damaged(name, damaged(said)));
        }
        Ok(values)
    }

    fn lines<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<T>, OpenError> {
        let mut values = Vec::new();
        self.each(name, |value| values.push(value))?;
        Ok(values)
    }

    /// Gives each record of a file to `take`, keeping none: a package may have a million. How many there were.
    pub(crate) fn each<T: DeserializeOwned>(
        &self,
        name: &str,
        mut take: impl FnMut(T),
    ) -> Result<u64, OpenError> {
        let damaged = |source| self.damaged(name, source);
        let entry =
            self.tree.find(&self.path(name)).ok_or_else(|| damaged(io::ErrorKind::NotFound.into()))?;
        let reader = BufReader::with_capacity(1 << 16, self.tree.reader(entry).map_err(damaged)?);
        let mut count = 0;
        records::lines(reader, |value| {
            count += 1;
            take(value);
            Ok(())
        })
        .map_err(damaged)?;
        Ok(count)
    }

    /// Where a file of the records lies.
    pub(crate) fn path(&self, name: &str) -> String {
        format!("{}{name}", self.folder)
    }

    fn damaged(&self, name: &str, source: io::Error) -> OpenError {
        OpenError::Damaged { file: format!("{}{name}", self.folder), source }
    }
}

impl PackageReader {
    /// What concerns the package as a whole.
    pub fn record(&self) -> &PackageRecord {
        &self.record
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The package as it lies.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Its volumes, in order, numbered as the sender numbered them.
    pub fn volumes(&self) -> Result<Vec<Volume>, OpenError> {
        self.records().volumes()
    }

    /// Its items, in catalogue order.
    pub fn items(&self) -> Result<Vec<Item>, OpenError> {
        self.records().items()
    }

    /// Volumes and ties together.
    pub fn arrangement(&self) -> Result<Arrangement, OpenError> {
        let records = self.records();
        Ok(Arrangement { volumes: records.volumes()?, ties: records.ties()?, ..Arrangement::default() })
    }

    /// The items' files: each safe, there, of the length recorded, and of an item that is there.
    pub fn files(&self) -> Result<Vec<FileRecord>, OpenError> {
        self.records().files()
    }

    fn records(&self) -> RecordsIn<'_> {
        RecordsIn { tree: &self.tree, folder: self.folder.clone(), record: self.record.clone() }
    }

    /// Reads a file from its start. The last read fails if its bytes are not those recorded.
    pub fn read(&self, file: &FileRecord) -> io::Result<Box<dyn Read + Send>> {
        let entry = self.tree.find(&file.path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(Matching {
            inner: self.tree.reader(entry)?,
            hasher: Some(Hasher::new([Algorithm::Sha256])),
            expected: file.sha256.clone(),
        }))
    }

    /// What tells this package from every other: the SHA-256 of its manifest. Sent twice, as folder or
    /// zip, it is the same.
    pub fn fingerprint(&self) -> io::Result<String> {
        let entry = self.tree.find("manifest-sha256.txt").ok_or(io::ErrorKind::NotFound)?;
        let (_, _, digests) = HashingReader::new(self.tree.reader(entry)?, [Algorithm::Sha256]).finish()?;
        Ok(digests.into_values().next().unwrap_or_default())
    }

    /// The package's evidence, to be kept by the receiver: its tag files (manifests, lists, bag-info).
    pub fn evidence(&self) -> impl Iterator<Item = Entry<'_>> {
        self.tree.entries().iter().filter(|entry| !entry.path.starts_with("data/"))
    }

    /// Reads a piece of [`Self::evidence`].
    pub fn read_evidence(&self, entry: Entry<'_>) -> io::Result<Vec<u8>> {
        self.tree.read(entry, MAX_EVIDENCE)
    }
}

/// A reader whose end fails if the bytes were not the expected ones.
struct Matching {
    inner: Box<dyn Read + Send>,
    hasher: Option<Hasher>,
    expected: String,
}

impl Read for Matching {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if read > 0 {
            if let Some(hasher) = &mut self.hasher {
                hasher.update(&buffer[..read]);
            }
        } else if !buffer.is_empty()
            && let Some(hasher) = self.hasher.take()
        {
            let (_, digests) = hasher.finish();
            let found = digests.into_values().next().unwrap_or_default();
            if found != self.expected {
                let expected = &self.expected;
                return Err(damaged(text!(
                    "摘要不符：应为 {expected}，实为 {found}",
                    "its digest should be {expected}, it is {found}"
                )));
            }
        }
        Ok(read)
    }
}
