//! Recognition with the engine that is here, if one is: known pages, spoiled as scanners spoil them.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // a test may fail loudly

mod common;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use archive_index::recognise::{Engine, PpOcr, Tesseract, engines, pictures};
use archive_index::text::{Limits, Page, TextSource, extract};

fn engine() -> Option<Tesseract> {
    match Tesseract::find() {
        Ok(engine) => Some(engine),
        Err(why) => {
            println!("SKIPPED: {why}");
            None
        }
    }
}

fn read(engine: &Tesseract, path: &Path) -> Vec<Page> {
    let bytes: Arc<[u8]> = std::fs::read(path).unwrap().into();
    let name = path.file_name().unwrap().to_string_lossy();
    let text = extract(Arc::clone(&bytes), &name, &Limits::default());
    let wanted: Vec<u32> = text.to_recognise().collect();
    let pictures = pictures(&bytes, &text.format, &wanted, &Limits::default()).unwrap();
    pictures.iter().map(|picture| engine.read(picture, Duration::from_mins(3)).unwrap()).collect()
}

/// Which share of the pairs of neighbours in `truth` stands on the pages.
fn recall(truth: &str, pages: &[Page]) -> f64 {
    let pairs = |text: &str| -> BTreeSet<(char, char)> {
        let plain: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        plain.windows(2).map(|pair| (pair[0], pair[1])).collect()
    };
    let text: String = pages.iter().map(Page::text).collect();
    let (truth, text) = (pairs(truth), pairs(&text));
    let count = |pairs: usize| f64::from(u32::try_from(pairs).unwrap());
    count(truth.intersection(&text).count()) / count(truth.len())
}

#[test]
fn an_engine_says_whether_it_is_there() {
    let known = engines();
    let names: Vec<_> = known.iter().map(|engine| engine.name).collect();
    assert_eq!(names, ["ppocr", "tesseract"]);
    assert_eq!(known[0].id.is_some(), PpOcr::find().is_ok());
    assert_eq!(known[1].id.is_some(), Tesseract::find().is_ok());
    assert!(known.iter().all(|engine| !engine.state.zh.is_empty()));
}

#[test]
fn scans_are_read_with_places_and_a_name_on_it() {
    let (Some(engine), Some(scans)) = (engine(), common::shared("data/scans")) else { return };
    let truth = std::fs::read_to_string(scans.join("p06.gt.txt")).unwrap();
    for (scan, least) in [("p06.B.jpg", 0.9), ("p06.C.tif", 0.8)] {
        let pages = read(&engine, &scans.join(scan));
        let found = recall(&truth, &pages);
        println!("{scan}: {found:.3} of the bigrams, {:?}", pages[0].source);
        assert!(found >= least, "{scan}: {found}");
        assert!(
            pages[0]
                .lines
                .iter()
                .all(|line| line.area.is_some_and(|area| area.top <= 1.0 && area.width > 0.0))
        );
        assert!(
            matches!(&pages[0].source, TextSource::Recognised { engine, .. } if engine.contains("chi_sim"))
        );
    }
}

#[test]
fn a_scanned_pdf_is_drawn_and_read() {
    let (Some(engine), Some(suite)) = (engine(), common::shared("suites/pdf")) else { return };
    let pages = read(&engine, &suite.join("scan_jpeg.pdf"));
    assert_eq!(pages.iter().map(|page| page.number).collect::<Vec<_>>(), [1, 2]);
    assert!(pages.iter().all(|page| page.text().chars().count() > 100), "{pages:?}");
}

#[test]
fn what_is_no_picture_is_an_error_of_that_page_only() {
    let Some(engine) = engine() else { return };
    let picture = archive_index::recognise::PagePicture {
        number: 1,
        image: b"II*\0 nothing".to_vec().into(),
        index: 0,
        density: 300,
    };
    assert!(engine.read(&picture, Duration::from_mins(1)).is_err());
}
