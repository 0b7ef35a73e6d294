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

use archive_core::finding::{Finding, Severity};
use archive_core::text;
use archive_core::text::Text;
use flate2::read::DeflateDecoder;

use super::directory::{self, Record};
use super::{Container, Entry, MAX_ENTRIES, Opened, damaged, refusal};
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
    files: Vec<Stored>,
}

/// Where an entry's bytes lie.
struct Stored {
    start: u64,
    packed: u64,
    bytes: u64,
    deflated: bool,
    crc: u32,
}

/// Whether the file starts (or ends) like a zip.
pub(super) fn looks_like_zip(path: &Path) -> io::Result<bool> {
    let mut head = [0; 4];
    let mut file = File::open(path)?;
    let read = file.read(&mut head)?;
    Ok(read == 4 && matches!(&head, b"PK\x03\x04" | b"PK\x05\x06"))
}

pub(super) fn open(path: &Path) -> io::Result<Opened> {
    let mut file = BufReader::with_capacity(1 << 16, File::open(path)?);
    let mut faults = Vec::new();
    let records = match directory::read(&mut file, MAX_ENTRIES)? {
        Ok(records) => records,
        Err(reason) => {
            faults.push(refusal(shown(path), &reason));
            Vec::new()
        }
    };
    let (entries, files) = accepted(&mut file, records, &mut faults)?;
    let store = Box::new(Zip { path: path.to_owned(), stamp: super::stamp_of(path), files });
    Ok(Opened { entries, store, faults })
}

/// The package's own name, for what concerns it as a whole.
fn shown(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The records that can be read safely; the others become faults.
fn accepted(
    file: &mut BufReader<File>,
    mut records: Vec<Record>,
    faults: &mut Vec<Finding>,
) -> io::Result<(Vec<Entry>, Vec<Stored>)> {
    records.sort_by_key(|record| record.local_offset);
    let mut entries = Vec::new();
    let mut files = Vec::new();
    let mut names_seen = BTreeSet::new();
    let mut folders = Vec::new();
    let mut free_from = 0;
    let (mut packed, mut swollen) = (0_u64, 0_u64);
    for record in &records {
        let (name, encoding_fault) = directory::decoded_name(record);
        if let Some(fault) = encoding_fault {
            if fault.severity == Severity::Error {
                faults.push(refusal(name, &fault.reason));
                continue;
            }
            faults.push(super::fault(name.clone(), fault.reason).at(fault.severity));
        }
        let folder = name.ends_with('/');
        let path = name.trim_end_matches('/').to_owned();
        if let Some(reason) = names::fault(&path).or_else(|| unfit(record, folder)) {
            faults.push(refusal(name, &reason));
            continue;
        }
        if !names_seen.insert(path.clone()) {
            faults.push(refusal(path, &Text::fixed("同名条目出现两次", "two entries bear this name")));
            continue;
        }
        let start = match directory::local_start(file, record)? {
            Ok(start) => start,
            Err(reason) => {
                faults.push(refusal(path, &reason));
                continue;
            }
        };
        if record.local_offset < free_from {
            faults.push(refusal(
                path,
                &Text::fixed("与另一条目的数据重叠", "its data overlaps another entry's"),
            ));
            continue;
        }
        if record.method == directory::DEFLATED {
            packed = packed.saturating_add(record.packed);
            swollen = swollen.saturating_add(record.bytes);
        }
        if swollen > TOTAL_FLOOR && swollen / MAX_RATIO > packed {
            faults.push(refusal(path, &bomb()));
            continue;
        }
        free_from = start.saturating_add(record.packed);
        if free_from > record.directory_start {
            faults.push(refusal(
                path,
                &Text::fixed("数据被截断或越界", "its data is cut off or runs over the end"),
            ));
            continue;
        }
        if folder {
            folders.push(name);
        } else {
            entries.push(Entry { path, bytes: record.bytes, at: files.len() });
            files.push(Stored {
                start,
                packed: record.packed,
                bytes: record.bytes,
                deflated: record.method == directory::DEFLATED,
                crc: record.crc,
            });
        }
    }
    faults.extend(empty_folders(&folders, &entries));
    Ok((entries, files))
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
fn empty_folders(folders: &[String], entries: &[Entry]) -> Vec<Finding> {
    let paths: BTreeSet<&str> = entries.iter().map(|entry| entry.path.as_str()).collect();
    folders
        .iter()
        .filter(|folder| {
            let inside = paths.range(folder.as_str()..).next();
            !inside.is_some_and(|path| path.starts_with(folder.as_str()))
                && !folders.iter().any(|other| other != *folder && other.starts_with(folder.as_str()))
        })
        .map(|folder| super::empty_folder(folder.trim_end_matches('/')))
        .collect()
}

impl Container for Zip {
    fn reader(&self, entry: &Entry, _: &str) -> io::Result<Box<dyn Read + Send>> {
        let stored = &self.files[entry.at];
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(stored.start))?;
        let packed = file.take(stored.packed);
        let checked = |inner: Box<dyn Read + Send>| Checked {
            inner,
            left: stored.bytes,
            crc: crc32fast::Hasher::new(),
            wanted: stored.crc,
        };
        Ok(if stored.deflated {
            Box::new(checked(Box::new(DeflateDecoder::new(packed))))
        } else {
            Box::new(checked(Box::new(packed)))
        })
    }

    fn stamp(&self, entry: &Entry, _: &str) -> Option<String> {
        let Stored { start, crc, .. } = self.files[entry.at];
        Some(format!("{start}-{crc}-{}", self.stamp.as_deref()?))
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
