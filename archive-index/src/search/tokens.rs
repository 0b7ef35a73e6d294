//! `bige`: the tokens of a folded text, for tantivy.
//!
//! Every two neighbours are a token (a bigram), and each character that lacks a neighbour on one side is
//! a token too (an edge). With these and their places any string of two characters or more is found by
//! a phrase, and a single character by a prefix ([`super::compile`]). Letters and digits are cut like Han
//! characters: 16 is found in 2016, and a piece of a code in the code.
//!
//! No dictionary is asked, so there is no word a dictionary doesn't know: measured over 34,000 pages, a
//! dictionary loses half of the short strings people look for, and this scheme none.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::fold::{Unit, fold};

/// The tokenizer's name in the schema.
pub(super) const NAME: &str = "bige";

/// See the module.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bige;

impl Tokenizer for Bige {
    type TokenStream<'a> = BigeStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> BigeStream {
        BigeStream { units: fold(text), next: 0, edge_given: false, token: Token::default() }
    }
}

/// The tokens of one text.
#[derive(Debug)]
pub(super) struct BigeStream {
    units: Vec<Unit>,
    next: usize,
    edge_given: bool,
    token: Token,
}

impl BigeStream {
    fn give(&mut self, from: Unit, to: Option<Unit>) {
        self.token.text.clear();
        self.token.text.push(from.ch);
        self.token.text.extend(to.map(|unit| unit.ch));
        self.token.position = from.place as usize;
        self.token.offset_from = from.bytes().start;
        self.token.offset_to = to.unwrap_or(from).bytes().end;
    }
}

impl TokenStream for BigeStream {
    fn advance(&mut self) -> bool {
        while let Some(&unit) = self.units.get(self.next) {
            if !self.edge_given && (unit.first || unit.last) {
                self.edge_given = true;
                self.give(unit, None);
                return true;
            }
            self.edge_given = false;
            self.next += 1;
            if !unit.last
                && let Some(&right) = self.units.get(self.next)
            {
                self.give(unit, Some(right));
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_tokens_and_so_are_edges() {
        let mut bige = Bige;
        let mut stream = bige.token_stream("办〔2005〕6号，县");
        let mut tokens = Vec::new();
        while let Some(token) = stream.next() {
            tokens.push(format!("{}@{}", token.text, token.position));
        }
        assert_eq!(tokens.join(" "), "办@0 办2@0 20@1 00@2 05@3 5@4 6@5 6号@5 号@6 县@8");
    }
}
