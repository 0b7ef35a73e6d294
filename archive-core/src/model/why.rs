//! Why an item stands where it stands, kept small and put into words late.
//!
//! A year of a large office has a hundred thousand items, each with half a dozen reasons. Kept as
//! sentences in two languages they would outweigh the records, so a reason is kept as what happened
//! ([`Why`], two machine words) and turned into a [`Reason`] when someone asks.

use serde::{Deserialize, Serialize};

use super::{ItemId, Reason, RetentionPeriod, Side, TieKind};
use crate::rules::RuleId;
use crate::text;
use crate::text::Text;

/// What a document speaks of, when that sets its year (V1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum YearOf {
    /// A plan, programme or budget: the year it is for, the first of several.
    Plan,
    /// A summary, report, statistic or final account: the year it tells of, the last of several.
    Summary,
}

/// One thing that decided an item's year, side, period or place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// The year a person set.
    YearDecided(i32),
    /// The year the register gives.
    YearGiven(i32),
    /// The year of the date.
    YearOfDate(i32),
    /// The year the content speaks of.
    YearOfContent(i32, YearOf),
    /// The year of the document number: the date is missing.
    YearOfNumber(i32),
    /// The year of its number: it was dated in the last days of the year before (中发〔2011〕1号, 31 December 2010).
    YearNumbered(i32),
    /// The year of the one it is tied to: a reply, a main document.
    YearOfTie(ItemId),
    /// The year its case or meeting closed.
    YearClosed(i32),
    /// Neither date, number nor tie: the year most of the register is of.
    YearAssumed(i32),
    /// The side a person set, or the register gives.
    SideGiven(Side),
    /// The side of the body that issued it.
    SideOfBody(Side),
    /// The side its number's code tells.
    SideOfNumber(Side),
    /// The side of the one it is tied to.
    SideOfTie(ItemId),
    /// The side of the institution itself, nothing else being known.
    SideOfInstitution(Side),
    /// The period a person set.
    PeriodDecided(RetentionPeriod),
    /// The period the register gives.
    PeriodGiven(RetentionPeriod),
    /// The period of a line of the table of scope, by its place in the profile.
    PeriodByLine(u32),
    /// The longest period of those it is tied to: this one's.
    PeriodOfTie(ItemId),
    /// The period of the main record of its question.
    PeriodOfMain(ItemId),
    /// No line fits: the middle period of the scheme, to be settled by a person.
    PeriodAssumed(RetentionPeriod),
    /// It stands behind the one it is something for.
    Behind(ItemId, TieKind),
    /// It stands behind what came of it: the answer to a proposal, the outcome of a letter.
    BehindOutcome(ItemId),
    /// It leads its group of tied records.
    Leads,
    /// By date inside its question.
    ByDate,
    /// It has no date, and stands after those that have one.
    Undated,
    /// Its question stands before or after the others by weight: first, second …
    QuestionRank(u32),
    /// Found late, and put behind what was catalogued already.
    FoundLate,
    /// An arrangement that was there is kept.
    Kept,
    /// A person put it here.
    PutHere,
    /// The title was drafted.
    TitleDrafted,
}

/// What the words need to know: how items are called, and the lines of the table of scope.
pub trait Naming {
    /// What people call an item: its 序号.
    fn row(&self, item: ItemId) -> String;
    /// A line of the table of scope: its number and what it covers.
    fn scope_line(&self, index: u32) -> (String, String);
}

impl Why {
    /// The rule it rests on.
    pub const fn rule(self) -> RuleId {
        match self {
            Self::YearDecided(_)
            | Self::YearGiven(_)
            | Self::YearOfDate(_)
            | Self::YearOfContent(..)
            | Self::YearOfNumber(_)
            | Self::YearNumbered(_)
            | Self::YearOfTie(_)
            | Self::YearClosed(_)
            | Self::YearAssumed(_) => RuleId::V1,
            Self::SideGiven(_)
            | Self::SideOfBody(_)
            | Self::SideOfNumber(_)
            | Self::SideOfTie(_)
            | Self::SideOfInstitution(_) => RuleId::V2,
            Self::PeriodDecided(_) | Self::PeriodByLine(_) | Self::PeriodAssumed(_) => RuleId::R2,
            Self::PeriodGiven(_) => RuleId::R1,
            Self::PeriodOfTie(_) => RuleId::V3,
            Self::PeriodOfMain(_) => RuleId::V6,
            Self::Behind(_, kind) => kind.order_rule(),
            Self::BehindOutcome(_) => RuleId::O2,
            Self::Leads => RuleId::O7,
            Self::ByDate | Self::QuestionRank(_) => RuleId::O6,
            Self::Undated | Self::PutHere => RuleId::O8,
            Self::FoundLate => RuleId::V8,
            Self::Kept => RuleId::V9,
            Self::TitleDrafted => RuleId::L1,
        }
    }

    /// The reason in words.
    pub fn reason(self, naming: &dyn Naming) -> Reason {
        Reason { rule: self.rule(), text: self.text(naming) }
    }

    fn text(self, naming: &dyn Naming) -> Text {
        match self {
            Self::YearDecided(year) => text!("年度 {year} 由人工确定", "a person set the year {year}"),
            Self::YearGiven(year) => text!("登记表注明年度 {year}", "the register gives the year {year}"),
            Self::YearOfDate(year) => text!("成文日期在 {year} 年", "its date is in {year}"),
            Self::YearOfContent(year, YearOf::Plan) => {
                text!(
                    "计划、预算归入所针对的（第一个）年度 {year}",
                    "a plan goes to the (first) year it is for, {year}"
                )
            }
            Self::YearOfContent(year, YearOf::Summary) => text!(
                "总结、报告、统计归入所针对的（最后一个）年度 {year}",
                "a summary, report or statistic goes to the (last) year it tells of, {year}"
            ),
            Self::YearNumbered(year) => {
                text!(
                    "上年末成文，文号编入 {year} 年",
                    "dated at the end of the year before, it is numbered in {year}"
                )
            }
            Self::YearOfNumber(year) => {
                text!("没有日期，按文号的年份 {year}", "it has no date; its number is of {year}")
            }
            Self::YearOfTie(item) => {
                let row = naming.row(item);
                text!("与序号 {row} 同组，随其年度", "it goes with row {row}, and takes its year")
            }
            Self::YearClosed(year) => text!(
                "会议、案件跨年，归入结束的年度 {year}",
                "its meeting or case ran over the year's end and closed in {year}"
            ),
            Self::YearAssumed(year) => text!(
                "无日期、无文号，暂按本登记表多数文件的年度 {year}",
                "it has neither date nor number; most of the register is of {year}"
            ),
            Self::SideGiven(side) => {
                let (zh, en) = (side.word(), side.english());
                text!("登记为{zh}", "registered as {en}")
            }
            Self::SideOfBody(side) => {
                let (zh, en) = (side.word(), side.english());
                text!("责任者属{zh}", "the body that issued it is of the {en}")
            }
            Self::SideOfNumber(side) => {
                let (zh, en) = (side.word(), side.english());
                text!("文号代字属{zh}", "the code of its number is of the {en}")
            }
            Self::SideOfTie(item) => {
                let row = naming.row(item);
                text!("与序号 {row} 同组，随其党政归属", "it goes with row {row}, and stands on its side")
            }
            Self::SideOfInstitution(side) => {
                let (zh, en) = (side.word(), side.english());
                text!(
                    "未见党政标志，随立档单位归{zh}",
                    "nothing tells its side; the institution is of the {en}"
                )
            }
            Self::PeriodDecided(period) => {
                text!("保管期限 {period} 由人工确定", "a person set the period {period}")
            }
            Self::PeriodGiven(period) => {
                text!("登记表注明保管期限 {period}", "the register gives the period {period}")
            }
            Self::PeriodByLine(index) => {
                let (no, what) = naming.scope_line(index);
                text!("按保管期限表第 {no} 条（{what}）", "by line {no} of the table of scope ({what})")
            }
            Self::PeriodOfTie(item) => {
                let row = naming.row(item);
                text!(
                    "与序号 {row} 同组，取其中最长的保管期限",
                    "it is tied to row {row}, whose period is the longest of theirs"
                )
            }
            Self::PeriodOfMain(item) => {
                let row = naming.row(item);
                text!(
                    "期限从整个问题考虑，随主要文件（序号 {row}）",
                    "the period is judged for the whole question; its main record is row {row}"
                )
            }
            Self::PeriodAssumed(period) => text!(
                "保管期限表没有相应条款，暂定 {period}，待确认",
                "no line of the table of scope fits; {period} until a person decides"
            ),
            Self::Behind(item, kind) => {
                let row = naming.row(item);
                let english = kind.english();
                text!(
                    "是序号 {row} 的{kind}，排在其后",
                    "it is the {english} of row {row}, and stands behind it"
                )
            }
            Self::BehindOutcome(item) => {
                let row = naming.row(item);
                text!(
                    "序号 {row} 是它的办理结果，结果在前",
                    "row {row} is what came of it; the outcome stands first"
                )
            }
            Self::Leads => Text::fixed("一组相关文件之首", "it leads its group of tied records"),
            Self::ByDate => Text::fixed("问题内按时间排列", "by date inside its question"),
            Self::Undated => {
                Text::fixed("没有日期，排在有日期的之后", "it has no date, and stands behind those that have")
            }
            Self::QuestionRank(rank) => text!(
                "卷内有几个问题，按重要程度排第 {rank}",
                "the volume holds several questions; by weight this is number {rank}"
            ),
            Self::FoundLate => Text::fixed(
                "后来发现的文件，补在已编目文件之后，原编号不变",
                "found late: put behind what was catalogued, whose numbers stay",
            ),
            Self::Kept => Text::fixed("原有整理有规律可循，予以保留", "the existing arrangement is kept"),
            Self::PutHere => Text::fixed("由人工放在此处", "a person put it here"),
            Self::TitleDrafted => Text::fixed(
                "原文无题名或题名不明，代拟题名加[ ]",
                "without a telling title; one was drafted, in [ ]",
            ),
        }
    }
}
