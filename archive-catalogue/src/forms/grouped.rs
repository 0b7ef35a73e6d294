//! What the classified and the subject catalogue have in common: items in groups, each group a list of its
//! own, with a title page and an index of the groups.

use archive_core::model::{Entry, Volume};

use crate::book::Book;
use crate::document::{Column, Document, Grid, Labelled, Numbering, Part, Table};
use crate::layout::{Measure, Paper, printable};

/// A group: what it is called, above it, and its items.
pub(super) struct Group<'a> {
    /// Its name, in the index and above its list.
    pub(super) name: String,
    /// Its items.
    pub(super) entries: Vec<(&'a Volume, &'a Entry)>,
}

/// The catalogue called `title`, whose groups are called `kind` (类目, 专题).
pub(super) fn catalogue(
    book: &Book<'_>,
    title: &str,
    kind: &str,
    groups: &[Group<'_>],
    measure: &dyn Measure,
) -> Document {
    let paper = Paper::A4;
    let lists: Vec<Part> = groups.iter().map(|group| list(book, title, kind, group)).collect();
    let mut page = 1;
    let mut lines = Vec::new();
    for (group, part) in groups.iter().zip(&lists) {
        lines.push(vec![group.name.clone(), group.entries.len().to_string(), page.to_string()]);
        page += crate::paged::count_pages(part, measure);
    }
    let items: usize = groups.iter().map(|group| group.entries.len()).sum();
    let pairs = [
        ("全宗名称", "全宗名称", printable(&book.institution.name)),
        ("全宗号", "全宗号", book.institution.fonds.clone()),
        ("年度", "年度", book.year()),
        ("件数", "件数", format!("{items} 件")),
    ];
    let mut parts = vec![
        Part::new("封面", paper, Grid::new(super::title_page(title, "", &pairs, &paper))),
        index(book, kind, lines, &paper),
    ];
    parts.extend(lists);
    crate::print::document(book, title, parts)
}

fn index(book: &Book<'_>, kind: &str, lines: Vec<Vec<String>>, paper: &Paper) -> Part {
    let columns = vec![Column::text(kind, 130.0), Column::amount("件数", 20.0), Column::number("页次", 20.0)];
    let mut table = Table::new("目　次", columns)
        .headed(vec![Labelled::new("全宗号", &book.institution.fonds), Labelled::new("年度", book.year())])
        .filled_with(lines)
        .across(paper);
    table.in_csv = false;
    Part::new("目次", *paper, table)
}

fn list(book: &Book<'_>, title: &str, kind: &str, group: &Group<'_>) -> Part {
    let rows = group
        .entries
        .iter()
        .enumerate()
        .map(|(at, (volume, entry))| {
            let item = book.item(entry);
            vec![
                (at + 1).to_string(),
                book.item_code(volume, entry),
                item.and_then(|item| item.number.as_ref()).map_or_else(String::new, ToString::to_string),
                item.map_or_else(String::new, |item| item.bodies.join("、")),
                entry.title.clone(),
                item.map_or_else(String::new, |item| book.item_date(&item.date)),
                first_page(entry),
            ]
        })
        .collect();
    let forms = &book.profile.forms;
    let table = Table::new(title, columns())
        .headed(vec![
            Labelled::new(kind, &group.name),
            Labelled::new("全宗号", &book.institution.fonds),
            Labelled::new("年度", book.year()),
        ])
        .filled_with(rows)
        .ruled(forms.rows, forms.fill)
        .across(&Paper::A4);
    Part::new(&group.name, Paper::A4, table).numbered(Numbering::Run)
}

fn columns() -> Vec<Column> {
    vec![
        Column::number("序号", 10.0),
        Column::centred("档号", 30.0),
        Column::text("文号", 27.0),
        Column::text("责任者", 24.0),
        Column::text("题名", 46.0),
        Column::centred("日期", 22.0),
        Column::centred("页号", 11.0),
    ]
}

/// The page an item begins on, in a volume whose pages are numbered through.
pub(super) fn first_page(entry: &Entry) -> String {
    entry.pages.map_or_else(String::new, |pages| pages.0.to_string())
}
