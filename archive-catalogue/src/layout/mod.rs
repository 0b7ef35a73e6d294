//! Where everything stands on the page: pure, and the same for every writer.
//!
//! A form is laid out in three steps, each tested by itself: characters are measured ([`Measure`]),
//! texts are broken into lines ([`wrap`]) or made to fit a box ([`fit`]), and tables, grids and prose
//! are cut into pages ([`table`], [`grid`], [`prose`]). The result is [`Page`]s of [`Mark`]s, which a
//! [`Surface`](crate::surface::Surface) draws.
//!
//! Lengths are millimetres from the upper left corner of the paper, downwards; sizes of type are
//! points. Nothing here reads a font, a clock or a file.

pub mod chart;
pub mod fit;
pub mod grid;
pub mod prose;
pub mod script;
pub mod table;
pub mod wrap;

use archive_core::profile::PageSize;

use crate::fonts::Role;

/// Millimetres in a point.
pub const MM_PER_PT: f64 = 25.4 / 72.0;

/// From the top of a Chinese character's square to its baseline, in ems.
const BASELINE: f64 = 0.88;

/// Tells how wide characters are.
pub trait Measure {
    /// The width of `c` in ems.
    fn advance(&self, role: Role, c: char) -> f64;

    /// The width in ems of a word whose letters join ([`script`]).
    fn word(&self, role: Role, word: &str) -> f64 {
        word.chars().map(|c| self.advance(role, c)).sum()
    }
}

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// The hand.
    pub role: Role,
    /// The size, in points.
    pub size: f64,
    /// The smallest size it may be shrunk to, in points.
    pub smallest: f64,
    /// Where it stands between left and right.
    pub align: Align,
}

impl Style {
    /// Set left, in one size or down to two thirds of it.
    pub const fn new(role: Role, size: f64) -> Self {
        Self { role, size, smallest: size * 0.66, align: Align::Left }
    }

    /// The same, aligned otherwise.
    #[must_use]
    pub const fn aligned(mut self, align: Align) -> Self {
        self.align = align;
        self
    }
}

/// Where a text stands between left and right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// 左.
    Left,
    /// 居中.
    Centre,
    /// 右.
    Right,
    /// 分散对齐: the characters spread evenly over the whole width.
    Spread,
    /// 直排: one character under the other, in the middle.
    Vertical,
}

/// A point on the paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Millimetres from the left edge.
    pub x: f64,
    /// Millimetres from the upper edge.
    pub y: f64,
}

/// Paper and margins, in millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paper {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// Margin above the text.
    pub top: f64,
    /// Margin below it; page numbers stand in it.
    pub bottom: f64,
    /// Margin at the left, where the volume is bound.
    pub left: f64,
    /// Margin at the right.
    pub right: f64,
}

impl Paper {
    /// A4 upright, 25 mm to bind.
    pub const A4: Self =
        Self { width: 210.0, height: 297.0, top: 25.0, bottom: 20.0, left: 25.0, right: 15.0 };
    /// A4 lying, 20 mm to bind.
    pub const A4_LANDSCAPE: Self =
        Self { width: 297.0, height: 210.0, top: 20.0, bottom: 17.0, left: 20.0, right: 15.0 };
    /// The hard cover, 220 x 310 mm.
    pub const HARD_COVER: Self =
        Self { width: 220.0, height: 310.0, top: 25.0, bottom: 20.0, left: 28.0, right: 22.0 };

    /// The paper of a profile.
    pub const fn of(size: PageSize) -> Self {
        let PageSize { width, height, top, bottom, left, right } = size;
        Self { width, height, top, bottom, left, right }
    }

    /// The same paper, with what stands on it moved to the right and down.
    #[must_use]
    pub fn moved(self, right: f64, down: f64) -> Self {
        Self {
            left: self.left + right,
            right: self.right - right,
            top: self.top + down,
            bottom: self.bottom - down,
            ..self
        }
    }

    /// The width between the margins.
    pub fn text_width(&self) -> f64 {
        self.width - self.left - self.right
    }

    /// The height between the margins.
    pub fn text_height(&self) -> f64 {
        self.height - self.top - self.bottom
    }
}

/// One thing drawn on a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A line of text, `at` the left end of its baseline.
    Text {
        /// The left end of the baseline.
        at: Point,
        /// The text.
        text: Box<str>,
        /// The hand.
        role: Role,
        /// The size in points.
        size: f64,
        /// Room after each character, in millimetres.
        tracking: f64,
    },
    /// A straight line.
    Line {
        /// From here
        from: Point,
        /// to here,
        to: Point,
        /// so thick, in millimetres.
        width: f64,
    },
}

/// A finished page.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Its paper.
    pub paper: Paper,
    /// What stands on it.
    pub marks: Vec<Mark>,
}

/// The room between two neighbours in ems: a little between Chinese and Latin or digits.
///
/// It stays under a tenth of an em, from where on readers of PDF files take a gap for a space.
pub fn gap(before: char, after: char) -> f64 {
    let latin = |c: char| c.is_ascii_alphanumeric();
    if (latin(before) && is_han(after)) || (is_han(before) && latin(after)) { 1.0 / 12.0 } else { 0.0 }
}

/// Whether `c` is a Chinese character proper.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}' | '〇')
}

/// The width of a text in ems, the room between Chinese and Latin included.
pub fn width_in_ems(text: &str, role: Role, measure: &dyn Measure) -> f64 {
    let mut width = 0.0;
    let mut before = None;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let joined = script::word(rest);
        if joined > 0 {
            width += measure.word(role, &rest[..joined]);
            before = None;
            rest = &rest[joined..];
            continue;
        }
        if let Some(before) = before {
            width += gap(before, c);
        }
        width += measure.advance(role, c);
        before = Some(c);
        rest = &rest[c.len_utf8()..];
    }
    width
}

/// Makes a text fit for printing: white space and line ends become single spaces, control
/// characters vanish (they have no place on paper and none in XML), the ends are trimmed.
pub fn printable(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() && c != '\u{3000}' {
            if !clean.ends_with(' ') {
                clean.push(' ');
            }
        } else if !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}') {
            clean.push(c);
        }
    }
    clean.trim().to_owned()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Chinese one em, the rest half.
    pub(crate) struct Plain;

    impl Measure for Plain {
        fn advance(&self, _: Role, c: char) -> f64 {
            if c.is_ascii() { 0.5 } else { 1.0 }
        }
    }

    #[test]
    fn control_characters_and_line_ends_do_not_reach_the_paper() {
        assert_eq!(printable(" 关于\r\n防汛\u{7}工作\t的\u{0}通知 "), "关于 防汛工作 的通知");
    }

    #[test]
    fn digits_stand_a_little_off_from_chinese() {
        let width = width_in_ems("第16号", Role::Song, &Plain);
        assert!((width - (3.0 + 2.0 / 12.0)).abs() < 1e-9);
    }
}
