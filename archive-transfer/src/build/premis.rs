//! What happened to the records on their way here, as PREMIS 3: one object for the package, its events,
//! its agents. Nothing is said per file, since METS holds each file's digest already; a million files
//! repeated here would only make the description unreadable.

use std::io::{self, Write};

use super::Builder;
use crate::xml::write::Xml;

pub(super) fn write(builder: &Builder<'_>, to: &mut dyn Write) -> io::Result<()> {
    let package = builder.package;
    let id = package.id();
    let day = package.made_on.format("%Y-%m-%d").to_string();
    let mut xml = Xml::new(to)?;
    xml.open(
        "premis:premis",
        &[
            ("xmlns:premis", "http://www.loc.gov/premis/v3"),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            ("version", "3.0"),
        ],
    )?;
    xml.open("premis:object", &[("xsi:type", "premis:representation")])?;
    identifier(&mut xml, "objectIdentifier", "local", &id)?;
    xml.leaf("premis:originalName", &package.institution.name)?;
    xml.close("premis:object")?;
    let (volumes, items, files) =
        (package.arrangement.volumes.len(), builder.items.len(), builder.spool.files);
    let detail = format!("制作移交包：案卷{volumes}卷，文件{items}件，电子文件{files}个");
    event(&mut xml, &id, "event-packing", "packing", &day, &detail)?;
    let detail = format!("复制时逐个计算摘要，与入库时的摘要比对，文件{files}个，全部一致");
    event(&mut xml, &id, "event-fixity", "fixity check", &day, &detail)?;
    for (index, exception) in package.exceptions.iter().enumerate() {
        let place = [&exception.place.volume, &exception.place.item].into_iter().flatten();
        let place = place.cloned().collect::<Vec<_>>().join(" ");
        let detail = format!(
            "例外移交：规则{} {place}，理由：{}，批准人：{}",
            exception.rule, exception.reason, exception.approved_by
        );
        let day = exception.approved_on.format("%Y-%m-%d").to_string();
        event(&mut xml, &id, &format!("event-exception-{}", index + 1), "exception", &day, &detail)?;
    }
    agent(&mut xml, "agent-institution", &package.institution.name, "organization", None)?;
    agent(&mut xml, "agent-software", "archive", "software", Some(env!("CARGO_PKG_VERSION")))?;
    xml.close("premis:premis")?;
    xml.finish()
}

fn identifier<W: Write>(xml: &mut Xml<W>, name: &str, kind: &str, value: &str) -> io::Result<()> {
    let name = format!("premis:{name}");
    xml.open(&name, &[])?;
    xml.leaf(&format!("{name}Type"), kind)?;
    xml.leaf(&format!("{name}Value"), value)?;
    xml.close(&name)
}

fn event<W: Write>(
    xml: &mut Xml<W>,
    object: &str,
    id: &str,
    kind: &str,
    day: &str,
    detail: &str,
) -> io::Result<()> {
    xml.open("premis:event", &[])?;
    identifier(xml, "eventIdentifier", "local", id)?;
    xml.leaf("premis:eventType", kind)?;
    xml.leaf("premis:eventDateTime", day)?;
    xml.open("premis:eventDetailInformation", &[])?;
    xml.leaf("premis:eventDetail", detail)?;
    xml.close("premis:eventDetailInformation")?;
    identifier(xml, "linkingAgentIdentifier", "local", "agent-institution")?;
    identifier(xml, "linkingAgentIdentifier", "local", "agent-software")?;
    identifier(xml, "linkingObjectIdentifier", "local", object)?;
    xml.close("premis:event")
}

fn agent<W: Write>(
    xml: &mut Xml<W>,
    id: &str,
    name: &str,
    kind: &str,
    version: Option<&str>,
) -> io::Result<()> {
    xml.open("premis:agent", &[])?;
    identifier(xml, "agentIdentifier", "local", id)?;
    xml.leaf("premis:agentName", name)?;
    xml.leaf("premis:agentType", kind)?;
    xml.given("premis:agentVersion", version)?;
    xml.close("premis:agent")
}
