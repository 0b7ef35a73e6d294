//! A spreadsheet that prints as the PDF does.
//!
//! One sheet a part, with the widths of the form, a header repeated on every page, page breaks and
//! row heights from our own layout (a spreadsheet doesn't grow a row by itself when a program wrote
//! it). Codes and dates are text, counts are numbers, and formulas are never written.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::{column_at, edges};
use crate::document::{Body, Border, Document, Grid, GridCell, Numbering, Part, Prose, Table};
use crate::layout::table::{FOOTING_HEIGHT, HEADER, HEADING, HEADING_HEIGHT, TITLE, TITLE_HEIGHT};
use crate::layout::wrap::wrap;
use crate::layout::{Align, MM_PER_PT, Measure, Paper, Style};

/// The highest a row can be, in points.
const HIGHEST: f64 = 409.0;

/// The most page breaks a sheet can hold; after them the program breaks pages itself, at the same rows
/// or close to them.
const MOST_BREAKS: usize = 1023;

/// Writes a document as a workbook.
pub fn write(document: &Document, date: NaiveDate, measure: &dyn Measure) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let small = |number: u32| u8::try_from(number).unwrap_or(1);
    let year = u16::try_from(date.year()).unwrap_or(1900).max(1900);
    let stamp = ExcelDateTime::from_ymd(year, small(date.month()), small(date.day()))?;
    book.set_properties(
        &DocProperties::new()
            .set_title(&document.title)
            .set_author(&document.author)
            .set_creation_datetime(&stamp),
    );
    // Columns are measured in digits of this font, so it must be one that every program has or can
    // stand in for with the same widths.
    book.set_default_format(&Format::new().set_font_name("Arial").set_font_size(10), 17, 64)?;
    let parts = document.first_copy();
    let counts: Vec<usize> = parts.iter().map(|part| crate::paged::count_pages(part, measure)).collect();
    let in_run = |part: &Part| part.numbering == Numbering::Run;
    let total: usize =
        parts.iter().zip(&counts).filter(|(part, _)| in_run(part)).map(|(_, count)| count).sum();
    let mut run = 0;
    let mut names = BTreeSet::new();
    for (part, count) in parts.iter().zip(&counts) {
        let sheet = book.add_worksheet();
        sheet.set_name(sheet_name(&part.name, &mut names))?;
        set_page(sheet, part, *count);
        match part.numbering {
            Numbering::None => {}
            Numbering::Own => number_pages(sheet, 1, *count),
            Numbering::Run => {
                number_pages(sheet, run + 1, total);
                run += count;
            }
        }
        match &part.body {
            Body::Table(table) => write_table(sheet, table, &part.paper, measure)?,
            Body::Grid(grid) => write_grid(sheet, grid, &part.paper, measure)?,
            Body::Prose(prose) => write_prose(sheet, prose, &part.paper, measure)?,
            Body::Chart(chart) => super::chart::write(sheet, chart)?,
        }
    }
    if document.parts.is_empty() {
        book.add_worksheet().write_string(0, 0, format!("{}：无案卷", document.title))?;
    }
    let workbook = book.save_to_buffer()?;
    super::numbered::put_right(workbook).map_err(XlsxError::IoError)
}

/// At most 31 characters, none that a tab can't bear, each name once whatever its case.
fn sheet_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let plain: String = name
        .chars()
        .map(|c| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') { '_' } else { c })
        .collect();
    let plain = plain.trim_matches('\'');
    let cut = |units: usize| {
        let mut left = units;
        plain
            .chars()
            .take_while(|c| left.checked_sub(c.len_utf16()).inspect(|rest| left = *rest).is_some())
            .collect::<String>()
    };
    let mut wanted = if plain.is_empty() { "表".to_owned() } else { cut(31) };
    let mut number = 1;
    while !taken.insert(wanted.to_lowercase()) {
        number += 1;
        wanted = format!("{}({number})", cut(25));
    }
    wanted
}

/// Paper and margins. Another program's columns and rows may come out a little larger than ours, so
/// the sheet is printed one page wide, and the margins leave some room.
fn set_page(sheet: &mut Worksheet, part: &Part, pages: usize) {
    const ROOM: f64 = 6.0;
    let inch = |mm: f64| mm / 25.4;
    let paper = &part.paper;
    sheet.set_paper_size(9); // A4
    if paper.width > paper.height {
        sheet.set_landscape();
    }
    let top = inch(paper.top - ROOM / 2.0);
    let bottom = inch(paper.bottom - ROOM);
    sheet.set_margins(inch(paper.left), inch(paper.right), top, bottom, inch(5.0), inch(6.0));
    let tall = match part.body {
        Body::Grid(_) => u16::try_from(pages).unwrap_or(0),
        Body::Table(_) | Body::Prose(_) | Body::Chart(_) => 0,
    };
    sheet.set_print_fit_to_pages(1, tall);
    sheet.set_print_gridlines(false);
    sheet.set_screen_gridlines(false);
}

/// Page numbers as the PDF has them: a spreadsheet would count the whole workbook.
fn number_pages(sheet: &mut Worksheet, first: usize, of: usize) {
    sheet.set_print_first_page_number(u16::try_from(first).unwrap_or(u16::MAX));
    sheet.set_footer(format!("&C&9第&P页　共{of}页"));
}

/// Millimetres as pixels at 96 to the inch, in which columns are measured.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn pixels(mm: f64) -> u32 {
    (mm / 25.4 * 96.0).round().max(1.0) as u32
}

fn points(mm: f64) -> f64 {
    (mm / MM_PER_PT).min(HIGHEST)
}

fn row_number(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}

fn column_number(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

fn format_of(style: Style) -> Format {
    let align = match style.align {
        Align::Left => FormatAlign::Left,
        Align::Centre | Align::Vertical => FormatAlign::Center,
        Align::Right => FormatAlign::Right,
        Align::Spread => FormatAlign::Distributed,
    };
    Format::new()
        .set_font_name(style.role.office_family())
        .set_font_size(style.size)
        .set_align(align)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}

fn write_table(
    sheet: &mut Worksheet,
    table: &Table,
    paper: &Paper,
    measure: &dyn Measure,
) -> Result<(), XlsxError> {
    let laid = crate::layout::table::lay_out(table, paper, measure);
    let last = column_number(table.columns.len().saturating_sub(1));
    for (at, column) in table.columns.iter().enumerate() {
        sheet.set_column_width_pixels(column_number(at), pixels(column.width))?;
    }
    sheet.set_row_height(0, points(TITLE_HEIGHT))?;
    merge(sheet, (0, 0), (0, last), &table.title, &format_of(TITLE))?;
    let heading: Vec<String> =
        table.heading.iter().map(|pair| format!("{}：{}", pair.label, pair.value)).collect();
    sheet.set_row_height(
        1,
        points(crate::layout::table::heading_height(&table.heading).min(HEADING_HEIGHT)),
    )?;
    merge(sheet, (1, 0), (1, last), &heading.join("　　"), &format_of(HEADING))?;
    sheet.set_row_height(2, points(laid.header))?;
    let header = format_of(HEADER).set_border(FormatBorder::Thin);
    for (at, column) in table.columns.iter().enumerate() {
        sheet.write_string_with_format(2, column_number(at), &column.header, &header)?;
    }
    sheet.set_repeat_rows(0, 2)?;

    let first_row = 3;
    for (at, row) in laid.rows.iter().enumerate() {
        let place = row_number(first_row + at);
        sheet.set_row_height(place, points(row.height))?;
        for (column, (spec, block)) in table.columns.iter().zip(&row.cells).enumerate() {
            let style = Style { size: block.size, ..crate::layout::table::entry_style(spec) };
            let format = format_of(style).set_border(FormatBorder::Thin).set_num_format("@");
            let column = column_number(column);
            let text: String = match row.source {
                None => String::new(),
                Some(source) => {
                    let whole = &table.rows[source][usize::from(column)];
                    match (block.lines.first(), block.lines.last()) {
                        (Some(begin), Some(end)) => whole[begin.start..end.end].to_owned(),
                        _ => String::new(),
                    }
                }
            };
            match text.parse::<u32>() {
                Ok(number) if spec.is_number && number.to_string() == text => {
                    sheet.write_number_with_format(place, column, number, &format.set_num_format("0"))?;
                }
                _ if text.is_empty() => {
                    sheet.write_blank(place, column, &format)?;
                }
                _ => {
                    sheet.write_string_with_format(place, column, &text, &format)?;
                }
            }
        }
    }
    let breaks: Vec<u32> =
        laid.pages.iter().skip(1).take(MOST_BREAKS).map(|page| row_number(first_row + page.start)).collect();
    sheet.set_page_breaks(&breaks)?;
    let mut end = first_row + laid.rows.len().max(1) - 1;
    if !table.footing.is_empty() {
        end += 1;
        let text: Vec<String> =
            table.footing.iter().map(|pair| format!("{}：{}", pair.label, pair.value)).collect();
        sheet.set_row_height(row_number(end), points(FOOTING_HEIGHT))?;
        let blank = "　".repeat(6);
        merge(sheet, (row_number(end), 0), (row_number(end), last), &text.join(&blank), &format_of(HEADING))?;
    }
    sheet.set_print_area(0, 0, row_number(end), last)?;
    sheet.set_freeze_panes(row_number(first_row), 0)?;
    Ok(())
}

/// Writes into one cell or several as one.
fn merge(
    sheet: &mut Worksheet,
    from: (u32, u16),
    to: (u32, u16),
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    if from == to {
        sheet.write_string_with_format(from.0, from.1, text, format)?;
    } else {
        sheet.merge_range(from.0, from.1, to.0, to.1, text, format)?;
    }
    Ok(())
}

fn write_grid(
    sheet: &mut Worksheet,
    grid: &Grid,
    paper: &Paper,
    measure: &dyn Measure,
) -> Result<(), XlsxError> {
    let edges = edges(grid);
    for (at, pair) in edges.windows(2).enumerate() {
        sheet.set_column_width_pixels(column_number(at), pixels(pair[1] - pair[0]))?;
    }
    let mut place = 0;
    let breaks: Vec<usize> =
        crate::layout::grid::pages(grid, paper).iter().skip(1).map(|page| page.start).collect();
    let mut broken = Vec::new();
    for (at, row) in grid.rows.iter().enumerate() {
        if breaks.contains(&at) {
            broken.push(place);
        }
        // A row higher than a spreadsheet's becomes several, and its cells reach over them.
        let mut pieces = 1;
        while row.height / f64::from(pieces) / MM_PER_PT > HIGHEST {
            pieces += 1;
        }
        for piece in 0..pieces {
            sheet.set_row_height(place + piece, row.height / f64::from(pieces) / MM_PER_PT)?;
        }
        let mut x = 0.0;
        for cell in &row.cells {
            let from = (place, column_number(column_at(&edges, x)));
            x += cell.width;
            let to = (place + pieces - 1, column_number(column_at(&edges, x).saturating_sub(1)));
            if !(cell.text.is_empty() && cell.border == Border::None) {
                let style = fitted(cell, row.height, measure);
                let text = match cell.style.align {
                    // One under the other, as lines: LibreOffice tears rare characters in stacked text.
                    Align::Vertical => crate::layout::fit::squares(&cell.text).join("\n"),
                    _ => cell.text.clone(),
                };
                merge(sheet, from, to, &text, &cell_format(cell, style))?;
            }
        }
        place += pieces;
    }
    sheet.set_page_breaks(&broken)?;
    let last = column_number(edges.len().saturating_sub(2));
    sheet.set_print_area(0, 0, place.max(1) - 1, last)?;
    Ok(())
}

/// The style at the size the cell's text fits in.
fn fitted(cell: &GridCell, height: f64, measure: &dyn Measure) -> Style {
    if cell.style.align == Align::Vertical {
        // All in one column, whatever their number.
        #[allow(clippy::cast_precision_loss)]
        let count = crate::layout::fit::squares(&cell.text).len().max(1) as f64;
        let size = (height / (count * 1.5 * MM_PER_PT) * 2.0).floor() / 2.0;
        return Style { size: size.clamp(4.0, cell.style.size), ..cell.style };
    }
    let room = |mm: f64| (mm - 2.0 * cell.padding).max(0.1);
    let size = cell
        .text
        .lines()
        .map(|line| {
            crate::layout::fit::squeezed(line, cell.style, room(cell.width), room(height), measure).size
        })
        .fold(cell.style.size, f64::min);
    Style { size, ..cell.style }
}

fn cell_format(cell: &GridCell, style: Style) -> Format {
    let format = format_of(style).set_num_format("@");
    let format = match cell.border {
        Border::None => format,
        Border::Box => format.set_border(FormatBorder::Thin),
        Border::Under => format.set_border_bottom(FormatBorder::Thin),
        Border::DoubleUnder => format.set_border_bottom(FormatBorder::Double),
    };
    let format = if cell.padding > 4.0 { format.set_indent(2) } else { format };
    if cell.at_top { format.set_align(FormatAlign::Top) } else { format }
}

fn write_prose(
    sheet: &mut Worksheet,
    prose: &Prose,
    paper: &Paper,
    measure: &dyn Measure,
) -> Result<(), XlsxError> {
    // Several columns under each paragraph: a single one is never shrunk to the page.
    const COLUMNS: u16 = 4;
    for column in 0..COLUMNS {
        sheet.set_column_width_pixels(column, pixels(paper.text_width() / f64::from(COLUMNS)))?;
    }
    sheet.set_row_height(0, points(18.0))?;
    merge(sheet, (0, 0), (0, COLUMNS - 1), &prose.title, &format_of(TITLE))?;
    for (at, paragraph) in prose.paragraphs.iter().enumerate() {
        let place = row_number(at + 1);
        let text =
            if paragraph.indent { format!("　　{}", paragraph.text) } else { paragraph.text.clone() };
        let style = paragraph.style;
        // Another program's letters are a little wider or narrower than ours.
        let width = paper.text_width() * 0.96 / (style.size * MM_PER_PT);
        #[allow(clippy::cast_precision_loss)]
        let lines = wrap(&text, style.role, width, measure).lines.len().max(1) as f64;
        sheet.set_row_height(place, (lines * style.size * 1.5).min(HIGHEST))?;
        let format = format_of(style).set_align(FormatAlign::Top);
        merge(sheet, (place, 0), (place, COLUMNS - 1), &text, &format)?;
    }
    sheet.set_print_area(0, 0, row_number(prose.paragraphs.len()), COLUMNS - 1)?;
    Ok(())
}
