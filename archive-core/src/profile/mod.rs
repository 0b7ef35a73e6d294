//! An institution's rules as data.
//!
//! Offices disagree (30 April or 30 June, two copies or three, 长期 or 30 years), and rules change with
//! time, so what differs is never a constant in the code: it is a line of a profile, with its source.
//! The built-in profiles are the files of `archive-core/profiles/`; an office writes its own in a few
//! lines on top of one of them.

mod forms;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::Severity;
use crate::model::{PeriodScheme, RetentionPeriod};
use crate::rules::RuleId;

pub use forms::{CoverPaper, DateStyle, FormColumn, FormField, Forms, RowHeights};

/// Everything about which institutions differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Profile {
    /// Its name, e.g. `futian-2006`.
    pub name: String,
    /// What it is, for people, in Chinese.
    pub title: String,
    /// The document its rules come from.
    pub source: String,
    /// Which year a record belongs to (V1).
    pub years: Years,
    /// Retention (R1, R2).
    pub retention: Retention,
    /// How volumes are formed (V4, V5).
    pub volumes: Volumes,
    /// How volumes, items and pages are numbered (K1 to K4, P1, P2).
    pub numbering: Numbering,
    /// Titles of volumes (T1).
    pub titles: Titles,
    /// The days things are due (A5, U8).
    pub deadlines: Deadlines,
    /// Opening and transfer (U1, X1).
    pub opening: Opening,
    /// The look of the forms; what is left out is as the standards have it.
    #[serde(default)]
    pub forms: Forms,
    /// Rules whose severity this institution changes; every report shows the change.
    #[serde(default)]
    pub severities: BTreeMap<RuleId, Severity>,
}

/// Which year a record belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Years {
    /// The policy.
    pub policy: YearPolicy,
}

/// The two year rules in force side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum YearPolicy {
    /// By the year the content speaks of (Futian 二).
    Content,
    /// By the year of signing (DA/T 22-2015).
    Signing,
}

/// The scheme of periods and the table of scope (归档范围和保管期限表).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Retention {
    /// Which words are used for periods.
    pub scheme: PeriodScheme,
    /// The lines of the table; the first that matches an item best gives the proposal.
    #[serde(default)]
    pub scope: Vec<ScopeLine>,
}

/// A line of the table of scope: which records, kept how long, by which authority.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScopeLine {
    /// Its number in the table, e.g. `4.1`.
    pub no: String,
    /// What it covers, in words.
    pub what: String,
    /// How long that is kept.
    pub period: RetentionPeriod,
    /// Words of which at least one stands in the title, question, meeting or type of a record it covers.
    #[serde(default)]
    pub any: Vec<String>,
    /// Words that must all stand there.
    #[serde(default)]
    pub all: Vec<String>,
    /// Words that must not.
    #[serde(default)]
    pub none: Vec<String>,
    /// Document types (文种) it is limited to; empty for all.
    #[serde(default)]
    pub types: Vec<String>,
    /// Who made the record, seen from the institution: itself, above, below, a peer; empty for all.
    #[serde(default)]
    pub makers: Vec<Maker>,
    /// The document the line comes from.
    pub source: String,
    /// Whether the wording and the period were seen in that document, or only in a copy or from memory.
    #[serde(default)]
    pub verified: bool,
}

/// Who made a record, seen from the institution that files it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Maker {
    /// The institution itself (本机关).
    Own,
    /// A superior body (上级).
    Above,
    /// A body of the same level (同级).
    Peer,
    /// A subordinate body (下级).
    Below,
}

/// How volumes are formed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Volumes {
    /// Volumes (立卷), or single items in boxes (DA/T 22).
    pub method: Method,
    /// The most pages a volume holds before it is split (V5).
    pub max_pages: u32,
    /// Whether sections keep their records apart (归档机构).
    pub by_section: bool,
    /// Bound as a whole, or item by item (P1, P2).
    pub binding: Binding,
}

/// What is described and numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// 立卷: volumes with items in them.
    Volume,
    /// 归档文件整理: items, in boxes.
    Item,
}

/// How a volume is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Binding {
    /// 整卷装订: one run of page numbers through the volume (P1).
    Whole,
    /// 单份装订: each item has its own page numbers (P2).
    Single,
}

/// How things are numbered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Numbering {
    /// Where volume numbers start again (K2).
    pub run: Run,
    /// 目录号, with `{year}`, `{period}` (Y, C, D, D30 …) and `{side}` filled in.
    pub catalogue_no: String,
    /// 档号 of a volume, with `{fonds}`, `{catalogue}`, `{year}`, `{period}`, `{section}` and `{volume}` filled in.
    pub code: String,
    /// Digits of a volume number in the code.
    pub volume_digits: u8,
    /// Digits of an item number in the code.
    pub item_digits: u8,
}

/// Where volume numbers start again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Run {
    /// Each year from 1 (Futian 十一, preferred).
    PerYear,
    /// On through the years.
    Continuous,
}

/// Titles of volumes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Titles {
    /// The most characters a title has before it is reported (T1).
    pub max_chars: usize,
}

/// The days things are due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Deadlines {
    /// Month and day of the following year by which a year's records are handed over, `04-30` (A5).
    pub filing: String,
    /// The longest a loan lasts, in days (U8).
    pub loan_days: u16,
}

/// Opening and transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Opening {
    /// Years after which a reviewed record is open (U1).
    pub years: u16,
    /// Years after which records go to the archives; 0 for the spring after their year.
    pub transfer_years: u16,
    /// How many copies of the volume catalogue are made (F1).
    pub catalogue_copies: u8,
    /// How many copies of the full catalogue are made (F2).
    pub full_catalogue_copies: u8,
}

/// The names of the built-in profiles; the first is the default.
pub const BUILT_IN: [&str; 1] = ["futian-2006"];

/// Why a profile can't be used.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ProfileError {
    /// No built-in profile has this name.
    #[error("没有名为 {0} 的规则集 / no profile is called {0}")]
    Unknown(String),
    /// The text is no profile: what the TOML reader says, with line and column.
    #[error("规则集无法读取：{0} / the profile can't be read: {0}")]
    Unreadable(String),
}

impl Profile {
    /// A built-in profile by name.
    pub fn built_in(name: &str) -> Result<Self, ProfileError> {
        match name {
            "futian-2006" => Self::from_toml(include_str!("../../profiles/futian-2006.toml")),
            _ => Err(ProfileError::Unknown(name.to_owned())),
        }
    }

    /// Reads a profile written out in full.
    pub fn from_toml(text: &str) -> Result<Self, ProfileError> {
        toml::from_str(text).map_err(|error| ProfileError::Unreadable(error.to_string()))
    }

    /// What a breach of `rule` weighs here.
    pub fn severity(&self, rule: RuleId) -> Severity {
        self.severities.get(&rule).copied().unwrap_or(rule.rule().severity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_profile_reads_and_bears_its_name() {
        for name in BUILT_IN {
            assert_eq!(Profile::built_in(name).unwrap().name, name);
        }
    }
}
