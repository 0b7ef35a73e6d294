//! Reading a file whole: its text where it has one, its pictures by an engine where it has none, once.
//!
//! [`crate::text`] takes out the text that is there, [`crate::recognise`] reads pictures; here they meet.
//! What was read is kept by the digest of the bytes ([`KeptTexts`]), every few pages, so that a reading
//! that was broken off goes on where it was. Several pages are read at once, on all processors.

mod kept;
mod record;

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rayon::prelude::*;

use crate::identify::{Format, identify};
use crate::recognise::{Engine, RecogniseError, pictures};
use crate::text::{Limits, NoText, Page, READERS, TextSource, extract};

pub use kept::{CopiedTexts, FOLDER, KeptTexts, MendedTexts, Reading};
pub use record::{RecordPage, is_beside, record_pages};

/// Which pages an engine reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wanted {
    /// Those without text that no engine has read.
    #[default]
    Unread,
    /// Those that another engine has read, too.
    OthersToo,
}

/// How files are read.
pub struct Reader<'a> {
    /// What a file may cost, pictures aside.
    pub limits: Limits,
    /// Who reads pictures, if anybody does.
    pub engine: Option<&'a dyn Engine>,
    /// Which of them.
    pub wanted: Wanted,
    /// How long a page may take.
    pub patience: Duration,
    /// Where readings are kept, if they are.
    pub kept: Option<&'a KeptTexts>,
    /// Turns true when the work is to be broken off.
    pub stop: &'a AtomicBool,
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("wanted", &self.wanted).finish_non_exhaustive()
    }
}

/// A file, read.
#[derive(Debug)]
pub struct FileRead {
    /// What the file is.
    pub format: Format,
    /// Its text.
    pub reading: Reading,
    /// What went wrong with its pictures.
    pub problems: Vec<Problem>,
    /// Whether all was done that was wanted: false when the work was broken off.
    pub complete: bool,
}

/// What went wrong with a picture.
#[derive(Debug)]
pub enum Problem {
    /// The file's pictures can't be taken out.
    NoPictures(NoText),
    /// A page couldn't be recognised.
    Page(u32, RecogniseError),
}

/// Why nothing was read at all.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file can't be opened.
    #[error("文件无法读取：{0} / the file can't be read: {0}")]
    File(io::Error),
    /// The folder where readings are kept can't be read or written.
    #[error("无法读写保存的文字：{0} / kept texts can't be read or written: {0}")]
    Kept(io::Error),
}

impl Reader<'_> {
    /// Reads a file. `name` is its name, for its ending; `digest` is that of its bytes, under which the
    /// reading is kept; `beside` are the pages of a file beside it that holds a picture's text
    /// ([`crate::text::sidecar`]), which needn't be recognised then.
    ///
    /// # Errors
    ///
    /// When the file can't be opened, or what is kept can't be read or written; never because of what is
    /// in the file.
    pub fn read(
        &self,
        path: &Path,
        name: &str,
        digest: Option<&str>,
        beside: &[Page],
    ) -> Result<FileRead, ReadError> {
        let place = self.kept.zip(digest);
        let there = match place {
            Some((kept, digest)) => kept.get(digest).map_err(ReadError::Kept)?,
            None => None,
        };
        let before = there.clone();
        let mut bytes: Option<Arc<[u8]>> = None;
        let (format, mut reading) = match there {
            Some(reading) if reading.readers == READERS => {
                let mut file = File::open(path).map_err(ReadError::File)?;
                (identify(&mut file, name).map_err(ReadError::File)?, reading)
            }
            older => {
                let read: Arc<[u8]> = fs::read(path).map_err(ReadError::File)?.into();
                bytes = Some(Arc::clone(&read));
                self.extract(read, name, older)
            }
        };
        if format.family.is_picture() {
            for given in beside {
                if let Some(page) = reading.pages.iter_mut().find(|page| page.number == given.number) {
                    page.clone_from(given);
                }
            }
        }
        let mut problems = Vec::new();
        let mut complete = true;
        if let Some(engine) = self.engine {
            let me = engine.id();
            let wanted: Vec<u32> =
                reading.pages.iter().filter(|page| self.wants(page, &me)).map(|page| page.number).collect();
            let at_once = rayon::current_num_threads() * 2;
            for some in wanted.chunks(at_once.max(1)) {
                let bytes = match &bytes {
                    Some(bytes) => bytes,
                    None => bytes.insert(fs::read(path).map_err(ReadError::File)?.into()),
                };
                let done = self.recognise(engine, bytes, &format, some, &mut reading, &mut problems);
                if let (Some((kept, digest)), true) = (place, done) {
                    kept.put(digest, &reading).map_err(ReadError::Kept)?;
                }
                if self.stop.load(Ordering::Relaxed) {
                    complete = false;
                    break;
                }
            }
        }
        if let Some((kept, digest)) = place
            && before.as_ref() != Some(&reading)
        {
            kept.put(digest, &reading).map_err(ReadError::Kept)?;
        }
        Ok(FileRead { format, reading, problems, complete })
    }

    fn wants(&self, page: &Page, engine: &str) -> bool {
        match &page.source {
            TextSource::Recognised { engine: other, .. } => {
                self.wanted == Wanted::OthersToo && other != engine
            }
            source => source.needs_recognition(),
        }
    }

    /// Reads the text that is there; what an engine read before is kept.
    fn extract(&self, bytes: Arc<[u8]>, name: &str, older: Option<Reading>) -> (Format, Reading) {
        let read = extract(bytes, name, &self.limits);
        let mut pages = read.pages;
        for old in older.into_iter().flat_map(|reading| reading.pages) {
            if matches!(old.source, TextSource::Recognised { .. })
                && let Some(page) = pages.iter_mut().find(|page| page.number == old.number)
                && page.source.needs_recognition()
            {
                *page = old;
            }
        }
        let count = read.format.pages.unwrap_or_else(|| u32::try_from(pages.len()).unwrap_or(u32::MAX));
        (read.format, Reading { readers: READERS, count, pages, stopped: read.stopped })
    }

    /// Has some pages read side by side; whether any was.
    fn recognise(
        &self,
        engine: &dyn Engine,
        bytes: &Arc<[u8]>,
        format: &Format,
        numbers: &[u32],
        reading: &mut Reading,
        problems: &mut Vec<Problem>,
    ) -> bool {
        let pictures = match pictures(bytes, format, numbers, &self.limits) {
            Ok(pictures) => pictures,
            Err(why) => {
                // Told once a file, whatever the number of its pages.
                if problems.is_empty() {
                    problems.push(Problem::NoPictures(why));
                }
                return false;
            }
        };
        let read: Vec<_> = pictures
            .into_par_iter()
            .filter(|_| !self.stop.load(Ordering::Relaxed))
            .map(|picture| (picture.number, engine.read(&picture, self.patience)))
            .collect();
        let mut any = false;
        for (number, result) in read {
            match result {
                Ok(page) => {
                    if let Some(there) = reading.pages.iter_mut().find(|there| there.number == number) {
                        *there = page;
                        any = true;
                    }
                }
                // An engine that was ended along with the work did nothing wrong.
                Err(_) if self.stop.load(Ordering::Relaxed) => {}
                Err(error) => problems.push(Problem::Page(number, error)),
            }
        }
        any
    }
}
