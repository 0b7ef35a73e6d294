//! OpenDocument: the paragraphs of a text, the cells of a spreadsheet.

use super::guard::{Watch, damaged};
use super::package::Package;
use super::xml::{Element, Node};
use super::{NoText, Page, Read, TextSource};

pub(super) fn read(bytes: &[u8], watch: &Watch) -> Result<Read, NoText> {
    let mut package = Package::open(bytes, watch)?;
    let content = package.xml("content.xml")?.ok_or_else(|| damaged("content.xml"))?;
    let body = content.first("body").ok_or_else(|| damaged("body"))?;
    let mut pages = vec![String::new()];
    write(body, &mut pages);
    let pages = (1..).zip(&pages).map(|(number, text)| Page::of_text(number, text, TextSource::BornDigital));
    Ok(Read { pages: pages.collect(), ..Read::default() })
}

fn write(element: &Element, pages: &mut Vec<String>) {
    for node in &element.inside {
        let inside = match node {
            Node::Text(text) => {
                if matches!(element.name.as_str(), "p" | "h" | "span" | "a") {
                    add(pages, text);
                }
                continue;
            }
            Node::Element(inside) => inside,
        };
        match inside.name.as_str() {
            "tracked-changes" | "forms" | "annotation" => {}
            "s" => {
                let count = inside.get("c").and_then(|count| count.parse::<usize>().ok()).unwrap_or(1);
                add(pages, &" ".repeat(count.min(1_000)));
            }
            "tab" => add(pages, "\t"),
            "line-break" => add(pages, "\n"),
            "soft-page-break" => {
                if pages.last().is_some_and(|page| !page.trim().is_empty()) {
                    pages.push(String::new());
                }
            }
            "p" | "h" | "table-row" => {
                write(inside, pages);
                add(pages, "\n");
            }
            "table-cell" => {
                let mut cell = vec![String::new()];
                write(inside, &mut cell);
                add(pages, cell.concat().trim_end());
                add(pages, "\t");
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
