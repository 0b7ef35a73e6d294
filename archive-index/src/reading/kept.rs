//! What was read of a file, kept beside the repository's objects, by the digest of its bytes.
//!
//! ```text
//! text/
//!   ab/abcdef….jsonl    what was read of the file with this digest
//! ```
//!
//! Each is lines of JSON, to be read by anybody with any tool: the SHA-256 of all that follows; how it was read and how many
//! pages the file has; then a page a line, with its number, its lines of text with their places, and where the text came from.
//! By the first line a flipped bit is found ([`KeptTexts::check`]), and known what a copy already has ([`KeptTexts::copy_to`]).
//!
//! Recognition takes seconds a page; it is never done twice for the same bytes, whichever record they
//! belong to. The index is made anew from here without opening a file, and the reading room finds here
//! where on a picture words stand. All of it is derived: it can be deleted, and costs time to make again; backups
//! and exports hold it as it lies, since a year of scans takes a night to recognise.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use archive_core::text::Text;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::derived::{DerivedFault, digest_of, look};
use crate::text::{NoText, Page};

/// The folder of a repository where readings are kept.
pub const FOLDER: &str = "text";

/// What was read of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Which readers read it ([`crate::text::READERS`]): text read by older ones is read again, what an
    /// engine recognised isn't.
    pub readers: u32,
    /// How many pages the file has, those without text included: the next file's pages follow after so
    /// many.
    pub count: u32,
    /// Its pages, in order, with lines, places and where the text came from.
    pub pages: Vec<Page>,
    /// Why there are no pages, or fewer than there are.
    pub stopped: Option<NoText>,
}

impl Reading {
    /// A page by its number in the file.
    pub fn page(&self, number: u32) -> Option<&Page> {
        self.pages.iter().find(|page| page.number == number)
    }

    /// How many pages are pictures that nobody has read.
    pub fn unread(&self) -> usize {
        self.pages.iter().filter(|page| page.source.needs_recognition()).count()
    }

    /// The lines of a kept text after its first.
    fn to_lines(&self) -> serde_json::Result<Vec<u8>> {
        let Self { readers, count, pages, stopped } = self;
        let mut lines =
            serde_json::to_vec(&About { readers: *readers, count: *count, stopped: stopped.clone() })?;
        lines.push(b'\n');
        for page in pages {
            serde_json::to_writer(&mut lines, page)?;
            lines.push(b'\n');
        }
        Ok(lines)
    }

    fn from_lines(lines: &[u8]) -> serde_json::Result<Self> {
        let mut lines = lines.split_inclusive(|byte| *byte == b'\n');
        let About { readers, count, stopped } = serde_json::from_slice(lines.next().unwrap_or_default())?;
        let pages = lines.map(serde_json::from_slice).collect::<serde_json::Result<_>>()?;
        Ok(Self { readers, count, pages, stopped })
    }
}

/// A kept text: its name in the folder, the digest it is kept by, its path.
type KeptFile = (String, String, PathBuf);
/// What else lies there: its name in the folder and its path.
type Stray = (String, PathBuf);

/// The folder where readings are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptTexts {
    folder: PathBuf,
}

impl KeptTexts {
    /// Those in a folder, which is made when something is put into it.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder they are in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What was read of the file with this digest (hexadecimal); nothing if it wasn't read yet, or what
    /// is kept of it is damaged: then it is read again.
    ///
    /// # Errors
    ///
    /// When the folder can't be read.
    pub fn get(&self, digest: &str) -> io::Result<Option<Reading>> {
        let Some(path) = self.path(digest) else { return Ok(None) };
        match fs::read(path) {
            Ok(bytes) => Ok(sound(&bytes).and_then(|lines| Reading::from_lines(lines).ok())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps what was read of a file, in place of what was kept of it. It is there whole or not at all.
    ///
    /// # Errors
    ///
    /// When it can't be written.
    pub fn put(&self, digest: &str, reading: &Reading) -> io::Result<()> {
        let path = self.path(digest).ok_or_else(|| io::Error::other("no digest"))?;
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder)?;
        owners_only(&self.folder)?;
        let lines = reading.to_lines()?;
        let head = serde_json::to_vec(&Head { sha256: digest_of(&lines) })?;
        write_whole(&path, &[&head, b"\n", &lines])
    }

    /// Names what isn't as it was when it was kept, of the files of which `takes` says so by their name, and what
    /// doesn't belong here.
    ///
    /// # Errors
    ///
    /// When the folder can't be listed.
    pub fn check(&self, takes: &(dyn Fn(&str) -> bool + Sync)) -> io::Result<Vec<DerivedFault>> {
        let (files, strays) = self.files()?;
        let mine: Vec<(String, PathBuf)> =
            files.into_iter().map(|(name, _, path)| (name, path)).filter(|(name, _)| takes(name)).collect();
        let mut faults = look(&mine, |(name, path)| match fs::read(path) {
            Ok(bytes) if sound(&bytes).is_some() => None,
            Ok(_) => {
                Some(DerivedFault::new(name, Text::fixed("保存的文字已改变", "a kept text was changed")))
            }
            Err(error) => Some(DerivedFault::unreadable(name, &error)),
        });
        let stray = Text::fixed("不是保存的文字", "it is no kept text");
        faults.extend(strays.into_iter().map(|(name, _)| DerivedFault::new(name, stray.clone())));
        faults.sort();
        Ok(faults)
    }

    /// Makes the texts in another folder, that of a backup, the same as these: copies what is new or was changed, removes what
    /// is gone. A damaged one is named, and never takes the place of a good one.
    ///
    /// # Errors
    ///
    /// When a folder can't be listed or written.
    pub fn copy_to(&self, folder: &Path) -> io::Result<CopiedTexts> {
        let copy = Self::in_folder(folder);
        let (mine, _) = self.files()?;
        let (theirs, strays) = copy.files()?;
        let known: BTreeSet<&str> = mine.iter().map(|(name, ..)| name.as_str()).collect();
        let gone = theirs.iter().filter(|(name, ..)| !known.contains(name.as_str())).map(|(.., path)| path);
        let mut copied = CopiedTexts::default();
        for path in gone.chain(strays.iter().map(|(_, path)| path)) {
            fs::remove_file(path)?;
            copied.removed += 1;
        }
        let done: Vec<io::Result<Carried>> =
            mine.par_iter().map(|(name, _, path)| carry(path, &folder.join(name))).collect();
        for ((name, ..), done) in mine.iter().zip(done) {
            match done? {
                Carried::Copied => copied.copied += 1,
                Carried::There => copied.kept += 1,
                Carried::Damaged => copied.damaged.push(DerivedFault::new(
                    name,
                    Text::fixed("保存的文字已改变", "a kept text was changed"),
                )),
            }
        }
        if !mine.is_empty() {
            owners_only(folder)?;
        }
        Ok(copied)
    }

    /// Puts back what is damaged or missing from another folder, that of a backup: of the files with these digests alone, for
    /// others may have been destroyed. What no good copy is found of is removed: it is read again by the next indexing.
    ///
    /// # Errors
    ///
    /// When a folder can't be listed or written.
    pub fn mend_from(&self, copies: &[PathBuf], digests: &BTreeSet<String>) -> io::Result<MendedTexts> {
        let mut mended = MendedTexts::default();
        let (mine, strays) = self.files()?;
        let mut good = BTreeSet::new();
        let mut bad = Vec::new();
        for (name, digest, path) in mine {
            if fs::read(&path).is_ok_and(|bytes| sound(&bytes).is_some()) {
                good.insert(digest);
            } else {
                bad.push((name, digest, path));
            }
        }
        for copy in copies {
            for (name, digest, path) in Self::in_folder(copy).files()?.0 {
                let wanted = digests.contains(&digest) && !good.contains(&digest);
                if wanted && matches!(put_copy(&path, &self.folder.join(&name))?, Carried::Copied) {
                    owners_only(&self.folder)?;
                    mended.put_back.push(name);
                    good.insert(digest);
                }
            }
        }
        for (name, path) in bad
            .into_iter()
            .filter(|(_, digest, _)| !good.contains(digest))
            .map(|(name, _, path)| (name, path))
            .chain(strays)
        {
            fs::remove_file(path)?;
            mended.removed.push(name);
        }
        mended.put_back.sort();
        mended.removed.sort();
        Ok(mended)
    }

    /// The kept texts, each with its name in the folder, the digest it is kept by and its path; and what else lies there,
    /// drafts of interrupted work above all.
    fn files(&self) -> io::Result<(Vec<KeptFile>, Vec<Stray>)> {
        let (mut files, mut strays) = (Vec::new(), Vec::new());
        let mut folders = vec![(String::new(), self.folder.clone())];
        while let Some((above, folder)) = folders.pop() {
            let entries = match fs::read_dir(&folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                entries => entries?,
            };
            for entry in entries {
                let entry = entry?;
                let name = format!("{above}{}", entry.file_name().to_string_lossy());
                let path = entry.path();
                if entry.file_type()?.is_dir() {
                    folders.push((format!("{name}/"), path));
                    continue;
                }
                // A link may lead anywhere.
                let last =
                    name.rsplit('/').next().filter(|_| entry.file_type().is_ok_and(|kind| kind.is_file()));
                let digest = last.and_then(|last| last.strip_suffix(".jsonl"));
                match digest.filter(|digest| self.path(digest).is_some_and(|place| place == path)) {
                    Some(digest) => files.push((name.clone(), digest.to_owned(), path)),
                    None => strays.push((name, path)),
                }
            }
        }
        files.sort();
        strays.sort();
        Ok((files, strays))
    }

    /// Forgets what was read of a file: its contents were destroyed.
    ///
    /// # Errors
    ///
    /// When it is there and can't be removed.
    pub fn forget(&self, digest: &str) -> io::Result<()> {
        let Some(path) = self.path(digest) else { return Ok(()) };
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Where the reading of a digest lies; nothing for what is no digest.
    fn path(&self, digest: &str) -> Option<PathBuf> {
        let is_digest = digest.len() >= 32 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        let start = digest.get(..2).filter(|_| is_digest)?;
        Some(self.folder.join(start).join(format!("{digest}.jsonl")))
    }
}

/// The first line of a kept text.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    /// Of all that follows.
    sha256: String,
}

/// The second line: a [`Reading`] but for its pages. One with more in it is of another form, whose pages would be taken
/// for none.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct About {
    readers: u32,
    count: u32,
    stopped: Option<NoText>,
}

/// What follows the first line of a kept text, if it is what that says.
fn sound(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let head = serde_json::from_slice(&bytes[..end]).ok();
    let Head { sha256 } = head?;
    let lines = &bytes[end + 1..];
    (digest_of(lines) == sha256).then_some(lines)
}

/// Writes a file beside its place and puts it there. Two threads may read the same bytes at once: each has a draft of its own,
/// and either will do.
fn write_whole(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let draft = path.with_extension(format!("{:?}.draft", std::thread::current().id()));
    let mut file = File::create(&draft)?;
    parts.iter().try_for_each(|part| file.write_all(part))?;
    fs::rename(&draft, path)
}

/// What became of a text on its way into another folder.
enum Carried {
    Copied,
    There,
    Damaged,
}

/// Copies a text, unless the very same is there; known by its first line, which is read with a little more.
fn carry(from: &Path, to: &Path) -> io::Result<Carried> {
    let about = |path: &Path| -> io::Result<(u64, Vec<u8>)> {
        let mut head = Vec::new();
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        io::Read::read_to_end(&mut io::Read::take(file, 256), &mut head)?;
        Ok((length, head))
    };
    if about(to).is_ok_and(|there| about(from).is_ok_and(|here| here == there)) {
        return Ok(Carried::There);
    }
    put_copy(from, to)
}

/// Copies a text that is sound, whatever is there.
fn put_copy(from: &Path, to: &Path) -> io::Result<Carried> {
    // One that can't be read is as good as damaged.
    let Ok(bytes) = fs::read(from) else { return Ok(Carried::Damaged) };
    if sound(&bytes).is_none() {
        return Ok(Carried::Damaged);
    }
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    write_whole(to, &[&bytes])?;
    Ok(Carried::Copied)
}

/// What copying texts came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CopiedTexts {
    /// Copied now.
    pub copied: usize,
    /// There already.
    pub kept: usize,
    /// Removed from the copy.
    pub removed: usize,
    /// Damaged, and left out.
    pub damaged: Vec<DerivedFault>,
}

/// What mending texts came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MendedTexts {
    /// Put back from a copy, by name in the folder.
    pub put_back: Vec<String>,
    /// Removed, to be read again.
    pub removed: Vec<String>,
}

/// The texts of records are for the eyes of those who may see the records.
#[cfg(unix)]
fn owners_only(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as on systems that have modes")]
fn owners_only(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGESTS: [&str; 3] = [
        "aa11aa11aa11aa11aa11aa11aa11aa11",
        "bb22bb22bb22bb22bb22bb22bb22bb22",
        "cc33cc33cc33cc33cc33cc33cc33cc33",
    ];

    fn reading(count: u32) -> Reading {
        Reading { readers: 1, count, pages: Vec::new(), stopped: None }
    }

    fn kept(folder: &Path) -> KeptTexts {
        let kept = KeptTexts::in_folder(folder);
        for (count, digest) in (1..).zip(DIGESTS) {
            kept.put(digest, &reading(count)).unwrap();
        }
        kept
    }

    #[test]
    fn one_flipped_bit_anywhere_in_a_kept_text_is_found_and_it_is_not_believed() {
        let dir = tempfile::tempdir().unwrap();
        let kept = kept(dir.path());
        assert_eq!(kept.check(&|_| true).unwrap(), []);
        let path = kept.path(DIGESTS[1]).unwrap();
        let whole = fs::read(&path).unwrap();
        for bit in 0..whole.len() * 8 {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, &bytes).unwrap();
            // White space between the words of JSON, or the case of a digit, would be none.
            assert_eq!(kept.check(&|_| true).unwrap().len(), 1, "bit {bit}");
            assert_eq!(kept.get(DIGESTS[1]).unwrap(), None, "bit {bit}");
        }
        fs::write(&path, whole).unwrap();
        assert_eq!(kept.get(DIGESTS[1]).unwrap(), Some(reading(2)));
    }

    /// As anybody would read it in fifty years, with nothing but this in hand.
    #[test]
    fn a_kept_text_of_another_form_is_read_again_and_not_taken_for_an_empty_one() {
        let dir = tempfile::tempdir().unwrap();
        let kept = kept(dir.path());
        let digest = "ab".repeat(64);
        kept.put(&digest, &Reading { readers: 1, count: 0, pages: Vec::new(), stopped: None }).unwrap();
        assert!(kept.get(&digest).unwrap().is_some());
        // As earlier builds kept it: the pages in one line with the rest.
        let whole = br#"{"readers":1,"count":1,"pages":[],"stopped":null}"#;
        let head = serde_json::to_vec(&Head { sha256: digest_of(whole) }).unwrap();
        fs::write(kept.path(&digest).unwrap(), [&head[..], b"\n", whole].concat()).unwrap();
        assert_eq!(kept.get(&digest).unwrap(), None);
    }

    #[test]
    fn a_kept_text_is_lines_of_json_that_any_tool_reads() {
        use crate::text::{Area, Line, TextSource};

        let dir = tempfile::tempdir().unwrap();
        let kept = KeptTexts::in_folder(dir.path());
        let area = Some(Area { left: 0.1, top: 0.25, width: 0.5, height: 0.02, fall: 0.01 });
        let line = |text: &str, area| Line { text: text.to_owned(), area };
        let pages = vec![
            Page {
                number: 1,
                lines: vec![line("关于防汛工作的通知\u{2028}“第二行”", area), line("各乡镇：", None)],
                source: TextSource::Recognised { engine: "某引擎 3".to_owned(), confidence: Some(0.973) },
            },
            Page { number: 3, lines: Vec::new(), source: TextSource::None(NoText::Blank) },
        ];
        let reading = Reading { readers: 7, count: 3, pages, stopped: Some(NoText::Blank) };
        kept.put(DIGESTS[0], &reading).unwrap();
        assert_eq!(kept.get(DIGESTS[0]).unwrap(), Some(reading));
        let text = fs::read_to_string(kept.path(DIGESTS[0]).unwrap()).unwrap();
        let (head, rest) = text.split_once('\n').unwrap();
        assert_eq!(head, format!("{{\"sha256\":\"{}\"}}", digest_of(rest.as_bytes())));
        let lines: Vec<serde_json::Value> =
            rest.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!((lines.len(), &lines[0]["count"]), (3, &3.into()));
        assert_eq!(lines[1]["lines"][1]["text"], "各乡镇：");
        assert_eq!(lines[2]["number"], 3);
    }

    #[test]
    fn a_copy_follows_and_mends_but_never_takes_what_is_damaged_nor_gives_back_what_was_destroyed() {
        let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let kept = kept(dir.path());
        let copy = other.path().join("text");
        assert_eq!(kept.copy_to(&copy).unwrap().copied, 3);
        assert_eq!(kept.copy_to(&copy).unwrap(), CopiedTexts { kept: 3, ..CopiedTexts::default() });
        // What was read anew is copied anew.
        kept.put(DIGESTS[0], &reading(9)).unwrap();
        assert_eq!(
            kept.copy_to(&copy).unwrap(),
            CopiedTexts { copied: 1, kept: 2, ..CopiedTexts::default() }
        );
        // Damage here stays here.
        let path = kept.path(DIGESTS[1]).unwrap();
        let mut bytes = fs::read(&path).unwrap();
        bytes[20] ^= 1;
        fs::write(&path, bytes).unwrap();
        fs::write(path.with_extension("ThreadId(7).draft"), "{").unwrap();
        let done = kept.copy_to(&copy).unwrap();
        assert_eq!((done.damaged.len(), done.copied), (1, 0));
        assert_eq!(kept.check(&|_| true).unwrap().len(), 2, "the damaged one and the draft");
        // The third was destroyed; the second comes back, the third doesn't.
        kept.forget(DIGESTS[2]).unwrap();
        let known = DIGESTS[..2].iter().map(|digest| (*digest).to_owned()).collect();
        let done = kept.mend_from(std::slice::from_ref(&copy), &known).unwrap();
        assert_eq!((done.put_back.len(), done.removed.len()), (1, 1));
        assert_eq!(kept.check(&|_| true).unwrap(), []);
        assert_eq!(kept.get(DIGESTS[1]).unwrap(), Some(reading(2)));
        assert_eq!(kept.get(DIGESTS[2]).unwrap(), None);
        // And leaves the copy with the next backup.
        assert_eq!(kept.copy_to(&copy).unwrap().removed, 1);
        assert_eq!(KeptTexts::in_folder(&copy).get(DIGESTS[2]).unwrap(), None);
    }
}
