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
use super::documents::{List, is_item_metadata};
use super::ledger::Ledger;
use super::metadata::{self, Row};
use super::{Facts, Kind};
use crate::findings::Findings;
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

/// The national lists of a package, heard one after the other in whatever order they are read.
pub(super) struct Lists<'a> {
    tree: &'a Tree,
    carriers: BTreeMap<&'a str, Carrier<'a>>,
    /// What the tests said of each, by its place: told in that order.
    results: BTreeMap<usize, Results>,
}

impl<'a> Lists<'a> {
    pub(super) const fn new(tree: &'a Tree) -> Self {
        Self { tree, carriers: BTreeMap::new(), results: BTreeMap::new() }
    }

    /// Judges the list at a place.
    pub(super) fn hear(
        &mut self,
        at: usize,
        list: &List,
        ledger: &mut Ledger,
        findings: &mut Findings,
        facts: &mut Facts,
    ) {
        let tree = self.tree;
        let results = self.results.entry(at).or_default();
        let path = tree.entry(at).path;
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let dat93 = name.eq_ignore_ascii_case(layout::DAT93_LIST);
        facts.add(if dat93 { Kind::Dat93 } else { Kind::Carrier2012 });
        let declared =
            if dat93 { explanation(tree, folder, &REQUIRED_LINES, findings, results) } else { None };
        let declared = declared.as_ref().and_then(|lines| lines.get("档案数量"));
        // Where all items are on paper the list says the truth.
        if list.rows.is_empty() && declared.is_none_or(|declared| number(declared) != Some(0)) {
            let said = Text::fixed("目录是空的，什么也没有核对", "the list is empty: nothing was checked");
            findings.push(fault(path, said).at(Severity::Error));
            results.judge("1-12", false, Text::fixed("目录是空的", "a list is empty"));
        }
        if list.rows.cut() {
            let said =
                Text::fixed("目录过长，其后没有核对", "the list is too long: nothing after that was checked");
            findings.push(fault(path, said.clone()).at(Severity::Error));
            results.judge("1-12", false, said);
        }
        let columns = if dat93 { COLUMNS_93 } else { COLUMNS_2012 };
        metadata::judge(rows(path, list, &columns), findings, results);
        facts.items = facts.items.max(if list.of_volumes { 0 } else { list.rows.len() as u64 });
        if dat93 {
            if let Some(declared) = declared {
                declared_number(declared, list.rows.len(), folder, findings, results);
            }
            Items { tree, base: folder, list_path: path, list }.judge(ledger, findings, results);
        } else {
            let carrier = self.carriers.entry(folder).or_insert_with(|| Carrier::new(tree, folder));
            carrier.take(path, list, ledger, findings);
        }
    }

    /// Says what came of them, when all were heard.
    pub(super) fn judge(self, ledger: &mut Ledger, findings: &mut Findings, results: &mut Results) {
        for of_one in self.results.into_values() {
            results.join(of_one);
        }
        for (folder, carrier) in self.carriers {
            explanation(self.tree, folder, &[], findings, results);
            carrier.judge(ledger, results);
        }
    }
}

/// A number of items as 说明文件 gives it.
fn number(said: &str) -> Option<usize> {
    said.trim_end_matches(['件', '份']).trim().parse().ok()
}

fn declared_number(
    declared: &str,
    counted: usize,
    folder: &str,
    findings: &mut Findings,
    results: &mut Results,
) {
    let passed = number(declared) == Some(counted);
    let said = text!("说明 {declared}，目录 {counted} 件", "declared {declared}, the list has {counted}");
    results.judge("2-1", passed, said);
    if !passed {
        let said = text!(
            "档案数量为 {declared}，目录列 {counted} 件",
            "declares {declared} items, the list has {counted}"
        );
        findings.push(fault(in_folder(folder, layout::EXPLANATION), said).at(Severity::Error));
    }
}

fn in_folder(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn rows<'a>(path: &'a str, list: &'a List, columns: &'a [&'a str]) -> impl Iterator<Item = Row<'a>> {
    (1..).zip(list.rows.iter()).map(move |(serial, values)| Row {
        file: path,
        serial,
        values,
        columns,
        of_volumes: list.of_volumes,
    })
}

/// The lines of 说明文件.TXT beside the list.
fn explanation(
    tree: &Tree,
    folder: &str,
    required: &[&str],
    findings: &mut Findings,
    results: &mut Results,
) -> Option<BTreeMap<String, String>> {
    let path = in_folder(folder, layout::EXPLANATION);
    let entry = tree
        .find(&path)
        .or_else(|| tree.find(&in_folder(folder, "说明文件.txt")))
        .or_else(|| tree.find(&in_folder(folder, "说明文件.Txt")));
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
        required.iter().copied().filter(|label| lines.get(*label).is_none_or(String::is_empty)).collect();
    let said = Text::fixed("说明文件的必填各行", "required lines of the explanatory file");
    results.judge("1-12", missing.is_empty() && !lines.is_empty(), said);
    if lines.is_empty() {
        let said = Text::fixed("说明文件里没有“名称：值”的行", "the explanatory file has no label and value");
        findings.push(fault(&path, said).at(Severity::Error));
    }
    if !missing.is_empty() {
        let missing = missing.join("、");
        let said = text!("说明文件缺：{missing}", "the explanatory file lacks {missing}");
        findings.push(fault(path, said).at(Severity::Error));
    }
    Some(lines)
}

/// DA/T 93: a folder for each item of the list, with metadata and content; no folder and no file beside.
struct Items<'a> {
    tree: &'a Tree,
    base: &'a str,
    list_path: &'a str,
    list: &'a List,
}

impl Items<'_> {
    fn inside(&self, folder: &str) -> bool {
        !folder.is_empty()
            && (self.base.is_empty()
                || folder.strip_prefix(self.base).is_some_and(|rest| rest.starts_with('/')))
    }

    fn judge(&self, ledger: &mut Ledger, findings: &mut Findings, results: &mut Results) {
        let before = findings.errors();
        let folders = by_folder(self.tree);
        let mut by_name: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let all: BTreeSet<&str> = folders.keys().flat_map(|folder| with_parents(folder)).collect();
        for folder in all.into_iter().filter(|folder| self.inside(folder)) {
            by_name.entry(folder.rsplit('/').next().unwrap_or(folder)).or_default().push(folder);
        }
        let mut named = BTreeSet::new();
        for (row, values) in (1..).zip(self.list.rows.iter()) {
            let Some(code) = values.get("档号").filter(|code| !code.is_empty()) else { continue };
            let found = by_name.get(code).or_else(|| by_name.get(names::safe(code).as_str()));
            let Some((folder, others)) = found.and_then(|folders| folders.split_first()) else {
                let said = text!(
                    "缺失：目录有 {code}，没有这个档号的文件夹",
                    "missing: the list has {code}, there is no folder for it"
                );
                findings.push(self.of_row(row, code, said));
                continue;
            };
            for other in others {
                let said =
                    text!("重复：{code} 另有文件夹 {other}", "doubled: {code} has another folder, {other}");
                findings.push(self.of_row(row, code, said));
            }
            named.insert(*folder);
            self.of_item(folder, code, findings);
        }
        let mut extra = 0_usize;
        let other = in_folder(self.base, "其他");
        for (folder, files) in &folders {
            let known = *folder == other
                || folder.starts_with(&format!("{other}/"))
                || with_parents(folder).any(|folder| named.contains(folder));
            if known || !(self.inside(folder) || *folder == self.base) {
                continue;
            }
            for at in files {
                let path = self.tree.entry(*at).path;
                if self.inside(folder) || !self.stands_at_the_top(path) {
                    extra += 1;
                    ledger.extra(path, self.list_path);
                }
            }
        }
        let (items, wrong) = (self.list.rows.len(), findings.errors() - before + extra);
        results.judge(
            "1-11",
            wrong == 0,
            text!("{items} 件逐件对应文件夹", "{items} items matched with their folders"),
        );
        results.judge("2-10", wrong == 0, text!("{items} 件的元数据文件", "metadata files of {items} items"));
    }

    fn of_row(&self, row: u32, code: &str, said: Text) -> Finding {
        let place = Place {
            file: Some(self.list_path.to_owned()),
            row: Some(row),
            item: Some(code.to_owned()),
            ..Place::default()
        };
        Finding::new(RuleId::X5, place, said)
            .at(Severity::Error)
            .with_help(Text::fixed("请移交方补交或重新制包", "ask the sender for it"))
    }

    fn of_item(&self, folder: &str, code: &str, findings: &mut Findings) {
        let below = format!("{folder}/");
        let (mut metadata, mut files) = (0_usize, 0_usize);
        for entry in self.tree.below(&below) {
            files += 1;
            metadata += usize::from(is_item_metadata(entry.path));
        }
        if metadata == 0 {
            let said = text!("缺失：{code} 没有元数据文件", "missing: {code} has no metadata file");
            findings.push(fault(folder, said).at(Severity::Error));
        }
        if metadata == files {
            let said = text!("缺失：{code} 没有内容文件", "missing: {code} has no content");
            findings.push(fault(folder, said).at(Severity::Error));
        }
    }

    /// Files that belong beside the list; a bag and METS have theirs there too.
    fn stands_at_the_top(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let whole = self.base.is_empty()
            && (self.tree.find("bagit.txt").is_some() || self.tree.find("METS.xml").is_some());
        let lists = [layout::EXPLANATION, layout::DAT93_LIST, layout::VOLUME_LIST, layout::ITEM_LIST];
        whole || lists.iter().any(|list| list.eq_ignore_ascii_case(name))
    }
}

/// A folder, and those it lies in.
fn with_parents(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| folder.rsplit_once('/').map(|(parent, _)| parent))
}

/// 2012: each 电子档案名称 names files or folders, and nothing else lies below 电子档案.
struct Carrier<'a> {
    tree: &'a Tree,
    base: &'a str,
    lists: Vec<&'a str>,
    /// What the lists name and is there.
    named: BTreeSet<String>,
    wrong: usize,
}

impl<'a> Carrier<'a> {
    const fn new(tree: &'a Tree, base: &'a str) -> Self {
        Self { tree, base, lists: Vec::new(), named: BTreeSet::new(), wrong: 0 }
    }

    fn take(&mut self, path: &'a str, list: &List, ledger: &mut Ledger, findings: &mut Findings) {
        self.lists.push(path);
        let mut by_file = BTreeMap::new();
        for (row, values) in (1..).zip(list.rows.iter()) {
            let named = values.get("电子档案名称").unwrap_or_default();
            for name in named.split([';', '；']).map(str::trim).filter(|name| !name.is_empty()) {
                let place = || Place {
                    file: Some(path.to_owned()),
                    row: Some(row),
                    item: values.get("档号").map(str::to_owned),
                    field: Some("电子档案名称".to_owned()),
                    ..Place::default()
                };
                // Windows writes its own separator.
                let name = name.replace('\\', "/");
                let name = name.trim_matches('/');
                if let Some(reason) = names::fault(name) {
                    self.wrong += 1;
                    let (zh, en) = (&reason.zh, &reason.en);
                    let said = Text::new(
                        format!("路径 {name} 不安全：{zh}"),
                        format!("the path {name} is unsafe: {en}"),
                    );
                    findings.push(Finding::new(RuleId::X5, place(), said).at(Severity::Error));
                    continue;
                }
                let wanted = in_folder(self.base, name);
                let Some(found) = self.place(&wanted, name) else {
                    self.wrong += 1;
                    ledger.missing(&wanted, path);
                    continue;
                };
                let of_item = !list.of_volumes && self.tree.find(&found).is_some();
                if let Some(other) = by_file.insert(found.clone(), row).filter(|_| of_item) {
                    let said = text!(
                        "重复：第 {other} 行也指向 {name}",
                        "doubled: row {other} points to {name} too"
                    );
                    findings.push(Finding::new(RuleId::X5, place(), said).at(Severity::Warning));
                }
                self.named.insert(found);
            }
        }
    }

    /// A file or folder as named, or, where only a file's name is given, the one file of that name.
    fn place(&self, wanted: &str, name: &str) -> Option<String> {
        let is_there =
            self.tree.find(wanted).is_some() || self.tree.below(&format!("{wanted}/")).next().is_some();
        if is_there {
            return Some(wanted.to_owned());
        }
        if name.contains('/') {
            return None;
        }
        let end = format!("/{name}");
        let content = in_folder(self.base, "电子档案/");
        let mut found = self.tree.below(&content).filter(|entry| entry.path.ends_with(&end));
        found.next().filter(|_| found.next().is_none()).map(|entry| entry.path.to_owned())
    }

    fn judge(self, ledger: &mut Ledger, results: &mut Results) {
        let (named, wrong) = (self.named.len() + self.wrong, self.wrong);
        results.judge(
            "1-11",
            wrong == 0,
            text!(
                "目录所指 {named} 处，不符 {wrong} 处",
                "the lists point to {named} places, {wrong} of them wrong"
            ),
        );
        if self.named.is_empty() {
            return;
        }
        let content = in_folder(self.base, "电子档案/");
        for entry in self.tree.below(&content) {
            if !with_parents(entry.path).any(|path| self.named.contains(path)) {
                for list in &self.lists {
                    ledger.extra(entry.path, list);
                }
            }
        }
    }
}
