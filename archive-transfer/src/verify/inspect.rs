//! Reading every file of a package once, on all cores.
//!
//! METS comes first: it says which digests the files it lists are wanted in. The rest is handed out to
//! the cores, the large files first, so that none of them is left alone with one at the end.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use archive_core::finding::{Finding, Severity};
use archive_core::text;

use super::bag::BagFiles;
use super::checks::Results;
use super::csip;
use super::documents;
use super::journal::Journal;
use super::reading::{self, Seen};
use super::scope::Scope;
use crate::digest::{Algorithm, Algorithms};
use crate::progress::{Phase, Progress, Report};
use crate::tree::{Tree, fault, unreadable as unreadable_file};

/// How many files a core takes at a time: few enough that none waits long for another at the end.
const BATCH: usize = 8;

/// Which digests each file is wanted in.
struct Wanted(Vec<Algorithms>);

impl Wanted {
    fn of(tree: &Tree, bag: Option<&BagFiles>) -> Self {
        // Encapsulations vouch for the files beside them by SHA-256, whatever a bag around them uses.
        let described = tree.entries().iter().any(|entry| documents::is_encapsulation(&entry.path));
        let wanted = tree.entries().iter().map(|entry| {
            let mut algorithms = bag.map(|bag| bag.algorithms(&entry.path)).unwrap_or_default();
            if described && (bag.is_none() || entry.path.starts_with("data/")) {
                algorithms.insert(Algorithm::Sha256);
            }
            algorithms
        });
        Self(wanted.collect())
    }

    /// Adds what METS wants.
    fn add(&mut self, tree: &Tree, at: usize, seen: &Seen) {
        let Some(documents::Document::Mets(references)) = seen.document() else { return };
        for (file, algorithm) in csip::wanted(tree, &tree.entries()[at], references) {
            self.0[file].insert(algorithm);
        }
    }
}

/// What came of reading all files.
pub(super) struct Inspected {
    /// What each file gave; they stand as the entries do.
    pub(super) seen: Vec<Seen>,
    /// How many had been read by a run that was interrupted, and their length together.
    pub(super) resumed: (u64, u64),
}

/// Reads the files in scope.
pub(super) fn all(
    tree: &Tree,
    bag: Option<&BagFiles>,
    scope: &Scope,
    journal: &Journal,
    report: Report<'_>,
) -> Inspected {
    let entries = tree.entries();
    let to_be_read = |path: &str| scope.includes(path) && !bag.is_some_and(|bag| bag.refuses(path));
    let chosen: Vec<usize> = (0..entries.len()).filter(|at| to_be_read(&entries[*at].path)).collect();
    let total = Progress {
        phase: Phase::Verifying,
        files: 0,
        files_total: chosen.len() as u64,
        bytes: 0,
        bytes_total: chosen.iter().map(|at| entries[*at].bytes).sum(),
    };
    report(total);
    let (files, bytes) = (AtomicU64::new(0), AtomicU64::new(0));
    let tell = |read: u64| {
        let bytes = bytes.fetch_add(read, Ordering::Relaxed) + read;
        report(Progress { files: files.load(Ordering::Relaxed), bytes, ..total });
    };
    let mut wanted = Wanted::of(tree, bag);
    let mut seen: Vec<Seen> = entries.iter().map(|_| Seen::skipped()).collect();
    let (mut mets, mut others): (Vec<usize>, Vec<usize>) =
        chosen.into_iter().partition(|at| documents::is_mets(&entries[*at].path));
    // A METS of a representation is listed by the one above it.
    mets.sort_by_key(|at| entries[*at].path.matches('/').count());
    for at in mets {
        seen[at] = reading::read(tree, &entries[at], wanted.0[at], &tell);
        files.fetch_add(1, Ordering::Relaxed);
        wanted.add(tree, at, &seen[at]);
    }
    others.sort_by_key(|at| (std::cmp::Reverse(reading::large(&entries[*at])), *at));
    let next = AtomicUsize::new(0);
    let (resumed, resumed_bytes) = (AtomicU64::new(0), AtomicU64::new(0));
    let read = rayon::broadcast(|_| {
        let mut read = Vec::new();
        loop {
            let from = next.fetch_add(BATCH, Ordering::Relaxed).min(others.len());
            let batch = &others[from..others.len().min(from + BATCH)];
            if batch.is_empty() {
                return read;
            }
            for &at in batch {
                let entry = &entries[at];
                let seen = journal.recall(tree, entry, wanted.0[at]).map_or_else(
                    || {
                        let seen = reading::read(tree, entry, wanted.0[at], &tell);
                        journal.keep(tree, entry, &seen);
                        seen
                    },
                    |seen| {
                        resumed.fetch_add(1, Ordering::Relaxed);
                        resumed_bytes.fetch_add(seen.bytes, Ordering::Relaxed);
                        tell(seen.bytes);
                        seen
                    },
                );
                files.fetch_add(1, Ordering::Relaxed);
                read.push((at, seen));
            }
        }
    });
    for (at, file) in read.into_iter().flatten() {
        seen[at] = file;
    }
    Inspected { seen, resumed: (resumed.into_inner(), resumed_bytes.into_inner()) }
}

/// What the reading alone tells: files that can't be read, XML that isn't.
pub(super) fn judge(tree: &Tree, seen: &[Seen], findings: &mut Vec<Finding>, results: &mut Results) {
    let (mut unreadable, mut not_xml, mut xml) = (0_usize, 0_usize, 0_usize);
    for (entry, seen) in tree.entries().iter().zip(seen).filter(|(_, seen)| !seen.skipped) {
        if let Some(error) = seen.unreadable() {
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
        xml += usize::from(seen.document().is_some() || seen.not_xml().is_some());
        if let Some(reason) = seen.not_xml() {
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
