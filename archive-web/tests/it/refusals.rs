//! Every form of every page, filled in wrongly: what is said speaks of the page, never of options and commands.
//!
//! The forms are taken from the pages as a browser would find them, so that a new one is tried, too. Each is filled in as it might
//! be, and then wrong in one field after the other.

use archive_core::people::Role;
use archive_web::routes::{ROUTES, Verb};

use crate::house::{House, State};

/// A form as it stands on a page.
#[derive(Debug, Clone)]
struct Form {
    action: String,
    /// Names with what a browser would send if nothing were typed.
    fields: Vec<(String, String)>,
    /// The names of those a person fills in.
    typed: Vec<String>,
    /// Its buttons, by name and value.
    buttons: Vec<(String, String)>,
}

/// The value of an attribute in a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let written = tag[at..].split('"').next()?;
    Some(
        [
            ("&#34;", "\""),
            ("&quot;", "\""),
            ("&#39;", "'"),
            ("&#60;", "<"),
            ("&#62;", ">"),
            ("&#38;", "&"),
            ("&amp;", "&"),
        ]
        .iter()
        .fold(written.to_owned(), |text, (from, to)| text.replace(from, to)),
    )
}

/// The forms of a page that change something.
fn forms(page: &str, path: &str) -> Vec<Form> {
    let mut found = Vec::new();
    for piece in page.split("<form").skip(1) {
        let whole = piece.split("</form>").next().unwrap();
        let head = whole.split('>').next().unwrap();
        if !head.contains("method=\"post\"") {
            continue;
        }
        let mut form = Form {
            action: attribute(head, "action").unwrap_or_else(|| path.to_owned()),
            fields: Vec::new(),
            typed: Vec::new(),
            buttons: Vec::new(),
        };
        for tag in whole.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap();
            let Some(name) = attribute(tag, "name") else { continue };
            let value = attribute(tag, "value").unwrap_or_default();
            if tag.starts_with("button") {
                form.buttons.push((name, value));
            } else if tag.contains("type=\"hidden\"") {
                form.fields.push((name, value));
            } else if ["input", "textarea", "select"].iter().any(|kind| tag.starts_with(kind))
                && !form.typed.contains(&name)
            {
                form.typed.push(name.clone());
                form.fields.push((name, value));
            }
        }
        if form.buttons.is_empty() {
            form.buttons.push((String::new(), String::new()));
        }
        found.push(form);
    }
    found
}

/// What somebody might write into a field.
fn sensible(name: &str, there: &str) -> String {
    let written = match name {
        "volume" | "codes" | "code" => "J019-1970·Y-002",
        "borrower" | "name" => "周七",
        "approved_by" | "appraiser" => "王主任",
        "supervisors" => "李复审、王主任",
        "purpose" | "reason" | "text" | "note" | "title" | "method" => "核查",
        "sheets" | "levels" | "years" => "3",
        "due" | "until" | "next" => "2026-03-09",
        "on" | "since" | "by" => "2026-03-01",
        "time" => "14:00",
        "where" | "office" | "receipt" => "县造纸厂",
        "temperature" => "20",
        "humidity" => "50",
        "to" | "within" => "1/A01/2",
        "confirm" => "2026-01",
        "verdict" => "open",
        _ => there,
    };
    written.to_owned()
}

/// Where somebody can go who may do everything that a page offers.
fn pages(house: &House) -> Vec<String> {
    ROUTES
        .iter()
        .filter(|route| {
            route.verb == Verb::Get && !route.path.contains("{format}") && !route.path.starts_with("/assets")
        })
        .filter(|route| !matches!(route.path, "/first" | "/picture/{page}/{*address}"))
        .map(|route| {
            route
                .path
                .replace("{*address}", &house.address(State::Open))
                .replace("{fonds}", "J019")
                .replace("{year}", "1970")
                .replace("{number}", "2026-01")
                .replace("{room}", "1")
                .replace("{id}", &house.id(State::Unreviewed).to_string())
        })
        .collect()
}

/// What of a page speaks of the command line.
fn of_the_terminal(page: &str) -> Option<String> {
    const COMMANDS: [&str; 22] = [
        "init",
        "import",
        "arrange",
        "number",
        "check",
        "explain",
        "catalogue",
        "index",
        "search",
        "transfer",
        "opening",
        "use",
        "loan",
        "disposal",
        "storeroom",
        "registers",
        "report",
        "audit",
        "fixity",
        "serve",
        "people",
        "profile",
    ];
    let main = page.split("<main").nth(1).unwrap_or(page).split("</main>").next().unwrap();
    let around = |at: usize| main[at..].chars().take(60).collect::<String>();
    let option = main
        .match_indices("--")
        .find(|(at, _)| main[at + 2..].starts_with(|ch: char| ch.is_ascii_lowercase()));
    let command = main.match_indices("archive ").find(|(at, _)| {
        let rest = &main[at + 8..];
        COMMANDS.iter().any(|command| {
            rest.strip_prefix(command)
                .is_some_and(|rest| !rest.starts_with(|ch: char| ch.is_ascii_alphanumeric()))
        })
    });
    option.or(command).map(|(at, _)| around(at))
}

#[test]
fn whatever_is_filled_in_wrongly_is_refused_in_words_of_the_page() {
    let house = House::new();
    let mut wrong = Vec::new();
    let (mut refused, mut reasons) = (0, std::collections::BTreeSet::new());
    for role in [Role::Archivist, Role::Reviewer, Role::Director] {
        for path in pages(&house) {
            let page = house.get(Some(role), &path);
            for (at, form) in forms(&page.text(), &path).into_iter().enumerate() {
                if form.action == "/sign-out" {
                    continue;
                }
                for button in &form.buttons {
                    // Who leaves or loses a role can't go on trying.
                    if matches!(button.1.as_str(), "leave" | "roles") {
                        continue;
                    }
                    // Nothing wrong, each field wrong in turn, then as before once more: done twice is wrong as well.
                    let mut tries: Vec<Option<(&str, &str)>> = vec![None];
                    for name in form.typed.iter().filter(|_| role == Role::Director) {
                        tries.extend(["", "没有的", "1999-01-01"].map(|value| Some((name.as_str(), value))));
                    }
                    tries.push(None);
                    for changed in tries {
                        // The page as it is now: what was done before made its forms others.
                        let fresh = forms(&house.get(Some(role), &path).text(), &path);
                        let Some(fresh) = fresh.get(at).filter(|fresh| fresh.action == form.action) else {
                            break;
                        };
                        let mut fields: Vec<(String, String)> = fresh
                            .fields
                            .iter()
                            .filter(|(name, _)| name != "token")
                            .map(|(name, there)| match changed {
                                Some((other, value)) if other == name => (name.clone(), value.to_owned()),
                                _ if fresh.typed.contains(name) => (name.clone(), sensible(name, there)),
                                _ => (name.clone(), there.clone()),
                            })
                            .collect();
                        fields.push(button.clone());
                        for lang in ["zh", "en"] {
                            let fields: Vec<(&str, &str)> =
                                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                            let answer =
                                house.post(Some(role), &format!("{}?lang={lang}", form.action), &fields);
                            let said = answer.text();
                            if answer.status >= 500 {
                                wrong.push(format!("{} {fields:?}: {}", form.action, answer.status));
                            }
                            if let Some(found) = of_the_terminal(&said) {
                                wrong.push(format!("{} {fields:?}: {found}", form.action));
                            }
                            if answer.status != 422 {
                                break;
                            }
                            refused += 1;
                            let told =
                                said.split("<h1>").nth(1).unwrap_or_default().split("</h1>").next().unwrap();
                            reasons.insert(format!("{lang} {told}"));
                        }
                    }
                }
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // That it was tried at all: many refusals, for many reasons, in both languages.
    assert!(
        refused > 200 && reasons.len() > 60,
        "{refused} refusals, {} reasons: {reasons:#?}",
        reasons.len()
    );
    assert!(reasons.iter().any(|told| told.starts_with("en")));
}

#[test]
fn pages_speak_of_what_stands_on_them() {
    assert!(of_the_terminal("<main>请改正（--until）</main>").is_some());
    assert!(of_the_terminal("<main>take it back first: archive loan return 3</main>").is_some());
    assert_eq!(of_the_terminal("<main>the archive loans — nothing -- to anybody</main>"), None);
    let house = House::new();
    for path in pages(&house) {
        for lang in ["zh", "en"] {
            for role in [None, Some(Role::Director)] {
                let page = house.get(role, &format!("{path}?lang={lang}")).text();
                assert_eq!(of_the_terminal(&page), None, "{path} {lang}");
            }
        }
    }
}
