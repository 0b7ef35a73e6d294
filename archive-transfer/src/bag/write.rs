//! Writing a BagIt 1.0 bag around whatever goes into it.
//!
//! Manifests have two spaces between digest and path and are sorted, so that coreutils, bagit.py and
//! bdbag all read them; every tag file stands in the tag manifest, which alone protects them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::build::sink::{Sink, Written};
use crate::digest::{Algorithm, Digests};

/// A file written into the bag.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub(crate) bytes: u64,
    pub(crate) digests: Digests,
}

/// A bag being written.
pub(crate) struct BagWriter {
    sink: RefCell<Sink>,
    algorithms: Vec<Algorithm>,
    payload: BTreeMap<String, Recorded>,
    tags: BTreeMap<String, Recorded>,
}

impl BagWriter {
    pub(crate) fn new(sink: Sink, algorithms: Vec<Algorithm>) -> Self {
        Self { sink: RefCell::new(sink), algorithms, payload: BTreeMap::new(), tags: BTreeMap::new() }
    }

    /// Writes a file; what lies below `data/` is payload, the rest are tag files.
    pub(crate) fn write(
        &mut self,
        path: &str,
        bytes: Option<u64>,
        extra: &[Algorithm],
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Digests> {
        let written = self.emit(path, bytes, extra, fill)?;
        Ok(self.record(path, written))
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
    pub(crate) fn take_staged(&mut self, path: &str, bytes: u64, known: &Digests) -> bool {
        let staged = self.sink.borrow().staged(path, bytes, known);
        staged.map(|written| self.record(path, written)).is_some()
    }

    /// Puts a written file on the lists.
    pub(crate) fn record(&mut self, path: &str, written: Written) -> Digests {
        let digests = written.digests;
        let ours = digests.iter().filter(|(algorithm, _)| self.algorithms.contains(algorithm));
        let ours = ours.map(|(algorithm, digest)| (*algorithm, digest.clone())).collect();
        let files = if path.starts_with("data/") { &mut self.payload } else { &mut self.tags };
        files.insert(path.to_owned(), Recorded { bytes: written.bytes, digests: ours });
        digests
    }

    /// The payload written so far, sorted by path.
    pub(crate) fn payload(&self) -> &BTreeMap<String, Recorded> {
        &self.payload
    }

    /// Files and bytes of the payload.
    pub(crate) fn size(&self) -> (u64, u64) {
        (self.payload.len() as u64, self.payload.values().map(|recorded| recorded.bytes).sum())
    }

    /// Writes the tag files and puts the bag in its place. `info` are the fields of bag-info.txt; the
    /// payload sum is added.
    pub(crate) fn finish(mut self, info: &[(&str, String)]) -> io::Result<()> {
        self.seal(info)?;
        let Self { sink, payload, tags, .. } = self;
        sink.into_inner().finish(&|path| payload.contains_key(path) || tags.contains_key(path))
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
            let payload = std::mem::take(&mut self.payload);
            let result = self.manifest(&format!("manifest-{algorithm}.txt"), algorithm, &payload);
            self.payload = payload;
            result?;
        }
        for algorithm in self.algorithms.clone() {
            let tags = self.tags.clone();
            let tags = tags.into_iter().filter(|(path, _)| !path.starts_with("tagmanifest-")).collect();
            self.manifest(&format!("tagmanifest-{algorithm}.txt"), algorithm, &tags)?;
        }
        Ok(())
    }

    fn manifest(
        &mut self,
        name: &str,
        algorithm: Algorithm,
        files: &BTreeMap<String, Recorded>,
    ) -> io::Result<()> {
        self.write(name, None, &[], |to| {
            for (path, recorded) in files {
                let digest = recorded.digests.get(&algorithm).map_or("", String::as_str);
                writeln!(to, "{digest}  {path}")?;
            }
            Ok(())
        })
        .map(drop)
    }
}
