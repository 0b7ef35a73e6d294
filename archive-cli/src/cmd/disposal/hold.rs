//! `archive disposal hold`: while one stands, nothing is destroyed.

use archive_core::appraisal::Target;
use archive_core::model::ItemId;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::{Hold, Repository};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, dry_run, pick, reason, reason_given};
use crate::asked;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::render::table;

pub(super) fn command(lang: Lang) -> Command {
    base("hold", lang, &Text::fixed("暂停处置（诉讼、审计、调查）", "Holds: lawsuits, audits, inquiries"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            base("add", lang, &Text::fixed("暂停处置", "Put records on hold"))
                .args(asked::codes(lang))
                .arg(reason(lang).required(true))
                .arg(dry_run(lang)),
            base("lift", lang, &Text::fixed("解除暂停", "Lift holds"))
                .arg(
                    Arg::new("holds")
                        .required(true)
                        .num_args(1..)
                        .value_name(pick(lang, "编号", "NUMBER"))
                        .value_parser(value_parser!(i64))
                        .help(pick(
                            lang,
                            "暂停处置的编号（hold list 列出）",
                            "Numbers of holds (hold list tells)",
                        )),
                )
                .arg(reason(lang).required(true))
                .arg(dry_run(lang)),
            base("list", lang, &Text::fixed("列出暂停处置", "List the holds")).arg(
                Arg::new("all").long("all").action(ArgAction::SetTrue).help(pick(
                    lang,
                    "连同已解除的",
                    "Also those that were lifted",
                )),
            ),
        ])
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    match matches.subcommand() {
        Some(("add", sub)) => add(context, sub),
        Some(("lift", sub)) => lift(context, sub),
        Some(("list", sub)) => show(context, sub.get_flag("all")),
        _ => Ok(Exit::Usage),
    }
}

#[derive(Serialize)]
struct Placed {
    holds: Vec<i64>,
    dry_run: bool,
}

fn add(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let repository = context.open()?;
    let asked = asked::gather(matches, &[])?;
    let fonds = matches.get_one::<String>("fonds").map(String::as_str);
    let targets = asked::resolve(&repository, fonds, &asked)?;
    let change = repository.begin(&context.operator, "disposal hold add", context.now)?;
    let mut holds = Vec::new();
    for target in &targets {
        holds.push(change.place_hold(target, reason_given(matches))?);
    }
    context.finish(change, matches)?;
    for (id, one) in holds.iter().zip(&asked) {
        let code = &one.code;
        context.ui.tell(&text!("{code} 暂停处置，编号 {id}", "{code} is on hold, number {id}"));
    }
    context.said_if_dry(matches);
    context.ui.json(&Placed { holds, dry_run: matches.get_flag("dry-run") })?;
    Ok(Exit::Done)
}

fn lift(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let repository = context.open()?;
    let change = repository.begin(&context.operator, "disposal hold lift", context.now)?;
    let holds: Vec<i64> = matches.get_many::<i64>("holds").into_iter().flatten().copied().collect();
    for id in &holds {
        change.lift_hold(*id, reason_given(matches))?;
    }
    context.finish(change, matches)?;
    for id in &holds {
        context.ui.tell(&text!("{id} 号已解除", "hold {id} is lifted"));
    }
    context.said_if_dry(matches);
    context.ui.json(&Placed { holds, dry_run: matches.get_flag("dry-run") })?;
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct Told {
    id: i64,
    code: String,
    reason: String,
    who: String,
    since: String,
    lifted: Option<String>,
    lifted_by: Option<String>,
    lifted_why: Option<String>,
}

#[derive(Serialize)]
struct List {
    holds: Vec<Told>,
}

fn show(context: &Context, all: bool) -> Result<Exit, CommandError> {
    let ui = &context.ui;
    let repository = context.open()?;
    let mut holds = Vec::new();
    for Hold { id, target, reason, who, since, lifted } in repository.holds()? {
        if lifted.is_some() && !all {
            continue;
        }
        let (when, by, why) = lifted.map_or((None, None, None), |(a, b, c)| (Some(a), Some(b), Some(c)));
        let code = code_of(&repository, &target)?;
        holds.push(Told { id, code, reason, who, since, lifted: when, lifted_by: by, lifted_why: why });
    }
    let rows: Vec<Vec<String>> = holds
        .iter()
        .map(|hold| {
            let state = match &hold.lifted {
                Some(when) => ui.say(&text!("{when} 解除", "lifted at {when}")).to_owned(),
                None => String::new(),
            };
            let since = hold.since.get(..10).unwrap_or(&hold.since).to_owned();
            vec![hold.id.to_string(), hold.code.clone(), since, hold.who.clone(), hold.reason.clone(), state]
        })
        .collect();
    for line in table::lines(&rows) {
        ui.line(line.trim_end());
    }
    if holds.is_empty() {
        ui.tell(&Text::fixed("没有暂停处置的", "nothing is on hold"));
    }
    ui.json(&List { holds })?;
    Ok(Exit::Done)
}

/// What people call a record.
pub(crate) fn code_of(repository: &Repository, target: &Target) -> Result<String, CommandError> {
    Ok(match target {
        Target::Volume { code, .. } => code.clone(),
        Target::Item(id) => {
            let ItemId(_) = id;
            let item = repository.item_record(*id)?;
            match (item.volume, item.item_no) {
                (Some(volume), Some(number)) => format!("{volume}-{number:03}"),
                _ => format!("序号{}", item.row),
            }
        }
        Target::Loose(title) => title.clone(),
    })
}
