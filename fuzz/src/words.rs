//! Words in cells, queries, and settings people write.

use archive_core::access::Asker;
use archive_core::profile::Profile;
use archive_core::reading::{ArchivalCode, DateReading, DocNumber, DocType, ItemDate, TitleParts, bodies};
use archive_index::search::Search;

/// Dates, document numbers, archival codes, titles, bodies.
pub fn reading(data: &[u8]) {
    let text = crate::text(data);
    for cell in text.lines() {
        let _ = ItemDate::read(cell);
        let _ = DateReading::read(cell);
        let _ = ItemDate::wrong_part(cell);
        if let Ok(serial) = cell.parse() {
            let _ = ItemDate::from_excel_serial(serial);
        }
        let _ = DocNumber::read(cell);
        let _ = DocNumber::find_in(cell);
        let _ = ArchivalCode::read(cell);
        let _ = DocType::of_title(cell);
        let parts = TitleParts::of(cell);
        let _ = (parts.is_draft(), parts.quoted());
        let _ = bodies(cell);
        let _ = archive_core::storeroom::logger::moment(cell, true);
        let _ = archive_core::storeroom::logger::clock(cell);
        let _ = archive_core::storeroom::logger::value(cell);
    }
}

/// An office's own rules.
pub fn profile(data: &[u8]) {
    if let Ok(profile) = Profile::load(&crate::text(data)) {
        let _ = profile.to_toml();
    }
}

/// Queries, and what they mark in a text.
pub fn query(data: &[u8]) {
    let text = crate::text(data);
    let (query, page) = text.split_once('\n').unwrap_or((&text, "防汛抗旱指挥部关于2004年防汛工作的通知"));
    for asker in [Asker::Public, Asker::Staff] {
        if let Ok(search) = Search::new(asker, query) {
            let marks = search.marks(page);
            assert!(marks.iter().all(|mark| page.get(mark.clone()).is_some()), "a mark cuts a letter");
        }
    }
}
