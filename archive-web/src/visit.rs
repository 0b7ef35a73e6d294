//! A request as pages see it: who asks, in which language, what for.

use std::net::IpAddr;

use archive_core::access::Asker;
use archive_core::people::Role;
use archive_core::text::{Lang, Text};
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::Serialize;

use crate::answer::Answer;
use crate::failure::Failure;
use crate::frame::Frame;
use crate::routes::Who;
use crate::sessions::Worker;

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    /// The parts of the address that the route leaves open.
    pub(crate) parts: Vec<(String, String)>,
    /// What stands behind the question mark.
    pub(crate) query: Vec<(String, String)>,
    /// What a form sent.
    pub(crate) form: Vec<(String, String)>,
    /// The path, with the question mark and what stands behind it.
    pub(crate) here: String,
    /// The reader's language.
    pub(crate) lang: Lang,
    /// Whether a program reads the answer.
    pub(crate) wants_json: bool,
    /// Where the request comes from.
    pub(crate) from: IpAddr,
    /// The session's cookie, as sent.
    pub(crate) cookie: Option<String>,
    /// Who is signed in, if somebody is.
    pub(crate) worker: Option<Worker>,
    /// The moment.
    pub(crate) now: DateTime<FixedOffset>,
    /// Whose archive it is.
    pub(crate) house: String,
    /// Requests of readers that wait, for who works here.
    pub(crate) waiting: usize,
}

/// A value by its name.
fn find<'a>(list: &'a [(String, String)], name: &str) -> Option<&'a str> {
    list.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim())
}

impl Visit {
    /// Who asks, for every list, page and search.
    pub(crate) const fn asker(&self) -> Asker {
        match self.worker {
            Some(_) => Asker::Staff,
            None => Asker::Public,
        }
    }

    /// A part of the address.
    pub(crate) fn part(&self, name: &str) -> &str {
        find(&self.parts, name).unwrap_or_default()
    }

    /// A value of the query; empty ones count as none.
    pub(crate) fn asked(&self, name: &str) -> Option<&str> {
        find(&self.query, name).filter(|value| !value.is_empty())
    }

    /// A number of the query.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.asked(name)?.parse().ok()
    }

    /// A field of the form; empty if it wasn't sent.
    pub(crate) fn field(&self, name: &str) -> &str {
        find(&self.form, name).unwrap_or_default()
    }

    /// All values of a field of the form.
    pub(crate) fn fields<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.form.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A field that must hold something, and no more than so many characters.
    pub(crate) fn needed(&self, name: &str, what: &Text, most: usize) -> Result<String, Failure> {
        let value = self.field(name);
        let Text { zh, en } = what;
        if value.is_empty() {
            return Err(Failure::refused(archive_core::text!("没有填写{zh}", "{en} is missing")));
        }
        if value.chars().count() > most {
            return Err(Failure::refused(archive_core::text!(
                "{zh}超过 {most} 字",
                "{en} is longer than {most} characters"
            )));
        }
        Ok(value.to_owned())
    }

    /// A day of the form, if one was given.
    pub(crate) fn day(&self, name: &str) -> Result<Option<NaiveDate>, Failure> {
        match self.field(name) {
            "" => Ok(None),
            written => written.parse().map(Some).map_err(|_| {
                Failure::refused(archive_core::text!("“{written}”不是日期", "{written} is no date"))
            }),
        }
    }

    /// The day.
    pub(crate) fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    /// A sentence in the reader's language.
    pub(crate) fn say(&self, text: &Text) -> String {
        text.in_lang(self.lang).to_owned()
    }

    /// Who is signed in. Routes that call it let nobody else in; were one to forget, this turns them away.
    pub(crate) fn worker(&self) -> Result<&Worker, Failure> {
        self.worker.as_ref().ok_or(Failure::SignIn)
    }

    /// Whether who is signed in has one of these roles.
    pub(crate) fn has(&self, roles: &[Role]) -> bool {
        self.worker.as_ref().is_some_and(|worker| roles.iter().any(|role| worker.roles.contains(role)))
    }

    /// Whether the table would let who is signed in do something.
    pub(crate) fn may(&self, who: Who) -> bool {
        who.admits(self.worker.as_ref().map(|worker| &worker.roles)).is_ok()
    }

    /// What every page has round it.
    pub(crate) fn frame(&self, title: &Text) -> Frame {
        Frame::new(self, title)
    }

    /// A page, or its JSON twin.
    pub(crate) fn show(
        &self,
        page: &impl askama::Template,
        json: &impl Serialize,
    ) -> Result<Answer, Failure> {
        if self.wants_json { Answer::json(200, json) } else { Answer::html(200, page) }
    }

    /// What comes after something was done: the page to look at next, or word of it for a program.
    pub(crate) fn done(&self, next: &str, said: &Text) -> Result<Answer, Failure> {
        #[derive(Serialize)]
        struct Done<'a> {
            done: &'a str,
            next: &'a str,
        }
        if self.wants_json {
            return Answer::json(200, &Done { done: said.in_lang(self.lang), next });
        }
        Ok(Answer::see(next))
    }
}
