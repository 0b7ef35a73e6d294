//! D, H and X3: the registers of disposal and of the storeroom, judged.
//!
//! The program itself refuses what these clauses forbid; a register that was kept on paper, came from another
//! program or was changed behind its back is judged here all the same.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, NaiveDate};

use super::RuleId;
use super::checking::Desk;
use super::holdings::Stage;
use super::registers::{DisposalFact, DisposalLine};
use crate::finding::{Finding, Place, Severity};
use crate::model::SecrecyLevel;
use crate::storeroom::climate::{Reading, Year};
use crate::text;
use crate::text::Text;

pub(super) fn check(desk: &mut Desk<'_>) {
    if desk.holdings.stage != Stage::Repository {
        return;
    }
    let registers = desk.holdings.registers;
    for list in &registers.disposals {
        disposal(desk, list);
    }
    cleared(desk);
    climate(desk);
    places(desk);
    counts(desk);
    for one in &registers.accessions {
        let Some(shelved) = one.shelved else { continue };
        let late = one.disinfected.is_none_or(|day| day > shelved);
        if late {
            let no = &one.no;
            say(
                desk,
                RuleId::X3,
                &text!("接收 {no}", "accession {no}"),
                None,
                text!(
                    "{shelved} 入库时还没有消毒除尘",
                    "it entered the storeroom on {shelved} without being disinfected"
                ),
            );
        }
    }
}

/// A finding on a line of a register. It names no volume: what is wrong is the register, and it holds nothing back.
fn say(desk: &mut Desk<'_>, rule: RuleId, register: &Text, row: Option<usize>, message: Text) {
    desk.findings.push(Finding::new(rule, place(register, row), message));
}

fn place(register: &Text, row: Option<usize>) -> Place {
    Place {
        file: Some(register.zh.clone().into_owned()),
        row: row.and_then(|row| u32::try_from(row).ok()),
        ..Place::default()
    }
}

fn disposal(desk: &mut Desk<'_>, list: &DisposalFact) {
    let no = &list.no;
    let named = text!("销毁清册 {no}", "destruction list {no}");
    if list.destroyed.is_some() && (list.approved.is_none() || list.approved_by.trim().is_empty()) {
        say(
            desk,
            RuleId::D1,
            &named,
            None,
            Text::fixed("没有批准就销毁了", "it was carried out without an approval"),
        );
    }
    if list.approved.is_some() && same(&list.approved_by, &list.drawn_up_by) {
        let who = list.approved_by.trim();
        say(
            desk,
            RuleId::D1,
            &named,
            None,
            text!("编制人自己批准：{who}", "who drew it up approved it: {who}"),
        );
    }
    if list.changed_since {
        say(
            desk,
            RuleId::D1,
            &named,
            None,
            Text::fixed("批准之后有改动，批准作废", "it changed after the approval, which is void"),
        );
    }
    if list.destroyed.is_some() {
        let people: BTreeSet<String> =
            list.supervisors.iter().map(|name| key(name)).filter(|name| !name.is_empty()).collect();
        if people.len() < 2 {
            let count = people.len();
            say(desk, RuleId::D2, &named, None, text!("监销只有 {count} 人", "{count} supervised it"));
        }
        if people.contains(&key(&list.drawn_up_by)) {
            let who = list.drawn_up_by.trim();
            say(
                desk,
                RuleId::D2,
                &named,
                None,
                text!("编制人自己监销：{who}", "who drew it up supervised it: {who}"),
            );
        }
        if list.place.trim().is_empty() {
            say(
                desk,
                RuleId::D2,
                &named,
                None,
                Text::fixed("没有写销毁地点", "where it was done isn't recorded"),
            );
        }
    }
    let by = list.destroyed.unwrap_or(desk.today);
    for (at, line) in list.lines.iter().enumerate() {
        of_line(desk, list, line, &named, at + 1, by);
    }
}

fn of_line(
    desk: &mut Desk<'_>,
    list: &DisposalFact,
    line: &DisposalLine,
    named: &Text,
    row: usize,
    by: NaiveDate,
) {
    let code = &line.volume;
    if line.reason.trim().is_empty() {
        say(desk, RuleId::D1, named, Some(row), text!("{code} 没有写销毁理由", "{code} has no reason"));
    }
    match line.due {
        None => {
            say(
                desk,
                RuleId::D1,
                named,
                Some(row),
                text!("{code} 永久保管，不该列入", "{code} is kept for good"),
            );
        }
        Some(due) if due > by => {
            say(
                desk,
                RuleId::D1,
                named,
                Some(row),
                text!("{code} 到 {due} 才到期", "{code} isn't due before {due}"),
            );
        }
        Some(_) => {}
    }
    if line.level != SecrecyLevel::None && !list.by_secrecy_office {
        let level = line.level.word();
        say(
            desk,
            RuleId::D3,
            named,
            Some(row),
            text!("{code} 是{level}件，列在普通清册上", "{code} is classified {level} on an ordinary list"),
        );
    }
    if line.duplicate && !line.original_destroyed {
        say(
            desk,
            RuleId::D4,
            named,
            Some(row),
            text!("{code} 是副本，档案馆的正卷没有销毁", "{code} is a duplicate whose original is kept"),
        );
    }
}

/// D6: a year that is over without a clearing, from the first year the office kept destruction lists.
fn cleared(desk: &mut Desk<'_>) {
    let registers = desk.holdings.registers;
    let first = registers
        .disposals
        .iter()
        .filter_map(|list| list.destroyed)
        .chain(registers.clearings.iter().filter_map(|one| one.day))
        .map(|day| day.year())
        .min();
    let Some(first) = first else { return };
    let done: BTreeSet<i32> = registers.clearings.iter().map(|one| one.year).collect();
    // The clearing may be done early in the next year (福田《文件销毁制度》二).
    let over = |year: i32| NaiveDate::from_ymd_opt(year + 1, 1, 31).is_some_and(|day| day < desk.today);
    let missing: Vec<i32> =
        (first..desk.today.year()).filter(|year| over(*year) && !done.contains(year)).collect();
    for year in missing {
        say(
            desk,
            RuleId::D6,
            &text!("{year} 年度", "{year}"),
            None,
            text!(
                "{year} 年底没有清理不归档的文件",
                "what isn't archived wasn't cleared at the end of {year}"
            ),
        );
    }
}

/// H1: days nobody looked, and days on which the air was wrong, run together.
fn climate(desk: &mut Desk<'_>) {
    let registers = desk.holdings.registers;
    let limits = desk.profile.storeroom;
    let mut by_room: BTreeMap<&str, Vec<Reading>> = BTreeMap::new();
    for one in &registers.climate {
        if let Some(day) = one.day {
            let reading = Reading { day, time: None, temperature: one.temperature, humidity: one.humidity };
            by_room.entry(&one.room).or_default().push(reading);
        }
    }
    for room in &registers.rooms {
        let readings = by_room.remove(room.name.as_str()).unwrap_or_default();
        let Some(from) = room.since else { continue };
        // Today isn't over.
        let Some(yesterday) = desk.today.pred_opt() else { continue };
        let to = room.until.unwrap_or(yesterday).min(yesterday);
        if from > to {
            continue;
        }
        let year = Year::of(&readings, from, to, limits);
        let name = &room.name;
        let named = text!("{name} 库", "room {name}");
        for gap in &year.missing {
            let (from, to, count) = (gap.from, gap.to, gap.count());
            let message = if count == 1 {
                text!("{from} 没有测记温湿度", "no reading on {from}")
            } else {
                text!(
                    "{from} 至 {to} 没有测记温湿度（{count} 天）",
                    "no reading from {from} to {to} ({count} days)"
                )
            };
            say(desk, RuleId::H1, &named, None, message);
        }
        let mut runs: Vec<(NaiveDate, NaiveDate, Vec<String>)> = Vec::new();
        for day in year.outside() {
            let mut said = Vec::new();
            if let Some(range) = day.temperature.filter(|_| day.too_hot_or_cold) {
                said.push(format!("{:.1}–{:.1} ℃", range.low, range.high));
            }
            if let Some(range) = day.humidity.filter(|_| day.too_dry_or_damp) {
                said.push(format!("{:.1}–{:.1} %", range.low, range.high));
            }
            let said = said.join("，");
            match runs.last_mut() {
                Some((_, last, all)) if last.succ_opt() == Some(day.day) => {
                    *last = day.day;
                    all.push(said);
                }
                _ => runs.push((day.day, day.day, vec![said])),
            }
        }
        for (from, to, said) in runs {
            let (count, first) = (said.len(), said.first().cloned().unwrap_or_default());
            let message = if count == 1 {
                text!("{from} 温湿度超标：{first}", "outside the bounds on {from}: {first}")
            } else {
                text!(
                    "{from} 至 {to} 温湿度超标（{count} 天，首日 {first}）",
                    "outside the bounds from {from} to {to} ({count} days, {first} on the first)"
                )
            };
            say(desk, RuleId::H1, &named, None, message);
        }
    }
}

/// H2: a volume nobody knows the place of.
fn places(desk: &mut Desk<'_>) {
    for one in desk.holdings.registers.places.iter().filter(|one| one.place.trim().is_empty()) {
        let code = &one.volume;
        let place = Place { volume: Some(code.clone()), ..Place::default() };
        let message = text!("{code} 位置不明", "nobody knows where {code} is");
        desk.findings.push(Finding::new(RuleId::H2, place, message));
    }
}

/// H3: a difference nobody settled; and half years and years that passed without a count, once there are rooms.
fn counts(desk: &mut Desk<'_>) {
    let registers = desk.holdings.registers;
    for count in &registers.counts {
        let (expected, found) = (count.expected, count.found);
        if expected != found && count.settled.trim().is_empty() {
            let day = count.day.map_or_else(String::new, |day| day.to_string());
            say(
                desk,
                RuleId::H3,
                &text!("清点 {day}", "count of {day}"),
                None,
                text!(
                    "应有 {expected} 卷，实有 {found} 卷，没有写明处理",
                    "{expected} expected, {found} found, and no note how that was settled"
                ),
            );
        }
    }
    let Some(first) = registers.rooms.iter().filter_map(|room| room.since).min() else { return };
    let date = NaiveDate::from_ymd_opt;
    let mut late = Vec::new();
    for year in first.year()..=desk.today.year() {
        let halves = [
            (date(year, 1, 1), date(year, 6, 30), date(year, 6, 30), false),
            (date(year, 7, 1), date(year + 1, 1, 31), date(year + 1, 1, 31), true),
        ];
        for (from, to, by, full) in halves {
            let (Some(from), Some(to), Some(by)) = (from, to, by) else { continue };
            let counted = registers
                .counts
                .iter()
                .filter(|count| count.full || !full)
                .any(|count| count.day.is_some_and(|day| (from..=to).contains(&day)));
            if !counted && by < desk.today && first <= from {
                late.push((year, full));
            }
        }
    }
    for (year, full) in late {
        let message = if full {
            text!("{year} 年终没有全部清点", "no full count at the end of {year}")
        } else {
            text!("{year} 年上半年没有抽查", "no spot check in the first half of {year}")
        };
        let finding = Finding::new(RuleId::H3, place(&Text::fixed("库房清点", "counts"), None), message);
        desk.findings.push(finding.at(Severity::Warning));
    }
}

fn same(one: &str, other: &str) -> bool {
    key(one) == key(other)
}

/// A name as it is compared: blanks don't make another person.
fn key(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}
