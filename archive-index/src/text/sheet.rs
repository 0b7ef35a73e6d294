//! xlsx: the words in the cells, a page a sheet. (Registers are read elsewhere; this is for finding.)

use super::guard::Watch;
use super::package::Package;
use super::xml::Element;
use super::{NoText, Page, Read, TextSource};

pub(super) fn read(bytes: &[u8], watch: &Watch) -> Result<Read, NoText> {
    let mut package = Package::open(bytes, watch)?;
    let shared: Vec<String> = match package.xml("xl/sharedStrings.xml")? {
        Some(list) => list.elements().filter(|element| element.name == "si").map(words).collect(),
        None => Vec::new(),
    };
    let mut sheets: Vec<(u32, String)> = package
        .names()
        .into_iter()
        .filter_map(|name| {
            let number = name.strip_prefix("xl/worksheets/sheet")?.strip_suffix(".xml")?.parse().ok()?;
            Some((number, name))
        })
        .collect();
    sheets.sort();
    let mut read = Read::default();
    for (page, (_, name)) in (1..).zip(sheets) {
        watch.check()?;
        let Some(sheet) = package.xml(&name)? else { continue };
        let mut rows = Vec::new();
        sheet.all("row", &mut rows);
        let mut text = String::new();
        for row in rows {
            for cell in row.elements().filter(|element| element.name == "c") {
                let value = cell.first("v").map(Element::text).unwrap_or_default();
                let shown = match cell.get("t") {
                    Some("s") => value.parse().ok().and_then(|at: usize| shared.get(at)).cloned(),
                    Some("inlineStr") => cell.first("is").map(words),
                    _ => Some(value),
                };
                text.push_str(&shown.unwrap_or_default().replace('\n', " "));
                text.push('\t');
            }
            text.push('\n');
        }
        read.pages.push(Page::of_text(page, &text, TextSource::BornDigital));
    }
    Ok(read)
}

/// The words of a string, without the readings that stand over them.
fn words(string: &Element) -> String {
    let mut out = String::new();
    for element in string.elements() {
        match element.name.as_str() {
            "t" => out.push_str(&element.text()),
            "r" => out.push_str(&element.first("t").map(Element::text).unwrap_or_default()),
            _ => {}
        }
    }
    out
}
