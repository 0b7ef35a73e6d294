//! Opinions and decisions on opening (开放审核): the register behind every record that is open.
//!
//! The state of a record changes here and nowhere else: [`Change::describe`] leaves it as it is, and what is taken in
//! comes in unreviewed. So what is open has a decision, with the opinion of another person, in this register and in
//! the audit chain (U1). The steps themselves are [`archive_core::opening`]'s.

use archive_core::model::{Item, ItemId, OpeningState};
use archive_core::opening::{Case, Decision, Opinion, Said, Standing, Verdict};
use archive_core::profile::Profile;
use archive_core::text;
use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::audit::Act;
use crate::change::Change;
use crate::dates;
use crate::error::{Result, StoreError};
use crate::repository::{CATALOGUE, Repository};

impl Repository {
    /// Where a record stands in the matter of opening.
    pub fn opening(&self, item: ItemId) -> Result<Standing> {
        standing(&self.connection, item)
    }

    /// Every decision on opening, in the order they were made.
    pub fn opening_decisions(&self) -> Result<Vec<(ItemId, Decision)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT verdict, reason, next, decided_by, decided_on, opinion, item FROM opening_decision ORDER BY id",
        )?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push((ItemId(row.get(6)?), decision_of(row)?));
        }
        Ok(all)
    }

    /// Every opinion that waits for a decision.
    pub fn opening_opinions(&self) -> Result<Vec<(ItemId, Opinion)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT verdict, reason, next, said_by, said_on, item FROM opening_opinion ORDER BY item",
        )?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push((ItemId(row.get(5)?), opinion_of(row)?));
        }
        Ok(all)
    }
}

impl Change<'_> {
    /// Where a record stands, as it would be after this change.
    pub fn opening(&self, item: ItemId) -> Result<Standing> {
        standing(&self.transaction, item)
    }

    /// An opinion of who makes this change; it replaces one that waits.
    pub fn give_opinion(&self, item: ItemId, said: Said, profile: &Profile) -> Result<Opinion> {
        let (record, standing, people) = self.case(item)?;
        let case = Case { item: &record, standing: &standing, profile, people: &people, today: self.day() };
        let opinion = case.opinion(said, self.who())?;
        self.transaction.execute(
            "INSERT INTO opening_opinion (item, verdict, reason, next, said_by, said_on)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (item) DO UPDATE SET verdict = excluded.verdict, reason = excluded.reason,
             next = excluded.next, said_by = excluded.said_by, said_on = excluded.said_on",
            params![
                item.0,
                opinion.said.verdict.name(),
                opinion.said.reason,
                opinion.said.next.map(|day| day.to_string()),
                opinion.by,
                opinion.on.to_string(),
            ],
        )?;
        let reason = opinion.said.reason.clone();
        self.record_act(
            Act::OpeningOpinion,
            &subject(item),
            &reason,
            standing.opinion.as_ref(),
            Some(&opinion),
        )?;
        Ok(opinion)
    }

    /// A decision of who makes this change: the record gets its state by it.
    pub fn decide_opening(&self, item: ItemId, said: Said, profile: &Profile) -> Result<Decision> {
        let (mut record, standing, people) = self.case(item)?;
        let case = Case { item: &record, standing: &standing, profile, people: &people, today: self.day() };
        let decision = case.decision(said, self.who())?;
        let opinion = decision.opinion.as_ref().map(crate::json::write).transpose()?;
        self.transaction.execute(
            "INSERT INTO opening_decision (item, verdict, reason, next, decided_by, decided_on, opinion)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                item.0,
                decision.said.verdict.name(),
                decision.said.reason,
                decision.said.next.map(|day| day.to_string()),
                decision.by,
                decision.on.to_string(),
                opinion,
            ],
        )?;
        self.transaction.execute("DELETE FROM opening_opinion WHERE item = ?1", [item.0])?;
        let before = record.opening;
        record.opening = decision.said.verdict.state();
        self.set_opening(&record)?;
        let told = |state: OpeningState, decision: Option<&Decision>| serde_json::json!({ "state": state.word(), "decision": decision });
        self.record_act(
            Act::OpeningDecision,
            &subject(item),
            &decision.said.reason,
            Some(&told(before, standing.decision.as_ref())),
            Some(&told(record.opening, Some(&decision))),
        )?;
        Ok(decision)
    }

    /// What the sender of a package made of an item's opening: an opinion here, which waits for this archive's
    /// decision (《档案法》 2020, art. 30).
    pub(crate) fn keep_opinion_of_sender(
        &self,
        item: ItemId,
        state: OpeningState,
        sender: &str,
    ) -> Result<()> {
        let Some(verdict) = Verdict::ALL.into_iter().find(|verdict| verdict.state() == state) else {
            return Ok(());
        };
        self.transaction.execute(
            "INSERT INTO opening_opinion (item, verdict, reason, said_by, said_on) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![item.0, verdict.name(), "移交单位的意见", sender, self.day().to_string()],
        )?;
        Ok(())
    }

    fn case(&self, item: ItemId) -> Result<(Item, Standing, archive_core::people::People)> {
        Ok((self.repository.item(item)?, self.opening(item)?, self.people()?))
    }
}

fn subject(item: ItemId) -> String {
    format!("item:{}", item.0)
}

fn standing(connection: &Connection, item: ItemId) -> Result<Standing> {
    let opinion = connection
        .prepare_cached(
            "SELECT verdict, reason, next, said_by, said_on FROM opening_opinion WHERE item = ?1",
        )?
        .query_row([item.0], |row| Ok(opinion_of(row)))
        .optional()?
        .transpose()?;
    let decision = connection
        .prepare_cached(
            "SELECT verdict, reason, next, decided_by, decided_on, opinion FROM opening_decision
             WHERE item = ?1 ORDER BY id DESC LIMIT 1",
        )?
        .query_row([item.0], |row| Ok(decision_of(row)))
        .optional()?
        .transpose()?;
    Ok(Standing { opinion, decision })
}

/// What was said, by whom and when: the columns that opinions and decisions share.
fn said_of(row: &Row<'_>) -> Result<(Said, String, NaiveDate)> {
    let word: String = row.get(0)?;
    let verdict = Verdict::read(&word).ok_or_else(|| StoreError::Damaged {
        path: CATALOGUE.into(),
        reason: text!("其中的开放意见“{word}”无法读取", "a verdict on opening in it can't be read: {word}"),
    })?;
    let next: Option<String> = row.get(2)?;
    let said = Said { verdict, reason: row.get(1)?, next: next.as_deref().map(dates::read).transpose()? };
    Ok((said, row.get(3)?, dates::read(&row.get::<_, String>(4)?)?))
}

fn opinion_of(row: &Row<'_>) -> Result<Opinion> {
    let (said, by, on) = said_of(row)?;
    Ok(Opinion { said, by, on })
}

fn decision_of(row: &Row<'_>) -> Result<Decision> {
    let (said, by, on) = said_of(row)?;
    let opinion: Option<String> = row.get(5)?;
    Ok(Decision { said, opinion: opinion.as_deref().map(crate::json::read).transpose()?, by, on })
}
