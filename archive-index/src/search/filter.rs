//! Filters: choosing by what a record is, whatever it says.
//!
//! They are typed in a query (年度:2001..2004) or set on a [`Search`](super::Search) by a page with boxes
//! to tick; both come to the same [`Filter`].

use archive_core::text;
use archive_core::text::Text;
use chrono::{Datelike, NaiveDate};

/// What a filter looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FilterField {
    /// 全宗号.
    Fonds,
    /// 年度.
    Year,
    /// 日期.
    Date,
    /// 保管期限.
    Period,
    /// 文种.
    Type,
    /// 归档机构.
    Section,
    /// 党政.
    Side,
    /// 开放标识.
    Opening,
    /// 责任者, one of them whole. Typed in a query, 责任者 asks for words in it instead.
    Body,
}

impl FilterField {
    /// The field of a name, Chinese or English.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "全宗" | "全宗号" | "fonds" => Self::Fonds,
            "年度" | "year" => Self::Year,
            "日期" | "成文日期" | "date" => Self::Date,
            "期限" | "保管期限" | "period" => Self::Period,
            "文种" | "type" => Self::Type,
            "归档机构" | "机构" | "section" => Self::Section,
            "党政" | "side" => Self::Side,
            "开放" | "开放标识" | "opening" => Self::Opening,
            _ => return None,
        })
    }
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// The field is this word.
    Is(FilterField, String),
    /// 年度 from one to another, both included.
    Years(i32, i32),
    /// The record's date can lie between these days, both included.
    Dates(NaiveDate, NaiveDate),
}

impl Filter {
    /// Reads what a person typed for a field.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong with it.
    pub fn read(field: FilterField, typed: &str) -> Result<Self, Text> {
        let typed = typed.trim();
        let (from, to) = ["..", "～", "~", "至", "—"]
            .iter()
            .find_map(|sign| typed.split_once(sign))
            .unwrap_or((typed, typed));
        match field {
            FilterField::Year => {
                let wrong = || text!("“{typed}”不是年度", "\"{typed}\" is no year");
                let from = year(from).ok_or_else(wrong)?;
                let to = year(to).ok_or_else(wrong)?;
                Ok(Self::Years(from.min(to), from.max(to)))
            }
            FilterField::Date => {
                let wrong = || text!("“{typed}”不是日期", "\"{typed}\" is no date");
                let from = days(from).ok_or_else(wrong)?;
                let to = days(to).ok_or_else(wrong)?;
                Ok(Self::Dates(from.0.min(to.0), from.1.max(to.1)))
            }
            _ => Ok(Self::Is(field, typed.to_owned())),
        }
    }
}

fn year(typed: &str) -> Option<i32> {
    let digits = typed.trim().trim_end_matches('年');
    let year: i32 = digits.parse().ok()?;
    (1000..=2999).contains(&year).then_some(year)
}

/// The first and last day that 2004, 2004-05 or 2004-05-16 can mean; `/`, `.`, 年 and 月 part as well.
fn days(typed: &str) -> Option<(NaiveDate, NaiveDate)> {
    let parts: Vec<u32> = typed
        .trim()
        .split(['-', '/', '.', '年', '月', '日'])
        .filter(|part| !part.is_empty())
        .map(|part| part.trim().parse().ok())
        .collect::<Option<_>>()?;
    let year = i32::try_from(*parts.first()?).ok().filter(|year| (1000..=2999).contains(year))?;
    match *parts.as_slice() {
        [_] => Some((NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year, 12, 31)?)),
        [_, month] => Some((NaiveDate::from_ymd_opt(year, month, 1)?, last_of_month(year, month)?)),
        [_, month, day] => NaiveDate::from_ymd_opt(year, month, day).map(|day| (day, day)),
        _ => None,
    }
}

/// The last day of a month.
pub(super) fn last_of_month(year: i32, month: u32) -> Option<NaiveDate> {
    let (year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    NaiveDate::from_ymd_opt(year, next, 1)?.pred_opt()
}

/// A day as a number that sorts: 20040516.
pub(super) fn as_number(day: NaiveDate) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_in_any_of_their_spellings() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(Filter::read(FilterField::Year, "2001..2004"), Ok(Filter::Years(2001, 2004)));
        assert_eq!(Filter::read(FilterField::Year, "2004年至2001年"), Ok(Filter::Years(2001, 2004)));
        assert_eq!(
            Filter::read(FilterField::Date, "2004-02"),
            Ok(Filter::Dates(day(2004, 2, 1), day(2004, 2, 29)))
        );
        assert_eq!(
            Filter::read(FilterField::Date, "2004年5月..2004.8.3"),
            Ok(Filter::Dates(day(2004, 5, 1), day(2004, 8, 3)))
        );
        assert!(Filter::read(FilterField::Date, "2004-13").is_err());
    }
}
