//! RTF: its text, in Unicode escapes or in GBK bytes.

use super::guard::Watch;
use super::{NoText, Page, Read, TextSource};

/// Groups that hold no text of the document.
const SILENT: [&str; 12] = [
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "themedata",
    "datastore",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "generator",
];

pub(super) fn read(bytes: &[u8], watch: &Watch) -> Result<Read, NoText> {
    let mut state = State::default();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' => {
                state.flush();
                state.groups.push(state.group);
            }
            b'}' => {
                state.flush();
                state.group = state.groups.pop().unwrap_or_default();
            }
            b'\\' => at = state.control(bytes, at),
            b'\r' | b'\n' => {}
            _ => state.byte(byte),
        }
        if at % 65_536 == 0 {
            watch.check()?;
        }
    }
    state.flush();
    let pages = (1..)
        .zip(state.text.split('\u{c}'))
        .map(|(number, text)| Page::of_text(number, text, TextSource::BornDigital));
    Ok(Read { pages: pages.collect(), ..Read::default() })
}

/// What a group changes and its end restores.
#[derive(Debug, Clone, Copy)]
struct Group {
    silent: bool,
    /// How many characters stand after a Unicode escape for those who can't read it.
    fallback: usize,
}

impl Default for Group {
    fn default() -> Self {
        Self { silent: false, fallback: 1 }
    }
}

#[derive(Debug, Default)]
struct State {
    text: String,
    /// Bytes of the code page that aren't decoded yet.
    raw: Vec<u8>,
    group: Group,
    groups: Vec<Group>,
    /// Characters still to be passed over.
    skip: usize,
    /// The first half of a character beyond the basic plane.
    high: Option<u16>,
}

impl State {
    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if !self.group.silent {
            self.raw.push(byte);
        }
    }

    fn flush(&mut self) {
        if !self.raw.is_empty() {
            self.text.push_str(&encoding_rs::GB18030.decode_without_bom_handling(&self.raw).0);
            self.raw.clear();
        }
    }

    fn put(&mut self, text: &str) {
        self.flush();
        if !self.group.silent {
            self.text.push_str(text);
        }
    }

    /// Reads what follows a backslash; the place after it.
    fn control(&mut self, bytes: &[u8], at: usize) -> usize {
        let Some(&first) = bytes.get(at) else { return at };
        if !first.is_ascii_alphabetic() {
            match first {
                b'\'' => {
                    let hex = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
                    if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                        self.byte(byte);
                    }
                    return at + 3;
                }
                b'*' => self.group.silent = true,
                b'~' => self.put(" "),
                b'{' | b'}' | b'\\' => self.byte(first),
                _ => {}
            }
            return at + 1;
        }
        let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let word = std::str::from_utf8(&bytes[at..at + length]).unwrap_or_default();
        let mut end = at + length;
        let minus = bytes.get(end) == Some(&b'-');
        end += usize::from(minus);
        let digits = bytes[end..].iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
        let number: Option<i64> =
            std::str::from_utf8(&bytes[end..end + digits]).ok().and_then(|n| n.parse().ok());
        let number = number.map(|number| if minus { -number } else { number });
        end += digits;
        if bytes.get(end) == Some(&b' ') {
            end += 1;
        }
        match word {
            "par" | "line" | "row" | "sect" => self.put("\n"),
            "tab" | "cell" => self.put("\t"),
            "page" => self.put("\u{c}"),
            "uc" => self.group.fallback = number.and_then(|n| usize::try_from(n).ok()).unwrap_or(1).min(16),
            "u" => self.unicode(number.unwrap_or_default()),
            "bin" => end += number.and_then(|n| usize::try_from(n).ok()).unwrap_or(0),
            _ if SILENT.contains(&word) => self.group.silent = true,
            _ => {}
        }
        end
    }

    fn unicode(&mut self, number: i64) {
        // Written as a signed number of sixteen bits.
        let Ok(unit) = u16::try_from(number.rem_euclid(65_536)) else { return };
        let units = self.high.take().into_iter().chain([unit]);
        for decoded in char::decode_utf16(units) {
            match decoded {
                Ok(ch) => self.put(ch.encode_utf8(&mut [0; 4])),
                Err(half) => self.high = Some(half.unpaired_surrogate()),
            }
        }
        self.skip = self.group.fallback;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::Limits;
    use super::super::guard::run;
    use super::*;

    #[test]
    fn both_ways_of_writing_chinese_are_read() {
        let rtf = br"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 SimSun;}}{\*\generator x;}\uc1\u38450?\u27739?\'bf\'b9\'ba\'b5\par 2004}";
        let limits = Limits { time: Duration::from_secs(9), ..Limits::default() };
        let read = run(&limits, |watch| read(rtf, watch)).unwrap();
        assert_eq!(read.pages[0].text(), "防汛抗旱\n2004");
    }
}
