//! The access matrix: every route, every role, every opening state.

use archive_core::people::Role;
use archive_web::routes::{ROUTES, Shows, Verb};

use crate::house::{Answer, House, State, segment};

/// Who asks, in the order of the table's columns.
const ASKERS: [Option<Role>; 6] = [
    None,
    Some(Role::Auditor),
    Some(Role::Clerk),
    Some(Role::Archivist),
    Some(Role::Reviewer),
    Some(Role::Director),
];

/// What is answered to each asker; of a record that they may not see, always 404 where they could have seen one.
struct Line(Verb, &'static str, [u16; 6]);

use Verb::{Get, Post};

/// Forms are sent empty: 422 says that they came through to be judged.
const EXPECTED: &[Line] = &[
    Line(Get, "/", [200, 200, 200, 200, 200, 200]),
    Line(Get, "/suggest", [200, 200, 200, 200, 200, 200]),
    Line(Get, "/browse", [200, 200, 200, 200, 200, 200]),
    Line(Get, "/browse/{fonds}", [200, 200, 200, 200, 200, 200]),
    Line(Get, "/browse/{fonds}/{year}", [200, 200, 200, 200, 200, 200]),
    Line(Get, "/volume/{*address}", [200, 200, 200, 200, 200, 200]),
    Line(Get, "/a/{*address}", [200, 200, 200, 200, 200, 200]),
    Line(Get, "/picture/{page}/{*address}", [200, 200, 200, 200, 200, 200]),
    Line(Get, "/request", [200, 200, 200, 200, 200, 200]),
    Line(Post, "/request", [422, 422, 422, 422, 422, 422]),
    Line(Get, "/sign-in", [200, 200, 200, 200, 200, 200]),
    Line(Post, "/sign-in", [422, 422, 422, 422, 422, 422]),
    Line(Post, "/sign-out", [303, 303, 303, 303, 303, 303]),
    Line(Get, "/first", [404, 404, 404, 404, 404, 404]),
    Line(Post, "/first", [404, 404, 404, 404, 404, 404]),
    Line(Get, "/invited", [200, 200, 200, 200, 200, 200]),
    Line(Post, "/invited", [422, 422, 422, 422, 422, 422]),
    Line(Get, "/help", [200, 200, 200, 200, 200, 200]),
    Line(Get, "/assets/style.css", [200, 200, 200, 200, 200, 200]),
    Line(Get, "/assets/reading.js", [200, 200, 200, 200, 200, 200]),
    Line(Get, "/assets/board.js", [200, 200, 200, 200, 200, 200]),
    Line(Get, "/staff", [303, 200, 200, 200, 200, 200]),
    Line(Get, "/staff/board", [303, 200, 200, 200, 200, 200]),
    Line(Post, "/staff/board", [401, 403, 403, 409, 403, 409]),
    Line(Post, "/staff/board/again", [401, 403, 403, 409, 403, 409]),
    Line(Get, "/staff/ties", [303, 200, 200, 200, 200, 200]),
    Line(Post, "/staff/ties", [401, 403, 403, 422, 403, 422]),
    Line(Get, "/staff/findings", [303, 200, 200, 200, 200, 200]),
    Line(Get, "/staff/opening", [303, 200, 200, 200, 200, 200]),
    Line(Get, "/staff/opening/{id}", [303, 200, 200, 200, 200, 200]),
    Line(Post, "/staff/opening/{id}", [401, 403, 403, 422, 422, 422]),
    Line(Get, "/staff/requests", [303, 200, 200, 200, 200, 200]),
    Line(Post, "/staff/requests", [401, 403, 422, 422, 403, 422]),
    Line(Get, "/staff/loans", [303, 200, 200, 200, 200, 200]),
    Line(Post, "/staff/loans", [401, 403, 422, 422, 403, 422]),
    Line(Get, "/staff/periods", [303, 200, 200, 200, 200, 200]),
    Line(Post, "/staff/periods", [401, 403, 403, 422, 403, 422]),
    Line(Get, "/staff/disposal", [303, 200, 200, 200, 200, 200]),
    Line(Post, "/staff/disposal", [401, 403, 403, 422, 403, 422]),
    Line(Get, "/staff/disposal/{number}", [303, 200, 200, 200, 200, 200]),
    Line(Post, "/staff/disposal/{number}", [401, 403, 403, 422, 403, 422]),
    Line(Get, "/staff/disposal/{number}/{format}", [303, 200, 200, 200, 200, 200]),
    Line(Get, "/staff/storeroom", [303, 200, 200, 200, 200, 200]),
    Line(Post, "/staff/storeroom", [401, 403, 422, 422, 403, 422]),
    Line(Get, "/staff/storeroom/{room}", [303, 200, 200, 200, 200, 200]),
    Line(Post, "/staff/storeroom/{room}", [401, 403, 422, 422, 403, 422]),
    Line(Post, "/staff/stocktake", [401, 403, 422, 422, 403, 422]),
    Line(Get, "/staff/stocktake/{number}", [303, 200, 200, 200, 200, 200]),
    Line(Post, "/staff/stocktake/{number}", [401, 403, 422, 422, 403, 422]),
    Line(Get, "/staff/forms", [303, 200, 200, 200, 200, 200]),
    Line(Get, "/staff/forms/{year}/{form}/{format}", [303, 200, 200, 200, 200, 200]),
    Line(Get, "/staff/audit", [303, 200, 200, 200, 200, 200]),
    Line(Get, "/staff/people", [303, 200, 200, 200, 200, 200]),
    Line(Post, "/staff/people", [401, 403, 403, 403, 403, 422]),
];

fn may_see(asker: Option<Role>, state: State) -> bool {
    match state {
        State::Open => true,
        State::Unreviewed | State::Controlled | State::Postponed => asker.is_some(),
        State::Secret | State::Absent => false,
    }
}

/// The path of a route about the record in a state.
fn path(house: &House, route: &str, state: State) -> String {
    let address = segment(&house.address(state));
    let volume = match state {
        State::Open | State::Unreviewed => "J019-1970·Y-001",
        State::Controlled | State::Postponed => "J019-1970·Y-002",
        State::Secret | State::Absent => "J019-1970·Y-009",
    };
    let path = match route {
        "/volume/{*address}" => format!("/volume/{}", segment(volume)),
        "/request" => format!("/request?about={address}"),
        "/suggest" | "/" => format!("{route}?q={}", segment(state.word())),
        other => other.to_owned(),
    };
    path.replace("{*address}", &address)
        .replace("{page}", "1")
        .replace("{fonds}", "J019")
        .replace("{year}", "1970")
        .replace("{form}", "volumes")
        .replace("{format}", "pdf")
        // A destruction list and a count of the same number stand in the registers of the house.
        .replace("{number}", "2026-01")
        .replace("{room}", "1")
        .replace("{id}", &house.id(state).to_string())
}

fn ask(house: &House, line: &Line, asker: Option<Role>, state: State) -> Answer {
    let path = path(house, line.1, state);
    let address = house.address(state);
    match (line.0, line.1) {
        // Who signs out is a stranger afterwards: it is asked without the session the others need.
        (Post, "/sign-out") => house.post(None, &path, &[]),
        (Post, "/request") => house.post(asker, "/request", &[("about", address.as_str())]),
        (Get, _) => house.get(asker, &path),
        (Post, _) => house.post(asker, &path, &[]),
    }
}

#[test]
fn no_route_is_missing_from_the_matrix_and_none_is_there_twice() {
    let mut known: Vec<(bool, &str)> = EXPECTED.iter().map(|line| (line.0 == Get, line.1)).collect();
    let mut there: Vec<(bool, &str)> = ROUTES.iter().map(|route| (route.verb == Get, route.path)).collect();
    known.sort_unstable();
    there.sort_unstable();
    assert_eq!(known, there);
    there.dedup();
    assert_eq!(there.len(), ROUTES.len());
}

#[test]
fn every_route_answers_every_role_about_every_record_as_the_matrix_says() {
    let house = House::new();
    // The first account is made, so that what only waits for it is gone.
    house.get(Some(Role::Director), "/staff");
    let mut wrong = Vec::new();
    for line in EXPECTED {
        let route = ROUTES.iter().find(|route| route.verb == line.0 && route.path == line.1).unwrap();
        for (asker, expected) in ASKERS.into_iter().zip(line.2) {
            for state in State::ALL {
                let hidden = match line.1 {
                    "/volume/{*address}" => !matches!(
                        (asker, state),
                        (_, State::Open | State::Unreviewed)
                            | (Some(_), State::Controlled | State::Postponed)
                    ),
                    _ => route.shows == Shows::Record && !may_see(asker, state),
                };
                let expected = match expected {
                    200 | 422 if hidden => 404,
                    other => other,
                };
                let answer = ask(&house, line, asker, state);
                if answer.status != expected {
                    wrong.push(format!(
                        "{:?} {} {asker:?} {state:?}: {} instead of {expected}",
                        line.0, line.1, answer.status
                    ));
                }
                if asker.is_none() {
                    let said = answer.text();
                    for word in House::closed_words() {
                        // What was typed into the box stands in the box again; nothing else may.
                        let typed = if line.1 == "/" && state.word() == word {
                            said.matches(word).count()
                        } else {
                            0
                        };
                        let typed =
                            if typed > 0 { without_what_was_typed(&said, word) } else { said.contains(word) };
                        if typed {
                            wrong.push(format!("{} says {word} to a stranger ({state:?})", line.1));
                        }
                    }
                }
                if state == State::Secret || state == State::Absent {
                    let said = answer.text();
                    if asker.is_some() && line.1 != "/" && said.contains(State::Secret.word()) {
                        wrong.push(format!("{} tells of a secret record to {asker:?}", line.1));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a page says a word anywhere but where it repeats what was typed.
fn without_what_was_typed(said: &str, word: &str) -> bool {
    let encoded = segment(word);
    let rest = said
        .lines()
        .filter(|line| !line.contains("name=\"q\"") && !line.contains("<title>") && !line.contains(&encoded))
        .collect::<Vec<_>>()
        .join("\n");
    rest.contains(word)
}

#[test]
fn a_closed_record_is_answered_byte_for_byte_as_one_that_never_was() {
    let house = House::new();
    let routes = ["/a/{*address}", "/picture/{page}/{*address}", "/request"];
    for route in routes {
        for suffix in ["", ".json"] {
            let at = |state: State| {
                let path = path(&house, route, state);
                match path.split_once('?') {
                    Some((path, query)) => house.get(None, &format!("{path}{suffix}?{query}")),
                    None => house.get(None, &format!("{path}{suffix}")),
                }
            };
            let never = at(State::Absent);
            assert_eq!(never.status, 404);
            for state in [State::Unreviewed, State::Controlled, State::Postponed, State::Secret] {
                let answer = at(state);
                assert_eq!(answer.status, never.status, "{route} {state:?}");
                assert_eq!(answer.headers, never.headers, "{route} {state:?}");
                assert_eq!(answer.text(), never.text(), "{route} {state:?}");
            }
        }
    }
}

/// What is answered, with what was asked for taken out of it.
fn told_of(house: &House, path: &str, word: &str) -> (u16, Vec<(String, String)>, String) {
    let answer = house.get(None, path);
    let text = answer.text().replace(word, "那个词").replace(&segment(word), "那个词");
    (answer.status, answer.headers, text)
}

#[test]
fn what_only_closed_records_hold_is_answered_as_what_no_record_holds() {
    let house = House::new();
    let never = State::Absent.word();
    for suffix in ["", ".json"] {
        for state in [State::Unreviewed, State::Controlled, State::Postponed, State::Secret] {
            // As a word of a title or a text, of a body, of a field; with a letter wrong; as a start to be gone on with.
            let of = |word: &str| {
                let all = format!("关于{word}工作的通知");
                let body = format!("县{word}办公室");
                let wrong: String = word.chars().take(3).chain(['了']).collect();
                [
                    format!("/{suffix}?q={}", segment(word)),
                    format!("/{suffix}?q={}&sort=date", segment(&all)),
                    format!("/{suffix}?q={}", segment(&format!("题名:{word}"))),
                    format!("/{suffix}?q={}&body={}", segment("工作"), segment(&body)),
                    format!("/{suffix}?q={}", segment(&wrong)),
                    format!("/suggest{suffix}?q={}", segment(&word.chars().take(2).collect::<String>())),
                    format!("/volume{suffix}?q={}", segment(word)),
                ]
            };
            for (closed, absent) in of(state.word()).iter().zip(&of(never)) {
                let plain = |path: &str, word: &str| {
                    let (status, headers, text) = told_of(&house, path, word);
                    let short: String = word.chars().take(3).collect();
                    let shorter: String = word.chars().take(2).collect();
                    let text = [&short, &shorter].into_iter().fold(text, |text, part| {
                        text.replace(part.as_str(), "那").replace(&segment(part), "那")
                    });
                    (status, headers, text)
                };
                assert_eq!(plain(closed, state.word()), plain(absent, never), "{closed} and {absent}");
            }
        }
        // A volume all closed, the year of what is closed, a request about it.
        let path = |volume: &str| format!("/volume/{}{suffix}", segment(volume));
        let (closed, absent) = (path("J019-1970·Y-002"), path("J019-1970·Y-009"));
        assert_eq!(told_of(&house, &closed, "Y-002"), told_of(&house, &absent, "Y-009"));
    }
    for state in [State::Unreviewed, State::Controlled, State::Secret] {
        let about = |state: State| {
            let address = house.address(state);
            let fields = [
                ("about", address.as_str()),
                ("kind", "copy"),
                ("name", "赵六"),
                ("contact", "1380"),
                ("text", "编志"),
            ];
            let answer = house.post(None, "/request", &fields);
            (answer.status, answer.headers.clone(), answer.text().replace(&address, ""))
        };
        assert_eq!(about(state), about(State::Absent), "{state:?}");
    }
}

#[test]
fn no_answer_can_be_asked_for_again_by_its_mark_or_tells_how_many_there_are() {
    let house = House::new();
    let item = format!("/a/{}", segment(&house.address(State::Open)));
    for path in [
        "/".to_owned(),
        "/browse.json".into(),
        item.clone(),
        format!("{item}.json"),
        format!("/picture/1/{}", segment(&house.address(State::Open))),
    ] {
        let answer = house.get(None, &path);
        assert_eq!(answer.status, 200, "{path}");
        for name in ["etag", "last-modified", "x-total-count", "server"] {
            assert_eq!(answer.header(name), None, "{path} says {name}");
        }
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    }
    // Where it stood in its register would tell how long that is.
    let twin: serde_json::Value =
        serde_json::from_str(&house.get(None, &format!("{item}.json")).text()).unwrap();
    assert!(twin["title"].is_string() && twin["row"].is_null(), "{twin}");
    let inner: serde_json::Value =
        serde_json::from_str(&house.get(Some(Role::Clerk), &format!("{item}.json")).text()).unwrap();
    assert!(inner["row"].is_string(), "{inner}");
}

#[test]
fn counts_facets_and_suggestions_of_the_public_count_the_open_only() {
    let house = House::new();
    let found = house.get(None, &format!("/.json?q={}", segment("工作"))).text();
    let found: serde_json::Value = serde_json::from_str(&found).unwrap();
    assert_eq!(found["items"], 1, "{found}");
    for facet in found["facets"].as_array().unwrap() {
        let total: u64 =
            facet["values"].as_array().unwrap().iter().map(|one| one["count"].as_u64().unwrap()).sum();
        assert_eq!(total, 1, "{facet}");
    }
    let all = house.get(Some(Role::Clerk), &format!("/.json?q={}", segment("工作"))).text();
    let all: serde_json::Value = serde_json::from_str(&all).unwrap();
    assert_eq!(all["items"], 4, "{all}");
    let browse: serde_json::Value = serde_json::from_str(&house.get(None, "/browse.json").text()).unwrap();
    assert_eq!(browse["lines"][0]["items"], 1, "{browse}");
    let volume = house.get(None, &format!("/volume/{}", segment("J019-1970·Y-001"))).text();
    assert!(volume.contains("部分开放") && !volume.contains("青苗"), "{volume}");
}
