//! `archive storeroom`: rooms, shelves, boxes; where each volume stands; the air; counts.

mod calendar;
mod climate;
mod furniture;
mod papers;
mod places;
mod stocktake;

use archive_core::text::{Lang, Text};
use clap::{ArgMatches, Command};

use crate::args::base;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;

pub(crate) fn command(lang: Lang) -> Command {
    base(
        "storeroom",
        lang,
        &Text::fixed(
            "库房：架柜、上架、移架、温湿度、清点、消毒",
            "Storeroom: shelves, places, moves, climate, counts",
        ),
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommands([
        furniture::room(lang),
        furniture::shelf(lang),
        furniture::case(lang),
        places::place(lang),
        places::moving(lang),
        places::find(lang),
        papers::guide(lang),
        papers::plan(lang),
        climate::reading(lang),
        climate::chart(lang),
        calendar::command(lang),
        stocktake::command(lang),
        places::disinfect(lang),
    ])
}

pub(crate) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    match matches.subcommand() {
        Some(("room", sub)) => furniture::run_room(context, sub),
        Some(("shelf", sub)) => furniture::run_shelf(context, sub),
        Some(("box", sub)) => furniture::run_box(context, sub),
        Some(("place", sub)) => places::run_place(context, sub),
        Some(("move", sub)) => places::run_move(context, sub),
        Some(("where", sub)) => places::run_where(context, sub),
        Some(("guide", sub)) => papers::run(context, sub, true),
        Some(("plan", sub)) => papers::run(context, sub, false),
        Some(("reading", sub)) => climate::run_reading(context, sub),
        Some(("chart", sub)) => climate::run_chart(context, sub),
        Some(("calendar", sub)) => calendar::run(context, sub),
        Some(("stocktake", sub)) => stocktake::run(context, sub),
        Some(("disinfect", sub)) => places::run_disinfect(context, sub),
        _ => Ok(Exit::Usage),
    }
}
