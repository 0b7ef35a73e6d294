//! What has come to the end of its period (R3): every record with the day it falls due, and what stands in the way of
//! doing anything with it.

use std::collections::{BTreeMap, BTreeSet};

use archive_core::appraisal::{Decision, Target, Terms, falls_due};
use archive_core::model::{RetentionPeriod, SecrecyLevel};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::repository::Repository;

/// A record, with where its period stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRecord {
    /// Which.
    pub target: Target,
    /// 全宗号.
    pub fonds: String,
    /// What people call it.
    pub code: String,
    /// 题名.
    pub title: String,
    /// 年度.
    pub year: Option<i32>,
    /// 保管期限.
    pub period: Option<RetentionPeriod>,
    /// The day its period is over, with what appraisal decided since; none if it never is.
    pub due: Option<NaiveDate>,
    /// 件数.
    pub items: u32,
    /// 页数.
    pub pages: u32,
    /// The level of the most secret paper in it.
    pub level: SecrecyLevel,
    /// What appraisal decided before, in order.
    pub decisions: Vec<Decision>,
    /// Why it is on hold, if it is.
    pub on_hold: Option<String>,
    /// Whether somebody has it at home.
    pub on_loan: bool,
    /// The number of the destruction list it stands on.
    pub on_list: Option<String>,
    /// The number of the list it was destroyed by.
    pub destroyed_by: Option<String>,
}

impl Repository {
    /// Every numbered volume and every item in none, of all fonds or of one, by the day they are due; what never is
    /// comes last.
    pub fn kept_records(&self, fonds: Option<&str>, terms: Terms) -> Result<Vec<KeptRecord>> {
        let decisions = self.decisions_by_target()?;
        let holds: BTreeMap<Target, String> = self
            .holds()?
            .into_iter()
            .filter(|hold| hold.lifted.is_none())
            .map(|hold| (hold.target, hold.reason))
            .collect();
        let lent: BTreeSet<String> = self.loans_out()?.into_iter().map(|loan| loan.volume).collect();
        let mut listed: BTreeMap<Target, String> = BTreeMap::new();
        for list in self.destruction_lists()?.into_iter().filter(|list| list.destroyed.is_none()) {
            listed.extend(list.lines.iter().map(|line| (line.target.clone(), list.number.clone())));
        }
        let mut records = Vec::new();
        for volume in self.volume_records(fonds)? {
            let on_loan = lent.contains(&volume.code);
            records.push(KeptRecord {
                target: Target::Volume { fonds: volume.fonds.clone(), code: volume.code.clone() },
                fonds: volume.fonds,
                code: volume.code,
                title: volume.title,
                year: Some(volume.year),
                period: Some(volume.period),
                due: None,
                items: volume.items,
                pages: volume.pages,
                level: volume.level,
                decisions: Vec::new(),
                on_hold: None,
                on_loan,
                on_list: None,
                destroyed_by: volume.destroyed_by,
            });
        }
        for item in self.items_outside_volumes()? {
            if fonds.is_some_and(|fonds| item.fonds != fonds) {
                continue;
            }
            records.push(KeptRecord {
                target: Target::Item(item.id),
                fonds: item.fonds,
                code: format!("序号{}", item.row),
                title: item.title,
                year: item.year,
                period: item.period,
                due: None,
                items: 1,
                pages: item.pages,
                level: item.level,
                decisions: Vec::new(),
                on_hold: None,
                on_loan: false,
                on_list: None,
                destroyed_by: item.destroyed_by,
            });
        }
        for one in &mut records {
            one.decisions = decisions.get(&one.target).cloned().unwrap_or_default();
            one.on_hold = holds.get(&one.target).cloned();
            one.on_list = listed.get(&one.target).cloned();
            one.due = one
                .year
                .zip(one.period)
                .and_then(|(year, period)| falls_due(year, period, &one.decisions, terms));
        }
        records.sort_by(|a, b| {
            (a.due.is_none(), a.due, &a.fonds, &a.code).cmp(&(b.due.is_none(), b.due, &b.fonds, &b.code))
        });
        Ok(records)
    }
}
