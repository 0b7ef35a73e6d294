//! 检测报告: what verifying a transfer package came to, for the file: a sheet to sign, the tests by the four
//! properties of DA/T 70, and the list of faults. Tests and faults come in as plain rows.

use crate::document::{Column, Document, Grid, GridCell, GridRow, Labelled, Part, Table};
use crate::layout::{Paper, printable};

const WIDTH: f64 = 170.0;
const LABEL: f64 = 40.0;

/// A report in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inspection {
    /// The package.
    pub package: String,
    /// Who sent it, if it says so.
    pub sender: String,
    /// What is said of the whole: label and value.
    pub facts: Vec<(&'static str, String)>,
    /// For each property, how its tests came out.
    pub properties: Vec<(String, String)>,
    /// The tests: property, code, name, result, words.
    pub tests: Vec<[String; 5]>,
    /// The faults: how grave, where, what, what to do.
    pub faults: Vec<[String; 4]>,
}

/// The report as a document in a file called `name`.
pub fn report(name: &str, inspection: &Inspection) -> Document {
    let mut parts = vec![
        Part::new("检测结论", Paper::A4, sheet(inspection)),
        Part::new("检测项目", Paper::A4, tests(inspection)),
    ];
    if !inspection.faults.is_empty() {
        parts.push(Part::new("问题清单", Paper::A4, faults(inspection)));
    }
    Document::new(&printable(&inspection.sender), name, parts)
}

fn sheet(inspection: &Inspection) -> Grid {
    let mut rows = vec![GridRow::title(WIDTH, "电子档案移交包检测报告"), GridRow::space(4.0)];
    let mut line = |label: &str, value: &str, height| {
        let value = GridCell::value(WIDTH - LABEL, "", printable(value));
        rows.push(GridRow::new(height, vec![GridCell::label(LABEL, label), value]));
    };
    for (label, value) in &inspection.facts {
        line(label, value, 12.0);
    }
    for (property, result) in &inspection.properties {
        line(property, result, 12.0);
    }
    line("人工检查意见", "", 36.0);
    let (name, half) = (30.0, WIDTH / 2.0);
    for (label, value, height) in [("检测人", "", 13.0), ("日　　期", "年　　月　　日", 12.0)] {
        let other = if label == "检测人" { "审核人" } else { label };
        rows.push(GridRow::new(
            height,
            vec![
                GridCell::label(name, label),
                GridCell::value(half - name, "", value),
                GridCell::label(name, other),
                GridCell::value(half - name, "", value),
            ],
        ));
    }
    Grid::new(rows)
}

fn tests(inspection: &Inspection) -> Table {
    let columns = vec![
        Column::centred("性质", 17.0),
        Column::centred("编号", 19.0),
        Column::text("检测项目", 46.0),
        Column::centred("结果", 16.0),
        Column::text("说明", 72.0),
    ];
    let rows = inspection.tests.iter().map(|row| row.to_vec()).collect();
    listed("检测项目（DA/T 70）", columns, rows, inspection)
}

fn faults(inspection: &Inspection) -> Table {
    let columns = vec![
        Column::centred("序号", 12.0),
        Column::centred("程度", 14.0),
        Column::text("位置", 54.0),
        Column::text("问题", 54.0),
        Column::text("处理", 36.0),
    ];
    let rows = (1..).zip(&inspection.faults).map(|(serial, row): (usize, _)| {
        std::iter::once(serial.to_string()).chain(row.iter().cloned()).collect()
    });
    listed("问题清单", columns, rows.collect(), inspection)
}

fn listed(title: &str, columns: Vec<Column>, rows: Vec<Vec<String>>, inspection: &Inspection) -> Table {
    Table::new(title, columns)
        .headed(vec![Labelled::new("移交包", printable(&inspection.package))])
        .filled_with(rows)
        .across(&Paper::A4)
}
