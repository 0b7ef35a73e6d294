//! Plain tables for the terminal, aligned by the width characters take there (汉字 take two columns).

use unicode_width::UnicodeWidthStr;

/// Lays rows out in columns, two blanks apart; the last column is left ragged.
pub(crate) fn lines(rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|c| rows.iter().filter_map(|row| row.get(c)).map(|cell| cell.width()).max().unwrap_or(0))
        .collect();
    rows.iter()
        .map(|row| {
            let mut line = String::new();
            for (c, cell) in row.iter().enumerate() {
                line.push_str(cell);
                if c + 1 < row.len() {
                    let pad = widths.get(c).copied().unwrap_or(0).saturating_sub(cell.width()) + 2;
                    line.extend(std::iter::repeat_n(' ', pad));
                }
            }
            line
        })
        .collect()
}

/// Breaks a text into lines of a width in terminal columns: at blanks where there are any, and between 汉字.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut word = String::new();
    let mut put = |word: &mut String| {
        if !line.is_empty() && line.width() + word.trim_end().width() > width {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        line.push_str(if line.is_empty() { word.trim_start() } else { word.as_str() });
        word.clear();
    };
    let clings = |c: char| matches!(c, '，' | '。' | '；' | '：' | '、' | '）' | '”');
    for c in text.chars() {
        // A word ends before a blank, a 汉字, or the end of what a line can hold.
        let goes_on = clings(c) || (c.is_ascii_graphic() && word.ends_with(|c: char| c.is_ascii()));
        if !goes_on || word.width() >= width {
            put(&mut word);
        }
        word.push(c);
    }
    put(&mut word);
    lines.push(line);
    lines
}

/// Shortens a text to a width in terminal columns, with … where something was left out.
pub(crate) fn shorten(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    for c in text.chars() {
        let mut next = short.clone();
        next.push(c);
        if next.width() + 1 > width {
            break;
        }
        short = next;
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_under_chinese() {
        let rows =
            vec![vec!["永久".into(), "3".into(), "甲".into()], vec!["a".into(), "12".into(), "乙".into()]];
        assert_eq!(lines(&rows), ["永久  3   甲", "a     12  乙"]);
    }

    #[test]
    fn wrapped_lines_fit_and_lose_nothing_but_blanks() {
        assert_eq!(wrapped("核对摘要三个文件，缺失", 10), ["核对摘要三", "个文件，缺", "失"]);
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        let long = "a".repeat(25);
        assert_eq!(wrapped(&long, 10).concat(), long);
        assert!(wrapped(&long, 10).iter().all(|line| line.width() <= 10));
    }

    #[test]
    fn a_shortened_text_fits() {
        assert_eq!(shorten("关于召开会议的通知", 9), "关于召开…");
        assert_eq!(shorten("短", 9), "短");
    }
}
