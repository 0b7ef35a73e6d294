//! Document types (文种): the fifteen of 2012, the older official ones, and the kinds that offices file without
//! their being official types.
//!
//! Sources: 《党政机关公文处理工作条例》(2012), 国发〔2000〕23号, the party rules of 1996; the rest is what
//! the offices' own tables of scope name.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// What standing a type has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TypeStanding {
    /// One of the fifteen in force since 2012.
    Official,
    /// Official once: 指示, 布告, 会议纪要, 条例, 规定 …
    Former,
    /// No official type, but filed as what it is: 方案, 总结, 合同 …
    Unofficial,
}

macro_rules! doc_types {
    ($($(#[$meta:meta])* $id:ident $zh:literal $en:literal $standing:ident $([$($alias:literal),+])?;)+) => {
        /// A document type (文种).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum DocType {
            $(#[doc = concat!($zh, ": ", $en, ".")] #[serde(rename = $zh)] $id),+
        }

        impl DocType {
            /// Every type.
            pub const ALL: &'static [Self] = &[$(Self::$id),+];

            /// The word as on paper.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$id => $zh),+ }
            }

            /// The word for it in an English sentence.
            pub const fn english(self) -> &'static str {
                match self { $(Self::$id => $en),+ }
            }

            /// What standing it has.
            pub const fn standing(self) -> TypeStanding {
                match self { $(Self::$id => TypeStanding::$standing),+ }
            }

            /// The endings of titles that show it, the plain word among them.
            const fn endings(self) -> &'static [&'static str] {
                match self { $(Self::$id => &[$zh $($(, $alias)+)?]),+ }
            }
        }
    };
}

doc_types! {
    Resolution "决议" "resolution" Official;
    Decision "决定" "decision" Official;
    Order "命令" "order" Official ["令", "嘉奖令", "任免令"];
    Communique "公报" "communiqué" Official;
    Proclamation "公告" "proclamation" Official;
    PublicNotice "通告" "public notice" Official;
    Opinion "意见" "opinion" Official;
    Notice "通知" "notice" Official;
    Circular "通报" "circular" Official;
    Report "报告" "report" Official ["汇报", "专报", "情况反映"];
    Request "请示" "request" Official;
    Reply "批复" "reply" Official;
    Motion "议案" "motion" Official;
    Letter "函" "letter" Official ["公函", "便函", "商请函"];
    Minutes "纪要" "minutes" Official ["会议纪要"];
    ReplyLetter "复函" "letter in reply" Official;

    Directive "指示" "directive" Former;
    Poster "布告" "posted notice" Former;
    Instruction "指令" "instruction" Former;
    Regulations "条例" "regulations" Former;
    Provisions "规定" "provisions" Former ["若干规定"];

    Plan "计划" "plan" Unofficial ["要点", "安排", "打算", "工作部署"];
    Programme "规划" "long-term plan" Unofficial ["纲要", "规划纲要", "发展战略"];
    Scheme "方案" "scheme" Unofficial ["预案", "应急预案"];
    Measures "办法" "measures" Unofficial;
    Rules "细则" "detailed rules" Unofficial ["规则", "准则", "守则", "规程", "规范"];
    System "制度" "working rules" Unofficial ["责任制", "制度汇编"];
    Charter "章程" "charter" Unofficial;
    Summary "总结" "summary" Unofficial ["小结", "回顾"];
    Speech "讲话" "speech" Unofficial ["讲话稿", "致辞", "祝酒词", "开幕词", "闭幕词", "发言", "发言材料", "报告提纲", "汇报提纲", "讲话提纲"];
    Bulletin "简报" "bulletin" Unofficial ["快报", "动态", "工作信息", "政务信息", "专刊", "专辑", "内参", "摘报"];
    Chronicle "大事记" "chronicle" Unofficial ["组织沿革", "年鉴"];
    Record "记录" "record" Unofficial ["会议记录", "笔录", "谈话记录", "电话记录", "询问笔录"];
    Survey "调查报告" "survey" Unofficial ["调研报告", "考察报告", "可行性研究报告"];
    NameList "名单" "list of names" Unofficial ["花名册", "名册", "通讯录"];
    Statistics "统计表" "statistics" Unofficial ["报表", "统计报表", "年报", "月报", "季报", "统计资料"];
    Table "一览表" "table" Unofficial ["登记表", "情况表", "分解表", "分工表", "安排表", "日程表", "审批表", "呈批表", "明细表", "总表", "值班表", "概算表", "汇总表", "鉴定表", "申请表", "推荐表"];
    Inventory "清册" "inventory" Unofficial ["目录", "清单", "移交清册", "登记簿", "台账"];
    Agenda "议程" "agenda" Unofficial ["日程"];
    Budget "预算" "budget" Unofficial ["预算草案"];
    FinalAccounts "决算" "final accounts" Unofficial;
    Contract "合同" "contract" Unofficial ["协议", "协议书", "合同书", "契约", "责任书", "意向书", "备忘录"];
    Certificate "证书" "certificate" Unofficial ["证明", "许可证", "所有证", "使用证", "执照", "公证书", "介绍信"];
    Telegram "电报" "telegram" Unofficial ["明电", "贺电", "唁电", "传真电报"];
    Proposal "提案" "proposal" Unofficial ["建议"];
    Answer "答复" "answer" Unofficial ["复文", "办理结果"];
    Comment "批示" "written instruction" Unofficial ["批语", "签批"];
    Petition "来信" "letter from the public" Unofficial ["信访件", "申诉书", "联名信", "申请", "申请书", "举报信"];
    OpenLetter "公开信" "open letter" Unofficial ["慰问信", "感谢信", "倡议书", "贺信", "邀请书", "请柬"];
    Judgment "判决书" "judgment" Unofficial ["裁定书", "裁决书", "调解书", "处理决定书", "处罚决定书", "复议决定书", "答辩书"];
    Drawing "图" "drawing" Unofficial ["图纸", "示意图", "平面图", "规划图", "地图"];
    Notes "说明" "explanatory note" Unofficial ["说明书", "起草说明", "编制说明"];
    Credentials "印模" "impression of a seal" Unofficial ["印鉴"];
}

/// The words types end titles with, by their last character: a title is compared with a handful of them and not with all.
static ENDINGS: LazyLock<HashMap<char, Vec<(DocType, &'static str)>>> = LazyLock::new(|| {
    let mut by_last: HashMap<char, Vec<(DocType, &'static str)>> = HashMap::new();
    for doc_type in DocType::ALL {
        for ending in doc_type.endings() {
            if let Some(last) = ending.chars().next_back() {
                by_last.entry(last).or_default().push((*doc_type, ending));
            }
        }
    }
    by_last
});

impl DocType {
    /// The type a title ends with, without trial, revision and other marks in brackets; the longest known word wins.
    ///
    /// ```
    /// use archive_core::reading::DocType;
    /// assert_eq!(DocType::of_title("关于转发《档案管理办法（试行）》的通知"), Some(DocType::Notice));
    /// assert_eq!(DocType::of_title("档案管理办法（试行）"), Some(DocType::Measures));
    /// ```
    pub fn of_title(title: &str) -> Option<Self> {
        super::TitleParts::of(title).doc_type
    }

    /// The type a bare title ends with, and the word in it that shows it.
    pub(super) fn at_end(title: &str) -> Option<(Self, &str)> {
        let mut best: Option<(Self, &'static str)> = None;
        for (doc_type, ending) in ENDINGS.get(&title.chars().next_back()?)? {
            if title.ends_with(ending)
                && best.is_none_or(|(_, known)| ending.len() > known.len())
                && believable(title, ending)
            {
                best = Some((*doc_type, ending));
            }
        }
        best.map(|(doc_type, ending)| (doc_type, &title[title.len() - ending.len()..]))
    }

    /// The type whose papers answer papers of this one: 请示 is answered by 批复, 函 by 复函, 提案 by 答复.
    pub const fn answered_by(self) -> Option<Self> {
        match self {
            Self::Request => Some(Self::Reply),
            Self::Letter => Some(Self::ReplyLetter),
            Self::Proposal => Some(Self::Answer),
            _ => None,
        }
    }
}

/// Whether an ending of one character stands for a type, or is only the end of another word (信函, 司令, 意图).
fn believable(title: &str, ending: &str) -> bool {
    if ending.chars().count() > 1 {
        return true;
    }
    let before = title[..title.len() - ending.len()].chars().last();
    match ending {
        "函" => before.is_some_and(|c| !"信".contains(c)),
        "令" => before.is_some_and(|c| !"司法指号口律夏时".contains(c)),
        "图" => before.is_some_and(|c| !"意企试贪力".contains(c)),
        _ => true,
    }
}

impl fmt::Display for DocType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Reads a 文种 cell: the word of a type or one of its other names.
impl FromStr for DocType {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        let plain = super::characters::folded_tight(word);
        Self::ALL.iter().copied().find(|doc_type| doc_type.endings().contains(&plain.as_str())).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_as_its_type() {
        for doc_type in DocType::ALL {
            assert_eq!(doc_type.word().parse(), Ok(*doc_type));
            if doc_type.word().chars().count() > 1 {
                assert_eq!(DocType::at_end(doc_type.word()).map(|(found, _)| found), Some(*doc_type));
            }
        }
    }

    #[test]
    fn the_fifteen_are_the_fifteen() {
        // 复函 is a 函; it has a word of its own because a pair of letters must be told apart.
        let official = DocType::ALL.iter().filter(|one| one.standing() == TypeStanding::Official).count();
        assert_eq!(official, 15 + 1);
    }

    #[test]
    fn the_end_of_another_word_is_no_type() {
        for title in ["来往信函", "卫戍区司令", "作战意图", ""] {
            assert_eq!(DocType::at_end(title), None, "{title}");
        }
    }
}
