//! Hits as a spreadsheet: a line each, to work off or to hand to who asked.

use std::path::Path;

use archive_catalogue::document::{Column, Document, Labelled, Part, Table};
use archive_catalogue::fonts::Fonts;
use archive_catalogue::layout::Paper;
use archive_catalogue::print::{Format, print_document};
use archive_core::text::Lang;
use archive_index::search::Hit;

use crate::args::pick;
use crate::context::Context;
use crate::error::CommandError;
use crate::files;

/// The columns, with their widths beside one another.
const COLUMNS: [(&str, &str, f64); 8] = [
    ("序", "No.", 8.0),
    ("档号", "Code", 34.0),
    ("题名", "Title", 60.0),
    ("文号", "Number", 28.0),
    ("责任者", "Author", 26.0),
    ("日期", "Date", 18.0),
    ("页", "Page", 9.0),
    ("内容", "Text", 80.0),
];

/// Writes hits into a file: xlsx, or csv if it is called so.
pub(super) fn write(
    context: &Context,
    path: &Path,
    query: &str,
    hits: &[&Hit],
    institution: &str,
) -> Result<(), CommandError> {
    let lang = context.ui.lang;
    let csv = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    let columns = COLUMNS.iter().map(|(zh, en, width)| match *zh {
        "序" | "页" => Column::number(pick(lang, zh, en), *width),
        _ => Column::text(pick(lang, zh, en), *width),
    });
    let rows = hits.iter().enumerate().map(|(at, hit)| row(at, hit)).collect();
    let name = pick(lang, "检索结果", "Hits");
    let mut table = Table::new(name, columns.collect()).filled_with(rows).across(&Paper::A4_LANDSCAPE);
    if !csv {
        // In a csv file this would stand on every line.
        let asked = match lang {
            Lang::Zh => format!("{query}（{} 处）", hits.len()),
            Lang::En => format!("{query} ({} hits)", hits.len()),
        };
        table = table.headed(vec![Labelled::new(pick(lang, "检索式", "Query"), &asked)]);
    }
    let document = Document::new(institution, name, vec![Part::new(name, Paper::A4_LANDSCAPE, table)]);
    let format = if csv { Format::Csv } else { Format::Xlsx };
    let printed = print_document(&document, &[format], &Fonts::shipped()?, context.today())?;
    let bytes = printed.files.into_iter().next().map(|file| file.bytes).unwrap_or_default();
    files::write(path, &bytes)
}

fn row(at: usize, hit: &Hit) -> Vec<String> {
    vec![
        (at + 1).to_string(),
        hit.code.clone(),
        hit.title.clone(),
        hit.number.clone(),
        hit.responsible.clone(),
        hit.date.clone(),
        hit.page.map(|page| page.to_string()).unwrap_or_default(),
        hit.snippet.marked("【", "】"),
    ]
}
