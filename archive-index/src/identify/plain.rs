//! Texts: which encoding, and whether they are HTML, XML or mail.

use super::Found;
use super::family::{Encoding, Family};

/// Tells texts from what is none.
pub(super) fn describe(bytes: &[u8], found: &mut Found) -> Family {
    let Some(encoding) = encoding(bytes) else { return Family::Unknown };
    found.encoding = Some(encoding);
    let start: String =
        crate::text::plain::decode(bytes.get(..bytes.len().min(4_096)).unwrap_or_default(), encoding)
            .trim_start()
            .to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return Family::Html;
    }
    if start.starts_with("<?xml") {
        return if start.contains("<html") { Family::Html } else { Family::Xml };
    }
    if is_mail(&start) {
        return Family::Eml;
    }
    Family::Txt
}

fn is_mail(start: &str) -> bool {
    let header = |name: &str| start.lines().take(60).any(|line| line.starts_with(name));
    let first = start.lines().next().unwrap_or_default();
    first.split_once(':').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    }) && header("from:")
        && (header("to:") || header("subject:") || header("date:"))
}

/// The encoding of a text, or nothing if it is none.
///
/// UTF-8 comes first: Chinese text in GB18030 is practically never valid UTF-8 by accident.
pub(crate) fn encoding(bytes: &[u8]) -> Option<Encoding> {
    match bytes {
        [0xff, 0xfe, ..] => return Some(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => return Some(Encoding::Utf16Be),
        _ => {}
    }
    if bytes.iter().any(|&byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1a | 0x1b)) {
        return None;
    }
    if bytes.is_ascii() {
        return Some(Encoding::Ascii);
    }
    if std::str::from_utf8(bytes).is_ok() {
        return Some(Encoding::Utf8);
    }
    let (decoded, wrong) = encoding_rs::GB18030.decode_without_bom_handling(bytes);
    if !wrong {
        // Anything can be GB18030; what is text holds common characters and no private ones.
        let (mut common, mut odd) = (0_usize, 0_usize);
        for ch in decoded.chars() {
            match ch {
                '\u{4e00}'..='\u{9fa5}' | '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff5e}' => common += 1,
                '\u{e000}'..='\u{f8ff}' | '\u{80}'..='\u{9f}' => odd += 1,
                _ => {}
            }
        }
        return (common > odd * 4).then_some(Encoding::Gb18030);
    }
    // A byte or two may be broken in a text that is UTF-8 all the same.
    let lossy = String::from_utf8_lossy(bytes);
    let broken = lossy.chars().filter(|&ch| ch == char::REPLACEMENT_CHARACTER).count();
    let sound = lossy.chars().filter(|ch| !ch.is_ascii()).count().saturating_sub(broken);
    if sound > broken * 20 {
        return Some(Encoding::Utf8);
    }
    let broken = decoded.chars().filter(|&ch| ch == char::REPLACEMENT_CHARACTER).count();
    let sound = decoded.chars().filter(|ch| ('\u{4e00}'..='\u{9fa5}').contains(ch)).count();
    (sound > broken * 20).then_some(Encoding::Gb18030)
}
