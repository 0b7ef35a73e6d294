//! From descriptions to files: the forms of a year ([`print()`]), or any document ([`print_document`]).

use std::collections::BTreeSet;

use archive_core::finding::{Finding, Place};
use archive_core::profile::Method;
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;
use chrono::NaiveDate;

use crate::book::{Book, name_of};
use crate::document::{Body, Document, Part};
use crate::fonts::{Fonts, Metrics};
use crate::forms::{self, Form};
use crate::layout::{self, Measure};
use crate::paged::Paged;
use crate::surface::ofd::{self, OfdError};
use crate::surface::pdf::{self, PdfError};
use crate::surface::{About, Surface};

/// A format to print in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// PDF/A-2b.
    Pdf,
    /// OFD (版式文件, GB/T 33190), the first copy.
    Ofd,
    /// A spreadsheet that prints as the PDF does.
    Xlsx,
    /// Comma-separated, UTF-8 with its mark.
    Csv,
    /// Comma-separated, GB18030, for older office programs.
    CsvGb18030,
    /// A page for the browser that prints well.
    Html,
    /// EAD3: one file for the year, whatever forms are asked for.
    Ead,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 7] =
        [Self::Pdf, Self::Ofd, Self::Xlsx, Self::Csv, Self::CsvGb18030, Self::Html, Self::Ead];

    /// The word on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Ofd => "ofd",
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::CsvGb18030 => "csv-gb18030",
            Self::Html => "html",
            Self::Ead => "ead",
        }
    }

    fn metrics(self, fonts: &Fonts) -> Metrics<'_> {
        match self {
            Self::Ofd => Metrics::truetype_first(fonts),
            _ => Metrics::new(fonts),
        }
    }

    /// The extension of its files.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Ofd => "ofd",
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::CsvGb18030 => "gb18030.csv",
            Self::Html => "html",
            Self::Ead => "ead.xml",
        }
    }
}

/// A word that names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("没有名为 {0} 的格式 / there is no format called {0}")]
pub struct NoSuchFormat(pub String);

impl std::str::FromStr for Format {
    type Err = NoSuchFormat;

    fn from_str(word: &str) -> Result<Self, NoSuchFormat> {
        Self::ALL
            .into_iter()
            .find(|format| format.word().eq_ignore_ascii_case(word.trim()))
            .ok_or_else(|| NoSuchFormat(word.to_owned()))
    }
}

/// How to print.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Forms of a volume (cover, contents, note) as one file each volume, named by its code, instead
    /// of one file for the year.
    pub per_volume: bool,
}

/// A finished file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// Its name, safe on every system: `案卷目录.pdf`, `J019-2004-001 卷内文件目录.pdf`.
    pub file_name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// How many pages it has, where it has pages.
    pub pages: Option<usize>,
}

/// What printing came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// The files, in the order asked for.
    pub files: Vec<Printed>,
    /// Characters that no font has, by volume (L1): they are printed as 〓.
    pub findings: Vec<Finding>,
}

/// Why nothing could be printed.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// The PDF can't be made.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// The OFD can't be made.
    #[error(transparent)]
    Ofd(#[from] OfdError),
    /// The spreadsheet can't be made.
    #[error("电子表格生成失败：{0} / the spreadsheet can't be made: {0}")]
    Xlsx(#[from] rust_xlsxwriter::XlsxError),
    /// The EAD file can't be made.
    #[error("EAD 生成失败：{0} / the EAD file can't be made: {0}")]
    Ead(std::io::Error),
    /// EAD describes the records of a year; this document is none.
    #[error(
        "{0} 不能输出为 EAD：EAD 只用于一个年度的目录 / {0} can't be written as EAD, which is for the catalogue of a year"
    )]
    NoEad(String),
}

/// Prints forms of a year. Nothing is written to disk: the caller keeps the bytes, all or none.
pub fn print(
    what: &[Form],
    format: Format,
    book: &Book<'_>,
    fonts: &Fonts,
    options: &Options,
) -> Result<Outcome, PrintError> {
    let metrics = format.metrics(fonts);
    let mut outcome = Outcome::default();
    if format == Format::Ead {
        let bytes = crate::ead::write(book).map_err(PrintError::Ead)?;
        let file_name = format!("{} {}年度.ead.xml", book.institution.fonds, book.year());
        outcome.files.push(Printed { file_name: safe_name(&file_name), bytes, pages: None });
        return Ok(outcome);
    }
    for form in what {
        // Labels repeat what covers and lists say: as data they would be the same table twice.
        if form.is_label() && matches!(format, Format::Csv | Format::CsvGb18030) {
            continue;
        }
        for document in documents(*form, book, options, &metrics) {
            outcome.files.push(write(&document, format, book.printed_on, &metrics)?);
        }
    }
    outcome.findings = unwritable_in_book(book, &metrics);
    Ok(outcome)
}

/// Prints one document in each of the formats asked for: the way in for forms of other registers, which
/// are made of plain rows (see [`crate::document`]). Nothing is written to disk. What no font can write is
/// among the findings, with the row and column it stands in.
pub fn print_document(
    document: &Document,
    formats: &[Format],
    fonts: &Fonts,
    printed_on: NaiveDate,
) -> Result<Outcome, PrintError> {
    let mut outcome = Outcome::default();
    for format in formats {
        let metrics = format.metrics(fonts);
        outcome.files.push(write(document, *format, printed_on, &metrics)?);
        for finding in unwritable_in_document(document, &metrics) {
            if !outcome.findings.contains(&finding) {
                outcome.findings.push(finding);
            }
        }
    }
    Ok(outcome)
}

/// The documents a form of a year is made of.
pub fn documents(form: Form, book: &Book<'_>, options: &Options, measure: &dyn Measure) -> Vec<Document> {
    let whole = match form {
        Form::Cover => forms::cover::covers(book),
        Form::Spine => forms::cover::spines(book),
        Form::Contents => forms::contents::lists(book),
        Form::Note => forms::note::notes(book),
        Form::Volumes => forms::volumes::catalogue(book),
        Form::Full => return forms::full::catalogues(book, measure),
        Form::Items => forms::items::catalogue(book),
        Form::Stamp => forms::stamp::sheets(book),
        Form::HandOver => return forms::handover::papers(book, &book.handover),
        Form::Box => forms::boxes::labels(book),
        Form::BoxNote => match book.profile.volumes.method {
            Method::Item => forms::boxes::notes(book),
            // A volume has its own note; a box of volumes needs none.
            Method::Volume => return Vec::new(),
        },
        Form::Classified => forms::classified::catalogue(book, measure),
        Form::Subjects => forms::subjects::catalogue(book, measure),
        Form::Concordance => forms::concordance::catalogue(book),
        Form::Names => forms::names::cards(book),
    };
    if options.per_volume && matches!(form, Form::Cover | Form::Contents | Form::Note) {
        return split(whole, form);
    }
    vec![whole]
}

/// One document a part.
fn split(whole: Document, form: Form) -> Vec<Document> {
    let Document { title, author, parts, .. } = whole;
    parts
        .into_iter()
        .map(|part| Document {
            title: format!("{} {title}", part.name),
            author: author.clone(),
            file_stem: format!("{} {}", part.name, form.title()),
            parts: vec![part],
            copies: Vec::new(),
        })
        .collect()
}

/// A document of a year: its title says whose and when.
pub(crate) fn document(book: &Book<'_>, name: &str, parts: Vec<Part>) -> Document {
    let author = layout::printable(&book.institution.name);
    Document {
        title: format!("{author}{}年度{name}", book.year()),
        author,
        file_stem: name.to_owned(),
        parts,
        copies: Vec::new(),
    }
}

fn write(
    document: &Document,
    format: Format,
    printed_on: NaiveDate,
    metrics: &Metrics<'_>,
) -> Result<Printed, PrintError> {
    let file_name = safe_name(&format!("{}.{}", document.file_stem, format.extension()));
    let (bytes, pages) = match format {
        Format::Pdf => {
            let paged = Paged::new(document, metrics);
            let order = paged.order();
            let draw = |surface: &mut dyn Surface| paged.draw(metrics, surface);
            (pdf::write(&draw, &order, &about(document, printed_on), metrics)?, Some(order.len()))
        }
        Format::Ofd => {
            let paged = Paged::new(document, metrics);
            let order = paged.first_copy();
            let draw = |surface: &mut dyn Surface| paged.draw(metrics, surface);
            (ofd::write(&draw, &order, &about(document, printed_on), metrics)?, Some(order.len()))
        }
        Format::Xlsx => (crate::sheet::xlsx::write(document, printed_on, metrics)?, None),
        Format::Csv => (crate::sheet::csv::write(document, crate::sheet::csv::Encoding::Utf8), None),
        Format::CsvGb18030 => {
            (crate::sheet::csv::write(document, crate::sheet::csv::Encoding::Gb18030), None)
        }
        Format::Html => (crate::sheet::html::write(document).into_bytes(), None),
        Format::Ead => return Err(PrintError::NoEad(document.title.clone())),
    };
    Ok(Printed { file_name, bytes, pages })
}

fn about(document: &Document, date: NaiveDate) -> About {
    About { title: document.title.clone(), author: document.author.clone(), date }
}

/// What is said of a character no font has.
fn unwritable(c: char, place: Place) -> Finding {
    let at =
        |message: Text| Finding::new(RuleId::L1, place, message).at(archive_core::finding::Severity::Error);
    if c == char::REPLACEMENT_CHARACTER {
        return at(text!(
            "这里的字在录入或转换编码时已经丢失（U+FFFD），打印为〓",
            "a character was lost here when it was typed or its encoding changed (U+FFFD); 〓 is printed in its place"
        ))
        .with_help(Text::fixed(
            "对照原件，在登记表里改正后重新导入（import --update），再打印",
            "see the original, correct the register and import it again (import --update), then print again",
        ));
    }
    let code = format!("U+{:04X}", u32::from(c));
    at(text!(
        "没有字体含有字符“{c}”（{code}），打印为〓",
        "no font has the character “{c}” ({code}); 〓 is printed in its place"
    ))
    .with_help(Text::fixed(
        "安装含有该字的字体（如思源宋体、花园明朝），或用 --font-dir 指明字体所在文件夹，然后重新打印",
        "install a font that has it (Source Han Serif, HanaMin), or name the folder of one with --font-dir, and print again",
    ))
}

/// The characters of titles, bodies and remarks that no font has, volume by volume.
fn unwritable_in_book(book: &Book<'_>, metrics: &Metrics<'_>) -> Vec<Finding> {
    let missing: BTreeSet<char> = metrics.missing().into_iter().collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let mut report = |volume: &str, item: Option<String>, field: &str, text: &str| {
        let here: BTreeSet<char> = text.chars().filter(|c| missing.contains(c)).collect();
        for c in here {
            let place = Place {
                volume: Some(volume.to_owned()),
                item: item.clone(),
                field: Some(field.to_owned()),
                ..Place::default()
            };
            findings.push(unwritable(c, place));
        }
    };
    report("", None, "全宗名称", &book.institution.name);
    for volume in &book.volumes {
        let name = name_of(volume);
        report(name, None, "案卷题名", &volume.title);
        for entry in &volume.entries {
            let code = Some(book.item_code(volume, entry)).filter(|code| !code.is_empty());
            report(name, code.clone(), "题名", &entry.title);
            if let Some(item) = book.item(entry) {
                report(name, code.clone(), "责任者", &item.bodies.join("、"));
                report(
                    name,
                    code.clone(),
                    "文号",
                    &item.number.as_ref().map_or_else(String::new, ToString::to_string),
                );
                report(name, code, "备注", item.remarks.as_deref().unwrap_or_default());
            }
        }
    }
    findings
}

/// The characters of any document that no font has: which row of which list, or which form.
fn unwritable_in_document(document: &Document, metrics: &Metrics<'_>) -> Vec<Finding> {
    let missing: BTreeSet<char> = metrics.missing().into_iter().collect();
    let mut findings = Vec::new();
    let mut report = |part: &Part, row: Option<usize>, column: Option<&str>, text: &str| {
        let here: BTreeSet<char> = text.chars().filter(|c| missing.contains(c)).collect();
        for c in here {
            let place = Place {
                file: Some(format!("{}·{}", document.file_stem, part.name)),
                row: row.and_then(|row| u32::try_from(row).ok()),
                column: column.filter(|column| !column.is_empty()).map(str::to_owned),
                ..Place::default()
            };
            findings.push(unwritable(c, place));
        }
    };
    for part in document.parts.iter().filter(|_| !missing.is_empty()) {
        match &part.body {
            Body::Table(table) => {
                for (at, row) in table.rows.iter().enumerate() {
                    for (column, text) in table.columns.iter().zip(row) {
                        report(part, Some(at + 1), Some(&column.header), text);
                    }
                }
            }
            Body::Grid(grid) => {
                for cell in grid.rows.iter().flat_map(|row| &row.cells) {
                    report(part, None, Some(cell.field), &cell.text);
                }
            }
            Body::Chart(chart) => report(part, None, None, &chart.title),
            Body::Prose(prose) => {
                for paragraph in &prose.paragraphs {
                    report(part, None, None, &paragraph.text);
                }
            }
        }
    }
    findings
}

/// A file name without what Windows or a shell trips over.
fn safe_name(name: &str) -> String {
    name.chars()
        .map(|c| {
            if c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') {
                '_'
            } else {
                c
            }
        })
        .collect()
}
