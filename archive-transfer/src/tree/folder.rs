//! A package that lies as a folder.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use archive_core::text;
use archive_core::text::Text;
use walkdir::WalkDir;

use super::{Container, Entry, Listing, MAX_ENTRIES, MAX_FAULTS, Opened, empty_folder, refusal};
use crate::findings::Findings;
use crate::names;

struct Folder {
    root: PathBuf,
}

impl Container for Folder {
    fn reader(&self, entry: Entry<'_>, prefix: &str) -> io::Result<Box<dyn Read + Send>> {
        let file = File::open(self.place(entry, prefix))?;
        Ok(Box::new(Promised { file, bytes: entry.bytes, read: 0, ended: false }))
    }

    fn stamp(&self, entry: Entry<'_>, prefix: &str) -> Option<String> {
        super::stamp_of(&self.place(entry, prefix))
    }
}

impl Folder {
    fn place(&self, entry: Entry<'_>, prefix: &str) -> PathBuf {
        self.root.join(format!("{prefix}{}", entry.path))
    }
}

/// A file of so many bytes. One that grows while it is read must not be read for ever; one byte more shows it grew.
struct Promised {
    file: File,
    bytes: u64,
    read: u64,
    ended: bool,
}

impl Read for Promised {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.bytes + 1 - self.read).unwrap_or(usize::MAX).min(buffer.len());
        if self.ended || most == 0 {
            return Ok(0);
        }
        let read = self.file.read(&mut buffer[..most])?;
        self.read += read as u64;
        // What was promised came and more was asked for: there is no more, and the system needn't be asked again.
        self.ended = read < most && self.read == self.bytes;
        Ok(read)
    }
}

pub(super) fn open(root: &Path) -> io::Result<Opened> {
    let mut entries = Listing::default();
    let mut faults = Findings::new(MAX_FAULTS);
    // As they lie: sorting here would hold a folder of a million files, and all is sorted later.
    // A folder after which nothing deeper comes is empty.
    let mut hollow: Option<(String, usize)> = None;
    let ends = |hollow: Option<(String, usize)>, depth: usize, faults: &mut Findings| {
        if let Some((path, _)) = hollow.filter(|(_, above)| depth <= *above) {
            faults.push(empty_folder(&path));
        }
    };
    for walked in WalkDir::new(root).min_depth(1) {
        let walked = walked?;
        ends(hollow.take(), walked.depth(), &mut faults);
        let relative = walked.path().strip_prefix(root).unwrap_or(walked.path());
        let Some(path) = inside(relative) else {
            let shown = guessed(relative);
            faults.push(refusal(
                shown,
                &Text::fixed("文件名不是 UTF-8（可能是 GBK）", "its name is not UTF-8 (GBK, it seems)"),
            ));
            continue;
        };
        if let Some(reason) = names::fault(&path) {
            faults.push(refusal(path, &reason));
            continue;
        }
        let kind = walked.file_type();
        if kind.is_dir() {
            hollow = Some((path, walked.depth()));
        } else if kind.is_file() {
            let bytes = walked.metadata()?.len();
            if entries.len() >= MAX_ENTRIES || !entries.push(&path, bytes, 0) {
                return Err(super::damaged(text!(
                    "文件超过 {MAX_ENTRIES} 个，或路径过长",
                    "more than {MAX_ENTRIES} files, or paths beyond measure"
                )));
            }
        } else if kind.is_symlink() {
            faults.push(refusal(path, &Text::fixed("是链接", "it is a link")));
        } else {
            faults.push(refusal(
                path,
                &Text::fixed("是设备、管道或套接字，不是文件", "it is a device, a pipe or a socket, no file"),
            ));
        }
    }
    ends(hollow, 0, &mut faults);
    Ok(Opened { entries, store: Box::new(Folder { root: root.to_owned() }), faults: faults.told() })
}

/// The path with `/`, if all its parts are Unicode.
fn inside(relative: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = relative.iter().map(std::ffi::OsStr::to_str).collect();
    parts.map(|parts| parts.join("/"))
}

/// A name that is no Unicode, as well as it can be shown: most are GBK.
fn guessed(relative: &Path) -> String {
    let bytes = relative.as_os_str().as_encoded_bytes();
    encoding_rs::GB18030
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map_or_else(|| relative.to_string_lossy().into_owned(), std::borrow::Cow::into_owned)
}
