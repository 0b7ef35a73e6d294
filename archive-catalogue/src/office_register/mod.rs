//! The office's books in: 收文登记簿 and 发文登记簿, as people keep them in a spreadsheet.
//!
//! A book is a table like a register of what is archived, with other columns; so the same machinery finds its
//! sheets and headers, tells records from titles and totals, reads cells, and gives refused rows back to be mended
//! (see [`register`](crate::register)). [`read`] never stops at a fault in a row.

mod columns;
mod row;

use std::collections::BTreeMap;

use archive_core::finding::{self, Finding};
use archive_core::office_register::{BookEntry, Direction, EntryId};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

pub use columns::BookColumn;

use crate::register::line::Line;
use crate::register::table::{self, Table};
use crate::register::{RefusedRow, RegisterError, SheetReading};

/// What a book came to.
#[derive(Debug, Clone, PartialEq)]
pub struct BookReading {
    /// The accepted rows, in the order of the file; identities run from 1.
    pub entries: Vec<BookEntry>,
    /// The rows that can't be taken in as they are.
    pub refused: Vec<RefusedRow>,
    /// Everything that was seen, those of refused rows among it, in the order of the file.
    pub findings: Vec<Finding>,
    /// The tables that were read.
    pub sheets: Vec<SheetReading<BookColumn>>,
}

/// Reads a book. `name` is what findings call the file; `year` is the book's year where a row doesn't tell.
///
/// # Errors
///
/// [`RegisterError`], when there is no book in the file: it isn't a spreadsheet, is damaged, empty, has a
/// password, or no row names a 题名 and a date column. Faults inside a book are findings.
pub fn read(
    name: &str,
    bytes: &[u8],
    direction: Direction,
    year: Option<i32>,
) -> Result<BookReading, RegisterError> {
    let tables = table::tables::<BookColumn>(bytes)?;
    let several = tables.iter().filter(|table| table.is_register()).count() > 1;
    let mut reading =
        BookReading { entries: Vec::new(), refused: Vec::new(), findings: Vec::new(), sheets: Vec::new() };
    let mut taken: BTreeMap<(i32, String), u32> = BTreeMap::new();
    for table in &tables {
        let label = table::label(name, table.sheet.name.as_deref());
        match &table.header {
            Some(header) if table.is_register() => {
                let file = if several { &label } else { name };
                let reader = row::Reader { file, header, direction, year };
                read_table(&mut reading, table, reader, &mut taken);
            }
            _ => reading.findings.push(table.left_aside(label)),
        }
    }
    finding::sort(&mut reading.findings);
    Ok(reading)
}

fn read_table(
    reading: &mut BookReading,
    table: &Table<BookColumn>,
    reader: row::Reader<'_>,
    taken: &mut BTreeMap<(i32, String), u32>,
) {
    let row::Reader { file, header, .. } = reader;
    let sheet = reading.sheets.len();
    let opened = table.open(header, file);
    reading.sheets.push(opened.sheet);
    reading.findings.extend(opened.findings);
    for (before, row) in opened.records.into_iter().enumerate() {
        let mut read = reader.read(row, EntryId(reading.entries.len() as u64 + 1), before + 1);
        let label = &read.entry.label;
        let key = (label.year, label.register_no.clone());
        if let Some(first) = taken.get(&key) {
            read.refused = true;
            read.findings.push(number_taken(Line { file, header, row }, &key.1, *first));
        } else if !read.refused {
            taken.insert(key, row.number);
        }
        for finding in &mut read.findings {
            finding.place.item = Some(read.entry.label.register_no.clone());
        }
        reading.findings.extend(read.findings.iter().cloned());
        if read.refused {
            let keeps = |column| !read.withheld || row::is_kept_of_classified(column);
            reading.refused.push(RefusedRow::new(sheet, header, row, keeps, read.findings));
        } else {
            reading.entries.push(read.entry);
        }
    }
}

fn number_taken(line: Line<'_, BookColumn>, number: &str, first: u32) -> Finding {
    Finding::new(
        RuleId::I4,
        line.place(BookColumn::No, number),
        text!("登记号 {number} 与第 {first} 行重复", "登记号 {number} stands in row {first} already"),
    )
    .with_help(Text::fixed(
        "核对原簿，给其中一行换成正确的登记号",
        "look at the book, and give one of the rows its right number",
    ))
}
