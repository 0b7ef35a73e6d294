//! Boxes with fixed places: covers, notes, labels, signature pages.

use std::ops::Range;

use super::fit::{self, Area};
use super::{Align, Mark, Measure, Page, Paper, Point, Style};
use crate::document::{Border, Grid, GridCell, GridRow};

const THIN: f64 = 0.25;

/// Which rows stand on which page: a row that no longer fits begins the next one.
pub fn pages(grid: &Grid, paper: &Paper) -> Vec<Range<usize>> {
    // Forms are measured to the paper; what sums up to it a hair's breadth over still stands on it.
    let room = paper.text_height() + 1.0;
    let mut pages = Vec::new();
    let (mut begin, mut used) = (0, 0.0);
    for (at, row) in grid.rows.iter().enumerate() {
        if at > begin && used + row.height > room {
            pages.push(begin..at);
            (begin, used) = (at, 0.0);
        }
        used += row.height;
    }
    pages.push(begin..grid.rows.len());
    pages
}

/// Draws the rows of one page.
pub fn draw_page(rows: &[GridRow], paper: &Paper, measure: &dyn Measure) -> Page {
    let mut marks = Vec::new();
    let mut y = paper.top;
    for row in rows {
        let mut x = paper.left;
        for cell in &row.cells {
            let area = Area { x, y, width: cell.width, height: row.height };
            draw_border(cell.border, area, &mut marks);
            draw_text(cell, area.inset(cell.padding), measure, &mut marks);
            x += cell.width;
        }
        y += row.height;
    }
    Page { paper: *paper, marks }
}

fn draw_border(border: Border, area: Area, marks: &mut Vec<Mark>) {
    let (left, right) = (area.x, area.x + area.width);
    let (top, bottom) = (area.y, area.y + area.height);
    let mut line = |x1, y1, x2, y2| {
        marks.push(Mark::Line { from: Point { x: x1, y: y1 }, to: Point { x: x2, y: y2 }, width: THIN });
    };
    match border {
        Border::None => {}
        Border::Under => line(left, bottom, right, bottom),
        Border::DoubleUnder => {
            line(left, bottom - 1.0, right, bottom - 1.0);
            line(left, bottom, right, bottom);
        }
        Border::Box => {
            line(left, top, right, top);
            line(left, bottom, right, bottom);
            line(left, top, left, bottom);
            line(right, top, right, bottom);
        }
    }
}

/// Paragraphs one under the other, all in the size that lets the whole of them fit.
fn draw_text(cell: &GridCell, area: Area, measure: &dyn Measure, marks: &mut Vec<Mark>) {
    let paragraphs: Vec<&str> = cell.text.lines().collect();
    match &paragraphs[..] {
        [] => {}
        [only] if !cell.at_top => fit::place(only, cell.style, area, measure, marks),
        several => {
            let blocks = |size: f64| {
                let style = Style { size, smallest: size, ..cell.style };
                several.iter().map(|text| fit::in_width(text, style, area.width, measure)).collect::<Vec<_>>()
            };
            let height = |blocks: &[fit::Block]| {
                blocks.iter().map(|block| fit::height(block.lines.len() + 1, block.size)).sum::<f64>()
            };
            let mut size = cell.style.size;
            let mut set = blocks(size);
            while height(&set) > area.height && size - 0.5 >= cell.style.smallest.min(3.5) {
                size -= 0.5;
                set = blocks(size);
            }
            let free = (area.height - height(&set)).max(0.0);
            let mut y = area.y + if cell.at_top { 0.0 } else { free / 2.0 };
            for (text, block) in several.iter().zip(&set) {
                let height = block.height();
                let area = Area { y, height, ..area };
                let style = match cell.style.align {
                    Align::Spread | Align::Vertical => cell.style.aligned(Align::Left),
                    _ => cell.style,
                };
                fit::place_block(text, block, style, area, measure, marks);
                y += fit::height(block.lines.len() + 1, block.size);
            }
        }
    }
}
