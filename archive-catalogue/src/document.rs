//! A form, said and not drawn: what any of the formats can print.
//!
//! A [`Document`] becomes one file. It is a run of [`Part`]s, each beginning on a new page: a table
//! (lists and catalogues), a grid (covers, notes, labels, signature pages) or prose (explanatory
//! notes). Forms describe these; the writers of PDF, OFD, spreadsheets, csv and html print them
//! ([`print_document`](crate::print::print_document)).
//!
//! A form needs nothing but its rows, wherever they come from:
//!
//! ```
//! use archive_catalogue::document::{Column, Document, Labelled, Part, Table};
//! use archive_catalogue::fonts::Fonts;
//! use archive_catalogue::layout::Paper;
//! use archive_catalogue::print::{Format, print_document};
//!
//! let table = Table::new("档案出库登记表", vec![
//!     Column::number("序号", 12.0),
//!     Column::centred("档号", 40.0),
//!     Column::text("题名", 90.0),
//!     Column::centred("日期", 28.0),
//! ])
//! .headed(vec![Labelled::new("库房", "一号库")])
//! .signed(vec![Labelled::new("制表人", ""), Labelled::new("审核人", "")])
//! .filled_with(vec![["1", "J019-2004-001", "关于防汛工作的通知", "2005、4、20"].map(str::to_owned).to_vec()])
//! .across(&Paper::A4);
//! let document = Document::new("临江县档案馆", "档案出库登记表", vec![Part::new("登记表", Paper::A4, table)]);
//!
//! let printed_on = chrono::NaiveDate::from_ymd_opt(2005, 4, 20).unwrap();
//! let outcome = print_document(&document, &[Format::Pdf, Format::Xlsx], &Fonts::shipped()?, printed_on)?;
//! assert_eq!(outcome.files[0].file_name, "档案出库登记表.pdf");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use archive_core::profile::RowHeights;

use crate::fonts::Role;
use crate::layout::{Align, Paper, Style, printable};

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
    /// A document of `author` (the institution), printed to a file called `name`. What a person typed may
    /// stand in it: it is made fit for printing.
    pub fn new(author: &str, name: &str, parts: Vec<Part>) -> Self {
        let author = printable(author);
        let name = printable(name);
        Self { title: format!("{author}{name}"), author, file_stem: name, parts, copies: Vec::new() }
    }

    /// The same, printed in `copies` copies (一式二份): every part in each.
    #[must_use]
    pub fn in_copies(mut self, copies: usize) -> Self {
        self.copies = vec![(0..self.parts.len()).collect(); copies.max(1)];
        self
    }

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

impl Part {
    /// A part. Lists number their own pages; covers, notes and prose bear no number.
    pub fn new(name: &str, paper: Paper, body: impl Into<Body>) -> Self {
        let body = body.into();
        let numbering = match body {
            Body::Table(_) => Numbering::Own,
            Body::Grid(_) | Body::Prose(_) | Body::Chart(_) => Numbering::None,
        };
        Self { name: printable(name), paper, numbering, body }
    }

    /// The same, numbered otherwise.
    #[must_use]
    pub fn numbered(mut self, numbering: Numbering) -> Self {
        self.numbering = numbering;
        self
    }
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
    /// A picture of figures.
    Chart(Chart),
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
    pub heights: RowHeights,
    /// Whether the last page is filled with empty rows.
    pub fill: bool,
    /// What stands below the last row, mostly places to sign: 制表人, 审核人, 日期.
    pub footing: Vec<Labelled>,
    /// Whether it goes into a csv file (a summary that repeats others doesn't).
    pub in_csv: bool,
}

impl Table {
    /// An empty list: rows at least 9 mm high, the last page as short as it is.
    pub fn new(title: &str, columns: Vec<Column>) -> Self {
        Self {
            title: printable(title),
            heading: Vec::new(),
            columns,
            rows: Vec::new(),
            heights: RowHeights::AtLeast(9.0),
            fill: false,
            footing: Vec::new(),
            in_csv: true,
        }
    }

    /// The same with something above it.
    #[must_use]
    pub fn headed(mut self, heading: Vec<Labelled>) -> Self {
        self.heading = heading;
        self
    }

    /// The same with something below its last row.
    #[must_use]
    pub fn signed(mut self, footing: Vec<Labelled>) -> Self {
        self.footing = footing;
        self
    }

    /// The same with these rows. Each gets as many cells as there are columns, fit for printing.
    #[must_use]
    pub fn filled_with(mut self, rows: Vec<Vec<String>>) -> Self {
        self.rows = rows;
        for row in &mut self.rows {
            row.resize(self.columns.len(), String::new());
            for cell in row {
                *cell = printable(cell);
            }
        }
        self
    }

    /// The same with rows of other heights, and the last page filled with empty ones if `fill`.
    #[must_use]
    pub fn ruled(mut self, heights: RowHeights, fill: bool) -> Self {
        (self.heights, self.fill) = (heights, fill);
        self
    }

    /// The same with its columns made wider or narrower in one measure, so that they reach from margin to
    /// margin: their widths need only be right beside one another.
    #[must_use]
    pub fn across(mut self, paper: &Paper) -> Self {
        let width: f64 = self.columns.iter().map(|column| column.width).sum();
        if width > 0.0 {
            for column in &mut self.columns {
                column.width *= paper.text_width() / width;
            }
        }
        self
    }
}

impl From<Table> for Body {
    fn from(table: Table) -> Self {
        Self::Table(table)
    }
}

impl From<Grid> for Body {
    fn from(grid: Grid) -> Self {
        Self::Grid(grid)
    }
}

impl From<Chart> for Body {
    fn from(chart: Chart) -> Self {
        Self::Chart(chart)
    }
}

impl From<Prose> for Body {
    fn from(prose: Prose) -> Self {
        Self::Prose(prose)
    }
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

impl Column {
    /// A column of words, set left.
    pub fn text(header: &str, width: f64) -> Self {
        Self { header: header.to_owned(), width, align: Align::Left, is_number: false }
    }

    /// A column of codes or dates, set in the middle; a spreadsheet keeps them as text.
    pub fn centred(header: &str, width: f64) -> Self {
        Self { align: Align::Centre, ..Self::text(header, width) }
    }

    /// A column of numbers that stand for themselves (序号), set in the middle.
    pub fn number(header: &str, width: f64) -> Self {
        Self { align: Align::Centre, is_number: true, ..Self::text(header, width) }
    }

    /// A column of amounts (页数, 件数), set right.
    pub fn amount(header: &str, width: f64) -> Self {
        Self { align: Align::Right, is_number: true, ..Self::text(header, width) }
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

/// Boxes with fixed places: rows of cells, from the upper left corner of the text area. A row that no
/// longer fits on the page begins the next one.
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

impl Grid {
    /// A grid of these rows.
    pub fn new(rows: Vec<GridRow>) -> Self {
        Self { rows }
    }
}

impl GridRow {
    /// The title of a form, `width` millimetres wide.
    pub fn title(width: f64, text: &str) -> Self {
        Self::new(16.0, vec![GridCell::new(width, text, crate::layout::table::TITLE)])
    }

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

    /// A boxed label, as on the left of a form's blanks.
    pub fn label(width: f64, text: &str) -> Self {
        Self::new(width, text, Style { role: Role::Hei, size: 12.0, smallest: 7.0, align: Align::Centre })
            .bordered(Border::Box)
    }

    /// A boxed value; `field` names it in csv.
    pub fn value(width: f64, field: &'static str, text: impl Into<String>) -> Self {
        let style = Style { role: Role::Song, size: 12.0, smallest: 7.0, align: Align::Centre };
        Self::new(width, text, style).bordered(Border::Box).named(field)
    }

    /// An empty place.
    pub fn blank(width: f64) -> Self {
        Self::new(width, "", Style::new(Role::Song, 10.0))
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

/// A picture of figures: a page with one panel or several, one under the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Its title.
    pub title: String,
    /// What it is of, in small print below the title.
    pub note: String,
    /// Its panels.
    pub panels: Vec<Panel>,
}

/// A panel of a chart.
#[derive(Debug, Clone, PartialEq)]
pub enum Panel {
    /// How something went through a year.
    Course(Course),
    /// Figures beside one another.
    Bars(Bars),
}

/// How something went through a year: each day's lowest and highest, between two limits.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// What it is, with its unit.
    pub title: String,
    /// The lowest and the highest it should be.
    pub limits: [f64; 2],
    /// How many days the year has.
    pub of_days: u32,
    /// The day of the year from 1, its lowest and highest value; days without are left out.
    pub days: Vec<(u32, f64, f64)>,
}

/// Figures beside one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars {
    /// What they are, with their unit.
    pub title: String,
    /// Each with its name.
    pub bars: Vec<(String, u64)>,
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
