//! Comma-separated: one line an item, a volume or a cover, with what the list belongs to before it.
//!
//! It is opened in a spreadsheet by a double click, and must say there what the form says:
//!
//! - Spreadsheets run what begins with `=`, `+`, `-` or `@`; such a value gets an apostrophe before it,
//!   which they show as text.
//! - They take words for numbers and dates: 件号 `0001` becomes 1, 页号 `3-6` the sixth of March. A text that would
//!   be changed so ends with a tab, as banks write account numbers: it is not seen, and what reads the file
//!   for itself trims it. Numbers of a column of numbers stay bare.

use crate::document::{Body, Document, Grid, Table};

/// How the characters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 with its mark, by which office programs know it.
    Utf8,
    /// GB18030, which has every character of Unicode too.
    Gb18030,
}

/// Writes the tables of a document, or its grids where it has no table.
pub fn write(document: &Document, encoding: Encoding) -> Vec<u8> {
    let mut lines: Vec<Vec<String>> = Vec::new();
    let mut header: Vec<String> = Vec::new();
    let mut begin = |wanted: Vec<String>, lines: &mut Vec<Vec<String>>| {
        if header != wanted {
            if !lines.is_empty() {
                lines.push(Vec::new());
            }
            lines.push(wanted.clone());
            header = wanted;
        }
    };
    let tables: Vec<&Table> = document
        .first_copy()
        .into_iter()
        .filter_map(|part| match &part.body {
            Body::Table(table) if table.in_csv => Some(table),
            _ => None,
        })
        .collect();
    for table in &tables {
        let labels = table.heading.iter().map(|pair| pair.label.clone());
        begin(labels.chain(table.columns.iter().map(|column| column.header.clone())).collect(), &mut lines);
        for row in &table.rows {
            let before = table.heading.iter().map(|pair| kept(&pair.value));
            let cells = table.columns.iter().zip(row).map(|(column, value)| {
                if column.is_number && is_plain_number(value) { value.clone() } else { kept(value) }
            });
            lines.push(before.chain(cells).collect());
        }
    }
    if tables.is_empty() {
        for part in document.first_copy() {
            if let Body::Grid(grid) = &part.body {
                let (fields, values) = record(grid);
                if !fields.is_empty() {
                    begin(fields, &mut lines);
                    lines.push(values);
                }
            }
        }
    }
    encode(&render(&lines), encoding)
}

/// The named values of a grid, without the name where the form repeats it before the value.
fn record(grid: &Grid) -> (Vec<String>, Vec<String>) {
    grid.rows
        .iter()
        .flat_map(|row| &row.cells)
        .filter(|cell| !cell.field.is_empty())
        .map(|cell| {
            let value = cell.text.strip_prefix(cell.field).and_then(|rest| rest.strip_prefix('：'));
            (cell.field.to_owned(), kept(value.unwrap_or(&cell.text)))
        })
        .unzip()
}

/// A text that a spreadsheet shows as it is.
fn kept(value: &str) -> String {
    if is_taken_for_another(value) { format!("{value}\t") } else { value.to_owned() }
}

/// Whether a spreadsheet shows this number as it is written.
fn is_plain_number(value: &str) -> bool {
    let (whole, part) = value.split_once('.').unwrap_or((value, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && digits(part)
        && whole.len() + part.len() <= 15
        && (whole.len() == 1 || !whole.starts_with('0'))
}

/// Whether a text would become a number that looks otherwise, a date or a time.
fn is_taken_for_another(value: &str) -> bool {
    let signs =
        |c: char| matches!(c, '-' | '/' | '.' | ':' | 'e' | 'E' | ',' | '%' | ' ' | '年' | '月' | '日');
    let numeric = value.starts_with(|c: char| c.is_ascii_digit())
        && value.chars().all(|c| c.is_ascii_digit() || signs(c));
    numeric && (value.contains(signs) || !is_plain_number(value))
}

fn render(lines: &[Vec<String>]) -> String {
    let mut text = String::new();
    for line in lines {
        for (at, value) in line.iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            text.push_str(&quoted(value));
        }
        text.push_str("\r\n");
    }
    text
}

fn quoted(value: &str) -> String {
    let value = if value.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        format!("'{value}")
    } else {
        value.to_owned()
    };
    // LibreOffice cuts at semicolons and tabs too, unless it is told otherwise.
    if value.contains(['"', ',', ';', '\n', '\r', '\'', '\t'])
        || value.starts_with(' ')
        || value.ends_with(' ')
    {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value
    }
}

fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        Encoding::Gb18030 => encoding_rs::GB18030.encode(text).0.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_becomes_text() {
        assert_eq!(quoted("=cmd|' /C calc'!A0"), "\"'=cmd|' /C calc'!A0\"");
        assert_eq!(quoted("@SUM(A1)"), "\"'@SUM(A1)\"");
        assert_eq!(quoted("关于“防汛”的通知"), "关于“防汛”的通知");
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(quoted("a;b"), "\"a;b\"");
    }

    #[test]
    fn what_a_spreadsheet_would_take_for_something_else_stays_as_it_is() {
        for text in [
            "0001",
            "3-6",
            "1/2",
            "2004.10",
            "1E5",
            "2004-03-16",
            "12345678901234567890",
            "2004年3月",
            "12:30",
        ] {
            assert_eq!(kept(text), format!("{text}\t"), "{text}");
        }
        for text in
            ["", "0", "7", "20040316", "J019-2004-001", "2004、3、16", "〔2004〕16号", "第3-6号", "永久"]
        {
            assert_eq!(kept(text), text);
        }
    }

    #[test]
    fn gb18030_writes_the_rarest_characters() {
        let bytes = encode("𬱖㛃", Encoding::Gb18030);
        assert_eq!(encoding_rs::GB18030.decode(&bytes).0, "𬱖㛃");
    }
}
