//! Request and reply, letter and answer, proposal and outcome, petition and what came of it.
//!
//! The two speak of the same question in titles made alike (关于…的请示, 关于…的批复), the answer isn't
//! earlier, and it goes from whom the other was sent to. Only near answers are compared (those that share
//! some pair of characters and come soon after), so the work grows with the number of papers. Each
//! paper has one answer, each answer answers one paper: the best pairs are taken first.

use std::rc::Rc;

use crate::model::{DraftState, TieKind};
use crate::text;

use super::likeness::{likeness, pairs};
use super::{Search, asks};
use crate::arrange::facts::{Desk, Facts, Index, ShortNames, same_body};
use crate::arrange::shares;
use crate::arrange::wording::Family;

const ANSWERING: [TieKind; 2] = [TieKind::Request, TieKind::Incoming];

/// How many papers before an answer are looked at for each pair of characters.
const NEAR: usize = 12;
/// How many of the rarest pairs of a title are looked up.
const RAREST: usize = 8;
/// How many papers are compared with an answer in full.
const MOST_COMPARED: usize = 12;
/// How many days after the paper an answer is still believed at full.
const PROMPT_DAYS: i32 = 400;

/// How well an answer of one family fits a paper of the other: the least likeness asked for.
fn least(answer: &Facts, asked: &Facts) -> Option<f32> {
    let family = answer.family();
    let least = match (family, asked.family()) {
        (Family::Reply, Family::Request) => 0.5,
        (Family::LetterReply, Family::Letter) | (Family::Answer, Family::Proposal | Family::Petition) => 0.45,
        (Family::Reply | Family::Answer, Family::Report | Family::Letter)
        | (Family::LetterReply, Family::Request) => 0.6,
        (Family::LetterReply, Family::Report) if wants(asked) => 0.6,
        (Family::Notice | Family::Reply, Family::Budget | Family::Statistic) if approves(answer) => 0.8,
        (
            Family::Notice | Family::Decision | Family::Letter,
            Family::Request | Family::Report | Family::Proposal,
        ) if grants(answer) => 0.6,
        (Family::Letter, Family::Letter) => 0.8,
        _ => return None,
    };
    Some(least)
}

/// Whether the title grants or refuses something: 关于同意…的函, 关于不予核发…的决定.
fn grants(facts: &Facts) -> bool {
    ["同意", "批准", "准予", "核准", "不予", "不同意"].iter().any(|word| facts.subject().starts_with(word))
        || approves(facts)
}

/// Whether the title approves a paper by its name: 关于批复某局部门预算的通知.
fn approves(facts: &Facts) -> bool {
    facts.subject().starts_with("批复")
}

/// Whether a report asks for something: 关于请求解决…的报告.
fn wants(facts: &Facts) -> bool {
    ["请求", "要求", "申请", "恳请", "请予", "急需"].iter().any(|word| facts.subject().starts_with(word))
}

/// Whether a paper may have an answer.
fn waits(facts: &Facts) -> bool {
    asks(facts.family()) || matches!(facts.family(), Family::Budget | Family::Statistic)
}

fn answers(facts: &Facts) -> bool {
    matches!(facts.family(), Family::Reply | Family::LetterReply | Family::Answer | Family::Letter)
        || (matches!(facts.family(), Family::Notice | Family::Decision) && grants(facts))
}

/// Whether one of `names` means the body of the item at `place`.
fn names_body<'d>(desk: &Desk<'d>, names: &'d [String], place: u32, short: &mut ShortNames<'d>) -> bool {
    let bodies: Vec<Rc<str>> = desk.item(place).bodies.iter().map(|body| short.of(body)).collect();
    names.iter().any(|name| {
        let name = short.of(name);
        bodies.iter().any(|body| same_body(&name, body))
    })
}

/// Proposes the pairs.
pub(super) fn candidates(search: &Search<'_, '_>) -> Vec<(f32, u32, u32)> {
    let desk = search.desk;
    let words: Vec<(u32, Vec<u64>)> = shares::each(desk.len(), |run| {
        let waiting = run.filter(|place| {
            let facts = desk.at(*place);
            waits(facts)
                && facts.state == DraftState::Print
                && facts.wording.attachment.is_none()
                && !search.is(*place, &ANSWERING)
                && !search.has(*place, &[TieKind::Outcome])
        });
        waiting.map(|place| (place, pairs(desk.at(place).subject()))).collect()
    });
    let mut index = Vec::with_capacity(words.iter().map(|(_, pairs)| pairs.len()).sum());
    for (at, (_, pairs)) in (0_u32..).zip(&words) {
        index.extend(pairs.iter().map(|pair| (*pair, at)));
    }
    let index = Index::new(index);
    let (index, words) = (&index, &words);
    shares::each(desk.len(), |run| {
        let mut found = Vec::new();
        let (mut seen, mut short) = (Vec::new(), ShortNames::default());
        for place in run {
            near_papers(search, place, index, words, &mut seen, &mut short, &mut found);
        }
        found
    })
}

/// The papers that `place` may answer, among those that share the rarest pairs of its title.
fn near_papers<'d>(
    search: &Search<'_, 'd>,
    place: u32,
    index: &Index,
    words: &[(u32, Vec<u64>)],
    seen: &mut Vec<u32>,
    short: &mut ShortNames<'d>,
    found: &mut Vec<(f32, u32, u32)>,
) {
    let desk = search.desk;
    let facts = desk.at(place);
    let free = answers(facts)
        && facts.state == DraftState::Print
        && facts.wording.attachment.is_none()
        && !search.has(place, &ANSWERING)
        && !search.is(place, &[TieKind::Outcome]);
    if !free {
        return;
    }
    let subject = pairs(facts.subject());
    // The rarer a pair, the more it tells; the rarest are enough to meet any paper that is alike.
    let mut rare: Vec<&[(u64, u32)]> =
        subject.iter().map(|pair| index.of(*pair)).filter(|bearers| !bearers.is_empty()).collect();
    rare.sort_by_key(|bearers| bearers.len());
    rare.truncate(RAREST);
    seen.clear();
    for bearers in rare {
        let before = bearers.partition_point(|(_, at)| words[*at as usize].0 < place);
        seen.extend(bearers[..before].iter().rev().take(NEAR).map(|(_, at)| *at));
        // Papers of the same day may lie behind it, undated ones at the end.
        seen.extend(bearers[before..].iter().take(2).map(|(_, at)| *at));
        seen.extend(bearers[before..].iter().rev().take(2).map(|(_, at)| *at));
    }
    seen.sort_unstable();
    // Those met most often share most pairs; only they are compared in full.
    let mut met: Vec<(usize, u32)> = seen.chunk_by(|a, b| a == b).map(|run| (run.len(), run[0])).collect();
    met.sort_by_key(|(count, at)| (std::cmp::Reverse(*count), std::cmp::Reverse(*at)));
    met.truncate(MOST_COMPARED);
    for (_, at) in met {
        let (paper, words) = &words[at as usize];
        if let Some(confidence) = confidence(desk, (place, *paper), &subject, words, short) {
            found.push((confidence, *paper, place));
        }
    }
}

/// How sure it is that the one answers the other, if it can at all.
fn confidence<'d>(
    desk: &Desk<'d>,
    (answer, paper): (u32, u32),
    said: &[u64],
    asked: &[u64],
    short: &mut ShortNames<'d>,
) -> Option<f32> {
    let (ours, theirs) = (desk.at(answer), desk.at(paper));
    if answer == paper {
        return None;
    }
    let mut least = least(ours, theirs)?;
    let alike = likeness(said, asked);
    // 关于白马乡群众反映…来信的答复: it names who wrote, whatever else the letter is called.
    let writer = desk.body(paper);
    let names_writer =
        theirs.family() == Family::Petition && writer.chars().count() >= 3 && ours.subject().contains(writer);
    if names_writer {
        least = 0.15;
    }
    if alike < least {
        return None;
    }
    let (item, other) = (desk.item(answer), desk.item(paper));
    // Nobody answers themselves.
    if ours.body != 0 && theirs.body != 0 && same_body(desk.body(answer), desk.body(paper)) {
        return None;
    }
    let mut confidence = if names_writer { 0.6 + 0.3 * alike } else { 0.25 + 0.6 * alike };
    // A report doesn't ask for an answer; a request does.
    if theirs.family() == Family::Report {
        confidence -= 0.05;
    }
    if let (Some(our_day), Some(their_day)) = (ours.day(), theirs.day()) {
        if our_day < their_day {
            return None;
        }
        if our_day - their_day > PROMPT_DAYS {
            confidence -= 0.15;
        }
    }
    if item.addressees.is_empty() {
        let name = desk.body(paper);
        if !name.is_empty() && ours.title.contains(name) {
            confidence += 0.05;
        }
    } else if names_body(desk, &item.addressees, paper, short) {
        confidence += 0.1;
    } else if theirs.body != 0 {
        confidence -= 0.2;
    }
    if !other.addressees.is_empty() {
        if names_body(desk, &other.addressees, answer, short) {
            confidence += 0.06;
        } else if ours.body != 0 {
            confidence -= 0.06;
        }
    }
    if ours.question != 0 && theirs.question != 0 {
        confidence += if ours.question == theirs.question { 0.05 } else { -0.15 };
    }
    Some(confidence)
}

/// Ties the best pairs, each paper and each answer once.
pub(super) fn take_best(search: &mut Search<'_, '_>, mut found: Vec<(f32, u32, u32)>) {
    let desk = search.desk;
    // The surest first; of equals the answer that came soonest.
    found.sort_by(|a, b| {
        b.0.total_cmp(&a.0).then((a.2, std::cmp::Reverse(a.1)).cmp(&(b.2, std::cmp::Reverse(b.1))))
    });
    let mut answered = vec![false; desk.facts.len()];
    for (confidence, paper, answer) in found {
        if answered[paper as usize] || answered[answer as usize] {
            continue;
        }
        let shown: String = desk.at(paper).subject().chars().take(24).collect();
        let grounds = text!("与“{shown}”题名相对", "its title answers “{shown}”");
        let family = desk.at(paper).family();
        let kind = if family == Family::Request { TieKind::Request } else { TieKind::Incoming };
        if search.propose(paper, answer, kind, confidence, grounds) {
            answered[paper as usize] = true;
            answered[answer as usize] = true;
        }
    }
}

/// A letter asking another body to deal with a petition (转办) is answered by what answers the petition.
fn handed_on(search: &mut Search<'_, '_>) {
    let desk = search.desk;
    let mut found = Vec::new();
    for passed in search.links.iter().filter(|link| link.kind == TieKind::Forwarded) {
        let letter = desk.at(passed.to);
        let hands_on = letter.family() == Family::Letter
            || ["转办", "交办"].iter().any(|word| letter.title.contains(word));
        if hands_on {
            found.push((passed.from, passed.to));
        }
    }
    if found.is_empty() {
        return;
    }
    let mut answers: Vec<(u32, u32)> = search
        .links
        .iter()
        .filter_map(|link| match link.kind {
            TieKind::Request | TieKind::Incoming => Some((link.from, link.to)),
            TieKind::Outcome => Some((link.to, link.from)),
            _ => None,
        })
        .collect();
    answers.sort_unstable();
    for (petition, letter) in found {
        let from = answers.partition_point(|(paper, _)| *paper < petition);
        let of_petition = answers[from..].iter().take_while(|(paper, _)| *paper == petition);
        for (_, answer) in of_petition {
            let in_time = match (desk.at(letter).day(), desk.at(*answer).day()) {
                (Some(asked), Some(answered)) => asked <= answered,
                _ => true,
            };
            let same = desk.at(letter).body != 0 && desk.at(letter).body == desk.at(*answer).body;
            if in_time && !same && *answer != letter {
                let shown: String = desk.at(petition).bare().chars().take(24).collect();
                search.propose(
                    letter,
                    *answer,
                    TieKind::Incoming,
                    0.86,
                    text!("所转“{shown}”由其答复", "it answers “{shown}”, which this one handed on"),
                );
            }
        }
    }
}

/// Finds and ties them.
pub(super) fn all(search: &mut Search<'_, '_>) {
    let found = candidates(search);
    take_best(search, found);
    handed_on(search);
}
