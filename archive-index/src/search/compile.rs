//! From the tree of a query to the query that tantivy runs.
//!
//! A piece of text becomes a phrase of **covering** bigrams: every second one and the last, which touch
//! every character once or twice and halve the lists to be read. A single character becomes its edge
//! tokens and every bigram that begins with it.
//!
//! A page is found only by what stands on it. Its entry carries the title and number of its record too,
//! so the tree alone would find all three hundred pages of a record by its title; hence a second
//! condition: at least one piece of text that is asked for stands in the page's own text, or the entry
//! is the card.

use std::ops::Bound;
use std::sync::Arc;

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, Query, RangeQuery,
    RegexPhraseQuery, RegexQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{TantivyError, Term};

use super::filter::{Filter, FilterField, as_number};
use super::fold::{Unit, fold, is_han};
use super::grammar::{Leaf, Node, TextField};
use super::number;
use super::opened::Opened;
use super::own::OwnText;
use super::schema::{Fields, kind};
use super::steady::Steady;

type Dyn = Box<dyn Query>;

/// What a match in a field is worth, so that titles and numbers come before text.
const fn weight(field: TextField) -> f32 {
    match field {
        TextField::Title => 4.0,
        TextField::Number => 6.0,
        TextField::Responsible | TextField::Persons => 2.0,
        TextField::Text | TextField::Notes => 1.0,
    }
}

/// What an exact document number is worth: more than any text.
const EXACT_NUMBER: f32 = 100.0;

/// What a number is worth that a page cites: found in any spelling, but not before the paper itself.
const CITED_NUMBER: f32 = 5.0;

/// The most bigrams a wildcard may stand for.
const WILD_EXPANSIONS: u32 = 50_000;

/// Compiles a query and the filters beside it, for the shelves it is put to.
pub(super) fn compile(
    fields: &Fields,
    shelves: &[Arc<Opened>],
    whole: &str,
    node: &Node,
    filters: &[Filter],
) -> Result<Dyn, TantivyError> {
    let compiler = Compiler { fields, shelves };
    let found = compiler.found(node)?;
    let asked = match number::quoted(whole) {
        Some(quoted) => any(vec![found, compiler.its_card(&quoted), compiler.citing(&quoted)]),
        None => found,
    };
    Ok(filtered(fields, asked, filters))
}

/// A query, and the filters it must pass besides.
pub(super) fn filtered(fields: &Fields, asked: Dyn, filters: &[Filter]) -> Dyn {
    if filters.is_empty() {
        return asked;
    }
    let mut parts = vec![(Occur::Must, asked)];
    parts.extend(filters.iter().map(|one| (Occur::Must, filter_of(fields, one))));
    Box::new(BooleanQuery::new(parts))
}

struct Compiler<'a> {
    fields: &'a Fields,
    shelves: &'a [Arc<Opened>],
}

impl Compiler<'_> {
    /// The tree, and the condition that a page is found by its own text.
    fn found(&self, node: &Node) -> Result<Dyn, TantivyError> {
        if let Node::Leaf(leaf) = node {
            // The commonest query by far, without the second look at the text.
            let mut parts = Vec::new();
            if let Some(elsewhere) = self.elsewhere(leaf)? {
                parts.push(all(vec![elsewhere, self.is_card()]));
            }
            if leaf_reads_text(leaf) {
                parts.push(self.leaf_in(leaf, TextField::Text)?);
                parts.extend(number_of(leaf).map(|quoted| self.citing(&quoted)));
            }
            return Ok(any(parts));
        }
        let asked = self.tree(node)?;
        let mut elsewhere = Vec::new();
        for leaf in needed(node) {
            match self.elsewhere(leaf)? {
                Some(query) => elsewhere.push(silent(query)),
                // It stands in the text, if anywhere.
                None => return Ok(asked),
            }
        }
        let mut own = vec![self.is_card()];
        let mut leaves = Vec::new();
        wanted(node, &mut leaves);
        for leaf in leaves {
            if leaf_reads_text(leaf) {
                own.push(silent(self.leaf_in(leaf, TextField::Text)?));
                own.extend(number_of(leaf).map(|quoted| silent(self.citing(&quoted))));
            }
        }
        Ok(Box::new(OwnText { asked, own, elsewhere }))
    }

    /// A piece of text in any field but the text; nothing where that can't be.
    fn elsewhere(&self, leaf: &Leaf) -> Result<Option<Dyn>, TantivyError> {
        let mut parts = Vec::new();
        for field in self.fields_of(leaf).filter(|field| *field != TextField::Text) {
            parts.push(self.leaf_in(leaf, field)?);
        }
        if leaf.field != Some(TextField::Text) {
            parts.extend(number_of(leaf).map(|quoted| self.numbered(&quoted)));
        }
        Ok((!parts.is_empty()).then(|| any(parts)))
    }

    /// The fields a piece of text is looked for in: the one that is named, or all in which anything stands.
    fn fields_of(&self, leaf: &Leaf) -> impl Iterator<Item = TextField> {
        let only = leaf.field;
        let asked = TextField::ALL.into_iter().filter(move |field| only.is_none_or(|only| only == *field));
        asked.filter(|field| self.shelves.iter().any(|shelf| shelf.holds(*field)))
    }

    fn tree(&self, node: &Node) -> Result<Dyn, TantivyError> {
        Ok(match node {
            Node::Leaf(leaf) => {
                let mut parts: Vec<Dyn> =
                    self.fields_of(leaf).map(|field| self.leaf_in(leaf, field)).collect::<Result<_, _>>()?;
                if let Some(quoted) = number_of(leaf) {
                    if leaf.field != Some(TextField::Text) {
                        parts.push(self.numbered(&quoted));
                    }
                    if leaf_reads_text(leaf) {
                        parts.push(self.citing(&quoted));
                    }
                }
                any(parts)
            }
            Node::Filter(filter) => filter_of(self.fields, filter),
            Node::Or(parts) => any(parts.iter().map(|part| self.tree(part)).collect::<Result<_, _>>()?),
            Node::And(parts) => {
                let mut clauses = Vec::with_capacity(parts.len() + 1);
                let mut nothing_wanted = true;
                for part in parts {
                    if let Node::Not(inside) = part {
                        clauses.push(without(self.tree(inside)?));
                    } else {
                        nothing_wanted = false;
                        clauses.push((Occur::Must, self.tree(part)?));
                    }
                }
                if nothing_wanted {
                    clauses.push((Occur::Must, everything()));
                }
                Box::new(BooleanQuery::new(clauses))
            }
            Node::Not(inside) => {
                Box::new(BooleanQuery::new(vec![(Occur::Must, everything()), without(self.tree(inside)?)]))
            }
        })
    }

    fn leaf_in(&self, leaf: &Leaf, field: TextField) -> Result<Dyn, TantivyError> {
        let handle = self.fields.of(field);
        if leaf.wild {
            return Ok(boosted(wild(handle, &leaf.text)?, weight(field)));
        }
        let units = fold(&leaf.text);
        let mut ways = vec![piece(handle, &units)?];
        if let Some(wide) = set_wide(&units) {
            ways.push(piece(handle, &wide)?);
        }
        Ok(boosted(any(ways), weight(field)))
    }

    /// Records with this number.
    fn numbered(&self, quoted: &number::Quoted) -> Dyn {
        let exact = word(self.fields.number_key, &quoted.key());
        let of_body = quoted.of_body().and_then(|(body, key)| {
            let responsible = piece(self.fields.of(TextField::Responsible), &fold(body)).ok()?;
            Some(all(vec![word(self.fields.number_key, &key), responsible]))
        });
        Box::new(ConstScoreQuery::new(any(of_body.into_iter().chain([exact]).collect()), EXACT_NUMBER))
    }

    /// The cards of records with this number.
    fn its_card(&self, quoted: &number::Quoted) -> Dyn {
        all(vec![self.numbered(quoted), self.is_card()])
    }

    /// Pages that cite this number.
    fn citing(&self, quoted: &number::Quoted) -> Dyn {
        Box::new(ConstScoreQuery::new(word(self.fields.cited_key, &quoted.key()), CITED_NUMBER))
    }

    fn is_card(&self) -> Dyn {
        silent(word(self.fields.kind, kind::CARD))
    }
}

fn filter_of(fields: &Fields, filter: &Filter) -> Dyn {
    let range = |field: Field, from: Option<i64>, to: Option<i64>| -> Dyn {
        let bound = |at: Option<i64>| {
            at.map_or(Bound::Unbounded, |at| Bound::Included(Term::from_field_i64(field, at)))
        };
        Box::new(RangeQuery::new(bound(from), bound(to)))
    };
    silent(match filter {
        Filter::Years(from, to) => range(fields.year, Some((*from).into()), Some((*to).into())),
        Filter::Dates(from, to) => all(vec![
            range(fields.last_day, Some(as_number(*from)), None),
            range(fields.first_day, None, Some(as_number(*to))),
        ]),
        Filter::Is(field, wanted) => {
            let handle = match field {
                FilterField::Fonds => fields.fonds,
                FilterField::Period => fields.period,
                FilterField::Type => fields.doc_type,
                FilterField::Section => fields.section,
                FilterField::Side => fields.side,
                FilterField::Opening => fields.opening,
                FilterField::Body => fields.body,
                // Years and dates are ranges; `Filter::read` makes no other.
                FilterField::Year | FilterField::Date => return Box::new(EmptyQuery),
            };
            word(handle, wanted)
        }
    })
}

/// The document number that a leaf quotes, if it may be looked for as one.
fn number_of(leaf: &Leaf) -> Option<number::Quoted> {
    if leaf.wild || !matches!(leaf.field, None | Some(TextField::Number | TextField::Text)) {
        return None;
    }
    number::quoted(&leaf.text)
}

/// Whether a leaf is looked for in the text of pages.
const fn leaf_reads_text(leaf: &Leaf) -> bool {
    matches!(leaf.field, None | Some(TextField::Text))
}

/// The leaves that a hit can have: those under no NOT.
pub(super) fn wanted<'a>(node: &'a Node, leaves: &mut Vec<&'a Leaf>) {
    match node {
        Node::Leaf(leaf) => leaves.push(leaf),
        Node::And(parts) | Node::Or(parts) => parts.iter().for_each(|part| wanted(part, leaves)),
        Node::Not(_) | Node::Filter(_) => {}
    }
}

/// The leaves that every hit must have, but for those with wildcards, which are as dear to look for as the query itself.
fn needed(node: &Node) -> impl Iterator<Item = &Leaf> {
    let parts = match node {
        Node::And(parts) => parts.as_slice(),
        _ => &[],
    };
    parts.iter().filter_map(|part| match part {
        Node::Leaf(leaf) if !leaf.wild => Some(leaf),
        _ => None,
    })
}

/// The same with a border between every two letters or digits, where that makes a difference: 2 0 0 5, as one who puts a
/// space between all characters writes 2005. Only the query is read both ways, so any piece of a text is still found.
fn set_wide(units: &[Unit]) -> Option<Vec<Unit>> {
    let latin = |unit: &Unit| unit.ch.is_alphanumeric() && !is_han(unit.ch);
    let mut wide = units.to_vec();
    for at in 1..wide.len() {
        if let Some([left, right]) = wide.get_mut(at - 1..=at)
            && latin(left)
            && latin(right)
        {
            (left.last, right.first) = (true, true);
        }
    }
    (wide != units).then_some(wide)
}

/// A piece of folded text in a field.
fn piece(field: Field, units: &[Unit]) -> Result<Dyn, TantivyError> {
    let (Some(first), rest) = (units.first(), units.get(1..).unwrap_or_default()) else {
        return Ok(Box::new(EmptyQuery));
    };
    if rest.is_empty() {
        return single(field, first.ch);
    }
    let mut terms: Vec<(usize, Term)> = covering(units)
        .into_iter()
        .map(|(place, token)| (place, Term::from_field_text(field, &token)))
        .collect();
    if terms.len() == 1
        && let Some((_, only)) = terms.pop()
    {
        return Ok(Box::new(TermQuery::new(only, IndexRecordOption::WithFreqs)));
    }
    Ok(Box::new(PhraseQuery::new_with_offset(terms)))
}

/// A single character: at an edge, or the first of two.
fn single(field: Field, ch: char) -> Result<Dyn, TantivyError> {
    // Folded characters are letters, digits and Han: none means anything to a regular expression.
    Ok(Box::new(RegexQuery::from_pattern(&format!("{ch}.?"), field)?))
}

/// The tokens that together touch every unit, with their places: every second bigram of a run and its
/// last; the edge where a run is one unit long.
fn covering(units: &[Unit]) -> Vec<(usize, String)> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while start < units.len() {
        let length =
            units[start..].iter().position(|unit| unit.last).map_or(units.len() - start, |at| at + 1);
        let run = &units[start..start + length];
        if let [only] = run {
            tokens.push((only.place as usize, only.ch.to_string()));
        }
        let mut at = 0;
        while let Some([left, right]) = run.get(at..at + 2) {
            tokens.push((left.place as usize, [left.ch, right.ch].iter().collect()));
            at += if at + 3 == run.len() { 1 } else { 2 };
        }
        start += length;
    }
    tokens
}

/// A piece of text with `?` for any character and `*` for any number of them. The parts round a `*` are
/// found on the same page in any order.
fn wild(field: Field, text: &str) -> Result<Dyn, TantivyError> {
    let mut parts = Vec::new();
    for part in text.split(['*', '＊']) {
        let mut tokens: Vec<(usize, String)> = Vec::new();
        let mut place = 0;
        let (mut joker, mut size) = (false, 0);
        for between in part.split(['?', '？']) {
            if joker {
                place += 1;
            }
            joker = true;
            let units = fold(between);
            size += units.len();
            for (offset, token) in covering(&units) {
                // A lone character beside a joker may be the first of any pair.
                let lone = token.chars().count() == 1;
                tokens.push((place + offset, if lone { format!("{token}.?") } else { token }));
            }
            place += units.last().map_or(0, |unit| unit.place as usize + 1);
        }
        match (tokens.pop(), tokens.is_empty()) {
            (None, _) => {}
            (Some((_, only)), true) if size == 1 => {
                parts.push(single(field, only.chars().next().unwrap_or(' '))?);
            }
            (Some((_, only)), true) => {
                let term = Term::from_field_text(field, &only);
                parts.push(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Dyn);
            }
            (Some(last), false) => {
                tokens.push(last);
                let mut phrase = RegexPhraseQuery::new_with_offset(field, tokens);
                phrase.set_max_expansions(WILD_EXPANSIONS);
                parts.push(Box::new(phrase));
            }
        }
    }
    Ok(if parts.is_empty() { Box::new(EmptyQuery) } else { all(parts) })
}

fn any(mut parts: Vec<Dyn>) -> Dyn {
    match (parts.pop(), parts.is_empty()) {
        (None, _) => Box::new(EmptyQuery),
        (Some(only), true) => only,
        (Some(last), false) => {
            parts.push(last);
            Box::new(BooleanQuery::union(parts))
        }
    }
}

fn all(mut parts: Vec<Dyn>) -> Dyn {
    match (parts.pop(), parts.is_empty()) {
        (None, _) => Box::new(EmptyQuery),
        (Some(only), true) => only,
        (Some(last), false) => {
            parts.push(last);
            Box::new(BooleanQuery::intersection(parts))
        }
    }
}

fn boosted(query: Dyn, weight: f32) -> Dyn {
    if (weight - 1.0).abs() < f32::EPSILON { query } else { Box::new(BoostQuery::new(query, weight)) }
}

fn silent(query: Dyn) -> Dyn {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

/// A clause that leaves out what matches.
pub(super) fn without(query: Dyn) -> (Occur, Dyn) {
    (Occur::MustNot, Box::new(Steady(query)))
}

fn word(field: Field, word: &str) -> Dyn {
    Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::Basic))
}

fn everything() -> Dyn {
    silent(Box::new(AllQuery))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(text: &str) -> String {
        let tokens = covering(&fold(text));
        tokens.iter().map(|(place, token)| format!("{token}@{place}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_phrase_touches_every_character_with_as_few_bigrams_as_it_can() {
        assert_eq!(covered("防汛"), "防汛@0");
        assert_eq!(covered("防汛抗"), "防汛@0 汛抗@1");
        assert_eq!(covered("防汛抗旱"), "防汛@0 抗旱@2");
        assert_eq!(covered("防汛抗旱部"), "防汛@0 抗旱@2 旱部@3");
        assert_eq!(covered("号，我们"), "号@0 我们@2");
        assert_eq!(covered("〔2005〕6号"), "20@0 05@2 6号@4");
    }
}
