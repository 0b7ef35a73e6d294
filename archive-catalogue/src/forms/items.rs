//! The item catalogue (归档文件目录, DA/T 22-2015 5.5): every item of the year, one line each, on lying
//! paper, with its title page.

use archive_core::model::Volume;

use crate::book::Book;
use crate::document::{Body, Document, Grid, Labelled, Numbering, Part, Table};
use crate::layout::{Paper, printable};

/// The catalogue of the year, one list a period.
pub fn catalogue(book: &Book<'_>) -> Document {
    let mut parts = Vec::new();
    for period in book.periods() {
        let volumes = book.of_period(period);
        parts.push(title(book, &period.to_string(), &volumes));
        parts.push(list(book, &period.to_string(), &volumes));
    }
    if parts.is_empty() {
        parts.push(list(book, "", &[]));
    }
    crate::print::document(book, "归档文件目录", parts)
}

fn title(book: &Book<'_>, period: &str, volumes: &[&Volume]) -> Part {
    let paper = Paper::A4_LANDSCAPE;
    let items: usize = volumes.iter().map(|volume| volume.entries.len()).sum();
    let pairs = [
        ("全宗名称", "全宗名称", printable(&book.institution.name)),
        ("全宗号", "全宗号", book.institution.fonds.clone()),
        ("年度", "年度", book.year()),
        ("保管期限", "保管期限", period.to_owned()),
        ("件数", "件数", format!("{items} 件")),
    ];
    let mut rows = super::title_page("归档文件目录", "", &pairs, &paper);
    rows[1].height = 15.0;
    rows[3].height = 22.0;
    Part {
        name: format!("封面（{period}）"),
        paper,
        numbering: Numbering::None,
        body: Body::Grid(Grid { rows }),
    }
}

fn list(book: &Book<'_>, period: &str, volumes: &[&Volume]) -> Part {
    let forms = &book.profile.forms;
    let rows = volumes
        .iter()
        .flat_map(|volume| volume.entries.iter().map(move |entry| (*volume, entry)))
        .enumerate()
        .map(|(at, (volume, entry))| {
            forms
                .items
                .iter()
                .map(|column| super::contents::cell(book, volume, entry, at, false, column.field))
                .collect()
        })
        .collect();
    let table = Table {
        title: "归档文件目录".to_owned(),
        heading: vec![
            Labelled::new("全宗号", &book.institution.fonds),
            Labelled::new("年度", book.year()),
            Labelled::new("保管期限", period),
        ],
        columns: super::columns(&forms.items),
        rows,
        heights: forms.rows,
        fill: forms.fill,
        footing: Vec::new(),
        in_csv: true,
    };
    super::table_part(format!("目录（{period}）"), Paper::A4_LANDSCAPE, Numbering::Own, table)
}
