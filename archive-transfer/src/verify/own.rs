//! Our machine records against the package they lie in.

use std::collections::BTreeSet;

use archive_core::finding::{Finding, Place, Severity};
use archive_core::hex;
use archive_core::model::{Item, ItemId, SecrecyLevel, Tie, Volume};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

use super::checks::Results;
use super::ledger::Ledger;
use super::seen::Seen;
use super::{Facts, Kind};
use crate::digest::Algorithm;
use crate::findings::Findings;
use crate::layout;
use crate::names;
use crate::receive::{OpenError, RecordsIn};
use crate::records::FileRecord;
use crate::tree::{Tree, fault};

/// Judges the records, if there are any.
pub(super) fn judge(
    tree: &Tree,
    seen: &Seen<'_>,
    ledger: &mut Ledger,
    findings: &mut Findings,
    facts: &mut Facts,
    results: &mut Results,
) {
    let records = match RecordsIn::find(tree) {
        Ok(None) => return,
        Ok(Some(records)) => records,
        Err(error) => return findings.push(unreadable(&error)),
    };
    facts.add(Kind::Archive);
    facts.items = records.record().items;
    if tree.find("manifest-sha256.txt").is_some() && tree.find("tagmanifest-sha256.txt").is_none() {
        findings.push(
            fault(
                "tagmanifest-sha256.txt",
                Text::fixed("缺失：本程序制的包都有标签清单", "missing: every package of ours has it"),
            )
            .at(Severity::Error),
        );
    }
    let before = findings.errors();
    let (files, items) = (records.record().files, records.record().items);
    let against = Against { tree, seen, records: &records, ids: BTreeSet::new(), wrong: 0, findings };
    match against.all(ledger) {
        Ok(wrong) => {
            results.judge("2-1", true, text!("记录 {items} 件", "{items} items recorded"));
            let wrong = wrong + findings.errors() - before;
            let said = text!(
                "{files} 个文件的名称、长度、摘要与记录比对，不符 {wrong} 处",
                "name, length and digest of {files} files against the records: {wrong} faults"
            );
            results.judge("1-10", wrong == 0, said);
            let said = Text::fixed("有制包和核对事件（PREMIS）", "packing and fixity events (PREMIS)");
            results.judge("2-5", true, said);
        }
        Err(error) => {
            results.judge("2-10", false, Text::fixed("记录有误", "the records are faulty"));
            findings.push(unreadable(&error));
        }
    }
}

/// The records, compared with the package they lie in. They are read one by one: there may be a million.
struct Against<'a> {
    tree: &'a Tree,
    seen: &'a Seen<'a>,
    records: &'a RecordsIn<'a>,
    ids: BTreeSet<ItemId>,
    /// Differences that went into the ledger.
    wrong: usize,
    findings: &'a mut Findings,
}

impl Against<'_> {
    fn all(mut self, ledger: &mut Ledger) -> Result<usize, OpenError> {
        let records = self.records;
        let record = records.record();
        let found = records.each(layout::RECORDS_ITEMS, |item| self.item(&item))?;
        self.counted(layout::RECORDS_ITEMS, record.items, found);
        let found = records.each(layout::RECORDS_VOLUMES, |volume| self.volume(&volume))?;
        self.counted(layout::RECORDS_VOLUMES, record.volumes, found);
        records.each(layout::RECORDS_TIES, |_: Tie| {})?;
        let found = records.each(layout::RECORDS_FILES, |file| self.file(&file, ledger))?;
        self.counted(layout::RECORDS_FILES, record.files, found);
        Ok(self.wrong)
    }

    fn counted(&mut self, name: &str, expected: u64, found: u64) {
        if expected != found {
            let said = text!(
                "记录应有 {expected} 条，实有 {found} 条",
                "should hold {expected} records, holds {found}"
            );
            self.findings.push(fault(self.records.path(name), said).at(Severity::Error));
        }
    }

    fn item(&mut self, item: &Item) {
        self.ids.insert(item.id);
        if item.secrecy.level != SecrecyLevel::None {
            let place = Place { item: Some(item.row.clone()), ..Place::default() };
            let said = Text::fixed("是涉密件，不得装入移交包", "is classified and must not be in a package");
            self.findings.push(Finding::new(RuleId::S1, place, said).at(Severity::Error));
        }
    }

    fn volume(&mut self, volume: &Volume) {
        let code = volume.number.as_ref().map(|number| number.code.clone());
        let place = Place { volume: code, ..Place::default() };
        // By the item method a box goes on from the one before it, and parts of one 件 share a number.
        let mut last: Option<u32> = None;
        for (entry, at) in volume.entries.iter().zip(1_usize..) {
            if !self.ids.contains(&entry.item) {
                let said =
                    Text::fixed("案卷里有此件，记录里没有", "an item of the volume is not among the records");
                self.findings.push(Finding::new(RuleId::X5, place.clone(), said).at(Severity::Error));
            }
            let follows = match (last, entry.item_no) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some(last), Some(no)) => no == last || Some(no) == last.checked_add(1),
            };
            last = entry.item_no.or(last);
            if !follows {
                let said = text!("第 {at} 件的件号不连续", "item {at} breaks the run of item numbers");
                self.findings.push(Finding::new(RuleId::K3, place.clone(), said).at(Severity::Warning));
            }
        }
    }

    fn file(&mut self, file: &FileRecord, ledger: &mut Ledger) {
        let list = self.records.path(layout::RECORDS_FILES);
        let FileRecord { path, .. } = file;
        if let Some(reason) = names::fault(path) {
            let (zh, en) = (&reason.zh, &reason.en);
            let said =
                Text::new(format!("路径 {path} 不安全：{zh}"), format!("the path {path} is unsafe: {en}"));
            return self.findings.push(fault(list, said).at(Severity::Error));
        }
        if !self.ids.contains(&file.item) {
            let said = text!("{path} 不属于任何一件", "{path} belongs to no item");
            self.findings.push(fault(&list, said).at(Severity::Error));
        }
        let Some(at) = self.tree.place(path) else {
            self.wrong += 1;
            return ledger.missing(path, &list);
        };
        let entry = self.tree.entry(at);
        if entry.bytes != file.bytes {
            self.wrong += 1;
            ledger.length(path, &list, &file.bytes.to_string(), entry.bytes);
        }
        let Some(expected) = hex::decode(&file.sha256) else {
            let said = text!("{path} 的摘要不成其为摘要", "the digest of {path} is none");
            return self.findings.push(fault(&list, said).at(Severity::Error));
        };
        if let Some(found) = self.seen.digest(at, Algorithm::Sha256) {
            self.wrong += usize::from(*found != *expected);
            ledger.digest((at, path), &list, Algorithm::Sha256, &expected, found);
        }
    }
}

fn unreadable(error: &OpenError) -> Finding {
    let file = match error {
        OpenError::Damaged { file, .. } => file.clone(),
        _ => layout::RECORDS_PACKAGE.to_owned(),
    };
    let Text { zh, en } = error.message();
    fault(file, text!("记录不可用：{zh}", "the records can't be used: {en}")).at(Severity::Error)
}
