//! What follows on a hand-over: a second one of the same year, one sent twice, one sent back, one taken in
//! with its faults.

use std::fs;

use crate::desk::{BUREAU, Desk};

fn with_a_bureau() -> Desk {
    let desk = Desk::with_the_year();
    desk.run(["init", "bureau", "--institution", BUREAU, "--fonds", "000"]).expect_status(0);
    desk
}

fn build(desk: &Desk, more: &[&str], status: i32) -> serde_json::Value {
    let words = ["transfer", "build", "--year", "2004", "--out", "packages", "--archives", BUREAU];
    desk.json(&[&words, more].concat(), status)
}

#[test]
fn volumes_that_were_late_go_over_in_a_second_package_of_the_year() {
    let desk = with_a_bureau();
    let first = desk.run(["transfer", "receive", "packages/J019-2004", "-R", "bureau", "--json"]);
    let first = first.expect_status(0).document();
    desk.at_repository(&["transfer", "receipt", "packages/J019-2004"]).expect_status(0);
    // Nothing but what was held back is left to go; let through, it goes as the second batch.
    desk.json(&["number", "--accept-faults", "局长批准带问题移交"], 1);
    let second = build(&desk, &["--accept-faults", "局长批准带问题移交"], 0);
    let package = &second["packages"][0];
    assert_eq!(package["id"], "J019-2004-2");
    assert_eq!(second["handed_over_before"], first["volumes"]);
    let received = desk
        .run(["transfer", "receive", "packages/J019-2004-2", "-R", "bureau", "--json"])
        .expect_status(0)
        .document();
    assert_eq!((&received["accession"], &received["volumes"]), (&"2005-0002".into(), &package["volumes"]));
    desk.at_repository(&["transfer", "receipt", "packages/J019-2004-2"]).expect_status(0);
    // Both batches stand in the bureau's catalogue of the fonds.
    let third = build(&desk, &[], 1);
    assert_eq!(third["packages"].as_array().unwrap().len(), 0);
}

#[test]
fn a_package_sent_twice_is_recognised_as_folder_and_as_zip() {
    let desk = with_a_bureau();
    desk.run(["transfer", "receive", "packages/J019-2004", "-R", "bureau"]).expect_status(0);
    let receipt = fs::read(desk.path("packages/J019-2004.回执.json")).unwrap();
    build(&desk, &["--zip"], 1);
    for path in ["packages/J019-2004", "packages/J019-2004.zip"] {
        let again = desk.run(["transfer", "receive", path, "-R", "bureau"]).expect_status(2);
        assert!(again.stderr.contains("2005-0001"), "{}", again.stderr);
    }
    assert_eq!(fs::read(desk.path("packages/J019-2004.回执.json")).unwrap(), receipt);
}

/// A list that contradicts the records: nothing is lost, but it isn't right.
fn spoil(desk: &Desk) {
    let list = desk.path("packages/J019-2004/说明文件.TXT");
    fs::remove_file(list).unwrap();
}

#[test]
fn a_package_sent_back_comes_with_a_list_to_print_and_the_sender_reads_it() {
    let desk = with_a_bureau();
    spoil(&desk);
    desk.run(["transfer", "receive", "packages/J019-2004", "-R", "bureau"]).expect_status(1);
    for ending in ["pdf", "xlsx", "json"] {
        assert!(desk.path(&format!("packages/J019-2004.回执.{ending}")).is_file(), "{ending}");
    }
    let filed = desk.json(&["transfer", "receipt", "packages/J019-2004"], 1);
    let findings = filed["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["where"]["file"] == "说明文件.TXT"), "{findings:#?}");
    // The sender's chain keeps that it came back, once however often the receipt is filed.
    desk.json(&["transfer", "receipt", "packages/J019-2004"], 1);
    let log = desk.json(&["audit", "log"], 0);
    let returned: Vec<&serde_json::Value> = log["entries"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["act"] == "transfer-sent-back")
        .collect();
    let [entry] = returned.as_slice() else { panic!("{returned:#?}") };
    assert_eq!(entry["subject"], "package:J019-2004");
    assert!(entry.to_string().contains(BUREAU), "{entry}");
    desk.at_repository(&["audit", "verify"]).expect_status(0);
}

#[test]
fn a_package_with_faults_is_taken_in_for_a_reason_and_both_are_kept() {
    let desk = with_a_bureau();
    spoil(&desk);
    let words = ["transfer", "receive", "packages/J019-2004", "-R", "bureau", "--with-faults", "单位已撤销"];
    desk.run(words).expect_status(0);
    let receipt = fs::read_to_string(desk.path("packages/J019-2004.回执.json")).unwrap();
    assert!(receipt.contains("\"in_spite_of_faults\": \"单位已撤销\""), "{receipt}");
    let page = fs::read_to_string(desk.path("packages/J019-2004.回执.html")).unwrap();
    assert!(
        page.contains("带问题接收") && page.contains("单位已撤销") && !page.contains("检验合格"),
        "{page}"
    );
    let log = desk.run(["audit", "log", "-R", "bureau", "--json"]).expect_status(0);
    assert!(log.stdout.contains("单位已撤销"));
    desk.run(["audit", "verify", "-R", "bureau"]).expect_status(0);
    desk.at_repository(&["transfer", "receipt", "packages/J019-2004"]).expect_status(0);
}

#[test]
fn no_reason_takes_in_a_file_that_changed() {
    let desk = with_a_bureau();
    let package = desk.path("packages/J019-2004");
    let scan = crate::desk::tree(&package)
        .into_keys()
        .find(|name| name.extension().is_some_and(|kind| kind == "tif"))
        .unwrap();
    let mut bytes = fs::read(package.join(&scan)).unwrap();
    bytes[9] ^= 1;
    fs::write(package.join(scan), bytes).unwrap();
    let words = ["transfer", "receive", "packages/J019-2004", "-R", "bureau", "--with-faults", "单位已撤销"];
    desk.run(words).expect_status(3);
    let taken = desk.run(["audit", "log", "-R", "bureau"]).expect_status(0);
    assert!(!taken.stdout.contains("2005-0001"));
}

#[test]
fn the_bureau_prints_the_catalogue_of_a_received_fonds_by_the_senders_rules() {
    let desk = Desk::with_the_year();
    // The bureau works by other rules than the sender.
    let init = ["init", "bureau", "--institution", BUREAU, "--fonds", "000", "--profile", "national-2022"];
    desk.run(init).expect_status(0);
    desk.run(["transfer", "receive", "packages/J019-2004", "-R", "bureau"]).expect_status(0);
    let print = |from: &str, out: &str| {
        let words = ["catalogue", "--year", "2004", "--what", "volumes,contents", "--format", "csv"];
        let place = ["--out", out, "--fonds", "J019", "-R", from];
        let ran = desk.run(words.iter().chain(&place));
        assert!(ran.status < 2, "{}", ran.stderr);
        fs::read_to_string(desk.path(out).join("案卷目录.csv")).unwrap()
    };
    let theirs = print("repository", "theirs");
    let ours = print("bureau", "ours");
    let line = ours.lines().find(|line| line.contains("J019")).unwrap_or_default();
    assert!(ours.lines().count() > 40 && theirs.contains(line), "{line}");
    let none = desk.run(["catalogue", "--out", "x", "--fonds", "J999", "-R", "bureau"]).expect_status(2);
    assert!(none.stderr.contains("J019"), "{}", none.stderr);
}

#[test]
fn the_days_of_hand_over_are_the_profiles() {
    let desk = Desk::with_the_year();
    // Futian: the records of 2004 go by the day the profile names in 2005; it is 18 April.
    // Papers of 2003 are among them, and late.
    let due = desk.json(&["transfer", "due"], 1);
    let year = &due["years"].as_array().unwrap().iter().find(|year| year["year"] == 2004).unwrap().clone();
    assert_eq!((&year["due"], &year["handed_over"]), (&"2005-04-30".into(), &0.into()));
    assert_eq!(year["standing"], "near");
    let late = desk.at_repository(&["transfer", "due", "--today", "2005-06-01"]).expect_status(1);
    assert!(late.stdout.contains("逾期"), "{}", late.stdout);
    // Ten years, where the profile says so.
    let settings = desk.path("repository/archive.toml");
    let text = fs::read_to_string(&settings).unwrap();
    assert!(text.contains("futian-2006"));
    fs::write(&settings, text.replace("futian-2006", "national-2022")).unwrap();
    let due = desk.json(&["transfer", "due"], 0);
    let years = due["years"].as_array().unwrap();
    assert!(
        years.iter().any(|year| year["due"] == "2014-12-31" && year["standing"] == "waiting"),
        "{years:#?}"
    );
}
