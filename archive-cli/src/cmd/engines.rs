//! `archive engines`: who can read pictures here, and what to do about the others.

use std::path::PathBuf;

use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_index::recognise::{self, ModelError};
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::{CommandError, Kind};
use crate::exit::Exit;
use crate::render::table;

pub(crate) fn command(lang: Lang) -> Command {
    base("engines", lang, &Text::fixed("列出识别引擎及其状态", "List the engines that recognise scans")).arg(
        Arg::new("add")
            .long("add")
            .value_name(pick(lang, "安装包", "PACKAGE"))
            .value_parser(value_parser!(PathBuf))
            .help(pick(
                lang,
                "从下载好的安装包中取出 PP-OCR 的模型，核对后存好",
                "Take the models of PP-OCR out of a downloaded package, check and keep them",
            )),
    )
}

#[derive(Serialize)]
struct Told<'a> {
    name: &'a str,
    usable: bool,
    id: Option<&'a str>,
    state: &'a str,
}

#[derive(Serialize)]
struct Report<'a> {
    engines: Vec<Told<'a>>,
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    if let Some(package) = matches.get_one::<PathBuf>("add") {
        let folder = recognise::add_models(package).map_err(|error| match &error {
            ModelError::Io(reason) => CommandError::io(package, reason),
            other => {
                let said = other.to_string();
                let (zh, en) = said.split_once(" / ").unwrap_or((&said, &said));
                CommandError::new(Kind::Input, Text::new(zh.to_owned(), en.to_owned()), error.help())
            }
        })?;
        let folder = folder.display();
        ui.note(&text!("模型已核对，存入 {folder}", "the models were checked and kept in {folder}"));
    }
    let engines = recognise::engines();
    let ready = Text::fixed("可用", "ready");
    let rows: Vec<Vec<String>> = engines
        .iter()
        .map(|engine| {
            // What to install is told below: it is too long for a table.
            let state = if engine.id.is_some() { ui.say(&engine.state) } else { "—" };
            vec![engine.name.to_owned(), state.to_owned(), engine.id.clone().unwrap_or_default()]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(line.trim_end());
    }
    for missing in engines.iter().filter(|engine| engine.id.is_none()) {
        ui.line("");
        for line in table::wrapped(ui.say(&missing.state), 78) {
            ui.line(line);
        }
    }
    let told = engines.iter().map(|engine| Told {
        name: engine.name,
        usable: engine.id.is_some(),
        id: engine.id.as_deref(),
        state: ui.say(if engine.id.is_some() { &ready } else { &engine.state }),
    });
    ui.json(&Report { engines: told.collect() })?;
    Ok(Exit::Done)
}
