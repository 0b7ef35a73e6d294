//! `archive storeroom guide`, `plan`: what hangs on the shelves, and on the wall (F5).

use std::collections::BTreeMap;

use archive_catalogue::forms::storeroom::{self, ShelfCard};
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::Repository;
use clap::{Arg, ArgMatches, Command};
use serde::Serialize;

use crate::args::{base, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::printing;

fn room(lang: Lang) -> Arg {
    Arg::new("room").long("room").value_name(pick(lang, "库房号", "ROOM")).help(pick(
        lang,
        "只要这一间（默认：全部）",
        "This room only (default: all)",
    ))
}

pub(super) fn guide(lang: Lang) -> Command {
    base("guide", lang, &Text::fixed("打印架柜指引卡（F5）", "Print the guide cards of shelves (F5)"))
        .arg(room(lang))
        .args(printing::options(lang))
}

pub(super) fn plan(lang: Lang) -> Command {
    base("plan", lang, &Text::fixed("打印库房平面图（F5）", "Print the plan of the storeroom (F5)"))
        .arg(room(lang))
        .args(printing::options(lang))
}

/// What stands on each shelf, in the order of rooms and shelves.
fn cards(repository: &Repository, only: Option<&str>) -> Result<Vec<ShelfCard>, CommandError> {
    let rooms: BTreeMap<String, String> =
        repository.rooms()?.into_iter().map(|room| (room.code, room.name)).collect();
    let volumes: BTreeMap<(String, String), (i32, u32)> = repository
        .volume_records(None)?
        .into_iter()
        .map(|volume| ((volume.fonds, volume.code), (volume.year, volume.volume_no)))
        .collect();
    // A shelf's volumes, by fonds and year.
    type OfShelf = BTreeMap<(String, i32), Vec<u32>>;
    let mut standing: BTreeMap<(String, String), OfShelf> = BTreeMap::new();
    for place in repository.places()? {
        let Some(address) = place.address else { continue };
        let Some(shelf) = address.shelf else { continue };
        if let Some((year, number)) = volumes.get(&(place.fonds.clone(), place.code)) {
            let of_shelf = standing.entry((address.room, shelf)).or_default();
            of_shelf.entry((place.fonds, *year)).or_default().push(*number);
        }
    }
    let mut cards = Vec::new();
    for shelf in repository.shelves()? {
        if only.is_some_and(|only| only != shelf.room) {
            continue;
        }
        let there = standing.remove(&(shelf.room.clone(), shelf.code.clone())).unwrap_or_default();
        let volumes = there.values().map(Vec::len).sum();
        let holds = there
            .into_iter()
            .map(|((fonds, year), numbers)| format!("{fonds}　{year} 年　第 {} 卷", runs(numbers)))
            .collect();
        cards.push(ShelfCard {
            room_name: rooms.get(&shelf.room).cloned().unwrap_or_default(),
            room: shelf.room,
            shelf: shelf.code,
            note: shelf.note,
            holds,
            volumes,
            capacity: shelf.capacity,
        });
    }
    if cards.is_empty() {
        return Err(CommandError::usage(
            Text::fixed("没有架柜", "there are no shelves"),
            Text::fixed(
                "先增加：archive storeroom shelf add 1/A01",
                "add some: archive storeroom shelf add 1/A01",
            ),
        ));
    }
    Ok(cards)
}

/// Numbers run together: 1–17、20.
fn runs(mut numbers: Vec<u32>) -> String {
    numbers.sort_unstable();
    numbers.dedup();
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let told = |(from, to): &(u32, u32)| if from == to { from.to_string() } else { format!("{from}–{to}") };
    runs.iter().map(told).collect::<Vec<_>>().join("、")
}

#[derive(Serialize)]
struct Printed<'a> {
    files: &'a [std::path::PathBuf],
    shelves: usize,
    volumes: usize,
}

pub(super) fn run(context: &Context, matches: &ArgMatches, cards_only: bool) -> Result<Exit, CommandError> {
    let repository = context.open()?;
    let cards = cards(&repository, matches.get_one::<String>("room").map(String::as_str))?;
    let keeper = &repository.settings().institution.name;
    let document = if cards_only {
        storeroom::guide_cards(keeper, &cards)
    } else {
        storeroom::plan(keeper, &cards, context.today())
    };
    let done = printing::print(context, matches, &[document])?;
    let (shelves, volumes) = (cards.len(), cards.iter().map(|card| card.volumes).sum::<usize>());
    context.ui.tell(&text!("{shelves} 架，{volumes} 卷", "{shelves} shelves, {volumes} volumes"));
    context.ui.json(&Printed { files: &done.files, shelves, volumes })?;
    Ok(Exit::by_findings(&done.findings))
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn numbers_in_a_row_are_written_from_to() {
        assert_eq!(runs(vec![3, 1, 2, 5, 5, 9, 8]), "1–3、5、8–9");
        assert_eq!(runs(Vec::new()), "");
    }
}
