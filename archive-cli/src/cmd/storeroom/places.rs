//! `archive storeroom place`, `move`, `where`, `disinfect`: where each volume stands, and how it came there.

use archive_core::appraisal::Target;
use archive_core::storeroom::Address;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::{Moved, Repository};
use chrono::NaiveDate;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde::Serialize;

use super::furniture::address;
use crate::args::{base, dry_run, pick, reason, reason_given};
use crate::asked;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::render::table;

pub(super) fn place(lang: Lang) -> Command {
    base("place", lang, &Text::fixed("上架：登记案卷的位置（可从清单）", "Shelve volumes (a list will do)"))
        .args(asked::codes(lang))
        .arg(address("at", lang))
        .arg(Arg::new("in").long("in").value_name(pick(lang, "盒号", "BOX")).help(pick(
            lang,
            "放进这一盒",
            "Into this box",
        )))
        .arg(reason(lang))
        .arg(dry_run(lang))
}

pub(super) fn moving(lang: Lang) -> Command {
    base(
        "move",
        lang,
        &Text::fixed("移架：移动案卷或盒，留下记录（H2）", "Move volumes or boxes, on record (H2)"),
    )
    .args(asked::codes(lang))
    .arg(Arg::new("box").long("box").value_name(pick(lang, "盒号", "BOX")).help(pick(
        lang,
        "移动整盒",
        "Move a whole box",
    )))
    .arg(address("to", lang))
    .arg(Arg::new("lost").long("lost").action(ArgAction::SetTrue).conflicts_with("to").help(pick(
        lang,
        "位置不明（丢失）",
        "Nobody knows where it is (lost)",
    )))
    .arg(reason(lang).required(true))
    .arg(dry_run(lang))
}

pub(super) fn find(lang: Lang) -> Command {
    base("where", lang, &Text::fixed("案卷在哪里，移动过几次", "Where volumes are, and how they came there"))
        .args(asked::codes(lang))
}

pub(super) fn disinfect(lang: Lang) -> Command {
    base("disinfect", lang, &Text::fixed("登记消毒除尘（X3）", "Record a disinfection (X3)"))
        .args(asked::codes(lang))
        .arg(Arg::new("accession").long("accession").value_name(pick(lang, "接收号", "NUMBER")).help(pick(
            lang,
            "整批：一个接收号",
            "A whole accession",
        )))
        .arg(
            Arg::new("method")
                .long("method")
                .required(true)
                .value_name(pick(lang, "方法", "METHOD"))
                .help(pick(lang, "方法：熏蒸、冷冻、除尘…", "How: fumigated, frozen, dusted …")),
        )
        .arg(
            Arg::new("on")
                .long("on")
                .value_name(pick(lang, "日期", "DATE"))
                .value_parser(value_parser!(NaiveDate))
                .help(pick(lang, "哪一天（默认：今天）", "When (default: today)")),
        )
        .arg(dry_run(lang))
}

/// The volumes that codes name; items have no place of their own.
pub(super) fn volumes(
    repository: &Repository,
    matches: &ArgMatches,
    asked: &[asked::Asked],
) -> Result<Vec<(String, String)>, CommandError> {
    let fonds = matches.get_one::<String>("fonds").map(String::as_str);
    let mut volumes = Vec::new();
    for (target, one) in asked::resolve(repository, fonds, asked)?.into_iter().zip(asked) {
        match target {
            Target::Volume { fonds, code } => volumes.push((fonds, code)),
            _ => {
                let code = &one.code;
                return Err(CommandError::usage(
                    text!("{code} 是一件文件，不是案卷", "{code} is an item, not a volume"),
                    Text::fixed("写案卷的档号", "give the code of its volume"),
                ));
            }
        }
    }
    Ok(volumes)
}

fn address_of(written: &str) -> Result<Address, CommandError> {
    written.parse::<Address>().map_err(|error| {
        let said = error.to_string();
        let (zh, en) = said.split_once(" / ").unwrap_or((&said, &said));
        CommandError::usage(
            Text::new(zh.to_owned(), en.to_owned()),
            Text::fixed(
                "archive storeroom room list 列出库房和架",
                "archive storeroom room list names rooms and shelves",
            ),
        )
    })
}

#[derive(Serialize)]
struct Report {
    placed: Vec<Placed>,
    dry_run: bool,
}

#[derive(Serialize)]
struct Placed {
    code: String,
    place: Option<String>,
}

fn finish(context: &Context, matches: &ArgMatches, placed: Vec<Placed>) -> Result<Exit, CommandError> {
    for one in placed.iter().take(20) {
        let code = &one.code;
        context.ui.tell(&match &one.place {
            Some(place) => text!("{code} 在 {place}", "{code} is at {place}"),
            None => text!("{code} 位置不明", "{code}: nobody knows where it is"),
        });
    }
    let count = placed.len();
    context.ui.tell(&text!("共 {count} 卷（盒）", "{count} in all"));
    context.said_if_dry(matches);
    context.ui.json(&Report { placed, dry_run: matches.get_flag("dry-run") })?;
    Ok(Exit::Done)
}

pub(super) fn run_place(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    const PLACE: &[&str] = &["库位", "位置", "存放位置", "place"];
    const ROOM: &[&str] = &["库房", "库房号", "room"];
    const SHELF: &[&str] = &["架号", "架", "柜号", "shelf"];
    const LEVEL: &[&str] = &["层", "层号", "level"];
    const BOX: &[&str] = &["盒号", "盒", "box"];
    let repository = context.open()?;
    let asked = asked::gather(matches, &[PLACE, ROOM, SHELF, LEVEL, BOX])?;
    let volumes = volumes(&repository, matches, &asked)?;
    let boxes = repository.boxes()?;
    let in_box = |code: &str| {
        boxes.iter().find(|one| one.code == code).map(|one| one.address.clone()).ok_or_else(|| {
            CommandError::usage(
                text!("没有 {code} 盒", "there is no box {code}"),
                Text::fixed("先增加：archive storeroom box add", "add it first: archive storeroom box add"),
            )
        })
    };
    let all = match (matches.get_one::<Address>("at"), matches.get_one::<String>("in")) {
        (Some(address), _) => Some(address.clone()),
        (None, Some(code)) => Some(in_box(code.trim())?),
        (None, None) => None,
    };
    let change = repository.begin(&context.operator, "storeroom place", context.now)?;
    let mut placed = Vec::new();
    for ((fonds, code), one) in volumes.iter().zip(&asked) {
        let cell = |nth: usize| one.beside.get(nth).map_or("", String::as_str);
        let address = if !cell(0).is_empty() {
            address_of(cell(0))?
        } else if !cell(1).is_empty() {
            let level = if cell(3).is_empty() { "-" } else { cell(3) };
            address_of(&format!("{}/{}/{level}/{}", cell(1), cell(2), cell(4)))?
        } else if !cell(4).is_empty() {
            in_box(cell(4))?
        } else if let Some(address) = &all {
            address.clone()
        } else {
            return Err(CommandError::usage(
                text!("没有写明 {code} 放在哪里", "where {code} goes isn't said"),
                Text::fixed(
                    "用 --at 库位 或 --in 盒号，或在清单里加“库位”列",
                    "use --at PLACE or --in BOX, or give the list a column 库位",
                ),
            ));
        };
        change.place_volume(fonds, code, Some(&address), reason_given(matches))?;
        placed.push(Placed { code: code.clone(), place: Some(address.to_string()) });
    }
    context.finish(change, matches)?;
    finish(context, matches, placed)
}

pub(super) fn run_move(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let repository = context.open()?;
    let to = matches.get_one::<Address>("to");
    let lost = matches.get_flag("lost");
    if to.is_none() && !lost {
        return Err(CommandError::usage(
            Text::fixed("没有写明移到哪里", "where to isn't said"),
            Text::fixed("用 --to 库位；位置不明用 --lost", "use --to PLACE, or --lost"),
        ));
    }
    let why = reason_given(matches);
    let mut placed = Vec::new();
    if let (Some(case), Some(to)) = (matches.get_one::<String>("box"), to) {
        let change = repository.begin(&context.operator, "storeroom move", context.now)?;
        change.move_box(case.trim(), to, why)?;
        context.finish(change, matches)?;
        placed.push(Placed { code: case.trim().to_owned(), place: Some(to.to_string()) });
        return finish(context, matches, placed);
    }
    let asked = asked::gather(matches, &[])?;
    let volumes = volumes(&repository, matches, &asked)?;
    let change = repository.begin(&context.operator, "storeroom move", context.now)?;
    for (fonds, code) in &volumes {
        change.place_volume(fonds, code, to, why)?;
        placed.push(Placed { code: code.clone(), place: to.map(ToString::to_string) });
    }
    context.finish(change, matches)?;
    finish(context, matches, placed)
}

pub(super) fn run_where(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Told {
        fonds: String,
        code: String,
        title: String,
        place: Option<String>,
        on_loan: Option<String>,
        moves: Vec<Moved>,
    }
    #[derive(Serialize)]
    struct Found {
        volumes: Vec<Told>,
    }
    let ui = &context.ui;
    let repository = context.open()?;
    let asked = asked::gather(matches, &[])?;
    let places = repository.places()?;
    let loans = repository.loans_out()?;
    let mut told = Vec::new();
    for (fonds, code) in volumes(&repository, matches, &asked)? {
        let place = places.iter().find(|place| place.fonds == fonds && place.code == code);
        let record = repository.volumes_called(&code)?.into_iter().find(|record| record.fonds == fonds);
        let mut moves = repository.moves(Some(&code))?;
        moves.retain(|one| one.fonds.as_ref() == Some(&fonds));
        told.push(Told {
            place: place.and_then(|place| place.address.as_ref()).map(ToString::to_string),
            on_loan: loans.iter().find(|loan| loan.volume == code).map(|loan| loan.borrower.clone()),
            title: record.map(|record| record.title).unwrap_or_default(),
            moves,
            fonds,
            code,
        });
    }
    let mut all_known = true;
    for one in &told {
        let (code, title) = (&one.code, &one.title);
        ui.tell(&match (&one.place, &one.on_loan) {
            (place, Some(who)) => {
                let place = place.as_deref().unwrap_or("-");
                text!(
                    "{code}：借给 {who}（位置 {place}）  {title}",
                    "{code}: on loan to {who} (place {place})  {title}"
                )
            }
            (Some(place), None) => {
                let spoken =
                    place.parse::<Address>().map_or_else(|_| place.clone(), |address| address.spoken());
                text!("{code}：{spoken}  {title}", "{code}: {place}  {title}")
            }
            (None, None) => {
                all_known = false;
                text!("{code}：没有登记位置（H2）  {title}", "{code}: no place is recorded (H2)  {title}")
            }
        });
        let rows: Vec<Vec<String>> = one
            .moves
            .iter()
            .map(|step| {
                vec![
                    format!("  {}", step.moved.get(..10).unwrap_or(&step.moved)),
                    format!("{} → {}", blank(&step.from), blank(&step.to)),
                    step.who.clone(),
                    step.reason.clone(),
                ]
            })
            .collect();
        for line in table::lines(&rows) {
            ui.line(line.trim_end());
        }
    }
    ui.json(&Found { volumes: told })?;
    Ok(if all_known { Exit::Done } else { Exit::Findings })
}

fn blank(place: &str) -> &str {
    if place.is_empty() { "—" } else { place }
}

pub(super) fn run_disinfect(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Done<'a> {
        volumes: Vec<String>,
        accession: Option<&'a String>,
        day: NaiveDate,
        method: &'a str,
        dry_run: bool,
    }
    let repository = context.open()?;
    let accession = matches.get_one::<String>("accession");
    let typed = matches.get_many::<String>("codes").is_some_and(|mut codes| codes.next().is_some());
    let named = if typed || matches.contains_id("from") || accession.is_none() {
        let asked = asked::gather(matches, &[])?;
        volumes(&repository, matches, &asked)?
    } else {
        Vec::new()
    };
    let day = matches.get_one::<NaiveDate>("on").copied().unwrap_or_else(|| context.today());
    let method = matches.get_one::<String>("method").map_or("", |method| method.trim());
    let change = repository.begin(&context.operator, "storeroom disinfect", context.now)?;
    change.disinfect(&named, accession.map(String::as_str), day, method)?;
    context.finish(change, matches)?;
    let count = named.len();
    context.ui.tell(&match accession {
        Some(number) => text!(
            "接收号 {number} 已登记消毒（{method}，{day}）",
            "accession {number}: disinfected ({method}, {day})"
        ),
        None => {
            text!("{count} 卷已登记消毒（{method}，{day}）", "{count} volumes disinfected ({method}, {day})")
        }
    });
    context.said_if_dry(matches);
    let volumes = named.into_iter().map(|(_, code)| code).collect();
    context.ui.json(&Done { volumes, accession, day, method, dry_run: matches.get_flag("dry-run") })?;
    Ok(Exit::Done)
}
