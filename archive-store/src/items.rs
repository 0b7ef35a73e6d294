//! Items (件) in the catalogue: written once, listed by many questions.
//!
//! The description is kept whole, as JSON; what people search and read by is repeated in columns, which
//! are derived from it in one place ([`insert`]) and never written otherwise.

use archive_core::model::{Item, ItemId, OpeningState};
use archive_core::text;
use archive_core::text::Text;
use rusqlite::{Connection, OptionalExtension as _, params, params_from_iter};
use serde_json::json;

use crate::audit::Act;
use crate::change::Change;
use crate::error::{Result, StoreError};
use crate::ocfl::digest::sha256;
use crate::repository::Repository;

/// Which items are asked for. Everything left out means all; the order is that of their identifiers,
/// which is the order they were taken in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemFilter {
    /// Of this fonds (全宗号).
    pub fonds: Option<String>,
    /// Of this year: that of the volume they were put in, else the one given, else that of the date.
    pub year: Option<i32>,
    /// From this register, by its digest.
    pub register: Option<String>,
    /// In this opening state.
    pub opening: Option<OpeningState>,
    /// In a volume, or in none.
    pub in_volume: Option<bool>,
    /// After this item: for reading on page by page.
    pub after: Option<ItemId>,
    /// At most so many.
    pub limit: Option<u32>,
}

impl ItemFilter {
    /// The items of a year of a fonds.
    pub fn year(fonds: &str, year: i32) -> Self {
        Self { fonds: Some(fonds.to_owned()), year: Some(year), ..Self::default() }
    }

    fn query(&self, columns: &str) -> (String, Vec<rusqlite::types::Value>) {
        use rusqlite::types::Value;
        let mut sql = format!("SELECT {columns} FROM item WHERE true");
        let mut values: Vec<Value> = Vec::new();
        if let Some(fonds) = &self.fonds {
            sql.push_str(" AND fonds = (SELECT id FROM fonds WHERE code = ?)");
            values.push(fonds.clone().into());
        }
        if let Some(year) = self.year {
            sql.push_str(" AND coalesce(filed_year, year) = ?");
            values.push(i64::from(year).into());
        }
        if let Some(register) = &self.register {
            sql.push_str(" AND register = (SELECT id FROM register WHERE digest = ?)");
            values.push(register.clone().into());
        }
        if let Some(opening) = self.opening {
            sql.push_str(" AND opening = ?");
            values.push(opening.word().to_owned().into());
        }
        match self.in_volume {
            Some(true) => sql.push_str(" AND filed_year IS NOT NULL"),
            Some(false) => sql.push_str(" AND filed_year IS NULL"),
            None => {}
        }
        if let Some(after) = self.after {
            sql.push_str(" AND id > ?");
            // The database's whole numbers are signed; identifiers never reach that far.
            values.push(i64::try_from(after.0).unwrap_or(i64::MAX).into());
        }
        sql.push_str(" ORDER BY id");
        if let Some(limit) = self.limit {
            sql.push_str(" LIMIT ?");
            values.push(i64::from(limit).into());
        }
        (sql, values)
    }
}

impl Repository {
    /// The items asked for, in the order of their identifiers.
    pub fn items(&self, filter: &ItemFilter) -> Result<Vec<Item>> {
        let mut items = Vec::new();
        self.each_item(filter, |item| {
            items.push(item);
            Ok::<_, StoreError>(())
        })?;
        Ok(items)
    }

    /// The same one by one, for lists too long to hold; an error of `each` ends it.
    pub fn each_item<E: From<StoreError>>(
        &self,
        filter: &ItemFilter,
        mut each: impl FnMut(Item) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let (sql, values) = filter.query("description");
        let mut statement = self.connection.prepare_cached(&sql).map_err(StoreError::from)?;
        let mut rows = statement.query(params_from_iter(values)).map_err(StoreError::from)?;
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            let description: String = row.get(0).map_err(StoreError::from)?;
            each(read(&description)?)?;
        }
        Ok(())
    }

    /// How many items are asked for.
    pub fn count_items(&self, filter: &ItemFilter) -> Result<u64> {
        let (sql, values) = filter.query("id");
        let sql = format!("SELECT count(*) FROM ({sql})");
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row(params_from_iter(values), |row| row.get(0))?)
    }

    /// One item.
    pub fn item(&self, id: ItemId) -> Result<Item> {
        read(&description(&self.connection, id)?)
    }

    /// The fonds (全宗号) an item belongs to.
    pub fn fonds_of(&self, id: ItemId) -> Result<String> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT code FROM fonds WHERE id = (SELECT fonds FROM item WHERE id = ?1)")?;
        statement.query_row([id.0], |row| row.get(0)).optional()?.ok_or_else(|| no_item(id))
    }
}

impl Change<'_> {
    /// Replaces an item's description; what it said before is told apart by its digest in the audit chain.
    ///
    /// The opening state stays as it is: only a decision changes it ([`Change::decide_opening`], U1).
    pub fn describe(&self, item: &Item) -> Result<()> {
        let before = description(&self.transaction, item.id)?;
        let item = &Item { opening: read(&before)?.opening, ..item.clone() };
        let after = written(item)?;
        if before == after {
            return Ok(());
        }
        self.write_description(item, &after)?;
        let changed: serde_json::Map<_, _> = changes(&before, &after);
        let subject = format!("item:{}", item.id.0);
        let deed = Act::Describe.about(&subject, json!({ "changed": changed }));
        self.record(&deed.with_digests(Some(sha256(before.as_bytes())), Some(sha256(after.as_bytes()))))
    }

    /// Writes the opening state a decision gave.
    pub(crate) fn set_opening(&self, item: &Item) -> Result<()> {
        self.write_description(item, &written(item)?)
    }

    fn write_description(&self, item: &Item, after: &str) -> Result<()> {
        let columns = Columns::of(item);
        self.transaction
            .prepare_cached(
                "UPDATE item SET row = ?2, title = ?3, bodies = ?4, number = ?5, date = ?6, year = ?7, side = ?8,
                 section = ?9, period = ?10, secrecy = ?11, opening = ?12, pages = ?13, description = ?14
                 WHERE id = ?1",
            )?
            .execute(params![
                item.id.0,
                item.row,
                item.title,
                columns.bodies,
                columns.number,
                columns.date,
                columns.year,
                columns.side,
                item.section,
                columns.period,
                item.secrecy.level.word(),
                item.opening.word(),
                item.pages,
                after,
            ])?;
        Ok(())
    }
}

/// Where an item came from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Provenance {
    pub(crate) fonds: i64,
    pub(crate) register: Option<i64>,
    pub(crate) accession: Option<i64>,
}

/// The identifier the next item gets. Identifiers are never given twice.
pub(crate) fn next_id(connection: &Connection) -> Result<u64> {
    let last: Option<i64> = connection
        .query_row("SELECT seq FROM sqlite_sequence WHERE name = 'item'", [], |row| row.get(0))
        .optional()?;
    Ok(last.unwrap_or(0).unsigned_abs() + 1)
}

/// Writes a new item and gives its description as written.
pub(crate) fn insert(connection: &Connection, item: &Item, from: Provenance) -> Result<String> {
    let description = written(item)?;
    let columns = Columns::of(item);
    connection
        .prepare_cached(
            "INSERT INTO item (id, fonds, register, accession, row, title, bodies, number, date, year, side, section,
             period, secrecy, opening, pages, description)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        )?
        .execute(params![
            item.id.0,
            from.fonds,
            from.register,
            from.accession,
            item.row,
            item.title,
            columns.bodies,
            columns.number,
            columns.date,
            columns.year,
            columns.side,
            item.section,
            columns.period,
            item.secrecy.level.word(),
            item.opening.word(),
            item.pages,
            description,
        ])?;
    Ok(description)
}

/// What is derived from a description for the eye and the index.
struct Columns {
    bodies: String,
    number: Option<String>,
    date: Option<String>,
    year: Option<i32>,
    side: Option<&'static str>,
    period: Option<String>,
}

impl Columns {
    fn of(item: &Item) -> Self {
        use archive_core::model::Side;
        let date = item.date.date();
        Self {
            bodies: item.bodies.join("、"),
            number: item.number.as_ref().map(ToString::to_string),
            date: date.map(|date| date.to_string()),
            year: item.year.or_else(|| date.map(archive_core::reading::RecordDate::year)),
            side: item.side.map(|side| match side {
                Side::Party => "党",
                Side::Government => "政",
            }),
            period: item.period.map(|period| period.to_string()),
        }
    }
}

fn written(item: &Item) -> Result<String> {
    crate::json::write(item)
}

pub(crate) fn read(description: &str) -> Result<Item> {
    crate::json::read(description)
}

fn description(connection: &Connection, id: ItemId) -> Result<String> {
    let mut statement = connection.prepare_cached("SELECT description FROM item WHERE id = ?1")?;
    statement.query_row([id.0], |row| row.get(0)).optional()?.ok_or_else(|| no_item(id))
}

/// The fields that differ, each with its value before and after.
fn changes(before: &str, after: &str) -> serde_json::Map<String, serde_json::Value> {
    let parse = |text: &str| serde_json::from_str::<serde_json::Map<_, _>>(text).unwrap_or_default();
    let (before, after) = (parse(before), parse(after));
    after
        .iter()
        .filter(|(name, value)| before.get(*name) != Some(value))
        .map(|(name, value)| (name.clone(), json!([before.get(name), value])))
        .collect()
}

pub(crate) fn no_item(id: ItemId) -> StoreError {
    let ItemId(id) = id;
    StoreError::NotFound { what: text!("编号为 {id} 的文件", "item {id}") }
}

/// The row of a fonds by its code.
pub(crate) fn fonds_row(connection: &Connection, code: &str) -> Result<i64> {
    let mut statement = connection.prepare_cached("SELECT id FROM fonds WHERE code = ?1")?;
    statement.query_row([code], |row| row.get(0)).optional()?.ok_or_else(|| StoreError::NotFound {
        what: Text::new(format!("全宗 {code}"), format!("fonds {code}")),
    })
}
