//! The forms, one file each: a few lines that say what stands where.
//!
//! | form | what |
//! |---|---|
//! | [`cover`] | 案卷封面, and the labels of spines |
//! | [`contents`] | 卷内文件目录 |
//! | [`note`] | 卷内备考表 |
//! | [`volumes`] | 案卷目录, with title and signature pages |
//! | [`full`] | 全引目录 |
//! | [`items`] | 归档文件目录 |
//! | [`stamp`] | 档号章, 归档章 |
//! | [`handover`] | 移交登记表, 交接文据 |
//! | [`destruction`] | 销毁清册 |
//! | [`storeroom`] | 指引卡, 库房平面图, 温湿度登记表, 清点表 |
//! | [`fonds`] | 全宗名册, 全宗卡片, 全宗卷目录 |
//! | [`statistics`] | 年度统计表 |
//! | [`answer`] | 接收回执, 退回通知 with its list of faults |
//! | [`boxes`] | 档案盒标签, 盒内备考表 |
//! | [`classified`] | 分类目录 |
//! | [`subjects`] | 专题目录 |
//! | [`concordance`] | 文号、档号对照表 |
//! | [`names`] | 人物卡片 |
//! | [`books`] | 收发文归档情况: the office's books held against the archive |
//!
//! A form of another register (a destruction list, hand-over papers, a report) is a file of its own here: a
//! function from plain rows to a [`Document`](crate::document::Document), printed in every format by
//! [`print_document`](crate::print::print_document); [`crate::document`] shows one whole. What forms have in
//! common is below: [`title_page`], [`underlined`], [`copy_mark`].

pub mod answer;
pub mod books;
pub mod boxes;
pub mod classified;
pub mod concordance;
pub mod contents;
pub mod cover;
pub mod destruction;
pub mod fonds;
pub mod full;
mod grouped;
pub mod handover;
pub mod inspection;
pub mod items;
pub mod names;
pub mod note;
pub mod stamp;
pub mod statistics;
pub mod storeroom;
pub mod subjects;
pub mod volumes;

use std::fmt;
use std::str::FromStr;

use archive_core::profile::{FormColumn, FormField};

use crate::document::{Body, Border, Column, GridCell, GridRow, Numbering, Part, Table};
use crate::fonts::Role;
use crate::layout::{Align, Paper, Style};

/// What can be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// 案卷封面.
    Cover,
    /// 案卷脊背标签.
    Spine,
    /// 卷内文件目录.
    Contents,
    /// 卷内备考表.
    Note,
    /// 案卷目录.
    Volumes,
    /// 全引目录.
    Full,
    /// 归档文件目录.
    Items,
    /// 档号章, 归档章.
    Stamp,
    /// 移交登记表, 交接文据.
    HandOver,
    /// 档案盒标签.
    Box,
    /// 盒内备考表, of the item method.
    BoxNote,
    /// 分类目录.
    Classified,
    /// 专题目录.
    Subjects,
    /// 文号、档号对照表.
    Concordance,
    /// 人物卡片.
    Names,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 15] = [
        Self::Cover,
        Self::Spine,
        Self::Contents,
        Self::Note,
        Self::Volumes,
        Self::Full,
        Self::Items,
        Self::Stamp,
        Self::HandOver,
        Self::Box,
        Self::BoxNote,
        Self::Classified,
        Self::Subjects,
        Self::Concordance,
        Self::Names,
    ];

    /// The word on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cover => "cover",
            Self::Spine => "spine",
            Self::Contents => "contents",
            Self::Note => "note",
            Self::Volumes => "volumes",
            Self::Full => "full",
            Self::Items => "items",
            Self::Stamp => "stamp",
            Self::HandOver => "handover",
            Self::Box => "box",
            Self::BoxNote => "box-note",
            Self::Classified => "classified",
            Self::Subjects => "subjects",
            Self::Concordance => "concordance",
            Self::Names => "names",
        }
    }

    /// Whether it only repeats on labels what other forms say: as data it would be the same twice.
    pub const fn is_label(self) -> bool {
        matches!(self, Self::Spine | Self::Stamp | Self::Box)
    }

    /// Its name on paper.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Cover => "案卷封面",
            Self::Spine => "案卷脊背",
            Self::Contents => "卷内文件目录",
            Self::Note => "卷内备考表",
            Self::Volumes => "案卷目录",
            Self::Full => "全引目录",
            Self::Items => "归档文件目录",
            Self::Stamp => "档号章",
            Self::HandOver => "移交登记表",
            Self::Box => "档案盒标签",
            Self::BoxNote => "盒内备考表",
            Self::Classified => "分类目录",
            Self::Subjects => "专题目录",
            Self::Concordance => "文号档号对照表",
            Self::Names => "人物卡片",
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that names no form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("没有名为 {0} 的表格 / there is no form called {0}")]
pub struct NoSuchForm(pub String);

impl FromStr for Form {
    type Err = NoSuchForm;

    /// Reads the word on the command line, or the name on paper.
    fn from_str(word: &str) -> Result<Self, NoSuchForm> {
        let word = word.trim();
        Self::ALL
            .into_iter()
            .find(|form| form.word().eq_ignore_ascii_case(word) || form.title() == word)
            .ok_or_else(|| NoSuchForm(word.to_owned()))
    }
}

/// A table's columns as the profile has them.
fn columns(spec: &[FormColumn]) -> Vec<Column> {
    spec.iter()
        .map(|column| Column {
            header: column.header.clone(),
            width: column.width,
            align: match column.field {
                FormField::Title | FormField::Responsible | FormField::DocNumber | FormField::Remarks => {
                    Align::Left
                }
                FormField::Pages | FormField::Items => Align::Right,
                _ => Align::Centre,
            },
            is_number: matches!(
                column.field,
                FormField::Serial
                    | FormField::ItemNo
                    | FormField::VolumeNo
                    | FormField::Pages
                    | FormField::Items
            ),
        })
        .collect()
}

fn table_part(name: String, paper: Paper, numbering: Numbering, table: Table) -> Part {
    Part { name, paper, numbering, body: Body::Table(table) }
}

const SONG: Style = Style::new(Role::Song, 14.0);
const LABEL: Style = Style::new(Role::Hei, 14.0);

/// What the copies of a document are called: 一式三份　第二份.
pub fn copy_mark(copy: usize, copies: usize) -> String {
    const NUMERALS: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let word =
        |number: usize| NUMERALS.get(number).map_or_else(|| number.to_string(), |word| (*word).to_owned());
    if copies == 1 { String::new() } else { format!("一式{}份　第{}份", word(copies), word(copy)) }
}

/// A label and the line its value stands on.
pub fn underlined(
    label: &str,
    width: f64,
    value: &str,
    field: &'static str,
    value_width: f64,
) -> Vec<GridCell> {
    vec![
        GridCell::new(width, label, LABEL.aligned(Align::Spread)),
        GridCell::blank(4.0),
        GridCell::new(value_width, value, SONG.aligned(Align::Centre)).bordered(Border::Under).named(field),
    ]
}

/// The title page of a catalogue: title in the middle, what it covers below. Each pair is a label, the
/// name of the value in csv, and the value.
pub fn title_page(
    title: &str,
    copy: &str,
    pairs: &[(&str, &'static str, String)],
    paper: &Paper,
) -> Vec<GridRow> {
    let width = paper.text_width();
    let big = Style { role: Role::Song, size: 36.0, smallest: 20.0, align: Align::Spread };
    let rim = (width - 120.0) / 2.0;
    let mut rows = vec![
        GridRow::new(
            10.0,
            vec![GridCell::new(width, copy, Style::new(Role::Kai, 12.0).aligned(Align::Right))],
        ),
        GridRow::space(35.0),
        GridRow::new(22.0, vec![GridCell::blank(rim), GridCell::new(120.0, title, big)]),
        GridRow::space(40.0),
    ];
    for (label, field, value) in pairs {
        let mut cells = vec![GridCell::blank(rim)];
        cells.extend(underlined(label, 30.0, value, field, 86.0));
        rows.push(GridRow::new(13.0, cells));
    }
    rows
}
