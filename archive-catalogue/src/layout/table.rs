//! Cutting a list into pages: the header on each, no row torn apart.
//!
//! A row is as high as its highest cell. One that is higher than a page (or than a spreadsheet's rows
//! can be) is set smaller until it fits; only what doesn't fit even in the smallest type is carried
//! over to the next page, line by line, so that nothing is ever lost.

use std::ops::Range;

use archive_core::profile::RowHeights;

use super::fit::{self, Area, Block};
use super::{Align, Mark, Measure, Page, Paper, Point, Style};
use crate::document::{Column, Labelled, Table};
use crate::fonts::Role;

/// The style of entries.
pub const ENTRY: Style = Style { role: Role::Song, size: 10.0, smallest: 7.0, align: Align::Left };
/// The style of headers.
pub const HEADER: Style = Style { role: Role::Hei, size: 10.5, smallest: 7.0, align: Align::Centre };
/// The style of titles.
pub const TITLE: Style = Style { role: Role::Song, size: 18.0, smallest: 10.0, align: Align::Centre };
/// The style of what stands between title and table.
pub const HEADING: Style = Style { role: Role::Song, size: 10.5, smallest: 6.0, align: Align::Left };

/// Room between a cell's lines and its text, in millimetres.
pub const PADDING: f64 = 1.0;
/// Height of the title.
pub const TITLE_HEIGHT: f64 = 11.0;
/// Height of a line of the heading.
pub const HEADING_HEIGHT: f64 = 7.0;
/// Height of what stands below the last row.
pub const FOOTING_HEIGHT: f64 = 10.0;
/// The highest a row gets: a spreadsheet can't have a higher one (409 points).
pub const HIGHEST_ROW: f64 = 140.0;
/// The smallest type a row is shrunk to before it is torn.
const SMALLEST: f64 = 4.0;

const THIN: f64 = 0.18;
const THICK: f64 = 0.35;

/// A row ready to be drawn: a row of the table, or a piece of one too high for any page.
#[derive(Debug, Clone, PartialEq)]
pub struct LaidRow {
    /// Which row of the table it shows; none for an empty row that fills a page.
    pub source: Option<usize>,
    /// Its cells.
    pub cells: Vec<Block>,
    /// Its height in millimetres.
    pub height: f64,
}

/// A table cut into pages.
#[derive(Debug, Clone, PartialEq)]
pub struct LaidTable {
    /// The height of the header row in millimetres.
    pub header: f64,
    /// The rows, those that fill the last page included.
    pub rows: Vec<LaidRow>,
    /// Which rows stand on which page; at least one page, even for an empty table.
    pub pages: Vec<Range<usize>>,
}

/// Cuts a table into pages.
pub fn lay_out(table: &Table, paper: &Paper, measure: &dyn Measure) -> LaidTable {
    let header = table
        .columns
        .iter()
        .map(|column| fit::in_width(&column.header, HEADER, column.width - 2.0 * PADDING, measure).height())
        .fold(0.0, f64::max)
        + 4.0 * PADDING;
    let room = room_for_rows(table, paper, header);
    let mut rows = Vec::with_capacity(table.rows.len());
    for (source, cells) in table.rows.iter().enumerate() {
        lay_out_row(table, source, cells, room, measure, &mut rows);
    }

    let mut pages = Vec::new();
    let mut begin = 0;
    let mut used = 0.0;
    for (at, row) in rows.iter().enumerate() {
        if at > begin && used + row.height > room + 1e-6 {
            pages.push(begin..at);
            begin = at;
            used = 0.0;
        }
        used += row.height;
    }
    pages.push(begin..rows.len());
    if table.fill
        && let Some(last) = pages.last_mut()
    {
        let height = least_height(table.heights);
        while used + height <= room + 1e-6 {
            let empty = Block { size: ENTRY.size, lines: Vec::new() };
            rows.push(LaidRow { source: None, cells: vec![empty; table.columns.len()], height });
            used += height;
            last.end += 1;
        }
    }
    LaidTable { header, rows, pages }
}

fn room_for_rows(table: &Table, paper: &Paper, header: f64) -> f64 {
    paper.text_height()
        - TITLE_HEIGHT
        - heading_height(&table.heading)
        - header
        - footing_height(&table.footing)
}

/// The height of what stands below the last row; room for it is kept on every page.
pub fn footing_height(footing: &[Labelled]) -> f64 {
    if footing.is_empty() { 0.0 } else { FOOTING_HEIGHT }
}

/// The height of the lines between title and table.
pub fn heading_height(heading: &[Labelled]) -> f64 {
    if heading.is_empty() { 3.0 } else { HEADING_HEIGHT }
}

fn least_height(heights: RowHeights) -> f64 {
    match heights {
        RowHeights::AtLeast(height) | RowHeights::Always(height) => height.max(4.0),
    }
}

/// How a column's entries are set.
pub fn entry_style(column: &Column) -> Style {
    ENTRY.aligned(column.align)
}

fn lay_out_row(
    table: &Table,
    source: usize,
    cells: &[String],
    room: f64,
    measure: &dyn Measure,
    rows: &mut Vec<LaidRow>,
) {
    let least = least_height(table.heights);
    let highest = room.min(HIGHEST_ROW);
    let inside = 2.0 * PADDING;
    let above_and_below = 2.0 * PADDING + 0.8; // so that lines of three don't touch the rules
    let wanted = match table.heights {
        RowHeights::AtLeast(_) => f64::INFINITY,
        RowHeights::Always(height) => height - above_and_below,
    };
    let set = |smallest: f64, height: f64| -> Vec<Block> {
        cells
            .iter()
            .zip(&table.columns)
            .map(|(text, column)| {
                let style = Style { smallest, ..entry_style(column) };
                fit::in_box(text, style, column.width - inside, height, measure)
            })
            .collect()
    };
    let height_of = |blocks: &[Block]| blocks.iter().map(Block::height).fold(0.0, f64::max) + above_and_below;

    let mut blocks = set(ENTRY.smallest, wanted);
    let mut height = height_of(&blocks);
    if height > highest {
        blocks = set(SMALLEST, highest - above_and_below);
        height = height_of(&blocks);
    }
    while height > highest + 1e-6 {
        let piece: Vec<Block> = blocks
            .iter_mut()
            .map(|block| {
                let mut fits = block.lines.len();
                while fits > 1 && fit::height(fits, block.size) > highest - above_and_below {
                    fits -= 1;
                }
                let rest = block.lines.split_off(fits.min(block.lines.len()));
                Block { size: block.size, lines: std::mem::replace(&mut block.lines, rest) }
            })
            .collect();
        rows.push(LaidRow { source: Some(source), height: height_of(&piece).max(least), cells: piece });
        height = height_of(&blocks);
    }
    rows.push(LaidRow { source: Some(source), height: height.max(least), cells: blocks });
}

/// Draws one page of a table.
pub fn draw_page(
    table: &Table,
    laid: &LaidTable,
    number: usize,
    paper: &Paper,
    measure: &dyn Measure,
) -> Page {
    let rows = laid.pages[number].clone();
    let is_last = number + 1 == laid.pages.len();
    let mut marks = Vec::new();
    let width: f64 = table.columns.iter().map(|column| column.width).sum();
    let left = paper.left;
    let mut y = paper.top;
    let area = Area { x: left, y, width, height: TITLE_HEIGHT };
    fit::place(&table.title, TITLE, area, measure, &mut marks);
    y += TITLE_HEIGHT;
    draw_heading(&table.heading, left, y, width, measure, &mut marks);
    y += heading_height(&table.heading);

    let top = y;
    let mut x = left;
    for column in &table.columns {
        let area = Area { x, y, width: column.width, height: laid.header }.inset(PADDING);
        fit::place(&column.header, HEADER, area, measure, &mut marks);
        x += column.width;
    }
    let mut horizontals = vec![(y, THICK)];
    y += laid.header;
    for row in &laid.rows[rows] {
        horizontals.push((y, THIN));
        let mut x = left;
        for (place, (column, block)) in table.columns.iter().zip(&row.cells).enumerate() {
            if let Some(source) = row.source {
                let area = Area { x, y, width: column.width, height: row.height }.inset(PADDING);
                let text = &table.rows[source][place];
                fit::place_block(text, block, entry_style(column), area, measure, &mut marks);
            }
            x += column.width;
        }
        y += row.height;
    }
    horizontals.push((y, THICK));

    for (at, width_of_line) in horizontals {
        marks.push(Mark::Line {
            from: Point { x: left, y: at },
            to: Point { x: left + width, y: at },
            width: width_of_line,
        });
    }
    let mut x = left;
    for (place, column_width) in
        std::iter::once(0.0).chain(table.columns.iter().map(|column| column.width)).enumerate()
    {
        x += column_width;
        let outer = place == 0 || place == table.columns.len();
        marks.push(Mark::Line {
            from: Point { x, y: top },
            to: Point { x, y },
            width: if outer { THICK } else { THIN },
        });
    }
    if is_last {
        draw_heading(&table.footing, left, y + FOOTING_HEIGHT - HEADING_HEIGHT, width, measure, &mut marks);
    }
    Page { paper: *paper, marks }
}

/// The line above a table: labels and values, shares of the width by their length.
fn draw_heading(
    heading: &[Labelled],
    left: f64,
    y: f64,
    width: f64,
    measure: &dyn Measure,
    marks: &mut Vec<Mark>,
) {
    let texts: Vec<String> = heading.iter().map(|pair| format!("{}：{}", pair.label, pair.value)).collect();
    let shares: Vec<f64> =
        texts.iter().map(|text| super::width_in_ems(text, HEADING.role, measure) + 2.0).collect();
    let total: f64 = shares.iter().sum();
    let mut x = left;
    for (place, (text, share)) in texts.iter().zip(&shares).enumerate() {
        let share = width * share / total;
        let align = if place > 0 && place + 1 == texts.len() { Align::Right } else { Align::Left };
        let area = Area { x, y, width: share, height: HEADING_HEIGHT - 1.0 };
        fit::place(text, HEADING.aligned(align), area, measure, marks);
        x += share;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::Plain;
    use super::*;

    fn table(rows: Vec<Vec<String>>, heights: RowHeights, fill: bool) -> Table {
        let column = |header: &str, width: f64| Column {
            header: header.to_owned(),
            width,
            align: Align::Left,
            is_number: false,
        };
        Table {
            title: "卷内文件目录".to_owned(),
            heading: Vec::new(),
            columns: vec![column("顺序号", 12.0), column("题名", 53.0)],
            rows,
            heights,
            fill,
            footing: Vec::new(),
            in_csv: true,
        }
    }

    #[test]
    fn an_empty_list_is_one_page_of_empty_rows() {
        let laid = lay_out(&table(Vec::new(), RowHeights::AtLeast(9.0), true), &Paper::A4, &Plain);
        assert_eq!(laid.pages.len(), 1);
        assert!(laid.rows.len() > 20);
        let laid = lay_out(&table(Vec::new(), RowHeights::AtLeast(9.0), false), &Paper::A4, &Plain);
        assert_eq!((laid.pages.len(), laid.rows.len()), (1, 0));
    }

    #[test]
    fn a_title_of_two_thousand_characters_is_set_small_on_one_page() {
        let title = "关于防汛抗旱工作情况的报告".repeat(154);
        let rows = vec![vec!["1".to_owned(), "通知".to_owned()], vec!["2".to_owned(), title]];
        let laid = lay_out(&table(rows, RowHeights::AtLeast(9.0), false), &Paper::A4, &Plain);
        assert_eq!(laid.rows.len(), 2, "not torn");
        assert!(laid.rows[1].height <= HIGHEST_ROW);
    }

    #[test]
    fn rows_of_one_height_set_long_titles_smaller() {
        let rows = vec![vec!["1".to_owned(), "关于防汛抗旱工作情况的报告".repeat(5)]];
        let laid = lay_out(&table(rows, RowHeights::Always(15.0), true), &Paper::A4, &Plain);
        assert!(laid.rows.iter().all(|row| (row.height - 15.0).abs() < 1e-9));
        assert!(laid.rows[0].cells[1].size < ENTRY.size);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_torn_or_moved_and_no_page_overflows(
            lengths in prop::collection::vec(0usize..400, 0..60),
            always in any::<bool>(),
            fill in any::<bool>(),
        ) {
            let rows: Vec<Vec<String>> = lengths
                .iter()
                .enumerate()
                .map(|(at, length)| vec![at.to_string(), "汛".repeat(*length)])
                .collect();
            let heights = if always { RowHeights::Always(15.0) } else { RowHeights::AtLeast(9.0) };
            let table = table(rows, heights, fill);
            let laid = lay_out(&table, &Paper::A4, &Plain);
            let shown: Vec<usize> = laid.rows.iter().filter_map(|row| row.source).collect();
            prop_assert_eq!(shown, (0..lengths.len()).collect::<Vec<_>>());
            let mut at = 0;
            for page in &laid.pages {
                prop_assert_eq!(page.start, at);
                at = page.end;
                let used: f64 = laid.rows[page.clone()].iter().map(|row| row.height).sum();
                prop_assert!(used <= room_for_rows(&table, &Paper::A4, laid.header) + 1e-6);
            }
            prop_assert_eq!(at, laid.rows.len());
            for row in &laid.rows {
                if let Some(source) = row.source {
                    let kept: String = row.cells[1].lines.iter().map(|line| &table.rows[source][1][line.clone()]).collect();
                    prop_assert_eq!(&kept, &table.rows[source][1]);
                }
            }
        }
    }
}
