//! METS 1.12.1 by E-ARK CSIP and SIP 2.2: one for the package, one for its representation.
//!
//! The package's METS points to descriptions, documentation and the representation's METS; that one lists
//! the files. So a reader that wants one volume's files needn't read what concerns the whole, and neither
//! repeats the other.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Builder;
use crate::bag::write::Recorded;
use crate::digest::Algorithm;
use crate::layout;
use crate::names;
use crate::xml::write::Xml;

/// The profile with its version: what E-ARK's own validator compares with, though its message names the
/// address without.
const PROFILE: &str = "https://earksip.dilcis.eu/profile/E-ARK-SIP-v2-2-0.xml";

/// A file as METS lists it.
struct Listed<'a> {
    /// Relative to the METS.
    href: String,
    recorded: &'a Recorded,
}

/// Writes the representation's METS.
pub(super) fn representation(builder: &Builder<'_>, to: &mut dyn Write) -> io::Result<()> {
    let folder = builder.layout.representation();
    let files: Vec<Listed<'_>> = below(builder, &folder, "data/");
    let descriptions: Vec<Listed<'_>> = below(builder, &folder, "metadata/");
    let mut xml = Xml::new(to)?;
    begin(builder, &mut xml, "rep1", &format!("{} rep1", builder.package.id()))?;
    let day = created(builder);
    for (index, file) in descriptions.iter().enumerate() {
        let id = format!("dmd-{}", index + 1);
        xml.open("mets:dmdSec", &[("ID", &id), ("CREATED", &day), ("STATUS", "CURRENT")])?;
        reference(&mut xml, file, ("OTHER", Some("DA/T 48-2009 EEP")), &day)?;
        xml.close("mets:dmdSec")?;
    }
    xml.open("mets:fileSec", &[("ID", "filesec")])?;
    group(&mut xml, "Data", "grp-data", &files, &day)?;
    xml.close("mets:fileSec")?;
    xml.open("mets:structMap", &[("ID", "structmap"), ("TYPE", "PHYSICAL"), ("LABEL", "CSIP")])?;
    xml.open("mets:div", &[("ID", "div-root"), ("LABEL", "rep1")])?;
    metadata_div(&mut xml, descriptions.len(), false)?;
    pointer_div(&mut xml, "Data", "grp-data")?;
    xml.close("mets:div")?;
    xml.close("mets:structMap")?;
    xml.close("mets:mets")?;
    xml.finish()
}

/// Writes the package's METS.
pub(super) fn root(builder: &Builder<'_>, to: &mut dyn Write) -> io::Result<()> {
    let folder = builder.layout.root.clone();
    let day = created(builder);
    let mut descriptions: Vec<(Listed<'_>, (&str, Option<&str>))> = Vec::new();
    for file in below(builder, &folder, "metadata/descriptive/") {
        descriptions.push((file, ("EAD", None)));
    }
    for file in below(builder, &folder, layout::RECORDS_BELOW) {
        descriptions.push((file, ("OTHER", Some("archive records"))));
    }
    let preservation = below(builder, &folder, "metadata/preservation/");
    let documentation = below(builder, &folder, "documentation/");
    let representation = below(builder, &folder, "representations/rep1/METS.xml");
    let id = builder.package.id();
    let mut xml = Xml::new(to)?;
    begin(builder, &mut xml, &id, &id)?;
    for (index, (file, kind)) in descriptions.iter().enumerate() {
        let id = format!("dmd-{}", index + 1);
        xml.open("mets:dmdSec", &[("ID", &id), ("CREATED", &day), ("STATUS", "CURRENT")])?;
        reference(&mut xml, file, *kind, &day)?;
        xml.close("mets:dmdSec")?;
    }
    xml.open("mets:amdSec", &[("ID", "amd")])?;
    for file in &preservation {
        xml.open("mets:digiprovMD", &[("ID", "premis"), ("CREATED", &day), ("STATUS", "CURRENT")])?;
        reference(&mut xml, file, ("PREMIS", None), &day)?;
        xml.close("mets:digiprovMD")?;
    }
    xml.close("mets:amdSec")?;
    xml.open("mets:fileSec", &[("ID", "filesec")])?;
    if !documentation.is_empty() {
        group(&mut xml, "Documentation", "grp-documentation", &documentation, &day)?;
    }
    group(&mut xml, "Representations/rep1", "grp-rep1", &representation, &day)?;
    xml.close("mets:fileSec")?;
    xml.open("mets:structMap", &[("ID", "structmap"), ("TYPE", "PHYSICAL"), ("LABEL", "CSIP")])?;
    xml.open("mets:div", &[("ID", "div-root"), ("LABEL", &id)])?;
    metadata_div(&mut xml, descriptions.len(), true)?;
    if !documentation.is_empty() {
        pointer_div(&mut xml, "Documentation", "grp-documentation")?;
    }
    xml.open("mets:div", &[("ID", "div-rep1"), ("LABEL", "Representations/rep1")])?;
    xml.empty(
        "mets:mptr",
        &[
            ("LOCTYPE", "URL"),
            ("xlink:type", "simple"),
            ("xlink:href", "representations/rep1/METS.xml"),
            ("xlink:title", "grp-rep1"),
        ],
    )?;
    xml.close("mets:div")?;
    xml.close("mets:div")?;
    xml.close("mets:structMap")?;
    xml.close("mets:mets")?;
    xml.finish()
}

fn created(builder: &Builder<'_>) -> String {
    format!("{}T00:00:00", builder.package.made_on.format("%Y-%m-%d"))
}

/// The payload below `folder` whose path there begins with `start`.
fn below<'a>(builder: &'a Builder<'_>, folder: &str, start: &str) -> Vec<Listed<'a>> {
    let payload: &BTreeMap<String, Recorded> = builder.bag.payload();
    let from = format!("{folder}/{start}");
    payload
        .range(from.clone()..)
        .take_while(|(path, _)| path.starts_with(&from))
        .map(|(path, recorded)| Listed { href: names::uri(&path[folder.len() + 1..]), recorded })
        .collect()
}

fn begin<W: Write>(builder: &Builder<'_>, xml: &mut Xml<W>, id: &str, label: &str) -> io::Result<()> {
    let day = created(builder);
    xml.open(
        "mets:mets",
        &[
            ("xmlns:mets", "http://www.loc.gov/METS/"),
            ("xmlns:csip", "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"),
            ("xmlns:xlink", "http://www.w3.org/1999/xlink"),
            ("OBJID", id),
            ("LABEL", label),
            ("TYPE", "Mixed"),
            ("csip:CONTENTINFORMATIONTYPE", "MIXED"),
            ("PROFILE", PROFILE),
        ],
    )?;
    xml.open(
        "mets:metsHdr",
        &[
            ("CREATEDATE", &day),
            ("LASTMODDATE", &day),
            ("RECORDSTATUS", "NEW"),
            ("csip:OAISPACKAGETYPE", "SIP"),
        ],
    )?;
    xml.open("mets:agent", &[("ROLE", "CREATOR"), ("TYPE", "OTHER"), ("OTHERTYPE", "SOFTWARE")])?;
    xml.leaf("mets:name", "archive")?;
    xml.leaf_with("mets:note", &[("csip:NOTETYPE", "SOFTWARE VERSION")], env!("CARGO_PKG_VERSION"))?;
    xml.close("mets:agent")?;
    xml.open("mets:agent", &[("ROLE", "CREATOR"), ("TYPE", "ORGANIZATION")])?;
    xml.leaf("mets:name", &builder.package.institution.name)?;
    xml.leaf_with(
        "mets:note",
        &[("csip:NOTETYPE", "IDENTIFICATIONCODE")],
        &builder.package.institution.fonds,
    )?;
    xml.close("mets:agent")?;
    xml.close("mets:metsHdr")
}

/// `mdRef` to a description.
fn reference<W: Write>(
    xml: &mut Xml<W>,
    file: &Listed<'_>,
    (kind, other): (&str, Option<&str>),
    day: &str,
) -> io::Result<()> {
    let size = file.recorded.bytes.to_string();
    let mut attributes = vec![
        ("LOCTYPE", "URL"),
        ("xlink:type", "simple"),
        ("xlink:href", file.href.as_str()),
        ("MDTYPE", kind),
        ("MIMETYPE", mime(&file.href)),
        ("SIZE", &size),
        ("CREATED", day),
        ("CHECKSUM", sha256(file)),
        ("CHECKSUMTYPE", "SHA-256"),
    ];
    if let Some(other) = other {
        attributes.push(("OTHERMDTYPE", other));
    }
    xml.empty("mets:mdRef", &attributes)
}

fn group<W: Write>(
    xml: &mut Xml<W>,
    usage: &str,
    id: &str,
    files: &[Listed<'_>],
    day: &str,
) -> io::Result<()> {
    xml.open("mets:fileGrp", &[("ID", id), ("USE", usage), ("csip:CONTENTINFORMATIONTYPE", "MIXED")])?;
    for (index, file) in files.iter().enumerate() {
        let size = file.recorded.bytes.to_string();
        xml.open(
            "mets:file",
            &[
                ("ID", &format!("{id}-{}", index + 1)),
                ("MIMETYPE", mime(&file.href)),
                ("SIZE", &size),
                ("CREATED", day),
                ("CHECKSUM", sha256(file)),
                ("CHECKSUMTYPE", "SHA-256"),
            ],
        )?;
        xml.empty(
            "mets:FLocat",
            &[("LOCTYPE", "URL"), ("xlink:type", "simple"), ("xlink:href", &file.href)],
        )?;
        xml.close("mets:file")?;
    }
    xml.close("mets:fileGrp")
}

fn metadata_div<W: Write>(xml: &mut Xml<W>, descriptions: usize, preserved: bool) -> io::Result<()> {
    let ids: Vec<String> = (1..=descriptions).map(|serial| format!("dmd-{serial}")).collect();
    let ids = ids.join(" ");
    let mut attributes = vec![("ID", "div-metadata"), ("LABEL", "Metadata")];
    if !ids.is_empty() {
        attributes.push(("DMDID", &ids));
    }
    if preserved {
        attributes.push(("ADMID", "premis"));
    }
    xml.empty("mets:div", &attributes)
}

fn pointer_div<W: Write>(xml: &mut Xml<W>, label: &str, group: &str) -> io::Result<()> {
    xml.open("mets:div", &[("ID", &format!("div-{group}")), ("LABEL", label)])?;
    xml.empty("mets:fptr", &[("FILEID", group)])?;
    xml.close("mets:div")
}

fn sha256<'a>(file: &'a Listed<'_>) -> &'a str {
    file.recorded.digests.get(&Algorithm::Sha256).map_or("", String::as_str)
}

/// The media type by the name's extension; the bytes are not looked at here.
fn mime(href: &str) -> &'static str {
    match names::extension(href).as_deref() {
        Some("xml" | "eep") => "application/xml",
        Some("txt") => "text/plain",
        Some("csv") => "text/csv",
        Some("html" | "htm") => "text/html",
        Some("json" | "jsonl") => "application/json",
        Some("pdf") => "application/pdf",
        Some("tif" | "tiff") => "image/tiff",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        // METS wants a registered media type and OFD has none: it is said to be the zip it is.
        Some("ofd") => "application/zip",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("doc" | "wps") => "application/msword",
        Some("xls" | "et") => "application/vnd.ms-excel",
        Some("wav") => "audio/wav",
        Some("mp3") => "audio/mpeg",
        Some("mp4") => "video/mp4",
        _ => "application/octet-stream",
    }
}
