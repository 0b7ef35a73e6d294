//! Writing a BagIt 1.0 bag around whatever goes into it.
//!
//! Manifests have two spaces between digest and path and are sorted, so that coreutils, bagit.py and
//! bdbag all read them; every tag file stands in the tag manifest, which alone protects them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use super::ledger::Ledger;
use crate::build::sink::{Sink, Waiting, Written};
use crate::digest::{Algorithm, Digests};

/// A bag being written.
pub(crate) struct BagWriter {
    sink: RefCell<Sink>,
    algorithms: Vec<Algorithm>,
    payload: Ledger,
    tags: BTreeMap<String, Digests>,
    files: u64,
    bytes: u64,
    /// Length of the tag files.
    tag_bytes: u64,
}

impl BagWriter {
    /// A bag written to `sink`; what doesn't fit in memory is put aside in the folder `aside`.
    pub(crate) fn new(sink: Sink, algorithms: Vec<Algorithm>, aside: PathBuf) -> Self {
        let payload = Ledger::new(algorithms.clone(), aside);
        let tags = BTreeMap::new();
        Self { sink: RefCell::new(sink), algorithms, payload, tags, files: 0, bytes: 0, tag_bytes: 0 }
    }

    /// Writes a file; what lies below `data/` is payload, the rest are tag files.
    pub(crate) fn write(
        &mut self,
        path: &str,
        bytes: Option<u64>,
        extra: &[Algorithm],
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Written> {
        let written = self.emit(path, bytes, extra, fill)?;
        self.record(path, &written)?;
        Ok(written)
    }

    /// Writes a file that isn't recorded yet, so that `fill` may look at what was.
    pub(crate) fn emit(
        &self,
        path: &str,
        bytes: Option<u64>,
        extra: &[Algorithm],
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Written> {
        self.sink.borrow_mut().write(path, bytes, extra, fill)
    }

    /// Writes a file whose bytes are at hand.
    pub(crate) fn write_bytes(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.write(path, Some(bytes.len() as u64), &[], |to| to.write_all(bytes)).map(drop)
    }

    /// Takes over a file an interrupted build left, if it is the one wanted.
    pub(crate) fn take_staged(
        &mut self,
        path: &str,
        bytes: u64,
        known: &Digests,
    ) -> io::Result<Option<Written>> {
        let staged = self.sink.borrow_mut().staged(path, bytes, known)?;
        if let Some(written) = &staged {
            self.record(path, written)?;
        }
        Ok(staged)
    }

    /// Puts a written file on the lists.
    pub(crate) fn record(&mut self, path: &str, written: &Written) -> io::Result<()> {
        if path.starts_with("data/") {
            self.files += 1;
            self.bytes += written.bytes;
            return self.payload.push(path, written.bytes, &written.digests);
        }
        self.tag_bytes += written.bytes;
        self.tags.insert(path.to_owned(), written.digests.clone());
        Ok(())
    }

    /// The payload written so far, sorted by path.
    pub(crate) fn payload(&self) -> &Ledger {
        &self.payload
    }

    /// Files and bytes of the payload.
    pub(crate) fn size(&self) -> (u64, u64) {
        (self.files, self.bytes)
    }

    /// Writes the tag files and puts the bag in its place. `info` are the fields of bag-info.txt; the
    /// payload sum is added. Gives the length of all its files.
    pub(crate) fn finish(mut self, info: &[(&str, String)]) -> io::Result<(u64, Waiting)> {
        self.seal(info)?;
        let waiting = self.sink.into_inner().finish()?;
        Ok((self.bytes + self.tag_bytes, waiting))
    }

    fn seal(&mut self, info: &[(&str, String)]) -> io::Result<()> {
        let (files, bytes) = self.size();
        self.write_bytes("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")?;
        let mut lines = String::new();
        for (label, value) in info {
            // A value is one line: RFC 8493 lets others fold it, but not every tool unfolds.
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            lines.push_str(&format!("{label}: {value}\n"));
        }
        lines.push_str(&format!("Payload-Oxum: {bytes}.{files}\n"));
        self.write_bytes("bag-info.txt", lines.as_bytes())?;
        for algorithm in self.algorithms.clone() {
            let name = format!("manifest-{algorithm}.txt");
            let payload = &self.payload;
            let written = self.emit(&name, None, &[], |to| {
                payload.each(|row| writeln!(to, "{}  {}", payload.digest(row, algorithm), row.path))
            })?;
            self.record(&name, &written)?;
        }
        for algorithm in self.algorithms.clone() {
            let mut lines = String::new();
            for (path, digests) in self.tags.iter().filter(|(path, _)| !path.starts_with("tagmanifest-")) {
                lines.push_str(&format!("{}  {path}\n", digests.get(&algorithm).map_or("", String::as_str)));
            }
            self.write_bytes(&format!("tagmanifest-{algorithm}.txt"), lines.as_bytes())?;
        }
        Ok(())
    }
}
