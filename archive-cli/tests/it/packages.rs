//! A package that was tampered with: what is wrong is named, file by file, and nothing is taken in.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::desk::{BUREAU, Desk, differing, tree};
use crate::mended::numbered;

/// A desk with the year's package and a bureau to receive it.
fn with_a_bureau() -> Desk {
    let desk = Desk::with_the_year();
    desk.run(["init", "bureau", "--institution", BUREAU, "--fonds", "000"]).expect_status(0);
    desk
}

/// The first scan in the package, and its path in it as findings name it.
fn a_scan(package: &Path) -> (PathBuf, String) {
    let is_scan = |name: &Path| {
        name.extension()
            .is_some_and(|kind| ["tif", "jpg", "pdf"].iter().any(|one| kind.eq_ignore_ascii_case(one)))
            && name.to_str().unwrap().contains("J019-2004-0")
    };
    let name = tree(package).into_keys().find(|name| is_scan(name)).unwrap();
    (package.join(&name), name.to_str().unwrap().to_owned())
}

/// Both sides say so, with the file's name; the receipt sends the package back, the bureau stays as it was.
#[track_caller]
fn sent_back(desk: &Desk, file: &str) {
    let verified =
        desk.run(["transfer", "verify", "packages/J019-2004", "--json"]).expect_status(1).document();
    assert_eq!(verified["valid"], false);
    let failed = |check: &Value| check["result"] == "fail";
    assert!(verified["checks"].as_array().unwrap().iter().any(failed));
    let errors: Vec<&Value> = verified["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["severity"] == "error")
        .collect();
    assert!(errors.iter().any(|finding| finding.to_string().contains(file)), "{file} is not in {errors:#?}");
    for (lang, verdict) in [("zh", "不合格"), ("en", "not valid")] {
        let said = desk.run(["transfer", "verify", "packages/J019-2004", "--lang", lang]).expect_status(1);
        assert!(said.summary().starts_with(verdict) && said.stdout.contains(file), "{}", said.stdout);
    }
    let before = tree(&desk.path("bureau"));
    let received =
        desk.run(["transfer", "receive", "packages/J019-2004", "-R", "bureau", "--json"]).expect_status(1);
    let received = received.document();
    assert_eq!((&received["valid"], &received["accession"]), (&false.into(), &Value::Null));
    assert_eq!(differing(&before, &tree(&desk.path("bureau"))), Vec::<PathBuf>::new());
    assert!(fs::read_to_string(desk.path("packages/J019-2004.回执.html")).unwrap().contains("退回"));
    // The sender files it, and the numbers are not final.
    let filed = desk.json(&["transfer", "receipt", "packages/J019-2004"], 1);
    assert_eq!(filed["accepted"], false);
}

#[test]
fn one_flipped_bit_sends_the_package_back() {
    let desk = with_a_bureau();
    let (path, name) = a_scan(&desk.path("packages/J019-2004"));
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
    sent_back(&desk, &name);
}

#[test]
fn a_missing_file_sends_the_package_back() {
    let desk = with_a_bureau();
    let (path, name) = a_scan(&desk.path("packages/J019-2004"));
    fs::remove_file(path).unwrap();
    sent_back(&desk, &name);
}

#[test]
fn a_file_nobody_listed_sends_the_package_back() {
    let desk = with_a_bureau();
    let (path, _) = a_scan(&desk.path("packages/J019-2004"));
    fs::write(path.with_file_name("setup.exe"), b"MZ").unwrap();
    sent_back(&desk, "setup.exe");
}

#[test]
fn what_is_no_package_is_not_taken_for_one() {
    let desk = with_a_bureau();
    fs::write(desk.path("letter.zip"), "PK? no.").unwrap();
    fs::create_dir(desk.path("folder")).unwrap();
    let before = tree(&desk.path("bureau"));
    for (path, statuses) in [("gone", [3].as_slice()), ("letter.zip", &[1, 3]), ("folder", &[1, 3])] {
        for words in
            [["transfer", "verify", path, "-R", "bureau"], ["transfer", "receive", path, "-R", "bureau"]]
        {
            let ran = desk.run(words);
            assert!(statuses.contains(&ran.status), "{words:?}: {} {}", ran.status, ran.stderr);
        }
    }
    assert_eq!(differing(&before, &tree(&desk.path("bureau"))), Vec::<PathBuf>::new());
}

/// Handed over, the numbers are final: arranging and numbering again leaves them.
#[test]
fn what_was_handed_over_keeps_its_numbers() {
    let desk = with_a_bureau();
    desk.run(["transfer", "receive", "packages/J019-2004", "-R", "bureau"]).expect_status(0);
    desk.at_repository(&["transfer", "receipt", "packages/J019-2004"]).expect_status(0);
    let before = desk.json(&["number", "--dry-run"], 1);
    desk.json(&["arrange"], 1);
    assert_eq!(numbered(&desk.json(&["number"], 1)), numbered(&before));
}

#[test]
fn one_volume_is_verified_alone_and_a_report_is_printed() {
    let desk = Desk::with_the_year();
    let package = "packages/J019-2004";
    let verify =
        |words: &[&str]| desk.run(["transfer", "verify", package].into_iter().chain(words.iter().copied()));
    let (path, name) = a_scan(&desk.path(package));
    let code = name.split('/').rev().nth(1).and_then(|item| item.rsplit_once('-')).unwrap().0.to_owned();
    let told = verify(&["--only", &code]).expect_status(0);
    assert!(told.summary().contains("其余没有核对"), "{}", told.stdout);
    let scope = verify(&["--only", &code, "--json"]).expect_status(0).document()["scope"].clone();
    assert_eq!(scope["only"], code.as_str());
    assert!(verify(&["--only", "J019-2004-999"]).expect_status(2).stderr.contains(&code));
    fs::remove_file(path).unwrap();
    for report in ["report.pdf", "report.html", "report.xlsx"] {
        verify(&["--report", report, "--state", "state"]).expect_status(1);
        assert!(fs::metadata(desk.path(report)).unwrap().len() > 1000, "{report}");
    }
    assert!(!desk.path("state").exists());
    let page = fs::read_to_string(desk.path("report.html")).unwrap();
    for said in ["电子档案移交包检测报告", "真实性", "YJ-1-1", "人工", "缺失", name.as_str()]
    {
        assert!(page.contains(said), "{said}");
    }
    verify(&["--report", "report.doc"]).expect_status(2);
}
