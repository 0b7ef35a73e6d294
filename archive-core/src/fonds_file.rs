//! The fonds file (全宗卷, F4): what an archive keeps *about* a fonds, by class and number.
//!
//! A fonds has a file of its own: how it came in, how it was arranged, what was destroyed and by whose leave,
//! who used it. Its materials are sorted into eight classes, numbered inside each class, and listed in a
//! catalogue of two copies, one for the storeroom and one for the search room (福田《档案整理工作制度》(三)).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A class of the fonds file, in the order of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// 交接: hand-over lists and receipts.
    Handover,
    /// 综合: what belongs to no other class.
    General,
    /// 考证: research on the institution and its records; its history.
    Research,
    /// 整理: how it was arranged.
    Arrangement,
    /// 统计: figures.
    Statistics,
    /// 利用: how it was used.
    Use,
    /// 保管: how it was kept; stocktakings.
    Keeping,
    /// 鉴定: appraisal, destruction lists, opening.
    Appraisal,
}

impl Class {
    /// Every class, in order.
    pub const ALL: [Self; 8] = [
        Self::Handover,
        Self::General,
        Self::Research,
        Self::Arrangement,
        Self::Statistics,
        Self::Use,
        Self::Keeping,
        Self::Appraisal,
    ];

    /// Its number, from 1.
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The word as on paper.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Handover => "交接",
            Self::General => "综合",
            Self::Research => "考证",
            Self::Arrangement => "整理",
            Self::Statistics => "统计",
            Self::Use => "利用",
            Self::Keeping => "保管",
            Self::Appraisal => "鉴定",
        }
    }

    /// The stable name, as commands and JSON write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Handover => "handover",
            Self::General => "general",
            Self::Research => "research",
            Self::Arrangement => "arrangement",
            Self::Statistics => "statistics",
            Self::Use => "use",
            Self::Keeping => "keeping",
            Self::Appraisal => "appraisal",
        }
    }

    /// The number of a material: class and place in it, `8-003`.
    pub fn material(self, serial: u32) -> String {
        format!("{}-{serial:03}", self.number())
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that names no class.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "全宗卷没有“{0}”类：交接、综合、考证、整理、统计、利用、保管、鉴定 / the fonds file has no class {0}: handover, general, research, arrangement, statistics, use, keeping, appraisal"
)]
pub struct NoSuchClass(pub String);

impl FromStr for Class {
    type Err = NoSuchClass;

    /// Reads the word, the stable name, the number, and the words of DA/T 12 (收集, 全宗介绍).
    fn from_str(word: &str) -> Result<Self, NoSuchClass> {
        let plain = word.trim().trim_end_matches('类');
        match plain {
            "收集" => return Ok(Self::Handover),
            "全宗介绍" => return Ok(Self::Research),
            _ => {}
        }
        Self::ALL
            .into_iter()
            .find(|class| {
                class.word() == plain
                    || class.name().eq_ignore_ascii_case(plain)
                    || class.number().to_string() == plain
            })
            .ok_or_else(|| NoSuchClass(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_stand_in_the_order_of_the_source_and_are_read_by_every_name() {
        for (at, class) in Class::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(class.number()), at + 1);
            for name in [class.word(), class.name(), &class.number().to_string()] {
                assert_eq!(name.parse(), Ok(class));
            }
        }
        assert_eq!(Class::Appraisal.material(3), "8-003");
        assert_eq!("收集类".parse(), Ok(Class::Handover));
        assert!("财务".parse::<Class>().is_err());
    }
}
