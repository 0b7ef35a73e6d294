//! Our side of `benches/search-peers.py`: indexes the pages it wrote, asks its queries, prints one line of JSON.
//!
//! ```text
//! search_peer PAGES QUERIES FOLDER
//! ```

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a bench talks

#[path = "shared/measure.rs"]
mod measure;

use std::path::PathBuf;
use std::time::Instant;

use archive_core::access::Asker;
use archive_core::model::{ItemId, OpeningState};
use archive_index::search::{Index, PageText, Record, Search, Stamp};

/// So many pages are a record.
const RECORD: usize = 20;

fn main() {
    let given: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [pages, queries, folder] = given.as_slice() else {
        println!("search_peer PAGES QUERIES FOLDER");
        return;
    };
    let pages = std::fs::read_to_string(pages).unwrap();
    let pages: Vec<String> = pages.lines().map(|line| line.replace("\\n", "\n")).collect();
    let queries: Vec<String> = std::fs::read_to_string(queries)
        .unwrap()
        .lines()
        .map(|line| line.split('\t').map(|term| format!("\"{term}\"")).collect::<Vec<_>>().join(" "))
        .collect();
    let index = Index::open_or_create(folder).unwrap();
    let (start, before) = (Instant::now(), measure::processor_seconds());
    let mut writer = index.writer().unwrap();
    for (id, some) in (0..).zip(pages.chunks(RECORD)) {
        let mut record = Record::new(ItemId(id), id.to_string(), "");
        record.opening = OpeningState::Open;
        record.pages = (1..).zip(some).map(|(page, text)| PageText { page, text: text.clone() }).collect();
        writer.put(&record, Stamp::of(&record)).unwrap();
    }
    writer.finish().unwrap();
    let (took, spent) = (start.elapsed().as_secs_f64(), measure::processor_seconds() - before);
    let (all, stored) = measure::size(folder);
    // Ranked: how many there are, in which order. Shown: the best ten with their texts as well, and where the words stand.
    let (mut ranked, mut shown) = (Vec::new(), Vec::new());
    for _ in 0..4 {
        (ranked, shown) = (Vec::new(), Vec::new());
        for query in &queries {
            for (limit, times) in [(0, &mut ranked), (10, &mut shown)] {
                let start = Instant::now();
                let search = Search::new(Asker::Public, query).unwrap().limit(limit);
                std::hint::black_box(index.search(&search).unwrap().total);
                times.push(start.elapsed().as_secs_f64() * 1000.0);
            }
        }
    }
    let mut hits = Vec::new();
    for query in &queries {
        let search = Search::new(Asker::Public, query).unwrap().limit(1_000_000);
        let found = index.search(&search).unwrap().hits;
        let places = found.iter().filter_map(|hit| Some(hit.id.0 * RECORD as u64 + u64::from(hit.page?) - 1));
        hits.push(places.collect::<Vec<_>>());
    }
    println!(
        "{}",
        serde_json::json!({
            "index_s": took, "index_cpu_s": spent, "bytes": all - stored, "ranked_ms": ranked,
            "shown_ms": shown, "hits": hits,
        })
    );
}
