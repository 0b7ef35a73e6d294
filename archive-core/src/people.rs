//! People at work: who they are, and what they may do.
//!
//! Many clauses ask for two different people (an opinion and a review before a record is opened, two who
//! supervise a destruction) or for somebody's consent (the director's for a loan). They mean something only
//! if names stand for people. So an office may keep a register of its people with their roles.
//!
//! An office of two must not be locked out of its own work, and one that has just begun has nobody
//! registered. Therefore:
//! - while nobody is registered (or everybody has left), names stand for themselves: whoever is named may act,
//!   and two names are two people;
//! - as soon as one person is registered, every act needs a registered person who hasn't left, and an act that
//!   asks for a role needs somebody who has it;
//! - a person may have several roles, but is never two people.
//!
//! The register itself is kept by the director; where no director is present, by anyone who is registered.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
use crate::rules::RuleId;
use crate::text;
use crate::text::{Lang, Text};

/// What a person may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 档案员: arranges, describes, lends and takes back, draws up lists.
    Archivist,
    /// 审核人: decides on opening and appraisal, where another gave the opinion.
    Reviewer,
    /// 负责人 (馆长, 主任): approves loans, destruction lists, the use of what isn't open.
    Director,
    /// 阅览员: serves readers.
    Clerk,
    /// 审计员: reads everything and changes nothing.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::Archivist, Self::Reviewer, Self::Director, Self::Clerk, Self::Auditor];

    /// The stable name, as commands, the database and JSON write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Archivist => "archivist",
            Self::Reviewer => "reviewer",
            Self::Director => "director",
            Self::Clerk => "clerk",
            Self::Auditor => "auditor",
        }
    }

    /// The word for people.
    pub const fn word(self) -> Text {
        match self {
            Self::Archivist => Text::fixed("档案员", "archivist"),
            Self::Reviewer => Text::fixed("审核人", "reviewer"),
            Self::Director => Text::fixed("负责人", "director"),
            Self::Clerk => Text::fixed("阅览员", "reading-room clerk"),
            Self::Auditor => Text::fixed("审计员", "auditor"),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("没有角色“{0}” / there is no role {0}")]
pub struct NoSuchRole(pub String);

impl FromStr for Role {
    type Err = NoSuchRole;

    /// Reads the stable name or the Chinese word (also 馆长, 主任).
    fn from_str(word: &str) -> Result<Self, NoSuchRole> {
        let word = word.trim();
        let also = match word {
            "馆长" | "主任" => Some(Self::Director),
            "利用窗口" | "阅览室" => Some(Self::Clerk),
            _ => None,
        };
        Self::ALL
            .into_iter()
            .find(|role| role.name().eq_ignore_ascii_case(word) || role.word().zh == word)
            .or(also)
            .ok_or_else(|| NoSuchRole(word.to_owned()))
    }
}

/// A person on the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The name, which is theirs alone: two of one name are told apart in it, 王芳（综合科）.
    pub name: String,
    /// What the system calls them, so that they need not type their name.
    pub login: Option<String>,
    /// What they may do.
    pub roles: BTreeSet<Role>,
    /// The day they were registered.
    pub since: NaiveDate,
    /// The day they left, if they have.
    pub left: Option<NaiveDate>,
}

impl Person {
    /// Somebody new with these roles.
    pub fn new(name: impl Into<String>, roles: impl IntoIterator<Item = Role>, since: NaiveDate) -> Self {
        Self { name: name.into(), login: None, roles: roles.into_iter().collect(), since, left: None }
    }

    /// Whether they are at work: not gone.
    pub const fn is_present(&self) -> bool {
        self.left.is_none()
    }

    /// Whether they may only look.
    pub fn only_looks(&self) -> bool {
        !self.roles.is_empty() && self.roles.iter().all(|role| *role == Role::Auditor)
    }
}

/// Why a name can't act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NobodyThere {
    /// No such person is registered.
    Unknown(String),
    /// They have left.
    Left(String, NaiveDate),
    /// They may only look (an auditor).
    OnlyLooks(String),
}

impl NobodyThere {
    /// What is wrong with the name.
    pub fn message(&self) -> Text {
        match self {
            Self::Unknown(name) => text!("“{name}”不在人员名册中", "{name} is not on the register of people"),
            Self::Left(name, day) => text!("{name} 已于 {day} 离岗", "{name} left on {day}"),
            Self::OnlyLooks(name) => {
                text!("{name} 是审计员，只看不改", "{name} is an auditor, who looks and changes nothing")
            }
        }
    }
}

/// The register of people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    persons: Vec<Person>,
}

impl People {
    /// The register with these people on it.
    pub const fn new(persons: Vec<Person>) -> Self {
        Self { persons }
    }

    /// Everybody, also those who left, by name.
    pub fn all(&self) -> &[Person] {
        &self.persons
    }

    /// Whether a register is kept: somebody on it is at work. If not, names stand for themselves; an auditor alone, who
    /// may change nothing, would lock everybody out.
    pub fn is_kept(&self) -> bool {
        self.persons.iter().any(|person| person.is_present() && !person.only_looks())
    }

    /// The person of this name, present or gone.
    pub fn named(&self, name: &str) -> Option<&Person> {
        self.persons.iter().find(|person| person.name == name)
    }

    /// Who `name` is: the name of a person at work, told by name or by what the system calls them.
    pub fn resolve(&self, name: &str) -> Result<String, NobodyThere> {
        let name = name.trim();
        if !self.is_kept() {
            return Ok(name.to_owned());
        }
        let person = self
            .named(name)
            .or_else(|| {
                let login = |person: &&Person| person.login.as_deref() == Some(name);
                self.persons.iter().filter(|person| person.is_present()).find(login)
            })
            .ok_or_else(|| NobodyThere::Unknown(name.to_owned()))?;
        match person.left {
            Some(day) => Err(NobodyThere::Left(person.name.clone(), day)),
            None => Ok(person.name.clone()),
        }
    }

    /// The same for who wants to change something: an auditor may not.
    pub fn resolve_worker(&self, name: &str) -> Result<String, NobodyThere> {
        let name = self.resolve(name)?;
        match self.named(&name) {
            Some(person) if self.is_kept() && person.only_looks() => Err(NobodyThere::OnlyLooks(name)),
            _ => Ok(name),
        }
    }

    /// Refuses, by `rule`, who hasn't the role that an act asks for.
    pub fn require(&self, name: &str, role: Role, rule: RuleId) -> Result<(), Refusal> {
        self.require_any(name, &[role], rule)
    }

    /// The same where one of several roles will do.
    pub fn require_any(&self, name: &str, roles: &[Role], rule: RuleId) -> Result<(), Refusal> {
        let has =
            |person: &Person| person.is_present() && roles.iter().any(|role| person.roles.contains(role));
        if self.named(name).is_some_and(has) || !self.is_kept() {
            return Ok(());
        }
        let words = |lang, between| {
            roles.iter().map(|role| role.word().in_lang(lang).to_owned()).collect::<Vec<_>>().join(between)
        };
        let (zh, en) = (words(Lang::Zh, "、"), words(Lang::En, ", "));
        let message = text!("{name} 没有所需的角色：{zh}", "{name} hasn't the role it takes: {en}");
        Err(self.who_has(Refusal::new(rule, message), roles))
    }

    /// Refuses, by `rule`, an act of two people where both are one.
    pub fn two_people(one: &str, other: &str, rule: RuleId) -> Result<(), Refusal> {
        if one.trim() != other.trim() {
            return Ok(());
        }
        Err(Refusal::new(
            rule,
            text!("须由两个人办理，而两次都是 {one}", "this takes two people, and both are {one}"),
        )
        .with_help(Text::fixed("请另一人办理", "have another person do it"))
        .by_command(Text::fixed("--operator", "--operator")))
    }

    /// A refusal that says who may do it.
    fn who_has(&self, refusal: Refusal, roles: &[Role]) -> Refusal {
        let names: Vec<&str> = self
            .persons
            .iter()
            .filter(|person| person.is_present() && roles.iter().any(|role| person.roles.contains(role)))
            .map(|person| person.name.as_str())
            .collect();
        if names.is_empty() {
            let name = roles.first().map_or("", |role| role.name());
            return refusal
                .with_help(Text::fixed("名册中还没有人有这个角色", "nobody registered has it"))
                .by_command(text!(
                    "archive people role <姓名> --add {name}",
                    "archive people role <NAME> --add {name}"
                ));
        }
        let names = names.join("、");
        refusal.with_help(text!("可由 {names} 办理", "{names} may do it"))
    }

    /// Whether `by` may change the register: the director; without one at work, anybody who is on it.
    pub fn may_keep(&self, by: &str) -> Result<(), Refusal> {
        let director = |person: &Person| person.is_present() && person.roles.contains(&Role::Director);
        if self.persons.iter().any(director) { self.require(by, Role::Director, RuleId::S5) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2005, 4, day).unwrap()
    }

    fn office() -> People {
        People::new(vec![
            Person { login: Some("chen".into()), ..Person::new("陈文书", [Role::Archivist], day(1)) },
            Person::new("王主任", [Role::Director, Role::Reviewer], day(1)),
            Person { left: Some(day(9)), ..Person::new("李明", [Role::Clerk], day(1)) },
            Person::new("赵审计", [Role::Auditor], day(1)),
        ])
    }

    #[test]
    fn while_nobody_is_registered_names_stand_for_themselves() {
        let people = People::default();
        assert_eq!(people.resolve_worker("谁都行"), Ok("谁都行".to_owned()));
        assert!(people.require("谁都行", Role::Director, RuleId::U8).is_ok());
        assert!(People::two_people("甲", "甲", RuleId::U1).is_err());
    }

    #[test]
    fn a_register_whose_people_all_left_locks_nobody_out() {
        let gone = Person { left: Some(day(9)), ..Person::new("李明", [Role::Director], day(1)) };
        let people = People::new(vec![gone]);
        assert!(!people.is_kept());
        assert_eq!(people.resolve_worker("新来的"), Ok("新来的".to_owned()));
    }

    #[test]
    fn an_auditor_alone_locks_nobody_out() {
        let people = People::new(vec![Person::new("赵审计", [Role::Auditor], day(1))]);
        assert!(!people.is_kept());
        assert_eq!(people.resolve_worker("王芳"), Ok("王芳".to_owned()));
    }

    #[test]
    fn once_a_register_is_kept_only_who_is_on_it_and_present_acts() {
        let people = office();
        assert_eq!(people.resolve("chen"), Ok("陈文书".to_owned()));
        assert_eq!(people.resolve("路人"), Err(NobodyThere::Unknown("路人".into())));
        assert_eq!(people.resolve("李明"), Err(NobodyThere::Left("李明".into(), day(9))));
        assert_eq!(people.resolve("赵审计"), Ok("赵审计".to_owned()));
        assert!(people.resolve_worker("赵审计").is_err());
    }

    #[test]
    fn a_role_that_is_asked_for_is_needed_and_the_refusal_says_who_has_it() {
        let people = office();
        assert!(people.require("王主任", Role::Director, RuleId::U8).is_ok());
        let refusal = people.require("陈文书", Role::Director, RuleId::U8).unwrap_err();
        assert_eq!(refusal.rule, RuleId::U8);
        assert!(refusal.help.zh.contains("王主任"), "{}", refusal.help.zh);
    }

    #[test]
    fn the_register_is_kept_by_the_director_or_by_anyone_where_there_is_none() {
        assert!(office().may_keep("陈文书").is_err());
        assert!(office().may_keep("王主任").is_ok());
        let two = People::new(vec![Person::new("甲", [Role::Archivist], day(1))]);
        assert!(two.may_keep("甲").is_ok());
    }

    #[test]
    fn a_role_is_read_by_its_name_and_by_its_word() {
        for role in Role::ALL {
            assert_eq!(role.name().parse(), Ok(role));
            assert_eq!(role.word().zh.parse(), Ok(role));
        }
        assert!("厨师".parse::<Role>().is_err());
    }
}
