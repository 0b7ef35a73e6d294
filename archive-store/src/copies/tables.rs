//! The tables of the catalogue as csv files, and back, with nothing lost.
//!
//! One file a table, UTF-8 with a mark, the columns' names in the first line; spreadsheets open them. What is not
//! there is `\N`, a text that begins with a backslash has one more, bytes are hexadecimal; numbers and texts
//! are themselves. The columns' types stand in `schema.sql` beside the files.

use std::io::{BufReader, BufWriter, Read as _, Write as _};
use std::path::Path;

use archive_core::hex;
use archive_core::text;
use archive_core::text::Text;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, params_from_iter};

use crate::error::{Result, StoreError};
use crate::safe_file;

/// What stands for a value that isn't there.
const ABSENT: &str = "\\N";
/// The counter of identifiers that were ever given: SQLite's own table.
const COUNTERS: &str = "sqlite_sequence";

/// A table: its name, and its columns with their types.
struct Table {
    name: String,
    columns: Vec<(String, String)>,
}

/// Writes every table into `dir`, which is there and empty; gives the files' names.
pub(super) fn write(connection: &Connection, dir: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for table in tables(connection)? {
        let name = format!("{}.csv", table.name);
        write_table(connection, &table, &dir.join(&name))?;
        names.push(name);
    }
    Ok(names)
}

fn write_table(connection: &Connection, table: &Table, path: &Path) -> Result<()> {
    let io = |error: std::io::Error| StoreError::io(path, error);
    let mut file = BufWriter::new(safe_file::open_new(path).map_err(io)?);
    file.write_all("\u{feff}".as_bytes()).map_err(io)?;
    let mut csv = csv::Writer::from_writer(file);
    let refused = |error: csv::Error| StoreError::io(path, error.into());
    csv.write_record(table.columns.iter().map(|(name, _)| name)).map_err(refused)?;
    let columns: Vec<String> = table.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let mut statement =
        connection.prepare(&format!("SELECT {} FROM \"{}\" ORDER BY 1", columns.join(", "), table.name))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..columns.len() {
            let field = match row.get_ref(column)? {
                ValueRef::Null => ABSENT.to_owned(),
                ValueRef::Integer(number) => number.to_string(),
                ValueRef::Real(number) => number.to_string(),
                ValueRef::Blob(bytes) => hex::encode(bytes),
                ValueRef::Text(text) => {
                    let text = String::from_utf8_lossy(text).into_owned();
                    if text.starts_with('\\') { format!("\\{text}") } else { text }
                }
            };
            csv.write_field(field).map_err(refused)?;
        }
        csv.write_record(None::<&[u8]>).map_err(refused)?;
    }
    let file = csv.into_inner().map_err(|error| io(error.into_error()))?;
    file.into_inner().map_err(|error| io(error.into_error()))?.sync_all().map_err(io)
}

/// Fills the tables of a new catalogue from the files in `dir`. The caller has begun a transaction.
pub(super) fn read(connection: &Connection, dir: &Path) -> Result<()> {
    connection.execute_batch("PRAGMA defer_foreign_keys = ON")?;
    for table in tables(connection)? {
        let path = dir.join(format!("{}.csv", table.name));
        connection.execute(&format!("DELETE FROM \"{}\"", table.name), [])?;
        if path.is_file() {
            read_table(connection, &table, &path)?;
        }
    }
    Ok(())
}

fn read_table(connection: &Connection, table: &Table, path: &Path) -> Result<()> {
    let io = |error: std::io::Error| StoreError::io(path, error);
    let mut file = BufReader::new(safe_file::open(path).map_err(io)?);
    let mut mark = [0; 3];
    let marked = file.read_exact(&mut mark).is_ok() && mark == "\u{feff}".as_bytes()[..];
    if !marked {
        return Err(damaged(
            path,
            1,
            &Text::fixed("开头没有 UTF-8 标记", "it doesn't begin with a UTF-8 mark"),
        ));
    }
    let mut csv = csv::Reader::from_reader(file);
    let headers = csv.headers().map_err(|error| StoreError::io(path, error.into()))?.clone();
    let mut types = Vec::new();
    for name in &headers {
        let Some((_, kind)) = table.columns.iter().find(|(column, _)| column == name) else {
            return Err(damaged(path, 1, &text!("没有名为 {name} 的列", "there is no column {name}")));
        };
        types.push(kind.as_str());
    }
    let columns: Vec<String> = headers.iter().map(|name| format!("\"{name}\"")).collect();
    let places: Vec<String> = (1..=columns.len()).map(|place| format!("?{place}")).collect();
    let mut insert = connection.prepare(&format!(
        "INSERT INTO \"{}\" ({}) VALUES ({})",
        table.name,
        columns.join(", "),
        places.join(", ")
    ))?;
    let mut record = csv::StringRecord::new();
    while csv.read_record(&mut record).map_err(|error| StoreError::io(path, error.into()))? {
        let line = record.position().map_or(0, csv::Position::line);
        let values: Option<Vec<Value>> =
            record.iter().zip(&types).map(|(field, kind)| value(field, kind)).collect();
        let Some(values) = values else {
            return Err(damaged(path, line, &Text::fixed("有无法读取的值", "a value can't be read")));
        };
        insert.execute(params_from_iter(values))?;
    }
    Ok(())
}

fn value(field: &str, kind: &str) -> Option<Value> {
    if field == ABSENT {
        return Some(Value::Null);
    }
    Some(match kind {
        "INTEGER" => Value::Integer(field.parse().ok()?),
        "REAL" => Value::Real(field.parse().ok()?),
        "BLOB" => Value::Blob(bytes(field)?),
        _ => Value::Text(field.strip_prefix('\\').unwrap_or(field).to_owned()),
    })
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let pairs = hex.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

fn damaged(path: &Path, line: u64, reason: &Text) -> StoreError {
    let Text { zh, en } = reason;
    StoreError::Damaged {
        path: path.to_path_buf(), reason: text!("第 {line} 行：{zh}", "line {line}: {en}")
    }
}

/// Every table, the counters last: filling the others moves them.
fn tables(connection: &Connection) -> Result<Vec<Table>> {
    let mut statement = connection.prepare(
        "SELECT t.name, c.name, c.type FROM sqlite_schema t, pragma_table_info(t.name) c
         WHERE t.type = 'table' AND (t.name NOT LIKE 'sqlite@_%' ESCAPE '@' OR t.name = ?1)
         ORDER BY t.name = ?1, t.rowid, c.cid",
    )?;
    let mut rows = statement.query([COUNTERS])?;
    let mut tables: Vec<Table> = Vec::new();
    while let Some(row) = rows.next()? {
        let (table, column, mut kind): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if table == COUNTERS && column == "seq" {
            "INTEGER".clone_into(&mut kind);
        }
        match tables.last_mut() {
            Some(last) if last.name == table => last.columns.push((column, kind)),
            _ => tables.push(Table { name: table, columns: vec![(column, kind)] }),
        }
    }
    Ok(tables)
}
