//! The fields of an entry, and how a record becomes entries.
//!
//! A record is one **card** (its title, number, bodies, notes) and an entry for each page with text. The
//! pages carry the card's fields too, so that "in the title" and "on the page" can be asked for together;
//! [`super::compile`] sees to it that a page is found only by what stands on it.

use std::collections::BTreeSet;

use archive_core::reading::{DocNumber, RecordDate};
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

use super::filter::{as_number, last_of_month};
use super::grammar::TextField;
use super::record::{Record, Stamp};
use super::{number, tokens};

/// Changes whenever entries would be made differently: an index made with another is rebuilt.
pub(super) const LAYOUT: u32 = 5;

/// The handles of the fields.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub(super) item: Field,
    pub(super) page: Field,
    pub(super) stamp: Field,
    pub(super) kind: Field,
    pub(super) title: Field,
    pub(super) number: Field,
    pub(super) responsible: Field,
    pub(super) persons: Field,
    pub(super) notes: Field,
    pub(super) text: Field,
    pub(super) number_key: Field,
    pub(super) cited_key: Field,
    pub(super) fonds: Field,
    pub(super) year: Field,
    pub(super) first_day: Field,
    pub(super) last_day: Field,
    pub(super) period: Field,
    pub(super) doc_type: Field,
    pub(super) section: Field,
    pub(super) side: Field,
    pub(super) opening: Field,
    pub(super) body: Field,
    pub(super) code: Field,
    pub(super) card: Field,
}

/// Names of the columns that are read while hits are gathered.
pub(super) mod column {
    use super::super::filter::FilterField;

    pub(in super::super) const ITEM: &str = "item";
    pub(in super::super) const PAGE: &str = "page";
    pub(in super::super) const STAMP: &str = "stamp";
    pub(in super::super) const FIRST_DAY: &str = "first_day";
    pub(in super::super) const CODE: &str = "code";
    pub(in super::super) const YEAR: &str = "year";
    /// The columns that hold words, one each but for the bodies, and what they are called in a query.
    pub(in super::super) const WORDS: [(FilterField, &str); 7] = [
        (FilterField::Fonds, "fonds"),
        (FilterField::Period, "period"),
        (FilterField::Type, "type"),
        (FilterField::Section, "section"),
        (FilterField::Side, "side"),
        (FilterField::Opening, "opening"),
        (FilterField::Body, "body"),
    ];
}

/// The `kind` of an entry.
pub(super) mod kind {
    pub(in super::super) const CARD: &str = "card";
    pub(in super::super) const PAGE: &str = "page";
}

/// What a hit shows of its record: kept with each entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Card {
    pub(super) code: String,
    pub(super) fonds: String,
    pub(super) title: String,
    pub(super) number: String,
    pub(super) date: String,
    pub(super) responsible: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) persons: String,
    pub(super) notes: String,
}

/// The schema and its handles.
pub(super) fn schema() -> (Schema, Fields) {
    let folded = TextFieldIndexing::default()
        .set_tokenizer(tokens::NAME)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let searched = TextOptions::default().set_indexing_options(folded);
    let word = STRING;
    let mut builder = Schema::builder();
    let fields = Fields {
        item: builder.add_u64_field(column::ITEM, INDEXED | FAST),
        page: builder.add_u64_field(column::PAGE, FAST),
        stamp: builder.add_u64_field(column::STAMP, FAST),
        kind: builder.add_text_field("kind", word.clone()),
        title: builder.add_text_field("title", searched.clone()),
        number: builder.add_text_field("number", searched.clone()),
        responsible: builder.add_text_field("responsible", searched.clone()),
        persons: builder.add_text_field("persons", searched.clone()),
        notes: builder.add_text_field("notes", searched.clone()),
        text: builder.add_text_field("text", searched.set_stored()),
        number_key: builder.add_text_field("number_key", word.clone()),
        cited_key: builder.add_text_field("cited_key", word.clone()),
        fonds: builder.add_text_field("fonds", word.clone() | FAST),
        year: builder.add_i64_field(column::YEAR, INDEXED | FAST),
        first_day: builder.add_i64_field(column::FIRST_DAY, INDEXED | FAST),
        last_day: builder.add_i64_field("last_day", INDEXED | FAST),
        period: builder.add_text_field("period", word.clone() | FAST),
        doc_type: builder.add_text_field("type", word.clone() | FAST),
        section: builder.add_text_field("section", word.clone() | FAST),
        side: builder.add_text_field("side", word.clone() | FAST),
        opening: builder.add_text_field("opening", word.clone() | FAST),
        body: builder.add_text_field("body", word.clone() | FAST),
        code: builder.add_text_field(column::CODE, word | FAST),
        card: builder.add_text_field("card", STORED),
    };
    (builder.build(), fields)
}

impl Fields {
    /// The handle of a text field.
    pub(super) const fn of(&self, field: TextField) -> Field {
        match field {
            TextField::Title => self.title,
            TextField::Number => self.number,
            TextField::Responsible => self.responsible,
            TextField::Persons => self.persons,
            TextField::Text => self.text,
            TextField::Notes => self.notes,
        }
    }

    /// The entries of a record: its card first, then its pages in order.
    pub(super) fn entries(&self, record: &Record, stamp: Stamp) -> Vec<TantivyDocument> {
        let card = card_of(record);
        // Writing strings can't fail; were it to, the hit would show an empty card.
        let card = serde_json::to_string(&card).unwrap_or_default();
        let mut entries = Vec::with_capacity(record.pages.len() + 1);
        entries.push(self.described(record, stamp, &card, kind::CARD, 0));
        for page in record.pages.iter().filter(|page| !page.text.trim().is_empty()) {
            let mut entry = self.described(record, stamp, &card, kind::PAGE, u64::from(page.page));
            entry.add_text(self.text, &page.text);
            let cited =
                DocNumber::find_in(&page.text).into_iter().flat_map(|(_, parts)| number::keys(&parts));
            for key in cited.collect::<BTreeSet<_>>() {
                entry.add_text(self.cited_key, key);
            }
            entries.push(entry);
        }
        entries
    }

    fn described(&self, record: &Record, stamp: Stamp, card: &str, kind: &str, page: u64) -> TantivyDocument {
        let mut entry = TantivyDocument::default();
        entry.add_u64(self.item, record.id.0);
        entry.add_u64(self.page, page);
        entry.add_u64(self.stamp, stamp.0);
        entry.add_text(self.kind, kind);
        entry.add_text(self.code, &record.code);
        entry.add_text(self.card, card);
        entry.add_text(self.fonds, &record.fonds);
        entry.add_text(self.opening, record.opening.word());
        entry.add_text(self.title, &record.title);
        for body in &record.bodies {
            entry.add_text(self.responsible, body);
        }
        for body in record.bodies.iter().collect::<BTreeSet<_>>() {
            entry.add_text(self.body, body);
        }
        for person in &record.persons {
            entry.add_text(self.persons, person);
        }
        if let Some(number) = &record.number {
            entry.add_text(self.number, &number.original);
            for key in number.parts.iter().flat_map(number::keys) {
                entry.add_text(self.number_key, key);
            }
        }
        if let Some(notes) = &record.notes {
            entry.add_text(self.notes, notes);
        }
        if let Some(year) = record.year {
            entry.add_i64(self.year, i64::from(year));
        }
        if let Some((first, last)) = record.date.map(days_of) {
            entry.add_i64(self.first_day, first);
            entry.add_i64(self.last_day, last);
        }
        if let Some(period) = record.period {
            entry.add_text(self.period, period.to_string());
        }
        if let Some(doc_type) = &record.doc_type {
            entry.add_text(self.doc_type, doc_type);
        }
        if let Some(section) = &record.section {
            entry.add_text(self.section, section);
        }
        if let Some(side) = record.side {
            entry.add_text(
                self.side,
                match side {
                    archive_core::model::Side::Party => "党",
                    archive_core::model::Side::Government => "政",
                },
            );
        }
        entry
    }
}

fn card_of(record: &Record) -> Card {
    Card {
        code: record.code.clone(),
        fonds: record.fonds.clone(),
        title: record.title.clone(),
        number: record.number.as_ref().map(|number| number.original.clone()).unwrap_or_default(),
        date: record.date.map(|date| date.to_string()).unwrap_or_default(),
        responsible: record.bodies.join("、"),
        persons: record.persons.join("、"),
        notes: record.notes.clone().unwrap_or_default(),
    }
}

/// The first and last day a date can mean, as numbers that sort.
fn days_of(date: RecordDate) -> (i64, i64) {
    let first = date.first_day();
    let last = match date {
        RecordDate::Day(day) => day,
        RecordDate::Month(day) => last_of_month(day.year(), day.month()).unwrap_or(day),
        RecordDate::Year(day) => last_of_month(day.year(), 12).unwrap_or(day),
    };
    (as_number(first), as_number(last))
}
