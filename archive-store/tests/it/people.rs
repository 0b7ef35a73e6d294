use std::collections::BTreeSet;

use archive_core::people::{Person, Role};
use archive_store::{ErrorKind, Repository};

use crate::place::{Place, now};

fn person(name: &str, roles: impl IntoIterator<Item = Role>) -> Person {
    Person::new(name, roles, now().date_naive())
}

fn add(repository: &Repository, by: &str, one: &Person) -> archive_store::Result<()> {
    let change = repository.begin(by, "people add", now())?;
    change.add_person(one)?;
    change.commit()
}

#[test]
fn before_anybody_is_registered_anybody_works_and_afterwards_only_who_is() {
    let place = Place::new();
    let repository = place.open();
    let chen = Person { login: Some("chen".into()), ..person("陈文书", [Role::Archivist]) };
    add(&repository, "谁", &chen).unwrap();
    let refused = add(&repository, "谁", &person("李明", [Role::Clerk])).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Nobody);
    // What the system calls a person stands for them.
    add(&repository, "chen", &person("李明", [Role::Clerk])).unwrap();
    let log = repository.audit_log(1, 99).unwrap();
    assert_eq!(log.last().unwrap().who, "陈文书");
    assert!(log.last().unwrap().detail.contains("李明"));
}

#[test]
fn with_a_director_only_the_director_changes_the_register() {
    let place = Place::new();
    let repository = place.open();
    add(&repository, "王主任", &person("王主任", [Role::Director])).unwrap();
    add(&repository, "王主任", &person("陈文书", [Role::Archivist])).unwrap();
    let refused = add(&repository, "陈文书", &person("陈文书的朋友", [Role::Director])).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Refused);
    assert!(refused.help().zh.contains("王主任"));
    let change = repository.begin("陈文书", "people role", now()).unwrap();
    assert!(change.set_roles("陈文书", &BTreeSet::from([Role::Director]), "").is_err());
}

#[test]
fn who_left_stays_on_the_register_and_may_come_back() {
    let place = Place::new();
    let repository = place.open();
    add(&repository, "甲", &person("甲", [Role::Archivist])).unwrap();
    add(&repository, "甲", &person("乙", [Role::Clerk])).unwrap();
    let change = repository.begin("甲", "people leave", now()).unwrap();
    change.person_leaves("乙", now().date_naive(), "调往水利局").unwrap();
    change.commit().unwrap();
    assert_eq!(repository.people().unwrap().all().len(), 2);
    assert_eq!(repository.begin("乙", "import", now()).unwrap_err().kind(), ErrorKind::Nobody);
    add(&repository, "甲", &person("乙", [Role::Archivist])).unwrap();
    let people = repository.people().unwrap();
    assert_eq!(people.named("乙").unwrap().roles, BTreeSet::from([Role::Archivist]));
    assert!(repository.begin("乙", "import", now()).is_ok());
    assert!(repository.verify_audit(None).unwrap().is_empty());
}

#[test]
fn a_name_or_login_is_one_persons_alone() {
    let place = Place::new();
    let repository = place.open();
    let chen = Person { login: Some("chen".into()), ..person("甲", [Role::Archivist]) };
    add(&repository, "甲", &chen).unwrap();
    assert_eq!(add(&repository, "甲", &chen).unwrap_err().kind(), ErrorKind::Twice);
    let other = Person { login: Some("chen".into()), ..person("乙", [Role::Archivist]) };
    assert_eq!(add(&repository, "甲", &other).unwrap_err().kind(), ErrorKind::Twice);
}

#[test]
fn a_repository_of_the_first_version_is_brought_to_the_present_one() {
    let place = Place::new();
    let items = place.import("旧", 2);
    let database = rusqlite::Connection::open(place.root().join("catalogue.db")).unwrap();
    let later: Vec<String> = database
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN ('person', 'person_role')")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(later.len(), 2);
    drop(database);
    crate::place::back_to_version_one(&place.root());
    let repository = place.open();
    assert_eq!(repository.items(&archive_store::ItemFilter::default()).unwrap().len(), items.len());
    add(&repository, "甲", &person("甲", [Role::Archivist])).unwrap();
}
