//! The register of loans (借阅登记簿), and of people cleared on leaving (S5).
//!
//! A loan is a document of [`archive_core::loans`]; what is out is held once by an index of the database as well. Whoever
//! wants to transfer or destroy a volume asks [`Change::refuse_while_lent`].

use archive_core::loans::{self, Loan, Request, Terms};
use archive_core::people::People;
use archive_core::profile::Profile;
use archive_core::text;
use archive_core::text::Text;
use chrono::{Datelike as _, NaiveDate};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use crate::audit::Act;
use crate::change::Change;
use crate::error::{Result, StoreError};
use crate::items::fonds_row;
use crate::repository::Repository;

/// Somebody who was cleared on leaving (S5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cleared {
    /// Who.
    pub name: String,
    /// When.
    pub on: NaiveDate,
    /// Who took over what they kept; empty if they kept nothing.
    pub handed_to: String,
    /// The list it was handed over by, or what it says.
    pub list: String,
    /// Who recorded it.
    pub recorded_by: String,
}

impl Repository {
    /// Every loan, by number.
    pub fn loans(&self) -> Result<Vec<Loan>> {
        read_loans(&self.connection, "true", [])
    }

    /// The loans of volumes that are out, by the day they are due.
    pub fn loans_out(&self) -> Result<Vec<Loan>> {
        let mut out = read_loans(&self.connection, "returned IS NULL", [])?;
        out.sort_by(|a, b| (a.due, &a.no).cmp(&(b.due, &b.no)));
        Ok(out)
    }

    /// One loan by its number.
    pub fn loan(&self, no: &str) -> Result<Loan> {
        loan(&self.connection, no)
    }

    /// The people who were cleared on leaving, in order.
    pub fn cleared(&self) -> Result<Vec<Cleared>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT name, cleared, handed_to, list, recorded_by FROM clearing_of_leaver ORDER BY id",
        )?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(Cleared {
                name: row.get(0)?,
                on: crate::dates::read(&row.get::<_, String>(1)?)?,
                handed_to: row.get(2)?,
                list: row.get(3)?,
                recorded_by: row.get(4)?,
            });
        }
        Ok(all)
    }
}

impl Change<'_> {
    /// The loan a volume of a fonds is on, if it is out.
    pub fn loan_of(&self, fonds: &str, volume: &str) -> Result<Option<Loan>> {
        let fonds = fonds_row(&self.transaction, fonds)?;
        let document: Option<String> = self
            .transaction
            .prepare_cached(
                "SELECT document FROM loan WHERE fonds = ?1 AND volume = ?2 AND returned IS NULL",
            )?
            .query_row(params![fonds, volume], |row| row.get(0))
            .optional()?;
        document.as_deref().map(crate::json::read).transpose()
    }

    /// Refuses what may not be done with a volume that is out (U8): `doing` says it, as in 移交 / transferred.
    pub fn refuse_while_lent(&self, fonds: &str, volume: &str, doing: &Text) -> Result<()> {
        match self.loan_of(fonds, volume)? {
            Some(loan) => Err(loans::refuse_while_out(&loan, doing).into()),
            None => Ok(()),
        }
    }

    /// Lends a volume of a fonds, handed out by who makes this change.
    pub fn lend(&self, fonds: &str, request: Request, profile: &Profile) -> Result<Loan> {
        let row = fonds_row(&self.transaction, fonds)?;
        if !self.has_volume(row, &request.volume)? {
            let code = &request.volume;
            return Err(StoreError::NotFound { what: text!("档号为 {code} 的案卷", "volume {code}") });
        }
        self.refuse_if_destroyed(fonds, &request.volume)?;
        let out = self.loan_of(fonds, &request.volume)?;
        let no = next_no(&self.transaction, "loan", self.day().year())?;
        let people = self.people()?;
        let loan = self.terms(profile, &people).lend(&no, request, self.who(), out.as_ref())?;
        self.transaction.execute(
            "INSERT INTO loan (no, fonds, volume, borrower, lent, due, document) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                loan.no,
                row,
                loan.volume,
                loan.borrower,
                loan.lent.to_string(),
                loan.due.to_string(),
                crate::json::write(&loan)?,
            ],
        )?;
        self.record_act(Act::Lend, &subject(&loan), &loan.purpose, None, Some(&loan))?;
        Ok(loan)
    }

    /// Extends a loan.
    pub fn extend_loan(
        &self,
        no: &str,
        until: Option<NaiveDate>,
        approved_by: &str,
        why: &str,
        profile: &Profile,
    ) -> Result<Loan> {
        let before = loan(&self.transaction, no)?;
        let people = self.people()?;
        let after = self.terms(profile, &people).extend(&before, until, approved_by, why)?;
        self.write_loan(Act::ExtendLoan, why, &before, &after)?;
        Ok(after)
    }

    /// Takes a volume back, checked by who makes this change.
    pub fn take_back(&self, no: &str, sheets: u32, damage: &str, profile: &Profile) -> Result<Loan> {
        let before = loan(&self.transaction, no)?;
        let people = self.people()?;
        let after = self.terms(profile, &people).take_back(&before, sheets, damage, self.who())?;
        self.write_loan(Act::TakeBack, damage, &before, &after)?;
        Ok(after)
    }

    /// Clears somebody who leaves: nothing is on loan to them, and what they kept was handed over (S5).
    pub fn clear_leaver(&self, name: &str, handed_to: &str, list: &str) -> Result<Cleared> {
        self.refuse_leaving(name)?;
        let cleared = Cleared {
            name: name.to_owned(),
            on: self.day(),
            handed_to: handed_to.to_owned(),
            list: list.to_owned(),
            recorded_by: self.who().to_owned(),
        };
        self.transaction.execute(
            "INSERT INTO clearing_of_leaver (name, cleared, handed_to, list, recorded_by) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![name, cleared.on.to_string(), handed_to, list, cleared.recorded_by],
        )?;
        self.record_act(Act::ClearLeaver, &format!("person:{name}"), "", None, Some(&cleared))?;
        Ok(cleared)
    }

    /// Refuses that somebody goes who still has something (S5).
    pub(crate) fn refuse_leaving(&self, name: &str) -> Result<()> {
        let out = read_loans(&self.transaction, "returned IS NULL AND borrower = ?1", [name])?;
        Ok(loans::refuse_leaving(name, &out.iter().collect::<Vec<_>>())?)
    }

    fn terms<'a>(&self, profile: &'a Profile, people: &'a People) -> Terms<'a> {
        Terms { profile, people, today: self.day() }
    }

    fn write_loan(&self, act: Act, why: &str, before: &Loan, after: &Loan) -> Result<()> {
        self.transaction.execute(
            "UPDATE loan SET due = ?2, returned = ?3, document = ?4 WHERE no = ?1",
            params![
                after.no,
                after.due.to_string(),
                after.returned.as_ref().map(|returned| returned.on.to_string()),
                crate::json::write(after)?,
            ],
        )?;
        self.record_act(act, &subject(after), why, Some(before), Some(after))
    }

    /// Whether a volume bears this code, now or since it was handed over.
    fn has_volume(&self, fonds: i64, code: &str) -> Result<bool> {
        let found: Option<i64> = self
            .transaction
            .prepare_cached(
                "SELECT 1 FROM volume WHERE fonds = ?1 AND code = ?2
                 UNION SELECT 1 FROM issued_volume WHERE fonds = ?1 AND code = ?2",
            )?
            .query_row(params![fonds, code], |row| row.get(0))
            .optional()?;
        Ok(found.is_some())
    }
}

fn subject(loan: &Loan) -> String {
    format!("loan:{}", loan.no)
}

fn loan(connection: &Connection, no: &str) -> Result<Loan> {
    let document: Option<String> = connection
        .prepare_cached("SELECT document FROM loan WHERE no = ?1")?
        .query_row([no], |row| row.get(0))
        .optional()?;
    let document =
        document.ok_or_else(|| StoreError::NotFound { what: text!("借阅号 {no}", "loan {no}") })?;
    crate::json::read(&document)
}

fn read_loans<const N: usize>(connection: &Connection, which: &str, values: [&str; N]) -> Result<Vec<Loan>> {
    let sql = format!("SELECT document FROM loan WHERE {which} ORDER BY no");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(crate::json::read(&row.get::<_, String>(0)?)?);
    }
    Ok(all)
}

/// `2005-0001`: the year and a running number in it, of a register whose lines are never taken away.
pub(crate) fn next_no(connection: &Connection, table: &str, year: i32) -> Result<String> {
    let count: u32 = connection.query_row(
        &format!("SELECT count(*) FROM {table} WHERE no LIKE ?1 || '-%'"),
        [year.to_string()],
        |row| row.get(0),
    )?;
    Ok(format!("{year}-{:04}", count + 1))
}
