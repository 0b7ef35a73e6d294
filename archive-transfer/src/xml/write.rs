//! Writing our XML, streaming: elements go out as they come, nothing is kept.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// Attributes: name and value.
pub(crate) type Attributes<'a> = &'a [(&'a str, &'a str)];

/// A document being written.
pub(crate) struct Xml<W: Write> {
    writer: Writer<W>,
}

impl<W: Write> Xml<W> {
    /// Begins a document in UTF-8.
    pub(crate) fn new(to: W) -> io::Result<Self> {
        let mut writer = Writer::new_with_indent(to, b' ', 1);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(Self { writer })
    }

    /// Opens an element.
    pub(crate) fn open(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        self.writer.write_event(Event::Start(start(name, attributes)))
    }

    /// Closes it.
    pub(crate) fn close(&mut self, name: &str) -> io::Result<()> {
        self.writer.write_event(Event::End(BytesEnd::new(name)))
    }

    /// An element without content.
    pub(crate) fn empty(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        self.writer.write_event(Event::Empty(start(name, attributes)))
    }

    /// An element with text.
    pub(crate) fn leaf(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.leaf_with(name, &[], text)
    }

    /// An element with attributes and text.
    pub(crate) fn leaf_with(&mut self, name: &str, attributes: Attributes<'_>, text: &str) -> io::Result<()> {
        self.open(name, attributes)?;
        self.writer.write_event(Event::Text(BytesText::new(&printable(text))))?;
        self.close(name)
    }

    /// Text in the element that is open.
    pub(crate) fn text(&mut self, text: &str) -> io::Result<()> {
        self.writer.write_event(Event::Text(BytesText::new(&printable(text))))
    }

    /// An element with text, if there is text.
    pub(crate) fn given(&mut self, name: &str, text: Option<&str>) -> io::Result<()> {
        match text {
            Some(text) if !text.is_empty() => self.leaf(name, text),
            _ => Ok(()),
        }
    }

    /// Ends the document with a line break.
    pub(crate) fn finish(self) -> io::Result<()> {
        let mut to = self.writer.into_inner();
        to.write_all(b"\n")?;
        to.flush()
    }
}

fn start<'a>(name: &'a str, attributes: Attributes<'_>) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (key, value) in attributes {
        let value = printable(value);
        start.push_attribute((*key, value.as_str()));
    }
    start
}

/// XML 1.0 can't hold control characters, not even escaped; the machine records keep them.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' | '\n' | '\r' => c,
            c if c < ' ' || matches!(c, '\u{FFFE}' | '\u{FFFF}') => ' ',
            c => c,
        })
        .collect()
}
