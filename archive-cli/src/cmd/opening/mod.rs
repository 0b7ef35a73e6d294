//! `archive opening`: reviews before records are open, and the catalogue of what is (U1 to U3).

mod decide;
mod due;
mod list;
mod publish;

use archive_core::text::{Lang, Text};
use clap::{ArgMatches, Command};

pub(crate) use decide::read_day;

use crate::args::base;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "opening",
        lang,
        &Text::fixed(
            "开放审核：到期、初审、复审、开放目录",
            "Opening: what is due, opinions, decisions, the open catalogue",
        ),
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommands([due::command(lang)])
    .subcommands(decide::commands(lang))
    .subcommands([list::command(lang), publish::command(lang)])
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    match matches.subcommand() {
        Some(("due", sub)) => due::run(context, sub),
        Some(("list", sub)) => list::run(context, sub),
        Some(("publish", sub)) => publish::run(context, sub),
        Some((step, sub)) => decide::run(context, step, sub),
        None => Ok(Exit::Usage),
    }
}
