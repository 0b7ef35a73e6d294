//! The cell a finding speaks of: its sheet, its address, and what stands in it.
//!
//! Findings come from three sides: the reader of the register, the search for scans, and the rules, which know items and
//! no cells. Here all of them are led to the cell a person opens: `E275` on the sheet `永久`, with the text there
//! and the wrong part of it marked. Of a classified row only the secrecy cells are ever shown (S1).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use archive_core::finding::{Excerpt, Finding};
use archive_core::reading::ItemDate;
use archive_core::rules::RuleId;

use super::cells::clean;
use super::columns::{Column, ColumnReading};
use super::grid::{Cell, Row};
use super::row::is_kept_of_classified;

/// The most characters of a cell that are shown.
const LONGEST: usize = 120;

/// The cells of a register that was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cells {
    tables: Vec<Table>,
}

/// The cells of one sheet.
#[derive(Debug, Clone, PartialEq)]
struct Table {
    /// What findings call it: the file, or `[file]sheet` where several sheets are registers.
    label: String,
    file: String,
    sheet: Option<String>,
    columns: Vec<ColumnReading>,
    rows: Vec<Row>,
    /// The rows that are or may be classified.
    withheld: BTreeSet<u32>,
    /// The rows of items, by 序号.
    items: BTreeMap<String, u32>,
}

impl Cells {
    /// Adds a sheet; its rows are kept when they have been read.
    pub(super) fn add(&mut self, label: &str, file: &str, sheet: Option<&str>, columns: &[ColumnReading]) {
        self.tables.push(Table {
            label: label.to_owned(),
            file: file.to_owned(),
            sheet: sheet.map(ToOwned::to_owned),
            columns: columns.to_vec(),
            rows: Vec::new(),
            withheld: BTreeSet::new(),
            items: BTreeMap::new(),
        });
    }

    /// Notes, of the sheet added last, which row an item is, and whether it is or may be classified.
    pub(super) fn note(&mut self, item: &str, row: u32, withheld: bool) {
        if let Some(table) = self.tables.last_mut() {
            table.items.entry(item.to_owned()).or_insert(row);
            if withheld {
                table.withheld.insert(row);
            }
        }
    }

    /// Keeps the rows of the sheet added last; of classified ones only what may be kept.
    pub(super) fn keep(&mut self, mut rows: Vec<Row>) {
        let Some(table) = self.tables.last_mut() else { return };
        for row in rows.iter_mut().filter(|row| table.withheld.contains(&row.number)) {
            for (index, cell) in row.cells.iter_mut().enumerate() {
                let column = table.columns.iter().find(|column| column.index == index);
                if !is_kept_of_classified(column.and_then(|column| column.meaning)) {
                    *cell = Cell::Empty;
                }
            }
        }
        table.rows = rows;
    }

    /// Leads a finding to its cell, if it speaks of one.
    pub fn locate(&self, finding: &mut Finding) {
        let place = &mut finding.place;
        let of_file = |table: &&Table| match &place.file {
            Some(file) => *file == table.label,
            // Rules name an item; in a register a person looks for its row.
            None => {
                place.volume.is_none()
                    && place.item.as_ref().is_some_and(|item| table.items.contains_key(item))
            }
        };
        let Some(table) = self.tables.iter().find(of_file) else { return };
        place.row = place.row.or_else(|| table.items.get(place.item.as_deref()?).copied());
        place.file = Some(table.file.clone());
        place.sheet.clone_from(&table.sheet);
        let (Some(number), Some(name)) = (place.row, place.column.as_deref().or(place.field.as_deref()))
        else {
            return;
        };
        let Some(column) = table.column(name) else { return };
        place.cell = Some(format!("{}{number}", column.letters));
        place.column = Some(column.header.clone());
        let secret = matches!(column.meaning, Some(Column::Secrecy | Column::SecrecyTerm));
        if table.withheld.contains(&number) && !secret {
            finding.excerpt = None;
            return;
        }
        let Ok(at) = table.rows.binary_search_by_key(&number, |row| row.number) else { return };
        let shown = table.rows.get(at).map(|row| row.cell(column.index).shown());
        let text = clean(shown.as_deref().unwrap_or_default(), false);
        finding.excerpt = Some(excerpt(&text, finding));
    }
}

impl Table {
    fn column(&self, name: &str) -> Option<&ColumnReading> {
        let meant = |column: &&ColumnReading| column.meaning.is_some_and(|meaning| meaning.header() == name);
        self.columns.iter().find(|column| column.header == name).or_else(|| self.columns.iter().find(meant))
    }
}

/// The text of a cell with the part marked that a check named, or that can't be.
fn excerpt(text: &str, finding: &Finding) -> Excerpt {
    let of_date = finding.rule == RuleId::I2 && finding.place.field.as_deref() == Some(Column::Date.header());
    let marked = match &finding.excerpt {
        Some(part) => Excerpt::part(text, &part.marked()),
        None => match ItemDate::wrong_part(text).filter(|_| of_date) {
            Some(Range { start, end }) => Excerpt { text: text.to_owned(), start, end },
            None => Excerpt::whole(text),
        },
    };
    cut(marked)
}

/// A long text cut to what stands around the mark.
fn cut(whole: Excerpt) -> Excerpt {
    let length = whole.text.chars().count();
    if length <= LONGEST {
        return whole;
    }
    let from = whole.start.saturating_sub(LONGEST / 3);
    let before = usize::from(from > 0);
    let shown: String = whole.text.chars().skip(from).take(LONGEST - 2).collect();
    let kept = shown.chars().count();
    let more = from + kept < length;
    let text = format!("{}{shown}{}", if before > 0 { "…" } else { "" }, if more { "…" } else { "" });
    let start = whole.start - from + before;
    Excerpt { start, end: (whole.end.saturating_sub(from) + before).min(before + kept), text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_cell_is_cut_around_its_mark() {
        let text = format!("{}错{}", "前".repeat(200), "后".repeat(200));
        let short = cut(Excerpt::part(&text, "错"));
        assert_eq!(short.marked(), "错");
        assert!(short.text.starts_with("…前") && short.text.ends_with("后…"), "{}", short.text);
        assert!(short.text.chars().count() <= LONGEST);
        let whole = cut(Excerpt::whole("长".repeat(500)));
        assert_eq!(whole.marked().chars().count(), LONGEST - 2);
    }
}
