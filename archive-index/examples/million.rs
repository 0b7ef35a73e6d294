//! A million pages: indexing time, size on disk, memory, and how long a thousand queries take.
//!
//! ```text
//! cargo run --release -p archive-index --example million [-- PAGES [FOLDER]]
//! ```
//!
//! Pages are put together from real text (`../shared/data/laws` by default): each of four pieces from anywhere in it,
//! so that no page is like another. 100,000 by default, which takes minutes; a million takes ten times as long and
//! some 6 GB of disk in the temporary folder. Records are of 20 pages, spread over 40 years.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a bench talks

#[path = "shared/measure.rs"]
mod measure;

use std::path::PathBuf;
use std::time::Instant;

use archive_core::access::Asker;
use archive_core::model::{ItemId, OpeningState};
use archive_index::search::{Filter, Index, PageText, Record, Search, Stamp};
use measure::Die;

const RECORD: usize = 20;
const PIECE: usize = 154;

fn main() {
    let mut given = std::env::args().skip(1).filter(|one| !one.starts_with("--"));
    let pages: usize = given.next().and_then(|pages| pages.parse().ok()).unwrap_or(100_000);
    let folder = given.next().map_or_else(
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
    let mut text: Vec<char> = Vec::new();
    for name in &names {
        text.extend(std::fs::read_to_string(name).unwrap().chars());
    }
    let mut die = Die(7);
    let page = |die: &mut Die| -> String {
        let piece = |die: &mut Die| {
            let start = die.throw(text.len() - PIECE);
            text[start..start + PIECE].iter().collect::<String>()
        };
        (0..4).map(|_| piece(die)).collect()
    };
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("index");
    let index = Index::open_or_create(&place).unwrap();
    let (start, before) = (Instant::now(), measure::processor_seconds());
    let mut writer = index.writer().unwrap();
    let mut bytes = 0_u64;
    for id in 0..pages.div_ceil(RECORD) as u64 {
        let mut record = Record::new(
            ItemId(id),
            format!("J019-{id:07}"),
            page(&mut die).chars().take(24).collect::<String>(),
        );
        record.opening = OpeningState::Open;
        record.year = i32::try_from(1980 + id % 40).ok();
        record.pages =
            (1..).take(RECORD).map(|number| PageText { page: number, text: page(&mut die) }).collect();
        bytes += record.pages.iter().map(|page| page.text.len() as u64).sum::<u64>();
        writer.put(&record, Stamp::of(&id)).unwrap();
    }
    writer.finish().unwrap();
    let mega = |bytes: u64| f64::from(u32::try_from(bytes / 1000).unwrap_or(u32::MAX)) / 1000.0;
    let (took, spent) = (start.elapsed().as_secs_f64(), measure::processor_seconds() - before);
    println!("{pages} pages, {:.0} MB of text", mega(bytes));
    println!("indexing: {took:.0} s, {spent:.0} CPU s, {:.1} MB a CPU s", mega(bytes) / spent.max(0.01));
    let (all, stored) = measure::size(&place);
    println!(
        "on disk: {:.0} MB, {:.2} of the text without the stored text ({:.2} with it)",
        mega(all),
        mega(all - stored) / mega(bytes),
        mega(all) / mega(bytes)
    );
    println!("memory at most while indexing: {:.0} MB", measure::memory().0);
    let word = |die: &mut Die, least: usize, most: usize| -> String {
        loop {
            let length = least + die.throw(most - least + 1);
            let start = die.throw(text.len() - length);
            let piece = &text[start..start + length];
            if piece.iter().all(|ch| ('\u{4e00}'..='\u{9fff}').contains(ch)) {
                return piece.iter().collect();
            }
        }
    };
    type Kind<'k> = (&'k str, Box<dyn Fn(&mut Die) -> String + 'k>);
    let kinds: [Kind<'_>; 4] = [
        ("one word of 2 to 6 characters", Box::new(|die| format!("\"{}\"", word(die, 2, 6)))),
        ("a piece of 7 to 12", Box::new(|die| format!("\"{}\"", word(die, 7, 12)))),
        ("two words on one page", Box::new(|die| format!("\"{}\" \"{}\"", word(die, 2, 4), word(die, 2, 4)))),
        ("one word, of ten years", Box::new(|die| format!("\"{}\"", word(die, 2, 4)))),
    ];
    let mut all_times = Vec::new();
    for (kind, make) in &kinds {
        let asked: Vec<String> = (0..250).map(|_| make(&mut die)).collect();
        let mut times = Vec::new();
        let mut hits = 0;
        for round in 0..2 {
            for query in &asked {
                let start = Instant::now();
                let mut search = Search::new(Asker::Public, query).unwrap().limit(10);
                if kind.contains("years") {
                    search = search.filter(Filter::Years(1990, 1999));
                }
                let found = index.search(&search).unwrap();
                if round > 0 {
                    times.push(start.elapsed().as_secs_f64() * 1000.0);
                    hits += found.total;
                }
            }
        }
        tell(kind, &mut times, hits / asked.len());
        all_times.extend(times);
    }
    tell("all of them", &mut all_times, 0);
    println!("memory of its own while searching: {:.0} MB", measure::memory().1);
}

fn tell(kind: &str, times: &mut [f64], hits: usize) {
    times.sort_by(f64::total_cmp);
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    let hits = if hits > 0 { format!("; {hits} hits on average") } else { String::new() };
    println!("{kind}: p50 {:.2} ms, p95 {:.2}, p99 {:.2}{hits}", at(50), at(95), at(99));
}
