//! What speaks against opening a record: words of its title and text, and personal numbers in them.
//!
//! A caution decides nothing. It is shown to the two people who do, with the place and a little of what
//! stands around it. A personal number is told by its own check (the last digit of an identity card number, the
//! sum of a bank card's), not by its length alone, and is never shown whole.

use aho_corasick::{AhoCorasick, MatchKind};
use serde::{Deserialize, Serialize};

use crate::text::Text;

/// A list of words that speak against opening, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CautionWords {
    /// What they speak of: 婚姻家庭.
    pub name: String,
    /// The words.
    pub words: Vec<String>,
    /// The clause they rest on.
    pub source: String,
}

/// A personal number, told by its own check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PersonalNumber {
    /// 居民身份证号码: 18 characters with a check digit (GB 11643), or 15 digits before 1999.
    IdentityCard,
    /// 手机号码, 电话号码.
    Phone,
    /// 银行卡号.
    BankCard,
}

impl PersonalNumber {
    /// The word for it.
    pub const fn word(self) -> Text {
        match self {
            Self::IdentityCard => Text::fixed("身份证号", "identity card number"),
            Self::Phone => Text::fixed("电话号码", "phone number"),
            Self::BankCard => Text::fixed("银行卡号", "bank card number"),
        }
    }
}

/// Something that speaks against opening.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Caution {
    /// What it speaks of: a list of words, or a kind of number.
    pub name: String,
    /// The page it stands on; none for the title.
    pub page: Option<u32>,
    /// The word, or the number with its middle hidden.
    pub found: String,
    /// What stands around it, numbers hidden.
    pub around: String,
}

/// So many characters are shown on each side of a word.
const AROUND: usize = 8;

/// The look-out for words and numbers, made once for many records.
#[derive(Debug)]
pub struct Lookout<'p> {
    lists: Vec<(&'p CautionWords, &'p str)>,
    words: Option<AhoCorasick>,
}

impl<'p> Lookout<'p> {
    /// A look-out for these lists.
    pub fn new(cautions: &'p [CautionWords]) -> Self {
        let lists: Vec<_> = cautions
            .iter()
            .flat_map(|list| list.words.iter().map(move |word| (list, word.as_str())))
            .filter(|(_, word)| !word.is_empty())
            .collect();
        // Too many words for the machine to be built is out of reach of a profile; then none are found.
        let words = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(lists.iter().map(|(_, word)| word))
            .ok();
        Self { lists, words }
    }

    /// Everything in a title (`page` none) or on a page that speaks against opening, each word once.
    pub fn look(&self, page: Option<u32>, text: &str) -> Vec<Caution> {
        let numbers = personal_numbers(text);
        let mut found: Vec<Caution> = Vec::new();
        let mut add = |name: &str, word: &str, start: usize, end: usize| {
            if !found.iter().any(|one| one.name == name && one.found == word) {
                let around = around(text, start, end, &numbers);
                found.push(Caution { name: name.to_owned(), page, found: word.to_owned(), around });
            }
        };
        for hit in self.words.iter().flat_map(|words| words.find_iter(text)) {
            if let Some((list, word)) = self.lists.get(hit.pattern().as_usize()) {
                add(&list.name, word, hit.start(), hit.end());
            }
        }
        for number in &numbers {
            add(&number.kind.word().zh, &number.hidden, number.start, number.end);
        }
        found
    }
}

/// A personal number in a text, with its place in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Number {
    kind: PersonalNumber,
    hidden: String,
    start: usize,
    end: usize,
}

/// What stands around a place, with personal numbers hidden and line ends as blanks.
fn around(text: &str, start: usize, end: usize, numbers: &[Number]) -> String {
    let before = text[..start].char_indices().rev().take(AROUND).last().map_or(start, |(at, _)| at);
    let after = text[end..].char_indices().nth(AROUND).map_or(text.len(), |(at, _)| end + at);
    // A number cut in two would show its half: the window ends before it.
    let mut shown = String::new();
    let mut at = before;
    for number in numbers.iter().filter(|number| number.end > before && number.start < after) {
        if number.start > at {
            shown.push_str(&text[at..number.start]);
        }
        shown.push_str(&number.hidden);
        at = number.end;
    }
    if at < after {
        shown.push_str(&text[at..after]);
    }
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A digit in any width, or the X of an identity card.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
        'x' | 'X' | 'ｘ' | 'Ｘ' => Some('X'),
        _ => None,
    }
}

/// The personal numbers in a text, in order. Recognised text sets digits apart: single blanks inside a number don't
/// hide it, and neither does a hyphen in one of a phone.
fn personal_numbers(text: &str) -> Vec<Number> {
    let mut found = Vec::new();
    let mut run: Vec<(usize, char)> = Vec::new();
    let mut gap = false;
    for (at, c) in text.char_indices().chain([(text.len(), '\n')]) {
        match digit(c) {
            // An X alone is a letter: it only ends a number.
            Some('X') if run.len() != 17 => {
                close(text, &mut run, &mut found);
                gap = false;
            }
            Some(digit) => {
                run.push((at, digit));
                gap = false;
            }
            None if matches!(c, ' ' | '-' | '－' | '\u{3000}') && !run.is_empty() && !gap => gap = true,
            None => {
                close(text, &mut run, &mut found);
                gap = false;
            }
        }
    }
    found
}

/// Judges a run of digits: whole first, then each part between blanks.
fn close(text: &str, run: &mut Vec<(usize, char)>, found: &mut Vec<Number>) {
    let digits = std::mem::take(run);
    let judge = |part: &[(usize, char)]| -> Option<Number> {
        let written: String = part.iter().map(|(_, digit)| *digit).collect();
        let kind = kind_of(&written)?;
        let (&(start, _), &(last, _)) = (part.first()?, part.last()?);
        let end = last + text[last..].chars().next().map_or(0, char::len_utf8);
        Some(Number { kind, hidden: hidden(&written), start, end })
    };
    if let Some(number) = judge(&digits) {
        found.push(number);
        return;
    }
    // 张三 13800138000 440106198001010015: the parts stand for themselves.
    let mut part: Vec<(usize, char)> = Vec::new();
    for (at, digit) in digits {
        let adjoins = part
            .last()
            .is_none_or(|(last, _)| last + text[*last..].chars().next().map_or(0, char::len_utf8) == at);
        if !adjoins {
            found.extend(judge(&part));
            part.clear();
        }
        part.push((at, digit));
    }
    found.extend(judge(&part));
}

/// The first and the last four characters; the rest hidden. Of a phone, three and two.
fn hidden(written: &str) -> String {
    let chars: Vec<char> = written.chars().collect();
    let (front, back) = if chars.len() >= 15 { (4, 2) } else { (3, 2) };
    chars
        .iter()
        .enumerate()
        .map(|(at, c)| if at < front || at + back >= chars.len() { *c } else { '*' })
        .collect()
}

fn kind_of(digits: &str) -> Option<PersonalNumber> {
    if is_identity_card(digits) {
        Some(PersonalNumber::IdentityCard)
    } else if is_phone(digits) {
        Some(PersonalNumber::Phone)
    } else if is_bank_card(digits) {
        Some(PersonalNumber::BankCard)
    } else {
        None
    }
}

/// Whether it is an identity card number: 18 characters whose last is right (GB 11643-1999, ISO 7064 MOD 11-2), or the
/// 15 digits of the first cards; both with a birthday that exists and a province that does.
fn is_identity_card(written: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECK: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    let province = written.get(..2).and_then(|code| code.parse::<u32>().ok());
    if !province.is_some_and(|code| (11..=82).contains(&code)) {
        return false;
    }
    let birthday = |year: String, rest: &str| {
        let day = || {
            let month = rest.get(..2)?.parse().ok()?;
            chrono::NaiveDate::from_ymd_opt(year.parse().ok()?, month, rest.get(2..4)?.parse().ok()?)
        };
        day().is_some()
    };
    match written.len() {
        18 => {
            let digits: Vec<u32> = written.chars().filter_map(|c| c.to_digit(10)).take(17).collect();
            let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
            let year = written.get(6..10).unwrap_or_default();
            (year.starts_with("18") || year.starts_with("19") || year.starts_with("20"))
                && birthday(year.to_owned(), written.get(10..14).unwrap_or_default())
                && digits.len() == 17
                && CHECK.get(sum as usize % 11).copied() == written.chars().next_back()
        }
        15 => {
            written.chars().all(|c| c.is_ascii_digit())
                && birthday(
                    format!("19{}", written.get(6..8).unwrap_or_default()),
                    written.get(8..12).unwrap_or_default(),
                )
        }
        _ => false,
    }
}

/// A mobile number, or one with an area code (010, 02x, 0xxx).
fn is_phone(digits: &str) -> bool {
    let mobile = digits.len() == 11
        && digits.starts_with('1')
        && digits[1..].starts_with(|c: char| ('3'..='9').contains(&c));
    let landline = (11..=12).contains(&digits.len())
        && digits.starts_with('0')
        && digits[1..].starts_with(|c: char| c != '0');
    (mobile || landline) && digits.chars().all(|c| c.is_ascii_digit())
}

/// 16 to 19 digits of a bank (62 of UnionPay, 4 and 5 of the others) whose sum by Luhn is right.
fn is_bank_card(digits: &str) -> bool {
    if !(16..=19).contains(&digits.len())
        || !digits.starts_with(['4', '5', '6'])
        || !digits.chars().all(|c| c.is_ascii_digit())
    {
        return false;
    }
    let sum: u32 = digits
        .chars()
        .rev()
        .filter_map(|c| c.to_digit(10))
        .enumerate()
        .map(|(at, digit)| if at % 2 == 0 { digit } else { digit * 2 % 10 + digit * 2 / 10 })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lists() -> Vec<CautionWords> {
        vec![CautionWords {
            name: "婚姻家庭".into(),
            words: vec!["离婚".into(), "结婚登记".into()],
            source: "福田".into(),
        }]
    }

    fn found(text: &str) -> Vec<(String, String)> {
        let lists = lists();
        Lookout::new(&lists).look(Some(1), text).into_iter().map(|one| (one.name, one.found)).collect()
    }

    /// An identity card number with the right last character.
    fn card(first: &str) -> String {
        let last = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'X']
            .into_iter()
            .find(|last| is_identity_card(&format!("{first}{last}")));
        format!("{first}{}", last.unwrap())
    }

    #[test]
    fn an_identity_card_number_is_told_by_its_last_character() {
        let whole = card("44010619800101001");
        assert_eq!(found(&format!("身份证{whole}。")).len(), 1);
        let wrong = if whole.ends_with('1') { "2" } else { "1" };
        assert!(found(&format!("编号{}{wrong}。", &whole[..17])).is_empty());
        // 15 digits with a birthday, and without one.
        assert_eq!(found("440106800101001")[0].0, "身份证号");
        assert!(found("440106801301001").is_empty());
    }

    #[test]
    fn digits_set_apart_or_in_full_width_are_the_same_number() {
        let whole = card("44010619800101001");
        let apart = format!("{} {} {}", &whole[..6], &whole[6..14], &whole[14..]);
        assert_eq!(found(&apart), found(&whole));
        let wide: String = whole
            .chars()
            .map(|c| c.to_digit(10).map_or(c, |d| char::from_u32(u32::from('０') + d).unwrap()))
            .collect();
        assert_eq!(found(&wide), found(&whole));
    }

    #[test]
    fn two_numbers_side_by_side_are_two() {
        let text = format!("13800138000 {}", card("44010619800101001"));
        let kinds: Vec<String> = found(&text).into_iter().map(|(name, _)| name).collect();
        assert_eq!(kinds, ["电话号码", "身份证号"]);
    }

    #[test]
    fn a_document_number_a_date_and_a_sum_of_money_are_no_personal_numbers() {
        for text in
            ["建政办〔2005〕16号", "20050516", "1234567890元", "2004-05-16 08:00", "100000000000000000"]
        {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_number_is_never_shown_whole_not_even_around_a_word() {
        let number = card("44010619800101001");
        let lists = lists();
        for caution in Lookout::new(&lists).look(None, &format!("离婚{number}离婚")) {
            assert!(!caution.around.contains(&number[6..14]), "{caution:?}");
            assert!(!caution.found.contains(&number[6..14]), "{caution:?}");
        }
    }

    #[test]
    fn the_longest_word_is_found_once_with_its_surroundings() {
        let lists = lists();
        let cautions = Lookout::new(&lists).look(None, "关于办理结婚登记的通知，结婚登记处");
        assert_eq!(cautions.len(), 1);
        assert_eq!(cautions[0].around, "关于办理结婚登记的通知，结婚登记");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fall_over(text in "\\PC{0,60}") {
            found(&text);
        }

        #[test]
        fn digits_blanks_and_letters_in_any_mixture_are_read(text in "[0-9Xx０-９ \\-张]{0,60}") {
            found(&text);
        }
    }
}
