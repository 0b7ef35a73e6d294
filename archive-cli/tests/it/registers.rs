//! The office's registers as a records office works with them: a year's two books against the county's archive.
//!
//! What each line should come to was decided by hand with the fixture (`books/expected.csv`), before any program
//! matched it.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::desk::{Desk, county, differing, tree};

/// What no file, message or page may hold: a word of the classified lines' titles.
const SECRET: &str = "星河";

/// The county's items and its two books.
fn desk() -> Desk {
    let desk = Desk::with_repository();
    fs::copy(county("register.csv"), desk.path("register.csv")).unwrap();
    desk.at_repository(&["import", "register.csv", "--accept-valid"]).expect_status(1);
    for (book, kind) in [("incoming.csv", "in"), ("outgoing.xlsx", "out")] {
        let book = county("books").join(book);
        desk.at_repository(&["registers", "import", book.to_str().unwrap(), "--kind", kind]);
    }
    desk
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

/// The lines as `list` tells them: label to standing and row.
fn standings(desk: &Desk) -> BTreeMap<String, (String, String)> {
    let document = desk.json(&["registers", "list"], 0);
    let entries = document["entries"].as_array().unwrap();
    entries
        .iter()
        .map(|entry| {
            let row = text(&entry["match"], "row").to_owned();
            (text(entry, "entry").to_owned(), (text(entry, "standing").to_owned(), row))
        })
        .collect()
}

fn expected() -> BTreeMap<String, (String, String)> {
    let table = fs::read_to_string(county("books").join("expected.csv")).unwrap();
    table
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            // A line that repeats another has no item of its own.
            (cells[0].to_owned(), (cells[1].to_owned(), cells[2].to_owned()))
        })
        .collect()
}

#[test]
fn every_line_stands_as_a_person_decided_beforehand() {
    let (found, wanted) = (standings(&desk()), expected());
    let wrong: Vec<String> = wanted
        .iter()
        .filter(|(label, stands)| found.get(*label) != Some(stands))
        .map(|(label, stands)| format!("{label}: wanted {stands:?}, found {:?}", found.get(label)))
        .collect();
    assert_eq!(found.len(), wanted.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), wanted.len(), wrong.join("\n"));
}

#[test]
fn nothing_of_a_classified_title_is_kept_or_told() {
    let desk = desk();
    let mut said = Vec::new();
    for words in [
        &["registers", "list"][..],
        &["registers", "match", "--all"],
        &["registers", "missing"],
        &["registers", "returns"],
        &["registers", "rate"],
        &["check"],
        &["audit", "log"],
        &["registers", "settle", "收2004-89", "--as", "returned", "--reason", "星河工程退市委"],
        &["registers", "report", "--out", "printed", "--format", "csv,html,pdf,xlsx", "--own-font"],
    ] {
        for json in [&[][..], &["--json"]] {
            let ran = desk.at_repository(&[words, json].concat());
            said.extend([ran.stdout, ran.stderr]);
        }
    }
    assert!(!said.iter().any(|text| text.contains(SECRET)));
    let gb18030 = [0xd0, 0xc7, 0xba, 0xd3];
    for (path, bytes) in desk.tree() {
        let Some(bytes) = bytes else { continue };
        let holds = |word: &[u8]| bytes.windows(word.len()).any(|part| part == word);
        assert!(!holds(SECRET.as_bytes()) && !holds(&gb18030), "{}", path.display());
    }
}

#[test]
fn the_rate_is_that_of_the_decided_lines() {
    let desk = desk();
    let wanted = expected();
    let count = |standing: &str| wanted.values().filter(|(stands, _)| stands == standing).count();
    let document = desk.json(&["registers", "rate", "--year", "2004"], 0);
    let total = &document["total"];
    for (field, standing) in [
        ("archived", "archived"),
        ("likely", "likely"),
        ("missing", "missing"),
        ("excused", "excused"),
        ("to_return", "to-return"),
        ("repeated", "repeated"),
        ("apart", "apart"),
    ] {
        assert_eq!(total[field], count(standing), "{field}");
    }
    let due = count("archived") + count("likely") + count("missing");
    assert_eq!(total["due"], due);
    let sections = document["sections"].as_array().unwrap();
    let sum: u64 = sections.iter().map(|section| section["archived"].as_u64().unwrap()).sum();
    assert_eq!(sum, u64::try_from(count("archived")).unwrap());
    assert!(sections.iter().any(|one| one["section"] == "秘书股" && one["kind"] == "out"));
    assert_eq!(desk.json(&["registers", "rate", "--year", "1999"], 0)["total"]["rate"], Value::Null);
}

#[test]
fn a_check_tells_what_is_missing_what_should_have_gone_back_and_which_issue_never_came() {
    let desk = desk();
    desk.at_repository(&["registers", "clearing", "--year", "2004", "--on", "2005-03-15"]).expect_status(0);
    let document = desk.json(&["check", "--year", "2004"], 1);
    let of = |rule: &str| -> Vec<&Value> {
        document["findings"].as_array().unwrap().iter().filter(|one| one["rule"] == rule).collect()
    };
    let missing: Vec<&str> = of("A4")
        .into_iter()
        .filter(|one| one["severity"] == "warning")
        .map(|one| text(&one["where"], "item"))
        .collect();
    let mut wanted: Vec<String> = expected()
        .into_iter()
        .filter(|(_, (standing, _))| standing == "missing")
        .map(|(label, _)| label)
        .collect();
    wanted.sort();
    let mut found = missing.clone();
    found.sort_unstable();
    assert_eq!(found, wanted);
    // Two are still out a month and three days after the clearing, one went back on its third day too late.
    assert_eq!(of("A7").len(), 3, "{:#?}", of("A7"));
    let gaps: Vec<&str> = of("A3").iter().map(|one| text(one, "message")).collect();
    assert!(
        gaps.iter().any(|message| message.contains("江州政务信息") && message.contains("第 4 期")),
        "{gaps:?}"
    );
    // Number 11 was cancelled in the book, and issue 17 is registered: A4 asks for it.
    assert!(!gaps.iter().any(|message| message.contains("临政办") || message.contains("17")), "{gaps:?}");
    // Other findings name no year; those on lines of a book do.
    let elsewhere = desk.json(&["check", "--year", "1999"], 1);
    let of_lines = |one: &&Value| text(&one["where"], "item").starts_with(['收', '发']);
    assert_eq!(elsewhere["findings"].as_array().unwrap().iter().filter(of_lines).count(), 0);
}

#[test]
fn a_person_s_word_is_asked_for_kept_and_can_be_taken_back() {
    let desk = desk();
    let listed = desk.at_repository(&["registers", "match"]).expect_status(0).stdout;
    assert!(listed.contains("archive registers confirm 收2004-9 94"), "{listed}");
    desk.at_repository(&["registers", "confirm", "收2004-9", "94"]).expect_status(0);
    assert_eq!(standings(&desk)["收2004-9"], ("archived".to_owned(), "94".to_owned()));
    // Another line can't be the same paper.
    let second = desk.at_repository(&["registers", "confirm", "in-2004-1", "94"]).expect_status(2);
    assert!(second.stderr.contains("收2004-9"), "{}", second.stderr);
    desk.at_repository(&["registers", "refuse", "收2004-9"]).expect_status(0);
    assert_eq!(standings(&desk)["收2004-9"].0, "missing");
    desk.at_repository(&["registers", "settle", "收2004-9", "--reason", "销毁（重复件）"]).expect_status(0);
    let document = desk.json(&["registers", "list", "--standing", "excused"], 0);
    let settled =
        document["entries"].as_array().unwrap().iter().find(|one| one["entry"] == "收2004-9").unwrap();
    assert_eq!(settled["disposition"]["kind"], "destroyed");
    desk.at_repository(&["registers", "settle", "收2004-9", "--returned", "2005-04-02"]).expect_status(0);
    let log = desk.at_repository(&["audit", "log"]).expect_status(0).stdout;
    for act in ["导入收发文登记簿", "核对收发文", "登记去向"] {
        assert!(log.contains(act), "{log}");
    }
    desk.at_repository(&["audit", "verify"]).expect_status(0);
}

#[test]
fn a_dry_run_and_a_refusal_change_nothing() {
    let desk = desk();
    fs::write(desk.path("bad.csv"), "收文号,收文日期,来文字号,标题,密级\n1,2004年13月,甲〔2004〕1号,甲,\n2,2004-01-02,乙〔2004〕2号,乙,很密\n2,2004-01-03,,,\n").unwrap();
    fs::write(desk.path("good.csv"), "收文号,收文日期,来文字号,标题\n901,2004-01-02,甲〔2004〕1号,甲\n")
        .unwrap();
    fs::write(desk.path("other.csv"), "甲,乙\n1,2\n").unwrap();
    fs::write(desk.path("empty.csv"), "").unwrap();
    let before = tree(&desk.path("repository"));
    for (words, status) in [
        (&["import", "good.csv", "--kind", "in", "--dry-run"][..], 0),
        (&["import", "bad.csv", "--kind", "in"], 1),
        (&["import", "other.csv", "--kind", "in"], 3),
        (&["import", "empty.csv", "--kind", "in"], 3),
        (&["import", "nowhere.csv", "--kind", "in"], 3),
        (&["import", "good.csv"], 2),
        (&["confirm", "收2004-9", "94", "--dry-run"], 0),
        (&["confirm", "收2004-9", "9999"], 2),
        (&["confirm", "收2004-999", "94"], 2),
        (&["confirm", "乱写", "94"], 2),
        (&["refuse", "收2004-9", "--dry-run"], 0),
        (&["settle", "收2004-9", "--as", "destroyed", "--dry-run"], 0),
        (&["settle", "收2004-9"], 2),
        (&["settle", "收2004-9", "--reason", "不知道"], 2),
        (&["settle", "收2004-9", "--returned", "2099-01-01"], 2),
        (&["clearing", "--year", "2004", "--on", "2005-03-15", "--dry-run"], 0),
    ] {
        let words = [&["registers"], words].concat();
        desk.at_repository(&words).expect_status(status);
        let after = tree(&desk.path("repository"));
        assert!(differing(&before, &after).is_empty(), "{words:?}: {:?}", differing(&before, &after));
    }
}

#[test]
fn refused_lines_come_back_beside_the_book_and_a_grown_book_adds_its_new_lines() {
    let desk = Desk::with_repository();
    let write = |text: &str| fs::write(desk.path("收文.csv"), text).unwrap();
    write(
        "收文号,收文日期,来文字号,标题,处理结果\n1,2004-01-02,甲〔2004〕1号,甲,归档\n2,2004年13月,乙〔2004〕2号,乙,\n",
    );
    let import = ["registers", "import", "收文.csv", "--kind", "in"];
    let refused = desk.at_repository(&import).expect_status(1);
    assert!(refused.stdout.contains("第 3 行"), "{}", refused.stdout);
    let document = desk.json(&[&import[..], &["--accept-valid"]].concat(), 1);
    assert_eq!((&document["entries_added"], &document["entries_refused"]), (&1.into(), &1.into()));
    assert!(desk.path("收文.退回.xlsx").exists());
    write(
        "收文号,收文日期,来文字号,标题,处理结果\n1,2004-01-02,甲〔2004〕1号,甲（改）,归档\n2,2004-12-01,乙〔2004〕2号,乙,\n",
    );
    let document = desk.json(&import, 0);
    assert_eq!(
        (&document["entries_added"], &document["entries_differing"][0]),
        (&1.into(), &"收2004-1".into())
    );
    let document = desk.json(&[&import[..], &["--update"]].concat(), 0);
    assert_eq!((&document["entries_updated"], &document["entries_unchanged"]), (&1.into(), &1.into()));
}

#[test]
fn without_a_book_the_reader_is_told_what_to_do() {
    let desk = Desk::with_repository();
    for command in ["list", "match", "missing", "rate", "gaps", "returns", "report"] {
        let ran = desk.at_repository(&["registers", command]).expect_status(2);
        assert!(ran.stderr.contains("registers import"), "{command}: {}", ran.stderr);
    }
}

#[test]
fn what_is_shown_fits_a_terminal_of_eighty_columns() {
    use unicode_width::UnicodeWidthStr as _;
    let desk = desk();
    for lang in ["zh", "en"] {
        for command in ["list", "missing", "rate", "gaps", "returns"] {
            let ran = desk.at_repository(&["registers", command, "--lang", lang]).expect_status(0);
            for line in ran.stdout.lines() {
                assert!(line.width() <= 80, "{command}: {} columns: {line}", line.width());
            }
        }
    }
}

#[test]
fn the_report_holds_every_list() {
    let desk = desk();
    desk.at_repository(&[
        "registers",
        "report",
        "--out",
        "printed",
        "--format",
        "csv,html,pdf,xlsx",
        "--own-font",
    ])
    .expect_status(0);
    let csv = fs::read_to_string(desk.path("printed/2004年收发文归档情况.csv")).unwrap();
    for holds in ["归档率", "江政办〔2004〕77号", "收2004-9", "销毁（重复件）", "（机密件）", "江州政务信息"]
    {
        assert!(csv.contains(holds), "{holds} is not in\n{csv}");
    }
    for format in ["html", "pdf", "xlsx"] {
        assert!(desk.path("printed").join(format!("2004年收发文归档情况.{format}")).exists());
    }
}
