//! `archive fonds file`: the fonds file (全宗卷), by class and number, and its catalogue (F4).

use archive_catalogue::forms::fonds::{self, MaterialLine};
use archive_core::fonds_file::Class;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::{FiledMaterial, Material};
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use super::{code, fonds_given};
use crate::args::{base, dry_run, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::printing;
use crate::render::table;

pub(super) fn command(lang: Lang) -> Command {
    let word = |name: &'static str, zh: &'static str, en: &'static str| {
        Arg::new(name)
            .long(name)
            .default_value("")
            .hide_default_value(true)
            .value_name(pick(lang, "文字", "TEXT"))
            .help(pick(lang, zh, en))
    };
    let count = |name: &'static str, zh: &'static str, en: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name(pick(lang, "数", "N"))
            .value_parser(value_parser!(u32))
            .help(pick(lang, zh, en))
    };
    base(
        "file",
        lang,
        &Text::fixed(
            "全宗卷：归入材料、列出、打印目录（F4）",
            "The fonds file: add, list, print its catalogue (F4)",
        ),
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommands([
        base("add", lang, &Text::fixed("归入一份材料", "File a material"))
            .arg(
                Arg::new("class")
                    .long("class")
                    .required(true)
                    .value_name(pick(lang, "类别", "CLASS"))
                    .value_parser(|word: &str| word.parse::<Class>().map_err(|error| error.to_string()))
                    .help(pick(
                        lang,
                        "类别：交接、综合、考证、整理、统计、利用、保管、鉴定",
                        "handover, general, research, arrangement, statistics, use, keeping, appraisal",
                    )),
            )
            .arg(
                Arg::new("title")
                    .long("title")
                    .required(true)
                    .value_name(pick(lang, "题名", "TITLE"))
                    .help(pick(lang, "材料题名", "Its title")),
            )
            .arg(word("maker", "责任者", "Who made it"))
            .arg(word("date", "日期", "Its date"))
            .arg(count("pages", "页数", "Pages"))
            .arg(count("copies", "份数（默认：2）", "Copies (default: 2)"))
            .arg(word("place", "存放处", "Where it lies"))
            .arg(word("remarks", "备注", "Remarks"))
            .arg(code(lang))
            .arg(dry_run(lang)),
        base("list", lang, &Text::fixed("列出材料", "List the materials")).arg(code(lang)),
        base("print", lang, &Text::fixed("打印全宗卷目录（一式两份）", "Print the catalogue, in two copies"))
            .arg(code(lang))
            .args(printing::options(lang)),
    ])
}

#[derive(Serialize)]
struct Told<'a> {
    number: String,
    #[serde(flatten)]
    filed: &'a FiledMaterial,
}

#[derive(Serialize)]
struct List<'a> {
    fonds: &'a str,
    materials: Vec<Told<'a>>,
    dry_run: bool,
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    match matches.subcommand() {
        Some(("add", sub)) => add(context, sub),
        Some(("list", sub)) => list(context, sub),
        Some(("print", sub)) => print(context, sub),
        _ => Ok(Exit::Usage),
    }
}

fn add(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let Some(class) = matches.get_one::<Class>("class").copied() else { return Ok(Exit::Usage) };
    let word =
        |name: &str| matches.get_one::<String>(name).map(|value| value.trim().to_owned()).unwrap_or_default();
    let material = Material {
        title: word("title"),
        maker: word("maker"),
        date: word("date"),
        pages: matches.get_one::<u32>("pages").copied(),
        copies: matches.get_one::<u32>("copies").copied(),
        place: word("place"),
        remarks: word("remarks"),
        document: None,
    };
    let repository = context.open()?;
    let fonds = fonds_given(&repository, matches)?;
    let change = repository.begin(&context.operator, "fonds file add", context.now)?;
    let serial = change.add_material(&fonds.fonds, class, &material)?;
    let all = repository.fonds_file(&fonds.fonds)?;
    context.finish(change, matches)?;
    let number = class.material(serial);
    let word = class.word();
    context.ui.tell(&text!("已归入全宗卷{word}类，编号 {number}", "filed under {class}, number {number}"));
    context.said_if_dry(matches);
    let materials = all
        .iter()
        .filter(|one| one.number() == number)
        .map(|filed| Told { number: filed.number(), filed })
        .collect();
    context.ui.json(&List { fonds: &fonds.fonds, materials, dry_run: matches.get_flag("dry-run") })?;
    Ok(Exit::Done)
}

fn list(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let repository = context.open()?;
    let fonds = fonds_given(&repository, matches)?;
    let all = repository.fonds_file(&fonds.fonds)?;
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|one| {
            vec![
                one.number(),
                one.class.word().to_owned(),
                one.material.date.clone(),
                one.material.title.clone(),
                one.material.maker.clone(),
            ]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(line.trim_end());
    }
    if all.is_empty() {
        ui.tell(&Text::fixed("全宗卷里还没有材料", "the fonds file is empty"));
    }
    let materials = all.iter().map(|filed| Told { number: filed.number(), filed }).collect();
    ui.json(&List { fonds: &fonds.fonds, materials, dry_run: false })?;
    Ok(Exit::Done)
}

fn print(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Printed<'a> {
        files: &'a [std::path::PathBuf],
    }
    let repository = context.open()?;
    let fonds = fonds_given(&repository, matches)?;
    let lines: Vec<(Class, MaterialLine)> = repository
        .fonds_file(&fonds.fonds)?
        .into_iter()
        .map(|one| {
            let number = one.number();
            let Material { title, maker, date, pages, copies, place, remarks, .. } = one.material;
            let remarks =
                [place, remarks].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("；");
            let line = MaterialLine {
                number,
                title,
                maker,
                date,
                pages: pages.map_or_else(String::new, |pages| pages.to_string()),
                copies: copies.unwrap_or(2).to_string(),
                remarks,
            };
            (one.class, line)
        })
        .collect();
    let keeper = &repository.settings().institution.name;
    let done = printing::print(context, matches, &[fonds::file(keeper, &fonds, &lines)])?;
    context.ui.json(&Printed { files: &done.files })?;
    Ok(Exit::by_findings(&done.findings))
}
