//! `archive use`: the reading room: readers, decisions by the profile's table, uses, what goes out, fees, feedback.

mod acts;
mod decide;
mod forms;
mod lists;
mod slips;

use archive_core::text::{Lang, Text};
use clap::{ArgMatches, Command};

use crate::args::base;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "use",
        lang,
        &Text::fixed(
            "利用：利用者、查阅决定、登记、摘抄复制、收费、效果",
            "Use: readers, decisions, the register, excerpts and copies, fees, feedback",
        ),
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommands([decide::table_command(lang), acts::reader_command(lang), decide::command(lang)])
    .subcommands(acts::commands(lang))
    .subcommands(slips::commands(lang))
    .subcommands([lists::command(lang), forms::command(lang)])
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    match matches.subcommand() {
        Some(("table", sub)) => decide::table(context, sub),
        Some(("decide", sub)) => decide::run(context, sub),
        Some(("reader", sub)) => acts::reader(context, sub),
        Some(("register", sub)) => acts::register(context, sub),
        Some(("feedback", sub)) => acts::feedback(context, sub),
        Some(("fee", sub)) => acts::fee(context, sub),
        Some(("damage", sub)) => acts::damage(context, sub),
        Some((kind @ ("excerpt" | "copy"), sub)) => slips::run(context, kind, sub),
        Some(("list", sub)) => lists::run(context, sub),
        Some(("form", sub)) => forms::run(context, sub),
        _ => Ok(Exit::Usage),
    }
}
