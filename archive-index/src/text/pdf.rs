//! PDF: its text, in the order it is drawn, lines put together by where the letters stand.
//!
//! hayro interprets the page; this module is the device it draws on, which keeps letters and forgets the
//! rest. Whether a page's text is to be trusted is judged page by page: a scan under it means that it is
//! the invisible layer of a searchable PDF; letters without codes mean that only a picture of the page
//! can be read.

use std::sync::Arc;

use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::kurbo::{BezPath, Point, Rect, Vec2};

use super::guard::{Watch, damaged};
use super::{Area, Line, NoText, Page, Read, TextSource};

/// Fewer letters than this on a scan are a stamp or a page number, and no text layer.
const FEW: usize = 20;

/// Opens a PDF; one that is locked only against changes is open.
pub(crate) fn open(bytes: &[u8]) -> Result<Pdf, NoText> {
    match Pdf::new(bytes.to_vec()) {
        Ok(pdf) if pdf.pages().is_empty() => Err(damaged("no pages")),
        Ok(pdf) => Ok(pdf),
        Err(LoadPdfError::Decryption(_)) => Err(NoText::Encrypted),
        Err(error) => Err(damaged(&format!("{error:?}"))),
    }
}

pub(super) fn read(bytes: &[u8], watch: &Watch) -> Result<Read, NoText> {
    let pdf = open(bytes)?;
    let mut read = Read::default();
    let cache = InterpreterCache::new();
    // What the file does wrong is seen in what comes out.
    let settings = InterpreterSettings { warning_sink: Arc::new(|_| {}), ..InterpreterSettings::default() };
    for (number, page) in (1..).zip(pdf.pages().iter().take(watch.limits().pages)) {
        if watch.is_over() {
            read.stopped = Some(NoText::TooSlow);
            break;
        }
        let (width, height) = page.render_dimensions();
        let size = (f64::from(width), f64::from(height));
        let mut letters = Letters::new(size, watch);
        let paper = Rect::new(0.0, 0.0, size.0, size.1);
        let start = page.initial_transform(true).to_kurbo();
        let mut context = Context::new(start, paper, &cache, pdf.xref(), settings.clone());
        interpret_page(page, &mut context, &mut letters);
        read.pages.push(letters.page(number));
    }
    Ok(read)
}

/// A letter on the page, in points from the upper left corner.
struct Letter {
    text: String,
    at: Point,
    /// Which way the line runs, one em long.
    along: Vec2,
    /// How far the next letter is, in ems.
    advance: f64,
    /// How much of its body is below the line it stands on, in ems.
    below: f64,
}

/// Han characters stand in a square of which so much is below the line they are set on.
const BELOW: f64 = 0.12;

/// The device: letters, and how much of the page pictures cover.
struct Letters<'w> {
    size: (f64, f64),
    drawn: Vec<Letter>,
    unmapped: usize,
    covered: f64,
    paths: usize,
    watch: &'w Watch,
}

impl<'w> Letters<'w> {
    const fn new(size: (f64, f64), watch: &'w Watch) -> Self {
        Self { size, drawn: Vec::new(), unmapped: 0, covered: 0.0, paths: 0, watch }
    }

    fn page(self, number: u32) -> Page {
        let scan = self.covered > 0.5;
        let readable = self.drawn.iter().filter(|letter| letter.text.chars().all(is_readable)).count();
        let all = self.drawn.len();
        let trusted = readable * 10 >= all * 6 && self.unmapped * 10 <= all * 3;
        let source = match (all, scan) {
            (0, true) => TextSource::None(NoText::Picture),
            // Letters drawn as curves leave a page full of curves.
            (0, false) if self.unmapped > 0 || self.paths > 500 => TextSource::None(NoText::Unmapped),
            (0, false) if self.covered > 0.05 => TextSource::None(NoText::Picture),
            (0, false) => TextSource::None(NoText::Blank),
            _ if !trusted => TextSource::None(NoText::Unmapped),
            (_, true) if all < FEW => TextSource::None(NoText::Picture),
            (_, true) => TextSource::TextLayer,
            (_, false) => TextSource::BornDigital,
        };
        let lines = if trusted { lines(&self.drawn, self.size) } else { Vec::new() };
        Page { number, lines, source }
    }
}

/// What real text is made of.
fn is_readable(ch: char) -> bool {
    !matches!(ch, '\u{e000}'..='\u{f8ff}' | '\u{fffd}' | '\u{f0000}'..='\u{10ffff}')
        && (!ch.is_control() || ch.is_whitespace())
}

impl Device<'_> for Letters<'_> {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, _: &DrawMode) {
        if self.watch.is_over() || self.drawn.len() > self.watch.limits().characters {
            return;
        }
        let vertical = matches!(run.writing_mode(), WritingMode::Vertical);
        for glyph in run.glyphs() {
            let text = match glyph.as_unicode() {
                Some(BfString::Char(ch)) => ch.to_string(),
                Some(BfString::String(text)) => text,
                None => {
                    self.unmapped += 1;
                    continue;
                }
            };
            let place = props.transform * glyph.transform();
            let at = place * Point::ZERO;
            let em = place * Point::new(1000.0, 0.0) - at;
            let along = if vertical { Vec2::new(-em.y, em.x) } else { em };
            let advance = match &**glyph {
                Glyph::Outline(outline) if !vertical => outline.advance_width(),
                _ => None,
            };
            // Where a font doesn't say: halves for Latin letters, wholes for the rest.
            let advance = advance
                .map(|thousandths| f64::from(thousandths) / 1000.0)
                .filter(|advance| (0.01..4.0).contains(advance))
                .unwrap_or(if text.is_ascii() && !vertical { 0.5 } else { 1.0 });
            let below = if vertical { 0.0 } else { BELOW };
            self.drawn.push(Letter { text, at, along, advance, below });
        }
    }

    fn draw_image(&mut self, image: Image<'_, '_>, props: ImageDrawProps<'_>) {
        let (width, height) = match &image {
            Image::Stencil(image) => (image.width(), image.height()),
            Image::Raster(image) => (image.width(), image.height()),
        };
        let area = props.transform.determinant().abs() * f64::from(width) * f64::from(height);
        self.covered += area / (self.size.0 * self.size.1).max(1.0);
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {
        self.paths += 1;
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}

/// How far a line that runs so far falls, or a column leans.
#[expect(clippy::cast_possible_truncation, reason = "a share between -1 and 1")]
fn fall(run: Vec2, size: (f64, f64)) -> f32 {
    let (aside, whole) = if run.x.abs() >= run.y.abs() { (run.y, size.1) } else { (run.x, size.0) };
    (aside / whole.max(1.0)).clamp(-1.0, 1.0) as f32
}

/// Puts letters together into lines, in the order they are drawn: a letter that goes on where the last one
/// ended belongs to its line.
fn lines(letters: &[Letter], size: (f64, f64)) -> Vec<Line> {
    let mut lines: Vec<(String, Rect, Point, Point)> = Vec::new();
    let mut last: Option<&Letter> = None;
    for letter in letters {
        let em = letter.along.hypot().max(0.01);
        let way = letter.along / em;
        let up = Vec2::new(way.y, -way.x) * em;
        let (foot, end) = (letter.at - up * letter.below, letter.at + letter.along * letter.advance);
        let body = Rect::from_points(foot, end - up * letter.below)
            .union(Rect::from_points(letter.at, letter.at + up * (1.0 - letter.below)));
        let goes_on = last.and_then(|before| {
            let step = letter.at - before.at;
            let forward = step.dot(way) / em;
            let aside = step.cross(way).abs() / em;
            (aside < 0.5 && forward > -0.6 && forward < 12.0).then_some(forward - before.advance)
        });
        match (goes_on, lines.last_mut()) {
            (Some(gap), Some((text, area, _, last_end))) => {
                let latin = |ch: Option<char>| ch.is_some_and(|ch| ch.is_ascii_alphanumeric());
                let apart = gap > if latin(text.chars().next_back()) { 0.2 } else { 0.8 };
                if apart && !text.ends_with(' ') && letter.text != " " {
                    text.push(' ');
                }
                text.push_str(&letter.text);
                *area = area.union(body);
                *last_end = end;
            }
            _ => lines.push((letter.text.clone(), body, letter.at, end)),
        }
        last = Some(letter);
    }
    let share = |part: f64, whole: f64| {
        #[expect(clippy::cast_possible_truncation, reason = "a share between 0 and 1")]
        {
            (part / whole.max(1.0)).clamp(0.0, 1.0) as f32
        }
    };
    let placed = lines.into_iter().filter(|(text, ..)| !text.trim().is_empty());
    placed
        .map(|(text, area, start, end)| Line {
            text: text.trim_end().to_owned(),
            area: Some(Area {
                left: share(area.x0, size.0),
                top: share(area.y0, size.1),
                width: share(area.width(), size.0),
                height: share(area.height(), size.1),
                fall: fall(end - start, size),
            }),
        })
        .collect()
}
