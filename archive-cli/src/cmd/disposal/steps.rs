//! `archive disposal approve`, `supervise`, `handover`: the steps between a list and its end.

use archive_core::appraisal::{Handover, Supervision};
use archive_core::text;
use archive_core::text::{Lang, Text};
use chrono::NaiveDate;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use super::lists::told;
use super::{number, number_given};
use crate::args::{base, dry_run, pick};
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;

pub(super) fn approve(lang: Lang) -> Command {
    base(
        "approve",
        lang,
        &Text::fixed(
            "登记批准：经办人批准整本清册（D1）",
            "Record an approval: the operator approves the whole list (D1)",
        ),
    )
    .arg(number(lang))
    .arg(Arg::new("digest").long("digest").required(true).value_name(pick(lang, "摘要", "DIGEST")).help(
        pick(
            lang,
            "所批准的清册上印的摘要，至少前 8 位",
            "The digest printed on the list approved, its first eight characters at least",
        ),
    ))
    .arg(
        Arg::new("appraiser")
            .long("appraiser")
            .default_value("")
            .value_name(pick(lang, "姓名", "NAME"))
            .help(pick(lang, "鉴定小组负责人", "The head of the appraisal group")),
    )
    .arg(dry_run(lang))
}

pub(super) fn supervise(lang: Lang) -> Command {
    base(
        "supervise",
        lang,
        &Text::fixed("指定监销人、时间和地点（D2）", "Name supervisors, time and place (D2)"),
    )
    .arg(number(lang))
    .arg(
        Arg::new("supervisor")
            .long("supervisor")
            .required(true)
            .action(ArgAction::Append)
            .value_name(pick(lang, "姓名", "NAME"))
            .help(pick(lang, "监销人，两人以上（可重复）", "A supervisor; two at least (can be repeated)")),
    )
    .arg(Arg::new("place").long("place").required(true).value_name(pick(lang, "地点", "PLACE")).help(pick(
        lang,
        "销毁地点",
        "Where it is done",
    )))
    .arg(Arg::new("time").long("time").required(true).value_name(pick(lang, "时间", "TIME")).help(pick(
        lang,
        "销毁时间，如 2036-03-01 14:00",
        "When, e.g. 2036-03-01 14:00",
    )))
    .arg(dry_run(lang))
}

pub(super) fn handover(lang: Lang) -> Command {
    base(
        "handover",
        lang,
        &Text::fixed(
            "登记涉密清册送交保密部门（D3）",
            "Record that a classified list went to the secrecy office (D3)",
        ),
    )
    .arg(number(lang))
    .arg(
        Arg::new("office").long("office").required(true).value_name(pick(lang, "部门", "OFFICE")).help(pick(
            lang,
            "保密部门",
            "The office",
        )),
    )
    .arg(
        Arg::new("receipt")
            .long("receipt")
            .required(true)
            .value_name(pick(lang, "回执", "RECEIPT"))
            .help(pick(lang, "回执号或接收人", "Its receipt, or who took it")),
    )
    .arg(
        Arg::new("on")
            .long("on")
            .value_name(pick(lang, "日期", "DATE"))
            .value_parser(value_parser!(NaiveDate))
            .help(pick(lang, "送交日期（默认：今天）", "When (default: today)")),
    )
    .arg(dry_run(lang))
}

fn text_of(matches: &ArgMatches, name: &str) -> String {
    matches.get_one::<String>(name).map(|value| value.trim().to_owned()).unwrap_or_default()
}

pub(super) fn run_approve(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let office = Office::new(context.open()?)?;
    let repository = &office.repository;
    let (number, terms) = (number_given(matches), office.profile.appraisal);
    let change = repository.begin(&context.operator, "disposal approve", context.now)?;
    let (digest, appraiser) = (text_of(matches, "digest"), text_of(matches, "appraiser"));
    change.approve_destruction_list(number, &digest, &appraiser, terms)?;
    let list = repository.destruction_list(number)?;
    let digest = repository.destruction_list_digest(&list, terms)?;
    let (who, count) = (change.who().to_owned(), list.lines.len());
    context.finish(change, matches)?;
    context.ui.tell(&text!(
        "{who} 批准了清册 {number}（{count} 项）；此后任何改动都使批准作废",
        "{who} approved list {number} ({count} lines); any change from now on voids it"
    ));
    told(context, matches, &list, &digest)
}

pub(super) fn run_supervise(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let office = Office::new(context.open()?)?;
    let repository = &office.repository;
    let number = number_given(matches);
    let names = matches.get_many::<String>("supervisor").into_iter().flatten();
    let supervision = Supervision {
        // Names may also be given in one go, with commas between.
        supervisors: names
            .flat_map(|name| name.split(['、', ',', '，']))
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect(),
        place: text_of(matches, "place"),
        time: text_of(matches, "time"),
    };
    let change = repository.begin(&context.operator, "disposal supervise", context.now)?;
    change.supervise_destruction(number, &supervision)?;
    let list = repository.destruction_list(number)?;
    let digest = repository.destruction_list_digest(&list, office.profile.appraisal)?;
    context.finish(change, matches)?;
    let names = supervision.supervisors.join("、");
    context.ui.tell(&text!("清册 {number} 由 {names} 监销", "list {number} is supervised by {names}"));
    told(context, matches, &list, &digest)
}

pub(super) fn run_handover(context: &Context, matches: &ArgMatches) -> Result<Exit, CommandError> {
    let office = Office::new(context.open()?)?;
    let repository = &office.repository;
    let number = number_given(matches);
    let handover = Handover {
        office: text_of(matches, "office"),
        receipt: text_of(matches, "receipt"),
        on: matches.get_one::<NaiveDate>("on").copied().unwrap_or_else(|| context.today()),
    };
    let change = repository.begin(&context.operator, "disposal handover", context.now)?;
    change.hand_list_to_secrecy_office(number, &handover)?;
    let list = repository.destruction_list(number)?;
    let digest = repository.destruction_list_digest(&list, office.profile.appraisal)?;
    context.finish(change, matches)?;
    let to = &handover.office;
    context.ui.tell(&text!("清册 {number} 已送交{to}", "list {number} went to {to}"));
    told(context, matches, &list, &digest)
}
