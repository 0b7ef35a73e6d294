//! The seals: what somebody changes in the database with another program shows, whatever the table.

use archive_core::model::Item;
use archive_store::ItemFilter;
use rusqlite::Connection;

use crate::place::{Place, now};

/// What the chain says after two imports and this, done to the database with another program.
fn behind_its_back(sql: &str) -> Vec<String> {
    let place = Place::new();
    place.import("a", 3);
    place.import("b", 2);
    Connection::open(place.root().join("catalogue.db")).unwrap().execute_batch(sql).unwrap();
    let problems = place.open().verify_audit(None).unwrap();
    problems.into_iter().map(|problem| problem.message.en).map(String::from).collect()
}

#[test]
fn nothing_done_is_nothing_found() {
    assert!(behind_its_back("VACUUM").is_empty());
}

#[test]
fn a_changed_title_an_added_row_and_a_removed_one_show_with_their_tables() {
    let changed = behind_its_back("UPDATE item SET title = title || '。' WHERE id = 2");
    assert_eq!(changed.len(), 1);
    assert!(changed[0].starts_with("table item "), "{changed:?}");
    let added = behind_its_back("INSERT INTO fonds (code, institution) VALUES ('X001', 'x')");
    assert!(added[0].starts_with("table fonds "), "{added:?}");
    let removed = behind_its_back("DELETE FROM file WHERE item = 3");
    assert!(removed[0].starts_with("table file "), "{removed:?}");
}

#[test]
fn two_changes_that_a_plain_sum_would_not_tell_apart_show() {
    assert_eq!(behind_its_back("UPDATE item SET row = 4 - row WHERE id <= 3").len(), 1);
}

#[test]
fn seals_made_to_fit_differ_from_the_chain() {
    let found = behind_its_back(
        "UPDATE item SET title = 'x' WHERE id = 2;
         UPDATE seal SET lanes = zeroblob(2048) WHERE name = 'item'",
    );
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("the seals "), "{found:?}");
}

#[test]
fn a_change_taken_back_leaves_the_seals_as_they_were() {
    let place = Place::new();
    place.import("a", 3);
    let repository = place.open();
    let mut item: Item = repository.items(&ItemFilter::default()).unwrap().remove(0);
    item.title = "改过的题名".into();
    let change = repository.begin("王芳", "archive describe", now()).unwrap();
    change.describe(&item).unwrap();
    drop(change);
    assert!(repository.verify_audit(None).unwrap().is_empty());
    // The same connection goes on: what the dropped change noted isn't counted in the next.
    let change = repository.begin("王芳", "archive describe", now()).unwrap();
    change.describe(&item).unwrap();
    change.commit().unwrap();
    assert!(repository.verify_audit(None).unwrap().is_empty());
}

#[test]
fn the_word_for_some_tables_is_another_when_they_change_and_only_then() {
    let place = Place::new();
    place.import("a", 3);
    let word = |tables: &[&str]| place.open().state_of(tables).unwrap();
    let (items, loans, both) = (word(&["item"]), word(&["loan"]), word(&["item", "loan"]));
    place.import("b", 2);
    assert_ne!(word(&["item"]), items);
    assert_eq!(word(&["loan"]), loans);
    assert_ne!(word(&["item", "loan"]), both);
}
