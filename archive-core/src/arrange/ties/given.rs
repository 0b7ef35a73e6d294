//! Ties that the register gives (关联序号, 关联关系) and those a person confirmed.

use std::collections::HashSet;

use crate::finding::{Finding, Place, Severity};
use crate::model::{Item, TieKind, TieSource};
use crate::rules::RuleId;
use crate::text;

use super::Link;
use crate::arrange::facts::{Desk, Index, hash, tidy_row};

fn place_of(item: &Item, column: &str) -> Place {
    Place {
        file: (!item.origin.register.is_empty()).then(|| item.origin.register.clone()),
        row: (item.origin.row > 0).then_some(item.origin.row),
        column: Some(column.to_owned()),
        item: Some(item.row.clone()),
        ..Place::default()
    }
}

fn row_key(register: &str, row: &str) -> u64 {
    hash(register).rotate_left(17) ^ hash(row)
}

/// Resolves the given ties; those that can't hold become findings.
pub(super) fn resolve(desk: &Desk<'_>) -> (Vec<Link>, Vec<Finding>) {
    let mut links = Vec::new();
    let mut findings = Vec::new();
    let mut seen: HashSet<(u32, u32, TieKind)> = HashSet::new();
    let any = (0..desk.len()).any(|place| !desk.item(place).ties.is_empty());
    let rows = if any {
        let rows = desk.items.iter().enumerate().map(|(index, item)| {
            (row_key(&item.origin.register, &tidy_row(&item.row)), u32::try_from(index).unwrap_or(u32::MAX))
        });
        Index::new(rows.collect())
    } else {
        Index::default()
    };
    for from in 0..desk.len() {
        let item = desk.item(from);
        for stated in &item.ties {
            let wanted = tidy_row(&stated.to_row);
            let row = &item.row;
            let to_row = &stated.to_row;
            if wanted == tidy_row(row) {
                findings.push(Finding::new(
                    RuleId::I4,
                    place_of(item, "关联序号"),
                    text!("序号 {row} 关联到自己", "row {row} is tied to itself"),
                ));
                continue;
            }
            let candidates: Vec<u32> = rows
                .of(row_key(&item.origin.register, &wanted))
                .iter()
                .map(|pair| pair.1)
                .filter(|index| {
                    let other = &desk.items[*index as usize];
                    other.origin.register == item.origin.register && tidy_row(&other.row) == wanted
                })
                .collect();
            let target = match candidates.as_slice() {
                [] => {
                    findings.push(Finding::new(
                        RuleId::I4,
                        place_of(item, "关联序号"),
                        text!(
                            "序号 {row} 关联到序号 {to_row}，登记表中没有这一行",
                            "row {row} is tied to row {to_row}, which isn't in the register"
                        ),
                    ));
                    continue;
                }
                [one] => desk.items[*one as usize].id,
                several => {
                    let count = several.len();
                    findings.push(Finding::new(
                        RuleId::I4,
                        place_of(item, "关联序号"),
                        text!(
                            "序号 {row} 关联到序号 {to_row}，而这一序号有 {count} 行",
                            "row {row} is tied to row {to_row}, and {count} rows bear that number"
                        ),
                    ));
                    continue;
                }
            };
            let Some(to) = desk.place(target) else {
                findings.push(
                    Finding::new(
                        RuleId::S1,
                        place_of(item, "关联序号"),
                        text!(
                            "序号 {row} 关联的序号 {to_row} 不入卷（涉密或另存），关联未用",
                            "row {row} is tied to row {to_row}, which is kept out of the volumes; the tie isn't used"
                        ),
                    )
                    .at(Severity::Info),
                );
                continue;
            };
            if !seen.insert((from, to, stated.kind)) {
                let kind = stated.kind;
                findings.push(
                    Finding::new(
                        RuleId::I4,
                        place_of(item, "关联序号"),
                        text!(
                            "序号 {row} 到序号 {to_row} 的关联（{kind}）写了两次",
                            "the tie from row {row} to row {to_row} ({kind}) is given twice"
                        ),
                    )
                    .at(Severity::Warning),
                );
                continue;
            }
            links.push(Link { from, to, kind: stated.kind, source: TieSource::Given });
        }
    }
    for key in &desk.decisions.confirmed_ties {
        if let (Some(from), Some(to)) = (desk.place(key.from), desk.place(key.to))
            && from != to
            && seen.insert((from, to, key.kind))
        {
            links.push(Link { from, to, kind: key.kind, source: TieSource::Given });
        }
    }
    links.retain(|link| {
        let (from, to) = (desk.item(link.from).id, desk.item(link.to).id);
        let key = crate::arrange::decisions::TieKey { from, to, kind: link.kind };
        !desk.decisions.refused_ties.contains(&key)
    });
    (links, findings)
}
