//! Documents of other registers: plain rows, printed through the same machinery.

use archive_catalogue::document::{Column, Document, Grid, GridCell, GridRow, Labelled, Part, Table};
use archive_catalogue::fonts::Fonts;
use archive_catalogue::layout::Paper;
use archive_catalogue::print::{Format, Outcome, PrintError, print_document};
use chrono::NaiveDate;

const FORMATS: [Format; 6] =
    [Format::Pdf, Format::Xlsx, Format::Csv, Format::CsvGb18030, Format::Html, Format::Ofd];

fn list(titles: &[&str]) -> Document {
    let rows = titles
        .iter()
        .enumerate()
        .map(|(at, title)| vec![(at + 1).to_string(), (*title).to_owned(), "10".to_owned()])
        .collect();
    let table = Table::new(
        "档案出库登记表",
        vec![Column::number("序号", 1.0), Column::text("题名", 8.0), Column::amount("页数", 1.0)],
    )
    .headed(vec![Labelled::new("库房", "一号库")])
    .signed(vec![Labelled::new("制表人", ""), Labelled::new("审核人", "")])
    .filled_with(rows)
    .across(&Paper::A4);
    Document::new("临江县档案馆", "档案出库登记表", vec![Part::new("登记表", Paper::A4, table)])
}

fn print(document: &Document, formats: &[Format]) -> Outcome {
    let day = NaiveDate::from_ymd_opt(2005, 4, 20).unwrap();
    print_document(document, formats, &Fonts::shipped().unwrap(), day).unwrap()
}

#[test]
fn plain_rows_become_every_format() {
    let outcome = print(&list(&["关于防汛工作的\r\n通知"]), &FORMATS);
    let names: Vec<&str> = outcome.files.iter().map(|file| file.file_name.as_str()).collect();
    assert_eq!(
        names,
        [
            "档案出库登记表.pdf",
            "档案出库登记表.xlsx",
            "档案出库登记表.csv",
            "档案出库登记表.gb18030.csv",
            "档案出库登记表.html",
            "档案出库登记表.ofd"
        ]
    );
    let csv = String::from_utf8(outcome.files[2].bytes.clone()).unwrap();
    assert_eq!(csv, "\u{FEFF}库房,序号,题名,页数\r\n一号库,1,关于防汛工作的 通知,10\r\n");
    let html = String::from_utf8(outcome.files[4].bytes.clone()).unwrap();
    assert!(html.contains("制表人："));
}

#[test]
fn what_no_font_has_is_said_with_its_row_and_column() {
    let outcome = print(&list(&["关于防汛工作的通知", "关于𪚥的通知"]), &[Format::Pdf]);
    let place = &outcome.findings[0].place;
    assert_eq!(outcome.findings.len(), 1);
    assert_eq!((place.row, place.column.as_deref()), (Some(2), Some("题名")));
    assert_eq!(place.file.as_deref(), Some("档案出库登记表·登记表"));
}

#[test]
fn copies_are_pages_again_and_a_year_is_asked_of_ead() {
    let outcome = print(&list(&["通知"]).in_copies(2), &[Format::Pdf]);
    assert_eq!(outcome.files[0].pages, Some(2));
    let day = NaiveDate::from_ymd_opt(2005, 4, 20).unwrap();
    let refused = print_document(&list(&[]), &[Format::Ead], &Fonts::shipped().unwrap(), day);
    assert!(matches!(refused, Err(PrintError::NoEad(_))));
}

#[test]
fn a_form_longer_than_its_paper_goes_on_on_the_next() {
    let width = Paper::A4.text_width();
    let row = |at: usize| {
        let label = GridCell::label(40.0, &format!("栏目{at}"));
        GridRow::new(30.0, vec![label, GridCell::value(width - 40.0, "值", "内容")])
    };
    let grid = Grid::new(std::iter::once(GridRow::title(width, "登记表")).chain((0..20).map(row)).collect());
    let outcome = print(&Document::new("", "登记表", vec![Part::new("表", Paper::A4, grid)]), &FORMATS);
    assert_eq!(outcome.files[0].pages, Some(3), "7 rows and the title, then 8, then 5");
}
