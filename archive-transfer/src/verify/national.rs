//! The national layouts: the carrier of 档发〔2012〕7号 and the item package of DA/T 93-2022.
//!
//! Both are a folder with 说明文件.TXT and a list; they differ in the list's name and in how content lies
//! below. A package may be both, as ours are. The rows of the lists are what the metadata tests of
//! DA/T 70 are run on, since every package of this kind has them.

use std::collections::{BTreeMap, BTreeSet};

use archive_core::finding::{Finding, Place, Severity};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

use super::checks::Results;
use super::csip::by_folder;
use super::documents::{Document, List};
use super::inspect::Seen;
use super::metadata::{self, Row};
use super::{Facts, Kind};
use crate::layout;
use crate::names;
use crate::tree::{Tree, fault};

/// The largest 说明文件 read.
const MAX_EXPLANATION: u64 = 1 << 20;
/// What 说明文件 must say (DA/T 93).
const REQUIRED_LINES: [&str; 5] = ["移交单位", "内容描述", "起止档号", "档案数量", "软硬件环境"];
/// Columns of the DA/T 93 list; 页数 may be left out.
const COLUMNS_93: [&str; 8] = ["顺序号", "档号", "责任者", "题名", "日期", "保管期限", "密级", "备注"];
/// Columns of the lists of 2012.
const COLUMNS_2012: [&str; 8] = ["顺序号", "档号", "责任者", "题名", "日期", "密级", "电子档案名称", "备注"];

/// Judges every national list in the package.
pub(super) fn judge(
    tree: &Tree,
    seen: &[Seen],
    findings: &mut Vec<Finding>,
    facts: &mut Facts,
    results: &mut Results,
) {
    for (entry, seen) in tree.entries().iter().zip(seen) {
        let Some(Document::List(list)) = &seen.document else { continue };
        let (folder, name) = entry.path.rsplit_once('/').unwrap_or(("", &entry.path));
        let dat93 = name.eq_ignore_ascii_case(layout::DAT93_LIST);
        facts.add(if dat93 { Kind::Dat93 } else { Kind::Carrier2012 });
        let columns = if dat93 { COLUMNS_93 } else { COLUMNS_2012 };
        metadata::judge(&rows(&entry.path, list, &columns), findings, results);
        facts.items = facts.items.max(if list.of_volumes { 0 } else { list.rows.len() as u64 });
        let declared = explanation(tree, folder, findings, results);
        if dat93 {
            let counted = list.rows.len();
            if let Some(declared) = declared.as_ref().and_then(|lines| lines.get("档案数量")) {
                let passed = declared.trim_end_matches('件').trim().parse() == Ok(counted);
                results.judge(
                    "2-1",
                    passed,
                    text!(
                        "说明 {declared}，目录 {counted} 件",
                        "declared {declared}, the list has {counted}"
                    ),
                );
                if !passed {
                    let said = text!(
                        "档案数量为 {declared}，目录列 {counted} 件",
                        "declares {declared} items, the list has {counted}"
                    );
                    findings.push(fault(in_folder(folder, layout::EXPLANATION), said).at(Severity::Error));
                }
            }
            item_folders(tree, folder, &entry.path, list, findings, results);
        } else {
            names_of_2012(tree, folder, &entry.path, list, findings, results);
        }
    }
}

fn in_folder(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn rows<'a>(path: &'a str, list: &'a List, columns: &'a [&'a str]) -> Vec<Row<'a>> {
    let of =
        |(index, values)| Row { file: path, serial: index, values, columns, of_volumes: list.of_volumes };
    list.rows.iter().enumerate().map(|(index, values)| of((index + 1, values))).collect()
}

/// The lines of 说明文件.TXT beside the list.
fn explanation(
    tree: &Tree,
    folder: &str,
    findings: &mut Vec<Finding>,
    results: &mut Results,
) -> Option<BTreeMap<String, String>> {
    let path = in_folder(folder, layout::EXPLANATION);
    let entry = tree.find(&path).or_else(|| tree.find(&in_folder(folder, "说明文件.txt")));
    let Some(bytes) = entry.and_then(|entry| tree.read(entry, MAX_EXPLANATION).ok()) else {
        results.judge("1-12", false, Text::fixed("缺说明文件", "the explanatory file is missing"));
        findings.push(
            fault(path, Text::fixed("缺少说明文件", "the explanatory file is missing")).at(Severity::Error),
        );
        return None;
    };
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => encoding_rs::GB18030.decode(error.as_bytes()).0.into_owned(),
    };
    let lines: BTreeMap<String, String> = text
        .lines()
        .filter_map(|line| line.trim_start_matches('\u{FEFF}').split_once(['：', ':', '=']))
        .map(|(label, value)| (label.trim().to_owned(), value.trim().to_owned()))
        .collect();
    let missing: Vec<&str> =
        REQUIRED_LINES.into_iter().filter(|label| lines.get(*label).is_none_or(String::is_empty)).collect();
    results.judge(
        "1-12",
        missing.is_empty(),
        Text::fixed("说明文件的必填各行", "required lines of the explanatory file"),
    );
    if !missing.is_empty() {
        let missing = missing.join("、");
        let said = text!("说明文件缺：{missing}", "the explanatory file lacks {missing}");
        findings.push(fault(path, said).at(Severity::Warning));
    }
    Some(lines)
}

/// DA/T 93: a folder for each item of the list, with metadata and content; no folder beside.
fn item_folders(
    tree: &Tree,
    base: &str,
    list_path: &str,
    list: &List,
    findings: &mut Vec<Finding>,
    results: &mut Results,
) {
    let before = findings.len();
    let inside = |folder: &str| {
        !folder.is_empty()
            && (base.is_empty() || folder.strip_prefix(base).is_some_and(|rest| rest.starts_with('/')))
    };
    let folders = by_folder(tree);
    let mut by_name: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for folder in folders.keys().filter(|folder| inside(folder)) {
        by_name.entry(folder.rsplit('/').next().unwrap_or(folder)).or_default().push(folder);
    }
    let mut named = BTreeSet::new();
    for (index, row) in list.rows.iter().enumerate() {
        let Some(code) = row.get("档号").filter(|code| !code.is_empty()) else { continue };
        let found = by_name.get(code.as_str()).or_else(|| by_name.get(names::safe(code).as_str()));
        let Some(folder) = found.and_then(|folders| folders.first()) else {
            let place = Place {
                file: Some(list_path.to_owned()),
                row: u32::try_from(index + 1).ok(),
                item: Some(code.clone()),
                ..Place::default()
            };
            let said = text!(
                "目录有 {code}，没有这个档号的文件夹",
                "the list has {code}, there is no folder for it"
            );
            findings.push(Finding::new(RuleId::X5, place, said).at(Severity::Error));
            continue;
        };
        named.insert(*folder);
        let files = &folders[folder];
        let metadata = files.iter().filter(|at| is_item_metadata(&tree.entries()[**at].path)).count();
        if metadata == 0 {
            let said = text!("{code} 缺元数据文件", "{code} has no metadata file");
            findings.push(fault(*folder, said).at(Severity::Error));
        }
        if metadata == files.len() {
            findings.push(
                fault(*folder, text!("{code} 没有内容文件", "{code} has no content")).at(Severity::Error),
            );
        }
    }
    let other = in_folder(base, "其他");
    for (folder, files) in folders.iter().filter(|(folder, _)| inside(folder)) {
        if named.contains(folder) || *folder == other || folder.starts_with(&format!("{other}/")) {
            continue;
        }
        for at in files {
            let said = Text::fixed("多余：不属于目录中的任何一件", "extra: belongs to no item of the list");
            findings.push(fault(&tree.entries()[*at].path, said).at(Severity::Error));
        }
    }
    let (items, wrong) = (list.rows.len(), findings.len() - before);
    results.judge(
        "1-11",
        wrong == 0,
        text!("{items} 件逐件对应文件夹", "{items} items matched with their folders"),
    );
    results.judge("2-10", wrong == 0, text!("{items} 件的元数据文件", "metadata files of {items} items"));
}

fn is_item_metadata(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with("电子档案") && (name.ends_with("元数据.XML") || name.ends_with("元数据.xml"))
}

/// 2012: each 电子档案名称 names a file or folder below the carrier's root.
fn names_of_2012(
    tree: &Tree,
    base: &str,
    list_path: &str,
    list: &List,
    findings: &mut Vec<Finding>,
    results: &mut Results,
) {
    let mut wrong = 0_usize;
    let mut named = 0_usize;
    for (index, row) in list.rows.iter().enumerate() {
        let Some(name) =
            row.get("电子档案名称").map(|name| name.trim_matches('/')).filter(|name| !name.is_empty())
        else {
            continue;
        };
        named += 1;
        let path = in_folder(base, name);
        let there = names::fault(name).is_none()
            && (tree.find(&path).is_some() || tree.below(&format!("{path}/")).next().is_some());
        if !there {
            wrong += 1;
            let place = Place {
                file: Some(list_path.to_owned()),
                row: u32::try_from(index + 1).ok(),
                item: row.get("档号").cloned(),
                field: Some("电子档案名称".to_owned()),
                ..Place::default()
            };
            let said = text!("{name} 不在包中", "{name} is not in the package");
            findings.push(Finding::new(RuleId::X5, place, said).at(Severity::Error));
        }
    }
    results.judge(
        "1-11",
        wrong == 0,
        text!(
            "目录所指 {named} 处，缺 {wrong} 处",
            "the list points to {named} places, {wrong} of them missing"
        ),
    );
}
