//! Our machine records against the package they lie in.

use std::collections::BTreeSet;

use archive_core::finding::{Finding, Place, Severity};
use archive_core::model::{ItemId, SecrecyLevel};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

use super::checks::Results;
use super::inspect::Seen;
use super::{Facts, Kind};
use crate::digest::Algorithm;
use crate::receive::{OpenError, RecordsIn};
use crate::tree::{Tree, fault};

/// Judges the records, if there are any.
pub(super) fn judge(
    tree: &Tree,
    seen: &[Seen],
    findings: &mut Vec<Finding>,
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
    match faults(tree, seen, &records) {
        Ok(mut faults) => {
            let (files, items, wrong) = (records.record().files, records.record().items, faults.len());
            results.judge("2-1", true, text!("记录 {items} 件", "{items} items recorded"));
            results.judge(
                "1-10",
                wrong == 0,
                text!(
                    "{files} 个文件的名称、长度、摘要与记录相符",
                    "name, length and digest of {files} files as recorded"
                ),
            );
            results.judge(
                "2-5",
                true,
                Text::fixed("有制包和核对事件（PREMIS）", "packing and fixity events (PREMIS)"),
            );
            findings.append(&mut faults);
        }
        Err(error) => {
            results.judge("2-10", false, Text::fixed("记录有误", "the records are faulty"));
            findings.push(unreadable(&error));
        }
    }
}

fn faults(tree: &Tree, seen: &[Seen], records: &RecordsIn<'_>) -> Result<Vec<Finding>, OpenError> {
    let mut findings = Vec::new();
    let items = records.items()?;
    let ids: BTreeSet<ItemId> = items.iter().map(|item| item.id).collect();
    let volumes = records.volumes()?;
    records.ties()?;
    for item in items.iter().filter(|item| item.secrecy.level != SecrecyLevel::None) {
        let place = Place { item: Some(item.row.clone()), ..Place::default() };
        let said = Text::fixed("是涉密件，不得装入移交包", "is classified and must not be in a package");
        findings.push(Finding::new(RuleId::S1, place, said).at(Severity::Error));
    }
    for volume in &volumes {
        let code = volume.number.as_ref().map(|number| number.code.clone());
        let place = Place { volume: code, ..Place::default() };
        // By the item method a box goes on from the one before it, and parts of one 件 share a number.
        let mut last: Option<u32> = None;
        for (entry, at) in volume.entries.iter().zip(1_usize..) {
            if !ids.contains(&entry.item) {
                let said =
                    Text::fixed("案卷里有此件，记录里没有", "an item of the volume is not among the records");
                findings.push(Finding::new(RuleId::X5, place.clone(), said).at(Severity::Error));
            }
            let follows = match (last, entry.item_no) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some(last), Some(no)) => no == last || Some(no) == last.checked_add(1),
            };
            last = entry.item_no.or(last);
            if !follows {
                let said = text!("第 {at} 件的件号不连续", "item {at} breaks the run of item numbers");
                findings.push(Finding::new(RuleId::K3, place.clone(), said).at(Severity::Warning));
            }
        }
    }
    for file in records.files()? {
        let at = tree.entries().binary_search_by(|entry| entry.path.as_str().cmp(&file.path));
        let digest = at.ok().and_then(|at| seen[at].digests.get(&Algorithm::Sha256));
        if digest.is_some_and(|digest| *digest != file.sha256) {
            let said = Text::fixed("摘要与记录不同", "its digest is not the one recorded");
            findings.push(fault(&file.path, said).at(Severity::Error));
        }
    }
    Ok(findings)
}

fn unreadable(error: &OpenError) -> Finding {
    let file = match error {
        OpenError::Damaged { file, .. } => file.clone(),
        _ => "package.json".to_owned(),
    };
    let Text { zh, en } = error.message();
    fault(file, text!("记录不可用：{zh}", "the records can't be used: {en}")).at(Severity::Error)
}
