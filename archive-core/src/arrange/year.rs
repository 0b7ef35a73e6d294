//! The year an item belongs to (所属年度, V1).
//!
//! By the policy `content` a plan, summary, budget, statistic or report goes to the year it speaks of, by
//! `signing` everything goes to the year of its date. Tied items take the year of the head of their thread
//! (the reply's, the main document's), and a case or meeting that ran over the year's end the year it closed.

use chrono::Datelike as _;

use crate::finding::{Finding, Place};
use crate::model::{ItemId, Why, YearOf};
use crate::profile::YearPolicy;
use crate::rules::RuleId;
use crate::text;

use super::facts::{Desk, Facts};
use super::shares;
use super::threads::Threads;
use super::ties::is_case;
use super::wording::{self, Family, leading_number};

/// The years a title speaks of, first and last: 2004年, 2004年度, 2003—2005年, 第十一个五年.
fn years_in(text: &str) -> Option<(i32, i32)> {
    let mut found: Option<(i32, i32)> = None;
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut at = 0;
    while at < chars.len() {
        let (value, length) = year_at(&chars[at..]);
        let Some(year) = value else {
            at += 1;
            continue;
        };
        let after = chars.get(at + length).map(|(_, c)| *c);
        if matches!(after, Some('-' | '至' | '到')) {
            // A span: 2003-2005年, 2003年至2005年 is met below.
            let (end, end_length) = year_at(&chars[at + length + 1..]);
            if let Some(end) = end.filter(|end| *end >= year) {
                return Some(found.map_or((year, end), |(first, _)| (first, end)));
            }
            let _ = end_length;
        }
        if after == Some('年') {
            let then = chars.get(at + length + 1).map(|(_, c)| *c);
            if matches!(then, Some('-' | '至' | '到')) {
                let (end, _) = year_at(&chars[at + length + 2..]);
                if let Some(end) = end.filter(|end| *end >= year) {
                    return Some(found.map_or((year, end), |(first, _)| (first, end)));
                }
            }
            if found.is_none() {
                found = Some((year, year));
            }
        }
        at += length;
    }
    found.or_else(|| five_years(text))
}

/// Whether a text names several years one by one (2003年…和2004年…), not as a span.
fn names_several(text: &str) -> bool {
    let mut years: Vec<i32> = single_years(text);
    years.dedup();
    years.len() > 1
}

fn names_year(text: &str, year: i32) -> bool {
    single_years(text).contains(&year)
}

/// The years a text names that are no ends of a span.
fn single_years(text: &str) -> Vec<i32> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut years = Vec::new();
    let mut at = 0;
    let mut spans = false;
    while at < chars.len() {
        let (value, length) = year_at(&chars[at..]);
        if let Some(year) = value {
            let after = chars.get(at + length).map(|(_, c)| *c);
            let then = chars.get(at + length + 1).map(|(_, c)| *c);
            let joins = |c: Option<char>| matches!(c, Some('-' | '至' | '到'));
            let opens = joins(after) || after == Some('年') && joins(then);
            if after == Some('年') && !opens && !spans {
                years.push(year);
            }
            spans = opens;
            at += length;
        } else {
            at += 1;
        }
    }
    years
}

/// A year at the head: four digits or four Chinese digits, from 1900 to 2100, and how many characters it takes.
fn year_at(chars: &[(usize, char)]) -> (Option<i32>, usize) {
    let mut value = 0;
    let mut length = 0;
    for (_, c) in chars.iter().take(5) {
        let digit = match c {
            '0'..='9' => u32::from(*c) - u32::from('0'),
            '〇' | '零' | 'O' | 'o' | '○' => 0,
            '一' => 1,
            '二' => 2,
            '三' => 3,
            '四' => 4,
            '五' => 5,
            '六' => 6,
            '七' => 7,
            '八' => 8,
            '九' => 9,
            _ => break,
        };
        value = value * 10 + i32::try_from(digit).unwrap_or(0);
        length += 1;
    }
    ((length == 4 && (1900..=2100).contains(&value)).then_some(value), length)
}

/// The years of the five-year plans: 第十一个五年, “十一五”.
fn five_years(text: &str) -> Option<(i32, i32)> {
    let number = |n: u32| -> Option<(i32, i32)> {
        let n = i32::try_from(n).ok()?;
        let first = match n {
            1 | 2 => 1953 + 5 * (n - 1),
            3 => 1966,
            4..=30 => 1971 + 5 * (n - 4),
            _ => return None,
        };
        Some((first, first + 4))
    };
    if let Some(at) = text.find("个五年") {
        let before = &text[..at];
        let from = before.rfind('第')? + '第'.len_utf8();
        let (n, used) = leading_number(&before[from..])?;
        return (from + used == at).then(|| number(n)).flatten();
    }
    // 十五, 十一五: only before 规划, 计划, 期间, 时期.
    for mark in ["规划", "计划", "期间", "时期"] {
        if let Some(at) = text.find(mark) {
            let before = text[..at].strip_suffix('五')?;
            let digits: Vec<char> =
                before.chars().rev().take_while(|c| "一二三四五六七八九十".contains(*c)).collect();
            let count: String = digits.into_iter().rev().collect();
            if let Some((n, _)) = leading_number(&count)
                && n >= 5
            {
                return number(n);
            }
        }
    }
    None
}

/// What the title's own type says of the year, following what is forwarded or issued.
fn speaks_of(facts: &Facts) -> Option<(YearOf, &str)> {
    let by_family = |family: Family| match family {
        Family::Plan | Family::Budget => Some(YearOf::Plan),
        Family::Summary | Family::Statistic | Family::Report => Some(YearOf::Summary),
        _ => None,
    };
    let bare = facts.bare();
    match facts.family() {
        // 关于印发2005年工作计划的通知, 关于编制2005年预算的通知, 关于批准2003年决算的决议: what it is about counts.
        Family::Notice | Family::Decision | Family::Reply | Family::Proposal => {
            let (text, passing) = match (facts.wording.act, facts.inner()) {
                (Some(_), Some(inner)) => (inner, true),
                _ => (facts.subject(), false),
            };
            let wording = wording::read(text);
            let kind = wording.kind();
            let of = by_family(kind.family)?;
            // A notice that only mentions a report stays with its date.
            let counts = passing || matches!(kind.family, Family::Budget | Family::Statistic);
            (counts && kind.family != Family::Report).then_some((of, text))
        }
        family => by_family(family).map(|of| (of, bare)),
    }
}

/// The year of one item by itself.
fn own(desk: &Desk<'_>, place: u32) -> Option<(i32, Why)> {
    let facts = desk.at(place);
    let item = desk.item(place);
    if let Some(decided) = desk.decisions.years.get(&item.id) {
        return Some((decided.value, Why::YearDecided(decided.value)));
    }
    if let Some(year) = item.year {
        return Some((year, Why::YearGiven(year)));
    }
    let dated = facts.date.map(|date| date.first_day().year());
    if desk.profile.years.policy == YearPolicy::Content
        && let Some((of, text)) = speaks_of(facts)
        && let Some((first, last)) = years_in(text)
    {
        // Last year's accounts and this year's budget in one report: its own year, if that is among them.
        let among = dated.filter(|dated| {
            names_several(text) && (*dated == first || *dated == last || names_year(text, *dated))
        });
        // A summary tells of no year to come: the table of December in 2011-2012年度 is of 2011.
        let told = dated.map_or(last, |dated| if first <= dated { last.min(dated) } else { last });
        let year = among.unwrap_or(if of == YearOf::Plan { first } else { told });
        // A title that speaks of years far from its date tells history, not its year.
        let near = dated.is_none_or(|dated| (dated - 3..=dated + 3).contains(&year));
        if near {
            if Some(year) == dated {
                return Some((year, Why::YearOfDate(year)));
            }
            return Some((year, Why::YearOfContent(year, of)));
        }
    }
    let numbered = item.number.iter().flat_map(|number| &number.parts).find_map(|parts| parts.year);
    if let Some(year) = dated {
        // Numbers begin anew with the year: what is dated in December and numbered in the next is of the next.
        let december = facts.date.is_some_and(|date| date.first_day().month() == 12);
        if desk.profile.years.policy == YearPolicy::Content && december && numbered == Some(year + 1) {
            return Some((year + 1, Why::YearNumbered(year + 1)));
        }
        return Some((year, Why::YearOfDate(year)));
    }
    if let Some(year) = numbered {
        return Some((year, Why::YearOfNumber(year)));
    }
    // Without date and number: a year the title names, whatever its type.
    years_in(&facts.title).map(|(_, last)| (last, Why::YearOfContent(last, YearOf::Summary)))
}

/// Whether a matter is one meeting or case, which closes, and not a series of meetings through the years.
fn closes(matter: &str) -> bool {
    is_case(matter) || matter.contains('会')
}

/// The most days between papers of one meeting, and of one case.
const MEETING_DAYS: i32 = 45;
const CASE_DAYS: i32 = 400;

/// The year and its reason for each place.
pub(crate) fn settle(desk: &Desk<'_>, threads: &Threads) -> (Vec<(i32, Why)>, Vec<Finding>) {
    let mut findings = Vec::new();
    let own = shares::each(desk.len(), |run| run.map(|place| own(desk, place)).collect());
    let usual = most_common(own.iter().flatten().map(|(year, _)| *year)).unwrap_or(1970);
    let closed = closing_years(desk, threads);

    let mut years = vec![(usual, Why::YearAssumed(usual)); desk.facts.len()];
    for thread in 0..threads.len() {
        let items = threads.items(thread);
        let decided = items.iter().find_map(|place| {
            own[*place as usize].filter(|(_, why)| matches!(why, Why::YearDecided(_))).map(|y| (*place, y))
        });
        let given = |place: u32| own[place as usize].filter(|(_, why)| matches!(why, Why::YearGiven(_)));
        let closing = items.iter().find_map(|place| closed[*place as usize]);
        let (source, (year, why)) = if let Some((place, year)) = decided {
            (place, year)
        } else if let Some(year) = given(items[0]) {
            (items[0], year)
        } else if let Some(year) = closing {
            (items[0], (year, Why::YearClosed(year)))
        } else if let Some(year) = own[items[0] as usize] {
            (items[0], year)
        } else if let Some((place, year)) =
            items.iter().find_map(|place| own[*place as usize].map(|year| (*place, year)))
        {
            (place, year)
        } else {
            let item = desk.item(items[0]);
            findings.push(Finding::new(
                RuleId::V1,
                place_of(item),
                text!(
                    "既无日期也无文号，年度暂定 {usual}",
                    "it has neither date nor number; its year is taken to be {usual}"
                ),
            ));
            (items[0], (usual, Why::YearAssumed(usual)))
        };
        let source_id: ItemId = desk.item(source).id;
        for place in items {
            let mine = own[*place as usize];
            years[*place as usize] = if *place == source {
                (year, why)
            } else if let Some((own_year, own_why)) = mine.filter(|(own, _)| *own == year) {
                (own_year, own_why)
            } else if let Why::YearClosed(_) = why {
                (year, why)
            } else {
                if let Some((set, Why::YearGiven(_) | Why::YearDecided(_))) = mine {
                    let item = desk.item(*place);
                    let row = &desk.item(source).row;
                    findings.push(Finding::new(
                        RuleId::V1,
                        place_of(item),
                        text!(
                            "注明年度 {set}，而与之同组的序号 {row} 属 {year} 年；同组文件归一个年度",
                            "its year is given as {set}, but row {row}, to which it is tied, is of {year}"
                        ),
                    ));
                }
                (year, Why::YearOfTie(source_id))
            };
        }
    }
    (years, findings)
}

fn place_of(item: &crate::model::Item) -> Place {
    Place {
        file: (!item.origin.register.is_empty()).then(|| item.origin.register.clone()),
        row: (item.origin.row > 0).then_some(item.origin.row),
        column: Some("年度".to_owned()),
        item: Some(item.row.clone()),
        ..Place::default()
    }
}

/// The year each meeting or case closed, for places whose matter ran over the year's end.
fn closing_years(desk: &Desk<'_>, threads: &Threads) -> Vec<Option<i32>> {
    let mut closed = vec![None; desk.facts.len()];
    let mut papers: Vec<(u32, u32)> = (0..desk.len())
        .map(|place| (desk.at(place).matter, place))
        .filter(|(matter, _)| *matter != 0 && closes(desk.words.get(*matter)))
        .collect();
    papers.sort_unstable();
    for matter in papers.chunk_by(|a, b| a.0 == b.0) {
        let case = is_case(desk.words.get(matter[0].0));
        let most = if case { CASE_DAYS } else { MEETING_DAYS };
        // Places grow with the date: runs without a longer gap are one meeting or case.
        let dated: Vec<(i32, u32)> =
            matter.iter().filter_map(|(_, place)| desk.at(*place).day().map(|day| (day, *place))).collect();
        if !case {
            let whole = dated.last().zip(dated.first()).map_or(0, |(last, first)| last.0 - first.0);
            if whole > 4 * MEETING_DAYS {
                continue; // a series of meetings
            }
        }
        for run in dated.chunk_by(|a, b| b.0 - a.0 <= most) {
            let year = |place: u32| desk.at(place).date.map(|date| date.first_day().year());
            let (Some(first), Some(last)) = (year(run[0].1), year(run[run.len() - 1].1)) else { continue };
            if first == last {
                continue;
            }
            // A case closes with its conclusion, on whose year all that is tied to it goes anyway.
            let closing = if case {
                run.iter()
                    .map(|(_, place)| threads.head(threads.of(*place)))
                    .filter_map(year)
                    .max()
                    .unwrap_or(last)
            } else {
                last
            };
            for (_, place) in run {
                closed[*place as usize] = Some(closing);
            }
        }
    }
    closed
}

/// The value met most often; the greatest of equals.
fn most_common(values: impl Iterator<Item = i32>) -> Option<i32> {
    let mut values: Vec<i32> = values.collect();
    values.sort_unstable();
    values.chunk_by(|a, b| a == b).max_by_key(|run| run.len()).map(|run| run[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_years_a_title_speaks_of_are_read() {
        assert_eq!(years_in("2004年工作总结"), Some((2004, 2004)));
        assert_eq!(years_in("二〇〇四年度统计年报"), Some((2004, 2004)));
        assert_eq!(years_in("2006-2010年发展规划"), Some((2006, 2010)));
        assert_eq!(years_in("2003年至2005年扶贫工作总结"), Some((2003, 2005)));
        assert_eq!(years_in("第十一个五年规划纲要"), Some((2006, 2010)));
        assert_eq!(years_in("十五计划"), Some((2001, 2005)));
        assert_eq!(years_in("国发2004第3号"), None);
        assert_eq!(years_in("2004年总结和2005年计划"), Some((2004, 2004)));
    }
}
