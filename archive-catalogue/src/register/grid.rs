//! A table as it stands in the file, before anyone asks what it means.
//!
//! Workbooks and delimited text meet here: [`Sheet`]s of numbered [`Row`]s of [`Cell`]s. Cells keep
//! apart what the reader of a row has to know (a number that may be a day count, an Excel error) and
//! give everything else as the text a person sees. Rows carry the number a spreadsheet shows, so that a
//! finding leads to the right line even when empty or hidden rows stand between.

use std::borrow::Cow;

/// The most characters Excel lets a cell hold. A longer one is a damaged file, most often a quotation
/// mark that was never closed.
pub(crate) const LONGEST_CELL: usize = 32_767;

/// Columns looked at. A register has 25; a stray cell at the far right edge must not cost memory.
pub(crate) const MOST_COLUMNS: usize = 512;

/// One table: a worksheet, or the whole of a text file.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Sheet {
    /// The name on its tab; a text file has none.
    pub(crate) name: Option<String>,
    /// The rows that hold anything, from top to bottom.
    pub(crate) rows: Vec<Row>,
}

/// One row that holds anything.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Row {
    /// As the spreadsheet shows it; the first is 1.
    pub(crate) number: u32,
    /// Its cells from column A on; columns past the end are empty.
    pub(crate) cells: Vec<Cell>,
}

impl Row {
    /// The cell in a column, counted from 0.
    pub(crate) fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Empty)
    }

    /// The columns that hold anything, with what they show.
    pub(crate) fn filled(&self) -> impl Iterator<Item = (usize, Cow<'_, str>)> {
        self.cells
            .iter()
            .enumerate()
            .map(|(column, cell)| (column, cell.shown()))
            .filter(|(_, shown)| !shown.is_empty())
    }
}

/// One cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, without blanks at its ends.
    Text(String),
    /// A number that isn't shown as a date.
    Number(f64),
    /// A day, as `2005-05-16`: a cell that Excel itself shows as a date.
    Day(String),
    /// An Excel error such as `#REF!`.
    Error(String),
}

impl Cell {
    /// A cell of text; blank text is an empty cell.
    pub(crate) fn text(text: &str) -> Self {
        let trimmed = text.trim_matches(is_blank);
        if trimmed.is_empty() { Self::Empty } else { Self::Text(trimmed.to_owned()) }
    }

    /// The same, of text that needn't be copied.
    pub(crate) fn owned(text: String) -> Self {
        let has_ends = text.starts_with(is_blank) || text.ends_with(is_blank);
        if has_ends || text.is_empty() { Self::text(&text) } else { Self::Text(text) }
    }

    /// What a person sees in it; whole numbers without a decimal point.
    pub(crate) fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) | Self::Day(text) | Self::Error(text) => Cow::Borrowed(text),
            // Display for f64 writes 1998.0 as 1998 and never uses an exponent.
            Self::Number(number) => Cow::Owned(number.to_string()),
        }
    }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}'
}

/// The letters a spreadsheet shows above a column: 0 is A, 25 is Z, 26 is AA.
pub(crate) fn letters(column: usize) -> String {
    let mut rest = column;
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        if rest < 26 {
            break;
        }
        rest = rest / 26 - 1;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_as_a_person_typed_them() {
        assert_eq!(Cell::Number(1998.0).shown(), "1998");
        assert_eq!(Cell::Number(20_050_516.0).shown(), "20050516");
        assert_eq!(Cell::Number(1.5).shown(), "1.5");
    }

    #[test]
    fn columns_are_lettered_as_in_a_spreadsheet() {
        let lettered: Vec<String> = [0, 25, 26, 51, 52, 701, 702].into_iter().map(letters).collect();
        assert_eq!(lettered, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
