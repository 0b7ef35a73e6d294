//! Packages: zip (OFD, OOXML, ODF) and OLE2 (the older office formats, WPS).

use std::io::{Read, Seek, SeekFrom};

use zip::ZipArchive;

use super::Found;
use super::family::Family;

/// The most of one part that is read.
const PART: u64 = 4 << 20;

/// What kind of package a zip is.
pub(super) fn describe_zip<S: Read + Seek>(source: &mut S, found: &mut Found) -> Family {
    if source.seek(SeekFrom::Start(0)).is_err() {
        return Family::Zip;
    }
    let Ok(mut zip) = ZipArchive::new(source) else { return Family::Zip };
    if let Some(manifest) = part(&mut zip, "OFD.xml") {
        return describe_ofd(&mut zip, &manifest, found);
    }
    if let Some(kind) = part(&mut zip, "mimetype") {
        let family = match kind.trim() {
            "application/vnd.oasis.opendocument.text" => Some(Family::Odt),
            "application/vnd.oasis.opendocument.spreadsheet" => Some(Family::Ods),
            _ => None,
        };
        if let Some(family) = family {
            let content = part(&mut zip, "content.xml").unwrap_or_default();
            found.version = attribute(&content, "office:version");
            found.puid = match (family, found.version.as_deref()) {
                (Family::Odt, Some("1.0")) => Some("fmt/136"),
                (Family::Odt, Some("1.1")) => Some("fmt/290"),
                (Family::Odt, Some("1.2")) => Some("fmt/291"),
                (Family::Ods, Some("1.0")) => Some("fmt/137"),
                (Family::Ods, Some("1.1")) => Some("fmt/294"),
                (Family::Ods, Some("1.2")) => Some("fmt/295"),
                _ => None,
            };
            return family;
        }
    }
    for (name, family) in [
        ("word/document.xml", Family::Docx),
        ("xl/workbook.xml", Family::Xlsx),
        ("ppt/presentation.xml", Family::Pptx),
    ] {
        if zip.index_for_name(name).is_some() {
            let properties = part(&mut zip, "docProps/app.xml").unwrap_or_default();
            let count = if family == Family::Pptx { "Slides" } else { "Pages" };
            found.pages =
                element(&properties, count).and_then(|pages| pages.parse().ok()).filter(|&pages| pages > 0);
            return family;
        }
    }
    Family::Zip
}

fn describe_ofd<S: Read + Seek>(zip: &mut ZipArchive<S>, manifest: &str, found: &mut Found) -> Family {
    let profile = attribute(manifest, "DocType").unwrap_or_else(|| "OFD".to_owned());
    let version = attribute_of_root(manifest, "Version").unwrap_or_default();
    found.version =
        Some(if profile == "OFD" { version } else { format!("{profile} {version}") }.trim().to_owned());
    let roots: Vec<String> = elements(manifest, "DocRoot");
    let mut pages = 0;
    for root in roots {
        let root = root.trim().trim_start_matches('/').replace('\\', "/");
        if let Some(document) = part(zip, &root) {
            pages += count_elements(&document, "Page");
        }
    }
    found.pages = u32::try_from(pages).ok().filter(|&pages| pages > 0);
    found.encrypted = zip.index_for_name("Encryptions.xml").is_some();
    Family::Ofd
}

/// What an OLE2 file is, by the names of its streams and the start of the main one.
pub(super) fn describe_cfb<S: Read + Seek>(source: &mut S, found: &mut Found) -> Family {
    if source.seek(SeekFrom::Start(0)).is_err() {
        return Family::Ole2;
    }
    let named = |ending: &str| found.name_hint.as_deref() == Some(ending);
    let Ok(mut file) = cfb::CompoundFile::open(source) else { return Family::Ole2 };
    let has = |name: &str| file.is_stream(format!("/{name}"));
    // Office Open XML behind a password: only its name tells what is inside.
    if has("EncryptedPackage") {
        let family = match found.name_hint.as_deref() {
            Some("docx" | "docm") => Family::Docx,
            Some("xlsx" | "xlsm") => Family::Xlsx,
            Some("pptx") => Family::Pptx,
            _ => Family::Ole2,
        };
        found.encrypted = true;
        return family;
    }
    // WPS keeps Word's and Excel's stream names, and may add some of its own; where it doesn't, the ending
    // alone tells the two apart.
    let wps = has("WpsDocument") || has("WpsCustomData") || named("wps");
    let et = has("ETWorkbook") || has("ETExtData") || named("et");
    let dps = has("WppDocument") || named("dps");
    let (word, book, old_book) = (has("WordDocument"), has("Workbook"), has("Book"));
    let (slides, old_slides) = (has("PowerPoint Document"), has("PP40"));
    if word || has("WpsDocument") {
        if word {
            describe_word(&start(&mut file, "/WordDocument"), found);
        }
        if wps {
            (found.puid, found.version) = (None, None);
            return Family::Wps;
        }
        found.version.get_or_insert_with(|| "97-2003".to_owned());
        Family::Doc
    } else if book || old_book || has("ETWorkbook") {
        if et {
            return Family::Et;
        }
        if !book {
            found.version = Some("5.0/95".to_owned());
            found.puid = Some("fmt/59");
        }
        found.version.get_or_insert_with(|| "97-2003".to_owned());
        Family::Xls
    } else if slides || old_slides {
        if dps {
            return Family::Dps;
        }
        if !slides {
            found.version = Some("95".to_owned());
            found.puid = Some("fmt/125");
        }
        found.version.get_or_insert_with(|| "97-2003".to_owned());
        Family::Ppt
    } else {
        Family::Ole2
    }
}

/// Word's header says how old it is and whether it has a password.
fn describe_word(header: &[u8], found: &mut Found) {
    let short = |at: usize| header.get(at..at + 2).map(|two| u16::from_le_bytes([two[0], two[1]]));
    if short(2).is_some_and(|version| version < 0xc1) {
        found.version = Some("6.0/95".to_owned());
        found.puid = Some("fmt/39");
    }
    found.encrypted = short(10).is_some_and(|flags| flags & 0x0100 != 0);
}

/// The first bytes of a stream.
fn start<S: Read + Seek>(file: &mut cfb::CompoundFile<S>, name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(stream) = file.open_stream(name) {
        // What can't be read tells nothing.
        let _ = stream.take(64).read_to_end(&mut bytes);
    }
    bytes
}

/// A part of a package as text; nothing when it is missing, too large or no text.
fn part<S: Read + Seek>(zip: &mut ZipArchive<S>, name: &str) -> Option<String> {
    let file = zip.by_name(name).ok()?;
    let mut bytes = Vec::new();
    file.take(PART).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The value of the first attribute of this name. Good enough to identify; extraction parses properly.
fn attribute(xml: &str, name: &str) -> Option<String> {
    let at = xml.find(&format!("{name}="))? + name.len() + 1;
    let quote = xml[at..].chars().next().filter(|sign| matches!(sign, '"' | '\''))?;
    let value = &xml[at + 1..];
    value.find(quote).map(|end| value[..end].to_owned())
}

/// As [`attribute`], but not of the XML declaration.
fn attribute_of_root(xml: &str, name: &str) -> Option<String> {
    let root = xml.find("?>").map_or(xml, |end| &xml[end..]);
    attribute(root, name)
}

fn element(xml: &str, name: &str) -> Option<String> {
    elements(xml, name).into_iter().next()
}

/// The texts of all elements of a local name, whatever their prefix.
fn elements(xml: &str, name: &str) -> Vec<String> {
    let mut out = Vec::new();
    for opened in xml.split('<').skip(1) {
        let Some((tag, text)) = opened.split_once('>') else { continue };
        if local_name(tag) == name && !tag.ends_with('/') {
            out.push(text.to_owned());
        }
    }
    out
}

fn count_elements(xml: &str, name: &str) -> usize {
    xml.split('<').skip(1).filter(|opened| local_name(opened) == name).count()
}

fn local_name(tag: &str) -> &str {
    let end = tag.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(tag.len());
    let name = &tag[..end];
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}
