//! Zip packages, opened with care: so much may be unpacked and no more.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::NoText;
use super::guard::{Watch, damaged};
use super::xml::{Element, parse};

/// A package and what may still be unpacked from it.
pub(super) struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// The parts by name. Names that aren't in Unicode are GB18030, in the offices this is for.
    parts: BTreeMap<String, usize>,
    left: u64,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8], watch: &Watch) -> Result<Self, NoText> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error.to_string()))?;
        let mut parts = BTreeMap::new();
        for index in 0..zip.len() {
            if let Ok(part) = zip.by_index_raw(index) {
                let raw = part.name_raw();
                let name = match std::str::from_utf8(raw) {
                    Ok(name) => name.to_owned(),
                    Err(_) => encoding_rs::GB18030.decode_without_bom_handling(raw).0.into_owned(),
                };
                parts.entry(name).or_insert(index);
            }
        }
        Ok(Self { zip, parts, left: watch.limits().unpacked })
    }

    /// The names of the parts, as the package writes them.
    pub(super) fn names(&self) -> Vec<String> {
        self.parts.keys().cloned().collect()
    }

    /// A part's bytes; nothing if there is no such part.
    pub(super) fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, NoText> {
        let Some(&index) = self.parts.get(name) else { return Ok(None) };
        let part = self.zip.by_index(index).map_err(|error| damaged(&error.to_string()))?;
        if part.encrypted() {
            return Err(NoText::Encrypted);
        }
        let mut bytes = Vec::new();
        // One byte more than is allowed tells that there is more.
        let read = part.take(self.left.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| damaged(&error.to_string()))?;
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or(NoText::TooLarge)?;
        Ok(Some(bytes))
    }

    /// A part as XML; nothing if there is no such part.
    pub(super) fn xml(&mut self, name: &str) -> Result<Option<Element>, NoText> {
        let Some(bytes) = self.bytes(name)? else { return Ok(None) };
        parse(&as_text(&bytes)).map(Some)
    }
}

/// XML in UTF-8, or in the encoding it declares.
fn as_text(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    encoding_rs::GB18030.decode_without_bom_handling(bytes).0.into_owned()
}
