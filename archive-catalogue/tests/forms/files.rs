//! The files themselves: PDF, EAD, names.

use archive_catalogue::fonts::Fonts;
use archive_catalogue::forms::Form;
use archive_catalogue::print::{Format, Options, Printed, print};

use crate::sample::Sample;

fn files(what: &[Form], format: Format, options: &Options) -> Vec<Printed> {
    let sample = Sample::small();
    let outcome = print(what, format, &sample.book(), &Fonts::shipped().unwrap(), options).unwrap();
    assert_eq!(outcome.findings, []);
    outcome.files
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for format in Format::ALL {
        assert!(
            files(&Form::ALL, format, &Options::default()) == files(&Form::ALL, format, &Options::default()),
            "{format:?}"
        );
    }
}

#[test]
fn files_are_named_as_an_archivist_looks_for_them() {
    let names = |what: &[Form], options: &Options| -> Vec<String> {
        files(what, Format::Pdf, options).into_iter().map(|file| file.file_name).collect()
    };
    assert_eq!(
        names(&Form::ALL, &Options::default()),
        [
            "案卷封面.pdf",
            "案卷脊背.pdf",
            "卷内文件目录.pdf",
            "卷内备考表.pdf",
            "案卷目录.pdf",
            "全引目录（永久）.pdf",
            "全引目录（长期）.pdf",
            "全引目录（短期）.pdf",
            "归档文件目录.pdf",
            "档号章.pdf",
            "移交登记表.pdf",
            "交接文据.pdf",
            "档案盒标签.pdf",
            "分类目录.pdf",
            "专题目录.pdf",
            "文号档号对照表.pdf",
            "人物卡片.pdf"
        ]
    );
    let one_each = Options { per_volume: true };
    assert_eq!(names(&[Form::Contents], &one_each)[0], "J019-2004-001 卷内文件目录.pdf");
}

#[test]
fn a_pdf_says_what_it_is_and_holds_every_copy() {
    let file = &files(&[Form::Volumes], Format::Pdf, &Options::default())[0];
    let pdf = lopdf::Document::load_mem(&file.bytes).unwrap();
    assert_eq!(pdf.version, "1.7");
    assert_eq!(pdf.page_iter().count(), 6, "twice title, list and signatures");
    assert_eq!(file.pages, Some(6));
    let catalog = pdf.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"zh-CN");
    let metadata = catalog.get(b"Metadata").unwrap().as_reference().unwrap();
    let xmp = &pdf.get_object(metadata).unwrap().as_stream().unwrap().content;
    let xmp = String::from_utf8_lossy(xmp);
    assert!(xmp.contains("<pdfaid:part>2</pdfaid:part>"));
    assert!(xmp.contains("临江县人民政府办公室2004年度案卷目录"));
    assert!(xmp.contains("2005-04-20T00:00:00+08:00"));
}

#[test]
fn a_copy_shares_its_pages_with_the_first() {
    let file = &files(&[Form::Full], Format::Pdf, &Options::default())[0];
    let pdf = lopdf::Document::load_mem(&file.bytes).unwrap();
    let contents: Vec<_> = pdf
        .page_iter()
        .map(|page| pdf.get_dictionary(page).unwrap().get(b"Contents").unwrap().as_reference().unwrap())
        .collect();
    let distinct: std::collections::BTreeSet<_> = contents.iter().collect();
    assert_eq!(
        (contents.len(), distinct.len()),
        (21, 9),
        "three copies of seven pages, of which only titles differ"
    );
}

#[test]
fn ead_describes_every_volume_and_item() {
    let file = &files(&[], Format::Ead, &Options::default())[0];
    let xml = std::str::from_utf8(&file.bytes).unwrap();
    assert_eq!(xml.matches("level=\"file\"").count(), 7);
    assert_eq!(xml.matches("level=\"item\"").count(), 27);
    assert!(xml.contains("=cmd|' /C calc'!A0") || xml.contains("=cmd|&apos; /C calc&apos;!A0"));
    assert!(
        xml.contains("<unittitle>临江政务信息（第4期） 增刊</unittitle>"),
        "no control characters in XML"
    );
}
