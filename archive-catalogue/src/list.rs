//! Lists people hand in: codes to be lent or destroyed, labels a barcode reader saw, readings of an instrument.
//!
//! They are no registers: two or three columns under headers of somebody's choosing, or one column and no
//! header at all. [`read`] gives every sheet as rows of text with the numbers a spreadsheet shows;
//! [`List::columns`] finds a column by any of the names it may go by.

use crate::register::RegisterError;
use crate::register::grid::Sheet;
use crate::register::sniff::{Format, sniff};
use crate::register::{delimited, workbook};

/// How far down a header row is looked for.
const HEADER_WITHIN: usize = 40;

/// A list as it stands in its file: rows that hold anything, each with its number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// The name on its tab; a text file has none.
    pub name: Option<String>,
    /// The rows, with the number a spreadsheet shows.
    pub rows: Vec<(u32, Vec<String>)>,
}

/// The columns of a list, and the rows below their header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns<'l> {
    /// Where each column that was asked for stands, if it is there.
    pub places: Vec<Option<usize>>,
    /// The rows below the header.
    pub rows: &'l [(u32, Vec<String>)],
}

impl Columns<'_> {
    /// What a row says in the nth column asked for.
    pub fn cell<'r>(&self, row: &'r [String], nth: usize) -> &'r str {
        let place = self.places.get(nth).copied().flatten();
        place.and_then(|place| row.get(place)).map_or("", |cell| cell.trim())
    }
}

/// Reads every sheet of xlsx, xls, ods or delimited text, in whatever encoding.
pub fn read(bytes: &[u8]) -> Result<Vec<List>, RegisterError> {
    let sheets = match sniff(bytes)? {
        Format::Delimited => vec![delimited::read_any(bytes)?],
        format => workbook::read(bytes, format)?,
    };
    let lists: Vec<List> = sheets.into_iter().map(list).filter(|list| !list.rows.is_empty()).collect();
    if lists.is_empty() { Err(RegisterError::Empty) } else { Ok(lists) }
}

fn list(sheet: Sheet) -> List {
    let rows = sheet
        .rows
        .into_iter()
        .map(|row| (row.number, row.cells.iter().map(|cell| cell.shown().into_owned()).collect()))
        .collect();
    List { name: sheet.name, rows }
}

impl List {
    /// Finds columns by their names, any of several for each: the header is the first row in which the first
    /// column asked for is named. A list without a header has the first column where it begins, and no other.
    pub fn columns(&self, names: &[&[&str]]) -> Columns<'_> {
        let Some(first) = names.first() else { return Columns { places: Vec::new(), rows: &self.rows } };
        let header = self
            .rows
            .iter()
            .take(HEADER_WITHIN)
            .position(|(_, cells)| cells.iter().any(|cell| is_called(cell, first)));
        match header {
            Some(at) => {
                let cells = &self.rows[at].1;
                let place = |names: &&[&str]| cells.iter().position(|cell| is_called(cell, names));
                Columns { places: names.iter().map(place).collect(), rows: &self.rows[at + 1..] }
            }
            None => {
                let places = (0..names.len()).map(|nth| (nth == 0).then_some(0)).collect();
                Columns { places, rows: &self.rows }
            }
        }
    }
}

/// Whether a header is one of these names, whatever blanks and marks of need it carries.
fn is_called(cell: &str, names: &[&str]) -> bool {
    let plain: String = cell
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | '：' | ':' | '＊'))
        .collect::<String>()
        .to_lowercase();
    names.iter().any(|name| name.to_lowercase() == plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &[&str] = &["档号", "案卷档号", "code"];
    const PLACE: &[&str] = &["库位", "place"];

    fn texts(text: &str) -> Vec<Vec<String>> {
        let lists = read(text.as_bytes()).unwrap();
        let columns = lists[0].columns(&[CODE, PLACE]);
        let told = |(_, row): &(u32, Vec<String>)| {
            vec![columns.cell(row, 0).to_owned(), columns.cell(row, 1).to_owned()]
        };
        columns.rows.iter().map(told).collect()
    }

    #[test]
    fn a_list_is_read_with_headers_in_any_order_below_a_title() {
        assert_eq!(
            texts("上架清单,,\n库位,序号,档号 *\n1/A/1,1,J019-2004-001\n"),
            [["J019-2004-001", "1/A/1"]]
        );
        assert_eq!(texts("code;place\nJ019-2004-001;1/A\n"), [["J019-2004-001", "1/A"]]);
    }

    #[test]
    fn what_a_barcode_reader_leaves_needs_no_header() {
        assert_eq!(
            texts("J019-2004-001\r\n\r\nJ019-2004-002\r\n"),
            [["J019-2004-001", ""], ["J019-2004-002", ""]]
        );
        assert!(read(b"").is_err());
    }
}
