//! Finding aids and labels: what each lists, and in which order.

use archive_catalogue::document::{Body, Document, Table};
use archive_catalogue::fonts::{Fonts, Metrics};
use archive_catalogue::forms::Form;
use archive_catalogue::layout::{Mark, Paper};
use archive_catalogue::paged::Paged;
use archive_catalogue::print::{Format, Options, documents, print};
use archive_core::profile::{CoverPaper, Method, PageSize};

use crate::sample::Sample;

fn of(sample: &Sample, form: Form) -> Document {
    let fonts = Fonts::shipped().unwrap();
    let metrics = Metrics::new(&fonts);
    documents(form, &sample.book(), &Options::default(), &metrics).into_iter().next().unwrap()
}

fn tables(document: &Document) -> Vec<&Table> {
    document
        .parts
        .iter()
        .filter_map(|part| match &part.body {
            Body::Table(table) => Some(table),
            _ => None,
        })
        .collect()
}

#[test]
fn the_classified_catalogue_has_every_item_once_under_its_class() {
    let document = of(&Sample::small(), Form::Classified);
    let tables = tables(&document);
    let (index, lists) = tables.split_first().unwrap();
    let classes: Vec<&str> = index.rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(classes, ["党务—日常政务", "政务—日常政务", "政务—防汛抗旱"]);
    let count: usize = lists.iter().map(|table| table.rows.len()).sum();
    assert_eq!(count, 27);
    let flood = lists.last().unwrap();
    assert_eq!(flood.rows[0][5], "2004、3、15", "the oldest first");
    assert_eq!(flood.rows[0][1], "J019-2004-001-002");
}

#[test]
fn the_index_of_subjects_says_the_page_each_begins_on() {
    let sample = Sample::small();
    let document = of(&sample, Form::Subjects);
    let fonts = Fonts::shipped().unwrap();
    let metrics = Metrics::new(&fonts);
    let pages = Paged::new(&document, &metrics).pages(&metrics);
    let index = tables(&document)[0];
    let mut begin = 1;
    for (line, pages) in index.rows.iter().zip(&pages[2..]) {
        assert_eq!(line[2], begin.to_string());
        begin += pages.len();
    }
    assert!(index.rows.len() > 1);
}

#[test]
fn the_concordance_finds_a_paper_by_its_number() {
    let document = of(&Sample::small(), Form::Concordance);
    let rows = &tables(&document)[0].rows;
    assert_eq!(rows.len(), 21, "six of the year have no number");
    let numbers: Vec<&str> =
        rows.iter().map(|row| row[0].as_str()).filter(|number| number.starts_with("临政办〔")).collect();
    assert_eq!(
        numbers,
        ["临政办〔2004〕6号", "临政办〔2004〕33号", "临政办〔2004〕71号"],
        "as numbers, not as words"
    );
    let minutes = rows.iter().find(|row| row[0] == "临府常纪〔2004〕11号").unwrap();
    assert_eq!(minutes[3], "J019-2004-002-001");
}

#[test]
fn there_is_a_card_for_everyone_a_title_names() {
    let csv = print(
        &[Form::Names],
        Format::Csv,
        &Sample::small().book(),
        &Fonts::shipped().unwrap(),
        &Options::default(),
    )
    .unwrap();
    let csv = String::from_utf8(csv.files[0].bytes.clone()).unwrap();
    for name in ["赵㛃", "孙䶮", "周𬱖", "刘堃喆"] {
        assert!(csv.contains(name), "{csv}");
    }
    assert_eq!(of(&Sample::small(), Form::Names).parts.len(), 2, "three cards a sheet");
}

#[test]
fn boxes_are_labelled_with_what_is_first_and_last_in_them() {
    let mut sample = Sample::small();
    let text = |sample: &Sample, form: Form| {
        of(sample, form)
            .parts
            .iter()
            .flat_map(|part| match &part.body {
                Body::Grid(grid) => {
                    grid.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.text.clone()).collect()
                }
                _ => Vec::new(),
            })
            .collect::<Vec<String>>()
    };
    let labels = text(&sample, Form::Box);
    assert!(
        labels.contains(&"起止卷号".to_owned()) && labels.iter().filter(|text| *text == "永久").count() == 1
    );
    assert!(
        documents(
            Form::BoxNote,
            &sample.book(),
            &Options::default(),
            &Metrics::new(&Fonts::shipped().unwrap())
        )
        .is_empty()
    );
    sample.profile.volumes.method = Method::Item;
    let labels = text(&sample, Form::Box);
    assert!(labels.contains(&"起止件号".to_owned()) && labels.contains(&"0006".to_owned()));
    let notes = text(&sample, Form::BoxNote);
    assert!(notes.iter().any(|text| text.starts_with("本盒共有归档文件 6 件，58 页，件号自 0001 至 0006。")));
    assert!(notes.contains(&"整理人".to_owned()) && notes.contains(&"检查日期".to_owned()));
}

#[test]
fn on_printed_covers_only_the_blanks_are_filled_in_where_they_are() {
    let fonts = Fonts::shipped().unwrap();
    let metrics = Metrics::new(&fonts);
    let mut sample = Sample::small();
    let place = |sample: &Sample, wanted: &str| {
        let document = of(sample, Form::Cover);
        let page = Paged::new(&document, &metrics).pages(&metrics).swap_remove(0).swap_remove(0);
        let lines = page.marks.iter().filter(|mark| matches!(mark, Mark::Line { .. })).count();
        let at = page.marks.iter().find_map(|mark| match mark {
            Mark::Text { at, text, .. } if &**text == wanted => Some(*at),
            _ => None,
        });
        (lines, at)
    };
    let (lines, whole) = place(&sample, "J019-2004-001");
    assert!(lines > 0 && place(&sample, "保管期限").1.is_some());
    sample.profile.forms.preprinted_cover = true;
    sample.profile.forms.preprinted_shift = [2.0, -3.0];
    let (lines, blanks) = place(&sample, "J019-2004-001");
    assert_eq!((lines, place(&sample, "保管期限").1), (0, None));
    let (whole, blanks) = (whole.unwrap(), blanks.unwrap());
    assert!((blanks.x - whole.x - 2.0).abs() < 1e-6 && (blanks.y - whole.y + 3.0).abs() < 1e-6);
}

#[test]
fn a_cover_of_an_earlier_size_is_one_page() {
    let mut sample = Sample::small();
    for cover in [
        CoverPaper::Hard,
        CoverPaper::Size(PageSize {
            width: 185.0,
            height: 260.0,
            top: 15.0,
            bottom: 12.0,
            left: 20.0,
            right: 12.0,
        }),
    ] {
        sample.profile.forms.cover = cover;
        let document = of(&sample, Form::Cover);
        let fonts = Fonts::shipped().unwrap();
        let metrics = Metrics::new(&fonts);
        let paged = Paged::new(&document, &metrics);
        assert_eq!(paged.count(), 7);
        let page = &paged.pages(&metrics)[0][0];
        let Paper { width, height, .. } = page.paper;
        assert!((width, height) == (220.0, 310.0) || (width, height) == (185.0, 260.0));
    }
}

#[test]
fn several_years_are_one_book() {
    let mut sample = Sample::small();
    let mut earlier = sample.arrangement.volumes[0].clone();
    earlier.year = 2003;
    let number = earlier.number.as_mut().unwrap();
    number.catalogue_no = "2003".to_owned();
    number.code = "J019-2003-001".to_owned();
    sample.arrangement.volumes.insert(0, earlier);
    let book = archive_catalogue::book::Book::of_years(
        &sample.institution,
        &sample.profile,
        vec![2004, 2003],
        &sample.arrangement,
        &sample.items,
        sample.printed_on,
    );
    assert_eq!(book.year(), "2003—2004");
    let fonts = Fonts::shipped().unwrap();
    let metrics = Metrics::new(&fonts);
    let document = documents(Form::Full, &book, &Options::default(), &metrics).swap_remove(0);
    assert_eq!(document.title, "临江县人民政府办公室2003—2004年度全引目录（永久）");
    let index = tables(&document)[0];
    let numbers: Vec<&str> = index.rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(numbers, ["", "", "2003-1", "2004-1", "2004-2", "2004-3"]);
}
