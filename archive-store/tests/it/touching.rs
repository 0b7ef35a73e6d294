//! What a change touched, as the chain tells it.

use std::collections::BTreeMap;

use archive_core::model::ItemId;
use archive_store::Touched;

use crate::place::{FONDS, Place, arrangement, now, volume};

#[test]
fn a_change_tells_which_items_and_years_it_touched_and_a_register_that_it_may_be_anything() {
    let place = Place::new();
    let ids = place.import("a", 3);
    let repository = place.open();
    let begun = repository.audit_head().unwrap();
    assert_eq!(repository.touched_since(&begun).unwrap(), Some(Touched::default()));

    let mut item = repository.item(ids[1]).unwrap();
    item.title.push_str("（改）");
    let (one, other) = (arrangement(vec![volume(1, &ids[..2])]), arrangement(Vec::new()));
    let change = repository.begin("王芳", "archive arrange", now()).unwrap();
    change.describe(&item).unwrap();
    change.save_arrangements(FONDS, &BTreeMap::from([(2004, &one), (2005, &other)])).unwrap();
    change.commit().unwrap();
    let touched = repository.touched_since(&begun).unwrap().unwrap();
    assert_eq!(touched.items.into_iter().collect::<Vec<_>>(), [ids[1]]);
    assert_eq!(
        touched.years.into_iter().collect::<Vec<_>>(),
        [(FONDS.to_owned(), 2004), (FONDS.to_owned(), 2005)]
    );

    // What came before isn't told again, and a register of its own touches nothing of the records.
    let later = repository.audit_head().unwrap();
    let change = repository.begin("王芳", "archive storeroom", now()).unwrap();
    change.add_room("1", "一号库房", now().date_naive()).unwrap();
    change.commit().unwrap();
    assert_eq!(repository.touched_since(&later).unwrap(), Some(Touched::default()));

    place.import("b", 1);
    assert_eq!(repository.touched_since(&later).unwrap(), None);
    let elsewhere = archive_store::AuditHead { digest: "other".into(), ..begun };
    assert_eq!(repository.touched_since(&elsewhere).unwrap(), None, "of another chain nothing can be said");
}

#[test]
fn a_year_that_stays_as_it_was_is_not_written_again() {
    let place = Place::new();
    let ids = place.import("a", 4);
    let repository = place.open();
    let (one, other) = (arrangement(vec![volume(1, &ids[..2])]), arrangement(Vec::new()));
    let save = |years: &BTreeMap<i32, &_>| {
        let before = repository.audit_head().unwrap().seq;
        let change = repository.begin("王芳", "archive arrange", now()).unwrap();
        change.save_arrangements(FONDS, years).unwrap();
        change.commit().unwrap();
        repository.audit_head().unwrap().seq - before
    };
    assert_eq!(save(&BTreeMap::from([(2004, &one), (2005, &other)])), 2);
    let state = repository.state_of(&["arrangement", "volume", "entry", "item"]).unwrap();
    assert_eq!(save(&BTreeMap::from([(2004, &one), (2005, &other)])), 0);
    assert_eq!(repository.state_of(&["arrangement", "volume", "entry", "item"]).unwrap(), state);
    let more = arrangement(vec![volume(1, &ids[..3])]);
    assert_eq!(save(&BTreeMap::from([(2004, &more), (2005, &other)])), 1, "the year that changed");
    assert!(repository.verify_audit(None).unwrap().is_empty());
}

#[test]
fn a_year_gives_what_stands_in_it_and_an_item_the_year_it_stands_in() {
    let place = Place::new();
    let ids = place.import("a", 3);
    let repository = place.open();
    let change = repository.begin("王芳", "archive arrange", now()).unwrap();
    // Drawn into another year than the one it is dated in.
    let mut drawn = volume(1, &ids[..1]);
    drawn.year = 2003;
    change.save_arrangement(FONDS, 2003, &arrangement(vec![drawn])).unwrap();
    change.save_arrangement(FONDS, 2004, &arrangement(vec![volume(2, &ids[1..2])])).unwrap();
    change.commit().unwrap();
    let standing_in = |year: i32| {
        let mut found: Vec<ItemId> = Vec::new();
        let each = |item: archive_core::model::Item| {
            found.push(item.id);
            Ok::<_, archive_store::StoreError>(())
        };
        repository.each_standing_in(FONDS, year, None, each).unwrap();
        found
    };
    assert_eq!(standing_in(2003), [ids[0]]);
    assert_eq!(standing_in(2004), [ids[1], ids[2]], "of its volumes, then what stands in none");
    assert_eq!(standing_in(0), []);
    for (id, year) in ids.iter().zip([2003, 2004, 2004]) {
        assert_eq!(repository.stands_in(*id).unwrap(), (FONDS.to_owned(), year));
    }
    assert!(repository.stands_in(ItemId(99)).is_err());
}
