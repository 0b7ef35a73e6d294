//! The office's books: read in every office's wording, and the county's two held against its archive.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use archive_catalogue::office_register::{self, BookReading};
use archive_catalogue::register;
use archive_core::finding::Severity;
use archive_core::model::{Item, SecrecyLevel};
use archive_core::office_register::{Account, BookEntry, Direction, DispositionKind};
use archive_core::rules::RuleId;

fn read(csv: &str, direction: Direction) -> BookReading {
    office_register::read("簿.csv", csv.as_bytes(), direction, None).unwrap()
}

fn one(csv: &str) -> BookEntry {
    let mut reading = read(csv, Direction::Incoming);
    assert!(reading.refused.is_empty(), "{:?}", reading.findings);
    reading.entries.swap_remove(0)
}

#[test]
fn a_book_is_read_under_whatever_headers_an_office_uses() {
    for csv in [
        "收文号,收文日期,来文机关,来文字号,文件标题,份数,密级,承办科室,去向\n15,2004-05-18,县教育局,临教〔2004〕21号,关于危房改造的请示,2,,综合股,归档\n",
        "2004年收文登记簿\n顺序号,收到日期,来文单位,文号,事由,数量,秘密等级,承办股室,处理结果\n15,2004.5.18,县教育局,临教[2004]21号,关于危房改造的请示,2份,,综合股,已归档\n",
        "登记号\t签收日期\t发文机关\t发文字号\t题　名\t份 数\t密级\t主办科室\t归档情况\n15\t2004年5月18日\t县教育局\t临教（2004）第21号\t关于危房改造的请示\t2\t\t综合股\t存档\n",
    ] {
        let entry = one(csv);
        assert_eq!(entry.label.to_string(), "收2004-15");
        assert_eq!(entry.registered.date().unwrap().to_string(), "2004-05-18");
        assert_eq!(entry.number.as_ref().unwrap().to_string(), "临教〔2004〕21号");
        assert_eq!((entry.title.as_str(), entry.bodies[0].as_str()), ("关于危房改造的请示", "县教育局"));
        assert_eq!((entry.copies, entry.section.as_deref()), (Some(2), Some("综合股")));
        assert_eq!(entry.disposition.unwrap().kind, DispositionKind::Archived);
    }
}

#[test]
fn the_date_of_issue_is_the_day_sent_in_one_book_and_not_in_the_other() {
    let csv = "序号,文号,标题,发文日期\n1,临政〔2004〕3号,甲,2004-05-18\n";
    let sent = read(csv, Direction::Outgoing).entries.swap_remove(0);
    assert!(sent.registered.date().is_some() && sent.date.date().is_none());
    let csv = "序号,文号,标题,收文日期,发文日期\n1,临政〔2004〕3号,甲,2004-05-20,2004-05-18\n";
    let received = one(csv);
    assert_eq!(received.registered.date().unwrap().to_string(), "2004-05-20");
    assert_eq!(received.date.date().unwrap().to_string(), "2004-05-18");
}

#[test]
fn what_became_of_a_paper_may_stand_in_several_columns() {
    let head = "序号,收文日期,文号,标题,是否清退,清退日期,去向,原因\n";
    let kind = |row: &str| one(&format!("{head}{row}\n"));
    let returned = kind("1,2004-01-02,甲〔2004〕1号,甲,是,2005-03-12,,");
    assert!(returned.must_return);
    let disposition = returned.disposition.unwrap();
    assert_eq!(
        (disposition.kind, disposition.on.unwrap().to_string()),
        (DispositionKind::Returned, "2005-03-12".into())
    );
    let waiting = kind("1,2004-01-02,甲〔2004〕1号,甲,是,,,");
    assert!(waiting.must_return && waiting.disposition.is_none());
    let reason = kind("1,2004-01-02,甲〔2004〕1号,甲,否,,销毁,重复件");
    assert_eq!(reason.disposition.unwrap().reason.as_deref(), Some("重复件"));
    assert_eq!(
        kind("1,2004-01-02,甲〔2004〕1号,甲,,,,不归档").disposition.unwrap().kind,
        DispositionKind::NoValue
    );
    let unknown = read(&format!("{head}1,2004-01-02,甲〔2004〕1号,甲,,,李主任,\n"), Direction::Incoming);
    assert_eq!(unknown.entries[0].disposition, None);
    assert!(unknown.entries[0].remarks.as_deref().unwrap().contains("李主任"));
    assert!(unknown.findings.iter().any(|one| one.rule == RuleId::I2 && one.severity == Severity::Warning));
}

#[test]
fn nothing_of_a_classified_line_but_what_may_be_kept_is_read_or_told() {
    let csv = "收文号,收文日期,来文单位,文号,标题,密级,承办股室,是否清退,处理结果,备注\n\
        1,2004-03-02,星河单位,岭委〔2004〕7号,关于星河工程的通知,机密★10年,秘书股,是,2005-03-20清退星河办,星河\n\
        2,2004-03-02,星河单位,岭委〔2004〕8号,关于星河工程的通知（秘密★1年）,,秘书股,是,,\n\
        3,2004年13月,星河单位,岭委〔2004〕9号,关于星河工程的通知,绝密,秘书股,,,\n\
        4,2004-03-02,星河单位,岭委〔2004〕10号,关于星河工程的通知,很密,秘书股,,,\n";
    let reading = read(csv, Direction::Incoming);
    assert_eq!((reading.entries.len(), reading.refused.len()), (2, 2));
    assert!(!format!("{reading:?}").contains("星河"));
    let kept = &reading.entries[0];
    assert_eq!(kept.secrecy.level, SecrecyLevel::Confidential);
    assert_eq!(kept.disposition.as_ref().unwrap().on.unwrap().to_string(), "2005-03-20");
    assert_eq!((kept.section.as_deref(), kept.must_return), (Some("秘书股"), true));
    assert!(reading.findings.iter().any(|one| one.rule == RuleId::S1));
    let back =
        register::write_refused(&reading.sheets, &reading.refused, register::RegisterFormat::Csv).unwrap();
    assert!(!String::from_utf8(back).unwrap().contains("星河"));
}

#[test]
fn faults_are_told_with_the_cell_they_stand_in() {
    let csv = "登记簿\n收文号,收文日期,文号,标题\n1,2004-01-02,甲〔2004〕1号,甲\n1,2004-01-03,乙〔2004〕2号,乙\n3,2004年13月,丙〔2004〕3号,丙\n4,2004-01-05,,\n合计,3件,,\n";
    let reading = read(csv, Direction::Incoming);
    let told: Vec<(RuleId, Option<u32>, Option<&str>)> = reading
        .findings
        .iter()
        .filter(|one| one.severity == Severity::Error)
        .map(|one| (one.rule, one.place.row, one.place.column.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (RuleId::I4, Some(4), Some("收文号")),
            (RuleId::I2, Some(5), Some("收文日期")),
            (RuleId::L1, Some(6), Some("标题"))
        ]
    );
    assert_eq!((reading.entries.len(), reading.refused.len()), (1, 3));
}

#[test]
fn a_book_without_numbers_or_dates_is_read_as_far_as_it_tells() {
    let reading = read(
        "收文日期,文号,标题\n2004-01-02,甲〔2004〕1号,甲\n2005-01-03,乙〔2005〕2号,乙\n",
        Direction::Incoming,
    );
    let labels: Vec<String> = reading.entries.iter().map(|entry| entry.label.to_string()).collect();
    assert_eq!(labels, ["收2004-1", "收2005-2"]);
    let undated = "收文号,收文日期,标题\n1,,甲\n";
    assert_eq!(read(undated, Direction::Incoming).refused.len(), 1);
    let given = office_register::read("簿.csv", undated.as_bytes(), Direction::Outgoing, Some(2004)).unwrap();
    assert_eq!(given.entries[0].label.to_string(), "发2004-1");
}

#[test]
fn what_is_no_book_is_said_to_be_none() {
    for bytes in [&b""[..], b"\x89PNG\r\n\x1a\n", "甲,乙\n1,2\n".as_bytes(), b"PK\x03\x04broken"] {
        assert!(office_register::read("x", bytes, Direction::Incoming, None).is_err());
    }
}

fn county(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/county-2004").join(name)
}

#[test]
fn the_county_s_books_come_to_what_a_person_decided_beforehand() {
    let items: Vec<Item> =
        register::read("register.csv", &fs::read(county("register.csv")).unwrap()).unwrap().items;
    let mut entries = Vec::new();
    for (name, direction) in [("incoming.csv", Direction::Incoming), ("outgoing.xlsx", Direction::Outgoing)] {
        let bytes = fs::read(county("books").join(name)).unwrap();
        let reading = office_register::read(name, &bytes, direction, None).unwrap();
        assert!(reading.refused.is_empty(), "{:?}", reading.refused);
        entries.extend(reading.entries);
    }
    for (at, entry) in (1..).zip(&mut entries) {
        entry.id = archive_core::office_register::EntryId(at);
    }
    let account = Account::of(&entries, &items, &[]);
    let found: BTreeMap<String, (String, String)> = account
        .lines
        .iter()
        .map(|line| {
            let item = line.item().and_then(|id| items.iter().find(|item| item.id == id));
            let row = item.map(|item| item.row.clone()).unwrap_or_default();
            (line.entry.label.to_string(), (line.standing.name().to_owned(), row))
        })
        .collect();
    let expected = fs::read_to_string(county("books/expected.csv")).unwrap();
    let mut lines = 0;
    let mut wrong = Vec::new();
    for line in expected.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        lines += 1;
        let wanted = (cells[1].to_owned(), cells[2].to_owned());
        if found.get(cells[0]) != Some(&wanted) {
            let told = account.lines.iter().find(|one| one.entry.label.to_string() == cells[0]);
            wrong.push(format!(
                "{line}: {:?}",
                told.map(|one| (one.entry.described(), one.standing, &one.found))
            ));
        }
    }
    assert_eq!(lines, found.len());
    assert!(wrong.is_empty(), "{} of {lines}:\n{}", wrong.len(), wrong.join("\n"));
}
