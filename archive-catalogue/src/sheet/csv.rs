//! Comma-separated: one line an item, a volume or a cover, with what the list belongs to before it.
//!
//! Spreadsheets run what begins with `=`, `+`, `-` or `@`; such a value gets an apostrophe before it,
//! which they show as text.

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
            let before = table.heading.iter().map(|pair| pair.value.clone());
            lines.push(before.chain(row.iter().cloned()).collect());
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

/// The named values of a grid.
fn record(grid: &Grid) -> (Vec<String>, Vec<String>) {
    grid.rows
        .iter()
        .flat_map(|row| &row.cells)
        .filter(|cell| !cell.field.is_empty())
        .map(|cell| (cell.field.to_owned(), cell.text.clone()))
        .unzip()
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
    if value.contains(['"', ',', '\n', '\r', '\'']) || value.starts_with(' ') || value.ends_with(' ') {
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
    }

    #[test]
    fn gb18030_writes_the_rarest_characters() {
        let bytes = encode("𬱖㛃", Encoding::Gb18030);
        assert_eq!(encoding_rs::GB18030.decode(&bytes).0, "𬱖㛃");
    }
}
