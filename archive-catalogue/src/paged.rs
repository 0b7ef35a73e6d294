//! A document cut into pages, without the pages themselves.
//!
//! What is kept is where each line of each cell begins and ends; what stands on a page is worked out when
//! the page is drawn, and forgotten. So a catalogue of thousands of pages takes hardly more room than its
//! records, however often it is drawn: once to see which characters it needs, once to write it.

use std::ops::Range;

use crate::document::{Body, Document, Numbering, Part};
use crate::fonts::Role;
use crate::layout::table::LaidTable;
use crate::layout::{self, Align, Measure, Page, Paper, Style, fit};
use crate::surface::{Surface, draw};

/// A document cut into pages.
pub struct Paged<'d> {
    document: &'d Document,
    parts: Vec<Laid>,
    /// How many pages are numbered on through the document.
    run: usize,
}

/// A part cut into pages.
enum Laid {
    Table(LaidTable),
    Grid(Vec<Range<usize>>),
    /// Prose is a page or two: the pages themselves.
    Prose(Vec<Page>),
    /// A chart is one page.
    Chart,
}

impl Laid {
    fn of(part: &Part, measure: &dyn Measure) -> Self {
        match &part.body {
            Body::Table(table) => Self::Table(layout::table::lay_out(table, &part.paper, measure)),
            Body::Grid(grid) => Self::Grid(layout::grid::pages(grid, &part.paper)),
            Body::Chart(_) => Self::Chart,
            Body::Prose(prose) => Self::Prose(layout::prose::draw(prose, &part.paper, measure)),
        }
    }

    fn count(&self) -> usize {
        match self {
            Self::Table(laid) => laid.pages.len(),
            Self::Grid(pages) => pages.len(),
            Self::Prose(pages) => pages.len(),
            Self::Chart => 1,
        }
    }

    fn page(&self, part: &Part, number: usize, measure: &dyn Measure) -> Option<Page> {
        match (self, &part.body) {
            (Self::Table(laid), Body::Table(table)) => {
                Some(layout::table::draw_page(table, laid, number, &part.paper, measure))
            }
            (Self::Grid(pages), Body::Grid(grid)) => {
                let rows = grid.rows.get(pages.get(number)?.clone())?;
                Some(layout::grid::draw_page(rows, &part.paper, measure))
            }
            (Self::Chart, Body::Chart(chart)) => Some(layout::chart::draw(chart, &part.paper, measure)),
            (Self::Prose(pages), _) => pages.get(number).cloned(),
            _ => None,
        }
    }
}

impl<'d> Paged<'d> {
    /// Cuts a document into pages.
    pub fn new(document: &'d Document, measure: &dyn Measure) -> Self {
        let parts: Vec<Laid> = document.parts.iter().map(|part| Laid::of(part, measure)).collect();
        let numbered = document.parts.iter().zip(&parts).filter(|(part, _)| part.numbering == Numbering::Run);
        let run = numbered.map(|(_, laid)| laid.count()).sum();
        Self { document, parts, run }
    }

    /// How many different pages there are. A document without parts still has one, which says so.
    pub fn count(&self) -> usize {
        self.parts.iter().map(Laid::count).sum::<usize>().max(1)
    }

    /// Which of them make up the copies, one copy after the other.
    pub fn order(&self) -> Vec<usize> {
        if self.document.copies.is_empty() || self.parts.is_empty() {
            return (0..self.count()).collect();
        }
        self.document.copies.iter().flat_map(|copy| self.pages_of(copy)).collect()
    }

    /// Which of them make up the first copy.
    pub fn first_copy(&self) -> Vec<usize> {
        match self.document.copies.first() {
            Some(copy) if !self.parts.is_empty() => self.pages_of(copy),
            _ => (0..self.count()).collect(),
        }
    }

    fn pages_of(&self, parts: &[usize]) -> Vec<usize> {
        let mut begin = 0;
        let mut pages = Vec::with_capacity(self.parts.len());
        for laid in &self.parts {
            pages.push(begin..begin + laid.count());
            begin += laid.count();
        }
        parts.iter().filter_map(|part| pages.get(*part).cloned()).flatten().collect()
    }

    /// Draws every page once, in order.
    pub fn draw(&self, measure: &dyn Measure, surface: &mut dyn Surface) {
        self.each_page(measure, |_, page| draw(std::iter::once(&page), surface));
    }

    /// The pages of each part: for those who want to look at them.
    pub fn pages(&self, measure: &dyn Measure) -> Vec<Vec<Page>> {
        let mut pages = vec![Vec::new(); self.parts.len()];
        self.each_page(measure, |part, page| {
            if let Some(of_part) = pages.get_mut(part) {
                of_part.push(page);
            }
        });
        pages
    }

    fn each_page(&self, measure: &dyn Measure, mut with: impl FnMut(usize, Page)) {
        if self.parts.is_empty() {
            with(0, empty_page(self.document, measure));
        }
        let mut run = 0;
        for (place, (part, laid)) in self.document.parts.iter().zip(&self.parts).enumerate() {
            let own = laid.count();
            for at in 0..own {
                let Some(mut page) = laid.page(part, at, measure) else { continue };
                match part.numbering {
                    Numbering::None => {}
                    Numbering::Own => number_page(&mut page, at + 1, own, measure),
                    Numbering::Run => {
                        run += 1;
                        number_page(&mut page, run, self.run, measure);
                    }
                }
                with(place, page);
            }
        }
    }
}

/// How many pages a part takes.
pub(crate) fn count_pages(part: &Part, measure: &dyn Measure) -> usize {
    Laid::of(part, measure).count()
}

/// A file without a page is no file: an empty year prints one sheet that says so.
fn empty_page(document: &Document, measure: &dyn Measure) -> Page {
    let paper = Paper::A4;
    let mut marks = Vec::new();
    let area = fit::Area { x: paper.left, y: 60.0, width: paper.text_width(), height: 40.0 };
    let style = Style::new(Role::Song, 16.0).aligned(Align::Centre);
    fit::place(&format!("{}：无案卷", document.title), style, area, measure, &mut marks);
    Page { paper, marks }
}

/// 第 x 页　共 y 页, in the middle of the lower margin.
fn number_page(page: &mut Page, number: usize, of: usize, measure: &dyn Measure) {
    let paper = page.paper;
    let area = fit::Area {
        x: paper.left,
        y: paper.height - paper.bottom + 4.0,
        width: paper.text_width(),
        height: 6.0,
    };
    let style = Style::new(Role::Song, 9.0).aligned(Align::Centre);
    fit::place(&format!("第{number}页　共{of}页"), style, area, measure, &mut page.marks);
}
