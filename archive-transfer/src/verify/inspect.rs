//! Reading every file of a package once, on all cores.
//!
//! METS comes first: it says which digests the files it lists are wanted in. Then come the files that describe
//! nothing, handed out to the cores, the large ones first, so that none of them is left alone with one at the end.
//! Last come the descriptions: what they say of the others can be judged as soon as each is read, so that none of
//! it is kept, however many there are.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use archive_core::finding::Severity;
use archive_core::text;

use super::Facts;
use super::bag::BagFiles;
use super::checks::Results;
use super::csip::Csip;
use super::documents::{self, Document};
use super::eep::Encapsulations;
use super::journal::Journal;
use super::ledger::Ledger;
use super::national::Lists;
use super::reading;
use super::scope::Scope;
use super::seen::{Filling, Seen};
use crate::digest::{Algorithm, Algorithms};
use crate::findings::Findings;
use crate::progress::{Phase, Progress, Report};
use crate::tree::{Tree, fault, unreadable as unreadable_file};

/// How many files a core takes at a time: few enough that none waits long for another at the end.
const BATCH: usize = 8;

/// From this length on a description is begun with.
const LONG: u64 = 1 << 20;

/// Which digests each file is wanted in.
pub(super) struct Wanted(Vec<Algorithms>);

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

    /// Adds one.
    pub(super) fn insert(&mut self, at: usize, algorithm: Algorithm) {
        self.0[at].insert(algorithm);
    }
}

/// What is to be read.
pub(super) struct Package<'a> {
    pub(super) tree: &'a Tree,
    pub(super) bag: Option<&'a BagFiles>,
    pub(super) scope: &'a Scope,
    pub(super) journal: &'a Journal,
}

/// What came of reading all files.
pub(super) struct Inspected<'a> {
    /// What each file gave.
    pub(super) seen: Seen<'a>,
    /// What METS say.
    pub(super) csip: Csip<'a>,
    /// What the national lists say.
    pub(super) lists: Lists<'a>,
    /// What the encapsulations say.
    pub(super) encapsulations: Encapsulations<'a>,
    /// How many had been read by a run that was interrupted, and their length together.
    pub(super) resumed: (u64, u64),
}

/// What is to be read, in the order of reading.
#[derive(Default)]
struct Order {
    mets: Vec<u32>,
    content: Vec<u32>,
    descriptions: Vec<u32>,
    files: u64,
    bytes: u64,
}

impl Order {
    fn of(package: &Package<'_>) -> Self {
        let to_be_read =
            |path: &str| package.scope.includes(path) && !package.bag.is_some_and(|bag| bag.refuses(path));
        let (mut order, mut others) = (Self::default(), Vec::new());
        let entries = package.tree.entries().iter();
        for (at, entry) in (0..).zip(entries).filter(|(_, entry)| to_be_read(entry.path)) {
            order.files += 1;
            order.bytes += entry.bytes;
            let list = match entry {
                entry if documents::is_mets(entry.path) => &mut order.mets,
                entry if documents::is_description(entry.path) => &mut order.descriptions,
                entry if reading::large(entry) => &mut order.content,
                _ => &mut others,
            };
            list.push(at);
        }
        order.content.append(&mut others);
        // A long list at the end would be waited for.
        order.descriptions.sort_by_key(|at| {
            let bytes = package.tree.entry(*at as usize).bytes;
            std::cmp::Reverse(if bytes < LONG { 0 } else { bytes })
        });
        // A METS of a representation is listed by the one above it.
        order.mets.sort_by_key(|at| package.tree.entry(*at as usize).path.matches('/').count());
        order
    }
}

/// Reads the files in scope.
pub(super) fn all<'a>(
    package: &Package<'a>,
    ledger: &mut Ledger,
    findings: &mut Findings,
    facts: &mut Facts,
    report: Report<'_>,
) -> Inspected<'a> {
    let Package { tree, bag, journal, .. } = *package;
    let order = Order::of(package);
    let total = Progress {
        phase: Phase::Verifying,
        files: 0,
        files_total: order.files,
        bytes: 0,
        bytes_total: order.bytes,
    };
    report(total);
    let (files, bytes) = (AtomicU64::new(0), AtomicU64::new(0));
    let tell = |read: u64| {
        let bytes = bytes.fetch_add(read, Ordering::Relaxed) + read;
        report(Progress { files: files.load(Ordering::Relaxed), bytes, ..total });
    };
    let mut wanted = Wanted::of(tree, bag);
    let filling = Filling::new(bag, tree.entries().len());
    let mut csip = Csip::new(tree, bag);
    for at in order.mets.iter().map(|at| *at as usize) {
        let (entry, algorithms) = (tree.entry(at), wanted.0[at]);
        csip.hear(entry, &mut wanted, ledger, findings, |hear| {
            let mut sight = reading::read_mets(tree, entry, algorithms, hear);
            tell(sight.bytes);
            let is_mets = matches!(sight.hear(), Some(Document::Mets));
            files.fetch_add(1, Ordering::Relaxed);
            filling.put([(at, entry, sight)]);
            is_mets
        });
    }
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
    on_all_cores(&order.content, |batch| {
        let sights: Vec<_> = batch.iter().map(|at| look(*at as usize)).collect();
        filling.put(sights);
    });
    let mut seen = filling.done();
    let described = Filling::new(bag, tree.entries().len());
    let hearing = Mutex::new(Hearing {
        seen: &seen,
        lists: Lists::new(tree),
        encapsulations: Encapsulations::new(tree),
        ledger,
        findings,
        facts,
    });
    on_all_cores(&order.descriptions, |batch| {
        let mut sights: Vec<_> = batch.iter().map(|at| look(*at as usize)).collect();
        let mut hearing = hearing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for (at, entry, sight) in &mut sights {
            if let Some(document) = sight.hear() {
                hearing.hear(*at, entry.path, &document);
            }
        }
        drop(hearing);
        described.put(sights);
    });
    let Hearing { lists, encapsulations, .. } =
        hearing.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    seen.join(described.done());
    let resumed = (resumed.into_inner(), resumed_bytes.into_inner());
    Inspected { seen, csip, lists, encapsulations, resumed }
}

/// Hands places out to the cores, some at a time.
fn on_all_cores(places: &[u32], each: impl Fn(&[u32]) + Sync) {
    let next = AtomicUsize::new(0);
    rayon::broadcast(|_| {
        loop {
            let from = next.fetch_add(BATCH, Ordering::Relaxed).min(places.len());
            let batch = &places[from..places.len().min(from + BATCH)];
            if batch.is_empty() {
                return;
            }
            each(batch);
        }
    });
}

/// Who hears the descriptions, one at a time.
struct Hearing<'h, 'a> {
    /// What was read before them.
    seen: &'h Seen<'a>,
    lists: Lists<'a>,
    encapsulations: Encapsulations<'a>,
    ledger: &'h mut Ledger,
    findings: &'h mut Findings,
    facts: &'h mut Facts,
}

impl Hearing<'_, '_> {
    fn hear(&mut self, at: usize, path: &str, document: &Document) {
        let mut hearing = self.encapsulations.hearing(self.seen, self.ledger, self.findings);
        match document {
            Document::Eep(eep) => hearing.encapsulation(eep, path),
            Document::Item(files) => hearing.item(files, path),
            Document::List(list) => self.lists.hear(at, list, self.ledger, self.findings, self.facts),
            Document::Mets | Document::Other => {}
        }
    }
}

/// What the reading alone tells: files that can't be read, XML that isn't.
pub(super) fn judge(tree: &Tree, seen: &Seen<'_>, findings: &mut Findings, results: &mut Results) {
    let (mut unreadable, mut not_xml) = (0_usize, 0_usize);
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
    let xml = seen.descriptions() + not_xml;
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
