//! What is kept about fonds: the list (全宗名册), the card (全宗卡片) and the catalogue of the fonds file
//! (全宗卷目录, F3, F4).

use archive_core::fonds_file::Class;
use archive_core::model::Institution;

use crate::document::{Column, Document, Grid, GridCell, GridRow, Labelled, Part, Table};
use crate::layout::Paper;

/// A line of the list of fonds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FondsLine {
    /// 全宗号.
    pub code: String,
    /// 全宗名称.
    pub name: String,
    /// 起止年代 of its records.
    pub years: String,
    /// 初次入馆日期.
    pub first_received: String,
    /// 卷数.
    pub volumes: u64,
    /// 件数.
    pub items: u64,
    /// 移出, 销毁: volumes that left.
    pub left: u64,
    /// 备注.
    pub remarks: String,
}

/// A line of an institution's history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryLine {
    /// From … to.
    pub span: String,
    /// Its name then.
    pub name: String,
    /// What happened, and where that is written.
    pub event: String,
}

/// A material of the fonds file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MaterialLine {
    /// Its number, `8-003`.
    pub number: String,
    /// 题名.
    pub title: String,
    /// 责任者.
    pub maker: String,
    /// 日期.
    pub date: String,
    /// 页数.
    pub pages: String,
    /// 份数.
    pub copies: String,
    /// 存放处, 备注.
    pub remarks: String,
}

/// The list of all fonds (全宗名册).
pub fn list(institution: &str, lines: &[FondsLine]) -> Document {
    let rows = lines
        .iter()
        .zip(1..)
        .map(|(line, number)| {
            vec![
                number.to_string(),
                line.code.clone(),
                line.name.clone(),
                line.years.clone(),
                line.first_received.clone(),
                line.volumes.to_string(),
                line.items.to_string(),
                line.left.to_string(),
                line.remarks.clone(),
            ]
        })
        .collect();
    let paper = Paper::A4_LANDSCAPE;
    let table = Table::new(
        "全宗名册",
        vec![
            Column::number("序号", 12.0),
            Column::centred("全宗号", 24.0),
            Column::text("全宗名称", 80.0),
            Column::centred("起止年代", 30.0),
            Column::centred("初次入馆", 28.0),
            Column::amount("卷数", 18.0),
            Column::amount("件数", 18.0),
            Column::amount("移出销毁", 20.0),
            Column::text("备注", 34.0),
        ],
    )
    .headed(vec![Labelled::new("保管单位", institution)])
    .filled_with(rows)
    .across(&paper);
    Document::new(institution, "全宗名册", vec![Part::new("全宗名册", paper, table)])
}

/// The card of a fonds (全宗卡片): what it is on the front, how its institution went on the back.
pub fn card(
    keeper: &str,
    fonds: &Institution,
    line: &FondsLine,
    by_period: &[(String, u64, u64)],
    aids: &[String],
    history: &[HistoryLine],
) -> Document {
    let paper = Paper::A4;
    let width = paper.text_width();
    let (head, half) = (34.0, width / 2.0);
    let wide = |label: &str, field: &'static str, value: String, height: f64| {
        GridRow::new(
            height,
            vec![GridCell::label(head, label), GridCell::value(width - head, field, value).inset(3.0)],
        )
    };
    let pair = |one: (&str, &'static str, String), two: (&str, &'static str, String)| {
        GridRow::new(
            13.0,
            vec![
                GridCell::label(head, one.0),
                GridCell::value(half - head, one.1, one.2),
                GridCell::label(head, two.0),
                GridCell::value(half - head, two.1, two.2),
            ],
        )
    };
    let periods: Vec<String> = by_period
        .iter()
        .map(|(period, volumes, items)| format!("{period} {volumes} 卷 {items} 件"))
        .collect();
    let aids = if aids.is_empty() { String::new() } else { aids.join("\n") };
    let names: Vec<String> =
        history.iter().map(|line| format!("{} {}", line.span, line.name).trim().to_owned()).collect();
    let rows = vec![
        GridRow::title(width, "全宗卡片"),
        pair(("全 宗 号", "全宗号", fonds.fonds.clone()), ("起止年代", "起止年代", line.years.clone())),
        wide("全宗名称", "全宗名称", fonds.name.clone(), 15.0),
        wide("立档单位\n名称变化", "名称变化", names.join("\n"), 40.0),
        pair(
            ("初次入馆", "初次入馆", line.first_received.clone()),
            ("移出销毁", "移出销毁", format!("{} 卷", line.left)),
        ),
        pair(("卷　　数", "卷数", line.volumes.to_string()), ("件　　数", "件数", line.items.to_string())),
        wide("各保管期限", "各保管期限", periods.join("\n"), 32.0),
        wide("检索工具", "检索工具", aids, 40.0),
        wide("保管单位", "保管单位", keeper.to_owned(), 13.0),
        wide("备　　注", "备注", line.remarks.clone(), 26.0),
    ];
    let mut parts = vec![Part::new("卡片", paper, Grid::new(rows))];
    if !history.is_empty() {
        let rows = history
            .iter()
            .map(|line| vec![line.span.clone(), line.name.clone(), line.event.clone()])
            .collect();
        let table = Table::new(
            "立档单位沿革",
            vec![Column::centred("起止", 44.0), Column::text("名称", 60.0), Column::text("沿革、依据", 66.0)],
        )
        .headed(vec![Labelled::new("全宗号", &fonds.fonds)])
        .filled_with(rows)
        .across(&paper);
        parts.push(Part::new("沿革", paper, table));
    }
    Document::new(keeper, &format!("{} 全宗卡片", fonds.fonds), parts)
}

/// The catalogue of a fonds file (全宗卷目录), in two copies: for the storeroom and the search room.
pub fn file(keeper: &str, fonds: &Institution, materials: &[(Class, MaterialLine)]) -> Document {
    let paper = Paper::A4;
    let rows = materials
        .iter()
        .zip(1..)
        .map(|((class, line), number)| {
            vec![
                number.to_string(),
                class.word().to_owned(),
                line.number.clone(),
                line.title.clone(),
                line.maker.clone(),
                line.date.clone(),
                line.pages.clone(),
                line.copies.clone(),
                line.remarks.clone(),
            ]
        })
        .collect();
    let table = Table::new(
        "全宗卷目录",
        vec![
            Column::number("序号", 11.0),
            Column::centred("类别", 13.0),
            Column::centred("编号", 16.0),
            Column::text("材料题名", 56.0),
            Column::text("责任者", 24.0),
            Column::centred("日期", 24.0),
            Column::amount("页数", 11.0),
            Column::amount("份数", 11.0),
            Column::text("备注", 22.0),
        ],
    )
    .headed(vec![Labelled::new("全宗号", &fonds.fonds), Labelled::new("全宗名称", &fonds.name)])
    .filled_with(rows)
    .across(&paper);
    Document::new(keeper, &format!("{} 全宗卷目录", fonds.fonds), vec![Part::new("目录", paper, table)])
        .in_copies(2)
}
