//! Folding: what two ways of writing have to have in common to be found by one another.
//!
//! Text from scans is not the text a person types. Recognition sets a space between every two Han
//! characters, lines break in the middle of words, papers of Hong Kong are written in traditional
//! characters, an office writes 二〇〇五 and another 2005, brackets come in six kinds. Every difference
//! that a searcher wouldn't mean is taken away here, and the same way from the text and from the query:
//!
//! - full width becomes half width, compatibility forms become plain ones (NFKC, character by character);
//! - capitals become small, accents go;
//! - traditional characters become simplified (OpenCC's table of single characters, no phrases);
//! - Chinese digits become Arabic ones (〇 to 九, and the O or ○ that people write for 〇);
//! - white space, brackets and quotation marks go; other punctuation leaves a gap.
//!
//! Folding is character by character on purpose: then any piece of a text folds to a piece of the folded
//! text, and so any piece can be found. Nothing here knows what a word is.
//!
//! Three things stand between two characters of the result. Nothing: they are neighbours. A **border**:
//! two Latin words or numbers with a space or a bracket between, which must not run together (2005〕16
//! is not 200516), though a line break between two digits joins them. A **gap**: punctuation, which takes
//! one place whatever it is.

use std::ops::Range;
use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Changes whenever the same text would fold to something else: an index made with another is rebuilt.
pub(super) const FOLDING: &str = "bige-2";

/// One character of a folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    /// The folded character.
    pub(super) ch: char,
    /// Its place: neighbours differ by one, a gap takes one place more.
    pub(super) place: u32,
    /// Where it came from: bytes of the original.
    pub(super) from: u32,
    /// End of it in the original.
    pub(super) to: u32,
    /// No neighbour on its left: the start, a border or a gap.
    pub(super) first: bool,
    /// No neighbour on its right.
    pub(super) last: bool,
}

impl Unit {
    /// The bytes of the original that it stands for.
    pub(super) const fn bytes(&self) -> Range<usize> {
        self.from as usize..self.to as usize
    }
}

/// Folds a text. Bytes past 4 GiB are left out: no page is that long.
pub(super) fn fold(text: &str) -> Vec<Unit> {
    let mut folder = Folder::new(text.len());
    for (start, ch) in text.char_indices() {
        let end = start + ch.len_utf8();
        let (Ok(from), Ok(to)) = (u32::try_from(start), u32::try_from(end)) else { break };
        let ch = if is_round(ch) && folder.zero_stands_here(&text[end..]) { '〇' } else { ch };
        if ch.is_ascii() || is_han(ch) {
            folder.take(ch, from, to);
        } else {
            decompose_compatible(ch, |part| {
                if !is_combining_mark(part) {
                    folder.take(part, from, to);
                }
            });
        }
    }
    folder.units
}

/// The characters of a folded text alone: the same for whatever is found by one another.
pub(super) fn letters(text: &str) -> String {
    fold(text).iter().map(|unit| unit.ch).collect()
}

/// What a character is to the folding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// A character written without spaces between words.
    Han(char),
    /// A letter or digit of a script that parts words by spaces.
    Latin(char),
    /// The end of a line.
    LineBreak,
    /// Other white space.
    Blank,
    /// A bracket or a quotation mark.
    Mark,
    /// Other punctuation.
    Gap,
    /// A character that nobody sees.
    Nothing,
}

/// What has been passed over since the last unit: the sign that parts most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Passed {
    #[default]
    Nothing,
    /// White space on one line.
    Blank,
    /// White space with the end of a line in it.
    LineBreak,
    Mark,
    Gap,
}

impl Passed {
    /// Whether two units with this between them are no neighbours.
    const fn parts(self, left: Class, right: Class) -> bool {
        match (self, left, right) {
            (Self::LineBreak, Class::Latin(left), Class::Latin(right)) => {
                !(left.is_ascii_digit() && right.is_ascii_digit())
            }
            (Self::Gap, ..) | (Self::Blank | Self::Mark, Class::Latin(_), Class::Latin(_)) => true,
            _ => false,
        }
    }
}

struct Folder {
    units: Vec<Unit>,
    before: Option<Class>,
    passed: Passed,
}

impl Folder {
    fn new(bytes: usize) -> Self {
        Self { units: Vec::with_capacity(bytes / 3 + 1), before: None, passed: Passed::Nothing }
    }

    /// Whether a letter O or a circle is meant as 〇: a Chinese digit stands beside it, at most one more
    /// such sign between (二OO五).
    fn zero_stands_here(&self, rest: &str) -> bool {
        let digit_before = matches!(self.before, Some(Class::Han('0'..='9'))) && self.passed != Passed::Gap;
        let mut after = rest.chars().filter(|c| !c.is_whitespace());
        let digit_after = match after.next() {
            Some(next) if is_round(next) => after.next().is_some_and(is_chinese_digit),
            Some(next) => is_chinese_digit(next),
            None => false,
        };
        digit_before || digit_after
    }

    fn take(&mut self, ch: char, from: u32, to: u32) {
        let class = class_of(ch);
        let passed = match class {
            Class::Han(folded) | Class::Latin(folded) => return self.add(class, folded, from, to),
            Class::Nothing => Passed::Nothing,
            Class::Blank => Passed::Blank,
            Class::LineBreak => Passed::LineBreak,
            Class::Mark => Passed::Mark,
            Class::Gap => Passed::Gap,
        };
        self.passed = self.passed.max(passed);
    }

    fn add(&mut self, class: Class, folded: char, from: u32, to: u32) {
        let parted = self.before.is_none_or(|before| self.passed.parts(before, class));
        let place = match self.units.last_mut() {
            None => 0,
            Some(last) => {
                last.last = parted;
                last.place + 1 + u32::from(self.passed == Passed::Gap)
            }
        };
        self.units.push(Unit { ch: folded, place, from, to, first: parted, last: true });
        self.before = Some(class);
        self.passed = Passed::Nothing;
    }
}

fn class_of(ch: char) -> Class {
    match ch {
        // First what is commonest.
        '零' | '〇' => Class::Han('0'),
        _ if is_han(ch) => {
            let plain = simplified(ch);
            Class::Han(chinese_digit(plain).unwrap_or(plain))
        }
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Class::LineBreak,
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{feff}' => Class::Nothing,
        _ if ch.is_whitespace() || ch.is_control() => Class::Blank,
        '('
        | ')'
        | '['
        | ']'
        | '{'
        | '}'
        | '<'
        | '>'
        | '"'
        | '\''
        | '`'
        | '«'
        | '»'
        | '‘'..='‟'
        | '‹'
        | '›'
        | '⟨'
        | '⟩'
        | '〈'..='】'
        | '〔'..='〟' => Class::Mark,
        _ if ch.is_ascii() => {
            if ch.is_ascii_alphanumeric() {
                Class::Latin(ch.to_ascii_lowercase())
            } else {
                Class::Gap
            }
        }
        // Kana have no spaces between words either.
        '\u{3041}'..='\u{30ff}' => Class::Han(ch),
        _ if ch.is_alphanumeric() => Class::Latin(ch.to_lowercase().next().unwrap_or(ch)),
        _ => Class::Gap,
    }
}

/// Unified ideographs, all planes, and 〇.
pub(super) const fn is_han(ch: char) -> bool {
    matches!(ch, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}' | '〇' | '々')
}

/// Signs that people type for 〇.
const fn is_round(ch: char) -> bool {
    matches!(ch, 'O' | 'o' | '○' | 'Ｏ' | 'ｏ' | '◯')
}

const fn is_chinese_digit(ch: char) -> bool {
    matches!(ch, '零' | '〇') || chinese_digit(ch).is_some()
}

const fn chinese_digit(ch: char) -> Option<char> {
    Some(match ch {
        '一' => '1',
        '二' => '2',
        '三' => '3',
        '四' => '4',
        '五' => '5',
        '六' => '6',
        '七' => '7',
        '八' => '8',
        '九' => '9',
        _ => return None,
    })
}

const TABLE_START: u32 = 0x3400;
const TABLE_END: u32 = 0x9fff;

/// The simplified form of each character of the two blocks that matter; itself where there is none.
static SIMPLIFIED: LazyLock<Option<Vec<char>>> = LazyLock::new(|| {
    let converter = OpenCC::from_config(BuiltinConfig::T2s).ok()?;
    let one = |code: u32| {
        let ch = char::from_u32(code)?;
        let converted = converter.convert(ch.encode_utf8(&mut [0; 4]));
        let mut chars = converted.chars();
        match (chars.next(), chars.next()) {
            (Some(plain), None) => Some(plain),
            _ => Some(ch),
        }
    };
    (TABLE_START..=TABLE_END).map(one).collect()
});

/// Whether the table of simplified characters could be read. It is part of the program, so this is false
/// only in a broken build; an index must not be made then.
pub(super) fn is_whole() -> bool {
    SIMPLIFIED.is_some()
}

fn simplified(ch: char) -> char {
    let slot = u32::from(ch).checked_sub(TABLE_START).and_then(|slot| usize::try_from(slot).ok());
    let table = SIMPLIFIED.as_deref().unwrap_or_default();
    slot.and_then(|slot| table.get(slot)).copied().unwrap_or(ch)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The folded text: `|` for a border, `_` for a gap.
    fn folded(text: &str) -> String {
        let mut out = String::new();
        let mut place = 0;
        for (index, unit) in fold(text).iter().enumerate() {
            if index > 0 && unit.place > place + 1 {
                out.push('_');
            } else if index > 0 && unit.first {
                out.push('|');
            }
            out.push(unit.ch);
            place = unit.place;
        }
        out
    }

    #[test]
    fn brackets_go_and_numbers_stay_apart() {
        for written in
            ["建政办〔2005〕16号", "建政办[2005] 16号", "建政办（２００５）16号", "建 政 办【2005】16 号"]
        {
            assert_eq!(folded(written), "建政办2005|16号", "{written}");
        }
    }

    #[test]
    fn years_in_chinese_digits_become_arabic_however_the_zero_is_written() {
        for written in ["二〇〇五年", "二○○五年", "二OO五年", "二零零五年", "二 〇 〇 五 年", "2005年"]
        {
            assert_eq!(folded(written), "2005年", "{written}");
        }
        assert_eq!(folded("OO七五"), "0075");
        assert_eq!(folded("OA系统"), "oa系统");
    }

    #[test]
    fn line_breaks_join_words_and_numbers_but_not_latin_words() {
        assert_eq!(folded("防汛抗\n旱指挥部"), "防汛抗旱指挥部");
        assert_eq!(folded("预算 12\n  34万元"), "预算1234万元");
        assert_eq!(folded("local\ngovernment"), "local|government");
        assert_eq!(folded("12 34"), "12|34");
    }

    #[test]
    fn punctuation_leaves_one_gap_whatever_it_is() {
        assert_eq!(folded("是，我们。……“他”说"), "是_我们_他说");
        assert_eq!(folded("，开头"), "开头");
    }

    #[test]
    fn width_case_accents_and_script_are_folded() {
        assert_eq!(folded("ＡＢｃ 檔案館與縣政府 é ⾏政"), "abc档案馆与县政府e行政");
    }

    #[test]
    fn every_unit_knows_the_bytes_it_came_from() {
        let text = "建〔2005〕，①";
        for unit in fold(text) {
            assert!(text.get(unit.bytes()).is_some_and(|piece| !piece.is_empty()));
        }
    }
}
