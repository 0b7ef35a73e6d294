//! What a file is, told by what it holds and never by its name.
//!
//! Archives keep some twenty formats, so a small table of our own ([`Family`]) does what general
//! identification tools do less well here: it knows OFD (which PRONOM doesn't list), tells PDF/A by what
//! the file declares, counts pages, and reads the encoding of Chinese texts. Identifiers are PRONOM's
//! (fmt/…, x-fmt/…), given only where the content settles them.
//!
//! What a file *declares* is reported as declared: "PDF/A-2b" here means that its metadata says so, and
//! not that anyone has checked it.

mod family;
mod office;
mod pdf;
mod picture;
mod plain;
mod tiff;

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use archive_core::finding::{Finding, Place};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;
use serde::Serialize;

pub use family::{Encoding, Family};

/// What a file is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Format {
    /// Which format.
    pub family: Family,
    /// The version or profile it declares: `1.7`, `A-2b`, `OFD-A`.
    pub version: Option<String>,
    /// The PRONOM identifier, where there is one and the content settles it.
    pub puid: Option<&'static str>,
    /// How many pages it has, where that can be told.
    pub pages: Option<u32>,
    /// The encoding of a text.
    pub encoding: Option<Encoding>,
    /// Size, resolution and compression of a picture (of its first page).
    pub picture: Option<Picture>,
    /// Whether it is encrypted: then it can't be transferred (GB/T 18894-2016).
    pub encrypted: bool,
    /// Whether its name says the same; a name without an ending says nothing.
    pub name_fits: bool,
}

/// A picture, as its header describes it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Picture {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Pixels per inch, if the file says so.
    pub dpi: Option<f64>,
    /// Bits per pixel, all channels together.
    pub bits: Option<u32>,
    /// How the pixels are packed: `CCITT G4`, `LZW`, `JPEG` …
    pub compression: Option<&'static str>,
}

impl Format {
    /// The media type.
    pub const fn mime(&self) -> &'static str {
        self.family.row().mime
    }

    /// Whether the rules allow the format in a transfer (GB/T 18894-2016; DA/T 31 for scans), encryption
    /// aside.
    pub const fn allowed_for_transfer(&self) -> bool {
        self.family.row().transfer && !self.encrypted
    }

    /// What is wrong with it as a record's file (I5): a name that says something else, a format that may
    /// not be transferred, nothing in it.
    pub fn findings(&self, place: &Place) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut add = |message: Text, help: Text| {
            findings.push(Finding::new(RuleId::I5, place.clone(), message).with_help(help));
        };
        let is = self.describe();
        let (zh, en) = (&is.zh, &is.en);
        match self.family {
            Family::Empty => add(
                Text::fixed("文件是空的", "the file is empty"),
                Text::fixed("请重新扫描或重新导出", "scan or export it again"),
            ),
            Family::Unknown => add(
                Text::fixed("认不出文件的格式", "the format of the file isn't known"),
                Text::fixed(
                    "请换成规定的格式（OFD、PDF、TIFF、JPEG 等）",
                    "convert it to OFD, PDF, TIFF, JPEG or the like",
                ),
            ),
            _ if self.encrypted => add(
                text!("文件加了密（{zh}）", "the file is encrypted ({en})"),
                Text::fixed("请解密后再归档", "decrypt it before it is archived"),
            ),
            _ if !self.allowed_for_transfer() => add(
                text!("{zh} 不是规定的移交格式", "{en} is no format for transfer"),
                Text::fixed("请另存一份 OFD 或 PDF", "save it as OFD or PDF too"),
            ),
            _ => {}
        }
        if !self.name_fits {
            add(
                text!("文件名与内容不符：内容是 {zh}", "the name doesn't fit: the file is {en}"),
                Text::fixed("请改正扩展名", "mend the ending of its name"),
            );
        }
        findings
    }

    /// The format and its version in words.
    pub fn describe(&self) -> Text {
        let name = self.family.row().name;
        let mut all = String::from(name);
        if let Some(version) = &self.version {
            all.push(' ');
            all.push_str(version);
        }
        if let Some(encoding) = self.encoding {
            all.push(' ');
            all.push_str(encoding.name());
        }
        match self.family {
            Family::Empty => Text::fixed("空文件", "an empty file"),
            Family::Unknown => Text::fixed("未知格式", "an unknown format"),
            Family::Txt => text!("文本 {all}", "text {all}"),
            _ => Text::new(all.clone(), all),
        }
    }
}

/// Tells what a file is. `name` is only compared with it.
///
/// # Errors
///
/// When it can't be read; a file that makes no sense is [`Family::Unknown`], not an error.
pub fn identify(source: &mut (impl Read + Seek), name: &str) -> io::Result<Format> {
    let mut head = vec![0; HEAD];
    source.seek(SeekFrom::Start(0))?;
    let length = read_up_to(source, &mut head)?;
    head.truncate(length);
    let mut found = Found { name_hint: ending(name), ..Found::default() };
    let family = by_magic(&head, source, &mut found)?;
    Ok(Format {
        family,
        puid: found.puid.or(family.row().puid),
        version: found.version,
        pages: found.pages.or(if family.is_single_picture() { Some(1) } else { None }),
        encoding: found.encoding,
        picture: found.picture,
        encrypted: found.encrypted,
        name_fits: matches!(family, Family::Empty | Family::Unknown)
            || ending(name).is_none_or(|ending| family.row().endings.contains(&ending.as_str())),
    })
}

/// [`identify`] for what is in memory already.
///
/// # Errors
///
/// None in practice: memory can be read.
pub fn identify_bytes(bytes: &[u8], name: &str) -> io::Result<Format> {
    identify(&mut Cursor::new(bytes), name)
}

/// How much of the start is looked at before anything else.
const HEAD: usize = 64 << 10;
/// The largest file that is read whole to learn its version or pages.
const WHOLE: u64 = 512 << 20;

/// What the readers of the formats fill in.
#[derive(Debug, Default)]
struct Found {
    version: Option<String>,
    puid: Option<&'static str>,
    pages: Option<u32>,
    encoding: Option<Encoding>,
    picture: Option<Picture>,
    encrypted: bool,
    name_hint: Option<String>,
}

fn by_magic(head: &[u8], source: &mut (impl Read + Seek), found: &mut Found) -> io::Result<Family> {
    Ok(match head {
        [] => Family::Empty,
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => {
            tiff::describe(source, found)?;
            Family::Tiff
        }
        [0xff, 0xd8, 0xff, ..] => {
            picture::describe_jpeg(head, found);
            Family::Jpeg
        }
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => {
            picture::describe_png(head, found);
            Family::Png
        }
        [0, 0, 0, 12, b'j', b'P', b' ', b' ', ..] => {
            picture::describe_jp2(head, found);
            Family::Jp2
        }
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Family::Gif,
        [b'B', b'M', ..] if head.len() > 26 && head[6..10] == [0; 4] => Family::Bmp,
        [b'P', b'K', 3 | 5, 4 | 6, ..] => office::describe_zip(source, found),
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => office::describe_cfb(source, found),
        [b'{', b'\\', b'r', b't', b'f', ..] => Family::Rtf,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Family::Wav,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' ', ..] => Family::Avi,
        [b'I', b'D', b'3', ..] => Family::Mp3,
        [0xff, second, third, ..] if picture::is_mp3_frame(*second, *third) => Family::Mp3,
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Family::Mp4,
        [0, 0, 1, 0xb3 | 0xba, ..] => Family::Mpeg,
        [b'F', b'L', b'V', 1, ..] => Family::Flv,
        [b'R', b'a', b'r', b'!', 0x1a, 7, ..] => Family::Rar,
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Family::SevenZip,
        [0x1f, 0x8b, ..] => Family::Gzip,
        _ if pdf::header(head).is_some() => {
            pdf::describe(head, whole(source)?.as_deref(), found);
            Family::Pdf
        }
        _ => match whole(source)? {
            Some(bytes) => plain::describe(&bytes, found),
            None => Family::Unknown,
        },
    })
}

/// The whole file, unless it is too large for that.
fn whole(source: &mut (impl Read + Seek)) -> io::Result<Option<Vec<u8>>> {
    let size = source.seek(SeekFrom::End(0))?;
    if size > WHOLE {
        return Ok(None);
    }
    source.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    source.by_ref().take(WHOLE).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

fn read_up_to(source: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < into.len() {
        match source.read(&mut into[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// What a name ends in after its last dot, in small letters.
fn ending(name: &str) -> Option<String> {
    let file = name.rsplit(['/', '\\']).next()?;
    let (stem, ending) = file.rsplit_once('.')?;
    // 关于3.15活动的通知 has a dot, and no ending.
    let is_ending = !stem.is_empty() && (1..=5).contains(&ending.len()) && ending.is_ascii();
    is_ending.then(|| ending.to_ascii_lowercase())
}
