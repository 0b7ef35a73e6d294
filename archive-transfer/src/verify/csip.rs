//! METS against the files it lists: E-ARK CSIP packages, in a bag or alone.
//!
//! A METS is as long as the package has files, so nothing of it is kept as it stands. It is heard while it is read:
//! what a reference says of a file's name and length is judged at once. A digest has to wait until the file is
//! read; where it is the one the manifest gives, as in a bag it should be, four bytes are kept of it.

use std::collections::{BTreeMap, BTreeSet};

use archive_core::finding::Severity;
use archive_core::text;
use archive_core::text::Text;

use super::bag::BagFiles;
use super::checks::Results;
use super::documents::{self, Given, Reference};
use super::inspect::Wanted;
use super::ledger::Ledger;
use super::seen::Seen;
use super::{Facts, Kind};
use crate::digest::Algorithm;
use crate::findings::Findings;
use crate::names;
use crate::tree::{Entry, MAX_ENTRIES, Tree, fault};

/// The most references to places outside that are named one by one.
const MAX_OUTSIDE: usize = 1000;
/// The most digests all METS of a package may give; a METS of more is not read to its end.
const MAX_GIVEN: usize = 2 * MAX_ENTRIES;

/// What all METS of a package say together.
pub(super) struct Csip<'a> {
    tree: &'a Tree,
    bag: Option<&'a BagFiles>,
    /// By its folder, each METS, and the folders beside it of which it lists anything.
    lists: BTreeMap<String, (String, BTreeSet<String>)>,
    /// Whether any METS refers to the file at this place.
    referred: Vec<bool>,
    digests: Vec<OfOne>,
    given: usize,
    wrong: usize,
    without_digest: usize,
}

/// The digests one METS gives.
#[derive(Default)]
struct OfOne {
    path: String,
    /// Files of which it says what the manifest says.
    as_in_manifest: BTreeMap<Algorithm, Vec<u32>>,
    /// The others, place by place and digest by digest.
    others: BTreeMap<Algorithm, (Vec<u32>, Vec<u8>)>,
    /// Files that have another length than it says: their digest is no further fault.
    of_other_length: BTreeSet<u32>,
    outside: BTreeSet<Text>,
    areas: BTreeSet<String>,
}

impl<'a> Csip<'a> {
    pub(super) fn new(tree: &'a Tree, bag: Option<&'a BagFiles>) -> Self {
        Self {
            tree,
            bag,
            lists: BTreeMap::new(),
            referred: vec![false; tree.entries().len()],
            digests: Vec::new(),
            given: 0,
            wrong: 0,
            without_digest: 0,
        }
    }

    /// Hears the METS at a place: `read` reads it, and gives each of its references to what it is given. Whether
    /// it turned out to be METS is what `read` returns.
    pub(super) fn hear(
        &mut self,
        entry: Entry<'a>,
        wanted: &mut Wanted,
        ledger: &mut Ledger,
        findings: &mut Findings,
        read: impl FnOnce(&mut dyn FnMut(Reference)) -> bool,
    ) {
        let mut of_one = OfOne { path: entry.path.to_owned(), ..OfOne::default() };
        let is_mets =
            read(&mut |reference| self.take(&mut of_one, entry, &reference, wanted, ledger, findings));
        if is_mets {
            let areas = std::mem::take(&mut of_one.areas);
            self.lists.insert(folder_of(entry.path).to_owned(), (entry.path.to_owned(), areas));
            self.digests.push(of_one);
        }
    }

    fn take(
        &mut self,
        of_one: &mut OfOne,
        mets: Entry<'_>,
        reference: &Reference,
        wanted: &mut Wanted,
        ledger: &mut Ledger,
        findings: &mut Findings,
    ) {
        let path = match target(mets, reference) {
            Ok(path) => path,
            Err(reason) => {
                self.wrong += 1;
                if of_one.outside.len() < MAX_OUTSIDE && of_one.outside.insert(reason.clone()) {
                    findings.push(fault(mets.path, reason).at(Severity::Error));
                }
                return;
            }
        };
        let base = folder_of(mets.path);
        if let Some((area, _)) = path.strip_prefix(base).and_then(|below| below.split_once('/'))
            && !of_one.areas.contains(area)
            && self.tree.below(&format!("{base}{area}/")).next().is_some()
        {
            of_one.areas.insert(area.to_owned());
        }
        let Some(at) = self.tree.place(&path) else {
            self.wrong += 1;
            return ledger.missing(&path, mets.path);
        };
        self.referred[at] = true;
        if reference.of_content && reference.digest.is_none() && !documents::is_mets(&path) {
            self.without_digest += 1;
        }
        let entry = self.tree.entry(at);
        let mut wrong = false;
        if let Some(bytes) = &reference.bytes
            && *bytes != Ok(entry.bytes)
        {
            wrong = true;
            let said = bytes.as_ref().map_or_else(ToString::to_string, ToString::to_string);
            ledger.length(entry.path, mets.path, &said, entry.bytes);
        }
        match &reference.digest {
            None => {}
            Some(Given::Foreign(name)) => {
                let list = mets.path;
                let said =
                    text!("{list} 用的 {name} 不受支持，未核对", "{list} uses {name}, which was not checked");
                findings.push(fault(entry.path, said).at(Severity::Warning));
                ledger.unread += 1;
            }
            Some(Given::Malformed(algorithm)) => {
                let list = mets.path;
                let said = text!(
                    "{list} 所记的 {algorithm} 不成其为摘要",
                    "{list} gives a {algorithm} that is none"
                );
                findings.push(fault(entry.path, said).at(Severity::Error));
                wrong = true;
            }
            Some(Given::Known(algorithm, digest)) => {
                self.given += 1;
                let Some(place) = u32::try_from(at).ok().filter(|_| self.given <= MAX_GIVEN) else {
                    ledger.unsound = true;
                    if self.given == MAX_GIVEN + 1 {
                        let said = Text::fixed(
                            "METS 的引用过多，其后不再核对",
                            "METS has too many references: nothing after them was checked",
                        );
                        findings.push(fault(mets.path, said).at(Severity::Error));
                    }
                    return;
                };
                wanted.insert(at, *algorithm);
                if wrong {
                    of_one.of_other_length.insert(place);
                }
                if self.bag.is_some_and(|bag| bag.digest(at, *algorithm) == Some(digest)) {
                    of_one.as_in_manifest.entry(*algorithm).or_default().push(place);
                } else {
                    let (places, digests) = of_one.others.entry(*algorithm).or_default();
                    places.push(place);
                    digests.extend_from_slice(digest);
                }
            }
        }
        self.wrong += usize::from(wrong);
    }

    /// Compares what was said with what was read.
    pub(super) fn judge(
        mut self,
        seen: &Seen<'_>,
        ledger: &mut Ledger,
        findings: &mut Findings,
        facts: &mut Facts,
        results: &mut Results,
    ) {
        if self.lists.is_empty() {
            return;
        }
        facts.add(Kind::Csip);
        for of_one in std::mem::take(&mut self.digests) {
            for (algorithm, places) in &of_one.as_in_manifest {
                for place in places {
                    let expected = self.bag.and_then(|bag| bag.digest(*place as usize, *algorithm));
                    self.compare(&of_one, *place, *algorithm, expected, seen, ledger);
                }
            }
            for (algorithm, (places, digests)) in &of_one.others {
                let expected = digests.chunks_exact(algorithm.hex_len() / 2);
                for (place, expected) in places.iter().zip(expected) {
                    self.compare(&of_one, *place, *algorithm, Some(expected), seen, ledger);
                }
            }
        }
        let listed = self.referred.iter().filter(|referred| **referred).count();
        let wrong = self.wrong;
        if listed == 0 && wrong == 0 {
            let said = Text::fixed(
                "METS 没有列出任何文件，什么也没有核对",
                "METS lists no file: nothing was checked",
            );
            findings
                .extend(self.lists.values().map(|(mets, _)| fault(mets, said.clone()).at(Severity::Error)));
        }
        results.judge(
            "1-11",
            wrong == 0,
            text!("METS 列有 {listed} 个文件，{wrong} 处不符", "METS lists {listed} files, {wrong} faults"),
        );
        if self.without_digest > 0 {
            let count = self.without_digest;
            results.unsure(
                "1-1",
                text!("METS 未记摘要的文件 {count} 个，未核对", "{count} files without a digest in METS"),
            );
        }
        if self.bag.is_none() {
            self.unlisted(ledger);
        }
    }

    fn compare(
        &mut self,
        of_one: &OfOne,
        place: u32,
        algorithm: Algorithm,
        expected: Option<&[u8]>,
        seen: &Seen<'_>,
        ledger: &mut Ledger,
    ) {
        let at = place as usize;
        let Some(expected) = expected else { return };
        match seen.digest(at, algorithm) {
            Some(found) => {
                ledger.digest((at, self.tree.entry(at).path), &of_one.path, algorithm, expected, found);
                self.wrong += usize::from(found != expected && !of_one.of_other_length.contains(&place));
            }
            None => ledger.unread += usize::from(!seen.skipped(at) && seen.unreadable(at).is_none()),
        }
    }

    /// What no METS lists. CSIP doesn't ask that all files be listed: where a METS lists some of a folder, one
    /// it doesn't list was slipped in; of a folder it passes over nothing can be said.
    fn unlisted(&self, ledger: &mut Ledger) {
        for (at, entry) in self.tree.entries().iter().enumerate() {
            if self.referred[at] || documents::is_mets(entry.path) {
                continue;
            }
            let mut above = std::iter::successors(Some(folder_of(entry.path)), |folder| {
                folder.strip_suffix('/').map(folder_of)
            });
            let Some((folder, (mets, areas))) =
                above.find_map(|folder| Some((folder, self.lists.get(folder)?)))
            else {
                continue;
            };
            let area = entry.path[folder.len()..].split_once('/').map(|(area, _)| area);
            if area.is_some_and(|area| areas.contains(area)) {
                ledger.extra(entry.path, mets);
            } else {
                ledger.unlisted(entry.path, mets);
            }
        }
    }
}

/// The folder a file lies in, with its `/`.
fn folder_of(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..=at])
}

/// The path a reference means, inside the package.
fn target(mets: Entry<'_>, reference: &Reference) -> Result<String, Text> {
    let Some(href) = &reference.href else {
        return Err(Text::fixed("有一处引用没有地址", "a reference has no address"));
    };
    // Most need no reading: a METS may have a million.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.');
    if href.bytes().all(plain) && !href.split('/').any(|part| part.is_empty() || part.starts_with('.')) {
        return Ok([folder_of(mets.path), href].concat());
    }
    let outside = || text!("引用 {href} 指向包外", "the reference {href} points outside the package");
    let relative = href.strip_prefix("file:").filter(|rest| !rest.starts_with('/')).unwrap_or(href);
    let scheme = relative.split(['/', '?', '#']).next().unwrap_or_default();
    if scheme.contains(':') {
        return Err(outside());
    }
    let decoded = names::from_uri(relative).ok_or_else(outside)?;
    let mut parts: Vec<&str> = mets.path.split('/').collect();
    parts.pop();
    if decoded.starts_with('/') || decoded.contains('\\') {
        return Err(outside());
    }
    for part in decoded.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop().ok_or_else(outside)?;
            }
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    names::fault(&path).map_or(Ok(path), |_| Err(outside()))
}

/// Files by the folder they lie in.
pub(super) fn by_folder(tree: &Tree) -> BTreeMap<&str, Vec<usize>> {
    let mut folders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, entry) in tree.entries().iter().enumerate() {
        let folder = entry.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        folders.entry(folder).or_default().push(at);
    }
    folders
}
