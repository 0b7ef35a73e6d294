//! Volumes (案卷) and the arrangement they make up together.

use serde::{Deserialize, Serialize};

use super::{ItemId, RetentionPeriod, Side, Tie, Why};
use crate::finding::Finding;
use crate::rules::RuleId;
use crate::text::Text;

/// Why something is as it is: the rule, and the case it makes here.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reason {
    /// The rule it rests on.
    pub rule: RuleId,
    /// In words.
    pub text: Text,
}

/// The six features by which records are joined into a volume (六个特征, V4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Feature {
    /// 问题: one task, question, meeting or case.
    #[serde(rename = "问题")]
    Question,
    /// 时间.
    #[serde(rename = "时间")]
    Time,
    /// 名称 (文种).
    #[serde(rename = "名称")]
    Type,
    /// 作者.
    #[serde(rename = "作者")]
    Author,
    /// 通讯者.
    #[serde(rename = "通讯者")]
    Correspondent,
    /// 地区.
    #[serde(rename = "地区")]
    Region,
}

/// An item's place in a volume.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The item.
    pub item: ItemId,
    /// 题名 as the list of contents prints it: copied, or drafted and set in [ ] (L1).
    pub title: String,
    /// 件号 (顺序号), once numbered: from 1.
    pub item_no: Option<u32>,
    /// 页号, once numbered: first and last page.
    pub pages: Option<(u32, u32)>,
    /// Why it stands here, in this volume, year and period; [`Why::reason`] puts it into words.
    pub why: Vec<Why>,
}

/// A volume's numbers (K2, K3), once given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct VolumeNumber {
    /// 目录号: unique in the fonds.
    pub catalogue_no: String,
    /// 案卷号: unique in the catalogue, from 1.
    pub volume_no: u32,
    /// 档号 of the volume, e.g. `J019-2004·Y-001`.
    pub code: String,
}

/// A volume (案卷), proposed or settled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Volume {
    /// 年度 (V1).
    pub year: i32,
    /// 党政 (V2).
    pub side: Side,
    /// 保管期限 (V3).
    pub period: RetentionPeriod,
    /// 归档机构, where the office arranges by section.
    pub section: Option<String>,
    /// 案卷题名 (T1).
    pub title: String,
    /// Which features joined it (V4).
    pub joined_by: Vec<Feature>,
    /// Why it is a volume of its own.
    pub why: Vec<Reason>,
    /// Its items, in order.
    pub entries: Vec<Entry>,
    /// Its numbers, once given.
    pub number: Option<VolumeNumber>,
}

/// What the arranging of a year's items came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Arrangement {
    /// The volumes, in the order they stand (K1).
    pub volumes: Vec<Volume>,
    /// The ties that hold, given and proposed, in order of `from` and `to`.
    pub ties: Vec<Tie>,
    /// Items in no volume (classified ones above all), and why.
    pub left_out: Vec<(ItemId, Reason)>,
    /// What was seen on the way.
    pub findings: Vec<Finding>,
}
