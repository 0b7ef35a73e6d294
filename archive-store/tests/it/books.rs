use archive_core::model::{ItemId, Secrecy};
use archive_core::office_register::{
    BookEntry, Clearing, Direction, Disposition, DispositionKind, EntryId, EntryLabel,
};
use archive_core::reading::{DocNumber, ItemDate};
use archive_store::{BookBatch, BookReport, ErrorKind, Repository};

use crate::place::{Place, now};

fn entry(no: u64, title: &str) -> BookEntry {
    let mut entry = BookEntry::new(EntryId(no), Direction::Incoming, 2004, no.to_string());
    entry.number = Some(DocNumber::read(&format!("临教〔2004〕{no}号")));
    entry.title = title.into();
    entry.registered = ItemDate::read("2004-05-18");
    entry.section = Some("秘书股".into());
    entry
}

fn label(no: u64) -> EntryLabel {
    entry(no, "").label
}

fn import(repository: &Repository, digest: &str, entries: Vec<BookEntry>, update: bool) -> BookReport {
    let change = repository.begin("王芳", "archive registers import", now()).unwrap();
    let batch = BookBatch {
        direction: Direction::Incoming,
        name: "收文.xlsx".into(),
        digest: digest.into(),
        entries,
        update,
    };
    let report = change.import_book(&batch).unwrap();
    change.commit().unwrap();
    report
}

fn settle(repository: &Repository, no: u64, kind: DispositionKind) {
    let change = repository.begin("王芳", "archive registers settle", now()).unwrap();
    change.settle_entry(&label(no), &Disposition::of(kind)).unwrap();
    change.commit().unwrap();
}

#[test]
fn a_book_comes_back_as_it_went_in() {
    let place = Place::new();
    let repository = place.open();
    let mut secret = entry(2, "");
    secret.secrecy = Secrecy::read("机密★10年").unwrap();
    secret.must_return = true;
    let entries = vec![entry(1, "甲"), secret];
    let report = import(&repository, "one", entries.clone(), false);
    assert_eq!((report.added, report.unchanged), (2, 0));
    let books = repository.books(None).unwrap();
    assert_eq!(books.entries, entries);
    assert_eq!(repository.books(Some(2003)).unwrap().entries, []);
    assert!(repository.verify_audit(None).unwrap().is_empty());
}

#[test]
fn a_book_that_grew_adds_its_new_lines_and_only_those() {
    let place = Place::new();
    let repository = place.open();
    import(&repository, "one", vec![entry(1, "甲"), entry(2, "乙")], false);
    let mut again = vec![entry(1, "甲"), entry(2, "乙（改）"), entry(3, "丙")];
    // Where it stands in the file is no difference.
    again[0].origin.row = 9;
    let report = import(&repository, "two", again.clone(), false);
    assert_eq!((report.added, report.updated, report.unchanged), (1, 0, 1));
    assert_eq!(report.differing, [label(2)]);
    assert_eq!(repository.book_entry(&label(2)).unwrap().title, "乙");
    let report = import(&repository, "two", again, true);
    assert_eq!((report.added, report.updated, report.unchanged), (0, 1, 2));
    assert_eq!(repository.book_entry(&label(2)).unwrap().title, "乙（改）");
}

#[test]
fn what_a_person_settled_outlives_a_later_file() {
    let place = Place::new();
    let repository = place.open();
    import(&repository, "one", vec![entry(1, "甲")], false);
    settle(&repository, 1, DispositionKind::Destroyed);
    let report = import(&repository, "two", vec![entry(1, "甲")], true);
    assert_eq!((report.updated, report.unchanged), (0, 1));
    let report = import(&repository, "three", vec![entry(1, "甲（改）")], true);
    assert_eq!(report.updated, 1);
    let kept = repository.book_entry(&label(1)).unwrap();
    assert_eq!(kept.disposition.unwrap().kind, DispositionKind::Destroyed);
    let acts: Vec<String> =
        repository.audit_log(1, 100).unwrap().into_iter().map(|entry| entry.act).collect();
    assert_eq!(acts[1..], ["book-import", "book-settle", "book-import", "book-import"]);
    assert!(repository.verify_audit(None).unwrap().is_empty());
}

#[test]
fn a_verdict_is_kept_and_an_item_is_one_line_only() {
    let place = Place::new();
    place.import("2004", 3);
    let repository = place.open();
    import(&repository, "one", vec![entry(1, "甲"), entry(2, "乙")], false);
    let judge = |no, item, same| {
        let change = repository.begin("王芳", "archive registers confirm", now()).unwrap();
        change.judge_pair(&label(no), ItemId(item), same).and_then(|()| change.commit())
    };
    judge(1, 1, true).unwrap();
    assert_eq!(judge(2, 1, true).unwrap_err().kind(), ErrorKind::Twice);
    // A person may think better of it.
    judge(1, 2, true).unwrap();
    judge(2, 1, true).unwrap();
    judge(2, 3, false).unwrap();
    let verdicts: Vec<(u64, u64, bool)> = repository
        .books(None)
        .unwrap()
        .verdicts
        .into_iter()
        .map(|one| (one.entry.0, one.item.0, one.same))
        .collect();
    assert_eq!(verdicts, [(1, 2, true), (2, 1, true), (2, 3, false)]);
    assert_eq!(judge(9, 1, true).unwrap_err().kind(), ErrorKind::NotFound);
    assert!(repository.verify_audit(None).unwrap().is_empty());
}

#[test]
fn a_clearing_is_kept_with_its_year() {
    let place = Place::new();
    let repository = place.open();
    let clearing = Clearing { year: 2004, on: "2005-03-15".parse().unwrap() };
    for _ in 0..2 {
        let change = repository.begin("王芳", "archive registers clearing", now()).unwrap();
        change.record_clearing(clearing).unwrap();
        change.commit().unwrap();
    }
    assert_eq!(repository.books(None).unwrap().clearings, [clearing]);
}

#[test]
fn a_change_that_is_not_committed_leaves_nothing() {
    let place = Place::new();
    let repository = place.open();
    let change = repository.begin("王芳", "archive registers import", now()).unwrap();
    let batch = BookBatch {
        direction: Direction::Incoming,
        name: "收文.xlsx".into(),
        digest: "one".into(),
        entries: vec![entry(1, "甲")],
        update: false,
    };
    change.import_book(&batch).unwrap();
    drop(change);
    assert_eq!(repository.books(None).unwrap().entries, []);
}
