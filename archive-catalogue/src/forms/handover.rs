//! The papers both sides sign at a hand-over: 电子档案移交与接收登记表 and 档案交接文据.
//!
//! The first is annex 3 of 《电子档案移交与接收办法》 (档发〔2012〕7号): what goes over, how much, on what, and
//! what each side found on testing it. The second is the deed of any hand-over, paper or not. Both are made
//! in two copies, one for each side. What is known stands in them; what people judge or sign is left open.

use archive_core::model::Volume;

use crate::book::Book;
use crate::document::{Border, Column, Document, Grid, GridCell, GridRow, Labelled, Part, Table};
use crate::fonts::Role;
use crate::layout::{Align, Paper, Style, printable};

use super::copy_mark;
use super::volumes::figures;

/// One for each side.
const COPIES: usize = 2;

/// What a hand-over is, beyond the volumes in the book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HandOver {
    /// The archives that receive (接收单位); empty if not known.
    pub archives: String,
    /// Which handing over of the year it is, from 1.
    pub batch: u32,
    /// Files of the items.
    pub files: u64,
    /// Their length.
    pub bytes: u64,
    /// Items that have no file.
    pub on_paper_only: u64,
    /// The packages it goes over in, once they are made.
    pub packages: Vec<Carried>,
}

/// A package on the sheet of digests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Carried {
    /// Its name (载体或包编号).
    pub name: String,
    /// What it holds.
    pub content: String,
    /// The SHA-256 of its tag manifest; empty before it is made.
    pub digest: String,
    /// Its length; 0 before it is made.
    pub bytes: u64,
}

/// Both papers.
pub fn papers(book: &Book<'_>, handover: &HandOver) -> Vec<Document> {
    vec![register(book, handover), deed(book, handover)]
}

/// 电子档案移交与接收登记表, with the sheet of digests behind it.
pub fn register(book: &Book<'_>, handover: &HandOver) -> Document {
    let mut parts: Vec<Part> = (1..=COPIES)
        .map(|copy| Part::new(&format!("登记表{copy}"), Paper::A4, register_form(book, handover, copy)))
        .collect();
    parts.push(Part::new("数字摘要", Paper::A4, digests(book, handover)));
    let copies = (0..COPIES).map(|copy| vec![copy, COPIES]).collect();
    Document { copies, ..Document::new(&book.institution.name, "移交登记表", parts) }
}

/// 档案交接文据.
pub fn deed(book: &Book<'_>, handover: &HandOver) -> Document {
    let parts = (1..=COPIES)
        .map(|copy| Part::new(&format!("文据{copy}"), Paper::A4, deed_form(book, handover, copy)))
        .collect();
    let copies = (0..COPIES).map(|copy| vec![copy]).collect();
    Document { copies, ..Document::new(&book.institution.name, "交接文据", parts) }
}

const WIDTH: f64 = 170.0;
const LABEL: f64 = 42.0;
const DAY: &str = "年　　月　　日";

fn small(text: &str, align: Align) -> GridRow {
    let style = Style { role: Role::Kai, size: 11.0, smallest: 7.0, align };
    GridRow::new(8.0, vec![GridCell::new(WIDTH, text, style)])
}

fn pair(height: f64, label: &str, field: &'static str, value: impl Into<String>) -> GridRow {
    GridRow::new(height, vec![GridCell::label(LABEL, label), GridCell::value(WIDTH - LABEL, field, value)])
}

fn register_form(book: &Book<'_>, handover: &HandOver, copy: usize) -> Grid {
    let half = (WIDTH - LABEL) / 2.0;
    let items = items(&book.volumes);
    let mut rows = vec![
        small(&copy_mark(copy, COPIES), Align::Right),
        GridRow::title(WIDTH, "电子档案移交与接收登记表"),
        pair(12.0, "交接工作名称", "交接工作名称", work(book, handover)),
        pair(18.0, "内容描述", "内容描述", content(book)),
        pair(
            12.0,
            "移交电子档案数量",
            "移交电子档案数量",
            format!("{} 卷　{items} 件　电子文件 {} 个", book.volumes.len(), handover.files),
        ),
        pair(12.0, "移交数据量", "移交数据量", amount(handover)),
        pair(12.0, "载体起止顺序号", "载体起止顺序号", carriers(handover)),
        pair(12.0, "移交载体类型、规格", "移交载体类型、规格", ""),
        GridRow::new(
            10.0,
            vec![
                GridCell::label(LABEL, "检验内容"),
                GridCell::label(half, "移交单位"),
                GridCell::label(half, "接收单位"),
            ],
        ),
    ];
    for (label, field) in [
        ("准确性检验", "准确性检验"),
        ("完整性检验", "完整性检验"),
        ("可用性检验", "可用性检验"),
        ("安全性检验", "安全性检验"),
        ("载体外观检验", "载体外观检验"),
        ("数字摘要检验", "数字摘要检验"),
    ] {
        rows.push(GridRow::new(
            10.5,
            vec![
                GridCell::label(LABEL, label),
                GridCell::value(half, field, ""),
                GridCell::value(half, "", ""),
            ],
        ));
    }
    for (label, height) in [("填表人（签名）", 15.0), ("审核人（签名）", 15.0), ("单位（印章）", 34.0)]
    {
        rows.push(GridRow::new(height, vec![GridCell::label(LABEL, label), dated(half), dated(half)]));
    }
    rows.push(small("数字摘要见附表；本表一式两份，移交、接收单位各执一份。", Align::Left));
    Grid::new(rows)
}

/// A place to sign, with the day.
fn dated(width: f64) -> GridCell {
    let style = Style { role: Role::Song, size: 11.0, smallest: 7.0, align: Align::Right };
    GridCell::new(width, DAY, style).bordered(Border::Box).inset(2.0)
}

fn digests(book: &Book<'_>, handover: &HandOver) -> Table {
    let rows = if handover.packages.is_empty() {
        // How large the package is shows when it is made, as its digest does.
        vec![vec![String::new(), content(book), String::new(), String::new()]]
    } else {
        let row = |carried: &Carried| {
            let size = if carried.bytes == 0 { String::new() } else { gigabytes(carried.bytes) };
            vec![carried.name.clone(), carried.content.clone(), carried.digest.clone(), size]
        };
        handover.packages.iter().map(row).collect()
    };
    Table::new(
        "电子档案数字摘要表",
        vec![
            Column::text("载体（包）编号", 30.0),
            Column::text("内容说明", 52.0),
            Column::text("数字摘要", 66.0),
            Column::amount("实际容量（GB）", 22.0),
        ],
    )
    .headed(vec![
        Labelled::new("移交单位", printable(&book.institution.name)),
        Labelled::new("算法", "SHA-256（tagmanifest-sha256.txt）"),
    ])
    .filled_with(rows)
    .across(&Paper::A4)
}

fn deed_form(book: &Book<'_>, handover: &HandOver, copy: usize) -> Grid {
    let half = WIDTH / 2.0;
    let quarter = WIDTH / 4.0;
    let name = 36.0;
    let text = Style { role: Role::Fangsong, size: 12.0, smallest: 8.0, align: Align::Left };
    let mut rows = vec![
        small(&copy_mark(copy, COPIES), Align::Right),
        GridRow::title(WIDTH, "档案交接文据"),
        GridRow::new(
            12.0,
            vec![
                GridCell::label(name, "移出单位"),
                GridCell::value(half - name, "移出单位", printable(&book.institution.name)),
                GridCell::label(name, "接收单位"),
                GridCell::value(half - name, "接收单位", printable(&handover.archives)),
            ],
        ),
        GridRow::new(
            12.0,
            vec![
                GridCell::label(name, "交接性质"),
                GridCell::value(half - name, "交接性质", "移交"),
                GridCell::label(name, "全宗号"),
                GridCell::value(half - name, "全宗号", printable(&book.institution.fonds)),
            ],
        ),
        GridRow::new(
            12.0,
            vec![
                GridCell::label(name, "档案所属年度"),
                GridCell::value(half - name, "档案所属年度", format!("{} 年", book.year())),
                GridCell::label(name, "档案门类"),
                GridCell::value(half - name, "档案门类", "文书档案"),
            ],
        ),
        GridRow::new(
            10.0,
            ["保管期限", "卷数", "件数", "页数"].map(|word| GridCell::label(quarter, word)).to_vec(),
        ),
    ];
    for line in figures(book, &book.volumes) {
        let cells = line.into_iter().map(|value| GridCell::value(quarter, "", value)).collect();
        rows.push(GridRow::new(9.0, cells));
    }
    let boxed = |label: &str, field: &'static str, height: f64, said: String| {
        let said =
            GridCell::new(WIDTH - name, said, text).bordered(Border::Box).top().inset(3.0).named(field);
        GridRow::new(height, vec![GridCell::label(name, label), said])
    };
    rows.push(boxed("检索工具", "检索工具", 15.0, "案卷目录、卷内文件目录、移交包内电子目录".to_owned()));
    rows.push(boxed("移出说明", "移出说明", 28.0, explanation(book, handover)));
    rows.push(boxed("接收意见", "接收意见", 24.0, String::new()));
    let sign = |label: &str, height: f64| {
        let cell = || GridCell::value(half - name, "", if label == "日　　期" { DAY } else { "" });
        let cells = vec![GridCell::label(name, label), cell(), GridCell::label(name, label), cell()];
        GridRow::new(height, cells)
    };
    rows.push(GridRow::new(10.0, vec![GridCell::label(half, "移出单位"), GridCell::label(half, "接收单位")]));
    rows.push(sign("负责人（签名）", 13.0));
    rows.push(sign("经办人（签名）", 13.0));
    rows.push(sign("日　　期", 11.0));
    rows.push(sign("公　　章", 26.0));
    Grid::new(rows)
}

/// 交接工作名称: whose records, of when, and which hand-over of them.
fn work(book: &Book<'_>, handover: &HandOver) -> String {
    let name = printable(&book.institution.name);
    let batch = if handover.batch > 1 { format!("（第{}批）", handover.batch) } else { String::new() };
    format!("{name}{}年度档案移交{batch}", book.year())
}

fn content(book: &Book<'_>) -> String {
    let periods: Vec<String> = book.periods().iter().map(ToString::to_string).collect();
    format!("全宗 {}，{}年度文书档案，保管期限：{}", book.institution.fonds, book.year(), periods.join("、"))
}

fn explanation(book: &Book<'_>, handover: &HandOver) -> String {
    let mut lines = vec![format!(
        "{}年度文书档案 {} 卷 {} 件，电子文件 {} 个，{} GB。",
        book.year(),
        book.volumes.len(),
        items(&book.volumes),
        handover.files,
        gigabytes(handover.bytes)
    )];
    if handover.on_paper_only > 0 {
        lines.push(format!("其中 {} 件只有纸质。", handover.on_paper_only));
    }
    if !handover.packages.is_empty() {
        let names: Vec<&str> = handover.packages.iter().map(|carried| carried.name.as_str()).collect();
        lines.push(format!("移交包：{}。", names.join("、")));
    }
    lines.join("\n")
}

fn carriers(handover: &HandOver) -> String {
    match handover.packages.as_slice() {
        [] => String::new(),
        [only] => only.name.clone(),
        [first, .., last] => format!("{} 至 {}", first.name, last.name),
    }
}

fn items(volumes: &[&Volume]) -> usize {
    volumes.iter().map(|volume| volume.entries.len()).sum()
}

/// 移交数据量: that of the records, and what the packages hold with their catalogues and descriptions, which is
/// what the sheet of digests sums up.
fn amount(handover: &HandOver) -> String {
    let records = gigabytes(handover.bytes);
    let packages: u64 = handover.packages.iter().map(|carried| carried.bytes).sum();
    if packages == 0 {
        return format!("电子文件 {records} GB");
    }
    format!("电子文件 {records} GB；连同目录、元数据共 {} GB", gigabytes(packages))
}

/// Billions of bytes with three decimals, rounded up: what is there never looks like nothing.
fn gigabytes(bytes: u64) -> String {
    let millions = bytes.div_ceil(1_000_000);
    format!("{}.{:03}", millions / 1000, millions % 1000)
}
