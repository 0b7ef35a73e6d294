//! Retention periods (保管期限) and the schemes they belong to (R1).
//!
//! The schemes followed each other (1987, 2006) and are not translated into one another by any law:
//! 长期 is not 30 years. So a period is kept as the word its office used.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How long a record is kept. Ordered from the longest to the shortest, as volumes stand (K1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum RetentionPeriod {
    /// 永久.
    Permanent,
    /// 长期: about 16 to 50 years (1987).
    LongTerm,
    /// 短期: up to about 15 years (1987).
    ShortTerm,
    /// 定期, a number of years (2006: 30 and 10).
    Years(u16),
}

/// The set of periods an institution uses (R1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PeriodScheme {
    /// 永久, 长期, 短期 (1987).
    #[serde(rename = "1987")]
    Terms1987,
    /// 永久, 定期30年, 定期10年 (2006).
    #[serde(rename = "2006")]
    Terms2006,
    /// Accounting records: 永久, 30年, 10年 (2015).
    #[serde(rename = "accounting-2015")]
    Accounting2015,
}

impl PeriodScheme {
    /// The periods of the scheme, longest first.
    pub const fn periods(self) -> &'static [RetentionPeriod] {
        match self {
            Self::Terms1987 => {
                &[RetentionPeriod::Permanent, RetentionPeriod::LongTerm, RetentionPeriod::ShortTerm]
            }
            Self::Terms2006 | Self::Accounting2015 => {
                &[RetentionPeriod::Permanent, RetentionPeriod::Years(30), RetentionPeriod::Years(10)]
            }
        }
    }
}

impl RetentionPeriod {
    /// Years it stands for when lengths are compared: 长期 counts as 50, 短期 as 15 (their upper ends).
    const fn length(self) -> u16 {
        match self {
            Self::Permanent => u16::MAX,
            Self::LongTerm => 50,
            Self::ShortTerm => 15,
            Self::Years(years) => years,
        }
    }

    /// The longer of two periods: what a tie between two records asks for (V3).
    #[must_use]
    pub fn longer(self, other: Self) -> Self {
        if self <= other { self } else { other }
    }
}

/// Longest first, so that sorting gives the order of the shelves.
impl Ord for RetentionPeriod {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let rank = |period: Self| (std::cmp::Reverse(period.length()), matches!(period, Self::Years(_)));
        rank(*self).cmp(&rank(*other))
    }
}

impl PartialOrd for RetentionPeriod {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// As on paper: 永久, 长期, 短期, 定期30年.
impl fmt::Display for RetentionPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Permanent => f.write_str("永久"),
            Self::LongTerm => f.write_str("长期"),
            Self::ShortTerm => f.write_str("短期"),
            Self::Years(years) => write!(f, "定期{years}年"),
        }
    }
}

/// A word that names no retention period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} 不是保管期限 / {0} is no retention period")]
pub struct NotAPeriod(pub String);

/// Reads 永久, 长期, 短期, 定期30年, 30年, 定期（10年）, 30.
impl FromStr for RetentionPeriod {
    type Err = NotAPeriod;

    fn from_str(word: &str) -> Result<Self, NotAPeriod> {
        let plain: String = word.chars().filter(|c| !c.is_whitespace()).collect();
        match plain.as_str() {
            "永久" => return Ok(Self::Permanent),
            "长期" => return Ok(Self::LongTerm),
            "短期" => return Ok(Self::ShortTerm),
            _ => {}
        }
        let digits =
            plain.trim_start_matches("定期").trim_matches(['(', ')', '（', '）']).trim_end_matches('年');
        match digits.parse() {
            Ok(years) if years > 0 => Ok(Self::Years(years)),
            _ => Err(NotAPeriod(word.to_owned())),
        }
    }
}

impl TryFrom<String> for RetentionPeriod {
    type Error = NotAPeriod;

    fn try_from(word: String) -> Result<Self, NotAPeriod> {
        word.parse()
    }
}

impl From<RetentionPeriod> for String {
    fn from(period: RetentionPeriod) -> Self {
        period.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_stand_longest_first_and_print_as_on_paper() {
        let mut periods: Vec<RetentionPeriod> =
            ["10年", "短期", "永久", "定期30年", "长期"].iter().map(|word| word.parse().unwrap()).collect();
        periods.sort();
        let printed: Vec<String> = periods.iter().map(ToString::to_string).collect();
        assert_eq!(printed, ["永久", "长期", "定期30年", "短期", "定期10年"]);
    }

    #[test]
    fn what_is_no_period_is_refused() {
        assert!("0年".parse::<RetentionPeriod>().is_err());
        assert!("很久".parse::<RetentionPeriod>().is_err());
    }
}
