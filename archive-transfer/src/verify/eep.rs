//! Encapsulations (DA/T 48) and the metadata of items, against the standard's required elements and the files
//! they speak of.

use archive_core::finding::Severity;
use archive_core::text;
use archive_core::text::Text;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::checks::Results;
use super::documents::{Eep, Encoding, Encodings};
use super::ledger::Ledger;
use super::seen::Seen;
use super::{Facts, Kind};
use crate::digest::Algorithm;
use crate::findings::Findings;
use crate::names;
use crate::tree::{Tree, fault};

/// The most files whose digest is looked at later.
const MAX_WAITING: usize = 200_000;

/// What the encapsulations and the metadata of items say, heard one after the other.
pub(super) struct Encapsulations<'a> {
    tree: &'a Tree,
    /// Encapsulations, metadata of items, and the signatures on them.
    count: usize,
    items: usize,
    signatures: u64,
    wrong: usize,
    /// Descriptions described by others, whose digest may not be known yet.
    waiting: Vec<Waiting>,
}

struct Waiting {
    at: usize,
    list: String,
    expected: Vec<u8>,
}

/// Hears one of them.
pub(super) struct Hearing<'h, 'a> {
    all: &'h mut Encapsulations<'a>,
    /// What was read before.
    seen: &'h Seen<'a>,
    ledger: &'h mut Ledger,
    findings: &'h mut Findings,
}

impl<'a> Encapsulations<'a> {
    pub(super) const fn new(tree: &'a Tree) -> Self {
        Self { tree, count: 0, items: 0, signatures: 0, wrong: 0, waiting: Vec::new() }
    }

    pub(super) fn hearing<'h>(
        &'h mut self,
        seen: &'h Seen<'a>,
        ledger: &'h mut Ledger,
        findings: &'h mut Findings,
    ) -> Hearing<'h, 'a> {
        Hearing { all: self, seen, ledger, findings }
    }

    /// Says what came of them, when everything was read.
    pub(super) fn judge(
        mut self,
        seen: &Seen<'_>,
        ledger: &mut Ledger,
        facts: &mut Facts,
        results: &mut Results,
    ) {
        for Waiting { at, list, expected } in self.waiting {
            if let Some(found) = seen.digest(at, Algorithm::Sha256) {
                self.wrong += usize::from(found != expected);
                ledger.digest((at, self.tree.entry(at).path), &list, Algorithm::Sha256, &expected, found);
            }
        }
        let (count, items, wrong, signatures) = (self.count, self.items, self.wrong, self.signatures);
        if count > 0 {
            facts.add(Kind::Eep);
            facts.items = facts.items.max(count as u64);
            let said = text!("EEP 封装 {count} 个，不符 {wrong} 处", "{count} EEP, {wrong} faults");
            results.judge("2-10", wrong == 0, said.clone());
            results.judge("1-10", wrong == 0, said);
        } else if items > 0 {
            let said =
                text!("元数据文件 {items} 个，不符 {wrong} 处", "{items} metadata files, {wrong} faults");
            results.judge("1-10", wrong == 0, said);
        }
        if signatures > 0 {
            let said = text!(
                "电子签名 {signatures} 个，须用签名方的软件核验",
                "{signatures} signatures, to be checked with the signer's software"
            );
            results.unsure("1-1", said);
        }
    }
}

impl Hearing<'_, '_> {
    /// An encapsulation.
    pub(super) fn encapsulation(&mut self, eep: &Eep, path: &str) {
        self.all.count += 1;
        self.all.signatures += u64::from(eep.signatures);
        self.required(eep, path);
        self.cut(&eep.encodings, path);
        for encoding in &eep.encodings.all {
            if encoding.keyword.starts_with("sha256") {
                self.beside(&eep.folder, encoding, path);
            } else {
                self.embedded(encoding, path);
            }
        }
    }

    /// The metadata of an item.
    pub(super) fn item(&mut self, files: &Encodings, path: &str) {
        self.all.items += 1;
        self.cut(files, path);
        for file in files.all.iter().filter(|file| !file.name.is_empty()) {
            self.beside("", file, path);
        }
    }

    fn cut(&mut self, encodings: &Encodings, path: &str) {
        if encodings.cut {
            self.fault(
                path,
                Text::fixed(
                    "所载计算机文件过多，其后没有核对",
                    "it speaks of too many files: nothing after them was checked",
                ),
            );
        }
    }

    fn fault(&mut self, path: &str, said: Text) {
        self.all.wrong += 1;
        let help = Text::fixed("请移交方重新封装", "ask the sender to encapsulate it again");
        self.findings.push(fault(path, said).at(Severity::Error).with_help(help));
    }

    fn required(&mut self, eep: &Eep, path: &str) {
        for name in eep.lacking() {
            self.fault(path, text!("封装包缺 {name}", "the encapsulation lacks {name}"));
        }
        for version in &eep.odd_versions {
            self.fault(path, text!("{version} 不是 2009", "{version} is not 2009"));
        }
        if eep.encodings.all.is_empty() {
            self.fault(path, Text::fixed("封装包没有编码数据", "the encapsulation holds no data"));
        }
    }

    /// The file is inside: its data must be Base64 (RFC 2045), of the length given.
    fn embedded(&mut self, encoding: &Encoding, path: &str) {
        let name = &encoding.name;
        let Some(found) = encoding.length() else {
            let said = text!(
                "{name} 的编码数据不是 Base64，已损坏",
                "the data of {name} is no Base64: it is damaged"
            );
            return self.fault(path, said);
        };
        let said = &encoding.bytes;
        if length(said) != Some(found) {
            self.fault(
                path,
                text!(
                    "{name} 的计算机文件大小为“{said}”，内容 {found} 字节",
                    "{name} should be “{said}” long, its data is {found} bytes"
                ),
            );
        }
    }

    /// The file lies beside; the length, and of an encapsulation the digest, are inside.
    fn beside(&mut self, folder: &str, encoding: &Encoding, path: &str) {
        let name = &*encoding.name;
        let file = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        if let Some(reason) = names::fault(&file) {
            let (zh, en) = (&reason.zh, &reason.en);
            let said = Text::new(
                format!("所指的文件 {file} 不安全：{zh}"),
                format!("the file {file} it speaks of is unsafe: {en}"),
            );
            return self.fault(path, said);
        }
        let Some(at) = self.place(&file, path) else {
            self.all.wrong += 1;
            return self.ledger.missing(&self.meant(&file, path), path);
        };
        let entry = self.all.tree.entry(at);
        if length(&encoding.bytes).is_some_and(|bytes| bytes != entry.bytes) {
            self.all.wrong += 1;
            self.ledger.length(entry.path, path, &encoding.bytes, entry.bytes);
        }
        if encoding.keyword.is_empty() {
            return;
        }
        let expected = STANDARD.decode(&*encoding.data).unwrap_or_default();
        match self.seen.digest(at, Algorithm::Sha256) {
            Some(found) => {
                self.all.wrong += usize::from(found != expected);
                self.ledger.digest((at, entry.path), path, Algorithm::Sha256, &expected, found);
            }
            None if self.all.waiting.len() < MAX_WAITING => {
                self.all.waiting.push(Waiting { at, list: path.to_owned(), expected });
            }
            None => self.ledger.unsound = true,
        }
    }

    /// Where a file that isn't there was to lie: below the nearest folder that has the first folder on its way.
    fn meant(&self, file: &str, path: &str) -> String {
        let near = |above: &str| format!("{above}/{file}");
        let mut above = std::iter::successors(path.rsplit_once('/').map(|(above, _)| above), |above| {
            above.rsplit_once('/').map(|(above, _)| above)
        });
        let found = match file.split_once('/') {
            None => above.next(),
            Some((first, _)) => {
                above.find(|above| self.all.tree.below(&format!("{above}/{first}/")).next().is_some())
            }
        };
        found.map_or_else(|| file.to_owned(), near)
    }

    /// The place is told from a folder the description lies below: the nearest one where it holds.
    fn place(&self, file: &str, path: &str) -> Option<usize> {
        let parent = |path: &str| path.rfind('/').unwrap_or(0);
        let mut above = parent(path);
        loop {
            let wanted = if above == 0 { file.to_owned() } else { format!("{}/{file}", &path[..above]) };
            let found = self.all.tree.place(&wanted);
            if found.is_some() || above == 0 {
                return found;
            }
            above = parent(&path[..above]);
        }
    }
}

/// A length in bytes, with or without its unit; `None` where it is said in another way.
fn length(said: &str) -> Option<u64> {
    said.trim_end_matches(['B', 'b', '字', '节']).trim().parse().ok()
}
