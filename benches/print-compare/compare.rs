//! The same pages written by printpdf and by krilla: `compare printpdf|krilla|rows contents|full VOLUMES FILE`.
//!
//! Both go through the layout and the drawing trait of `archive-catalogue`, with the shipped font and as
//! PDF/A-2b; `rows` gives the rows as JSON, for writers that lay out pages themselves (typst). One copy of
//! each document is written. Not part of the workspace: `run.sh` makes a project of it.

#[allow(dead_code, clippy::all)]
#[path = "SAMPLE"]
mod sample;

use std::collections::BTreeMap;
use std::time::Instant;

use archive_catalogue::document::{Body, Document};
use archive_catalogue::fonts::{FaceId, Fonts, Metrics};
use archive_catalogue::forms::Form;
use archive_catalogue::layout::{MM_PER_PT, Paper, Point, gap};
use archive_catalogue::paged::Paged;
use archive_catalogue::print::{Options, documents};
use archive_catalogue::surface::{About, Run, Surface, pdf};
use archive_core::model::{RetentionPeriod, Side};
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::geom::PathBuilder;
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::paint::Stroke;
use krilla::text::{Font, GlyphId, KrillaGlyph};

/// Pages on their way to krilla, which holds a page borrowed while it is drawn on.
struct Krilla<'m, 'f> {
    metrics: &'m Metrics<'f>,
    document: krilla::Document,
    faces: BTreeMap<FaceId, (Font, ttf_parser::Face<'static>)>,
    paper: Paper,
    lines: Vec<(Point, Point, f64)>,
    texts: Vec<(Point, String, f64, f64, FaceId, Vec<KrillaGlyph>)>,
}

impl Krilla<'_, '_> {
    fn face(&mut self, face: FaceId) -> &(Font, ttf_parser::Face<'static>) {
        let fonts = self.metrics.fonts();
        self.faces.entry(face).or_insert_with(|| {
            let (bytes, index) = fonts.with_data(face, |bytes, index| (bytes.to_vec(), index)).unwrap();
            let bytes: &'static [u8] = bytes.leak();
            (Font::new(bytes.into(), index).unwrap(), ttf_parser::Face::parse(bytes, index).unwrap())
        })
    }
}

fn pt(mm: f64) -> f32 {
    (mm / MM_PER_PT) as f32
}

impl Surface for Krilla<'_, '_> {
    fn begin_page(&mut self, paper: &Paper) {
        self.paper = *paper;
    }

    fn text(&mut self, at: Point, run: &Run<'_>) {
        let mut glyphs = Vec::new();
        let mut used = None;
        let mut characters = run.text.char_indices().peekable();
        while let Some((begin, c)) = characters.next() {
            let glyph = self.metrics.glyph(run.role, c);
            let Some(face) = glyph.face else { continue };
            let (next, room) = characters
                .peek()
                .map_or((run.text.len(), 0.0), |(next, after)| (*next, gap(c, *after)));
            let advance = glyph.advance + room + run.tracking / (run.size * MM_PER_PT);
            let id = self.face(face).1.glyph_index(glyph.drawn).unwrap();
            used = Some(face);
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(u32::from(id.0)),
                advance as f32,
                0.0,
                0.0,
                0.0,
                begin..next,
                None,
            ));
        }
        // The shipped font has every character of the sample: a run is of one face.
        if let Some(face) = used {
            self.texts.push((at, run.text.to_owned(), run.size, run.tracking, face, glyphs));
        }
    }

    fn line(&mut self, from: Point, to: Point, width: f64) {
        self.lines.push((from, to, width));
    }

    fn end_page(&mut self) {
        let settings = PageSettings::from_wh(pt(self.paper.width), pt(self.paper.height)).unwrap();
        let mut page = self.document.start_page_with(settings);
        let mut surface = page.surface();
        for (from, to, width) in self.lines.drain(..) {
            let mut path = PathBuilder::new();
            path.move_to(pt(from.x), pt(from.y));
            path.line_to(pt(to.x), pt(to.y));
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke { width: pt(width), ..Stroke::default() }));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
        surface.set_stroke(None);
        surface.set_fill(Some(krilla::paint::Fill::default()));
        for (at, text, size, _, face, glyphs) in self.texts.drain(..) {
            let font = self.faces[&face].0.clone();
            let start = krilla::geom::Point::from_xy(pt(at.x), pt(at.y));
            surface.draw_glyphs(start, &glyphs, font, &text, size as f32, false);
        }
        surface.finish();
        page.finish();
    }
}

fn sample(volumes: usize) -> sample::Sample {
    let mut sample = sample::Sample::empty();
    for number in 0..volumes {
        let titles: Vec<String> = (0..20)
            .map(|item| {
                format!("临江县人民政府办公室转发江州市人民政府办公厅关于进一步加强第{number}号重点行业和领域安全生产专项整治第{item}阶段工作的实施意见的通知")
            })
            .collect();
        let items: Vec<_> = titles
            .iter()
            .map(|title| ("临政办发", 105, "临江县人民政府办公室", title.as_str(), (2004, 11, 3), 4, None))
            .collect();
        sample.volume(RetentionPeriod::Permanent, Side::Government, &titles[0], &items);
    }
    sample
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let [_, writer, what, volumes, file] = &words[..] else { panic!("see the head of this file") };
    let sample = sample(volumes.parse().unwrap());
    let started = Instant::now();
    let fonts = Fonts::shipped().unwrap();
    let metrics = Metrics::new(&fonts);
    let form = if what == "full" { Form::Full } else { Form::Contents };
    let mut document: Document =
        documents(form, &sample.book(), &Options::default(), &metrics).swap_remove(0);
    if let Some(copy) = document.copies.first().cloned() {
        document.parts =
            document.parts.into_iter().enumerate().filter(|(at, _)| copy.contains(at)).map(|(_, part)| part).collect();
        document.copies.clear();
    }
    if writer == "rows" {
        std::fs::write(file, rows(&document)).unwrap();
        return;
    }
    let paged = Paged::new(&document, &metrics);
    let order = paged.order();
    let bytes = if writer == "krilla" {
        let configuration = ConfigurationBuilder::new().with_archival_validator(Archival::A2_B).finish().unwrap();
        let settings = krilla::SerializeSettings { configuration, ..Default::default() };
        let mut surface = Krilla {
            metrics: &metrics,
            document: krilla::Document::new_with(settings),
            faces: BTreeMap::new(),
            paper: Paper::A4,
            lines: Vec::new(),
            texts: Vec::new(),
        };
        surface.document.set_metadata(
            Metadata::new()
                .title(document.title.clone())
                .language("zh-CN".to_owned())
                .creation_date(DateTime::new(2005).month(4).day(20)),
        );
        paged.draw(&metrics, &mut surface);
        surface.document.finish().unwrap()
    } else {
        let about = About {
            title: document.title.clone(),
            author: document.author.clone(),
            date: sample.printed_on,
        };
        pdf::write(&|surface: &mut dyn Surface| paged.draw(&metrics, surface), &order, &about, &metrics).unwrap()
    };
    std::fs::write(file, &bytes).unwrap();
    println!("{} pages {:.2} s", order.len(), started.elapsed().as_secs_f64());
}

/// Every table: its title, columns (header, width) and rows.
fn rows(document: &Document) -> String {
    let text = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let list = |texts: Vec<String>| format!("[{}]", texts.join(","));
    let tables = document.parts.iter().filter_map(|part| match &part.body {
        Body::Table(table) => Some(table),
        _ => None,
    });
    list(tables
        .map(|table| {
            format!(
                "{{\"title\":{},\"heading\":{},\"columns\":{},\"widths\":{},\"rows\":{}}}\n",
                text(&table.title),
                list(table.heading.iter().map(|pair| text(&format!("{}：{}", pair.label, pair.value))).collect()),
                list(table.columns.iter().map(|column| text(&column.header)).collect()),
                list(table.columns.iter().map(|column| column.width.to_string()).collect()),
                list(table.rows.iter().map(|row| list(row.iter().map(|cell| text(cell)).collect())).collect()),
            )
        })
        .collect())
}
