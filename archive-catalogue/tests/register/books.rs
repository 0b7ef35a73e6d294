//! Workbooks of every age: cells of every kind, several sheets, merged and hidden rows.

use std::io::{Cursor, Write};

use archive_catalogue::register::{self, RegisterError, RegisterReading};
use archive_core::finding::Severity;
use archive_core::rules::RuleId;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use super::said;

fn xlsx(make: impl Fn(&mut Workbook)) -> RegisterReading {
    let mut book = Workbook::new();
    make(&mut book);
    register::read("register.xlsx", &book.save_to_buffer().unwrap()).unwrap()
}

fn put(sheet: &mut Worksheet, row: u32, cells: &[&str]) {
    for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
        sheet.write_string(row, column, *cell).unwrap();
    }
}

fn titles(reading: &RegisterReading) -> Vec<(u32, &str)> {
    reading.items.iter().map(|item| (item.origin.row, item.title.as_str())).collect()
}

#[test]
fn cells_of_every_kind_are_read_as_a_person_sees_them() {
    let reading = xlsx(|book| {
        let sheet = book.add_worksheet();
        put(sheet, 0, &["序号", "题名", "日期", "页数", "年度", "备注"]);
        let day = Format::new().set_num_format("yyyy\"年\"m\"月\"d\"日\"");
        sheet.write_number(1, 0, 1.0).unwrap();
        sheet.write_string(1, 1, "  甲\n乙　").unwrap();
        sheet.write_datetime_with_format(1, 2, ExcelDateTime::from_ymd(2004, 5, 16).unwrap(), &day).unwrap();
        sheet.write_number(1, 3, 3.0).unwrap();
        sheet.write_number(1, 4, 2004.0).unwrap();
        sheet.write_boolean(1, 5, true).unwrap();
        sheet.write_string(2, 0, "2").unwrap();
        sheet.write_formula(2, 1, Formula::new("A1&A2").set_result("公式得的题名")).unwrap();
        sheet.write_number(2, 2, 20_040_517.0).unwrap();
        sheet.write_formula(2, 3, Formula::new("SUM(D2)").set_result("4")).unwrap();
        sheet.write_number(3, 0, 3.0).unwrap();
        sheet.write_formula(3, 1, Formula::new("NA()").set_result("#N/A")).unwrap();
        sheet.write_number(3, 2, 2004.0).unwrap();
        sheet.write_number(4, 0, 4.0).unwrap();
        sheet.write_string(4, 1, "丁").unwrap();
        sheet.write_number(4, 2, 38_152.0).unwrap();
        sheet.set_row_hidden(4).unwrap();
    });
    assert_eq!(titles(&reading), [(2, "甲乙"), (3, "公式得的题名"), (5, "丁")]);
    let item = &reading.items[0];
    assert_eq!((item.row.as_str(), item.pages, item.year), ("1", Some(3), Some(2004)));
    assert_eq!(item.date.date().unwrap().to_string(), "2004-05-16");
    assert_eq!(item.remarks.as_deref(), Some("TRUE"));
    assert_eq!(reading.items[1].date.date().unwrap().to_string(), "2004-05-17");
    assert_eq!(reading.items[1].pages, Some(4));
    assert_eq!(reading.items[2].date.date().unwrap().to_string(), "2004-06-14");
    assert_eq!(said(&reading, RuleId::I2, Severity::Error), ["4 题名是公式错误 #N/A"]);
}

#[test]
fn titles_above_and_values_merged_downwards_are_understood() {
    let reading = xlsx(|book| {
        let sheet = book.add_worksheet();
        let plain = Format::new();
        sheet.merge_range(0, 0, 0, 4, "某县人民政府办公室文件登记表（2004年）", &plain).unwrap();
        put(sheet, 2, &["序号", "题\n名", "成文日期", "归档机构", "保管期限"]);
        put(sheet, 3, &["1", "甲", "2004-01-01", "", "永久"]);
        put(sheet, 4, &["2", "乙", "2004-01-02", "", "长期"]);
        put(sheet, 6, &["3", "丙", "2004-01-03", "", "短期"]);
        sheet.merge_range(3, 3, 6, 3, "秘书股", &plain).unwrap();
    });
    assert_eq!(titles(&reading), [(4, "甲"), (5, "乙"), (7, "丙")]);
    assert!(reading.items.iter().all(|item| item.section.as_deref() == Some("秘书股")));
    assert!(said(&reading, RuleId::L1, Severity::Error).is_empty());
}

#[test]
fn each_sheet_with_headers_is_read_and_numbers_they_share_are_told_apart() {
    let reading = xlsx(|book| {
        let first = book.add_worksheet().set_name("永久").unwrap();
        put(first, 0, &["序号", "题名", "日期", "关联序号", "关联关系"]);
        put(first, 1, &["1", "甲", "2004", "2", "附件"]);
        put(first, 2, &["2", "乙", "2004"]);
        let second = book.add_worksheet().set_name("短期").unwrap();
        put(second, 1, &["题名", "序号", "日期"]);
        put(second, 2, &["丙", "1", "二OO四年十三月"]);
        put(second, 3, &["丁", "3", "2004"]);
        let third = book.add_worksheet().set_name("说明").unwrap();
        put(third, 0, &["填表说明", "日期按公历"]);
        let fourth = book.add_worksheet().set_name("旧").unwrap();
        put(fourth, 0, &["序号", "文号", "日期"]);
        let _ = book.add_worksheet().set_name("空");
    });
    let rows: Vec<(&str, &str)> =
        reading.items.iter().map(|item| (item.origin.register.as_str(), item.row.as_str())).collect();
    assert_eq!(
        rows,
        [
            ("[register.xlsx]永久", "永久!1"),
            ("[register.xlsx]永久", "永久!2"),
            ("[register.xlsx]短期", "短期!3")
        ]
    );
    assert_eq!(reading.items[0].ties[0].to_row, "永久!2");
    assert_eq!(reading.refused[0].sheet, 1);
    assert_eq!(reading.refused[0].findings[0].place.file.as_deref(), Some("[register.xlsx]短期"));
    assert_eq!(reading.refused[0].findings[0].place.item.as_deref(), Some("短期!1"));
    assert_eq!(said(&reading, RuleId::I1, Severity::Info), ["0 这张工作表没有登记表的表头，没有读入"]);
    assert_eq!(said(&reading, RuleId::I1, Severity::Warning), ["0 这张工作表缺少「题名」列，没有读入"]);
}

#[test]
fn a_cell_at_the_far_corner_costs_nothing() {
    let reading = xlsx(|book| {
        let sheet = book.add_worksheet();
        put(sheet, 0, &["题名", "日期"]);
        put(sheet, 1, &["甲", "2004"]);
        sheet.write_string(1_048_575, 16_383, "x").unwrap();
    });
    assert_eq!(titles(&reading), [(2, "甲")]);
}

/// A workbook in the BIFF format of Excel 97 (8) or Excel 95 (5), of text cells and numbers.
fn xls(version: u16, rows: &[&[&str]]) -> Vec<u8> {
    let record = |kind: u16, body: &[u8]| -> Vec<u8> {
        let length = u16::try_from(body.len()).unwrap();
        [kind.to_le_bytes().as_slice(), &length.to_le_bytes(), body].concat()
    };
    let bof = |what: u16| {
        let mut body = [version.to_le_bytes(), what.to_le_bytes(), [0xbb, 0x0d], [0xcc, 0x07]].concat();
        if version == 0x0600 {
            body.extend_from_slice(&[0; 8]);
        }
        record(0x0809, &body)
    };
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let mut sheet = bof(0x0010);
    for (row, cells) in (0_u16..).zip(rows) {
        for (column, cell) in (0_u16..).zip(*cells).filter(|(_, cell)| !cell.is_empty()) {
            let at = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
            if let Ok(number) = cell.parse::<f64>() {
                sheet.extend(record(0x0203, &[at, number.to_le_bytes().to_vec()].concat()));
            } else if version == 0x0600 {
                let length = u16::try_from(cell.encode_utf16().count()).unwrap();
                sheet.extend(record(
                    0x0204,
                    &[at, length.to_le_bytes().to_vec(), vec![1], wide(cell)].concat(),
                ));
            } else {
                let text = encoding_rs::GBK.encode(cell).0.into_owned();
                let length = u16::try_from(text.len()).unwrap();
                sheet.extend(record(0x0204, &[at, length.to_le_bytes().to_vec(), text].concat()));
            }
        }
    }
    sheet.extend(record(0x000a, &[]));
    let globals = |offset: u32| -> Vec<u8> {
        let name = if version == 0x0600 {
            [vec![2, 1], wide("登记")].concat()
        } else {
            let name = encoding_rs::GBK.encode("登记").0.into_owned();
            [vec![u8::try_from(name.len()).unwrap()], name].concat()
        };
        [
            bof(0x0005),
            record(0x0042, &if version == 0x0600 { 1200_u16 } else { 936 }.to_le_bytes()),
            record(0x0085, &[offset.to_le_bytes().to_vec(), vec![0, 0], name].concat()),
            record(0x000a, &[]),
        ]
        .concat()
    };
    let offset = u32::try_from(globals(0).len()).unwrap();
    let mut stream = [globals(offset), sheet].concat();
    // Excel pads the stream beyond the size at which it would be kept in the small-block area.
    stream.resize(stream.len().max(8192), 0);
    compound(if version == 0x0600 { "/Workbook" } else { "/Book" }, &stream)
}

fn compound(stream: &str, content: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).unwrap();
    file.create_stream(stream).unwrap().write_all(content).unwrap();
    file.into_inner().into_inner()
}

#[test]
fn workbooks_of_excel_97_and_95_are_read() {
    for version in [0x0600, 0x0500] {
        let bytes = xls(
            version,
            &[
                &["文件登记表"],
                &["序号", "发文字号", "文件题名", "成文时间", "页数"],
                &["1", "县政〔2004〕1号", "关于镇村公路的通知", "2004年5月16日", "3"],
                &["2", "", "乙", "38152", "4"],
            ],
        );
        // Whatever it is called: offices rename.
        let reading = register::read("register.xlsx", &bytes).unwrap();
        assert_eq!(titles(&reading), [(3, "关于镇村公路的通知"), (4, "乙")], "{version:x}");
        assert_eq!(reading.items[0].number.as_ref().unwrap().to_string(), "县政〔2004〕1号");
        assert_eq!(reading.items[1].date.date().unwrap().to_string(), "2004-06-14");
        assert_eq!(reading.items[1].row, "2");
    }
}

#[test]
fn workbooks_with_a_password_and_letters_are_told_apart() {
    let secret = compound("/EncryptedPackage", &[7; 9000]);
    assert_eq!(register::read("a.xlsx", &secret).unwrap_err(), RegisterError::Password);
    let letter = compound("/WordDocument", &[7; 9000]);
    assert!(matches!(register::read("a.xls", &letter).unwrap_err(), RegisterError::NotASpreadsheet(_)));
}

#[test]
fn workbooks_of_libreoffice_are_read() {
    let row = |cells: &[&str]| {
        let cells: String = cells
            .iter()
            .map(|cell| match *cell {
                "" => "<table:table-cell/>".to_owned(),
                day if day.len() == 10 && day.contains('-') => format!(
                    "<table:table-cell office:value-type=\"date\" office:date-value=\"{day}\"><text:p>{day}</text:p></table:table-cell>"
                ),
                number if number.parse::<f64>().is_ok() => format!(
                    "<table:table-cell office:value-type=\"float\" office:value=\"{number}\"><text:p>{number}</text:p></table:table-cell>"
                ),
                text => format!(
                    "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
                ),
            })
            .collect();
        format!("<table:table-row>{cells}</table:table-row>")
    };
    let rows = [
        row(&["序号", "题名", "日期", "页数"]),
        "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"1024\"/></table:table-row>".to_owned(),
        row(&["1", "甲", "2004-05-16", "3"]),
        row(&["2", "乙", "2004年5月", "4"]),
    ]
    .concat();
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet>\
         <table:table table:name=\"登记\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, text) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        (
            "META-INF/manifest.xml",
            "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>",
        ),
        ("content.xml", &content),
    ] {
        zip.start_file(name, stored).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    let reading = register::read("register.ods", &bytes).unwrap();
    assert_eq!(titles(&reading), [(4, "甲"), (5, "乙")]);
    assert_eq!(reading.items[0].date.date().unwrap().to_string(), "2004-05-16");
    assert_eq!(reading.items[1].pages, Some(4));
}
