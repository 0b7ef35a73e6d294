//! The registers of the reading room: readers (利用者), uses (利用登记表), what went out, what was paid and what came of it.
//!
//! Whether a use may be registered at all is the profile's table's to say ([`archive_core::reading_room`]); the decision is
//! kept with the use, with the line of the table it rests on.

use std::collections::BTreeSet;

use archive_core::model::{Item, ItemId};
use archive_core::people::Role;
use archive_core::profile::Profile;
use archive_core::reading_room::{Action, Asked, Fee, Paper, ReaderKind, RecordState, Slip};
use archive_core::refusal::Refusal;
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;
use chrono::{Datelike as _, NaiveDate};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use crate::audit::Act;
use crate::change::Change;
use crate::error::{Result, StoreError};
use crate::loans::next_no;
use crate::repository::Repository;

/// A reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    /// Their number: 2005-0001.
    pub no: String,
    /// Their name.
    pub name: String,
    /// What kind of reader they are.
    pub kind: ReaderKind,
    /// Their institution, if one sent them.
    pub unit: String,
    /// The papers they showed, with the number on each.
    pub papers: Vec<(Paper, String)>,
    /// Where they can be reached.
    pub contact: String,
    /// When they were registered.
    pub registered: NaiveDate,
}

/// A use of records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// Its number: 2005-0001.
    pub no: String,
    /// The reader's number.
    pub reader: String,
    /// When.
    pub day: NaiveDate,
    /// What for.
    pub purpose: String,
    /// What was wanted.
    pub action: Action,
    /// What was served.
    pub items: Vec<ItemId>,
    /// The papers it rests on.
    pub papers: BTreeSet<Paper>,
    /// Who approved it, where an approval was needed.
    pub approved_by: String,
    /// The clauses of the table that allowed it, each once.
    pub allowed_by: Vec<String>,
    /// Who served it.
    pub served_by: String,
    /// Excerpts and copies made.
    pub slips: Vec<Slip>,
    /// What was paid, in 分.
    pub paid_cents: u64,
    /// What came of it.
    pub feedback: Option<Feedback>,
}

/// What a reader told of a use (利用效果, U9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feedback {
    /// When.
    pub on: NaiveDate,
    /// What.
    pub text: String,
}

/// A note that a record is damaged (U10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damage {
    /// When it was noted.
    pub noted: NaiveDate,
    /// What is the matter with it.
    pub note: String,
    /// Who noted it.
    pub noted_by: String,
}

impl Use {
    /// What was charged, in 分.
    pub fn charged_cents(&self) -> u64 {
        self.slips.iter().filter_map(|slip| slip.fee.as_ref()).map(|fee: &Fee| fee.cents).sum()
    }
}

impl Repository {
    /// Every reader, by number.
    pub fn readers(&self) -> Result<Vec<Reader>> {
        documents(&self.connection, "SELECT document FROM reader ORDER BY no", [])
    }

    /// One reader by number.
    pub fn reader(&self, no: &str) -> Result<Reader> {
        reader(&self.connection, no)
    }

    /// Every use, by number.
    pub fn uses(&self) -> Result<Vec<Use>> {
        documents(&self.connection, "SELECT document FROM reader_use ORDER BY no", [])
    }

    /// One use by number.
    pub fn use_by_no(&self, no: &str) -> Result<Use> {
        one_use(&self.connection, no)
    }

    /// What is noted of a record's damage, if it is.
    pub fn damage(&self, item: ItemId) -> Result<Option<Damage>> {
        damage(&self.connection, item)
    }

    /// What a record is to the reading room.
    pub fn record_state(&self, item: &Item) -> Result<BTreeSet<RecordState>> {
        Ok(RecordState::of(item, self.damage(item.id)?.is_some()))
    }
}

impl Change<'_> {
    /// Registers a reader (U4); the number is given here.
    pub fn add_reader(&self, reader: Reader) -> Result<Reader> {
        if reader.name.trim().is_empty() {
            return Err(refused(RuleId::U4, Text::fixed("没有写明姓名", "the reader isn't named")));
        }
        if reader.papers.is_empty() {
            return Err(refused(
                RuleId::U4,
                Text::fixed("登记表上没有证件一栏的内容", "the form of the reader lacks the paper shown"),
            ));
        }
        let no = next_no(&self.transaction, "reader", self.day().year())?;
        let reader = Reader { no, registered: self.day(), ..reader };
        self.transaction.execute(
            "INSERT INTO reader (no, name, kind, registered, document) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                reader.no,
                reader.name,
                reader.kind.name(),
                reader.registered.to_string(),
                crate::json::write(&reader)?,
            ],
        )?;
        self.record_act(Act::ReaderAdded, &format!("reader:{}", reader.no), "", None, Some(&reader))?;
        Ok(reader)
    }

    /// Registers a use, if the profile's table allows it for every record. Number, day, who served it and the clauses
    /// are filled in here; the papers of the reader's registration count with those of the use.
    pub fn register_use(&self, mut one: Use, profile: &Profile) -> Result<Use> {
        let people = self.people()?;
        people.require_any(self.who(), &[Role::Clerk, Role::Archivist, Role::Director], RuleId::U4)?;
        let reader = reader(&self.transaction, &one.reader)?;
        if one.items.is_empty() {
            return Err(refused(RuleId::U4, Text::fixed("没有写明利用哪些档案", "no record is named")));
        }
        one.papers.extend(reader.papers.iter().map(|(paper, _)| *paper));
        one.papers.remove(&Paper::Approval);
        if !one.approved_by.trim().is_empty() {
            people.require(&one.approved_by, Role::Director, RuleId::U5)?;
            one.papers.insert(Paper::Approval);
        }
        one.allowed_by.clear();
        for &id in &one.items {
            let item = self.repository.item(id)?;
            let record = RecordState::of(&item, damage(&self.transaction, id)?.is_some());
            let asked = Asked { reader: reader.kind, record, action: one.action, papers: one.papers.clone() };
            let answer = profile.reading_room.decide(&asked);
            if let Some(refusal) = answer.refusal() {
                let (row, Text { zh, en }) = (&item.row, &refusal.message);
                let message = text!("序号 {row}：{zh}", "item {row}: {en}");
                return Err(Refusal { message, ..refusal.clone() }.into());
            }
            for line in answer.spoke.iter().filter_map(|spoke| spoke.line) {
                let clause = format!("{} {}", line.rule, line.source);
                if !one.allowed_by.contains(&clause) {
                    one.allowed_by.push(clause);
                }
            }
        }
        let no = next_no(&self.transaction, "reader_use", self.day().year())?;
        let one = Use { no, day: self.day(), served_by: self.who().to_owned(), ..one };
        self.transaction.execute(
            "INSERT INTO reader_use (no, reader, day, document) VALUES (?1, ?2, ?3, ?4)",
            params![one.no, one.reader, one.day.to_string(), crate::json::write(&one)?],
        )?;
        for item in one.items.iter().collect::<BTreeSet<_>>() {
            self.transaction.execute(
                "INSERT INTO reader_use_item (use_no, item) VALUES (?1, ?2)",
                params![one.no, item.0],
            )?;
        }
        self.record_act(Act::Use, &subject(&one), &one.purpose, None, Some(&one))?;
        Ok(one)
    }

    /// Puts an excerpt or copy on a use; its number is given here. `item` is the record it is of.
    pub fn add_slip(&self, use_no: &str, item: ItemId, slip: Slip) -> Result<(Use, Slip)> {
        let before = one_use(&self.transaction, use_no)?;
        if !before.items.contains(&item) {
            let record = &slip.record;
            return Err(refused(
                RuleId::U4,
                text!("{record} 不在利用登记 {use_no} 中", "{record} is not part of use {use_no}"),
            ));
        }
        if before.action < slip.kind {
            let (want, had) = (slip.kind.word(), before.action.word());
            let message = Text::new(
                format!("登记的是{}，没有登记{}", had.zh, want.zh),
                format!("the use was registered to {}, not to {}", had.en, want.en),
            );
            return Err(Refusal::new(RuleId::U5, message)
                .with_help(Text::fixed("另登记一次利用", "register a use for it"))
                .by_command(Text::fixed(
                    "archive use register … --action copy",
                    "archive use register … --action copy",
                ))
                .into());
        }
        let record = self.repository.item(item)?;
        let classified = RecordState::of(&record, false).contains(&RecordState::Classified);
        let people = self.people()?;
        let slip = Slip {
            no: format!("{use_no}-{}", before.slips.len() + 1),
            made_by: self.who().to_owned(),
            checked_by: self.person(&slip.checked_by)?,
            classified,
            ..slip
        }
        .judged()?;
        if classified {
            people.require(&slip.approved_by, Role::Director, RuleId::S3)?;
        }
        let mut after = before.clone();
        after.slips.push(slip.clone());
        self.write_use(Act::SlipMade, "", &before, &after)?;
        Ok((after, slip))
    }

    /// Records that a fee was paid, in 分.
    pub fn pay(&self, use_no: &str, cents: u64) -> Result<Use> {
        let before = one_use(&self.transaction, use_no)?;
        let owed = before.charged_cents().saturating_sub(before.paid_cents);
        if cents == 0 || cents > owed {
            let owed = Fee::yuan(owed);
            return Err(Refusal::new(
                RuleId::U7,
                text!("应收 {owed} 元，收款数不对", "{owed} yuan are owed: this isn't the amount"),
            )
            .with_help(Text::fixed("改正收款数", "correct the amount"))
            .by_command(Text::fixed("--paid", "--paid"))
            .into());
        }
        let after = Use { paid_cents: before.paid_cents + cents, ..before.clone() };
        self.write_use(Act::FeePaid, "", &before, &after)?;
        Ok(after)
    }

    /// Keeps what a reader told of a use.
    pub fn feedback(&self, use_no: &str, text: &str) -> Result<Use> {
        let before = one_use(&self.transaction, use_no)?;
        let feedback = Feedback { on: self.day(), text: text.trim().to_owned() };
        if feedback.text.is_empty() {
            return Err(refused(RuleId::U9, Text::fixed("利用效果是空的", "the feedback is empty")));
        }
        let after = Use { feedback: Some(feedback), ..before.clone() };
        self.write_use(Act::FeedbackGiven, "", &before, &after)?;
        Ok(after)
    }

    /// Notes that a record is damaged, or (`note` none) that it was mended.
    pub fn note_damage(&self, item: ItemId, note: Option<&str>) -> Result<()> {
        self.repository.item(item)?;
        let before = damage(&self.transaction, item)?;
        let after = note.map(|note| Damage {
            noted: self.day(),
            note: note.trim().to_owned(),
            noted_by: self.who().to_owned(),
        });
        match &after {
            Some(damage) => self.transaction.execute(
                "INSERT INTO damaged_item (item, noted, note, noted_by) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (item) DO UPDATE SET noted = excluded.noted, note = excluded.note,
                 noted_by = excluded.noted_by",
                params![item.0, damage.noted.to_string(), damage.note, damage.noted_by],
            )?,
            None => self.transaction.execute("DELETE FROM damaged_item WHERE item = ?1", [item.0])?,
        };
        let subject = format!("item:{}", item.0);
        self.record_act(Act::DamageNoted, &subject, "", before.as_ref(), after.as_ref())
    }

    fn write_use(&self, act: Act, why: &str, before: &Use, after: &Use) -> Result<()> {
        self.transaction.execute(
            "UPDATE reader_use SET document = ?2 WHERE no = ?1",
            params![after.no, crate::json::write(after)?],
        )?;
        self.record_act(act, &subject(after), why, Some(before), Some(after))
    }
}

fn subject(one: &Use) -> String {
    format!("use:{}", one.no)
}

fn refused(rule: RuleId, message: Text) -> StoreError {
    Refusal::new(rule, message).into()
}

fn documents<T: serde::de::DeserializeOwned, const N: usize>(
    connection: &Connection,
    sql: &str,
    values: [&str; N],
) -> Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(crate::json::read(&row.get::<_, String>(0)?)?);
    }
    Ok(all)
}

fn reader(connection: &Connection, no: &str) -> Result<Reader> {
    let found = documents(connection, "SELECT document FROM reader WHERE no = ?1", [no])?;
    found
        .into_iter()
        .next()
        .ok_or_else(|| StoreError::NotFound { what: text!("利用者编号 {no}", "reader {no}") })
}

fn one_use(connection: &Connection, no: &str) -> Result<Use> {
    let found = documents(connection, "SELECT document FROM reader_use WHERE no = ?1", [no])?;
    found
        .into_iter()
        .next()
        .ok_or_else(|| StoreError::NotFound { what: text!("利用登记 {no}", "use {no}") })
}

fn damage(connection: &Connection, item: ItemId) -> Result<Option<Damage>> {
    let found: Option<(String, String, String)> = connection
        .prepare_cached("SELECT noted, note, noted_by FROM damaged_item WHERE item = ?1")?
        .query_row([item.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    found
        .map(|(noted, note, noted_by)| Ok(Damage { noted: crate::dates::read(&noted)?, note, noted_by }))
        .transpose()
}
