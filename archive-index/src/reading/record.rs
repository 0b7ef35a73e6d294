//! The pages of a record: those of its files, one after the other.
//!
//! A hit names a page of a record; a picture is a page of a file. Which is which is reckoned here and
//! nowhere else, so that the index, the highlights and the reading room count alike.

use std::io;

use super::kept::{KeptTexts, Reading};
use crate::text::{Page, TextSource, sidecar};

/// A page of a record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecordPage<'a> {
    /// Its number in the record, from 1.
    pub number: u32,
    /// Which of the record's files it is in, from 0.
    pub file: usize,
    /// The page there, by its number in the file.
    pub page: &'a Page,
}

/// The pages of a record, from the names of its files, in order, and what was read of each (nothing for
/// one that wasn't read). A file that holds the text of a picture beside it has no pages of its own.
pub fn record_pages<'a>(files: &[(&str, Option<&'a Reading>)]) -> Vec<RecordPage<'a>> {
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let mut before = 0_u32;
    let mut out = Vec::new();
    for (index, (name, reading)) in files.iter().enumerate() {
        let Some(reading) = reading.filter(|reading| !is_beside(name, reading, &names)) else { continue };
        let pages = reading.pages.iter();
        out.extend(pages.map(|page| RecordPage { number: before + page.number, file: index, page }));
        before = before.saturating_add(reading.count);
    }
    out
}

/// Whether a file holds the text of a picture that lies beside it under the same name.
pub fn is_beside(name: &str, reading: &Reading, names: &[&str]) -> bool {
    let given = |page: &Page| matches!(page.source, TextSource::Sidecar { .. });
    !reading.pages.is_empty()
        && reading.pages.iter().all(given)
        && names.iter().any(|other| *other != name && sidecar::belongs(other, name))
}

impl KeptTexts {
    /// A page of a record by its number, from the names and digests of the record's files in order: which
    /// file it is in, and what was read of it, with lines and places. Nothing if it wasn't read.
    ///
    /// # Errors
    ///
    /// When what is kept can't be read.
    pub fn page(&self, files: &[(&str, &str)], number: u32) -> io::Result<Option<(usize, Page)>> {
        let mut readings = Vec::with_capacity(files.len());
        for (_, digest) in files {
            readings.push(self.get(digest)?);
        }
        let named: Vec<(&str, Option<&Reading>)> =
            files.iter().zip(&readings).map(|((name, _), reading)| (*name, reading.as_ref())).collect();
        let found = record_pages(&named).into_iter().find(|page| page.number == number);
        Ok(found.map(|found| (found.file, found.page.clone())))
    }
}
