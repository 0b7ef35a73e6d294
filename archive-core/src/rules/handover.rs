//! X1 and X2 judged: what was handed over, and whether it was fit to be.
//!
//! X1 compares both sides' counts and asks for both signatures. X2 is the sum of all other findings of what is about to be
//! handed over or came in a package: a volume with errors goes back, unless it was let through on record.

use std::collections::BTreeMap;

use super::checking::Desk;
use super::holdings::{Holdings, Stage};
use super::{ExceptionFact, RuleId};
use crate::finding::{Finding, Place, Severity};
use crate::text;
use crate::text::Text;

/// X1: handovers whose counts differ, or that a side hasn't signed.
pub(super) fn check(desk: &mut Desk<'_>) {
    for handover in &desk.holdings.registers.handovers {
        let (year, listed, counted) = (handover.year, handover.listed, handover.counted);
        let mut say = |field: &str, message: Text| {
            let place = Place { field: Some(field.to_owned()), ..Place::default() };
            desk.findings.push(Finding::new(RuleId::X1, place, message));
        };
        if listed != counted {
            say(
                "数量",
                text!(
                    "{year} 年度移交：目录 {listed} 卷，实收 {counted} 卷",
                    "handover of {year}: {listed} volumes on the list, {counted} received"
                ),
            );
        }
        if handover.sent_by.trim().is_empty() {
            say(
                "移交人",
                text!("{year} 年度移交，移交方没有签字", "handover of {year}: the sender hasn't signed"),
            );
        }
        if handover.received_by.trim().is_empty() {
            say(
                "接收人",
                text!("{year} 年度移交，接收方没有签字", "handover of {year}: the receiver hasn't signed"),
            );
        }
    }
}

/// X2: volumes that fall short at handover, by the findings of all other rules, weighed as the profile has it.
pub(super) fn fall_short(holdings: &Holdings<'_>, findings: &mut Vec<Finding>) {
    let exceptions = &holdings.registers.exceptions;
    let mut more = Vec::new();
    if holdings.stage == Stage::Handover {
        let mut by_volume: BTreeMap<&str, BTreeMap<RuleId, usize>> = BTreeMap::new();
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
        for (volume, rule) in errors.filter_map(|one| Some((one.place.volume.as_deref()?, one.rule))) {
            *by_volume.entry(volume).or_default().entry(rule).or_default() += 1;
        }
        for (volume, rules) in by_volume {
            let excepted = |one: &&ExceptionFact| one.volume == volume;
            if exceptions.iter().any(|one| excepted(&one)) {
                continue;
            }
            let faults: Vec<String> = rules.iter().map(|(rule, count)| format!("{rule}×{count}")).collect();
            let faults = faults.join("、");
            let place = Place { volume: Some(volume.to_owned()), ..Place::default() };
            let message = text!(
                "不合要求，应退回改正，或记录例外后接收：{faults}",
                "it falls short and goes back, unless an exception is recorded: {faults}"
            );
            more.push(Finding::new(RuleId::X2, place, message));
        }
    }
    for exception in exceptions {
        let message = match (exception.reason.trim(), exception.approved_by.trim()) {
            ("", _) => text!("作例外放行，没有写理由", "it was let through without a reason"),
            (_, "") => text!("作例外放行，没有批准人", "it was let through, and nobody approved"),
            _ => continue,
        };
        let place = Place { volume: Some(exception.volume.clone()), ..Place::default() };
        more.push(Finding::new(RuleId::X2, place, message));
    }
    findings.append(&mut more);
}
