//! Telling formats by content: real scans, small files made here, and names that say something else.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // a test may fail loudly

mod common;

use std::io::Write;

use archive_core::finding::Place;
use archive_index::identify::{Encoding, Family, Format, identify, identify_bytes};

fn bytes(bytes: &[u8], name: &str) -> Format {
    identify_bytes(bytes, name).unwrap()
}

/// A little-endian TIFF with so many pages, each a directory and nothing else.
fn tiff(pages: u32) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    for page in 0..pages {
        let tags: [(u16, u16, u32); 6] =
            [(256, 4, 2480), (257, 4, 3508), (258, 3, 1), (259, 3, 4), (277, 3, 1), (296, 3, 2)];
        out.extend(6_u16.to_le_bytes());
        for (tag, kind, value) in tags {
            out.extend(tag.to_le_bytes());
            out.extend(kind.to_le_bytes());
            out.extend(1_u32.to_le_bytes());
            out.extend(value.to_le_bytes());
        }
        let next = u32::try_from(out.len()).unwrap() + 4;
        out.extend(if page + 1 < pages { next } else { 0 }.to_le_bytes());
    }
    out
}

fn zip_of(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    let mut zip = zip::ZipWriter::new(&mut out);
    for (name, content) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    out.into_inner()
}

fn ole_of(stream: &str) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    file.create_stream(format!("/{stream}")).unwrap().write_all(b"text").unwrap();
    file.into_inner().into_inner()
}

#[test]
fn a_tiff_tells_its_pages_and_how_it_is_packed() {
    let format = bytes(&tiff(12), "扫描件.tif");
    assert_eq!((format.family, format.puid, format.pages), (Family::Tiff, Some("fmt/353"), Some(12)));
    let picture = format.picture.unwrap();
    assert_eq!((picture.width, picture.height, picture.compression), (2480, 3508, Some("CCITT G4")));
    // A chain of directories that bites its tail is walked once.
    let mut loops = tiff(1);
    let end = loops.len() - 4;
    loops[end..].copy_from_slice(&8_u32.to_le_bytes());
    assert_eq!(bytes(&loops, "a.tif").pages, Some(1));
    assert_eq!(bytes(&tiff(3)[..90], "a.tif").pages, Some(2), "what is cut off ends the chain");
}

#[test]
fn scans_of_every_kind_are_what_they_are() {
    let Some(folder) = common::shared("data/scans") else { return };
    let (mut dots, mut seen) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let format = identify(&mut std::fs::File::open(&path).unwrap(), &name).unwrap();
        assert!(format.name_fits && format.family != Family::Unknown, "{name}: {format:?}");
        if format.family.is_picture() {
            seen += 1;
            let picture = format.picture.clone().unwrap();
            assert!(
                picture.width > 1000 && picture.height > 1000 && format.pages == Some(1),
                "{name}: {format:?}"
            );
            dots += usize::from(picture.dpi.is_some_and(|dpi| (190.0..310.0).contains(&dpi)));
            assert_eq!(format.findings(&Place::default()), [], "{name}");
        }
    }
    assert!(seen > 5 && dots * 2 > seen, "{seen} pictures, {dots} with a resolution");
}

#[test]
fn packages_are_told_apart_by_their_parts() {
    let ofd = "<?xml version=\"1.0\"?><ofd:OFD xmlns:ofd=\"http://www.ofdspec.org/2016\" Version=\"1.0\" DocType=\"OFD\"/>";
    for (parts, name, family, version) in [
        (vec![("OFD.xml", ofd)], "a.ofd", Family::Ofd, Some("1.0")),
        (vec![("word/document.xml", "<w/>")], "a.docx", Family::Docx, None),
        (vec![("xl/workbook.xml", "<w/>")], "a.xlsx", Family::Xlsx, None),
        (
            vec![
                ("mimetype", "application/vnd.oasis.opendocument.text"),
                ("content.xml", "<o office:version=\"1.2\"/>"),
            ],
            "a.odt",
            Family::Odt,
            Some("1.2"),
        ),
        (vec![("随便.txt", "x")], "a.zip", Family::Zip, None),
    ] {
        let format = bytes(&zip_of(&parts), name);
        assert_eq!(
            (format.family, format.version.as_deref(), format.name_fits),
            (family, version, true),
            "{name}"
        );
    }
    for (stream, name, family) in [
        ("WordDocument", "a.doc", Family::Doc),
        ("WordDocument", "a.wps", Family::Wps),
        ("Workbook", "a.xls", Family::Xls),
        ("PowerPoint Document", "a.ppt", Family::Ppt),
        ("PowerPoint Document", "a.dps", Family::Dps),
        ("PP40", "a.ppt", Family::Ppt),
        ("Book", "a.xls", Family::Xls),
        ("ETExtData", "a.et", Family::Ole2),
        ("Other", "a", Family::Ole2),
    ] {
        assert_eq!(bytes(&ole_of(stream), name).family, family, "{name}");
    }
}

#[test]
fn older_office_files_tell_their_version_and_locked_ones_that_they_are_locked() {
    for (stream, name, version, puid) in [
        ("Workbook", "a.xls", "97-2003", "fmt/61"),
        ("Book", "a.xls", "5.0/95", "fmt/59"),
        ("PowerPoint Document", "a.ppt", "97-2003", "fmt/126"),
        ("PP40", "a.ppt", "95", "fmt/125"),
    ] {
        let format = bytes(&ole_of(stream), name);
        assert_eq!((format.version.as_deref(), format.puid), (Some(version), Some(puid)), "{stream}");
    }
    let locked = bytes(&ole_of("EncryptedPackage"), "a.docx");
    assert_eq!((locked.family, locked.encrypted, locked.name_fits), (Family::Docx, true, true));
}

#[test]
fn pdf_tells_its_version_and_the_archival_level_it_declares() {
    for (body, version, puid) in [
        ("%PDF-1.4\n", "1.4", Some("fmt/18")),
        ("%PDF-2.0\n", "2.0", Some("fmt/1129")),
        (
            "%PDF-1.7\n<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>",
            "A-2b",
            Some("fmt/477"),
        ),
        ("%PDF-1.4\n<x pdfaid:part=\"1\" pdfaid:conformance='A'/>", "A-1a", Some("fmt/95")),
    ] {
        let format = bytes(body.as_bytes(), "a.pdf");
        assert_eq!(
            (format.family, format.version.as_deref(), format.puid),
            (Family::Pdf, Some(version), puid)
        );
    }
}

#[test]
fn texts_tell_their_encoding() {
    let text = "中华人民共和国档案法";
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    for (content, encoding) in [
        (text.as_bytes(), Encoding::Utf8),
        (&gb, Encoding::Gb18030),
        (b"plain", Encoding::Ascii),
        (b"\xff\xfe\x2d\x4e", Encoding::Utf16Le),
    ] {
        let format = bytes(content, "a.txt");
        assert_eq!((format.family, format.encoding), (Family::Txt, Some(encoding)));
    }
    assert_eq!(bytes(b"<!DOCTYPE html><p>", "a.htm").family, Family::Html);
    assert_eq!(bytes(b"From: a@b\r\nTo: c@d\r\nSubject: x\r\n\r\nhi", "a.eml").family, Family::Eml);
    assert_eq!(bytes(&[0, 1, 2, 3, 250, 7], "a.bin").family, Family::Unknown);
}

#[test]
fn what_a_name_says_wrongly_and_what_may_not_be_transferred_is_reported() {
    let rules = |format: &Format| -> Vec<String> {
        format
            .findings(&Place::default())
            .into_iter()
            .map(|finding| finding.message.zh.into_owned())
            .collect()
    };
    assert_eq!(rules(&bytes(&tiff(1), "关于3.15活动的通知")), Vec::<String>::new());
    assert_eq!(rules(&bytes(&tiff(1), "通知.PDF")), ["文件名与内容不符：内容是 TIFF"]);
    assert_eq!(rules(&bytes(&ole_of("WordDocument"), "a.doc")), ["Word 97-2003 不是规定的移交格式"]);
    assert_eq!(rules(&bytes(b"", "a.tif")), ["文件是空的"]);
}
