//! Real registers, where they are at hand.

use std::path::{Path, PathBuf};

use archive_catalogue::register::{self, RegisterReading};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A register below the repository or beside it; nothing, said aloud, when it isn't there.
fn at(path: &str) -> Option<RegisterReading> {
    let path = root().join(path);
    let Ok(bytes) = std::fs::read(&path) else {
        println!("skipped: {} isn't there", path.display());
        return None;
    };
    Some(register::read(path.file_name().unwrap().to_str().unwrap(), &bytes).unwrap())
}

#[test]
fn the_state_council_s_register_is_read_whole() {
    let Some(reading) = at("../shared/data/state-council/register.csv") else { return };
    assert_eq!(reading.items.len() + reading.refused.len(), 40);
    assert!(reading.refused.is_empty(), "{:?}", reading.findings);
    for item in &reading.items {
        assert!(item.date.date().is_some() || item.date.original.is_empty(), "{item:?}");
        assert!(!item.scans.is_empty(), "{item:?}");
    }
}

#[test]
fn the_register_of_laws_is_read_whole() {
    let Some(reading) = at("../shared/data/laws/register.csv") else { return };
    assert_eq!(reading.items.len() + reading.refused.len(), 801);
    assert!(reading.refused.is_empty(), "{:?}", reading.findings);
}

#[test]
fn the_county_s_workbook_and_text_give_the_same_items() {
    let book = at("fixtures/county-2004/register.xlsx").unwrap();
    let text = at("fixtures/county-2004/register.csv").unwrap();
    assert!(book.items.len() >= 240);
    assert_eq!(book.items.len(), text.items.len());
    for (a, b) in book.items.iter().zip(&text.items) {
        let mut b = b.clone();
        b.origin.register.clone_from(&a.origin.register);
        // A date cell has no wording of its own; the text file has the one that was typed.
        if a.date.reading == b.date.reading {
            b.date.original.clone_from(&a.date.original);
        }
        assert_eq!(a, &b);
    }
    for finding in &book.findings {
        println!("{} {} {:?} {}", finding.rule, finding.severity, finding.place.row, finding.message.zh);
    }
}
