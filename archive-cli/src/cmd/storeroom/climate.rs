//! `archive storeroom reading`, `chart`: the air of the rooms (H1).

use std::collections::BTreeMap;
use std::path::PathBuf;

use archive_catalogue::fonts::Metrics;
use archive_catalogue::forms::storeroom;
use archive_catalogue::layout::{Paper, chart};
use archive_catalogue::surface::svg;
use archive_core::storeroom::climate::{Reading, Year};
use archive_core::storeroom::logger;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::ReadingsAdded;
use chrono::{Datelike as _, NaiveDate, NaiveTime};
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, dry_run, pick};
use crate::asked;
use crate::context::Context;
use crate::error::{CommandError, Kind};
use crate::exit::Exit;
use crate::files;
use crate::office::Office;
use crate::printing;

pub(super) fn reading(lang: Lang) -> Command {
    base("reading", lang, &Text::fixed("温湿度测记", "Readings of temperature and humidity"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            base("add", lang, &Text::fixed("登记一次测记", "Enter a reading"))
                .arg(room(lang))
                .arg(
                    Arg::new("temperature")
                        .long("temperature")
                        .short('t')
                        .allow_hyphen_values(true)
                        .value_name("℃")
                        .help(pick(lang, "温度", "Degrees C")),
                )
                .arg(Arg::new("humidity").long("humidity").short('H').value_name("%").help(pick(
                    lang,
                    "相对湿度",
                    "Relative humidity",
                )))
                .arg(
                    Arg::new("on")
                        .long("on")
                        .value_name(pick(lang, "日期", "DATE"))
                        .value_parser(value_parser!(NaiveDate))
                        .help(pick(lang, "哪一天（默认：今天）", "When (default: today)")),
                )
                .arg(Arg::new("time").long("time").value_name(pick(lang, "时刻", "TIME")).help(pick(
                    lang,
                    "时刻，如 9:00",
                    "The time of day, e.g. 9:00",
                )))
                .arg(dry_run(lang)),
            base(
                "import",
                lang,
                &Text::fixed("导入记录仪的数据（csv、xlsx）", "Import a logger's table (csv, xlsx)"),
            )
            .arg(
                Arg::new("file")
                    .required(true)
                    .value_name(pick(lang, "文件", "FILE"))
                    .value_parser(value_parser!(PathBuf))
                    .help(pick(lang, "记录仪导出的表", "What the logger exported")),
            )
            .arg(room(lang).required(false))
            .arg(dry_run(lang)),
        ])
}

fn room(lang: Lang) -> Arg {
    Arg::new("room").long("room").required(true).value_name(pick(lang, "库房号", "ROOM")).help(pick(
        lang,
        "哪一间库房",
        "Which room",
    ))
}

pub(super) fn chart(lang: Lang) -> Command {
    base(
        "chart",
        lang,
        &Text::fixed(
            "一年的温湿度：曲线图、登记表、缺测与超标（H1）",
            "A year's climate: chart, table, what is missing or outside (H1)",
        ),
    )
    .arg(room(lang).required(false).help(pick(lang, "哪一间库房（默认：全部）", "Which room (default: all)")))
    .arg(
        Arg::new("year")
            .long("year")
            .value_name(pick(lang, "年度", "YEAR"))
            .value_parser(value_parser!(i32).range(1900..=9999))
            .help(pick(lang, "年度（默认：今年）", "The year (default: this one)")),
    )
    .args(printing::options(lang))
    .mut_arg("format", |format| {
        format.default_value("svg,pdf").help(pick(
            lang,
            "格式，以逗号分隔：svg、pdf、xlsx、csv、html",
            "the formats, with commas between: svg, pdf, xlsx, csv, html",
        ))
    })
    .mut_arg("out", |out| {
        out.required(false).default_value(None::<&str>).help(pick(
            lang,
            "写到哪个文件夹（不写则只报告）",
            "The folder they are written to (without it, nothing is written)",
        ))
    })
}

pub(super) fn run_reading(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    match matches.subcommand() {
        Some(("add", sub)) => add(context, sub),
        Some(("import", sub)) => import(context, sub),
        _ => Ok(Exit::Usage),
    }
}

#[derive(Serialize)]
struct Report {
    rooms: BTreeMap<String, ReadingsAdded>,
    refused: Vec<Refused>,
    empty: usize,
    outside: usize,
    dry_run: bool,
}

#[derive(Serialize)]
struct Refused {
    row: u32,
    reason: String,
}

fn add(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let number = |name: &str| match matches.get_one::<String>(name) {
        None => Ok(None),
        Some(written) => logger::value(written).map_err(|written| {
            CommandError::usage(
                text!("“{written}”不是数值", "“{written}” is no number"),
                Text::fixed("写数值，如 -t 21.5 -H 52", "give a number, e.g. -t 21.5 -H 52"),
            )
        }),
    };
    let time: Option<NaiveTime> =
        matches.get_one::<String>("time").and_then(|written| logger::clock(written));
    let reading = Reading {
        day: matches.get_one::<NaiveDate>("on").copied().unwrap_or_else(|| context.today()),
        time,
        temperature: number("temperature")?,
        humidity: number("humidity")?,
    };
    if !reading.is_possible() {
        return Err(CommandError::usage(
            Text::fixed(
                "没有写温度和湿度，或者数值不可能",
                "no temperature or humidity, or one that can't be",
            ),
            Text::fixed("如 -t 21.5 -H 52", "e.g. -t 21.5 -H 52"),
        ));
    }
    if reading.day > context.today() {
        return Err(CommandError::usage(
            Text::fixed("日期在今天之后", "the day lies ahead"),
            Text::fixed("不能预先登记", "readings aren't entered before they are taken"),
        ));
    }
    let room = matches.get_one::<String>("room").cloned().unwrap_or_default();
    enter(context, matches, &[(room, vec![reading])].into(), "手工登记", Vec::new(), 0)
}

fn import(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let Some(path) = matches.get_one::<PathBuf>("file") else { return Ok(Exit::Usage) };
    let list = asked::list(path)?;
    let shown = path.display();
    let logged = logger::read(&list.rows).ok_or_else(|| {
        CommandError::new(
            Kind::Input,
            text!(
                "{shown} 里没有找到记录：没有一行写有时间和温度或湿度的表头",
                "{shown}: no row names a time and a temperature or humidity"
            ),
            Text::fixed(
                "给各列加上表头：日期时间、温度、湿度（库房）",
                "give the columns headers: Time, Temperature, Humidity (Room)",
            ),
        )
    })?;
    let default = matches.get_one::<String>("room");
    let mut by_room: BTreeMap<String, Vec<Reading>> = BTreeMap::new();
    let mut refused: Vec<(u32, Text)> = logged.refused;
    for (room, reading) in logged.readings {
        let Some(room) = default.cloned().or(room) else {
            return Err(CommandError::usage(
                Text::fixed("表里没有库房一列", "the table has no column for the room"),
                Text::fixed("用 --room 指明是哪一间", "say which room with --room"),
            ));
        };
        if reading.day > context.today() {
            let day = reading.day;
            refused.push((0, text!("{day} 在今天之后", "{day} lies ahead")));
            continue;
        }
        by_room.entry(room).or_default().push(reading);
    }
    let source = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    enter(context, matches, &by_room, &source, refused, logged.empty)
}

fn enter(
    context: &Context,
    matches: &ArgMatches,
    by_room: &BTreeMap<String, Vec<Reading>>,
    source: &str,
    refused: Vec<(u32, Text)>,
    empty: usize,
) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let office = Office::new(context.open()?)?;
    let repository = &office.repository;
    // A table may call a room by its name.
    let names: BTreeMap<String, String> =
        repository.rooms()?.into_iter().map(|room| (room.name, room.code)).collect();
    let change = repository.begin(&context.operator, "storeroom reading", context.now)?;
    let mut rooms = BTreeMap::new();
    let mut outside = 0;
    for (room, readings) in by_room {
        let code = names.get(room).unwrap_or(room);
        rooms.insert(code.clone(), change.add_readings(code, readings, source)?);
        for reading in readings {
            let year = Year::of(&[*reading], reading.day, reading.day, office.profile.storeroom);
            outside += year.outside().count();
        }
    }
    context.finish(change, matches)?;
    for (room, done) in &rooms {
        let ReadingsAdded { added, known, differing } = done;
        ui.tell(&text!(
            "{room} 库：登记 {added} 次；已有 {known} 次",
            "room {room}: {added} readings entered, {known} known"
        ));
        if let Some(first) = differing.first() {
            let count = differing.len();
            ui.tell(&text!(
                "有 {count} 个时刻已有不同的记录，保留原记录（如 {first}）",
                "{count} moments had another reading, which was kept (e.g. {first})"
            ));
        }
    }
    for (row, why) in &refused {
        let Text { zh, en } = why;
        ui.tell(&text!("第 {row} 行没有登记：{zh}", "row {row} was not entered: {en}"));
    }
    if empty > 0 {
        ui.tell(&text!("{empty} 行没有数值", "{empty} rows have no value"));
    }
    if outside > 0 {
        ui.tell(&text!("其中 {outside} 次超出标准（H1）", "{outside} of them are outside the bounds (H1)"));
    }
    context.said_if_dry(matches);
    let all_refused = rooms.is_empty() && !refused.is_empty();
    let refused =
        refused.into_iter().map(|(row, why)| Refused { row, reason: ui.say(&why).to_owned() }).collect();
    ui.json(&Report { rooms, refused, empty, outside, dry_run: matches.get_flag("dry-run") })?;
    Ok(if all_refused { Exit::Findings } else { Exit::Done })
}

pub(super) fn run_chart(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    #[derive(Serialize)]
    struct Room<'a> {
        room: &'a str,
        days_read: usize,
        days_missing: i64,
        #[serde(flatten)]
        air: &'a Year,
    }
    #[derive(Serialize)]
    struct Report<'a> {
        year: i32,
        temperature: [f64; 2],
        humidity: [f64; 2],
        rooms: Vec<Room<'a>>,
        files: &'a [PathBuf],
    }
    let ui = &context.ui;
    let office = Office::new(context.open()?)?;
    let repository = &office.repository;
    let year = matches.get_one::<i32>("year").copied().unwrap_or_else(|| context.today().year());
    let only = matches.get_one::<String>("room");
    let mut airs = Vec::new();
    for room in repository.rooms()? {
        if only.is_some_and(|only| *only != room.code) {
            continue;
        }
        if let Some(air) = repository.air_of(&room, year, context.today(), office.profile.storeroom)? {
            airs.push((room, air));
        }
    }
    if airs.is_empty() {
        return Err(CommandError::usage(
            text!("{year} 年没有要测记的库房", "no room is read in {year}"),
            Text::fixed("核对库房号和年度", "check the room and the year"),
        ));
    }
    let mut written = Vec::new();
    if let Some(out) = matches.get_one::<PathBuf>("out") {
        let words: Vec<String> =
            matches.get_many::<String>("format").into_iter().flatten().cloned().collect();
        let words: Vec<&str> = words.iter().flat_map(|word| word.split(',')).map(str::trim).collect();
        let formats = words
            .iter()
            .filter(|word| !word.eq_ignore_ascii_case("svg"))
            .map(|word| word.parse::<archive_catalogue::print::Format>())
            .collect::<Result<Vec<_>, _>>()?;
        let fonts = printing::fonts(matches)?;
        let mut made: Vec<(PathBuf, Vec<u8>)> = Vec::new();
        for (room, air) in &airs {
            let limits = office.profile.storeroom;
            let name = if room.name.is_empty() {
                room.code.clone()
            } else {
                format!("{}（{}）", room.code, room.name)
            };
            if words.iter().any(|word| word.eq_ignore_ascii_case("svg")) {
                let drawn = chart::draw(
                    &storeroom::climate_chart(&name, year, air, limits),
                    &Paper::A4_LANDSCAPE,
                    &Metrics::new(&fonts),
                );
                made.push((
                    out.join(format!("{} 库 {year} 年温湿度.svg", room.code)),
                    svg::write(&drawn).into_bytes(),
                ));
            }
            let document = storeroom::climate(&office.institution().name, &room.code, year, air, limits);
            let outcome =
                archive_catalogue::print::print_document(&document, &formats, &fonts, context.today())?;
            made.extend(outcome.files.into_iter().map(|file| (out.join(&file.file_name), file.bytes)));
        }
        files::write_all(made.iter().map(|(path, bytes)| (path.as_path(), bytes.as_slice())))?;
        for (path, _) in made {
            ui.line(path.display().to_string());
            written.push(path);
        }
    }
    for (room, air) in &airs {
        let (code, read, missing) = (&room.code, air.days.len(), air.days_missing());
        let outside: Vec<_> = air.outside().collect();
        let bad = outside.len();
        ui.tell(&text!(
            "{code} 库 {year} 年：测记 {read} 天，缺 {missing} 天，超标 {bad} 天",
            "room {code}, {year}: {read} days read, {missing} missing, {bad} outside the bounds"
        ));
        for gap in &air.missing {
            let (from, to, count) = (gap.from, gap.to, gap.count());
            ui.tell(&text!("  缺测 {from} 至 {to}（{count} 天）", "  missing {from} to {to} ({count} days)"));
        }
        for day in outside {
            let on = day.day;
            let told = |range: Option<archive_core::storeroom::climate::Range>| {
                range.map_or_else(|| "—".to_owned(), |range| format!("{:.1}–{:.1}", range.low, range.high))
            };
            let (t, h) = (told(day.temperature), told(day.humidity));
            ui.tell(&text!("  超标 {on}：{t} ℃，{h} %", "  outside {on}: {t} degrees C, {h} %"));
        }
    }
    let rooms = airs
        .iter()
        .map(|(room, air)| Room {
            room: &room.code,
            days_read: air.days.len(),
            days_missing: air.days_missing(),
            air,
        })
        .collect();
    let limits = office.profile.storeroom;
    ui.json(&Report {
        year,
        temperature: limits.temperature,
        humidity: limits.humidity,
        rooms,
        files: &written,
    })?;
    Ok(Exit::Done)
}
