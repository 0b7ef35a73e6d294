//! The same forms for other programs: spreadsheets, csv, and a page for the browser.
//!
//! The spreadsheet has the columns, widths, heights and page breaks of the PDF, because it takes them
//! from the same layout. Whatever a person typed stays text: nothing is ever a formula.

mod chart;
pub mod csv;
pub mod html;
mod numbered;
pub mod xlsx;

use crate::document::Grid;

/// Grids have cells of any width; a spreadsheet has columns. These are the edges all rows share.
pub(crate) fn edges(grid: &Grid) -> Vec<f64> {
    let mut edges = vec![0.0];
    for row in &grid.rows {
        let mut x = 0.0;
        for cell in &row.cells {
            x += cell.width;
            edges.push(x);
        }
    }
    edges.sort_by(f64::total_cmp);
    edges.dedup_by(|b, a| (*b - *a).abs() < 0.05);
    edges
}

/// The column that begins at an edge.
pub(crate) fn column_at(edges: &[f64], x: f64) -> usize {
    edges.iter().position(|edge| (edge - x).abs() < 0.06).unwrap_or(edges.len().saturating_sub(1))
}
