//! What every form says, page by page, as a person reads it.

use std::collections::BTreeSet;

use archive_catalogue::document::Document;
use archive_catalogue::fonts::{Fonts, Metrics};
use archive_catalogue::forms::answer::{self, Answer};
use archive_catalogue::forms::books::{self, BooksReport};
use archive_catalogue::forms::fonds::{self, FondsLine, HistoryLine, MaterialLine};
use archive_catalogue::forms::inspection::{self, Inspection};
use archive_catalogue::forms::storeroom::{self, ShelfCard};
use archive_catalogue::forms::{Form, destruction, statistics};
use archive_catalogue::paged::Paged;
use archive_catalogue::print::{Options, documents};
use archive_core::appraisal::Target;
use archive_core::appraisal::list::{DestructionList, Line};
use archive_core::fonds_file::Class;
use archive_core::model::{Institution, RetentionPeriod, SecrecyLevel};
use archive_core::profile::{Method, Storeroom};
use archive_core::statistics::{Chapter, Evidence, Figures};
use archive_core::storeroom::climate::{Reading, Year};
use archive_core::storeroom::stocktake::{self, Expected, Found};
use archive_core::text::Text;
use chrono::NaiveDate;

use crate::pages::text;
use crate::sample::Sample;

/// The text of all pages, with their number and paper.
fn told(document: &Document) -> String {
    let fonts = Fonts::shipped().unwrap();
    let metrics = Metrics::new(&fonts);
    let paged = Paged::new(document, &metrics);
    let mut lines =
        vec![format!("{}：{} 页，印出 {} 页", document.title, paged.count(), paged.order().len())];
    for (part, pages) in document.parts.iter().zip(paged.pages(&metrics)) {
        for (at, page) in pages.iter().enumerate() {
            let (width, height) = (page.paper.width, page.paper.height);
            lines.push(format!("──── {} {}／{}，{width}×{height}", part.name, at + 1, pages.len()));
            lines.push(text(page));
        }
    }
    assert_eq!(metrics.missing(), []);
    lines.join("\n")
}

fn institution() -> Institution {
    Institution { name: "临江县人民政府办公室".to_owned(), fonds: "J019".to_owned() }
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2005, month, day).unwrap()
}

#[test]
fn every_form_of_a_year_says_what_it_said() {
    let sample = Sample::small();
    let fonts = Fonts::shipped().unwrap();
    for form in Form::ALL {
        let metrics = Metrics::new(&fonts);
        for document in documents(form, &sample.book(), &Options::default(), &metrics) {
            insta::assert_snapshot!(document.file_stem.clone(), told(&document));
        }
    }
}

#[test]
fn the_forms_of_the_item_method_say_what_they_said() {
    let mut sample = Sample::small();
    sample.profile.volumes.method = Method::Item;
    let fonts = Fonts::shipped().unwrap();
    for form in [Form::Items, Form::Stamp, Form::Box, Form::BoxNote] {
        let metrics = Metrics::new(&fonts);
        for document in documents(form, &sample.book(), &Options::default(), &metrics) {
            insta::assert_snapshot!(format!("{}，按件", document.file_stem), told(&document));
        }
    }
}

#[test]
fn the_papers_of_a_fonds_say_what_they_said() {
    let line = FondsLine {
        code: "J019".to_owned(),
        name: "临江县人民政府办公室".to_owned(),
        years: "1984—2004".to_owned(),
        first_received: "1996、5、20".to_owned(),
        volumes: 812,
        items: 9_431,
        left: 12,
        remarks: String::new(),
    };
    let history = [
        HistoryLine {
            span: "1984—1998".to_owned(),
            name: "临江县人民政府办公室".to_owned(),
            event: "成立".to_owned(),
        },
        HistoryLine {
            span: "1998—".to_owned(),
            name: "临江县人民政府办公室".to_owned(),
            event: "与县外事办合署".to_owned(),
        },
    ];
    let material = MaterialLine {
        number: "1-1".to_owned(),
        title: "临江县人民政府办公室2004年度档案移交登记表".to_owned(),
        maker: "临江县档案馆".to_owned(),
        date: "2005、6、1".to_owned(),
        pages: "4".to_owned(),
        copies: "2".to_owned(),
        remarks: String::new(),
    };
    let periods = [("永久".to_owned(), 400, 5_000), ("长期".to_owned(), 412, 4_431)];
    let keeper = "临江县档案馆";
    for document in [
        fonds::list(keeper, std::slice::from_ref(&line)),
        fonds::card(keeper, &institution(), &line, &periods, &["案卷目录 12 册".to_owned()], &history),
        fonds::file(keeper, &institution(), &[(Class::Handover, material.clone()), (Class::Use, material)]),
    ] {
        insta::assert_snapshot!(document.file_stem.clone(), told(&document));
    }
}

#[test]
fn the_papers_of_the_storeroom_say_what_they_said() {
    let card = |shelf: &str, holds: &[&str], volumes| ShelfCard {
        room: "1".to_owned(),
        room_name: "一号库".to_owned(),
        shelf: shelf.to_owned(),
        note: String::new(),
        holds: holds.iter().map(|text| (*text).to_owned()).collect(),
        volumes,
        capacity: Some(60),
    };
    let cards = [
        card("A", &["J019 临江县人民政府办公室 2004年 1—44 卷"], 44),
        card("B", &[], 0),
        card("C", &["J020 临江县水利局"], 12),
    ];
    let expected = |code: &str| Expected { code: code.to_owned(), place: "1/A/1".to_owned(), on_loan: None };
    let found = |code: &str, place: &str| Found { code: code.to_owned(), place: Some(place.to_owned()) };
    let comparison = stocktake::compare(
        &[expected("J019-2004-001"), expected("J019-2004-002"), expected("J019-2004-003")],
        &[found("J019-2004-001", "1/A/1"), found("J019-2004-002", "1/B/2"), found("J019-2004-009", "1/A/1")],
        &BTreeSet::new(),
    );
    let reading = |on: u32, temperature: f64, humidity: f64| Reading {
        day: day(4, on),
        time: None,
        temperature: Some(temperature),
        humidity: Some(humidity),
    };
    let readings =
        [reading(1, 18.5, 52.0), reading(1, 20.0, 55.0), reading(2, 25.5, 50.0), reading(5, 19.0, 71.5)];
    let limits = Storeroom::default();
    let air = Year::of(&readings, day(4, 1), day(4, 6), limits);
    let keeper = "临江县档案馆";
    for document in [
        storeroom::climate(keeper, "1", 2005, &air, limits),
        storeroom::guide_cards(keeper, &cards),
        storeroom::plan(keeper, &cards, day(4, 20)),
        storeroom::count(keeper, "2005-1", "2005、4、20", "一号库", "王芳", &comparison),
    ] {
        insta::assert_snapshot!(document.file_stem.clone(), told(&document));
    }
}

#[test]
fn the_destruction_list_says_what_it_said() {
    let line = |code: &str, title: &str| Line {
        target: Target::Volume { fonds: "J019".to_owned(), code: code.to_owned() },
        code: code.to_owned(),
        title: title.to_owned(),
        year: 1989,
        period: Some(RetentionPeriod::ShortTerm),
        due: Some(day(1, 1)),
        pages: 40,
        items: 6,
        contents: String::new(),
        level: SecrecyLevel::None,
        reason: "保管期满，无继续保存价值".to_owned(),
        original: None,
    };
    let list = DestructionList {
        number: "2005-1".to_owned(),
        title: "保管期满案卷的销毁".to_owned(),
        secret: false,
        made_by: "王芳".to_owned(),
        made: day(4, 20),
        lines: vec![
            line("J019-1989-031", "县政府办公室值班安排的通知"),
            line("J019-1989-032", "县政府办公室车辆管理的通知"),
        ],
        approval: None,
        supervision: None,
        handover: None,
        destroyed: None,
    };
    let document = destruction::list(&institution(), &list, "0123456789abcdef0123456789abcdef", day(4, 21));
    insta::assert_snapshot!("销毁清册", told(&document));
}

#[test]
fn reports_and_answers_say_what_they_said() {
    let row = |cells: &[&str]| cells.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>();
    let books = books::report(&BooksReport {
        institution: institution().name,
        fonds: institution().fonds,
        year: "2004".to_owned(),
        rates: vec![row(&["收文", "120", "96", "20", "4", "96.7%"])],
        missing: vec![row(&[
            "1",
            "收文",
            "17",
            "江政〔2004〕9号",
            "江州市人民政府",
            "关于春耕的通知",
            "2004、3、2",
        ])],
        gaps: vec![row(&["临政〔2004〕", "12"])],
        ..BooksReport::default()
    });
    let quad = |a: &str, b: &str, c: &str, d: &str| [a.to_owned(), b.to_owned(), c.to_owned(), d.to_owned()];
    let receipt = answer::answer(
        "回执",
        &Answer {
            title: "档案接收回执".to_owned(),
            sender: institution().name,
            archives: "临江县档案馆".to_owned(),
            received_by: "李明".to_owned(),
            facts: vec![("接收号", "2005-0001".to_owned()), ("数量", "44 卷 225 件".to_owned())],
            tests: vec![quad("GD-1-1", "固化信息有效性检测", "合格", "")],
            faults: vec![quad("警告", "R2", "J019-2004-001", "1 件的期限是建议的")],
        },
    );
    let inspection = inspection::report(
        "检测报告",
        &Inspection {
            package: "J019-2004".to_owned(),
            sender: institution().name,
            facts: vec![("移交包", "J019-2004".to_owned())],
            properties: vec![("真实性".to_owned(), "合格".to_owned())],
            tests: vec![["真实性", "GD-1-1", "固化信息有效性检测", "合格", ""].map(str::to_owned)],
            faults: Vec::new(),
        },
    );
    let mut figures = Figures::default();
    for (key, label, amount) in [
        ("holdings.volumes.永久", "室藏案卷：永久", 24),
        ("holdings.volumes.长期", "室藏案卷：长期", 15),
        ("holdings.volumes.短期", "室藏案卷：短期", 5),
    ] {
        let evidence = vec![Evidence::new("J019-2004-001", "案卷", "2004", amount)];
        figures.add(
            Chapter::Holdings,
            key,
            Text::fixed(label, label),
            Text::fixed("卷", "volumes"),
            evidence,
        );
    }
    let year = statistics::year(&institution().name, "J019", 2004, &figures);
    for document in [books, receipt, inspection, year] {
        insta::assert_snapshot!(document.file_stem.clone(), told(&document));
    }
}
