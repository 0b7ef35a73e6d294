//! What readers ask for from afar: to see or copy a record (查档申请), or a word about one (意见).
//!
//! A request is no use yet: whether it can be met is for who works here to say, and serving it is registered in the
//! reading room as any use is. It is made by somebody who isn't on the register of people, so it is the one
//! thing that is written without anybody of the office at work; nothing else can be written by its way.

use archive_core::model::ItemId;
use archive_core::text;
use archive_core::text::Text;
use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate};
use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::audit::Act;
use crate::change::Change;
use crate::error::{Result, StoreError};
use crate::loans::next_no;
use crate::repository::Repository;

/// Under what name requests of readers stand in the audit chain.
const READERS: &str = "读者";

/// What a reader wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestKind {
    /// 查阅: to see the record.
    See,
    /// 复制: copies of it.
    Copy,
    /// 意见: to say something about it.
    Comment,
}

impl RequestKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::See, Self::Copy, Self::Comment];

    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::See => "see",
            Self::Copy => "copy",
            Self::Comment => "comment",
        }
    }

    /// The word for people.
    pub const fn word(self) -> Text {
        match self {
            Self::See => Text::fixed("查阅原件", "see the original"),
            Self::Copy => Text::fixed("复制", "copies"),
            Self::Comment => Text::fixed("意见", "comment"),
        }
    }
}

/// What a reader asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderRequest {
    /// Its number: 2026-0001.
    pub no: String,
    /// What is wanted.
    pub kind: RequestKind,
    /// Of which record, if of one.
    pub item: Option<ItemId>,
    /// Who asks, as they say.
    pub name: String,
    /// Where they can be reached.
    pub contact: String,
    /// What for, or what they say.
    pub text: String,
    /// When.
    pub made: NaiveDate,
    /// What was answered.
    pub answer: Option<RequestAnswer>,
}

/// What a request was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestAnswer {
    /// Whether it is met.
    pub granted: bool,
    /// In words.
    pub text: String,
    /// By whom.
    pub by: String,
    /// When.
    pub on: NaiveDate,
}

impl Repository {
    /// Requests of readers by number: all, or those that wait for an answer.
    pub fn reader_requests(&self, waiting_only: bool) -> Result<Vec<ReaderRequest>> {
        let sql = "SELECT document FROM reader_request WHERE answered = 0 OR NOT ?1 ORDER BY answered, no";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([waiting_only])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(crate::json::read(&row.get::<_, String>(0)?)?);
        }
        Ok(all)
    }

    /// Takes down what a reader asks for; its number and day are given here. The caller sees to it that a reader
    /// may know of the record.
    pub fn file_request(&self, request: ReaderRequest, now: DateTime<FixedOffset>) -> Result<ReaderRequest> {
        let change = self.begin_as(READERS, "serve", now, |_| Ok(READERS.to_owned()))?;
        let no = next_no(&change.transaction, "reader_request", now.year())?;
        let request = ReaderRequest { no, made: change.day(), answer: None, ..request };
        change.transaction.execute(
            "INSERT INTO reader_request (no, item, made, document) VALUES (?1, ?2, ?3, ?4)",
            params![
                request.no,
                request.item.map(|item| item.0),
                request.made.to_string(),
                crate::json::write(&request)?
            ],
        )?;
        change.record_act(Act::RequestMade, &subject(&request.no), "", None, Some(&request))?;
        change.commit()?;
        Ok(request)
    }
}

impl Change<'_> {
    /// Answers a request of a reader; one that was answered stays as it is.
    pub fn answer_request(&self, no: &str, granted: bool, text: &str) -> Result<ReaderRequest> {
        let all = self.repository.reader_requests(false)?;
        let Some(before) = all.into_iter().find(|request| request.no == no) else {
            return Err(StoreError::NotFound { what: text!("申请 {no}", "request {no}") });
        };
        if before.answer.is_some() {
            return Err(StoreError::Exists {
                what: text!("申请 {no} 的答复", "an answer to request {no}")
            });
        }
        let answer = RequestAnswer {
            granted,
            text: text.trim().to_owned(),
            by: self.who().to_owned(),
            on: self.day(),
        };
        let after = ReaderRequest { answer: Some(answer), ..before.clone() };
        self.transaction.execute(
            "UPDATE reader_request SET answered = 1, document = ?2 WHERE no = ?1",
            params![no, crate::json::write(&after)?],
        )?;
        self.record_act(Act::RequestAnswered, &subject(no), text, Some(&before), Some(&after))?;
        Ok(after)
    }
}

fn subject(no: &str) -> String {
    format!("request:{no}")
}
