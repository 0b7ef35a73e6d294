//! Encapsulations (DA/T 48) against the standard's required elements and the files they speak of.

use archive_core::finding::{Finding, Severity};
use archive_core::text;
use archive_core::text::Text;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::checks::Results;
use super::documents::{Document, Eep, Encoding};
use super::inspect::Seen;
use super::{Facts, Kind};
use crate::digest::{Algorithm, hex};
use crate::names;
use crate::tree::{Tree, fault};

/// Judges every encapsulation.
pub(super) fn judge(
    tree: &Tree,
    seen: &[Seen],
    findings: &mut Vec<Finding>,
    facts: &mut Facts,
    results: &mut Results,
) {
    let (mut count, mut faults) = (0_usize, Vec::new());
    for (entry, seen_eep) in tree.entries().iter().zip(seen) {
        let Some(Document::Eep(eep)) = &seen_eep.document else { continue };
        count += 1;
        facts.add(Kind::Eep);
        required(eep, &entry.path, &mut faults);
        for encoding in &eep.encodings {
            if encoding.keyword.starts_with("base64") {
                embedded(encoding, &entry.path, &mut faults);
            } else if encoding.keyword == "sha256-base64Binary" {
                beside(tree, seen, eep, encoding, &entry.path, &mut faults);
            }
        }
    }
    if count == 0 {
        return;
    }
    facts.items = facts.items.max(count as u64);
    let wrong = faults.len();
    let said = text!("EEP 封装 {count} 个，不符 {wrong} 处", "{count} EEP, {wrong} faults");
    results.judge("2-10", wrong == 0, said.clone());
    results.judge("1-10", wrong == 0, said);
    findings.append(&mut faults);
}

fn required(eep: &Eep, path: &str, faults: &mut Vec<Finding>) {
    for name in eep.lacking() {
        faults.push(
            fault(path, text!("封装包缺 {name}", "the encapsulation lacks {name}")).at(Severity::Error),
        );
    }
    for version in ["版本", "eep版本"] {
        if eep.values.get(version).is_some_and(|value| value != "2009") {
            faults
                .push(fault(path, text!("{version} 不是 2009", "{version} is not 2009")).at(Severity::Error));
        }
    }
    if eep.encodings.is_empty() {
        faults.push(
            fault(path, Text::fixed("封装包没有编码数据", "the encapsulation holds no data"))
                .at(Severity::Error),
        );
    }
}

/// The file is inside: its length must be the one given.
fn embedded(encoding: &Encoding, path: &str, faults: &mut Vec<Finding>) {
    let (name, found) = (&encoding.name, encoding.data_bytes);
    if encoding.bytes.trim_end_matches(['B', 'b', '字', '节']).trim().parse() != Ok(found) {
        let said = &encoding.bytes;
        faults.push(
            fault(
                path,
                text!(
                    "{name} 的计算机文件大小为“{said}”，内容 {found} 字节",
                    "{name} should be “{said}” long, its data is {found} bytes"
                ),
            )
            .at(Severity::Warning),
        );
    }
}

/// The file lies beside, and its digest is inside.
fn beside(tree: &Tree, seen: &[Seen], eep: &Eep, encoding: &Encoding, path: &str, faults: &mut Vec<Finding>) {
    let folder = eep.values.get("当前位置").map_or("", String::as_str);
    let file = if folder.is_empty() { encoding.name.clone() } else { format!("{folder}/{}", encoding.name) };
    // The place is told from a folder the encapsulation lies below: the nearest one where it holds.
    let parent = |path: &str| path.rfind('/').unwrap_or(0);
    let mut above = parent(path);
    let found = loop {
        let wanted = if above == 0 { file.clone() } else { format!("{}/{file}", &path[..above]) };
        let at = tree.entries().binary_search_by(|entry| entry.path.as_str().cmp(&wanted)).ok();
        if at.is_some() || above == 0 {
            break at;
        }
        above = parent(&path[..above]);
    };
    let Some(at) = found.filter(|_| names::fault(&file).is_none()) else {
        faults.push(
            fault(path, text!("所指的文件 {file} 不在包中", "the file {file} it speaks of is not there"))
                .at(Severity::Error),
        );
        return;
    };
    let file = &tree.entries()[at].path;
    if encoding.bytes.parse() != Ok(tree.entries()[at].bytes) {
        faults.push(
            fault(file, text!("长度与 {path} 所记不同", "its length is not the one {path} gives"))
                .at(Severity::Error),
        );
    }
    let expected = STANDARD.decode(&encoding.data).map(|bytes| hex(&bytes)).unwrap_or_default();
    if seen[at].digests.get(&Algorithm::Sha256).is_some_and(|digest| *digest != expected) {
        faults.push(
            fault(file, text!("摘要与 {path} 所记不同", "its digest is not the one {path} gives"))
                .at(Severity::Error),
        );
    }
}
