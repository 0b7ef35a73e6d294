//! The text of an item's files: read, or taken from what was read before.

use std::collections::BTreeSet;

use archive_core::finding::{Finding, Place};
use archive_core::model::{Item, Secrecy, SecrecyLevel};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;
use archive_index::reading::{FileRead, Problem, ReadError, Reader, Reading, record_pages};
use archive_index::search::PageText;
use archive_index::text::{Page, TextSource, sidecar};
use archive_store::{FileFacts, FileId, StoredFile};

use crate::error::{CommandError, Kind};

/// How a page that is a picture is called in what the store remembers of a file.
pub(super) const PICTURE: &str = "picture";
/// How recognised pages are called there: the engine follows.
const RECOGNISED: &str = "recognised:";

/// What the files of one item gave.
#[derive(Default)]
pub(super) struct ItemRead {
    pub(super) pages: Vec<PageText>,
    pub(super) pictures: usize,
    pub(super) marked: bool,
    pub(super) facts: Vec<(FileId, FileFacts)>,
    pub(super) findings: Vec<Finding>,
    /// Whether all was read that was wanted.
    pub(super) complete: bool,
}

impl ItemRead {
    /// Where the text of each file came from, as the store will remember it.
    pub(super) fn sources(&self, files: &[StoredFile]) -> Vec<Option<String>> {
        let of = |file: &StoredFile| {
            let fact = self.facts.iter().find(|(id, _)| *id == file.id);
            fact.map_or_else(|| file.facts.text_source.clone(), |(_, fact)| fact.text_source.clone())
        };
        files.iter().map(of).collect()
    }
}

/// Whether an engine could read more of a file than was read.
pub(super) fn wants(source: Option<&str>, engine: &str, others_too: bool) -> bool {
    let me = recognised(engine);
    source
        .unwrap_or(PICTURE)
        .split(' ')
        .any(|word| word == PICTURE || (others_too && word.starts_with(RECOGNISED) && word != me))
}

pub(super) fn read(item: &Item, files: &[StoredFile], reader: &Reader<'_>) -> Result<ItemRead, CommandError> {
    let mut read = ItemRead { complete: true, ..ItemRead::default() };
    // Text that others have recognised comes first: a picture it belongs to needs no engine.
    let may_be_beside = |file: &StoredFile| {
        files.iter().any(|other| other.id != file.id && sidecar::belongs(&other.name, &file.name))
    };
    let (sidecars, others): (Vec<_>, Vec<_>) =
        files.iter().enumerate().partition(|(_, file)| may_be_beside(file));
    let mut readings: Vec<Option<Reading>> = vec![None; files.len()];
    for (index, file) in sidecars.into_iter().chain(others) {
        let place = Place { file: Some(file.name.clone()), item: Some(item.row.clone()), ..Place::default() };
        let beside: Vec<Page> = files
            .iter()
            .zip(&readings)
            .filter(|(other, _)| other.id != file.id && sidecar::belongs(&file.name, &other.name))
            .find_map(|(_, reading)| reading.as_ref())
            .map(|reading| reading.pages.clone())
            .unwrap_or_default();
        let done = match reader.read(&file.path, &file.name, Some(&file.sha512), &beside) {
            Ok(done) => done,
            Err(ReadError::File(error)) => {
                let message = text!("文件无法读取：{error}", "the file can't be read: {error}");
                read.findings.push(Finding::new(RuleId::I3, place, message));
                continue;
            }
            Err(ReadError::Kept(error)) => {
                let message = text!("文字无法保存：{error}", "the texts can't be kept: {error}");
                let help = Text::fixed("请检查磁盘空间和权限", "check the disk's space and permissions");
                return Err(CommandError::new(Kind::Io, message, help));
            }
        };
        let FileRead { format, reading, problems, complete } = done;
        read.complete &= complete;
        read.findings.extend(format.findings(&place));
        read.findings.extend(problems.iter().map(|problem| told(problem, &place)));
        if let Some(why) = &reading.stopped {
            let Text { zh, en } = why.describe();
            let message = text!("取不出全部文字：{zh}", "not all text could be read: {en}");
            read.findings.push(Finding::new(RuleId::I5, place.clone(), message));
        }
        read.pictures += reading.unread();
        let marked = reading.pages.first().and_then(|first| mark(first, item));
        if let Some(mark) = &marked {
            read.marked = true;
            let level = mark.level.word();
            let message = text!(
                "首页有“{level}”标志，而登记为非密",
                "the first page is marked {level}, but registered as open"
            );
            read.findings.push(Finding::new(RuleId::S2, place, message));
        }
        read.facts.push((
            file.id,
            FileFacts {
                format: Some(format.describe().zh.into_owned()),
                pages: format.pages,
                mark: marked.map(|mark| mark.level.word().to_owned()),
                text_source: Some(sources(&reading)),
            },
        ));
        if let Some(there) = readings.get_mut(index) {
            *there = Some(reading);
        }
    }
    let named: Vec<(&str, Option<&Reading>)> =
        files.iter().zip(&readings).map(|(file, reading)| (file.name.as_str(), reading.as_ref())).collect();
    let pages = record_pages(&named).into_iter().filter(|found| !found.page.lines.is_empty());
    read.pages = pages.map(|found| PageText { page: found.number, text: found.page.text() }).collect();
    Ok(read)
}

/// What went wrong with a picture, as a finding.
fn told(problem: &Problem, place: &Place) -> Finding {
    let message = match problem {
        Problem::NoPictures(why) => {
            let Text { zh, en } = why.describe();
            text!("取不出图像：{zh}", "the pictures can't be read: {en}")
        }
        Problem::Page(number, error) => {
            text!("第 {number} 页识别不了：{error}", "page {number} could not be recognised: {error}")
        }
    };
    Finding::new(RuleId::I5, place.clone(), message)
}

/// A mark of secrecy in the upper corners of a first page: one of its first lines is nothing else.
fn mark(page: &Page, item: &Item) -> Option<Secrecy> {
    if item.secrecy.level != SecrecyLevel::None {
        return None;
    }
    page.lines.iter().take(6).find_map(|line| Secrecy::mark_in_line(&line.text))
}

/// Where a file's text came from, in words the store remembers: sorted, a blank between.
fn sources(reading: &Reading) -> String {
    let word = |page: &Page| match &page.source {
        TextSource::BornDigital => "born-digital".to_owned(),
        TextSource::TextLayer => "text-layer".to_owned(),
        TextSource::Recognised { engine, .. } => recognised(engine),
        TextSource::Sidecar { .. } => "sidecar".to_owned(),
        source if source.needs_recognition() => PICTURE.to_owned(),
        TextSource::None(_) => "none".to_owned(),
    };
    let words: BTreeSet<String> = reading.pages.iter().map(word).collect();
    words.into_iter().collect::<Vec<_>>().join(" ")
}

fn recognised(engine: &str) -> String {
    format!("{RECOGNISED}{}", engine.replace(' ', "_"))
}
