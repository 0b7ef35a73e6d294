//! docx: the paragraphs and tables of the body, its notes, headers and footers.
//!
//! Word doesn't keep pages: they come about when it is printed. Page breaks that the file remembers
//! (typed ones, and those of the last printing) part the text into pages.

use super::guard::{Watch, damaged};
use super::package::Package;
use super::xml::{Element, Node};
use super::{NoText, Page, Read, TextSource};

pub(super) fn read(bytes: &[u8], watch: &Watch) -> Result<Read, NoText> {
    let mut package = Package::open(bytes, watch)?;
    let document = package.xml("word/document.xml")?.ok_or_else(|| damaged("word/document.xml"))?;
    let body = document.first("body").ok_or_else(|| damaged("body"))?;
    let mut pages = vec![String::new()];
    write(body, &mut pages);
    let mut extra = String::new();
    for name in package.names() {
        watch.check()?;
        let is_extra = name.strip_suffix(".xml").is_some()
            && ["word/header", "word/footer", "word/footnotes", "word/endnotes", "word/comments"]
                .iter()
                .any(|start| name.starts_with(start));
        if is_extra && let Some(part) = package.xml(&name)? {
            let mut inside = vec![String::new()];
            write(&part, &mut inside);
            extra.push_str(&inside.concat());
        }
    }
    if let Some(last) = pages.last_mut()
        && !extra.trim().is_empty()
    {
        last.push('\n');
        last.push_str(&extra);
    }
    let pages = (1..).zip(&pages).map(|(number, text)| Page::of_text(number, text, TextSource::BornDigital));
    Ok(Read { pages: pages.collect(), ..Read::default() })
}

fn write(element: &Element, pages: &mut Vec<String>) {
    for node in &element.inside {
        let Node::Element(inside) = node else { continue };
        match inside.name.as_str() {
            // Text that was deleted, codes of fields, and the second telling of a text box.
            "del" | "instrText" | "Fallback" | "pPr" | "rPr" | "sectPr" | "tblPr" | "tcPr" => {}
            "t" => add(pages, &inside.text()),
            "tab" => add(pages, "\t"),
            "noBreakHyphen" => add(pages, "-"),
            "br" | "cr" if inside.get("type") == Some("page") => turn(pages),
            "br" | "cr" => add(pages, "\n"),
            "lastRenderedPageBreak" => turn(pages),
            "tc" => {
                let mut cell = vec![String::new()];
                write(inside, &mut cell);
                add(pages, cell.concat().trim_end());
                add(pages, "\t");
            }
            "p" | "tr" => {
                write(inside, pages);
                add(pages, "\n");
            }
            _ => write(inside, pages),
        }
    }
}

fn add(pages: &mut [String], text: &str) {
    if let Some(page) = pages.last_mut() {
        page.push_str(text);
    }
}

/// A new page, unless nothing stands on this one yet: a typed break is remembered as rendered too.
fn turn(pages: &mut Vec<String>) {
    if pages.last().is_some_and(|page| !page.trim().is_empty()) {
        pages.push(String::new());
    }
}
