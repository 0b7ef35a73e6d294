//! The number of a sheet's first page, put right.
//!
//! rust_xlsxwriter (0.102) writes it into the attribute that says whether there is one
//! (`useFirstPageNumber="4"`), so LibreOffice numbers every sheet from 1 and a strict reader refuses the
//! file. Here the two attributes become what ECMA-376 (18.3.1.63) has: `firstPageNumber="4"
//! useFirstPageNumber="1"`.

use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

const WRONG: &str = "useFirstPageNumber=\"";

/// The same workbook with its page numbers right.
pub(super) fn put_right(workbook: Vec<u8>) -> std::io::Result<Vec<u8>> {
    let mut from = ZipArchive::new(Cursor::new(workbook))?;
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..from.len() {
        let mut entry = from.by_index(place)?;
        let name = entry.name()?.into_owned();
        if !name.starts_with("xl/worksheets/") {
            drop(entry);
            to.raw_copy_file(from.by_index_raw(place)?)?;
            continue;
        }
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default());
        let mut sheet = String::new();
        entry.read_to_string(&mut sheet)?;
        to.start_file(name, options)?;
        to.write_all(of_sheet(&sheet).as_bytes())?;
    }
    Ok(to.finish()?.into_inner())
}

fn of_sheet(sheet: &str) -> String {
    // It stands near the end of a sheet, behind all its cells.
    let Some((before, after)) = sheet.rsplit_once(WRONG) else { return sheet.to_owned() };
    format!("{before}firstPageNumber=\"{}", after.replacen('"', "\" useFirstPageNumber=\"1\"", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_stands_in_its_own_attribute() {
        let sheet = "<pageSetup paperSize=\"9\" useFirstPageNumber=\"4\" horizontalDpi=\"200\"/>";
        let right = "<pageSetup paperSize=\"9\" firstPageNumber=\"4\" useFirstPageNumber=\"1\" horizontalDpi=\"200\"/>";
        assert_eq!(of_sheet(sheet), right);
        assert_eq!(of_sheet("<sheetData/>"), "<sheetData/>");
    }
}
