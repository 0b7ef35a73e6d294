//! METS against the files it lists: E-ARK CSIP packages, in a bag or alone.

use std::collections::{BTreeMap, BTreeSet};

use archive_core::finding::{Finding, Severity};
use archive_core::text;
use archive_core::text::Text;

use super::checks::Results;
use super::documents::{self, Document, Given, Reference};
use super::ledger::Ledger;
use super::seen::Seen;
use super::{Facts, Kind};
use crate::digest::Algorithm;
use crate::names;
use crate::tree::{Entry, Tree, fault};

/// The digests in which METS wants the files it refers to.
pub(super) fn wanted<'a>(
    tree: &'a Tree,
    mets: Entry<'a>,
    references: &'a [Reference],
) -> impl Iterator<Item = (usize, Algorithm)> + 'a {
    references.iter().filter_map(move |reference| {
        let Some(Given::Known(algorithm, _)) = &reference.digest else { return None };
        Some((tree.place(&target(mets, reference).ok()?)?, *algorithm))
    })
}

/// Compares every METS with what it refers to.
pub(super) fn judge(
    tree: &Tree,
    seen: &Seen<'_>,
    in_bag: bool,
    ledger: &mut Ledger,
    findings: &mut Vec<Finding>,
    facts: &mut Facts,
    results: &mut Results,
) {
    let mut of_mets = OfMets::default();
    for (at, document) in seen.documents() {
        let Document::Mets(references) = document else { continue };
        facts.add(Kind::Csip);
        of_mets.read(tree, seen, at, references, ledger, findings);
    }
    if of_mets.lists.is_empty() {
        return;
    }
    let (listed, wrong) = (of_mets.referred.len(), of_mets.wrong);
    if listed == 0 && wrong == 0 {
        let said =
            Text::fixed("METS 没有列出任何文件，什么也没有核对", "METS lists no file: nothing was checked");
        findings
            .extend(of_mets.lists.values().map(|(mets, _)| fault(mets, said.clone()).at(Severity::Error)));
    }
    results.judge(
        "1-11",
        wrong == 0,
        text!("METS 列有 {listed} 个文件，{wrong} 处不符", "METS lists {listed} files, {wrong} faults"),
    );
    if of_mets.without_digest > 0 {
        let count = of_mets.without_digest;
        results.unsure(
            "1-1",
            text!("METS 未记摘要的文件 {count} 个，未核对", "{count} files without a digest in METS"),
        );
    }
    if !in_bag {
        of_mets.unlisted(tree, ledger);
    }
}

/// What all METS of a package say together.
#[derive(Default)]
struct OfMets {
    /// By its folder, each METS, and the folders beside it of which it lists anything.
    lists: BTreeMap<String, (String, BTreeSet<String>)>,
    /// The files they refer to, by place.
    referred: BTreeSet<usize>,
    wrong: usize,
    without_digest: usize,
}

impl OfMets {
    fn read(
        &mut self,
        tree: &Tree,
        seen: &Seen<'_>,
        mets: usize,
        references: &[Reference],
        ledger: &mut Ledger,
        findings: &mut Vec<Finding>,
    ) {
        let entry = tree.entry(mets);
        let base = folder_of(entry.path);
        let mut areas = BTreeSet::new();
        let mut outside = BTreeSet::new();
        for reference in references {
            let path = match target(entry, reference) {
                Ok(path) => path,
                Err(reason) => {
                    self.wrong += 1;
                    if outside.len() < MAX_OUTSIDE && outside.insert(reason.clone()) {
                        findings.push(fault(entry.path, reason).at(Severity::Error));
                    }
                    continue;
                }
            };
            if let Some(area) = path.strip_prefix(base).and_then(|below| below.split_once('/')) {
                areas.insert(area.0.to_owned());
            }
            let Some(at) = tree.place(&path) else {
                self.wrong += 1;
                ledger.missing(&path, entry.path);
                continue;
            };
            self.referred.insert(at);
            if !compare(tree, at, seen, entry.path, reference, ledger, findings) {
                self.wrong += 1;
            }
            if reference.of_content && reference.digest.is_none() && !documents::is_mets(&path) {
                self.without_digest += 1;
            }
        }
        self.lists.insert(base.to_owned(), (entry.path.to_owned(), areas));
    }

    /// What no METS lists. CSIP doesn't ask that all files be listed: where a METS lists some of a folder, one
    /// it doesn't list was slipped in; of a folder it passes over nothing can be said.
    fn unlisted(&self, tree: &Tree, ledger: &mut Ledger) {
        for (at, entry) in tree.entries().iter().enumerate() {
            if self.referred.contains(&at) || documents::is_mets(entry.path) {
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

/// The most references to places outside that are named one by one.
const MAX_OUTSIDE: usize = 1000;

/// The folder a file lies in, with its `/`.
fn folder_of(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..=at])
}

/// The path a reference means, inside the package.
fn target(mets: Entry<'_>, reference: &Reference) -> Result<String, Text> {
    let Some(href) = &reference.href else {
        return Err(Text::fixed("有一处引用没有地址", "a reference has no address"));
    };
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

/// Compares a file with what METS says of it; whether they agree.
fn compare(
    tree: &Tree,
    at: usize,
    seen: &Seen<'_>,
    mets: &str,
    reference: &Reference,
    ledger: &mut Ledger,
    findings: &mut Vec<Finding>,
) -> bool {
    let entry = tree.entry(at);
    let path = entry.path;
    let mut agree = true;
    if let Some(bytes) = &reference.bytes
        && *bytes != Ok(entry.bytes)
    {
        agree = false;
        let said = bytes.as_ref().map_or_else(ToString::to_string, ToString::to_string);
        ledger.length(path, mets, &said, entry.bytes);
    }
    match &reference.digest {
        None => agree,
        Some(Given::Foreign(name)) => {
            let said =
                text!("{mets} 用的 {name} 不受支持，未核对", "{mets} uses {name}, which was not checked");
            findings.push(fault(path, said).at(Severity::Warning));
            ledger.unread += 1;
            agree
        }
        Some(Given::Malformed(algorithm)) => {
            let said =
                text!("{mets} 所记的 {algorithm} 不成其为摘要", "{mets} gives a {algorithm} that is none");
            findings.push(fault(path, said).at(Severity::Error));
            false
        }
        Some(Given::Known(algorithm, expected)) => match seen.digest(at, *algorithm) {
            Some(found) => {
                ledger.digest((at, path), mets, *algorithm, expected, found);
                agree && *found == **expected
            }
            None => {
                ledger.unread += usize::from(!seen.skipped(at) && seen.unreadable(at).is_none());
                agree
            }
        },
    }
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
