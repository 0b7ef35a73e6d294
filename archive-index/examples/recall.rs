//! Recall and precision against a plain scan, as a table: 2,000 random strings of 1 to 8 characters, document
//! numbers, places and offices, on the text as it is and as scans give it.
//!
//! ```text
//! cargo run --release -p archive-index --example recall [-- FOLDER [FILES]]
//! ```
//!
//! Takes the `.txt` files of a folder (`../shared/data/laws` by default), all or so many from all over, cut into
//! pages of 616 characters. A page holds a string if the string stands in the page's own text. "By folding" are
//! pages that are found beside: where the string stands in another spelling (across a line's end, in other
//! brackets or widths). The traditional text is made from OpenCC's table of characters.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a bench talks

#[path = "shared/measure.rs"]
mod measure;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use archive_core::access::Asker;
use archive_core::model::{ItemId, OpeningState};
use archive_core::reading::DocNumber;
use archive_index::search::{Index, PageText, Record, Search, Stamp};
use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use measure::Die;

type Place = (u64, u32);

fn main() {
    let mut given = std::env::args().skip(1).filter(|one| !one.starts_with("--"));
    let folder = given.next().map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/laws"),
        PathBuf::from,
    );
    let most: usize = given.next().and_then(|files| files.parse().ok()).unwrap_or(usize::MAX);
    let Ok(files) = std::fs::read_dir(&folder) else {
        println!("SKIPPED: {} is not there", folder.display());
        return;
    };
    let mut names: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    names.retain(|name| name.extension().is_some_and(|ending| ending == "txt"));
    names.sort();
    let step = names.len().div_ceil(most.max(1)).max(1);
    let documents: Vec<Vec<String>> = names
        .iter()
        .step_by(step)
        .map(|name| {
            let text: Vec<char> = std::fs::read_to_string(name).unwrap().chars().collect();
            text.chunks(616).map(|page| page.iter().collect()).collect()
        })
        .collect();
    let pages: usize = documents.iter().map(Vec::len).sum();
    println!("{} documents, {pages} pages\n", documents.len());
    let kinds = [
        ("1 字", pieces(&documents, 250, 1)),
        ("2 字", pieces(&documents, 250, 2)),
        ("3 字", pieces(&documents, 250, 3)),
        ("4 字", pieces(&documents, 250, 4)),
        ("5 字", pieces(&documents, 250, 5)),
        ("6 字", pieces(&documents, 250, 6)),
        ("7 字", pieces(&documents, 250, 7)),
        ("8 字", pieces(&documents, 250, 8)),
        ("文号", numbers(&documents, 200)),
        ("地名", ending_in(&documents, &["省", "市", "县", "自治区"], 200)),
        ("机构", ending_in(&documents, &["委员会", "人民政府", "办公厅", "管理局"], 200)),
    ];
    let traditional = traditional();
    print!("| |");
    type Wear<'w> = (&'w str, &'w dyn Fn(&str) -> String);
    let wears: [Wear<'_>; 4] = [
        ("原文", &|page| page.to_owned()),
        ("每 28 字折行", &|page| worn(page, false)),
        ("字间有空格", &|page| worn(page, true)),
        ("繁体", &|page| page.chars().map(|ch| traditional.get(&ch).copied().unwrap_or(ch)).collect()),
    ];
    for (how, _) in &wears {
        print!(" {how} | 另由折叠找到 |");
    }
    println!("\n|---|{}", "---|---|".repeat(wears.len()));
    let mut rows: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut missed = Vec::new();
    for (how, wear) in &wears {
        let (_dir, index) = index_of(&documents, wear);
        for (row, (kind, strings)) in kinds.iter().enumerate() {
            let (mut standing, mut met, mut more) = (0, 0, 0);
            for piece in strings {
                let truth = truth(&documents, piece);
                let found = found(&index, piece);
                let both = truth.intersection(&found).count();
                standing += truth.len();
                met += both;
                more += found.len() - both;
                if both < truth.len() {
                    missed.push(format!("{how} {kind} {piece:?}: {}", truth.len() - both));
                }
            }
            let share = |part: usize| {
                let small = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
                small(part) / small(standing).max(1.0)
            };
            rows.entry(row).or_default().push(format!(" {:.4} | {:.4} |", share(met), share(more)));
        }
    }
    for (row, cells) in rows {
        println!("| {}（{} 条） |{}", kinds[row].0, kinds[row].1.len(), cells.concat());
    }
    println!("\nmissed: {}", missed.len());
    for one in missed.iter().take(40) {
        println!("  {one}");
    }
}

/// A line break every 28 characters, and a space between Han characters if that is asked for.
fn worn(page: &str, spaced: bool) -> String {
    let mut out = String::new();
    for (count, ch) in page.chars().filter(|ch| *ch != '\n').enumerate() {
        if count % 28 == 27 {
            out.push('\n');
        } else if spaced && ('\u{4e00}'..='\u{9fff}').contains(&ch) {
            out.push(' ');
        }
        out.push(ch);
    }
    out
}

/// A traditional character for each simplified one that has any.
fn traditional() -> BTreeMap<char, char> {
    let simplify = OpenCC::from_config(BuiltinConfig::T2s).unwrap();
    let mut table = BTreeMap::new();
    for ch in '\u{4e00}'..='\u{9fff}' {
        let simple = simplify.convert(&ch.to_string());
        let mut simple = simple.chars();
        if let (Some(one), None) = (simple.next(), simple.next())
            && one != ch
        {
            table.entry(one).or_insert(ch);
        }
    }
    table
}

fn index_of(documents: &[Vec<String>], wear: &dyn Fn(&str) -> String) -> (tempfile::TempDir, Index) {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open_or_create(&dir.path().join("index")).unwrap();
    let mut writer = index.writer().unwrap();
    for (id, pages) in (1..).zip(documents) {
        let mut record = Record::new(ItemId(id), id.to_string(), "");
        record.opening = OpeningState::Open;
        record.pages = (1..).zip(pages).map(|(page, text)| PageText { page, text: wear(text) }).collect();
        writer.put(&record, Stamp::of(&record)).unwrap();
    }
    writer.finish().unwrap();
    (dir, index)
}

/// Random pieces of the pages that hold a letter, a digit or a Han character, and no sign of the query language.
fn pieces(documents: &[Vec<String>], count: usize, length: usize) -> Vec<String> {
    let mut die = Die(20_041_121 + length as u64);
    let mut out = Vec::new();
    while out.len() < count {
        let document = &documents[die.throw(documents.len())];
        let page: Vec<char> = document[die.throw(document.len())].chars().collect();
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

/// Document numbers as they stand in the text.
fn numbers(documents: &[Vec<String>], most: usize) -> Vec<String> {
    let mut all = BTreeSet::new();
    for page in documents.iter().flatten() {
        all.extend(DocNumber::find_in(page).into_iter().filter_map(|(at, _)| {
            let number = page.get(at)?;
            (!number.contains(['\n', '"', '“'])).then(|| number.to_owned())
        }));
    }
    spread(all, most)
}

/// Names that end in one of these, with two to four Han characters before.
fn ending_in(documents: &[Vec<String>], endings: &[&str], most: usize) -> Vec<String> {
    let mut all = BTreeSet::new();
    for page in documents.iter().flatten() {
        for ending in endings {
            for (at, _) in page.match_indices(ending) {
                let before: Vec<char> = page[..at].chars().rev().take(3).collect();
                if before.len() == 3 && before.iter().all(|ch| ('\u{4e00}'..='\u{9fff}').contains(ch)) {
                    let name: String = before.iter().rev().collect();
                    all.insert(name + ending);
                }
            }
        }
    }
    spread(all, most)
}

fn spread(all: BTreeSet<String>, most: usize) -> Vec<String> {
    let step = all.len().div_ceil(most).max(1);
    all.into_iter().step_by(step).collect()
}

fn truth(documents: &[Vec<String>], piece: &str) -> BTreeSet<Place> {
    let pages = (1..)
        .zip(documents)
        .flat_map(|(id, pages)| (1..).zip(pages).map(move |(page, text)| (id, page, text)));
    pages.filter(|(.., text)| text.contains(piece)).map(|(id, page, _)| (id, page)).collect()
}

fn found(index: &Index, piece: &str) -> BTreeSet<Place> {
    let search = Search::new(Asker::Public, &format!("\"{piece}\"")).unwrap().limit(1_000_000);
    index.search(&search).unwrap().hits.iter().map(|hit| (hit.id.0, hit.page.unwrap_or(0))).collect()
}
