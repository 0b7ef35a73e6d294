//! A year of a county office: what a person would look for, on its register and its scans as they are.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // a test may fail loudly

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use archive_core::access::Asker;
use archive_core::model::ItemId;
use archive_core::reading::DocNumber;
use archive_index::search::{Index, PageText, Record, Search, Stamp};
use archive_index::text::{Limits, extract};

fn county() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/county-2004")
}

/// The rows of a table, by header.
fn table(path: &Path) -> Vec<BTreeMap<String, String>> {
    let bytes = std::fs::read(path).unwrap();
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(bytes) => encoding_rs::GB18030.decode(bytes.as_bytes()).0.into_owned(),
    };
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headers = reader.headers().unwrap().clone();
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| headers.iter().zip(&row).map(|(head, cell)| (head.to_owned(), cell.to_owned())).collect())
        .collect()
}

/// The files that a cell of the register names: files, or folders of files.
fn files(cell: &str) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for name in cell.split([';', '；']).map(str::trim).filter(|name| !name.is_empty()) {
        let path = county().join("scans").join(name);
        if path.is_dir() {
            let mut inside: Vec<PathBuf> =
                std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
            inside.sort();
            out.extend(inside);
        } else if path.is_file() {
            out.push(path);
        }
    }
    out
}

fn record(row: &BTreeMap<String, String>) -> Record {
    let id = row["序号"].trim().parse().unwrap();
    let mut record = Record::new(ItemId(id), format!("row {id}"), row["题名"].clone());
    record.number = Some(DocNumber::read(&row["文号"])).filter(|number| !number.original.is_empty());
    record.bodies = vec![row["责任者"].clone()];
    record.notes = Some(row["备注"].clone()).filter(|notes| !notes.is_empty());
    for file in files(&row["扫描件"]) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let read = extract(std::fs::read(&file).unwrap(), &name, &Limits::default());
        for page in read.pages {
            let next = u32::try_from(record.pages.len()).unwrap() + 1;
            record.pages.push(PageText { page: next, text: page.text() });
        }
    }
    record
}

fn rows(cell: &str) -> BTreeSet<u64> {
    cell.split_whitespace().map(|row| row.parse().unwrap()).collect()
}

#[test]
fn what_an_office_looks_for_is_found_where_it_stands() {
    let dir = tempfile::tempdir().unwrap();
    let index = Index::open_or_create(&dir.path().join("index")).unwrap();
    let mut writer = index.writer().unwrap();
    for row in table(&county().join("register.csv")) {
        if row["密级"].is_empty() && row["序号"].trim().parse::<u64>().is_ok() {
            let record = record(&row);
            writer.put(&record, Stamp::of(&record)).unwrap();
        }
    }
    writer.finish().unwrap();
    let mut wrong = Vec::new();
    let searches = table(&county().join("expected/searches.csv"));
    assert!(searches.len() > 20);
    for asked in &searches {
        let query = &asked["检索词"];
        let visible: BTreeSet<u64> =
            rows(&asked["登记可见"]).union(&rows(&asked["文字层可见"])).copied().collect();
        let all = rows(&asked["序号"]);
        let search = Search::new(Asker::Staff, query).unwrap().limit(1_000);
        let found: BTreeSet<u64> = index.search(&search).unwrap().hits.iter().map(|hit| hit.id.0).collect();
        let missed: Vec<_> = visible.difference(&found).collect();
        let more: Vec<_> = found.difference(&all).collect();
        if !missed.is_empty() || !more.is_empty() {
            wrong.push(format!("{query}: missed {missed:?}, more {more:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
