//! Threads: the items tied to one another, and their order (O1 to O5, O7).
//!
//! A tie says which of two items stands first, so the ties of a thread make a graph that runs one way.
//! It is walked from its heads down: behind each document come its drafts, its attachments, what it
//! forwards, and then the request or letter it answers, each with all that hangs on it. A document two
//! others come before (a letter that was both forwarded and answered) waits for the later of them.
//!
//! Where given ties run in a circle nobody can say what comes first: they are reported, the items stay
//! together, and stand by date.

use crate::finding::{Finding, Place};
use crate::model::{DraftState, TieKind, Why};
use crate::rules::RuleId;
use crate::text;

use super::facts::Desk;
use super::ties::Link;

/// The threads of a desk. A single item is a thread of one.
pub(crate) struct Threads {
    /// All places, thread after thread, each in its order.
    order: Vec<u32>,
    /// Where each thread begins in `order`, and one past the last.
    starts: Vec<u32>,
    /// The thread of each place.
    of: Vec<u32>,
    /// Why each place stands where it stands inside its thread.
    why: Vec<Why>,
}

impl Threads {
    /// How many threads there are.
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.starts.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// A thread's items, in order; the first is its head.
    pub(crate) fn items(&self, thread: u32) -> &[u32] {
        let (from, to) = (self.starts[thread as usize], self.starts[thread as usize + 1]);
        &self.order[from as usize..to as usize]
    }

    /// The first of a thread.
    pub(crate) fn head(&self, thread: u32) -> u32 {
        self.items(thread)[0]
    }

    /// The thread an item is of.
    pub(crate) fn of(&self, place: u32) -> u32 {
        self.of[place as usize]
    }

    /// Why an item stands where it stands inside its thread.
    pub(crate) fn why(&self, place: u32) -> Why {
        self.why[place as usize]
    }
}

/// The order of those that stand behind one document.
const fn rank(kind: TieKind) -> u8 {
    match kind {
        TieKind::SignedDraft => 0,
        TieKind::Revision => 1,
        TieKind::Copy => 2,
        TieKind::Translation => 3,
        TieKind::Attachment => 4,
        TieKind::Forwarded => 5,
        TieKind::Request => 6,
        TieKind::Incoming => 7,
        TieKind::Outcome => 8,
        TieKind::Grounds => 9,
    }
}

/// An edge: `second` stands behind `first`.
#[derive(Debug, Clone, Copy)]
struct Edge {
    first: u32,
    second: u32,
    link: u32,
}

/// Finds with path halving; the root is the smallest place.
fn root(parents: &mut [u32], mut place: u32) -> u32 {
    while parents[place as usize] != place {
        parents[place as usize] = parents[parents[place as usize] as usize];
        place = parents[place as usize];
    }
    place
}

/// Makes the threads. `links` loses the ties that contradict others; they become findings.
pub(crate) fn make(desk: &Desk<'_>, links: &mut Vec<Link>) -> (Threads, Vec<Finding>) {
    let count = desk.facts.len();
    let mut parents: Vec<u32> = (0..desk.len()).collect();
    for link in links.iter() {
        let (a, b) = (root(&mut parents, link.from), root(&mut parents, link.to));
        // The smaller root wins: threads are numbered by their earliest item.
        parents[a.max(b) as usize] = a.min(b);
    }
    let findings = break_circles(desk, links);

    let mut edges: Vec<Edge> = links
        .iter()
        .enumerate()
        .map(|(at, link)| {
            let (first, second) = link.first_and_second(desk);
            Edge { first, second, link: u32::try_from(at).unwrap_or(u32::MAX) }
        })
        .collect();
    edges.sort_by_key(|edge| {
        let kind = links[edge.link as usize].kind;
        let facts = desk.at(edge.second);
        let number = match kind {
            TieKind::Attachment => facts.wording.attachment.map_or(u16::MAX, |number| number),
            TieKind::Revision => match facts.state {
                DraftState::Revision(number) => number,
                _ => u16::MAX,
            },
            _ => 0,
        };
        (edge.first, rank(kind), number, edge.second)
    });
    // Two ties between the same two count once.
    let mut pending = vec![0u32; count];
    for edge in &edges {
        pending[edge.second as usize] += 1;
    }
    let mut starts_of = vec![0u32; count + 1];
    for edge in &edges {
        starts_of[edge.first as usize + 1] += 1;
    }
    for place in 0..count {
        starts_of[place + 1] += starts_of[place];
    }

    // Heads, by thread; what answers comes before what merely forwards, then by date.
    let mut heads: Vec<(u32, bool, u32)> = (0..desk.len())
        .filter(|place| pending[*place as usize] == 0)
        .map(|place| {
            let behind = &edges[starts_of[place as usize] as usize..starts_of[place as usize + 1] as usize];
            let answers = behind.iter().any(|edge| {
                matches!(
                    links[edge.link as usize].kind,
                    TieKind::Request | TieKind::Incoming | TieKind::Outcome | TieKind::Grounds
                )
            });
            (root(&mut parents, place), !answers, place)
        })
        .collect();
    heads.sort_unstable();

    let mut threads = Threads {
        order: Vec::with_capacity(count),
        starts: vec![0],
        of: vec![0; count],
        why: vec![Why::ByDate; count],
    };
    let mut stack: Vec<u32> = Vec::new();
    for group in heads.chunk_by(|a, b| a.0 == b.0) {
        let thread = threads.len();
        let from = threads.order.len();
        stack.extend(group.iter().rev().map(|(_, _, place)| *place));
        while let Some(place) = stack.pop() {
            threads.order.push(place);
            threads.of[place as usize] = thread;
            let behind = &edges[starts_of[place as usize] as usize..starts_of[place as usize + 1] as usize];
            for edge in behind.iter().rev() {
                pending[edge.second as usize] -= 1;
                if pending[edge.second as usize] == 0 {
                    let kind = links[edge.link as usize].kind;
                    let first = desk.item(place).id;
                    threads.why[edge.second as usize] = if links[edge.link as usize].from == edge.second {
                        Why::Behind(first, kind)
                    } else if kind == TieKind::Outcome {
                        Why::BehindOutcome(first)
                    } else {
                        Why::Behind(first, kind)
                    };
                    stack.push(edge.second);
                }
            }
        }
        let whole = threads.order.len() - from;
        if whole > 1 {
            threads.why[threads.order[from] as usize] = Why::Leads;
        }
        threads.starts.push(u32::try_from(threads.order.len()).unwrap_or(u32::MAX));
    }
    (threads, findings)
}

/// Takes out of `links` those that run in a circle: of a circle with proposed ties the proposed ones,
/// of one of given ties all, which are reported.
fn break_circles(desk: &Desk<'_>, links: &mut Vec<Link>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for given_only in [true, false] {
        let edges: Vec<Edge> = links
            .iter()
            .enumerate()
            .filter(|(_, link)| !given_only || link.is_given())
            .map(|(at, link)| {
                let (first, second) = link.first_and_second(desk);
                Edge { first, second, link: u32::try_from(at).unwrap_or(u32::MAX) }
            })
            .collect();
        let circle = circles(desk.facts.len(), &edges);
        if circle.is_empty() {
            continue;
        }
        let mut bad = vec![false; links.len()];
        for edge in &edges {
            let (a, b) = (circle[edge.first as usize], circle[edge.second as usize]);
            let inside = a != 0 && a == b;
            if inside && (given_only || !links[edge.link as usize].is_given()) {
                bad[edge.link as usize] = true;
            }
        }
        if given_only {
            let mut members: Vec<(u32, u32)> = circle
                .iter()
                .enumerate()
                .filter(|(_, circle)| **circle != 0)
                .map(|(place, circle)| (*circle, u32::try_from(place).unwrap_or(u32::MAX)))
                .collect();
            members.sort_unstable();
            for group in members.chunk_by(|a, b| a.0 == b.0) {
                let rows: Vec<&str> =
                    group.iter().take(12).map(|(_, place)| desk.item(*place).row.as_str()).collect();
                let (zh, en) = (rows.join("、"), rows.join(", "));
                let more = if group.len() > 12 { " …" } else { "" };
                let item = desk.item(group[0].1);
                findings.push(Finding::new(
                    RuleId::O7,
                    Place {
                        file: (!item.origin.register.is_empty()).then(|| item.origin.register.clone()),
                        row: (item.origin.row > 0).then_some(item.origin.row),
                        column: Some("关联序号".to_owned()),
                        item: Some(item.row.clone()),
                        ..Place::default()
                    },
                    text!(
                        "序号 {zh}{more} 的关联互相矛盾或成环，无法定先后，暂按日期排列",
                        "the ties of rows {en}{more} contradict each other or run in a circle; they stand by date"
                    ),
                ));
            }
        }
        let mut at = 0;
        // Contradictory ties still say that the items belong together: threads were joined before.
        links.retain(|_| {
            at += 1;
            !bad[at - 1]
        });
    }
    findings
}

/// The circle each place is in, from 1; 0 for none. Empty if there is no circle at all.
fn circles(count: usize, edges: &[Edge]) -> Vec<u32> {
    let mut starts = vec![0u32; count + 1];
    let mut pending = vec![0u32; count];
    for edge in edges {
        starts[edge.first as usize + 1] += 1;
        pending[edge.second as usize] += 1;
    }
    for place in 0..count {
        starts[place + 1] += starts[place];
    }
    let mut fill = starts.clone();
    let mut targets = vec![0u32; edges.len()];
    for edge in edges {
        targets[fill[edge.first as usize] as usize] = edge.second;
        fill[edge.first as usize] += 1;
    }
    let behind = |place: u32| &targets[starts[place as usize] as usize..starts[place as usize + 1] as usize];

    // First take away all that hangs on no circle.
    let mut ready: Vec<u32> =
        (0..u32::try_from(count).unwrap_or(u32::MAX)).filter(|p| pending[*p as usize] == 0).collect();
    let mut done = 0;
    while let Some(place) = ready.pop() {
        done += 1;
        for next in behind(place) {
            pending[*next as usize] -= 1;
            if pending[*next as usize] == 0 {
                ready.push(*next);
            }
        }
    }
    if done == count {
        return Vec::new();
    }
    strongly_connected(count, &pending, &behind)
}

/// Tarjan's components of more than one place, without recursion, among the places still pending.
fn strongly_connected<'t>(count: usize, pending: &[u32], behind: &dyn Fn(u32) -> &'t [u32]) -> Vec<u32> {
    const UNSEEN: u32 = u32::MAX;
    let mut circle = vec![0u32; count];
    let mut circles = 0;
    let mut index = vec![UNSEEN; count];
    let mut low = vec![0u32; count];
    let mut on_stack = vec![false; count];
    let mut stack: Vec<u32> = Vec::new();
    let mut next_index = 0;
    let mut work: Vec<(u32, usize)> = Vec::new();
    for start in 0..u32::try_from(count).unwrap_or(u32::MAX) {
        if pending[start as usize] == 0 || index[start as usize] != UNSEEN {
            continue;
        }
        work.push((start, 0));
        while let Some((place, step)) = work.pop() {
            let at = place as usize;
            if step == 0 {
                index[at] = next_index;
                low[at] = next_index;
                next_index += 1;
                stack.push(place);
                on_stack[at] = true;
            }
            let nexts = behind(place);
            if let Some(next) = nexts.get(step) {
                work.push((place, step + 1));
                if index[*next as usize] == UNSEEN {
                    work.push((*next, 0));
                } else if on_stack[*next as usize] {
                    low[at] = low[at].min(index[*next as usize]);
                }
                continue;
            }
            if low[at] == index[at] {
                let mut members = Vec::new();
                while let Some(top) = stack.pop() {
                    on_stack[top as usize] = false;
                    members.push(top);
                    if top == place {
                        break;
                    }
                }
                if members.len() > 1 {
                    circles += 1;
                    for member in members {
                        circle[member as usize] = circles;
                    }
                }
            }
            if let Some((parent, _)) = work.last() {
                let parent = *parent as usize;
                low[parent] = low[parent].min(low[at]);
            }
        }
    }
    circle
}
