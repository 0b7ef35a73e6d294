//! Everything that stands on a page is found: our answers against a plain look through the same pages.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // a test may fail loudly

mod common;

use std::collections::{BTreeMap, BTreeSet};

use archive_core::access::Asker;
use archive_core::model::{ItemId, OpeningState};
use archive_index::search::{Index, PageText, Record, Search, Stamp};
use common::Die;

/// Pages of some laws: about as many characters as an office page holds.
fn pages(files: usize) -> Option<Vec<Vec<String>>> {
    let folder = common::shared("data/laws")?;
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    names.sort();
    // From all over the collection, and none that would swamp the others.
    let step = names.len().div_ceil(files).max(1);
    let paged = names.iter().step_by(step).map(|name| {
        let text: Vec<char> = std::fs::read_to_string(name).unwrap().chars().take(12_000).collect();
        text.chunks(616).map(|page| page.iter().collect()).collect()
    });
    Some(paged.collect())
}

/// The same text as a scan would give it.
#[derive(Debug, Clone, Copy)]
enum Worn {
    Clean,
    /// A line break every 28 characters.
    Wrapped,
    /// A space between all Han characters too.
    Spaced,
}

fn worn(page: &str, how: Worn) -> String {
    let mut out = String::new();
    for (count, ch) in
        page.chars().filter(|ch| !matches!(how, Worn::Wrapped | Worn::Spaced) || *ch != '\n').enumerate()
    {
        if count % 28 == 27 && !matches!(how, Worn::Clean) {
            out.push('\n');
        } else if matches!(how, Worn::Spaced) && ('\u{4e00}'..='\u{9fff}').contains(&ch) {
            out.push(' ');
        }
        out.push(ch);
    }
    out
}

fn index_of(documents: &[Vec<String>], how: Worn) -> (tempfile::TempDir, Index) {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open_or_create(&dir.path().join("index")).unwrap();
    let mut writer = index.writer().unwrap();
    for (id, pages) in (1..).zip(documents) {
        let mut record = Record::new(ItemId(id), id.to_string(), "");
        record.opening = OpeningState::Open;
        record.pages =
            (1..).zip(pages).map(|(page, text)| PageText { page, text: worn(text, how) }).collect();
        writer.put(&record, Stamp::of(&record)).unwrap();
    }
    writer.finish().unwrap();
    (dir, index)
}

/// Random pieces of the pages, 1 to 8 characters, that hold at least one letter, digit or Han character.
fn pieces(documents: &[Vec<String>], count: usize) -> Vec<String> {
    let mut die = Die(20_041_121);
    let mut out = Vec::new();
    while out.len() < count {
        let document = &documents[die.throw(documents.len())];
        let page: Vec<char> = document[die.throw(document.len())].chars().collect();
        let length = 1 + die.throw(8);
        let start = die.throw(page.len());
        let Some(piece) = page.get(start..start + length) else { continue };
        let usable = piece.iter().any(|ch| ch.is_alphanumeric())
            && piece.iter().all(|ch| !matches!(ch, '"' | '“' | '”' | '\n' | '\r'));
        if usable {
            out.push(piece.iter().collect());
        }
    }
    out
}

type Place = (u64, u32);

fn truth(documents: &[Vec<String>], piece: &str) -> BTreeSet<Place> {
    (1..)
        .zip(documents)
        .flat_map(|(id, pages)| {
            (1..).zip(pages).filter(|(_, page)| page.contains(piece)).map(move |(page, _)| (id, page))
        })
        .collect()
}

fn found(index: &Index, piece: &str) -> BTreeSet<Place> {
    let search = Search::new(Asker::Public, &format!("\"{piece}\"")).unwrap().limit(1_000_000);
    let result = index.search(&search).unwrap();
    let places: BTreeSet<Place> = result.hits.iter().map(|hit| (hit.id.0, hit.page.unwrap_or(0))).collect();
    assert_eq!(places.len(), result.total, "{piece}: the count is exact");
    places
}

#[test]
fn every_piece_of_a_law_is_found_however_worn_the_text_is() {
    let Some(documents) = pages(60) else { return };
    let pieces = pieces(&documents, 250);
    let mut missed: BTreeMap<String, usize> = BTreeMap::new();
    for how in [Worn::Clean, Worn::Wrapped, Worn::Spaced] {
        let (_dir, index) = index_of(&documents, how);
        let (mut standing, mut met, mut more) = (0, 0, 0);
        for piece in &pieces {
            let truth = truth(&documents, piece);
            let found = found(&index, piece);
            let both = truth.intersection(&found).count();
            standing += truth.len();
            met += both;
            // Punctuation at an end isn't asked for: `行。` is answered as `行`.
            if piece.starts_with(char::is_alphanumeric) && piece.ends_with(char::is_alphanumeric) {
                more += found.len() - both;
            }
            if both < truth.len() {
                missed.insert(format!("{how:?} {piece}"), truth.len() - both);
            }
        }
        println!("{how:?}: {standing} places, {met} found, {more} more by folding");
        assert!(more * 50 < standing, "{how:?}: folding may join spellings, not everything");
    }
    assert!(missed.is_empty(), "{missed:?}");
}
