//! Registers out: in canonical headers, and the refused rows with what is wrong with them.
//!
//! What [`write()`] gives is read back by [`read`](super::read) as the same items; the opening state,
//! which only a review can set, is not part of a register. All cells but the page counts are text, so
//! that no spreadsheet turns 1-2 into a day or drops the zeros of a number. The same items give the
//! same bytes.

use archive_core::model::{Item, SecrecyLevel};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, XlsxError};

use super::columns::{Column, REASONS};
use super::delimited::guarded;
use super::error::RegisterError;
use super::{RefusedRow, SheetReading};

/// The forms a register is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegisterFormat {
    /// An Excel workbook.
    Xlsx,
    /// Comma-separated text, UTF-8 with a mark, as Excel and WPS open it without asking.
    Csv,
}

/// The columns a register is written with.
fn canonical() -> impl Iterator<Item = Column> {
    Column::ALL.iter().copied().filter(|column| *column != Column::Place)
}

/// Writes items as a register in canonical headers.
///
/// # Errors
///
/// [`RegisterError::Unwritable`] if a cell or the sheet is larger than the format allows.
pub fn write(items: &[Item], format: RegisterFormat) -> Result<Vec<u8>, RegisterError> {
    let header = canonical().map(|column| column.header().to_owned()).collect();
    let rows = items.iter().map(|item| canonical().map(|column| cell(item, column)).collect());
    let pages = canonical().position(|column| column == Column::Pages);
    let page = Page { name: "登记表".to_owned(), header, rows: rows.collect(), numbers: pages };
    save(&[page], format)
}

/// Writes the refused rows as they stood, one sheet for each they came from, with a last column that
/// says what is wrong with them. Mended, the file can be imported: the column is passed over.
///
/// # Errors
///
/// [`RegisterError::Unwritable`] as for [`write()`].
pub fn write_refused<C>(
    sheets: &[SheetReading<C>],
    refused: &[RefusedRow],
    format: RegisterFormat,
) -> Result<Vec<u8>, RegisterError> {
    let mut pages = Vec::new();
    for (index, sheet) in sheets.iter().enumerate() {
        let refused: Vec<&RefusedRow> = refused.iter().filter(|row| row.sheet == index).collect();
        if refused.is_empty() {
            continue;
        }
        let width = sheet
            .columns
            .iter()
            .map(|column| column.index + 1)
            .chain(refused.iter().map(|row| row.cells.len()))
            .max()
            .unwrap_or_default();
        let mut header = vec![String::new(); width];
        for column in &sheet.columns {
            if let Some(cell) = header.get_mut(column.index) {
                cell.clone_from(&column.header);
            }
        }
        header.push(REASONS.to_owned());
        let rows = refused.into_iter().map(|row| {
            let mut cells = row.cells.clone();
            cells.resize(width, String::new());
            let reasons: Vec<&str> = row.findings.iter().map(|finding| finding.message.zh.as_ref()).collect();
            cells.push(format!("第{}行：{}", row.row, reasons.join("；")));
            cells
        });
        let name = sheet.name.clone().unwrap_or_else(|| "退回的行".to_owned());
        pages.push(Page { name, header, rows: rows.collect(), numbers: None });
    }
    save(&pages, format)
}

/// A table to be written.
struct Page {
    name: String,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    /// The column that holds numbers, if one does.
    numbers: Option<usize>,
}

/// What a column says of an item; read again, it gives the same.
fn cell(item: &Item, column: Column) -> String {
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    let joined = |parts: &[String], with: &str| parts.join(with);
    match column {
        Column::Row => item.row.clone(),
        Column::Number => item.number.as_ref().map(|number| number.original.clone()).unwrap_or_default(),
        Column::Bodies => joined(&item.bodies, "、"),
        Column::Title => item.title.clone(),
        Column::Date => item.date.original.clone(),
        Column::Pages => item.pages.map(|pages| pages.to_string()).unwrap_or_default(),
        Column::Type => optional(&item.doc_type),
        Column::State => item.state.map(archive_core::model::DraftState::word).unwrap_or_default(),
        Column::Secrecy => item.secrecy.level.word().to_owned(),
        Column::SecrecyTerm if item.secrecy.level == SecrecyLevel::None => String::new(),
        Column::SecrecyTerm => optional(&item.secrecy.term),
        Column::Urgency => optional(&item.urgency),
        Column::Addressees => joined(&item.addressees, "、"),
        Column::Copies => joined(&item.copies, "、"),
        Column::Section => optional(&item.section),
        Column::Side => item.side.map(|side| side.word().to_owned()).unwrap_or_default(),
        Column::Year => item.year.map(|year| year.to_string()).unwrap_or_default(),
        Column::Question => optional(&item.question),
        Column::Meeting => optional(&item.meeting_or_case),
        Column::Period => item.period.map(|period| period.to_string()).unwrap_or_default(),
        Column::Medium => optional(&item.medium),
        Column::Materials => optional(&item.materials),
        Column::TieTo => item.ties.iter().map(|tie| tie.to_row.as_str()).collect::<Vec<_>>().join(";"),
        Column::TieKind => item.ties.iter().map(|tie| tie.kind.word()).collect::<Vec<_>>().join(";"),
        Column::Scans => joined(&item.scans, ";"),
        Column::Remarks => optional(&item.remarks),
        Column::Place => String::new(),
    }
}

fn save(pages: &[Page], format: RegisterFormat) -> Result<Vec<u8>, RegisterError> {
    match format {
        RegisterFormat::Xlsx => {
            workbook(pages).map_err(|error| RegisterError::Unwritable { detail: error.to_string() })
        }
        RegisterFormat::Csv => delimited(pages),
    }
}

/// One table after the other, an empty line between, as a text file has no sheets.
fn delimited(pages: &[Page]) -> Result<Vec<u8>, RegisterError> {
    let failed = |detail: String| RegisterError::Unwritable { detail };
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer("\u{feff}".as_bytes().to_vec());
    for page in pages {
        for row in std::iter::once(&page.header).chain(&page.rows) {
            writer
                .write_record(row.iter().map(|cell| guarded(cell)))
                .map_err(|error| failed(error.to_string()))?;
        }
    }
    writer.into_inner().map_err(|error| failed(error.to_string()))
}

fn workbook(pages: &[Page]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // Workbooks carry the moment they were made; the same register must give the same bytes.
    let moment = ExcelDateTime::from_ymd(1980, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&moment));
    let head = Format::new()
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_border(FormatBorder::Thin)
        .set_background_color(0x00E7_EEF7);
    let text = Format::new().set_num_format("@").set_align(FormatAlign::Top);
    let number = Format::new().set_num_format("0").set_align(FormatAlign::Top);
    for page in pages {
        let sheet = book.add_worksheet();
        sheet.set_name(&page.name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, header) in (0_u16..).zip(&page.header) {
            sheet.write_string_with_format(0, column, header, &head)?;
            sheet.set_column_width(column, width(header))?;
        }
        for (index, row) in (1_u32..).zip(&page.rows) {
            for (column, cell) in (0_u16..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
                match cell.parse::<u32>() {
                    Ok(count) if page.numbers == Some(usize::from(column)) => {
                        sheet.write_number_with_format(index, column, count, &number)?;
                    }
                    _ => {
                        sheet.write_string_with_format(index, column, cell, &text)?;
                    }
                }
            }
        }
        if let (Some(last), Ok(rows)) = (page.header.len().checked_sub(1), u32::try_from(page.rows.len())) {
            sheet.autofilter(0, 0, rows, u16::try_from(last).unwrap_or(u16::MAX))?;
        }
    }
    book.save_to_buffer()
}

/// How wide a column is set, in half-width characters.
fn width(header: &str) -> f64 {
    match Column::named(header) {
        Some(Column::Title) => 60.0,
        Some(Column::Bodies | Column::Addressees | Column::Copies | Column::Scans | Column::Remarks) => 28.0,
        Some(Column::Number) => 22.0,
        Some(Column::Date | Column::Section | Column::Question | Column::Meeting) => 16.0,
        _ if header == REASONS => 50.0,
        _ => 10.0,
    }
}
