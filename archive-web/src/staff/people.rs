//! Who works here, with which roles, and who of them can sign in.

use std::collections::BTreeSet;

use archive_core::people::{People, Person, Role};
use archive_core::text::{Lang, Text};
use archive_store::Repository;
use askama::Template;
use serde::Serialize;

use super::sign_in::invite as invitation;
use crate::answer::Answer;
use crate::failure::Failure;
use crate::frame::Frame;
use crate::site::Site;
use crate::version::Version;
use crate::visit::Visit;

#[derive(Debug, Serialize)]
struct Line {
    name: String,
    roles: Vec<&'static str>,
    #[serde(skip)]
    words: String,
    since: String,
    left: Option<String>,
    can_sign_in: bool,
    is_invited: bool,
    /// What is sent back with what becomes of them.
    version: Version,
    #[serde(skip)]
    held: Vec<(&'static str, String, bool)>,
}

/// A word for a person as the register has them.
fn version(people: &People, name: &str) -> Result<Version, Failure> {
    let person = people.named(name).filter(|person| person.is_present()).ok_or(Failure::Outdated)?;
    Version::of(&(&person.name, &person.login, &person.roles, person.since))
}

#[derive(Template, Serialize)]
#[template(path = "staff/people.html")]
struct Page {
    #[serde(skip)]
    frame: Frame,
    people: Vec<Line>,
    #[serde(skip)]
    roles: Vec<(&'static str, String)>,
    #[serde(skip)]
    may_invite: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    invited: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

fn show(site: &Site, visit: &Visit, invited: Option<(String, String)>) -> Result<Answer, Failure> {
    let people = site.read(|repository| {
        let accounts = repository.accounts()?;
        let people = repository.people()?;
        let line = |person: &Person| {
            let account = accounts.get(&person.name);
            let words: Vec<String> = person.roles.iter().map(|role| visit.say(&role.word())).collect();
            Ok(Line {
                version: if person.is_present() {
                    version(&people, &person.name)?
                } else {
                    Version::of_something_new()
                },
                held: Role::ALL
                    .into_iter()
                    .map(|role| (role.name(), visit.say(&role.word()), person.roles.contains(&role)))
                    .collect(),
                name: person.name.clone(),
                roles: person.roles.iter().map(|role| role.name()).collect(),
                words: words.join(if visit.lang == Lang::Zh { "、" } else { ", " }),
                since: person.since.to_string(),
                left: person.left.map(|day| day.to_string()),
                can_sign_in: account.is_some_and(|account| account.password.is_some()) && person.is_present(),
                is_invited: account.is_some_and(|account| account.code.is_some()),
            })
        };
        people.all().iter().map(line).collect::<Result<Vec<_>, Failure>>()
    })?;
    let (invited, code) = invited.unzip();
    let page = Page {
        frame: visit.frame(&Text::fixed("人员", "People")),
        people,
        roles: Role::ALL.into_iter().map(|role| (role.name(), visit.say(&role.word()))).collect(),
        may_invite: visit.has(&[Role::Director]),
        invited,
        code,
    };
    visit.show(&page, &page)
}

/// The register of people.
pub(crate) fn page(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    show(site, visit, None)
}

/// Invites somebody, gives who is here a new code, changes their roles, or notes that they left.
pub(crate) fn act(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let name = visit.needed("name", &Text::fixed("姓名", "the name"), 60)?;
    let roles: BTreeSet<Role> = visit.fields("role").filter_map(|word| word.parse().ok()).collect();
    let seen = |repository: &Repository| version(&repository.people()?, &name);
    match visit.field("what") {
        "roles" => {
            site.change(visit, seen, |change| Ok(change.set_roles(&name, &roles, visit.field("reason"))?))?;
            visit.done("/staff/people", &Text::fixed("已改", "changed"))
        }
        "leave" => {
            let why = visit.field("reason");
            site.change(visit, seen, |change| Ok(change.person_leaves(&name, visit.today(), why)?))?;
            site.sessions.end_all_of(&name);
            visit.done("/staff/people", &Text::fixed("已登记离岗", "noted as left"))
        }
        _ => {
            let code = invitation(site, visit, &name, &roles)?;
            show(site, visit, Some((name, code)))
        }
    }
}
