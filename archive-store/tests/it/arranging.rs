use std::collections::BTreeMap;

use archive_store::{ErrorKind, ItemFilter, Repository, Sending, StoreError};
use serde::{Deserialize, Serialize};

use crate::place::{FONDS, Place, arrangement, now, volume};

fn save(repository: &Repository, volumes: Vec<archive_core::model::Volume>) -> Result<(), StoreError> {
    let change = repository.begin("王芳", "archive number", now())?;
    change.save_arrangement(FONDS, 2004, &arrangement(volumes))?;
    change.commit()
}

fn hand_over(repository: &Repository, volume_no: u32) -> Result<(), StoreError> {
    let change = repository.begin("王芳", "archive transfer build", now())?;
    change.record_transfer_sent(&Sending {
        fonds: FONDS.into(),
        year: 2004,
        package: format!("{FONDS}-2004-{volume_no}"),
        digest: format!("digest {volume_no}"),
        receiver: "简阳市档案馆".into(),
        volumes: vec![format!("{FONDS}-2004·Y-{volume_no:03}")],
        files: 3,
    })?;
    change.commit()
}

#[test]
fn an_arrangement_comes_back_as_it_was_saved() {
    let place = Place::new();
    let ids = place.import("2004", 4);
    let repository = place.open();
    assert_eq!(repository.arrangement(FONDS, 2004).unwrap(), None);
    let volumes = vec![volume(1, &ids[..2]), volume(2, &ids[2..3])];
    save(&repository, volumes.clone()).unwrap();
    assert_eq!(repository.arrangement(FONDS, 2004).unwrap(), Some(arrangement(volumes)));
    let in_volume = ItemFilter { in_volume: Some(true), ..ItemFilter::default() };
    assert_eq!(repository.count_items(&in_volume).unwrap(), 3);
    let taken = repository.taken_numbers(FONDS).unwrap();
    assert_eq!(taken.iter().map(|number| number.volume_no).collect::<Vec<_>>(), [1, 2]);
    assert!(taken.iter().all(|number| !number.handed_over));
}

#[test]
fn a_new_arrangement_takes_the_place_of_the_old_one() {
    let place = Place::new();
    let ids = place.import("2004", 4);
    let repository = place.open();
    save(&repository, vec![volume(1, &ids[..2]), volume(2, &ids[2..])]).unwrap();
    save(&repository, vec![volume(1, &ids[2..]), volume(3, &ids[..1])]).unwrap();
    let in_none = ItemFilter { in_volume: Some(false), ..ItemFilter::default() };
    let left: Vec<_> = repository.items(&in_none).unwrap().iter().map(|item| item.id).collect();
    assert_eq!(left, [ids[1]]);
}

#[test]
fn a_number_given_twice_is_refused_and_names_who_bears_it() {
    let place = Place::new();
    let ids = place.import("2004", 2);
    let repository = place.open();
    let error = save(&repository, vec![volume(7, &ids[..1]), volume(7, &ids[1..])]).unwrap_err();
    assert!(matches!(error, StoreError::NumberTaken { .. }), "{error}");
    assert!(error.message().zh.contains("防汛材料之7"), "{error}");
    assert_eq!(repository.arrangement(FONDS, 2004).unwrap(), None);
}

#[test]
fn an_item_stands_in_one_volume_only() {
    let place = Place::new();
    let ids = place.import("2004", 2);
    let repository = place.open();
    let error = save(&repository, vec![volume(1, &ids), volume(2, &ids[1..])]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Inconsistent, "{error}");
}

#[test]
fn years_that_give_items_to_one_another_are_saved_together() {
    let place = Place::new();
    let ids = place.import("2004", 2);
    let repository = place.open();
    let change = repository.begin("王芳", "archive arrange", now()).unwrap();
    let of_2005 = |items: &[_]| {
        let mut volume = volume(1, items);
        volume.year = 2005;
        volume.number = None;
        arrangement(vec![volume])
    };
    let (a, b) = (arrangement(vec![volume(1, &ids[..1])]), of_2005(&ids[1..]));
    change.save_arrangements(FONDS, &BTreeMap::from([(2004, &a), (2005, &b)])).unwrap();
    let (a, b) = (arrangement(vec![volume(1, &ids[1..])]), of_2005(&ids[..1]));
    change.save_arrangements(FONDS, &BTreeMap::from([(2004, &a), (2005, &b)])).unwrap();
    change.commit().unwrap();
    assert_eq!(repository.years(FONDS).unwrap(), [2004, 2005]);
    let filed: Vec<_> =
        repository.items(&ItemFilter::year(FONDS, 2005)).unwrap().iter().map(|item| item.id).collect();
    assert_eq!(filed, ids[..1]);
}

#[test]
fn a_number_that_was_handed_over_is_never_given_again_nor_its_volume_changed() {
    let place = Place::new();
    let ids = place.import("2004", 3);
    let repository = place.open();
    save(&repository, vec![volume(1, &ids[..2])]).unwrap();
    hand_over(&repository, 1).unwrap();
    assert!(repository.taken_numbers(FONDS).unwrap()[0].handed_over);

    for changed in
        [vec![], vec![volume(1, &ids)], vec![volume(1, &[ids[1], ids[0]])], vec![volume(2, &ids[..2])]]
    {
        let error = save(&repository, changed).unwrap_err();
        assert!(matches!(error, StoreError::NumberIssued { .. }), "{error}");
    }
    // What was found later gets a volume of its own (V8).
    save(&repository, vec![volume(1, &ids[..2]), volume(2, &ids[2..])]).unwrap();

    // Not even a hand on the database can take the number back.
    let database = rusqlite::Connection::open(place.root().join("catalogue.db")).unwrap();
    assert!(database.execute("DELETE FROM issued_volume", []).is_err());
    assert!(database.execute("UPDATE issued_item SET item_no = 9", []).is_err());
}

#[test]
fn a_document_and_its_parts_may_share_an_item_number() {
    let place = Place::new();
    let ids = place.import("2004", 3);
    let repository = place.open();
    let shared = || {
        let mut volume = volume(1, &ids);
        for (entry, no) in volume.entries.iter_mut().zip([1, 1, 2]) {
            entry.item_no = Some(no);
        }
        volume
    };
    save(&repository, vec![shared()]).unwrap();
    hand_over(&repository, 1).unwrap();
    let sent = &repository.sent_packages().unwrap()[0];
    assert_eq!(sent.items, 3);
    // What was handed over can be saved again as it was, and not otherwise.
    save(&repository, vec![shared()]).unwrap();
    let mut other = shared();
    other.entries[1].item_no = Some(2);
    let error = save(&repository, vec![other]).unwrap_err();
    assert!(matches!(error, StoreError::NumberIssued { .. }), "{error}");
}

#[test]
fn until_a_volume_is_handed_over_its_number_may_change_or_be_taken_back() {
    let place = Place::new();
    let ids = place.import("2004", 4);
    let repository = place.open();
    let of = |no, items: std::ops::Range<usize>| volume(no, &ids[items]);
    save(&repository, vec![of(1, 0..1), of(2, 1..2), of(3, 2..3)]).unwrap();
    hand_over(&repository, 1).unwrap();
    // Two volumes change numbers, one loses its own.
    save(&repository, vec![of(1, 0..1), of(3, 1..2), of(2, 2..3)]).unwrap();
    let mut without = of(2, 2..3);
    without.number = None;
    without.entries[0].item_no = None;
    save(&repository, vec![of(1, 0..1), of(4, 1..2), without]).unwrap();
    let taken: Vec<_> = repository.taken_numbers(FONDS).unwrap();
    let told: Vec<_> = taken.iter().map(|number| (number.volume_no, number.handed_over)).collect();
    assert_eq!(told, [(1, true), (4, false)]);
}

#[test]
fn a_volume_of_another_year_cannot_take_a_number_that_was_handed_over() {
    let place = Place::new();
    let ids = place.import("2004", 2);
    let repository = place.open();
    save(&repository, vec![volume(1, &ids[..1])]).unwrap();
    hand_over(&repository, 1).unwrap();
    let change = repository.begin("王芳", "archive number", now()).unwrap();
    let error = change.save_arrangement(FONDS, 2005, &arrangement(vec![volume(1, &ids[1..])])).unwrap_err();
    assert!(matches!(error, StoreError::NumberIssued { .. }), "{error}");
}

#[test]
fn only_numbered_volumes_of_the_year_can_be_handed_over_and_once() {
    let place = Place::new();
    let ids = place.import("2004", 2);
    let repository = place.open();
    save(&repository, vec![volume(1, &ids)]).unwrap();
    assert_eq!(hand_over(&repository, 2).unwrap_err().kind(), ErrorKind::NotFound);
    hand_over(&repository, 1).unwrap();
    assert!(matches!(hand_over(&repository, 1).unwrap_err(), StoreError::SentTwice { .. }));
    let sent = repository.sent_packages().unwrap();
    assert_eq!((sent.len(), sent[0].volumes, sent[0].items), (1, 1, 2));

    let change = repository.begin("王芳", "archive transfer receipt", now()).unwrap();
    let receipt = serde_json::json!({ "accession": "2005-0001" });
    change.file_receipt("J019-2004-1", &receipt).unwrap();
    assert_eq!(change.file_receipt("J019-1999", &receipt).unwrap_err().kind(), ErrorKind::NotFound);
    change.commit().unwrap();
    assert_eq!(repository.sent_packages().unwrap()[0].receipt, Some(receipt));
}

#[test]
fn what_a_person_decided_is_kept_by_year() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Decided {
        joined: Vec<(u64, u64)>,
    }
    let place = Place::new();
    let repository = place.open();
    assert_eq!(repository.decisions::<Decided>(FONDS).unwrap(), None);
    let decided = Decided { joined: vec![(1, 2)] };
    let change = repository.begin("王芳", "archive arrange", now()).unwrap();
    change.save_decisions(FONDS, &decided).unwrap();
    change.commit().unwrap();
    assert_eq!(repository.decisions(FONDS).unwrap(), Some(decided));
}
