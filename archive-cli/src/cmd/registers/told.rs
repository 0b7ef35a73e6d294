//! Lines, matches and rates in the shape of JSON.

use std::collections::HashMap;

use archive_core::model::{Item, ItemId, SecrecyLevel};
use archive_core::office_register::{BookEntry, Disposition, Line, Match, Rate, Standing};
use archive_core::reading::RecordDate;
use archive_core::text::Lang;
use serde::Serialize;

/// A line of a book.
#[derive(Debug, Serialize)]
pub(super) struct EntryTold<'a> {
    /// As it is typed: 收2004-15.
    pub(super) entry: String,
    kind: &'static str,
    year: i32,
    register_no: &'a str,
    registered: Option<String>,
    number: Option<String>,
    bodies: &'a [String],
    title: &'a str,
    date: Option<String>,
    copies: Option<u32>,
    secrecy: &'static str,
    section: Option<&'a str>,
    must_return: bool,
    disposition: Option<DispositionTold<'a>>,
}

#[derive(Debug, Serialize)]
struct DispositionTold<'a> {
    kind: &'static str,
    on: Option<String>,
    reason: Option<&'a str>,
}

impl<'a> DispositionTold<'a> {
    fn of(disposition: &'a Disposition) -> Self {
        Self {
            kind: disposition.kind.name(),
            on: disposition.on.map(|day| day.to_string()),
            reason: disposition.reason.as_deref(),
        }
    }
}

impl<'a> EntryTold<'a> {
    pub(super) fn of(entry: &'a BookEntry) -> Self {
        Self {
            entry: entry.label.to_string(),
            kind: entry.direction().name(),
            year: entry.year(),
            register_no: &entry.label.register_no,
            registered: entry.registered.date().as_ref().map(RecordDate::to_string),
            number: entry.number.as_ref().map(ToString::to_string),
            bodies: &entry.bodies,
            title: &entry.title,
            date: entry.date.date().as_ref().map(RecordDate::to_string),
            copies: entry.copies,
            secrecy: entry.secrecy.level.word(),
            section: entry.section.as_deref(),
            must_return: entry.must_return,
            disposition: entry.disposition.as_ref().map(DispositionTold::of),
        }
    }
}

/// A line with how it stands.
#[derive(Debug, Serialize)]
pub(super) struct LineTold<'a> {
    #[serde(flatten)]
    entry: EntryTold<'a>,
    standing: &'static str,
    /// What is said of a missing one.
    #[serde(skip_serializing_if = "Option::is_none")]
    absence: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeats: Option<String>,
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    found: Option<MatchTold<'a>>,
}

/// The item a line was matched with.
#[derive(Debug, Serialize)]
struct MatchTold<'a> {
    register: &'a str,
    row: &'a str,
    number: Option<String>,
    title: &'a str,
    confidence: u8,
    sure: bool,
    confirmed: bool,
    grounds: Vec<String>,
}

impl<'a> MatchTold<'a> {
    fn of(found: &Match, items: &HashMap<ItemId, &'a Item>, lang: Lang) -> Option<Self> {
        let item = items.get(&found.item)?;
        let open = item.secrecy.level == SecrecyLevel::None;
        Some(Self {
            register: &item.origin.register,
            row: &item.row,
            number: item.number.as_ref().map(ToString::to_string),
            title: if open { &item.title } else { "" },
            confidence: found.confidence,
            sure: found.is_sure(),
            confirmed: found.is_confirmed(),
            grounds: found.grounds.iter().map(|ground| ground.text().in_lang(lang).to_owned()).collect(),
        })
    }
}

impl<'a> LineTold<'a> {
    /// `labels` are the lines by identity: a repeated one names the first.
    pub(super) fn of(
        line: &Line<'a>,
        items: &HashMap<ItemId, &'a Item>,
        all: &[Line<'_>],
        lang: Lang,
    ) -> Self {
        let label =
            |id| all.iter().find(|other| other.entry.id == id).map(|other| other.entry.label.to_string());
        Self {
            entry: EntryTold::of(line.entry),
            standing: line.standing.name(),
            absence: match line.standing {
                Standing::Missing(absence) => Some(absence.text().in_lang(lang).to_owned()),
                _ => None,
            },
            repeats: match line.standing {
                Standing::Repeated(first) => label(first),
                _ => None,
            },
            found: line.found.as_ref().and_then(|found| MatchTold::of(found, items, lang)),
        }
    }
}

/// A rate.
#[derive(Debug, Serialize)]
pub(super) struct RateTold {
    registered: usize,
    due: usize,
    archived: usize,
    likely: usize,
    missing: usize,
    excused: usize,
    to_return: usize,
    repeated: usize,
    apart: usize,
    /// In per cent, one decimal; nothing where nothing is due.
    rate: Option<f64>,
}

impl RateTold {
    #[allow(clippy::cast_precision_loss)] // tenths of a per cent: at most 1000
    pub(super) fn of(rate: Rate) -> Self {
        Self {
            registered: rate.registered,
            due: rate.due(),
            archived: rate.archived,
            likely: rate.likely,
            missing: rate.missing,
            excused: rate.excused,
            to_return: rate.to_return,
            repeated: rate.repeated,
            apart: rate.apart,
            rate: rate.permille().map(|tenths| tenths as f64 / 10.0),
        }
    }
}
