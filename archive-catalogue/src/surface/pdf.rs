//! Pages as PDF, through printpdf.
//!
//! Without its default features printpdf embeds fonts whole, so they are cut first to the characters used
//! ([`cut`]). It also keeps every page in memory until the file is saved, so it is given a few dozen pages
//! at a time and only their finished, compressed content is kept: a thousand pages are some three
//! megabytes then. What printpdf can't do, or does wrong for files to be kept (version, dates,
//! identifiers, PDF/A), the last step mends (`pdfa`).

use std::collections::BTreeMap;

use lopdf::Stream;
use printpdf::{
    Codepoint, DictItem, FontId, Line, LinePoint, Mm, Op, ParsedFont, PdfDocument, PdfFont, PdfFontHandle,
    PdfPage, PdfSaveOptions, Pt, TextItem, TextMatrix,
};

use super::pdfa::{self, Sheet};
use super::{About, Draw, Drawn, Placed, Run, Surface, Used, placed};
use crate::fonts::cut::{Cut, CutError, FaceUse, cut};
use crate::fonts::{FaceId, Metrics};
use crate::layout::script::is_right_to_left;
use crate::layout::{Paper, Point};

/// Pages handed to printpdf at a time.
const BATCH: usize = 64;

/// Why a PDF can't be made.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// A font can't be cut to the characters used.
    #[error(transparent)]
    Font(#[from] CutError),
    /// The file can't be put together.
    #[error("PDF 生成失败：{0} / the PDF can't be made: {0}")]
    Writing(String),
}

/// Writes pages as a PDF/A-2b file. `order` lists the pages as they come, some perhaps again.
pub fn write(
    draw: Draw<'_>,
    order: &[usize],
    about: &About,
    metrics: &Metrics<'_>,
) -> Result<Vec<u8>, PdfError> {
    let used = Used::by(draw, metrics);
    let mut printer = PdfDocument::new(&about.title);
    let mut cuts = BTreeMap::new();
    for (face, what) in &used.faces {
        let cut = cut(metrics.fonts(), *face, what)?;
        printer.resources.fonts.map.insert(font_id(*face), PdfFont::new(parsed(&cut)?));
        cuts.insert(*face, cut);
    }
    let mut surface = Pdf {
        metrics,
        cuts: &cuts,
        printer,
        batch: Vec::with_capacity(BATCH),
        sheets: Vec::with_capacity(used.pages),
        page: None,
    };
    draw(&mut surface);
    surface.print_batch();
    let Pdf { mut printer, sheets, .. } = surface;

    // The fonts of the file are those of a page with every character on it: which page draws what no
    // longer matters then.
    printer.pages = vec![specimen(&used.faces, &cuts)];
    let tree = printer.to_lopdf_document(&options(), &mut Vec::new());
    drop(printer);
    pdfa::finish(tree, sheets, order, about)
}

fn options() -> PdfSaveOptions {
    PdfSaveOptions { image_optimization: None, ..PdfSaveOptions::default() }
}

fn font_id(face: FaceId) -> FontId {
    FontId(format!("T{}", face.number()))
}

fn parsed(cut: &Cut) -> Result<ParsedFont, PdfError> {
    let mut font = ParsedFont::from_bytes(&cut.bytes, 0, &mut Vec::new())
        .ok_or_else(|| PdfError::Writing(format!("{}: the cut font can't be read", cut.name)))?;
    font.font_name = Some(cut.name.clone());
    Ok(font)
}

/// A page that draws everything once.
fn specimen(faces: &BTreeMap<FaceId, FaceUse>, cuts: &BTreeMap<FaceId, Cut>) -> PdfPage {
    let mut ops = vec![Op::StartTextSection];
    for (face, used) in faces {
        let Some(cut) = cuts.get(face) else { continue };
        ops.push(Op::SetFont { font: PdfFontHandle::External(font_id(*face)), size: Pt(1.0) });
        let glyphs: Vec<Codepoint> = used
            .glyphs
            .iter()
            .filter_map(|(id, from)| Some(Codepoint::with_cid(*cut.glyphs.get(id)?, 0.0, from.clone())))
            .collect();
        ops.push(Op::ShowText {
            items: vec![TextItem::GlyphIds(glyphs), TextItem::Text(used.characters.iter().collect())],
        });
    }
    ops.push(Op::EndTextSection);
    PdfPage::new(to_mm(10.0), to_mm(10.0), ops)
}

struct Pdf<'m, 'f> {
    metrics: &'m Metrics<'f>,
    cuts: &'m BTreeMap<FaceId, Cut>,
    printer: PdfDocument,
    batch: Vec<PdfPage>,
    /// Pages done.
    sheets: Vec<Sheet>,
    page: Option<Open>,
}

impl Pdf<'_, '_> {
    /// Has printpdf write the pages at hand, and keeps their content.
    fn print_batch(&mut self) {
        if self.batch.is_empty() {
            return;
        }
        self.printer.pages = std::mem::take(&mut self.batch);
        let mut tree = self.printer.to_lopdf_document(&options(), &mut Vec::new());
        let ids: Vec<lopdf::ObjectId> = tree.page_iter().collect();
        for (page, id) in self.printer.pages.iter().zip(ids) {
            let content = tree
                .get_dictionary(id)
                .and_then(|page| page.get(b"Contents"))
                .and_then(lopdf::Object::as_reference)
                .ok()
                .and_then(|id| tree.objects.remove(&id));
            let mut content = match content {
                Some(lopdf::Object::Stream(stream)) => stream,
                _ => Stream::new(lopdf::Dictionary::new(), Vec::new()),
            };
            // A stream that doesn't get smaller stays as it is.
            let _ = content.compress();
            let size = page.media_box.clone();
            self.sheets.push(Sheet { width: size.width.0, height: size.height.0, content });
        }
    }
}

/// The page being drawn. Lines come before all text, so that one text section holds the rest.
struct Open {
    paper: Paper,
    lines: Vec<Op>,
    line_width: Option<f64>,
    texts: Vec<Op>,
    font: Option<(FaceId, f64)>,
}

impl Open {
    fn point(&self, at: Point) -> printpdf::Point {
        printpdf::Point { x: to_pt(at.x), y: to_pt(self.paper.height - at.y) }
    }
}

/// Points to a thousandth: finer is noise in the file.
#[allow(clippy::cast_possible_truncation)]
fn to_pt(mm: f64) -> Pt {
    Pt(((mm / crate::layout::MM_PER_PT * 1000.0).round() / 1000.0) as f32)
}

#[allow(clippy::cast_possible_truncation)]
fn to_mm(mm: f64) -> Mm {
    Mm(mm as f32)
}

impl Surface for Pdf<'_, '_> {
    fn begin_page(&mut self, paper: &Paper) {
        self.page =
            Some(Open { paper: *paper, lines: Vec::new(), line_width: None, texts: Vec::new(), font: None });
    }

    fn end_page(&mut self) {
        let Some(mut page) = self.page.take() else { return };
        let mut ops = page.lines;
        ops.push(Op::StartTextSection);
        ops.append(&mut page.texts);
        ops.push(Op::EndTextSection);
        self.batch.push(PdfPage::new(to_mm(page.paper.width), to_mm(page.paper.height), ops));
        if self.batch.len() == BATCH {
            self.print_batch();
        }
    }

    fn text(&mut self, at: Point, run: &Run<'_>) {
        let Some(page) = &mut self.page else { return };
        let em = run.size * crate::layout::MM_PER_PT;
        let placed = placed(run, self.metrics);
        // Spread text has gaps that readers take for spaces, and joined words are glyphs: say what it
        // reads. What runs from right to left readers put in order themselves, and only then.
        let joined = placed.iter().any(|one| one.drawn.is_glyph());
        let spoken = run.tracking > em * 0.09 || (joined && !run.text.chars().any(is_right_to_left));
        if spoken {
            page.texts.push(Op::BeginMarkedContentWithProperties {
                tag: "Span".to_owned(),
                properties: DictItem::Dict {
                    map: BTreeMap::from([(
                        "ActualText".to_owned(),
                        DictItem::String { data: utf16(run.text), literal: false },
                    )]),
                },
            });
        }
        let mut x = at.x;
        for alike in placed.chunk_by(|a, b| {
            a.face == b.face && (a.up - b.up).abs() < 1e-9 && a.drawn.is_glyph() == b.drawn.is_glyph()
        }) {
            let (face, up) = (alike[0].face, alike[0].up * em);
            if page.font != Some((face, run.size)) {
                page.font = Some((face, run.size));
                #[allow(clippy::cast_possible_truncation)]
                let size = Pt(run.size as f32);
                page.texts.push(Op::SetFont { font: PdfFontHandle::External(font_id(face)), size });
            }
            let origin = page.point(Point { x, y: at.y - up });
            page.texts.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(origin.x, origin.y) });
            page.texts.push(Op::ShowText { items: items(alike, self.cuts.get(&face)) });
            x += alike.iter().map(|one| one.advance + one.after).sum::<f64>() * em;
        }
        if spoken {
            page.texts.push(Op::EndMarkedContentWithProperties);
        }
    }

    fn line(&mut self, from: Point, to: Point, width: f64) {
        let Some(page) = &mut self.page else { return };
        if page.line_width != Some(width) {
            page.line_width = Some(width);
            page.lines.push(Op::SetOutlineThickness { pt: to_pt(width) });
        }
        let points = [from, to].map(|at| LinePoint { p: page.point(at), bezier: false }).to_vec();
        page.lines.push(Op::DrawLine { line: Line { points, is_closed: false } });
    }
}

/// Marks in a row, with the room between them in thousandths of an em.
fn items(placed: &[Placed], cut: Option<&Cut>) -> Vec<TextItem> {
    let mut items = Vec::new();
    let mut text = String::new();
    for (place, one) in placed.iter().enumerate() {
        match one.drawn {
            Drawn::Char(c) => text.push(c),
            Drawn::Glyph { id, .. } => {
                let id = cut.and_then(|cut| cut.glyphs.get(&id)).copied().unwrap_or(0);
                items.push(TextItem::GlyphIds(vec![Codepoint::new(id, 0.0)]));
            }
        }
        if one.after != 0.0 && place + 1 < placed.len() {
            if !text.is_empty() {
                items.push(TextItem::Text(std::mem::take(&mut text)));
            }
            #[allow(clippy::cast_possible_truncation)]
            items.push(TextItem::Offset((-one.after * 1000.0).round() as f32));
        }
    }
    if !text.is_empty() {
        items.push(TextItem::Text(text));
    }
    items
}

/// UTF-16 with its mark, as PDF writes text outside of pages.
pub(super) fn utf16(text: &str) -> Vec<u8> {
    [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect()
}
