//! What a manifest says against what is there: finding the file a line means, and naming every difference.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use archive_core::finding::{Finding, Severity};
use archive_core::text;
use archive_core::text::Text;

use super::checks::Results;
use crate::bag::read::Version;
use crate::digest::Algorithm;
use crate::names;
use crate::tree::{Tree, fault};

/// Finds the file a manifest line means.
pub(super) struct Finder<'a> {
    tree: &'a Tree,
    /// Made when a name isn't found as it stands, which is rare.
    by_form: OnceCell<BTreeMap<String, usize>>,
    version: Version,
}

impl<'a> Finder<'a> {
    pub(super) fn new(tree: &'a Tree, version: Version) -> Self {
        Self { tree, by_form: OnceCell::new(), version }
    }

    fn by_form(&self) -> &BTreeMap<String, usize> {
        self.by_form.get_or_init(|| {
            let entries = self.tree.entries().iter().enumerate();
            entries.map(|(at, entry)| (names::folded(&entry.path), at)).collect()
        })
    }

    /// The entry, and whether only another case or Unicode form of the name fits.
    pub(super) fn find(&self, path: &str) -> Option<(usize, bool)> {
        let at = |path: &str| self.tree.entries().binary_search_by(|e| e.path.as_str().cmp(path)).ok();
        // RFC 8493 encodes %, CR and LF; our reader lets no CR or LF through, and no tool encodes %.
        let decoded = || (self.version >= Version::V1_0).then(|| path.replace("%25", "%"));
        at(path)
            .or_else(|| decoded().and_then(|path| at(&path)))
            .map(|at| (at, false))
            .or_else(|| self.by_form().get(&names::folded(path)).map(|&at| (at, true)))
    }
}

/// What the comparison found, counted by kind.
#[derive(Default)]
pub(super) struct Faults {
    pub(super) findings: Vec<Finding>,
    missing: BTreeSet<String>,
    extra: BTreeSet<String>,
    changed: BTreeSet<String>,
    pub(super) unread: usize,
}

impl Faults {
    pub(super) fn missing(&mut self, path: &str, manifest: &str, to_fetch: bool) {
        if !self.missing.insert(path.to_owned()) {
            return;
        }
        let said = if to_fetch {
            Text::fixed(
                "须从别处取回，包中没有",
                "was to be fetched from elsewhere and is not in the package",
            )
        } else {
            text!(
                "缺失：{manifest} 列有此文件，包中没有",
                "missing: {manifest} lists it, it is not in the package"
            )
        };
        self.findings.push(
            fault(path, said)
                .at(Severity::Error)
                .with_help(Text::fixed("请移交方补交或重新制包", "ask the sender for it")),
        );
    }

    pub(super) fn extra(&mut self, path: &str, manifest: &str) {
        if !self.extra.insert(path.to_owned()) {
            return;
        }
        let help = if left_by_system(path) {
            Text::fixed("是操作系统留下的文件，可以删去", "the operating system left it; it can be deleted")
        } else {
            Text::fixed("请移交方说明来历，或重新制包", "ask the sender where it comes from")
        };
        self.findings.push(
            fault(path, text!("多余：{manifest} 未列此文件", "extra: {manifest} does not list it"))
                .at(Severity::Error)
                .with_help(help),
        );
    }

    pub(super) fn changed(&mut self, path: &str, algorithm: Algorithm, expected: &str, found: &str) {
        self.changed.insert(path.to_owned());
        self.findings.push(
            fault(
                path,
                text!(
                    "被改动：{algorithm} 应为 {expected}，实为 {found}",
                    "changed: its {algorithm} should be {expected}, it is {found}"
                ),
            )
            .at(Severity::Error)
            .with_help(Text::fixed("请移交方补交或重新制包", "ask the sender for it")),
        );
    }

    pub(super) fn other_form(&mut self, path: &str, listed: &str, manifest: &str) {
        let said = text!(
            "{manifest} 把它列为 {listed}，大小写或 Unicode 形式不同",
            "{manifest} lists it as {listed}, which differs in case or Unicode form"
        );
        self.findings.push(fault(path, said).at(Severity::Warning));
    }

    pub(super) fn two_forms(&mut self, path: &str, other: &str, manifest: &str) {
        let said = text!("{manifest} 把它列了两次（{other}）", "{manifest} lists it twice ({other})");
        self.findings.push(fault(path, said).at(Severity::Warning));
    }

    pub(super) fn conclude(
        mut self,
        sound: bool,
        compared: usize,
        findings: &mut Vec<Finding>,
        results: &mut Results,
    ) {
        let (missing, extra, changed) = (self.missing.len(), self.extra.len(), self.changed.len());
        let whole = sound && missing == 0 && changed == 0 && self.unread == 0 && compared > 0;
        results.judge(
            "1-1",
            whole,
            text!(
                "核对摘要 {compared} 个文件，缺失 {missing}，被改动 {changed}",
                "compared the digests of {compared} files: {missing} missing, {changed} changed"
            ),
        );
        results.judge(
            "1-14",
            whole && extra == 0,
            Text::fixed("与清单逐一比对", "compared with its manifests"),
        );
        results.judge("2-11", missing == 0, text!("缺失文件 {missing} 个", "{missing} files missing"));
        results.judge("4-3", extra == 0, text!("多余文件 {extra} 个", "{extra} stray files"));
        findings.append(&mut self.findings);
    }
}

/// Whether an operating system left this file behind, rather than a person.
pub(super) fn left_by_system(path: &str) -> bool {
    matches!(path.rsplit('/').next().unwrap_or(path), ".DS_Store" | "Thumbs.db" | "desktop.ini")
}
