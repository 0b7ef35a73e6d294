//! What goes over and what stays: lent, unnumbered and faulty volumes stay behind by name, what is let through
//! travels with its reason, opinions on opening travel too, and a transfer too large is cut between volumes.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::desk::{BUREAU, Desk, tree};

fn build(desk: &Desk, out: &str, more: &[&str], status: i32) -> Value {
    let words = ["transfer", "build", "--year", "2004", "--out", out, "--archives", BUREAU];
    desk.json(&[&words, more].concat(), status)
}

/// The findings of a rule, and the volumes they speak of.
fn of_rule<'a>(document: &'a Value, rule: &str) -> Vec<&'a Value> {
    document["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == rule).collect()
}

/// What the package's machine records say of it.
fn record(package: &Path) -> Value {
    let name = tree(package).into_keys().find(|path| path.ends_with("package.json")).unwrap();
    serde_json::from_slice(&fs::read(package.join(name)).unwrap()).unwrap()
}

/// Whether any file of the package is named after a volume.
fn holds(package: &Path, code: &str) -> bool {
    let of_volume = |path: PathBuf| path.to_str().unwrap().contains(&format!("/{code}-"));
    tree(package).into_keys().any(of_volume)
}

#[test]
fn a_lent_volume_stays_behind_by_name_and_goes_once_it_is_back() {
    let desk = Desk::with_the_year();
    let volume = "J019-2004-001";
    assert!(holds(&desk.path("packages/J019-2004"), volume));
    let lend = ["loan", "lend", volume, "--to", "张三", "--unit", "水利局", "--sheets", "12"];
    desk.at_repository(&[&lend[..], &["--approved-by", "王主任"]].concat()).expect_status(0);
    let without = build(&desk, "lent", &[], 1);
    let lent = of_rule(&without, "U8");
    assert!(lent.iter().any(|finding| finding["where"]["volume"] == volume), "{without:#}");
    assert!(!holds(&desk.path("lent/J019-2004"), volume));
    // Not even a reason takes an original along that isn't there.
    let forced = build(&desk, "forced", &["--accept-faults", "急"], 1);
    assert_eq!(of_rule(&forced, "U8").len(), 1);
    assert!(!holds(&desk.path("forced/J019-2004"), volume));
    for (lang, said) in [("zh", "借"), ("en", "loan")] {
        let words = ["transfer", "build", "--year", "2004", "--out", lang, "--lang", lang];
        let told = desk.at_repository(&words).expect_status(1);
        let line = told.stdout.lines().chain(told.stderr.lines()).find(|line| line.contains("U8"));
        assert!(told.stdout.contains(volume) && told.stdout.contains(said), "{line:?}");
    }
    desk.at_repository(&["loan", "return", volume, "--sheets", "12"]).expect_status(0);
    assert_eq!(of_rule(&build(&desk, "back", &[], 1), "U8").len(), 0);
    assert!(holds(&desk.path("back/J019-2004"), volume));
}

#[test]
fn what_has_faults_or_no_number_stays_behind_and_what_is_let_through_says_why_to_the_other_side() {
    let desk = Desk::with_the_year();
    let first = build(&desk, "first", &[], 1);
    let held: Vec<&Value> = first["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["severity"] == "error")
        .collect();
    assert!(!held.is_empty());
    assert_eq!(record(&desk.path("first/J019-2004"))["exceptions"].as_array().unwrap().len(), 0);
    // Volumes that were held back have no number yet, and a reason for the transfer alone gives them none.
    let reason = "经局长批准带问题移交";
    let numbered = build(&desk, "unnumbered", &["--accept-faults", reason], 1);
    assert_eq!(numbered["packages"][0]["volumes"], first["packages"][0]["volumes"]);
    assert!(!numbered["findings"].as_array().unwrap().is_empty());
    desk.json(&["number", "--accept-faults", reason], 1);
    let second = build(&desk, "second", &["--accept-faults", reason], 0);
    assert!(second["packages"][0]["volumes"].as_u64() > first["packages"][0]["volumes"].as_u64());
    let record = record(&desk.path("second/J019-2004"));
    let exceptions = record["exceptions"].as_array().unwrap();
    assert!(!exceptions.is_empty());
    for exception in exceptions {
        assert_eq!((&exception["reason"], &exception["approved_by"]), (&reason.into(), &"陈文书".into()));
        assert_eq!(exception["approved_on"], "2005-04-18");
    }
    // It is on record at the sender, and the receiver keeps it.
    assert!(desk.json(&["audit", "log"], 0).to_string().contains(reason));
    desk.run(["init", "bureau", "--institution", BUREAU, "--fonds", "000"]).expect_status(0);
    desk.run(["transfer", "receive", "second/J019-2004", "-R", "bureau"]).expect_status(0);
}

#[test]
fn an_opinion_travels_with_each_record_and_those_without_are_counted() {
    let desk = Desk::with_the_year();
    let before = build(&desk, "before", &[], 1);
    let count = |document: &Value| {
        let finding =
            of_rule(document, "U1").first().map(|finding| finding["message"].as_str().unwrap().to_owned());
        finding.map(|said| said.split(' ').next().unwrap().parse::<u64>().unwrap())
    };
    let items = before["packages"][0]["items"].as_u64();
    assert_eq!(count(&before), items, "nobody has reviewed anything: {before:#}");
    let code = "J019-2004-001-001";
    let words = ["opening", "review", code, "--opinion", "close", "--reason", "涉及个人信息"];
    let reviewed = desk.at_repository(&words);
    assert_eq!(reviewed.status, 0, "{}{}", reviewed.stdout, reviewed.stderr);
    let after = build(&desk, "after", &[], 1);
    assert_eq!(count(&after), items.map(|items| items - 1));
    let package = desk.path("after/J019-2004");
    let list = fs::read_to_string(package.join("文件目录.XML")).unwrap();
    let row = list.split("<文件>").find(|row| row.contains(&format!("<档号>{code}</档号>"))).unwrap();
    assert!(row.contains("开放审核意见：控制") && row.contains("涉及个人信息"), "{row}");
    assert_eq!(record(&package)["opinions"].as_object().unwrap().len(), 1);
}

#[test]
fn a_transfer_too_large_is_cut_between_volumes_and_every_part_is_received_by_itself() {
    let desk = Desk::with_the_year();
    let parts = build(&desk, "parts", &["--max-size", "2"], 1);
    let parts = parts["packages"].as_array().unwrap();
    assert!(parts.len() > 1, "the county's year is larger than two megabytes");
    desk.run(["init", "bureau", "--institution", BUREAU, "--fonds", "000"]).expect_status(0);
    let mut volumes = Vec::new();
    for (part, number) in parts.iter().zip(1..) {
        let name = format!("parts/{}", part["id"].as_str().unwrap());
        let info = fs::read_to_string(desk.path(&name).join("bag-info.txt")).unwrap();
        assert!(info.contains(&format!("Bag-Count: {number} of {}\n", parts.len())), "{info}");
        assert!(info.contains("Bag-Group-Identifier: J019-2004\n"), "{info}");
        let of_part: Vec<String> = tree(&desk.path(&name))
            .into_keys()
            .filter_map(|path| {
                path.iter().nth(8).and_then(|item| item.to_str()?.rsplit_once('-')).map(|(v, _)| v.to_owned())
            })
            .collect();
        volumes.push(of_part.into_iter().collect::<std::collections::BTreeSet<_>>());
        let received =
            desk.run(["transfer", "receive", &name, "-R", "bureau", "--json"]).expect_status(0).document();
        assert_eq!(received["volumes"], part["volumes"]);
        // None that is still to come is forgotten.
        let group = &received["group"];
        assert_eq!((&group["id"], &group["of"]), (&"J019-2004".into(), &parts.len().into()));
        assert_eq!(group["received"].as_array().unwrap().len(), number);
        assert_eq!(group["missing"].as_array().unwrap().len(), parts.len() - number);
        assert!(part["bytes"].as_u64().unwrap() <= 2_000_000, "a part is larger than asked: {part}");
        desk.at_repository(&["transfer", "receipt", &name]).expect_status(0);
    }
    for (at, one) in volumes.iter().enumerate() {
        assert!(volumes[at + 1..].iter().all(|other| one.is_disjoint(other)), "a volume was cut in two");
    }
    // All of them are one handing over, and it is done.
    assert_eq!(build(&desk, "again", &[], 1)["packages"].as_array().unwrap().len(), 0);
}

#[test]
fn a_verification_that_was_killed_goes_on_and_gives_the_same_report() {
    let desk = Desk::with_the_year();
    let verify = |more: &[&str]| {
        let words = ["transfer", "verify", "packages/J019-2004", "--json"];
        desk.run(words.into_iter().chain(more.iter().copied())).expect_status(0).document()
    };
    let whole = verify(&[]);
    // A journal as a killed run leaves it is made by one that can't end: its package grows while it is read.
    let state = desk.path("state");
    let mut command = desk.command(["transfer", "verify", "packages/J019-2004", "--state", "state"]);
    let mut run =
        command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    let began = std::time::Instant::now();
    while fs::metadata(&state).map_or(0, |file| file.len()) < 1 && began.elapsed().as_secs() < 20 {
        if run.try_wait().unwrap().is_some() {
            break;
        }
    }
    run.kill().unwrap();
    run.wait().unwrap();
    let mut again = verify(&["--state", "state"]);
    assert!(!state.exists(), "what came to its end leaves no journal");
    again["scope"]["resumed_files"] = 0.into();
    again["scope"]["resumed_bytes"] = 0.into();
    assert_eq!(again, whole);
}
