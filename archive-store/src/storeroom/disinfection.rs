//! Disinfections (消毒除尘): what comes into the archives is disinfected before it is shelved (X3).

use archive_core::refusal::Refusal;
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;
use chrono::NaiveDate;
use rusqlite::{OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::audit::Act;
use crate::change::Change;
use crate::error::{Result, StoreError};
use crate::items::fonds_row;
use crate::records::volume_record;
use crate::repository::Repository;

/// A disinfection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disinfection {
    /// Of a volume: its fonds and code.
    pub volume: Option<(String, String)>,
    /// Of a whole accession (接收号).
    pub accession: Option<String>,
    /// When (ISO).
    pub day: String,
    /// How: 熏蒸, 冷冻, 除尘 …
    pub method: String,
    /// Who.
    pub who: String,
}

impl Repository {
    /// Every disinfection, in order.
    pub fn disinfections(&self) -> Result<Vec<Disinfection>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT fonds.code, volume, accession, day, method, who FROM disinfection
             LEFT JOIN fonds ON fonds.id = disinfection.fonds ORDER BY disinfection.id",
        )?;
        let rows = statement.query_map([], |row| {
            let (fonds, volume): (Option<String>, Option<String>) = (row.get(0)?, row.get(1)?);
            Ok(Disinfection {
                volume: fonds.zip(volume),
                accession: row.get(2)?,
                day: row.get(3)?,
                method: row.get(4)?,
                who: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Change<'_> {
    /// Records the disinfection of volumes, or of a whole accession (X3).
    pub fn disinfect(
        &self,
        volumes: &[(String, String)],
        accession: Option<&str>,
        day: NaiveDate,
        method: &str,
    ) -> Result<()> {
        if let Some(number) = accession {
            let there: Option<i64> = self
                .transaction
                .query_row("SELECT id FROM accession WHERE number = ?1", [number], |row| row.get(0))
                .optional()?;
            if there.is_none() {
                return Err(StoreError::NotFound { what: text!("接收号 {number}", "accession {number}") });
            }
            self.transaction.execute(
                "INSERT INTO disinfection (accession, day, method, who) VALUES (?1, ?2, ?3, ?4)",
                params![number, day.to_string(), method, self.who()],
            )?;
        }
        for (fonds, code) in volumes {
            volume_record(&self.transaction, fonds, code)?;
            self.transaction.execute(
                "INSERT INTO disinfection (fonds, volume, day, method, who) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![fonds_row(&self.transaction, fonds)?, code, day.to_string(), method, self.who()],
            )?;
        }
        let codes: Vec<&String> = volumes.iter().map(|(_, code)| code).collect();
        let detail = json!({ "volumes": codes, "accession": accession, "day": day, "method": method });
        self.record(&Act::Disinfected.about("storeroom", detail))
    }

    /// What came in is disinfected before it enters the storeroom (X3).
    pub(super) fn is_disinfected(&self, fonds: i64, code: &str, accession: &str) -> Result<()> {
        let done: i64 = self.transaction.query_row(
            "SELECT count(*) FROM disinfection WHERE (fonds = ?1 AND volume = ?2) OR accession = ?3",
            params![fonds, code, accession],
            |row| row.get(0),
        )?;
        if done > 0 {
            return Ok(());
        }
        Err(Refusal::new(
            RuleId::X3,
            text!(
                "{code} 随接收号 {accession} 进馆，还没有消毒除尘，不能入库上架",
                "{code} came in by accession {accession} and isn't disinfected yet: it can't be shelved"
            ),
        )
        .with_help(Text::fixed("先消毒除尘并登记", "disinfect it and record that"))
        .by_command(text!(
            "archive storeroom disinfect --accession {accession} --method 熏蒸",
            "archive storeroom disinfect --accession {accession} --method METHOD"
        ))
        .into())
    }
}
