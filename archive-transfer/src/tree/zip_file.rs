//! A package that lies as a zip, read without unpacking and without trust.
//!
//! General zip libraries are built to open what can somehow be opened: of two entries with one name
//! they keep the last, they find a central directory after junk, and they hide the raw bytes of a
//! name. For evidence that is wrong, so the directory is read here, strictly: it must lie where the end
//! record says, agree with each local header, and describe files that don't overlap. Only inflating is
//! left to a library.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use archive_core::finding::Severity;
use archive_core::text;
use archive_core::text::Text;
use flate2::read::DeflateDecoder;

use super::directory::{self, Record};
use super::{Container, Entry, Listing, MAX_ENTRIES, MAX_FAULTS, Opened, damaged, refusal};
use crate::findings::Findings;
use crate::names;

/// Deflate can't shrink more than about 1,032 to 1; real scans not at all. Beyond this it is a bomb.
const MAX_RATIO: u64 = 100;
/// Below this size no ratio matters.
const RATIO_FLOOR: u64 = 16 << 20;
/// Nor below this size of all entries together: a thousand small bombs are a large one.
const TOTAL_FLOOR: u64 = 1 << 30;

struct Zip {
    path: PathBuf,
    stamp: Option<String>,
    places: Places,
}

/// Where an entry's bytes lie, in sixteen bytes: a zip may have a million entries.
#[derive(Clone, Copy)]
struct Stored {
    /// Where its local header lies.
    local: u64,
    crc: u32,
    /// How long that header is, which is less than 2^18; above it two marks.
    header: u32,
}

/// The data is deflated.
const DEFLATED: u32 = 1 << 31;
/// Lengths and CRC follow the data, which then doesn't end where the data ends.
const STREAMED: u32 = 1 << 30;

impl Stored {
    fn of(record: &Record, start: u64) -> Option<Self> {
        let header = start.checked_sub(record.local_offset)?;
        let header = u32::try_from(header).ok().filter(|header| *header < STREAMED)?;
        let deflated = if record.method == directory::DEFLATED { DEFLATED } else { 0 };
        let streamed = if record.streamed { STREAMED } else { 0 };
        Some(Self { local: record.local_offset, crc: record.crc, header: header | deflated | streamed })
    }

    fn start(self) -> u64 {
        self.local.saturating_add(u64::from(self.header & !(DEFLATED | STREAMED)))
    }

    const fn deflated(self) -> bool {
        self.header & DEFLATED != 0
    }

    const fn streamed(self) -> bool {
        self.header & STREAMED != 0
    }
}

/// Where the entries lie, in the order of the directory.
#[derive(Default)]
struct Places {
    stored: Vec<Stored>,
    /// The lengths of deflated entries; others are as long as what they hold. Empty while none is deflated.
    packed: Vec<u64>,
}

impl Places {
    fn push(&mut self, stored: Stored, packed: u64) {
        if stored.deflated() {
            self.packed.resize(self.stored.len(), 0);
            self.packed.push(packed);
        }
        self.stored.push(stored);
    }

    /// Where an entry of the listing lies, and how long it is there.
    fn of(&self, entry: Entry<'_>) -> Option<(Stored, u64)> {
        let stored = *self.stored.get(entry.at)?;
        let packed = if stored.deflated() { *self.packed.get(entry.at)? } else { entry.bytes };
        Some((stored, packed))
    }
}

/// Whether the file starts (or ends) like a zip.
pub(super) fn looks_like_zip(path: &Path) -> io::Result<bool> {
    let mut head = [0; 4];
    let mut file = File::open(path)?;
    let read = file.read(&mut head)?;
    Ok(read == 4 && matches!(&head, b"PK\x03\x04" | b"PK\x05\x06"))
}

pub(super) fn open(path: &Path) -> io::Result<Opened> {
    let mut read = Reading::of(File::open(path)?);
    let mut directory = BufReader::with_capacity(1 << 16, File::open(path)?);
    let mut directory_start = 0;
    let judged = directory::read(&mut directory, MAX_ENTRIES, |record| {
        directory_start = record.directory_start;
        read.take(record)
    })?;
    if let Err(reason) = judged {
        // Of a directory that can't be believed nothing is taken.
        read = Reading::of(File::open(path)?);
        read.faults.push(refusal(shown(path), &reason));
        directory_start = 0;
    }
    read.without_overlaps(directory_start)?;
    let Reading { listed, places, mut faults, refused, .. } = read;
    let listed = each_once(listed.sorted(0, |entry| !refused.contains(&entry.at)), &mut faults);
    empty_folders(&listed, &mut faults);
    let entries = listed.sorted(0, |entry| !entry.path.ends_with('/'));
    let store = Box::new(Zip { path: path.to_owned(), stamp: super::stamp_of(path), places });
    Ok(Opened { entries, store, faults: faults.told() })
}

/// The package's own name, for what concerns it as a whole.
fn shown(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The directory while it is read: what can be taken in safely, and faults for the rest.
struct Reading {
    /// The zip once more, to look at the local headers.
    headers: File,
    /// Files, and folders with a `/` behind them, as the directory lists them.
    listed: Listing,
    /// Where they lie.
    places: Places,
    faults: Findings,
    /// What was listed and must not be taken in.
    refused: BTreeSet<usize>,
    /// Where the local headers of entries lie that were refused before they were listed.
    passed_over: BTreeSet<u64>,
}

impl Reading {
    fn of(headers: File) -> Self {
        let (listed, faults) = (Listing::default(), Findings::new(MAX_FAULTS));
        let (refused, passed_over) = (BTreeSet::new(), BTreeSet::new());
        Self { headers, listed, places: Places::default(), faults, refused, passed_over }
    }

    /// Takes the next entry of the directory.
    fn take(&mut self, record: &Record) -> io::Result<()> {
        if !self.list(record)? {
            self.passed_over.insert(record.local_offset);
        }
        Ok(())
    }

    /// Lists an entry if nothing speaks against it.
    fn list(&mut self, record: &Record) -> io::Result<bool> {
        let (name, encoding_fault) = directory::decoded_name(record);
        if let Some(fault) = encoding_fault {
            if fault.severity == Severity::Error {
                self.faults.push(refusal(name, &fault.reason));
                return Ok(false);
            }
            self.faults.push(super::fault(name.clone(), fault.reason).at(fault.severity));
        }
        let folder = name.ends_with('/');
        let path = name.trim_end_matches('/');
        if let Some(reason) = names::fault(path).or_else(|| unfit(record, folder)) {
            self.faults.push(refusal(name, &reason));
            return Ok(false);
        }
        let start = match directory::local_start(&mut self.headers, record)? {
            Ok(start) => start,
            Err(reason) => {
                self.faults.push(refusal(path, &reason));
                return Ok(false);
            }
        };
        let listed = Stored::of(record, start)
            .filter(|_| self.listed.push(&name, record.bytes, self.places.stored.len()));
        let Some(stored) = listed else {
            return Err(damaged(Text::fixed("路径过长", "its paths are long beyond measure")));
        };
        self.places.push(stored, record.packed);
        Ok(true)
    }

    /// Goes over the entries as they lie: their data must not overlap, nor run into the directory, nor swell
    /// beyond measure together, and between them nothing may lie that the directory doesn't list.
    fn without_overlaps(&mut self, directory_start: u64) -> io::Result<()> {
        // Most zips list their entries as they lie.
        let local = |at: &u32| (self.places.stored[*at as usize].local, *at);
        let mut order: Vec<u32> = (0..).take(self.places.stored.len()).collect();
        if !order.is_sorted_by_key(local) {
            order.sort_unstable_by_key(local);
        }
        let mut free_from = 0_u64;
        // How far a descriptor behind streamed data may reach.
        let mut slack = 0_u64;
        let (mut packed, mut swollen) = (0_u64, 0_u64);
        for at in order.into_iter().map(|at| at as usize) {
            let Some(entry) = self.listed.get(at) else { continue };
            let Some((file, length)) = self.places.of(entry) else { continue };
            if file.deflated() {
                packed = packed.saturating_add(length);
                swollen = swollen.saturating_add(entry.bytes);
            }
            let reason = if file.local < free_from {
                Text::fixed("与另一条目的数据重叠", "its data overlaps another entry's")
            } else if swollen > TOTAL_FLOOR && swollen / MAX_RATIO > packed {
                bomb()
            } else {
                let gap = file.local - free_from > slack;
                if gap && let Some(hidden) = self.hidden(free_from)? {
                    let before = entry.path;
                    let said = text!(
                        "藏在 {before} 之前，中央目录没有列出它",
                        "it is hidden before {before}: the directory doesn't list it"
                    );
                    self.faults.push(refusal(hidden, &said));
                }
                free_from = file.start().saturating_add(length);
                slack = if file.streamed() { MAX_DESCRIPTOR } else { 0 };
                if free_from <= directory_start {
                    continue;
                }
                Text::fixed("数据被截断或越界", "its data is cut off or runs over the end")
            };
            self.faults.push(refusal(entry.path, &reason));
            self.refused.insert(at);
        }
        if directory_start.saturating_sub(free_from) > slack
            && let Some(hidden) = self.hidden(free_from)?
        {
            let said = Text::fixed(
                "藏在最后，中央目录没有列出它",
                "it is hidden at the end: the directory doesn't list it",
            );
            self.faults.push(refusal(hidden, &said));
        }
        Ok(())
    }

    /// The name of the entry that begins there and that the directory doesn't list, if one does.
    fn hidden(&self, at: u64) -> io::Result<Option<String>> {
        if self.passed_over.contains(&at) {
            return Ok(None);
        }
        directory::local_name(&mut &self.headers, at)
    }
}

/// A descriptor (APPNOTE 4.3.9) has at most 24 bytes.
const MAX_DESCRIPTOR: u64 = 24;

/// Files and folders, each name once.
fn each_once(entries: Listing, faults: &mut Findings) -> Listing {
    let mut again = BTreeSet::new();
    let mut last: Option<&str> = None;
    for entry in entries.iter() {
        if last == Some(entry.path) && !entry.path.ends_with('/') {
            faults.push(refusal(entry.path, &Text::fixed("同名条目出现两次", "two entries bear this name")));
            again.insert(entry.at);
        }
        last = Some(entry.path);
    }
    if again.is_empty() {
        return entries;
    }
    entries.sorted(0, |entry| !again.contains(&entry.at))
}

/// Why an entry can't be taken in, as far as the directory tells.
fn unfit(record: &Record, folder: bool) -> Option<Text> {
    if record.encrypted {
        return Some(Text::fixed("已加密", "it is encrypted"));
    }
    match record.unix_kind {
        0 | 0o10_0000 | 0o04_0000 => {}
        0o12_0000 => return Some(Text::fixed("是链接", "it is a link")),
        _ => return Some(Text::fixed("是设备或管道，不是文件", "it is a device or a pipe, no file")),
    }
    if record.method != directory::STORED && record.method != directory::DEFLATED {
        let method = record.method;
        return Some(text!("压缩方法 {method} 不受支持", "compression method {method} is not supported"));
    }
    if folder && record.bytes > 0 {
        return Some(Text::fixed("文件夹条目带有数据", "a folder entry that holds data"));
    }
    if record.method == directory::STORED && record.packed != record.bytes {
        return Some(Text::fixed("存储条目的两个长度不一致", "its two lengths disagree though it is stored"));
    }
    if record.bytes > RATIO_FLOOR && record.bytes / MAX_RATIO > record.packed {
        return Some(bomb());
    }
    None
}

fn bomb() -> Text {
    Text::fixed("解压后膨胀过大（zip 炸弹）", "it would swell beyond measure: a zip bomb")
}

/// Folder entries with nothing in them: lost on the way, as on a disk.
fn empty_folders(listed: &Listing, faults: &mut Findings) {
    let next = listed.iter().skip(1).map(Some).chain([None]);
    for (folder, next) in listed.iter().zip(next).filter(|(entry, _)| entry.path.ends_with('/')) {
        if next.is_none_or(|next| !next.path.starts_with(folder.path)) {
            faults.push(super::empty_folder(folder.path.trim_end_matches('/')));
        }
    }
}

impl Container for Zip {
    fn reader(&self, entry: Entry<'_>, _: &str) -> io::Result<Box<dyn Read + Send>> {
        let (stored, packed) = self.places.of(entry).ok_or(io::ErrorKind::NotFound)?;
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(stored.start()))?;
        let packed = file.take(packed);
        let checked = |inner: Box<dyn Read + Send>| Checked {
            inner,
            left: entry.bytes,
            crc: crc32fast::Hasher::new(),
            wanted: stored.crc,
        };
        Ok(if stored.deflated() {
            Box::new(checked(Box::new(DeflateDecoder::new(packed))))
        } else {
            Box::new(checked(Box::new(packed)))
        })
    }

    fn stamp(&self, entry: Entry<'_>, _: &str) -> Option<String> {
        let (stored, _) = self.places.of(entry)?;
        Some(format!("{}-{}-{}", stored.start(), stored.crc, self.stamp.as_deref()?))
    }
}

/// Gives exactly the promised bytes with the promised checksum, or an error: never more.
struct Checked {
    inner: Box<dyn Read + Send>,
    left: u64,
    crc: crc32fast::Hasher,
    wanted: u32,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let read = self.inner.read(buffer)?;
        if read == 0 {
            if self.left > 0 {
                return Err(damaged(Text::fixed("数据被截断", "the data is cut off")));
            }
            if self.crc.clone().finalize() != self.wanted {
                return Err(damaged(Text::fixed(
                    "CRC 不符，数据已损坏",
                    "the CRC differs: the data is damaged",
                )));
            }
            return Ok(0);
        }
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            damaged(Text::fixed("数据比目录所说的长", "there is more data than the directory says"))
        })?;
        self.crc.update(&buffer[..read]);
        Ok(read)
    }
}
