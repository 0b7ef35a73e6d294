//! Texts: which encoding, and whether they are HTML, XML or mail.

use super::Found;
use super::family::{Encoding, Family};

/// Tells texts from what is none.
pub(super) fn describe(bytes: &[u8], found: &mut Found) -> Family {
    let Some(mut encoding) = encoding(bytes) else { return Family::Unknown };
    if encoding == Encoding::Gb18030 && says_big5(bytes) {
        encoding = Encoding::Big5;
    }
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
        return wide(bytes);
    }
    if bytes.is_ascii() {
        return Some(Encoding::Ascii);
    }
    if std::str::from_utf8(bytes).is_ok() {
        return Some(Encoding::Utf8);
    }
    if is_big5(bytes) {
        return Some(Encoding::Big5);
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

/// UTF-16 without a mark: nearly all of it is what Chinese and Latin texts are made of. Anything else that has
/// bytes of 0 in it is no text.
fn wide(bytes: &[u8]) -> Option<Encoding> {
    if bytes.is_empty() || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let start = bytes.get(..bytes.len().min(8_192))?;
    let likely = |order: fn([u8; 2]) -> u16| {
        let units = start.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(order);
        let usual = units.clone().filter(|unit| {
            matches!(unit, 9 | 10 | 13 | 0x20..=0x7e | 0x3000..=0x303f | 0x4e00..=0x9fa5 | 0xff01..=0xff5e)
        });
        usual.count() * 10 >= units.count() * 9
    };
    if likely(u16::from_le_bytes) {
        return Some(Encoding::Utf16Le);
    }
    likely(u16::from_be_bytes).then_some(Encoding::Utf16Be)
}

/// Big5 rather than GB18030: read as Big5 nearly every character is one of its frequent ones, read as GB18030 few
/// are. A text of one is hardly ever a plausible text of the other.
fn is_big5(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(65_536)).unwrap_or_default();
    let (mut pairs, mut of_big5, mut of_gb) = (0_usize, 0_usize, 0_usize);
    let mut at = 0;
    while let Some(&lead) = start.get(at) {
        if lead.is_ascii() {
            at += 1;
            continue;
        }
        let trail = start.get(at + 1).copied().unwrap_or_default();
        pairs += 1;
        of_big5 += usize::from(matches!(lead, 0xa1..=0xc6) && matches!(trail, 0x40..=0x7e | 0xa1..=0xfe));
        of_gb += usize::from(matches!(lead, 0xa1..=0xa3 | 0xb0..=0xd7) && trail >= 0xa1);
        at += 2;
    }
    pairs > 0
        && of_big5 * 20 >= pairs * 19
        && of_gb * 10 < pairs * 7
        && !encoding_rs::BIG5.decode_without_bom_handling(bytes).1
}

/// What an HTML page says its encoding is, where it isn't one of those that are told from the bytes.
fn says_big5(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(1_024)).unwrap_or_default();
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let said = head.split_once("charset=").map(|(_, rest)| rest.trim_start_matches(['"', '\'', ' ']));
    said.is_some_and(|said| said.starts_with("big5"))
        && !encoding_rs::BIG5.decode_without_bom_handling(bytes).1
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "臨溪縣人民政府辦公室關於做好2005年防汛抗旱工作的通知\n各鄉鎮人民政府：";
    const PLAIN: &str = "临溪县人民政府办公室关于做好2005年防汛抗旱工作的通知\n各乡镇人民政府：";

    #[test]
    fn a_text_is_told_by_what_it_makes_sense_in() {
        let big5 = encoding_rs::BIG5.encode(TEXT).0;
        assert_eq!(encoding(&big5), Some(Encoding::Big5));
        for text in [TEXT, PLAIN] {
            assert_eq!(encoding(&encoding_rs::GB18030.encode(text).0), Some(Encoding::Gb18030), "{text}");
            let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(encoding(&little), Some(Encoding::Utf16Le), "{text}");
            assert_eq!(encoding(&big), Some(Encoding::Utf16Be), "{text}");
        }
        assert_eq!(encoding(b"\x7fELF\x02\x01\x01\0\0\0\0\0"), None);
    }

    #[test]
    fn a_short_page_is_read_as_it_says() {
        let page = "<html><head><meta charset=\"big5\"></head><body>縣誌</body></html>";
        let mut found = Found::default();
        assert_eq!(describe(&encoding_rs::BIG5.encode(page).0, &mut found), Family::Html);
        assert_eq!(found.encoding, Some(Encoding::Big5));
    }
}
