//! Any sequence of lending, listing, approving, supervising, holding and destroying, by anybody: no record ends
//! up both lent and destroyed, or destroyed without leave; no number is given twice.

use std::collections::{BTreeMap, BTreeSet};

use archive_core::appraisal::{Decision, Terms};
use archive_core::loans::Request;
use archive_core::model::SecrecyLevel;
use archive_core::profile::Profile;
use archive_store::Repository;
use proptest::prelude::*;

use crate::destroying::{code, holdings, in_2036, request, supervision, target};
use crate::place::{FONDS, arrangement, volume};

const PEOPLE: [&str; 4] = ["陈文书", "王主任", "甲", "乙"];

#[derive(Debug, Clone)]
enum Step {
    Lend(u32),
    TakeBack,
    NewList(usize),
    Add(usize, u32),
    Remove(usize),
    Approve(usize, usize),
    Supervise(usize, Vec<usize>),
    Hold(u32),
    Lift,
    Extend(u32),
    Destroy(usize, usize),
    /// Gives the number of one volume to the items of another.
    Renumber(u32, u32),
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let (list, volume, person) = (0..2_usize, 1..4_u32, 0..PEOPLE.len());
    prop_oneof![
        2 => volume.clone().prop_map(Step::Lend),
        1 => Just(Step::TakeBack),
        3 => person.clone().prop_map(Step::NewList),
        5 => (list.clone(), volume.clone()).prop_map(|(list, volume)| Step::Add(list, volume)),
        1 => list.clone().prop_map(Step::Remove),
        5 => (list.clone(), person.clone()).prop_map(|(list, who)| Step::Approve(list, who)),
        5 => (list.clone(), proptest::collection::vec(person.clone(), 0..4))
            .prop_map(|(list, people)| Step::Supervise(list, people)),
        1 => volume.clone().prop_map(Step::Hold),
        1 => Just(Step::Lift),
        1 => volume.clone().prop_map(Step::Extend),
        5 => (list, person).prop_map(|(list, who)| Step::Destroy(list, who)),
        1 => (volume.clone(), volume).prop_map(|(one, other)| Step::Renumber(one, other)),
        1 => Just(Step::Reopen),
    ]
}

/// Does a step, and leaves it where it is refused.
fn take(repository: &Repository, step: &Step) -> Option<()> {
    let terms = Terms::default();
    let begin = |who: &str| repository.begin(who, "test", in_2036()).unwrap();
    let lists: Vec<String> =
        repository.destruction_lists().unwrap().into_iter().map(|list| list.number).collect();
    match step {
        Step::Lend(no) => {
            let change = begin("王主任");
            let request = Request {
                volume: code(*no),
                borrower: "李明".into(),
                unit: String::new(),
                purpose: "查考".into(),
                approved_by: "王主任".into(),
                sheets: 10,
                due: None,
                level: SecrecyLevel::None,
            };
            change.lend(FONDS, request, &Profile::built_in("futian-2006").unwrap()).ok()?;
            change.commit().unwrap();
        }
        Step::TakeBack => {
            let loan = repository.loans_out().unwrap().into_iter().next()?;
            let change = begin("甲");
            change.take_back(&loan.no, 10, "", &Profile::built_in("futian-2006").unwrap()).ok()?;
            change.commit().unwrap();
        }
        Step::NewList(who) => {
            let change = begin(PEOPLE[*who]);
            change.new_destruction_list(FONDS, "", false).ok()?;
            change.commit().unwrap();
        }
        Step::Add(list, no) => {
            let change = begin("陈文书");
            change.add_to_destruction_list(lists.get(*list)?, &[request(*no)], terms).ok()?;
            change.commit().unwrap();
        }
        Step::Remove(list) => {
            let change = begin("陈文书");
            change.remove_from_destruction_list(lists.get(*list)?, 1, "").ok()?;
            change.commit().unwrap();
        }
        Step::Approve(list, who) => {
            let list = repository.destruction_list(lists.get(*list)?).unwrap();
            // A volume renumbered since has no line to approve.
            let digest = repository.destruction_list_digest(&list, terms).ok()?;
            let change = begin(PEOPLE[*who]);
            change.approve_destruction_list(&list.number, &digest, "", terms).ok()?;
            change.commit().unwrap();
        }
        Step::Supervise(list, people) => {
            let names: Vec<&str> = people.iter().map(|who| PEOPLE[*who]).collect();
            let change = begin("陈文书");
            change.supervise_destruction(lists.get(*list)?, &supervision(&names)).ok()?;
            change.commit().unwrap();
        }
        Step::Hold(no) => {
            let change = begin("王主任");
            change.place_hold(&target(*no), "诉讼").ok()?;
            change.commit().unwrap();
        }
        Step::Lift => {
            let hold = repository.holds().unwrap().into_iter().find(|hold| hold.lifted.is_none())?;
            let change = begin("王主任");
            change.lift_hold(hold.id, "已结").ok()?;
            change.commit().unwrap();
        }
        Step::Extend(no) => {
            let change = begin("王主任");
            change.appraise(&target(*no), Decision::Extend { years: 5 }, "续存").ok()?;
            change.commit().unwrap();
        }
        Step::Destroy(list, who) => {
            let mut change = begin(PEOPLE[*who]);
            change.destroy(lists.get(*list)?, terms).ok()?;
            change.commit().unwrap();
        }
        Step::Renumber(one, other) => {
            let mut year = repository.arrangement(FONDS, 2004).unwrap().unwrap();
            let items: Vec<_> =
                year.volumes.get(*other as usize - 1)?.entries.iter().map(|entry| entry.item).collect();
            let mut again = volume(*one, &items);
            again.period = "10年".parse().unwrap();
            year.volumes.retain(|volume| volume.entries.iter().all(|entry| !items.contains(&entry.item)));
            year.volumes
                .retain(|volume| volume.number.as_ref().is_some_and(|number| number.volume_no != *one));
            year.volumes.push(again);
            let change = begin("陈文书");
            change.save_arrangement(FONDS, 2004, &arrangement(year.volumes)).ok()?;
            change.commit().unwrap();
        }
        Step::Reopen => {}
    }
    Some(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_acts_leaves_a_record_lent_and_destroyed_or_destroyed_without_leave(
        steps in proptest::collection::vec(step(), 4..28),
    ) {
        let (place, ids) = holdings();
        let mut repository = place.open();
        // What each destroyed number was given to, when it was destroyed.
        let mut gone: BTreeMap<String, BTreeSet<_>> = BTreeMap::new();
        for step in &steps {
            let _ = take(&repository, step);
            if matches!(step, Step::Reopen) {
                drop(repository);
                repository = place.open();
            }
            let lent: BTreeSet<String> =
                repository.loans_out().unwrap().into_iter().map(|loan| loan.volume).collect();
            let year = repository.arrangement(FONDS, 2004).unwrap().unwrap();
            for volume in repository.destroyed_volumes().unwrap() {
                prop_assert!(!lent.contains(&volume.code), "lent and destroyed: {}", volume.code);
                let bears = year
                    .volumes
                    .iter()
                    .find(|one| one.number.as_ref().is_some_and(|number| number.code == volume.code));
                prop_assert!(bears.is_some(), "the line of {} stays", volume.code);
                let items: BTreeSet<_> = bears.unwrap().entries.iter().map(|entry| entry.item).collect();
                let first = gone.entry(volume.code.clone()).or_insert_with(|| items.clone());
                prop_assert_eq!(first, &items, "a number of a destroyed volume was given again");
            }
            for list in repository.destruction_lists().unwrap().into_iter().filter(|list| list.destroyed.is_some()) {
                let approval = list.approval.clone().unwrap();
                prop_assert_ne!(&approval.by, &list.made_by);
                let mut people = list.supervision.clone().unwrap().supervisors;
                people.sort();
                people.dedup();
                prop_assert!(people.len() >= 2 && !people.contains(&list.made_by));
            }
            for gone in repository.destroyed_items().unwrap() {
                prop_assert!(repository.files(gone.item).unwrap().is_empty());
            }
        }
        let destroyed = repository.destroyed_items().unwrap().len();
        let with_files = ids.iter().filter(|id| !repository.files(**id).unwrap().is_empty()).count();
        prop_assert_eq!(destroyed + with_files, ids.len(), "what wasn't destroyed is all there");
        prop_assert!(repository.verify_audit(None).unwrap().is_empty());
        prop_assert!(repository.fixity(&|_| ()).unwrap().findings.is_empty());
    }
}
