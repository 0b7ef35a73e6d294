//! What the receiving side prints: the receipt (接收回执), or the list of faults that sends a package back
//! (退回通知). The tests and faults come in as plain rows; this module knows no package.

use crate::document::{Column, Document, Grid, GridCell, GridRow, Labelled, Part, Table};
use crate::fonts::Role;
use crate::layout::{Align, Paper, Style, printable};

use super::copy_mark;

/// One for each side.
const COPIES: usize = 2;
const WIDTH: f64 = 170.0;
const LABEL: f64 = 40.0;

/// An answer to a package, in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// 档案移交接收回执, 档案移交退回通知.
    pub title: String,
    /// The sender.
    pub sender: String,
    /// The archives that answer.
    pub archives: String,
    /// Who answers for them.
    pub received_by: String,
    /// What is said of the whole: label and value.
    pub facts: Vec<(&'static str, String)>,
    /// The tests: code, name, result, words.
    pub tests: Vec<[String; 4]>,
    /// The faults: how grave, where, what, what to do.
    pub faults: Vec<[String; 4]>,
}

/// The answer as a document in two copies, in a file called `name`.
pub fn answer(name: &str, answer: &Answer) -> Document {
    let mut parts: Vec<Part> =
        (1..=COPIES).map(|copy| Part::new(&format!("回执{copy}"), Paper::A4, sheet(answer, copy))).collect();
    if !answer.faults.is_empty() {
        parts.push(Part::new("问题清单", Paper::A4, faults(answer)));
    }
    parts.push(Part::new("检验结果", Paper::A4, tests(answer)));
    let shared = COPIES..parts.len();
    let copies = (0..COPIES).map(|copy| std::iter::once(copy).chain(shared.clone()).collect()).collect();
    Document { copies, ..Document::new(&answer.archives, name, parts) }
}

fn sheet(answer: &Answer, copy: usize) -> Grid {
    let mark = Style { role: Role::Kai, size: 11.0, smallest: 7.0, align: Align::Right };
    let mut rows = vec![
        GridRow::new(8.0, vec![GridCell::new(WIDTH, copy_mark(copy, COPIES), mark)]),
        GridRow::title(WIDTH, &answer.title),
    ];
    for (label, value) in &answer.facts {
        let value = GridCell::value(WIDTH - LABEL, label, printable(value));
        rows.push(GridRow::new(12.0, vec![GridCell::label(LABEL, label), value]));
    }
    let half = WIDTH / 2.0;
    let name = 30.0;
    rows.push(GridRow::space(8.0));
    rows.push(GridRow::new(10.0, vec![GridCell::label(half, "移交单位"), GridCell::label(half, "接收单位")]));
    for (label, mine, theirs, height) in [
        ("单位名称", answer.sender.as_str(), answer.archives.as_str(), 12.0),
        ("经办人", "", answer.received_by.as_str(), 13.0),
        ("日　　期", "年　　月　　日", "年　　月　　日", 12.0),
        ("公　　章", "", "", 34.0),
    ] {
        rows.push(GridRow::new(
            height,
            vec![
                GridCell::label(name, label),
                GridCell::value(half - name, "", printable(mine)),
                GridCell::label(name, label),
                GridCell::value(half - name, "", printable(theirs)),
            ],
        ));
    }
    Grid::new(rows)
}

fn tests(answer: &Answer) -> Table {
    let columns = vec![
        Column::centred("编号", 20.0),
        Column::text("项目", 52.0),
        Column::centred("结果", 18.0),
        Column::text("说明", 80.0),
    ];
    listed("检验结果", columns, &answer.tests, answer)
}

fn faults(answer: &Answer) -> Table {
    let columns = vec![
        Column::centred("程度", 14.0),
        Column::text("位置", 56.0),
        Column::text("问题", 58.0),
        Column::text("处理", 42.0),
    ];
    listed("问题清单", columns, &answer.faults, answer)
}

fn listed(title: &str, columns: Vec<Column>, rows: &[[String; 4]], answer: &Answer) -> Table {
    Table::new(title, columns)
        .headed(vec![Labelled::new("移交单位", printable(&answer.sender))])
        .filled_with(rows.iter().map(|row| row.to_vec()).collect())
        .across(&Paper::A4)
}
