//! The concordance of document numbers and archival codes (文号、档号对照表, F3): who knows a paper by its
//! number finds its place on the shelf.
//!
//! By issuing code (代字), year and serial number, as people look for them; a jointly issued paper stands
//! under each of its numbers. Numbers that follow no known form stand as written, last.

use archive_core::model::{Entry, Volume};

use crate::book::Book;
use crate::document::{Column, Document, Labelled, Part, Table};
use crate::layout::{Paper, printable};

/// Whether a number follows no known form; its code, year and serial.
type Key = (bool, String, Option<i32>, u32);

/// The concordance of the book.
pub fn catalogue(book: &Book<'_>) -> Document {
    let mut lines: Vec<(Key, String, &Volume, &Entry)> = Vec::new();
    for (volume, entry) in book.entries() {
        let Some(number) = book.item(entry).and_then(|item| item.number.as_ref()) else { continue };
        for part in &number.parts {
            let key = (false, printable(&part.code), part.year, part.serial);
            lines.push((key, printable(&part.to_string()), volume, entry));
        }
        let written = printable(&number.original);
        if number.parts.is_empty() && !written.is_empty() {
            lines.push(((true, written.clone(), None, 0), written, volume, entry));
        }
    }
    lines.sort_by(|one, other| one.0.cmp(&other.0));
    let rows = lines
        .iter()
        .map(|(_, number, volume, entry)| {
            vec![
                number.clone(),
                book.item(entry).map_or_else(String::new, |item| book.item_date(&item.date)),
                entry.title.clone(),
                book.item_code(volume, entry),
                super::grouped::first_page(entry),
                String::new(),
            ]
        })
        .collect();
    let forms = &book.profile.forms;
    let table = Table::new(
        "文号、档号对照表",
        vec![
            Column::text("文号", 35.0),
            Column::centred("日期", 23.0),
            Column::text("题名", 54.0),
            Column::centred("档号", 34.0),
            Column::centred("页号", 12.0),
            Column::text("备注", 12.0),
        ],
    )
    .headed(vec![
        Labelled::new("全宗名称", printable(&book.institution.name)),
        Labelled::new("全宗号", &book.institution.fonds),
        Labelled::new("年度", book.year()),
    ])
    .filled_with(rows)
    .ruled(forms.rows, forms.fill)
    .across(&Paper::A4);
    crate::print::document(book, "文号档号对照表", vec![Part::new("对照表", Paper::A4, table)])
}
