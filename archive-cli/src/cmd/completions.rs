//! `archive completions SHELL`: completion for bash, zsh, fish, elvish and PowerShell.

use std::path::Path;

use archive_core::text::{Lang, Text};
use clap::{Arg, ArgMatches, Command, value_parser};
use clap_complete::Shell;
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::ui::Ui;

pub(crate) fn command(lang: Lang) -> Command {
    base("completions", lang, &Text::fixed("输出命令行补全脚本", "Print a completion script for a shell"))
        .arg(Arg::new("shell").required(true).value_name("SHELL").value_parser(value_parser!(Shell)).help(
            pick(lang, "bash、zsh、fish、elvish 或 powershell", "bash, zsh, fish, elvish or powershell"),
        ))
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let Some(shell) = matches.get_one::<Shell>("shell") else { return Ok(Exit::Usage) };
    let mut script = Vec::new();
    clap_complete::generate(*shell, &mut crate::args::command(context.ui.lang), "archive", &mut script);
    if context.ui.is_json() {
        #[derive(Serialize)]
        struct Document<'a> {
            shell: String,
            script: &'a str,
        }
        context.ui.json(&Document { shell: shell.to_string(), script: &String::from_utf8_lossy(&script) })?;
        return Ok(Exit::Done);
    }
    Ui::raw(&script).map_err(|error| CommandError::io(Path::new("stdout"), &error))?;
    Ok(Exit::Done)
}
