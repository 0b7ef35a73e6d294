//! The note at the end of a volume (卷内备考表, N1).
//!
//! It says what the volume holds and what is wrong with it: numbers of items and pages, and every
//! warning the checks left. Who made the volume and who checked it are two people, who sign by hand.

use archive_core::model::Volume;

use crate::book::{Book, name_of};
use crate::document::{Body, Border, Document, Grid, GridCell, GridRow, Numbering, Part};
use crate::fonts::Role;
use crate::layout::{Align, Paper, Style, printable, table};

/// The most warnings written out on one note; the report of the check has the rest.
const MOST_WARNINGS: usize = 24;

/// The notes of all volumes, in order.
pub fn notes(book: &Book<'_>) -> Document {
    let parts = book
        .volumes
        .iter()
        .map(|volume| Part {
            name: name_of(volume).to_owned(),
            paper: Paper::A4,
            numbering: Numbering::None,
            body: Body::Grid(note(book, volume)),
        })
        .collect();
    crate::print::document(book, "卷内备考表", parts)
}

/// What the note says of the state of a volume: a sentence a line.
pub fn state(book: &Book<'_>, volume: &Volume) -> Vec<String> {
    let mut lines = vec![format!("本卷共有文件 {} 件，{} 页。", volume.entries.len(), book.pages(volume))];
    let warnings = book.warnings(volume);
    for (at, warning) in warnings.iter().take(MOST_WARNINGS).enumerate() {
        let message = printable(&warning.message.zh);
        lines.push(format!("{}. {}。（{}）", at + 1, message.trim_end_matches('。'), warning.rule));
    }
    if warnings.len() > MOST_WARNINGS {
        lines.push(format!("另有 {} 项，见检查报告。", warnings.len() - MOST_WARNINGS));
    }
    lines
}

fn note(book: &Book<'_>, volume: &Volume) -> Grid {
    let code = volume.number.as_ref().map_or_else(String::new, |number| number.code.clone());
    let style = Style { align: Align::Right, ..table::HEADING };
    let width = Paper::A4.text_width();
    Sheet {
        title: "卷内备考表",
        heading: vec![GridCell::new(width, format!("档号：{code}"), style).named("档号")],
        about: "本卷情况说明",
        state: state(book, volume),
        room: [148.0, 10.0],
        signs: &[("立卷人", ""), ("检查人", ""), ("立卷时间", DAY)],
    }
    .grid()
}

/// A day to be filled in by hand.
pub(super) const DAY: &str = "　　年　　月　　日";

/// The sheet that lies at the end of a volume or in a box: what is in it, and who signs for it.
pub(super) struct Sheet<'a> {
    pub(super) title: &'a str,
    /// What it belongs to.
    pub(super) heading: Vec<GridCell>,
    /// What the description is called.
    pub(super) about: &'static str,
    /// The description, a sentence a line.
    pub(super) state: Vec<String>,
    /// How high the description is, and the room below it, in millimetres.
    pub(super) room: [f64; 2],
    /// Who signs, with what stands on the line already.
    pub(super) signs: &'a [(&'a str, &'a str)],
}

impl Sheet<'_> {
    pub(super) fn grid(self) -> Grid {
        let width = Paper::A4.text_width();
        let text = Style { role: Role::Fangsong, size: 14.0, smallest: 8.0, align: Align::Left };
        let label = Style { role: Role::Hei, size: 14.0, smallest: 9.0, align: Align::Left };
        let [height, below] = self.room;
        let state = GridCell::new(width, self.state.join("\n"), text);
        let mut rows = vec![
            GridRow::title(width, self.title),
            GridRow::new(8.0, self.heading),
            GridRow::new(12.0, vec![GridCell::new(width, format!("{}：", self.about), label)]),
            GridRow::new(height, vec![state.bordered(Border::Box).top().inset(4.0).named(self.about)]),
            GridRow::space(below),
        ];
        rows.extend(self.signs.iter().map(|(word, value)| {
            let line = vec![
                GridCell::blank(width - 92.0),
                GridCell::new(28.0, *word, label.aligned(Align::Spread)),
                GridCell::new(6.0, "：", label),
                GridCell::new(52.0, *value, text.aligned(Align::Right)).bordered(Border::Under),
            ];
            GridRow::new(13.0, line)
        }));
        Grid::new(rows)
    }
}
