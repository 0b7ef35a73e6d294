//! EAD3 for a year: the fonds, the year as a series, each volume as a file, each item as an item.
//!
//! Schema: EAD 3 (2015). Classified and left-out records aren't in a [`Book`], so they aren't here.

use std::io;

use archive_core::model::{Entry, Volume};
use archive_core::reading::{DateReading, RecordDate};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::book::{Book, class_of};
use crate::layout::printable;

type Xml = Writer<Vec<u8>>;

const NAMESPACE: &str = "http://ead3.archivists.org/schema/";

/// Writes the year.
pub(crate) fn write(book: &Book<'_>) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 1);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let name = printable(&book.institution.name);
    let title = format!("{name}{}年度档案目录", book.year());
    xml.create_element("ead").with_attribute(("xmlns", NAMESPACE)).write_inner_content(|xml| {
        control(xml, book, &name, &title)?;
        fonds(xml, book, &name)
    })?;
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

fn leaf(xml: &mut Xml, element: &str, text: &str) -> io::Result<()> {
    xml.create_element(element).write_text_content(BytesText::new(text))?;
    Ok(())
}

fn control(xml: &mut Xml, book: &Book<'_>, name: &str, title: &str) -> io::Result<()> {
    let date = book.printed_on.format("%Y-%m-%d").to_string();
    xml.create_element("control").write_inner_content(|xml| {
        leaf(xml, "recordid", &format!("{}-{}", book.institution.fonds, book.year()))?;
        xml.create_element("filedesc").write_inner_content(|xml| {
            xml.create_element("titlestmt").write_inner_content(|xml| leaf(xml, "titleproper", title))?;
            Ok(())
        })?;
        xml.create_element("maintenancestatus").with_attribute(("value", "new")).write_empty()?;
        xml.create_element("maintenanceagency").write_inner_content(|xml| leaf(xml, "agencyname", name))?;
        xml.create_element("languagedeclaration").write_inner_content(|xml| {
            xml.create_element("language")
                .with_attribute(("langcode", "chi"))
                .write_text_content(BytesText::new("中文"))?;
            xml.create_element("script")
                .with_attribute(("scriptcode", "Hans"))
                .write_text_content(BytesText::new("简体汉字"))?;
            Ok(())
        })?;
        xml.create_element("maintenancehistory").write_inner_content(|xml| {
            xml.create_element("maintenanceevent").write_inner_content(|xml| {
                xml.create_element("eventtype").with_attribute(("value", "created")).write_empty()?;
                xml.create_element("eventdatetime")
                    .with_attribute(("standarddatetime", date.as_str()))
                    .write_text_content(BytesText::new(&date))?;
                xml.create_element("agenttype").with_attribute(("value", "machine")).write_empty()?;
                leaf(xml, "agent", concat!("archive ", env!("CARGO_PKG_VERSION")))
            })?;
            Ok(())
        })?;
        Ok(())
    })?;
    Ok(())
}

fn fonds(xml: &mut Xml, book: &Book<'_>, name: &str) -> io::Result<()> {
    xml.create_element("archdesc").with_attribute(("level", "fonds")).write_inner_content(|xml| {
        xml.create_element("did").write_inner_content(|xml| {
            leaf(xml, "unitid", &book.institution.fonds)?;
            leaf(xml, "unittitle", name)?;
            xml.create_element("origination").write_inner_content(|xml| {
                xml.create_element("corpname").write_inner_content(|xml| leaf(xml, "part", name))?;
                Ok(())
            })?;
            Ok(())
        })?;
        xml.create_element("dsc").write_inner_content(|xml| {
            xml.create_element("c").with_attribute(("level", "series")).write_inner_content(|xml| {
                let year = book.year();
                let items: usize = book.volumes.iter().map(|volume| volume.entries.len()).sum();
                xml.create_element("did").write_inner_content(|xml| {
                    leaf(xml, "unitid", &format!("{}-{year}", book.institution.fonds))?;
                    leaf(xml, "unittitle", &format!("{year}年度"))?;
                    leaf(xml, "unitdate", &year)?;
                    let extent = format!("{}卷、{items}件", book.volumes.len());
                    leaf(xml, "physdesc", &extent)
                })?;
                for volume in &book.volumes {
                    write_volume(xml, book, volume)?;
                }
                Ok(())
            })?;
            Ok(())
        })?;
        Ok(())
    })?;
    Ok(())
}

fn write_volume(xml: &mut Xml, book: &Book<'_>, volume: &Volume) -> io::Result<()> {
    xml.create_element("c").with_attribute(("level", "file")).write_inner_content(|xml| {
        xml.create_element("did").write_inner_content(|xml| {
            if let Some(number) = &volume.number {
                leaf(xml, "unitid", &number.code)?;
            }
            leaf(xml, "unittitle", &printable(&volume.title))?;
            if let Some((first, last)) = book.span(volume) {
                span(xml, first, last)?;
            }
            leaf(xml, "physdesc", &format!("{}件、{}页", volume.entries.len(), book.pages(volume)))
        })?;
        paragraph(xml, "appraisal", &format!("保管期限：{}", volume.period))?;
        paragraph(xml, "arrangement", &class_of(volume))?;
        for entry in &volume.entries {
            write_item(xml, book, volume, entry)?;
        }
        Ok(())
    })?;
    Ok(())
}

fn paragraph(xml: &mut Xml, element: &str, text: &str) -> io::Result<()> {
    xml.create_element(element).write_inner_content(|xml| leaf(xml, "p", text))?;
    Ok(())
}

fn write_item(xml: &mut Xml, book: &Book<'_>, volume: &Volume, entry: &Entry) -> io::Result<()> {
    let item = book.item(entry);
    xml.create_element("c").with_attribute(("level", "item")).write_inner_content(|xml| {
        xml.create_element("did").write_inner_content(|xml| {
            let code = book.item_code(volume, entry);
            if !code.is_empty() {
                leaf(xml, "unitid", &code)?;
            }
            if let Some(number) = item.and_then(|item| item.number.as_ref()) {
                xml.create_element("unitid")
                    .with_attribute(("localtype", "文号"))
                    .write_text_content(BytesText::new(&printable(&number.to_string())))?;
            }
            leaf(xml, "unittitle", &printable(&entry.title))?;
            match item.map(|item| &item.date.reading) {
                Some(DateReading::On(date)) => single(xml, *date)?,
                Some(DateReading::Span(first, last)) => span(xml, *first, *last)?,
                _ => {}
            }
            if let Some(pages) = book.entry_pages(entry) {
                leaf(xml, "physdesc", &format!("{pages}页"))?;
            }
            let bodies = item.map(|item| item.bodies.as_slice()).unwrap_or_default();
            if !bodies.is_empty() {
                xml.create_element("origination").write_inner_content(|xml| {
                    for body in bodies {
                        xml.create_element("corpname")
                            .write_inner_content(|xml| leaf(xml, "part", &printable(body)))?;
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        if let Some(item) = item {
            paragraph(xml, "accessrestrict", item.opening.word())?;
            if let Some(remarks) = item.remarks.as_deref().map(printable).filter(|text| !text.is_empty()) {
                paragraph(xml, "odd", &remarks)?;
            }
        }
        Ok(())
    })?;
    Ok(())
}

fn single(xml: &mut Xml, date: RecordDate) -> io::Result<()> {
    let date = date.to_string();
    xml.create_element("unitdatestructured").write_inner_content(|xml| {
        xml.create_element("datesingle")
            .with_attribute(("standarddate", date.as_str()))
            .write_text_content(BytesText::new(&date))?;
        Ok(())
    })?;
    Ok(())
}

fn span(xml: &mut Xml, first: RecordDate, last: RecordDate) -> io::Result<()> {
    if first == last {
        return single(xml, first);
    }
    xml.create_element("unitdatestructured").write_inner_content(|xml| {
        xml.create_element("daterange").write_inner_content(|xml| {
            for (element, date) in [("fromdate", first), ("todate", last)] {
                let date = date.to_string();
                xml.create_element(element)
                    .with_attribute(("standarddate", date.as_str()))
                    .write_text_content(BytesText::new(&date))?;
            }
            Ok(())
        })?;
        Ok(())
    })?;
    Ok(())
}
