//! What kind of file each piece of content is, by its first bytes, against its name and the formats that
//! GB/T 18894-2016 allows.

use archive_core::finding::{Finding, Place, Severity};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

use super::checks::Results;
use super::documents;
use super::seen::Seen;
use crate::findings::Findings;
use crate::layout;
use crate::names;
use crate::tree::{Entry, Tree};

/// Formats an archives takes in.
const ALLOWED: [&str; 38] = [
    "ofd", "pdf", "tif", "tiff", "jpg", "jpeg", "jp2", "png", "bmp", "gif", "txt", "csv", "rtf", "wps",
    "doc", "docx", "et", "xls", "xlsx", "dps", "ppt", "pptx", "xml", "dbf", "html", "htm", "eml", "wav",
    "mp3", "mpg", "mpeg", "mp4", "avi", "flv", "svg", "eps", "dxf", "json",
];

/// Judges the content below `representations/` or in item folders.
pub(super) fn judge(tree: &Tree, seen: &Seen<'_>, findings: &mut Findings, results: &mut Results) {
    let (mut content, mut odd, mut locked) = (0_usize, 0_usize, 0_usize);
    let most = findings.count() + MAX_NAMED;
    let mut unnamed = 0_usize;
    let mut weighed = |path: &str, said| {
        if findings.count() < most {
            findings.push(weighed(path, said));
        } else {
            unnamed += 1;
        }
    };
    for (at, entry) in tree.entries().iter().enumerate() {
        if !is_content(entry.path) || seen.skipped(at) || seen.unreadable(at).is_some() {
            continue;
        }
        content += 1;
        let extension = names::extension(entry.path).unwrap_or_default();
        let found = seen.odd(at);
        if entry.bytes == 0 {
            odd += 1;
            weighed(entry.path, Text::fixed("是空文件", "the file is empty"));
        } else if found == Some(Odd::Packed) {
            locked += 1;
            let said = Text::fixed(
                "是压缩或加密的文件，须解开后移交",
                "is compressed or encrypted: it must be opened before transfer",
            );
            weighed(entry.path, said);
        } else if !ALLOWED.contains(&extension.as_str()) {
            odd += 1;
            let said = text!(
                "格式“{extension}”不在 GB/T 18894-2016 之列",
                "the format “{extension}” is not among those of GB/T 18894-2016"
            );
            weighed(entry.path, said);
        } else if let Some(Odd::Contradicts(expected)) = found {
            odd += 1;
            let said = text!(
                "名为 {extension}，内容不像 {expected}",
                "is called {extension} but does not start like {expected}"
            );
            weighed(entry.path, said);
        }
    }
    if unnamed > 0 {
        let said = text!(
            "另有 {unnamed} 个文件的格式须人工判断，不再逐一列出",
            "the formats of {unnamed} more files are for a person to judge, and not listed one by one"
        );
        findings.push(weighed_of_all(said));
    }
    if content > 0 {
        results.judge(
            "3-8",
            locked == 0,
            text!("压缩或加密的文件 {locked} 个", "{locked} compressed or encrypted files"),
        );
        if odd == 0 {
            results.judge(
                "3-3",
                true,
                text!("{content} 个文件的格式合乎要求", "the formats of {content} files are allowed"),
            );
        } else {
            results.unsure(
                "3-3",
                text!(
                    "{content} 个文件中 {odd} 个的格式须人工判断",
                    "{odd} of {content} files for a person to judge"
                ),
            );
        }
    }
}

/// The most files whose format is spoken of one by one.
const MAX_NAMED: usize = 10_000;

/// What a file's first bytes say against its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Odd {
    /// It is an archive of files, or behind a password.
    Packed,
    /// Its name promises this, and it doesn't begin like it.
    Contradicts(&'static str),
}

/// What is odd about a piece of content, by its first bytes.
pub(super) fn odd(entry: Entry<'_>, head: &[u8]) -> Option<Odd> {
    if entry.bytes == 0 || !is_content(entry.path) {
        return None;
    }
    let extension = names::extension(entry.path).unwrap_or_default();
    if is_packed(head, &extension) {
        return Some(Odd::Packed);
    }
    contradicts(head, &extension).map(Odd::Contradicts)
}

fn weighed(path: &str, said: Text) -> Finding {
    let place = Place { file: Some(path.to_owned()), ..Place::default() };
    Finding { place, ..weighed_of_all(said) }
}

fn weighed_of_all(said: Text) -> Finding {
    Finding::new(RuleId::I5, Place::default(), said).at(Severity::Warning).with_help(Text::fixed(
        "请移交方说明，或换成长期保存格式",
        "ask the sender, or for a format that lasts",
    ))
}

fn is_content(path: &str) -> bool {
    (path.contains("/representations/") || path.starts_with("representations/"))
        && path.contains("/data/")
        && !documents::is_description(path)
        && !path.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case(layout::EXPLANATION))
}

/// Archives of files, and Office files behind a password.
fn is_packed(head: &[u8], extension: &str) -> bool {
    let zip = head.starts_with(b"PK\x03\x04") && !matches!(extension, "docx" | "xlsx" | "pptx" | "ofd");
    zip || head.starts_with(b"Rar!")
        || head.starts_with(b"7z\xBC\xAF")
        || head.starts_with(&[0x1F, 0x8B])
        || (head.starts_with(OLE) && matches!(extension, "docx" | "xlsx" | "pptx"))
}

const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];

/// What the name promises, where the first bytes say otherwise.
fn contradicts(head: &[u8], extension: &str) -> Option<&'static str> {
    let (name, starts): (&str, &[&[u8]]) = match extension {
        "pdf" => ("PDF", &[b"%PDF"]),
        "tif" | "tiff" => ("TIFF", &[b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"]),
        "jpg" | "jpeg" => ("JPEG", &[&[0xFF, 0xD8, 0xFF]]),
        "png" => ("PNG", &[b"\x89PNG"]),
        "docx" | "xlsx" | "pptx" | "ofd" => ("ZIP", &[b"PK\x03\x04"]),
        "doc" | "xls" | "ppt" | "wps" | "et" => ("OLE", &[OLE, b"PK\x03\x04"]),
        "wav" | "avi" => ("RIFF", &[b"RIFF"]),
        _ => return None,
    };
    (!starts.iter().any(|start| head.starts_with(start))).then_some(name)
}
