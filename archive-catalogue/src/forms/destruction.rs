//! The destruction list (销毁清册): a cover on which everybody signs, and the lines.
//!
//! The cover carries the digest of the list. Who approves it approves these lines and no others: the number on
//! the signed paper is the one the program compares with before anything is destroyed (D1).

use archive_core::appraisal::list::{DestructionList, ListState};
use archive_core::appraisal::years_kept;
use archive_core::model::{Institution, SecrecyLevel};
use chrono::NaiveDate;

use crate::document::{Column, Document, Grid, GridCell, GridRow, Labelled, Part, Table};
use crate::fonts::Role;
use crate::layout::{Align, Paper, Style};

/// The list of a fonds, in two copies: one for the fonds file, one for who supervises (or the secrecy office).
pub fn list(fonds: &Institution, list: &DestructionList, digest: &str, today: NaiveDate) -> Document {
    let number = &list.number;
    let parts = vec![
        Part::new("封面", Paper::A4, cover(fonds, list, digest)),
        Part::new("清册", Paper::A4_LANDSCAPE, lines(fonds, list, digest, today)),
    ];
    Document::new(&fonds.name, &format!("销毁清册 {number}"), parts).in_copies(2)
}

/// A date as it is written by hand, or the place for it.
fn date(day: Option<NaiveDate>) -> String {
    day.map_or_else(|| "　　年　月　日".to_owned(), |day| day.format("%Y 年 %-m 月 %-d 日").to_string())
}

fn cover(fonds: &Institution, list: &DestructionList, digest: &str) -> Grid {
    let width = Paper::A4.text_width();
    let (head, half) = (38.0, width / 2.0);
    let small = Style { role: Role::Song, size: 10.0, smallest: 6.0, align: Align::Centre };
    let one = |label: &str, field: &'static str, value: String| {
        GridRow::new(13.0, vec![GridCell::label(head, label), GridCell::value(width - head, field, value)])
    };
    let signed = |label: &str, field: &'static str, name: String, day: String| {
        GridRow::new(
            15.0,
            vec![
                GridCell::label(head, label),
                GridCell::value(half - head, field, name),
                GridCell::label(head, "日　　期"),
                GridCell::value(half - head, "", day),
            ],
        )
    };
    let items: u64 = list.lines.iter().map(|line| u64::from(line.items)).sum();
    let pages: u64 = list.lines.iter().map(|line| u64::from(line.pages)).sum();
    let count = list.lines.len();
    let approval = list.approval.as_ref();
    let supervision = list.supervision.as_ref();
    let appraiser = approval.map(|approval| approval.appraiser.clone()).unwrap_or_default();
    let title = Style { role: Role::Song, size: 30.0, smallest: 16.0, align: Align::Spread };
    let rim = (width - 110.0) / 2.0;
    let mut rows = vec![
        GridRow::space(12.0),
        GridRow::new(20.0, vec![GridCell::blank(rim), GridCell::new(110.0, "档案销毁清册", title)]),
        GridRow::space(12.0),
        one("清 册 号", "清册号", list.number.clone()),
        one("事　　由", "事由", list.title.clone()),
        one("全宗名称", "全宗名称", fonds.name.clone()),
        one("全 宗 号", "全宗号", fonds.fonds.clone()),
        one("数　　量", "数量", format!("{count} 项　{items} 件　{pages} 页")),
        one("状　　态", "状态", list.state().word().zh.into_owned()),
        GridRow::new(
            15.0,
            vec![GridCell::label(head, "清册摘要"), {
                let mut cell = GridCell::value(width - head, "清册摘要", in_groups(digest));
                cell.style = small;
                cell
            }],
        ),
        signed("编 制 人", "编制人", list.made_by.clone(), date(Some(list.made))),
        signed("鉴定小组负责人", "鉴定小组负责人", appraiser, date(None)),
        signed(
            "批 准 人",
            "批准人",
            approval.map(|approval| approval.by.clone()).unwrap_or_default(),
            date(approval.map(|approval| approval.on)),
        ),
    ];
    if list.secret {
        let handover = list.handover.as_ref();
        rows.push(signed(
            "保密部门",
            "保密部门",
            handover.map(|one| format!("{} {}", one.office, one.receipt)).unwrap_or_default(),
            date(handover.map(|one| one.on)),
        ));
    }
    let place = supervision.map(|one| one.place.clone()).unwrap_or_default();
    let time = supervision.map(|one| one.time.clone()).unwrap_or_default();
    rows.push(signed("销毁地点", "销毁地点", place, time));
    let names = supervision.map(|one| one.supervisors.clone()).unwrap_or_default();
    for place in 0..names.len().max(2) {
        let name = names.get(place).cloned().unwrap_or_default();
        let day = date(list.destroyed.filter(|_| list.state() == ListState::Destroyed));
        rows.push(signed("监 销 人", "监销人", name, day));
    }
    Grid::new(rows)
}

/// Sixty-four characters in groups of eight: people compare them with their eyes.
fn in_groups(digest: &str) -> String {
    let characters: Vec<char> = digest.chars().collect();
    characters.chunks(8).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn lines(fonds: &Institution, list: &DestructionList, digest: &str, today: NaiveDate) -> Table {
    let on = list.destroyed.unwrap_or(today);
    let rows = list
        .lines
        .iter()
        .zip(1..)
        .map(|(line, number)| {
            let mut remarks = vec![line.reason.clone()];
            remarks.extend(line.original.iter().map(|basis| format!("正卷：{basis}")));
            if line.level != SecrecyLevel::None {
                remarks.push(line.level.word().to_owned());
            }
            if list.destroyed.is_some() {
                remarks.push("已销毁".to_owned());
            }
            vec![
                number.to_string(),
                line.title.clone(),
                line.year.to_string(),
                line.code.clone(),
                line.period.map_or_else(|| "未归档".to_owned(), |period| period.to_string()),
                line.period.map_or_else(String::new, |_| format!("{} 年", years_kept(line.year, on))),
                line.pages.to_string(),
                remarks.join("；"),
            ]
        })
        .collect();
    Table::new(
        "档案销毁清册",
        vec![
            Column::number("序号", 12.0),
            Column::text("文件题名", 88.0),
            Column::centred("所属年度", 18.0),
            Column::centred("档号", 42.0),
            Column::centred("应保管期限", 24.0),
            Column::centred("已保管期限", 24.0),
            Column::amount("文件页数", 18.0),
            Column::text("备注", 40.0),
        ],
    )
    .headed(vec![
        Labelled::new("全宗号", &fonds.fonds),
        Labelled::new("清册号", &list.number),
        Labelled::new("摘要", digest.get(..16).unwrap_or(digest)),
    ])
    .signed(vec![
        Labelled::new("编制人", &list.made_by),
        Labelled::new("批准人", list.approval.as_ref().map(|one| one.by.clone()).unwrap_or_default()),
        Labelled::new(
            "监销人",
            list.supervision.as_ref().map(|one| one.supervisors.join("、")).unwrap_or_default(),
        ),
    ])
    .filled_with(rows)
    .across(&Paper::A4_LANDSCAPE)
}
