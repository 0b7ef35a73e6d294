//! What appraisal decided short of destruction, and the holds that stop everything.

use std::collections::BTreeMap;

use archive_core::appraisal::{Decision, Target};
use archive_core::model::ItemId;
use archive_core::refusal::Refusal;
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::audit::Act;
use crate::change::Change;
use crate::error::{Result, StoreError};
use crate::items::fonds_row;
use crate::records;
use crate::repository::Repository;

/// A decision of appraisal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppraisalDecision {
    /// On what.
    pub target: Target,
    /// What was decided.
    pub decision: Decision,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub who: String,
    /// When (RFC 3339).
    pub decided: String,
}

/// A hold (暂停处置).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Its number.
    pub id: i64,
    /// On what.
    pub target: Target,
    /// Why.
    pub reason: String,
    /// Who placed it.
    pub who: String,
    /// When (RFC 3339).
    pub since: String,
    /// When it was lifted, by whom and why, if it was.
    pub lifted: Option<(String, String, String)>,
}

impl Repository {
    /// Every decision of appraisal, in the order they were made.
    pub fn appraisal_decisions(&self) -> Result<Vec<AppraisalDecision>> {
        decisions(&self.connection)
    }

    /// The decisions on each record, in order.
    pub fn decisions_by_target(&self) -> Result<BTreeMap<Target, Vec<Decision>>> {
        let mut by_target: BTreeMap<Target, Vec<Decision>> = BTreeMap::new();
        for one in self.appraisal_decisions()? {
            by_target.entry(one.target).or_default().push(one.decision);
        }
        Ok(by_target)
    }

    /// Every hold, lifted ones too, in the order they were placed.
    pub fn holds(&self) -> Result<Vec<Hold>> {
        holds(&self.connection)
    }
}

impl Change<'_> {
    /// Records that a volume or item is kept longer, or for good.
    pub fn appraise(&self, target: &Target, decision: Decision, reason: &str) -> Result<()> {
        if reason.trim().is_empty() {
            return Err(no_reason(RuleId::R3).into());
        }
        let (fonds, volume, item) = self.existing(target)?;
        let years = match decision {
            Decision::Extend { years } => Some(years),
            Decision::Permanent => None,
        };
        let before = of_target(&self.transaction, target)?;
        self.transaction.execute(
            "INSERT INTO appraisal (fonds, volume, item, years, reason, who, decided) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![fonds, volume, item, years, reason, self.who(), self.time()],
        )?;
        let mut after = before.clone();
        after.push(decision);
        self.record_act(Act::Appraised, &subject(target), reason, Some(&before), Some(&after))
    }

    /// Places a hold: until it is lifted, the record is not destroyed.
    pub fn place_hold(&self, target: &Target, reason: &str) -> Result<i64> {
        if reason.trim().is_empty() {
            return Err(no_reason(RuleId::D1).into());
        }
        let (fonds, volume, item) = self.existing(target)?;
        self.transaction.execute(
            "INSERT INTO hold (fonds, volume, item, reason, who, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![fonds, volume, item, reason, self.who(), self.time()],
        )?;
        let id = self.transaction.last_insert_rowid();
        self.record_act::<()>(Act::HoldPlaced, &subject(target), reason, None, None)?;
        Ok(id)
    }

    /// Lifts a hold.
    pub fn lift_hold(&self, id: i64, why: &str) -> Result<()> {
        let hold = holds(&self.transaction)?.into_iter().find(|hold| hold.id == id && hold.lifted.is_none());
        let Some(hold) = hold else {
            return Err(StoreError::NotFound {
                what: text!("生效中的暂停处置 {id}", "hold {id} in force")
            });
        };
        if why.trim().is_empty() {
            return Err(no_reason(RuleId::D1).into());
        }
        self.transaction.execute(
            "UPDATE hold SET lifted = ?2, lifted_by = ?3, lifted_why = ?4 WHERE id = ?1",
            params![id, self.time(), self.who(), why],
        )?;
        let deed = json!({ "hold": id, "reason": why });
        self.record(&Act::HoldLifted.about(&subject(&hold.target), deed))
    }

    /// The row of its fonds, and the column that names it. What isn't there, or was destroyed, is refused.
    fn existing(&self, target: &Target) -> Result<(i64, Option<String>, Option<u64>)> {
        let (fonds, destroyed, named) = match target {
            Target::Volume { fonds, code } => {
                let record = records::volume_record(&self.transaction, fonds, code)?;
                (record.fonds, record.destroyed_by, (Some(code.clone()), None))
            }
            Target::Item(id) => {
                let record = records::item_record(&self.transaction, *id)?;
                (record.fonds, record.destroyed_by, (None, Some(id.0)))
            }
            Target::Loose(title) => {
                return Err(StoreError::NotFound {
                    what: text!("案卷“{title}”", "volume \"{title}\"")
                });
            }
        };
        if let Some(list) = destroyed {
            return Err(Refusal::new(
                RuleId::D5,
                text!("已按清册 {list} 销毁", "it was destroyed by list {list}"),
            )
            .into());
        }
        Ok((fonds_row(&self.transaction, &fonds)?, named.0, named.1))
    }
}

fn no_reason(rule: RuleId) -> Refusal {
    Refusal::new(rule, Text::fixed("没有写明理由", "no reason is given"))
        .with_help(Text::fixed("写明理由", "give a reason"))
        .by_command(Text::fixed("--reason", "--reason"))
}

/// What the audit chain calls a target.
pub(super) fn subject(target: &Target) -> String {
    match target {
        Target::Volume { code, .. } => format!("volume:{code}"),
        Target::Item(ItemId(id)) => format!("item:{id}"),
        Target::Loose(title) => format!("loose:{title}"),
    }
}

fn decisions(connection: &Connection) -> Result<Vec<AppraisalDecision>> {
    let mut statement = connection.prepare_cached(
        "SELECT fonds.code, volume, item, years, reason, who, decided
         FROM appraisal JOIN fonds ON fonds.id = appraisal.fonds ORDER BY appraisal.id",
    )?;
    let rows = statement.query_map([], |row| {
        let years: Option<u16> = row.get(3)?;
        Ok(AppraisalDecision {
            target: target(row.get(0)?, row.get(1)?, row.get(2)?),
            decision: years.map_or(Decision::Permanent, |years| Decision::Extend { years }),
            reason: row.get(4)?,
            who: row.get(5)?,
            decided: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The decisions on one record, in order; an item inherits those on its volume.
pub(super) fn of_target(connection: &Connection, target: &Target) -> Result<Vec<Decision>> {
    let volume = match target {
        Target::Item(id) => {
            let record = records::item_record(connection, *id)?;
            record.volume.map(|code| Target::Volume { fonds: record.fonds, code })
        }
        _ => None,
    };
    let all = decisions(connection)?.into_iter();
    Ok(all
        .filter(|one| one.target == *target || Some(&one.target) == volume.as_ref())
        .map(|one| one.decision)
        .collect())
}

pub(super) fn holds(connection: &Connection) -> Result<Vec<Hold>> {
    let mut statement = connection.prepare_cached(
        "SELECT hold.id, fonds.code, volume, item, reason, who, since, lifted, lifted_by, lifted_why
         FROM hold JOIN fonds ON fonds.id = hold.fonds ORDER BY hold.id",
    )?;
    let rows = statement.query_map([], |row| {
        let lifted: Option<String> = row.get(7)?;
        let (by, why): (Option<String>, Option<String>) = (row.get(8)?, row.get(9)?);
        Ok(Hold {
            id: row.get(0)?,
            target: target(row.get(1)?, row.get(2)?, row.get(3)?),
            reason: row.get(4)?,
            who: row.get(5)?,
            since: row.get(6)?,
            lifted: lifted.map(|when| (when, by.unwrap_or_default(), why.unwrap_or_default())),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One of the two columns is filled: the table sees to it.
fn target(fonds: String, volume: Option<String>, item: Option<u64>) -> Target {
    match (volume, item) {
        (Some(code), _) => Target::Volume { fonds, code },
        (None, item) => Target::Item(ItemId(item.unwrap_or_default())),
    }
}
