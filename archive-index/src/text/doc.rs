//! Word 97 to 2003, and the WPS files that are written the same way: the text by its piece table.
//!
//! The text of such a file lies in pieces, some of one byte a character and some of two, in any order; a
//! table of pieces in another stream says which is where. Nothing else is looked at: no style, no page.
//! Of Word 6 and 95, which keep a table only when saved in haste, the plain run of text is taken, in the
//! encoding of Chinese Windows.

use std::io::{Cursor, Read as _};
use std::ops::Range;

use super::guard::{Watch, damaged};
use super::{NoText, Page, Read, TextSource};

/// Where things stand in the header of the main stream.
const VERSION: usize = 0x02;
const FLAGS: usize = 0x0a;
const OLD_TEXT: Range<usize> = 0x18..0x20;
const PIECES: usize = 0x01a2;

/// The header's version from Word 97 on.
const WORD_97: u16 = 0xc1;
const FAST_SAVED: u16 = 0x0004;
const ENCRYPTED: u16 = 0x0100;
const SECOND_TABLE: u16 = 0x0200;

pub(super) fn read(bytes: &[u8], watch: &Watch) -> Result<Read, NoText> {
    let mut file =
        cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|error| damaged(&error.to_string()))?;
    let limit = watch.limits().unpacked;
    let mut stream = |name: &str| -> Result<Vec<u8>, NoText> {
        let stream = file.open_stream(name).map_err(|error| damaged(&error.to_string()))?;
        let mut bytes = Vec::new();
        stream.take(limit).read_to_end(&mut bytes).map_err(|error| damaged(&error.to_string()))?;
        Ok(bytes)
    };
    let main = stream("/WordDocument")?;
    let (version, flags) = (short(&main, VERSION)?, short(&main, FLAGS)?);
    if flags & ENCRYPTED != 0 {
        return Err(NoText::Encrypted);
    }
    let text = if version < WORD_97 {
        if flags & FAST_SAVED != 0 {
            return Err(NoText::Unsupported);
        }
        let (from, to) = (place(&main, OLD_TEXT.start)?, place(&main, OLD_TEXT.start + 4)?);
        let run = main.get(from..to).ok_or_else(|| damaged("text beyond the end"))?;
        encoding_rs::GB18030.decode_without_bom_handling(run).0.into_owned()
    } else {
        let table = stream(if flags & SECOND_TABLE == 0 { "/0Table" } else { "/1Table" })?;
        let (from, length) = (place(&main, PIECES)?, place(&main, PIECES + 4)?);
        let table = table.get(from..).and_then(|table| table.get(..length));
        of_pieces(&main, table.ok_or_else(|| damaged("no table of pieces"))?, watch)?
    };
    Ok(Read { pages: pages(&text), ..Read::default() })
}

/// The pieces laid end to end.
fn of_pieces(main: &[u8], table: &[u8], watch: &Watch) -> Result<String, NoText> {
    let mut at = 0;
    // Before the pieces come changes of form, which are passed over.
    while table.get(at) == Some(&1) {
        at += 3 + usize::from(short(table, at + 1)?);
    }
    if table.get(at) != Some(&2) {
        return Err(damaged("no table of pieces"));
    }
    let length = place(table, at + 1)?;
    let list = table.get(at + 5..).and_then(|rest| rest.get(..length)).ok_or_else(|| damaged("table cut"))?;
    // n + 1 places of four bytes, then n descriptions of eight.
    let count = list.len().saturating_sub(4) / 12;
    let mut text = String::new();
    let mut left = watch.limits().characters.saturating_mul(8);
    for piece in 0..count {
        watch.check()?;
        let (first, next) = (place(list, piece * 4)?, place(list, piece * 4 + 4)?);
        let letters = next.checked_sub(first).ok_or_else(|| damaged("pieces out of order"))?;
        left = left.checked_sub(letters).ok_or(NoText::TooLarge)?;
        let describes = place(list, (count + 1) * 4 + piece * 8 + 2)?;
        let narrow = describes & 0x4000_0000 != 0;
        let from = if narrow { (describes & 0x3fff_ffff) / 2 } else { describes & 0x3fff_ffff };
        let length = if narrow { letters } else { letters.saturating_mul(2) };
        let run = main.get(from..).and_then(|rest| rest.get(..length));
        let run = run.ok_or_else(|| damaged("text beyond the end"))?;
        let encoding = if narrow { encoding_rs::WINDOWS_1252 } else { encoding_rs::UTF_16LE };
        text.push_str(&encoding.decode_without_bom_handling(run).0);
    }
    Ok(text)
}

/// Signs of Word's own become line ends, tabs and page ends; what isn't for reading goes: the instruction
/// of a field (its result stays), places of pictures and notes.
fn pages(text: &str) -> Vec<Page> {
    let mut pages = vec![String::new()];
    // For each open field, whether its instruction is still being told.
    let mut fields: Vec<bool> = Vec::new();
    for ch in text.chars() {
        match ch {
            '\u{13}' => fields.push(true),
            '\u{14}' => {
                if let Some(telling) = fields.last_mut() {
                    *telling = false;
                }
            }
            '\u{15}' => {
                fields.pop();
            }
            _ if fields.contains(&true) => {}
            '\u{c}' => pages.push(String::new()),
            _ => {
                let Some(page) = pages.last_mut() else { continue };
                match ch {
                    '\r' | '\u{b}' => page.push('\n'),
                    '\u{7}' | '\t' => page.push('\t'),
                    '\u{1e}' => page.push('-'),
                    _ if ch.is_control() => {}
                    _ => page.push(ch),
                }
            }
        }
    }
    // A break at the end begins no page.
    while pages.len() > 1 && pages.last().is_some_and(|page| page.trim().is_empty()) {
        pages.pop();
    }
    (1..).zip(pages).map(|(number, text)| Page::of_text(number, &text, TextSource::BornDigital)).collect()
}

fn short(bytes: &[u8], at: usize) -> Result<u16, NoText> {
    let two = bytes.get(at..).and_then(|rest| rest.first_chunk::<2>());
    two.map(|two| u16::from_le_bytes(*two)).ok_or_else(|| damaged("cut off"))
}

fn place(bytes: &[u8], at: usize) -> Result<usize, NoText> {
    let four = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    let four = four.ok_or_else(|| damaged("cut off"))?;
    usize::try_from(u32::from_le_bytes(*four)).map_err(|_| damaged("cut off"))
}
