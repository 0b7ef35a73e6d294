//! Cells that hold a word of a short list: 稿本, 党政, 密级, 保密期限, 关联关系, with the synonyms offices use.
//!
//! Each reader gives nothing for a word it doesn't know: the caller reports the cell rather than guess.

use super::characters::{fold, folded_tight, number};
use crate::model::{DraftState, Secrecy, SecrecyLevel, Side, TieKind};

impl DraftState {
    /// Reads a 稿本 cell: 正本, 印本, 定稿, 修改稿2, 草稿, 复印件, 译本 …
    pub fn read(written: &str) -> Option<Self> {
        let word = folded_tight(written);
        let plain = word.trim_matches(['〔', '〕']);
        Some(match plain {
            "正本" | "印本" | "正文" | "印制本" | "正式印本" | "正件" | "原件" | "原本" | "试行本"
            | "暂行本" | "修订本" => Self::Print,
            "定稿" | "签发稿" | "签发定稿" | "发文稿" | "发文稿纸" | "原稿" | "底稿" => {
                Self::SignedDraft
            }
            "草稿" | "初稿" | "草案" | "底稿草稿" | "起草稿" => Self::Draft,
            "复制件" | "复印件" | "副本" | "复本" | "抄件" | "影印件" | "重份" | "摘抄件" | "传真件" => {
                Self::Copy
            }
            "译本" | "译文" | "翻译件" | "翻译本" | "翻译稿" => Self::Translation,
            _ => return revision(plain).map(Self::Revision),
        })
    }

    /// The word as on paper.
    pub fn word(self) -> String {
        match self {
            Self::Print => "印本".to_owned(),
            Self::SignedDraft => "定稿".to_owned(),
            Self::Revision(0) => "修改稿".to_owned(),
            Self::Revision(n) => format!("修改稿{n}"),
            Self::Draft => "草稿".to_owned(),
            Self::Copy => "复制件".to_owned(),
            Self::Translation => "译本".to_owned(),
        }
    }
}

/// 修改稿, 修改稿2, 二次修改稿, 第二稿, 讨论稿〔三〕, 送审稿: the number, 0 without one.
fn revision(plain: &str) -> Option<u16> {
    const WORDS: [&str; 9] =
        ["修改稿", "修订稿", "讨论稿", "征求意见稿", "送审稿", "审议稿", "历次稿", "报批稿", "稿"];
    let (before, after) = WORDS.iter().find_map(|word| plain.split_once(word))?;
    let count = if after.is_empty() { before } else { after };
    if !before.is_empty() && !after.is_empty() {
        return None;
    }
    let count = count.trim_matches(['〔', '〕', '第', '次', '-', '之']);
    if count.is_empty() {
        return (plain != "稿").then_some(0);
    }
    number(count).and_then(|n| u16::try_from(n).ok())
}

impl Side {
    /// Reads a 党政 cell: 党, 党委, 党口, 党群; 政, 政府, 行政.
    pub fn read(written: &str) -> Option<Self> {
        match folded_tight(written).as_str() {
            "党" | "党委" | "党口" | "党群" | "党务" | "党组" | "县委" | "党的" => {
                Some(Self::Party)
            }
            "政" | "政府" | "政口" | "行政" | "政务" | "县政府" => Some(Self::Government),
            _ => None,
        }
    }
}

impl TieKind {
    /// Reads a 关联关系 cell, with the usual synonyms.
    pub fn read(written: &str) -> Option<Self> {
        let word = folded_tight(written);
        if let Ok(kind) = word.parse() {
            return Some(kind);
        }
        Some(match word.as_str() {
            "附" | "附件材料" | "附表" | "附图" | "附录" => Self::Attachment,
            "签发稿" | "发文稿" | "发文稿纸" | "原稿" => Self::SignedDraft,
            "历次稿" | "草稿" | "讨论稿" | "送审稿" | "征求意见稿" | "修订稿" => {
                Self::Revision
            }
            "来请" | "请示件" | "请示文" => Self::Request,
            "来函" | "来信" | "来电" | "问函" | "报告" => Self::Incoming,
            "被印发件" | "被批转件" | "被转件" | "转发件" | "印发件" | "所转文件" => {
                Self::Forwarded
            }
            "依据" | "证据" | "证明材料" | "证据材料" | "佐证材料" => Self::Grounds,
            "结果" | "处理结果" | "办理情况" | "办结材料" | "落实情况" => Self::Outcome,
            "复印件" | "副本" | "抄件" | "重份" => Self::Copy,
            "译文" | "翻译件" => Self::Translation,
            _ => return None,
        })
    }
}

impl SecrecyLevel {
    /// Reads the word of a level, with or without 级.
    pub fn read(word: &str) -> Option<Self> {
        let plain = folded_tight(word);
        Some(match plain.strip_suffix('级').unwrap_or(&plain) {
            "绝密" => Self::TopSecret,
            "机密" => Self::Confidential,
            "秘密" => Self::Secret,
            // What isn't a state secret (保守国家秘密法 64: work secrets have their own rules).
            "" | "无" | "普通" | "一般" | "公开" | "非密" | "非涉密" | "不涉密" | "无密" | "无密级"
            | "平件" | "内部" | "工作秘密" | "内部资料" | "内部文件" | "-" | "—" | "/" => {
                Self::None
            }
            _ => return None,
        })
    }
}

/// What recognition and people make of the star between level and term.
const STARS: [char; 12] = ['★', '☆', '*', '＊', '·', '大', '※', '✩', '✭', '⭐', '.', '-'];

impl Secrecy {
    /// Reads a 密级 cell, which may hold the term too: 机密, 机密★10年, 机密*10年, 秘密级.
    ///
    /// Nothing for a word that is no level: such a cell is reported, never taken for open.
    pub fn read(written: &str) -> Option<Self> {
        let plain = folded_tight(written);
        if let Some(level) = SecrecyLevel::read(&plain) {
            return Some(Self { level, term: None });
        }
        let (level, rest) = leading_level(&plain)?;
        let term = rest.trim_start_matches(STARS);
        (is_term(term)).then(|| Self { level, term: Some(term.to_owned()) })
    }

    /// The mark on a page, if this line is one: level, star, term, with at most a copy number (份号) or an urgency beside.
    ///
    /// Old forms (机密 五年, 密级：秘密, 〔绝密〕) and what recognition makes of the star are marks too (机密*10年,
    /// 秘密食1年, 绝密▲); the words inside a sentence (保守国家秘密) are none. Meant for the upper corners of a first
    /// page.
    pub fn mark_in_line(line: &str) -> Option<Self> {
        let mut found = None;
        for piece in line.split(|c: char| fold(c) == ' ' || matches!(c, '|' | '\t')) {
            let tight = folded_tight(piece);
            let inner = tight.trim_matches(['〔', '〕', ':', '密', '级']);
            let is_beside =
                inner.chars().all(|c| c.is_ascii_digit() || matches!(c, 'N' | 'o' | '№' | '.' | '-'))
                    || ["特急", "加急", "平急", "急件", "特提", "保密期限"].contains(&inner)
                    || inner.starts_with("份号");
            if is_beside && leading_level(&tight).is_none() {
                continue;
            }
            match Self::marked(&tight) {
                Some(mark) if found.is_none() => found = Some(mark),
                _ => {
                    // 机 密 and 机密 ★ 10年 come in pieces; the whole line is tried once more below.
                    found = None;
                    break;
                }
            }
        }
        found.or_else(|| {
            let whole = folded_tight(line);
            (whole.chars().count() <= 24).then(|| Self::marked(&whole)).flatten()
        })
    }

    /// A mark without blanks, perhaps with what stands around it on paper.
    fn marked(tight: &str) -> Option<Self> {
        let mut plain = tight.trim_matches(['〔', '〕']);
        plain = plain.trim_start_matches(|c: char| c.is_ascii_digit());
        plain = plain.strip_prefix("密级").unwrap_or(plain).trim_start_matches([':', '-']);
        for urgency in ["特急", "加急", "平急", "急件"] {
            plain = plain.strip_prefix(urgency).unwrap_or(plain);
            plain = plain.strip_suffix(urgency).unwrap_or(plain);
        }
        let plain = plain.trim_matches(['〔', '〕']);
        let (level, rest) = leading_level(plain)?;
        let rest = rest.trim_start_matches(['〔', '〕', ':']);
        let rest = rest.strip_prefix("保密期限").unwrap_or(rest).trim_start_matches([':', '-']);
        if rest.is_empty() || rest.chars().count() <= 2 && rest.chars().all(|c| !c.is_alphanumeric()) {
            return Some(Self { level, term: None });
        }
        // One character may be what became of the star, and letters of the first digit of the term.
        let mut after = rest.chars();
        after.next();
        [rest.trim_start_matches(STARS), rest, after.as_str()].into_iter().find_map(|term| {
            let term = term.trim_matches(['〔', '〕']).replace(['I', 'l', '|'], "1");
            is_term(&term).then_some(Self { level, term: Some(term) })
        })
    }
}

fn leading_level(plain: &str) -> Option<(SecrecyLevel, &str)> {
    let levels = [SecrecyLevel::TopSecret, SecrecyLevel::Confidential, SecrecyLevel::Secret];
    levels.into_iter().find_map(|level| {
        let rest = plain.strip_prefix(level.word())?;
        Some((level, rest.strip_prefix('级').unwrap_or(rest)))
    })
}

/// 10年, 6个月, 长期, a date, 启用前: what can follow the star.
fn is_term(term: &str) -> bool {
    let count = |unit: &str| term.strip_suffix(unit).is_some_and(|count| number(count).is_some());
    matches!(term, "长期" | "启用前" | "解密前" | "公布前" | "定稿前")
        || count("年")
        || count("个月")
        || count("月")
        || super::ItemDate::read(term).date().is_some_and(|_| term.chars().count() > 4)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn states_of_drafts_are_read_with_their_number() {
        for (written, state) in [
            ("正本", Some(DraftState::Print)),
            ("印本", Some(DraftState::Print)),
            ("定稿", Some(DraftState::SignedDraft)),
            ("修改稿", Some(DraftState::Revision(0))),
            ("修改稿2", Some(DraftState::Revision(2))),
            ("修改稿（二）", Some(DraftState::Revision(2))),
            ("第二次修改稿", Some(DraftState::Revision(2))),
            ("讨论稿", Some(DraftState::Revision(0))),
            ("三稿", Some(DraftState::Revision(3))),
            ("草稿", Some(DraftState::Draft)),
            ("复印件", Some(DraftState::Copy)),
            ("译文", Some(DraftState::Translation)),
            ("", None),
            ("稿", None),
            ("好", None),
        ] {
            assert_eq!(DraftState::read(written), state, "{written}");
        }
    }

    #[test]
    fn a_secrecy_cell_gives_level_and_term_or_nothing() {
        let term = |level, term: &str| Some(Secrecy { level, term: Some(term.to_owned()) });
        for written in [
            "机密★10年",
            "机密*10年",
            "机密☆10年",
            "机密·10年",
            "机密大10年",
            "机 密 ★ 10 年",
            "机密级★10年",
            "机密10年",
        ] {
            assert_eq!(Secrecy::read(written), term(SecrecyLevel::Confidential, "10年"), "{written}");
        }
        assert_eq!(Secrecy::read("绝密★长期"), term(SecrecyLevel::TopSecret, "长期"));
        assert_eq!(Secrecy::read("秘密★6个月"), term(SecrecyLevel::Secret, "6个月"));
        assert_eq!(Secrecy::read("秘密"), Some(Secrecy { level: SecrecyLevel::Secret, term: None }));
        assert_eq!(Secrecy::read("内部"), Some(Secrecy::default()));
        assert_eq!(Secrecy::read("密"), None);
        assert_eq!(Secrecy::read("机密文件"), None);
    }

    #[test]
    fn a_mark_is_told_from_a_sentence() {
        for line in [
            "机密★10年",
            "机密*10年",
            "000012 机密★10年",
            "机密 ★ 10年",
            "秘密",
            "秘 密",
            "机密★10年 特急",
            "密级：机密",
            "000123机密★10年",
            "机密★1年",
            "绝密▲",
            "绝 密 ★ 长 期",
            "机密＊10年",
            "机密食10年",
            "秘密x5年",
            "机密★I0年",
            "机密★lO年",
            "秘密 五年",
            "机密（十年）",
            "〔秘密〕",
            "机密级",
            "密级：秘密　保密期限：10年",
            "特急 秘密★6个月",
            "秘密★",
            "№000017　机密★20年",
        ] {
            assert!(Secrecy::mark_in_line(line).is_some(), "{line}");
        }
        for line in [
            "保守国家秘密",
            "关于做好机密文件管理的通知",
            "秘密工作",
            "绝密级事项不超过三十年",
            "",
            "特急",
            "000012",
            "公开",
            "内部资料 注意保存",
            "机密文件不得外借",
            "国家秘密 10年",
            "秘密件",
            "机密、秘密级文件清退目录",
            "绝密、机密、秘密三级",
            "商业秘密",
            "秘密投票选举办法（2004年）",
            "秘密级国家秘密不超过十年",
        ] {
            assert!(Secrecy::mark_in_line(line).is_none(), "{line}");
        }
    }

    #[test]
    fn ties_and_sides_have_their_synonyms() {
        assert_eq!(TieKind::read("请示"), Some(TieKind::Request));
        assert_eq!(TieKind::read("复印件"), Some(TieKind::Copy));
        assert_eq!(TieKind::read("兄弟"), None);
        assert_eq!(Side::read("党委"), Some(Side::Party));
        assert_eq!(Side::read("行政"), Some(Side::Government));
        assert_eq!(Side::read("军"), None);
    }

    proptest! {
        #[test]
        fn words_written_are_read_again(n in 0_u16..1000, tie in 0..TieKind::ALL.len()) {
            let state = DraftState::Revision(n);
            prop_assert_eq!(DraftState::read(&state.word()), Some(state));
            prop_assert_eq!(TieKind::read(TieKind::ALL[tie].word()), Some(TieKind::ALL[tie]));
        }

        #[test]
        fn no_string_makes_them_fall_over(written in "\\PC{0,40}") {
            let _ = (DraftState::read(&written), Side::read(&written), TieKind::read(&written));
            let _ = (Secrecy::read(&written), Secrecy::mark_in_line(&written));
        }

        #[test]
        fn nothing_secret_makes_them_fall_over(written in "[绝机秘密级★*0-9年月 第稿修改〔〕-]{0,16}") {
            let _ = (Secrecy::read(&written), Secrecy::mark_in_line(&written), DraftState::read(&written));
        }
    }
}
