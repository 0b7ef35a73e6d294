//! Document numbers (文号) as people quote them: 建政办〔2005〕16号, 建政办[2005]16号, 建政办 16号,
//! 2005年16号, 16号文.
//!
//! A number is found by its parts, not by its spelling. Each number of a record is kept as keys, one for
//! each way of leaving something out; a query that reads as a number asks for the key with the same parts.

use std::borrow::Cow;

use archive_core::reading::{DocNumber, NumberParts, NumberUnit};

use super::fold::{Unit, fold, letters};

/// A number as quoted: what was left out is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quoted {
    code: String,
    year: Option<u32>,
    serial: u32,
}

impl Quoted {
    /// The key that a record with this number carries.
    pub(super) fn key(&self) -> String {
        key(&self.code, self.year, self.serial)
    }

    /// The body it is quoted of, and the key without a code: 建宁县人民政府办公室16号文.
    pub(super) fn of_body(&self) -> Option<(&str, String)> {
        (self.code.chars().count() >= SHORTEST_BODY)
            .then(|| (self.code.as_str(), key("", self.year, self.serial)))
    }
}

/// What is called a code may be the name of a body from this length on: 县政府 is one, 建政办 a code.
const SHORTEST_BODY: usize = 3;

fn key(code: &str, year: Option<u32>, serial: u32) -> String {
    let year = year.map(|year| year.to_string()).unwrap_or_default();
    format!("{code}|{year}|{serial}")
}

/// The keys of one number: whole, without its year, without its code, and by its serial alone.
pub(super) fn keys(parts: &NumberParts) -> Vec<String> {
    let code = letters(&parts.code);
    let year = parts.year.and_then(|year| u32::try_from(year).ok());
    let mut keys = vec![
        key(&code, year, parts.serial),
        key(&code, None, parts.serial),
        key("", year, parts.serial),
        key("", None, parts.serial),
    ];
    keys.sort();
    keys.dedup();
    keys
}

/// Reads a text that is a quoted number and nothing else.
pub(super) fn quoted(text: &str) -> Option<Quoted> {
    // As offices write it, years and serials in words too: 建政办〔二〇〇五〕十六号.
    if text.trim_end().ends_with('号')
        && let [NumberParts { code, year: Some(year), serial, unit: NumberUnit::Number }] =
            DocNumber::read(text).parts.as_slice()
    {
        let code = letters(code);
        return Some(Quoted { code, year: u32::try_from(*year).ok(), serial: *serial });
    }
    let units = fold(&hyphen_apart(text));
    if units.windows(2).any(|pair| pair[1].place - pair[0].place > 1) {
        return None;
    }
    let mut rest = units.as_slice();
    let called_wen = take_last(&mut rest, '文');
    let called_hao = take_last(&mut rest, '号');
    if called_wen && !called_hao {
        return None;
    }
    let (serial, serial_apart) = take_number(&mut rest)?;
    let said_di = take_last(&mut rest, '第');
    let mut year = None;
    if !rest.is_empty() && rest.last().is_some_and(|unit| unit.ch == '年' || unit.ch.is_ascii_digit()) {
        let said_year = take_last(&mut rest, '年');
        if let Some((number, _)) = take_number(&mut rest)
            && (1900..2100).contains(&number)
            && (said_year || serial_apart || said_di)
        {
            year = Some(number);
        } else {
            return None;
        }
    }
    let code: String = rest.iter().map(|unit| unit.ch).collect();
    let is_code = rest.len() >= 2 && rest.len() <= 16 && !code.ends_with('年');
    let plausible = match (is_code, rest.is_empty(), year) {
        (true, _, Some(_)) => true,
        (true, _, None) | (false, true, Some(_)) => called_hao,
        (false, true, None) => called_wen,
        (false, false, _) => false,
    };
    (plausible && serial > 0).then_some(Quoted { code, year, serial })
}

/// 建政办2005-16 as 建政办2005 16. A number with two hyphens is some other number.
fn hyphen_apart(text: &str) -> Cow<'_, str> {
    let mut hyphens = text.match_indices(['-', '－', '‐', '–', '—']);
    let (Some((at, hyphen)), None) = (hyphens.next(), hyphens.next()) else { return text.into() };
    let (before, after) = (&text[..at], &text[at + hyphen.len()..]);
    let digit = |ch: char| ch.is_ascii_digit() || ('０'..='９').contains(&ch);
    if before.ends_with(digit) && after.starts_with(digit) {
        format!("{before} {after}").into()
    } else {
        text.into()
    }
}

fn take_last(rest: &mut &[Unit], wanted: char) -> bool {
    match rest.split_last() {
        Some((last, before)) if last.ch == wanted => {
            *rest = before;
            true
        }
        _ => false,
    }
}

/// Takes the digits at the end, up to a border; tells whether one stood there.
fn take_number(rest: &mut &[Unit]) -> Option<(u32, bool)> {
    let mut start = rest.len();
    while let Some(unit) = start.checked_sub(1).and_then(|before| rest.get(before)) {
        if !unit.ch.is_ascii_digit() {
            break;
        }
        start -= 1;
        if unit.first {
            break;
        }
    }
    let (before, digits) = rest.split_at_checked(start)?;
    let number = digits.iter().map(|unit| unit.ch).collect::<String>().parse().ok()?;
    let apart = digits.first()?.first;
    *rest = before;
    Some((number, apart))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of(text: &str) -> Option<String> {
        quoted(text).map(|quoted| quoted.key())
    }

    #[test]
    fn every_spelling_of_a_number_asks_for_a_key_of_it() {
        let number = archive_core::reading::DocNumber::read("建政办〔2005〕16号");
        let keys = keys(&number.parts[0]);
        for text in [
            "建政办〔2005〕16号",
            "建政办[2005]16号",
            "建政办（2005）16号",
            "建政办【２００５】第16号",
            "建政办 2005 16",
            "建政办2005年16号",
            "建政办2005-16",
            "建政办２００５－１６号",
            "建政办 16号",
            "建政办16号文",
            "2005年16号",
            "〔2005〕16号",
            "二〇〇五年16号",
            "建政办〔二〇〇五〕十六号",
            "建政办〔05〕16号",
            "16号文",
        ] {
            let key = key_of(text).unwrap_or_else(|| panic!("{text} is a number"));
            assert!(keys.contains(&key), "{text}: {key}");
        }
    }

    #[test]
    fn what_is_no_number_is_left_to_the_text() {
        for text in [
            "16号",
            "2005年",
            "2005",
            "防汛",
            "建政办",
            "附件1",
            "文",
            "号",
            "大街16号楼",
            "",
            "建政办，16号",
            "2001-2005",
            "建政办2005-16-3",
            "J019-2005-16",
            "防汛-16",
        ] {
            assert_eq!(key_of(text), None, "{text}");
        }
    }
}
