//! The rules the product carries out, each with its source, and the checks that judge by them.
//!
//! A rule is data: its identifier, severity, source, what it says, an example, what to do. The text is
//! written once, here, and used by findings, by `archive explain` and by the book.

mod archived;
mod book;
mod books;
mod by_id;
mod checking;
mod circulation;
mod custody;
mod disposal;
mod handover;
mod holdings;
mod input;
mod lists;
mod numbering;
mod opening;
mod order;
mod pages;
mod registers;
mod retention;
mod secrecy;
mod storeroom;
mod transfer;
mod volumes;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::finding::Severity;
use crate::text::Text;

pub use book::book;
pub use checking::check;
pub use holdings::{FileFacts, GivenNumber, Holdings, Stage, VolumeNote};
pub use registers::{
    AccessionFact, ClearingFact, ClimateFact, CountFact, DisposalFact, DisposalLine, ExceptionFact,
    HandoverFact, LeaverFact, LoanFact, PlaceFact, Registers, ReviewFact, RoomFact, SecretCopyFact, UseFact,
};

/// A rule and everything there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its identifier.
    pub id: RuleId,
    /// What a breach weighs, unless the profile says otherwise.
    pub severity: Severity,
    /// The document and article it comes from, in Chinese.
    pub source: &'static str,
    /// What it says, in our own words.
    pub says: Text,
    /// A case of it.
    pub example: Text,
    /// What to do about a breach.
    pub remedy: Text,
    /// Who judges by it.
    pub judged: Judged,
}

/// Who judges by a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judged {
    /// [`check`], on [`Holdings`].
    Checked,
    /// Those who read the input, which know the cell and the byte.
    ByReaders,
    /// Nobody: nothing can be breached that a program could see. The reason.
    Nobody(Text),
    /// Nobody yet.
    NotYet,
}

macro_rules! rule_ids {
    ($($id:ident),+ $(,)?) => {
        /// The identifier of a rule: a letter for its chapter, and a number.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[allow(missing_docs)] // each one is documented by its `Rule`
        pub enum RuleId { $($id),+ }

        impl RuleId {
            /// Every rule, in the order of the book.
            pub const ALL: &'static [Self] = &[$(Self::$id),+];

            /// The identifier as people write it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$id => stringify!($id)),+ }
            }
        }
    };
}

rule_ids! {
    I1, I2, I3, I4, I5,
    A1, A2, A3, A4, A5, A6, A7,
    V1, V2, V3, V4, V5, V6, V7, V8, V9,
    R1, R2, R3,
    O1, O2, O3, O4, O5, O6, O7, O8,
    P1, P2, P3,
    L1,
    N1,
    C1,
    T1,
    K1, K2, K3, K4,
    F1, F2, F3, F4, F5,
    S1, S2, S3, S4, S5,
    U1, U2, U3, U4, U5, U6, U7, U8, U9, U10,
    D1, D2, D3, D4, D5, D6,
    X1, X2, X3, X4, X5,
    H1, H2, H3,
}

/// A chapter of the book of rules: the letter its rules begin with, its name, its rules.
#[derive(Debug, Clone, Copy)]
pub struct Chapter {
    /// The letter: V.
    pub letter: char,
    /// Its name in both languages.
    pub title: &'static Text,
    /// Its rules, in order.
    pub rules: &'static [Rule],
}

macro_rules! chapters {
    ($($letter:literal $zh:literal $en:literal $rules:path;)+) => {
        /// The chapters, in the order of the book.
        pub const CHAPTERS: &[Chapter] =
            &[$(Chapter { letter: $letter, title: &Text::fixed($zh, $en), rules: $rules }),+];
    };
}

chapters! {
    'I' "登记表与文件" "Registers and files" input::RULES;
    'A' "归档" "What is archived, by whom and when" archived::RULES;
    'V' "组卷" "Forming volumes" volumes::RULES;
    'R' "保管期限" "Retention" retention::RULES;
    'O' "卷内文件排列" "Order inside a volume" order::RULES;
    'P' "页号与件号" "Pages and item numbers" pages::RULES;
    'L' "卷内目录、备考表、封面、题名" "List of contents, note, cover, title" lists::RULES;
    'K' "编号" "Numbers" numbering::NUMBERS;
    'F' "目录与检索工具" "Catalogues and finding aids" numbering::FINDING_AIDS;
    'S' "保密" "Secrecy" secrecy::RULES;
    'U' "开放与利用" "Opening and use" opening::RULES;
    'D' "鉴定与销毁" "Appraisal and destruction" disposal::RULES;
    'X' "移交与接收" "Transfer" transfer::RULES;
    'H' "库房" "The storeroom" storeroom::RULES;
}

/// Every rule at the place of its identifier; a rule that is missing or out of order doesn't compile.
const BY_ID: [&Rule; RuleId::ALL.len()] = {
    let mut rules = [&CHAPTERS[0].rules[0]; RuleId::ALL.len()];
    let mut place = 0;
    let mut chapter = 0;
    while chapter < CHAPTERS.len() {
        let mut at = 0;
        while at < CHAPTERS[chapter].rules.len() {
            let rule = &CHAPTERS[chapter].rules[at];
            assert!(rule.id as usize == place, "the rules stand in the order of their identifiers");
            rules[place] = rule;
            place += 1;
            at += 1;
        }
        chapter += 1;
    }
    assert!(place == RuleId::ALL.len(), "each identifier has its rule");
    rules
};

impl RuleId {
    /// The rule itself.
    pub const fn rule(self) -> &'static Rule {
        BY_ID[self as usize]
    }
}

/// A rule as the chapters write it: identifier, severity, source, then what it says, an example and what to do,
/// each in Chinese and in English. Where [`check`] doesn't judge by it, who does: `judged by readers`,
/// `judged not yet`, or `judged by nobody` with the reason.
macro_rules! rule {
    ($id:ident $severity:ident $source:literal;
        says $says_zh:literal, $says_en:literal;
        example $example_zh:literal, $example_en:literal;
        remedy $remedy_zh:literal, $remedy_en:literal
        $(; judged $($judged:tt)+)?) => {
        $crate::rules::Rule {
            id: $crate::rules::RuleId::$id,
            severity: $crate::finding::Severity::$severity,
            source: $source,
            says: $crate::text::Text::fixed($says_zh, $says_en),
            example: $crate::text::Text::fixed($example_zh, $example_en),
            remedy: $crate::text::Text::fixed($remedy_zh, $remedy_en),
            judged: $crate::rules::rule!(@judged $($($judged)+)?),
        }
    };
    (@judged) => { $crate::rules::Judged::Checked };
    (@judged by readers) => { $crate::rules::Judged::ByReaders };
    (@judged not yet) => { $crate::rules::Judged::NotYet };
    (@judged by nobody $zh:literal, $en:literal) => {
        $crate::rules::Judged::Nobody($crate::text::Text::fixed($zh, $en))
    };
}
use rule;

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that names no rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("没有规则 {0} / there is no rule {0}")]
pub struct NoSuchRule(pub String);

impl FromStr for RuleId {
    type Err = NoSuchRule;

    fn from_str(name: &str) -> Result<Self, NoSuchRule> {
        let wanted = name.trim();
        Self::ALL
            .iter()
            .copied()
            .find(|id| id.name().eq_ignore_ascii_case(wanted))
            .ok_or_else(|| NoSuchRule(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_said_in_both_languages_with_an_example_a_remedy_and_a_source() {
        for id in RuleId::ALL {
            let rule = id.rule();
            assert_eq!(rule.id, *id);
            assert!(!rule.source.is_empty(), "{id}");
            let reason = match &rule.judged {
                Judged::Nobody(reason) => Some(reason),
                _ => None,
            };
            for text in [&rule.says, &rule.example, &rule.remedy].into_iter().chain(reason) {
                assert!(
                    text.zh.chars().any(|c| ('一'..='鿿').contains(&c)) && text.zh.len() > 12,
                    "{id}: {}",
                    text.zh
                );
                assert!(text.en.chars().filter(char::is_ascii_alphabetic).count() > 8, "{id}: {}", text.en);
            }
        }
    }

    #[test]
    fn every_chapter_holds_its_own_letters() {
        for chapter in CHAPTERS {
            for rule in chapter.rules {
                let letter = rule.id.name().chars().next();
                let own = letter == Some(chapter.letter)
                    || (chapter.letter == 'L' && "NCT".contains(letter.unwrap_or(' ')));
                assert!(own, "{} in chapter {}", rule.id, chapter.letter);
            }
        }
    }

    #[test]
    fn a_rule_is_found_by_its_name_in_any_case() {
        assert_eq!("v3".parse(), Ok(RuleId::V3));
        assert_eq!(" U10 ".parse(), Ok(RuleId::U10));
        assert!("Z9".parse::<RuleId>().is_err());
    }
}
