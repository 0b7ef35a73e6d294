//! PDF: version, the PDF/A it declares, pages, encryption.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro::hayro_syntax::{LoadPdfError, Pdf};

use super::Found;

/// Where the header stands: it may have junk before it.
pub(super) fn header(head: &[u8]) -> Option<usize> {
    head.get(..head.len().min(4_096))?.windows(5).position(|piece| piece == b"%PDF-")
}

/// Describes a PDF; `whole` is absent when it is too large to be read.
pub(super) fn describe(head: &[u8], whole: Option<&[u8]>, found: &mut Found) {
    let version = header(head)
        .and_then(|at| head.get(at + 5..at + 8))
        .and_then(|version| std::str::from_utf8(version).ok())
        .filter(|version| version.as_bytes()[1] == b'.');
    found.version = version.map(str::to_owned);
    found.puid = version.and_then(|version| {
        Some(match version {
            "1.0" => "fmt/14",
            "1.1" => "fmt/15",
            "1.2" => "fmt/16",
            "1.3" => "fmt/17",
            "1.4" => "fmt/18",
            "1.5" => "fmt/19",
            "1.6" => "fmt/20",
            "1.7" => "fmt/276",
            "2.0" => "fmt/1129",
            _ => return None,
        })
    });
    let Some(whole) = whole else { return };
    if let Some((part, conformance)) = declared_archival(whole) {
        let level = conformance.to_ascii_lowercase();
        found.version = Some(format!("A-{part}{level}"));
        found.puid = match (part, level.as_str()) {
            ('1', "a") => Some("fmt/95"),
            ('1', "b") => Some("fmt/354"),
            ('2', "a") => Some("fmt/476"),
            ('2', "b") => Some("fmt/477"),
            ('2', "u") => Some("fmt/478"),
            ('3', "a") => Some("fmt/479"),
            ('3', "b") => Some("fmt/480"),
            ('3', "u") => Some("fmt/481"),
            ('4', "") => Some("fmt/1910"),
            ('4', "e") => Some("fmt/1911"),
            ('4', "f") => Some("fmt/1912"),
            _ => None,
        };
    }
    found.encrypted = whole.windows(8).any(|piece| piece == b"/Encrypt");
    // The reader is someone else's, and the file may be anyone's.
    let opened = catch_unwind(AssertUnwindSafe(|| Pdf::new(whole.to_vec()).map(|pdf| pdf.pages().len())));
    match opened {
        Ok(Ok(pages)) if pages > 0 => found.pages = u32::try_from(pages).ok(),
        Ok(Err(LoadPdfError::Decryption(_))) => found.encrypted = true,
        _ => {}
    }
}

/// The `pdfaid:part` and `pdfaid:conformance` of the file's metadata, as element or attribute.
fn declared_archival(bytes: &[u8]) -> Option<(char, String)> {
    let part = value_after(bytes, b"pdfaid:part")?.chars().next().filter(char::is_ascii_digit)?;
    let conformance = value_after(bytes, b"pdfaid:conformance").unwrap_or_default();
    Some((part, conformance))
}

fn value_after(bytes: &[u8], name: &[u8]) -> Option<String> {
    let at = bytes.windows(name.len()).position(|piece| piece == name)? + name.len();
    let rest = bytes.get(at..bytes.len().min(at + 32))?;
    let start = rest.iter().position(u8::is_ascii_alphanumeric)?;
    let signs = rest.get(..start)?;
    signs.iter().all(|sign| b"=\"'> \t\r\n".contains(sign)).then_some(())?;
    let value = rest.get(start..)?;
    let end = value.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(value.len());
    Some(String::from_utf8_lossy(&value[..end]).into_owned())
}
