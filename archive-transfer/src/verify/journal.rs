//! The journal of a verification: what was read so far, so that an interrupted one goes on where it was.
//!
//! It is a file of JSON lines outside the package. A line holds for as long as the file it speaks of has the
//! length and stamp (times of change, as the system gives them) it had when it was read; what has changed
//! since, or was written half when the program was stopped, is simply read again. Descriptions are not
//! kept: they are small, and what they say is needed anyway.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use archive_core::hex;
use serde::{Deserialize, Serialize};

use super::documents;
use super::reading::{Head, Sight};
use crate::digest::{Algorithm, Algorithms, Taken};
use crate::tree::{Entry, Tree};

const VERSION: u32 = 1;
/// How much may be read before the journal reaches the disk: a tenth of a second's work.
const FLUSH: u64 = 64 << 20;
/// How much is told in memory, however little was read.
const MOST_UNWRITTEN: usize = 16 << 20;
/// The longest journal taken up: a line is some 300 bytes.
const MAX_LINES: usize = 8_000_000;

#[derive(Serialize, Deserialize)]
struct Header {
    schema_version: u32,
    /// The package's place.
    package: String,
    /// A zip is one file: its stamp is here, and those of its entries are the same.
    files: usize,
}

#[derive(Serialize, Deserialize)]
struct Line {
    path: String,
    bytes: u64,
    stamp: String,
    digests: Vec<(String, String)>,
    head: String,
}

/// What was read before, and the file that takes down what is read now.
#[derive(Debug, Default)]
pub(super) struct Journal {
    before: HashMap<String, (u64, String, Taken, Head)>,
    now: Option<Mutex<Now>>,
    path: PathBuf,
}

#[derive(Debug)]
struct Now {
    file: Option<BufWriter<File>>,
    path: PathBuf,
    header: String,
    /// What is only in memory so far, until it is worth a file.
    unwritten: Vec<u8>,
    bytes: u64,
    least: u64,
}

impl Journal {
    /// Takes up the journal at `path`; where there is none, or it speaks of another package, begins one once
    /// `least` bytes were read.
    pub(super) fn open(path: &Path, tree: &Tree, least: u64) -> io::Result<Self> {
        let package = fs::canonicalize(tree.path())?.to_string_lossy().into_owned();
        let header = Header { schema_version: VERSION, package, files: tree.entries().len() };
        let header = serde_json::to_string(&header)?;
        let (before, whole) = match File::open(path) {
            Ok(file) => taken_up(BufReader::new(file), &header),
            Err(error) if error.kind() == io::ErrorKind::NotFound => (HashMap::new(), false),
            Err(error) => return Err(error),
        };
        let mut now =
            Now { file: None, path: path.to_owned(), header, unwritten: Vec::new(), bytes: 0, least };
        if whole {
            let file = OpenOptions::new().append(true).open(path)?;
            let mut file = BufWriter::new(file);
            // A line written half must not spoil the next.
            file.write_all(b"\n")?;
            now.file = Some(file);
        } else if least == 0 {
            now.begin()?;
        }
        Ok(Self { before, now: Some(Mutex::new(now)), path: path.to_owned() })
    }

    /// What an earlier run saw of this file, if it is still the same and that is enough.
    pub(super) fn recall(&self, tree: &Tree, entry: Entry<'_>, wanted: Algorithms) -> Option<Sight> {
        let (bytes, stamp, digests, head) = self.before.get(entry.path)?;
        let same = *bytes == entry.bytes
            && wanted.iter().all(|algorithm| digests.get(algorithm).is_some())
            && tree.stamp(entry).is_some_and(|now| now == *stamp);
        same.then(|| Sight { digests: digests.clone(), bytes: *bytes, head: *head, told: None })
    }

    /// Takes down what was seen of a file. What can't be written is no reason to stop: it is read again.
    pub(super) fn keep(&self, tree: &Tree, entry: Entry<'_>, sight: &Sight) {
        let Some(now) = &self.now else { return };
        if !sight.readable() || documents::is_description(entry.path) {
            return;
        }
        let Some(stamp) = tree.stamp(entry) else { return };
        let digests = sight.digests.in_hex().map(|(algorithm, digest)| (algorithm.to_string(), digest));
        let line = Line {
            path: entry.path.to_owned(),
            bytes: sight.bytes,
            stamp,
            digests: digests.collect(),
            head: hex::encode(sight.head.bytes()),
        };
        if let (Ok(line), Ok(mut now)) = (serde_json::to_vec(&line), now.lock()) {
            // A full disk ends the journal, not the verification.
            let _ = now.take(&line, sight.bytes);
        }
    }

    /// The verification came to its end: the journal has done its work.
    pub(super) fn done(self) -> io::Result<()> {
        let began = self.now.and_then(|now| now.into_inner().ok()).is_some_and(|now| now.file.is_some());
        if began { fs::remove_file(&self.path) } else { Ok(()) }
    }
}

impl Now {
    fn begin(&mut self) -> io::Result<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = BufWriter::new(File::create(&self.path)?);
        writeln!(file, "{}", self.header)?;
        file.write_all(&std::mem::take(&mut self.unwritten))?;
        file.flush()?;
        self.file = Some(file);
        Ok(())
    }

    fn take(&mut self, line: &[u8], bytes: u64) -> io::Result<()> {
        if self.file.is_none() && self.least == u64::MAX {
            return Ok(());
        }
        self.bytes += bytes;
        let to: &mut dyn io::Write = match &mut self.file {
            Some(file) => file,
            None => &mut self.unwritten,
        };
        to.write_all(line)?;
        to.write_all(b"\n")?;
        match &mut self.file {
            Some(file) if self.bytes >= FLUSH => {
                self.bytes = 0;
                file.flush()
            }
            // Of many tiny files there is much to tell before there is much read.
            None if self.bytes >= self.least || self.unwritten.len() >= MOST_UNWRITTEN => {
                let begun = self.begin();
                if begun.is_err() {
                    // Where it can't be kept there is none.
                    (self.least, self.unwritten) = (u64::MAX, Vec::new());
                }
                begun
            }
            _ => Ok(()),
        }
    }
}

type Before = HashMap<String, (u64, String, Taken, Head)>;

/// The lines of a journal that belongs to this package, and whether it does.
fn taken_up(file: impl io::BufRead, header: &str) -> (Before, bool) {
    let mut lines = file.lines().take(MAX_LINES).map_while(Result::ok);
    if lines.next().as_deref() != Some(header) {
        return (HashMap::new(), false);
    }
    let before = lines.filter_map(|line| {
        let line: Line = serde_json::from_str(&line).ok()?;
        let digests: Option<Taken> = line
            .digests
            .iter()
            .map(|(name, digest)| {
                let algorithm = Algorithm::named(name)?;
                (digest.len() == algorithm.hex_len()).then_some((algorithm, hex::decode(digest)?))
            })
            .collect();
        let mut head = Head::default();
        head.take(&hex::decode(&line.head)?);
        Some((line.path, (line.bytes, line.stamp, digests?, head)))
    });
    (before.collect(), true)
}
