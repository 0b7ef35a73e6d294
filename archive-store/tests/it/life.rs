//! The life of records after the catalogue, as a state machine: any sequence of acts by anybody, in any order, against a
//! model in memory.
//!
//! Whatever the sequence: nothing is open without an opinion and a decision by two people; a volume is out once at most,
//! and while it is out it is neither handed over nor destroyed; nothing is destroyed without an approval and two
//! supervisors, and what was destroyed is never lent; no number is used twice; the audit chain holds.

use std::collections::{BTreeMap, BTreeSet};

use archive_core::appraisal::Terms;
use archive_core::loans::Request;
use archive_core::model::{ItemId, OpeningState, SecrecyLevel};
use archive_core::opening::{Said, Verdict};
use archive_core::profile::Profile;
use archive_store::{Repository, Result, Sending, StoreError};
use chrono::{DateTime, Days, FixedOffset};
use proptest::prelude::*;

use crate::destroying::{code, holdings, in_2036, request, supervision};
use crate::place::FONDS;

/// Two people, so that many steps are taken by the same one.
const PEOPLE: [&str; 2] = ["王芳", "李明"];
const VOLUMES: u32 = 3;

#[derive(Debug, Clone)]
enum Step {
    /// Somebody gives an opinion on the nth item.
    Opinion { item: usize, verdict: Verdict, by: usize },
    /// Somebody decides on the nth item.
    Decide { item: usize, verdict: Verdict, by: usize },
    /// Somebody tries to open the nth item by describing it anew.
    Describe { item: usize, by: usize },
    /// A volume is lent, approved or not.
    Lend { volume: u32, approved: bool },
    /// A loan is extended.
    Extend { volume: u32 },
    /// A volume comes back with so many of its ten sheets.
    Return { volume: u32, sheets: u32 },
    /// A volume is handed over.
    HandOver { volume: u32 },
    /// A destruction list of one volume is drawn up.
    DrawUp { volume: u32 },
    /// The last list is approved, with its digest or another.
    Approve { right: bool },
    /// So many people supervise it.
    Supervise { people: usize },
    /// It is carried out.
    Destroy,
    /// Days pass.
    Wait { days: u64 },
    /// An act begun and given up.
    GiveUp { volume: u32 },
}

fn verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![3 => Just(Verdict::Open), 1 => Just(Verdict::Postpone), 1 => Just(Verdict::Close)]
}

fn step() -> impl Strategy<Value = Step> {
    let (item, by, volume) = (0..4_usize, 0..2_usize, 1..=VOLUMES);
    prop_oneof![
        4 => (item.clone(), verdict(), by.clone()).prop_map(|(item, verdict, by)| Step::Opinion { item, verdict, by }),
        4 => (item.clone(), verdict(), by.clone()).prop_map(|(item, verdict, by)| Step::Decide { item, verdict, by }),
        1 => (item, by).prop_map(|(item, by)| Step::Describe { item, by }),
        4 => (volume.clone(), any::<bool>()).prop_map(|(volume, approved)| Step::Lend { volume, approved }),
        1 => volume.clone().prop_map(|volume| Step::Extend { volume }),
        3 => (volume.clone(), 9..=10_u32).prop_map(|(volume, sheets)| Step::Return { volume, sheets }),
        1 => volume.clone().prop_map(|volume| Step::HandOver { volume }),
        2 => volume.clone().prop_map(|volume| Step::DrawUp { volume }),
        2 => any::<bool>().prop_map(|right| Step::Approve { right }),
        2 => (1..=2_usize).prop_map(|people| Step::Supervise { people }),
        2 => Just(Step::Destroy),
        1 => (1..20_u64).prop_map(|days| Step::Wait { days }),
        1 => volume.prop_map(|volume| Step::GiveUp { volume }),
    ]
}

/// The last destruction list, as the model knows it.
#[derive(Debug, Default, Clone)]
struct List {
    number: String,
    volume: u32,
    approved: bool,
    supervised: bool,
    done: bool,
}

#[derive(Debug, Default)]
struct Model {
    opinions: BTreeMap<ItemId, (Verdict, usize)>,
    open: BTreeSet<ItemId>,
    out: BTreeMap<u32, String>,
    handed_over: BTreeSet<u32>,
    destroyed: BTreeSet<u32>,
    list: Option<List>,
    loan_numbers: BTreeSet<String>,
}

struct World {
    repository: Repository,
    ids: Vec<ItemId>,
    now: DateTime<FixedOffset>,
    profile: Profile,
    model: Model,
    turn: usize,
}

fn outcome<T>(result: Result<T>) -> Option<T> {
    match result {
        Ok(done) => Some(done),
        Err(error) => {
            assert!(
                error.rule().is_some()
                    || matches!(
                        error,
                        StoreError::NotFound { .. }
                            | StoreError::NumberIssued { .. }
                            | StoreError::SentTwice { .. }
                    ),
                "a refusal names its rule: {error}"
            );
            None
        }
    }
}

impl World {
    fn volume_of(item: usize) -> u32 {
        u32::try_from(item / 2).unwrap() + 1
    }

    fn take(&mut self, step: &Step) {
        self.turn += 1;
        match *step {
            Step::Opinion { item, verdict, by } => {
                let id = self.ids[item];
                let change = self.repository.begin(PEOPLE[by], "opening review", self.now).unwrap();
                if outcome(change.give_opinion(id, self.said(verdict), &self.profile)).is_some() {
                    change.commit().unwrap();
                    assert!(verdict != Verdict::Open || !self.model.open.contains(&id));
                    self.model.opinions.insert(id, (verdict, by));
                }
            }
            Step::Decide { item, verdict, by } => {
                let id = self.ids[item];
                let change = self.repository.begin(PEOPLE[by], "opening decide", self.now).unwrap();
                if outcome(change.decide_opening(id, self.said(verdict), &self.profile)).is_some() {
                    change.commit().unwrap();
                    let opinion = self.model.opinions.remove(&id);
                    if verdict == Verdict::Open {
                        // What opens had an opinion.
                        let (said, who) = opinion.unwrap();
                        assert_eq!(said, Verdict::Open);
                        assert_ne!(who, by, "two people");
                        self.model.open.insert(id);
                    } else {
                        self.model.open.remove(&id);
                    }
                }
            }
            Step::Describe { item, by } => {
                let mut record = self.repository.item(self.ids[item]).unwrap();
                record.opening = OpeningState::Open;
                record.remarks = Some(format!("第 {} 次", self.turn));
                let change = self.repository.begin(PEOPLE[by], "import", self.now).unwrap();
                change.describe(&record).unwrap();
                change.commit().unwrap();
            }
            Step::Lend { volume, approved } => {
                let change = self.repository.begin(PEOPLE[0], "loan lend", self.now).unwrap();
                let lent = outcome(change.lend(FONDS, Self::wish(volume, approved), &self.profile));
                if let Some(loan) = lent {
                    change.commit().unwrap();
                    assert!(approved);
                    assert!(!self.model.destroyed.contains(&volume), "what was destroyed can't be lent");
                    assert!(self.model.loan_numbers.insert(loan.no.clone()), "a number used twice");
                    assert!(self.model.out.insert(volume, loan.no).is_none(), "lent twice");
                }
            }
            Step::Extend { volume } => {
                let Some(no) = self.model.out.get(&volume) else { return };
                let change = self.repository.begin(PEOPLE[0], "loan extend", self.now).unwrap();
                if outcome(change.extend_loan(no, None, "王主任", "", &self.profile)).is_some() {
                    change.commit().unwrap();
                }
            }
            Step::Return { volume, sheets } => {
                let no = self.model.out.get(&volume).cloned().unwrap_or_else(|| "2036-9999".to_owned());
                let change = self.repository.begin(PEOPLE[1], "loan return", self.now).unwrap();
                if outcome(change.take_back(&no, sheets, "", &self.profile)).is_some() {
                    change.commit().unwrap();
                    assert_eq!(sheets, 10, "what is missing is put down");
                    self.model.out.remove(&volume);
                }
            }
            Step::HandOver { volume } => {
                let change = self.repository.begin(PEOPLE[0], "transfer", self.now).unwrap();
                let sent = outcome(change.record_transfer_sent(&Sending {
                    fonds: FONDS.into(),
                    year: 2004,
                    package: format!("package {}", self.turn),
                    digest: format!("digest {}", self.turn),
                    receiver: "档案馆".into(),
                    volumes: vec![code(volume)],
                    files: 0,
                }));
                if sent.is_some() {
                    change.commit().unwrap();
                    assert!(!self.model.out.contains_key(&volume), "handed over while lent");
                    self.model.handed_over.insert(volume);
                }
            }
            Step::DrawUp { volume } => {
                let change = self.repository.begin("陈文书", "disposal", self.now).unwrap();
                let number = change.new_destruction_list(FONDS, "到期案卷", false).unwrap();
                let lines = [request(volume)];
                if outcome(change.add_to_destruction_list(&number, &lines, Terms::default())).is_some() {
                    change.commit().unwrap();
                    self.model.list = Some(List { number, volume, ..List::default() });
                }
            }
            Step::Approve { right } => {
                let Some(list) = self.model.list.clone() else { return };
                let written = self.repository.destruction_list(&list.number).unwrap();
                let digest = if right {
                    self.repository.destruction_list_digest(&written, Terms::default()).unwrap()
                } else {
                    "0".repeat(64)
                };
                let change = self.repository.begin("王主任", "disposal", self.now).unwrap();
                let done = change.approve_destruction_list(&list.number, &digest, "", Terms::default());
                if outcome(done).is_some() {
                    change.commit().unwrap();
                    assert!(right, "another list was approved");
                    self.model.list.as_mut().unwrap().approved = true;
                }
            }
            Step::Supervise { people } => {
                let Some(list) = self.model.list.clone() else { return };
                let change = self.repository.begin("王主任", "disposal", self.now).unwrap();
                let names = &PEOPLE[..people];
                if outcome(change.supervise_destruction(&list.number, &supervision(names))).is_some() {
                    change.commit().unwrap();
                    assert!(people >= 2, "one alone supervises");
                    self.model.list.as_mut().unwrap().supervised = true;
                }
            }
            Step::Destroy => {
                let Some(list) = self.model.list.clone() else { return };
                let mut change = self.repository.begin("陈文书", "disposal", self.now).unwrap();
                if outcome(change.destroy(&list.number, Terms::default())).is_some() {
                    change.commit().unwrap();
                    assert!(list.approved && list.supervised && !list.done, "{list:?}");
                    assert!(!self.model.out.contains_key(&list.volume), "destroyed while lent");
                    assert!(self.model.destroyed.insert(list.volume), "destroyed twice");
                    self.model.list.as_mut().unwrap().done = true;
                }
            }
            Step::Wait { days } => self.now = self.now + Days::new(days),
            Step::GiveUp { volume } => {
                let change = self.repository.begin(PEOPLE[0], "loan lend", self.now).unwrap();
                let _ = outcome(change.lend(FONDS, Self::wish(volume, true), &self.profile));
            }
        }
    }

    fn said(&self, verdict: Verdict) -> Said {
        let next = Some(self.now.date_naive() + Days::new(365)).filter(|_| verdict == Verdict::Postpone);
        Said { verdict, reason: "审核".into(), next }
    }

    fn wish(volume: u32, approved: bool) -> Request {
        Request {
            volume: code(volume),
            borrower: "张三".into(),
            unit: String::new(),
            purpose: "编史".into(),
            approved_by: if approved { "王主任".into() } else { String::new() },
            sheets: 10,
            due: None,
            level: SecrecyLevel::None,
        }
    }

    /// What is on disk says what the model says.
    fn judge(&self) {
        let repository = &self.repository;
        for (at, id) in self.ids.iter().enumerate() {
            let open = repository.item(*id).unwrap().opening == OpeningState::Open;
            assert_eq!(open, self.model.open.contains(id), "item {at} of volume {}", Self::volume_of(at));
            if open {
                let decision = repository.opening(*id).unwrap().decision.unwrap();
                assert_eq!(decision.said.verdict, Verdict::Open);
                assert_ne!(decision.opinion.unwrap().by, decision.by);
            }
        }
        let out: BTreeSet<String> =
            repository.loans_out().unwrap().into_iter().map(|loan| loan.volume).collect();
        assert_eq!(out, self.model.out.keys().map(|no| code(*no)).collect());
        let destroyed: BTreeSet<String> =
            repository.destroyed_volumes().unwrap().into_iter().map(|volume| volume.code).collect();
        assert_eq!(destroyed, self.model.destroyed.iter().map(|no| code(*no)).collect());
        assert!(out.is_disjoint(&destroyed), "both lent and destroyed");
        let numbers = repository.taken_numbers(FONDS).unwrap();
        let codes: BTreeSet<&str> = numbers.iter().map(|number| number.code.as_str()).collect();
        assert_eq!(codes.len(), numbers.len(), "a number used twice");
        assert!(repository.verify_audit(None).unwrap().is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_acts_leads_where_a_rule_forbids(steps in proptest::collection::vec(step(), 1..28)) {
        let (place, ids) = holdings();
        let mut world = World {
            repository: place.open(),
            ids,
            now: in_2036(),
            profile: Profile::built_in("futian-2006").unwrap(),
            model: Model::default(),
            turn: 0,
        };
        for step in &steps {
            world.take(step);
        }
        world.judge();
    }
}

/// The machine above must be able to get everywhere, or it proves nothing: one way there, step by step.
#[test]
fn the_way_through_is_open() {
    let (place, ids) = holdings();
    let mut world = World {
        repository: place.open(),
        ids,
        now: in_2036(),
        profile: Profile::built_in("futian-2006").unwrap(),
        model: Model::default(),
        turn: 0,
    };
    for step in [
        Step::Opinion { item: 0, verdict: Verdict::Open, by: 0 },
        Step::Decide { item: 0, verdict: Verdict::Open, by: 1 },
        Step::Lend { volume: 1, approved: true },
        Step::DrawUp { volume: 2 },
        Step::Approve { right: true },
        Step::Supervise { people: 2 },
        Step::Destroy,
        Step::Return { volume: 1, sheets: 10 },
        Step::HandOver { volume: 1 },
        Step::Lend { volume: 3, approved: true },
    ] {
        world.take(&step);
    }
    world.judge();
    assert_eq!(
        (world.model.open.len(), world.model.destroyed.len(), world.model.handed_over.len()),
        (1, 1, 1)
    );
    assert_eq!(world.model.out.len(), 1);
    drop(place);
}
