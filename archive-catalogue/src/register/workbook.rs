//! Workbooks (xlsx, xls, ods) into [`Sheet`]s.
//!
//! xlsx is read cell by cell, because a sheet may claim a million rows by sixteen thousand columns with
//! two cells in it. Hidden rows, columns and sheets are read like the others: a filter left on by the
//! last user is no reason to lose records. A value merged over several rows stands, as people mean it,
//! in each of them.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Dimensions, ExcelDateTime, Ods, OdsError, Reader, Xls, XlsError, Xlsx, XlsxError};
use quick_xml::events::Event;

use super::error::RegisterError;
use super::grid::{Cell, MOST_COLUMNS, Row, Sheet};
use super::sniff::{Format, MOST_UNPACKED};

/// Reads every worksheet; chart sheets and the like have none. A workbook on which the reader of its format
/// falls is a damaged one: it costs nobody's work.
pub(crate) fn read(bytes: &[u8], format: Format) -> Result<Vec<Sheet>, RegisterError> {
    let read = catch_unwind(AssertUnwindSafe(|| read_book(bytes, format)));
    read.unwrap_or_else(|_| Err(RegisterError::Damaged { detail: "calamine".to_owned() }))
}

fn read_book(bytes: &[u8], format: Format) -> Result<Vec<Sheet>, RegisterError> {
    match format {
        Format::Xlsx => read_xlsx(bytes),
        Format::Xls => {
            let book = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
                XlsError::Password => RegisterError::Password,
                other => damaged(&other),
            })?;
            Ok(read_whole(book, |book, name| book.merge_cells_by_sheet_name(name).unwrap_or_default()))
        }
        Format::Ods => {
            ends_well(bytes)?;
            let book = Ods::new(Cursor::new(bytes)).map_err(|error| match error {
                OdsError::Password => RegisterError::Password,
                other => damaged(&other),
            })?;
            Ok(read_whole(book, |_, _| Vec::new()))
        }
        Format::Delimited => Ok(Vec::new()),
    }
}

/// Whether the cells of an ods are well-formed to the end: calamine looks for the end of a table that is cut off for ever.
/// An encrypted workbook is left to calamine, which says so.
fn ends_well(bytes: &[u8]) -> Result<(), RegisterError> {
    let part = |name: &str| -> Option<Vec<u8>> {
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
        let mut part = Vec::new();
        zip.by_name(name).ok()?.take(MOST_UNPACKED).read_to_end(&mut part).ok()?;
        Some(part)
    };
    let is_encrypted = part("META-INF/manifest.xml")
        .is_some_and(|manifest| String::from_utf8_lossy(&manifest).contains("encryption-data"));
    let Some(content) = part("content.xml").filter(|_| !is_encrypted) else { return Ok(()) };
    let mut xml = quick_xml::Reader::from_reader(content.as_slice());
    let mut depth = 0_usize;
    loop {
        match xml.read_event().map_err(|error| damaged(&error))? {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Eof if depth == 0 => return Ok(()),
            Event::Eof => return Err(RegisterError::Damaged { detail: "content.xml".to_owned() }),
            _ => {}
        }
    }
}

fn damaged(error: &dyn std::error::Error) -> RegisterError {
    RegisterError::Damaged { detail: error.to_string() }
}

fn read_xlsx(bytes: &[u8]) -> Result<Vec<Sheet>, RegisterError> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsxError::Password => RegisterError::Password,
        other => damaged(&other),
    })?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let mut grid = Grid::default();
        match book.worksheet_cells_reader(&name) {
            Ok(mut cells) => {
                while let Some(next) = cells.next_cell().map_err(|error| damaged(&error))? {
                    let (row, column) = next.get_position();
                    grid.set(row, column, cell(next.get_value().clone().into()));
                }
            }
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(damaged(&error)),
        }
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        sheets.push(grid.into_sheet(name, &merged));
    }
    Ok(sheets)
}

/// The formats whose sheets are small enough by nature, or by calamine's own limit, to read at once.
fn read_whole<'a, B: Reader<Cursor<&'a [u8]>>>(
    mut book: B,
    merged: impl Fn(&mut B, &str) -> Vec<Dimensions>,
) -> Vec<Sheet> {
    book.worksheets()
        .into_iter()
        .map(|(name, range)| {
            let mut grid = Grid::default();
            let (top, left) = range.start().unwrap_or_default();
            for (row, column, value) in range.used_cells() {
                let row = top.saturating_add(u32::try_from(row).unwrap_or(u32::MAX));
                let column = left.saturating_add(u32::try_from(column).unwrap_or(u32::MAX));
                grid.set(row, column, cell(value.clone()));
            }
            let merged = merged(&mut book, &name);
            grid.into_sheet(name, &merged)
        })
        .collect()
}

/// Cells by row, as they come.
#[derive(Default)]
struct Grid {
    rows: BTreeMap<u32, Vec<Cell>>,
}

impl Grid {
    fn set(&mut self, row: u32, column: u32, cell: Cell) {
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if cell == Cell::Empty || column >= MOST_COLUMNS {
            return;
        }
        let cells = self.rows.entry(row).or_default();
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Empty);
        }
        if let Some(slot) = cells.get_mut(column) {
            *slot = cell;
        }
    }

    /// Repeats a value merged downwards in each of its rows that hold something of their own.
    ///
    /// Rows that are blank but for the merge stay blank: there the whole record is merged.
    fn spread(&mut self, merged: &[Dimensions]) {
        for region in merged {
            let ((top, left), (bottom, _)) = (region.start, region.end);
            let column = usize::try_from(left).unwrap_or(usize::MAX);
            let Some(value) = self.rows.get(&top).and_then(|cells| cells.get(column)).cloned() else {
                continue;
            };
            if bottom <= top || column >= MOST_COLUMNS {
                continue;
            }
            for cells in self.rows.range_mut(top + 1..=bottom).map(|(_, cells)| cells) {
                if cells.len() <= column {
                    cells.resize(column + 1, Cell::Empty);
                }
                if let Some(slot) = cells.get_mut(column)
                    && *slot == Cell::Empty
                {
                    *slot = value.clone();
                }
            }
        }
    }

    fn into_sheet(mut self, name: String, merged: &[Dimensions]) -> Sheet {
        self.spread(merged);
        let rows = self
            .rows
            .into_iter()
            .map(|(index, cells)| Row { number: index.saturating_add(1), cells })
            .collect();
        Sheet { name: Some(name), rows }
    }
}

fn cell(value: Data) -> Cell {
    match value {
        Data::Int(number) => Cell::Text(number.to_string()),
        Data::Float(number) => Cell::Number(number),
        Data::String(text) | Data::DurationIso(text) => Cell::owned(text),
        // As Excel shows it.
        Data::Bool(truth) => Cell::Text(if truth { "TRUE" } else { "FALSE" }.to_owned()),
        Data::DateTime(moment) => day(&moment),
        Data::DateTimeIso(moment) => iso_day(&moment),
        Data::Error(error) => Cell::Error(error.to_string()),
        Data::Empty => Cell::Empty,
    }
}

/// A date cell; a duration or a time without a day is just a number here.
fn day(moment: &ExcelDateTime) -> Cell {
    if moment.is_duration() || moment.as_f64() < 1.0 {
        return Cell::Number(moment.as_f64());
    }
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    Cell::Day(format!("{year:04}-{month:02}-{day:02}"))
}

/// A date cell of ods: `2005-05-16`, with or without a time.
fn iso_day(moment: &str) -> Cell {
    match moment.split_once('T') {
        Some((day, _)) => Cell::Day(day.to_owned()),
        None => Cell::Day(moment.to_owned()),
    }
}
