//! The page a person opens: fonds, volume, item, file, from the folder, without a server or script.
//!
//! It reads like the paper it stands for: dates and page spans are written as the catalogue writes them.

use std::io::{self, Write};

use archive_core::reading::{DateReading, ItemDate, RecordDate};
use chrono::Datelike as _;
use quick_xml::escape::escape;

use super::{Builder, Placed};
use crate::names;
use crate::package::Package;
use crate::records::FileRecord;

const STYLE: &str = "\
body{font:16px/1.7 'Noto Serif SC','Source Han Serif SC','Songti SC',SimSun,serif;max-width:64rem;\
margin:2rem auto;padding:0 1rem;color:#222;background:#fdfcf9}\
h1{font-size:1.6rem;text-align:center;border-bottom:3px double #a33;padding-bottom:.5rem;letter-spacing:.1em}\
h2{font-size:1.15rem;margin:1.6rem 0 .4rem}\
details{border-bottom:1px solid #ddd}summary{cursor:pointer;padding:.4rem 0}summary b{font-weight:600}\
summary small{color:#666;white-space:nowrap}\
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.2rem;font-size:.92rem}\
th,td{border:1px solid #bbb;padding:.25rem .45rem;text-align:left;vertical-align:top}\
th{background:#f3efe6;font-weight:600;white-space:nowrap;text-align:center}\
td.no{white-space:nowrap;text-align:center}a{color:#8b1a1a}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}dt{color:#666}dd{margin:0}\
ul{columns:2;padding-left:1.2rem}\
@media print{body{background:none;margin:0;max-width:none}\
details::details-content{content-visibility:visible;block-size:auto;opacity:1}\
summary{list-style:none;break-after:avoid-page}summary::-webkit-details-marker{display:none}\
thead{display:table-header-group}tr{break-inside:avoid-page}}";

pub(super) fn write(builder: &Builder<'_>, to: &mut dyn Write) -> io::Result<()> {
    let package = builder.package;
    let title = format!("{}{}档案移交目录", package.institution.name, years(package));
    let title = escape(title.as_str());
    writeln!(to, "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">")?;
    writeln!(to, "<meta name=\"viewport\" content=\"width=device-width\">")?;
    writeln!(to, "<title>{title}</title><style>{STYLE}</style></head><body>\n<h1>{title}</h1>\n<dl>")?;
    let (volumes, items, files) =
        (package.arrangement.volumes.len(), builder.items.len(), builder.spool.files);
    let part = package.part.map(|part| format!("第{}包，共{}包", part.number, part.of));
    for (label, value) in [
        ("全宗号", package.institution.fonds.clone()),
        ("移交单位", package.institution.name.clone()),
        ("接收单位", package.archives.clone()),
        ("移交包", package.id()),
        ("分包", part.unwrap_or_default()),
        ("数量", format!("案卷 {volumes} 卷，文件 {items} 件，电子文件 {files} 个")),
        ("制作日期", package.made_on.format("%Y年%-m月%-d日").to_string()),
        ("制作人", package.made_by.clone()),
    ] {
        if !value.trim().is_empty() {
            writeln!(to, "<dt>{label}</dt><dd>{}</dd>", escape(value.as_str()))?;
        }
    }
    writeln!(to, "</dl>")?;
    documents(builder, to)?;
    writeln!(to, "<h2>案卷</h2>")?;
    let mut items = builder.items.iter().peekable();
    let mut spool = builder.spool.read()?;
    for volume in &package.arrangement.volumes {
        let code = volume.number.as_ref().map_or("", |number| number.code.as_str());
        writeln!(
            to,
            "<details><summary><b>{}</b>　{}　<small>{}年　{}　{}件</small></summary>\n<table>\
             <thead><tr><th>档号</th><th>责任者</th><th>文号</th><th>题名</th><th>日期</th><th>页号</th><th>开放意见</th><th>电子文件</th></tr></thead>",
            escape(code),
            escape(volume.title.as_str()),
            volume.year,
            volume.period,
            volume.entries.len()
        )?;
        while let Some(placed) = items.next_if(|placed| std::ptr::eq(placed.volume, volume)) {
            row(builder, placed, &spool.next(placed.files)?, to)?;
        }
        writeln!(to, "</table></details>")?;
    }
    writeln!(to, "</body></html>")
}

/// `2004年`, `2001年至2004年`, `2001年、2003年`.
fn years(package: &Package<'_>) -> String {
    let years: Vec<i32> = package.years().into_iter().collect();
    match years.as_slice() {
        [first, .., last] if usize::try_from(last - first).is_ok_and(|span| span + 1 == years.len()) => {
            format!("{first}年至{last}年")
        }
        _ => years.iter().map(|year| format!("{year}年")).collect::<Vec<_>>().join("、"),
    }
}

fn documents(builder: &Builder<'_>, to: &mut dyn Write) -> io::Result<()> {
    if builder.documents.is_empty() {
        return Ok(());
    }
    let folder = format!("{}/", builder.layout.documentation());
    let mut paths: Vec<&String> = builder.documents.iter().collect();
    paths.sort();
    writeln!(to, "<h2>目录与移交文据</h2>\n<ul>")?;
    for path in paths {
        let name = path.strip_prefix(&folder).unwrap_or(path);
        writeln!(to, "<li><a href=\"{}\">{}</a></li>", names::uri(path), escape(name))?;
    }
    writeln!(to, "</ul>")
}

fn row(
    builder: &Builder<'_>,
    placed: &Placed<'_>,
    records: &[FileRecord],
    to: &mut dyn Write,
) -> io::Result<()> {
    let item = placed.item;
    let number = item.number.as_ref().map_or("", |number| number.original.as_str());
    let pages = match placed.entry.pages {
        None => String::new(),
        Some((from, to)) if from == to => from.to_string(),
        Some((from, to)) => format!("{from}-{to}"),
    };
    let opinion = builder.package.opinion(item);
    let reason = opinion.reason.map(|reason| format!("（{reason}）")).unwrap_or_default();
    write!(
        to,
        "<tr><td class=\"no\">{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"no\">{}</td><td class=\"no\">{pages}</td><td>{}{}</td><td>",
        escape(placed.code.as_str()),
        escape(item.bodies.join("、").as_str()),
        escape(number),
        escape(placed.entry.title.as_str()),
        escape(date(&item.date).as_str()),
        opinion.state.word(),
        escape(reason.as_str()),
    )?;
    for record in records {
        let name = escape(record.original_name.as_str());
        write!(to, "<a href=\"{}\">{name}</a><br>", names::uri(&record.path))?;
    }
    writeln!(to, "</td></tr>")
}

/// A date as a list of contents writes it (GB/T 9705): `2004、5、16`; what couldn't be read as it was written.
fn date(date: &ItemDate) -> String {
    let on = |date: RecordDate| match date {
        RecordDate::Day(day) => format!("{}、{}、{}", day.year(), day.month(), day.day()),
        RecordDate::Month(day) => format!("{}、{}", day.year(), day.month()),
        RecordDate::Year(day) => day.year().to_string(),
    };
    match date.reading {
        DateReading::On(day) => on(day),
        DateReading::Span(first, last) => format!("{}—{}", on(first), on(last)),
        DateReading::Missing => String::new(),
        DateReading::Unknown | DateReading::Unreadable => date.original.clone(),
    }
}
