//! `archive use form`: the reader's form (利用档案资料登记表), and the slips that go with excerpts and copies.

use archive_catalogue::document::{Border, Document, Grid, GridCell, GridRow, Part};
use archive_catalogue::fonts::Role;
use archive_catalogue::layout::{Align, Paper, Style};
use archive_core::reading_room::{Action, Fee, Slip};
use archive_core::text::{Lang, Text};
use archive_store::{Reader, Use};
use chrono::{Datelike as _, NaiveDate};
use clap::{ArgMatches, Command};
use serde::Serialize;

use super::acts::use_no;
use crate::args::base;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;
use crate::printing;
use crate::records::Records;

pub(super) fn command(lang: Lang) -> Command {
    base(
        "form",
        lang,
        &Text::fixed("打印利用登记表和摘抄、复制证明", "Print the reader's form and the slips of a use"),
    )
    .arg(use_no(lang))
    .args(
        printing::options(lang).map(
            |arg| {
                if arg.get_id() == "format" { arg.default_value("pdf") } else { arg }
            },
        ),
    )
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Report<'a> {
        files: &'a [std::path::PathBuf],
    }
    let Some(no) = matches.get_one::<String>("use") else { return Ok(Exit::Usage) };
    let office = Office::new(context.open()?)?;
    let one = office.repository.use_by_no(no.trim())?;
    let reader = office.repository.reader(&one.reader)?;
    let known = Records::of(&office)?;
    let mut documents = vec![registration(&office, &reader, &one, &known)];
    documents.extend(one.slips.iter().map(|one_slip| slip(&office, &one, one_slip, one.day)));
    let done = printing::print(context, matches, &documents)?;
    context.ui.json(&Report { files: &done.files })?;
    Ok(Exit::Done)
}

fn chinese(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// A row of labelled values over the whole width.
fn row(height: f64, width: f64, pairs: &[(&str, &'static str, String)]) -> GridRow {
    #[expect(clippy::cast_precision_loss, reason = "a handful of cells")]
    let part = width / pairs.len() as f64;
    let label = 28.0;
    let cells = pairs
        .iter()
        .flat_map(|(word, field, value)| {
            [GridCell::label(label, word), GridCell::value(part - label, field, value.clone())]
        })
        .collect();
    GridRow::new(height, cells)
}

fn long(height: f64, width: f64, word: &str, field: &'static str, value: String) -> GridRow {
    let style = Style { role: Role::Song, size: 11.0, smallest: 6.5, align: Align::Left };
    GridRow::new(
        height,
        vec![
            GridCell::label(28.0, word),
            GridCell::new(width - 28.0, value, style).bordered(Border::Box).named(field).top().inset(2.0),
        ],
    )
}

/// The form a reader fills in before use (U4).
fn registration(office: &Office, reader: &Reader, one: &Use, known: &Records) -> Document {
    let paper = Paper::A4;
    let width = paper.text_width();
    let papers: Vec<String> = reader
        .papers
        .iter()
        .map(|(paper, number)| format!("{} {number}", paper.word().zh).trim_end().to_owned())
        .chain(
            one.papers
                .iter()
                .filter(|paper| !reader.papers.iter().any(|(known, _)| known == *paper))
                .map(|paper| paper.word().zh.into_owned()),
        )
        .collect();
    let records: Vec<String> = one
        .items
        .iter()
        .map(|id| {
            format!("{}　{}", known.called(*id), known.item(*id).map_or("", |item| item.title.as_str()))
        })
        .collect();
    let copied: Vec<String> = one
        .slips
        .iter()
        .map(|slip| {
            let kind = slip.kind.word().zh;
            format!("{} {kind} {} 第 {} 页，{} 份", slip.no, slip.record, slip.pages, slip.copies)
        })
        .collect();
    let paid = if one.charged_cents() == 0 {
        String::new()
    } else {
        format!("应收 {} 元，已收 {} 元", Fee::yuan(one.charged_cents()), Fee::yuan(one.paid_cents))
    };
    let rows = vec![
        GridRow::title(width, "利用档案资料登记表"),
        GridRow::new(
            8.0,
            vec![GridCell::new(
                width,
                format!("编号：{}　　{}", one.no, chinese(one.day)),
                Style { role: Role::Song, size: 11.0, smallest: 8.0, align: Align::Right },
            )],
        ),
        row(
            12.0,
            width,
            &[("姓名", "姓名", reader.name.clone()), ("种类", "种类", reader.kind.word().zh.into_owned())],
        ),
        row(
            12.0,
            width,
            &[("单位", "单位", reader.unit.clone()), ("联系方式", "联系方式", reader.contact.clone())],
        ),
        row(14.0, width, &[("证件手续", "证件手续", papers.join("；"))]),
        row(14.0, width, &[("利用目的", "利用目的", one.purpose.clone())]),
        row(
            12.0,
            width,
            &[
                ("利用方式", "利用方式", one.action.word().zh.into_owned()),
                ("件数", "件数", one.items.len().to_string()),
            ],
        ),
        long(58.0, width, "档号、题名", "档号题名", records.join("\n")),
        long(24.0, width, "摘抄复制", "摘抄复制", copied.join("\n")),
        row(12.0, width, &[("批准人", "批准人", one.approved_by.clone()), ("收费", "收费", paid)]),
        row(14.0, width, &[("准予依据", "准予依据", one.allowed_by.join("；"))]),
        long(
            30.0,
            width,
            "利用效果",
            "利用效果",
            one.feedback.as_ref().map(|feedback| feedback.text.clone()).unwrap_or_default(),
        ),
        row(
            14.0,
            width,
            &[("利用者签字", "利用者签字", String::new()), ("接待人", "接待人", one.served_by.clone())],
        ),
    ];
    let name = format!("利用登记表 {}", one.no);
    Document::new(&office.institution().name, &name, vec![Part::new(&one.no, paper, Grid::new(rows))])
}

/// The slip of an excerpt or a copy: what it is, where it is from, who checked it, and the place of the stamp (U7).
pub(super) fn slip(office: &Office, one: &Use, slip: &Slip, day: NaiveDate) -> Document {
    let paper = Paper::A4;
    let width = paper.text_width();
    let archives = &office.institution().name;
    let stamp = &office.profile.reading_room.stamp;
    let body = Style { role: Role::Fangsong, size: 14.0, smallest: 8.0, align: Align::Left };
    let title = if slip.kind == Action::Excerpt { "档案摘抄件" } else { "档案复制证明" };
    let mut rows = vec![
        GridRow::title(width, title),
        GridRow::new(
            8.0,
            vec![GridCell::new(
                width,
                format!("编号：{}（利用登记 {}）", slip.no, one.no),
                Style { role: Role::Song, size: 11.0, smallest: 8.0, align: Align::Right },
            )],
        ),
        row(12.0, width, &[("档号", "档号", slip.record.clone())]),
        long(18.0, width, "题名", "题名", slip.title.clone()),
        row(12.0, width, &[("页号", "页号", slip.pages.clone()), ("份数", "份数", slip.copies.to_string())]),
    ];
    if slip.kind == Action::Excerpt {
        rows.push(long(90.0, width, "摘抄内容", "摘抄内容", slip.text.clone()));
    }
    rows.push(GridRow::space(8.0));
    rows.push(GridRow::new(
        24.0,
        vec![GridCell::new(width, stamp.said(slip, archives), body).named("出处").top()],
    ));
    rows.push(row(
        12.0,
        width,
        &[("经办人", "经办人", slip.made_by.clone()), ("核对人", "核对人", slip.checked_by.clone())],
    ));
    rows.push(GridRow::space(16.0));
    let right = Style { align: Align::Right, ..body };
    rows.push(GridRow::new(10.0, vec![GridCell::new(width, stamp.holder(archives), right)]));
    rows.push(GridRow::new(10.0, vec![GridCell::new(width, chinese(day), right)]));
    let name = format!("{title} {}", slip.no);
    Document::new(archives, &name, vec![Part::new(&slip.no, paper, Grid::new(rows))])
}
