//! Counts (清点): what was looked for, what was found, and how each difference was settled (H3).

use archive_core::refusal::Refusal;
use archive_core::rules::RuleId;
use archive_core::storeroom::stocktake::{self, Comparison};
use archive_core::text;
use archive_core::text::Text;
use chrono::{Datelike as _, NaiveDate};
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use crate::audit::Act;
use crate::change::Change;
use crate::error::{Result, StoreError};
use crate::repository::Repository;

/// A count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stocktake {
    /// Its number: year and a running number in it.
    pub number: String,
    /// The day (ISO).
    pub day: String,
    /// Whether everything was counted (年终), or a part (抽查).
    pub complete: bool,
    /// What was counted: everything, a room, a shelf.
    pub scope: String,
    /// Who counted.
    pub who: String,
    /// When it was closed.
    pub closed: Option<String>,
    /// What came of it.
    pub comparison: Comparison,
}

impl Repository {
    /// Every count, by number.
    pub fn stocktakes(&self) -> Result<Vec<Stocktake>> {
        let mut statement = self.connection.prepare_cached(&format!("{STOCKTAKE} ORDER BY number"))?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(read_stocktake(row)?);
        }
        Ok(all)
    }

    /// One count.
    pub fn stocktake(&self, number: &str) -> Result<Stocktake> {
        stocktake_of(&self.connection, number)
    }
}

const STOCKTAKE: &str = "SELECT number, day, complete, scope, who, closed, document FROM stocktake";

fn read_stocktake(row: &rusqlite::Row<'_>) -> Result<Stocktake> {
    let document: String = row.get(6)?;
    Ok(Stocktake {
        number: row.get(0)?,
        day: row.get(1)?,
        complete: row.get(2)?,
        scope: row.get(3)?,
        who: row.get(4)?,
        closed: row.get(5)?,
        comparison: crate::json::read(&document)?,
    })
}

fn stocktake_of(connection: &Connection, number: &str) -> Result<Stocktake> {
    let mut statement = connection.prepare_cached(&format!("{STOCKTAKE} WHERE number = ?1"))?;
    let mut rows = statement.query([number.trim()])?;
    match rows.next()? {
        Some(row) => read_stocktake(row),
        None => Err(StoreError::NotFound { what: text!("清点 {number}", "count {number}") }),
    }
}

impl Change<'_> {
    /// Records a count, and gives its number. Without a difference it is closed at once.
    pub fn record_stocktake(
        &self,
        day: NaiveDate,
        complete: bool,
        scope: &str,
        comparison: &Comparison,
    ) -> Result<String> {
        let year = day.year();
        let count: u32 = self.transaction.query_row(
            "SELECT count(*) FROM stocktake WHERE number LIKE ?1 || '-%'",
            [year.to_string()],
            |row| row.get(0),
        )?;
        let number = format!("{year}-{:02}", count + 1);
        let closed = comparison.differences.is_empty().then(|| self.time());
        let made = Stocktake {
            number: number.clone(),
            day: day.to_string(),
            complete,
            scope: scope.to_owned(),
            who: self.who().to_owned(),
            closed: closed.clone(),
            comparison: comparison.clone(),
        };
        self.transaction.execute(
            "INSERT INTO stocktake (number, day, complete, scope, who, closed, document) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![number, made.day, complete, scope, made.who, closed, crate::json::write(comparison)?],
        )?;
        self.record_act(Act::Counted, &format!("stocktake:{number}"), "", None, Some(&made))?;
        Ok(number)
    }

    /// Settles the differences about a code with a note (H3).
    pub fn settle_difference(&self, number: &str, code: &str, note: &str) -> Result<()> {
        let before = self.open_stocktake(number)?;
        if note.trim().is_empty() {
            return Err(Refusal::new(RuleId::H3, Text::fixed("没有写明处理", "no note is given")).into());
        }
        let mut after = before.clone();
        let mut met = false;
        for difference in after.comparison.differences.iter_mut().filter(|one| one.code == code) {
            difference.settled = Some(note.to_owned());
            met = true;
        }
        if !met {
            return Err(StoreError::NotFound {
                what: text!(
                    "清点 {number} 中关于 {code} 的不符",
                    "difference about {code} in count {number}"
                ),
            });
        }
        self.write_stocktake(&after)?;
        self.record_act(Act::Counted, &format!("stocktake:{number}"), note, Some(&before), Some(&after))
    }

    /// Closes a count whose differences are all settled (H3).
    pub fn close_stocktake(&self, number: &str) -> Result<()> {
        let before = self.open_stocktake(number)?;
        stocktake::may_close(&before.comparison.differences)?;
        let after = Stocktake { closed: Some(self.time()), ..before.clone() };
        self.write_stocktake(&after)?;
        self.record_act(Act::Counted, &format!("stocktake:{number}"), "", Some(&before), Some(&after))
    }

    fn open_stocktake(&self, number: &str) -> Result<Stocktake> {
        let found = stocktake_of(&self.transaction, number)?;
        if found.closed.is_some() {
            return Err(Refusal::new(
                RuleId::H3,
                text!("清点 {number} 已结束，不能再改", "count {number} is closed and stays"),
            )
            .with_help(Text::fixed("另做一次清点", "count again"))
            .into());
        }
        Ok(found)
    }

    fn write_stocktake(&self, one: &Stocktake) -> Result<()> {
        self.transaction.execute(
            "UPDATE stocktake SET closed = ?2, document = ?3 WHERE number = ?1",
            params![one.number, one.closed, crate::json::write(&one.comparison)?],
        )?;
        Ok(())
    }
}
