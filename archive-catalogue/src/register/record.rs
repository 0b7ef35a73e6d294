//! Which rows of a table describe a document, and which stand beside.
//!
//! Registers are kept for reading, so between their records stand other lines: the header repeated on
//! each printed page, headings of groups, totals, who filled it in, and rows numbered in advance that
//! were never used. They are passed over, and said to have been.

use archive_core::finding::{Finding, Place, Severity};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

use super::cells;
use super::columns::{Header, Heading};
use super::grid::Row;

/// What a row below the header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowKind {
    /// It describes a document.
    Record,
    /// The header once more.
    HeaderAgain,
    /// A number and nothing else.
    OnlyNumbered,
    /// Something beside the records.
    Beside(Beside),
}

/// Lines that stand beside the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    /// 合计.
    Total,
    /// 填表人：……
    Signature,
    /// A single cell: a heading, a note.
    Heading,
}

/// Tells what a row is.
pub(crate) fn kind<C: Heading>(header: &Header<C>, row: &Row) -> RowKind {
    let place = |column| header.place(column).map(|found| found.index);
    let has = |column| place(column).is_some_and(|index| !row.cell(index).shown().is_empty());
    let mut filled = row.filled();
    let Some((first, shown)) = filled.next() else { return RowKind::OnlyNumbered };
    let alone = filled.next().is_none();

    if repeats(header, row) {
        return RowKind::HeaderAgain;
    }
    if alone && Some(first) == place(C::ROW) && !is_heading(&shown) {
        return RowKind::OnlyNumbered;
    }
    let title = place(C::TITLE).map(|index| row.cell(index).shown()).unwrap_or_default();
    if !has(C::NUMBER) && is_total(&shown) && (title.is_empty() || is_total(&title)) {
        return RowKind::Beside(Beside::Total);
    }
    let identified = has(C::TITLE) || has(C::NUMBER);
    if is_signature(&shown) && (!identified || alone) {
        return RowKind::Beside(Beside::Signature);
    }
    let date =
        header.split_date.is_some_and(|parts| parts[0] == Some(first)) || place(C::DATE) == Some(first);
    if alone && !identified && !date {
        return RowKind::Beside(Beside::Heading);
    }
    RowKind::Record
}

/// At least two cells, and all of them what the header says above them.
fn repeats<C: Heading>(header: &Header<C>, row: &Row) -> bool {
    let mut same = 0;
    for (index, shown) in row.filled() {
        let above = header.columns.iter().find(|column| column.index == index);
        if above.is_none_or(|column| column.header != shown.split_whitespace().collect::<String>()) {
            return false;
        }
        same += 1;
    }
    same >= 2
}

/// In a column of numbers, words are a heading.
fn is_heading(shown: &str) -> bool {
    shown.chars().count() > 3 && !shown.chars().any(|c| c.is_ascii_digit())
}

/// 合计, 总计：240件, 共240件.
fn is_total(shown: &str) -> bool {
    let bare: String = shown.chars().filter(|c| !c.is_whitespace() && !matches!(c, ':' | '：')).collect();
    let rest = ["本页合计", "本页小计", "合计", "总计", "共计", "小计", "累计", "总数", "共"]
        .iter()
        .find_map(|word| bare.strip_prefix(word));
    match rest {
        Some("") => bare != "共",
        Some(rest) => rest.starts_with(|c: char| c.is_ascii_digit()) && rest.chars().count() <= 20,
        None => false,
    }
}

/// Who filled the register in, and when.
fn is_signature(shown: &str) -> bool {
    const WORDS: [&str; 16] = [
        "填表人",
        "制表人",
        "填报人",
        "审核人",
        "立卷人",
        "检查人",
        "经办人",
        "登记人",
        "负责人",
        "移交人",
        "接收人",
        "填表单位",
        "填表日期",
        "制表日期",
        "填表说明",
        "制表单位",
    ];
    let bare: String = shown.chars().filter(|c| !c.is_whitespace()).collect();
    WORDS.iter().any(|word| bare.starts_with(word))
}

/// Says that a row was passed over.
pub(crate) fn passed_over(file: &str, row: &Row, what: Beside) -> Finding {
    let shown = row.filled().next().map(|(_, shown)| cells::excerpt(&shown)).unwrap_or_default();
    let message = match what {
        Beside::Total => {
            text!("「{shown}」是合计行，没有读入", "\"{shown}\" is a line of totals and was not read")
        }
        Beside::Signature => {
            text!("「{shown}」是落款，没有读入", "\"{shown}\" is a signature and was not read")
        }
        Beside::Heading => text!(
            "这一行只有「{shown}」一格，当作小标题，没有读入",
            "this row has one cell, \"{shown}\"; it was taken for a heading and not read"
        ),
    };
    Finding::new(
        RuleId::I1,
        Place { file: Some(file.to_owned()), row: Some(row.number), ..Place::default() },
        message,
    )
    .at(Severity::Info)
    .with_help(Text::fixed(
        "若是一份文件，请补上题名和日期",
        "if it is a document, give it a title and a date",
    ))
}

/// Says that rows held nothing but a number.
pub(crate) fn only_numbered(file: &str, first: u32, last: u32, count: usize) -> Finding {
    Finding::new(
        RuleId::I1,
        Place { file: Some(file.to_owned()), row: Some(first), ..Place::default() },
        text!(
            "第 {first} 至 {last} 行中有 {count} 行只有序号，没有读入",
            "{count} rows from {first} to {last} hold only a number and were not read"
        ),
    )
    .at(Severity::Info)
    .with_help(Text::fixed(
        "预先编好而没有用的序号，不必理会",
        "numbers given in advance and not used need nothing",
    ))
}
