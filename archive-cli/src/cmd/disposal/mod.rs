//! `archive disposal`: appraisal and destruction, from what is due to what was destroyed.

mod decide;
mod destroy;
mod due;
mod hold;
mod lists;
mod steps;

pub(crate) use destroy::carry_out;
pub(crate) use hold::code_of;
pub(crate) use lists::document;

use archive_core::text::{Lang, Text};
use clap::{Arg, ArgMatches, Command};

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "disposal",
        lang,
        &Text::fixed(
            "鉴定与销毁：到期、延长、销毁清册、批准、监销、销毁",
            "Appraisal and destruction: what is due, lists, approval, supervision, destruction",
        ),
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommands([
        due::command(lang),
        decide::extend(lang),
        decide::permanent(lang),
        hold::command(lang),
        lists::command(lang),
        steps::approve(lang),
        steps::supervise(lang),
        steps::handover(lang),
        destroy::command(lang),
        destroy::destroyed(lang),
    ])
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    match matches.subcommand() {
        Some(("due", sub)) => due::run(context, sub),
        Some((which @ ("extend" | "permanent"), sub)) => decide::run(context, sub, which),
        Some(("hold", sub)) => hold::run(context, sub),
        Some(("list", sub)) => lists::run(context, sub),
        Some(("approve", sub)) => steps::run_approve(context, sub),
        Some(("supervise", sub)) => steps::run_supervise(context, sub),
        Some(("handover", sub)) => steps::run_handover(context, sub),
        Some(("destroy", sub)) => destroy::run(context, sub),
        Some(("destroyed", sub)) => destroy::run_destroyed(context, sub),
        _ => Ok(Exit::Usage),
    }
}

/// The number of a list, as the first argument.
fn number(lang: Lang) -> Arg {
    Arg::new("number").required(true).value_name(pick(lang, "清册号", "NUMBER")).help(pick(
        lang,
        "销毁清册的号，如 2036-01（用 list show 列出）",
        "The number of a destruction list, e.g. 2036-01 (archive disposal list show tells)",
    ))
}

fn number_given(matches: &ArgMatches) -> &str {
    matches.get_one::<String>("number").map_or("", |number| number.trim())
}
