//! What the cells say, joined with what the plan means.

use std::collections::HashSet;

use archive_core::arrange::{Plan, PlanTable, arrange};
use archive_core::finding::{self, Finding, Place, Severity};
use archive_core::model::{Arrangement, Item, ItemId};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

use super::read::Tables;
use super::{PlanReading, Proposal};

/// Carries a plan out, or says everything that is wrong with it.
pub(super) fn apply(proposal: Proposal<'_>, tables: &Tables<'_>) -> PlanReading {
    let Proposal { items, institution, profile, decisions, arrangement } = proposal;
    let made_of = tables.made_of();
    let known: HashSet<ItemId> = made_of.iter().map(|(item, _)| *item).collect();
    let then: Vec<Item>;
    let arranged_then: Arrangement;
    // Without the items that came since, the proposal is what it was when the plan was written.
    let has_late = items.iter().any(|item| !known.contains(&item.id));
    let (items_then, arrangement_then) = if has_late {
        then = items.iter().filter(|item| known.contains(&item.id)).cloned().collect();
        arranged_then = arrange(&then, institution, profile, decisions);
        (then.as_slice(), &arranged_then)
    } else {
        (items, arrangement)
    };
    let base = Plan::of(arrangement_then, items_then, profile, decisions);
    let stands = base.contents.iter().map(|entry| (entry.item, entry.volume.clone()));
    if !stands.eq(made_of) {
        let (place, _) = tables.of(PlanTable::Volumes).locate(None, "");
        return PlanReading { result: None, findings: vec![outgrown(Place { column: None, ..place })] };
    }

    let (plan, mut findings) = tables.plan(&base, items_then, profile);
    let result = match plan.carry_out(arrangement_then, items_then, institution, profile, decisions) {
        Ok((decided, arranged)) => {
            let arranged = if has_late { arrange(items, institution, profile, &decided) } else { arranged };
            Some((decided, arranged))
        }
        Err(faults) => {
            findings.extend(faults.into_iter().map(|fault| located(fault, tables)));
            None
        }
    };
    finding::sort(&mut findings);
    let result = result.filter(|_| findings.iter().all(|finding| finding.severity != Severity::Error));
    PlanReading { result, findings }
}

/// A fault of the plan with the workbook's name, and the cell as a person would point to it.
fn located(fault: Finding, tables: &Tables<'_>) -> Finding {
    let column = fault.place.column.as_deref().and_then(|column| column.split_once('!'));
    let Some((sheet, header)) = column else { return fault };
    let all = [PlanTable::Volumes, PlanTable::Contents, PlanTable::Ties];
    let Some(table) = all.into_iter().find(|table| table.name() == sheet) else { return fault };
    let (place, address) = tables.of(table).locate(fault.place.row, header);
    let Text { zh, en } = &fault.message;
    let message = text!("{address}{zh}", "{address}{en}");
    Finding { place: Place { item: fault.place.item.clone(), ..place }, message, ..fault }
}

fn outgrown(place: Place) -> Finding {
    Finding::new(
        RuleId::I1,
        place,
        Text::fixed(
            "方案导出以后，库中的文件或决定有了变动，这份方案已不相符",
            "the repository's items or decisions have changed since this plan was written: it no longer fits",
        ),
    )
    .at(Severity::Error)
    .with_help(Text::fixed(
        "请重新导出方案，把改动移过去",
        "write the plan again, and carry your changes over",
    ))
}
