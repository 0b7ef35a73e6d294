use archive_store::AuditHead;
use rusqlite::Connection;

use crate::place::{Place, now};

/// A repository with five entries in its chain, and a hand on its database that no trigger stops.
fn tampered(sql: &str) -> Vec<u64> {
    let place = Place::new();
    for register in ["a", "b", "c", "d"] {
        place.import(register, 1);
    }
    let database = Connection::open(place.root().join("catalogue.db")).unwrap();
    database.execute_batch("DROP TRIGGER audit_stays; DROP TRIGGER audit_unchanged;").unwrap();
    database.execute_batch(sql).unwrap();
    place.open().verify_audit(None).unwrap().into_iter().map(|problem| problem.seq).collect()
}

#[test]
fn an_untouched_chain_holds() {
    assert!(tampered("").is_empty());
}

#[test]
fn a_changed_entry_shows() {
    assert_eq!(tampered("UPDATE audit SET who = 'x' WHERE seq = 3"), [3]);
}

#[test]
fn a_removed_entry_shows() {
    assert_eq!(tampered("DELETE FROM audit WHERE seq = 3"), [4]);
}

#[test]
fn an_entry_removed_at_the_end_shows() {
    // Where it was, and by what the tables hold, which entry 4 doesn't answer for.
    assert_eq!(tampered("DELETE FROM audit WHERE seq = 5"), [5, 4]);
}

#[test]
fn entries_changed_over_show() {
    let swap = "UPDATE audit SET seq = 99 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3;
                UPDATE audit SET seq = 3 WHERE seq = 99";
    assert_eq!(tampered(swap), [2, 2, 3, 3, 4]);
}

#[test]
fn an_added_entry_shows() {
    let add = "INSERT INTO audit SELECT 6, time, who, act, subject, detail, before, after, state, digest, digest FROM audit
               WHERE seq = 5";
    assert_eq!(tampered(add), [6, 6]);
}

#[test]
fn the_chain_cannot_be_changed_by_accident() {
    let place = Place::new();
    let database = Connection::open(place.root().join("catalogue.db")).unwrap();
    assert!(database.execute("DELETE FROM audit", []).is_err());
    assert!(database.execute("UPDATE audit SET who = 'x'", []).is_err());
}

#[test]
fn a_rollback_of_the_whole_shows_against_a_deposited_head() {
    let place = Place::new();
    place.import("a", 1);
    let head = place.open().audit_head().unwrap();
    assert!(place.open().verify_audit(Some(&head)).unwrap().is_empty());
    let later = AuditHead { seq: head.seq + 1, digest: "another".into() };
    assert_eq!(place.open().verify_audit(Some(&later)).unwrap().len(), 1);
    let other = AuditHead { digest: "another".into(), ..head };
    assert_eq!(place.open().verify_audit(Some(&other)).unwrap().len(), 1);
}

#[test]
fn every_change_says_who_did_what_and_when() {
    let place = Place::new();
    place.import("2004", 2);
    let log = place.open().audit_log(1, 10).unwrap();
    let acts: Vec<_> = log.iter().map(|entry| entry.act.as_str()).collect();
    assert_eq!(acts, ["create", "import"]);
    assert_eq!((log[1].who.as_str(), log[1].time.as_str()), ("王芳", now().to_rfc3339().as_str()));
}
