//! What search costs, on real text: indexing, size on disk, and the time of a thousand queries.
//!
//! ```text
//! cargo bench -p archive-index --bench search [-- FOLDER]
//! ```
//!
//! Takes the `.txt` files of a folder (`../shared/data/laws` by default) as records with pages of 616
//! characters, and asks for random pieces of them. Prints a table; it judges nothing.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a bench talks

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use archive_core::access::Asker;
use archive_core::model::{ItemId, OpeningState};
use archive_index::search::{Index, PageText, Record, Search, Stamp};

fn main() {
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/laws"),
        PathBuf::from,
    );
    let Ok(files) = std::fs::read_dir(&folder) else {
        println!("SKIPPED: {} is not there", folder.display());
        return;
    };
    let mut names: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    names.retain(|name| name.extension().is_some_and(|ending| ending == "txt"));
    names.sort();
    let records: Vec<Record> = (1..).zip(&names).map(|(id, name)| record(id, name)).collect();
    let pages: Vec<&str> =
        records.iter().flat_map(|record| &record.pages).map(|page| page.text.as_str()).collect();
    let bytes: usize = pages.iter().map(|page| page.len()).sum();
    println!("{} records, {} pages, {:.1} MB", records.len(), pages.len(), mega(bytes));

    let dir = tempfile::tempdir().unwrap();
    let index = Index::open_or_create(&dir.path().join("index")).unwrap();
    let start = Instant::now();
    let mut writer = index.writer().unwrap();
    for record in &records {
        writer.put(record, Stamp::of(record)).unwrap();
    }
    writer.finish().unwrap();
    let took = start.elapsed();
    println!("indexing: {:.1} s, {:.1} MB/s", took.as_secs_f64(), mega(bytes) / took.as_secs_f64());
    let (all, stored) = size(dir.path());
    println!(
        "on disk: {:.2} of the text, {:.2} of it the text itself",
        ratio(all, bytes),
        ratio(stored, bytes)
    );

    for (what, least, most) in
        [("2 to 6 characters", 2, 6), ("7 to 12 characters", 7, 12), ("1 character", 1, 1)]
    {
        let asked: Vec<String> = pieces(&pages, 1000, least, most);
        report(what, &index, &asked.iter().map(|piece| format!("\"{piece}\"")).collect::<Vec<_>>());
    }
    let both: Vec<String> =
        pieces(&pages, 1000, 2, 4).chunks(2).map(|pair| format!("\"{}\" \"{}\"", pair[0], pair[1])).collect();
    report("two words on one page", &index, &both);
}

fn record(id: u64, name: &Path) -> Record {
    let text: Vec<char> = std::fs::read_to_string(name).unwrap().chars().collect();
    let title: String = text.iter().take_while(|ch| **ch != '\n').collect();
    let mut record = Record::new(ItemId(id), id.to_string(), title);
    record.opening = OpeningState::Open;
    let pages = text.chunks(616).map(|page| page.iter().collect::<String>());
    record.pages = (1..).zip(pages).map(|(page, text)| PageText { page, text }).collect();
    record
}

/// Random pieces of the pages without punctuation, the same each time.
fn pieces(pages: &[&str], count: usize, least: usize, most: usize) -> Vec<String> {
    let mut seed = 9_u64;
    let mut throw = |sides: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % sides
    };
    let mut out = Vec::new();
    while out.len() < count {
        let page: Vec<char> = pages[throw(pages.len())].chars().collect();
        let length = least + throw(most - least + 1);
        let start = throw(page.len());
        if let Some(piece) = page.get(start..start + length)
            && piece.iter().all(|ch| ch.is_alphanumeric())
        {
            out.push(piece.iter().collect());
        }
    }
    out
}

fn report(what: &str, index: &Index, queries: &[String]) {
    let mut times: Vec<Duration> = Vec::new();
    let mut hits = 0;
    for round in 0..2 {
        for query in queries {
            let start = Instant::now();
            let search = Search::new(Asker::Public, query).unwrap().limit(10);
            let result = index.search(&search).unwrap();
            if round > 0 {
                times.push(start.elapsed());
                hits += result.total;
            }
        }
    }
    times.sort();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
    println!(
        "{what}: p50 {:.2} ms, p95 {:.2}, p99 {:.2}; {} hits on average",
        at(50),
        at(95),
        at(99),
        hits / queries.len()
    );
}

fn mega(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1e6
}

fn ratio(part: usize, whole: usize) -> f64 {
    mega(part) / mega(whole)
}

/// The bytes below a folder, and those of the stored text among them.
fn size(folder: &Path) -> (usize, usize) {
    let (mut all, mut stored) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let inside = size(&path);
            all += inside.0;
            stored += inside.1;
        } else {
            let bytes = usize::try_from(path.metadata().unwrap().len()).unwrap();
            all += bytes;
            stored += if path.extension().is_some_and(|ending| ending == "store") { bytes } else { 0 };
        }
    }
    (all, stored)
}
