//! Retention periods (保管期限): given, or proposed from the table of scope, judged for the whole question.
//!
//! What a person set stands. Tied items take the longest period among them (V3). Where nobody set one,
//! the line of the table of scope that fits best proposes it (R2), and inside one question or meeting
//! the main record decides for those whose period nobody set (V6).

use aho_corasick::AhoCorasick;

use crate::model::{RetentionPeriod, Why};
use crate::profile::{Maker, ScopeLine};

use super::facts::{Desk, same_body};
use super::threads::Threads;
use super::weight;

/// Who made an item, seen from the institution.
fn maker(desk: &Desk<'_>, place: u32) -> Maker {
    let body = desk.body(place);
    let house = &desk.house;
    if body.is_empty() || same_body(body, house) || house.starts_with(body) {
        return Maker::Own;
    }
    weight::level(body, house)
}

/// The table of scope made ready: each of its words is looked for once in a text, however many lines bear it.
struct Scope<'p> {
    lines: &'p [ScopeLine],
    finder: Option<AhoCorasick>,
    /// The words of each line, as places in the list of words: any, all, none.
    words: Vec<[Vec<usize>; 3]>,
    /// How many characters each word has.
    lengths: Vec<u32>,
}

impl<'p> Scope<'p> {
    fn new(lines: &'p [ScopeLine]) -> Self {
        let mut list: Vec<&str> = lines
            .iter()
            .flat_map(|line| line.any.iter().chain(&line.all).chain(&line.none))
            .map(String::as_str)
            .collect();
        list.sort_unstable();
        list.dedup();
        list.retain(|word| !word.is_empty());
        let places = |words: &[String]| -> Vec<usize> {
            words.iter().filter_map(|word| list.binary_search(&word.as_str()).ok()).collect()
        };
        let words =
            lines.iter().map(|line| [places(&line.any), places(&line.all), places(&line.none)]).collect();
        let lengths = list.iter().map(|word| chars(word)).collect();
        Self { lines, finder: AhoCorasick::new(&list).ok(), words, lengths }
    }

    /// The line that fits an item best; the first of equals.
    fn best_line(&self, desk: &Desk<'_>, place: u32, seen: &mut Vec<bool>) -> Option<u32> {
        let finder = self.finder.as_ref()?;
        if self.lines.is_empty() {
            return None;
        }
        let item = desk.item(place);
        seen.clear();
        seen.resize(self.lengths.len(), false);
        let mut look = |text: &str| {
            for found in finder.find_overlapping_iter(text) {
                seen[found.pattern().as_usize()] = true;
            }
        };
        look(&desk.at(place).title);
        for more in [&item.question, &item.meeting_or_case, &item.doc_type].into_iter().flatten() {
            look(more);
        }
        let maker = maker(desk, place);
        let mut best: Option<(u32, usize)> = None;
        for (index, line) in self.lines.iter().enumerate() {
            let fit = self.fit(desk, place, index, line, seen, maker);
            if fit > 0 && best.is_none_or(|(top, _)| fit > top) {
                best = Some((fit, index));
            }
        }
        best.and_then(|(_, index)| u32::try_from(index).ok())
    }

    /// How well a line fits an item: 0 if it doesn't.
    fn fit(
        &self,
        desk: &Desk<'_>,
        place: u32,
        index: usize,
        line: &ScopeLine,
        seen: &[bool],
        maker: Maker,
    ) -> u32 {
        let [any, all, none] = &self.words[index];
        if none.iter().any(|word| seen[*word]) || !all.iter().all(|word| seen[*word]) {
            return 0;
        }
        let longest = any.iter().filter(|word| seen[**word]).map(|word| self.lengths[*word]).max();
        if longest.is_none() && !line.any.is_empty() {
            return 0;
        }
        if !line.makers.is_empty() && !line.makers.contains(&maker) {
            return 0;
        }
        // What the title says counts before what type it is, and both before who made it.
        let mut fit =
            1 + 100 * (longest.unwrap_or(0) + all.iter().map(|word| self.lengths[*word]).sum::<u32>());
        if !line.types.is_empty() {
            let word = desk.at(place).kind().word;
            let given = desk.item(place).doc_type.as_deref().unwrap_or_default();
            let of_type =
                |kind: &String| (!word.is_empty() && word.ends_with(kind.as_str())) || given == kind;
            if !line.types.iter().any(of_type) {
                return 0;
            }
            fit += 10;
        }
        if !line.makers.is_empty() {
            fit += 4;
        }
        fit
    }
}

fn chars(word: &str) -> u32 {
    u32::try_from(word.chars().count()).unwrap_or(u32::MAX).min(1000)
}

/// A period set by a person, if there is one.
fn set(desk: &Desk<'_>, place: u32) -> Option<(RetentionPeriod, Why)> {
    let item = desk.item(place);
    if let Some(decided) = desk.decisions.periods.get(&item.id) {
        return Some((decided.value, Why::PeriodDecided(decided.value)));
    }
    item.period.map(|period| (period, Why::PeriodGiven(period)))
}

/// The period and its reason for each place. `group` tells the question of each thread: threads of one
/// group are judged together.
pub(crate) fn settle(desk: &Desk<'_>, threads: &Threads, groups: &[u64]) -> Vec<(RetentionPeriod, Why)> {
    let middle = {
        let periods = desk.profile.retention.scheme.periods();
        periods.get(periods.len() / 2).copied().unwrap_or(RetentionPeriod::Permanent)
    };
    let scope = Scope::new(&desk.profile.retention.scope);
    let mut seen = Vec::new();
    let own: Vec<(RetentionPeriod, Why)> = (0..desk.len())
        .map(|place| {
            set(desk, place).unwrap_or_else(|| {
                scope.best_line(desk, place, &mut seen).map_or((middle, Why::PeriodAssumed(middle)), |line| {
                    (desk.profile.retention.scope[line as usize].period, Why::PeriodByLine(line))
                })
            })
        })
        .collect();
    let is_set = |why: &Why| matches!(why, Why::PeriodDecided(_) | Why::PeriodGiven(_));

    // Each thread: the longest of what is set in it; if nothing is, the longest of what is proposed.
    let count = threads.len() as usize;
    let mut of_thread: Vec<(RetentionPeriod, u32, bool)> = Vec::with_capacity(count);
    for thread in 0..threads.len() {
        let items = threads.items(thread);
        let decided = items
            .iter()
            .copied()
            .filter(|place| matches!(own[*place as usize].1, Why::PeriodDecided(_)))
            .min_by_key(|p| own[*p as usize].0);
        let given = items
            .iter()
            .copied()
            .filter(|place| is_set(&own[*place as usize].1))
            .min_by_key(|p| own[*p as usize].0);
        let longest = items.iter().copied().min_by_key(|place| own[*place as usize].0);
        let source = decided.or(given).or(longest).unwrap_or(items[0]);
        of_thread.push((own[source as usize].0, source, given.is_some()));
    }

    // Each group: the main record decides for the threads whose period nobody set.
    let mut main_of: Vec<Option<u32>> = vec![None; count];
    let mut grouped: Vec<(u64, u32)> = (0..threads.len())
        .filter(|thread| groups[*thread as usize] != 0)
        .map(|thread| (groups[thread as usize], thread))
        .collect();
    grouped.sort_unstable();
    for group in grouped.chunk_by(|a, b| a.0 == b.0) {
        if group.len() < 2 {
            continue;
        }
        // The main record: set ones first, then by weight, the longer period, the earlier place.
        let main = group.iter().map(|(_, thread)| *thread).min_by_key(|thread| {
            let (period, _, set) = of_thread[*thread as usize];
            let head = threads.head(*thread);
            (!set, std::cmp::Reverse(weight::of_item(desk, head)), period, head)
        });
        let Some(main) = main else { continue };
        for (_, thread) in group {
            if *thread != main && !of_thread[*thread as usize].2 {
                main_of[*thread as usize] = Some(main);
            }
        }
    }

    let mut settled = own.clone();
    for thread in 0..threads.len() {
        let (period, source, _) =
            main_of[thread as usize].map_or(of_thread[thread as usize], |main| of_thread[main as usize]);
        let main = main_of[thread as usize].map(|main| desk.item(threads.head(main)).id);
        let source_id = desk.item(source).id;
        for place in threads.items(thread) {
            let mine = &mut settled[*place as usize];
            if mine.0 != period {
                *mine = match main {
                    Some(main) => (period, Why::PeriodOfMain(main)),
                    None => (period, Why::PeriodOfTie(source_id)),
                };
            }
        }
    }
    settled
}
