//! Findings as they are shown: with the cell, in every form, on every kind of input, and not only once.

use std::fs;

use serde_json::Value;

use crate::desk::{Desk, county};

const REGISTER: &str = "序号,文号,责任者,文件题名,成文日期,页数,密级,关联序号,关联关系,保管期限\n\
    1,临政〔2004〕1号,临溪县人民政府,关于防汛工作的通知,2004年13月,3,,,,永久\n\
    2,临政〔2004〕2号,临溪县人民政府,=cmd|' /C calc'!A0,2004-05-08,2,,1;999,附件,永久\n\
    3,,,,2004-05-09,2,,,,\n";

/// A desk with a register of faults beside a repository.
fn with_faults() -> Desk {
    let desk = Desk::with_repository();
    fs::write(desk.path("register.csv"), REGISTER).unwrap();
    desk
}

#[test]
fn a_finding_shows_its_cell_with_the_wrong_part_marked() {
    let desk = with_faults();
    let said = desk.at_repository(&["check", "register.csv"]).expect_status(1).stdout;
    let block: Vec<&str> = said.lines().skip_while(|line| !line.contains("E2（成文日期）")).take(4).collect();
    assert_eq!(
        block,
        [
            "  错误 I2  E2（成文日期） › 序号 1",
            "    日期「2004年13月」读不出",
            "      2004年13月",
            "            ^^",
        ],
        "{said}"
    );
    assert!(said.contains("      1;999\n        ^^^\n"), "{said}");
    assert!(said.lines().all(|line| unicode_width::UnicodeWidthStr::width(line) <= 80), "{said}");
    let en = desk.at_repository(&["check", "register.csv", "--lang", "en"]).expect_status(1).stdout;
    assert!(en.contains("E2 (成文日期) › register no. 1"), "{en}");
}

#[test]
fn a_saved_report_is_rendered_again_in_every_form() {
    let desk = with_faults();
    let saved = desk.at_repository(&["check", "register.csv", "--format", "json"]).expect_status(1);
    fs::write(desk.path("saved.json"), &saved.stdout).unwrap();
    let count = saved.document()["findings"].as_array().unwrap().len();
    for form in ["human", "short", "csv", "json"] {
        let fresh = desk.at_repository(&["check", "register.csv", "--format", form]).expect_status(1);
        let again = desk.run(["check", "--from", "saved.json", "--format", form]).expect_status(1);
        assert_eq!(fresh.stdout, again.stdout, "{form}");
    }
    let short = desk.run(["check", "--from", "saved.json", "--format", "short"]).expect_status(1).stdout;
    assert_eq!(short.lines().count(), count);
    for (form, file) in [("xlsx", "findings.xlsx"), ("csv", "findings.csv"), ("human", "findings.txt")] {
        let out =
            desk.run(["check", "--from", "saved.json", "--format", form, "--out", file]).expect_status(1);
        assert!(out.stdout.is_empty() && out.stderr.contains(file), "{}", out.stderr);
    }
    assert!(fs::read(desk.path("findings.xlsx")).unwrap().starts_with(b"PK"));
    assert!(!fs::read_to_string(desk.path("findings.txt")).unwrap().contains('\u{1b}'));

    // A spreadsheet knows the csv for UTF-8, and runs nothing of it.
    let csv = fs::read(desk.path("findings.csv")).unwrap();
    let csv = csv.strip_prefix(b"\xEF\xBB\xBF").unwrap();
    let mut reader = csv::Reader::from_reader(csv);
    assert_eq!(reader.headers().unwrap().get(1), Some("级别"));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), count);
    let cells = || rows.iter().flat_map(|row| row.iter().skip(1));
    assert!(cells().all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{rows:?}");

    fs::write(desk.path("other.json"), "{\"schema_version\": 2, \"findings\": []}").unwrap();
    desk.run(["check", "--from", "other.json"]).expect_status(3);
    fs::write(desk.path("other.json"), "[1, 2]").unwrap();
    desk.run(["check", "--from", "other.json"]).expect_status(3);
    desk.run(["check", "--from", "saved.json", "register.csv"]).expect_status(2);
}

/// What was wrong at import is known afterwards: the register may be gone.
#[test]
fn what_was_wrong_at_import_doesn_t_vanish() {
    let desk = Desk::with_the_year();
    let checked = desk.json(&["check"], 1);
    let of = |rule: &str| -> Vec<&Value> {
        checked["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == rule).collect()
    };
    assert!(of("I3").iter().any(|finding| finding["where"]["item"] == "301"), "{:?}", of("I3"));
    assert!(of("I4").iter().any(|finding| finding["where"]["item"] == "247"), "{:?}", of("I4"));
}

/// One engine: the register, the plan, the repository and the package are judged by the same rules.
#[test]
fn a_plan_and_a_package_are_judged_too() {
    let desk = Desk::with_the_year();
    let year = desk.json(&["check"], 1);
    let rules = |document: &Value| -> Vec<String> {
        let of = |finding: &Value| finding["rule"].as_str().unwrap().to_owned();
        document["findings"].as_array().unwrap().iter().map(of).collect()
    };
    desk.at_repository(&["arrange", "--plan", "plan.xlsx"]).expect_status(1);
    let plan = desk.json(&["check", "plan.xlsx"], 1);
    for rule in ["L1", "P3", "A6"] {
        let count = |document: &Value| rules(document).iter().filter(|one| *one == rule).count();
        assert_eq!(count(&plan), count(&year), "{rule}");
    }
    let package = desk.json(&["check", "packages/J019-2004"], 0);
    assert!(rules(&package).iter().any(|rule| rule == "A6"), "{package}");
    assert!(
        !rules(&package).iter().any(|rule| ["N1", "R1", "C1", "K1"].contains(&rule.as_str())),
        "{package}"
    );
    // Outside any repository a plan can't be judged, and says so.
    let alone = Desk::new();
    fs::copy(desk.path("plan.xlsx"), alone.path("plan.xlsx")).unwrap();
    alone.run(["check", "plan.xlsx"]).expect_status(3);
    fs::copy(county("register.xlsx"), alone.path("register.xlsx")).unwrap();
    alone.run(["check", "register.xlsx"]).expect_status(1);
}

#[test]
fn what_a_profile_changed_is_told_in_every_form() {
    let desk = with_faults();
    let own = "name = \"ours\"\ntitle = \"本县\"\nsource = \"本县办法\"\nbased-on = \"futian-2006\"\n[severities]\nL1 = \"info\"\n";
    fs::write(desk.path("ours.toml"), own).unwrap();
    let words = ["check", "register.csv", "--profile", "ours.toml"];
    let told =
        |form: &str| desk.at_repository(&[&words[..], &["--format", form]].concat()).expect_status(1).stdout;
    assert!(told("human").contains("（规则集由错误改为提示）"), "{}", told("human"));
    assert!(told("csv").contains("提示（规则集由错误改为提示）"));
    assert!(told("short").contains("提示(<错误) L1"));
    let json: Value = serde_json::from_str(&told("json")).unwrap();
    let changed = |finding: &&Value| finding["rule"] == "L1" && finding["changed_from"] == "error";
    assert!(json["findings"].as_array().unwrap().iter().any(|finding| changed(&finding)), "{json}");
}

#[test]
fn of_one_year_only_what_speaks_of_that_year_is_told() {
    let desk = Desk::with_repository();
    let two = "序号,责任者,题名,日期,页数\n1,临溪县人民政府,关于防汛工作的通知,2003-05-01,2\n\
        2,临溪县人民政府,关于抗旱工作的通知,2004-05-01,2\n";
    fs::write(desk.path("two.csv"), two).unwrap();
    desk.at_repository(&["import", "two.csv"]).expect_status(0);
    let deadlines = |words: &[&str]| -> Vec<Value> {
        let told = desk.json(&[&["check", "--today", "2005-06-01"], words].concat(), 1);
        let all = told["findings"].as_array().unwrap().iter();
        all.filter(|finding| finding["rule"] == "A5")
            .map(|finding| finding["where"]["year"].clone())
            .collect()
    };
    assert_eq!(deadlines(&[]), [2003, 2004]);
    assert_eq!(deadlines(&["--year", "2003"]), [2003]);
}

#[test]
fn a_profile_that_can_t_be_is_refused_with_its_place() {
    let desk = Desk::new();
    let own = "name = \"ours\"\nbased-on = \"futian-2006\"\n\n[deadlines]\nfiling = \"02-30\"  # 二月底\n";
    fs::write(desk.path("ours.toml"), own).unwrap();
    let ran = desk.run(["profile", "check", "ours.toml"]).expect_status(1);
    assert!(ran.stdout.contains("ours.toml:5:10  deadlines.filing"), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("    filing = \"02-30\"  # 二月底\n             ^^^^^^^\n"),
        "{}",
        ran.stdout
    );
    let fault = desk.run(["profile", "check", "ours.toml", "--json"]).expect_status(1).document();
    assert_eq!((&fault["faults"][0]["line"], &fault["faults"][0]["column"]), (&5.into(), &10.into()));

    fs::write(desk.path("ours.toml"), own.replace("02-30", "05-31")).unwrap();
    let good = desk.run(["profile", "check", "ours.toml", "--json"]).expect_status(0).document();
    assert_eq!(good["differences"][0]["key"], "deadlines.filing", "{good}");
    let listed = desk.run(["profile", "list", "--json"]).expect_status(0).document();
    assert_eq!(listed["profiles"].as_array().unwrap().len(), 4);
    let differ =
        desk.run(["profile", "diff", "futian-2006", "zaduo-2017", "--json"]).expect_status(0).document();
    let keys: Vec<&str> =
        differ["differences"].as_array().unwrap().iter().map(|one| one["key"].as_str().unwrap()).collect();
    assert!(keys.contains(&"deadlines.filing") && keys.contains(&"retention.scheme"), "{keys:?}");

    // What is shown can be saved, changed and used.
    let shown = desk.run(["profile", "show", "jianyang-2005"]).expect_status(0).stdout;
    fs::write(desk.path("whole.toml"), shown).unwrap();
    desk.run(["profile", "check", "whole.toml"]).expect_status(0);
    desk.run(["profile", "show", "nowhere"]).expect_status(2);
}
