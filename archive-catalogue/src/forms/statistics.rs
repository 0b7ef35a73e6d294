//! The year in numbers (档案工作统计年报): the statistical form, and charts of what changes most.

use archive_core::statistics::{Chapter, Figures};

use crate::document::{Bars, Chart, Column, Document, Labelled, Panel, Part, Table};
use crate::layout::Paper;

/// The report of a year: a line a figure, by chapters, and the charts.
pub fn year(keeper: &str, fonds: &str, year: i32, figures: &Figures) -> Document {
    let paper = Paper::A4;
    let mut rows = Vec::new();
    for chapter in Chapter::ALL {
        for (place, figure) in figures.of(chapter).enumerate() {
            rows.push(vec![
                (rows.len() + 1).to_string(),
                if place == 0 { chapter.word().zh.into_owned() } else { String::new() },
                figure.label.zh.clone().into_owned(),
                figure.unit.zh.clone().into_owned(),
                figure.value().to_string(),
                figure.key.clone(),
            ]);
        }
    }
    let table = Table::new(
        &format!("{year} 年度档案工作统计年报"),
        vec![
            Column::number("行次", 12.0),
            Column::text("类别", 34.0),
            Column::text("指标", 60.0),
            Column::centred("单位", 16.0),
            Column::amount("数量", 24.0),
            Column::text("指标代码", 40.0),
        ],
    )
    .headed(vec![
        Labelled::new("填报单位", keeper),
        Labelled::new("全宗", fonds),
        Labelled::new("截止", format!("{year} 年 12 月 31 日")),
    ])
    .signed(vec![Labelled::new("填表人", ""), Labelled::new("审核人", ""), Labelled::new("负责人", "")])
    .ruled(archive_core::profile::RowHeights::AtLeast(7.5), false)
    .filled_with(rows)
    .across(&paper);
    let mut parts = vec![Part::new("统计表", paper, table)];
    let panels: Vec<Panel> = [
        ("holdings.volumes.", "室藏案卷，按保管期限（卷）"),
        ("change.", "当年变化（卷）"),
        ("use.readers.", "利用人次，按利用者（人次）"),
        ("use.purpose.", "利用人次，按目的（人次）"),
    ]
    .into_iter()
    .filter_map(|(prefix, title)| {
        let bars: Vec<(String, u64)> = figures
            .all()
            .iter()
            .filter(|figure| figure.key.starts_with(prefix))
            .map(|figure| (short(&figure.label.zh), figure.value()))
            .collect();
        (!bars.is_empty()).then(|| Panel::Bars(Bars { title: title.to_owned(), bars }))
    })
    .collect();
    for (nth, pair) in panels.chunks(2).enumerate() {
        let chart =
            Chart {
                title: format!("{year} 年度统计图"), note: keeper.to_owned(), panels: pair.to_vec()
            };
        parts.push(Part::new(&format!("统计图{}", nth + 1), Paper::A4_LANDSCAPE, chart));
    }
    Document::new(keeper, &format!("{year} 年度统计年报"), parts)
}

/// What tells a bar from the next: what stands behind the colon of its label.
fn short(label: &str) -> String {
    label.rsplit(['：', '·']).next().unwrap_or(label).trim().to_owned()
}
