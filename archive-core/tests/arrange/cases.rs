//! The small cases of `fixtures/arrange`: each a register, the volumes a person made of it, and the clauses
//! it shows.
//!
//! A case may say more than a register can: which rows come only when the others are numbered (`late`, V8, V9),
//! which numbers were handed over before (`taken`, K4), how many pages the files have (`pages-found`, P3), and
//! which findings the checks make of the numbered result (`check`).

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use archive_core::arrange::{Decisions, arrange};
use archive_core::finding::Severity;
use archive_core::model::{Institution, Item, ItemId};
use archive_core::number::{TakenNumber, TakenNumbers, item_code, number};
use archive_core::profile::Profile;
use archive_core::rules::{FileFacts, Holdings, RuleId, Stage, check};
use serde::Deserialize;

use crate::register::read;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Expected {
    clauses: Vec<String>,
    /// The profile, `futian-2006` where none is named.
    profile: Option<String>,
    #[serde(default)]
    left_out: String,
    /// Rows that come when the others are arranged and numbered.
    #[serde(default)]
    late: String,
    /// Numbers handed over before, as catalogue/volume.
    #[serde(default)]
    taken: Vec<String>,
    /// Pages counted in the files of a row.
    #[serde(default)]
    pages_found: BTreeMap<String, u32>,
    #[serde(default)]
    volume: Vec<ExpectedVolume>,
    #[serde(default)]
    finding: Vec<ExpectedFinding>,
    /// Findings that the checks must make of the numbered result, among others.
    #[serde(default)]
    check: Vec<ExpectedFinding>,
    #[serde(default)]
    titles: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedVolume {
    year: i32,
    side: String,
    period: String,
    items: String,
    ends: Option<String>,
    title: Option<String>,
    /// The item numbers (件号), beside `items`.
    numbers: Option<String>,
    /// The number of the volume, as catalogue/volume.
    number: Option<String>,
    /// The pages of its items, first and last.
    pages: Option<String>,
    /// The code (档号) of the last item.
    last_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedFinding {
    rule: RuleId,
    row: String,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/arrange")
}

fn names() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn expected(name: &str) -> Expected {
    let path = folder().join(name).join("expected.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What differs from what a person decided; empty if nothing does.
fn differs(name: &str) -> Vec<String> {
    let expected = expected(name);
    let items = read(&folder().join(name).join("register.csv"));
    let institution = Institution { name: "临溪县人民政府办公室".into(), fonds: "J019".into() };
    let profile = Profile::built_in(expected.profile.as_deref().unwrap_or("futian-2006")).unwrap();
    let mut taken = TakenNumbers::default();
    for number in &expected.taken {
        let (catalogue_no, volume_no) = number.split_once('/').unwrap();
        let (catalogue_no, volume_no) = (catalogue_no.to_owned(), volume_no.parse().unwrap());
        taken.numbers.insert(TakenNumber { catalogue_no, volume_no });
    }
    let mut decisions = Decisions::default();
    if !expected.late.is_empty() {
        let late: BTreeSet<&str> = expected.late.split(' ').collect();
        let first: Vec<Item> =
            items.iter().filter(|item| !late.contains(item.row.as_str())).cloned().collect();
        let proposal = arrange(&first, &institution, &profile, &decisions);
        decisions.settle(&number(proposal, &first, &institution, &profile, &taken).0);
    }
    let arrangement = arrange(&items, &institution, &profile, &decisions);
    let row = |item: ItemId| items[item.0 as usize - 1].row.clone();
    let rows = |items: Vec<ItemId>| items.into_iter().map(row).collect::<Vec<_>>().join(" ");
    let mut faults = Vec::new();

    let is: Vec<String> = arrangement
        .volumes
        .iter()
        .map(|volume| {
            let items = rows(volume.entries.iter().map(|entry| entry.item).collect());
            format!("{} {} {}: {items}", volume.year, volume.side.word(), volume.period)
        })
        .collect();
    let wanted: Vec<String> =
        expected.volume.iter().map(|v| format!("{} {} {}: {}", v.year, v.side, v.period, v.items)).collect();
    if is != wanted {
        faults.push(format!("{name}: volumes\n  are    {is:?}\n  wanted {wanted:?}"));
    }
    for (volume, wanted) in arrangement.volumes.iter().zip(&expected.volume) {
        let title = &volume.title;
        if wanted.title.as_ref().is_some_and(|wanted| wanted != title) {
            faults.push(format!("{name}: title {title}"));
        }
        if wanted.ends.as_ref().is_some_and(|end| !title.ends_with(end.as_str())) {
            faults.push(format!("{name}: title {title}"));
        }
        if title.chars().count() > profile.titles.max_chars {
            faults.push(format!("{name}: title too long: {title}"));
        }
        if volume.why.is_empty() || volume.entries.iter().any(|entry| entry.why.len() < 4) {
            faults.push(format!("{name}: something doesn't say why"));
        }
    }
    let left_out = rows(arrangement.left_out.iter().map(|(item, _)| *item).collect());
    if left_out != expected.left_out {
        faults.push(format!("{name}: left out {left_out}, wanted {}", expected.left_out));
    }
    for (wanted_row, title) in &expected.titles {
        let is = arrangement
            .volumes
            .iter()
            .flat_map(|volume| &volume.entries)
            .find(|entry| row(entry.item) == *wanted_row)
            .map(|entry| entry.title.clone());
        if is.as_ref() != Some(title) {
            faults.push(format!("{name}: row {wanted_row} is called {is:?}, wanted {title}"));
        }
    }
    // Findings that arranging made, but for periods that wait for a person.
    let is: BTreeSet<(RuleId, String)> = arrangement
        .findings
        .iter()
        .filter(|finding| !matches!(finding.rule, RuleId::R2 | RuleId::A1))
        .map(|finding| (finding.rule, finding.place.item.clone().unwrap_or_default()))
        .collect();
    let wanted: BTreeSet<(RuleId, String)> =
        expected.finding.iter().map(|finding| (finding.rule, finding.row.clone())).collect();
    if is != wanted {
        faults.push(format!("{name}: findings {is:?}, wanted {wanted:?}"));
    }
    let (numbered, _) = number(arrangement, &items, &institution, &profile, &taken);
    for (volume, wanted) in numbered.volumes.iter().zip(&expected.volume) {
        let numbers: Vec<String> = volume
            .entries
            .iter()
            .map(|entry| entry.item_no.map_or_else(String::new, |no| no.to_string()))
            .collect();
        if wanted.numbers.as_ref().is_some_and(|wanted| *wanted != numbers.join(" ")) {
            faults.push(format!("{name}: item numbers {numbers:?}"));
        }
        let pages: Vec<String> = volume
            .entries
            .iter()
            .map(|entry| entry.pages.map_or_else(|| "-".into(), |(first, last)| format!("{first}-{last}")))
            .collect();
        if wanted.pages.as_ref().is_some_and(|wanted| *wanted != pages.join(" ")) {
            faults.push(format!("{name}: pages {pages:?}"));
        }
        let given = volume.number.as_ref().map(|no| format!("{}/{}", no.catalogue_no, no.volume_no));
        if wanted.number.is_some() && wanted.number != given {
            faults.push(format!("{name}: the volume's number is {given:?}"));
        }
        let code = volume.entries.last().and_then(|entry| item_code(volume, entry, &institution, &profile));
        if wanted.last_code.is_some() && wanted.last_code != code {
            faults.push(format!("{name}: the last code is {code:?}"));
        }
    }
    let files: Vec<(ItemId, FileFacts)> = items
        .iter()
        .filter_map(|item| {
            let pages = expected.pages_found.get(&item.row).copied()?;
            Some((item.id, FileFacts { pages: Some(pages), ..FileFacts::default() }))
        })
        .collect();
    let holdings = Holdings {
        arrangement: Some(&numbered),
        files: &files,
        ..Holdings::new(&institution, Stage::Repository, &items)
    };
    let made: BTreeSet<(RuleId, String)> = check(&holdings, &profile, "2005-03-01".parse().unwrap())
        .into_iter()
        .map(|finding| (finding.rule, finding.place.item.unwrap_or_default()))
        .collect();
    for wanted in &expected.check {
        if !made.contains(&(wanted.rule, wanted.row.clone())) {
            faults.push(format!("{name}: no check says {} of “{}”: {made:?}", wanted.rule, wanted.row));
        }
    }
    if numbered.volumes.iter().any(|volume| volume.number.is_none()) {
        faults.push(format!("{name}: a volume has no number"));
    }
    faults
}

#[test]
fn every_case_comes_out_as_a_person_decided() {
    let faults: Vec<String> = names().iter().flat_map(|name| differs(name)).collect();
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn what_arranging_and_numbering_say_weighs_what_the_profile_says() {
    let mut profile = Profile::built_in("futian-2006").unwrap();
    profile.severities = RuleId::ALL.iter().map(|rule| (*rule, Severity::Info)).collect();
    let institution = Institution { name: "临溪县人民政府办公室".into(), fonds: "J019".into() };
    let mut changed = 0;
    for name in names() {
        let items = read(&folder().join(&name).join("register.csv"));
        let arrangement = arrange(&items, &institution, &profile, &Decisions::default());
        let mut said = arrangement.findings.clone();
        said.extend(number(arrangement, &items, &institution, &profile, &TakenNumbers::default()).1);
        for finding in said {
            assert_eq!(finding.severity, Severity::Info, "{name}: {finding:?}");
            changed += usize::from(finding.changed_from.is_some());
        }
    }
    assert!(changed > 0, "no case of any weight");
}

#[test]
fn every_rule_that_arrangement_carries_out_is_shown_at_least_twice() {
    let names = names();
    assert!(names.len() >= 60, "only {} cases", names.len());
    let mut shown: BTreeMap<RuleId, (usize, usize)> = BTreeMap::new();
    for name in &names {
        let clauses = expected(name).clauses;
        for clause in &clauses {
            let rule = clause.parse().unwrap_or_else(|_| panic!("{name}: no rule {clause}"));
            let counts = shown.entry(rule).or_default();
            counts.0 += 1;
            counts.1 += usize::from(clauses.len() > 1);
        }
    }
    // Not here, because nothing is arranged by them: A4, A5, A7 (registers in and out, deadlines, returns), R3 (the
    // term runs), N1, C1, F (what is printed); fixtures/rules has them.
    let mut wanting = Vec::new();
    for rule in [
        "A1", "A2", "A3", "A6", "V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8", "V9", "R1", "R2", "O1", "O2",
        "O3", "O4", "O5", "O6", "O7", "O8", "P1", "P2", "P3", "L1", "T1", "S1", "I4", "K1", "K2", "K3", "K4",
    ] {
        let (count, beside) = shown.get(&rule.parse().unwrap()).copied().unwrap_or_default();
        if count < 2 || beside < 1 {
            wanting.push(format!("{rule} is shown {count} times, {beside} of them beside another"));
        }
    }
    assert!(wanting.is_empty(), "{}", wanting.join("\n"));
}
