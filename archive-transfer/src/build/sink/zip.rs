//! A package as a zip: stored, UTF-8 names, fixed stamps, zip64 where it must be.
//!
//! It is written here and not by a library because a library keeps every entry in memory until the end and
//! can't go on with a file that was cut off. Ours keeps the central directory in a temporary file; and as the
//! same records give the same bytes, what an interrupted build left is compared piece by piece at its place,
//! and kept up to the first difference.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::{Written, agree, parent};
use crate::digest::{Algorithm, Digests, HashingWriter, with_buffer};

/// Files up to this length are put together in memory, header and all.
const SMALL: u64 = 1 << 20;
/// Where 32 bits end.
const FULL: u64 = 0xFFFF_FFFF;
/// 1 January 1980, midnight: the first stamp there is.
const STAMP: [u8; 4] = [0, 0, 0x21, 0];
/// Names are UTF-8.
const UTF8: u16 = 0x0800;
/// An ordinary file everybody may read.
const MODE: u32 = 0o10_0644 << 16;

/// A zip being written.
pub(super) struct ZipSink {
    file: BufWriter<File>,
    /// How far it is written.
    at: u64,
    prefix: String,
    directory: BufWriter<File>,
    entries: u64,
    /// What an interrupted build left, while it still agrees.
    remains: Option<BufReader<File>>,
}

/// An entry's head.
struct Head<'a> {
    name: &'a str,
    crc: u32,
    bytes: u64,
}

impl ZipSink {
    pub(super) fn new(staging: &Path, prefix: String) -> io::Result<Self> {
        let file = File::options().read(true).write(true).create(true).truncate(false).open(staging)?;
        let resumed = file.metadata()?.len() > 0;
        let remains = resumed.then(|| File::open(staging)).transpose()?;
        Ok(Self {
            file: BufWriter::with_capacity(1 << 20, file),
            at: 0,
            prefix,
            directory: BufWriter::new(tempfile::tempfile_in(parent(staging))?),
            entries: 0,
            remains: remains.map(|file| BufReader::with_capacity(1 << 16, file)),
        })
    }

    pub(super) fn write(
        &mut self,
        path: &str,
        bytes: Option<u64>,
        algorithms: BTreeSet<Algorithm>,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Written> {
        let name = format!("{}{path}", self.prefix);
        match bytes {
            Some(bytes) if bytes > SMALL => self.write_large(&name, bytes, algorithms, fill),
            // What is made as it is written is put aside first: its head says how long it is.
            None => {
                let aside = tempfile::SpooledTempFile::new(usize::try_from(SMALL).unwrap_or(usize::MAX));
                let mut hashing = HashingWriter::new(BufWriter::new(aside), algorithms);
                fill(&mut hashing)?;
                let (aside, bytes, digests) = hashing.finish();
                let mut aside = aside.into_inner().map_err(io::IntoInnerError::into_error)?;
                aside.rewind()?;
                if bytes > SMALL {
                    self.write_large(&name, bytes, BTreeSet::new(), |to| {
                        io::copy(&mut BufReader::with_capacity(1 << 17, aside), to).map(drop)
                    })?;
                } else {
                    let mut held = Vec::new();
                    aside.read_to_end(&mut held)?;
                    self.write_small(&name, &held)?;
                }
                Ok(Written { bytes, digests })
            }
            Some(expected) => {
                let held = Vec::with_capacity(usize::try_from(expected).unwrap_or_default());
                let mut hashing = HashingWriter::new(held, algorithms);
                fill(&mut hashing)?;
                let (held, bytes, digests) = hashing.finish();
                self.write_small(&name, &held)?;
                Ok(Written { bytes, digests })
            }
        }
    }

    /// Writes an entry that is at hand, unless it stands there already.
    fn write_small(&mut self, name: &str, held: &[u8]) -> io::Result<()> {
        let head = Head { name, crc: crc32fast::hash(held), bytes: held.len() as u64 };
        let mut entry = head.local();
        entry.extend_from_slice(held);
        if !self.stands(&entry)? {
            self.cut()?;
            self.file.write_all(&entry)?;
        }
        self.enter(&head)
    }

    fn write_large(
        &mut self,
        name: &str,
        bytes: u64,
        algorithms: BTreeSet<Algorithm>,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Written> {
        self.cut()?;
        let mut head = Head { name, crc: 0, bytes };
        self.file.write_all(&head.local())?;
        let checked = Checked { inner: &mut self.file, crc: crc32fast::Hasher::new() };
        let mut hashing = HashingWriter::new(checked, algorithms);
        fill(&mut hashing)?;
        let (checked, written, digests) = hashing.finish();
        head.crc = checked.crc.finalize();
        if written == bytes {
            // The head is made whole last: an entry cut off bears no checksum, and so isn't taken for one.
            self.file.seek(SeekFrom::Start(self.at + Head::CRC_AT))?;
            self.file.write_all(&head.crc.to_le_bytes())?;
            self.file.seek(SeekFrom::Start(self.at + head.length() + bytes))?;
            self.enter(&head)?;
        }
        Ok(Written { bytes: written, digests })
    }

    /// Keeps the entry an interrupted build left here, if it is the file with these digests.
    pub(super) fn staged(
        &mut self,
        path: &str,
        bytes: u64,
        known: &Digests,
        algorithms: BTreeSet<Algorithm>,
    ) -> io::Result<Option<Written>> {
        let Some(remains) = &mut self.remains else { return Ok(None) };
        let name = format!("{}{path}", self.prefix);
        let mut head = Head { name: &name, crc: 0, bytes };
        remains.seek(SeekFrom::Start(self.at))?;
        let mut found = vec![0; head.local().len()];
        if !filled(remains, &mut found)? {
            return Ok(None);
        }
        let crc_at = usize::try_from(Head::CRC_AT).unwrap_or_default();
        let mut crc = [0; 4];
        crc.copy_from_slice(&found[crc_at..crc_at + 4]);
        head.crc = u32::from_le_bytes(crc);
        if found != head.local() {
            return Ok(None);
        }
        let checked = Checked { inner: io::sink(), crc: crc32fast::Hasher::new() };
        let mut hashing = HashingWriter::new(checked, algorithms);
        let mut rest = remains.take(bytes);
        with_buffer(|buffer| {
            loop {
                match rest.read(buffer)? {
                    0 => return Ok(()),
                    read => hashing.write_all(&buffer[..read])?,
                }
            }
        })?;
        let (checked, read, digests) = hashing.finish();
        if read != bytes || checked.crc.finalize() != head.crc || !agree(known, &digests) {
            return Ok(None);
        }
        self.enter(&head)?;
        Ok(Some(Written { bytes, digests }))
    }

    /// Ends the zip and sees it onto the disk.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.cut()?;
        let start = self.at;
        let mut directory = self.directory.into_inner().map_err(io::IntoInnerError::into_error)?;
        directory.rewind()?;
        let length = io::copy(&mut BufReader::with_capacity(1 << 16, directory), &mut self.file)?;
        let end = End { entries: self.entries, start, length };
        self.file.write_all(&end.bytes())?;
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()
    }

    /// Whether these bytes stand here already.
    fn stands(&mut self, bytes: &[u8]) -> io::Result<bool> {
        let Some(remains) = &mut self.remains else { return Ok(false) };
        remains.seek(SeekFrom::Start(self.at))?;
        let mut found = vec![0; bytes.len()];
        Ok(filled(remains, &mut found)? && found == bytes)
    }

    /// From here on it is written: what an earlier attempt left behind this place goes away.
    fn cut(&mut self) -> io::Result<()> {
        if self.remains.take().is_some() {
            self.file.get_ref().set_len(self.at)?;
            self.file.seek(SeekFrom::Start(self.at))?;
        }
        Ok(())
    }

    /// Puts an entry that stands whole on the central directory.
    fn enter(&mut self, head: &Head<'_>) -> io::Result<()> {
        self.directory.write_all(&head.central(self.at))?;
        self.at += head.length() + head.bytes;
        self.entries += 1;
        Ok(())
    }
}

/// Reads until the buffer is full; false where the file ends before.
fn filled(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match from.read_exact(buffer) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        other => other.map(|()| true),
    }
}

/// A writer that takes the CRC of what passes.
struct Checked<W> {
    inner: W,
    crc: crc32fast::Hasher,
}

impl<W: Write> Write for Checked<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.crc.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// The lower 16 bits, or all of them set where there are more.
fn two(value: u64) -> [u8; 2] {
    u16::try_from(value).unwrap_or(u16::MAX).to_le_bytes()
}

/// The lower 32 bits, or all of them set where there are more.
fn four(value: u64) -> [u8; 4] {
    u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes()
}

impl Head<'_> {
    /// Where the CRC stands in a local header.
    const CRC_AT: u64 = 14;

    fn is_large(&self) -> bool {
        self.bytes >= FULL
    }

    /// The version that can read it: 4.5 has zip64, 2.0 everything else here.
    fn version(more: bool) -> [u8; 2] {
        if more { 45_u16 } else { 20 }.to_le_bytes()
    }

    /// How long the local header is.
    fn length(&self) -> u64 {
        30 + self.name.len() as u64 + if self.is_large() { 20 } else { 0 }
    }

    /// What local header and directory have in common, from the flags to the lengths.
    fn middle(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(22);
        bytes.extend_from_slice(&UTF8.to_le_bytes());
        bytes.extend_from_slice(&[0, 0]);
        bytes.extend_from_slice(&STAMP);
        bytes.extend_from_slice(&self.crc.to_le_bytes());
        bytes.extend_from_slice(&four(self.bytes));
        bytes.extend_from_slice(&four(self.bytes));
        bytes.extend_from_slice(&two(self.name.len() as u64));
        bytes
    }

    fn local(&self) -> Vec<u8> {
        let mut bytes = b"PK\x03\x04".to_vec();
        bytes.extend_from_slice(&Self::version(self.is_large()));
        bytes.extend(self.middle());
        let extra: &[u64] = if self.is_large() { &[self.bytes, self.bytes] } else { &[] };
        let extra = zip64(extra);
        bytes.extend_from_slice(&two(extra.len() as u64));
        bytes.extend_from_slice(self.name.as_bytes());
        bytes.extend(extra);
        bytes
    }

    fn central(&self, at: u64) -> Vec<u8> {
        let mut values = Vec::new();
        if self.is_large() {
            values.extend([self.bytes, self.bytes]);
        }
        if at >= FULL {
            values.push(at);
        }
        let extra = zip64(&values);
        let mut bytes = b"PK\x01\x02".to_vec();
        // Made on a Unix system, so that the mode counts.
        bytes.extend_from_slice(&[45, 3]);
        bytes.extend_from_slice(&Self::version(!values.is_empty()));
        bytes.extend(self.middle());
        bytes.extend_from_slice(&two(extra.len() as u64));
        // No remark, the first disk, no text, and the mode.
        bytes.extend_from_slice(&[0; 6]);
        bytes.extend_from_slice(&MODE.to_le_bytes());
        bytes.extend_from_slice(&four(at));
        bytes.extend_from_slice(self.name.as_bytes());
        bytes.extend(extra);
        bytes
    }
}

/// The extra field for what 32 bits can't hold; nothing where there is nothing.
fn zip64(values: &[u64]) -> Vec<u8> {
    if values.is_empty() {
        return Vec::new();
    }
    let mut bytes = vec![1, 0];
    bytes.extend_from_slice(&two(values.len() as u64 * 8));
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

/// What ends a zip.
struct End {
    entries: u64,
    start: u64,
    length: u64,
}

impl End {
    fn bytes(&self) -> Vec<u8> {
        let Self { entries, start, length } = *self;
        let mut bytes = Vec::new();
        if entries >= 0xFFFF || start >= FULL || length >= FULL {
            bytes.extend_from_slice(b"PK\x06\x06");
            bytes.extend_from_slice(&44_u64.to_le_bytes());
            bytes.extend_from_slice(&[45, 3, 45, 0]);
            bytes.extend_from_slice(&[0; 8]);
            for value in [entries, entries, length, start] {
                bytes.extend_from_slice(&value.to_le_bytes());
            }
            bytes.extend_from_slice(b"PK\x06\x07");
            bytes.extend_from_slice(&[0; 4]);
            bytes.extend_from_slice(&(start + length).to_le_bytes());
            bytes.extend_from_slice(&1_u32.to_le_bytes());
        }
        bytes.extend_from_slice(b"PK\x05\x06");
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&two(entries));
        bytes.extend_from_slice(&two(entries));
        bytes.extend_from_slice(&four(length));
        bytes.extend_from_slice(&four(start));
        bytes.extend_from_slice(&[0; 2]);
        bytes
    }
}
