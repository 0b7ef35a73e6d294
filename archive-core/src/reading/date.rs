//! Dates (日期) of records: to the day, the month or the year.
//!
//! Offices write dates in a dozen ways, and a wrong date is worse than none: it moves a paper into
//! another year. So a form that could mean two things is refused rather than guessed at.

use std::fmt;
use std::ops::Range;

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::characters::{digit, fold, folded_tight, number};

/// A date as exact as the record tells it.
///
/// Sorts by the first day it can mean, the less exact one first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordDate {
    /// A day.
    Day(NaiveDate),
    /// A month; the day in it is the first and means nothing.
    Month(NaiveDate),
    /// A year; the day in it is 1 January and means nothing.
    Year(NaiveDate),
}

impl RecordDate {
    /// A day, if there is such a day.
    pub fn day(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self::Day)
    }

    /// A month, if there is such a month.
    pub fn month(year: i32, month: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, 1).map(Self::Month)
    }

    /// A year.
    pub fn year_only(year: i32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, 1, 1).map(Self::Year)
    }

    /// The first day it can mean.
    pub const fn first_day(self) -> NaiveDate {
        match self {
            Self::Day(day) | Self::Month(day) | Self::Year(day) => day,
        }
    }

    /// Its year.
    pub fn year(self) -> i32 {
        self.first_day().year()
    }

    const fn exactness(self) -> u8 {
        match self {
            Self::Year(_) => 0,
            Self::Month(_) => 1,
            Self::Day(_) => 2,
        }
    }
}

impl Ord for RecordDate {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.first_day(), self.exactness()).cmp(&(other.first_day(), other.exactness()))
    }
}

impl PartialOrd for RecordDate {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// ISO, cut to what is known: 2004-05-16, 2004-05, 2004.
impl fmt::Display for RecordDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{}", day.format("%Y-%m-%d")),
            Self::Month(day) => write!(f, "{}", day.format("%Y-%m")),
            Self::Year(day) => write!(f, "{}", day.format("%Y")),
        }
    }
}

/// What a date cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateReading {
    /// Nothing stands there.
    #[default]
    Missing,
    /// It says that the date isn't known (不详, 无日期).
    Unknown,
    /// A date.
    On(RecordDate),
    /// From one date to another.
    Span(RecordDate, RecordDate),
    /// Something stands there that is no date.
    Unreadable,
}

/// The date of an item: what stands there, and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct ItemDate {
    /// As written.
    pub original: String,
    /// As understood.
    pub reading: DateReading,
}

impl ItemDate {
    /// The date that counts for order: the date itself, or the end of a span.
    pub const fn date(&self) -> Option<RecordDate> {
        match self.reading {
            DateReading::On(date) | DateReading::Span(_, date) => Some(date),
            DateReading::Missing | DateReading::Unknown | DateReading::Unreadable => None,
        }
    }
}

impl RecordDate {
    /// The last day it can mean.
    pub fn last_day(self) -> NaiveDate {
        let first = self.first_day();
        let next = match self {
            Self::Day(day) => return day,
            Self::Month(_) if first.month() == 12 => NaiveDate::from_ymd_opt(first.year() + 1, 1, 1),
            Self::Month(_) => NaiveDate::from_ymd_opt(first.year(), first.month() + 1, 1),
            Self::Year(_) => NaiveDate::from_ymd_opt(first.year() + 1, 1, 1),
        };
        next.and_then(|day| day.pred_opt()).unwrap_or(first)
    }
}

impl ItemDate {
    /// Reads a date cell in any form people use; what is no date is [`DateReading::Unreadable`], never a
    /// guess. Two-digit years, `5/16/2005` and bare spreadsheet serials are refused for that reason.
    ///
    /// ```
    /// use archive_core::reading::ItemDate;
    /// assert_eq!(ItemDate::read("二〇〇五年五月十六日").date().unwrap().to_string(), "2005-05-16");
    /// assert_eq!(ItemDate::read("2005、3").date().unwrap().to_string(), "2005-03");
    /// assert!(ItemDate::read("2004年13月").date().is_none());
    /// ```
    pub fn read(written: &str) -> Self {
        Self { original: written.to_owned(), reading: DateReading::read(written) }
    }

    /// The part of an unreadable date that can't be (a 13th month, 31 April), by its characters; `None` where the
    /// whole is no date.
    pub fn wrong_part(written: &str) -> Option<Range<usize>> {
        let chars: Vec<char> = written.chars().map(fold).collect();
        let counts = |c: &char| digit(*c).is_some() || matches!(c, '十' | '廿' | '卅');
        let mut parts: Vec<Range<usize>> = Vec::new();
        for (at, c) in chars.iter().enumerate().filter(|(_, c)| counts(c)) {
            match parts
                .last_mut()
                .filter(|part| part.end == at && c.is_ascii_digit() == chars[at - 1].is_ascii_digit())
            {
                Some(part) => part.end = at + 1,
                None => parts.push(at..at + 1),
            }
        }
        // 20041301 is three parts in one.
        if let [whole] = parts.as_slice()
            && matches!(whole.len(), 6 | 8)
        {
            let start = whole.start;
            parts = [start..start + 4, start + 4..start + 6, start + 6..whole.end]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect();
        }
        let value = |part: &Range<usize>| number(&chars[part.clone()].iter().collect::<String>());
        let (year, month) = (parts.first()?, parts.get(1)?);
        let Some(known_year) =
            value(year).filter(|_| year.len() == 4).and_then(|year| i32::try_from(year).ok())
        else {
            return Some(year.clone());
        };
        let Some(known_month) = value(month).filter(|month| (1..=12).contains(month)) else {
            return Some(month.clone());
        };
        let day = parts.get(2)?;
        let exists = value(day).is_some_and(|day| RecordDate::day(known_year, known_month, day).is_some());
        (!exists).then(|| day.clone())
    }

    /// Reads the number a spreadsheet keeps for a date (1900 system). 29 February 1900 never was.
    pub fn from_excel_serial(serial: f64) -> Self {
        let whole = serial.trunc();
        let date = if (1.0..2_958_466.0).contains(&whole) && !(60.0..61.0).contains(&whole) {
            let epoch = if whole < 60.0 { (1899, 31) } else { (1899, 30) };
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // in range, checked above
            NaiveDate::from_ymd_opt(epoch.0, 12, epoch.1)
                .and_then(|day| day.checked_add_days(Days::new(whole as u64)))
        } else {
            None
        };
        match date {
            Some(day) => {
                let date = RecordDate::Day(day);
                Self { original: date.to_string(), reading: DateReading::On(date) }
            }
            None => Self { original: serial.to_string(), reading: DateReading::Unreadable },
        }
    }
}

/// Words that say that the date isn't known.
const UNKNOWN: [&str; 12] = [
    "不详",
    "日期不详",
    "无日期",
    "无",
    "未知",
    "不明",
    "日期不明",
    "时间不详",
    "时间不明",
    "年代不详",
    "缺",
    "不清",
];

impl DateReading {
    /// What a date cell says.
    pub fn read(written: &str) -> Self {
        let mut tight = folded_tight(&without_time(written));
        while let Some(inner) = tight.strip_prefix('〔').and_then(|rest| rest.strip_suffix('〕')) {
            tight = inner.to_owned();
        }
        let plain = without_weekday(&tight).trim_end_matches(['.', '、', ',', ';']);
        if plain.is_empty() {
            return if written.trim().is_empty() { Self::Missing } else { Self::Unreadable };
        }
        if UNKNOWN.contains(&plain) {
            return Self::Unknown;
        }
        if plain.chars().count() > 40 {
            return Self::Unreadable;
        }
        one_date(plain).map(Self::On).or_else(|| span(plain)).unwrap_or(Self::Unreadable)
    }
}

/// Cuts off a time of day, which exports add: `2005-05-16 00:00:00`.
fn without_time(written: &str) -> String {
    let text = written.trim();
    if let Some(at) = text.find([' ', 'T', '\u{3000}']) {
        let time = text[at..].trim_start_matches([' ', 'T', '\u{3000}']);
        let is_time = time.contains(':')
            && time.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | 'Z' | '+'))
            && time.starts_with(|c: char| c.is_ascii_digit());
        if is_time {
            return text[..at].to_owned();
        }
    }
    text.to_owned()
}

/// Cuts off a weekday: 2005年5月16日（星期一）.
fn without_weekday(tight: &str) -> &str {
    let inner = tight.strip_suffix('〕').unwrap_or(tight);
    for word in ["星期", "周"] {
        if let Some(at) = inner.rfind(word) {
            let day = &inner[at + word.len()..];
            if matches!(day, "一" | "二" | "三" | "四" | "五" | "六" | "日" | "天") {
                return inner[..at].trim_end_matches('〔');
            }
        }
    }
    tight
}

/// A date in one of its forms, text already folded and without blanks.
fn one_date(text: &str) -> Option<RecordDate> {
    if text.contains(['年', '月', '日']) {
        return in_words(text);
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return in_digits(text);
    }
    if let Some(year) = year(text) {
        return assemble(year, None, None);
    }
    let mark = text.chars().find(|c| matches!(c, '-' | '/' | '.' | '、' | '·' | ','))?;
    let mut parts = text.split(mark);
    let year = year(parts.next()?)?;
    let month = parts.next()?;
    let day = parts.next();
    if parts.next().is_some() {
        return None;
    }
    assemble(year, Some(small(month)?), day.map(small).map_or(Some(None), |day| day.map(Some))?)
}

/// 2005年5月16日, 二〇〇五年五月, 民国三十四年八月, 2005年, 2005年度.
fn in_words(text: &str) -> Option<RecordDate> {
    let (before, rest) = text.split_once('年')?;
    let year = match before.strip_prefix("民国") {
        Some("元") => 1912,
        Some(count) => 1911 + i32::try_from(number(count).filter(|n| (1..=38).contains(n))?).ok()?,
        None => year(before.strip_prefix("公元").unwrap_or(before))?,
    };
    if rest.is_empty() || rest == "度" {
        return assemble(year, None, None);
    }
    let (month, rest) = rest.split_once('月')?;
    let month = if month == "元" { 1 } else { number(month)? };
    if month == 0 {
        return None;
    }
    if rest.is_empty() || rest == "份" {
        return assemble(year, Some(month), None);
    }
    let day = number(rest.strip_suffix(['日', '号']).unwrap_or(rest))?;
    if day == 0 { None } else { assemble(year, Some(month), Some(day)) }
}

/// 20050516, 200505, 2005; zeros where the day or the month isn't known.
fn in_digits(text: &str) -> Option<RecordDate> {
    match text.len() {
        4 => assemble(year(text)?, None, None),
        6 => assemble(year(&text[..4])?, Some(text[4..].parse().ok()?), None),
        8 => assemble(year(&text[..4])?, Some(text[4..6].parse().ok()?), Some(text[6..].parse().ok()?)),
        _ => None,
    }
}

/// A year of four digits, Arabic or Chinese.
fn year(text: &str) -> Option<i32> {
    if text.chars().count() != 4 || text.chars().any(|c| digit(c).is_none()) {
        return None;
    }
    number(text).filter(|year| (1000..=9999).contains(year)).and_then(|year| i32::try_from(year).ok())
}

/// A month or day of one or two digits.
fn small(text: &str) -> Option<u32> {
    if text.chars().count() > 3 { None } else { number(text).filter(|n| *n < 100) }
}

/// A date of its parts, 0 standing for a part that isn't known.
fn assemble(year: i32, month: Option<u32>, day: Option<u32>) -> Option<RecordDate> {
    match (month, day) {
        (None | Some(0), None | Some(0)) => RecordDate::year_only(year),
        (Some(month), None | Some(0)) => RecordDate::month(year, month),
        (Some(month), Some(day)) => RecordDate::day(year, month, day),
        (None, Some(_)) => None,
    }
}

/// From one date to another: 2005年3月1日至5月2日, 2005.3.1~2005.5.2, 2004—2005.
fn span(text: &str) -> Option<DateReading> {
    let signs: &[&str] = &["——", "--", "~", "—", "–", "―", "至", "到"];
    for sign in signs {
        if let Some((from, to)) = text.split_once(sign) {
            return ends(from, to);
        }
    }
    // A plain dash between two whole dates, where it can't be part of either.
    text.match_indices('-').find_map(|(at, _)| {
        let (from, to) = (&text[..at], &text[at + 1..]);
        if from.contains('-') || from.bytes().all(|b| b.is_ascii_digit()) {
            let whole =
                one_date(to).filter(|_| to.chars().take_while(|c| digit(*c).is_some()).count() >= 4)?;
            return ordered(one_date(from)?, whole);
        }
        ends(from, to)
    })
}

/// Both ends of a span; the second may leave out what it shares with the first.
fn ends(from: &str, to: &str) -> Option<DateReading> {
    let start = one_date(from)?;
    if let Some(end) = one_date(to) {
        return ordered(start, end);
    }
    let year = start.year();
    let parts: Vec<u32> = to
        .trim_end_matches(['日', '号', '月'])
        .split(['月', '.', '/', '、', '-'])
        .map(small)
        .collect::<Option<_>>()?;
    let end = match (start, parts.as_slice()) {
        (RecordDate::Day(_), [month, day]) => RecordDate::day(year, *month, *day)?,
        (RecordDate::Day(first), [day]) if !to.ends_with('月') => {
            RecordDate::day(year, first.month(), *day)?
        }
        (RecordDate::Month(_), [month]) if to.ends_with('月') => RecordDate::month(year, *month)?,
        _ => return None,
    };
    ordered(start, end)
}

fn ordered(from: RecordDate, to: RecordDate) -> Option<DateReading> {
    (from.first_day() <= to.last_day()).then_some(DateReading::Span(from, to))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(written: &str) -> String {
        match DateReading::read(written) {
            DateReading::Missing => "missing".into(),
            DateReading::Unknown => "unknown".into(),
            DateReading::Unreadable => "unreadable".into(),
            DateReading::On(date) => date.to_string(),
            DateReading::Span(from, to) => format!("{from}..{to}"),
        }
    }

    #[test]
    fn the_part_of_a_date_that_can_t_be_is_found() {
        let wrong = |written: &str| {
            let part = ItemDate::wrong_part(written)?;
            Some(written.chars().skip(part.start).take(part.len()).collect::<String>())
        };
        assert_eq!(wrong("2004年13月").as_deref(), Some("13"));
        assert_eq!(wrong("2004年4月31日").as_deref(), Some("31"));
        assert_eq!(wrong("二〇〇四年十三月一日").as_deref(), Some("十三"));
        assert_eq!(wrong("20041301").as_deref(), Some("13"));
        assert_eq!(wrong("04-5-16").as_deref(), Some("04"));
        assert_eq!(wrong("上半年"), None);
        assert_eq!(wrong(""), None);
    }

    #[test]
    fn every_form_of_the_contract_is_read() {
        for written in [
            "2005-05-16",
            "2005/5/16",
            "2005.5.16",
            "20050516",
            "2005年5月16日",
            "二〇〇五年五月十六日",
            "二OO五年五月十六日",
            "二○○五年五月十六日",
            "二零零五年五月十六日",
            "二00五年五月十六日",
            "2005、5、16",
            "２００５年５月１６日",
            " 2005 年 5 月 16 日 ",
            "[20050516]",
            "2005-05-16 00:00:00",
            "2005-05-16T08:30:00",
            "2005年5月16号",
            "2005年5月16日（星期一）",
            "2005·5·16",
            "2005．05．16",
            "2005年05月16",
            "〔2005.5.16〕",
            "公元2005年5月16日",
            "2005.5.16.",
        ] {
            assert_eq!(read(written), "2005-05-16", "{written}");
        }
        for (written, means) in [
            ("2005年5月", "2005-05"),
            ("2005", "2005"),
            ("2005年", "2005"),
            ("200505", "2005-05"),
            ("2005-05", "2005-05"),
            ("20050500", "2005-05"),
            ("20050000", "2005"),
            ("2005年元月3日", "2005-01-03"),
            ("2005、3", "2005-03"),
            ("[19450815]", "1945-08-15"),
            ("民国三十四年八月十五日", "1945-08-15"),
            ("二〇〇五年十二月三十一日", "2005-12-31"),
            ("二〇〇五年十月廿日", "2005-10-20"),
            ("一九四九年", "1949"),
            ("二〇〇五", "2005"),
        ] {
            assert_eq!(read(written), means, "{written}");
        }
    }

    #[test]
    fn what_is_no_date_is_never_given_a_value() {
        for written in [
            "2004年13月",
            "2004-02-30",
            "20041301",
            "5/16/2005",
            "05-05-16",
            "050516",
            "38488",
            "2005年正月初五",
            "昨天",
            "2004年5月32日",
            "2005-5-16-1",
            "民国一百年",
            "O年O月",
            "2005年上半年",
            "12345678901",
            "2005年0月",
            "2005/13",
            "2005-06—",
            "2005年5月—2005年4月",
            "年月日",
            "0000",
        ] {
            let reading = DateReading::read(written);
            assert_eq!(reading, DateReading::Unreadable, "{written}");
        }
    }

    #[test]
    fn the_unknown_and_the_missing_are_told_apart() {
        for written in ["不详", "无日期", "[日期不详]", "（不详）", "无"] {
            assert_eq!(read(written), "unknown", "{written}");
        }
        assert_eq!(read("  "), "missing");
        assert_eq!(read("[]"), "unreadable");
    }

    #[test]
    fn spans_are_read_in_every_form() {
        for (written, means) in [
            ("2005年3月1日至5月2日", "2005-03-01..2005-05-02"),
            ("2005年3月1日至2日", "2005-03-01..2005-03-02"),
            ("2005.3.1~2005.5.2", "2005-03-01..2005-05-02"),
            ("2005.3.1-5.2", "2005-03-01..2005-05-02"),
            ("2005-03-01-2005-05-02", "2005-03-01..2005-05-02"),
            ("20050301-20050502", "2005-03-01..2005-05-02"),
            ("2004—2005", "2004..2005"),
            ("2004-2005", "2004..2005"),
            ("2004年——2005年", "2004..2005"),
            ("2005年3月至5月", "2005-03..2005-05"),
            ("2005-03-01至2005-05-02", "2005-03-01..2005-05-02"),
        ] {
            assert_eq!(read(written), means, "{written}");
        }
    }

    #[test]
    fn spreadsheet_serials_are_read() {
        assert_eq!(ItemDate::from_excel_serial(38488.0).original, "2005-05-16");
        assert_eq!(ItemDate::from_excel_serial(1.0).original, "1900-01-01");
        assert_eq!(ItemDate::from_excel_serial(61.25).original, "1900-03-01");
        for wrong in [0.0, 60.0, -5.0, f64::NAN, f64::INFINITY, 1e12] {
            assert_eq!(ItemDate::from_excel_serial(wrong).reading, DateReading::Unreadable, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(days in 0_i32..200_000, exact in 0..3) {
            let day = NaiveDate::from_num_days_from_ce_opt(600_000 + days).unwrap();
            let date = match exact {
                0 => RecordDate::Day(day),
                1 => RecordDate::month(day.year(), day.month()).unwrap(),
                _ => RecordDate::year_only(day.year()).unwrap(),
            };
            let (y, m, d) = (day.year(), day.month(), day.day());
            let forms = match date {
                RecordDate::Day(_) => {
                    [format!("{y}年{m}月{d}日"), format!("{y}、{m}、{d}"), format!("{y}{m:02}{d:02}"), format!("{y}.{m}.{d}")]
                }
                RecordDate::Month(_) => {
                    [format!("{y}年{m}月"), format!("{y}、{m}"), format!("{y}{m:02}00"), format!("{y}.{m}")]
                }
                RecordDate::Year(_) => [format!("{y}年"), format!("{y}"), format!("{y}0000"), format!("[{y}]")],
            };
            for form in forms.iter().chain([&date.to_string()]) {
                prop_assert_eq!(DateReading::read(form), DateReading::On(date), "{}", form);
            }
            prop_assert!(date.first_day() <= date.last_day());
        }

        #[test]
        fn no_string_makes_it_fall_over(written in "\\PC{0,40}") {
            let _ = ItemDate::read(&written);
        }

        #[test]
        fn nothing_date_like_makes_it_fall_over(written in "[0-9年月日〇一二三十廿O元至~—.、/ -]{0,16}") {
            let _ = ItemDate::read(&written);
        }
    }
}
