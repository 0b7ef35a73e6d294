//! What the lists of a package say against what is there: every difference, once for each file.
//!
//! A package has several lists of the same files: manifests, METS, encapsulations, our records. A person wants
//! one line for a missing file, naming the lists that have it, not a line from each. So whoever reads a list
//! enters what it says here, and at the end the ledger speaks.

use std::collections::{BTreeMap, BTreeSet};

use archive_core::finding::{Finding, Place, Severity};
use archive_core::hex;
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

use super::checks::Results;
use super::scope::Scope;
use crate::digest::Algorithm;
use crate::findings::Findings;
use crate::tree::{Tree, fault};

/// The most files of a kind that are named: a list of more lies, and must not fill the memory.
const MAX_NAMED: usize = 200_000;

/// Files by path, with the lists that speak of them.
type ByPath = BTreeMap<String, BTreeSet<String>>;

/// A value a list gives, and the one found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Difference {
    Length { expected: String, found: u64 },
    Digest { algorithm: Algorithm, expected: String, found: String },
}

/// All differences seen so far.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    missing: ByPath,
    to_fetch: ByPath,
    extra: ByPath,
    /// Not named by a list that needn't name all.
    unlisted: ByPath,
    changed: BTreeMap<String, BTreeMap<Difference, BTreeSet<String>>>,
    /// Files whose digest was compared, by their place.
    compared: Vec<bool>,
    /// Files a list has a digest of that could not be read, or in an algorithm nobody knows.
    pub(super) unread: usize,
    /// A list could not be read rightly.
    pub(super) unsound: bool,
    /// Whether any list gives digests.
    pub(super) with_digests: bool,
    /// How many files more there are than are named.
    unnamed: usize,
}

impl Ledger {
    pub(super) fn new(tree: &Tree) -> Self {
        Self { compared: vec![false; tree.entries().len()], ..Self::default() }
    }

    fn enter(by_path: &mut ByPath, unnamed: &mut usize, path: &str, list: &str) {
        if let Some(lists) = by_path.get_mut(path) {
            lists.insert(list.to_owned());
        } else if by_path.len() >= MAX_NAMED {
            *unnamed += 1;
        } else {
            by_path.insert(path.to_owned(), BTreeSet::from([list.to_owned()]));
        }
    }

    /// `list` has a file that isn't there.
    pub(super) fn missing(&mut self, path: &str, list: &str) {
        Self::enter(&mut self.missing, &mut self.unnamed, path, list);
    }

    /// fetch.txt says where a file is to be had that isn't there.
    pub(super) fn fetched_from_elsewhere(&mut self, path: &str) {
        Self::enter(&mut self.to_fetch, &mut self.unnamed, path, "fetch.txt");
    }

    /// `list`, which has all files, has not this one.
    pub(super) fn extra(&mut self, path: &str, list: &str) {
        Self::enter(&mut self.extra, &mut self.unnamed, path, list);
    }

    /// `list` has not this file, and needn't.
    pub(super) fn unlisted(&mut self, path: &str, list: &str) {
        Self::enter(&mut self.unlisted, &mut self.unnamed, path, list);
    }

    /// `list` gives another length.
    pub(super) fn length(&mut self, path: &str, list: &str, expected: &str, found: u64) {
        self.differs(path, list, Difference::Length { expected: expected.to_owned(), found });
    }

    /// `list` gives a digest of the file at `at`.
    pub(super) fn digest(
        &mut self,
        (at, path): (usize, &str),
        list: &str,
        algorithm: Algorithm,
        expected: &[u8],
        found: &[u8],
    ) {
        self.with_digests = true;
        if let Some(compared) = self.compared.get_mut(at) {
            *compared = true;
        }
        if expected != found {
            let difference =
                Difference::Digest { algorithm, expected: hex::encode(expected), found: hex::encode(found) };
            self.differs(path, list, difference);
        }
    }

    fn differs(&mut self, path: &str, list: &str, difference: Difference) {
        if self.changed.len() >= MAX_NAMED && !self.changed.contains_key(path) {
            self.unnamed += 1;
            return;
        }
        let differences = self.changed.entry(path.to_owned()).or_default();
        differences.entry(difference).or_default().insert(list.to_owned());
    }

    /// How many files had their digest compared.
    pub(super) fn compared(&self) -> usize {
        self.compared.iter().filter(|compared| **compared).count()
    }

    /// Says everything.
    pub(super) fn conclude(self, scope: &Scope, findings: &mut Findings, results: &mut Results) {
        let compared = self.compared();
        let missing = self.missing.len() + self.to_fetch.len();
        let (extra, changed) = (self.extra.len(), self.changed.len());
        let whole = !self.unsound && missing == 0 && changed == 0 && self.unread == 0;
        if self.with_digests || self.unsound || missing > 0 {
            let said = text!(
                "核对摘要 {compared} 个文件，缺失 {missing}，被改动 {changed}",
                "compared the digests of {compared} files: {missing} missing, {changed} changed"
            );
            results.judge("1-1", whole && (compared > 0 || !self.with_digests), said);
            let said = Text::fixed("与各清单逐一比对", "compared with all lists");
            results.judge("1-14", whole && extra == 0, said);
        } else {
            let said = Text::fixed(
                "包内没有摘要，内容有无改动无从核对",
                "there are no digests in the package: whether content was changed can't be told",
            );
            results.unsure("1-1", said);
        }
        if let Some(volume) = scope.only() {
            let said = text!(
                "只核对案卷 {volume}，其余文件只看有无",
                "only volume {volume} was read; of other files it was seen that they are there"
            );
            results.note("1-1", &said);
            results.note("2-7", &said);
        }
        results.judge("2-11", missing == 0, text!("缺失文件 {missing} 个", "{missing} files missing"));
        results.judge("4-3", extra == 0, text!("多余文件 {extra} 个", "{extra} stray files"));
        self.tell(findings);
    }

    fn tell(self, findings: &mut Findings) {
        let sender = || Text::fixed("请移交方补交或重新制包", "ask the sender for it");
        let mut found = |path: &str, said: Text, help: Text, severity| {
            findings.push(fault(path, said).at(severity).with_help(help));
        };
        for (path, lists) in &self.missing {
            let (zh, en) = (joined(lists, "、"), joined(lists, ", "));
            let said = if self.to_fetch.contains_key(path) {
                Text::new(
                    format!("缺失：{zh} 列有此文件；fetch.txt 说须从别处取回，包中没有"),
                    format!("missing: listed in {en}, to be fetched from elsewhere by fetch.txt"),
                )
            } else {
                Text::new(
                    format!("缺失：{zh} 列有此文件，包中没有"),
                    format!("missing: listed in {en}, not in the package"),
                )
            };
            found(path, said, sender(), Severity::Error);
        }
        for path in self.to_fetch.keys().filter(|path| !self.missing.contains_key(*path)) {
            let said = Text::fixed(
                "缺失：fetch.txt 说须从别处取回，包中没有",
                "missing: to be fetched from elsewhere by fetch.txt, not in the package",
            );
            found(path, said, sender(), Severity::Error);
        }
        for (path, differences) in &self.changed {
            found(path, changed(differences), sender(), Severity::Error);
        }
        let extra = self.extra.iter().map(|extra| (extra, Severity::Error));
        for ((path, lists), severity) in
            extra.chain(self.unlisted.iter().map(|unlisted| (unlisted, Severity::Warning)))
        {
            let (zh, en) = (joined(lists, "、"), joined(lists, ", "));
            let said = Text::new(format!("多余：{zh} 未列此文件"), format!("extra: not listed in {en}"));
            let help = if left_by_system(path) {
                Text::fixed(
                    "是操作系统留下的文件，可以删去",
                    "the operating system left it; it can be deleted",
                )
            } else {
                Text::fixed("请移交方说明来历，或重新制包", "ask the sender where it comes from")
            };
            found(path, said, help, severity);
        }
        if self.unnamed > 0 {
            let more = self.unnamed;
            let said = text!(
                "另有 {more} 处不符，不再逐一列出",
                "{more} more differences, which are not listed one by one"
            );
            let help = Text::fixed("请移交方重新制包", "ask the sender to build the package again");
            let finding = Finding::new(RuleId::X5, Place::default(), said).at(Severity::Error);
            findings.push(finding.with_help(help));
        }
    }
}

/// The lists, each by its name and the folder it lies in: that tells one METS from the other.
fn joined(lists: &BTreeSet<String>, by: &str) -> String {
    let name = |list: &'_ str| {
        let folder = list.rfind('/').map_or(0, |at| list[..at].rfind('/').map_or(0, |at| at + 1));
        list[folder..].to_owned()
    };
    lists.iter().map(|list| name(list)).collect::<Vec<_>>().join(by)
}

fn changed(differences: &BTreeMap<Difference, BTreeSet<String>>) -> Text {
    let (zh, en): (Vec<String>, Vec<String>) = differences
        .iter()
        .map(|(difference, lists)| {
            let (by_zh, by_en) = (joined(lists, "、"), joined(lists, ", "));
            match difference {
                Difference::Length { expected, found } => (
                    format!("长度应为 {expected}，实为 {found}（{by_zh}）"),
                    format!("its length should be {expected}, it is {found} ({by_en})"),
                ),
                Difference::Digest { algorithm, expected, found } => (
                    format!("{algorithm} 应为 {expected}，实为 {found}（{by_zh}）"),
                    format!("its {algorithm} should be {expected}, it is {found} ({by_en})"),
                ),
            }
        })
        .unzip();
    Text::new(format!("被改动：{}", zh.join("；")), format!("changed: {}", en.join("; ")))
}

/// Whether an operating system left this file behind, rather than a person.
pub(super) fn left_by_system(path: &str) -> bool {
    matches!(path.rsplit('/').next().unwrap_or(path), ".DS_Store" | "Thumbs.db" | "desktop.ini")
}
