//! The catalogue as EAD3: fonds, volumes, items, files.

use std::io::{self, Write};

use archive_core::model::OpeningState;
use archive_core::reading::{DateReading, RecordDate};

use super::{Builder, Placed};
use crate::names;
use crate::records::FileRecord;
use crate::xml::write::Xml;

pub(super) fn write(builder: &Builder<'_>, to: &mut dyn Write) -> io::Result<()> {
    let package = builder.package;
    let mut xml = Xml::new(to)?;
    xml.open("ead", &[("xmlns", "http://ead3.archivists.org/schema/")])?;
    control(builder, &mut xml)?;
    xml.open("archdesc", &[("level", "fonds"), ("lang", "chi")])?;
    xml.open("did", &[])?;
    xml.leaf("unitid", &package.institution.fonds)?;
    xml.leaf("unittitle", &package.institution.name)?;
    let years = package.years();
    if let (Some(first), Some(last)) = (years.first(), years.last()) {
        years_of(&mut xml, *first, *last)?;
    }
    let (volumes, items) = (package.arrangement.volumes.len(), builder.items.len());
    xml.leaf("physdesc", &format!("案卷{volumes}卷，文件{items}件"))?;
    xml.open("origination", &[])?;
    xml.open("corpname", &[])?;
    xml.leaf("part", &package.institution.name)?;
    xml.close("corpname")?;
    xml.close("origination")?;
    xml.close("did")?;
    xml.open("dsc", &[("dsctype", "combined")])?;
    let mut items = builder.items.iter().peekable();
    let mut spool = builder.spool.read()?;
    for volume in &package.arrangement.volumes {
        xml.open("c", &[("level", "file")])?;
        xml.open("did", &[])?;
        let code = volume.number.as_ref().map_or("", |number| number.code.as_str());
        xml.leaf("unitid", code)?;
        xml.leaf("unittitle", &volume.title)?;
        years_of(&mut xml, volume.year, volume.year)?;
        xml.close("did")?;
        paragraph(&mut xml, "appraisal", &format!("保管期限：{}", volume.period))?;
        while let Some(placed) = items.next_if(|placed| std::ptr::eq(placed.volume, volume)) {
            item(builder, placed, &spool.next(placed.files)?, &mut xml)?;
        }
        xml.close("c")?;
    }
    xml.close("dsc")?;
    xml.close("archdesc")?;
    xml.close("ead")?;
    xml.finish()
}

fn control<W: Write>(builder: &Builder<'_>, xml: &mut Xml<W>) -> io::Result<()> {
    let package = builder.package;
    let day = package.made_on.format("%Y-%m-%d").to_string();
    xml.open("control", &[])?;
    xml.leaf("recordid", &package.id())?;
    xml.open("filedesc", &[])?;
    xml.open("titlestmt", &[])?;
    xml.leaf("titleproper", &format!("{}移交目录", package.institution.name))?;
    xml.close("titlestmt")?;
    xml.close("filedesc")?;
    xml.empty("maintenancestatus", &[("value", "new")])?;
    xml.open("maintenanceagency", &[])?;
    xml.leaf("agencyname", &package.institution.name)?;
    xml.close("maintenanceagency")?;
    xml.open("languagedeclaration", &[])?;
    xml.leaf_with("language", &[("langcode", "chi")], "汉语")?;
    xml.leaf_with("script", &[("scriptcode", "Hans")], "简体汉字")?;
    xml.close("languagedeclaration")?;
    xml.open("maintenancehistory", &[])?;
    xml.open("maintenanceevent", &[])?;
    xml.empty("eventtype", &[("value", "created")])?;
    xml.leaf_with("eventdatetime", &[("standarddatetime", &day)], &day)?;
    xml.empty("agenttype", &[("value", "machine")])?;
    xml.leaf("agent", &format!("archive {}", env!("CARGO_PKG_VERSION")))?;
    xml.close("maintenanceevent")?;
    xml.close("maintenancehistory")?;
    xml.close("control")
}

fn item<W: Write>(
    builder: &Builder<'_>,
    placed: &Placed<'_>,
    records: &[FileRecord],
    xml: &mut Xml<W>,
) -> io::Result<()> {
    let item = placed.item;
    xml.open("c", &[("level", "item")])?;
    xml.open("did", &[])?;
    xml.leaf("unitid", &placed.code)?;
    if let Some(number) = &item.number {
        xml.leaf_with("unitid", &[("localtype", "文号")], &number.original)?;
    }
    xml.leaf("unittitle", &placed.entry.title)?;
    date(xml, placed)?;
    if let Some(pages) = item.pages {
        xml.leaf("physdesc", &format!("{pages}页"))?;
    }
    if !item.bodies.is_empty() {
        xml.open("origination", &[])?;
        for body in &item.bodies {
            xml.open("name", &[])?;
            xml.leaf("part", body)?;
            xml.close("name")?;
        }
        xml.close("origination")?;
    }
    for record in records {
        // Relative to metadata/descriptive/ead.xml.
        let below = record.path.strip_prefix(builder.layout.root.as_str()).unwrap_or(&record.path);
        let href = format!("../..{}", names::uri(below));
        xml.empty("dao", &[("daotype", "derived"), ("href", &href), ("linktitle", &record.original_name)])?;
    }
    xml.close("did")?;
    let opinion = builder.package.opinion(item);
    let mut access = format!("开放审核意见：{}", opinion.state.word());
    if let Some(reason) = opinion.reason {
        access.push_str(&format!("（{reason}）"));
    } else if opinion.state == OpeningState::Unreviewed {
        access.push_str("，不对外提供利用");
    }
    paragraph(xml, "accessrestrict", &access)?;
    if let Some(remarks) = &item.remarks {
        paragraph(xml, "odd", remarks)?;
    }
    xml.close("c")
}

fn paragraph<W: Write>(xml: &mut Xml<W>, name: &str, text: &str) -> io::Result<()> {
    xml.open(name, &[])?;
    xml.leaf("p", text)?;
    xml.close(name)
}

fn years_of<W: Write>(xml: &mut Xml<W>, first: i32, last: i32) -> io::Result<()> {
    xml.open("unitdatestructured", &[])?;
    if first == last {
        let year = first.to_string();
        xml.leaf_with("datesingle", &[("standarddate", &year)], &year)?;
    } else {
        range(xml, &first.to_string(), &last.to_string())?;
    }
    xml.close("unitdatestructured")
}

fn range<W: Write>(xml: &mut Xml<W>, from: &str, to: &str) -> io::Result<()> {
    xml.open("daterange", &[])?;
    xml.leaf_with("fromdate", &[("standarddate", from)], from)?;
    xml.leaf_with("todate", &[("standarddate", to)], to)?;
    xml.close("daterange")
}

fn date<W: Write>(xml: &mut Xml<W>, placed: &Placed<'_>) -> io::Result<()> {
    let single = |xml: &mut Xml<W>, date: RecordDate| {
        let date = date.to_string();
        xml.leaf_with("datesingle", &[("standarddate", &date)], &date)
    };
    match placed.item.date.reading {
        DateReading::On(on) => {
            xml.open("unitdatestructured", &[])?;
            single(xml, on)?;
            xml.close("unitdatestructured")
        }
        DateReading::Span(from, to) => {
            xml.open("unitdatestructured", &[])?;
            range(xml, &from.to_string(), &to.to_string())?;
            xml.close("unitdatestructured")
        }
        _ => xml.given("unitdate", Some(&placed.item.date.original)),
    }
}
