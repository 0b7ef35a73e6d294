//! Reading XML that strangers wrote, within bounds.
//!
//! What a transfer package needs of XML is elements, attributes and text. Everything else is where
//! attacks live: document types and the entities they declare are refused, not expanded; depth and the
//! size of a single piece of markup are limited; so memory and time stay bounded whatever comes.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};

use archive_core::text;
use archive_core::text::Text;
use encoding_rs::Encoding;
use encoding_rs_io::DecodeReaderBytesBuilder;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// The deepest nesting read.
const MAX_DEPTH: usize = 128;
/// The largest single tag, text or comment.
const MAX_PIECE: usize = 64 << 20;

/// An element's attributes: names without their prefix, and values.
pub(crate) type Attributes<'a> = [(&'a str, Cow<'a, str>)];

/// Takes the elements of a document as they pass.
pub(crate) trait Handler {
    /// An element begins. Names are without their prefix.
    fn open(&mut self, name: &str, attributes: &Attributes<'_>);
    /// Text inside the innermost open element; may come in several pieces.
    fn text(&mut self, text: &str);
    /// The innermost open element ends.
    fn close(&mut self, name: &str);
}

/// Reads a document to its end. The inner error says why it is refused.
pub(crate) fn walk(mut reader: impl Read, handler: &mut dyn Handler) -> io::Result<Result<(), Text>> {
    let mut head = Vec::new();
    reader.by_ref().take(256).read_to_end(&mut head)?;
    let whole = io::Cursor::new(head.clone()).chain(reader);
    match foreign_encoding(&head) {
        Some(encoding) => {
            let decoded =
                DecodeReaderBytesBuilder::new().encoding(Some(encoding)).bom_override(true).build(whole);
            walk_utf8(BufReader::with_capacity(1 << 16, decoded), handler)
        }
        None => walk_utf8(BufReader::with_capacity(1 << 16, whole), handler),
    }
}

/// The same for a document that lies in memory: a package has one or two for each item, and these are read
/// several times faster without copying.
pub(crate) fn walk_whole(document: &[u8], handler: &mut dyn Handler) -> Result<(), Text> {
    let decoded = match foreign_encoding(&document[..document.len().min(256)]) {
        Some(encoding) => encoding.decode(document).0,
        None => simdutf8::compat::from_utf8(document)
            .map_err(|error| {
                let position = error.valid_up_to();
                text!(
                    "XML 不合规范（第 {position} 字节）：不是 UTF-8",
                    "is not well-formed XML (byte {position}): no UTF-8"
                )
            })?
            .into(),
    };
    let mut reader = Reader::from_str(&decoded);
    let mut position = Position::default();
    loop {
        let event = reader.read_event().map_err(|error| ill_formed(reader.error_position(), &error))?;
        if position.take(event, handler)? {
            return Ok(());
        }
    }
}

fn ill_formed(position: u64, error: &quick_xml::Error) -> Text {
    text!("XML 不合规范（第 {position} 字节）", "is not well-formed XML (byte {position}): {error}")
}

/// The declared encoding where it isn't UTF-8.
fn foreign_encoding(head: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return (encoding != encoding_rs::UTF_8).then_some(encoding);
    }
    let text = String::from_utf8_lossy(head);
    let declaration = text.strip_prefix("<?xml")?.split("?>").next()?.to_owned();
    let (_, after) = declaration.split_once("encoding")?;
    let label = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = label.chars().next()?;
    let label = label.get(1..)?.split(quote).next()?;
    Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != encoding_rs::UTF_8)
}

fn walk_utf8(reader: impl BufRead, handler: &mut dyn Handler) -> io::Result<Result<(), Text>> {
    let mut reader = Reader::from_reader(Bounded { inner: reader, budget: MAX_PIECE });
    let mut buffer = Vec::new();
    let mut position = Position::default();
    loop {
        buffer.clear();
        buffer.shrink_to(1 << 20);
        reader.get_mut().budget = MAX_PIECE;
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(quick_xml::Error::Io(error)) => {
                return Err(std::sync::Arc::try_unwrap(error)
                    .unwrap_or_else(|shared| io::Error::new(shared.kind(), shared.to_string())));
            }
            Err(error) => return Ok(Err(ill_formed(reader.error_position(), &error))),
        };
        match position.take(event, handler) {
            Ok(false) => {}
            Ok(true) => return Ok(Ok(())),
            Err(reason) => return Ok(Err(reason)),
        }
    }
}

/// Where in a document the reading is.
#[derive(Default)]
struct Position {
    depth: usize,
    roots: usize,
}

impl Position {
    /// Takes the next event; whether it was the last. The error says why the document is refused.
    fn take(&mut self, event: Event<'_>, handler: &mut dyn Handler) -> Result<bool, Text> {
        match event {
            Event::Start(start) => {
                self.roots += usize::from(self.depth == 0);
                self.depth += 1;
                opened(&start, handler)?;
            }
            Event::Empty(start) => {
                self.roots += usize::from(self.depth == 0);
                opened(&start, handler)?;
                handler.close(local(&start));
            }
            Event::End(end) => {
                self.depth = self.depth.saturating_sub(1);
                handler.close(end.local_name().as_ref());
            }
            Event::Text(text) => {
                let text = text.xml10_content();
                if self.depth > 0 {
                    handler.text(&text);
                } else if !text.trim_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']).is_empty() {
                    return Err(Text::fixed("根元素之外有文字", "has text outside its root element"));
                }
            }
            Event::CData(data) => handler.text(&data.xml10_content()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(letter)) => handler.text(letter.encode_utf8(&mut [0; 4])),
                _ => match resolve_predefined_entity(&reference.xml10_content()) {
                    Some(text) => handler.text(text),
                    None => {
                        return Err(Text::fixed(
                            "引用了实体，拒绝展开",
                            "refers to an entity, which is not expanded",
                        ));
                    }
                },
            },
            Event::DocType(_) => {
                return Err(Text::fixed(
                    "含有 DOCTYPE（可声明实体），拒绝读取",
                    "has a DOCTYPE, which may declare entities: not read",
                ));
            }
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
            Event::Eof if self.depth > 0 => {
                return Err(Text::fixed("XML 不完整，元素没有结束", "ends inside an element"));
            }
            Event::Eof if self.roots == 0 => return Err(Text::fixed("没有根元素", "has no root element")),
            Event::Eof => return Ok(true),
        }
        if self.depth > MAX_DEPTH {
            return Err(Text::fixed("嵌套过深", "nests too deep"));
        }
        if self.roots > 1 {
            return Err(Text::fixed("有两个根元素", "has two root elements"));
        }
        Ok(false)
    }
}

fn local<'a>(start: &'a BytesStart<'_>) -> &'a str {
    start.local_name().into_inner()
}

fn opened(start: &BytesStart<'_>, handler: &mut dyn Handler) -> Result<(), Text> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute =
            attribute.map_err(|error| text!("有的属性写法有误", "has a faulty attribute: {error}"))?;
        let value = attribute
            .normalized_value(XmlVersion::default())
            .map_err(|error| text!("有的属性值写法有误", "has a faulty attribute value: {error}"))?;
        attributes.push((attribute.key.local_name().into_inner(), value));
    }
    handler.open(local(start), &attributes);
    Ok(())
}

/// Stops a single piece of markup from filling the memory.
struct Bounded<R> {
    inner: R,
    budget: usize,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.budget == 0 {
            let said = Text::fixed("XML 中一段标记或文字过大", "a single piece of the XML is too large");
            return Err(io::Error::new(io::ErrorKind::InvalidData, said.to_string()));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.budget = self.budget.saturating_sub(amount);
        self.inner.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Trace(String);

    impl Handler for Trace {
        fn open(&mut self, name: &str, attributes: &Attributes<'_>) {
            self.0.push('<');
            self.0.push_str(name);
            for (key, value) in attributes {
                self.0.push_str(&format!(" {key}={value}"));
            }
            self.0.push('>');
        }
        fn text(&mut self, text: &str) {
            self.0.push_str(text);
        }
        fn close(&mut self, _: &str) {
            self.0.push_str("</>");
        }
    }

    fn trace(xml: &[u8]) -> Result<String, String> {
        let (mut streamed, mut whole) = (Trace::default(), Trace::default());
        let result = walk(xml, &mut streamed).unwrap();
        assert_eq!(result.is_ok(), walk_whole(xml, &mut whole).is_ok(), "the two ways of reading differ");
        if result.is_ok() {
            assert_eq!(streamed.0, whole.0, "the two ways of reading differ");
        }
        result.map(|()| streamed.0).map_err(|reason| reason.en.into_owned())
    }

    #[test]
    fn elements_come_without_prefixes_and_with_text_resolved() {
        let xml = "<?xml version='1.0' encoding='UTF-8'?><m:a x:b='1&amp;2'>中&#25991;&lt;<c/></m:a>";
        assert_eq!(trace(xml.as_bytes()).unwrap(), "<a b=1&2>中文<<c></></>");
    }

    #[test]
    fn gb18030_is_read_where_it_is_declared() {
        let (xml, _, _) = encoding_rs::GB18030
            .encode("<?xml version=\"1.0\" encoding=\"GB18030\"?><题名>关于㐀的通知</题名>");
        assert_eq!(trace(&xml).unwrap(), "<题名>关于㐀的通知</>");
    }

    #[test]
    fn what_attacks_use_is_refused_with_its_reason() {
        let bomb = "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><l>&b;</l>";
        insta::assert_snapshot!(trace(bomb.as_bytes()).unwrap_err(), @"has a DOCTYPE, which may declare entities: not read");
        insta::assert_snapshot!(trace(b"<l>&b;</l>").unwrap_err(), @"refers to an entity, which is not expanded");
        insta::assert_snapshot!(trace(b"<a><b></b>").unwrap_err(), @"ends inside an element");
        insta::assert_snapshot!(trace(b"<a/><b/>").unwrap_err(), @"has two root elements");
        insta::assert_snapshot!(trace(b"").unwrap_err(), @"has no root element");
        insta::assert_snapshot!(trace("<a>".repeat(200).as_bytes()).unwrap_err(), @"nests too deep");
        assert!(trace(b"<a></b>").is_err());
        assert!(trace(b"<a x='1' x='2'/>").is_err());
        assert!(trace(b"<a>\xFF</a>").is_err());
    }
}
