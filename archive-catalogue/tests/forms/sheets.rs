//! Spreadsheets, csv and html.

use archive_catalogue::fonts::Fonts;
use archive_catalogue::forms::Form;
use archive_catalogue::print::{Format, Options, print};
use calamine::{Data, Reader as _, Xlsx};

use crate::sample::Sample;

fn first(form: Form, format: Format) -> Vec<u8> {
    let sample = Sample::small();
    let outcome =
        print(&[form], format, &sample.book(), &Fonts::shipped().unwrap(), &Options::default()).unwrap();
    outcome.files.into_iter().next().unwrap().bytes
}

#[test]
fn a_spreadsheet_keeps_codes_and_dates_as_text_and_counts_as_numbers() {
    let bytes = first(Form::Contents, Format::Xlsx);
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names().len(), 7);
    assert_eq!(book.sheet_names()[0], "J019-2004-001");
    let sheet = book.worksheet_range("J019-2004-001").unwrap();
    let row = |row: u32| -> Vec<Data> {
        (0..7).map(|column| sheet.get_value((row, column)).unwrap().clone()).collect()
    };
    assert_eq!(row(2)[3], Data::String("题名".to_owned()));
    assert_eq!(row(3)[0], Data::Float(1.0));
    assert_eq!(row(3)[1], Data::String("临政发〔2004〕12号".to_owned()));
    assert_eq!(row(3)[4], Data::String("2004、3、16".to_owned()));
    assert_eq!(row(8)[5], Data::String("50-58".to_owned()));
}

#[test]
fn nothing_typed_becomes_a_formula() {
    let bytes = first(Form::Contents, Format::Xlsx);
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).unwrap();
        assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()), "{name}");
    }
    let csv = String::from_utf8(first(Form::Contents, Format::Csv)).unwrap();
    assert!(csv.contains("\"'=cmd|' /C calc'!A0"), "{csv}");
    let html = String::from_utf8(first(Form::Contents, Format::Html)).unwrap();
    assert!(html.contains("=cmd|&apos; /C calc&apos;!A0"), "as text");
}

#[test]
fn csv_has_a_line_an_item_with_what_its_list_belongs_to() {
    let csv = String::from_utf8(first(Form::Contents, Format::Csv)).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "\u{FEFF}全宗号,目录号,案卷号,保管期限,顺序号,文号,责任者,题名,日期,页号,备注");
    assert_eq!(lines.len(), 28, "one header, 27 items");
    assert!(lines[1].starts_with("J019,2004,1,永久,1,临政发〔2004〕12号,临江县人民政府,"));
    let gb = first(Form::Contents, Format::CsvGb18030);
    let (text, _, broken) = encoding_rs::GB18030.decode(&gb);
    assert!(!broken);
    assert_eq!(format!("\u{FEFF}{text}"), csv);
}

#[test]
fn covers_as_csv_are_a_line_a_volume() {
    let csv = String::from_utf8(first(Form::Cover, Format::Csv)).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 8);
    insta::assert_snapshot!(lines[..2].join("\n"), @r"
        ﻿全宗名称,类目名称,案卷题名,起止日期,保管期限,件数页数,归档号,年度,档号,全宗号,目录号,案卷号
        临江县人民政府办公室,政务,临江县人民政府关于二〇〇四年防汛抗旱工作的通知、预案、报告、批复,自 2004年3月 起至 2004年7月 止,永久,本卷共 6 件　58 页,,2004,J019-2004-001,J019,2004,1
        ");
}

#[test]
fn html_is_one_file_that_asks_for_nothing() {
    let html = String::from_utf8(first(Form::Volumes, Format::Html)).unwrap();
    assert!(!html.contains("http") && !html.contains("<script"));
    assert_eq!(html.matches("<section").count(), 3, "the first copy: title, list, signatures");
}

#[test]
fn the_lists_of_a_book_are_numbered_on_through_its_sheets() {
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(first(Form::Full, Format::Xlsx))).unwrap();
    let mut numbers = Vec::new();
    for place in 0..book.len() {
        let mut entry = book.by_index(place).unwrap();
        if entry.name().unwrap().starts_with("xl/worksheets/") {
            let mut sheet = String::new();
            std::io::Read::read_to_string(&mut entry, &mut sheet).unwrap();
            let number = sheet.split_once(" firstPageNumber=\"").map(|(_, after)| after[..1].to_owned());
            assert!(!sheet.contains("useFirstPageNumber") || sheet.contains("useFirstPageNumber=\"1\""));
            numbers.push(number.unwrap_or_default());
        }
    }
    assert_eq!(numbers, ["", "1", "1", "2", "3", "4", "5"], "title, index, then the book");
}
