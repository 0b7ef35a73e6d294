//! What a file is, told by its first bytes and never by its name.
//!
//! Offices rename files, and office systems export web pages called `.xls`. A zip may be a workbook or
//! a text document, an old compound file a workbook, a letter, or an encrypted workbook. So the content
//! decides which reader is tried; what no reader can take gets its own name in the error.

use std::io::Cursor;

use archive_core::text::Text;

use super::error::RegisterError;

/// What a workbook may unpack to; ten times the largest register measured (a million rows).
pub(super) const MOST_UNPACKED: u64 = 2 << 30;

/// The formats registers come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Excel since 2007.
    Xlsx,
    /// Excel before 2007, and WPS `.et`.
    Xls,
    /// LibreOffice.
    Ods,
    /// Comma-, tab- or semicolon-separated text.
    Delimited,
}

/// What a file that is no register looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lookalike {
    /// A web page, whatever it is called.
    WebPage,
    /// Excel 2003 XML, or other XML.
    Xml,
    /// A picture.
    Picture,
    /// A PDF.
    Pdf,
    /// An OFD document.
    Ofd,
    /// A Word, WPS or `LibreOffice` text document.
    TextDocument,
    /// A binary workbook (xlsb).
    BinaryWorkbook,
    /// A zip or other packed archive.
    Packed,
    /// Bytes of no form known here.
    Unknown,
}

impl Lookalike {
    /// What it is, for the middle of a sentence.
    pub const fn name(self) -> Text {
        match self {
            Self::WebPage => Text::fixed(
                "网页（常见于办公系统导出的 .xls）",
                "a web page (office systems export such as .xls)",
            ),
            Self::Xml => Text::fixed("XML 文件", "an XML file"),
            Self::Picture => Text::fixed("图片", "a picture"),
            Self::Pdf => Text::fixed("PDF 文件", "a PDF"),
            Self::Ofd => Text::fixed("OFD 文件", "an OFD document"),
            Self::TextDocument => Text::fixed("文字文档", "a text document"),
            Self::BinaryWorkbook => Text::fixed("二进制工作簿（xlsb）", "a binary workbook (xlsb)"),
            Self::Packed => Text::fixed("压缩包", "a packed archive"),
            Self::Unknown => Text::fixed("无法识别的文件", "a file of unknown form"),
        }
    }

    /// What to do about it.
    pub(crate) const fn help(self) -> Text {
        match self {
            Self::WebPage | Self::Xml | Self::BinaryWorkbook => Text::fixed(
                "请用 Excel 或 WPS 打开，另存为 xlsx 或 csv 后再导入",
                "open it in Excel or WPS, save it as xlsx or csv, and import that",
            ),
            Self::Packed => {
                Text::fixed("请先解压，再导入其中的登记表", "unpack it and import the register in it")
            }
            _ => Text::fixed(
                "登记表应是 xlsx、xls、ods 或 csv 文件，请检查是否选错了文件",
                "a register is an xlsx, xls, ods or csv file; check that it is the right file",
            ),
        }
    }
}

/// Tells what to read `bytes` as.
pub(crate) fn sniff(bytes: &[u8]) -> Result<Format, RegisterError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(RegisterError::Empty);
    }
    match bytes {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => return inside_zip(bytes),
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => return inside_compound_file(bytes),
        // A BIFF stream without the compound file around it: Excel 2 to 4.
        [0x09, 0x00 | 0x02 | 0x04 | 0x08, 0x04 | 0x06 | 0x08 | 0x10, 0x00, ..] => {
            return Err(RegisterError::Damaged { detail: "Excel 4".to_owned() });
        }
        _ => {}
    }
    if let Some(what) = foreign(bytes) {
        return Err(RegisterError::NotASpreadsheet(what));
    }
    Ok(Format::Delimited)
}

/// Files that begin with a mark of their own, and markup.
fn foreign(bytes: &[u8]) -> Option<Lookalike> {
    const MARKS: &[(&[u8], Lookalike)] = &[
        (b"\xff\xd8\xff", Lookalike::Picture),
        (b"\x89PNG", Lookalike::Picture),
        (b"GIF8", Lookalike::Picture),
        (b"II*\0", Lookalike::Picture),
        (b"MM\0*", Lookalike::Picture),
        (b"BM", Lookalike::Picture),
        (b"RIFF", Lookalike::Picture),
        (b"%PDF", Lookalike::Pdf),
        (b"{\\rtf", Lookalike::TextDocument),
        (b"Rar!", Lookalike::Packed),
        (b"7z\xbc\xaf", Lookalike::Packed),
        (b"\x1f\x8b", Lookalike::Packed),
        (b"SQLite format 3\0", Lookalike::Unknown),
    ];
    if let Some((_, what)) = MARKS.iter().find(|(mark, _)| {
        // Two letters alone may begin an honest text file.
        bytes.starts_with(mark) && (*mark != b"BM" || bytes.contains(&0))
    }) {
        return Some(*what);
    }
    let head: String = String::from_utf8_lossy(bytes.get(..4096.min(bytes.len())).unwrap_or(bytes))
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_ascii_lowercase();
    if head.starts_with('<') {
        let web = ["<html", "<!doctype html", "<table", "<meta", "<head", "<body"];
        return Some(if web.iter().any(|tag| head.contains(tag)) {
            Lookalike::WebPage
        } else {
            Lookalike::Xml
        });
    }
    // A web archive (mht), the other thing that is called .xls.
    if head.starts_with("mime-version:") {
        return Some(Lookalike::WebPage);
    }
    None
}

/// A zip: a workbook, a text document, or just a zip.
fn inside_zip(bytes: &[u8]) -> Result<Format, RegisterError> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| RegisterError::Damaged { detail: error.to_string() })?;
    let unpacked: u64 =
        (0..zip.len()).filter_map(|entry| zip.by_index_raw(entry).ok().map(|e| e.size())).sum();
    if unpacked > MOST_UNPACKED {
        return Err(RegisterError::TooLarge { bytes: unpacked });
    }
    let names: Vec<String> =
        zip.file_names().filter_map(Result::ok).map(std::borrow::Cow::into_owned).collect();
    let has = |name: &str| names.iter().any(|entry| entry.trim_start_matches('/').eq_ignore_ascii_case(name));
    if has("xl/workbook.xml") {
        return Ok(Format::Xlsx);
    }
    let other = if has("xl/workbook.bin") {
        Lookalike::BinaryWorkbook
    } else if has("word/document.xml") {
        Lookalike::TextDocument
    } else if has("OFD.xml") {
        Lookalike::Ofd
    } else if has("content.xml") && has("mimetype") {
        let mut kind = String::new();
        if let Ok(mut entry) = zip.by_name("mimetype") {
            // A mimetype is a line; what is longer is none.
            let _ = std::io::Read::read_to_string(&mut std::io::Read::take(&mut entry, 200), &mut kind);
        }
        if kind.contains("spreadsheet") {
            return Ok(Format::Ods);
        }
        Lookalike::TextDocument
    } else {
        Lookalike::Packed
    };
    Err(RegisterError::NotASpreadsheet(other))
}

/// A compound file: a workbook, a letter, or an encrypted package around a newer workbook.
///
/// The directory names the streams in UTF-16; the names are looked for in the raw bytes, which is
/// enough to choose the reader and the words of the error.
fn inside_compound_file(bytes: &[u8]) -> Result<Format, RegisterError> {
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|window| window == wide)
    };
    if has("EncryptedPackage") {
        Err(RegisterError::Password)
    } else if has("Workbook") || has("Book") {
        Ok(Format::Xls)
    } else if has("WordDocument") {
        Err(RegisterError::NotASpreadsheet(Lookalike::TextDocument))
    } else {
        Err(RegisterError::Damaged { detail: "OLE2".to_owned() })
    }
}
