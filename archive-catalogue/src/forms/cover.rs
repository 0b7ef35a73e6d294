//! The cover of a volume (案卷封面) and the label on its spine (卷脊).
//!
//! The items are those of GB/T 9705-2008 and of Futian 九: the office's name, class, title, first and
//! last date, retention period, numbers of items and pages, filing number, and the three parts of the
//! code. The spine bears the numbers, year, period and title, as wide as the volume is thick.
//!
//! Offices that buy printed covers have only the blanks filled in: the same form without its labels and
//! lines, moved to where their covers have them (`preprinted-cover`, `preprinted-shift`).

use archive_core::model::Volume;
use archive_core::profile::CoverPaper;
use chrono::Datelike as _;

use crate::book::{Book, catalogue_no, class_of, name_of, volume_no};
use crate::document::{Body, Border, Document, Grid, GridCell, GridRow, Numbering, Part};
use crate::fonts::Role;
use crate::layout::{Align, Paper, Style, printable};

const NAME: Style = Style { role: Role::Song, size: 28.0, smallest: 16.0, align: Align::Spread };
const TITLE: Style = Style { role: Role::Song, size: 22.0, smallest: 11.0, align: Align::Left };
const LABEL: Style = Style { role: Role::Hei, size: 14.0, smallest: 9.0, align: Align::Centre };
const VALUE: Style = Style { role: Role::Song, size: 14.0, smallest: 8.0, align: Align::Centre };

/// The covers of all volumes, in order.
pub fn covers(book: &Book<'_>) -> Document {
    let forms = &book.profile.forms;
    let paper = match forms.cover {
        CoverPaper::A4 => Paper::A4,
        CoverPaper::Hard => Paper::HARD_COVER,
        CoverPaper::Size(size) => Paper::of(size),
    };
    let parts = book.volumes.iter().map(|volume| {
        let grid = to_fit(cover(book, volume, &paper), &paper);
        if forms.preprinted_cover {
            let [right, down] = forms.preprinted_shift;
            Part::new(name_of(volume), paper.moved(right, down), blanks_only(grid))
        } else {
            Part::new(name_of(volume), paper, grid)
        }
    });
    crate::print::document(book, "案卷封面", parts.collect())
}

/// The form made lower where the paper is: covers of earlier years are smaller.
fn to_fit(mut grid: Grid, paper: &Paper) -> Grid {
    let height: f64 = grid.rows.iter().map(|row| row.height).sum();
    let scale = (paper.text_height() / height).min(1.0);
    for row in &mut grid.rows {
        row.height *= scale;
    }
    grid
}

/// What is filled in, where it stands on the whole form: labels and lines are on the paper already.
fn blanks_only(mut grid: Grid) -> Grid {
    for cell in grid.rows.iter_mut().flat_map(|row| &mut row.cells) {
        cell.border = Border::None;
        cell.text = match cell.field {
            "" => String::new(),
            // 自 2004年3月 起至 2004年7月 止, 本卷共 6 件　58 页: the words between are the paper's.
            "起止日期" | "件数页数" => {
                cell.text.chars().map(|c| if crate::layout::is_han(c) { '\u{3000}' } else { c }).collect()
            }
            _ => std::mem::take(&mut cell.text),
        };
    }
    grid
}

fn cover(book: &Book<'_>, volume: &Volume, paper: &Paper) -> Grid {
    let width = paper.text_width();
    let rim = 10.0;
    let inner = width - 2.0 * rim;
    let half = inner / 2.0;
    let date = |at: Option<archive_core::reading::RecordDate>| {
        at.map_or_else(
            || "　　　　年　　月".to_owned(),
            |date| {
                let day = date.first_day();
                match date {
                    archive_core::reading::RecordDate::Year(_) => format!("{}年", day.year()),
                    _ => format!("{}年{}月", day.year(), day.month()),
                }
            },
        )
    };
    let span = book.span(volume);
    let (first, last) = (date(span.map(|span| span.0)), date(span.map(|span| span.1)));
    let third = 22.0;
    let numbers = width - 3.0 * third * 1.2 - rim;

    Grid {
        rows: vec![
            GridRow::space(8.0),
            GridRow::new(
                18.0,
                vec![
                    GridCell::blank(rim),
                    GridCell::new(inner, printable(&book.institution.name), NAME).named("全宗名称"),
                ],
            ),
            GridRow::new(
                2.0,
                vec![GridCell::blank(rim), GridCell::blank(inner).bordered(Border::DoubleUnder)],
            ),
            GridRow::space(6.0),
            GridRow::new(
                13.0,
                vec![
                    GridCell::blank(rim),
                    GridCell::new(inner, class_of(volume), Style { size: 18.0, ..VALUE }).named("类目名称"),
                ],
            ),
            GridRow::space(6.0),
            GridRow::new(
                88.0,
                vec![
                    GridCell::blank(rim),
                    GridCell::new(inner, printable(&volume.title), TITLE)
                        .bordered(Border::Box)
                        .inset(9.0)
                        .named("案卷题名"),
                ],
            ),
            GridRow::space(8.0),
            GridRow::new(
                14.0,
                vec![
                    GridCell::blank(rim),
                    GridCell::new(half * 1.24, format!("自 {first} 起至 {last} 止"), VALUE)
                        .bordered(Border::Box)
                        .named("起止日期"),
                    GridCell::new(half * 0.34, "保管期限", LABEL).bordered(Border::Box),
                    GridCell::new(half * 0.42, volume.period.to_string(), VALUE)
                        .bordered(Border::Box)
                        .named("保管期限"),
                ],
            ),
            GridRow::new(
                14.0,
                vec![
                    GridCell::blank(rim),
                    GridCell::new(
                        half * 1.24,
                        format!("本卷共 {} 件　{} 页", volume.entries.len(), book.pages(volume)),
                        VALUE,
                    )
                    .bordered(Border::Box)
                    .named("件数页数"),
                    GridCell::new(half * 0.34, "归档号", LABEL).bordered(Border::Box),
                    GridCell::new(half * 0.42, "", VALUE).bordered(Border::Box).named("归档号"),
                ],
            ),
            GridRow::new(
                14.0,
                vec![
                    GridCell::blank(rim),
                    GridCell::new(half * 0.34, "年　度", LABEL).bordered(Border::Box),
                    GridCell::new(half * 0.9, volume.year.to_string(), VALUE)
                        .bordered(Border::Box)
                        .named("年度"),
                    GridCell::new(half * 0.34, "档　号", LABEL).bordered(Border::Box),
                    GridCell::new(
                        half * 0.42,
                        volume.number.as_ref().map_or_else(String::new, |number| number.code.clone()),
                        VALUE,
                    )
                    .bordered(Border::Box)
                    .named("档号"),
                ],
            ),
            GridRow::space(16.0),
            GridRow::new(
                11.0,
                std::iter::once(GridCell::blank(numbers))
                    .chain(
                        ["全宗号", "目录号", "案卷号"]
                            .map(|label| GridCell::new(third * 1.2, label, LABEL).bordered(Border::Box)),
                    )
                    .collect(),
            ),
            GridRow::new(
                13.0,
                std::iter::once(GridCell::blank(numbers))
                    .chain(
                        [
                            ("全宗号", book.institution.fonds.clone()),
                            ("目录号", catalogue_no(volume)),
                            ("案卷号", volume_no(volume)),
                        ]
                        .map(|(field, value)| {
                            GridCell::new(third * 1.2, value, VALUE).bordered(Border::Box).named(field)
                        }),
                    )
                    .collect(),
            ),
        ],
    }
}

/// How thick a volume of so many pages is, as spines are made: 10, 15 or 20 mm.
pub(super) fn thickness(pages: u32) -> f64 {
    match pages {
        0..=100 => 10.0,
        101..=150 => 15.0,
        _ => 20.0,
    }
}

/// The labels of all spines, side by side on sheets to be cut along the lines.
pub fn spines(book: &Book<'_>) -> Document {
    let paper = Paper { left: 15.0, ..Paper::A4 };
    let mut sheets: Vec<Vec<&Volume>> = Vec::new();
    let mut used = f64::INFINITY;
    for volume in &book.volumes {
        let width = thickness(book.pages(volume)) + 2.0;
        if used + width > paper.text_width() {
            sheets.push(Vec::new());
            used = 0.0;
        }
        used += width;
        if let Some(sheet) = sheets.last_mut() {
            sheet.push(volume);
        }
    }
    let parts = sheets
        .iter()
        .enumerate()
        .map(|(at, volumes)| Part {
            name: format!("第{}张", at + 1),
            paper,
            numbering: Numbering::None,
            body: Body::Grid(spine_sheet(book, volumes)),
        })
        .collect();
    crate::print::document(book, "案卷脊背", parts)
}

fn spine_sheet(book: &Book<'_>, volumes: &[&Volume]) -> Grid {
    let small = Style { role: Role::Hei, size: 7.0, smallest: 5.0, align: Align::Centre };
    let value = Style { role: Role::Song, size: 11.0, smallest: 5.0, align: Align::Centre };
    let down = Style { role: Role::Song, size: 14.0, smallest: 6.0, align: Align::Vertical };
    let row = |height: f64, style: Style, text: &dyn Fn(&Volume) -> String| {
        let cells = volumes.iter().flat_map(|volume| {
            let width = thickness(book.pages(volume));
            [GridCell::new(width, text(volume), style).bordered(Border::Box), GridCell::blank(2.0)]
        });
        GridRow::new(height, cells.collect())
    };
    let label = |word: &'static str| row(6.0, small, &move |_| word.to_owned());
    Grid {
        rows: vec![
            label("全宗号"),
            row(10.0, value, &|_| book.institution.fonds.clone()),
            label("目录号"),
            row(10.0, value, &catalogue_no),
            label("案卷号"),
            row(12.0, Style { size: 14.0, ..value }, &volume_no),
            row(18.0, Style { size: 12.0, ..down }, &|volume| format!("{}年", volume.year)),
            row(132.0, down, &|volume| printable(&volume.title)),
            row(26.0, Style { size: 12.0, ..down }, &|volume| volume.period.to_string()),
            label("归档号"),
            row(14.0, value, &|_| String::new()),
        ],
    }
}
