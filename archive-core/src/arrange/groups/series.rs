//! Issues of one series: a bulletin, the minutes of a body's first, second … session.

use super::Bond;
use crate::arrange::facts::{Desk, Facts, hash};
use crate::arrange::threads::Threads;
use crate::arrange::wording::Family;

/// The title of a series without what changes from one to the next, or nothing if it is no series.
pub(crate) fn stem(facts: &Facts) -> Option<String> {
    // A body's minutes are a series whether they are counted (第2次) or told apart by their months.
    let series = facts.wording.issue.is_some()
        || facts.family() == Family::Minutes
        || (facts.family() == Family::Bulletin && facts.title.contains(['第', '次', '期']));
    if !series {
        return None;
    }
    // 政府工作简报(第3期):全县… : what follows the number is the issue's own.
    let mut stem = String::new();
    for c in facts.title.chars() {
        match c {
            '第' | '(' | '[' | '〔' | ':' | '-' => {
                if stem.chars().count() >= 3 {
                    break;
                }
            }
            c if c.is_ascii_digit() => {}
            c => stem.push(c),
        }
    }
    let stem = stem.trim_end_matches(['年', '总', '月']).to_owned();
    (stem.chars().count() >= 3).then_some(stem)
}

/// Issues of one series stand together: with the question the register gives for most of them, or by
/// themselves.
pub(super) fn join(desk: &Desk<'_>, threads: &Threads, cells: &[u64], bonds: &mut [Bond]) {
    let mut series: Vec<(u64, u32)> = Vec::new();
    for thread in 0..threads.len() {
        if matches!(bonds[thread as usize], Bond::Matter(_)) {
            // Minutes of a body that meets again and again: the register may name the body only on some.
            continue;
        }
        let head = threads.head(thread);
        if let Some(stem) = stem(desk.at(head)) {
            series.push((hash(&stem) ^ cells[thread as usize].rotate_left(32), thread));
        }
    }
    series.sort_unstable();
    for group in series.chunk_by(|a, b| a.0 == b.0) {
        let mut given: Vec<Bond> = group
            .iter()
            .map(|(_, thread)| bonds[*thread as usize])
            .filter(|bond| *bond != Bond::Alone)
            .collect();
        given.sort_unstable();
        let common = given.chunk_by(|a, b| a == b).max_by_key(|run| run.len()).map(|run| run[0]);
        let bond = match common {
            Some(bond) => bond,
            None if group.len() > 1 => Bond::Series(group[0].0),
            None => continue,
        };
        for (_, thread) in group {
            if bonds[*thread as usize] == Bond::Alone {
                bonds[*thread as usize] = bond;
            }
        }
    }
}
