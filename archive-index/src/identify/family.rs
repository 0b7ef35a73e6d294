//! The table of formats that archives meet.

use serde::Serialize;

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// TIFF, of one page or many.
    Tiff,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// JPEG 2000 in a JP2 box.
    Jp2,
    /// GIF.
    Gif,
    /// Windows bitmap.
    Bmp,
    /// PDF, PDF/A.
    Pdf,
    /// OFD (版式文件, GB/T 33190-2016).
    Ofd,
    /// Word 97-2003.
    Doc,
    /// Kingsoft WPS Writer.
    Wps,
    /// Word, Office Open XML.
    Docx,
    /// Excel 97-2003.
    Xls,
    /// Kingsoft WPS Spreadsheets.
    Et,
    /// Excel, Office Open XML.
    Xlsx,
    /// PowerPoint 97-2003.
    Ppt,
    /// Kingsoft WPS Presentation.
    Dps,
    /// PowerPoint, Office Open XML.
    Pptx,
    /// OpenDocument text.
    Odt,
    /// OpenDocument spreadsheet.
    Ods,
    /// Rich text.
    Rtf,
    /// Plain text.
    Txt,
    /// HTML.
    Html,
    /// XML of any kind.
    Xml,
    /// A mail (RFC 822).
    Eml,
    /// MP3.
    Mp3,
    /// WAV.
    Wav,
    /// MP4 and its kin.
    Mp4,
    /// AVI.
    Avi,
    /// MPEG-1 or -2.
    Mpeg,
    /// Flash video.
    Flv,
    /// A zip archive that is none of the above.
    Zip,
    /// A RAR archive.
    Rar,
    /// A 7z archive.
    #[serde(rename = "7z")]
    SevenZip,
    /// Something packed with gzip.
    Gzip,
    /// An OLE2 file that is none of the above.
    Ole2,
    /// No bytes at all.
    Empty,
    /// None of these.
    Unknown,
}

/// What there is to know of a format.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) mime: &'static str,
    /// The identifier, where it is the same for all versions.
    pub(super) puid: Option<&'static str>,
    /// Endings that names of such files have.
    pub(super) endings: &'static [&'static str],
    /// Whether it may be transferred: GB/T 18894-2016 and, for scans, DA/T 31.
    pub(super) transfer: bool,
}

impl Family {
    /// The row of the table.
    pub(super) const fn row(self) -> Row {
        const fn row(
            name: &'static str,
            mime: &'static str,
            puid: Option<&'static str>,
            endings: &'static [&'static str],
            transfer: bool,
        ) -> Row {
            Row { name, mime, puid, endings, transfer }
        }
        match self {
            Self::Tiff => row("TIFF", "image/tiff", Some("fmt/353"), &["tif", "tiff"], true),
            Self::Jpeg => row("JPEG", "image/jpeg", None, &["jpg", "jpeg", "jpe"], true),
            Self::Png => row("PNG", "image/png", Some("fmt/11"), &["png"], true),
            Self::Jp2 => row("JPEG 2000", "image/jp2", Some("x-fmt/392"), &["jp2"], true),
            Self::Gif => row("GIF", "image/gif", None, &["gif"], false),
            Self::Bmp => row("BMP", "image/bmp", None, &["bmp"], false),
            Self::Pdf => row("PDF", "application/pdf", None, &["pdf"], true),
            Self::Ofd => row("OFD", "application/ofd", None, &["ofd"], true),
            Self::Doc => row("Word", "application/msword", Some("fmt/40"), &["doc", "wps"], false),
            Self::Wps => row("WPS", "application/wps-office.wps", None, &["wps", "doc"], true),
            Self::Docx => row(
                "DOCX",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                Some("fmt/412"),
                &["docx", "docm"],
                true,
            ),
            Self::Xls => row("Excel", "application/vnd.ms-excel", Some("fmt/61"), &["xls", "et"], true),
            Self::Et => row("ET", "application/wps-office.et", None, &["et", "xls"], true),
            Self::Xlsx => row(
                "XLSX",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                Some("fmt/214"),
                &["xlsx", "xlsm"],
                false,
            ),
            Self::Ppt => {
                row("PowerPoint", "application/vnd.ms-powerpoint", Some("fmt/126"), &["ppt", "dps"], false)
            }
            Self::Dps => row("DPS", "application/wps-office.dps", None, &["dps", "ppt"], false),
            Self::Pptx => row(
                "PPTX",
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
                Some("fmt/215"),
                &["pptx"],
                false,
            ),
            Self::Odt => row("ODT", "application/vnd.oasis.opendocument.text", None, &["odt"], false),
            Self::Ods => row("ODS", "application/vnd.oasis.opendocument.spreadsheet", None, &["ods"], false),
            Self::Rtf => row("RTF", "application/rtf", None, &["rtf", "doc", "wps"], true),
            Self::Txt => row("TXT", "text/plain", Some("x-fmt/111"), &["txt", "csv", "md", "log"], true),
            Self::Html => row("HTML", "text/html", Some("fmt/96"), &["html", "htm", "xhtml"], false),
            Self::Xml => row("XML", "application/xml", Some("fmt/101"), &["xml"], true),
            Self::Eml => row("EML", "message/rfc822", Some("fmt/278"), &["eml"], false),
            Self::Mp3 => row("MP3", "audio/mpeg", Some("fmt/134"), &["mp3"], true),
            Self::Wav => row("WAV", "audio/wav", None, &["wav"], true),
            Self::Mp4 => row("MP4", "video/mp4", Some("fmt/199"), &["mp4", "m4v", "m4a", "mov"], true),
            Self::Avi => row("AVI", "video/x-msvideo", Some("fmt/5"), &["avi"], true),
            Self::Mpeg => row("MPEG", "video/mpeg", None, &["mpg", "mpeg", "vob"], true),
            Self::Flv => row("FLV", "video/x-flv", None, &["flv"], true),
            Self::Zip => row("ZIP", "application/zip", Some("x-fmt/263"), &["zip"], false),
            Self::Rar => row("RAR", "application/vnd.rar", None, &["rar"], false),
            Self::SevenZip => row("7z", "application/x-7z-compressed", None, &["7z"], false),
            Self::Gzip => row("gzip", "application/gzip", None, &["gz", "tgz"], false),
            Self::Ole2 => row("OLE2", "application/x-ole-storage", Some("fmt/111"), &[], false),
            Self::Empty => row("empty", "application/x-empty", None, &[], false),
            Self::Unknown => row("unknown", "application/octet-stream", None, &[], false),
        }
    }

    /// Whether it is a picture: its text, if it has any, must be recognised.
    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Tiff | Self::Jpeg | Self::Png | Self::Jp2 | Self::Gif | Self::Bmp)
    }

    /// Whether it is a picture of one page always.
    pub(super) const fn is_single_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Jp2 | Self::Bmp)
    }
}

/// The encoding of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Encoding {
    /// Only characters that are the same in all of them.
    #[serde(rename = "US-ASCII")]
    Ascii,
    /// UTF-8.
    #[serde(rename = "UTF-8")]
    Utf8,
    /// GB18030, and GBK and GB2312 within it.
    #[serde(rename = "GB18030")]
    Gb18030,
    /// Big5, of Hong Kong and Taiwan.
    #[serde(rename = "Big5")]
    Big5,
    /// UTF-16, little end first.
    #[serde(rename = "UTF-16LE")]
    Utf16Le,
    /// UTF-16, big end first.
    #[serde(rename = "UTF-16BE")]
    Utf16Be,
}

impl Encoding {
    /// Its usual name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ascii => "US-ASCII",
            Self::Utf8 => "UTF-8",
            Self::Gb18030 => "GB18030",
            Self::Big5 => "Big5",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
        }
    }
}
