//! Pages as PDF, through printpdf.
//!
//! Without its default features printpdf embeds fonts whole, so they are cut here first to the
//! characters used (allsorts, which printpdf brings anyway). What it can't do, or does wrong for
//! files to be kept (version, dates, identifiers, PDF/A), the next step mends (`pdfa`).

use std::collections::{BTreeMap, BTreeSet};

use allsorts::binary::read::ReadScope;
use allsorts::font_data::FontData;
use allsorts::subset::{CmapTarget, SubsetProfile, subset};
use printpdf::{
    DictItem, FontId, Line, LinePoint, Mm, Op, ParsedFont, PdfDocument, PdfFont, PdfFontHandle, PdfPage,
    PdfSaveOptions, Pt, TextItem, TextMatrix,
};

use super::pdfa;
pub use super::pdfa::About;
use super::{Run, Surface, Used, draw, placed};
use crate::fonts::{FaceId, Fonts, Metrics};
use crate::layout::{Page, Paper, Point};

/// Why a PDF can't be made.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// A font can't be cut to the characters used.
    #[error("字体 {name} 无法嵌入：{reason} / the font {name} can't be embedded: {reason}")]
    Font {
        /// The font.
        name: String,
        /// What the font library says.
        reason: String,
    },
    /// The file can't be put together.
    #[error("PDF 生成失败：{0} / the PDF can't be made: {0}")]
    Writing(String),
}

/// Writes pages as a PDF/A-2b file. `order` lists the pages as they come, some perhaps again.
pub fn write(
    pages: &[Page],
    order: &[usize],
    about: &About,
    metrics: &Metrics<'_>,
) -> Result<Vec<u8>, PdfError> {
    let mut used = Used::new(metrics);
    draw(pages, &mut used);
    let mut pdf = PdfDocument::new(&about.title);
    for (face, characters) in &used.characters {
        let font = cut(metrics.fonts(), *face, characters)?;
        pdf.resources.fonts.map.insert(font_id(*face), PdfFont::new(font));
    }
    let mut surface = Pdf { metrics, pages: Vec::with_capacity(pages.len()), page: None };
    draw(pages, &mut surface);
    pdf.pages = surface.pages;

    let options = PdfSaveOptions { image_optimization: None, ..PdfSaveOptions::default() };
    let tree = pdf.to_lopdf_document(&options, &mut Vec::new());
    drop(pdf);
    pdfa::finish(tree, order, about)
}

fn font_id(face: FaceId) -> FontId {
    FontId(format!("T{}", face.number()))
}

/// Cuts a face to `characters`.
fn cut(fonts: &Fonts, face: FaceId, characters: &BTreeSet<char>) -> Result<ParsedFont, PdfError> {
    let name = fonts.name(face);
    let failed = |reason: String| PdfError::Font { name: name.to_owned(), reason };
    let bytes = fonts
        .with_data(face, |bytes, index| cut_bytes(bytes, index, characters))
        .ok_or_else(|| failed("unreadable".to_owned()))?
        .map_err(failed)?;
    let mut font = ParsedFont::from_bytes(&bytes, 0, &mut Vec::new())
        .ok_or_else(|| failed("the cut font can't be read".to_owned()))?;
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    font.font_name = Some(format!("{}+{plain}", subset_tag(&bytes)));
    Ok(font)
}

fn cut_bytes(bytes: &[u8], index: u32, characters: &BTreeSet<char>) -> Result<Vec<u8>, String> {
    let face = ttf_parser::Face::parse(bytes, index).map_err(|error| error.to_string())?;
    let glyphs: BTreeSet<u16> = std::iter::once(0)
        .chain(characters.iter().filter_map(|c| face.glyph_index(*c)).map(|glyph| glyph.0))
        .collect();
    let glyphs: Vec<u16> = glyphs.into_iter().collect();
    let file = ReadScope::new(bytes).read::<FontData<'_>>().map_err(|error| error.to_string())?;
    let index = usize::try_from(index).map_err(|error| error.to_string())?;
    let tables = file.table_provider(index).map_err(|error| error.to_string())?;
    subset(&tables, &glyphs, &SubsetProfile::Minimal, CmapTarget::Unicode).map_err(|error| error.to_string())
}

/// Six capital letters that tell this cut of a font from another (ISO 32000-1, 9.6.4).
fn subset_tag(bytes: &[u8]) -> String {
    let mut hash = pdfa::hash(bytes);
    (0..6)
        .map(|_| {
            let letter = u8::try_from(hash % 26).unwrap_or(0);
            hash /= 26;
            char::from(b'A' + letter)
        })
        .collect()
}

struct Pdf<'m, 'f> {
    metrics: &'m Metrics<'f>,
    pages: Vec<PdfPage>,
    page: Option<Open>,
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
        self.pages.push(PdfPage::new(to_mm(page.paper.width), to_mm(page.paper.height), ops));
    }

    fn text(&mut self, at: Point, run: &Run<'_>) {
        let Some(page) = &mut self.page else { return };
        let em = run.size * crate::layout::MM_PER_PT;
        let placed = placed(run, self.metrics);
        // Spread text has gaps that readers take for spaces: say what it reads.
        let spoken = run.tracking > em * 0.09;
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
        for same_face in placed.chunk_by(|a, b| a.face == b.face) {
            let face = same_face[0].face;
            if page.font != Some((face, run.size)) {
                page.font = Some((face, run.size));
                #[allow(clippy::cast_possible_truncation)]
                let size = Pt(run.size as f32);
                page.texts.push(Op::SetFont { font: PdfFontHandle::External(font_id(face)), size });
            }
            let origin = page.point(Point { x, y: at.y });
            page.texts.push(Op::SetTextMatrix { matrix: TextMatrix::Translate(origin.x, origin.y) });
            page.texts.push(Op::ShowText { items: items(same_face) });
            x += same_face.iter().map(|one| one.advance + one.after).sum::<f64>() * em;
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

/// Characters in a row, with the room between them in thousandths of an em.
fn items(placed: &[super::Placed]) -> Vec<TextItem> {
    let mut items = Vec::new();
    let mut text = String::new();
    for (place, one) in placed.iter().enumerate() {
        text.push(one.drawn);
        if one.after != 0.0 && place + 1 < placed.len() {
            items.push(TextItem::Text(std::mem::take(&mut text)));
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
