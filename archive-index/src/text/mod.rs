//! The text out of a file, page by page, with where it came from.
//!
//! One module a format, each behind the same door: bytes in, [`Page`]s out. What a page's text is worth
//! depends on how it came about, so every page carries its [`TextSource`]: written on a computer, the
//! invisible layer of a searchable scan, recognised by an engine, or none and why. A page without text is
//! said to have none; it is never silently empty.
//!
//! Files come from anywhere. Each is read under [`Limits`]: so much unpacked data, so many pages, so much
//! time; readers written by others run where a panic or a deep recursion costs that file only (`guard`).

mod doc;
mod docx;
pub(crate) mod guard;
mod html;
mod mail;
mod odt;
mod ofd;
mod package;
mod pdf;
pub(crate) mod plain;
mod rtf;
mod sheet;
pub mod sidecar;
mod xls;
mod xml;

use std::sync::Arc;
use std::time::Duration;

use archive_core::text;
use archive_core::text::Text;
use serde::{Deserialize, Serialize};

use crate::apart;
use crate::identify::{Encoding, Family, Format, identify_bytes};
use guard::Watch;
pub(crate) use pdf::open as open_pdf;

/// Raised when a reader changes, so that what was read and kept is read again.
pub const READERS: u32 = 4;

/// How much a file may cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The largest file that is read, in bytes.
    pub file: u64,
    /// The most that may be unpacked from one file, in bytes.
    pub unpacked: u64,
    /// The most pages.
    pub pages: usize,
    /// The most characters on one page; the rest is left out, and said so.
    pub characters: usize,
    /// The time one file may take.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: 1 << 30,
            unpacked: 512 << 20,
            pages: 20_000,
            characters: 2_000_000,
            time: Duration::from_mins(2),
        }
    }
}

/// The text of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Extraction {
    /// What the file is.
    pub format: Format,
    /// Its pages, in order; at least one, unless the file could not be read at all.
    pub pages: Vec<Page>,
    /// Why there are no pages, or fewer than there are.
    pub stopped: Option<NoText>,
    /// What else was noticed: signatures, attachments.
    pub noticed: Vec<Text>,
}

impl Extraction {
    /// The numbers of the pages whose text must be recognised.
    pub fn to_recognise(&self) -> impl Iterator<Item = u32> + '_ {
        self.pages.iter().filter(|page| page.source.needs_recognition()).map(|page| page.number)
    }
}

/// The text of a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Its number in the file, from 1.
    pub number: u32,
    /// Its lines, in reading order.
    pub lines: Vec<Line>,
    /// Where the text came from.
    pub source: TextSource,
}

impl Page {
    /// The text, a line each.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for line in &self.lines {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&line.text);
        }
        out
    }

    fn of_text(number: u32, text: &str, source: TextSource) -> Self {
        // Old Macintosh files end lines with a carriage return alone.
        let lines =
            text.split(['\n', '\r']).map(|line| Line { text: line.trim_end().to_owned(), area: None });
        let lines: Vec<Line> = lines.filter(|line| !line.text.is_empty()).collect();
        let source = if lines.is_empty() { TextSource::None(NoText::Blank) } else { source };
        Self { number, lines, source }
    }
}

/// A line of text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// Where it stands, if that is known.
    pub area: Option<Area>,
}

/// A place on a page, in shares of its width and height, from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// From the left edge.
    pub left: f32,
    /// From the upper edge.
    pub top: f32,
    /// How wide.
    pub width: f32,
    /// How high.
    pub height: f32,
    /// What runs through it is askew: by so much it falls from its left end to its right, in shares of the page's height;
    /// a column read downwards leans by so much to the right, in shares of the width. Less than 0 the other way.
    #[serde(default, skip_serializing_if = "is_straight")]
    pub fall: f32,
}

/// Whether nothing need be said of a fall.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks for")]
fn is_straight(fall: &f32) -> bool {
    fall.abs() < 1e-5
}

/// Where a page's text came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextSource {
    /// Written on a computer.
    BornDigital,
    /// The invisible text of a searchable scan: recognised once, by someone else.
    TextLayer,
    /// Recognised here.
    Recognised {
        /// The engine and its version.
        engine: String,
        /// How sure it is of itself, 0 to 1, if it says so.
        confidence: Option<f32>,
    },
    /// Recognised by others, and lying beside the picture as ALTO, hOCR or PAGE XML.
    Sidecar {
        /// The program that wrote it, as it calls itself.
        producer: String,
        /// How sure it is of itself, 0 to 1, if it says so.
        confidence: Option<f32>,
    },
    /// None.
    None(NoText),
}

impl TextSource {
    /// Whether recognition could give more.
    pub const fn needs_recognition(&self) -> bool {
        matches!(self, Self::None(NoText::Picture | NoText::Unmapped))
    }
}

/// Why there is no text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoText {
    /// It is a picture: its text must be recognised.
    Picture,
    /// There are letters, but the file doesn't say which: it must be recognised as a picture.
    Unmapped,
    /// There is nothing on the page.
    Blank,
    /// The file is locked with a password.
    Encrypted,
    /// The format isn't one whose text is read.
    Unsupported,
    /// The file is larger, or has more in it, than the limits allow.
    TooLarge,
    /// It took longer than the limits allow.
    TooSlow,
    /// The file is damaged.
    Damaged(String),
}

impl NoText {
    /// In words.
    pub fn describe(&self) -> Text {
        match self {
            Self::Picture => Text::fixed("是图像，须识别", "a picture, to be recognised"),
            Self::Unmapped => Text::fixed(
                "文字没有编码，须按图像识别",
                "letters without codes, to be recognised as a picture",
            ),
            Self::Blank => Text::fixed("空白页", "blank"),
            Self::Encrypted => Text::fixed("文件有密码", "locked with a password"),
            Self::Unsupported => Text::fixed("不能从这种格式取文字", "text isn't read from this format"),
            Self::TooLarge => Text::fixed("超出大小限制", "larger than the limits allow"),
            Self::TooSlow => Text::fixed("超出时间限制", "took longer than the limits allow"),
            Self::Damaged(why) => text!("文件已损坏：{why}", "the file is damaged: {why}"),
        }
    }
}

/// What a reader gives back.
#[derive(Debug, Default)]
struct Read {
    pages: Vec<Page>,
    noticed: Vec<Text>,
    stopped: Option<NoText>,
}

/// Reads the text of a file. Never fails: what could not be read is said in the answer.
///
/// `name` is the file's name, for its ending only.
pub fn extract(bytes: impl Into<Arc<[u8]>>, name: &str, limits: &Limits) -> Extraction {
    let bytes = bytes.into();
    // Memory can always be read; were it not so, the file would be of no known format.
    let format = identify_bytes(&bytes, name).unwrap_or(Format {
        family: Family::Unknown,
        version: None,
        puid: None,
        pages: None,
        encoding: None,
        picture: None,
        encrypted: false,
        name_fits: true,
    });
    let read = if bytes.len() as u64 > limits.file {
        Err(NoText::TooLarge)
    } else {
        read(&bytes, name, &format, limits)
    };
    let read = read.unwrap_or_else(|why| Read { stopped: Some(why), ..Read::default() });
    Extraction { format, pages: read.pages, stopped: read.stopped, noticed: read.noticed }
}

fn read(bytes: &Arc<[u8]>, name: &str, format: &Format, limits: &Limits) -> Result<Read, NoText> {
    let family = format.family;
    if family.is_picture() {
        let count = format.pages.unwrap_or(1).min(u32::try_from(limits.pages).unwrap_or(u32::MAX));
        let picture = |number| Page { number, lines: Vec::new(), source: TextSource::None(NoText::Picture) };
        return Ok(Read { pages: (1..=count).map(picture).collect(), ..Read::default() });
    }
    let reader: fn(&[u8], Encoding, &Watch) -> Result<Read, NoText> = match family {
        Family::Pdf => |bytes, _, watch| pdf::read(bytes, watch),
        Family::Ofd => |bytes, _, watch| ofd::read(bytes, watch),
        Family::Doc | Family::Wps => |bytes, _, watch| doc::read(bytes, watch),
        Family::Xls | Family::Et => |bytes, _, watch| xls::read(bytes, watch),
        Family::Docx => |bytes, _, watch| docx::read(bytes, watch),
        Family::Odt | Family::Ods => |bytes, _, watch| odt::read(bytes, watch),
        Family::Xlsx => |bytes, _, watch| sheet::read(bytes, watch),
        Family::Rtf => |bytes, _, watch| rtf::read(bytes, watch),
        Family::Txt => |bytes, encoding, watch| Ok(plain::read(bytes, encoding, watch)),
        Family::Eml => |bytes, encoding, watch| Ok(mail::read(bytes, encoding, watch)),
        Family::Html => |bytes, encoding, watch| {
            let sidecar = sidecar::read(bytes, encoding, Family::Html, watch);
            sidecar.unwrap_or_else(|| Ok(html::read(bytes, encoding, watch)))
        },
        Family::Xml => |bytes, encoding, watch| {
            let sidecar = sidecar::read(bytes, encoding, Family::Xml, watch);
            sidecar.unwrap_or_else(|| Ok(html::read(bytes, encoding, watch)))
        },
        Family::Empty => return Err(NoText::Blank),
        _ => return Err(NoText::Unsupported),
    };
    if let Some(answer) = apart::read(bytes, name, limits) {
        return answer.map(|(pages, stopped, noticed)| Read { pages, noticed, stopped });
    }
    let bytes = Arc::clone(bytes);
    let encoding = format.encoding.unwrap_or(Encoding::Utf8);
    let mut read = guard::run(limits, move |watch| reader(&bytes, encoding, watch))?;
    if read.pages.len() > limits.pages {
        read.pages.truncate(limits.pages);
        read.stopped = Some(NoText::TooLarge);
    }
    for page in &mut read.pages {
        let mut left = limits.characters;
        let mut cut = false;
        page.lines.retain_mut(|line| {
            let end = line.text.char_indices().nth(left).map(|(end, _)| end);
            if let Some(end) = end {
                line.text.truncate(end);
                cut = true;
            }
            left -= line.text.chars().count();
            !line.text.is_empty()
        });
        if cut && read.stopped.is_none() {
            read.stopped = Some(NoText::TooLarge);
        }
    }
    Ok(read)
}
