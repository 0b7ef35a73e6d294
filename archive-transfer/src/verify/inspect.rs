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
use super::reading::{self, Sight};
use super::scope::Scope;
use super::seen::{Filling, Seen};
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
        let described = tree.entries().iter().any(|entry| documents::is_encapsulation(entry.path));
        let wanted = tree.entries().iter().map(|entry| {
            let mut algorithms = bag.map(|bag| bag.algorithms(entry.path)).unwrap_or_default();
            if described && (bag.is_none() || entry.path.starts_with("data/")) {
                algorithms.insert(Algorithm::Sha256);
            }
            algorithms
        });
        Self(wanted.collect())
    }

    /// Adds what METS wants.
    fn add(&mut self, tree: &Tree, at: usize, sight: &Sight) {
        let Some(documents::Document::Mets(references)) = sight.document() else { return };
        for (file, algorithm) in csip::wanted(tree, tree.entry(at), references) {
            self.0[file].insert(algorithm);
        }
    }
}

/// What came of reading all files.
pub(super) struct Inspected<'a> {
    /// What each file gave.
    pub(super) seen: Seen<'a>,
    /// How many had been read by a run that was interrupted, and their length together.
    pub(super) resumed: (u64, u64),
}

/// Reads the files in scope.
pub(super) fn all<'a>(
    tree: &Tree,
    bag: Option<&'a BagFiles>,
    scope: &Scope,
    journal: &Journal,
    report: Report<'_>,
) -> Inspected<'a> {
    let entries = tree.entries();
    let to_be_read = |path: &str| scope.includes(path) && !bag.is_some_and(|bag| bag.refuses(path));
    let (mut mets, mut large, mut others) = (Vec::new(), Vec::<u32>::new(), Vec::<u32>::new());
    let mut total = Progress { phase: Phase::Verifying, files: 0, files_total: 0, bytes: 0, bytes_total: 0 };
    for (at, entry) in (0..).zip(entries.iter()).filter(|(_, entry)| to_be_read(entry.path)) {
        total.files_total += 1;
        total.bytes_total += entry.bytes;
        let list = match entry {
            entry if documents::is_mets(entry.path) => &mut mets,
            entry if reading::large(entry) => &mut large,
            _ => &mut others,
        };
        list.push(at);
    }
    report(total);
    let (files, bytes) = (AtomicU64::new(0), AtomicU64::new(0));
    let tell = |read: u64| {
        let bytes = bytes.fetch_add(read, Ordering::Relaxed) + read;
        report(Progress { files: files.load(Ordering::Relaxed), bytes, ..total });
    };
    let mut wanted = Wanted::of(tree, bag);
    let filling = Filling::new(bag, entries.len());
    // A METS of a representation is listed by the one above it.
    mets.sort_by_key(|at| tree.entry(*at as usize).path.matches('/').count());
    for at in mets.into_iter().map(|at| at as usize) {
        let entry = tree.entry(at);
        let sight = reading::read(tree, entry, wanted.0[at], &tell);
        files.fetch_add(1, Ordering::Relaxed);
        wanted.add(tree, at, &sight);
        filling.put([(at, entry, sight)]);
    }
    let mut order = large;
    order.append(&mut others);
    let next = AtomicUsize::new(0);
    let (resumed, resumed_bytes) = (AtomicU64::new(0), AtomicU64::new(0));
    let look = |at: usize| {
        let entry = tree.entry(at);
        let before = journal.recall(tree, entry, wanted.0[at]);
        if let Some(sight) = &before {
            resumed.fetch_add(1, Ordering::Relaxed);
            resumed_bytes.fetch_add(sight.bytes, Ordering::Relaxed);
            tell(sight.bytes);
        }
        let sight = before.unwrap_or_else(|| {
            let sight = reading::read(tree, entry, wanted.0[at], &tell);
            journal.keep(tree, entry, &sight);
            sight
        });
        files.fetch_add(1, Ordering::Relaxed);
        (at, entry, sight)
    };
    rayon::broadcast(|_| {
        loop {
            let from = next.fetch_add(BATCH, Ordering::Relaxed).min(order.len());
            let batch = &order[from..order.len().min(from + BATCH)];
            if batch.is_empty() {
                return;
            }
            let sights: Vec<_> = batch.iter().map(|at| look(*at as usize)).collect();
            filling.put(sights);
        }
    });
    Inspected { seen: filling.done(), resumed: (resumed.into_inner(), resumed_bytes.into_inner()) }
}

/// What the reading alone tells: files that can't be read, XML that isn't.
pub(super) fn judge(tree: &Tree, seen: &Seen<'_>, findings: &mut Vec<Finding>, results: &mut Results) {
    let (mut unreadable, mut not_xml, mut xml) = (0_usize, 0_usize, 0_usize);
    for (at, entry) in tree.entries().iter().enumerate() {
        if let Some(error) = seen.unreadable(at) {
            unreadable += 1;
            findings.push(unreadable_file(entry.path, error));
        } else if let Some(found) = seen.length(at) {
            unreadable += 1;
            let expected = entry.bytes;
            findings.push(
                fault(
                    entry.path,
                    text!("长度应为 {expected}，读到 {found}", "should be {expected} bytes, is {found}"),
                )
                .at(Severity::Error),
            );
        }
        xml += usize::from(seen.document(at).is_some() || seen.not_xml(at).is_some());
        if let Some(reason) = seen.not_xml(at) {
            not_xml += 1;
            findings.push(fault(entry.path, reason.clone()).at(Severity::Error));
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
