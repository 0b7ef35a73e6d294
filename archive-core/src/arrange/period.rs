//! Retention periods (保管期限): given, or proposed from the table of scope, judged for the whole question.
//!
//! What a person set stands. Tied items take the longest period among them (V3). Where nobody set one,
//! the line of the table of scope that fits best proposes it (R2), and inside one question or meeting
//! the main record decides for those whose period nobody set (V6).

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::model::{RetentionPeriod, Why};
use crate::profile::{Maker, ScopeMatcher};
use crate::reading::DocType;

use super::facts::Desk;
use super::shares;
use super::threads::Threads;
use super::weight;
use super::wording::KINDS;

/// The document type of each kind of paper that arrangement knows by its word.
static TYPES: LazyLock<Vec<Option<DocType>>> =
    LazyLock::new(|| KINDS.iter().map(|kind| DocType::of_title(kind.word)).collect());

/// Finds the line of the table of scope for item after item: what is asked of each name is asked once.
struct Proposer<'d> {
    desk: &'d Desk<'d>,
    matcher: &'d ScopeMatcher<'d>,
    hits: Vec<bool>,
    makers: HashMap<&'d str, Option<Maker>>,
}

impl Proposer<'_> {
    fn line(&mut self, place: u32) -> Option<u32> {
        let item = self.desk.item(place);
        let institution = self.desk.institution;
        let maker = match item.bodies.first() {
            Some(body) => *self.makers.entry(body).or_insert_with(|| Maker::of(body, institution)),
            None => Maker::of_item(item, institution),
        };
        let given = item.doc_type.as_deref().and_then(|word| word.parse().ok());
        let doc_type = given.or_else(|| TYPES[usize::from(self.desk.at(place).wording.kind)]);
        self.matcher.index_of(item, doc_type, maker, &mut self.hits)
    }
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
    let lines = &desk.profile.retention.scope;
    let matcher = ScopeMatcher::new(&desk.profile.retention);
    let own = shares::each(desk.len(), |run| {
        let mut proposer = Proposer { desk, matcher: &matcher, hits: Vec::new(), makers: HashMap::new() };
        let of_place = |place: u32| {
            set(desk, place).unwrap_or_else(|| {
                proposer.line(place).map_or((middle, Why::PeriodAssumed(middle)), |line| {
                    (lines[line as usize].period, Why::PeriodByLine(line))
                })
            })
        };
        run.map(of_place).collect()
    });
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
