//! A package as it lies: a folder or a zip, seen alike.
//!
//! Everything above this module asks a [`Tree`] for its entries and for readers, and can't tell which
//! it has; so folder and zip are judged by the same code and get the same report. Nothing is unpacked.
//! What is dangerous or ambiguous in the container itself (links, devices, `..`, doubled names, bombs)
//! is found here, named, and kept out of the entries.

mod directory;
mod folder;
mod listing;
mod single;
mod zip_file;

use std::fmt;
use std::hash::{Hash as _, Hasher as _};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use archive_core::finding::{Finding, Place, Severity};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

pub use listing::{Entry, Listing};

use crate::names;
use crate::said::remedy;
pub(crate) use crate::said::{damaged, said};

/// The most files a package may hold.
pub(crate) const MAX_ENTRIES: usize = 4_000_000;

/// The most pairs of names alike that are named.
const MAX_ALIKE: usize = 10_000;

/// A package's files.
pub struct Tree {
    entries: Listing,
    store: Box<dyn Container>,
    /// The single folder everything lies in, with its `/`, if the package isn't at the top.
    prefix: String,
    faults: Vec<Finding>,
    path: PathBuf,
    /// A hint for [`Self::place`].
    last_found: AtomicUsize,
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree")
            .field("entries", &self.entries.len())
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

/// What holds the files.
trait Container: Send + Sync {
    /// A reader for an entry, which gives its bytes or an error. Its path is told from below `prefix`.
    fn reader(&self, entry: Entry<'_>, prefix: &str) -> io::Result<Box<dyn Read + Send>>;

    /// What changes when the file is written to; `None` where the system doesn't say.
    fn stamp(&self, entry: Entry<'_>, prefix: &str) -> Option<String>;
}

/// Length and times of change of a file on disk. The time of its last status change can't be set by hand,
/// where there is one.
fn stamp_of(path: &Path) -> Option<String> {
    let metadata = std::fs::metadata(path).ok()?;
    let modified = metadata.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?.as_nanos();
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let (inode, changed, nanos) = (metadata.ino(), metadata.ctime(), metadata.ctime_nsec());
        Some(format!("{modified}-{inode}-{changed}.{nanos}-{}", metadata.len()))
    }
    #[cfg(not(unix))]
    Some(format!("{modified}-{}", metadata.len()))
}

/// What a container gave up when opened.
struct Opened {
    entries: Listing,
    store: Box<dyn Container>,
    faults: Vec<Finding>,
}

/// The most faults of a container that are named.
const MAX_FAULTS: usize = 10_000;

/// Why something can't be looked at as a package at all.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum TreeError {
    /// Nothing is there.
    NotFound(String),
    /// It is neither a folder, nor a zip, nor an encapsulation (DA/T 48).
    NoPackage(String),
    /// The system refused to read it.
    Unreadable {
        /// What was to be read.
        path: String,
        /// What the system said.
        source: io::Error,
    },
}

impl TreeError {
    /// What is wrong.
    pub fn message(&self) -> Text {
        match self {
            Self::NotFound(path) => {
                text!("没有这个文件或文件夹：{path}", "there is no such file or folder: {path}")
            }
            Self::NoPackage(path) => text!(
                "不是移交包：{path} 既不是文件夹，也不是 zip 或 EEP 封装",
                "no package: {path} is neither a folder, nor a zip, nor an encapsulation (EEP)"
            ),
            Self::Unreadable { path, source } => {
                let Text { zh, en } = said(source);
                text!("无法读取 {path}：{zh}", "can't read {path}: {en}")
            }
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Text {
        match self {
            Self::NotFound(_) => Text::fixed("请核对移交包的路径", "check the path of the package"),
            Self::NoPackage(_) => Text::fixed(
                "请指明移交包的文件夹或 zip；其他压缩格式（rar、7z）须先解开",
                "name the package's folder or zip; other formats (rar, 7z) must be unpacked first",
            ),
            Self::Unreadable { source, .. } => remedy(source),
        }
    }
}

impl Tree {
    /// Opens a folder, a zip, or a single encapsulation.
    pub fn open(path: &Path) -> Result<Self, TreeError> {
        let shown = path.display().to_string();
        let unreadable = |source| TreeError::Unreadable { path: shown.clone(), source };
        let metadata = match std::fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(TreeError::NotFound(shown)),
            other => other.map_err(unreadable)?,
        };
        let opened = if metadata.is_dir() {
            folder::open(path).map_err(unreadable)?
        } else if !metadata.is_file() {
            // A pipe would be waited on for ever.
            return Err(TreeError::NoPackage(shown));
        } else if zip_file::looks_like_zip(path).map_err(unreadable)? {
            zip_file::open(path).map_err(unreadable)?
        } else {
            single::open(path, metadata.len()).map_err(unreadable)?.ok_or(TreeError::NoPackage(shown))?
        };
        Ok(Self { path: path.to_owned(), ..Self::of(opened) })
    }

    fn of(opened: Opened) -> Self {
        let Opened { mut entries, store, mut faults } = opened;
        let left = entries.iter().filter(|entry| left_by_macos(entry.path)).count();
        if left > 0 {
            entries = entries.sorted(0, |entry| !left_by_macos(entry.path));
            let said = text!(
                "macOS 压缩时留下的 {left} 个文件，不属于移交包，未列入",
                "{left} files that macOS left when it packed; no part of the package, and left out"
            );
            faults.push(fault(LEFT_BY_MACOS, said).at(Severity::Warning));
        }
        let prefix = single_folder(&entries);
        for fault in &mut faults {
            if let Some(file) = &mut fault.place.file
                && file.starts_with(&prefix)
            {
                file.drain(..prefix.len());
            }
        }
        let entries = entries.sorted(prefix.len(), |_| true);
        faults.extend(look_alikes(&entries));
        Self { entries, store, prefix, faults, path: PathBuf::new(), last_found: AtomicUsize::new(0) }
    }

    /// Where the package lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The files, sorted by path.
    pub fn entries(&self) -> &Listing {
        &self.entries
    }

    /// The file at a place in [`Self::entries`] that was found there.
    pub(crate) fn entry(&self, place: usize) -> Entry<'_> {
        self.entries.get(place).unwrap_or(Entry { path: "", bytes: 0, at: usize::MAX })
    }

    /// What is wrong with the container.
    pub fn faults(&self) -> &[Finding] {
        &self.faults
    }

    /// The file at `path`, if there is one.
    pub fn find(&self, path: &str) -> Option<Entry<'_>> {
        self.entries.get(self.place(path)?)
    }

    /// The place in [`Self::entries`] of the file at `path`, if there is one.
    pub(crate) fn place(&self, path: &str) -> Option<usize> {
        // Lists name files in order: the one after the last found is often the one looked for.
        let next = self.last_found.load(Ordering::Relaxed).wrapping_add(1);
        let found = match self.entries.get(next) {
            Some(entry) if entry.path == path => next,
            _ => self.entries.search(path).ok()?,
        };
        self.last_found.store(found, Ordering::Relaxed);
        Some(found)
    }

    /// What tells whether a file changed since it was last looked at, as far as the system knows.
    pub(crate) fn stamp(&self, entry: Entry<'_>) -> Option<String> {
        self.store.stamp(entry, &self.prefix)
    }

    /// The files below `folder` (which ends in `/`), sorted by path.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = Entry<'a>> {
        let (Ok(start) | Err(start)) = self.entries.search(folder);
        (start..self.entries.len())
            .map_while(|place| self.entries.get(place))
            .take_while(move |entry| entry.path.starts_with(folder))
    }

    /// Reads a file from its start. Reading fails where the container is damaged.
    pub fn reader(&self, entry: Entry<'_>) -> io::Result<Box<dyn Read + Send>> {
        self.store.reader(entry, &self.prefix)
    }

    /// Reads a small file whole; longer than `limit` bytes is an error.
    pub fn read(&self, entry: Entry<'_>, limit: u64) -> io::Result<Vec<u8>> {
        if entry.bytes > limit {
            return Err(damaged(text!("文件超过 {limit} 字节", "the file is longer than {limit} bytes")));
        }
        let mut bytes = Vec::new();
        self.reader(entry)?.take(limit + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// A finding that a file can't be read.
pub(crate) fn unreadable(path: &str, error: &Text) -> Finding {
    let said = Text::new(format!("无法读取：{}", error.zh), format!("can't be read: {}", error.en));
    fault(path, said).at(Severity::Error)
}

/// The folder all entries lie in, if there is one and no marker of a package stands beside it.
fn single_folder(entries: &Listing) -> String {
    let Some((first, _)) = entries.get(0).and_then(|entry| entry.path.split_once('/')) else {
        return String::new();
    };
    let prefix = format!("{first}/");
    // `data/` alone, or the top of a DA/T 93 package, is no wrapper.
    if first == "data" || !entries.iter().all(|entry| entry.path.starts_with(&prefix)) {
        return String::new();
    }
    prefix
}

/// Where the packing of macOS puts what only its own disks know of a file.
const LEFT_BY_MACOS: &str = "__MACOSX/";

/// Whether the packing of macOS left it beside the package.
fn left_by_macos(path: &str) -> bool {
    path.starts_with(LEFT_BY_MACOS)
}

/// Names that are one and the same on Windows or macOS.
fn look_alikes(entries: &Listing) -> Vec<Finding> {
    // By a digest of the folded name: the names themselves would double the memory of a large package.
    let mark = |above: u64, name: &str| {
        let mut hasher = std::hash::DefaultHasher::new();
        (above, names::folded(name)).hash(&mut hasher);
        hasher.finish()
    };
    // Files stand in the order of their folders: each folder is folded once.
    let mut last = ("", mark(0, ""));
    let mut folded: Vec<(u64, usize)> = Vec::with_capacity(entries.len());
    for (entry, at) in entries.iter().zip(0..) {
        let (folder, name) = entry.path.rsplit_once('/').unwrap_or(("", entry.path));
        if folder != last.0 {
            last = (folder, mark(0, folder));
        }
        folded.push((mark(last.1, name), at));
    }
    folded.sort_unstable();
    let alike = folded.windows(2).filter(|pair| pair[0].0 == pair[1].0);
    let mut findings = Vec::new();
    for pair in alike.take(MAX_ALIKE) {
        let (Some(other), Some(entry)) = (entries.get(pair[0].1), entries.get(pair[1].1)) else { continue };
        let (other, path) = (other.path, entry.path);
        if names::folded(other) == names::folded(path) {
            let said = text!(
                "与 {other} 只差大小写或 Unicode 形式，在 Windows 或 macOS 上会互相覆盖",
                "differs from {other} only in case or Unicode form: on Windows or macOS one overwrites the other"
            );
            findings.push(fault(path, said).at(Severity::Warning).with_help(Text::fixed(
                "请移交方改名后重新制包",
                "ask the sender to rename one and build again",
            )));
        }
    }
    findings
}

/// A finding that the container holds something that must not be taken in.
fn refusal(path: impl Into<String>, reason: &Text) -> Finding {
    let said = Text::new(format!("拒收：{}", reason.zh), format!("refused: {}", reason.en));
    fault(harmless(path.into()), said)
        .at(Severity::Error)
        .with_help(Text::fixed("请移交方去掉它，重新制包", "ask the sender to leave it out and build again"))
}

/// A name whose control characters can't do anything to the terminal it is shown on.
fn harmless(name: String) -> String {
    let acts = |c: char| c.is_control() || names::turns_writing(c);
    if !name.contains(acts) {
        return name;
    }
    name.chars().map(|c| if acts(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

/// A finding about one file of a package (X5).
pub(crate) fn fault(path: impl Into<String>, said: Text) -> Finding {
    Finding::new(RuleId::X5, Place { file: Some(path.into()), ..Place::default() }, said)
}

/// Nothing in a package lists an empty folder, so it is lost on the way.
fn empty_folder(path: &str) -> Finding {
    Finding::new(
        RuleId::X5,
        Place { file: Some(path.to_owned()), ..Place::default() },
        Text::fixed("空文件夹，清单里没有它", "an empty folder, which no manifest lists"),
    )
    .at(Severity::Info)
    .with_help(Text::fixed("无须处理；复制后它会消失", "nothing; it will be lost when copied"))
}
