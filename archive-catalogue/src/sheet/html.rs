//! One page for the browser: every part as a table, with the form's widths, and rules for printing.

use std::fmt::Write as _;

use super::{column_at, edges};
use crate::document::{Body, Border, Chart, Document, Grid, Part, Prose, Table};
use crate::fonts::Role;
use crate::layout::{Align, Measure, Paper, Style};

/// Writes a document as one html file that needs nothing else.
pub fn write(document: &Document) -> String {
    let mut html = String::new();
    let landscape =
        !document.parts.is_empty() && document.parts.iter().all(|part| part.paper.width > part.paper.height);
    let title = escaped(&document.title);
    let _ = write!(
        html,
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n@page {{ size: A4{}; margin: 20mm 15mm 15mm 25mm }}\n{CSS}</style>\n</head>\n<body>\n",
        if landscape { " landscape" } else { "" }
    );
    for part in document.first_copy() {
        write_part(&mut html, part);
    }
    if document.parts.is_empty() {
        let _ = writeln!(html, "<p>{title}：无案卷</p>");
    }
    html.push_str("</body>\n</html>\n");
    html
}

const CSS: &str = "\
body { margin: 8mm auto; color: #000; background: #fff; font-family: 宋体, SimSun, 'Noto Serif CJK SC', serif; font-size: 10.5pt; line-height: 1.4 }
section { margin: 0 auto 12mm; break-after: page }
section:last-of-type { break-after: auto }
h1 { font-size: 18pt; font-weight: normal; text-align: center; letter-spacing: .1em; margin: 0 0 3mm }
table { border-collapse: collapse; table-layout: fixed; margin: 0 auto }
caption { caption-side: top; font-size: 18pt; letter-spacing: .1em; padding-bottom: 2mm }
td, th { padding: 1mm; vertical-align: middle; overflow-wrap: break-word; line-break: strict }
.list td, .list th { border: .2mm solid #000 }
.list th { font-family: 黑体, SimHei, 'Noto Sans CJK SC', sans-serif; font-weight: normal }
.list tr { break-inside: avoid }
.list .heading th { border: 0; text-align: left; font-family: inherit }
thead { display: table-header-group }
.heading span { margin-right: 2em }
.footing { display: flex; justify-content: space-between; margin: 3mm auto 0; padding-right: 30mm; box-sizing: border-box }
.c { text-align: center } .r { text-align: right } .s { text-align: justify; text-align-last: justify } .v { writing-mode: vertical-rl; text-align: center; margin: auto }
.box { border: .25mm solid #000 } .under { border-bottom: .25mm solid #000 } .double { border-bottom: 1mm double #000 }
.hei { font-family: 黑体, SimHei, 'Noto Sans CJK SC', sans-serif } .kai { font-family: 楷体, KaiTi, serif } .fang { font-family: 仿宋, FangSong, serif }
.top { vertical-align: top; white-space: pre-line }
p { margin: 0; text-align: justify } p.indent { text-indent: 2em }
@media print { body { margin: 0 } }
";

fn write_part(html: &mut String, part: &Part) {
    let _ = writeln!(html, "<section style=\"width:{}mm\">", part.paper.text_width());
    match &part.body {
        Body::Table(table) => write_table(html, table),
        Body::Grid(grid) => write_grid(html, grid),
        Body::Prose(prose) => write_prose(html, prose),
        Body::Chart(chart) => write_chart(html, chart, &part.paper),
    }
    html.push_str("</section>\n");
}

/// A chart is the same picture as on paper; characters are taken to be as wide as most fonts have them.
fn write_chart(html: &mut String, chart: &Chart, paper: &Paper) {
    struct Usual;
    impl Measure for Usual {
        fn advance(&self, _: crate::fonts::Role, c: char) -> f64 {
            if c.is_ascii() { 0.5 } else { 1.0 }
        }
    }
    html.push_str(&crate::surface::svg::write(&crate::layout::chart::draw(chart, paper, &Usual)));
}

fn class_of(align: Align) -> &'static str {
    match align {
        Align::Left => "",
        Align::Centre => "c",
        Align::Right => "r",
        Align::Spread => "s",
        Align::Vertical => "v",
    }
}

fn write_table(html: &mut String, table: &Table) {
    let width: f64 = table.columns.iter().map(|column| column.width).sum();
    let _ = write!(
        html,
        "<table class=\"list\" style=\"width:{width}mm\">\n<caption>{}</caption>\n<colgroup>",
        escaped(&table.title)
    );
    for column in &table.columns {
        let _ = write!(html, "<col style=\"width:{}mm\">", column.width);
    }
    html.push_str("</colgroup>\n<thead>\n");
    if !table.heading.is_empty() {
        let _ = write!(html, "<tr class=\"heading\"><th colspan=\"{}\">", table.columns.len());
        for pair in &table.heading {
            let _ = write!(html, "<span>{}：{}</span>", escaped(&pair.label), escaped(&pair.value));
        }
        html.push_str("</th></tr>\n");
    }
    html.push_str("<tr>");
    for column in &table.columns {
        let _ = write!(html, "<th>{}</th>", escaped(&column.header));
    }
    html.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in &table.rows {
        html.push_str("<tr>");
        for (text, column) in row.iter().zip(&table.columns) {
            let class = class_of(column.align);
            if class.is_empty() {
                let _ = write!(html, "<td>{}</td>", escaped(text));
            } else {
                let _ = write!(html, "<td class=\"{class}\">{}</td>", escaped(text));
            }
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table>\n");
    if !table.footing.is_empty() {
        let _ = write!(html, "<p class=\"footing\" style=\"width:{width}mm\">");
        for pair in &table.footing {
            let _ = write!(html, "<span>{}：{}</span>", escaped(&pair.label), escaped(&pair.value));
        }
        html.push_str("</p>\n");
    }
}

fn write_grid(html: &mut String, grid: &Grid) {
    let edges = edges(grid);
    html.push_str("<table>\n<colgroup>");
    for pair in edges.windows(2) {
        let _ = write!(html, "<col style=\"width:{:.1}mm\">", pair[1] - pair[0]);
    }
    html.push_str("</colgroup>\n");
    for row in &grid.rows {
        let _ = write!(html, "<tr style=\"height:{:.1}mm\">", row.height);
        let mut x = 0.0;
        for cell in &row.cells {
            let from = column_at(&edges, x);
            x += cell.width;
            let span = column_at(&edges, x).saturating_sub(from).max(1);
            let mut classes = vec![class_of(cell.style.align), hand(cell.style)];
            classes.push(match cell.border {
                Border::None => "",
                Border::Box => "box",
                Border::Under => "under",
                Border::DoubleUnder => "double",
            });
            classes.push(if cell.at_top { "top" } else { "" });
            classes.retain(|class| !class.is_empty());
            let _ = write!(
                html,
                "<td colspan=\"{span}\" class=\"{}\" style=\"font-size:{}pt\">{}</td>",
                classes.join(" "),
                cell.style.size,
                escaped(&cell.text)
            );
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</table>\n");
}

fn hand(style: Style) -> &'static str {
    match style.role {
        Role::Song => "",
        Role::Fangsong => "fang",
        Role::Kai => "kai",
        Role::Hei => "hei",
    }
}

fn write_prose(html: &mut String, prose: &Prose) {
    let _ = writeln!(html, "<h1>{}</h1>", escaped(&prose.title));
    for paragraph in &prose.paragraphs {
        let mut classes = vec![hand(paragraph.style), class_of(paragraph.style.align)];
        if paragraph.indent {
            classes.push("indent");
        }
        classes.retain(|class| !class.is_empty());
        let _ = writeln!(
            html,
            "<p class=\"{}\" style=\"font-size:{}pt\">{}</p>",
            classes.join(" "),
            paragraph.style.size,
            escaped(&paragraph.text)
        );
    }
}

fn escaped(text: &str) -> std::borrow::Cow<'_, str> {
    quick_xml::escape::escape(text)
}
