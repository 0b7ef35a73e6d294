//! The files a register names (扫描件), found below the scans folder.
//!
//! The one place in this crate that walks a folder. A name from a register is written by anyone, so it
//! is never joined to a path and opened: the folder is walked once, without following links out of it,
//! and names are looked up in what was found there. Names are compared in NFC, because one system
//! stores é and 〜 composed and another doesn't; a name that only differs by widths, blanks or case is
//! not taken for the file, but suggested.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use archive_core::finding::{Finding, Place, Severity};
use archive_core::model::{Item, ItemId, SecrecyLevel};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;
use unicode_normalization::UnicodeNormalization;

use super::Column;
use super::cells::excerpt;

/// How deep folders are followed; deeper ones are made by accident or in bad faith.
const DEEPEST: usize = 32;

/// Files that systems leave behind and no one means (Windows, macOS, Office).
const LEFT_BEHIND: [&str; 3] = ["thumbs.db", ".ds_store", "desktop.ini"];

/// A file that shows an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scan {
    /// The item.
    pub item: ItemId,
    /// Where it is, below the scans folder as given.
    pub path: PathBuf,
    /// Its name below the scans folder, with `/`, as the file system writes it.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// What became of the names in a register.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ScansFound {
    /// The files, by item in the order given, each item's in the order it names them.
    pub scans: Vec<Scan>,
    /// Names that led to no file, and files no item names.
    pub findings: Vec<Finding>,
}

/// Finds the files the items name, below `folder`. A folder stands for all files in it and below, in
/// natural order (page2 before page10).
///
/// Classified items have no files here (S1). Faults are findings (I3); files that no item names are
/// reported at info level.
///
/// # Errors
///
/// When `folder` itself can't be read.
pub fn find(folder: &Path, items: &[Item]) -> io::Result<ScansFound> {
    let shelf = Shelf::walk(folder)?;
    let mut found = ScansFound::default();
    let mut used: BTreeMap<&str, ItemId> = BTreeMap::new();
    for item in items.iter().filter(|item| item.secrecy.level == SecrecyLevel::None) {
        let mut own: Vec<&str> = Vec::new();
        for written in &item.scans {
            match shelf.look_up(written) {
                Ok(files) => {
                    for file in files {
                        if own.contains(&file.name.as_str()) {
                            continue;
                        }
                        own.push(&file.name);
                        if let Some(other) =
                            used.insert(&file.name, item.id).filter(|other| *other != item.id)
                        {
                            found.findings.push(shared(item, &file.name, items, other));
                        }
                        if file.bytes == 0 {
                            found.findings.push(empty(item, &file.name));
                        }
                        found.scans.push(Scan {
                            item: item.id,
                            path: file.path.clone(),
                            name: file.name.clone(),
                            bytes: file.bytes,
                        });
                    }
                }
                Err(why) => found.findings.push(why.finding(item, written)),
            }
        }
    }
    let unnamed: Vec<&str> =
        shelf.files.iter().map(|file| file.name.as_str()).filter(|name| !used.contains_key(name)).collect();
    if let Some(first) = unnamed.first() {
        found.findings.push(not_named(&unnamed, first));
    }
    found.findings.extend(shelf.findings);
    archive_core::finding::sort(&mut found.findings);
    Ok(found)
}

/// A file on the shelf.
struct File {
    path: PathBuf,
    /// Below the folder, with `/`.
    name: String,
    bytes: u64,
}

/// Everything below the scans folder, in natural order.
struct Shelf {
    files: Vec<File>,
    /// NFC name to place in `files`; names that differ only in composition share one.
    by_name: BTreeMap<String, usize>,
    /// Name without what people get wrong, to the name as it is.
    by_likeness: BTreeMap<String, String>,
    findings: Vec<Finding>,
}

/// Why a name leads to no file.
enum Missing {
    /// It points out of the folder, or isn't a relative path.
    Outside,
    /// It is a folder without files.
    EmptyFolder,
    /// Nothing is called that; perhaps this was meant.
    NotThere { meant: Option<String> },
}

impl Shelf {
    fn walk(folder: &Path) -> io::Result<Self> {
        let mut shelf = Self {
            files: Vec::new(),
            by_name: BTreeMap::new(),
            by_likeness: BTreeMap::new(),
            findings: Vec::new(),
        };
        shelf.enter(folder, "", 0)?;
        shelf.files.sort_by(|a, b| natural(&a.name, &b.name));
        for (place, file) in shelf.files.iter().enumerate() {
            shelf.by_name.insert(composed(&file.name), place);
            shelf.by_likeness.entry(likeness(&file.name)).or_insert_with(|| file.name.clone());
        }
        Ok(shelf)
    }

    fn enter(&mut self, folder: &Path, prefix: &str, depth: usize) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let Ok(file_name) = entry.file_name().into_string() else {
                let shown = entry.file_name().to_string_lossy().into_owned();
                self.report(
                    &format!("{prefix}{shown}"),
                    Text::fixed("文件名不是有效的文字", "the file name is no valid text"),
                );
                continue;
            };
            if LEFT_BEHIND.contains(&file_name.to_ascii_lowercase().as_str()) || file_name.starts_with("~$") {
                continue;
            }
            let name = format!("{prefix}{file_name}");
            // Of the entry itself, not of what a link points to.
            let kind = entry.file_type()?;
            if kind.is_symlink() {
                self.report(
                    &name,
                    Text::fixed("这是链接，不是文件，没有读", "it is a link and no file; it was not read"),
                );
            } else if kind.is_dir() && depth >= DEEPEST {
                self.report(
                    &name,
                    Text::fixed("文件夹嵌套太深，没有读", "folders are nested too deep; it was not read"),
                );
            } else if kind.is_dir() {
                if let Err(error) = self.enter(&entry.path(), &format!("{name}/"), depth + 1) {
                    self.report(&name, text!("文件夹读不出：{error}", "the folder can't be read: {error}"));
                }
            } else if kind.is_file() {
                match entry.metadata() {
                    Ok(data) => self.files.push(File { path: entry.path(), name, bytes: data.len() }),
                    Err(error) => {
                        self.report(&name, text!("文件读不出：{error}", "the file can't be read: {error}"));
                    }
                }
            }
        }
        Ok(())
    }

    fn report(&mut self, name: &str, message: Text) {
        self.findings.push(
            Finding::new(RuleId::I3, Place { file: Some(name.to_owned()), ..Place::default() }, message)
                .at(Severity::Warning)
                .with_help(Text::fixed("检查扫描件文件夹", "look into the scans folder")),
        );
    }

    /// The files a name stands for.
    fn look_up(&self, written: &str) -> Result<Vec<&File>, Missing> {
        let wanted = relative(written).ok_or(Missing::Outside)?;
        if let Some(file) = self.by_name.get(&wanted).and_then(|place| self.files.get(*place)) {
            return Ok(vec![file]);
        }
        let inside = if wanted.is_empty() { String::new() } else { format!("{wanted}/") };
        let files: Vec<&File> =
            self.files.iter().filter(|file| composed(&file.name).starts_with(&inside)).collect();
        if !files.is_empty() {
            return Ok(files);
        }
        let meant = self.by_likeness.get(&likeness(&wanted)).cloned().or_else(|| self.by_last_part(&wanted));
        Err(if meant.is_none() && self.files.is_empty() {
            Missing::EmptyFolder
        } else {
            Missing::NotThere { meant }
        })
    }

    /// A file of this name in another folder, if there is just one.
    fn by_last_part(&self, wanted: &str) -> Option<String> {
        let last = |name: &str| likeness(name.rsplit('/').next().unwrap_or(name));
        let wanted = last(wanted);
        let mut same = self.files.iter().filter(|file| last(&file.name) == wanted);
        let only = same.next()?;
        same.next().is_none().then(|| only.name.clone())
    }
}

/// A name from a register as a path below the folder: NFC, `/` between parts, without `.`. Nothing if
/// it is absolute, has a drive, or climbs.
fn relative(written: &str) -> Option<String> {
    let written = composed(&written.replace('\\', "/"));
    let drive =
        written.as_bytes().get(1) == Some(&b':') && written.starts_with(|c: char| c.is_ascii_alphabetic());
    if written.starts_with('/') || drive || written.contains('\0') {
        return None;
    }
    let parts: Vec<&str> = written.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    (!parts.contains(&"..")).then(|| parts.join("/"))
}

fn composed(name: &str) -> String {
    name.nfc().collect()
}

/// A name without widths, blanks, bracket kinds and case.
fn likeness(name: &str) -> String {
    name.nfkc()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '〔' | '【' | '[' | '《' | '「' => '(',
            '〕' | '】' | ']' | '》' | '」' => ')',
            '—' | '–' | '_' | '−' => '-',
            other => other,
        })
        .collect()
}

/// The order people expect of file names: folder by folder, numbers by value.
pub fn natural(a: &str, b: &str) -> Ordering {
    let parts = |name: &str| name.split('/').map(chunks).collect::<Vec<_>>();
    parts(a).cmp(&parts(b)).then_with(|| a.cmp(b))
}

/// A run of digits, or of anything else.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Chunk {
    /// Its length without leading zeros, then its digits: by value, however long.
    Number(usize, String),
    Words(String),
}

fn chunks(name: &str) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (chunk, after) = rest.split_at(end);
        rest = after;
        if digits {
            let value = chunk.trim_start_matches('0');
            chunks.push(Chunk::Number(value.len(), value.to_owned()));
        } else {
            chunks.push(Chunk::Words(chunk.to_lowercase()));
        }
    }
    chunks
}

fn place(item: &Item) -> Place {
    let known = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Place {
        file: known(&item.origin.register),
        row: Some(item.origin.row).filter(|row| *row > 0),
        item: known(&item.row),
        field: Some(Column::Scans.header().to_owned()),
        ..Place::default()
    }
}

impl Missing {
    fn finding(self, item: &Item, written: &str) -> Finding {
        let shown = excerpt(written);
        let at = place(item);
        match self {
            Self::Outside => Finding::new(
                RuleId::I3,
                at,
                text!(
                    "扫描件「{shown}」不在扫描件文件夹之内，没有读",
                    "scan \"{shown}\" lies outside the scans folder and was not read"
                ),
            )
            .with_help(Text::fixed(
                "写扫描件文件夹之下的相对路径，不能用 .. 或盘符",
                "write a path below the scans folder, without .. or a drive",
            )),
            Self::EmptyFolder => Finding::new(
                RuleId::I3,
                at,
                text!(
                    "扫描件「{shown}」不存在：文件夹是空的",
                    "scan \"{shown}\" isn't there: the folder is empty"
                ),
            )
            .with_help(Text::fixed("检查 --scans 指定的文件夹", "check the folder given with --scans")),
            Self::NotThere { meant } => {
                let help = meant.map_or_else(
                    || {
                        Text::fixed(
                            "补上文件，或改正登记表中的文件名",
                            "add the file, or correct its name in the register",
                        )
                    },
                    |meant| text!("是不是「{meant}」？", "did you mean \"{meant}\"?"),
                );
                Finding::new(RuleId::I3, at, text!("扫描件「{shown}」不存在", "scan \"{shown}\" isn't there"))
                    .with_help(help)
            }
        }
    }
}

fn empty(item: &Item, name: &str) -> Finding {
    Finding::new(
        RuleId::I3,
        place(item),
        text!("扫描件「{name}」是空文件", "scan \"{name}\" is an empty file"),
    )
    .with_help(Text::fixed("重新扫描", "scan it again"))
}

fn shared(item: &Item, name: &str, items: &[Item], other: ItemId) -> Finding {
    let other = items.iter().find(|item| item.id == other).map(|item| item.row.clone()).unwrap_or_default();
    Finding::new(
        RuleId::I3,
        place(item),
        text!("扫描件「{name}」也是序号 {other} 的扫描件", "scan \"{name}\" is named by row {other} too"),
    )
    .at(Severity::Warning)
    .with_help(Text::fixed("核对是哪一件的", "check which one it shows"))
}

fn not_named(unnamed: &[&str], first: &str) -> Finding {
    let count = unnamed.len();
    Finding::new(
        RuleId::I3,
        Place { file: Some(first.to_owned()), ..Place::default() },
        text!(
            "有 {count} 个文件没有登记（第一个是「{first}」），没有收入",
            "{count} files are named by no row (the first is \"{first}\") and were not taken in"
        ),
    )
    .at(Severity::Info)
    .with_help(Text::fixed(
        "需要的话在登记表的扫描件列填上",
        "name them in the 扫描件 column if they belong to a row",
    ))
}
