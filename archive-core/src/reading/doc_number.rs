//! Document numbers (文号, 发文字号): 建政办〔2005〕16号.
//!
//! The grammar is 代字 (the office's code), the year in brackets, the serial and 号; around it lie a
//! dozen kinds of brackets, the old forms without a year (民字第16号, 令第8号), bulletins (〔2004〕第5期),
//! two-digit and Chinese years, padding, joint papers with several numbers, and what recognition makes
//! of all that. Sources: 《党政机关公文处理工作条例》(2012) and GB/T 9704-2012 for the grammar.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::characters::{digit, fold, number};

/// What a serial counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum NumberUnit {
    /// 号: a document.
    #[default]
    #[serde(rename = "号")]
    Number,
    /// 期: an issue of a bulletin or periodical.
    #[serde(rename = "期")]
    Issue,
    /// 次: a meeting's minutes.
    #[serde(rename = "次")]
    Session,
}

impl NumberUnit {
    /// The character.
    pub const fn word(self) -> char {
        match self {
            Self::Number => '号',
            Self::Issue => '期',
            Self::Session => '次',
        }
    }

    const fn of(c: char) -> Option<Self> {
        match c {
            '号' => Some(Self::Number),
            '期' => Some(Self::Issue),
            '次' => Some(Self::Session),
            _ => None,
        }
    }
}

/// The parts of a document number. Sorts by code, then year, then serial as a number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NumberParts {
    /// 代字: the code of the issuing office and kind, e.g. 建政办; a bulletin may have none.
    pub code: String,
    /// The year, four digits; older forms have none.
    pub year: Option<i32>,
    /// 顺序号.
    pub serial: u32,
    /// What the serial counts.
    #[serde(default)]
    pub unit: NumberUnit,
}

/// The normal form: 代字〔年〕n号, 代字第n号 without a year, 〔年〕第n期 for a bulletin.
impl fmt::Display for NumberParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, year, serial, unit } = self;
        let ordinal = if *unit == NumberUnit::Number && year.is_some() { "" } else { "第" };
        match year {
            Some(year) => write!(f, "{code}〔{year}〕{ordinal}{serial}{}", unit.word()),
            None => write!(f, "{code}{ordinal}{serial}{}", unit.word()),
        }
    }
}

/// A document number: what stands on the paper, and its parts where they could be read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DocNumber {
    /// As written.
    pub original: String,
    /// As understood; more than one for a jointly issued paper, none if it follows no known form.
    pub parts: Vec<NumberParts>,
}

/// The normal form, or the original where it could not be read.
impl fmt::Display for DocNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.parts.is_empty() {
            return f.write_str(&self.original);
        }
        for (index, part) in self.parts.iter().enumerate() {
            if index > 0 {
                f.write_str("、")?;
            }
            write!(f, "{part}")?;
        }
        Ok(())
    }
}

/// The longest code of an office that is believed.
const LONGEST_CODE: usize = 30;
/// The longest range (3-5号) that is written out.
const LONGEST_RANGE: u32 = 200;

impl DocNumber {
    /// Reads a whole cell. What follows no known form keeps its wording and has no parts.
    ///
    /// ```
    /// use archive_core::reading::DocNumber;
    /// let number = DocNumber::read("建政办(2005)第０16号");
    /// assert_eq!(number.to_string(), "建政办〔2005〕16号");
    /// assert_eq!(DocNumber::read("甲发〔2004〕3号、乙发〔2004〕5号").parts.len(), 2);
    /// ```
    pub fn read(written: &str) -> Self {
        let mut text: Vec<char> = written.chars().map(fold).filter(|c| *c != ' ').collect();
        // 33号附: an attachment that bears the number of its main document.
        if text.ends_with(&['号', '附']) {
            text.pop();
        } else if text.ends_with(&['号', '附', '件']) {
            text.truncate(text.len() - 2);
        }
        Self { original: written.trim().to_owned(), parts: whole_cell(&text).unwrap_or_default() }
    }

    /// What numbers are sorted by: the leading office's code, year and serial. A jointly issued paper bears the
    /// leading office's number first.
    pub fn sort_key(&self) -> Option<&NumberParts> {
        self.parts.first()
    }

    /// The numbers quoted in running text (a title, a page), with where they stand, in bytes.
    ///
    /// The code before a bracket has no beginning of its own in a sentence, so words that introduce a
    /// number (根据, 转发, 印发 …) are cut off it; compare codes by their end where that could matter.
    pub fn find_in(text: &str) -> Vec<(Range<usize>, NumberParts)> {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let chars: Vec<char> = text.chars().map(fold).collect();
        let mut found = Vec::new();
        let mut from = 0;
        let mut at = 0;
        while at < chars.len() {
            if let Some((start, end, parts)) = quoted_at(&chars, from, at) {
                found.push((places[start]..places[end], parts));
                from = end;
                at = end;
            } else {
                at += 1;
            }
        }
        found
    }
}

/// A bracketed year at `at`: the year, and where it ends.
fn bracketed_year(text: &[char], at: usize) -> Option<(i32, usize)> {
    let opener = *text.get(at)?;
    let close = (at + 2..text.len().min(at + 8)).find(|index| matches!(text[*index], '〕' | 'J' | 'j'))?;
    // Recognition reads 〔 as C and 〕 as J; believed only around four digits, and not both as letters of a word.
    let exact = opener == '〔' && text[close] == '〕';
    let recognised = matches!(opener, '〔' | 'C' | 'c') && close == at + 5;
    if !(exact || recognised) {
        return None;
    }
    let inside: Vec<char> = text[at + 1..close].iter().copied().filter(|c| *c != ' ').collect();
    let inside = inside.strip_suffix(&['年']).unwrap_or(&inside);
    year_of(inside).map(|year| (year, close + 1))
}

/// A year of four digits, or of two (〔86〕, 〔八十三〕): from 49 on in the twentieth century, below in ours.
fn year_of(digits: &[char]) -> Option<i32> {
    let written: String = digits.iter().map(|c| if matches!(c, 'l' | 'I') { '1' } else { *c }).collect();
    let value = i32::try_from(number(&written)?).ok()?;
    match (digits.len(), value) {
        (4, 1000..=2999) => Some(value),
        (2 | 3, 49..=99) => Some(1900 + value),
        (2 | 3, 0..=48) => Some(2000 + value),
        _ => None,
    }
}

/// The serial at `at`: 16号, 第16号, 第十六期, 016; the value, its unit, and where it ends. `loose` takes a serial
/// without 号.
fn serial(text: &[char], at: usize, loose: bool) -> Option<(u32, Option<NumberUnit>, usize)> {
    let mut index = at;
    let blanks = |index: &mut usize| {
        while text.get(*index) == Some(&' ') {
            *index += 1;
        }
    };
    blanks(&mut index);
    if text.get(index) == Some(&'第') {
        index += 1;
    }
    blanks(&mut index);
    let start = index;
    while index < text.len()
        && index - start < 8
        && (digit(text[index]).is_some() || matches!(text[index], '十' | '百' | '廿' | '千'))
    {
        index += 1;
    }
    let value = number(&text[start..index].iter().collect::<String>()).filter(|value| *value > 0)?;
    let digits_end = index;
    blanks(&mut index);
    match text.get(index).copied().and_then(NumberUnit::of) {
        Some(unit) => Some((value, Some(unit), index + 1)),
        None if loose => Some((value, None, digits_end)),
        None => None,
    }
}

/// Whether a character can stand in an office's code.
fn in_code(c: char) -> bool {
    c.is_alphabetic() && !matches!(c, '第' | '号')
}

fn code_of(text: &[char]) -> Option<String> {
    (text.len() <= LONGEST_CODE && text.iter().all(|c| in_code(*c))).then(|| text.iter().collect())
}

/// One number from the start of `text`: its parts and its length. `before` lends a code and a year to the later numbers of
/// a joint paper (建政〔2004〕3、4号).
fn one_number(text: &[char], before: Option<&NumberParts>) -> Option<(NumberParts, bool, usize)> {
    let made = |code: String, year, (serial, unit, end): (u32, Option<NumberUnit>, usize)| {
        Some((NumberParts { code, year, serial, unit: unit.unwrap_or_default() }, unit.is_some(), end))
    };
    // 〔2004〕第5期, and the courts' (2005)建民初字第12号.
    if let Some((year, end)) = bracketed_year(text, 0) {
        if let Some(serial) = serial(text, end, true) {
            let code = before.map(|parts| parts.code.clone()).unwrap_or_default();
            return made(code, Some(year), serial);
        }
        let code_end = (end..text.len()).find(|index| !in_code(text[*index]))?;
        let serial = serial(text, code_end, false)?;
        return made(code_of(&text[end..code_end])?, Some(year), serial);
    }
    // 建政办〔2005〕16号.
    for at in 1..text.len().min(LONGEST_CODE + 1) {
        if let Some((year, end)) = bracketed_year(text, at) {
            let code = code_of(&text[..at]);
            if let (Some(code), Some(serial)) = (code, serial(text, end, true)) {
                return made(code, Some(year), serial);
            }
            // The kind behind the year: 江政〔2004〕综41号.
            let kind_end = (end..text.len().min(end + 4)).find(|index| !in_code(text[*index]));
            if let Some(kind_end) = kind_end.filter(|kind_end| *kind_end > end)
                && let Some(code) = code_of(&[&text[..at], &text[end..kind_end]].concat())
                && let Some(serial) = serial(text, kind_end, false)
            {
                return made(code, Some(year), serial);
            }
        }
    }
    // 公告2004年第3号, 2004年第5期.
    if let Some(at) = (0..text.len().min(LONGEST_CODE + 6)).find(|at| text[*at] == '年') {
        let start = at.checked_sub(4)?;
        let year = year_of(&text[start..at])?;
        return made(code_of(&text[..start])?, Some(year), serial(text, at + 1, false)?);
    }
    // The later serials of a joint paper: 3、4号.
    if let (Some(before), Some(serial)) = (before, serial(text, 0, true)) {
        return made(before.code.clone(), before.year, serial);
    }
    // 民字第16号, 国家档案局令第8号, 第5期.
    let at = (0..text.len().min(LONGEST_CODE + 1)).find(|at| !in_code(text[*at]))?;
    let code = code_of(&text[..at])?;
    let serial = serial(text, at, false)?;
    let known = text.get(at) == Some(&'第') || code.ends_with(['字', '令']);
    if known { made(code, None, serial) } else { None }
}

/// All numbers of a cell, or nothing if any of it isn't understood.
fn whole_cell(text: &[char]) -> Option<Vec<NumberParts>> {
    let mut parts: Vec<NumberParts> = Vec::new();
    let mut at = 0;
    // Serials that wait for the unit the last one of the row bears: 第3、4期.
    let mut waiting = 0;
    while at < text.len() {
        let (part, has_unit, length) = one_number(&text[at..], parts.last())?;
        let unit = part.unit;
        parts.push(part);
        waiting += 1;
        if has_unit {
            let first = parts.len() - waiting;
            parts[first..].iter_mut().for_each(|part| part.unit = unit);
            waiting = 0;
        }
        at += length;
        match text.get(at) {
            None => break,
            Some('、' | ',' | ';' | '/' | '和' | '与' | '及' | '\n' | '|') => at += 1,
            Some('-' | '~' | '—' | '–' | '至') => {
                at += 1;
                while matches!(text.get(at), Some('-' | '—')) {
                    at += 1;
                }
                let start = parts.last()?.clone();
                let (end, has_unit, length) = one_number(&text[at..], Some(&start))?;
                let same = end.code == start.code && end.year == start.year;
                if !same || end.serial <= start.serial || end.serial - start.serial > LONGEST_RANGE {
                    return None;
                }
                if let Some(last) = parts.last_mut().filter(|_| has_unit) {
                    last.unit = end.unit;
                }
                for serial in start.serial + 1..=end.serial {
                    parts.push(NumberParts { serial, ..end.clone() });
                }
                waiting = 0;
                at += length;
                match text.get(at) {
                    None => break,
                    Some('、' | ',' | ';') => at += 1,
                    Some(_) => return None,
                }
            }
            // A number may follow the 号 of the one before without anything between.
            Some(_) if has_unit => {}
            Some(_) => return None,
        }
        if at >= text.len() {
            return None;
        }
    }
    Some(parts)
}

/// Words that introduce a number in a sentence and are no part of its code.
const INTRODUCING: [&str; 35] = [
    "根据", "按照", "依据", "依照", "转发", "印发", "批转", "贯彻", "落实", "执行", "关于", "参照", "遵照",
    "详见", "参见", "见", "以", "按", "的", "对", "由", "据", "即", "文件", "通知", "收到", "来文", "你县",
    "你局", "你市", "你乡", "我局", "我县", "原", "号",
];

/// A number whose year bracket, 令 or 字 stands at `at`; nothing before `from` belongs to it.
fn quoted_at(text: &[char], from: usize, at: usize) -> Option<(usize, usize, NumberParts)> {
    let (year, after, anchor) = if matches!(text[at], '〔' | 'C' | 'c') {
        let (year, end) = bracketed_year(text, at)?;
        (Some(year), end, at)
    } else if matches!(text[at], '令' | '字') && text.get(at + 1) == Some(&'第') {
        (None, at + 1, at + 1)
    } else if text[at] == '年' && at >= from + 4 && text.get(at + 1) == Some(&'第') {
        (Some(year_of(&text[at - 4..at])?), at + 1, at - 4)
    } else {
        return None;
    };
    let (serial, unit, end) = serial(text, after, false)?;
    let mut start = anchor;
    while start > from && anchor - start < 20 && in_code(text[start - 1]) {
        start -= 1;
    }
    // Right after another number, a joining word is no part of the code.
    if start == from && from > 0 && matches!(text.get(start), Some('和' | '与' | '及')) && start < anchor {
        start += 1;
    }
    let run: String = text[start..anchor].iter().collect();
    let cut = INTRODUCING
        .iter()
        .filter_map(|word| run.rfind(word).map(|at| run[..at + word.len()].chars().count()))
        .filter(|cut| *cut < anchor - start)
        .max()
        .unwrap_or(0);
    start += cut;
    if start == anchor && year.is_none() {
        return None;
    }
    let code = text[start..anchor].iter().collect();
    Some((start, end, NumberParts { code, year, serial, unit: unit.unwrap_or_default() }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_hand_gives_the_same_number() {
        for written in [
            "建政办〔2005〕16号",
            "建政办[2005]16号",
            "建政办［2005］16号",
            "建政办（2005）16号",
            "建政办(2005)16号",
            "建政办【2005】16号",
            "建政办﹝2005﹞16号",
            "建政办〖2005〗16号",
            "建政办{2005}16号",
            "建政办C2005J16号",
            "建政办(2005]16号",
            "建政办(2oo5)16号",
            "建政办〔２００５〕１６号",
            "建政办〔2005〕第16号",
            "建政办〔2005〕016号",
            "建政办〔2005〕16",
            "建政办 〔2005〕 16 号",
            "建政办〔05〕16号",
            "建政办〔二〇〇五〕十六号",
            "建政办〔2005年〕16号",
            "建政办2005年第16号",
            "(2005)建政办第16号",
        ] {
            assert_eq!(DocNumber::read(written).to_string(), "建政办〔2005〕16号", "{written}");
            assert_eq!(DocNumber::read(written).parts.len(), 1, "{written}");
        }
    }

    #[test]
    fn older_and_other_forms_are_read() {
        for (written, normal) in [
            ("国家档案局令第8号", "国家档案局令第8号"),
            ("令第8号", "令第8号"),
            ("公告2004年第3号", "公告〔2004〕3号"),
            ("〔2004〕第5期", "〔2004〕第5期"),
            ("2004年第5期", "〔2004〕第5期"),
            ("第5期", "第5期"),
            ("民字第16号", "民字第16号"),
            ("民字16号", "民字第16号"),
            ("建政〔86〕3号", "建政〔1986〕3号"),
            ("建政〔八十三〕3号", "建政〔1983〕3号"),
            ("建政〔一九八六〕3号", "建政〔1986〕3号"),
            ("(86)民字第16号", "民字〔1986〕16号"),
            ("江政〔2004〕综41号", "江政综〔2004〕41号"),
            ("临委办〔2004〕33号附", "临委办〔2004〕33号"),
            ("第15号", "第15号"),
            ("建政〔2004〕3、4号", "建政〔2004〕3号、建政〔2004〕4号"),
            ("建政〔2004〕3号、4号", "建政〔2004〕3号、建政〔2004〕4号"),
            ("建政〔2004〕3-5号", "建政〔2004〕3号、建政〔2004〕4号、建政〔2004〕5号"),
            ("建政〔2004〕3号至5号", "建政〔2004〕3号、建政〔2004〕4号、建政〔2004〕5号"),
            ("甲发〔2004〕3号、乙发〔2004〕5号", "甲发〔2004〕3号、乙发〔2004〕5号"),
            ("甲发〔2004〕3号 乙发〔2004〕5号", "甲发〔2004〕3号、乙发〔2004〕5号"),
            ("工作简报〔2004〕第5、6期", "工作简报〔2004〕第5期、工作简报〔2004〕第6期"),
            ("常务会议纪要〔2004〕3次", "常务会议纪要〔2004〕第3次"),
        ] {
            assert_eq!(DocNumber::read(written).to_string(), normal, "{written}");
            assert!(!DocNumber::read(written).parts.is_empty(), "{written}");
        }
    }

    #[test]
    fn what_follows_no_form_keeps_its_wording() {
        for written in [
            "",
            "无",
            "建政办",
            "2005",
            "16号",
            "建政〔2005〕0号",
            "建政〔2005〕16-1号",
            "建政〔12345〕1号",
            "建政〔2004〕1-9999号",
            "电话记录",
            "建政〔2004〕3号、",
            "GB/T 9704-2012",
            "三号楼",
        ] {
            let number = DocNumber::read(written);
            assert_eq!((number.parts.len(), number.to_string().as_str()), (0, written), "{written}");
        }
    }

    #[test]
    fn numbers_are_found_in_running_text() {
        let found = |text: &str| -> Vec<String> {
            DocNumber::find_in(text)
                .into_iter()
                .map(|(range, parts)| format!("{} = {parts}", &text[range]))
                .collect()
        };
        assert_eq!(
            found("你县《关于建设卫生院的请示》(建政〔2005〕3号)收悉。"),
            ["建政〔2005〕3号 = 建政〔2005〕3号"]
        );
        assert_eq!(
            found("根据国发[2004]20号和省政府令第12号"),
            ["国发[2004]20号 = 国发〔2004〕20号", "省政府令第12号 = 省政府令第12号"]
        );
        assert_eq!(
            found("转发川办发（2004）第016号文件的通知"),
            ["川办发（2004）第016号 = 川办发〔2004〕16号"]
        );
        assert_eq!(
            found("甲发〔2004〕3号、乙发〔2004〕5号"),
            ["甲发〔2004〕3号 = 甲发〔2004〕3号", "乙发〔2004〕5号 = 乙发〔2004〕5号"]
        );
        assert!(found("第3号台风和2004年第一季度、三号楼").is_empty());
        assert!(found("会议于（2004）年召开").is_empty());
    }

    #[test]
    fn numbers_sort_by_serial_as_a_number() {
        let mut numbers: Vec<NumberParts> = ["建政〔2004〕10号", "建政〔2004〕9号", "建政〔2003〕100号"]
            .iter()
            .filter_map(|written| DocNumber::read(written).sort_key().cloned())
            .collect();
        numbers.sort();
        let printed: Vec<String> = numbers.iter().map(ToString::to_string).collect();
        assert_eq!(printed, ["建政〔2003〕100号", "建政〔2004〕9号", "建政〔2004〕10号"]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            code in "[建政办民财国府局]{1,6}", year in 1949_i32..2050, serial in 1_u32..99_999, unit in 0_usize..3, dated: bool,
        ) {
            let unit = [NumberUnit::Number, NumberUnit::Issue, NumberUnit::Session][unit];
            let parts = NumberParts { code, year: dated.then_some(year), serial, unit };
            prop_assert_eq!(DocNumber::read(&parts.to_string()).parts, vec![parts]);
        }

        #[test]
        fn no_string_makes_it_fall_over(written in "\\PC{0,60}") {
            let _ = DocNumber::read(&written);
            for (range, _) in DocNumber::find_in(&written) {
                prop_assert!(written.get(range).is_some());
            }
        }

        #[test]
        fn nothing_number_like_makes_it_fall_over(written in "[建政发字令第号期年〔〕()C2J05十、—至和-]{0,24}") {
            let _ = DocNumber::read(&written);
            let _ = DocNumber::find_in(&written);
        }
    }
}
