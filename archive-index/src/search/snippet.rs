//! Snippets and marks: where in a text the words stand that were asked for.
//!
//! The text and the pieces are folded as the index folds them, so a mark stands wherever the index found
//! one: over line breaks, other brackets, traditional characters. Marks are byte ranges of the original.

use std::ops::Range;

use super::compile::wanted;
use super::fold::{Unit, fold};
use super::grammar::Node;

/// How many characters of a text a snippet shows.
const LENGTH: usize = 90;
/// How many of them before the first mark.
const LEAD: usize = 20;

/// A piece of text with marks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    /// The piece, on one line.
    pub text: String,
    /// Byte ranges in it that match what was asked for, in order, apart from each other.
    pub marks: Vec<Range<usize>>,
    /// Whether text was left out before it.
    pub cut_before: bool,
    /// Whether text was left out after it.
    pub cut_after: bool,
}

impl Snippet {
    /// The piece with a sign before and after each mark, and … where text was left out.
    pub fn marked(&self, open: &str, close: &str) -> String {
        let mut out = String::from(if self.cut_before { "…" } else { "" });
        let mut done = 0;
        for mark in &self.marks {
            if let (Some(before), Some(inside)) =
                (self.text.get(done..mark.start), self.text.get(mark.clone()))
            {
                out.push_str(before);
                out.push_str(open);
                out.push_str(inside);
                out.push_str(close);
                done = mark.end;
            }
        }
        out.push_str(self.text.get(done..).unwrap_or_default());
        out.push_str(if self.cut_after { "…" } else { "" });
        out
    }
}

/// What to mark: the pieces of text of a query, folded, each a list of places and characters.
#[derive(Debug, Clone)]
pub(super) struct Marker {
    pieces: Vec<Vec<(u32, char)>>,
}

impl Marker {
    pub(super) fn of(node: &Node) -> Self {
        let mut leaves = Vec::new();
        wanted(node, &mut leaves);
        let mut pieces: Vec<Vec<(u32, char)>> = Vec::new();
        for leaf in leaves {
            let parts =
                if leaf.wild { leaf.text.split(['*', '＊']).collect() } else { vec![leaf.text.as_str()] };
            for part in parts {
                let mut piece = Vec::new();
                let mut place = 0;
                let between: Vec<&str> =
                    if leaf.wild { part.split(['?', '？']).collect() } else { vec![part] };
                for (index, text) in between.into_iter().enumerate() {
                    place += u32::from(index > 0);
                    let units = fold(text);
                    piece.extend(units.iter().map(|unit| (place + unit.place, unit.ch)));
                    place += units.last().map_or(0, |unit| unit.place + 1);
                }
                if !piece.is_empty() && !pieces.contains(&piece) {
                    pieces.push(piece);
                }
            }
        }
        Self { pieces }
    }

    /// The byte ranges of `text` that match, in order; those that touch or overlap are one.
    pub(super) fn marks(&self, text: &str) -> Vec<Range<usize>> {
        let units = fold(text);
        let mut found: Vec<Range<usize>> = Vec::new();
        for piece in &self.pieces {
            found.extend((0..units.len()).filter_map(|start| matched(&units[start..], piece)));
        }
        found.sort_by_key(|range| (range.start, range.end));
        let mut joined: Vec<Range<usize>> = Vec::with_capacity(found.len());
        for range in found {
            match joined.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => joined.push(range),
            }
        }
        joined
    }

    /// A piece of `text` round its first marks.
    pub(super) fn snippet(&self, text: &str) -> Snippet {
        around(text, &self.marks(text))
    }
}

/// A piece of `text` round the first of these marks.
pub(super) fn around(text: &str, marks: &[Range<usize>]) -> Snippet {
    let first = marks.first().map_or(0, |mark| mark.start);
    let start = text[..first].char_indices().rev().take(LEAD).last().map_or(first, |(at, _)| at);
    let end = text[start..].char_indices().nth(LENGTH).map_or(text.len(), |(at, _)| start + at);
    let end = marks.first().map_or(end, |mark| end.max(mark.end));
    one_line(text, start..end, marks)
}

/// Where `piece` ends, if `units` begin with it.
fn matched(units: &[Unit], piece: &[(u32, char)]) -> Option<Range<usize>> {
    let (first, origin) = (units.first()?, piece.first()?.0);
    let mut rest = units.iter();
    let mut last = first;
    for &(place, ch) in piece {
        // A joker passes over units between; their places tell which.
        last = rest.find(|unit| unit.place - first.place >= place - origin)?;
        if last.place - first.place != place - origin || last.ch != ch {
            return None;
        }
    }
    Some(first.bytes().start..last.bytes().end)
}

/// Cuts a range out of a text, with white space made single and taken from between Han characters.
fn one_line(text: &str, cut: Range<usize>, marks: &[Range<usize>]) -> Snippet {
    let mut out =
        Snippet { cut_before: cut.start > 0, cut_after: cut.end < text.len(), ..Snippet::default() };
    let mut marks = marks.iter().filter(|mark| mark.start < cut.end && mark.end > cut.start).peekable();
    let mut open: Option<usize> = None;
    let mut blank = false;
    for (offset, ch) in text[cut.clone()].char_indices() {
        let at = cut.start + offset;
        if let (Some(mark), Some(start)) = (marks.peek(), open)
            && mark.end <= at
        {
            out.marks.push(start..out.text.len());
            open = None;
            marks.next();
        }
        if ch.is_whitespace() || ch.is_control() {
            blank = true;
            continue;
        }
        if blank
            && out
                .text
                .chars()
                .next_back()
                .is_some_and(|before| before.is_ascii_graphic() && ch.is_ascii_graphic())
        {
            out.text.push(' ');
        }
        blank = false;
        if let Some(mark) = marks.peek()
            && open.is_none()
            && mark.start <= at
        {
            open = Some(out.text.len());
        }
        out.text.push(ch);
    }
    if let Some(start) = open {
        out.marks.push(start..out.text.len());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::grammar::parse;
    use super::*;

    fn marked(query: &str, text: &str) -> String {
        Marker::of(&parse(query).unwrap()).snippet(text).marked("[", "]")
    }

    #[test]
    fn marks_stand_where_the_index_finds() {
        assert_eq!(marked("防汛抗旱", "关于防 汛\n抗旱的通知"), "关于[防汛抗旱]的通知");
        assert_eq!(marked("档案", "縣檔案館"), "县[檔案]館".replace('县', "縣"));
        assert_eq!(marked("防?抗", "防汛抗旱"), "[防汛抗]旱");
        assert_eq!(marked("建政办(2005)16号", "据建政办〔2005〕16号文"), "据[建政办〔2005〕16号]文");
        assert_eq!(marked("县政府 NOT 通知", "县政府通知"), "[县政府]通知");
    }

    #[test]
    fn a_long_text_is_cut_round_its_first_mark() {
        let text = format!("{}防汛{}", "前".repeat(200), "后".repeat(200));
        let shown = marked("防汛", &text);
        assert_eq!(shown, format!("…{}[防汛]{}…", "前".repeat(20), "后".repeat(68)));
    }
}
