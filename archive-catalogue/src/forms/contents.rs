//! The list of contents (卷内文件目录): one line an item, in the volume's order (L1).
//!
//! It lies at the head of the volume and bears no page number of the volume; its own sheets are
//! numbered. The page column tells where an item begins, and for the last one where it ends.

use archive_core::model::{DraftState, Entry, Item, Volume};
use archive_core::profile::{Binding, FormField};

use crate::book::{Book, catalogue_no, name_of, volume_no};
use crate::document::{Document, Labelled, Numbering, Part, Table};
use crate::layout::{Paper, printable};

/// The lists of all volumes; each begins on a new page and has its own page numbers.
pub fn lists(book: &Book<'_>) -> Document {
    let parts = book.volumes.iter().map(|volume| list(book, volume, Numbering::Own)).collect();
    crate::print::document(book, "卷内文件目录", parts)
}

/// The list of one volume.
pub fn list(book: &Book<'_>, volume: &Volume, numbering: Numbering) -> Part {
    let forms = &book.profile.forms;
    let last = volume.entries.len().saturating_sub(1);
    let rows = volume
        .entries
        .iter()
        .enumerate()
        .map(|(at, entry)| {
            forms
                .contents
                .iter()
                .map(|column| cell(book, volume, entry, at, at == last, column.field))
                .collect()
        })
        .collect();
    let table = Table {
        title: "卷内文件目录".to_owned(),
        heading: vec![
            Labelled::new("全宗号", &book.institution.fonds),
            Labelled::new("目录号", catalogue_no(volume)),
            Labelled::new("案卷号", volume_no(volume)),
            Labelled::new("保管期限", volume.period.to_string()),
        ],
        columns: super::columns(&forms.contents),
        rows,
        heights: forms.rows,
        fill: forms.fill,
        footing: Vec::new(),
        in_csv: true,
    };
    super::table_part(name_of(volume).to_owned(), Paper::A4, numbering, table)
}

/// What stands in a column of an item's line.
pub(super) fn cell(
    book: &Book<'_>,
    volume: &Volume,
    entry: &Entry,
    at: usize,
    is_last: bool,
    field: FormField,
) -> String {
    let item = book.item(entry);
    let of_item = |value: &dyn Fn(&Item) -> String| item.map(value).unwrap_or_default();
    match field {
        FormField::Serial => (at + 1).to_string(),
        FormField::ItemNo => entry.item_no.map_or_else(String::new, |number| number.to_string()),
        FormField::Code => book.item_code(volume, entry),
        FormField::DocNumber => of_item(&|item| {
            item.number.as_ref().map_or_else(String::new, |number| printable(&number.to_string()))
        }),
        FormField::Responsible => of_item(&|item| printable(&item.bodies.join("、"))),
        FormField::Title => printable(&entry.title),
        FormField::Date => of_item(&|item| book.item_date(&item.date)),
        FormField::PageNo => page_no(book, entry, is_last),
        FormField::Pages => book.entry_pages(entry).map_or_else(String::new, |pages| pages.to_string()),
        FormField::Secrecy => of_item(&|item| item.secrecy.level.word().to_owned()),
        FormField::VolumeNo => volume_no(volume),
        FormField::Items => "1".to_owned(),
        FormField::Period => volume.period.to_string(),
        FormField::Remarks => of_item(&remarks),
    }
}

fn page_no(book: &Book<'_>, entry: &Entry, is_last: bool) -> String {
    match (entry.pages, book.profile.volumes.binding) {
        (None, _) => String::new(),
        (Some((first, last)), Binding::Whole) if is_last && last > first => format!("{first}-{last}"),
        (Some((first, _)), Binding::Whole) => first.to_string(),
        (Some((first, last)), Binding::Single) => (last.saturating_sub(first) + 1).to_string(),
    }
}

/// The register's remarks, and what tells an item from another of the same title: its state.
fn remarks(item: &Item) -> String {
    let state = match item.state {
        None | Some(DraftState::Print) => String::new(),
        Some(DraftState::SignedDraft) => "定稿".to_owned(),
        Some(DraftState::Revision(0)) => "修改稿".to_owned(),
        Some(DraftState::Revision(number)) => format!("修改稿{number}"),
        Some(DraftState::Draft) => "草稿".to_owned(),
        Some(DraftState::Copy) => "复制件".to_owned(),
        Some(DraftState::Translation) => "译本".to_owned(),
    };
    let given = item.remarks.as_deref().map(printable).unwrap_or_default();
    match (state.is_empty(), given.is_empty()) {
        (false, false) => format!("{state}；{given}"),
        _ => state + &given,
    }
}
