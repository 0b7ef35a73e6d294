//! `archive transfer`: the yearly hand-over, from both sides.

pub(crate) mod build;
mod due;
mod group;
mod inspection;
pub(crate) mod key;
pub(crate) mod papers;
pub(crate) mod receipt;
pub(crate) mod receive;
pub(crate) mod sign;
pub(crate) mod verify;

use archive_core::text::{Lang, Text};
use clap::{ArgMatches, Command};

use crate::args::base;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "transfer",
        lang,
        &Text::fixed(
            "移交：做包、签名、验包、接收、回执",
            "Hand-over: build, sign, verify, receive, receipt",
        ),
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommands([
        build::command(lang),
        sign::command(lang),
        verify::command(lang),
        receive::command(lang),
        receipt::command(lang),
        due::command(lang),
        key::command(lang),
    ])
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    match matches.subcommand() {
        Some(("build", sub)) => build::run(context, sub),
        Some(("sign", sub)) => sign::run(context, sub),
        Some(("verify", sub)) => verify::run(context, sub),
        Some(("receive", sub)) => receive::run(context, sub),
        Some(("receipt", sub)) => receipt::run(context, sub),
        Some(("due", sub)) => due::run(context, sub),
        Some(("key", sub)) => key::run(context, sub),
        _ => Ok(Exit::Usage),
    }
}
