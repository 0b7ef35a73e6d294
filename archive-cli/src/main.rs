//! The `archive` command: parses what was typed, calls the libraries, prints what came of it.
//!
//! `args` knows the options all commands share and the language of help; `cmd` has one file a command,
//! with its options and what it does; `ui` is the only place that prints; `error` turns every library's
//! errors into words and an exit status; `render` lays out what several commands show.

mod args;
mod cmd;
mod context;
mod error;
mod exit;
mod files;
mod judged;
mod office;
mod render;
mod ui;

use std::process::ExitCode;

fn main() -> ExitCode {
    let typed: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let lang = args::language(&typed);
    let exit = match args::parse(typed, lang) {
        Ok(matches) => cmd::run(&matches, lang),
        Err(exit) => exit,
    };
    exit.into()
}
