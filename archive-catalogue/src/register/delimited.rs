//! Text files (csv, tab-separated and their kin) into a [`Sheet`].
//!
//! Three things aren't written in such a file and must be told from its content: the encoding (UTF-8
//! with and without mark, GB18030 as Excel writes it on Chinese Windows, UTF-16 as its "Unicode text"),
//! the separator, and the row number a spreadsheet would show, which counts empty lines but not the
//! line breaks inside quoted cells.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use super::columns::{self, Heading};
use super::error::RegisterError;
use super::grid::{Cell, MOST_COLUMNS, Row, Sheet};
use super::sniff::Lookalike;

/// Separators that are tried, in order of preference.
const SEPARATORS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// Reads the text of a file as one sheet.
pub(crate) fn read<C: Heading>(bytes: &[u8]) -> Result<Sheet, RegisterError> {
    let text = decode(bytes)?;
    let separator = separator::<C>(&text);
    Ok(Sheet { name: None, rows: rows(&text, separator, usize::MAX) })
}

/// The same for a table that is no register: the separator is the one that parts most rows alike.
pub(crate) fn read_any(bytes: &[u8]) -> Result<Sheet, RegisterError> {
    let text = decode(bytes)?;
    let cells = |separator: u8| {
        let head = rows(&text, separator, columns::HEADER_WITHIN);
        head.iter().filter(|row| row.cells.len() > 1).map(|row| row.cells.len()).sum::<usize>()
    };
    let mut best = (cells(SEPARATORS[0]), SEPARATORS[0]);
    for separator in SEPARATORS.into_iter().skip(1) {
        let found = cells(separator);
        if found > best.0 {
            best = (found, separator);
        }
    }
    Ok(Sheet { name: None, rows: rows(&text, best.1, usize::MAX) })
}

/// The text, in whatever encoding it is. What can't be decoded becomes U+FFFD, and a finding later on.
fn decode(bytes: &[u8]) -> Result<String, RegisterError> {
    let text = if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        encoding.decode(bytes).0
    } else if let Some(encoding) = utf_16_without_mark(bytes) {
        encoding.decode(bytes).0
    } else {
        let (as_utf_8, _, faults) = UTF_8.decode(bytes);
        // UTF-8 with a few broken bytes is still UTF-8; GB18030 read as UTF-8 is broken all over.
        if !faults || is_mostly_text(&as_utf_8) { as_utf_8 } else { GB18030.decode(bytes).0 }
    };
    if !is_mostly_text(&text) {
        return Err(RegisterError::NotASpreadsheet(Lookalike::Unknown));
    }
    Ok(text.into_owned())
}

/// UTF-16 shows by its NULs: every ASCII comma, digit and line end has one.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..2048.min(bytes.len()) & !1)?;
    let nuls = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    if odd * 16 > head.len() && even == 0 {
        Some(UTF_16LE)
    } else if even * 16 > head.len() && odd == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Whether less than a fiftieth of what isn't ASCII is undecodable, and hardly any of it control
/// characters.
fn is_mostly_text(text: &str) -> bool {
    let (mut wide, mut undecodable, mut control, mut all) = (0_usize, 0_usize, 0_usize, 0_usize);
    for c in text.chars() {
        all += 1;
        match c {
            '\u{fffd}' => undecodable += 1,
            '\t' | '\n' | '\r' => {}
            c if c.is_control() => control += 1,
            c if !c.is_ascii() => wide += 1,
            _ => {}
        }
    }
    undecodable * 50 <= wide + undecodable && control * 10 <= all
}

/// The separator with which the first lines come nearest to a register; the comma if none does.
fn separator<C: Heading>(text: &str) -> u8 {
    let score = |separator: u8| {
        rows(text, separator, columns::HEADER_WITHIN)
            .iter()
            .map(columns::known_headers::<C>)
            .max()
            .unwrap_or_default()
    };
    let mut best = (score(SEPARATORS[0]), SEPARATORS[0]);
    for separator in SEPARATORS.into_iter().skip(1) {
        let found = score(separator);
        if found > best.0 {
            best = (found, separator);
        }
    }
    best.1
}

/// The first `most` rows that hold anything.
fn rows(text: &str, separator: u8, most: usize) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut rows = Vec::new();
    let mut number: u32 = 0;
    let mut line = 1;
    // Text in memory that was decoded can't fail to be read.
    while rows.len() < most && matches!(reader.read_record(&mut record), Ok(true)) {
        let next_line = reader.position().line();
        let own_lines = 1 + record.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
        let blank_lines = (next_line - line).saturating_sub(own_lines);
        line = next_line;
        number = number.saturating_add(1).saturating_add(u32::try_from(blank_lines).unwrap_or(u32::MAX));
        let mut cells: Vec<Cell> = record.iter().take(MOST_COLUMNS).map(cell).collect();
        while cells.last() == Some(&Cell::Empty) {
            cells.pop();
        }
        if !cells.is_empty() {
            rows.push(Row { number, cells });
        }
    }
    rows
}

/// A cell as a spreadsheet would take it: `="001"` and a leading `'` are ways to say "this is text".
fn cell(written: &str) -> Cell {
    let unwrapped = written
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'))
        .filter(|inner| !inner.contains('"'))
        .or_else(|| written.strip_prefix('\'').filter(|rest| is_guarded(rest)))
        .unwrap_or(written);
    Cell::text(unwrapped)
}

/// Whether a cell with this text would be taken for a formula, or for a number and lose its zeros, and
/// so may carry a `'` before it. [`guarded`] puts it there, [`cell`] takes it off.
fn is_guarded(text: &str) -> bool {
    text.trim_start_matches('\'')
        .starts_with(['=', '+', '-', '@', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
}

/// The text as it is written to a csv file, so that no spreadsheet runs it as a formula.
pub(crate) fn guarded(text: &str) -> String {
    let formula = text.trim_start_matches('\'').starts_with(['=', '+', '-', '@']);
    let already = text.starts_with('\'') && is_guarded(text);
    if formula || already { format!("'{text}") } else { text.to_owned() }
}
