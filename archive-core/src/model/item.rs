//! The item (件): one document as the register describes it.

use serde::{Deserialize, Serialize};

use super::{RetentionPeriod, Secrecy, StatedTie};
use crate::reading::{DocNumber, ItemDate};

/// Tells items apart inside one repository or one run; it says nothing about order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ItemId(pub u64);

/// Where an item's description came from: what a person opens to mend it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// The register's file name.
    pub register: String,
    /// The row in it, counted as a spreadsheet shows it (the header is row 1).
    pub row: u32,
}

/// Party or government (党政): the two are never in one volume (V2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Side {
    /// 党 (党委).
    #[serde(rename = "党")]
    Party,
    /// 政 (政府).
    #[serde(rename = "政")]
    Government,
}

impl Side {
    /// The word as on paper.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Party => "党",
            Self::Government => "政",
        }
    }

    /// The word for it in an English sentence.
    pub const fn english(self) -> &'static str {
        match self {
            Self::Party => "party",
            Self::Government => "government",
        }
    }
}

/// What stage of its making a document is in (稿本). Ordered as they stand in a volume (O1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DraftState {
    /// 印本, 正本: the final print.
    Print,
    /// 定稿, 签发稿: the signed final draft.
    SignedDraft,
    /// 修改稿 n, 讨论稿 n: a revision on the way; without a number, 0.
    Revision(u16),
    /// 草稿, 初稿.
    Draft,
    /// 复制件, 复印件, 副本.
    Copy,
    /// 译本.
    Translation,
}

/// Whether the public may see a record (开放标识, DA/T 18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum OpeningState {
    /// 未审核: nobody has reviewed it, so it is not open (U1).
    #[default]
    #[serde(rename = "未审核")]
    Unreviewed,
    /// 开放: two people reviewed it, and it is open.
    #[serde(rename = "开放")]
    Open,
    /// 控制: reviewed and kept closed.
    #[serde(rename = "控制")]
    Controlled,
    /// 延期开放: reviewed, and to be reviewed again (U2).
    #[serde(rename = "延期开放")]
    Postponed,
}

impl OpeningState {
    /// The word as on paper.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unreviewed => "未审核",
            Self::Open => "开放",
            Self::Controlled => "控制",
            Self::Postponed => "延期开放",
        }
    }
}

/// One document (件), as described by a row of the register.
///
/// Fields that a person left empty are `None` or empty here; what the program proposes for them lives
/// in the [`Arrangement`](super::Arrangement), with its reasons, and never in the item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Tells it apart from the others.
    pub id: ItemId,
    /// 序号 as the register writes it.
    pub row: String,
    /// Where it was described.
    pub origin: Origin,
    /// 题名, copied in full; empty if there is none.
    pub title: String,
    /// 责任者: the issuing bodies or persons, the first one first.
    pub bodies: Vec<String>,
    /// 文号.
    pub number: Option<DocNumber>,
    /// 日期.
    pub date: ItemDate,
    /// 页数.
    pub pages: Option<u32>,
    /// 文种 as given; what the title tells is read by [`crate::reading`].
    pub doc_type: Option<String>,
    /// 稿本.
    pub state: Option<DraftState>,
    /// 密级 and 保密期限.
    pub secrecy: Secrecy,
    /// 紧急程度.
    pub urgency: Option<String>,
    /// 主送.
    pub addressees: Vec<String>,
    /// 抄送.
    pub copies: Vec<String>,
    /// 归档机构: the section that files it.
    pub section: Option<String>,
    /// 党政.
    pub side: Option<Side>,
    /// 年度, if a person gave one.
    pub year: Option<i32>,
    /// 问题: the task or question it belongs to.
    pub question: Option<String>,
    /// 会议或案件.
    pub meeting_or_case: Option<String>,
    /// 保管期限, if a person gave one.
    pub period: Option<RetentionPeriod>,
    /// 载体: paper, disc, film …
    pub medium: Option<String>,
    /// 书写材料: pencil, ballpoint, carbon or fax paper need treatment (A6).
    pub materials: Option<String>,
    /// 关联序号 and 关联关系.
    pub ties: Vec<StatedTie>,
    /// 扫描件: files or folders below the scans folder, as written.
    pub scans: Vec<String>,
    /// 备注.
    pub remarks: Option<String>,
    /// The opening state.
    pub opening: OpeningState,
}

impl Item {
    /// An item with nothing but its identity: the start for readers and tests.
    pub fn new(id: ItemId, row: impl Into<String>) -> Self {
        Self {
            id,
            row: row.into(),
            origin: Origin::default(),
            title: String::new(),
            bodies: Vec::new(),
            number: None,
            date: ItemDate::default(),
            pages: None,
            doc_type: None,
            state: None,
            secrecy: Secrecy::default(),
            urgency: None,
            addressees: Vec::new(),
            copies: Vec::new(),
            section: None,
            side: None,
            year: None,
            question: None,
            meeting_or_case: None,
            period: None,
            medium: None,
            materials: None,
            ties: Vec::new(),
            scans: Vec::new(),
            remarks: None,
            opening: OpeningState::default(),
        }
    }
}
