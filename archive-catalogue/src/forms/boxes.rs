//! Boxes (档案盒): the label on each, and by the item method the note that lies in it (盒内备考表).
//!
//! By the item method (DA/T 22-2015, 6) a box is what the program numbers as a volume, and its label says
//! fonds, year, period, section, first and last item and the box's number. By the volume method volumes of
//! one period are put into boxes as thick as they fill; the label says first and last volume.

use archive_core::model::Volume;
use archive_core::profile::Method;

use crate::book::{Book, catalogue_no, name_of};
use crate::document::{Body, Border, Document, Grid, GridCell, GridRow, Part};
use crate::fonts::Role;
use crate::layout::{Align, Paper, Style, printable, table};

/// Boxes are made so thick, in millimetres (DA/T 22-2015, 6.3; GB/T 9705-2008).
const THICKNESSES: [f64; 4] = [20.0, 30.0, 40.0, 50.0];
/// The height of a label on the spine of a box of 310 mm: what the standards leave free is ours.
const HEIGHT: f64 = 230.0;
/// How many pages are a millimetre thick, fastened and filed.
const PAGES_A_MILLIMETRE: f64 = 8.0;

/// What stands on one label.
struct Label {
    thickness: f64,
    year: String,
    period: String,
    section: String,
    first: String,
    last: String,
    number: String,
}

/// The labels of all boxes, side by side on sheets to be cut along the lines.
pub fn labels(book: &Book<'_>) -> Document {
    let paper = Paper { left: 15.0, ..Paper::A4 };
    let labels = match book.profile.volumes.method {
        Method::Item => book.volumes.iter().map(|volume| of_items(book, volume)).collect(),
        Method::Volume => of_volumes(book),
    };
    let mut sheets: Vec<Vec<Label>> = Vec::new();
    let mut used = f64::INFINITY;
    for label in labels {
        let width = label.thickness + 2.0;
        if used + width > paper.text_width() {
            sheets.push(Vec::new());
            used = 0.0;
        }
        used += width;
        if let Some(sheet) = sheets.last_mut() {
            sheet.push(label);
        }
    }
    let parts = sheets
        .iter()
        .enumerate()
        .map(|(at, labels)| Part::new(&format!("第{}张", at + 1), paper, sheet(book, labels)))
        .collect();
    crate::print::document(book, "档案盒标签", parts)
}

fn of_items(book: &Book<'_>, volume: &Volume) -> Label {
    let thick = f64::from(book.pages(volume)) / PAGES_A_MILLIMETRE;
    let number = |number: Option<u32>| number.map_or_else(String::new, |number| format!("{number:04}"));
    let numbers = || volume.entries.iter().filter_map(|entry| entry.item_no);
    Label {
        thickness: THICKNESSES.into_iter().find(|box_| *box_ >= thick).unwrap_or(THICKNESSES[3]),
        year: volume.year.to_string(),
        period: volume.period.to_string(),
        section: volume.section.as_deref().map(printable).unwrap_or_default(),
        first: number(numbers().min()),
        last: number(numbers().max()),
        number: book.volume_no(volume),
    }
}

/// Volumes put into boxes: one period and year in each, as many as go into the thickest.
fn of_volumes(book: &Book<'_>) -> Vec<Label> {
    let thick = |volume: &Volume| super::cover::thickness(book.pages(volume));
    let mut boxes: Vec<(f64, Vec<&Volume>)> = Vec::new();
    for volume in &book.volumes {
        match boxes.last_mut() {
            Some((used, held))
                if held.last().is_some_and(|last| {
                    (last.period, last.year) == (volume.period, volume.year)
                        && catalogue_no(last) == catalogue_no(volume)
                }) && *used + thick(volume) <= THICKNESSES[3] =>
            {
                *used += thick(volume);
                held.push(volume);
            }
            _ => boxes.push((thick(volume), vec![volume])),
        }
    }
    boxes
        .iter()
        .enumerate()
        .filter_map(|(at, (used, held))| {
            let (first, last) = (held.first()?, held.last()?);
            Some(Label {
                thickness: THICKNESSES.into_iter().find(|box_| box_ >= used).unwrap_or(THICKNESSES[3]),
                year: first.year.to_string(),
                period: first.period.to_string(),
                section: catalogue_no(first),
                first: crate::book::volume_no(first),
                last: crate::book::volume_no(last),
                number: (at + 1).to_string(),
            })
        })
        .collect()
}

fn sheet(book: &Book<'_>, labels: &[Label]) -> Grid {
    let small = Style { role: Role::Hei, size: 9.0, smallest: 5.0, align: Align::Centre };
    let value = Style { role: Role::Song, size: 14.0, smallest: 6.0, align: Align::Centre };
    let down = Style { role: Role::Song, size: 18.0, smallest: 8.0, align: Align::Vertical };
    let row = |height: f64, style: Style, text: &dyn Fn(&Label) -> String| {
        let cells = labels.iter().flat_map(|label| {
            [GridCell::new(label.thickness, text(label), style).bordered(Border::Box), GridCell::blank(2.0)]
        });
        GridRow::new(height, cells.collect())
    };
    let head = |word: &'static str| row(7.0, small, &move |_| word.to_owned());
    let (section, numbers) = match book.profile.volumes.method {
        Method::Item => ("机构(问题)", "起止件号"),
        Method::Volume => ("目录号", "起止卷号"),
    };
    let name = printable(&book.institution.name);
    let rows = vec![
        head("全宗号"),
        row(12.0, value, &|_| book.institution.fonds.clone()),
        row(HEIGHT - 155.0, down, &|_| name.clone()),
        head("年　度"),
        row(12.0, value, &|label| label.year.clone()),
        head("保管期限"),
        row(14.0, value, &|label| label.period.clone()),
        head(section),
        row(18.0, Style { size: 12.0, ..value }, &|label| label.section.clone()),
        head(numbers),
        row(14.0, value, &|label| label.first.clone()),
        row(14.0, value, &|label| label.last.clone()),
        head("盒　号"),
        row(16.0, Style { size: 16.0, ..value }, &|label| label.number.clone()),
    ];
    Grid::new(rows)
}

/// The notes of all boxes of the item method (盒内备考表): what is in it, who arranged and who checked it.
pub fn notes(book: &Book<'_>) -> Document {
    let parts = book.volumes.iter().map(|volume| Part {
        body: Body::Grid(note(book, volume)),
        ..Part::new(name_of(volume), Paper::A4, Grid::new(Vec::new()))
    });
    crate::print::document(book, "盒内备考表", parts.collect())
}

fn note(book: &Book<'_>, volume: &Volume) -> Grid {
    let of_box = of_items(book, volume);
    let mut state = super::note::state(book, volume);
    if let Some(first) = state.first_mut() {
        *first = format!(
            "本盒共有归档文件 {} 件，{} 页，件号自 {} 至 {}。",
            volume.entries.len(),
            book.pages(volume),
            of_box.first,
            of_box.last
        );
    }
    let heading = [
        ("全宗号", book.institution.fonds.clone()),
        ("年度", volume.year.to_string()),
        ("保管期限", volume.period.to_string()),
        ("盒号", of_box.number),
    ];
    let quarter = Paper::A4.text_width() / 4.0;
    let style = Style { align: Align::Left, ..table::HEADING };
    let heading =
        heading.map(|(label, value)| GridCell::new(quarter, format!("{label}：{value}"), style).named(label));
    super::note::Sheet {
        title: "盒内备考表",
        heading: heading.to_vec(),
        about: "盒内文件情况说明",
        state,
        room: [136.0, 8.0],
        signs: &[
            ("整理人", ""),
            ("整理日期", super::note::DAY),
            ("检查人", ""),
            ("检查日期", super::note::DAY),
        ],
    }
    .grid()
}
