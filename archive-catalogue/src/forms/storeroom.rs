//! The papers of the storeroom: guide cards and plan (F5), the year's air (H1), and the record of a count (H3).

use archive_core::profile::Storeroom;
use archive_core::storeroom::climate::Year;
use archive_core::storeroom::stocktake::Comparison;
use chrono::{Datelike as _, NaiveDate};

use crate::document::{
    Border, Chart, Column, Course, Document, Grid, GridCell, GridRow, Labelled, Panel, Part, Table,
};
use crate::fonts::Role;
use crate::layout::{Align, Paper, Style};

/// What stands on a shelf, for its card and its place on the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShelfCard {
    /// 库房号.
    pub room: String,
    /// Its name.
    pub room_name: String,
    /// 架号.
    pub shelf: String,
    /// What stands there by intention.
    pub note: String,
    /// What stands there: a line for each fonds and year, `J019 2004 年 第 1–17 卷`.
    pub holds: Vec<String>,
    /// How many volumes.
    pub volumes: usize,
    /// How many it holds, if somebody counted.
    pub capacity: Option<u32>,
}

/// Guide cards (指引卡): one a shelf, two on a sheet, to be cut and put up.
pub fn guide_cards(keeper: &str, cards: &[ShelfCard]) -> Document {
    let paper = Paper::A4;
    let width = paper.text_width();
    let big = Style { role: Role::Hei, size: 40.0, smallest: 18.0, align: Align::Centre };
    let words = Style { role: Role::Song, size: 16.0, smallest: 8.0, align: Align::Left };
    let small = Style { role: Role::Song, size: 11.0, smallest: 7.0, align: Align::Right };
    let mut rows = Vec::new();
    for card in cards {
        let name = format!("{} 库　{} 架", card.room, card.shelf);
        let mut holds = card.holds.clone();
        if !card.note.is_empty() {
            holds.insert(0, card.note.clone());
        }
        if holds.is_empty() {
            holds.push("（空）".to_owned());
        }
        rows.push(GridRow::new(
            28.0,
            vec![GridCell::new(width, name, big).bordered(Border::Box).named("架")],
        ));
        rows.push(GridRow::new(
            72.0,
            vec![
                GridCell::new(width, holds.join("\n"), words)
                    .bordered(Border::Box)
                    .top()
                    .inset(5.0)
                    .named("存放"),
            ],
        ));
        let count = match card.capacity {
            Some(capacity) => format!("{}　共 {} 卷（可放 {capacity}）", card.room_name, card.volumes),
            None => format!("{}　共 {} 卷", card.room_name, card.volumes),
        };
        rows.push(GridRow::new(10.0, vec![GridCell::new(width, count, small)]));
        rows.push(GridRow::space(10.0));
    }
    Document::new(keeper, "库房指引卡", vec![Part::new("指引卡", paper, Grid::new(rows))])
}

/// The plan of the storeroom (平面图): a page a room, its shelves in rows as they are numbered.
pub fn plan(keeper: &str, cards: &[ShelfCard], day: NaiveDate) -> Document {
    const IN_A_ROW: usize = 6;
    let paper = Paper::A4_LANDSCAPE;
    let width = paper.text_width();
    let slot = width / 6.0;
    let head = Style { role: Role::Hei, size: 13.0, smallest: 8.0, align: Align::Centre };
    let body = Style { role: Role::Song, size: 9.5, smallest: 6.0, align: Align::Left };
    let mut parts = Vec::new();
    let mut rooms: Vec<&str> = cards.iter().map(|card| card.room.as_str()).collect();
    rooms.dedup();
    for room in rooms {
        let shelves: Vec<&ShelfCard> = cards.iter().filter(|card| card.room == room).collect();
        let name = shelves.first().map_or("", |card| card.room_name.as_str());
        let volumes: usize = shelves.iter().map(|card| card.volumes).sum();
        let mut rows = vec![
            GridRow::title(width, &format!("{room} 库平面图　{name}")),
            GridRow::new(
                8.0,
                vec![GridCell::new(
                    width,
                    format!(
                        "架 {} 个，存放 {volumes} 卷　制图日期 {}",
                        shelves.len(),
                        day.format("%Y 年 %-m 月 %-d 日")
                    ),
                    body.aligned(Align::Right),
                )],
            ),
        ];
        for row in shelves.chunks(IN_A_ROW) {
            let cell = |text: String, style: Style| {
                GridCell::new(slot - 4.0, text, style).bordered(Border::Box).top().inset(2.0)
            };
            let gaps = |cells: Vec<GridCell>| {
                cells.into_iter().flat_map(|cell| [cell, GridCell::blank(4.0)]).collect::<Vec<_>>()
            };
            let names = row.iter().map(|card| cell(format!("{} 架", card.shelf), head)).collect();
            let holds = row
                .iter()
                .map(|card| {
                    let mut lines = card.holds.clone();
                    if lines.is_empty() {
                        lines.push(if card.note.is_empty() { "空".to_owned() } else { card.note.clone() });
                    }
                    lines.push(format!("共 {} 卷", card.volumes));
                    cell(lines.join("\n"), body)
                })
                .collect();
            rows.push(GridRow::new(10.0, gaps(names)));
            rows.push(GridRow::new(38.0, gaps(holds)));
            rows.push(GridRow::space(6.0));
        }
        parts.push(Part::new(&format!("{room} 库"), paper, Grid::new(rows)));
    }
    Document::new(keeper, "库房平面图", parts)
}

/// The chart of a room's year: temperature above, humidity below, the limits dashed.
pub fn climate_chart(room: &str, year: i32, air: &Year, limits: Storeroom) -> Chart {
    let of_days = NaiveDate::from_ymd_opt(year, 12, 31).map_or(365, |day| day.ordinal());
    let course = |title: &str,
                  limits: [f64; 2],
                  which: fn(
        &archive_core::storeroom::climate::Day,
    ) -> Option<archive_core::storeroom::climate::Range>| {
        Panel::Course(Course {
            title: title.to_owned(),
            limits,
            of_days,
            days: air
                .days
                .iter()
                .filter(|day| day.day.year() == year)
                .filter_map(|day| which(day).map(|range| (day.day.ordinal(), range.low, range.high)))
                .collect(),
        })
    };
    let ([cold, hot], [dry, damp]) = (limits.temperature, limits.humidity);
    let (missing, outside) = (air.days_missing(), air.outside().count());
    Chart {
        title: format!("{room} 库 {year} 年温湿度"),
        note: format!(
            "标准：温度 {cold}–{hot} ℃，湿度 {dry}–{damp} %（虚线）；每日竖线为当日最低至最高。测记 {} 天，缺 {missing} 天，超标 {outside} 天。",
            air.days.len()
        ),
        panels: vec![
            course("温度（℃）", limits.temperature, |day| day.temperature),
            course("相对湿度（%）", limits.humidity, |day| day.humidity),
        ],
    }
}

/// The register of a room's year (温湿度登记表): its chart, and a line a day.
pub fn climate(keeper: &str, room: &str, year: i32, air: &Year, limits: Storeroom) -> Document {
    let one = |value: f64| format!("{value:.1}");
    let mut rows: Vec<(NaiveDate, Vec<String>)> = Vec::new();
    for day in &air.days {
        let mut remarks = Vec::new();
        if day.too_hot_or_cold {
            remarks.push("温度超标");
        }
        if day.too_dry_or_damp {
            remarks.push("湿度超标");
        }
        let (t, h) = (day.temperature, day.humidity);
        let low_high = |range: Option<archive_core::storeroom::climate::Range>| {
            range.map_or_else(|| [String::new(), String::new()], |range| [one(range.low), one(range.high)])
        };
        let ([t_low, t_high], [h_low, h_high]) = (low_high(t), low_high(h));
        rows.push((
            day.day,
            vec![
                day.day.format("%-m 月 %-d 日").to_string(),
                day.readings.to_string(),
                t_low,
                t_high,
                h_low,
                h_high,
                remarks.join("、"),
            ],
        ));
    }
    for gap in &air.missing {
        let said = if gap.from == gap.to {
            gap.from.format("%-m 月 %-d 日").to_string()
        } else {
            format!("{}—{}", gap.from.format("%-m 月 %-d 日"), gap.to.format("%-m 月 %-d 日"))
        };
        let mut row = vec![said];
        row.resize(6, String::new());
        row.push(format!("缺 {} 天", gap.count()));
        rows.push((gap.from, row));
    }
    rows.sort_by_key(|(day, _)| *day);
    let paper = Paper::A4;
    let table = Table::new(
        "库房温湿度登记表",
        vec![
            Column::centred("日期", 42.0),
            Column::amount("次数", 14.0),
            Column::amount("最低温度", 22.0),
            Column::amount("最高温度", 22.0),
            Column::amount("最低湿度", 22.0),
            Column::amount("最高湿度", 22.0),
            Column::text("备注", 26.0),
        ],
    )
    .headed(vec![Labelled::new("库房", room), Labelled::new("年度", year.to_string())])
    .ruled(archive_core::profile::RowHeights::AtLeast(6.5), false)
    .filled_with(rows.into_iter().map(|(_, row)| row).collect())
    .across(&paper);
    let chart = climate_chart(room, year, air, limits);
    let parts = vec![Part::new("曲线图", Paper::A4_LANDSCAPE, chart), Part::new("登记表", paper, table)];
    Document::new(keeper, &format!("{room} 库 {year} 年温湿度"), parts)
}

/// The record of a count (清点记录): every difference, how it was settled, and places to sign.
pub fn count(
    keeper: &str,
    number: &str,
    day: &str,
    scope: &str,
    who: &str,
    comparison: &Comparison,
) -> Document {
    let paper = Paper::A4;
    let rows = comparison
        .differences
        .iter()
        .zip(1..)
        .map(|(one, place)| {
            vec![
                place.to_string(),
                one.code.clone(),
                one.kind.word().zh.into_owned(),
                one.expected.clone(),
                one.found.clone(),
                one.settled.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let (expected, found, lent) = (comparison.expected, comparison.found, comparison.on_loan);
    let table = Table::new(
        "库房清点记录",
        vec![
            Column::number("序号", 12.0),
            Column::centred("档号", 40.0),
            Column::centred("情况", 24.0),
            Column::centred("应在", 28.0),
            Column::centred("实在", 28.0),
            Column::text("处理", 38.0),
        ],
    )
    .headed(vec![
        Labelled::new("清点号", number),
        Labelled::new("日期", day),
        Labelled::new("范围", scope),
        Labelled::new("结果", format!("应有 {expected} 卷，实有 {found} 卷，借出 {lent} 卷")),
    ])
    .signed(vec![Labelled::new("清点人", who), Labelled::new("审核人", "")])
    .filled_with(rows)
    .across(&paper);
    Document::new(keeper, &format!("清点记录 {number}"), vec![Part::new("清点记录", paper, table)])
}
