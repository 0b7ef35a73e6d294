//! Destruction lists (销毁清册) kept: drawn up, approved, supervised.
//!
//! A list is one document; its lines are made here from the records, so that nobody can put down another
//! title or page count than the catalogue has. Its digest is taken anew whenever it matters, over lines made
//! anew: a record that changed since the approval voids it (D1).

use archive_core::appraisal::list::Obstacles;
use archive_core::appraisal::{
    Approval, DestructionList, Handover, Line, Supervision, Target, Terms, falls_due,
};
use archive_core::hex;
use archive_core::model::{Institution, Item, ItemId, SecrecyLevel, TieKind};
use archive_core::people::Role;
use archive_core::rules::RuleId;
use archive_core::text;
use chrono::Datelike as _;
use rusqlite::{Connection, OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use super::decisions::{self, holds};
use crate::audit::Act;
use crate::change::Change;
use crate::error::{Result, StoreError};
use crate::items::fonds_row;
use crate::ocfl::digest::sha256;
use crate::records::{self, item_record, items_of, volume_record};
use crate::repository::Repository;

/// A line that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRequest {
    /// What it names.
    pub target: Target,
    /// Why it is destroyed.
    pub reason: String,
    /// Of a duplicate: the decision of the archives on the original (D4).
    pub original: Option<String>,
    /// Of papers that were never archived: how many sheets.
    pub pages: u32,
}

impl Repository {
    /// Every destruction list, by number.
    pub fn destruction_lists(&self) -> Result<Vec<DestructionList>> {
        let mut statement =
            self.connection.prepare_cached("SELECT document FROM destruction_list ORDER BY number")?;
        let documents = statement.query_map([], |row| row.get::<_, String>(0))?;
        documents.map(|document| crate::json::read(&document?)).collect()
    }

    /// One list.
    pub fn destruction_list(&self, number: &str) -> Result<DestructionList> {
        Ok(read(&self.connection, number)?.1)
    }

    /// The fonds a list is of.
    pub fn fonds_of_destruction_list(&self, number: &str) -> Result<Institution> {
        let (id, _) = read(&self.connection, number)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT institution, code FROM fonds WHERE id = (SELECT fonds FROM destruction_list WHERE id = ?1)",
        )?;
        Ok(statement.query_row([id], |row| Ok(Institution { name: row.get(0)?, fonds: row.get(1)? }))?)
    }

    /// The digest of a list as its records are today: what a leader approves.
    pub fn destruction_list_digest(&self, list: &DestructionList, terms: Terms) -> Result<String> {
        digest(&self.connection, list, terms)
    }
}

impl Change<'_> {
    /// Begins a destruction list of a fonds and gives its number.
    pub fn new_destruction_list(&self, fonds: &str, title: &str, secret: bool) -> Result<String> {
        let row = fonds_row(&self.transaction, fonds)?;
        let year = self.now.year();
        let count: u32 = self.transaction.query_row(
            "SELECT count(*) FROM destruction_list WHERE number LIKE ?1 || '-%'",
            [year.to_string()],
            |row| row.get(0),
        )?;
        let number = format!("{year}-{:02}", count + 1);
        let list = DestructionList::new(
            number.clone(),
            title.to_owned(),
            secret,
            self.who().to_owned(),
            self.now.date_naive(),
        );
        self.transaction.execute(
            "INSERT INTO destruction_list (number, fonds, made_by, document) VALUES (?1, ?2, ?3, ?4)",
            params![number, row, list.made_by, crate::json::write(&list)?],
        )?;
        self.record_act(Act::ListDrawnUp, &subject(&number), "", None, Some(&list))?;
        Ok(number)
    }

    /// Puts lines on a list, all of them or none; gives whether that voided an approval.
    pub fn add_to_destruction_list(
        &self,
        number: &str,
        requests: &[LineRequest],
        terms: Terms,
    ) -> Result<bool> {
        let (id, before) = read(&self.transaction, number)?;
        let mut list = before.clone();
        let today = self.now.date_naive();
        let mut voided = false;
        // Copies and their originals may be listed together: what is asked for counts as listed (D4).
        let asked: Vec<Target> = before
            .lines
            .iter()
            .map(|line| line.target.clone())
            .chain(requests.iter().map(|one| one.target.clone()))
            .collect();
        for request in requests {
            let line = self.line(request, terms)?;
            let seen = obstacles(&self.transaction, &request.target, number, &asked)?;
            voided |= list.add(line, &seen, today)?;
        }
        self.save(id, &list)?;
        self.record_act(Act::ListChanged, &subject(number), "", Some(&before), Some(&list))?;
        Ok(voided)
    }

    /// Takes a line off a list, by its place from 1; gives what it was and whether that voided an approval.
    pub fn remove_from_destruction_list(
        &self,
        number: &str,
        place: usize,
        why: &str,
    ) -> Result<(Line, bool)> {
        let (id, before) = read(&self.transaction, number)?;
        let mut list = before.clone();
        let removed = list.remove(place)?;
        self.save(id, &list)?;
        self.record_act(Act::ListChanged, &subject(number), why, Some(&before), Some(&list))?;
        Ok(removed)
    }

    /// Who makes the change approves the list with this digest, which may be cut short to its first eight
    /// characters or more (D1). Where a register of people is kept, that is a director's to do.
    pub fn approve_destruction_list(
        &self,
        number: &str,
        given: &str,
        appraiser: &str,
        terms: Terms,
    ) -> Result<()> {
        self.people()?.require(self.who(), Role::Director, RuleId::D1)?;
        let (id, before) = read(&self.transaction, number)?;
        let mut list = before.clone();
        let now = digest(&self.transaction, &list, terms)?;
        let given = given.trim().to_lowercase();
        let approved = if given.len() >= 8 && now.starts_with(&given) { now.clone() } else { given };
        // What the leader saw is what the records say today, and so it is kept.
        list.lines = self.fresh(&list, terms)?;
        list.approve(
            &now,
            Approval {
                digest: approved,
                by: self.who().to_owned(),
                on: self.now.date_naive(),
                appraiser: appraiser.to_owned(),
            },
        )?;
        self.save(id, &list)?;
        self.record_act(Act::ListApproved, &subject(number), "", Some(&before), Some(&list))
    }

    /// Names who supervises, where and when (D2).
    pub fn supervise_destruction(&self, number: &str, supervision: &Supervision) -> Result<()> {
        let (id, before) = read(&self.transaction, number)?;
        let mut list = before.clone();
        let supervisors =
            supervision.supervisors.iter().map(|name| self.person(name)).collect::<Result<_>>()?;
        list.supervise(Supervision { supervisors, ..supervision.clone() }, LEAST)?;
        self.save(id, &list)?;
        self.record_act(Act::ListSupervised, &subject(number), "", Some(&before), Some(&list))
    }

    /// Records that a secret list went to the secrecy office (D3).
    pub fn hand_list_to_secrecy_office(&self, number: &str, handover: &Handover) -> Result<()> {
        let (id, before) = read(&self.transaction, number)?;
        let mut list = before.clone();
        list.hand_over(handover.clone())?;
        self.save(id, &list)?;
        self.record_act(Act::ListHandedOver, &subject(number), "", Some(&before), Some(&list))
    }

    /// The line a request comes to, as the records are today.
    fn line(&self, request: &LineRequest, terms: Terms) -> Result<Line> {
        line(&self.transaction, request, self.now.year(), terms)
    }

    /// The lines of a list, made anew from the records.
    pub(super) fn fresh(&self, list: &DestructionList, terms: Terms) -> Result<Vec<Line>> {
        fresh(&self.transaction, list, terms)
    }

    /// Writes a list and what the triggers ask about.
    pub(super) fn save(&self, id: i64, list: &DestructionList) -> Result<()> {
        let approval = list.approval.as_ref();
        let supervisors = list.supervision.as_ref().map_or(0, |one| one.supervisors.len());
        self.transaction.execute(
            "UPDATE destruction_list SET approved = ?2, approved_by = ?3, supervisors = ?4, destroyed = ?5, document = ?6
             WHERE id = ?1",
            params![
                id,
                approval.map(|approval| &approval.digest),
                approval.map(|approval| &approval.by),
                supervisors as u64,
                list.destroyed.map(|day| day.to_string()),
                crate::json::write(list)?,
            ],
        )?;
        Ok(())
    }
}

/// The fewest who supervise a destruction (D2).
pub(super) const LEAST: usize = 2;

pub(super) fn subject(number: &str) -> String {
    format!("destruction:{number}")
}

/// A list and its row.
pub(super) fn read(connection: &Connection, number: &str) -> Result<(i64, DestructionList)> {
    let found: Option<(i64, String)> = connection
        .prepare_cached("SELECT id, document FROM destruction_list WHERE number = ?1")?
        .query_row([number.trim()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (id, document) = found.ok_or_else(|| StoreError::NotFound {
        what: text!("销毁清册 {number}", "destruction list {number}"),
    })?;
    Ok((id, crate::json::read(&document)?))
}

/// The digest of a list whose lines are made anew.
pub(super) fn digest(connection: &Connection, list: &DestructionList, terms: Terms) -> Result<String> {
    let lines = if list.destroyed.is_some() { list.lines.clone() } else { fresh(connection, list, terms)? };
    Ok(sha256(DestructionList { lines, ..list.clone() }.canonical().as_bytes()))
}

fn fresh(connection: &Connection, list: &DestructionList, terms: Terms) -> Result<Vec<Line>> {
    list.lines
        .iter()
        .map(|old| {
            let request = LineRequest {
                target: old.target.clone(),
                reason: old.reason.clone(),
                original: old.original.clone(),
                pages: old.pages,
            };
            line(connection, &request, old.year, terms)
        })
        .collect()
}

fn line(connection: &Connection, request: &LineRequest, this_year: i32, terms: Terms) -> Result<Line> {
    let LineRequest { target, reason, original, pages } = request;
    let items = items_of(connection, target)?;
    let contents = contents(connection, &items)?;
    let decisions = decisions::of_target(connection, target)?;
    let mut line = Line {
        target: target.clone(),
        code: String::new(),
        title: String::new(),
        year: this_year,
        period: None,
        due: None,
        pages: *pages,
        items: u32::try_from(items.len()).unwrap_or(u32::MAX),
        contents,
        level: SecrecyLevel::None,
        reason: reason.trim().to_owned(),
        original: original.as_deref().map(|basis| basis.trim().to_owned()).filter(|basis| !basis.is_empty()),
    };
    match target {
        Target::Volume { fonds, code } => {
            let record = volume_record(connection, fonds, code)?;
            line.due = falls_due(record.year, record.period, &decisions, terms);
            (line.code, line.title, line.year) = (record.code, record.title, record.year);
            (line.period, line.pages, line.level) = (Some(record.period), record.pages, record.level);
        }
        Target::Item(id) => {
            let record = item_record(connection, *id)?;
            line.code = item_code(&record);
            line.due = record
                .year
                .zip(record.period)
                .and_then(|(year, period)| falls_due(year, period, &decisions, terms));
            (line.title, line.period, line.pages, line.level) =
                (record.title, record.period, record.pages, record.level);
            line.year = record.year.unwrap_or(this_year);
        }
        Target::Loose(title) => line.title.clone_from(title),
    }
    Ok(line)
}

/// What people call an item: its volume's code and its number, or its row while it has none.
pub(super) fn item_code(record: &records::ItemRecord) -> String {
    match (&record.volume, record.item_no) {
        (Some(volume), Some(number)) => format!("{volume}-{number:03}"),
        _ => format!("序号{}", record.row),
    }
}

/// The digest of what some items are: how they are described where it matters, and their files.
fn contents(connection: &Connection, items: &[ItemId]) -> Result<String> {
    let mut digest = Sha256::new();
    let mut described =
        connection.prepare_cached("SELECT row, title, bodies, number, date FROM item WHERE id = ?1")?;
    let mut files = connection.prepare_cached("SELECT sha512 FROM file WHERE item = ?1 ORDER BY position")?;
    for ItemId(id) in items {
        let fields: [Option<String>; 5] = described
            .query_row([id], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?]))?;
        digest.update(crate::json::write(&(id, fields))?);
        let mut rows = files.query([id])?;
        while let Some(row) = rows.next()? {
            digest.update(row.get_ref(0)?.as_str().unwrap_or_default());
            digest.update(b"\n");
        }
    }
    Ok(hex::encode(&digest.finalize()))
}

/// What stands against a line of the list `number`; `listed` is what stands on it beside.
pub(super) fn obstacles(
    connection: &Connection,
    target: &Target,
    number: &str,
    listed: &[Target],
) -> Result<Obstacles> {
    let items = items_of(connection, target)?;
    let mut seen = Obstacles::default();
    if items.is_empty() && matches!(target, Target::Loose(_)) {
        return Ok(seen);
    }
    let volume = match target {
        Target::Volume { fonds, code } => Some(volume_record(connection, fonds, code)?),
        Target::Item(id) => {
            let record = item_record(connection, *id)?;
            seen.destroyed_by = record.destroyed_by;
            record.volume.map(|code| volume_record(connection, &record.fonds, &code)).transpose()?
        }
        Target::Loose(_) => None,
    };
    if let Some(volume) = &volume {
        seen.handed_over = volume.sent.is_some();
        if matches!(target, Target::Volume { .. }) {
            seen.destroyed_by.clone_from(&volume.destroyed_by);
        }
        seen.on_loan = on_loan(connection, &volume.fonds, &volume.code)?;
    }
    let same = |other: &Target| {
        other == target
            || matches!(other, Target::Item(id) if items.contains(id))
            || matches!((other, &volume), (Target::Volume { fonds, code }, Some(volume)) if *fonds == volume.fonds && *code == volume.code)
    };
    seen.holds = holds(connection)?
        .into_iter()
        .filter(|hold| hold.lifted.is_none() && same(&hold.target))
        .map(|hold| hold.reason)
        .collect();
    let mut others = connection.prepare_cached(
        "SELECT document FROM destruction_list WHERE destroyed IS NULL AND number <> ?1 ORDER BY number",
    )?;
    let mut rows = others.query([number])?;
    while let Some(row) = rows.next()? {
        let other: DestructionList = crate::json::read(&row.get::<_, String>(0)?)?;
        if other.lines.iter().any(|line| same(&line.target)) {
            seen.on_list = Some(other.number);
            break;
        }
    }
    drop(rows);
    seen.originals = originals(connection, &items, listed)?;
    Ok(seen)
}

/// The originals in this repository that some items are copies of (复制件), unless they are destroyed or listed too.
fn originals(connection: &Connection, items: &[ItemId], listed: &[Target]) -> Result<Vec<String>> {
    let mut originals = Vec::new();
    let mut description =
        connection.prepare_cached("SELECT description, register FROM item WHERE id = ?1")?;
    let mut by_row = connection.prepare_cached("SELECT id FROM item WHERE register IS ?1 AND row = ?2")?;
    for ItemId(id) in items {
        let (written, register): (String, Option<i64>) =
            description.query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let item: Item = crate::json::read(&written)?;
        for tie in item.ties.iter().filter(|tie| tie.kind == TieKind::Copy) {
            let found: Option<u64> =
                by_row.query_row(params![register, tie.to_row.trim()], |row| row.get(0)).optional()?;
            let Some(original) = found.map(ItemId) else { continue };
            let record = item_record(connection, original)?;
            let goes_too = items.contains(&original)
                || listed.iter().any(|target| match target {
                    Target::Item(id) => *id == original,
                    Target::Volume { fonds, code } => {
                        *fonds == record.fonds && record.volume.as_ref() == Some(code)
                    }
                    Target::Loose(_) => false,
                });
            if record.destroyed_by.is_none() && !goes_too {
                originals.push(item_code(&record));
            }
        }
    }
    Ok(originals)
}

/// Who has a volume at home.
fn on_loan(connection: &Connection, fonds: &str, code: &str) -> Result<Option<String>> {
    Ok(connection
        .prepare_cached(
            "SELECT borrower FROM loan WHERE fonds = (SELECT id FROM fonds WHERE code = ?1) AND volume = ?2
             AND returned IS NULL",
        )?
        .query_row([fonds, code], |row| row.get(0))
        .optional()?)
}
