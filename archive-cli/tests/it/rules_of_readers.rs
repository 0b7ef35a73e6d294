//! The rules that the readers judge, each held to its fixture: what is said of a breach, and silence on a near miss.
//!
//! They speak of files and packages, not of records, so their cases in `fixtures/rules` are such: a register, a
//! folder of files, a package.

use std::fs;
use std::path::{Path, PathBuf};

use archive_core::rules::{Judged, RuleId};
use serde_json::Value;

use crate::desk::Desk;

/// The case of a rule: the folder, and the command that judges what lies in it.
fn case(rule: RuleId) -> (PathBuf, &'static [&'static str]) {
    let (folder, command): (_, &[&str]) = match rule {
        RuleId::I1 => ("I1_a_column_twice", &["check"]),
        RuleId::I5 => ("I5_a_name_that_lies", &["identify"]),
        RuleId::X5 => ("X5_not_what_the_manifest_says", &["transfer", "verify"]),
        other => panic!("{other} is judged by a reader that no case is known for"),
    };
    (Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/rules").join(folder), command)
}

/// What is to be judged: a register, the files of a folder, or a package as a whole.
fn subjects(folder: &Path, name: &str, rule: RuleId) -> Vec<PathBuf> {
    let whole = folder.join(name);
    if rule != RuleId::I5 {
        return vec![if whole.is_dir() { whole } else { folder.join(format!("{name}.csv")) }];
    }
    let mut files: Vec<PathBuf> = fs::read_dir(whole).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The findings of the rule, a line each.
fn said(rule: RuleId, name: &str) -> String {
    let (folder, command) = case(rule);
    let desk = Desk::new();
    let mut arguments: Vec<String> = command.iter().map(ToString::to_string).collect();
    arguments.extend(subjects(&folder, name, rule).iter().map(|path| path.display().to_string()));
    arguments.push("--json".to_owned());
    let document: Value = serde_json::from_str(&desk.run(&arguments).stdout).unwrap();
    let mut lines = Vec::new();
    collect(&document, &mut lines);
    lines.retain(|line| line.starts_with(&rule.to_string()));
    lines.sort();
    lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}

/// Every finding of a document, wherever it stands.
fn collect(value: &Value, lines: &mut Vec<String>) {
    match value {
        Value::Object(map) if map.contains_key("rule") && map.contains_key("message") => {
            let text = |key: &str| map.get(key).and_then(Value::as_str).unwrap_or("-").to_owned();
            let place = |key: &str| match map.get("where").and_then(|place| place.get(key)) {
                Some(Value::String(text)) => {
                    Path::new(text).file_name().unwrap().to_string_lossy().into_owned()
                }
                Some(other) => other.to_string(),
                None => "-".to_owned(),
            };
            let place = [place("file"), place("row"), place("column")].join(" | ");
            lines.push(format!("{} {} | {place} | {}", text("rule"), text("severity"), text("message")));
        }
        Value::Object(map) => map.values().for_each(|value| collect(value, lines)),
        Value::Array(values) => values.iter().for_each(|value| collect(value, lines)),
        _ => {}
    }
}

#[test]
fn each_rule_that_a_reader_judges_speaks_of_its_breach_and_is_silent_on_a_near_miss() {
    for rule in RuleId::ALL.iter().copied().filter(|rule| rule.rule().judged == Judged::ByReaders) {
        let expected = case(rule).0.join("breach.findings");
        let breach = said(rule, "breach");
        if std::env::var_os("UPDATE_RULE_FIXTURES").is_some() {
            fs::write(&expected, &breach).unwrap();
        }
        assert_eq!(breach, fs::read_to_string(&expected).unwrap_or_default(), "{}", expected.display());
        assert!(!breach.is_empty(), "{rule}: a breach that nothing is said of");
        assert_eq!(said(rule, "near-miss"), "", "{rule}: something is said of a near miss");
    }
}
