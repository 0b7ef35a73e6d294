//! What may not go over, and why: all of it at once, before a byte is written.

use std::collections::{BTreeMap, BTreeSet};

use archive_core::finding::{self, Finding, Place, Severity};
use archive_core::model::{Item, ItemId, SecrecyLevel};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

use crate::package::Package;

/// Everything that stands against handing this package over.
pub(super) fn reasons(package: &Package<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let items: BTreeMap<ItemId, &Item> = package.items.iter().map(|item| (item.id, item)).collect();
    if items.len() != package.items.len() {
        findings.push(of(
            RuleId::K3,
            Place::default(),
            Text::fixed("有两件编号相同", "two items share an identity"),
        ));
    }
    if package.arrangement.volumes.is_empty() {
        findings.push(
            of(
                RuleId::X1,
                Place::default(),
                Text::fixed("没有可移交的案卷", "there is no volume to hand over"),
            )
            .with_help(Text::fixed("先立卷、编号，再移交", "arrange and number the records first")),
        );
    }
    let mut placed = BTreeSet::new();
    let mut codes = BTreeSet::new();
    for volume in &package.arrangement.volumes {
        let shown = volume.number.as_ref().map_or(&volume.title, |number| &number.code);
        let place = Place { volume: Some(shown.clone()), ..Place::default() };
        if volume.number.is_none() {
            findings.push(unnumbered(place.clone(), Text::fixed("案卷没有编号", "the volume has no number")));
        }
        for (entry, label) in volume.entries.iter().zip(package.labels(volume)) {
            let code = label.map(|label| label.name());
            let row =
                items.get(&entry.item).map_or_else(|| entry.item.0.to_string(), |item| item.row.clone());
            let place = Place { item: Some(code.clone().unwrap_or(row)), ..place.clone() };
            placed.insert(entry.item);
            if entry.item_no.is_none() {
                findings.push(unnumbered(place.clone(), Text::fixed("没有件号", "the item has no number")));
            }
            if let Some(code) = code
                && !codes.insert(code.clone())
            {
                findings.push(of(
                    RuleId::K3,
                    place.clone(),
                    text!("档号 {code} 重复", "the code {code} stands twice"),
                ));
            }
            if entry.title.trim().is_empty() {
                let place = Place { field: Some("题名".to_owned()), ..place.clone() };
                findings.push(of(RuleId::L1, place, Text::fixed("题名为空", "it has no title")));
            }
            match items.get(&entry.item) {
                None => {
                    let said =
                        Text::fixed("案卷里有此件，记录里没有", "it is in a volume but not among the items");
                    findings.push(of(RuleId::X1, place, said));
                }
                Some(item) => findings.extend(of_item(package, item, &place)),
            }
        }
    }
    for item in package.items.iter().filter(|item| !placed.contains(&item.id)) {
        let place = Place { item: Some(item.row.clone()), ..Place::default() };
        findings.push(unnumbered(place, Text::fixed("不在任何案卷中", "the item is in no volume")));
    }
    let open = package.findings.iter().filter(|found| found.severity == Severity::Error);
    findings.extend(open.filter(|found| !package.exceptions.iter().any(|e| e.covers(found))).cloned());
    finding::sort(&mut findings);
    findings.dedup();
    findings
}

fn of_item(package: &Package<'_>, item: &Item, place: &Place) -> Option<Finding> {
    if item.secrecy.level != SecrecyLevel::None {
        let level = item.secrecy.level.word();
        return Some(
            of(
                RuleId::S1,
                place.clone(),
                text!(
                    "是{level}件，不得装入移交包",
                    "is classified ({level}) and must not go into a package"
                ),
            )
            .with_help(Text::fixed(
                "涉密档案按保密规定另行移交",
                "classified records are handed over apart, by the rules on secrecy",
            )),
        );
    }
    package.lent.contains(&item.id).then(|| {
        of(RuleId::U8, place.clone(), Text::fixed("借出未还", "is out on loan"))
            .with_help(Text::fixed("收回后再移交", "hand it over once it is back"))
    })
}

fn unnumbered(place: Place, said: Text) -> Finding {
    of(RuleId::K3, place, said)
        .with_help(Text::fixed("先编号：archive number", "number the records first: archive number"))
}

fn of(rule: RuleId, place: Place, said: Text) -> Finding {
    Finding::new(rule, place, said).at(Severity::Error)
}
