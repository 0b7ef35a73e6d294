//! Scripts whose letters join: Tibetan stacks, Mongolian and Uyghur words, and others that a font must
//! shape before they can be drawn or measured. Chinese and Latin letters stand each for themselves.
//!
//! Such a text is handled word by word: to a space, or in Tibetan to the dot that ends a syllable, so
//! that lines are broken where these scripts break them and no join is ever cut.

/// Whether `c` belongs to a script whose letters join or are placed on one another.
pub fn is_joined(c: char) -> bool {
    if c < '\u{590}' {
        return false;
    }
    matches!(c,
        '\u{590}'..='\u{8FF}' // Hebrew, Arabic (Uyghur, Kazakh, Kyrgyz), Syriac, Thaana, N'Ko
        | '\u{900}'..='\u{FFF}' // India, Thai, Lao, Tibetan
        | '\u{1000}'..='\u{109F}' // Burmese
        | '\u{1780}'..='\u{18AF}' // Khmer, Mongolian and Manchu
        | '\u{1A20}'..='\u{1AAF}' // Tai Tham
        | '\u{A840}'..='\u{A87F}' // 'Phags-pa
        | '\u{AA60}'..='\u{AA7F}'
        | '\u{FB1D}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}')
}

/// Whether `c` is written from right to left.
pub fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}')
}

/// Whether a text as a whole is written from right to left: its first letter says so.
pub fn runs_right_to_left(text: &str) -> bool {
    text.chars().find(|c| c.is_alphabetic()).is_some_and(is_right_to_left)
}

/// Selectors and joiners that belong to the word they stand in.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{180B}'..='\u{180F}' | '\u{200C}' | '\u{200D}' | '\u{202F}' | '\u{FE00}'..='\u{FE0F}')
}

/// The length in bytes of the joined word a text begins with; 0 where it begins with anything else.
pub fn word(text: &str) -> usize {
    if !text.chars().next().is_some_and(is_joined) {
        return 0;
    }
    let mut end = 0;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if !is_joined(c) && !is_joiner(c) {
            break;
        }
        end += c.len_utf8();
        // ་ ends a syllable; ། and its like stay with it.
        let ends = matches!(c, '\u{F0B}' | '\u{F0D}'..='\u{F14}');
        if ends && rest.peek().is_some_and(|next| !matches!(next, '\u{F0B}'..='\u{F14}')) {
            break;
        }
    }
    end
}

/// The sign that stands for `c` where the text runs from right to left.
pub fn mirrored(c: char) -> char {
    match c {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '{' => '}',
        '}' => '{',
        '<' => '>',
        '>' => '<',
        '«' => '»',
        '»' => '«',
        '（' => '）',
        '）' => '（',
        '《' => '》',
        '》' => '《',
        '〈' => '〉',
        '〉' => '〈',
        '【' => '】',
        '】' => '【',
        '〔' => '〕',
        '〕' => '〔',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let mut rest = text;
        let mut words = Vec::new();
        while !rest.is_empty() {
            let length = word(rest);
            if length > 0 {
                words.push(&rest[..length]);
            }
            rest = &rest[length.max(rest.chars().next().map_or(1, char::len_utf8))..];
        }
        words
    }

    #[test]
    fn joined_words_end_at_spaces_and_tibetan_ones_at_the_dot() {
        assert_eq!(words("关于 شىنجاڭ ئۇيغۇر 的通知"), ["شىنجاڭ", "ئۇيغۇر"]);
        assert_eq!(words("བོད་ལྗོངས། 档案"), ["བོད་", "ལྗོངས།"]);
        assert_eq!(words("ᠮᠣᠩᠭᠣᠯ 档案"), ["ᠮᠣᠩᠭᠣᠯ"]);
        assert_eq!(words("关于防汛的通知〔2004〕1号"), [""; 0]);
    }

    #[test]
    fn the_first_letter_says_which_way_a_text_runs() {
        assert!(runs_right_to_left("«شىنجاڭ» 2004 新疆"));
        assert!(!runs_right_to_left("（2004）新疆 شىنجاڭ"));
    }
}
