//! The calendar of checks: every day a reading, every half year a spot check, at the year's end a full count
//! and a clearing (H1, H3, D6).
//!
//! It is worked out from what was done, never ticked off by hand: a count that was closed is done, a month
//! is done when each of its days has a reading in each room.

use chrono::{Datelike as _, NaiveDate};
use serde::Serialize;

use super::climate::Year;
use crate::rules::RuleId;
use crate::text;
use crate::text::Text;

/// What was done in a year, as the registers have it.
#[derive(Debug, Clone, Default)]
pub struct Done {
    /// The rooms, each with its air from the first to the last day that matters.
    pub rooms: Vec<(String, Year)>,
    /// Stocktakings that were closed: the day, and whether everything was counted.
    pub counts: Vec<(NaiveDate, bool)>,
    /// Clearings of what isn't archived: destruction lists with loose papers, carried out.
    pub clearings: Vec<NaiveDate>,
}

/// Where a check stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Done.
    Done,
    /// Its day hasn't come.
    Ahead,
    /// Its day has passed.
    Overdue,
}

impl State {
    /// The word for people.
    pub const fn word(self) -> Text {
        match self {
            Self::Done => Text::fixed("已做", "done"),
            Self::Ahead => Text::fixed("未到期", "ahead"),
            Self::Overdue => Text::fixed("逾期未做", "overdue"),
        }
    }
}

/// A check of the year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// The last day to do it.
    pub by: NaiveDate,
    /// The rule that asks for it.
    pub rule: RuleId,
    /// What is to be done.
    pub what: Text,
    /// Where it stands.
    pub state: State,
    /// What was done, in words.
    pub said: Text,
}

/// The checks of a year, by their days.
pub fn of_year(year: i32, done: &Done, today: NaiveDate) -> Vec<Check> {
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    let mut checks = Vec::new();
    let mut push = |by: Option<NaiveDate>, rule, what: Text, is_done: bool, said: Text| {
        if let Some(by) = by {
            let state = match (is_done, by < today) {
                (true, _) => State::Done,
                (false, false) => State::Ahead,
                (false, true) => State::Overdue,
            };
            checks.push(Check { by, rule, what, state, said });
        }
    };
    for month in 1..=12 {
        let last = day(month, 1)
            .and_then(|first| first.checked_add_months(chrono::Months::new(1)))
            .and_then(|next| next.pred_opt());
        let Some(last) = last else { continue };
        for (room, air) in &done.rooms {
            let in_month = |on: NaiveDate| on.year() == year && on.month() == month;
            let read = air.days.iter().filter(|one| in_month(one.day)).count();
            let missing: i64 = air
                .missing
                .iter()
                .flat_map(|gap| gap.from.iter_days().take_while(|on| *on <= gap.to))
                .filter(|on| in_month(*on))
                .count()
                .try_into()
                .unwrap_or(0);
            if read == 0 && missing == 0 {
                continue;
            }
            push(
                Some(last),
                RuleId::H1,
                text!(
                    "{room} 库 {month} 月：每日测记温湿度",
                    "room {room}, month {month}: a reading every day"
                ),
                missing == 0 && last <= today,
                text!("记了 {read} 天，缺 {missing} 天", "{read} days read, {missing} missing"),
            );
        }
    }
    let counted = |from: Option<NaiveDate>, to: Option<NaiveDate>, full: bool| {
        let (from, to) = (from?, to?);
        done.counts
            .iter()
            .filter(|(on, _)| (from..=to).contains(on))
            .filter(|(_, all)| *all || !full)
            .map(|(on, _)| *on)
            .max()
    };
    let told = |on: Option<NaiveDate>| match on {
        Some(on) => text!("{on} 清点", "counted on {on}"),
        None => Text::fixed("没有清点记录", "no count is recorded"),
    };
    // The count of the year's end may be finished in January.
    let into_january = NaiveDate::from_ymd_opt(year + 1, 1, 31);
    let halves = [
        (day(1, 1), day(6, 30), day(6, 30), Text::fixed("上半年抽查", "spot check of the first half year")),
        (
            day(7, 1),
            into_january,
            day(12, 31),
            Text::fixed("下半年抽查", "spot check of the second half year"),
        ),
    ];
    for (from, to, by, what) in halves {
        let on = counted(from, to, false);
        push(by, RuleId::H3, what, on.is_some(), told(on));
    }
    let on = counted(day(11, 1), into_january, true);
    let what = Text::fixed("年终全部清点", "full count at the year's end");
    push(day(12, 31), RuleId::H3, what, on.is_some(), told(on));
    let cleared = done
        .clearings
        .iter()
        .copied()
        .filter(|on| day(11, 1).is_some_and(|from| *on >= from) && into_january.is_some_and(|to| *on <= to))
        .max();
    push(
        into_january,
        RuleId::D6,
        Text::fixed("年底清理不归档的文件", "clearing of what isn't archived"),
        cleared.is_some(),
        match cleared {
            Some(on) => text!("{on} 清理", "cleared on {on}"),
            None => Text::fixed("没有清理记录", "no clearing is recorded"),
        },
    );
    checks.sort_by(|a, b| (a.by, a.rule, &a.what).cmp(&(b.by, b.rule, &b.what)));
    checks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Storeroom;
    use crate::storeroom::climate::Reading;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2004, month, day).unwrap()
    }

    #[test]
    fn what_was_done_is_done_what_is_past_is_overdue_and_the_rest_ahead() {
        let readings: Vec<Reading> = day(1, 1)
            .iter_days()
            .take(45)
            .map(|day| Reading { day, time: None, temperature: Some(20.0), humidity: Some(50.0) })
            .collect();
        let air = Year::of(&readings, day(1, 1), day(7, 10), Storeroom::default());
        let done =
            Done { rooms: vec![("1".into(), air)], counts: vec![(day(5, 9), false)], clearings: Vec::new() };
        let checks = of_year(2004, &done, day(7, 10));
        let states: Vec<String> =
            checks.iter().map(|check| format!("{} {} {:?}", check.by, check.rule, check.state)).collect();
        assert_eq!(
            states,
            [
                "2004-01-31 H1 Done",
                "2004-02-29 H1 Overdue",
                "2004-03-31 H1 Overdue",
                "2004-04-30 H1 Overdue",
                "2004-05-31 H1 Overdue",
                "2004-06-30 H1 Overdue",
                "2004-06-30 H3 Done",
                "2004-07-31 H1 Ahead",
                "2004-12-31 H3 Ahead",
                "2004-12-31 H3 Ahead",
                "2005-01-31 D6 Ahead",
            ]
        );
    }
}
