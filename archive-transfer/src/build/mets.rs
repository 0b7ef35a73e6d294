//! METS 1.12.1 by E-ARK CSIP and SIP 2.2: one for the package, one for its representation.
//!
//! The package's METS points to descriptions, documentation and the representation's METS; that one lists
//! the files. So a reader that wants one volume's files needn't read what concerns the whole, and neither
//! repeats the other.

use std::io::{self, Write};

use super::Builder;
use crate::digest::Algorithm;
use crate::layout;
use crate::names;
use crate::xml::write::Xml;

/// The profile with its version: what E-ARK's own validator compares with, though its message names the
/// address without.
const PROFILE: &str = "https://earksip.dilcis.eu/profile/E-ARK-SIP-v2-2-0.xml";

/// A file as METS lists it.
struct Listed {
    /// Relative to the METS.
    href: String,
    bytes: u64,
    sha256: String,
}

/// Writes the representation's METS. Its lists are as long as the package has files, so each is written as
/// the ledger is read.
pub(super) fn representation(builder: &Builder<'_>, to: &mut dyn Write) -> io::Result<()> {
    let folder = builder.layout.representation();
    let mut xml = Xml::new(to)?;
    begin(builder, &mut xml, "rep1", &format!("{} rep1", builder.package.id()))?;
    let day = created(builder);
    let mut described = 0;
    each(builder, &folder, "metadata/", |file| {
        described += 1;
        description(&mut xml, described, &file, ("OTHER", Some("DA/T 48-2009 EEP")), &day)
    })?;
    xml.open("mets:fileSec", &[("ID", "filesec")])?;
    let mut group = Group::begin(&mut xml, "Data", "grp-data")?;
    each(builder, &folder, "data/", |file| group.file(&file, &day))?;
    group.end()?;
    xml.close("mets:fileSec")?;
    xml.open("mets:structMap", &[("ID", "structmap"), ("TYPE", "PHYSICAL"), ("LABEL", "CSIP")])?;
    xml.open("mets:div", &[("ID", "div-root"), ("LABEL", "rep1")])?;
    metadata_div(&mut xml, described, false)?;
    pointer_div(&mut xml, "Data", "grp-data")?;
    xml.close("mets:div")?;
    xml.close("mets:structMap")?;
    xml.close("mets:mets")?;
    xml.finish()
}

/// What the package's METS points to: all but what the representation's own METS lists.
#[derive(Default)]
struct Top {
    descriptive: Vec<Listed>,
    records: Vec<Listed>,
    preservation: Vec<Listed>,
    documentation: Vec<Listed>,
    representation: Vec<Listed>,
}

impl Top {
    fn of(builder: &Builder<'_>) -> io::Result<Self> {
        let mut top = Self::default();
        each(builder, &builder.layout.root, "", |file| {
            let groups = [
                ("metadata/descriptive/", &mut top.descriptive),
                (layout::RECORDS_BELOW, &mut top.records),
                ("metadata/preservation/", &mut top.preservation),
                ("documentation/", &mut top.documentation),
                ("representations/rep1/METS.xml", &mut top.representation),
            ];
            let place = groups.into_iter().find(|(start, _)| file.href.starts_with(*start));
            if let Some((_, group)) = place {
                group.push(file);
            }
            Ok(())
        })?;
        Ok(top)
    }
}

/// Writes the package's METS.
pub(super) fn root(builder: &Builder<'_>, to: &mut dyn Write) -> io::Result<()> {
    let day = created(builder);
    let top = Top::of(builder)?;
    let id = builder.package.id();
    let mut xml = Xml::new(to)?;
    begin(builder, &mut xml, &id, &id)?;
    let mut described = 0;
    let ead = top.descriptive.iter().map(|file| (file, ("EAD", None)));
    let records = top.records.iter().map(|file| (file, ("OTHER", Some("archive records"))));
    for (file, kind) in ead.chain(records) {
        described += 1;
        description(&mut xml, described, file, kind, &day)?;
    }
    xml.open("mets:amdSec", &[("ID", "amd")])?;
    for file in &top.preservation {
        xml.open("mets:digiprovMD", &[("ID", "premis"), ("CREATED", &day), ("STATUS", "CURRENT")])?;
        reference(&mut xml, file, ("PREMIS", None), &day)?;
        xml.close("mets:digiprovMD")?;
    }
    xml.close("mets:amdSec")?;
    xml.open("mets:fileSec", &[("ID", "filesec")])?;
    for (usage, id, files) in [
        ("Documentation", "grp-documentation", &top.documentation),
        ("Representations/rep1", "grp-rep1", &top.representation),
    ] {
        if files.is_empty() {
            continue;
        }
        let mut group = Group::begin(&mut xml, usage, id)?;
        files.iter().try_for_each(|file| group.file(file, &day))?;
        group.end()?;
    }
    xml.close("mets:fileSec")?;
    xml.open("mets:structMap", &[("ID", "structmap"), ("TYPE", "PHYSICAL"), ("LABEL", "CSIP")])?;
    xml.open("mets:div", &[("ID", "div-root"), ("LABEL", &id)])?;
    metadata_div(&mut xml, described, true)?;
    if !top.documentation.is_empty() {
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

/// Calls `each` with the payload below `folder` whose path there begins with `start`, in order.
fn each(
    builder: &Builder<'_>,
    folder: &str,
    start: &str,
    mut each: impl FnMut(Listed) -> io::Result<()>,
) -> io::Result<()> {
    let ledger = builder.bag.payload();
    let from = format!("{folder}/{start}");
    ledger.each(|row| {
        if !row.path.starts_with(&from) {
            return Ok(());
        }
        each(Listed {
            href: names::uri(&row.path[folder.len() + 1..]),
            bytes: row.bytes,
            sha256: ledger.digest(row, Algorithm::Sha256).to_owned(),
        })
    })
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

/// `dmdSec` with the reference to a description.
fn description<W: Write>(
    xml: &mut Xml<W>,
    serial: usize,
    file: &Listed,
    kind: (&str, Option<&str>),
    day: &str,
) -> io::Result<()> {
    let id = format!("dmd-{serial}");
    xml.open("mets:dmdSec", &[("ID", &id), ("CREATED", day), ("STATUS", "CURRENT")])?;
    reference(xml, file, kind, day)?;
    xml.close("mets:dmdSec")
}

/// `mdRef` to a description.
fn reference<W: Write>(
    xml: &mut Xml<W>,
    file: &Listed,
    (kind, other): (&str, Option<&str>),
    day: &str,
) -> io::Result<()> {
    let size = file.bytes.to_string();
    let mut attributes = vec![
        ("LOCTYPE", "URL"),
        ("xlink:type", "simple"),
        ("xlink:href", file.href.as_str()),
        ("MDTYPE", kind),
        ("MIMETYPE", mime(&file.href)),
        ("SIZE", &size),
        ("CREATED", day),
        ("CHECKSUM", &file.sha256),
        ("CHECKSUMTYPE", "SHA-256"),
    ];
    if let Some(other) = other {
        attributes.push(("OTHERMDTYPE", other));
    }
    xml.empty("mets:mdRef", &attributes)
}

/// A `fileGrp` being written.
struct Group<'a, W: Write> {
    xml: &'a mut Xml<W>,
    id: &'static str,
    files: usize,
}

impl<'a, W: Write> Group<'a, W> {
    fn begin(xml: &'a mut Xml<W>, usage: &str, id: &'static str) -> io::Result<Self> {
        xml.open("mets:fileGrp", &[("ID", id), ("USE", usage), ("csip:CONTENTINFORMATIONTYPE", "MIXED")])?;
        Ok(Self { xml, id, files: 0 })
    }

    fn file(&mut self, file: &Listed, day: &str) -> io::Result<()> {
        self.files += 1;
        let (id, size) = (format!("{}-{}", self.id, self.files), file.bytes.to_string());
        self.xml.open(
            "mets:file",
            &[
                ("ID", &id),
                ("MIMETYPE", mime(&file.href)),
                ("SIZE", &size),
                ("CREATED", day),
                ("CHECKSUM", &file.sha256),
                ("CHECKSUMTYPE", "SHA-256"),
            ],
        )?;
        self.xml.empty(
            "mets:FLocat",
            &[("LOCTYPE", "URL"), ("xlink:type", "simple"), ("xlink:href", &file.href)],
        )?;
        self.xml.close("mets:file")
    }

    fn end(self) -> io::Result<()> {
        self.xml.close("mets:fileGrp")
    }
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
