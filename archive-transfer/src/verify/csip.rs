//! METS against the files it lists: E-ARK CSIP packages, in a bag or alone.

use std::collections::{BTreeMap, BTreeSet};

use archive_core::finding::{Finding, Severity};
use archive_core::text;
use archive_core::text::Text;

use super::checks::Results;
use super::documents::{Document, Reference};
use super::inspect::Seen;
use super::{Facts, Kind};
use crate::digest::{Algorithm, HashingReader};
use crate::names;
use crate::tree::{Entry, Tree, fault};

/// Compares every METS with what it refers to.
pub(super) fn judge(
    tree: &Tree,
    seen: &[Seen],
    in_bag: bool,
    findings: &mut Vec<Finding>,
    facts: &mut Facts,
    results: &mut Results,
) {
    let mut referred = BTreeSet::new();
    let mut faults = Vec::new();
    let mut compared = 0;
    for (entry, seen_mets) in tree.entries().iter().zip(seen) {
        let Some(Document::Mets(references)) = &seen_mets.document else { continue };
        facts.add(Kind::Csip);
        referred.insert(entry.path.clone());
        for reference in references {
            match target(entry, reference) {
                Ok(path) => {
                    let found = compare(tree, seen, &path, &entry.path, reference);
                    compared += usize::from(found.is_empty());
                    faults.extend(found);
                    referred.insert(path);
                }
                Err(reason) => faults.push(fault(&entry.path, reason).at(Severity::Error)),
            }
        }
    }
    if referred.is_empty() {
        return;
    }
    let wrong = faults.len();
    results.judge(
        "1-11",
        wrong == 0,
        text!(
            "METS 所列 {compared} 个文件相符，{wrong} 处不符",
            "{compared} files are as METS lists them, {wrong} faults"
        ),
    );
    findings.append(&mut faults);
    if !in_bag {
        // Without a bag METS is all there is: what it doesn't list nobody vouches for.
        results.judge(
            "1-1",
            wrong == 0,
            text!("按 METS 核对摘要 {compared} 个", "{compared} digests compared with METS"),
        );
        facts.files_compared = compared as u64;
        let mut extra = 0_usize;
        for entry in tree.entries().iter().filter(|entry| !referred.contains(&entry.path)) {
            extra += 1;
            findings.push(
                fault(&entry.path, Text::fixed("多余：METS 未列此文件", "extra: METS does not list it"))
                    .at(Severity::Warning),
            );
        }
        results.judge(
            "4-3",
            extra == 0,
            text!("METS 未列的文件 {extra} 个", "{extra} files METS doesn't list"),
        );
    }
}

/// The path a reference means, inside the package.
fn target(mets: &Entry, reference: &Reference) -> Result<String, Text> {
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

fn compare(tree: &Tree, seen: &[Seen], path: &str, mets: &str, reference: &Reference) -> Vec<Finding> {
    let Ok(at) = tree.entries().binary_search_by(|entry| entry.path.as_str().cmp(path)) else {
        return vec![missing(path, mets)];
    };
    let entry = &tree.entries()[at];
    let mut findings = Vec::new();
    if let Some(bytes) = &reference.bytes
        && bytes.parse() != Ok(entry.bytes)
    {
        let found = entry.bytes;
        let said = text!(
            "{mets} 记其长度为 {bytes}，实为 {found}",
            "{mets} gives its length as {bytes}, it is {found}"
        );
        findings.push(fault(path, said).at(Severity::Error));
    }
    if let (Some(checksum), Some(name)) = (&reference.checksum, &reference.algorithm) {
        match Algorithm::named(name) {
            None => {
                let said =
                    text!("{mets} 用的 {name} 不受支持，未核对", "{mets} uses {name}, which was not checked");
                findings.push(fault(path, said).at(Severity::Warning));
            }
            Some(algorithm) => {
                let found = digest_of(tree, entry, &seen[at], algorithm);
                if found.as_deref().is_some_and(|found| !found.eq_ignore_ascii_case(checksum)) {
                    let said = text!(
                        "被改动：与 {mets} 所记的 {name} 不符",
                        "changed: its {name} is not the one {mets} gives"
                    );
                    findings.push(fault(path, said).at(Severity::Error));
                }
            }
        }
    }
    findings
}

/// The digest taken on the one reading; another algorithm than ours needs a second.
fn digest_of(tree: &Tree, entry: &Entry, seen: &Seen, algorithm: Algorithm) -> Option<String> {
    if seen.unreadable.is_some() {
        return None;
    }
    seen.digests.get(&algorithm).cloned().or_else(|| {
        let (_, _, digests) = HashingReader::new(tree.reader(entry).ok()?, [algorithm]).finish().ok()?;
        digests.into_values().next()
    })
}

fn missing(path: &str, mets: &str) -> Finding {
    fault(
        path,
        text!("缺失：{mets} 引用了它，包中没有", "missing: {mets} refers to it, it is not in the package"),
    )
    .at(Severity::Error)
    .with_help(Text::fixed("请移交方补交或重新制包", "ask the sender for it"))
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
