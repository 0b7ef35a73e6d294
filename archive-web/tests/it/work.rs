//! A day's work: a record is reviewed and opened, the reader finds it, asks for it, and is answered.

use archive_core::people::Role;

use crate::house::{Answer, House, State, segment};

fn value_of(page: &str, name: &str) -> String {
    let at = format!("name=\"{name}\" value=\"");
    page.split(&at).nth(1).unwrap().split('"').next().unwrap().to_owned()
}

fn found(house: &House, word: &str) -> serde_json::Value {
    serde_json::from_str(&house.get(None, &format!("/.json?q={}", segment(word))).text()).unwrap()
}

fn review(house: &House, role: Role, step: &str, verdict: &str) -> Answer {
    let path = format!("/staff/opening/{}", house.id(State::Unreviewed));
    let version = value_of(&house.get(Some(role), &path).text(), "version");
    let fields = [("version", version.as_str()), ("verdict", verdict), ("reason", "已到期"), ("step", step)];
    house.post(Some(role), &path, &fields)
}

#[test]
fn what_two_people_open_is_found_by_the_reader_and_what_is_closed_again_is_not() {
    let house = House::new();
    let word = State::Unreviewed.word();
    assert_eq!(found(&house, word)["total"], 0);
    assert_eq!(review(&house, Role::Archivist, "opinion", "open").status, 303);
    assert_eq!(found(&house, word)["total"], 0, "an opinion opens nothing");
    assert_eq!(
        review(&house, Role::Archivist, "decision", "open").status,
        422,
        "an archivist doesn't decide"
    );
    assert_eq!(review(&house, Role::Reviewer, "decision", "open").status, 303);
    assert_eq!(found(&house, word)["items"], 1);
    let page =
        house.get(None, &format!("/a/{}?q={}", segment(&house.address(State::Unreviewed)), segment(word)));
    assert_eq!(page.status, 200);
    assert!(page.text().contains("<mark>"), "{}", page.text());
    // The whole volume is open now, and so is its title.
    let volume = house.get(None, &format!("/volume/{}", segment("J019-1970·Y-001"))).text();
    assert!(volume.contains("青苗赔偿材料"), "{volume}");
    assert_eq!(review(&house, Role::Reviewer, "decision", "close").status, 303);
    assert_eq!(found(&house, word)["total"], 0);
    assert_eq!(house.get(None, &format!("/a/{}", segment(&house.address(State::Unreviewed)))).status, 404);
}

#[test]
fn of_two_who_speak_at_once_the_second_is_told() {
    let house = House::new();
    let path = format!("/staff/opening/{}", house.id(State::Unreviewed));
    let version = value_of(&house.get(Some(Role::Archivist), &path).text(), "version");
    let say = |role| {
        let fields =
            [("version", version.as_str()), ("verdict", "open"), ("reason", "可"), ("step", "opinion")];
        house.post(Some(role), &path, &fields).status
    };
    assert_eq!(say(Role::Archivist), 303);
    assert_eq!(say(Role::Director), 409);
}

#[test]
fn a_reader_asks_and_is_answered() {
    let house = House::new();
    let address = house.address(State::Open);
    let fields = [
        ("about", address.as_str()),
        ("kind", "copy"),
        ("name", "赵六"),
        ("contact", "13800000000"),
        ("text", "修志"),
    ];
    let sent = house.post(None, "/request", &fields).text();
    assert!(sent.contains("2026-0001"), "{sent}");
    let page = house.get(Some(Role::Clerk), "/staff/requests").text();
    assert!(page.contains("赵六") && page.contains("修志"), "{page}");
    let version = value_of(&page, "version");
    let answer =
        [("version", version.as_str()), ("no", "2026-0001"), ("text", "可来馆复制"), ("granted", "yes")];
    assert_eq!(house.post(Some(Role::Clerk), "/staff/requests", &answer).status, 303);
    assert_eq!(house.post(Some(Role::Clerk), "/staff/requests", &answer).status, 409, "once is enough");
    let repository = archive_store::Repository::open(&house.root).unwrap();
    assert!(repository.verify_audit(None).unwrap().is_empty());
}

#[test]
fn every_page_has_a_json_twin() {
    let house = House::new();
    for path in ["/", "/browse", "/browse/J019", "/browse/J019/1970", "/help", "/request"] {
        let path = if path == "/" { "/index" } else { path };
        let document: serde_json::Value =
            serde_json::from_str(&house.get(None, &format!("{path}.json")).text()).unwrap();
        assert_eq!(document["schema_version"], 1, "{path}");
    }
    for path in [
        "",
        "/board",
        "/ties",
        "/findings",
        "/opening",
        "/requests",
        "/loans",
        "/periods",
        "/disposal",
        "/disposal/2026-01",
        "/storeroom",
        "/storeroom/1",
        "/stocktake/2026-01",
        "/forms",
        "/audit",
        "/people",
    ] {
        let answer = house.get(Some(Role::Director), &format!("/staff{path}.json"));
        let document: serde_json::Value = serde_json::from_str(&answer.text()).unwrap();
        assert_eq!(document["schema_version"], 1, "{path}");
        let turned_away: serde_json::Value =
            serde_json::from_str(&house.get(None, &format!("/staff{path}.json")).text()).unwrap();
        assert_eq!(turned_away["error"]["kind"], "sign-in", "{path}");
    }
}
