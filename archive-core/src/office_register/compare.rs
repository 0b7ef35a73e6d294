//! How sure it is that a line of a book and an item of the archive are one paper, and why.
//!
//! Three things speak: the number, the title, the day; the issuer and the type can speak against. They are
//! weighed by cases and not by a formula, so that each confidence can be told in a sentence: the same number with a
//! title that fits is the paper; the same title on the same day is it too, unless two numbers contradict; a number
//! that is one slip away needs the title to bear it out.

use std::borrow::Cow;

use super::face::Face;
use crate::reading::{NumberParts, NumberUnit, RecordDate};
use crate::text;
use crate::text::Text;

/// From this confidence on (of 100) a pair stands without a person.
pub const SURE: u8 = 90;
/// From this confidence on a pair is worth a person's look.
pub const LIKELY: u8 = 55;

/// Something a pair rests on, or that speaks against it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// A person said so.
    Confirmed,
    /// One number.
    SameNumber,
    /// Numbers a slip apart: as the book has it, as the archive has it.
    NearNumber(String, String),
    /// Two numbers: as the book has it, as the archive has it.
    OtherNumber(String, String),
    /// One title, but for author, 关于, 的 and marks.
    SameTitle,
    /// Titles alike, by so many of 100.
    AlikeTitle(u8),
    /// Titles that have little in common.
    OtherTitle,
    /// The types differ (请示, 批复).
    OtherType,
    /// One day.
    SameDay,
    /// So many days apart.
    NearDay(u32),
    /// Days that don't fit.
    OtherDay,
    /// One issuer.
    SameBody,
    /// Another issuer.
    OtherBody,
    /// So many other items fit as well.
    Others(usize),
}

impl Ground {
    /// What it says, to a person.
    pub fn text(&self) -> Text {
        match self {
            Self::Confirmed => Text::fixed("经人确认", "confirmed by a person"),
            Self::SameNumber => Text::fixed("文号相同", "same number"),
            Self::NearNumber(book, item) => {
                text!(
                    "文号相近（簿上{book}，档案{item}）",
                    "numbers a slip apart (book {book}, archive {item})"
                )
            }
            Self::OtherNumber(book, item) => {
                text!("文号不同（簿上{book}，档案{item}）", "numbers differ (book {book}, archive {item})")
            }
            Self::SameTitle => Text::fixed("题名相同", "same title"),
            Self::AlikeTitle(percent) => text!("题名相似{percent}%", "titles {percent}% alike"),
            Self::OtherTitle => Text::fixed("题名不同", "titles differ"),
            Self::OtherType => Text::fixed("文种不同", "types differ"),
            Self::SameDay => Text::fixed("日期相同", "same day"),
            Self::NearDay(days) => text!("日期相差{days}天", "{days} days apart"),
            Self::OtherDay => Text::fixed("日期不合", "days don't fit"),
            Self::SameBody => Text::fixed("责任者相同", "same issuer"),
            Self::OtherBody => Text::fixed("责任者不同", "another issuer"),
            Self::Others(count) => text!("另有{count}件同样相像", "{count} others fit as well"),
        }
    }
}

/// What a comparison came to.
#[derive(Debug, Clone)]
pub(super) struct Comparison {
    /// Of 100.
    pub(super) confidence: u8,
    /// Days apart, as far as is known; what is unknown is far.
    pub(super) days: u32,
    /// Whether number or title are the same.
    pub(super) is_same: bool,
    fits: (NumberFit, Option<u8>, DayFit, Option<bool>, bool),
}

/// How the numbers stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NumberFit {
    Same,
    Near,
    Other,
    Unknown,
}

/// How the days stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DayFit {
    Same,
    Near(u32),
    Other,
    Unknown,
}

/// Compares a line with an item.
pub(super) fn compare(entry: &Face<'_>, item: &Face<'_>) -> Comparison {
    let same_issue = is_same_issue(entry, item);
    // Of an issue, one book has the headline and the other the name alone.
    let title = titles(entry, item).map(|alike| if same_issue { alike.max(90) } else { alike });
    let number = match numbers(entry, item) {
        NumberFit::Same if same_issue => NumberFit::Same,
        // 〔2004〕第5期 names no periodical: the title must.
        NumberFit::Same if names_nothing(entry) || names_nothing(item) => {
            if title.is_some_and(|alike| alike >= 60) { NumberFit::Same } else { NumberFit::Other }
        }
        NumberFit::Unknown if other_issue(entry, item) => NumberFit::Other,
        fit => fit,
    };
    let day = days(entry, item);
    let body = bodies(entry.bodies, item.bodies);
    let other_type =
        !same_issue && matches!((entry.doc_type, item.doc_type), (Some(one), Some(other)) if one != other);
    let mut confidence = weigh(number, title, day);
    if other_type {
        confidence = match number {
            NumberFit::Same => confidence.min(SURE - 5),
            _ if title.is_some_and(|alike| alike >= 88) => confidence.min(LIKELY + 5),
            _ => 0,
        };
    }
    if number != NumberFit::Same {
        match body {
            Some(false) => confidence = confidence.saturating_sub(25),
            // A title and a day that fit are borne out by the issuer.
            Some(true) if confidence >= SURE - 8 => confidence = confidence.saturating_add(6).min(98),
            _ => {}
        }
    }
    Comparison {
        confidence,
        days: match day {
            DayFit::Same => 0,
            DayFit::Near(days) => days,
            DayFit::Other | DayFit::Unknown => u32::MAX,
        },
        is_same: number == NumberFit::Same || title == Some(100),
        fits: (number, title, day, body, other_type),
    }
}

impl Comparison {
    /// What it rests on, what speaks for it first.
    pub(super) fn grounds(&self, entry: &Face<'_>, item: &Face<'_>) -> Vec<Ground> {
        let (number, title, day, body, other_type) = self.fits;
        let written = |face: &Face<'_>| face.number.map(ToString::to_string).unwrap_or_default();
        let mut grounds = Vec::new();
        match number {
            NumberFit::Same => grounds.push(Ground::SameNumber),
            NumberFit::Near => grounds.push(Ground::NearNumber(written(entry), written(item))),
            NumberFit::Other | NumberFit::Unknown => {}
        }
        match title {
            Some(100) => grounds.push(Ground::SameTitle),
            Some(alike) if alike >= 35 => grounds.push(Ground::AlikeTitle(alike)),
            _ => {}
        }
        match day {
            DayFit::Same => grounds.push(Ground::SameDay),
            DayFit::Near(days) => grounds.push(Ground::NearDay(days)),
            DayFit::Other | DayFit::Unknown => {}
        }
        if body == Some(true) {
            grounds.push(Ground::SameBody);
        }
        if number == NumberFit::Other {
            grounds.push(Ground::OtherNumber(written(entry), written(item)));
        }
        if title.is_some_and(|alike| alike < 35) {
            grounds.push(Ground::OtherTitle);
        }
        if other_type {
            grounds.push(Ground::OtherType);
        }
        if day == DayFit::Other {
            grounds.push(Ground::OtherDay);
        }
        if body == Some(false) {
            grounds.push(Ground::OtherBody);
        }
        grounds
    }
}

/// The confidence of a case, before issuer and type have spoken. `title` is none where one has none.
fn weigh(number: NumberFit, title: Option<u8>, day: DayFit) -> u8 {
    use DayFit::{Near, Other, Same, Unknown};
    match (number, title) {
        (NumberFit::Same, None) => match day {
            Same => 96,
            Near(_) => 92,
            Unknown => 90,
            Other => 70,
        },
        (NumberFit::Same, Some(title)) => match (title, day) {
            (100, Same | Near(_)) => 100,
            (60.., Other) => 92,
            (60.., _) => 97,
            (35.., Same | Near(_)) => 82,
            (35.., _) => 74,
            (_, Same | Near(_)) => 58,
            _ => 40,
        },
        (NumberFit::Near, None) => match day {
            Same => 70,
            _ => 0,
        },
        (NumberFit::Near, Some(title)) => match (title, day) {
            (100, Same) => 95,
            (85.., Same) => 93,
            (85.., Near(_)) => 90,
            (85.., Unknown) => 86,
            (85.., Other) => 68,
            (60.., Same | Near(_)) => 76,
            (60.., Unknown) => 66,
            _ => 0,
        },
        (NumberFit::Unknown, Some(title)) => match (title, day) {
            (100, Same) => 95,
            (100, Unknown) => 75,
            (100, Near(_)) | (80.., Same) => 86,
            (80.., Near(_)) => 72,
            (80.., Unknown) => 60,
            (62.., Same) => 68,
            (62.., Near(_)) => 57,
            _ => 0,
        },
        (NumberFit::Other, Some(95..)) if day == Same => 62,
        (NumberFit::Unknown, None) | (NumberFit::Other, _) => 0,
    }
}

/// How alike two titles are, of 100; none where one has none.
fn titles(entry: &Face<'_>, item: &Face<'_>) -> Option<u8> {
    if entry.title.is_empty() || item.title.is_empty() {
        return None;
    }
    if entry.title == item.title {
        return Some(100);
    }
    Some(alike(&entry.pairs, &item.pairs, shared(&entry.pairs, &item.pairs)))
}

/// Of 99, so that only the same title is the same: how much of both is shared; and, of titles long enough to be told
/// short, how much of the shorter one the longer holds.
pub(super) fn alike(a: &[u64], b: &[u64], shared: usize) -> u8 {
    let both = 200 * shared / (a.len() + b.len()).max(1);
    let shorter = a.len().min(b.len());
    let percent = if shorter >= 5 { (both + 100 * shared / shorter).div_ceil(2) } else { both };
    u8::try_from(percent.min(99)).unwrap_or(99)
}

/// How many of two sorted lists are in both.
fn shared(a: &[u64], b: &[u64]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (count, i, j) = (count + 1, i + 1, j + 1),
        }
    }
    count
}

fn numbers(entry: &Face<'_>, item: &Face<'_>) -> NumberFit {
    let (Some(one), Some(other)) = (entry.number, item.number) else { return NumberFit::Unknown };
    if one.parts.is_empty() || other.parts.is_empty() {
        // What follows no known form is compared as it stands.
        let folded = |written: &str| -> String {
            written.chars().map(crate::reading::fold).filter(|c| *c != ' ').collect()
        };
        let (one, other) = (folded(&one.original), folded(&other.original));
        return if one == other {
            NumberFit::Same
        } else if one.chars().count() >= 4 && is_one_slip(&one, &other) {
            NumberFit::Near
        } else {
            NumberFit::Unknown
        };
    }
    let pairs = || one.parts.iter().flat_map(|one| other.parts.iter().map(move |other| (one, other)));
    if pairs().any(|(one, other)| is_same_number(one, other)) {
        NumberFit::Same
    } else if pairs().any(|(one, other)| is_near_number(one, other)) {
        NumberFit::Near
    } else {
        NumberFit::Other
    }
}

/// One number; an issue may be written with its periodical's name on one side only.
fn is_same_number(one: &NumberParts, other: &NumberParts) -> bool {
    let named = |parts: &NumberParts| !parts.code.is_empty();
    let code = one.code == other.code || (one.unit == NumberUnit::Issue && !(named(one) && named(other)));
    code && (one.year, one.serial, one.unit) == (other.year, other.serial, other.unit)
}

/// One issue of one periodical.
fn is_same_issue(entry: &Face<'_>, item: &Face<'_>) -> bool {
    let parts = |face: &Face<'_>| face.number.and_then(|number| number.parts.first().cloned());
    let same =
        matches!((parts(entry), parts(item)), (Some(one), Some(other)) if is_same_number(&one, &other));
    same && !entry.periodical.is_empty() && entry.periodical == item.periodical
}

fn names_nothing(face: &Face<'_>) -> bool {
    face.number.is_some_and(|number| number.parts.iter().any(|part| part.code.is_empty()))
}

/// Whether the titles name two issues or sessions.
fn other_issue(entry: &Face<'_>, item: &Face<'_>) -> bool {
    matches!((entry.issue, item.issue), (Some(one), Some(other)) if one != other)
}

/// Numbers a slip of the pen apart: in the code, the year or the serial.
fn is_near_number(one: &NumberParts, other: &NumberParts) -> bool {
    if one.unit != other.unit {
        return false;
    }
    let code = one.code == other.code;
    let year = one.year == other.year;
    let serial = one.serial == other.serial;
    match (code, year, serial) {
        (true, true, true) => true,
        // The next issue is another issue, and no slip.
        (true, true, false) => {
            one.unit == NumberUnit::Number && is_one_slip(&one.serial.to_string(), &other.serial.to_string())
        }
        (true, false, true) => match (one.year, other.year) {
            (Some(one), Some(other)) => {
                one.abs_diff(other) == 1 || is_one_slip(&one.to_string(), &other.to_string())
            }
            _ => true,
        },
        (false, true, true) => {
            let (one, other): (Cow<'_, str>, Cow<'_, str>) = ((&one.code).into(), (&other.code).into());
            one.ends_with(&*other)
                || other.ends_with(&*one)
                || one.starts_with(&*other)
                || other.starts_with(&*one)
                || is_one_slip(&one, &other)
        }
        _ => false,
    }
}

/// One character wrong, too many or missing, or two neighbours changed.
pub(super) fn is_one_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let head = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[head..], &other[head..]);
    let tail = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[..one.len() - tail], &other[..other.len() - tail]);
    match (one, other) {
        ([_], [_] | []) | ([], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

fn days(entry: &Face<'_>, item: &Face<'_>) -> DayFit {
    let Some(made) = item.made else { return DayFit::Unknown };
    let apart = |one: RecordDate| (one.first_day() - made.first_day()).num_days();
    let days = |days: i64| u32::try_from(days.unsigned_abs()).unwrap_or(u32::MAX);
    match (entry.made, entry.passed) {
        (Some(RecordDate::Day(day)), _) if matches!(made, RecordDate::Day(_)) => {
            let apart = apart(RecordDate::Day(day));
            match apart.abs() {
                0 => DayFit::Same,
                1..=31 => DayFit::Near(days(apart)),
                _ => DayFit::Other,
            }
        }
        // A month or a year holds the days in it.
        (Some(date), _) => {
            let within = date.first_day() <= made.last_day() && made.first_day() <= date.last_day();
            if within { DayFit::Near(days(apart(date))) } else { DayFit::Other }
        }
        (None, Some(passed)) => match apart(passed) {
            0 if matches!((passed, made), (RecordDate::Day(_), RecordDate::Day(_))) => DayFit::Same,
            // Papers travel for a while; few are registered before they are signed.
            apart @ -10..=92 => DayFit::Near(days(apart)),
            _ => DayFit::Other,
        },
        (None, None) => DayFit::Unknown,
    }
}

/// Whether some issuer of the one is one of the other; none where one names nobody.
fn bodies(entry: &[String], item: &[String]) -> Option<bool> {
    if entry.is_empty() || item.is_empty() {
        return None;
    }
    Some(entry.iter().any(|one| item.iter().any(|other| is_one_body(one, other))))
}

/// Books shorten names: 省政府 for 岭东省人民政府, 县府办 for 临溪县人民政府办公室. What is shortened has its
/// characters in the order of the whole.
fn is_one_body(one: &str, other: &str) -> bool {
    let holds = |whole: &str, part: &str| {
        let mut rest = whole.chars();
        part.chars().count() >= 2 && part.chars().all(|c| rest.any(|d| d == c))
    };
    holds(one, other) || holds(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_a_wrong_a_missing_or_a_changed_character() {
        for (one, other) in
            [("123", "132"), ("16", "17"), ("16", "160"), ("临政办", "临政"), ("2004", "2005")]
        {
            assert!(is_one_slip(one, other) && is_one_slip(other, one), "{one} {other}");
        }
        for (one, other) in [("123", "321"), ("16", "27"), ("1", "100")] {
            assert!(!is_one_slip(one, other), "{one} {other}");
        }
    }

    #[test]
    fn a_shortened_name_is_the_body_and_a_neighbour_is_not() {
        assert!(is_one_body("省政府", "岭东省人民政府"));
        assert!(is_one_body("临溪县人民政府办公室", "县府办"));
        assert!(!is_one_body("县财政局", "县教育局"));
        assert!(!is_one_body("江州市人民政府", "岭东省人民政府"));
    }
}
