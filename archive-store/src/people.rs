//! The register of people (人员名册): who is at work here, and what they may do.
//!
//! [`archive_core::people`] says what the register means. Here it is kept: every change of it is an entry of
//! the audit chain with the values before and after, and who left is never taken off it.

use std::collections::BTreeSet;

use archive_core::people::{NobodyThere, People, Person, Role};
use archive_core::text;
use chrono::NaiveDate;
use rusqlite::{Connection, params};

use crate::audit::Act;
use crate::change::Change;
use crate::error::{Result, StoreError};
use crate::repository::Repository;

impl Repository {
    /// Everybody on the register of people, by name.
    pub fn people(&self) -> Result<People> {
        people(&self.connection)
    }
}

impl Change<'_> {
    /// The register of people, as it would be after this change.
    pub fn people(&self) -> Result<People> {
        people(&self.transaction)
    }

    /// Who `name` is: a person at work, told by name or by what the system calls them; any name where no register
    /// is kept.
    pub fn person(&self, name: &str) -> Result<String> {
        self.people()?.resolve(name).map_err(StoreError::Nobody)
    }

    /// Puts a person on the register. Somebody who left and comes back is registered again under the same name.
    pub fn add_person(&self, person: &Person) -> Result<()> {
        let people = self.may_keep_people()?;
        let before = people.named(&person.name);
        if let Some(before) = before.filter(|before| before.is_present()) {
            let name = &before.name;
            return Err(StoreError::Exists {
                what: text!("名册中的“{name}”", "a person called {name} on the register"),
            });
        }
        free_login(&people, person)?;
        self.transaction.execute(
            "INSERT INTO person (name, login, since) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET login = excluded.login, since = excluded.since, left_on = NULL",
            params![person.name, person.login, person.since.to_string()],
        )?;
        self.write_roles(&person.name, &person.roles)?;
        self.record_act(Act::PersonAdded, &subject(&person.name), "", before, Some(person))
    }

    /// Gives a person these roles and no others.
    pub fn set_roles(&self, name: &str, roles: &BTreeSet<Role>, why: &str) -> Result<()> {
        let people = self.may_keep_people()?;
        let before = at_work(&people, name)?;
        let after = Person { roles: roles.clone(), ..before.clone() };
        if after == *before {
            return Ok(());
        }
        self.write_roles(&before.name, roles)?;
        self.record_act(Act::PersonRoles, &subject(&before.name), why, Some(before), Some(&after))
    }

    /// Records that a person left; refused while anything is on loan to them (S5).
    pub fn person_leaves(&self, name: &str, on: NaiveDate, why: &str) -> Result<()> {
        let people = self.may_keep_people()?;
        let before = at_work(&people, name)?;
        self.refuse_leaving(&before.name)?;
        let after = Person { left: Some(on), ..before.clone() };
        self.transaction.execute(
            "UPDATE person SET left_on = ?2 WHERE name = ?1",
            params![before.name, on.to_string()],
        )?;
        self.record_act(Act::PersonLeft, &subject(&before.name), why, Some(before), Some(&after))
    }

    fn may_keep_people(&self) -> Result<People> {
        let people = self.people()?;
        people.may_keep(self.who())?;
        Ok(people)
    }

    fn write_roles(&self, name: &str, roles: &BTreeSet<Role>) -> Result<()> {
        self.transaction.execute(
            "DELETE FROM person_role WHERE person = (SELECT id FROM person WHERE name = ?1)",
            [name],
        )?;
        for role in roles {
            self.transaction.execute(
                "INSERT INTO person_role SELECT id, ?2 FROM person WHERE name = ?1",
                [name, role.name()],
            )?;
        }
        Ok(())
    }
}

fn subject(name: &str) -> String {
    format!("person:{name}")
}

fn at_work<'p>(people: &'p People, name: &str) -> Result<&'p Person> {
    let known = people.named(name.trim());
    match known {
        Some(Person { left: Some(day), name, .. }) => {
            Err(StoreError::Nobody(NobodyThere::Left(name.clone(), *day)))
        }
        Some(person) => Ok(person),
        None => Err(StoreError::Nobody(NobodyThere::Unknown(name.to_owned()))),
    }
}

fn people(connection: &Connection) -> Result<People> {
    let mut statement =
        connection.prepare_cached("SELECT name, login, since, left_on, id FROM person ORDER BY name")?;
    let mut roles =
        connection.prepare_cached("SELECT role FROM person_role WHERE person = ?1 ORDER BY role")?;
    let mut rows = statement.query([])?;
    let mut persons = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(4)?;
        let words = roles.query_map([id], |row| row.get::<_, String>(0))?;
        let mut held = BTreeSet::new();
        for word in words {
            // A role of a newer version is left aside: it allows nothing here.
            held.extend(word?.parse::<Role>().ok());
        }
        let left: Option<String> = row.get(3)?;
        persons.push(Person {
            name: row.get(0)?,
            login: row.get(1)?,
            roles: held,
            since: crate::dates::read(&row.get::<_, String>(2)?)?,
            left: left.as_deref().map(crate::dates::read).transpose()?,
        });
    }
    Ok(People::new(persons))
}

/// What the system calls somebody tells one person.
fn free_login(people: &People, person: &Person) -> Result<()> {
    let Some(login) = &person.login else { return Ok(()) };
    let taken = people
        .all()
        .iter()
        .find(|other| other.is_present() && (other.login.as_ref() == Some(login) || other.name == *login));
    match taken.filter(|other| other.name != person.name) {
        None => Ok(()),
        Some(Person { name, .. }) => Err(StoreError::Exists {
            what: text!("系统用户“{login}”：已属于 {name}", "the login {login}: it is {name}'s"),
        }),
    }
}
