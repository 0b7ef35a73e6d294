//! The volume catalogue (案卷目录, F1): a title page, every volume in order, and the page on which both
//! sides sign at the hand-over. It is printed in as many copies as the profile says, one for each side.

use archive_core::model::Volume;
use archive_core::profile::FormField;

use crate::book::{Book, catalogue_no};
use crate::document::{Body, Border, Document, Grid, GridCell, GridRow, Labelled, Numbering, Part, Table};
use crate::fonts::Role;
use crate::layout::{Align, Paper, Style, printable, table};

/// The catalogue of the year.
pub fn catalogue(book: &Book<'_>) -> Document {
    let copies = usize::from(book.profile.opening.catalogue_copies.max(1));
    let mut parts: Vec<Part> = (1..=copies).map(|copy| title(book, copy, copies)).collect();
    parts.push(list(book, &book.volumes, Numbering::Own));
    parts.push(signatures(book));
    let copies = (0..copies).map(|copy| vec![copy, copies, copies + 1]).collect();
    Document { copies, ..crate::print::document(book, "案卷目录", parts) }
}

fn title(book: &Book<'_>, copy: usize, copies: usize) -> Part {
    let paper = Paper::A4;
    let mut numbers: Vec<String> = book.volumes.iter().map(|volume| catalogue_no(volume)).collect();
    numbers.dedup();
    let pairs = [
        ("全宗名称", "全宗名称", printable(&book.institution.name)),
        ("全宗号", "全宗号", book.institution.fonds.clone()),
        ("目录号", "目录号", numbers.join("、")),
        ("年度", "年度", book.year()),
        ("案卷数量", "案卷数量", format!("{} 卷", book.volumes.len())),
    ];
    let rows = super::title_page("案卷目录", &super::copy_mark(copy, copies), &pairs, &paper);
    Part { name: format!("封面{copy}"), paper, numbering: Numbering::None, body: Body::Grid(Grid { rows }) }
}

/// The list itself.
pub(super) fn list(book: &Book<'_>, volumes: &[&Volume], numbering: Numbering) -> Part {
    let forms = &book.profile.forms;
    let rows = volumes
        .iter()
        .enumerate()
        .map(|(at, volume)| forms.volumes.iter().map(|column| cell(book, volume, at, column.field)).collect())
        .collect();
    let table = Table {
        title: "案卷目录".to_owned(),
        heading: vec![
            Labelled::new("全宗名称", printable(&book.institution.name)),
            Labelled::new("全宗号", &book.institution.fonds),
            Labelled::new("年度", book.year()),
        ],
        columns: super::columns(&forms.volumes),
        rows,
        heights: forms.rows,
        fill: forms.fill,
        footing: Vec::new(),
        in_csv: true,
    };
    super::table_part("案卷目录".to_owned(), Paper::A4, numbering, table)
}

fn cell(book: &Book<'_>, volume: &Volume, at: usize, field: FormField) -> String {
    match field {
        FormField::Serial => (at + 1).to_string(),
        FormField::VolumeNo | FormField::ItemNo => book.volume_no(volume),
        FormField::Code => volume.number.as_ref().map_or_else(String::new, |number| number.code.clone()),
        FormField::Title => printable(&volume.title),
        FormField::Date => match book.span(volume) {
            None => String::new(),
            Some((first, last)) if first == last => book.date(first),
            Some((first, last)) => format!("{}—{}", book.date(first), book.date(last)),
        },
        FormField::Pages | FormField::PageNo => book.pages(volume).to_string(),
        FormField::Items => volume.entries.len().to_string(),
        FormField::Period => volume.period.to_string(),
        FormField::Responsible => printable(&book.institution.name),
        FormField::Remarks => volume
            .number
            .as_ref()
            .and_then(|number| book.destroyed.get(&number.code))
            .map_or_else(String::new, |list| format!("已销毁（清册 {list}）")),
        FormField::DocNumber | FormField::Secrecy => String::new(),
    }
}

/// Numbers of volumes, items and pages by period, with the sum.
pub(super) fn figures(book: &Book<'_>, volumes: &[&Volume]) -> Vec<[String; 4]> {
    let line = |word: String, volumes: &[&Volume]| {
        let items: usize = volumes.iter().map(|volume| volume.entries.len()).sum();
        let pages: u32 = volumes.iter().map(|volume| book.pages(volume)).sum();
        [word, volumes.len().to_string(), items.to_string(), pages.to_string()]
    };
    let mut lines = Vec::new();
    for period in book.periods() {
        let of_period: Vec<&Volume> =
            volumes.iter().copied().filter(|volume| volume.period == period).collect();
        if !of_period.is_empty() {
            lines.push(line(period.to_string(), &of_period));
        }
    }
    lines.push(line("合计".to_owned(), volumes));
    lines
}

fn signatures(book: &Book<'_>) -> Part {
    let paper = Paper::A4;
    let width = paper.text_width();
    let text = Style { role: Role::Fangsong, size: 12.0, smallest: 8.0, align: Align::Left };
    let label = Style { role: Role::Hei, size: 12.0, smallest: 8.0, align: Align::Centre };
    let centre = text.aligned(Align::Centre);
    let quarter = width / 4.0;
    let boxed =
        |width: f64, text: &str, style: Style| GridCell::new(width, text, style).bordered(Border::Box);

    let mut rows = vec![
        GridRow::new(16.0, vec![GridCell::new(width, "案卷移交签收表", table::TITLE)]),
        GridRow::new(
            24.0,
            vec![GridCell::new(
                width,
                format!(
                    "{}{}年度档案，经双方按本目录逐卷清点核对，数量如下，交接无误，签字为凭。",
                    printable(&book.institution.name),
                    book.year()
                ),
                Style { size: 14.0, ..text },
            )],
        ),
        GridRow::new(
            11.0,
            ["保管期限", "卷数", "件数", "页数"].map(|word| boxed(quarter, word, label)).to_vec(),
        ),
    ];
    for line in figures(book, &book.volumes) {
        rows.push(GridRow::new(10.0, line.iter().map(|value| boxed(quarter, value, centre)).collect()));
    }
    rows.push(GridRow::space(10.0));
    let half = width / 2.0;
    let head = 35.0;
    rows.push(GridRow::new(11.0, vec![boxed(half, "移交方", label), boxed(half, "接收方", label)]));
    for (word, own) in [
        ("单位名称", printable(&book.institution.name)),
        ("负责人（签字）", String::new()),
        ("经办人（签字）", String::new()),
        ("日　　期", String::new()),
        ("公　　章", String::new()),
    ] {
        let height = if word.starts_with('公') { 36.0 } else { 13.0 };
        let date = if word.starts_with('日') { "年　　月　　日" } else { "" };
        let mine = if own.is_empty() { date } else { &own };
        rows.push(GridRow::new(
            height,
            vec![
                boxed(head, word, label),
                boxed(half - head, mine, centre),
                boxed(head, word, label),
                boxed(half - head, date, centre),
            ],
        ));
    }
    rows.push(GridRow::new(20.0, vec![boxed(head, "备　　注", label), boxed(width - head, "", text)]));
    Part { name: "签收".to_owned(), paper, numbering: Numbering::None, body: Body::Grid(Grid { rows }) }
}
