//! Excel 97 to 2003 and what WPS writes like it: the words in the cells, a page a sheet.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xls};

use super::guard::{Watch, damaged};
use super::sheet::serial_date;
use super::{NoText, Page, Read, TextSource};

pub(super) fn read(bytes: &[u8], watch: &Watch) -> Result<Read, NoText> {
    let mut book = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        calamine::XlsError::Password => NoText::Encrypted,
        other => damaged(&other.to_string()),
    })?;
    let mut read = Read::default();
    for (page, name) in (1..).zip(book.sheet_names()) {
        watch.check()?;
        // A sheet of macros or a chart has no cells.
        let Ok(cells) = book.worksheet_range(&name) else { continue };
        let mut text = String::new();
        for row in cells.rows() {
            for cell in row {
                let shown = match cell {
                    Data::Empty | Data::Error(_) => String::new(),
                    Data::DateTime(date) => serial_date(date.as_f64()).unwrap_or_else(|| cell.to_string()),
                    _ => cell.to_string(),
                };
                text.push_str(&shown.replace(['\n', '\r'], " "));
                text.push('\t');
            }
            text.push('\n');
        }
        read.pages.push(Page::of_text(page, &text, TextSource::BornDigital));
    }
    Ok(read)
}
