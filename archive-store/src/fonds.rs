//! What is kept about a fonds: the history of its institution, and the fonds file (全宗卷, F4).

use archive_core::fonds_file::Class;
use archive_core::text;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::audit::Act;
use crate::change::Change;
use crate::error::{Result, StoreError};
use crate::items::fonds_row;
use crate::repository::Repository;

/// A line of an institution's history: a name it bore, or something that happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// From when, as far as it is known (1949, 1949-10, 1949-10-01).
    pub since: String,
    /// Until when.
    pub until: Option<String>,
    /// Its name in that time.
    pub name: String,
    /// What happened: 成立, 更名, 合并, 撤销 …
    pub event: String,
    /// Where that is written.
    pub source: String,
}

/// A material of the fonds file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Material {
    /// 题名.
    pub title: String,
    /// 责任者.
    pub maker: String,
    /// 日期, ISO.
    pub date: String,
    /// 页数.
    pub pages: Option<u32>,
    /// 份数; two by the rule.
    pub copies: Option<u32>,
    /// Where it lies.
    pub place: String,
    /// 备注.
    pub remarks: String,
    /// What the program itself filed.
    pub document: Option<Value>,
}

/// A material with its number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FiledMaterial {
    /// Its class.
    pub class: Class,
    /// Its place in the class, from 1.
    pub serial: u32,
    /// What it is.
    pub material: Material,
    /// When it was filed (RFC 3339).
    pub added: String,
    /// Who filed it.
    pub who: String,
}

impl FiledMaterial {
    /// Its number: `8-003`.
    pub fn number(&self) -> String {
        self.class.material(self.serial)
    }
}

impl Repository {
    /// The history of a fonds, by time.
    pub fn fonds_history(&self, fonds: &str) -> Result<Vec<HistoryLine>> {
        let row = fonds_row(&self.connection, fonds)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT since, until, name, event, source FROM fonds_history WHERE fonds = ?1 ORDER BY since, id",
        )?;
        let rows = statement.query_map([row], |row| {
            Ok(HistoryLine {
                since: row.get(0)?,
                until: row.get(1)?,
                name: row.get(2)?,
                event: row.get(3)?,
                source: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The materials of a fonds file, by class and number.
    pub fn fonds_file(&self, fonds: &str) -> Result<Vec<FiledMaterial>> {
        let row = fonds_row(&self.connection, fonds)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT class, serial, title, maker, date, pages, copies, place, remarks, document, added, who
             FROM fonds_file WHERE fonds = ?1 ORDER BY serial",
        )?;
        let mut rows = statement.query([row])?;
        let mut filed = Vec::new();
        while let Some(row) = rows.next()? {
            let class: String = row.get(0)?;
            let document: Option<String> = row.get(9)?;
            filed.push(FiledMaterial {
                class: class.parse().map_err(|error: archive_core::fonds_file::NoSuchClass| {
                    StoreError::Damaged {
                        path: crate::repository::CATALOGUE.into(),
                        reason: text!("{error}", "{error}"),
                    }
                })?,
                serial: row.get(1)?,
                material: Material {
                    title: row.get(2)?,
                    maker: row.get(3)?,
                    date: row.get(4)?,
                    pages: row.get(5)?,
                    copies: row.get(6)?,
                    place: row.get(7)?,
                    remarks: row.get(8)?,
                    document: document.as_deref().map(crate::json::read).transpose()?,
                },
                added: row.get(10)?,
                who: row.get(11)?,
            });
        }
        filed.sort_by_key(|one| (one.class, one.serial));
        Ok(filed)
    }
}

impl Change<'_> {
    /// Adds a line to the history of a fonds.
    pub fn add_history(&self, fonds: &str, line: &HistoryLine) -> Result<()> {
        let row = fonds_row(&self.transaction, fonds)?;
        self.transaction.execute(
            "INSERT INTO fonds_history (fonds, since, until, name, event, source) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![row, line.since, line.until, line.name, line.event, line.source],
        )?;
        self.record_act(Act::FondsHistory, &format!("fonds:{fonds}"), &line.source, None, Some(line))
    }

    /// Files a material in the fonds file, and gives its number in its class.
    pub fn add_material(&self, fonds: &str, class: Class, material: &Material) -> Result<u32> {
        let row = fonds_row(&self.transaction, fonds)?;
        let serial = next_serial(&self.transaction, row, class)?;
        self.transaction.execute(
            "INSERT INTO fonds_file (fonds, class, serial, title, maker, date, pages, copies, place, remarks, document, added, who)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            params![
                row,
                class.name(),
                serial,
                material.title,
                material.maker,
                material.date,
                material.pages,
                material.copies.unwrap_or(2),
                material.place,
                material.remarks,
                material.document.as_ref().map(crate::json::write).transpose()?,
                self.time(),
                self.who(),
            ],
        )?;
        let subject = format!("fonds-file:{fonds}:{}", class.material(serial));
        self.record_act(Act::FondsFile, &subject, "", None, Some(material))?;
        Ok(serial)
    }
}

fn next_serial(connection: &Connection, fonds: i64, class: Class) -> Result<u32> {
    Ok(connection.query_row(
        "SELECT coalesce(max(serial), 0) + 1 FROM fonds_file WHERE fonds = ?1 AND class = ?2",
        params![fonds, class.name()],
        |row| row.get(0),
    )?)
}
