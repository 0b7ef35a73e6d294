//! From what printpdf makes to PDF/A-2b (ISO 19005-2), as archives keep their own catalogues.
//!
//! printpdf writes version 1.3, the same identifier for every file, dates of 1970 and no usable
//! conformance, so its object tree is mended before it is saved: version 1.7, XMP that agrees with
//! the document information, an output intent, an identifier made from the content, the language.
//! Pages that come again in a further copy share their content.

use lopdf::{Document, Object, ObjectId, Stream, StringFormat, dictionary};

use super::pdf::{PdfError, utf16};
use super::{About, PRODUCER, hash};

/// A page done: its size in points, and what is drawn on it.
pub(super) struct Sheet {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) content: Stream,
}

/// Puts the pages into the tree, mends it and saves it. The tree holds one page with every character on
/// it, whose fonts are those of all pages. `order` lists the pages as they come, some perhaps again.
pub(super) fn finish(
    mut tree: Document,
    sheets: Vec<Sheet>,
    order: &[usize],
    about: &About,
) -> Result<Vec<u8>, PdfError> {
    let failed = |error: lopdf::Error| PdfError::Writing(error.to_string());
    "1.7".clone_into(&mut tree.version);
    // What printpdf leaves lying about goes while the tree is small: lopdf looks for each reference among all it has met.
    tree.prune_objects();
    tree.renumber_objects();
    put_pages(&mut tree, sheets, order).map_err(failed)?;

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
fn put_pages(tree: &mut Document, sheets: Vec<Sheet>, order: &[usize]) -> Result<(), lopdf::Error> {
    let root = tree.catalog()?.get(b"Pages")?.as_reference()?;
    let specimen = tree.page_iter().next().ok_or(lopdf::Error::PageNumberNotFound(1))?;
    let fonts = {
        let resources = tree.get_dictionary(specimen)?.get(b"Resources")?.as_reference()?;
        tree.get_dictionary(resources)?.get(b"Font")?.clone()
    };
    let resources = tree.add_object(dictionary! { "Font" => fonts });
    let sheets: Vec<(f32, f32, ObjectId)> =
        sheets.into_iter().map(|sheet| (sheet.width, sheet.height, tree.add_object(sheet.content))).collect();
    let mut kids = Vec::with_capacity(order.len());
    for &place in order {
        let Some(&(width, height, content)) = sheets.get(place) else { continue };
        let page = tree.add_object(dictionary! {
            "Type" => "Page",
            "Parent" => root,
            "MediaBox" => vec![0.into(), 0.into(), Object::Real(width), Object::Real(height)],
            "Resources" => resources,
            "Contents" => content,
        });
        kids.push(Object::Reference(page));
    }
    tree.objects.remove(&specimen);
    let root = tree.get_object_mut(root)?.as_dict_mut()?;
    root.set("Count", i64::try_from(kids.len()).unwrap_or(i64::MAX));
    root.set("Kids", kids);
    Ok(())
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
