//! Name cards (人物卡片, F3): for each person the records that speak of them, on cards of 125 x 75 mm.
//!
//! Persons are those that titles name ([`persons`]). What doesn't read as a name is left out rather than
//! guessed at; the archivist writes the cards that are missing by hand, and each card has room for more.

use std::collections::BTreeMap;

use archive_core::model::{Entry, Volume};
use archive_core::reading::persons;

use crate::book::Book;
use crate::document::{Border, Document, Grid, GridCell, GridRow, Part};
use crate::fonts::Role;
use crate::layout::{Align, Paper, Style, printable};

/// Lines of records on a card.
const LINES: usize = 5;
/// Cards on a sheet.
const CARDS: usize = 3;
const WIDTH: f64 = 125.0;

/// The cards of the book, by name.
pub fn cards(book: &Book<'_>) -> Document {
    let mut people: BTreeMap<String, Vec<(&Volume, &Entry)>> = BTreeMap::new();
    for (volume, entry) in book.entries() {
        for name in persons(&printable(&entry.title)) {
            people.entry(name).or_default().push((volume, entry));
        }
    }
    let cards: Vec<Vec<GridRow>> = people
        .iter()
        .flat_map(|(name, entries)| {
            let all = entries.len().div_ceil(LINES);
            entries.chunks(LINES).enumerate().map(move |(at, lines)| card(book, name, at + 1, all, lines))
        })
        .collect();
    let parts = cards
        .chunks(CARDS)
        .enumerate()
        .map(|(at, cards)| {
            let mut rows = Vec::new();
            for card in cards {
                rows.extend(card.iter().cloned());
                rows.push(GridRow::space(9.0));
            }
            Part::new(&format!("第{}张", at + 1), Paper::A4, Grid::new(rows))
        })
        .collect();
    crate::print::document(book, "人物卡片", parts)
}

fn card(book: &Book<'_>, name: &str, number: usize, of: usize, lines: &[(&Volume, &Entry)]) -> Vec<GridRow> {
    let label = Style { role: Role::Hei, size: 10.5, smallest: 6.0, align: Align::Centre };
    let value = Style { role: Role::Song, size: 9.0, smallest: 5.0, align: Align::Left };
    let big = Style { role: Role::Kai, size: 16.0, smallest: 10.0, align: Align::Centre };
    let cell = |width: f64, text: &str, style: Style| GridCell::new(width, text, style).bordered(Border::Box);
    let which = if of > 1 { format!("{number}／{of}") } else { String::new() };
    let mut rows = vec![
        GridRow::new(
            14.0,
            vec![
                cell(20.0, "姓　名", label),
                cell(45.0, name, big).named("姓名"),
                cell(20.0, "全宗号", label),
                cell(25.0, &book.institution.fonds, value.aligned(Align::Centre)),
                cell(15.0, &which, value.aligned(Align::Centre)),
            ],
        ),
        GridRow::new(
            8.0,
            vec![
                cell(35.0, "档　号", label),
                cell(60.0, "题　名", label),
                cell(20.0, "日　期", label),
                cell(10.0, "页号", label),
            ],
        ),
    ];
    for at in 0..LINES {
        let texts = lines.get(at).map_or_else(Default::default, |(volume, entry)| {
            [
                book.item_code(volume, entry),
                printable(&entry.title),
                book.item(entry).map_or_else(String::new, |item| book.item_date(&item.date)),
                super::grouped::first_page(entry),
            ]
        });
        let [code, title, date, page]: [String; 4] = texts;
        let middle = value.aligned(Align::Centre);
        rows.push(GridRow::new(
            10.6,
            vec![
                cell(35.0, &code, middle),
                cell(60.0, &title, value),
                cell(20.0, &date, middle),
                cell(10.0, &page, middle),
            ],
        ));
    }
    debug_assert!(
        rows.iter()
            .all(|row| { (row.cells.iter().map(|cell| cell.width).sum::<f64>() - WIDTH).abs() < 1e-9 })
    );
    rows
}
