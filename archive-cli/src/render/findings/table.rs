//! Findings as a list to work off: a line each, in a spreadsheet.
//!
//! The list is printed by the machinery of the catalogues, which writes every cell as text: what stands in a cell of the
//! register is never run.

use archive_catalogue::document::{Column, Document, Labelled, Part, Table};
use archive_catalogue::fonts::Fonts;
use archive_catalogue::layout::Paper;
use archive_catalogue::print::{Format, print_document};
use archive_core::text::Lang;

use super::{Delivery, Form, Told, counts, summary};
use crate::args::pick;
use crate::error::CommandError;

/// The columns, with their widths beside one another.
const COLUMNS: [(&str, &str, f64); 14] = [
    ("序", "No.", 8.0),
    ("级别", "Severity", 10.0),
    ("规则", "Rule", 9.0),
    ("文件", "File", 22.0),
    ("工作表", "Sheet", 12.0),
    ("行", "Row", 9.0),
    ("单元格", "Cell", 12.0),
    ("案卷", "Volume", 26.0),
    ("序号", "Item", 12.0),
    ("项目", "Field", 14.0),
    ("问题", "Finding", 48.0),
    ("原文", "Text", 30.0),
    ("处理", "What to do", 44.0),
    ("依据", "Source", 30.0),
];

/// The list as a file.
pub(super) fn write(told: &[Told<'_>], delivery: &Delivery<'_>, lang: Lang) -> Result<Vec<u8>, CommandError> {
    let csv = delivery.form == Form::Csv;
    let columns = COLUMNS
        .iter()
        .map(|(zh, en, width)| match *zh {
            "序" | "行" => Column::number(pick(lang, zh, en), *width),
            _ => Column::text(pick(lang, zh, en), *width),
        })
        .collect();
    let rows = told.iter().enumerate().map(|(at, one)| row(at, one, lang)).collect();
    let name = pick(lang, "检查结果", "Findings");
    let mut table = Table::new(name, columns).filled_with(rows).across(&Paper::A4_LANDSCAPE);
    if !csv {
        // In a csv file this would stand on every line.
        let label = pick(lang, "结果", "Result");
        table = table.headed(vec![Labelled::new(label, summary(counts(told)).in_lang(lang))]);
    }
    let document =
        Document::new(delivery.institution, name, vec![Part::new(name, Paper::A4_LANDSCAPE, table)]);
    let format = if csv { Format::Csv } else { Format::Xlsx };
    let printed = print_document(&document, &[format], &Fonts::shipped()?, delivery.printed_on)?;
    Ok(printed.files.into_iter().next().map(|file| file.bytes).unwrap_or_default())
}

fn row(at: usize, one: &Told<'_>, lang: Lang) -> Vec<String> {
    let place = &one.place;
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    let severity = match one.change() {
        Some(change) => format!("{}（{}）", one.severity.word().in_lang(lang), change.in_lang(lang)),
        None => one.severity.word().in_lang(lang).to_owned(),
    };
    vec![
        (at + 1).to_string(),
        severity,
        one.rule.to_string(),
        text(&place.file),
        text(&place.sheet),
        place.row.map(|row| row.to_string()).unwrap_or_default(),
        text(&place.cell),
        text(&place.volume),
        text(&place.item),
        place.column.clone().or_else(|| place.field.clone()).unwrap_or_default(),
        one.message.to_string(),
        one.excerpt.as_ref().map(|excerpt| excerpt.text.clone()).unwrap_or_default(),
        one.help.to_string(),
        one.source.to_string(),
    ]
}
