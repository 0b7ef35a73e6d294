//! The county's year half a century on: what is due is listed, approved, supervised and destroyed; the storeroom is
//! kept; the year is told in numbers. Typed as a person would, by different people.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::desk::{Desk, FONDS, Ran, differing, tree};

const DAY: &str = "2060-03-01";

/// Runs a command on that day, as somebody.
fn as_one(desk: &Desk, who: &str, words: &[&str]) -> Ran {
    desk.run(words.iter().copied().chain(["-R", "repository", "--today", DAY, "--operator", who]))
}

fn json(desk: &Desk, who: &str, words: &[&str], status: i32) -> Value {
    let words =
        words.iter().copied().chain(["-R", "repository", "--today", DAY, "--operator", who, "--json"]);
    desk.run(words).expect_status(status).document()
}

/// The codes of volumes that are due and have scans, from the due list.
fn due(desk: &Desk) -> Vec<String> {
    let document = json(desk, "陈文书", &["disposal", "due"], 0);
    let records = document["records"].as_array().unwrap();
    records
        .iter()
        .map(|one| one["code"].as_str().unwrap().to_owned())
        .filter(|code| code.starts_with(FONDS))
        .collect()
}

/// A list of these volumes, and its digest.
fn listed(desk: &Desk, codes: &[&str]) -> (String, String) {
    let made = json(desk, "陈文书", &["disposal", "list", "new", "--title", "2004 年到期案卷"], 0);
    let number = made["number"].as_str().unwrap().to_owned();
    let mut words = vec!["disposal", "list", "add", &number];
    words.extend(codes);
    words.extend(["--reason", "到期，无续存价值"]);
    let added = json(desk, "陈文书", &words, 0);
    (number, added["digest"].as_str().unwrap().to_owned())
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    tree(folder).into_iter().filter(|(_, bytes)| bytes.is_some()).map(|(path, _)| folder.join(path)).collect()
}

/// Where some bytes stand below a folder; the database's log is looked at, too.
fn holding(folder: &Path, needle: &[u8]) -> Vec<PathBuf> {
    let mut all = files_below(folder);
    all.extend(
        ["catalogue.db-wal", "catalogue.db-shm"]
            .map(|name| folder.join(name))
            .into_iter()
            .filter(|path| path.exists()),
    );
    all.retain(|path| {
        let bytes = fs::read(path).unwrap();
        bytes.windows(needle.len()).any(|window| window == needle)
    });
    all
}

#[test]
fn what_a_list_destroys_is_found_by_no_tool_and_by_no_search() {
    let desk = Desk::with_the_year();
    let codes = due(&desk);
    assert!(codes.len() > 3, "volumes of 2004 are due in 2060: {codes:?}");
    let names: Vec<&str> = codes.iter().map(String::as_str).collect();
    let (number, digest) = listed(&desk, &names);
    let repository = desk.path("repository");
    let before = files_below(&repository.join("objects"));

    // Nothing goes without leave.
    let unchanged = desk.tree();
    let refused = json(&desk, "陈文书", &["disposal", "destroy", &number], 2);
    assert_eq!(
        (refused["error"]["kind"].as_str(), refused["error"]["rule"].as_str()),
        (Some("refused"), Some("D1"))
    );
    let own =
        as_one(&desk, "陈文书", &["disposal", "approve", &number, "--digest", &digest]).expect_status(2);
    assert!(own.stderr.contains("D1"), "{}", own.stderr);
    as_one(&desk, "王主任", &["disposal", "approve", &number, "--digest", "00000000"]).expect_status(2);
    assert_eq!(differing(&unchanged, &desk.tree()), Vec::<PathBuf>::new());
    as_one(&desk, "王主任", &["disposal", "approve", &number, "--digest", &digest[..16]]).expect_status(0);
    let one = [
        "disposal",
        "supervise",
        &number,
        "--supervisor",
        "李明",
        "--place",
        "县造纸厂",
        "--time",
        "2060-03-01 14:00",
    ];
    as_one(&desk, "陈文书", &one).expect_status(2);
    let two = [&one[..], &["--supervisor", "赵青"]].concat();
    as_one(&desk, "陈文书", &two).expect_status(0);
    let dry = desk.tree();
    as_one(&desk, "陈文书", &["disposal", "destroy", &number, "--dry-run"]).expect_status(0);
    assert_eq!(differing(&dry, &desk.tree()), Vec::<PathBuf>::new());

    let done = json(&desk, "陈文书", &["disposal", "destroy", &number], 0);
    assert!(done["files"].as_u64().unwrap() > 0, "{done:#}");
    // Every file that is gone from the objects: a window of its bytes is nowhere in the repository.
    let after = files_below(&repository.join("objects"));
    let gone: Vec<&PathBuf> = before.iter().filter(|path| !after.contains(path)).collect();
    assert!(gone.len() as u64 >= done["files"].as_u64().unwrap(), "{} files", gone.len());
    let destroyed = json(&desk, "陈文书", &["disposal", "destroyed"], 0);
    assert_eq!(destroyed["volumes"].as_array().unwrap().len(), codes.len());
    let untouched = Desk::with_the_year();
    let mut looked = 0;
    for path in gone {
        let name = path.strip_prefix(&repository).unwrap();
        if name.extension().is_some_and(|kind| kind == "json") || name.to_string_lossy().contains("inventory")
        {
            continue;
        }
        let bytes = fs::read(untouched.path("repository").join(name)).unwrap();
        let Some(window) = bytes.get(bytes.len() / 2..bytes.len() / 2 + 48) else { continue };
        // A window that other files have as well proves nothing.
        if looked < 6 && holding(&untouched.path("repository/objects"), window).len() == 1 {
            assert_eq!(holding(&repository, window), Vec::<PathBuf>::new(), "{}", name.display());
            looked += 1;
        }
    }
    assert!(looked > 0, "no file was unique enough to look for");
    // Not by its title either, nor after the index is made anew.
    let title = destroyed["volumes"][0]["title"].as_str().unwrap().to_owned();
    let hits = |desk: &Desk| {
        let found = desk.run(["search", title.as_str(), "-R", "repository", "--json"]);
        let codes = found.document()["hits"].as_array().unwrap().clone();
        codes
            .iter()
            .filter(|hit| names.iter().any(|code| hit["code"].as_str().unwrap().starts_with(code)))
            .count()
    };
    assert_eq!(hits(&desk), 0);
    as_one(&desk, "陈文书", &["index"]);
    assert_eq!(hits(&desk), 0);
    // The evidence holds, and nothing is missed.
    as_one(&desk, "陈文书", &["audit", "verify"]).expect_status(0);
    as_one(&desk, "陈文书", &["fixity"]).expect_status(0);
    let due_again = json(&desk, "陈文书", &["disposal", "due"], 0);
    assert!(
        due_again["records"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| !names.contains(&one["code"].as_str().unwrap()))
    );
}

#[test]
fn a_lent_volume_and_one_on_hold_are_not_listed_and_the_refusal_names_the_clause() {
    let desk = Desk::with_the_year();
    let codes = due(&desk);
    as_one(&desk, "王主任", &["disposal", "hold", "add", &codes[0], "--reason", "诉讼未结"]).expect_status(0);
    let made = json(&desk, "陈文书", &["disposal", "list", "new"], 0);
    let number = made["number"].as_str().unwrap();
    let refused =
        json(&desk, "陈文书", &["disposal", "list", "add", number, &codes[0], "--reason", "到期"], 2);
    assert_eq!(refused["error"]["rule"], "D1");
    // Codes from a list; a wrong one is named, and nothing is put down.
    fs::write(desk.path("清单.csv"), format!("档号,销毁理由\n{},重份\nJ019-1999-001,重份\n", codes[1]))
        .unwrap();
    let wrong =
        as_one(&desk, "陈文书", &["disposal", "list", "add", number, "--from", "清单.csv"]).expect_status(2);
    assert!(wrong.stderr.contains("J019-1999-001"), "{}", wrong.stderr);
    fs::write(desk.path("清单.csv"), format!("档号,销毁理由\n{},重份\n", codes[1])).unwrap();
    let added = json(&desk, "陈文书", &["disposal", "list", "add", number, "--from", "清单.csv"], 0);
    assert_eq!(added["lines"][0]["reason"], "重份");
    as_one(&desk, "陈文书", &["disposal", "extend", &codes[2], "--years", "60", "--reason", "仍有查考价值"])
        .expect_status(0);
    as_one(&desk, "陈文书", &["disposal", "permanent", &codes[3], "--reason", "反映机构沿革"])
        .expect_status(0);
    let again = due(&desk);
    assert!(!again.contains(&codes[2]) && !again.contains(&codes[3]));
    as_one(&desk, "陈文书", &["disposal", "list", "print", number, "--out", "forms", "--own-font"])
        .expect_status(0);
    assert!(desk.path(&format!("forms/销毁清册 {number}.pdf")).exists());
    assert!(desk.path(&format!("forms/销毁清册 {number}.xlsx")).exists());
}

#[test]
fn the_storeroom_knows_where_each_volume_stands_and_what_air_it_breathes() {
    let desk = Desk::with_the_year();
    let codes = due(&desk);
    for words in [
        &["storeroom", "room", "add", "1", "--name", "一号库", "--since", "2035-01-01"][..],
        &["storeroom", "shelf", "add", "1/A01", "1/A02", "--levels", "6", "--note", "J019 文书档案"],
        &["storeroom", "box", "add", "B001", "--at", "1/A01/2"],
        &["storeroom", "place", &codes[0], &codes[1], "--in", "B001"],
        &["storeroom", "place", &codes[2], "--at", "1/A02/1"],
        &["storeroom", "move", "--box", "B001", "--to", "1/A02/3", "--reason", "A01 架维修"],
    ] {
        as_one(&desk, "陈文书", words).expect_status(0);
    }
    as_one(&desk, "陈文书", &["storeroom", "place", &codes[3], "--at", "1/A01/9"]).expect_status(2);
    let found = json(&desk, "陈文书", &["storeroom", "where", &codes[0]], 0);
    assert_eq!(found["volumes"][0]["place"], "1/A02/3/B001");

    // A logger's file as makers write them, in GB18030; the year has a gap and a hot day.
    let mut table = "温湿度记录仪,,,\n序号,记录时间,温度(℃),相对湿度(%RH)\n".to_owned();
    for day in 1..=31 {
        if day != 13 {
            let heat = if day == 12 { "26.5" } else { "20.1" };
            writeln!(table, "{day},2035-07-{day:02} 09:00:00,{heat},52.0").unwrap();
        }
    }
    let (bytes, _, _) = encoding_rs::GB18030.encode(&table);
    fs::write(desk.path("logger.csv"), &bytes).unwrap();
    let import = ["storeroom", "reading", "import", "logger.csv", "--room", "1"];
    let entered = json(&desk, "陈文书", &import, 0);
    assert_eq!(entered["rooms"]["1"]["added"], 30);
    let again = json(&desk, "陈文书", &import, 0);
    assert_eq!(again["rooms"]["1"]["known"], 30);
    let air =
        json(&desk, "陈文书", &["storeroom", "chart", "--year", "2035", "--out", "charts", "--own-font"], 0);
    assert_eq!(
        (air["rooms"][0]["days_read"].as_u64(), air["rooms"][0]["days_missing"].as_i64()),
        (Some(30), Some(335))
    );
    assert!(fs::read_to_string(desk.path("charts/1 库 2035 年温湿度.svg")).unwrap().contains("<svg"));
    assert!(desk.path("charts/1 库 2035 年温湿度.pdf").exists());
    let findings = json(&desk, "陈文书", &["check"], 1);
    let h1 = findings["findings"].as_array().unwrap().iter().filter(|one| one["rule"] == "H1").count();
    assert!(h1 >= 2, "missing days and a hot one");

    // A count: one is missing, one nobody knows.
    fs::write(desk.path("scanned.txt"), format!("{}\n{}\nJ019-9999-001\n", codes[0], codes[2])).unwrap();
    let count = json(&desk, "陈文书", &["storeroom", "stocktake", "count", "scanned.txt"], 1);
    let number = count["number"].as_str().unwrap();
    assert_eq!(count["comparison"]["differences"].as_array().unwrap().len(), 2);
    as_one(&desk, "陈文书", &["storeroom", "stocktake", "close", number]).expect_status(2);
    let settle =
        ["storeroom", "stocktake", "settle", number, &codes[1], "J019-9999-001", "--note", "查明并更正"];
    as_one(&desk, "陈文书", &settle).expect_status(0);
    as_one(&desk, "陈文书", &["storeroom", "stocktake", "close", number]).expect_status(0);
    for words in [
        &["storeroom", "guide", "--out", "forms", "--own-font"][..],
        &["storeroom", "plan", "--out", "forms", "--own-font"],
        &["storeroom", "stocktake", "print", number, "--out", "forms", "--own-font"],
        &["storeroom", "calendar", "--year", "2035"],
        &["fonds", "card", "--out", "forms", "--own-font"],
        &["fonds", "list"],
    ] {
        as_one(&desk, "陈文书", words).expect_status(0);
    }
}

#[test]
fn each_figure_of_the_year_is_the_sum_of_the_records_it_shows() {
    let desk = Desk::with_the_year();
    as_one(
        &desk,
        "陈文书",
        &["fonds", "history", "add", "--since", "1949年10月", "--name", "临溪县人民政府办公室"],
    )
    .expect_status(0);
    as_one(&desk, "陈文书", &["fonds", "file", "add", "--class", "考证", "--title", "机构沿革考"])
        .expect_status(0);
    let report =
        json(&desk, "陈文书", &["report", "year", "--year", "2004", "--out", "forms", "--own-font"], 0);
    let figures = report["figures"].as_array().unwrap();
    assert!(
        figures.iter().any(|one| one["key"] == "holdings.volumes" && one["value"].as_u64().unwrap() > 20)
    );
    for figure in figures {
        let key = figure["key"].as_str().unwrap();
        let shown = json(&desk, "陈文书", &["report", "year", "--year", "2004", "--show", key], 0);
        let evidence = shown["figures"][0]["evidence"].as_array().unwrap();
        let sum: u64 = evidence.iter().map(|one| one["amount"].as_u64().unwrap()).sum();
        assert_eq!(Some(sum), figure["value"].as_u64(), "{key}");
    }
    assert!(
        desk.path("forms/2004 年度统计年报.xlsx").exists()
            && desk.path("forms/2004 年度统计年报.pdf").exists()
    );
    let file = json(&desk, "陈文书", &["fonds", "file", "list"], 0);
    assert_eq!(file["materials"][0]["number"], "3-001");
    as_one(&desk, "陈文书", &["report", "year", "--year", "2004", "--show", "没有的"]).expect_status(2);
}
