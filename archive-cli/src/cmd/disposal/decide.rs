//! `archive disposal extend` and `permanent`: what appraisal decided short of destruction.

use archive_core::appraisal::{Decision, Target, falls_due};
use archive_core::text;
use archive_core::text::{Lang, Text};
use chrono::NaiveDate;
use clap::{Arg, ArgMatches, Command, value_parser};
use serde::Serialize;

use crate::args::{base, dry_run, pick, reason, reason_given};
use crate::asked;
use crate::context::Context;
use crate::error::CommandError;
use crate::exit::Exit;
use crate::office::Office;

pub(super) fn extend(lang: Lang) -> Command {
    base("extend", lang, &Text::fixed("延长保管期限", "Keep records longer"))
        .args(asked::codes(lang))
        .arg(
            Arg::new("years")
                .long("years")
                .required(true)
                .value_name(pick(lang, "年数", "YEARS"))
                .value_parser(value_parser!(u16).range(1..=200))
                .help(pick(lang, "自到期日起再保管多少年", "How many years more, from the day they are due")),
        )
        .arg(reason(lang).required(true))
        .arg(dry_run(lang))
}

pub(super) fn permanent(lang: Lang) -> Command {
    base("permanent", lang, &Text::fixed("改为永久保管", "Keep records for good"))
        .args(asked::codes(lang))
        .arg(reason(lang).required(true))
        .arg(dry_run(lang))
}

#[derive(Serialize)]
struct Report {
    records: Vec<Told>,
    dry_run: bool,
}

#[derive(Serialize)]
struct Told {
    code: String,
    /// None for what is kept for good.
    due: Option<NaiveDate>,
}

pub(super) fn run(context: &Context, matches: &ArgMatches, which: &str) -> Result<Exit, CommandError> {
    let office = Office::new(context.open()?)?;
    let repository = &office.repository;
    let decision = match matches.try_get_one::<u16>("years") {
        Ok(Some(years)) => Decision::Extend { years: *years },
        _ => Decision::Permanent,
    };
    let asked = asked::gather(matches, &[])?;
    let fonds = matches.get_one::<String>("fonds").map(String::as_str);
    let targets = asked::resolve(repository, fonds, &asked)?;
    let change = repository.begin(&context.operator, &format!("disposal {which}"), context.now)?;
    for target in &targets {
        change.appraise(target, decision, reason_given(matches))?;
    }
    let decisions = repository.decisions_by_target()?;
    let mut records = Vec::new();
    for (one, target) in asked.iter().zip(&targets) {
        let of = decisions.get(target).cloned().unwrap_or_default();
        let (year, period) = match target {
            Target::Volume { fonds, code } => {
                let volume =
                    repository.volumes_called(code)?.into_iter().find(|volume| volume.fonds == *fonds);
                volume.map_or((None, None), |volume| (Some(volume.year), Some(volume.period)))
            }
            Target::Item(id) => {
                let item = repository.item_record(*id)?;
                (item.year, item.period)
            }
            Target::Loose(_) => (None, None),
        };
        let due = year
            .zip(period)
            .and_then(|(year, period)| falls_due(year, period, &of, office.profile.appraisal));
        records.push(Told { code: one.code.clone(), due });
    }
    context.finish(change, matches)?;
    for one in &records {
        let code = &one.code;
        context.ui.tell(&match one.due {
            Some(day) => text!("{code} 保管至 {day} 再鉴定", "{code} is kept until {day}"),
            None => text!("{code} 永久保管", "{code} is kept for good"),
        });
    }
    context.said_if_dry(matches);
    context.ui.json(&Report { records, dry_run: matches.get_flag("dry-run") })?;
    Ok(Exit::Done)
}
