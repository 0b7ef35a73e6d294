//! How the store behaves with many items: makes a repository of so many items, some with a file, and
//! times what an office does with it.
//!
//! ```text
//! cargo run --release -p archive-store --example size -- FOLDER 100000 1000
//! ```
//!
//! The folder must not exist; it is left for looking at (`.ci/ocfl.sh FOLDER/objects`).

#![allow(clippy::print_stdout)] // An example prints.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use archive_core::model::{Institution, Item, ItemId};
use archive_core::reading::{DateReading, ItemDate, RecordDate};
use archive_store::{FileSource, ImportBatch, ItemFile, ItemFilter, Repository, Settings, StoreError};
use chrono::DateTime;

/// The years the items are spread over.
const YEARS: i32 = 50;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), Some(items), Some(files)) = (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err("FOLDER ITEMS FILES".into());
    };
    let (folder, items, files): (PathBuf, u64, u64) = (folder.into(), items.parse()?, files.parse()?);
    let now = DateTime::parse_from_rfc3339("2026-11-21T09:00:00+08:00")?;
    let institution = Institution { name: "某县人民政府办公室".into(), fonds: "J019".into() };
    let repository = Repository::create(&folder, &Settings::new(institution, "futian-2006"), "王芳", now)?;

    let scan = std::env::temp_dir().join(format!("archive-size-{}.tif", std::process::id()));
    fs::write(&scan, vec![0x5a; 64 * 1024])?;
    let batch = ImportBatch {
        register_name: "register.xlsx".into(),
        register_digest: "0".repeat(64),
        items: (1..=items).map(item).collect(),
        files: (1..=files)
            .map(|item| ItemFile {
                item: ItemId(item),
                name: format!("2004/关于防汛工作的通知（{item}）.tif"),
                source: FileSource::Path(scan.clone()),
                expected_sha256: None,
            })
            .collect(),
    };
    let taken = timed("import", || {
        let mut change = repository.begin("王芳", "size", now)?;
        let report = change.import(&batch, &|_| ())?;
        change.commit()?;
        Ok(report)
    })?;
    fs::remove_file(&scan)?;
    println!("  {} items, {} files, {} bytes", taken.items.len(), taken.files, taken.bytes);
    drop(batch);

    let repository = timed("open", || Repository::open(&folder))?;
    let filter = ItemFilter::year("J019", 2004);
    let of_year = timed("items of a year", || repository.items(&filter))?;
    println!("  {} items", of_year.len());
    timed("years", || repository.years("J019"))?;
    let mut count = 0_u64;
    timed("each item", || {
        repository.each_item(&ItemFilter::default(), |_| {
            count += 1;
            Ok::<_, StoreError>(())
        })
    })?;
    println!("  {count} items");
    timed("audit", || repository.verify_audit(None))?;
    let report = timed("fixity", || repository.fixity(&|_| ()))?;
    println!("  {} files, {} bytes, {} findings", report.files, report.bytes, report.findings.len());
    println!("catalogue.db: {} bytes", fs::metadata(folder.join("catalogue.db"))?.len());
    Ok(())
}

fn timed<T>(what: &str, work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    let start = Instant::now();
    let done = work()?;
    println!("{what}: {:.3} s", start.elapsed().as_secs_f64());
    Ok(done)
}

fn item(row: u64) -> Item {
    let mut item = Item::new(ItemId(row), row.to_string());
    item.title = format!("关于切实做好今年防汛抗旱工作的紧急通知（第{row}号）");
    item.bodies = vec!["某县人民政府办公室".into(), "某县水利局".into()];
    let year = 1977 + i32::try_from(row % 50).unwrap_or(0).min(YEARS - 1);
    if let Some(date) = RecordDate::day(year, 5, 16) {
        item.date = ItemDate { original: date.to_string(), reading: DateReading::On(date) };
    }
    item.pages = Some(3);
    item
}
