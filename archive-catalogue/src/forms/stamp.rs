//! The stamp of an item (档号章; 归档章 where items are kept in boxes), one for each, on sheets of labels
//! 45 x 16 mm to be cut and pasted on the first page, or held beside it when stamping by hand (P2).
//!
//! 归档章 has the two rows of three cells of DA/T 22-2015: fonds, year, item; section, period, pages.
//! 档号章 has the four numbers of the code; GB/T 9705 names them, and its sizes are ours.

use archive_core::model::{Entry, Volume};
use archive_core::profile::Method;

use crate::book::{Book, catalogue_no, volume_no};
use crate::document::{Body, Border, Document, Grid, GridCell, GridRow, Numbering, Part};
use crate::fonts::Role;
use crate::layout::{Align, Paper, Style, printable};

const WIDTH: f64 = 45.0;
const GAP: f64 = 12.0;
const ACROSS: usize = 3;
const DOWN: usize = 12;

const LABEL: Style = Style { role: Role::Hei, size: 7.5, smallest: 5.0, align: Align::Centre };
const VALUE: Style = Style { role: Role::Song, size: 11.0, smallest: 5.0, align: Align::Centre };

/// One stamp: two rows of cells, with their heights.
type Stamp = [(f64, Style, Vec<String>); 2];

/// The stamps of all items, in order.
pub fn sheets(book: &Book<'_>) -> Document {
    let stamps: Vec<Stamp> = book
        .volumes
        .iter()
        .flat_map(|volume| volume.entries.iter().map(|entry| stamp(book, volume, entry)))
        .collect();
    let parts = stamps
        .chunks(ACROSS * DOWN)
        .enumerate()
        .map(|(at, sheet)| Part {
            name: format!("第{}张", at + 1),
            paper: Paper::A4,
            numbering: Numbering::None,
            body: Body::Grid(Grid { rows: sheet.chunks(ACROSS).flat_map(rows).collect() }),
        })
        .collect();
    crate::print::document(book, "档号章", parts)
}

fn stamp(book: &Book<'_>, volume: &Volume, entry: &Entry) -> Stamp {
    let number = |number: Option<u32>| number.map_or_else(String::new, |number| number.to_string());
    let fonds = book.institution.fonds.clone();
    match book.profile.volumes.method {
        Method::Volume => [
            (5.0, LABEL, ["全宗号", "目录号", "案卷号", "件号"].map(str::to_owned).to_vec()),
            (11.0, VALUE, vec![fonds, catalogue_no(volume), volume_no(volume), number(entry.item_no)]),
        ],
        Method::Item => {
            let item_no = entry.item_no.map_or_else(String::new, |number| format!("{number:04}"));
            let section = volume.section.as_deref().map(printable).unwrap_or_default();
            [
                (8.0, VALUE, vec![fonds, volume.year.to_string(), item_no]),
                (8.0, VALUE, vec![section, volume.period.to_string(), number(book.entry_pages(entry))]),
            ]
        }
    }
}

/// Stamps side by side, and the room below them.
fn rows(stamps: &[Stamp]) -> Vec<GridRow> {
    let row = |which: usize| {
        let cells = stamps.iter().flat_map(|stamp| {
            let (_, style, texts) = &stamp[which];
            #[allow(clippy::cast_precision_loss)] // three or four cells
            let width = WIDTH / texts.len() as f64;
            texts
                .iter()
                .map(move |text| {
                    let padding = 0.5;
                    GridCell::new(width, text, *style).bordered(Border::Box).inset(padding)
                })
                .chain(std::iter::once(GridCell::blank(GAP)))
        });
        GridRow::new(stamps[0][which].0, cells.collect())
    };
    vec![row(0), row(1), GridRow::space(4.5)]
}
