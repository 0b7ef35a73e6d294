//! General plans, summaries and statistics: an office that names a question for them (计划总结) means all of them.

use super::Bond;
use crate::arrange::facts::Desk;
use crate::arrange::threads::Threads;
use crate::arrange::wording::{Family, Kind};

/// What the name of a question made of types alone is made of.
const TYPE_WORDS: [&str; 18] = [
    "年度", "工作", "综合", "计划", "总结", "统计", "要点", "报表", "规划", "材料", "情况", "年报", "安排",
    "及", "和", "与", "、", "类",
];

/// Whether a question's name says plans and summaries, and nothing else.
fn names_plans(name: &str) -> bool {
    let rest = TYPE_WORDS.iter().fold(name.to_owned(), |rest, word| rest.replace(word, ""));
    rest.is_empty() && ["计划", "总结", "统计", "要点"].iter().any(|word| name.contains(word))
}

/// Whether papers of this type are plans, summaries or yearly statistics, and not budgets, schedules or tables.
fn is_general(kind: &Kind) -> bool {
    match kind.family {
        Family::Summary => true,
        Family::Plan => ["计划", "要点", "规划", "纲要", "思路"].iter().any(|word| kind.word.contains(word)),
        Family::Statistic => kind.word.contains("年报") || kind.word.contains("公报"),
        _ => false,
    }
}

/// Plans and summaries that no other question claimed join the question named for them.
pub(super) fn join(desk: &Desk<'_>, threads: &Threads, cells: &[u64], bonds: &mut [Bond]) {
    let mut known: Vec<(u32, bool)> = Vec::new();
    let mut named: Vec<(u64, Bond)> = Vec::new();
    for (bond, cell) in bonds.iter().zip(cells) {
        let Bond::Question(word) = *bond else { continue };
        let plans = match known.binary_search_by_key(&word, |(word, _)| *word) {
            Ok(at) => known[at].1,
            Err(at) => {
                let plans = names_plans(desk.words.get(word));
                known.insert(at, (word, plans));
                plans
            }
        };
        if plans {
            named.push((*cell, *bond));
        }
    }
    if named.is_empty() {
        return;
    }
    named.sort_unstable();
    named.dedup_by_key(|(cell, _)| *cell);
    for thread in 0..threads.len() {
        let at = thread as usize;
        let head = threads.head(thread);
        if bonds[at] == Bond::Alone
            && is_general(desk.at(head).kind())
            && let Ok(found) = named.binary_search_by_key(&cells[at], |(cell, _)| *cell)
        {
            bonds[at] = named[found].1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_of_types_alone_is_told_from_one_of_a_matter() {
        assert!(names_plans("计划总结"));
        assert!(names_plans("年度工作计划、总结和统计"));
        assert!(!names_plans("计划生育"));
        assert!(!names_plans("工作"));
        assert!(!names_plans(""));
    }
}
