//! Near matches: what recognition misread.
//!
//! One wrong character in a hundred is enough for a name of four to be missed on one page in twenty-five.
//! So a search can be asked for pages where the words stand almost: one character wrong, lost or added in
//! a piece of four to seven, two from eight. Such hits are kept apart from the exact ones and come after
//! them, since many near spellings are words of their own.
//!
//! Candidates share enough bigrams with what is asked for (each error spoils two at most); the best of
//! them are then looked at letter by letter.

use std::collections::BTreeSet;
use std::ops::Range;

use tantivy::Term;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;

use super::compile::without;
use super::fold::{Unit, fold};
use super::grammar::{Leaf, Node, TextField};
use super::number;
use super::schema::Fields;

/// How many candidates are looked at letter by letter.
pub(super) const CANDIDATES: usize = 500;
/// Longer pieces aren't looked for: they are found by a part of them.
const LONGEST: usize = 32;

/// What to look for almost.
#[derive(Debug, Clone)]
pub(super) struct Near {
    letters: Vec<char>,
    errors: usize,
}

impl Near {
    /// Whether a query can be answered almost: one piece of text, long enough.
    pub(super) fn of(node: &Node) -> Option<Self> {
        let Node::Leaf(Leaf { field: None | Some(TextField::Text), text, wild: false }) = node else {
            return None;
        };
        if number::quoted(text).is_some() {
            return None;
        }
        let letters: Vec<char> = fold(text).iter().map(|unit| unit.ch).collect();
        let errors = match letters.len() {
            4..=7 => 1,
            8..=LONGEST => 2,
            _ => return None,
        };
        Some(Self { letters, errors })
    }

    /// Pages that share enough bigrams.
    pub(super) fn candidates(&self, fields: &Fields, exact: Box<dyn Query>) -> Box<dyn Query> {
        let bigrams: BTreeSet<String> = self.letters.windows(2).map(|pair| pair.iter().collect()).collect();
        let enough = bigrams.len().saturating_sub(2 * self.errors).max(1);
        let terms = bigrams.iter().map(|bigram| -> Box<dyn Query> {
            let term = Term::from_field_text(fields.text, bigram);
            Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
        });
        let shared = BooleanQuery::union_with_minimum_required_clauses(terms.collect(), enough);
        Box::new(BooleanQuery::new(vec![(Occur::Must, Box::new(shared)), without(exact)]))
    }

    /// Where the text comes nearest, and how many errors there are; nothing if there are too many.
    pub(super) fn find(&self, text: &str) -> Option<(usize, Range<usize>)> {
        let units: Vec<Unit> = fold(text);
        // The errors of the best way for each length of the piece to end here, and where it began.
        let mut column: Vec<(usize, usize)> = (0..=self.letters.len()).map(|errors| (errors, 0)).collect();
        let mut best: Option<(usize, Range<usize>)> = None;
        for (at, unit) in units.iter().enumerate() {
            let mut diagonal = column[0];
            column[0] = (0, at + 1);
            for (index, letter) in self.letters.iter().enumerate() {
                let (above, left) = (column[index + 1], column[index]);
                let same = (diagonal.0 + usize::from(*letter != unit.ch), diagonal.1);
                let cell = same.min((above.0 + 1, above.1)).min((left.0 + 1, left.1));
                diagonal = above;
                column[index + 1] = cell;
            }
            let (errors, start) = column[self.letters.len()];
            let first = units.get(start).map_or(unit.bytes().start, |unit| unit.bytes().start);
            // Of two ways with as many errors the first counts, drawn out as far as it goes.
            let better = best
                .as_ref()
                .is_none_or(|(least, place)| errors < *least || (errors == *least && first == place.start));
            if errors <= self.errors && better {
                best = Some((errors, first..unit.bytes().end));
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::super::grammar::parse;
    use super::*;

    fn found(asked: &str, text: &str) -> Option<(usize, String)> {
        let near = Near::of(&parse(asked).unwrap())?;
        near.find(text).map(|(errors, range)| (errors, text[range].to_owned()))
    }

    #[test]
    fn one_error_is_forgiven_in_four_letters_and_two_in_eight() {
        assert_eq!(found("防汛抗旱", "做好防汎抗旱工作"), Some((1, "防汎抗旱".to_owned())));
        assert_eq!(found("防汛抗旱", "做好防抗旱工作"), Some((1, "防抗旱".to_owned())));
        assert_eq!(found("防汛抗旱", "做好防汛，抗 旱工作"), Some((0, "防汛，抗 旱".to_owned())));
        assert_eq!(found("防汛抗旱", "做好防火抗灾工作"), None);
        assert_eq!(found("人民政府办公室", "人氏政府办公宝"), None);
        assert_eq!(found("县人民政府办公室", "县人氏政府办公宝"), Some((2, "县人氏政府办公宝".to_owned())));
    }

    #[test]
    fn short_pieces_numbers_and_longer_questions_have_no_near_matches() {
        for asked in ["防汛", "建政办〔2005〕16号", "防汛抗旱 预算", "防汛?旱工作", "题名:防汛抗旱"]
        {
            assert!(Near::of(&parse(asked).unwrap()).is_none(), "{asked}");
        }
    }
}
