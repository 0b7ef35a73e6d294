//! The page a person opens: fonds, volume, item, file, from the folder, without a server or script.

use std::io::{self, Write};

use quick_xml::escape::escape;

use super::{Builder, Placed};
use crate::names;

const STYLE: &str = "\
body{font:16px/1.7 'Noto Serif SC','Source Han Serif SC',SimSun,serif;max-width:60rem;margin:2rem auto;\
padding:0 1rem;color:#222;background:#fdfcf9}
h1{font-size:1.5rem;border-bottom:3px double #a33;padding-bottom:.4rem}
summary{cursor:pointer;padding:.3rem 0;border-bottom:1px solid #ddd}
summary b{font-weight:600}summary small{color:#666}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.2rem}
th,td{border:1px solid #bbb;padding:.25rem .5rem;text-align:left;vertical-align:top}
th{background:#f3efe6;font-weight:600;white-space:nowrap}
td.no{white-space:nowrap}a{color:#8b1a1a}dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}
dt{color:#666}dd{margin:0}";

pub(super) fn write(builder: &Builder<'_>, to: &mut dyn Write) -> io::Result<()> {
    let package = builder.package;
    let years: Vec<String> = package.years().iter().map(ToString::to_string).collect();
    let title = format!("{} {}年档案移交目录", package.institution.name, years.join("、"));
    let title = escape(title.as_str());
    writeln!(to, "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">")?;
    writeln!(to, "<meta name=\"viewport\" content=\"width=device-width\">")?;
    writeln!(to, "<title>{title}</title><style>{STYLE}</style></head><body>\n<h1>{title}</h1>\n<dl>")?;
    let (volumes, items, files) =
        (package.arrangement.volumes.len(), builder.items.len(), builder.records.len());
    for (label, value) in [
        ("全宗号", package.institution.fonds.clone()),
        ("移交单位", package.institution.name.clone()),
        ("接收单位", package.archives.clone()),
        ("数量", format!("案卷{volumes}卷，文件{items}件，电子文件{files}个")),
        ("制作", format!("{} {}", package.made_on.format("%Y年%-m月%-d日"), package.made_by)),
    ] {
        if !value.trim().is_empty() {
            writeln!(to, "<dt>{label}</dt><dd>{}</dd>", escape(value.as_str()))?;
        }
    }
    writeln!(to, "</dl>")?;
    documents(builder, to)?;
    writeln!(to, "<h2>案卷</h2>")?;
    let mut items = builder.items.iter().peekable();
    for volume in &package.arrangement.volumes {
        let code = volume.number.as_ref().map_or("", |number| number.code.as_str());
        writeln!(
            to,
            "<details><summary><b>{}</b> {} <small>{}年 {} {}件</small></summary>\n<table>\
             <tr><th>件号</th><th>责任者</th><th>文号</th><th>题名</th><th>日期</th><th>页号</th><th>开放意见</th><th>文件</th></tr>",
            escape(code),
            escape(volume.title.as_str()),
            volume.year,
            volume.period,
            volume.entries.len()
        )?;
        while let Some(placed) = items.next_if(|placed| std::ptr::eq(placed.volume, volume)) {
            row(builder, placed, to)?;
        }
        writeln!(to, "</table></details>")?;
    }
    writeln!(to, "</body></html>")
}

fn documents(builder: &Builder<'_>, to: &mut dyn Write) -> io::Result<()> {
    let folder = format!("{}/", builder.layout.documentation());
    let mut paths = builder.bag.payload().keys().filter(|path| path.starts_with(&folder)).peekable();
    if paths.peek().is_none() {
        return Ok(());
    }
    writeln!(to, "<h2>目录与移交文据</h2>\n<ul>")?;
    for path in paths {
        writeln!(to, "<li><a href=\"{}\">{}</a></li>", names::uri(path), escape(&path[folder.len()..]))?;
    }
    writeln!(to, "</ul>")
}

fn row(builder: &Builder<'_>, placed: &Placed<'_>, to: &mut dyn Write) -> io::Result<()> {
    let item = placed.item;
    let number = item.number.as_ref().map_or("", |number| number.original.as_str());
    let pages = placed.entry.pages.map_or_else(String::new, |(from, to)| format!("{from}–{to}"));
    write!(
        to,
        "<tr><td class=\"no\">{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"no\">{}</td><td class=\"no\">{pages}</td><td>{}</td><td>",
        escape(placed.code.as_str()),
        escape(item.bodies.join("；").as_str()),
        escape(number),
        escape(placed.entry.title.as_str()),
        escape(item.date.original.as_str()),
        builder.package.opinion(item).state.word(),
    )?;
    for record in builder.records_of(placed) {
        let name = escape(record.original_name.as_str());
        write!(to, "<a href=\"{}\">{name}</a><br>", names::uri(&record.path))?;
    }
    writeln!(to, "</td></tr>")
}
