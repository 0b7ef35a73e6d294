//! The plan: the proposal as a person reviews it, and what they make of it.
//!
//! A [`Plan`] is three tables: the volumes, what stands in them, and the ties that are open to doubt. The
//! workbook shows them and reads them back; what differs from the proposal is the person's will and
//! becomes [`Decisions`]. Nothing is applied unless everything can be: faults of the edited plan come
//! back all at once, each with its table and row.

mod apply;
mod compare;
mod realise;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::model::{
    Arrangement, Feature, Item, ItemId, Reason, RetentionPeriod, Side, TieKind, TieSource, Why,
};
use crate::profile::Profile;
use crate::text::Text;

use super::{Decisions, Explainer};

pub use compare::{Change, diff};

/// How sure a proposal is: what a table's colours show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// Given, or as good as given.
    #[default]
    None,
    /// Likely; worth a look.
    Some,
    /// A guess; to be settled by a person.
    Much,
}

/// The three tables of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PlanTable {
    /// 案卷.
    Volumes,
    /// 卷内文件.
    Contents,
    /// 关联.
    Ties,
}

impl PlanTable {
    /// The sheet's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Volumes => "案卷",
            Self::Contents => "卷内文件",
            Self::Ties => "关联",
        }
    }
}

/// A volume of the plan. A person may change year, side, period, section and title, and add lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanVolume {
    /// 卷标: what the contents call it; any text that stands once in the table.
    pub label: String,
    /// 年度.
    pub year: i32,
    /// 党政.
    pub side: Side,
    /// 保管期限.
    pub period: RetentionPeriod,
    /// 归档机构.
    pub section: Option<String>,
    /// 案卷题名; proposed anew if it is left empty.
    pub title: String,
    /// 确认: a person has seen it and it is right. Its periods count as confirmed (R2), and no later run
    /// changes it.
    #[serde(default)]
    pub confirmed: bool,
    /// 件数, for reading.
    pub items: usize,
    /// 页数, for reading; pages that aren't known don't count.
    pub pages: u64,
    /// 组卷特征, for reading.
    pub joined_by: Vec<Feature>,
    /// 档号, if it is numbered: then nothing of it can change.
    pub code: Option<String>,
    /// Why it is a volume, for reading.
    pub why: Vec<Reason>,
    /// How sure it is.
    pub doubt: Doubt,
    /// The row it stands in, as the workbook shows it, when it was read from one.
    pub at: Option<u32>,
}

/// A line of the contents. A person may change the volume, the position and the title.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanEntry {
    /// The item.
    pub item: ItemId,
    /// 序号 in the register, for reading.
    pub row: String,
    /// The label of its volume; empty to leave it out of the volumes.
    pub volume: String,
    /// Its place in the volume; 3.5 stands between 3 and 4.
    pub position: f64,
    /// 题名 as the list of contents prints it.
    pub title: String,
    /// 文号, for reading.
    pub number: String,
    /// 责任者, for reading.
    pub bodies: String,
    /// 日期, for reading.
    pub date: String,
    /// 页数, for reading.
    pub pages: Option<u32>,
    /// Why it stands here, for reading.
    pub why: Vec<Reason>,
    /// How sure its year, side, period and place are.
    pub doubt: Doubt,
    /// 改动理由: why a person moved it or left it out.
    #[serde(default)]
    pub reason: String,
    /// The row it stands in, when it was read from a workbook.
    pub at: Option<u32>,
}

/// What a person says of a tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Verdict {
    /// Nothing: the proposal stands as one.
    #[default]
    #[serde(rename = "")]
    Open,
    /// 同意.
    #[serde(rename = "同意")]
    Accepted,
    /// 否.
    #[serde(rename = "否")]
    Refused,
}

impl Verdict {
    /// The word in the table.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "",
            Self::Accepted => "同意",
            Self::Refused => "否",
        }
    }
}

/// A proposed tie. A person may accept or refuse it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanTie {
    /// The one that is something for the other.
    pub from: ItemId,
    /// The other.
    pub to: ItemId,
    /// What it is.
    pub kind: TieKind,
    /// 序号 of the one, for reading.
    pub from_row: String,
    /// 序号 of the other, for reading.
    pub to_row: String,
    /// 题名 of the one, for reading.
    pub from_title: String,
    /// 题名 of the other, for reading.
    pub to_title: String,
    /// How sure the program is, 0 to 1, for reading.
    pub confidence: f32,
    /// On what words it rests, for reading.
    pub grounds: Text,
    /// What the person says.
    pub verdict: Verdict,
    /// The row it stands in, when it was read from a workbook.
    pub at: Option<u32>,
}

/// The proposal as a person reviews it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The volumes, in order.
    pub volumes: Vec<PlanVolume>,
    /// What stands in them, in order; then what stands in none.
    pub contents: Vec<PlanEntry>,
    /// The proposed ties, the doubtful first, and those refused before.
    pub ties: Vec<PlanTie>,
}

/// A tie below this is doubtful enough to be looked at first.
const SURE: f32 = 0.8;

impl Plan {
    /// The plan of an arrangement.
    pub fn of(arrangement: &Arrangement, items: &[Item], profile: &Profile, decisions: &Decisions) -> Self {
        let explainer = Explainer::new(items, profile);
        let by_id: HashMap<ItemId, &Item> = items.iter().map(|item| (item.id, item)).collect();
        let mut shaky: HashMap<ItemId, f32> = HashMap::new();
        for tie in &arrangement.ties {
            if let TieSource::Proposed { confidence, .. } = tie.source {
                for item in [tie.from, tie.to] {
                    let least = shaky.entry(item).or_insert(1.0);
                    *least = least.min(confidence);
                }
            }
        }
        let mut plan = Self::default();
        for (index, volume) in arrangement.volumes.iter().enumerate() {
            let label = (index + 1).to_string();
            let mut doubt = Doubt::None;
            let mut pages = 0;
            for (position, entry) in volume.entries.iter().enumerate() {
                let item = by_id.get(&entry.item);
                let own = entry_doubt(&entry.why, shaky.get(&entry.item).copied());
                doubt = doubt.max(own);
                pages += item.and_then(|item| item.pages).map_or(0, u64::from);
                plan.contents.push(line(
                    entry.item,
                    item.copied(),
                    &label,
                    position + 1,
                    &entry.title,
                    explainer.entry(entry),
                    own,
                ));
            }
            plan.volumes.push(PlanVolume {
                label,
                year: volume.year,
                side: volume.side,
                period: volume.period,
                section: volume.section.clone(),
                title: volume.title.clone(),
                confirmed: volume.entries.iter().all(|entry| decisions.periods.contains_key(&entry.item)),
                items: volume.entries.len(),
                pages,
                joined_by: volume.joined_by.clone(),
                code: volume.number.as_ref().map(|number| number.code.clone()),
                why: volume.why.clone(),
                doubt,
                at: None,
            });
        }
        for (item, reason) in &arrangement.left_out {
            let described = by_id.get(item).copied();
            let title = described.map_or("", |item| item.title.trim());
            let mut left = line(*item, described, "", 0, title, vec![reason.clone()], Doubt::None);
            left.reason = decisions.left_out.get(item).cloned().unwrap_or_default();
            plan.contents.push(left);
        }
        plan.ties = ties(arrangement, &by_id, decisions);
        plan
    }
}

fn line(
    id: ItemId,
    item: Option<&Item>,
    volume: &str,
    position: usize,
    title: &str,
    why: Vec<Reason>,
    doubt: Doubt,
) -> PlanEntry {
    PlanEntry {
        item: id,
        row: item.map_or_else(String::new, |item| item.row.clone()),
        volume: volume.to_owned(),
        position: u32::try_from(position).map_or(f64::from(u32::MAX), f64::from),
        title: title.to_owned(),
        number: item.and_then(|item| item.number.as_ref()).map_or_else(String::new, ToString::to_string),
        bodies: item.map_or_else(String::new, |item| item.bodies.join("、")),
        date: item.map_or_else(String::new, |item| {
            item.date.date().map_or_else(|| item.date.original.clone(), |date| date.to_string())
        }),
        pages: item.and_then(|item| item.pages),
        why,
        doubt,
        reason: String::new(),
        at: None,
    }
}

/// How sure an item's year, side, period and place are.
fn entry_doubt(why: &[Why], shakiest_tie: Option<f32>) -> Doubt {
    let of = |why: &Why| match why {
        Why::YearAssumed(_) | Why::PeriodAssumed(_) => Doubt::Much,
        Why::YearOfNumber(_)
        | Why::SideOfInstitution(_)
        | Why::PeriodByLine(_)
        | Why::PeriodOfMain(_)
        | Why::TitleDrafted
        | Why::Undated => Doubt::Some,
        _ => Doubt::None,
    };
    let tied = match shakiest_tie {
        Some(confidence) if confidence < SURE => Doubt::Some,
        _ => Doubt::None,
    };
    why.iter().map(of).max().unwrap_or_default().max(tied)
}

fn ties(arrangement: &Arrangement, items: &HashMap<ItemId, &Item>, decisions: &Decisions) -> Vec<PlanTie> {
    let row = |id: ItemId| items.get(&id).map_or_else(String::new, |item| item.row.clone());
    let title = |id: ItemId| items.get(&id).map_or_else(String::new, |item| item.title.clone());
    let make = |from, to, kind, confidence, grounds, verdict| PlanTie {
        from,
        to,
        kind,
        from_row: row(from),
        to_row: row(to),
        from_title: title(from),
        to_title: title(to),
        confidence,
        grounds,
        verdict,
        at: None,
    };
    let mut ties: Vec<PlanTie> = arrangement
        .ties
        .iter()
        .filter_map(|tie| match &tie.source {
            TieSource::Proposed { confidence, grounds } => {
                Some(make(tie.from, tie.to, tie.kind, *confidence, grounds.clone(), Verdict::Open))
            }
            TieSource::Given => None,
        })
        .collect();
    ties.sort_by(|a, b| a.confidence.total_cmp(&b.confidence).then((a.from, a.to).cmp(&(b.from, b.to))));
    for key in &decisions.refused_ties {
        if items.contains_key(&key.from) && items.contains_key(&key.to) {
            let grounds = Text::fixed("以前已否定", "refused before");
            ties.push(make(key.from, key.to, key.kind, 0.0, grounds, Verdict::Refused));
        }
    }
    ties
}
