//! Names inside a package: which are safe, and how ours are made.
//!
//! Both ends of a transfer disagree about names: Windows folds case and forbids signs, macOS rewrites
//! Unicode, old zip tools write GBK, and a stranger's package may try `../`. So there is one judge of a
//! path ([`fault`]) used wherever one is read, and one maker of names ([`Namer`]) used wherever one is
//! written: built on the archival code, without signs any system forbids, no two alike under case or
//! Unicode form, and short enough for a Windows path.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use archive_core::text;
use archive_core::text::Text;
use unicode_normalization::UnicodeNormalization as _;

/// The longest path inside a package, in UTF-16 units: Windows allows 260 for the whole, so this leaves
/// room for the folder it is put into.
pub const MAX_PATH_UNITS: usize = 200;

/// Why a path found in a package can't be trusted, if it can't.
///
/// A path is relative, uses `/`, and stays inside the package on every system.
pub fn fault(path: &str) -> Option<Text> {
    if path.is_empty() {
        return Some(Text::fixed("路径为空", "the path is empty"));
    }
    if path.starts_with('/') {
        return Some(Text::fixed("是绝对路径", "it is an absolute path"));
    }
    if path.contains('\\') {
        return Some(Text::fixed("含有反斜杠", "it has a backslash in it"));
    }
    if path.starts_with('~') {
        return Some(Text::fixed("以 ~ 开头，指向用户目录", "it starts with ~, a user's home"));
    }
    let mut letters = path.chars();
    if letters.next().is_some_and(|c| c.is_ascii_alphabetic()) && letters.next() == Some(':') {
        return Some(Text::fixed("以盘符开头", "it starts with a drive letter"));
    }
    let plain = path.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_control());
    if let Some(reason) = (!plain).then(|| sign_fault(path)).flatten() {
        return Some(reason);
    }
    for part in path.split('/') {
        match part {
            ".." => return Some(Text::fixed("含有 ..，会离开包的目录", "it leaves the package through ..")),
            "." | "" => return Some(Text::fixed("含有空的或 . 的一级", "it has an empty or . part")),
            _ => {}
        }
    }
    None
}

/// What is wrong with the signs a path is written in.
fn sign_fault(path: &str) -> Option<Text> {
    if let Some(sign) = path.chars().find(|c| c.is_control()) {
        let code = u32::from(sign);
        return Some(text!("含有控制字符 U+{code:04X}", "it has the control character U+{code:04X} in it"));
    }
    if let Some(sign) = path.chars().find(|c| turns_writing(*c)) {
        let code = u32::from(sign);
        return Some(text!(
            "含有改变文字方向的 U+{code:04X}，显示的不是真名",
            "it has U+{code:04X} in it, which turns the direction of writing: what is shown is not its name"
        ));
    }
    path.contains('\u{FFFD}').then(|| Text::fixed("文件名编码已损坏", "its encoding is damaged"))
}

/// Signs that turn the direction of writing, so that `fdp.exe` is shown as `exe.pdf`.
pub(crate) const fn turns_writing(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The form under which two names are the same somewhere: NFC and without case.
pub fn folded(path: &str) -> String {
    if path.is_ascii() {
        return path.to_ascii_lowercase();
    }
    let composed: String = path.nfc().collect();
    composed.to_lowercase().nfc().collect()
}

/// Whether two names are the same but for how their characters are composed.
pub(crate) fn same_but_for_form(one: &str, other: &str) -> bool {
    one.nfc().eq(other.nfc())
}

/// The path as a relative URI reference (RFC 3986): what METS, EAD and HTML links hold.
///
/// `/` stays; everything but unreserved characters is percent-encoded as UTF-8.
pub fn uri(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(HEX[usize::from(byte >> 4)]));
            encoded.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    encoded
}

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// The path a relative URI reference stands for; `None` if its escapes are no UTF-8.
pub fn from_uri(reference: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(reference.len());
    let mut rest = reference.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        if first == b'%'
            && let Some((pair, after)) = tail.split_at_checked(2)
            && let Ok(pair) = std::str::from_utf8(pair)
            && let Ok(byte) = u8::from_str_radix(pair, 16)
        {
            bytes.push(byte);
            rest = after;
        } else {
            bytes.push(first);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Makes names that collide with none made before.
///
/// It remembers eight bytes of each, not the name: two names of one mark are told apart though they needn't be,
/// which happens once in so many packages as have ever been made, and harms nobody.
#[derive(Debug, Default)]
pub struct Namer {
    taken: HashSet<u64>,
}

impl Namer {
    /// A name in `folder` from `stem` and `extension`, changed as little as safety asks for.
    ///
    /// `folder` is a path made before (or empty). Returns the whole path.
    pub fn name(&mut self, folder: &str, stem: &str, extension: &str) -> String {
        let stem = safe(stem);
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let suffix = if extension.is_empty() { String::new() } else { format!(".{extension}") };
        let room = MAX_PATH_UNITS.saturating_sub(units(&prefix) + units(&suffix) + 5).max(8);
        let stem = shortened(&stem, room);
        let mut path = format!("{prefix}{stem}{suffix}");
        let mut serial = 1_u32;
        while !self.taken.insert(mark(&path)) {
            serial += 1;
            path = format!("{prefix}{stem}-{serial}{suffix}");
        }
        path
    }
}

/// What is remembered of a name: the same for the same name, whenever and wherever.
fn mark(path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    folded(path).hash(&mut hasher);
    hasher.finish()
}

/// `name` without the signs a file system forbids, in NFC.
///
/// 档号 with `·` and Chinese class codes stay as they are: DA/T 93 wants the folder to bear the code.
pub fn safe(name: &str) -> String {
    let plain: String = name
        .nfc()
        .map(|c| match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '%' | '~' | '#' | '\u{FFFD}' => '_',
            c if c.is_control() || c.is_whitespace() || turns_writing(c) => '_',
            c => c,
        })
        .collect();
    let plain = plain.trim_matches(['.', ' ']);
    if plain.is_empty() {
        return "_".to_owned();
    }
    // CON, NUL, COM1 … are devices on Windows, with or without an extension.
    let head = plain.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let device = matches!(head.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (head.len() == 4
            && (head.starts_with("COM") || head.starts_with("LPT"))
            && head.ends_with(|c: char| c.is_ascii_digit()));
    if device { format!("_{plain}") } else { plain.to_owned() }
}

/// The extension of a person's file name, if it is one a system can rely on: lower case, ASCII, short.
pub fn extension(original: &str) -> Option<String> {
    let name = original.rsplit(['/', '\\']).next().unwrap_or_default();
    let (stem, extension) = name.rsplit_once('.')?;
    let fits = !stem.is_empty()
        && (1..=5).contains(&extension.len())
        && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
    fits.then(|| extension.to_ascii_lowercase())
}

/// Length as Windows counts it.
pub fn units(path: &str) -> usize {
    path.encode_utf16().count()
}

fn shortened(name: &str, room: usize) -> String {
    let mut left = room;
    name.chars()
        .take_while(|c| {
            let fits = c.len_utf16() <= left;
            left = left.saturating_sub(c.len_utf16());
            fits
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_that_leave_the_package_are_named_with_their_reason() {
        for path in [
            "../x",
            "a/../../x",
            "/etc/passwd",
            "C:\\Windows",
            "C:x",
            "a\\b",
            "~/x",
            "~root/x",
            "a//b",
            "./a",
            "",
            "a\u{0}b",
            "a\nb",
            "\u{FFFD}",
        ] {
            assert!(fault(path).is_some(), "{path:?}");
        }
        for path in ["data/a.txt", "案卷/文件 1.tif", "a..b/c", "data/%7Ex", "..a"] {
            assert_eq!(fault(path), None, "{path:?}");
        }
    }

    #[test]
    fn names_alike_under_case_or_unicode_form_are_told_apart() {
        let mut namer = Namer::default();
        let names: Vec<String> =
            ["Ú", "U\u{301}", "ú", "CON", "a:b"].iter().map(|stem| namer.name("d", stem, "tif")).collect();
        insta::assert_snapshot!(names.join(" "), @"d/Ú.tif d/Ú-2.tif d/ú-3.tif d/_CON.tif d/a_b.tif");
    }

    proptest! {
        #[test]
        fn every_name_made_is_safe_short_and_its_own(stems in prop::collection::vec(".{0,300}", 1..20)) {
            let mut namer = Namer::default();
            let mut seen = BTreeSet::new();
            for stem in stems {
                let path = namer.name("data/x", &stem, "tif");
                prop_assert_eq!(fault(&path), None);
                prop_assert!(units(&path) <= MAX_PATH_UNITS);
                prop_assert!(seen.insert(folded(&path)));
            }
        }

        #[test]
        fn a_uri_comes_back_as_the_path_it_was_made_from(path in "\\PC{0,40}") {
            let uri = uri(&path);
            prop_assert!(uri.is_ascii());
            prop_assert_eq!(from_uri(&uri), Some(path));
        }
    }
}
