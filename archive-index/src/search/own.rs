//! A query whose pages must hold one of the words themselves.
//!
//! The entry of a page carries the title and number of its record too, so a query of several words would
//! find every page of a record by its title. What is found must be the card, or have one of the words in
//! its own text. That is looked up for what the query finds, not read as a list of its own, which would
//! cost as much as the query; and not at all in a segment where a word that must be there stands in no
//! title, number, body or note: it can only stand in the text.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

/// What a query finds, so far as it is a card or has one of the words in its own text.
#[derive(Debug)]
pub(super) struct OwnText {
    pub(super) asked: Box<dyn Query>,
    /// The card, and each word in the text: one of them must match. Their scores count for nothing.
    pub(super) own: Vec<Box<dyn Query>>,
    /// Each word that must be there, in every field but the text; no scores either.
    pub(super) elsewhere: Vec<Box<dyn Query>>,
}

fn copies(queries: &[Box<dyn Query>]) -> Vec<Box<dyn Query>> {
    queries.iter().map(|query| query.box_clone()).collect()
}

impl Clone for OwnText {
    fn clone(&self) -> Self {
        Self { asked: self.asked.box_clone(), own: copies(&self.own), elsewhere: copies(&self.elsewhere) }
    }
}

impl Query for OwnText {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let weights = |queries: &[Box<dyn Query>]| -> tantivy::Result<Vec<_>> {
            queries.iter().map(|query| query.weight(scoring)).collect()
        };
        Ok(Box::new(OwnTextWeight {
            asked: self.asked.weight(scoring)?,
            own: weights(&self.own)?,
            elsewhere: weights(&self.elsewhere)?,
        }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.asked.query_terms(visitor);
    }
}

struct OwnTextWeight {
    asked: Box<dyn Weight>,
    own: Vec<Box<dyn Weight>>,
    elsewhere: Vec<Box<dyn Weight>>,
}

impl Weight for OwnTextWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let asked = self.asked.scorer(reader, boost)?;
        if asked.doc() == TERMINATED {
            return Ok(asked);
        }
        for word in &self.elsewhere {
            if word.scorer(reader, 1.0)?.doc() == TERMINATED {
                return Ok(asked);
            }
        }
        let own = self.own.iter().map(|word| word.scorer(reader, 1.0)).collect::<tantivy::Result<_>>()?;
        let mut scorer = OwnTextScorer { asked, own };
        scorer.settle();
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.asked.explain(reader, doc)
    }
}

struct OwnTextScorer {
    asked: Box<dyn Scorer>,
    own: Vec<Box<dyn Scorer>>,
}

impl OwnTextScorer {
    /// Goes on from where it stands to the first entry that is a card or has a word in its own text.
    fn settle(&mut self) -> DocId {
        loop {
            let entry = self.asked.doc();
            if entry == TERMINATED || self.own.iter_mut().any(|word| holds(&mut **word, entry)) {
                return entry;
            }
            self.asked.advance();
        }
    }
}

/// Whether an entry is among these; asked in rising order.
fn holds(word: &mut dyn Scorer, entry: DocId) -> bool {
    if word.doc() < entry {
        word.seek(entry);
    }
    word.doc() == entry
}

impl DocSet for OwnTextScorer {
    fn advance(&mut self) -> DocId {
        self.asked.advance();
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.asked.seek(target);
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.asked.doc()
    }

    fn size_hint(&self) -> u32 {
        self.asked.size_hint()
    }

    fn cost(&self) -> u64 {
        self.asked.cost()
    }
}

impl Scorer for OwnTextScorer {
    fn score(&mut self) -> Score {
        self.asked.score()
    }
}
