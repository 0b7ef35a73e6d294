//! `archive report`: the year in numbers, for the annual inspection and the statistical form (X4).

mod facts;

use archive_catalogue::forms::statistics;
use archive_core::statistics::{Chapter, Evidence, Figures};
use archive_core::text;
use archive_core::text::{Lang, Text};
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, pick};
use crate::asked;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;
use crate::printing;
use crate::render::table;

pub(crate) fn command(lang: Lang) -> Command {
    base("report", lang, &Text::fixed("统计：年报", "Statistics: the year in numbers"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([base(
            "year",
            lang,
            &Text::fixed(
                "统计年报：每个数都查得到依据（X4）",
                "The year in numbers, each traceable to its records (X4)",
            ),
        )
        .arg(
            Arg::new("year")
                .long("year")
                .required(true)
                .value_name(pick(lang, "年度", "YEAR"))
                .value_parser(value_parser!(i32).range(1900..=9998))
                .help(pick(lang, "统计年度", "The year")),
        )
        .arg(Arg::new("show").long("show").value_name(pick(lang, "指标", "FIGURE")).help(pick(
            lang,
            "列出这个数的每一条依据（指标代码或名称）",
            "Show every record behind this figure (its key or label)",
        )))
        .arg(asked::fonds(lang).help(pick(
            lang,
            "只统计这一全宗（默认：全部）",
            "This fonds only (default: all)",
        )))
        .args(printing::options(lang))
        .mut_arg("out", |out| {
            out.default_value(None::<&str>).help(pick(
                lang,
                "写到哪个文件夹（不写则只显示）",
                "The folder it is written to (without it, it is shown only)",
            ))
        })])
}

#[derive(Serialize)]
struct Told<'a> {
    key: &'a str,
    chapter: Chapter,
    label: &'a str,
    unit: &'a str,
    value: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<&'a [Evidence]>,
}

#[derive(Serialize)]
struct Report<'a> {
    year: i32,
    figures: Vec<Told<'a>>,
    files: &'a [std::path::PathBuf],
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let Some(("year", sub)) = matches.subcommand() else { return Ok(Exit::Usage) };
    let ui = &context.ui;
    let Some(year) = sub.get_one::<i32>("year").copied() else { return Ok(Exit::Usage) };
    let office = Office::new(context.open()?)?;
    let fonds = sub.get_one::<String>("fonds").map(|fonds| fonds.trim());
    let figures = facts::figures(context, &office, year, fonds)?;
    if let Some(wanted) = sub.get_one::<String>("show") {
        return show(context, year, &figures, wanted);
    }
    let mut rows = Vec::new();
    for chapter in Chapter::ALL {
        rows.push(vec![ui.say(&chapter.word()).to_owned()]);
        for figure in figures.of(chapter) {
            rows.push(vec![
                format!("  {}", ui.say(&figure.label)),
                format!("{} {}", figure.value(), ui.say(&figure.unit)),
                figure.key.clone(),
            ]);
        }
    }
    for line in table::lines(&rows) {
        ui.line(line.trim_end());
    }
    let mut done = printing::Done::default();
    if sub.get_one::<std::path::PathBuf>("out").is_some() {
        let keeper = &office.institution().name;
        let document = statistics::year(keeper, fonds.unwrap_or("全部"), year, &figures);
        done = printing::print(context, sub, &[document])?;
    }
    let told = figures
        .all()
        .iter()
        .map(|figure| Told {
            key: &figure.key,
            chapter: figure.chapter,
            label: ui.say(&figure.label),
            unit: ui.say(&figure.unit),
            value: figure.value(),
            evidence: None,
        })
        .collect();
    ui.json(&Report { year, figures: told, files: &done.files })?;
    Ok(Exit::by_findings(&done.findings))
}

/// Every record behind a figure.
fn show(context: &Context, year: i32, figures: &Figures, wanted: &str) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let figure = figures.named(wanted).ok_or_else(|| {
        let near: Vec<&str> = figures
            .all()
            .iter()
            .map(|figure| figure.key.as_str())
            .filter(|key| wanted.split('.').next().is_some_and(|head| key.starts_with(head)))
            .collect();
        let near = near.join("、");
        let help = if near.is_empty() {
            Text::fixed("archive report year 列出全部", "archive report year names them all")
        } else {
            text!(
                "相近的：{near}；archive report year 列出全部",
                "near it: {near}; archive report year names them all"
            )
        };
        CommandError::usage(text!("没有指标“{wanted}”", "there is no figure “{wanted}”"), help)
    })?;
    let rows: Vec<Vec<String>> = figure
        .evidence
        .iter()
        .map(|one| vec![one.amount.to_string(), one.code.clone(), one.day.clone(), one.title.clone()])
        .collect();
    for line in table::lines(&rows) {
        ui.line(line.trim_end());
    }
    let (value, count) = (figure.value(), figure.evidence.len());
    let (zh, en) = (&figure.label.zh, &figure.label.en);
    ui.tell(&text!(
        "{year} 年“{zh}”：{value}，依据 {count} 条",
        "{year}, {en}: {value}, from {count} records"
    ));
    ui.json(&Report {
        year,
        figures: vec![Told {
            key: &figure.key,
            chapter: figure.chapter,
            label: ui.say(&figure.label),
            unit: ui.say(&figure.unit),
            value,
            evidence: Some(&figure.evidence),
        }],
        files: &[],
    })?;
    Ok(Exit::Done)
}
