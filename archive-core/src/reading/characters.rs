//! One way of writing each character.
//!
//! The same date or number reaches us in full-width or half-width digits, with a dozen kinds of
//! brackets, dashes and blanks, and with the letter O for zero. The readers look at text through
//! [`fold`], which gives each character one form and changes no positions: one character in, one out.

/// One form for each character that people write in several: digits and letters at half width,
/// brackets as 〔 〕, dashes as `-`, middle dots as `·`, every blank as a space.
pub(crate) const fn fold(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => match char::from_u32(c as u32 - 0xFEE0) {
            Some(half) => half,
            None => c,
        },
        '〔' | '［' | '[' | '（' | '(' | '【' | '﹝' | '〖' | '{' | '｛' | '〘' | '⦗' | '﹙' | '<' | '＜'
        | '〈' => '〔',
        '〕' | '］' | ']' | '）' | ')' | '】' | '﹞' | '〗' | '}' | '｝' | '〙' | '⦘' | '﹚' | '>' | '＞'
        | '〉' => '〕',
        '－' | '‐' | '‑' | '‒' | '−' | '﹣' | '˗' => '-',
        '／' => '/',
        '．' | '。' | '﹒' => '.',
        '，' => ',',
        '；' => ';',
        '：' => ':',
        '～' | '〜' | '∼' => '~',
        '・' | '•' | '‧' | '∙' => '·',
        c if c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{3000}') => ' ',
        _ => c,
    }
}

/// The text folded, without blanks.
pub(crate) fn folded_tight(text: &str) -> String {
    text.chars().map(fold).filter(|c| *c != ' ').collect()
}

/// The value of a digit as people write it: Arabic, Chinese (everyday and formal), and the look-alikes of zero.
pub(crate) const fn digit(c: char) -> Option<u32> {
    Some(match c {
        '0' | '〇' | '○' | '◯' | '零' | 'O' | 'o' | 'О' | 'о' | 'Ο' | '０' => 0,
        '1' | '一' | '壹' | '１' => 1,
        '2' | '二' | '贰' | '两' | '２' => 2,
        '3' | '三' | '叁' | '３' => 3,
        '4' | '四' | '肆' | '４' => 4,
        '5' | '五' | '伍' | '５' => 5,
        '6' | '六' | '陆' | '６' => 6,
        '7' | '七' | '柒' | '７' => 7,
        '8' | '八' | '捌' | '８' => 8,
        '9' | '九' | '玖' | '９' => 9,
        _ => return None,
    })
}

/// A whole number below 1,000,000 as people write it: `16`, `１６`, `十六`, `二十一`, `廿一`, `一百零三`, `二〇〇五`,
/// `二OO五`. Nothing for anything else, so that no wrong value comes out.
pub(crate) fn number(written: &str) -> Option<u32> {
    let chars: Vec<char> = written.chars().collect();
    if chars.is_empty() || chars.len() > 12 {
        return None;
    }
    let looks_alike = |c: &char| matches!(c, 'O' | 'o' | 'О' | 'о' | 'Ο' | '○' | '◯');
    if chars.iter().all(|c| digit(*c).is_some()) {
        // A row of zero look-alikes alone (O, ○) is a letter or a bullet, no number.
        if chars.len() > 6 || chars.iter().all(looks_alike) {
            return None;
        }
        return chars.iter().try_fold(0_u32, |sum, c| Some(sum * 10 + digit(*c)?));
    }
    counted(&chars)
}

/// Numbers written with their units: 十六, 二十, 廿一, 三十一, 一百零三, 一千二百.
fn counted(chars: &[char]) -> Option<u32> {
    let mut sum = 0;
    let mut pending: Option<u32> = None;
    let mut last_unit = 10_000;
    for (index, c) in chars.iter().enumerate() {
        let (unit, implied) = match c {
            '千' | '仟' => (1000, None),
            '百' | '佰' => (100, None),
            '十' | '拾' => (10, Some(1)),
            '廿' => (10, Some(2)),
            '卅' => (10, Some(3)),
            '〇' | '零' if pending.is_none() && index > 0 && index + 1 < chars.len() => continue,
            _ => {
                let value = digit(*c).filter(|value| *value > 0 && !c.is_ascii_digit())?;
                if pending.replace(value).is_some() {
                    return None;
                }
                continue;
            }
        };
        if unit >= last_unit || (pending.is_some() && implied.is_some_and(|many| many > 1)) {
            return None;
        }
        last_unit = unit;
        sum += unit * pending.take().or(implied)?;
    }
    let ones = pending.unwrap_or(0);
    (sum > 0 && ones < last_unit).then_some(sum + ones)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_every_hand() {
        for (written, value) in [
            ("16", 16),
            ("十六", 16),
            ("十", 10),
            ("二十", 20),
            ("廿一", 21),
            ("三十一", 31),
            ("一百零三", 103),
            ("一千二百三十四", 1234),
            ("二〇〇五", 2005),
            ("二OO五", 2005),
            ("二○○五", 2005),
            ("二零零五", 2005),
            ("二00五", 2005),
            ("一六", 16),
            ("2oo5", 2005),
        ] {
            assert_eq!(number(written), Some(value), "{written}");
        }
    }

    #[test]
    fn what_is_no_number_gives_nothing() {
        for written in ["", "O", "○○", "十十", "百", "三三十", "年", "二十三十", "1十"] {
            assert_eq!(number(written), None, "{written}");
        }
    }
}
