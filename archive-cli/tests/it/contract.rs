//! The JSON other programs rely on: keys, types and the schema's number, command by command.
//!
//! More keys are welcome; those of the contract stay. Standard output holds the document and nothing else,
//! which [`crate::desk::Ran::document`] sees to.

use serde_json::Value;

use crate::desk::{BUREAU, Desk};

/// What a key of the contract holds.
#[derive(Debug, Clone, Copy)]
enum Is {
    Count,
    Number,
    Text,
    Bool,
    List,
    Object,
    /// Text, or null until there is one.
    TextOrNull,
    /// A count, or null until there is one.
    CountOrNull,
}

impl Is {
    fn holds(self, value: &Value) -> bool {
        match self {
            Self::Count => value.is_u64(),
            Self::Number => value.is_number(),
            Self::Text => value.is_string(),
            Self::Bool => value.is_boolean(),
            Self::List => value.is_array(),
            Self::Object => value.is_object(),
            Self::TextOrNull => value.is_string() || value.is_null(),
            Self::CountOrNull => value.is_u64() || value.is_null(),
        }
    }
}

/// Sees that an object has these keys, and that they hold what they must.
#[track_caller]
fn keys(value: &Value, wanted: &[(&str, Is)]) {
    let object = value.as_object().unwrap_or_else(|| panic!("no object: {value}"));
    for (key, is) in wanted {
        let held = object.get(*key).unwrap_or_else(|| panic!("no “{key}” in {value}"));
        assert!(is.holds(held), "“{key}” is no {is:?} in {value}");
    }
}

/// Sees that a list is there, holds something, and that each of it has these keys.
#[track_caller]
fn each<'a>(document: &'a Value, list: &str, wanted: &[(&str, Is)]) -> &'a [Value] {
    let list = document[list].as_array().unwrap_or_else(|| panic!("no list “{list}” in {document}"));
    assert!(!list.is_empty(), "an empty list shows nothing");
    for one in list {
        keys(one, wanted);
    }
    list
}

/// Sees that the findings are the contract's, complete, and sorted out by severity as counted.
#[track_caller]
fn findings(document: &Value) -> &[Value] {
    let findings = each(
        document,
        "findings",
        &[
            ("rule", Is::Text),
            ("severity", Is::Text),
            ("where", Is::Object),
            ("message", Is::Text),
            ("help", Is::Text),
            ("source", Is::Text),
        ],
    );
    for finding in findings {
        for part in finding.as_object().unwrap().keys() {
            let contract = ["rule", "severity", "where", "message", "help", "source"];
            let more = ["excerpt", "changed_from"];
            assert!(contract.contains(&part.as_str()) || more.contains(&part.as_str()), "{finding}");
        }
        if let Some(excerpt) = finding.get("excerpt") {
            keys(excerpt, &[("text", Is::Text), ("start", Is::Count), ("end", Is::Count)]);
        }
        assert!(["error", "warning", "info"].contains(&finding["severity"].as_str().unwrap()), "{finding}");
        assert_ne!(finding["message"], "", "{finding}");
        for (part, value) in finding["where"].as_object().unwrap() {
            let is = if ["row", "year"].contains(&part.as_str()) { Is::Count } else { Is::Text };
            let contract = ["file", "row", "column", "volume", "item", "field"];
            let known =
                contract.contains(&part.as_str()) || ["sheet", "cell", "year"].contains(&part.as_str());
            assert!(known && is.holds(value), "“{part}” of {finding}");
        }
    }
    findings
}

const VOLUME: [(&str, Is); 11] = [
    ("year", Is::Count),
    ("side", Is::Text),
    ("period", Is::Text),
    ("section", Is::TextOrNull),
    ("catalogue_no", Is::TextOrNull),
    ("volume_no", Is::CountOrNull),
    ("code", Is::TextOrNull),
    ("title", Is::Text),
    ("pages", Is::Count),
    ("items", Is::List),
    ("joined_by", Is::List),
];
const ITEM: [(&str, Is); 6] = [
    ("row", Is::Text),
    ("item_no", Is::CountOrNull),
    ("title", Is::Text),
    ("page_from", Is::CountOrNull),
    ("page_to", Is::CountOrNull),
    ("why", Is::List),
];
const CHECK: [(&str, Is); 5] = [
    ("code", Is::Text),
    ("name", Is::Text),
    ("property", Is::Text),
    ("result", Is::Text),
    ("detail", Is::Text),
];

#[test]
fn init_and_import() {
    let desk = Desk::new();
    let init = ["init", "repository", "--institution", "临溪县档案馆", "--fonds", "J1", "--json"];
    let made = desk.run(init).expect_status(0).document();
    keys(&made, &[("repository", Is::Text), ("institution", Is::Object), ("profile", Is::Text)]);
    assert_eq!(made["repository"], "[DESK]/repository");

    std::fs::copy(crate::desk::county("register.csv"), desk.path("register.csv")).unwrap();
    let scans = crate::desk::county("scans");
    let words = ["import", "register.csv", "--scans", scans.to_str().unwrap(), "--accept-valid"];
    let imported = desk.json(&words, 1);
    let wanted =
        ["items_accepted", "items_refused", "files_stored", "bytes_stored"].map(|key| (key, Is::Count));
    keys(&imported, &wanted);
    findings(&imported);
    // Every row of the register is accounted for.
    let rows = imported["items_accepted"].as_u64().unwrap() + imported["items_refused"].as_u64().unwrap();
    assert_eq!(rows, 301);
    assert!(imported["files_stored"].as_u64().unwrap() >= 85);
}

/// Numbers are null until they are given; then they are, and the pages of a volume run on.
#[test]
fn arrange_and_number() {
    let desk = Desk::with_repository();
    std::fs::copy(crate::desk::county("register.csv"), desk.path("register.csv")).unwrap();
    desk.json(&["import", "register.csv", "--accept-valid"], 1);
    let arranged = desk.json(&["arrange"], 1);
    findings(&arranged);
    for volume in each(&arranged, "volumes", &VOLUME) {
        assert!(
            [&volume["catalogue_no"], &volume["volume_no"], &volume["code"]].iter().all(|no| no.is_null())
        );
        for item in each(volume, "items", &ITEM) {
            assert!(item["item_no"].is_null() && item["page_from"].is_null());
            for why in item["why"].as_array().unwrap() {
                keys(why, &[("rule", Is::Text), ("text", Is::Text)]);
            }
        }
    }
    each(&arranged, "left_out", &[("row", Is::Text), ("why", Is::Object)]);

    let numbered = desk.json(&["number"], 1);
    findings(&numbered);
    let volumes = each(&numbered, "volumes", &VOLUME);
    assert_eq!(volumes.len(), arranged["volumes"].as_array().unwrap().len());
    let mut codes = std::collections::BTreeSet::new();
    for volume in volumes.iter().filter(|volume| !volume["code"].is_null()) {
        assert!(volume["catalogue_no"].is_string() && volume["volume_no"].is_u64());
        assert!(codes.insert(volume["code"].as_str().unwrap()), "a code is given once: {volume}");
        let mut page = 1;
        for (place, item) in each(volume, "items", &ITEM).iter().enumerate() {
            assert_eq!(item["item_no"], place + 1);
            assert_eq!(item["page_from"], page, "{volume}");
            page = item["page_to"].as_u64().unwrap() + 1;
        }
        assert_eq!(volume["pages"], page - 1);
    }
    let waiting = volumes.iter().filter(|volume| volume["code"].is_null()).count();
    assert_eq!(numbered["volumes_held"], waiting);
    assert!(codes.len() > waiting);
}

#[test]
fn check_and_explain() {
    let desk = Desk::with_the_year();
    let checked = desk.json(&["check"], 1);
    let all = findings(&checked);
    for severity in ["error", "warning", "info"] {
        let count = all.iter().filter(|finding| finding["severity"] == severity).count();
        assert_eq!(checked["counts"][severity], count);
    }
    // Every finding can be explained.
    let rules = desk.run(["explain", "--json"]).expect_status(0).document();
    let wanted = ["rule", "severity", "source", "says", "example", "help"].map(|key| (key, Is::Text));
    let known: Vec<&Value> = each(&rules, "rules", &wanted).iter().map(|rule| &rule["rule"]).collect();
    for finding in all {
        assert!(known.contains(&&finding["rule"]), "{finding}");
    }
    keys(&desk.run(["explain", "V3", "--json"]).expect_status(0).document(), &wanted);
}

#[test]
fn catalogue_lists_what_it_wrote() {
    let desk = Desk::with_the_year();
    let words =
        ["catalogue", "--own-font", "--what", "volumes,contents", "--format", "csv,xlsx", "--out", "out"];
    let printed = desk.json(&words, 1);
    let counts = ["volumes", "volumes_unnumbered", "pages"].map(|key| (key, Is::Count));
    keys(&printed, &counts);
    for file in printed["files"].as_array().unwrap() {
        assert!(desk.path(file.as_str().unwrap()).is_file(), "{file}");
    }
    assert!(printed["files"].as_array().unwrap().len() >= 4);
}

#[test]
fn index_and_search() {
    let desk = Desk::with_the_year();
    let counts =
        ["items", "items_indexed", "pages_with_text", "pages_without_text"].map(|key| (key, Is::Count));
    let again = desk.json(&["index"], 0);
    keys(&again, &counts);
    assert_eq!(again["items_indexed"], 0, "what did not change is not read again");

    let found = desk.json(&["search", "抗洪抢险"], 0);
    keys(&found, &[("total", Is::Count), ("took_ms", Is::Number), ("hits", Is::List)]);
    let hits = each(
        &found,
        "hits",
        &[
            ("code", Is::Text),
            ("title", Is::Text),
            ("date", Is::Text),
            ("responsible", Is::Text),
            ("page", Is::CountOrNull),
            ("score", Is::Number),
            ("snippet", Is::Text),
        ],
    );
    assert_eq!(found["total"], hits.len());
    assert!(hits.iter().any(|hit| hit["snippet"].as_str().unwrap().contains("【抗洪抢险】")));

    let few = desk.json(&["search", "抗洪抢险", "--limit", "2"], 0);
    assert_eq!((few["hits"].as_array().unwrap().len(), &few["total"]), (2, &found["total"]));

    // Nothing is open without a review (U1), and nothing of it shows, not even as a number (U3).
    let public = desk.json(&["search", "抗洪抢险", "--as", "public"], 1);
    assert_eq!((&public["total"], &public["hits"]), (&0.into(), &Value::Array(Vec::new())));
}

#[test]
fn transfer_from_both_sides() {
    let desk = Desk::with_the_year();
    let words = ["transfer", "build", "--year", "2004", "--out", "zipped", "--zip", "--archives", BUREAU];
    let built = desk.json(&words, 1);
    findings(&built);
    let package = &each(&built, "packages", &[("path", Is::Text)])[0];
    assert_eq!(package["path"], "zipped/J019-2004.zip");

    let verified = ["packages/J019-2004", "zipped/J019-2004.zip"]
        .map(|package| desk.run(["transfer", "verify", package, "--json"]).expect_status(0).document());
    for verified in &verified {
        keys(verified, &[("valid", Is::Bool), ("findings", Is::List)]);
        for check in each(verified, "checks", &CHECK) {
            let property = check["property"].as_str().unwrap();
            assert!(["真实性", "完整性", "可用性", "安全性"].contains(&property), "{check}");
            assert!(["pass", "fail", "manual"].contains(&check["result"].as_str().unwrap()), "{check}");
        }
        assert_eq!(verified["valid"], true);
    }
    // Folder or zip: the same package, and so the same judgement.
    let [folder, zip] = &verified;
    let verdict = |verified: &Value| {
        let checks = verified["checks"].as_array().unwrap().iter();
        checks.map(|check| (check["code"].clone(), check["result"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(verdict(folder), verdict(zip));
    assert_eq!(folder["findings"], zip["findings"]);

    desk.run(["init", "bureau", "--institution", BUREAU, "--fonds", "000"]).expect_status(0);
    let receive = ["transfer", "receive", "zipped/J019-2004.zip", "-R", "bureau", "--json"];
    let received = desk.run(receive).expect_status(0).document();
    keys(
        &received,
        &[
            ("valid", Is::Bool),
            ("accession", Is::Text),
            ("volumes", Is::Count),
            ("items", Is::Count),
            ("files", Is::Count),
        ],
    );
    for receipt in received["receipts"].as_array().unwrap() {
        assert!(desk.path(receipt.as_str().unwrap()).is_file(), "{receipt}");
    }
    let filed = desk.json(&["transfer", "receipt", "zipped/J019-2004.zip"], 0);
    keys(
        &filed,
        &[("package", Is::Text), ("accepted", Is::Bool), ("accession", Is::Text), ("volumes", Is::Count)],
    );
    assert_eq!((&filed["accession"], &filed["volumes"]), (&received["accession"], &received["volumes"]));
    // The folder is the same package: it doesn't come in twice.
    let twice =
        desk.run(["transfer", "receive", "packages/J019-2004", "-R", "bureau", "--json"]).expect_status(2);
    keys(&twice.document()["error"], &[("kind", Is::Text), ("message", Is::Text), ("help", Is::Text)]);
}

#[test]
fn audit_and_fixity() {
    let desk = Desk::with_the_year();
    let log = desk.json(&["audit", "log"], 0);
    let entries = each(
        &log,
        "entries",
        &[("seq", Is::Count), ("time", Is::Text), ("who", Is::Text), ("act", Is::Text), ("digest", Is::Text)],
    );
    let verdict = desk.json(&["audit", "verify"], 0);
    keys(
        &verdict,
        &[("whole", Is::Bool), ("entries", Is::Count), ("head", Is::Text), ("problems", Is::List)],
    );
    assert_eq!(
        (&verdict["entries"], &verdict["head"]),
        (&entries.len().into(), &entries.last().unwrap()["digest"])
    );

    let fixity = desk.json(&["fixity"], 0);
    let counts = ["objects", "files", "bytes"].map(|key| (key, Is::Count));
    keys(&fixity, &counts);
    assert_eq!(fixity["faults"], Value::Array(Vec::new()));
    assert!(fixity["files"].as_u64().unwrap() >= 85);
}

#[test]
fn man_and_completions() {
    let desk = Desk::new();
    let man = desk.run(["man", "pages", "--json"]).expect_status(0).document();
    for page in man["files"].as_array().unwrap() {
        assert!(desk.path(page.as_str().unwrap()).is_file(), "{page}");
    }
    let completions = desk.run(["completions", "bash", "--json"]).expect_status(0).document();
    keys(&completions, &[("shell", Is::Text), ("script", Is::Text)]);
}
