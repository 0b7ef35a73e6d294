//! From what printpdf makes to PDF/A-2b (ISO 19005-2), as archives keep their own catalogues.
//!
//! printpdf writes version 1.3, the same identifier for every file, dates of 1970 and no usable
//! conformance, so its object tree is mended before it is saved: version 1.7, XMP that agrees with
//! the document information, an output intent, an identifier made from the content, the language.
//! Pages that come again in a further copy share their content.

use chrono::NaiveDate;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};

use super::pdf::{PdfError, utf16};

/// What a file says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Its title.
    pub title: String,
    /// The institution.
    pub author: String,
    /// The day it was printed.
    pub date: NaiveDate,
}

const PRODUCER: &str = concat!("archive ", env!("CARGO_PKG_VERSION"));

/// Mends the tree and saves it. `order` lists the pages as they come, some perhaps again.
pub(super) fn finish(mut tree: Document, order: &[usize], about: &About) -> Result<Vec<u8>, PdfError> {
    let failed = |error: lopdf::Error| PdfError::Writing(error.to_string());
    "1.7".clone_into(&mut tree.version);
    reorder(&mut tree, order).map_err(failed)?;

    let xmp = Stream::new(dictionary! { "Type" => "Metadata", "Subtype" => "XML" }, xmp(about).into_bytes())
        .with_compression(false);
    let xmp = tree.add_object(xmp);
    let profile = tree.add_object(Stream::new(dictionary! { "N" => 3 }, super::icc::srgb()));
    let intent = dictionary! {
        "Type" => "OutputIntent",
        "S" => "GTS_PDFA1",
        "OutputConditionIdentifier" => Object::string_literal("sRGB"),
        "Info" => Object::string_literal("sRGB"),
        "DestOutputProfile" => profile,
    };
    let catalog = tree.catalog_mut().map_err(failed)?;
    catalog.set("Metadata", xmp);
    catalog.set("OutputIntents", vec![Object::Dictionary(intent)]);
    catalog.set("Lang", Object::string_literal("zh-CN"));
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });

    let date = Object::string_literal(format!("D:{}000000+08'00'", about.date.format("%Y%m%d")));
    let info = dictionary! {
        "Title" => unicode(&about.title),
        "Author" => unicode(&about.author),
        "Creator" => unicode(PRODUCER),
        "Producer" => unicode(PRODUCER),
        "CreationDate" => date.clone(),
        "ModDate" => date,
    };
    let info = tree.add_object(info);
    tree.trailer.set("Info", info);
    drop_unused(&mut tree);
    tree.compress();

    let identifier = identifier(&tree, about);
    let identifier = Object::String(identifier, StringFormat::Hexadecimal);
    tree.trailer.set("ID", vec![identifier.clone(), identifier]);
    let mut bytes = Vec::new();
    tree.save_to(&mut bytes).map_err(|error| PdfError::Writing(error.to_string()))?;
    Ok(bytes)
}

fn unicode(text: &str) -> Object {
    Object::String(utf16(text), StringFormat::Hexadecimal)
}

/// Puts the pages in order. A page that comes again is a page of its own with the same content.
fn reorder(tree: &mut Document, order: &[usize]) -> Result<(), lopdf::Error> {
    let pages: Vec<ObjectId> = tree.page_iter().collect();
    let mut seen = vec![false; pages.len()];
    let mut kids = Vec::with_capacity(order.len());
    for &place in order {
        let Some(&page) = pages.get(place) else { continue };
        if std::mem::replace(&mut seen[place], true) {
            let again = tree.get_dictionary(page)?.clone();
            kids.push(Object::Reference(tree.add_object(again)));
        } else {
            kids.push(Object::Reference(page));
        }
    }
    let root = tree.catalog()?.get(b"Pages")?.as_reference()?;
    let root = tree.get_object_mut(root)?.as_dict_mut()?;
    root.set("Count", i64::try_from(kids.len()).unwrap_or(i64::MAX));
    root.set("Kids", kids);
    Ok(())
}

/// What printpdf leaves lying about, and keys of pages that say nothing.
fn drop_unused(tree: &mut Document) {
    for object in tree.objects.values_mut() {
        if let Ok(dictionary) = object.as_dict_mut()
            && dictionary.get(b"Type").and_then(Object::as_name).is_ok_and(|name| name == b"Page")
        {
            tidy_page(dictionary);
        }
    }
    tree.prune_objects();
    tree.renumber_objects();
}

fn tidy_page(page: &mut Dictionary) {
    if page.get(b"Annots").and_then(Object::as_array).is_ok_and(Vec::is_empty) {
        page.remove(b"Annots");
    }
    for same in [&b"TrimBox"[..], b"CropBox"] {
        if page.get(same).ok() == page.get(b"MediaBox").ok() {
            page.remove(same);
        }
    }
}

/// The same content has the same identifier.
fn identifier(tree: &Document, about: &About) -> Vec<u8> {
    let mut halves = [hash(about.title.as_bytes()), hash(about.date.to_string().as_bytes())];
    for (id, object) in &tree.objects {
        if let Object::Stream(stream) = object {
            let place = usize::try_from(id.0 % 2).unwrap_or(0);
            halves[place] = halves[place].rotate_left(7) ^ hash(&stream.content);
        }
    }
    halves.into_iter().flat_map(u64::to_be_bytes).collect()
}

/// FNV-1a: tells contents apart, and is no more than that.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3))
}

fn xmp(about: &About) -> String {
    let title = quick_xml::escape::escape(&about.title);
    let author = quick_xml::escape::escape(&about.author);
    let date = format!("{}T00:00:00+08:00", about.date.format("%Y-%m-%d"));
    format!(
        r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate>
<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>
<pdf:Producer>{PRODUCER}</pdf:Producer>
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"#,
        bom = '\u{FEFF}',
    )
}
