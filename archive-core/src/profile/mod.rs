//! An institution's rules as data.
//!
//! Offices disagree (30 April or 30 June, two copies or three, 长期 or 30 years), and rules change with
//! time, so what differs is never a constant in the code: it is a line of a profile, with its source.
//! The built-in profiles are the files of `archive-core/profiles/`; an office writes its own in a few
//! lines on top of one of them.

mod forms;
mod load;
mod scope;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::appraisal::Terms;
use crate::finding::{Finding, Severity};
use crate::model::PeriodScheme;
use crate::opening::{CautionWords, EarlierKind};
use crate::reading_room::ReadingRoom;
use crate::rules::RuleId;

pub use forms::{CoverPaper, DateStyle, FormColumn, FormField, Forms, PageSize, RowHeights};
pub use load::{BUILT_IN, Contradiction, Difference, FIXED, ProfileError, SCOPE_TABLES, Spot};
pub use scope::{Maker, ScopeLine, ScopeMatch, ScopeMatcher};

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
    /// The built-in profile it is laid over, if it writes only what differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub based_on: Option<String>,
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
    /// Which section files what (归档职责, A3).
    #[serde(default)]
    pub sections: Vec<Section>,
    /// Who may use what, shown which papers (U4 to U6), and what copies cost.
    #[serde(default)]
    pub reading_room: ReadingRoom,
    /// The climate of the storeroom (H1).
    #[serde(default)]
    pub storeroom: Storeroom,
    /// What the periods of 1987 count for when records fall due (R3).
    #[serde(default)]
    pub appraisal: Terms,
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
    /// The built-in table of scope whose lines stand behind the institution's own: `1987`, `2006`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// The lines of the table; the most specific one that matches an item gives the proposal ([`ScopeMatcher`]).
    #[serde(default)]
    pub scope: Vec<ScopeLine>,
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
    /// How many copies of own records of the longer periods are kept (V7).
    #[serde(default = "one_copy")]
    pub copies: u8,
}

const fn one_copy() -> u8 {
    1
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
    /// How many days before a deadline it is called near (A5).
    #[serde(default = "a_month")]
    pub warn_days: u16,
}

const fn a_month() -> u16 {
    30
}

impl Deadlines {
    /// The day by which the records of `year` are handed over: the deadline of the following year.
    pub fn filing_day(&self, year: i32) -> Option<NaiveDate> {
        let (month, day) = self.filing.split_once('-')?;
        NaiveDate::from_ymd_opt(year.checked_add(1)?, month.parse().ok()?, day.parse().ok()?)
    }
}

/// A section of the institution and what it answers for (归档职责).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Section {
    /// Its name, as registers write it: 综合股.
    pub name: String,
    /// Words in the titles of the series it files: 政府通讯, 调研报告. A section without any files the rest.
    #[serde(default)]
    pub files: Vec<String>,
}

/// The climate a storeroom keeps.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Storeroom {
    /// The lowest and the highest temperature, in degrees C.
    pub temperature: [f64; 2],
    /// The lowest and the highest relative humidity, in per cent.
    pub humidity: [f64; 2],
}

/// 14-24 degrees C and 45-60 per cent (福田《库房管理工作制度》六).
impl Default for Storeroom {
    fn default() -> Self {
        Self { temperature: [14.0, 24.0], humidity: [45.0, 60.0] }
    }
}

impl Profile {
    /// The day by which the records of `year` go to the archives: the filing day of the next year where they
    /// go at once, else the last day of the year in which they are as old as the profile says (实施条例, 20).
    pub fn transfer_day(&self, year: i32) -> Option<NaiveDate> {
        match self.opening.transfer_years {
            0 => self.deadlines.filing_day(year),
            years => NaiveDate::from_ymd_opt(year.checked_add(i32::from(years))?, 12, 31),
        }
    }
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
    /// Years after which a record that was kept closed is looked at again, if no day was named (U2).
    #[serde(default = "five_years")]
    pub review_again_years: u16,
    /// Kinds that may be opened before the years have passed, told by words (U1).
    #[serde(default = "OpeningWords::earlier")]
    pub earlier: Vec<EarlierKind>,
    /// Words in title and text that speak against opening, shown to the reviewer.
    #[serde(default = "OpeningWords::cautions")]
    pub cautions: Vec<CautionWords>,
}

const fn five_years() -> u16 {
    5
}

/// The built-in words of opening: `profiles/opening.toml`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct OpeningWords {
    earlier: Vec<EarlierKind>,
    cautions: Vec<CautionWords>,
}

impl OpeningWords {
    fn built_in() -> Self {
        // A test holds that the file can be read; it is part of the program.
        toml::from_str(include_str!("../../profiles/opening.toml")).unwrap_or_default()
    }

    fn earlier() -> Vec<EarlierKind> {
        Self::built_in().earlier
    }

    fn cautions() -> Vec<CautionWords> {
        Self::built_in().cautions
    }
}

impl Profile {
    /// What a breach of `rule` weighs here.
    pub fn severity(&self, rule: RuleId) -> Severity {
        self.severities.get(&rule).copied().unwrap_or(rule.rule().severity)
    }

    /// Gives findings the severities of this institution; what they would weigh elsewhere stays told.
    pub fn weigh(&self, findings: &mut [Finding]) {
        for finding in findings {
            let own = self.severities.get(&finding.rule).copied();
            if let Some(own) = own.filter(|own| *own != finding.severity) {
                finding.changed_from.get_or_insert(finding.severity);
                finding.severity = own;
            }
        }
    }
}
