//! Files that are no register, and registers that went through a lot.

use archive_catalogue::register::{self, Lookalike, RegisterError, RegisterFormat};
use archive_core::finding::Severity;
use archive_core::model::{Item, ItemId};
use archive_core::reading::ItemDate;
use archive_core::rules::RuleId;

use super::{read, said};

fn refused(bytes: &[u8]) -> RegisterError {
    let error = register::read("register.xlsx", bytes).unwrap_err();
    assert!(!error.message().zh.is_empty() && !error.help().en.is_empty());
    error
}

fn a_workbook() -> Vec<u8> {
    let mut item = Item::new(ItemId(1), "1");
    "甲".clone_into(&mut item.title);
    item.date = ItemDate::read("2004-01-02");
    register::write(&[item], RegisterFormat::Xlsx).unwrap()
}

#[test]
fn what_is_no_spreadsheet_is_called_by_its_name() {
    assert_eq!(refused(b""), RegisterError::Empty);
    assert_eq!(refused(b" \r\n\t"), RegisterError::Empty);
    assert_eq!(refused("\u{feff},,\n,,\n".as_bytes()), RegisterError::Empty);
    for (bytes, what) in [
        (&b"\xff\xd8\xff\xe0\0\x10JFIF"[..], Lookalike::Picture),
        (b"%PDF-1.7\n", Lookalike::Pdf),
        (b"\xef\xbb\xbf <HTML><body><table><tr><td>\xe9\xa2\x98", Lookalike::WebPage),
        (b"<?xml version=\"1.0\"?><Workbook>", Lookalike::Xml),
        (b"{\\rtf1", Lookalike::TextDocument),
        (b"Rar!\x1a\x07", Lookalike::Packed),
        (b"\x01\x02\x03\x04\x05\x00\x06\xfe\xff\xff\xfe\xfe\xfd", Lookalike::Unknown),
    ] {
        assert_eq!(refused(bytes), RegisterError::NotASpreadsheet(what), "{bytes:?}");
    }
}

#[test]
fn a_workbook_cut_short_anywhere_is_damaged_and_never_half_read() {
    let whole = a_workbook();
    assert!(register::read("a", &whole).is_ok());
    for length in (4..whole.len()).step_by(97) {
        let error = refused(&whole[..length]);
        assert!(matches!(error, RegisterError::Damaged { .. }), "{length}: {error}");
    }
}

#[test]
fn a_workbook_with_flipped_bytes_never_makes_it_fall_over() {
    let whole = a_workbook();
    for at in (0..whole.len()).step_by(31) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x5a;
        let _ = register::read("a", &bytes);
    }
}

#[test]
fn a_missing_column_is_named_with_the_row_that_comes_nearest() {
    let error = refused("登记表\n序号,文号,日期\n1,甲,2004\n".as_bytes());
    assert_eq!(error.message().zh, "表头缺少「题名」：第 2 行最像表头，写有 序号、文号、日期");
    let error = refused("序号,题名\n1,甲\n".as_bytes());
    assert_eq!(error.message().zh, "表头缺少「日期」：第 1 行最像表头，写有 序号、题名");
    let error = refused("你好\n世界\n".as_bytes());
    assert_eq!(error, RegisterError::NoHeaderRow { nearest: None, missing: vec!["题名", "日期"] });
}

#[test]
fn every_encoding_and_separator_gives_the_same_items() {
    let text =
        "序号;责任者;题名;日期\r\n1;县政府,县委;关于“水”的通知;2004-05-16\r\n2;县委;镕、囍、𠮷;2004\r\n";
    let expected = read(text).items;
    assert_eq!(expected.len(), 2);
    let with_mark = format!("\u{feff}{text}");
    let wide = |big: bool, mark: bool| -> Vec<u8> {
        let text = if mark { &with_mark } else { text };
        text.encode_utf16()
            .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect()
    };
    let gb18030 = encoding_rs::GB18030.encode(text).0.into_owned();
    for bytes in [
        with_mark.clone().into_bytes(),
        gb18030,
        wide(false, true),
        wide(true, true),
        wide(false, false),
        wide(true, false),
        text.replace(',', "，").replace(';', ",").into_bytes(),
        text.replace(';', "\t").into_bytes(),
        text.replace(';', "|").into_bytes(),
    ] {
        assert_eq!(register::read("register.csv", &bytes).unwrap().items, expected);
    }
}

#[test]
fn bytes_that_are_no_text_show_as_such_and_the_rest_is_read() {
    let mut bytes = "序号,题名,日期\n1,关于水的通知,2004\n2,关于".as_bytes().to_vec();
    bytes.extend_from_slice(b"\xff");
    bytes.extend_from_slice(
        "路的报告，以及许多其他的文字，用来说明这是一份正常的登记表，只坏了一个字节\n".as_bytes(),
    );
    bytes.extend_from_slice("3,关于桥的请示,2004\n".as_bytes());
    let reading = register::read("register.csv", &bytes).unwrap();
    assert_eq!(reading.items.len(), 3);
    assert_eq!(said(&reading, RuleId::I2, Severity::Warning).len(), 1);
    assert_eq!(said(&reading, RuleId::L1, Severity::Error).len(), 1);
}

#[test]
fn nuls_are_removed_and_reported() {
    let reading = read("序号,题名,日期\n1,甲\0乙,2004\n");
    assert_eq!(reading.items[0].title, "甲乙");
    assert_eq!(said(&reading, RuleId::I2, Severity::Warning), ["2 题名「甲乙」含控制字符，已去掉"]);
}

#[test]
fn a_quotation_mark_left_open_swallows_the_rest_and_is_found() {
    let rest = "2,乙,2004\n".repeat(6000);
    let reading = read(&format!("序号,题名,日期\n1,\"甲,2004\n{rest}"));
    assert!(reading.items.is_empty());
    assert_eq!(reading.refused.len(), 1);
    assert!(said(&reading, RuleId::I2, Severity::Error)[0].contains("不可能是一个单元格"));
}

#[test]
fn a_cell_of_a_megabyte_is_refused_and_shown_short() {
    let reading = read(&format!("序号,题名,日期\n1,{},2004\n2,乙,2004\n", "长".repeat(1 << 20)));
    assert_eq!(reading.items.len(), 1);
    let message = &reading.refused[0].findings[0].message;
    assert!(message.zh.chars().count() < 100, "{message}");
}

#[test]
fn a_hundred_thousand_rows_are_read() {
    use std::fmt::Write as _;
    let mut text = String::from("序号,文号,责任者,题名,日期,页数\n");
    for row in 1..=100_000 {
        writeln!(text, "{row},甲发〔2004〕{row}号,县人民政府,关于第{row}件事项的通知,2004-05-16,3").unwrap();
    }
    let started = std::time::Instant::now();
    let reading = read(&text);
    println!("100,000 rows: {:?}", started.elapsed());
    assert_eq!(reading.items.len(), 100_000);
    assert!(reading.findings.is_empty());
}

/// The table has no end: a reader that looks for it never comes back.
#[test]
fn an_ods_that_is_cut_off_is_damaged_and_not_read_for_ever() {
    let cut = "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\"><office:body><office:spreadsheet>\
        <table:table table:name=\"表\"><table:table-row><table:table-cell>";
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mimetype = "application/vnd.oasis.opendocument.spreadsheet";
    for (name, text) in
        [("mimetype", mimetype), ("META-INF/manifest.xml", "<manifest/>"), ("content.xml", cut)]
    {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(matches!(refused(&bytes), RegisterError::Damaged { .. }));
}
