//! Reading the tag files of a bag: the declaration, manifests, bag-info and fetch lists.
//!
//! Each reader gives what it could read and says what is wrong, line by line. Readers stream: a manifest
//! may be larger than memory, and a hostile one is cut off at a limit.

use std::io::{self, BufRead as _, BufReader, Read};

use archive_core::finding::{Finding, Place, Severity};
use archive_core::hex;
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;

use crate::digest::Algorithm;
use crate::findings::Findings;
use crate::names;

/// The largest manifest read: some five million lines.
pub(crate) const MAX_MANIFEST: u64 = 768 << 20;
/// The longest line of a tag file.
const MAX_LINE: usize = 64 << 10;
/// After so many faulty lines a file is no list, and not read on: it must not fill the memory with findings.
const MAX_FAULTY: usize = 10_000;

/// A version of BagIt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(pub(crate) u32, pub(crate) u32);

impl Version {
    pub(crate) const V1_0: Self = Self(1, 0);

    /// Whether there is such a version: the drafts, and RFC 8493.
    const fn is_known(self) -> bool {
        matches!(self, Self(0, 90..=97) | Self::V1_0)
    }
}

/// What bagit.txt says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Declaration {
    pub(crate) version: Version,
    pub(crate) encoding: &'static Encoding,
}

/// Reads bagit.txt: two lines, in UTF-8, without a byte order mark.
pub(crate) fn declaration(bytes: &[u8]) -> Result<Declaration, Text> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Text::fixed("bagit.txt 不是 UTF-8", "bagit.txt is not UTF-8"))?;
    if text.starts_with('\u{FEFF}') {
        return Err(Text::fixed("bagit.txt 以字节序标记开头", "bagit.txt starts with a byte order mark"));
    }
    let whole = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines = whole.lines();
    let version = lines.next().and_then(|line| line.strip_prefix("BagIt-Version: ")).and_then(version);
    let Some((version, exact)) = version else {
        return Err(Text::fixed(
            "bagit.txt 第一行不是“BagIt-Version: 主.次”",
            "the first line of bagit.txt is not “BagIt-Version: M.N”",
        ));
    };
    if !version.is_known() {
        let Version(major, minor) = version;
        return Err(text!("没有 BagIt {major}.{minor} 这个版本", "there is no BagIt {major}.{minor}"));
    }
    let label = lines.next().and_then(|line| line.strip_prefix("Tag-File-Character-Encoding: "));
    let encoding = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    let Some(encoding) = encoding else {
        return Err(Text::fixed(
            "bagit.txt 第二行没有可用的 Tag-File-Character-Encoding",
            "the second line of bagit.txt names no usable Tag-File-Character-Encoding",
        ));
    };
    if version >= Version::V1_0 && (!exact || lines.any(|line| !line.is_empty())) {
        return Err(Text::fixed(
            "bagit.txt 含有多余的空白或行",
            "bagit.txt has white space or lines it must not have",
        ));
    }
    Ok(Declaration { version, encoding })
}

/// The version, and whether nothing but it stands there.
fn version(value: &str) -> Option<(Version, bool)> {
    let (major, minor) = value.trim().split_once('.')?;
    let number = |digits: &str| {
        (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok())?
    };
    Some((Version(number(major)?, number(minor)?), value.trim() == value))
}

/// A line of a manifest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listed<'a> {
    /// Where it stands, from 1.
    pub(crate) row: u32,
    /// The path as written, without `./` and `*` before it.
    pub(crate) path: &'a str,
    /// The digest.
    pub(crate) digest: &'a [u8],
}

/// Reads a manifest called `name`, and gives each line to `take`, which may have more to say of it. What is
/// wrong goes to `findings`. Nothing is kept: a manifest may have millions of lines.
pub(crate) fn manifest(
    name: &str,
    reader: impl Read,
    declared: Declaration,
    algorithm: Algorithm,
    findings: &mut Findings,
    mut take: impl FnMut(Listed<'_>, &mut Findings),
) -> io::Result<()> {
    let of_tags = name.starts_with("tag");
    each_line(name, reader, declared.encoding, findings, |row, line, findings| {
        let at = |message| line_finding(name, row, message);
        let parsed = line.split_once([' ', '\t']).map(|(digest, path)| (digest, path.trim_start()));
        let digest = parsed
            .filter(|(digest, path)| digest.len() == algorithm.hex_len() && !path.is_empty())
            .and_then(|(digest, path)| Some((hex::decode(digest)?, path)));
        let Some((digest, written)) = digest else {
            findings.push(at(text!(
                "不是“{algorithm} 摘要  路径”的形式",
                "is not a {algorithm} digest and a path"
            )));
            return;
        };
        let mut path = written;
        if let Some(rest) = path.strip_prefix('*') {
            let said = Text::fixed("路径前有 *（md5sum 的写法）", "has the * of md5sum before its path");
            findings.push(at(said).at(Severity::Warning));
            path = rest;
        }
        if let Some(rest) = path.strip_prefix("./") {
            let said = Text::fixed("路径以 ./ 开头", "has ./ before its path");
            findings.push(at(said).at(Severity::Warning));
            path = rest;
        }
        let reason = names::fault(path).or_else(|| {
            (!of_tags && !path.starts_with("data/"))
                .then(|| Text::fixed("不在 data/ 之内", "it is not inside data/"))
        });
        if let Some(reason) = reason {
            let (zh, en) = (&reason.zh, &reason.en);
            findings.push(at(Text::new(
                format!("路径 {written} 不安全：{zh}"),
                format!("the path {written} is unsafe: {en}"),
            )));
            return;
        }
        take(Listed { row, path, digest: &digest }, findings);
    })
}

/// A path stands in a manifest for the second time. Before 1.0 nothing forbade it, as long as both lines
/// say the same.
pub(crate) fn doubled(name: &str, row: u32, path: &str, harmless: bool) -> Finding {
    line_finding(name, row, text!("重复列出 {path}", "lists {path} once more")).at(if harmless {
        Severity::Warning
    } else {
        Severity::Error
    })
}

/// Reads bag-info.txt (or package-info.txt): labels and values in order, continuation lines joined.
pub(crate) fn info(
    name: &str,
    reader: impl Read,
    declared: Declaration,
    findings: &mut Findings,
) -> io::Result<Vec<(String, String)>> {
    let mut fields: Vec<(String, String)> = Vec::new();
    each_line(name, reader, declared.encoding, findings, |row, line, findings| {
        if line.starts_with([' ', '\t'])
            && let Some((_, value)) = fields.last_mut()
        {
            value.push(' ');
            value.push_str(line.trim());
        } else if let Some((label, value)) = line.split_once(':') {
            fields.push((label.trim().to_owned(), value.trim().to_owned()));
        } else {
            let said = Text::fixed("不是“名称: 值”的形式", "is not a label, a colon and a value");
            findings.push(line_finding(name, row, said));
        }
    })?;
    Ok(fields)
}

/// Reads fetch.txt: the paths of files to be fetched from elsewhere.
pub(crate) fn fetch(
    name: &str,
    reader: impl Read,
    declared: Declaration,
    findings: &mut Findings,
) -> io::Result<Vec<String>> {
    let mut paths = Vec::new();
    each_line(name, reader, declared.encoding, findings, |row, line, findings| {
        // An address, a length and a path, with as much white space between as there may be.
        let path = after_word(line.trim_start()).and_then(after_word).filter(|path| !path.is_empty());
        let Some(path) = path.map(|path| path.strip_prefix("./").unwrap_or(path)) else {
            let said = Text::fixed("不是“地址 长度 路径”的形式", "is not an address, a length and a path");
            findings.push(line_finding(name, row, said));
            return;
        };
        let reason = names::fault(path).or_else(|| {
            (!path.starts_with("data/")).then(|| Text::fixed("不在 data/ 之内", "it is not inside data/"))
        });
        if let Some(reason) = reason {
            let said = Text::new(
                format!("路径 {path} 不安全：{}", reason.zh),
                format!("the path {path} is unsafe: {}", reason.en),
            );
            findings.push(line_finding(name, row, said));
        } else {
            paths.push(path.to_owned());
        }
    })?;
    Ok(paths)
}

/// What stands behind the first word.
fn after_word(line: &str) -> Option<&str> {
    line.split_once(char::is_whitespace).map(|(_, rest)| rest.trim_start())
}

fn line_finding(name: &str, row: u32, message: Text) -> Finding {
    let place = Place { file: Some(name.to_owned()), row: Some(row), ..Place::default() };
    Finding::new(RuleId::X5, place, message)
        .at(Severity::Error)
        .with_help(Text::fixed("请移交方重新制包", "ask the sender to build the package again"))
}

/// Lines as RFC 8493 ends them: by a line feed, a carriage return, or both.
struct Lines<R> {
    from: BufReader<R>,
    /// The last line ended with a carriage return: a line feed behind it belongs to it.
    after_return: bool,
}

impl<R: Read> Lines<R> {
    /// Appends the next line without its end, up to [`MAX_LINE`]; false where there is none.
    fn next(&mut self, line: &mut Vec<u8>) -> io::Result<bool> {
        let mut begun = false;
        loop {
            let mut held = self.from.fill_buf()?;
            if held.is_empty() {
                return Ok(begun);
            }
            if std::mem::take(&mut self.after_return) && held.starts_with(b"\n") {
                self.from.consume(1);
                held = self.from.fill_buf()?;
                if held.is_empty() {
                    return Ok(begun);
                }
            }
            begun = true;
            let room = MAX_LINE.saturating_sub(line.len());
            let held = held.get(..room).unwrap_or(held);
            let end = held.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let taken = end.and_then(|end| held.get(..end)).unwrap_or(held);
            line.extend_from_slice(taken);
            let ended_by = end.and_then(|end| held.get(end)).copied();
            let used = taken.len() + usize::from(ended_by.is_some());
            self.from.consume(used);
            self.after_return = ended_by == Some(b'\r');
            if ended_by.is_some() || used == 0 || line.len() >= MAX_LINE {
                return Ok(true);
            }
        }
    }
}

/// Calls `each` with every line that isn't empty, decoded; damaged encoding is a finding.
fn each_line(
    name: &str,
    reader: impl Read,
    encoding: &'static Encoding,
    findings: &mut Findings,
    mut each: impl FnMut(u32, &str, &mut Findings),
) -> io::Result<()> {
    let wide = encoding == UTF_16LE || encoding == UTF_16BE;
    let decoded = DecodeReaderBytesBuilder::new()
        .encoding(Some(encoding))
        .bom_override(wide)
        .build(reader.take(MAX_MANIFEST));
    let mut lines = Lines { from: BufReader::with_capacity(1 << 16, decoded), after_return: false };
    let mut row = 0_u32;
    let mut line = Vec::new();
    let before = findings.count();
    loop {
        if findings.count() - before > MAX_FAULTY {
            let said = Text::fixed(
                "有误的行太多，其后不再读",
                "has too many faulty lines before: nothing more is read",
            );
            findings.push(line_finding(name, row, said));
            return Ok(());
        }
        line.clear();
        row = row.saturating_add(1);
        if !lines.next(&mut line)? {
            return Ok(());
        }
        if line.len() >= MAX_LINE {
            let said = Text::fixed("行过长，其后不再读", "is too long; nothing after it is read");
            findings.push(line_finding(name, row, said));
            return Ok(());
        }
        let text = String::from_utf8_lossy(&line);
        let mut text = text.as_ref();
        if row == 1
            && encoding == UTF_8
            && let Some(rest) = text.strip_prefix('\u{FEFF}')
        {
            let said = Text::fixed(
                "以字节序标记开头，sha256sum 会漏掉第一行",
                "starts with a byte order mark: sha256sum will skip its first line",
            );
            findings.push(line_finding(name, row, said).at(Severity::Warning));
            text = rest;
        }
        if text.contains('\u{FFFD}') {
            let (zh, en) = (encoding.name(), encoding.name());
            let said =
                Text::new(format!("不是声明的编码 {zh}"), format!("is not in the declared encoding {en}"));
            findings.push(line_finding(name, row, said));
            continue;
        }
        if !text.trim().is_empty() {
            each(row, text, findings);
        }
    }
}
