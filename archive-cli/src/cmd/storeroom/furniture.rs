//! `archive storeroom room`, `shelf`, `box`: what there is to put records on.

use std::path::PathBuf;

use archive_core::storeroom::Address;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::Shelf;
use chrono::NaiveDate;
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, dry_run, pick};
use crate::asked;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::render::table;

fn code(lang: Lang, zh: &'static str, en: &'static str) -> Arg {
    Arg::new("code").required(true).value_name(pick(lang, "号", "CODE")).help(pick(lang, zh, en))
}

/// An address as an argument.
pub(super) fn address(name: &'static str, lang: Lang) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name(pick(lang, "库位", "PLACE"))
        .value_parser(|written: &str| written.parse::<Address>().map_err(|error| error.to_string()))
        .help(pick(
            lang,
            "库位：库房/架/层/盒，如 1/A03/2/B015",
            "A place: room/shelf/level/box, e.g. 1/A03/2/B015",
        ))
}

pub(super) fn room(lang: Lang) -> Command {
    base("room", lang, &Text::fixed("库房", "Rooms"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            base("add", lang, &Text::fixed("增加库房", "Add a room"))
                .arg(code(lang, "库房号，如 1", "Its number, e.g. 1"))
                .arg(
                    Arg::new("name")
                        .long("name")
                        .default_value("")
                        .value_name(pick(lang, "名称", "NAME"))
                        .help(pick(lang, "名称，如“一号库”", "Its name")),
                )
                .arg(
                    Arg::new("since")
                        .long("since")
                        .value_name(pick(lang, "日期", "DATE"))
                        .value_parser(value_parser!(NaiveDate))
                        .help(pick(
                            lang,
                            "从哪一天起测记温湿度（默认：今天）",
                            "From when its climate is read (default: today)",
                        )),
                )
                .arg(dry_run(lang)),
            base("list", lang, &Text::fixed("列出库房、架、盒", "List rooms, shelves and boxes")),
        ])
}

pub(super) fn shelf(lang: Lang) -> Command {
    base("shelf", lang, &Text::fixed("架、柜", "Shelves"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([base(
            "add",
            lang,
            &Text::fixed("增加架柜（可从清单）", "Add shelves (a list will do)"),
        )
        .arg(Arg::new("shelves").num_args(0..).value_name(pick(lang, "库房/架", "ROOM/SHELF")).help(pick(
            lang,
            "库房号和架号，如 1/A03",
            "Room and shelf, e.g. 1/A03",
        )))
        .arg(asked::from(lang).help(pick(
            lang,
            "清单（xlsx、csv）：库房、架号，可有 层数、容量、说明",
            "A list (xlsx, csv): room, shelf, and perhaps levels, capacity, note",
        )))
        .arg(
            Arg::new("levels")
                .long("levels")
                .default_value("0")
                .value_name(pick(lang, "层数", "LEVELS"))
                .value_parser(value_parser!(u16))
                .help(pick(lang, "层数（0：不分层）", "How many levels (0: not told apart)")),
        )
        .arg(
            Arg::new("capacity")
                .long("capacity")
                .value_name(pick(lang, "卷数", "VOLUMES"))
                .value_parser(value_parser!(u32).range(1..))
                .help(pick(lang, "可放多少卷或盒", "How many volumes or boxes it holds")),
        )
        .arg(
            Arg::new("note")
                .long("note")
                .default_value("")
                .value_name(pick(lang, "说明", "NOTE"))
                .help(pick(lang, "存放什么，印在指引卡上", "What stands there, for its guide card")),
        )
        .arg(dry_run(lang))])
}

pub(super) fn case(lang: Lang) -> Command {
    base("box", lang, &Text::fixed("盒", "Boxes"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([base("add", lang, &Text::fixed("增加盒", "Add a box"))
            .arg(code(lang, "盒号", "Its number"))
            .arg(address("at", lang).required(true))
            .arg(
                Arg::new("label")
                    .long("label")
                    .default_value("")
                    .value_name(pick(lang, "标签", "LABEL"))
                    .help(pick(lang, "盒上写的字", "What is written on it")),
            )
            .arg(dry_run(lang))])
}

#[derive(Serialize)]
struct Added {
    added: Vec<String>,
    dry_run: bool,
}

fn done(context: &Context, matches: &ArgMatches, added: Vec<String>) -> Result<Exit, CommandError> {
    let names = added.join("、");
    context.ui.tell(&text!("已增加：{names}", "added: {names}"));
    context.said_if_dry(matches);
    context.ui.json(&Added { added, dry_run: matches.get_flag("dry-run") })?;
    Ok(Exit::Done)
}

fn text_of(matches: &ArgMatches, name: &str) -> String {
    matches.get_one::<String>(name).map(|value| value.trim().to_owned()).unwrap_or_default()
}

pub(super) fn run_room(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    match matches.subcommand() {
        Some(("add", sub)) => {
            let repository = context.open()?;
            let code = text_of(sub, "code");
            let since = sub.get_one::<NaiveDate>("since").copied().unwrap_or_else(|| context.today());
            let change = repository.begin(&context.operator, "storeroom room add", context.now)?;
            change.add_room(&code, &text_of(sub, "name"), since)?;
            context.finish(change, sub)?;
            done(context, sub, vec![code])
        }
        Some(("list", _)) => list(context),
        _ => Ok(Exit::Usage),
    }
}

pub(super) fn run_shelf(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    const ROOM: &[&str] = &["库房", "库房号", "room"];
    const SHELF: &[&str] = &["架号", "架", "柜号", "shelf"];
    const LEVELS: &[&str] = &["层数", "层", "levels"];
    const CAPACITY: &[&str] = &["容量", "可放卷数", "capacity"];
    const NOTE: &[&str] = &["说明", "存放", "备注", "note"];
    let Some(("add", sub)) = matches.subcommand() else { return Ok(Exit::Usage) };
    let levels = sub.get_one::<u16>("levels").copied().unwrap_or(0);
    let capacity = sub.get_one::<u32>("capacity").copied();
    let note = text_of(sub, "note");
    let mut shelves = Vec::new();
    let unreadable = |written: &str| {
        CommandError::usage(
            text!("“{written}”不是 库房/架", "“{written}” is no room/shelf"),
            Text::fixed("写作 库房/架，如 1/A03", "write room/shelf, e.g. 1/A03"),
        )
    };
    for written in sub.get_many::<String>("shelves").into_iter().flatten() {
        let (room, code) = written.split_once(['/', '／']).ok_or_else(|| unreadable(written))?;
        let (room, code) = (room.trim().to_owned(), code.trim().to_owned());
        shelves.push(Shelf { room, code, levels, capacity, note: note.clone() });
    }
    if let Some(path) = sub.get_one::<PathBuf>("from") {
        let list = asked::list(path)?;
        let found = list.columns(&[SHELF, ROOM, LEVELS, CAPACITY, NOTE]);
        for (_, row) in found.rows.iter().filter(|(_, row)| !found.cell(row, 0).is_empty()) {
            let own = |nth: usize| Some(found.cell(row, nth)).filter(|cell| !cell.is_empty());
            let number = |nth: usize| match own(nth) {
                None => Ok(None),
                Some(cell) => cell.parse::<u32>().map(Some).map_err(|_| unreadable(cell)),
            };
            shelves.push(Shelf {
                room: own(1).ok_or_else(|| unreadable(found.cell(row, 0)))?.to_owned(),
                code: found.cell(row, 0).to_owned(),
                levels: number(2)?.and_then(|levels| u16::try_from(levels).ok()).unwrap_or(levels),
                capacity: number(3)?.or(capacity),
                note: own(4).unwrap_or(&note).to_owned(),
            });
        }
    }
    if shelves.is_empty() {
        return Err(unreadable(""));
    }
    let repository = context.open()?;
    let change = repository.begin(&context.operator, "storeroom shelf add", context.now)?;
    for shelf in &shelves {
        change.add_shelf(shelf)?;
    }
    context.finish(change, sub)?;
    done(context, sub, shelves.iter().map(|shelf| format!("{}/{}", shelf.room, shelf.code)).collect())
}

pub(super) fn run_box(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let Some(("add", sub)) = matches.subcommand() else { return Ok(Exit::Usage) };
    let Some(at) = sub.get_one::<Address>("at") else { return Ok(Exit::Usage) };
    let code = text_of(sub, "code");
    let repository = context.open()?;
    let change = repository.begin(&context.operator, "storeroom box add", context.now)?;
    change.add_box(&code, &text_of(sub, "label"), at)?;
    context.finish(change, sub)?;
    done(context, sub, vec![code])
}

fn list(context: &Context) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Furniture {
        rooms: Vec<archive_store::Room>,
        shelves: Vec<archive_store::Shelf>,
        boxes: Vec<archive_store::StorageBox>,
    }
    let ui = &context.ui;
    let repository = context.open()?;
    let (rooms, shelves, boxes) = (repository.rooms()?, repository.shelves()?, repository.boxes()?);
    let mut rows = Vec::new();
    for room in &rooms {
        rows.push(vec![room.code.clone(), room.name.clone(), String::new()]);
        for shelf in shelves.iter().filter(|shelf| shelf.room == room.code) {
            let levels = shelf.levels;
            let cases = boxes
                .iter()
                .filter(|one| {
                    one.address.room == room.code && one.address.shelf.as_ref() == Some(&shelf.code)
                })
                .count();
            let said = text!("{levels} 层，{cases} 盒", "{levels} levels, {cases} boxes");
            rows.push(vec![
                format!("{}/{}", room.code, shelf.code),
                ui.say(&said).to_owned(),
                shelf.note.clone(),
            ]);
        }
    }
    for line in table::lines(&rows) {
        ui.line(line.trim_end());
    }
    if rooms.is_empty() {
        ui.tell(&Text::fixed(
            "还没有库房：archive storeroom room add 1 --name 一号库",
            "there is no room yet: archive storeroom room add 1 --name NAME",
        ));
    }
    ui.json(&Furniture { rooms, shelves, boxes })?;
    Ok(Exit::Done)
}
