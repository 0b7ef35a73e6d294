//! Registers (文件登记表) in and out.
//!
//! A register is a table a person kept for a year, in whatever program was at hand. [`read`] takes it as
//! it is: headers in any words and order, a title line above them, empty and total lines between,
//! several sheets, merged cells, dates in ten spellings. It gives what could be read as [`Item`]s, the
//! rows that could not be accepted as [`RefusedRow`]s, and everything worth a person's look as findings
//! that name file, row and column. It never stops at a fault; only a file in which there is no register
//! at all is a [`RegisterError`].
//!
//! **What is refused.** An archivist must be able to import a real register with a few faults and mend
//! them later, and nothing written may be lost unseen. So a row is refused when a cell that decides
//! where or whether a record is shown can't be read (date, period, level of secrecy), when its 序号 is
//! taken, when nothing tells which document it is, or when its cells are damaged (`row` holds these
//! rules). A missing title or date is an error finding (L1) on an accepted row; other unreadable cells
//! are warnings, and their wording goes to the remarks. Whether a register with refused rows is imported
//! without them is the caller's choice; [`write_refused`] gives them back to be mended.
//!
//! - `sniff`: what the bytes are; `workbook`, `delimited`: bytes to a `grid` of cells
//! - [`columns`](Column): headers; `table`: which sheets have them; `line`: a row's cells by column; `record`: which rows describe a document; `row`, `cells`: a row to an
//!   item; `ties`: rows that name each other
//! - `write`: a register in canonical headers, and the refused rows
//! - `locate`: the cell a finding speaks of
//! - [`scans`]: the files that rows name

pub(crate) mod cells;
pub(crate) mod columns;
pub(crate) mod delimited;
mod error;
pub(crate) mod grid;
pub(crate) mod line;
mod locate;
pub(crate) mod record;
mod row;
pub mod scans;
pub(crate) mod sniff;
pub(crate) mod table;
mod ties;
pub(crate) mod workbook;
mod write;

use std::collections::{BTreeMap, BTreeSet};

use archive_core::finding::{self, Finding, Place, Severity};
use archive_core::model::{Item, ItemId};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

pub use columns::{Column, ColumnReading};
pub use error::RegisterError;
pub use locate::Cells;
pub use sniff::Lookalike;
pub use write::{RegisterFormat, write, write_refused};

use columns::{Header, Heading};
use grid::Row;
use record::RowKind;
use table::Table;

/// What a register came to.
#[derive(Debug, Clone, PartialEq)]
pub struct RegisterReading {
    /// The accepted rows, in the order of the file; identities run from 1.
    pub items: Vec<Item>,
    /// The rows that can't be imported as they are.
    pub refused: Vec<RefusedRow>,
    /// Everything that was seen, those of refused rows among it, in the order of the file.
    pub findings: Vec<Finding>,
    /// The tables that were read.
    pub sheets: Vec<SheetReading>,
    /// The cells themselves, to which findings on the items can be led.
    pub cells: Cells,
}

/// A table that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetReading<C = Column> {
    /// The name on its tab; a text file has none.
    pub name: Option<String>,
    /// The row its headers stand in, as the spreadsheet shows it.
    pub header_row: u32,
    /// Its columns, and what they were taken for.
    pub columns: Vec<ColumnReading<C>>,
}

/// A row that can't be imported as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct RefusedRow {
    /// Which of [`RegisterReading::sheets`] it stands in.
    pub sheet: usize,
    /// Its number, as the spreadsheet shows it.
    pub row: u32,
    /// Its cells from column A on, as shown; of a paper that is or may be classified, only what may be
    /// kept (S1).
    pub cells: Vec<String>,
    /// Why it is refused.
    pub findings: Vec<Finding>,
}

impl RefusedRow {
    /// A row with the cells that `keeps` says may be given back, by what their column means.
    pub(crate) fn new<C: Heading>(
        sheet: usize,
        header: &Header<C>,
        row: &Row,
        keeps: impl Fn(Option<C>) -> bool,
        findings: Vec<Finding>,
    ) -> Self {
        let meaning =
            |index| header.columns.iter().find(|column| column.index == index).and_then(|c| c.meaning);
        let cell =
            |index| if keeps(meaning(index)) { row.cell(index).shown().into_owned() } else { String::new() };
        Self {
            sheet,
            row: row.number,
            cells: (0..row.cells.len()).map(cell).collect(),
            findings: findings.into_iter().filter(|finding| finding.severity == Severity::Error).collect(),
        }
    }
}

/// Reads a register. `name` is what findings call the file; what it is is told by its content.
///
/// # Errors
///
/// [`RegisterError`], when there is no register in the file: it isn't a spreadsheet, is damaged, empty,
/// has a password, or no row names a 题名 and a 日期 column. Faults inside a register are findings.
pub fn read(name: &str, bytes: &[u8]) -> Result<RegisterReading, RegisterError> {
    let tables = table::tables::<Column>(bytes)?;
    let several = tables.iter().filter(|table| table.is_register()).count() > 1;
    let clash = several && numbers_clash(&tables);

    let mut reading = RegisterReading {
        items: Vec::new(),
        refused: Vec::new(),
        findings: Vec::new(),
        sheets: Vec::new(),
        cells: Cells::default(),
    };
    for table in tables {
        let sheet_label = table::label(name, table.sheet.name.as_deref());
        if !table.is_register() {
            reading.findings.push(table.left_aside(sheet_label));
            continue;
        }
        let file = if several { sheet_label } else { name.to_owned() };
        let scope = if clash { table.sheet.name.as_deref() } else { None };
        if let Some(header) = &table.header {
            let sheet = table.sheet.name.as_deref();
            reading.cells.add(&file, name, sheet, &header.columns);
        }
        read_table(&mut reading, &table, &file, scope);
        reading.cells.keep(table.sheet.rows);
    }
    ties::settle(&mut reading);
    reading.findings.iter_mut().for_each(|finding| reading.cells.locate(finding));
    finding::sort(&mut reading.findings);
    Ok(reading)
}

/// Whether two sheets use the same 序号.
fn numbers_clash(tables: &[Table<Column>]) -> bool {
    let mut seen = BTreeSet::new();
    tables.iter().any(|table| {
        let Some(header) = table.header.as_ref().filter(|header| header.missing().is_empty()) else {
            return false;
        };
        let own: BTreeSet<String> = table
            .body()
            .iter()
            .filter(|row| record::kind(header, row) == RowKind::Record)
            .enumerate()
            .map(|(index, row)| match header.place(Column::Row) {
                Some(column) => cells::identifier(&row.cell(column.index).shown()).to_owned(),
                None => (index + 1).to_string(),
            })
            .collect();
        own.into_iter().any(|number| !seen.insert(number))
    })
}

/// Reads the rows of one table. `scope` is put before each 序号 when sheets share them.
fn read_table(reading: &mut RegisterReading, table: &Table<Column>, file: &str, scope: Option<&str>) {
    let Some(header) = &table.header else { return };
    let sheet = reading.sheets.len();
    let opened = table.open(header, file);
    reading.sheets.push(opened.sheet);
    reading.findings.extend(opened.findings);

    let mut taken: BTreeMap<String, u32> = BTreeMap::new();
    for (before, row) in opened.records.into_iter().enumerate() {
        let id = ItemId(reading.items.len() as u64 + 1);
        let mut read = row::read(file, header, row, id);
        if read.item.row.is_empty() {
            let number = row.number;
            if header.place(Column::Row).is_some() {
                read.item.row = format!("第{number}行");
                read.findings.push(number_missing(file, header, &read.item));
            } else {
                read.item.row = (before + 1).to_string();
            }
        }
        if let Some(first) = taken.get(&read.item.row) {
            read.refused = true;
            read.findings.push(number_taken(file, header, &read.item, *first));
        } else {
            taken.insert(read.item.row.clone(), row.number);
        }
        if let Some(scope) = scope {
            read.item.row = format!("{scope}!{}", read.item.row);
            for tie in &mut read.item.ties {
                if !tie.to_row.contains('!') {
                    tie.to_row = format!("{scope}!{}", tie.to_row);
                }
            }
        }
        for finding in &mut read.findings {
            finding.place.item = Some(read.item.row.clone());
        }
        reading.cells.note(&read.item.row, row.number, read.withheld);
        reading.findings.extend(read.findings.iter().cloned());
        if read.refused {
            let keeps = |column| !read.withheld || row::is_kept_of_classified(column);
            reading.refused.push(RefusedRow::new(sheet, header, row, keeps, read.findings));
        } else {
            reading.items.push(read.item);
        }
    }
}

fn number_place(file: &str, header: &Header<Column>, item: &Item) -> Place {
    Place {
        file: Some(file.to_owned()),
        row: Some(item.origin.row),
        column: header.place(Column::Row).map(|column| column.header.clone()),
        item: Some(item.row.clone()),
        field: Some(Column::Row.header().to_owned()),
        ..Place::default()
    }
}

fn number_missing(file: &str, header: &Header<Column>, item: &Item) -> Finding {
    let given = &item.row;
    Finding::new(
        RuleId::I4,
        number_place(file, header, item),
        text!("没有序号，暂记作「{given}」", "no 序号; it is called \"{given}\" for now"),
    )
    .at(Severity::Warning)
    .with_help(Text::fixed("填上序号，关联才指得到它", "give it a number, so that ties can name it"))
}

fn number_taken(file: &str, header: &Header<Column>, item: &Item, first: u32) -> Finding {
    let number = cells::excerpt(&item.row);
    Finding::new(
        RuleId::I4,
        number_place(file, header, item),
        text!("序号 {number} 与第 {first} 行重复", "序号 {number} stands in row {first} already"),
    )
    .with_help(Text::fixed("给其中一行换一个没有用过的序号", "give one of the rows a number that isn't used"))
}
