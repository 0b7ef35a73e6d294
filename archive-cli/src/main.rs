//! The `archive` command: parses what was typed, calls the libraries, prints what came of it.
//!
//! `apart` has strangers' files read in a process of their own; `args` knows the options all commands share
//! and the language of help; `cmd` has one file a command,
//! with its options and what it does; `ui` is the only place that prints; `error` turns every library's
//! errors into words and an exit status; `render` lays out what several commands show.

mod along;
mod apart;
mod args;
mod asked;
mod cmd;
mod context;
mod custody;
mod error;
mod exit;
mod files;
mod interrupt;
mod judged;
mod keys;
mod office;
mod printing;
mod records;
mod registers;
mod render;
mod ui;

use std::panic;
use std::process::ExitCode;

fn main() -> ExitCode {
    let typed: Vec<std::ffi::OsString> = std::env::args_os().collect();
    if typed.get(1).is_some_and(|call| call == apart::CALL) {
        return if apart::serve().is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    apart::install();
    interrupt::listen();
    let lang = args::language(&typed);
    // A defect is told as one, with the place for whoever mends it, and the status scripts know.
    let run = panic::catch_unwind(|| match args::parse(typed, lang) {
        Ok(matches) => cmd::run(&matches, lang),
        Err(exit) => exit,
    });
    let exit = run.unwrap_or_else(|_| {
        let defect = error::CommandError::defect();
        ui::Ui::new(lang, ui::Output::Human).error(&defect);
        defect.exit()
    });
    exit.into()
}
