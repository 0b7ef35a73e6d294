//! Plain texts: UTF-8, GB18030, Big5, UTF-16. A form feed begins a page.

use super::guard::Watch;
use super::{NoText, Page, Read, TextSource};
use crate::identify::Encoding;

pub(super) fn read(bytes: &[u8], encoding: Encoding, watch: &Watch) -> Read {
    let text = decode(bytes, encoding);
    let mut read = Read::default();
    for (number, page) in (1..).zip(text.split('\u{c}')) {
        if watch.is_over() {
            read.stopped = Some(NoText::TooSlow);
            break;
        }
        read.pages.push(Page::of_text(number, page, TextSource::BornDigital));
    }
    read
}

/// The characters of a text; what is broken becomes a replacement character.
pub(crate) fn decode(bytes: &[u8], encoding: Encoding) -> String {
    let decoder = match encoding {
        Encoding::Ascii | Encoding::Utf8 => encoding_rs::UTF_8,
        Encoding::Gb18030 => encoding_rs::GB18030,
        Encoding::Big5 => encoding_rs::BIG5,
        Encoding::Utf16Le => encoding_rs::UTF_16LE,
        Encoding::Utf16Be => encoding_rs::UTF_16BE,
    };
    decoder.decode_with_bom_removal(bytes).0.into_owned()
}
