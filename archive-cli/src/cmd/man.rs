//! `archive man DIR`: the manual pages, one a command.

use std::fs;
use std::path::PathBuf;

use archive_core::text;
use archive_core::text::{Lang, Text};
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;

pub(crate) fn command(lang: Lang) -> Command {
    base("man", lang, &Text::fixed("生成手册页", "Write the manual pages")).arg(
        Arg::new("dir")
            .required(true)
            .value_name(pick(lang, "文件夹", "DIR"))
            .value_parser(value_parser!(PathBuf))
            .help(pick(lang, "写到哪个文件夹", "The folder they are written to")),
    )
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let Some(dir) = matches.get_one::<PathBuf>("dir") else { return Ok(Exit::Usage) };
    fs::create_dir_all(dir).map_err(|error| CommandError::io(dir, &error))?;
    let mut whole = crate::args::command(context.ui.lang);
    whole.build();
    let mut written = Vec::new();
    let mut pages = vec![(String::from("archive"), whole)];
    let mut next = 0;
    while let Some((name, page)) = pages.get(next).cloned() {
        pages.extend(page.get_subcommands().map(|sub| (format!("{name}-{}", sub.get_name()), sub.clone())));
        next += 1;
    }
    for (name, page) in pages {
        let path = dir.join(format!("{name}.1"));
        let mut bytes = Vec::new();
        clap_mangen::Man::new(page.display_name(name))
            .render(&mut bytes)
            .and_then(|()| fs::write(&path, &bytes))
            .map_err(|error| CommandError::io(&path, &error))?;
        written.push(path);
    }
    let count = written.len();
    context.ui.tell(&text!("已写出 {count} 页手册", "{count} manual pages written"));
    #[derive(Serialize)]
    struct Pages {
        files: Vec<PathBuf>,
    }
    context.ui.json(&Pages { files: written })?;
    Ok(Exit::Done)
}
