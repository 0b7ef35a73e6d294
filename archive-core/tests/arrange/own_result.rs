//! What `arrange` and `number` make must pass the checks: on whole years, before and after numbering.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use archive_core::arrange::{Decisions, arrange};
use archive_core::finding::{Finding, Severity};
use archive_core::model::{Arrangement, Institution, Item, ItemId, TieKind};
use archive_core::number::{TakenNumbers, clear, item_code, number, part_of_item};
use archive_core::profile::Profile;
use archive_core::rules::{Holdings, RuleId, Stage, check};

use crate::register::read;

fn items(register: &str) -> Vec<Item> {
    read(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(register))
}

fn institution(name: &str) -> Institution {
    Institution { name: name.into(), fonds: "J019".into() }
}

fn years() -> [(Vec<Item>, Institution); 2] {
    [
        (items("county-2004/register.csv"), institution("临溪县人民政府办公室")),
        (items("township-1998/register.xlsx"), institution("梓坪镇人民政府")),
    ]
}

/// Errors of order and numbering.
fn errors(items: &[Item], at: &Institution, arrangement: &Arrangement, profile: &Profile) -> Vec<Finding> {
    let holdings = Holdings { arrangement: Some(arrangement), ..Holdings::new(at, Stage::Repository, items) };
    let of_place = |rule: RuleId| {
        let id = rule.to_string();
        id.starts_with('O') || id.starts_with('K') || rule == RuleId::P2
    };
    let mut findings = check(&holdings, profile, "2005-03-01".parse().unwrap());
    findings.retain(|finding| of_place(finding.rule) && finding.severity == Severity::Error);
    findings
}

fn numbers(arrangement: &Arrangement) -> Vec<(String, u32)> {
    let numbers = arrangement.volumes.iter().filter_map(|volume| volume.number.as_ref());
    numbers.map(|number| (number.catalogue_no.clone(), number.volume_no)).collect()
}

#[test]
fn what_is_arranged_passes_the_checks_before_and_after_numbering() {
    for profile in ["futian-2006", "jianyang-2005", "national-2022"] {
        let profile = Profile::built_in(profile).unwrap();
        for (items, at) in years() {
            let proposal = arrange(&items, &at, &profile, &Decisions::default());
            assert_eq!(errors(&items, &at, &proposal, &profile), vec![], "{} proposed", profile.name);
            let (numbered, _) = number(proposal, &items, &at, &profile, &TakenNumbers::default());
            assert_eq!(errors(&items, &at, &numbered, &profile), vec![], "{} numbered", profile.name);
            let mut decisions = Decisions::default();
            decisions.settle(&numbered);
            let again = arrange(&items, &at, &profile, &decisions);
            assert_eq!(numbers(&again), numbers(&numbered), "{} again", profile.name);
            assert_eq!(errors(&items, &at, &again, &profile), vec![], "{} again", profile.name);
        }
    }
}

#[test]
fn by_the_item_method_no_code_is_given_twice_but_to_the_parts_of_one_item() {
    let profile = Profile::built_in("national-2022").unwrap();
    for (items, at) in years() {
        let proposal = arrange(&items, &at, &profile, &Decisions::default());
        let (numbered, _) = number(proposal, &items, &at, &profile, &TakenNumbers::default());
        let parts: BTreeSet<(ItemId, ItemId)> = numbered
            .ties
            .iter()
            .filter(|tie| {
                !matches!(
                    tie.kind,
                    TieKind::Request | TieKind::Incoming | TieKind::Grounds | TieKind::Outcome
                )
            })
            .flat_map(|tie| [(tie.from, tie.to), (tie.to, tie.from)])
            .collect();
        let (mut places, mut codes, mut titles) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut bearers: BTreeMap<String, Vec<(usize, ItemId)>> = BTreeMap::new();
        let mut in_item = BTreeSet::new();
        for (index, volume) in numbered.volumes.iter().enumerate() {
            let given = volume.number.clone().unwrap();
            assert!(codes.insert(given.code.clone()), "{}", given.code);
            assert!(places.insert((given.catalogue_no, given.volume_no)));
            assert!(titles.insert(volume.title.clone()), "{}", volume.title);
            for entry in &volume.entries {
                let code = item_code(volume, entry, &at, &profile).unwrap();
                let (part, of) = part_of_item(volume, entry).unwrap();
                assert!(part >= 1 && part <= of);
                assert!(in_item.insert((code.clone(), part)), "{code}, part {part}");
                let bearers = bearers.entry(code.clone()).or_default();
                let joined =
                    bearers.iter().any(|(home, id)| *home == index && parts.contains(&(*id, entry.item)));
                assert!(bearers.is_empty() || joined, "{code}");
                bearers.push((index, entry.item));
            }
        }
    }
}

#[test]
fn the_name_of_a_box_of_items_is_not_judged_as_a_title() {
    let profile = Profile::built_in("national-2022").unwrap();
    for (items, at) in years() {
        let boxes = arrange(&items, &at, &profile, &Decisions::default());
        let holdings =
            Holdings { arrangement: Some(&boxes), ..Holdings::new(&at, Stage::Repository, &items) };
        let findings = check(&holdings, &profile, "2005-03-01".parse().unwrap());
        let titles = findings.iter().filter(|finding| finding.rule == RuleId::T1);
        assert_eq!(titles.collect::<Vec<_>>(), Vec::<&Finding>::new());
    }
}

#[test]
fn volumes_found_later_stand_behind_the_numbered_ones_and_no_check_stands_against_it() {
    let profile = Profile::built_in("futian-2006").unwrap();
    for (items, at) in years() {
        // Every third item comes when the others are numbered.
        let first: Vec<Item> = items.iter().filter(|item| item.id.0 % 3 != 0).cloned().collect();
        let (numbered, _) = number(
            arrange(&first, &at, &profile, &Decisions::default()),
            &first,
            &at,
            &profile,
            &TakenNumbers::default(),
        );
        let mut decisions = Decisions::default();
        decisions.settle(&numbered);
        let again = arrange(&items, &at, &profile, &decisions);
        let (again, _) = number(again, &items, &at, &profile, &TakenNumbers::default());
        let mut runs: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (catalogue, no) in numbers(&again) {
            runs.entry(catalogue).or_default().push(no);
        }
        for (catalogue, run) in runs {
            assert_eq!(run, (1..=run.len() as u32).collect::<Vec<_>>(), "{catalogue}");
        }
        let mut found = errors(&items, &at, &again, &profile);
        found.retain(|finding| finding.rule.to_string().starts_with('K'));
        assert_eq!(found, vec![]);
    }
}

#[test]
fn numbers_can_be_taken_back_until_the_volumes_are_handed_over() {
    let profile = Profile::built_in("futian-2006").unwrap();
    let (items, at) = years().into_iter().next().unwrap();
    let proposal = arrange(&items, &at, &profile, &Decisions::default());
    let (numbered, _) = number(proposal.clone(), &items, &at, &profile, &TakenNumbers::default());
    assert_eq!(clear(numbered.clone(), &TakenNumbers::default()), proposal);
    let mut all = TakenNumbers::default();
    all.take(&numbered);
    assert_eq!(clear(numbered.clone(), &all), numbered);
    // One volume has left the office: it keeps its numbers, and the others get theirs around it.
    let gone = Arrangement { volumes: vec![numbered.volumes[2].clone()], ..Arrangement::default() };
    let mut handed_over = TakenNumbers::default();
    handed_over.take(&gone);
    let cleared = clear(numbered.clone(), &handed_over);
    assert_eq!(cleared.volumes.iter().filter(|volume| volume.number.is_some()).count(), 1);
    assert_eq!(cleared.volumes[2], numbered.volumes[2]);
    let (again, _) = number(cleared, &items, &at, &profile, &handed_over);
    let given: BTreeSet<(String, u32)> = numbers(&again).into_iter().collect();
    assert_eq!(given.len(), again.volumes.len(), "no number twice");
}
