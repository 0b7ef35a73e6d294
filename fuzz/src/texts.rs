//! The text of files, what they are, and their pages as pictures.

use std::io::{Cursor, Write as _};
use std::sync::{Arc, Once};
use std::time::Duration;

use archive_index::identify::identify_bytes;
use archive_index::recognise::{self, pictures as drawn};
use archive_index::show::{Size, show};
use archive_index::text::{Limits, extract};

use crate::parts::{Parts, replaced, zipped};

fn limits() -> Limits {
    Limits { time: Duration::from_secs(4), unpacked: 64 << 20, pages: 500, ..Limits::default() }
}

/// A reader that others wrote may panic: it runs under guard. So a panic is what the guard is asked for here,
/// not what ends the run.
fn panics_are_caught() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| std::panic::set_hook(Box::new(|_| ())));
}

fn parts(sample: &[(&str, &str)], name: &str, data: &[u8]) {
    let sample: Parts =
        sample.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.as_bytes().to_vec())).collect();
    if let Some(bytes) = zipped(&replaced(&sample, data)) {
        let _ = extract(bytes, name, &limits());
    }
}

/// What a file is.
pub fn identify(data: &[u8]) {
    for name in ["a", "a.tif", "a.pdf"] {
        if let Ok(format) = identify_bytes(data, name) {
            let _ = format.findings(&archive_core::finding::Place::default());
        }
    }
}

/// PDF: text, and the first page drawn.
pub fn pdf(data: &[u8]) {
    panics_are_caught();
    let bytes: Arc<[u8]> = data.into();
    let extraction = extract(Arc::clone(&bytes), "a.pdf", &limits());
    let _ = drawn(&bytes, &extraction.format, &[1], &limits());
}

/// Pictures: what they are, decoded for an engine and for a screen.
pub fn pictures(data: &[u8]) {
    panics_are_caught();
    let bytes: Arc<[u8]> = data.into();
    let extraction = extract(Arc::clone(&bytes), "a.tif", &limits());
    if extraction.format.family.is_picture() {
        for index in 0..2 {
            let _ = recognise::decoded(&bytes, index);
            let _ = show(&bytes, "a.tif", index + 1, Size::Screen, &limits());
        }
    }
}

/// ALTO, hOCR, PAGE XML: the text of a picture that lies beside it.
pub fn sidecar(data: &[u8]) {
    for name in ["a.xml", "a.hocr"] {
        let _ = extract(data.to_vec(), name, &limits());
    }
}

/// Old Word, WPS and Excel files: the input replaces streams, first of an empty document, then of an empty workbook.
pub fn office(data: &[u8]) {
    panics_are_caught();
    for (name, streams) in [("a.doc", &["WordDocument", "1Table", "0Table"][..]), ("a.xls", &["Workbook"])] {
        let sample: Parts = streams.iter().map(|name| ((*name).to_owned(), vec![0; 4096])).collect();
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("a sound sample");
        let mut whole = true;
        for (stream, bytes) in replaced(&sample, data) {
            whole &= file.create_stream(&stream).is_ok_and(|mut stream| stream.write_all(&bytes).is_ok());
        }
        if whole && file.flush().is_ok() {
            let _ = extract(file.into_inner().into_inner(), name, &limits());
        }
    }
    let _ = extract(data.to_vec(), "a.doc", &limits());
}

/// Text, HTML, XML, mail, RTF: whatever the bytes look like.
pub fn plain(data: &[u8]) {
    for name in ["a.txt", "a.html", "a.rtf"] {
        let _ = extract(data.to_vec(), name, &limits());
    }
}

/// RTF, whatever follows its first words.
pub fn rtf(data: &[u8]) {
    let mut bytes = b"{\\rtf1\\ansi\\ansicpg936 ".to_vec();
    bytes.extend_from_slice(data);
    let _ = extract(bytes, "a.rtf", &limits());
}

/// HTML, whatever follows its first words.
pub fn html(data: &[u8]) {
    let mut bytes = b"<!DOCTYPE html><html><head>".to_vec();
    bytes.extend_from_slice(data);
    let _ = extract(bytes, "a.html", &limits());
}

/// Any zip: a document or not.
pub fn zips(data: &[u8]) {
    for name in ["a.docx", "a.ofd", "a.zip"] {
        let _ = extract(data.to_vec(), name, &limits());
    }
}

/// OFD, of which the input replaces parts.
pub fn ofd(data: &[u8]) {
    const SAMPLE: &[(&str, &str)] = &[
        (
            "OFD.xml",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ofd:OFD xmlns:ofd=\"http://www.ofdspec.org/2016\" DocType=\"OFD\" Version=\"1.1\"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        ),
        (
            "Doc_0/Document.xml",
            "<ofd:Document xmlns:ofd=\"http://www.ofdspec.org/2016\"><ofd:CommonData><ofd:MaxUnitID>9</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes><ofd:TemplatePage ID=\"7\" BaseLoc=\"Tpls/Tpl_0/Content.xml\"/></ofd:CommonData><ofd:Pages><ofd:Page ID=\"1\" BaseLoc=\"Pages/Page_0/Content.xml\"/></ofd:Pages></ofd:Document>",
        ),
        (
            "Doc_0/Pages/Page_0/Content.xml",
            "<ofd:Page xmlns:ofd=\"http://www.ofdspec.org/2016\"><ofd:Template TemplateID=\"7\"/><ofd:Content><ofd:Layer ID=\"2\"><ofd:TextObject ID=\"3\" Boundary=\"10 10 100 10\" Font=\"4\" Size=\"5\"><ofd:TextCode X=\"0\" Y=\"5\" DeltaX=\"g 3 5 2\">防汛通知</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>",
        ),
        (
            "Doc_0/Tpls/Tpl_0/Content.xml",
            "<ofd:Page xmlns:ofd=\"http://www.ofdspec.org/2016\"><ofd:Content><ofd:Layer ID=\"5\"><ofd:TextObject ID=\"6\" Boundary=\"10 280 100 10\" Font=\"4\" Size=\"5\"><ofd:TextCode X=\"0\" Y=\"5\">第一页</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>",
        ),
        (
            "Doc_0/PublicRes.xml",
            "<ofd:Res xmlns:ofd=\"http://www.ofdspec.org/2016\"><ofd:Fonts><ofd:Font ID=\"4\" FontName=\"宋体\"/></ofd:Fonts></ofd:Res>",
        ),
    ];
    parts(SAMPLE, "a.ofd", data);
}

/// Word, of which the input replaces parts.
pub fn docx(data: &[u8]) {
    const SAMPLE: &[(&str, &str)] = &[
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>",
        ),
        (
            "word/document.xml",
            "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>防汛通知</w:t></w:r></w:p></w:body></w:document>",
        ),
    ];
    parts(SAMPLE, "a.docx", data);
}

/// OpenDocument, of which the input replaces parts.
pub fn odt(data: &[u8]) {
    for (kind, name) in [("text", "a.odt"), ("spreadsheet", "a.ods")] {
        let kind = format!("application/vnd.oasis.opendocument.{kind}");
        let sample = [
            ("mimetype", kind.as_str()),
            (
                "content.xml",
                "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:text><text:p>防汛通知</text:p></office:text></office:body></office:document-content>",
            ),
        ];
        parts(&sample, name, data);
    }
}
