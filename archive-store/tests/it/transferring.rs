use std::collections::BTreeMap;
use std::fs;

use archive_core::model::{Institution, ItemId};
use archive_store::{Accession, ErrorKind, ItemFilter, StoreError};
use serde_json::json;

use crate::place::{FONDS, Place, arrangement, item, now, volume};

/// A package of two items with a scan each, in one volume; `first` is its first identifier.
fn accession(place: &Place, package: &str, volume_no: u32, first: u64) -> Accession {
    let ids = [ItemId(first), ItemId(first + 1)];
    Accession {
        package: package.into(),
        digest: format!("digest of {package}"),
        sender: "雁江镇政府".into(),
        fonds: Institution { name: "雁江镇政府".into(), fonds: "J077".into() },
        items: vec![item(first), item(first + 1)],
        files: vec![
            place.scan(first, &format!("{package}/1.tif"), b"one"),
            place.scan(first + 1, &format!("{package}/2.tif"), b"two"),
        ],
        arrangements: BTreeMap::from([(2004, arrangement(vec![volume(volume_no, &ids)]))]),
        evidence: json!({ "verified": true }),
    }
}

#[test]
fn a_package_is_taken_in_with_the_senders_codes_and_our_identifiers() {
    let place = Place::new();
    place.import("2003", 5);
    let repository = place.open();
    let mut change = repository.begin("档案馆", "archive transfer receive", now()).unwrap();
    let received = change.receive(&accession(&place, "p1", 1, 1000), &|_| ()).unwrap();
    change.commit().unwrap();
    assert_eq!((received.accession.as_str(), received.volumes), ("2005-0001", 1));
    assert_eq!(received.report.items, [ItemId(6), ItemId(7)]);

    let arrangement = repository.arrangement("J077", 2004).unwrap().unwrap();
    assert_eq!(arrangement.volumes[0].number.as_ref().unwrap().code, "J019-2004·Y-001");
    assert_eq!(arrangement.volumes[0].entries[1].item, ItemId(7));
    assert_eq!(repository.fonds_of(ItemId(7)).unwrap(), "J077");
    assert_eq!(fs::read(&repository.files(ItemId(7)).unwrap()[0].path).unwrap(), b"two");
    assert!(repository.taken_numbers("J077").unwrap()[0].handed_over);
    let fonds: Vec<_> = repository.all_fonds().unwrap().into_iter().map(|one| one.fonds).collect();
    assert_eq!(fonds, [FONDS, "J077"]);
    assert_eq!(repository.received_packages().unwrap()[0].evidence, json!({ "verified": true }));
}

#[test]
fn a_package_sent_twice_is_recognised() {
    let place = Place::new();
    let repository = place.open();
    let mut change = repository.begin("档案馆", "archive transfer receive", now()).unwrap();
    change.receive(&accession(&place, "p1", 1, 1000), &|_| ()).unwrap();
    change.commit().unwrap();
    let before = place.tree();
    let mut change = repository.begin("档案馆", "archive transfer receive", now()).unwrap();
    let mut renamed = accession(&place, "p2", 2, 1000);
    renamed.digest = "digest of p1".into();
    for again in [accession(&place, "p1", 1, 1000), renamed] {
        let error = change.receive(&again, &|_| ()).unwrap_err();
        assert!(
            matches!(&error, StoreError::PackageTwice { accession, .. } if accession == "2005-0001"),
            "{error}"
        );
    }
    drop(change);
    assert_eq!(place.tree(), before);
}

#[test]
fn a_year_may_come_in_several_packages_but_not_with_the_same_numbers() {
    let place = Place::new();
    let repository = place.open();
    for (package, volume_no) in [("p1", 1), ("p2", 2)] {
        let mut change = repository.begin("档案馆", "archive transfer receive", now()).unwrap();
        change.receive(&accession(&place, package, volume_no, 1), &|_| ()).unwrap();
        change.commit().unwrap();
    }
    assert_eq!(repository.arrangement("J077", 2004).unwrap().unwrap().volumes.len(), 2);
    let mut change = repository.begin("档案馆", "archive transfer receive", now()).unwrap();
    let error = change.receive(&accession(&place, "p3", 2, 1), &|_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Number, "{error}");
    drop(change);
    let all = ItemFilter { fonds: Some("J077".into()), ..ItemFilter::default() };
    assert_eq!(repository.count_items(&all).unwrap(), 4);
}

#[test]
fn a_volume_that_lists_what_is_not_in_the_package_is_refused() {
    let place = Place::new();
    let repository = place.open();
    let mut bad = accession(&place, "p1", 1, 1);
    bad.items.pop();
    bad.files.pop();
    let mut change = repository.begin("档案馆", "archive transfer receive", now()).unwrap();
    let error = change.receive(&bad, &|_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Inconsistent, "{error}");
}
