//! XML as a tree, of bounded size and depth, with local names only.
//!
//! The formats here (OFD, OOXML, ODF) come with two or three namespaces for the same thing, depending on
//! who wrote the file; what counts is the local name. Entities beyond the five of XML are left out, so
//! nothing can be blown up or fetched.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::NoText;
use super::guard::damaged;

const DEEPEST: usize = 256;
const MOST_NODES: usize = 8_000_000;

/// An element.
#[derive(Debug, Default, Clone)]
pub(super) struct Element {
    /// Local name.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    /// What is inside, in order.
    pub(super) inside: Vec<Node>,
}

/// What can be inside an element.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// Another element.
    Element(Element),
    /// Text.
    Text(String),
}

impl Element {
    /// The value of an attribute, by local name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The elements directly inside.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.inside.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element directly inside that has this name.
    pub(super) fn first(&self, name: &str) -> Option<&Self> {
        self.elements().find(|element| element.name == name)
    }

    /// Every element of this name below, in the order of the file.
    pub(super) fn all<'a>(&'a self, name: &str, into: &mut Vec<&'a Self>) {
        for element in self.elements() {
            if element.name == name {
                into.push(element);
            }
            element.all(name, into);
        }
    }

    /// All text below, as it stands.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        self.collect(&mut out);
        out
    }

    fn collect(&self, out: &mut String) {
        for node in &self.inside {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Element(element) => element.collect(out),
            }
        }
    }
}

/// Reads a document; its root element.
pub(super) fn parse(text: &str) -> Result<Element, NoText> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim_start());
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut open: Vec<Element> = vec![Element::default()];
    let mut nodes = 0;
    loop {
        nodes += 1;
        if nodes > MOST_NODES {
            return Err(NoText::TooLarge);
        }
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                if open.len() > DEEPEST {
                    return Err(damaged("XML nested too deep"));
                }
                open.push(element(&start));
            }
            Ok(Event::Empty(start)) => put(&mut open, Node::Element(element(&start))),
            Ok(Event::End(_)) => {
                if open.len() > 1
                    && let Some(done) = open.pop()
                {
                    put(&mut open, Node::Element(done));
                }
            }
            Ok(Event::Text(text)) => put(&mut open, Node::Text(text.xml10_content().into_owned())),
            Ok(Event::CData(text)) => put(&mut open, Node::Text(text.xml10_content().into_owned())),
            Ok(Event::GeneralRef(reference)) => {
                let named = match &*reference.xml10_content() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    "nbsp" => Some(' '),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                if let Some(ch) = named {
                    put(&mut open, Node::Text(ch.to_string()));
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => return Err(damaged(&error.to_string())),
        }
    }
    // What was cut off is closed where it was cut.
    while open.len() > 1 {
        if let Some(done) = open.pop() {
            put(&mut open, Node::Element(done));
        }
    }
    let root = open.pop().and_then(|document| {
        document.inside.into_iter().find_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    });
    root.ok_or_else(|| damaged("XML without an element"))
}

fn put(open: &mut [Element], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.inside.push(node);
    }
}

fn element(start: &BytesStart<'_>) -> Element {
    let mut attributes = start.attributes();
    attributes.with_checks(false);
    let attributes = attributes.filter_map(|attribute| {
        let attribute = attribute.ok()?;
        let key = attribute.key.local_name().as_ref().to_owned();
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
        Some((key, value.into_owned()))
    });
    Element {
        name: start.local_name().as_ref().to_owned(),
        attributes: attributes.collect(),
        inside: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_go_and_entities_are_plain_characters() {
        let root = parse(
            "\u{feff}<?xml version='1.0'?><a:b x:c='1&amp;2'>甲&amp;&#20057;<d/><![CDATA[<丙>]]></a:b>",
        )
        .unwrap();
        assert_eq!(
            (root.name.as_str(), root.get("c"), root.text().as_str()),
            ("b", Some("1&2"), "甲&乙<丙>")
        );
    }

    #[test]
    fn what_is_nested_too_deep_is_refused_and_what_is_cut_off_is_closed() {
        assert!(parse(&"<a>".repeat(100_000)).is_err());
        assert_eq!(parse("<a><b>甲").unwrap().text(), "甲");
        assert!(parse("").is_err());
    }
}
