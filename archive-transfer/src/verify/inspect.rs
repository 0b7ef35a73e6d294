//! Reading each file once: its digests, its first bytes, and its XML if it is XML.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::atomic::{AtomicU64, Ordering};

use archive_core::finding::{Finding, Severity};
use archive_core::text;
use archive_core::text::Text;
use rayon::prelude::*;

use super::bag::BagFiles;
use super::checks::Results;
use super::documents::{self, Document};
use crate::digest::{Algorithm, Digests, HashingReader};
use crate::progress::{Phase, Progress, Report};
use crate::tree::{Entry, Tree, fault, said, unreadable as unreadable_file};
use crate::xml::read::walk;

/// What reading a file gave.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Its digests; empty if it couldn't be read.
    pub(super) digests: Digests,
    /// Its length as read.
    pub(super) bytes: u64,
    /// Why it couldn't be read to its end.
    pub(super) unreadable: Option<Text>,
    /// Why it isn't the XML its name promises.
    pub(super) not_xml: Option<Text>,
    /// What it says, if it is a description we know.
    pub(super) document: Option<Document>,
    /// Its first bytes: what kind of file it is.
    pub(super) head: Vec<u8>,
}

/// Reads all files, on all cores; results stand as the entries do.
pub(super) fn all(tree: &Tree, bag: Option<&BagFiles>, report: Report<'_>) -> Vec<Seen> {
    let total = Progress {
        phase: Phase::Verifying,
        files: 0,
        files_total: tree.entries().len() as u64,
        bytes: 0,
        bytes_total: tree.entries().iter().map(|entry| entry.bytes).sum(),
    };
    let (files, bytes) = (AtomicU64::new(0), AtomicU64::new(0));
    // METS and EEP vouch for files by SHA-256, whatever a bag around them uses.
    let described = tree.entries().iter().any(|entry| documents::vouches(&entry.path));
    report(total);
    tree.entries()
        .par_iter()
        .map(|entry| {
            let mut algorithms = bag.map(|bag| bag.algorithms(&entry.path)).unwrap_or_default();
            if described && (bag.is_none() || entry.path.starts_with("data/")) {
                algorithms.insert(Algorithm::Sha256);
            }
            let counted = |read: usize| {
                let bytes = bytes.fetch_add(read as u64, Ordering::Relaxed) + read as u64;
                report(Progress { files: files.load(Ordering::Relaxed), bytes, ..total });
            };
            let seen = one(tree, entry, algorithms, &counted);
            files.fetch_add(1, Ordering::Relaxed);
            seen
        })
        .collect()
}

fn one(
    tree: &Tree,
    entry: &Entry,
    algorithms: BTreeSet<Algorithm>,
    counted: &(dyn Fn(usize) + Sync),
) -> Seen {
    let mut seen = Seen::default();
    let reader = match tree.reader(entry) {
        Ok(reader) => reader,
        Err(error) => return Seen { unreadable: Some(said(&error)), ..seen },
    };
    let mut hashing =
        HashingReader::new(Counted { inner: reader, tell: counted, head: Vec::new() }, algorithms);
    if documents::is_description(&entry.path) {
        let mut collector = documents::Collector::default();
        match walk(&mut hashing, &mut collector) {
            Ok(Ok(())) => seen.document = Some(collector.finish()),
            Ok(Err(reason)) => seen.not_xml = Some(reason),
            Err(error) => seen.not_xml = Some(said(&error)),
        }
    }
    match hashing.finish() {
        Ok((counted, bytes, digests)) => Seen { bytes, digests, head: counted.head, ..seen },
        Err(error) => Seen { unreadable: Some(said(&error)), ..seen },
    }
}

/// How many first bytes are kept.
const HEAD: usize = 16;

/// Tells how much was read, and keeps the first bytes.
struct Counted<'a, R> {
    inner: R,
    tell: &'a (dyn Fn(usize) + Sync),
    head: Vec<u8>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if self.head.len() < HEAD {
            self.head.extend(buffer[..read].iter().take(HEAD - self.head.len()));
        }
        (self.tell)(read);
        Ok(read)
    }
}

/// What the reading alone tells: files that can't be read, XML that isn't.
pub(super) fn judge(tree: &Tree, seen: &[Seen], findings: &mut Vec<Finding>, results: &mut Results) {
    let (mut unreadable, mut not_xml, mut xml) = (0_usize, 0_usize, 0_usize);
    for (entry, seen) in tree.entries().iter().zip(seen) {
        if let Some(error) = &seen.unreadable {
            unreadable += 1;
            findings.push(unreadable_file(&entry.path, error));
        } else if seen.bytes != entry.bytes {
            unreadable += 1;
            let (expected, found) = (entry.bytes, seen.bytes);
            findings.push(
                fault(
                    &entry.path,
                    text!("长度应为 {expected}，读到 {found}", "should be {expected} bytes, is {found}"),
                )
                .at(Severity::Error),
            );
        }
        xml += usize::from(seen.document.is_some() || seen.not_xml.is_some());
        if let Some(reason) = &seen.not_xml {
            not_xml += 1;
            findings.push(fault(&entry.path, reason.clone()).at(Severity::Error));
        }
    }
    results.judge(
        "2-7",
        unreadable == 0,
        text!("无法读取的文件 {unreadable} 个", "{unreadable} files can't be read"),
    );
    if xml > 0 {
        results.judge(
            "3-1",
            not_xml == 0,
            text!(
                "XML 文件 {xml} 个，不合规范 {not_xml} 个",
                "{xml} XML files, {not_xml} of them not well-formed"
            ),
        );
    }
}
