//! The wording of single cells: cleaned, cut for messages, and read where core has no reader for it.

use std::borrow::Cow;

use archive_core::reading::{DateReading, ItemDate};

/// A row number without the full stop or mark after it.
pub(crate) fn identifier(written: &str) -> &str {
    written.trim().trim_end_matches(['.', '．', '、', '。']).trim_end()
}

/// Text as a field holds it: no blanks at the ends, no invisible characters, and (unless `breaks`) on
/// one line. A line break between Chinese characters is the cell's width, not a blank.
pub(crate) fn clean(shown: &str, breaks: bool) -> Cow<'_, str> {
    let plain = |c: char| !(c.is_control() || is_invisible(c));
    if shown.chars().all(plain) {
        return Cow::Borrowed(shown.trim());
    }
    let mut text = String::with_capacity(shown.len());
    for line in shown.split(['\n', '\r', '\u{2028}']) {
        let line: String =
            line.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| plain(*c)).collect();
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        if !text.is_empty() {
            if breaks {
                text.push('\n');
            } else if text.ends_with(|c: char| c.is_ascii()) && line.starts_with(|c: char| c.is_ascii()) {
                text.push(' ');
            }
        }
        text.push_str(line);
    }
    Cow::Owned(text)
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}')
}

/// What a message shows of a cell: its first characters, on one line.
pub(crate) fn excerpt(written: &str) -> String {
    const MOST: usize = 40;
    let line = clean(written, false);
    if line.chars().count() <= MOST {
        return line.into_owned();
    }
    line.chars().take(MOST - 1).chain(['…']).collect()
}

/// A list in a cell: rows, relations.
pub(crate) fn list(text: &str) -> Vec<&str> {
    text.split([';', '；', '、', ',', '，', '\n']).map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// Files and folders, joined by semicolons or line breaks; a comma may be part of a name.
pub(crate) fn scans(text: &str) -> Vec<String> {
    text.split([';', '；', '\n']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// 5, ５, 5页, 共5页, 5.0: how many pages.
pub(crate) fn pages(written: &str) -> Option<u32> {
    let folded = half_width(written);
    let bare =
        folded.trim_start_matches(['共', '约']).trim_end_matches(['页', '张', '面', '码', 'P', 'p']).trim();
    let bare = bare.strip_suffix(".0").unwrap_or(bare);
    bare.parse().ok().filter(|pages| *pages < 1_000_000)
}

/// 2004, 2004年, 2004年度, 二〇〇四年.
pub(crate) fn year(written: &str) -> Option<i32> {
    match ItemDate::read(written.trim().trim_end_matches("度")).reading {
        DateReading::On(date) => Some(date.year()),
        _ => None,
    }
}

/// A day count of Excel. Five digits are no date that people write; below 1970 they may be a year and
/// a month run together (20051), so those stay unread.
pub(crate) fn serial(written: &str) -> Option<f64> {
    let days: u32 = (written.len() == 5).then(|| written.parse().ok()).flatten()?;
    (25_569..80_000).contains(&days).then(|| f64::from(days))
}

/// Full-width digits and letters in half width.
fn half_width(written: &str) -> String {
    written
        .chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            other => other,
        })
        .collect()
}
