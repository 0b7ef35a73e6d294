//! A form, said and not drawn: what any of the formats can print.
//!
//! A [`Document`] becomes one file. It is a run of [`Part`]s, each beginning on a new page: a table
//! (lists and catalogues), a grid (covers, notes, labels, signature pages) or prose (explanatory
//! notes). Forms describe these; the PDF, spreadsheet, csv and html writers print them.

use crate::layout::{Align, Page, Paper, Style};

/// What becomes one file.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its title, for the reader's window and the list of files.
    pub title: String,
    /// The institution, as author.
    pub author: String,
    /// The name of its file, without extension.
    pub file_stem: String,
    /// Its parts.
    pub parts: Vec<Part>,
    /// Which parts make up each copy (一式二份), where there are several: most parts are in all of them,
    /// a title page is in one. Empty: one copy with every part. Only the PDF holds all copies; the
    /// other formats are printed as often as needed, and hold the first.
    pub copies: Vec<Vec<usize>>,
}

impl Document {
    /// The parts of the first copy.
    pub fn first_copy(&self) -> Vec<&Part> {
        match self.copies.first() {
            None => self.parts.iter().collect(),
            Some(places) => places.iter().filter_map(|place| self.parts.get(*place)).collect(),
        }
    }
}

/// A part of a document; it begins on a new page.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its name, e.g. on the tab of a spreadsheet: short, unique in the document.
    pub name: String,
    /// Its paper.
    pub paper: Paper,
    /// How its pages are numbered.
    pub numbering: Numbering,
    /// What stands on it.
    pub body: Body,
}

/// How pages are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbering {
    /// Not at all (covers, notes).
    None,
    /// From 1 in each part (each volume's list of contents).
    Own,
    /// On through all parts of the document so numbered (a catalogue bound as a book).
    Run,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// A list with columns.
    Table(Table),
    /// Boxes with fixed places.
    Grid(Grid),
    /// Running text.
    Prose(Prose),
}

/// A list with columns: a header on every page, no row torn apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its title, e.g. 卷内文件目录.
    pub title: String,
    /// What the whole list belongs to, above it: 全宗号 J001, 案卷号 12.
    pub heading: Vec<Labelled>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows; each has as many cells as there are columns.
    pub rows: Vec<Vec<String>>,
    /// Row heights, in millimetres.
    pub heights: archive_core::profile::RowHeights,
    /// Whether the last page is filled with empty rows.
    pub fill: bool,
    /// Whether it goes into a csv file (a summary that repeats others doesn't).
    pub in_csv: bool,
}

/// A value and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// What it is called.
    pub label: String,
    /// The value.
    pub value: String,
}

impl Labelled {
    /// A value and what it is called.
    pub fn new(label: &str, value: impl Into<String>) -> Self {
        Self { label: label.to_owned(), value: value.into() }
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its header.
    pub header: String,
    /// Its width in millimetres.
    pub width: f64,
    /// How its cells are aligned.
    pub align: Align,
    /// Whether a spreadsheet holds numbers in it; codes and dates are text.
    pub is_number: bool,
}

/// Boxes with fixed places: rows of cells, from the upper left corner of the text area.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// The rows.
    pub rows: Vec<GridRow>,
}

/// A row of a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct GridRow {
    /// Its height in millimetres.
    pub height: f64,
    /// Its cells from left to right.
    pub cells: Vec<GridCell>,
}

/// A cell of a grid. What doesn't fit is set smaller.
#[derive(Debug, Clone, PartialEq)]
pub struct GridCell {
    /// Its width in millimetres.
    pub width: f64,
    /// What stands in it; several paragraphs are parted by line ends.
    pub text: String,
    /// How that is set.
    pub style: Style,
    /// The lines around it.
    pub border: Border,
    /// Where the text stands between top and bottom.
    pub at_top: bool,
    /// Room between the lines and the text, in millimetres.
    pub padding: f64,
    /// What a csv file calls the value; empty for labels and blanks.
    pub field: &'static str,
}

/// The lines around a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Border {
    /// None.
    None,
    /// All around.
    Box,
    /// Below only.
    Under,
    /// Two lines below, as under the name on a box (DA/T 22).
    DoubleUnder,
}

impl GridRow {
    /// A row of cells.
    pub fn new(height: f64, cells: Vec<GridCell>) -> Self {
        Self { height, cells }
    }

    /// An empty row.
    pub fn space(height: f64) -> Self {
        Self { height, cells: Vec::new() }
    }
}

impl GridCell {
    /// A cell with a text and no lines around it.
    pub fn new(width: f64, text: impl Into<String>, style: Style) -> Self {
        Self { width, text: text.into(), style, border: Border::None, at_top: false, padding: 1.2, field: "" }
    }

    /// An empty place.
    pub fn blank(width: f64) -> Self {
        Self::new(width, "", Style::new(crate::fonts::Role::Song, 10.0))
    }

    /// The same with lines.
    #[must_use]
    pub fn bordered(mut self, border: Border) -> Self {
        self.border = border;
        self
    }

    /// The same, with more room around its text.
    #[must_use]
    pub fn inset(mut self, padding: f64) -> Self {
        self.padding = padding;
        self
    }

    /// The same, named for csv.
    #[must_use]
    pub fn named(mut self, field: &'static str) -> Self {
        self.field = field;
        self
    }

    /// The same, with its text at the top.
    #[must_use]
    pub fn top(mut self) -> Self {
        self.at_top = true;
        self
    }
}

/// Running text.
#[derive(Debug, Clone, PartialEq)]
pub struct Prose {
    /// Its title.
    pub title: String,
    /// Its paragraphs.
    pub paragraphs: Vec<Paragraph>,
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq)]
pub struct Paragraph {
    /// What it says.
    pub text: String,
    /// How it is set.
    pub style: Style,
    /// Whether its first line is set in by two characters.
    pub indent: bool,
}

impl Body {
    /// Every text on it, for checks of what can be written.
    pub fn texts(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match self {
            Self::Table(table) => Box::new(table.rows.iter().flatten().map(String::as_str)),
            Self::Grid(grid) => {
                Box::new(grid.rows.iter().flat_map(|row| &row.cells).map(|cell| cell.text.as_str()))
            }
            Self::Prose(prose) => Box::new(prose.paragraphs.iter().map(|paragraph| paragraph.text.as_str())),
        }
    }
}

/// A document laid out: the pages of each part, page numbers included.
pub type LaidOut = Vec<Vec<Page>>;
