//! What a page is drawn on.
//!
//! Four calls are all a writer of pages has to know, so another one is a few lines more. A document is
//! drawn twice: once on [`Used`], which only takes note of the characters each face must hold, and once on
//! the writer that embeds those ([`pdf`], [`ofd`]).

pub mod icc;
pub mod ofd;
pub mod pdf;
mod pdfa;
pub mod svg;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::fonts::cut::FaceUse;
use crate::fonts::{FaceId, Metrics, Role};
use crate::layout::{Mark, Page, Paper, Point, gap, script};

/// What a page is drawn on.
pub trait Surface {
    /// A new page begins.
    fn begin_page(&mut self, paper: &Paper);
    /// The page is done.
    fn end_page(&mut self);
    /// A line of text, `at` the left end of its baseline.
    fn text(&mut self, at: Point, run: &Run<'_>);
    /// A straight line, `width` millimetres thick.
    fn line(&mut self, from: Point, to: Point, width: f64);
}

/// A line of text in one hand and size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run<'a> {
    /// The text.
    pub text: &'a str,
    /// The hand.
    pub role: Role,
    /// The size in points.
    pub size: f64,
    /// Room after each character, in millimetres.
    pub tracking: f64,
}

/// Draws pages, in order.
pub fn draw<'p>(pages: impl IntoIterator<Item = &'p Page>, surface: &mut dyn Surface) {
    for page in pages {
        surface.begin_page(&page.paper);
        for mark in &page.marks {
            match mark {
                Mark::Text { at, text, role, size, tracking } => {
                    surface.text(*at, &Run { text, role: *role, size: *size, tracking: *tracking });
                }
                Mark::Line { from, to, width } => surface.line(*from, *to, *width),
            }
        }
        surface.end_page();
    }
}

/// What a file says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Its title.
    pub title: String,
    /// The institution.
    pub author: String,
    /// The day it was printed.
    pub date: NaiveDate,
}

/// Who makes the files.
pub(crate) const PRODUCER: &str = concat!("archive ", env!("CARGO_PKG_VERSION"));

/// Something that draws the same pages whenever it is asked to.
pub type Draw<'a> = &'a dyn Fn(&mut dyn Surface);

/// A mark of a run: which face draws what, and the room behind it in ems.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Placed {
    pub(crate) face: FaceId,
    pub(crate) drawn: Drawn,
    pub(crate) advance: f64,
    /// Room between it and the next one beyond its own width, in ems.
    pub(crate) after: f64,
    /// How far above the line it stands, in ems.
    pub(crate) up: f64,
}

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Drawn {
    /// A character by itself; for one that no font has it isn't what was written.
    Char(char),
    /// A glyph of a joined word.
    Glyph {
        /// Its number in the face.
        id: u16,
        /// Where the letters it stands for begin and end in the run.
        letters: (usize, usize),
        /// Where the word begins and ends in the run.
        word: (usize, usize),
    },
}

impl Drawn {
    pub(crate) fn is_glyph(self) -> bool {
        matches!(self, Self::Glyph { .. })
    }
}

/// The characters of a run that are drawn, from left to right, each with its face and place.
pub(crate) fn placed<'m>(run: &Run<'m>, metrics: &'m Metrics<'_>) -> Vec<Placed> {
    let mut line = Line {
        text: run.text,
        role: run.role,
        metrics,
        tracking: run.tracking / (run.size * crate::layout::MM_PER_PT),
        placed: Vec::with_capacity(run.text.len() / 3 + 1),
        before: None,
    };
    if run.text.chars().any(script::is_right_to_left) {
        let bidi = unicode_bidi::BidiInfo::new(run.text, None);
        for paragraph in &bidi.paragraphs {
            let (levels, runs) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for range in runs {
                let back = levels.get(range.start).is_some_and(unicode_bidi::Level::is_rtl);
                line.add_all(&run.text[range], back);
            }
        }
    } else {
        line.add_all(run.text, false);
    }
    line.placed
}

/// A line being put together from left to right.
struct Line<'m, 'f> {
    text: &'m str,
    role: Role,
    metrics: &'m Metrics<'f>,
    tracking: f64,
    placed: Vec<Placed>,
    before: Option<char>,
}

impl Line<'_, '_> {
    /// Adds a text, from its end where it runs from right to left.
    fn add_all(&mut self, text: &str, back: bool) {
        if back {
            let mut pieces = Vec::new();
            let mut rest = text;
            while let Some(c) = rest.chars().next() {
                let (piece, after) = rest.split_at(script::word(rest).max(c.len_utf8()));
                pieces.push(piece);
                rest = after;
            }
            for piece in pieces.into_iter().rev() {
                self.add(piece, true);
            }
        } else {
            let mut rest = text;
            while let Some(c) = rest.chars().next() {
                let (piece, after) = rest.split_at(script::word(rest).max(c.len_utf8()));
                self.add(piece, false);
                rest = after;
            }
        }
    }

    fn add(&mut self, piece: &str, back: bool) {
        if piece.chars().next().is_some_and(script::is_joined)
            && let Some(shaped) = self.metrics.shaped(self.role, piece)
        {
            self.before = None;
            let begin = (piece.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
            let word = (begin, begin + piece.len());
            for glyph in &shaped.glyphs {
                if let Some(last) = self.placed.last_mut() {
                    last.after += glyph.right;
                }
                self.placed.push(Placed {
                    face: shaped.face,
                    drawn: Drawn::Glyph {
                        id: glyph.id,
                        letters: (begin + glyph.from, begin + glyph.to),
                        word,
                    },
                    advance: glyph.advance,
                    after: -glyph.right,
                    up: glyph.up,
                });
            }
            return;
        }
        for c in piece.chars() {
            self.add_char(if back { script::mirrored(c) } else { c });
        }
    }

    fn add_char(&mut self, c: char) {
        let glyph = self.metrics.glyph(self.role, c);
        if let (Some(last), Some(before)) = (self.placed.last_mut(), self.before) {
            last.after += gap(before, c);
        }
        if let Some(face) = glyph.face {
            let drawn = Drawn::Char(glyph.drawn);
            self.placed.push(Placed { face, drawn, advance: glyph.advance, after: self.tracking, up: 0.0 });
        } else if let Some(last) = self.placed.last_mut() {
            last.after += glyph.advance;
        }
        self.before = Some(c);
    }
}

/// Takes note of what each face must hold.
pub struct Used<'m, 'f> {
    metrics: &'m Metrics<'f>,
    /// What was seen.
    pub faces: BTreeMap<FaceId, FaceUse>,
    /// How many pages there were.
    pub pages: usize,
}

impl<'m, 'f> Used<'m, 'f> {
    /// What drawing these pages needs.
    pub fn by(draw: Draw<'_>, metrics: &'m Metrics<'f>) -> Self {
        let mut used = Self { metrics, faces: BTreeMap::new(), pages: 0 };
        draw(&mut used);
        used
    }

    fn note(&mut self, face: FaceId, drawn: Drawn, text: &str) {
        let used = self.faces.entry(face).or_default();
        match drawn {
            Drawn::Char(c) => {
                used.characters.insert(c);
            }
            Drawn::Glyph { id, letters: (begin, end), .. } => {
                used.glyphs.entry(id).or_insert_with(|| text.get(begin..end).unwrap_or_default().to_owned());
            }
        }
    }
}

impl Surface for Used<'_, '_> {
    fn begin_page(&mut self, _: &Paper) {
        self.pages += 1;
    }

    fn end_page(&mut self) {}

    fn text(&mut self, _: Point, run: &Run<'_>) {
        if run.text.chars().any(script::is_joined) {
            for one in placed(run, self.metrics) {
                self.note(one.face, one.drawn, run.text);
            }
            return;
        }
        for c in run.text.chars() {
            let glyph = self.metrics.glyph(run.role, c);
            if let Some(face) = glyph.face {
                self.note(face, Drawn::Char(glyph.drawn), run.text);
            }
        }
    }

    fn line(&mut self, _: Point, _: Point, _: f64) {}
}

/// FNV-1a: tells contents apart, and is no more than that.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3))
}
