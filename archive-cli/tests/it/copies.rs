//! A disk fails: the year is backed up, damaged, mended, restored and exported, as an office would do it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::desk::Desk;

/// The first stored scan of the repository, by path.
fn a_scan(desk: &Desk) -> PathBuf {
    let mut scans = Vec::new();
    find(&desk.path("repository/objects"), &mut scans);
    scans.sort();
    scans.into_iter().next().unwrap()
}

fn find(dir: &Path, scans: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            find(&path, scans);
        } else if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("0001.")) {
            scans.push(path);
        }
    }
}

fn keys(document: &Value) -> Vec<&str> {
    document.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_year_outlives_its_disk() {
    let desk = Desk::with_the_year();
    let backup = desk.json(&["backup", "备份", "--verify"], 0);
    assert_eq!(
        keys(&backup),
        [
            "schema_version",
            "backup",
            "objects_copied",
            "objects_kept",
            "objects_removed",
            "bytes_copied",
            "texts_copied",
            "texts_kept",
            "verified",
            "faults"
        ]
        .iter()
        .copied()
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect::<Vec<_>>()
    );
    assert_eq!(desk.json(&["backup", "备份"], 0)["objects_copied"], 0);

    let scan = a_scan(&desk);
    let mut bytes = fs::read(&scan).unwrap();
    bytes[100] ^= 1;
    fs::write(&scan, bytes).unwrap();
    let fixity = desk.at_repository(&["fixity"]).expect_status(1);
    assert!(fixity.stderr.contains("archive repair --from"), "{}", fixity.stderr);
    desk.at_repository(&["repair"]).expect_status(1);
    let mended = desk.json(&["repair", "--from", "备份"], 0);
    assert_eq!((mended["left"].as_array().unwrap().len(), keys(&mended).len()), (0, 6));
    desk.at_repository(&["fixity"]).expect_status(0);
    for part in ["1/3", "2/3", "3/3"] {
        desk.at_repository(&["fixity", "--part", part]).expect_status(0);
    }
    desk.at_repository(&["fixity", "--part", "4/3"]).expect_status(2);

    desk.at_repository(&["export", "--out", "导出"]).expect_status(0);
    fs::remove_dir_all(desk.path("repository")).unwrap();
    for (from, to) in [("备份", "从备份"), ("导出", "repository")] {
        desk.run(["restore", from, to]).expect_status(0);
        desk.run(["fixity", "-R", to]).expect_status(0);
        desk.run(["audit", "verify", "-R", to]).expect_status(0);
        // 1: the year has a page that bears a mark of secrecy (S2).
        desk.run(["index", "-R", to]).expect_status(1);
        let found = desk.run(["search", "防汛", "-R", to, "--json"]).expect_status(0).document();
        assert!(found["total"].as_u64().unwrap() > 0, "{to}");
    }
    desk.run(["restore", "备份", "repository"]).expect_status(2);
}

#[test]
fn a_head_noted_down_shows_that_the_whole_was_rolled_back() {
    let desk = Desk::with_the_year();
    desk.at_repository(&["backup", "旧"]).expect_status(0);
    fs::write(desk.path("late.csv"), "序号,题名,日期,页数\n1,关于防汛工作的通知,2004-05-16,3\n").unwrap();
    desk.at_repository(&["import", "late.csv"]);
    let verdict = desk.json(&["audit", "verify"], 0);
    let head = format!("{}:{}", verdict["entries"], verdict["head"].as_str().unwrap());
    desk.at_repository(&["audit", "verify", "--head", &head]).expect_status(0);
    fs::remove_dir_all(desk.path("repository")).unwrap();
    desk.run(["restore", "旧", "repository"]).expect_status(0);
    desk.at_repository(&["audit", "verify"]).expect_status(0);
    let rolled_back = desk.at_repository(&["audit", "verify", "--head", &head]).expect_status(1);
    assert!(
        rolled_back.stdout.contains("与存放在外的链首不符") || rolled_back.stdout.contains("退回旧状态"),
        "{}",
        rolled_back.stdout
    );
    desk.at_repository(&["audit", "verify", "--head", "12"]).expect_status(2);
}

#[test]
fn a_head_on_paper_is_signed_compared_and_not_to_be_touched_up() {
    let desk = Desk::with_the_year();
    desk.at_repository(&["audit", "head", "--out", "链头.txt", "--sign"]).expect_status(2);
    assert!(!desk.path("链头.txt").exists());
    desk.at_repository(&["transfer", "key", "new"]).expect_status(0);
    let told = desk.json(&["audit", "head", "--out", "链头.txt", "--sign"], 0);
    assert_eq!(told["signed_by"].as_str().unwrap().len(), 64);
    let paper = fs::read_to_string(desk.path("链头.txt")).unwrap();
    assert_eq!(desk.at_repository(&["audit", "head"]).expect_status(0).stdout, paper);
    assert!(paper.contains(told["head"].as_str().unwrap()));
    desk.at_repository(&["backup", "旧"]).expect_status(0);
    let verified = desk.at_repository(&["audit", "verify", "--head", "链头.txt"]).expect_status(0);
    assert!(verified.stderr.contains("签名有效"), "{}", verified.stderr);

    // An older state is put in the place of the repository.
    fs::write(desk.path("late.csv"), "序号,题名,日期,页数\n1,关于防汛工作的通知,2004-05-16,3\n").unwrap();
    desk.at_repository(&["import", "late.csv"]);
    desk.at_repository(&["audit", "head", "--out", "新链头.txt"]).expect_status(0);
    fs::remove_dir_all(desk.path("repository")).unwrap();
    desk.run(["restore", "旧", "repository"]).expect_status(0);
    desk.at_repository(&["audit", "verify", "--head", "链头.txt"]).expect_status(0);
    desk.at_repository(&["audit", "verify", "--head", "新链头.txt"]).expect_status(1);

    let entries = format!("条目：{}", told["entries"]);
    fs::write(desk.path("链头.txt"), paper.replace(&entries, "条目：1")).unwrap();
    let touched = desk.at_repository(&["audit", "verify", "--head", "链头.txt"]).expect_status(3);
    assert!(touched.stderr.contains("签名不符"), "{}", touched.stderr);
}

#[test]
fn what_was_read_of_the_files_and_saved_searches_outlive_the_disk_too() {
    let desk = Desk::with_the_year();
    desk.at_repository(&["search", "防汛", "--save", "防汛"]).expect_status(0);
    let texts = |folder: &str| crate::desk::tree(&desk.path(folder).join("text"));
    let before = texts("repository");
    assert!(before.len() > 10, "{}", before.len());
    let backup = desk.json(&["backup", "备份"], 0);
    assert_eq!(texts("备份"), before);
    let again = desk.json(&["backup", "备份", "--verify"], 0);
    assert_eq!((&again["texts_copied"], &again["texts_kept"]), (&0.into(), &backup["texts_copied"]));
    // A bit of one flips, another is lost: fixity names the first, repair brings both back.
    let mut files = before.iter().filter(|(_, bytes)| bytes.is_some()).map(|(path, _)| path);
    let (flipped, lost) = (files.next().unwrap(), files.next().unwrap());
    let path = desk.path("repository/text").join(flipped);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    fs::write(&path, &bytes).unwrap();
    fs::remove_file(desk.path("repository/text").join(lost)).unwrap();
    let found = desk.json(&["fixity"], 1);
    let faults = found["faults"].as_array().unwrap();
    assert_eq!(faults.len(), 1, "{found:#}");
    assert_eq!(faults[0]["path"], format!("text/{}", flipped.display()));
    let mended = desk.json(&["repair", "--from", "备份"], 0);
    assert_eq!(mended["texts_put_back"].as_array().unwrap().len(), 2);
    assert_eq!(texts("repository"), before);
    desk.json(&["fixity"], 0);
    desk.run(["restore", "备份", "恢复"]).expect_status(0);
    assert_eq!(texts("恢复"), before);
    let saved = desk.run(["search", "--saved", "防汛", "-R", "恢复"]);
    assert!(saved.stderr.contains("archive index") || saved.status == 0, "{}{}", saved.stdout, saved.stderr);
    assert!(desk.path("恢复/searches.json").exists());
    // The export holds them as well, listed; they come back one by one as they were, and mend what is damaged.
    let exported = desk.json(&["export", "--out", "导出"], 0);
    let count = before.values().flatten().count();
    assert_eq!(exported["texts"], count);
    let manifest = fs::read_to_string(desk.path("导出/manifest-sha256.txt")).unwrap();
    assert_eq!(manifest.matches("  data/text/").count(), count);
    assert_eq!(texts("导出/data"), before);
    desk.run(["restore", "导出", "再来"]).expect_status(0);
    assert_eq!(texts("再来"), before);
    fs::remove_file(desk.path("repository/text").join(lost)).unwrap();
    let mended = desk.json(&["repair", "--from", "导出"], 0);
    assert_eq!(mended["texts_put_back"].as_array().unwrap().len(), 1);
    assert_eq!(texts("repository"), before);
    // A damaged one is named and left out.
    fs::write(desk.path("导出/data/text").join(flipped), &bytes).unwrap();
    let named = desk.run(["restore", "导出", "三", "--json"]).expect_status(1).document();
    assert_eq!(named["faults"][0]["path"], format!("text/{}", flipped.display()));
    assert_eq!(texts("三").values().flatten().count(), count - 1);
}
