//! What a page is drawn on.
//!
//! Four calls are all a writer of pages has to know, so another one (OFD, another PDF library) is a
//! few lines more. A document is drawn twice: once on [`Used`], which only takes note of the
//! characters each face must hold, and once on the writer that embeds those.

pub mod icc;
pub mod pdf;
mod pdfa;

use std::collections::{BTreeMap, BTreeSet};

use crate::fonts::{FaceId, Metrics, Role};
use crate::layout::{Mark, Page, Paper, Point, gap};

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

/// A character of a run: which face draws what, and the room behind it in ems.
pub(crate) struct Placed {
    pub(crate) face: FaceId,
    /// What is drawn, which for a character no font has isn't what was written.
    pub(crate) drawn: char,
    pub(crate) advance: f64,
    /// Room between it and the next one beyond its own width, in ems.
    pub(crate) after: f64,
}

/// The characters of a run that are drawn, each with its face and place.
pub(crate) fn placed(run: &Run<'_>, metrics: &Metrics<'_>) -> Vec<Placed> {
    let tracking = run.tracking / (run.size * crate::layout::MM_PER_PT);
    let mut placed: Vec<Placed> = Vec::with_capacity(run.text.len() / 3 + 1);
    let mut before = None;
    for c in run.text.chars() {
        let glyph = metrics.glyph(run.role, c);
        if let (Some(last), Some(before)) = (placed.last_mut(), before) {
            last.after += gap(before, c);
        }
        if let Some(face) = glyph.face {
            placed.push(Placed { face, drawn: glyph.drawn, advance: glyph.advance, after: tracking });
        } else if let Some(last) = placed.last_mut() {
            last.after += glyph.advance;
        }
        before = Some(c);
    }
    placed
}

/// Takes note of the characters each face must hold.
pub struct Used<'m, 'f> {
    metrics: &'m Metrics<'f>,
    /// What was seen.
    pub characters: BTreeMap<FaceId, BTreeSet<char>>,
}

impl<'m, 'f> Used<'m, 'f> {
    /// Nothing seen yet.
    pub fn new(metrics: &'m Metrics<'f>) -> Self {
        Self { metrics, characters: BTreeMap::new() }
    }
}

impl Surface for Used<'_, '_> {
    fn begin_page(&mut self, _: &Paper) {}

    fn end_page(&mut self) {}

    fn text(&mut self, _: Point, run: &Run<'_>) {
        for c in run.text.chars() {
            let glyph = self.metrics.glyph(run.role, c);
            if let Some(face) = glyph.face {
                self.characters.entry(face).or_default().insert(glyph.drawn);
            }
        }
    }

    fn line(&mut self, _: Point, _: Point, _: f64) {}
}
