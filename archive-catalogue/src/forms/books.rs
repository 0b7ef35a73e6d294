//! The year's account of the office's books (收发文归档情况): the archiving rate by section, what is missing, what is to
//! be confirmed, what went elsewhere, what goes back to a superior, and missing numbers. Lists are for working
//! with: what is missing has a column to write into what came of looking for it.

use crate::document::{Column, Document, Labelled, Part, Table};
use crate::layout::{Paper, printable};

/// The account, in plain rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BooksReport {
    /// Whose books.
    pub institution: String,
    /// 全宗号.
    pub fonds: String,
    /// The year or years.
    pub year: String,
    /// 簿, 科室, 登记, 应归档, 已归档, 待确认, 缺, 有去向, 待清退, 其他, 归档率.
    pub rates: Vec<Vec<String>>,
    /// 登记号, 文号, 题名, 机关, 日期, 科室, 情况, 追查结果.
    pub missing: Vec<Vec<String>>,
    /// 登记号, 簿上, 序号, 档案, 把握, 依据.
    pub likely: Vec<Vec<String>>,
    /// 登记号, 文号, 题名, 机关, 日期, 去向, 去向日期, 说明.
    pub excused: Vec<Vec<String>>,
    /// 登记号, 文号, 题名, 机关, 日期, 密级, 份数, 份号, 期限, 清退日期, 情况.
    pub returns: Vec<Vec<String>>,
    /// 年度, 类别, 名称, 缺号.
    pub gaps: Vec<Vec<String>>,
}

/// The report: the rates, and each list that holds anything.
pub fn report(report: &BooksReport) -> Document {
    let mut parts =
        vec![part(report, "归档率", "收发文归档率统计表", Paper::A4, rate_columns(), &report.rates)];
    let landscape = Paper::A4_LANDSCAPE;
    for (name, title, columns, rows) in [
        ("缺件", "收发文未归档清单", missing_columns(), &report.missing),
        ("待确认", "收发文与档案待确认清单", likely_columns(), &report.likely),
        ("有去向", "收发文不归档清单", excused_columns(), &report.excused),
        ("清退", "清退文件登记表", return_columns(), &report.returns),
    ] {
        if !rows.is_empty() {
            parts.push(part(report, name, title, landscape, columns, rows));
        }
    }
    if !report.gaps.is_empty() {
        parts.push(part(report, "缺号", "缺号缺期表", Paper::A4, gap_columns(), &report.gaps));
    }
    Document::new(&report.institution, &format!("{}年收发文归档情况", report.year), parts)
}

fn part(
    report: &BooksReport,
    name: &str,
    title: &str,
    paper: Paper,
    columns: Vec<Column>,
    rows: &[Vec<String>],
) -> Part {
    let table = Table::new(title, columns)
        .headed(vec![
            Labelled::new("单位", printable(&report.institution)),
            Labelled::new("全宗号", &report.fonds),
            Labelled::new("年度", &report.year),
        ])
        .signed(vec![
            Labelled::new("制表人", ""),
            Labelled::new("审核人", ""),
            Labelled::new("日期", "　　年　月　日"),
        ])
        .filled_with(rows.to_vec())
        .across(&paper);
    Part::new(name, paper, table)
}

fn rate_columns() -> Vec<Column> {
    vec![
        Column::centred("登记簿", 24.0),
        Column::centred("承办科室", 28.0),
        Column::amount("登记", 13.0),
        Column::amount("应归档", 14.0),
        Column::amount("已归档", 14.0),
        Column::amount("待确认", 14.0),
        Column::amount("缺", 11.0),
        Column::amount("有去向", 14.0),
        Column::amount("待清退", 14.0),
        Column::amount("重复及涉密", 14.0),
        Column::centred("归档率", 18.0),
    ]
}

fn common_columns() -> Vec<Column> {
    vec![
        Column::centred("登记号", 24.0),
        Column::text("文号", 34.0),
        Column::text("题名", 84.0),
        Column::text("来文或主送机关", 32.0),
        Column::centred("收发日期", 24.0),
    ]
}

fn missing_columns() -> Vec<Column> {
    let mut columns = common_columns();
    columns.extend([
        Column::centred("承办科室", 22.0),
        Column::text("情况", 28.0),
        Column::text("追查结果", 24.0),
    ]);
    columns
}

fn likely_columns() -> Vec<Column> {
    vec![
        Column::centred("登记号", 24.0),
        Column::text("登记簿上", 80.0),
        Column::centred("档案序号", 14.0),
        Column::text("档案", 80.0),
        Column::centred("把握", 14.0),
        Column::text("依据", 50.0),
    ]
}

fn excused_columns() -> Vec<Column> {
    let mut columns = common_columns();
    columns.extend([
        Column::centred("去向", 22.0),
        Column::centred("去向日期", 24.0),
        Column::text("说明", 30.0),
    ]);
    columns
}

fn return_columns() -> Vec<Column> {
    let mut columns = common_columns();
    columns.extend([
        Column::centred("密级", 13.0),
        Column::number("份数", 11.0),
        Column::centred("份号", 18.0),
        Column::centred("退清期限", 24.0),
        Column::centred("清退日期", 24.0),
        Column::centred("情况", 24.0),
    ]);
    columns
}

fn gap_columns() -> Vec<Column> {
    vec![
        Column::centred("年度", 16.0),
        Column::centred("类别", 24.0),
        Column::text("名称", 70.0),
        Column::text("缺", 60.0),
    ]
}
