//! A bag against its manifests: what is missing, extra, changed, doubled.

use std::collections::BTreeSet;

use archive_core::finding::Severity;
use archive_core::text;
use archive_core::text::Text;

use super::checks::Results;
use super::finder::Finder;
use super::ledger::{Ledger, left_by_system};
use super::manifest::Manifest;
use super::seen::Seen;
use super::{Facts, Group};
use crate::bag::read::{self, Declaration, Version};
use crate::digest::{Algorithm, Algorithms, Taken};
use crate::findings::Findings;
use crate::receive::records_of;
use crate::tree::{self, Entry, Tree, fault};

/// Small tag files: bagit.txt, bag-info.txt.
const SMALL: u64 = 4 << 20;

/// The tag files of a bag.
pub(super) struct BagFiles {
    declared: Declaration,
    manifests: Vec<Manifest>,
    info: Vec<(String, String)>,
    fetch: BTreeSet<String>,
    /// Manifests so long that they are not read at all.
    too_long: BTreeSet<String>,
    sound: bool,
}

impl BagFiles {
    /// Reads them, if this is a bag or tries to be one.
    pub(super) fn read(tree: &Tree, findings: &mut Findings) -> Option<Self> {
        let errors_before = findings.errors();
        let has_manifest = tree.entries().iter().any(|entry| manifest_name(entry.path).is_some());
        let declared = match tree.find("bagit.txt") {
            None if !has_manifest => return None,
            None => Err(Text::fixed("缺少 bagit.txt", "there is no bagit.txt")),
            Some(entry) => match tree.read(entry, SMALL) {
                Ok(bytes) => read::declaration(&bytes),
                Err(error) => {
                    let Text { zh, en } = tree::said(&error);
                    Err(text!("无法读取：{zh}", "can't be read: {en}"))
                }
            },
        };
        // A bag without a usable declaration is judged on, so that all its faults come out at once.
        let declared = declared.unwrap_or_else(|reason| {
            findings.push(fault("bagit.txt", reason).at(Severity::Error).with_help(rebuild()));
            Declaration { version: Version::V1_0, encoding: encoding_rs::UTF_8 }
        });
        let mut bag = Self {
            declared,
            manifests: Vec::new(),
            info: Vec::new(),
            fetch: BTreeSet::new(),
            too_long: BTreeSet::new(),
            sound: true,
        };
        let finder = Finder::new(tree, bag.declared.version);
        for entry in tree.entries().iter().filter(|entry| !entry.path.contains('/')) {
            bag.take(tree, &finder, entry, findings);
        }
        if bag.manifests.iter().all(|manifest| manifest.of_tags) {
            findings.push(
                fault(
                    "manifest-sha256.txt",
                    Text::fixed(
                        "没有可用的清单，什么也无法核对",
                        "there is no usable manifest: nothing can be checked",
                    ),
                )
                .at(Severity::Error)
                .with_help(rebuild()),
            );
        }
        bag.sound = findings.errors() == errors_before;
        Some(bag)
    }

    fn take(&mut self, tree: &Tree, finder: &Finder<'_>, entry: Entry<'_>, findings: &mut Findings) {
        let path = entry.path;
        let unreadable = |error: std::io::Error| tree::unreadable(path, &tree::said(&error));
        let open = |findings: &mut Findings| match tree.reader(entry) {
            Ok(reader) => Some(reader),
            Err(error) => {
                findings.push(unreadable(error));
                None
            }
        };
        if let Some((of_tags, name)) = manifest_name(path) {
            let Some(algorithm) = Algorithm::named(name) else {
                let said = text!(
                    "摘要算法 {name} 不受支持，未核对",
                    "the digest {name} is not supported and was not checked"
                );
                findings.push(fault(path, said).at(Severity::Warning));
                return;
            };
            if entry.bytes > read::MAX_MANIFEST {
                let limit = read::MAX_MANIFEST >> 20;
                let said = text!(
                    "清单超过 {limit} MiB，拒绝读取",
                    "the manifest is over {limit} MiB and was not read"
                );
                findings.push(fault(path, said).at(Severity::Error).with_help(rebuild()));
                self.too_long.insert(path.to_owned());
                return;
            }
            let Some(reader) = open(findings) else { return };
            match Manifest::read(path, reader, (algorithm, of_tags), self.declared, finder, findings) {
                Ok(manifest) => {
                    let vouches_for_none = !of_tags && !is_empty_payload(tree);
                    if manifest.is_empty() && (vouches_for_none || entry.bytes == 0) {
                        let said = Text::fixed(
                            "清单是空的，什么也没有核对",
                            "the manifest is empty: nothing was checked",
                        );
                        findings.push(fault(path, said).at(Severity::Error).with_help(rebuild()));
                    }
                    self.manifests.push(manifest);
                }
                Err(error) => findings.push(unreadable(error)),
            }
        } else if path == "fetch.txt" {
            let Some(reader) = open(findings) else { return };
            match read::fetch(path, reader, self.declared, findings) {
                Ok(paths) => self.fetch = paths.into_iter().collect(),
                Err(error) => findings.push(unreadable(error)),
            }
        } else if path == self.info_name() && entry.bytes <= SMALL {
            let Some(reader) = open(findings) else { return };
            match read::info(path, reader, self.declared, findings) {
                Ok(info) => self.info = info,
                Err(error) => findings.push(unreadable(error)),
            }
        }
    }

    /// Up to 0.95 the file was called package-info.txt.
    fn info_name(&self) -> &'static str {
        if self.declared.version <= Version(0, 95) { "package-info.txt" } else { "bag-info.txt" }
    }

    /// Whether a file is refused by its length alone, so that reading it would be lost time.
    pub(super) fn refuses(&self, path: &str) -> bool {
        self.too_long.contains(path)
    }

    /// Which digests a file needs.
    pub(super) fn algorithms(&self, path: &str) -> Algorithms {
        let payload = path.starts_with("data/");
        self.manifests
            .iter()
            .filter(|manifest| if payload { !manifest.of_tags } else { manifest.of_tags })
            .map(|manifest| manifest.algorithm)
            .collect()
    }

    /// The digest a manifest gives of the file at a place.
    pub(super) fn digest(&self, at: usize, algorithm: Algorithm) -> Option<&[u8]> {
        let mut manifests = self.manifests.iter().filter(|manifest| manifest.algorithm == algorithm);
        manifests.find_map(|manifest| manifest.digest(at))
    }

    /// Whether the manifests give exactly these digests of the file at a place.
    pub(super) fn gives(&self, at: usize, digests: &Taken) -> bool {
        digests.iter().all(|(algorithm, digest)| self.digest(at, algorithm) == Some(digest))
    }

    /// Enters what the manifests say, and what is there that they don't.
    pub(super) fn compare(
        &self,
        tree: &Tree,
        seen: &Seen<'_>,
        ledger: &mut Ledger,
        findings: &mut Findings,
        facts: &mut Facts,
        results: &mut Results,
    ) {
        let Version(major, minor) = self.declared.version;
        facts.bagit_version = Some(format!("{major}.{minor}"));
        facts.bag_info.clone_from(&self.info);
        ledger.unsound |= !self.sound;
        let entries = tree.entries();
        let mut vouched = vec![false; entries.len()];
        for manifest in &self.manifests {
            let listed = manifest.compare(tree, seen, ledger, findings);
            for (at, entry) in entries.iter().enumerate() {
                vouched[at] |= listed[at];
                // Before 1.0 a file had to be in one manifest, not in each.
                let in_each = !manifest.of_tags && self.declared.version >= Version::V1_0;
                if in_each && !listed[at] && entry.path.starts_with("data/") {
                    ledger.extra(entry.path, &manifest.name);
                }
            }
        }
        let ours = records_of(tree).is_some();
        let tags_vouched = self.manifests.iter().any(|manifest| manifest.of_tags && !manifest.is_empty());
        for (at, entry) in entries.iter().enumerate() {
            let payload = entry.path.starts_with("data/");
            if payload && !vouched[at] && self.declared.version < Version::V1_0 {
                for manifest in self.manifests.iter().filter(|manifest| !manifest.of_tags) {
                    ledger.extra(entry.path, &manifest.name);
                }
            } else if left_by_system(entry.path) {
                let said = Text::fixed(
                    "是操作系统留下的文件，不是档案",
                    "the operating system left it; it is no record",
                );
                findings.push(fault(entry.path, said).at(Severity::Warning));
            }
            let tag_manifest = manifest_name(entry.path).is_some_and(|(of_tags, _)| of_tags);
            if !tags_vouched || payload || vouched[at] || tag_manifest {
                continue;
            }
            // Every file of a package of ours is on a list: what isn't was slipped in.
            if ours && !left_by_system(entry.path) {
                let tags = self.manifests.iter().filter(|manifest| manifest.of_tags);
                tags.for_each(|manifest| ledger.extra(entry.path, &manifest.name));
            } else {
                let said = Text::fixed(
                    "不在标签清单内，无从核对",
                    "no tag manifest lists it: nothing vouches for it",
                );
                findings.push(fault(entry.path, said).at(Severity::Warning));
            }
        }
        if !tags_vouched {
            let said = Text::fixed(
                "没有标签清单，bag-info.txt 等文件无从核对",
                "there is no tag manifest: nothing vouches for bag-info.txt and the like",
            );
            findings.push(fault("tagmanifest-sha256.txt", said).at(Severity::Warning));
        }
        let finder = Finder::new(tree, self.declared.version);
        for path in self.fetch.iter().filter(|path| finder.find(path).is_none()) {
            ledger.fetched_from_elsewhere(path);
        }
        self.judge_oxum(tree, findings, results);
        facts.group = self.judge_group(findings);
    }

    /// Which of several bags this is: a report on one must not be taken for a report on all.
    fn judge_group(&self, findings: &mut Findings) -> Option<Group> {
        match Group::of_info(&self.info) {
            Err(count) => {
                let said = text!(
                    "Bag-Count 为“{count}”，应为“第几包 of 共几包”",
                    "Bag-Count says “{count}”, which is no “n of m”"
                );
                findings.push(fault(self.info_name(), said).at(Severity::Error).with_help(rebuild()));
                None
            }
            Ok(group) => {
                if let Some(Group { number, of: Some(of), .. }) =
                    group.as_ref().filter(|group| group.of != Some(1))
                {
                    let said = text!(
                        "这是第 {number} 包，共 {of} 包；其余各包不在此次核对之内",
                        "this is package {number} of {of}; the others were not looked at"
                    );
                    let help = Text::fixed("各包都要核对、接收", "verify and receive each of them");
                    findings.push(fault(self.info_name(), said).at(Severity::Info).with_help(help));
                }
                group
            }
        }
    }

    fn judge_oxum(&self, tree: &Tree, findings: &mut Findings, results: &mut Results) {
        let (mut bytes, mut files) = (0_u64, 0_u64);
        for entry in tree.below("data/") {
            bytes += entry.bytes;
            files += 1;
        }
        for (_, value) in self.info.iter().filter(|(label, _)| label.eq_ignore_ascii_case("Payload-Oxum")) {
            let parts = value.split_once('.').and_then(|(b, f)| Some((b.parse().ok()?, f.parse().ok()?)));
            let passed = parts == Some((bytes, files));
            results.judge(
                "2-2",
                passed,
                text!(
                    "应为 {value}（字节.文件数），实为 {bytes}.{files}",
                    "declared {value} (bytes.files), found {bytes}.{files}"
                ),
            );
            if !passed {
                let said = text!(
                    "Payload-Oxum 为 {value}，实际为 {bytes}.{files}",
                    "Payload-Oxum says {value}, there are {bytes}.{files}"
                );
                findings.push(fault(self.info_name(), said).at(Severity::Error).with_help(rebuild()));
            }
        }
    }
}

/// Whether there is no payload at all, so that an empty manifest says the truth.
fn is_empty_payload(tree: &Tree) -> bool {
    tree.below("data/").next().is_none()
}

/// `manifest-x.txt` and `tagmanifest-x.txt` at the top: whether it lists tag files, and x.
fn manifest_name(path: &str) -> Option<(bool, &str)> {
    let stem = path.strip_suffix(".txt")?;
    if let Some(algorithm) = stem.strip_prefix("tagmanifest-") {
        return Some((true, algorithm)).filter(|_| !algorithm.contains('/'));
    }
    stem.strip_prefix("manifest-").filter(|algorithm| !algorithm.contains('/')).map(|name| (false, name))
}

fn rebuild() -> Text {
    Text::fixed("请移交方重新制包", "ask the sender to build the package again")
}
