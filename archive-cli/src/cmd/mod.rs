//! The commands, one file each: its options, and what it does.

mod arrange;
mod audit;
mod backup;
mod catalogue;
mod check;
mod completions;
mod demo;
mod disposal;
mod engines;
mod explain;
mod export;
mod fixity;
mod fonds;
mod identify;
mod import;
mod index;
mod init;
mod loan;
mod man;
mod number;
mod opening;
mod people;
mod profile;
mod reading_room;
mod registers;
mod repair;
mod report;
mod restore;
mod search;
mod serve;
mod storeroom;
mod text;
mod transfer;

use archive_core::text::Lang;
use clap::{ArgMatches, Command};

use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::ui::{Output, Ui};

/// A command: how it is typed, and what it does.
pub(crate) struct Entry {
    /// Its options, with help in one language.
    pub(crate) command: fn(Lang) -> Command,
    /// What it does.
    run: fn(&Context, &ArgMatches) -> Result<Exit, CommandError>,
}

/// Every command, in the order of the work.
pub(crate) const ALL: &[Entry] = &[
    Entry { command: init::command, run: init::run },
    Entry { command: import::command, run: import::run },
    Entry { command: arrange::command, run: arrange::run },
    Entry { command: number::command, run: number::run },
    Entry { command: check::command, run: check::run },
    Entry { command: explain::command, run: explain::run },
    Entry { command: profile::command, run: profile::run },
    Entry { command: catalogue::command, run: catalogue::run },
    Entry { command: identify::command, run: identify::run },
    Entry { command: text::command, run: text::run },
    Entry { command: engines::command, run: engines::run },
    Entry { command: index::command, run: index::run },
    Entry { command: search::command, run: search::run },
    Entry { command: serve::command, run: serve::run },
    Entry { command: registers::command, run: registers::run },
    Entry { command: transfer::command, run: transfer::run },
    Entry { command: opening::command, run: opening::run },
    Entry { command: loan::command, run: loan::run },
    Entry { command: reading_room::command, run: reading_room::run },
    Entry { command: people::command, run: people::run },
    Entry { command: disposal::command, run: disposal::run },
    Entry { command: storeroom::command, run: storeroom::run },
    Entry { command: fonds::command, run: fonds::run },
    Entry { command: report::command, run: report::run },
    Entry { command: audit::command, run: audit::run },
    Entry { command: fixity::command, run: fixity::run },
    Entry { command: repair::command, run: repair::run },
    Entry { command: backup::command, run: backup::run },
    Entry { command: restore::command, run: restore::run },
    Entry { command: export::command, run: export::run },
    Entry { command: demo::command, run: demo::run },
    Entry { command: completions::command, run: completions::run },
    Entry { command: man::command, run: man::run },
];

/// Runs the command that was typed, tells its error if it has one, and gives its exit.
pub(crate) fn run(matches: &ArgMatches, lang: Lang) -> Exit {
    let output = if matches.get_flag("json") { Output::Json } else { Output::Human };
    match Context::new(Ui::new(lang, output), matches).and_then(|context| dispatch(&context, matches)) {
        Ok(exit) => exit,
        Err(error) => {
            Ui::new(lang, output).error(&error);
            error.exit()
        }
    }
}

fn dispatch(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let Some((name, sub)) = matches.subcommand() else { return Ok(Exit::Usage) };
    match ALL.iter().find(|entry| (entry.command)(context.ui.lang).get_name() == name) {
        Some(entry) => (entry.run)(context, sub),
        None => Ok(Exit::Usage),
    }
}
