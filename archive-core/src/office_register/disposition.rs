//! What became of a paper (去向, 处理结果), as people write it into the book.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::reading::{ItemDate, RecordDate};
use crate::text::Text;

/// What can become of a registered paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DispositionKind {
    /// 归档: it was filed.
    #[serde(rename = "归档")]
    Archived,
    /// 清退: it went back to who issued it.
    #[serde(rename = "清退")]
    Returned,
    /// 销毁: it was destroyed.
    #[serde(rename = "销毁")]
    Destroyed,
    /// 无保存价值: it isn't worth keeping.
    #[serde(rename = "无保存价值")]
    NoValue,
    /// 作废: the number was cancelled, or the line was written by mistake.
    #[serde(rename = "作废")]
    Void,
    /// 传阅, 在办: somebody has it.
    #[serde(rename = "传阅")]
    Circulating,
}

impl DispositionKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Archived, Self::Returned, Self::Destroyed, Self::NoValue, Self::Void, Self::Circulating];

    /// The word as on paper.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Archived => "归档",
            Self::Returned => "清退",
            Self::Destroyed => "销毁",
            Self::NoValue => "无保存价值",
            Self::Void => "作废",
            Self::Circulating => "传阅",
        }
    }

    /// The word for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Archived => "archived",
            Self::Returned => "returned",
            Self::Destroyed => "destroyed",
            Self::NoValue => "no-value",
            Self::Void => "void",
            Self::Circulating => "circulating",
        }
    }

    /// The word in both languages.
    pub const fn text(self) -> Text {
        match self {
            Self::Archived => Text::fixed("归档", "archived"),
            Self::Returned => Text::fixed("清退", "returned"),
            Self::Destroyed => Text::fixed("销毁", "destroyed"),
            Self::NoValue => Text::fixed("无保存价值", "of no value"),
            Self::Void => Text::fixed("作废", "cancelled"),
            Self::Circulating => Text::fixed("传阅", "circulating"),
        }
    }

    /// Whether it is a reason why the paper isn't in the archive (A4).
    pub const fn excuses(self) -> bool {
        matches!(self, Self::Returned | Self::Destroyed | Self::NoValue | Self::Void)
    }

    /// The kind of a cell's wording. 不归档 holds 归档 and 未清退 holds 清退, so what denies is looked for first.
    fn in_words(plain: &str) -> Option<Self> {
        const WORDS: [(DispositionKind, &[&str]); 6] = [
            (
                DispositionKind::NoValue,
                &[
                    "无保存价值",
                    "无存档价值",
                    "无价值",
                    "没有价值",
                    "不归档",
                    "不存档",
                    "不予归档",
                    "不需归档",
                    "无需归档",
                    "免归档",
                    "novalue",
                    "no-value",
                ],
            ),
            (
                DispositionKind::Void,
                &["作废", "误登", "重登", "空号", "撤销", "取消", "未发出", "缺号", "void"],
            ),
            (DispositionKind::Destroyed, &["销毁", "已毁", "粉碎", "焚毁", "destroyed"]),
            (
                DispositionKind::Returned,
                &["清退", "退回", "已退", "退还", "缴回", "上缴", "收回", "退文", "returned"],
            ),
            (DispositionKind::Archived, &["归档", "存档", "立卷", "入卷", "归卷", "archived"]),
            (
                DispositionKind::Circulating,
                &[
                    "传阅",
                    "在办",
                    "办理中",
                    "未办结",
                    "阅办",
                    "批阅",
                    "送阅",
                    "承办中",
                    "借出",
                    "circulating",
                ],
            ),
        ];
        const NOT_YET: [&str; 9] =
            ["未归档", "待归档", "未清退", "应清退", "待清退", "未退", "未销毁", "待销毁", "需清退"];
        if NOT_YET.iter().any(|word| plain.contains(word)) {
            return None;
        }
        WORDS.iter().find(|(_, words)| words.iter().any(|word| plain.contains(word))).map(|(kind, _)| *kind)
    }
}

/// What became of a paper, when, and what was noted of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disposition {
    /// What.
    pub kind: DispositionKind,
    /// When, if it is known.
    pub on: Option<NaiveDate>,
    /// Why, by whom, where to.
    pub reason: Option<String>,
}

impl Disposition {
    /// A kind alone.
    pub const fn of(kind: DispositionKind) -> Self {
        Self { kind, on: None, reason: None }
    }

    /// Reads a cell: 已归档, 2005-03-12清退市委办, 销毁（重复件）. What says more than the kind and the day is kept
    /// as the reason. Nothing where no kind is named, or it is said not to have happened yet.
    ///
    /// ```
    /// use archive_core::office_register::{Disposition, DispositionKind};
    /// let read = Disposition::read("2005年3月12日清退市委办").unwrap();
    /// assert_eq!(read.kind, DispositionKind::Returned);
    /// assert_eq!(read.on.unwrap().to_string(), "2005-03-12");
    /// assert_eq!(Disposition::read("未清退"), None);
    /// ```
    pub fn read(written: &str) -> Option<Self> {
        let plain: String =
            written.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
        let kind = DispositionKind::in_words(&plain)?;
        let (on, rest) = day_in(&plain);
        let is_bare = ["", "已", "已经", "存"].iter().any(|lead| {
            rest.trim_matches(['，', '。', ',', ';', '；', '（', '）', '(', ')'])
                .strip_prefix(lead)
                .is_some_and(|rest| {
                    rest == kind.word() || rest == kind.name() || rest == "存档" || rest == "立卷"
                })
        });
        Some(Self { kind, on, reason: (!is_bare).then(|| written.trim().to_owned()) })
    }
}

/// The first whole day in a wording, and the wording without it.
fn day_in(plain: &str) -> (Option<NaiveDate>, String) {
    let in_date = |c: char| c.is_ascii_digit() || matches!(c, '年' | '月' | '日' | '-' | '.' | '/' | '．');
    let mut at = 0;
    for run in plain.split_inclusive(|c: char| !in_date(c)) {
        let length = run.trim_end_matches(|c: char| !in_date(c)).len();
        let piece = &run[..length];
        if piece.len() >= 8
            && let Some(RecordDate::Day(day)) = ItemDate::read(piece).date()
        {
            return (Some(day), format!("{}{}", &plain[..at], &plain[at + length..]));
        }
        at += run.len();
    }
    (None, plain.to_owned())
}

/// Whether a cell of the column 应清退 says so; nothing for a word that is neither yes nor no.
pub fn must_return(written: &str) -> Option<bool> {
    let plain: String = written.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    match plain.as_str() {
        "" | "否" | "不" | "无" | "×" | "x" | "-" | "—" | "/" | "0" | "n" | "no" | "不退" | "不清退"
        | "无需清退" => Some(false),
        "是" | "√" | "✓" | "✔" | "要" | "需" | "应" | "1" | "y" | "yes" | "退" | "清退" | "应退"
        | "应清退" | "需清退" | "要清退" | "需退" | "须清退" => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_a_paper_is_read_in_every_hand() {
        for (written, kind, on, reason) in [
            ("归档", DispositionKind::Archived, None, None),
            ("已归档", DispositionKind::Archived, None, None),
            ("不归档", DispositionKind::NoValue, None, Some("不归档")),
            ("无保存价值", DispositionKind::NoValue, None, None),
            ("2005-3-12 清退", DispositionKind::Returned, Some("2005-03-12"), None),
            ("退回市委办机要科", DispositionKind::Returned, None, Some("退回市委办机要科")),
            ("销毁（重复件）", DispositionKind::Destroyed, None, Some("销毁（重复件）")),
            ("作废", DispositionKind::Void, None, None),
            ("李副县长传阅", DispositionKind::Circulating, None, Some("李副县长传阅")),
        ] {
            let read = Disposition::read(written).unwrap_or_else(|| panic!("{written}"));
            assert_eq!(read.kind, kind, "{written}");
            assert_eq!(read.on.map(|day| day.to_string()).as_deref(), on, "{written}");
            assert_eq!(read.reason.as_deref(), reason, "{written}");
        }
    }

    #[test]
    fn what_has_not_happened_yet_is_no_disposition() {
        for written in ["未归档", "待清退", "应清退", "张三", ""] {
            assert_eq!(Disposition::read(written), None, "{written}");
        }
    }

    #[test]
    fn yes_and_no_are_told_apart_and_nothing_else_is_taken_for_either() {
        assert_eq!(must_return("√"), Some(true));
        assert_eq!(must_return("应 清退"), Some(true));
        assert_eq!(must_return("否"), Some(false));
        assert_eq!(must_return("市委"), None);
    }
}
