//! The central directory of a zip, read strictly (APPNOTE 4.3), zip64 included.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use archive_core::finding::Severity;
use archive_core::text;
use archive_core::text::Text;

/// Method 0.
pub(super) const STORED: u16 = 0;
/// Method 8.
pub(super) const DEFLATED: u16 = 8;

const END: &[u8; 4] = b"PK\x05\x06";
const END_64: &[u8; 4] = b"PK\x06\x06";
const LOCATOR_64: &[u8; 4] = b"PK\x06\x07";
const CENTRAL: &[u8; 4] = b"PK\x01\x02";
const LOCAL: &[u8; 4] = b"PK\x03\x04";
/// The largest directory read: about 150 bytes an entry for four million entries.
const MAX_DIRECTORY: u64 = 600 << 20;

/// An entry as the directory describes it.
pub(super) struct Record {
    /// The name's bytes.
    pub(super) name: Vec<u8>,
    /// Bit 11: the name is UTF-8.
    pub(super) says_utf8: bool,
    pub(super) encrypted: bool,
    /// Bit 3: lengths and CRC follow the data, and the local header may hold zeros.
    pub(super) streamed: bool,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) packed: u64,
    pub(super) bytes: u64,
    pub(super) local_offset: u64,
    /// The file type bits of the Unix mode; 0 if there is none.
    pub(super) unix_kind: u32,
    /// Where the directory begins: no data reaches beyond.
    pub(super) directory_start: u64,
}

/// What is wrong with a name's encoding, and how bad that is.
pub(super) struct EncodingFault {
    pub(super) severity: Severity,
    pub(super) reason: Text,
}

type Judged<T> = io::Result<Result<T, Text>>;

/// Reads the directory entry by entry and gives each to `take`; the inner error says why the zip is refused.
pub(super) fn read<R: Read + Seek>(
    file: &mut BufReader<R>,
    max_entries: usize,
    mut take: impl FnMut(&Record) -> io::Result<()>,
) -> Judged<()> {
    let length = file.seek(SeekFrom::End(0))?;
    let Some(end) = find_end(file, length)? else {
        return Ok(Err(Text::fixed(
            "找不到 zip 的结尾记录：文件被截断，或后面还有别的数据",
            "there is no end record: the zip is cut off, or something follows it",
        )));
    };
    if end.disks {
        return Ok(Err(Text::fixed("是分卷 zip 的一卷", "it is one part of a split zip")));
    }
    if end.start.checked_add(end.size) != Some(end.position) {
        return Ok(Err(Text::fixed(
            "中央目录不在结尾记录所说的位置",
            "the central directory is not where the end record says",
        )));
    }
    if end.size > MAX_DIRECTORY || end.count > max_entries as u64 {
        return Ok(Err(Text::fixed("条目过多", "it has too many entries")));
    }
    file.seek(SeekFrom::Start(end.start))?;
    let mut directory = file.by_ref().take(end.size);
    let mut rest = Vec::new();
    let mut found = 0_u64;
    while directory.limit() > 0 {
        let Some(record) = record(&mut directory, &mut rest, end.start)? else {
            return Ok(Err(Text::fixed("中央目录已损坏", "the central directory is damaged")));
        };
        found += 1;
        if found > end.count {
            continue;
        }
        take(&record)?;
    }
    if found != end.count {
        let said = end.count;
        return Ok(Err(text!(
            "中央目录有 {found} 个条目，结尾记录说有 {said} 个",
            "the central directory has {found} entries, its end record says {said}"
        )));
    }
    Ok(Ok(()))
}

struct End {
    /// Where the (zip64) end record lies.
    position: u64,
    count: u64,
    size: u64,
    start: u64,
    disks: bool,
}

fn find_end<R: Read + Seek>(file: &mut R, length: u64) -> io::Result<Option<End>> {
    let window = length.min(22 + 65_535);
    file.seek(SeekFrom::Start(length - window))?;
    let mut tail = Vec::new();
    file.by_ref().take(window).read_to_end(&mut tail)?;
    let found = (0..tail.len().saturating_sub(21)).rev().find(|&at| {
        let record = Bytes(&tail[at..]);
        tail[at..].starts_with(END) && usize::from(record.u16(20)) == tail.len() - at - 22
    });
    let Some(at) = found else { return Ok(None) };
    let record = Bytes(&tail[at..]);
    let position = length - window + at as u64;
    let end = End {
        position,
        count: u64::from(record.u16(10)),
        size: u64::from(record.u32(12)),
        start: u64::from(record.u32(16)),
        disks: record.u16(4) != 0 && record.u16(4) != u16::MAX,
    };
    if at >= 20 && tail[at - 20..].starts_with(LOCATOR_64) {
        return end_64(file, Bytes(&tail[at - 20..]).u64(8));
    }
    Ok(Some(end))
}

fn end_64<R: Read + Seek>(file: &mut R, position: u64) -> io::Result<Option<End>> {
    file.seek(SeekFrom::Start(position))?;
    let mut record = Vec::new();
    file.by_ref().take(56).read_to_end(&mut record)?;
    if record.len() < 56 || !record.starts_with(END_64) {
        return Ok(None);
    }
    let record = Bytes(&record);
    Ok(Some(End {
        position,
        count: record.u64(32),
        size: record.u64(40),
        start: record.u64(48),
        disks: record.u32(16) != 0,
    }))
}

/// The next entry of the directory; `None` where none stands there. `rest` is room for what is variable in it.
fn record(directory: &mut impl Read, rest: &mut Vec<u8>, directory_start: u64) -> io::Result<Option<Record>> {
    let mut head = [0; 46];
    if !filled(directory, &mut head)? || !head.starts_with(CENTRAL) {
        return Ok(None);
    }
    let header = Bytes(&head);
    let name_end = usize::from(header.u16(28));
    let extra_end = name_end + usize::from(header.u16(30));
    rest.resize(extra_end + usize::from(header.u16(32)), 0);
    if !filled(directory, rest)? {
        return Ok(None);
    }
    let flags = header.u16(8);
    let unix = header.u16(4) >> 8 == 3;
    let mut record = Record {
        name: rest[..name_end].to_vec(),
        says_utf8: flags & (1 << 11) != 0,
        encrypted: flags & (1 | (1 << 6) | (1 << 13)) != 0,
        streamed: flags & (1 << 3) != 0,
        method: header.u16(10),
        crc: header.u32(16),
        packed: u64::from(header.u32(20)),
        bytes: u64::from(header.u32(24)),
        local_offset: u64::from(header.u32(42)),
        unix_kind: if unix { (header.u32(38) >> 16) & 0o17_0000 } else { 0 },
        directory_start,
    };
    widen(&mut record, &rest[name_end..extra_end]);
    Ok(Some(record))
}

/// Fills the buffer; false where the end comes before.
fn filled(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match from.read_exact(buffer) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        other => other.map(|()| true),
    }
}

/// Takes the 64-bit values of the zip64 extra field where the 32-bit ones say so.
fn widen(record: &mut Record, mut extra: &[u8]) {
    while extra.len() >= 4 {
        let field = Bytes(extra);
        let (kind, length) = (field.u16(0), usize::from(field.u16(2)));
        let Some(body) = extra.get(4..4 + length) else { return };
        if kind == 1 {
            let mut values = body.chunks_exact(8).map(|eight| Bytes(eight).u64(0));
            for value in [&mut record.bytes, &mut record.packed, &mut record.local_offset] {
                if *value == u64::from(u32::MAX) {
                    *value = values.next().unwrap_or(u64::MAX);
                }
            }
        }
        extra = &extra[4 + length..];
    }
}

/// Where the data of an entry begins; the inner error says how its local header lies.
pub(super) fn local_start<R: Read + Seek>(file: &mut R, record: &Record) -> Judged<u64> {
    let disagrees =
        || Text::fixed("本地文件头与中央目录不一致", "its local header and the central directory disagree");
    if record.local_offset >= record.directory_start {
        return Ok(Err(disagrees()));
    }
    file.seek(SeekFrom::Start(record.local_offset))?;
    let mut header = vec![0; 30 + record.name.len()];
    if !filled(file, &mut header)? || !header.starts_with(LOCAL) {
        return Ok(Err(disagrees()));
    }
    let local = Bytes(&header);
    let same_length =
        |at: usize, value: u64| matches!(local.u32(at), u32::MAX) || u64::from(local.u32(at)) == value;
    let same = local.u16(8) == record.method
        && usize::from(local.u16(26)) == record.name.len()
        && header[30..] == record.name
        && (record.streamed
            || (local.u32(14) == record.crc
                && same_length(18, record.packed)
                && same_length(22, record.bytes)));
    if !same {
        return Ok(Err(disagrees()));
    }
    let head = 30 + record.name.len() as u64 + u64::from(local.u16(28));
    Ok(Ok(record.local_offset.saturating_add(head)))
}

/// The name in the local header that stands there, if one does: where none should, an entry is hidden.
pub(super) fn local_name<R: Read + Seek>(file: &mut R, at: u64) -> io::Result<Option<String>> {
    file.seek(SeekFrom::Start(at))?;
    let mut head = [0; 30];
    if !filled(file, &mut head)? || !head.starts_with(LOCAL) {
        return Ok(None);
    }
    let mut name = vec![0; usize::from(Bytes(&head).u16(26))];
    filled(file, &mut name)?;
    let name = match String::from_utf8(name) {
        Ok(name) => name,
        Err(other) => encoding_rs::GB18030.decode_without_bom_handling(other.as_bytes()).0.into_owned(),
    };
    Ok(Some(name))
}

/// The name as text, and what is wrong with how it is written.
///
/// Without bit 11 a name is officially code page 437; Windows in China writes GBK there, Linux UTF-8.
pub(super) fn decoded_name(record: &Record) -> (String, Option<EncodingFault>) {
    let bytes = &record.name;
    if bytes.is_ascii() {
        return (String::from_utf8_lossy(bytes).into_owned(), None);
    }
    match (std::str::from_utf8(bytes), record.says_utf8) {
        (Ok(name), true) => (name.to_owned(), None),
        (Ok(name), false) => (
            name.to_owned(),
            Some(EncodingFault {
                severity: Severity::Warning,
                reason: Text::fixed(
                    "文件名是 UTF-8，但没有 UTF-8 标志，Windows 会显示为乱码",
                    "its name is UTF-8 without the flag that says so: Windows will garble it",
                ),
            }),
        ),
        (Err(_), _) => (
            encoding_rs::GB18030.decode_without_bom_handling(bytes).0.into_owned(),
            Some(EncodingFault {
                severity: Severity::Error,
                reason: Text::fixed(
                    "文件名不是 UTF-8（可能是 GBK）",
                    "its name is not UTF-8 (GBK, it seems)",
                ),
            }),
        ),
    }
}

/// Little-endian numbers at an offset; 0 beyond the end, which the callers' length checks exclude.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn array<const N: usize>(&self, at: usize) -> [u8; N] {
        self.0.get(at..at + N).and_then(|slice| slice.try_into().ok()).unwrap_or([0; N])
    }

    fn u16(&self, at: usize) -> u16 {
        u16::from_le_bytes(self.array(at))
    }

    fn u32(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.array(at))
    }

    fn u64(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.array(at))
    }
}
