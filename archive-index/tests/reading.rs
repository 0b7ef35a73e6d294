//! Files read whole: once for the same bytes, gone on with where the work was broken off, and the text of a
//! picture taken from a file beside it. The engine here is made for the test: it says which page it was given.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // a test may fail loudly

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use archive_index::reading::{
    FileRead, KeptTexts, Problem, Reader, Reading, Wanted, is_beside, record_pages,
};
use archive_index::recognise::{Engine, PagePicture, RecogniseError};
use archive_index::text::{Limits, Line, Page, TextSource, extract};

/// A picture of so many pages: TIFF directories without anything in them.
fn tiff(pages: u32) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    for page in 0..pages {
        let next = if page + 1 == pages { 0 } else { 8 + (page + 1) * 30 };
        out.extend(2_u16.to_le_bytes());
        for (tag, value) in [(256_u16, 10_u32), (257, 10)] {
            out.extend(tag.to_le_bytes());
            out.extend(4_u16.to_le_bytes());
            out.extend(1_u32.to_le_bytes());
            out.extend(value.to_le_bytes());
        }
        out.extend(next.to_le_bytes());
    }
    out
}

struct Counting<'a> {
    name: &'a str,
    read: AtomicUsize,
    /// After so many pages the work is broken off.
    stop: Option<(usize, &'a AtomicBool)>,
    fails_at: Option<u32>,
}

impl<'a> Counting<'a> {
    fn new(name: &'a str) -> Self {
        Self { name, read: AtomicUsize::new(0), stop: None, fails_at: None }
    }

    fn count(&self) -> usize {
        self.read.load(Ordering::Relaxed)
    }
}

impl Engine for Counting<'_> {
    fn id(&self) -> String {
        self.name.to_owned()
    }

    fn read(&self, picture: &PagePicture, _: Duration) -> Result<Page, RecogniseError> {
        let count = self.read.fetch_add(1, Ordering::Relaxed) + 1;
        if let Some((most, stop)) = self.stop
            && count >= most
        {
            stop.store(true, Ordering::Relaxed);
        }
        if self.fails_at == Some(picture.number) {
            return Err(RecogniseError::Failed("made to fail".into()));
        }
        let line = Line { text: format!("第{}页", picture.number), area: None };
        let source = TextSource::Recognised { engine: self.name.to_owned(), confidence: Some(0.5) };
        Ok(Page { number: picture.number, lines: vec![line], source })
    }
}

static GO_ON: AtomicBool = AtomicBool::new(false);
const DIGEST: &str = "0123456789abcdef0123456789abcdef";

fn reader<'a>(
    engine: &'a Counting<'a>,
    kept: &'a KeptTexts,
    stop: &'a AtomicBool,
    wanted: Wanted,
) -> Reader<'a> {
    Reader {
        limits: Limits::default(),
        engine: Some(engine),
        wanted,
        patience: Duration::from_secs(1),
        kept: Some(kept),
        stop,
    }
}

fn file(dir: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn texts(read: &FileRead) -> Vec<String> {
    read.reading.pages.iter().map(Page::text).collect()
}

#[test]
fn the_same_bytes_are_recognised_once_and_by_another_engine_when_it_is_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let kept = KeptTexts::in_folder(dir.path().join("text"));
    let path = file(dir.path(), "a.tif", &tiff(3));
    let (first, second) = (Counting::new("first 1.0"), Counting::new("second 2.0"));
    for _ in 0..2 {
        let read =
            reader(&first, &kept, &GO_ON, Wanted::Unread).read(&path, "a.tif", Some(DIGEST), &[]).unwrap();
        assert_eq!(texts(&read), ["第1页", "第2页", "第3页"]);
        assert!(read.complete && read.problems.is_empty());
    }
    assert_eq!(first.count(), 3);
    // Another record with the same bytes, under another name.
    reader(&second, &kept, &GO_ON, Wanted::Unread).read(&path, "b.tif", Some(DIGEST), &[]).unwrap();
    assert_eq!(second.count(), 0);
    reader(&second, &kept, &GO_ON, Wanted::OthersToo).read(&path, "a.tif", Some(DIGEST), &[]).unwrap();
    assert_eq!(second.count(), 3);
    let there = kept.get(DIGEST).unwrap().unwrap();
    let source = TextSource::Recognised { engine: "second 2.0".into(), confidence: Some(0.5) };
    assert!(there.pages.iter().all(|page| page.source == source));
    kept.forget(DIGEST).unwrap();
    assert_eq!(kept.get(DIGEST).unwrap(), None);
}

#[test]
fn work_that_is_broken_off_goes_on_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let kept = KeptTexts::in_folder(dir.path().join("text"));
    let pages = 200;
    let path = file(dir.path(), "a.tif", &tiff(pages));
    let stop = AtomicBool::new(false);
    let mut first = Counting::new("engine");
    first.stop = Some((1, &stop));
    let read = reader(&first, &kept, &stop, Wanted::Unread).read(&path, "a.tif", Some(DIGEST), &[]).unwrap();
    assert!(!read.complete);
    let done = first.count();
    assert!((1..200).contains(&done), "{done}");
    assert_eq!(kept.get(DIGEST).unwrap().unwrap().unread(), 200 - done);
    let second = Counting::new("engine");
    let read =
        reader(&second, &kept, &GO_ON, Wanted::Unread).read(&path, "a.tif", Some(DIGEST), &[]).unwrap();
    assert_eq!((second.count(), read.reading.unread(), read.complete), (200 - done, 0, true));
    let left: Vec<_> =
        std::fs::read_dir(dir.path().join("text/01")).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(left, [format!("{DIGEST}.jsonl").as_str()]);
}

#[test]
fn a_page_that_fails_costs_that_page_and_is_tried_again() {
    let dir = tempfile::tempdir().unwrap();
    let kept = KeptTexts::in_folder(dir.path().join("text"));
    let path = file(dir.path(), "a.tif", &tiff(3));
    let mut engine = Counting::new("engine");
    engine.fails_at = Some(2);
    let read =
        reader(&engine, &kept, &GO_ON, Wanted::Unread).read(&path, "a.tif", Some(DIGEST), &[]).unwrap();
    assert_eq!(texts(&read), ["第1页", "", "第3页"]);
    assert!(matches!(read.problems[..], [Problem::Page(2, _)]));
    engine.fails_at = None;
    let read =
        reader(&engine, &kept, &GO_ON, Wanted::Unread).read(&path, "a.tif", Some(DIGEST), &[]).unwrap();
    assert_eq!((texts(&read)[1].as_str(), engine.count()), ("第2页", 4));
}

const ALTO: &str = r#"<?xml version="1.0"?><alto><Layout><Page WIDTH="10" HEIGHT="10"><TextLine HPOS="1" VPOS="1"
    WIDTH="8" HEIGHT="1"><String CONTENT="旁边的文字"/></TextLine></Page></Layout></alto>"#;

#[test]
fn text_that_lies_beside_a_picture_is_taken_instead_of_asking_an_engine() {
    let dir = tempfile::tempdir().unwrap();
    let kept = KeptTexts::in_folder(dir.path().join("text"));
    let path = file(dir.path(), "a.tif", &tiff(2));
    let beside = extract(ALTO.as_bytes().to_vec(), "a.xml", &Limits::default()).pages;
    let engine = Counting::new("engine");
    let read =
        reader(&engine, &kept, &GO_ON, Wanted::Unread).read(&path, "a.tif", Some(DIGEST), &beside).unwrap();
    assert_eq!((texts(&read).join("|").as_str(), engine.count()), ("旁边的文字|第2页", 1));
    // The file beside has no pages of its own in the record.
    let given = Reading { readers: 0, count: 1, pages: beside, stopped: None };
    assert!(is_beside("a.xml", &given, &["a.tif", "a.xml"]));
    let files = [("a.tif", Some(&read.reading)), ("a.xml", Some(&given)), ("b.tif", Some(&read.reading))];
    let pages: Vec<(u32, usize)> = record_pages(&files).iter().map(|page| (page.number, page.file)).collect();
    assert_eq!(pages, [(1, 0), (2, 0), (3, 2), (4, 2)]);
    assert_eq!(
        kept.page(&[("a.tif", DIGEST)], 2).unwrap().map(|(_, page)| page.text()),
        Some("第2页".into())
    );
}

#[test]
fn what_is_kept_and_damaged_is_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let kept = KeptTexts::in_folder(dir.path().join("text"));
    let path = file(dir.path(), "a.tif", &tiff(1));
    let engine = Counting::new("engine");
    let read =
        || reader(&engine, &kept, &GO_ON, Wanted::Unread).read(&path, "a.tif", Some(DIGEST), &[]).unwrap();
    read();
    file(&dir.path().join("text/01"), &format!("{DIGEST}.jsonl"), b"{ cut o");
    assert_eq!(texts(&read()), ["第1页"]);
    assert_eq!(engine.count(), 2);
    assert_eq!(kept.get("../../etc/passwd").unwrap(), None);
}
