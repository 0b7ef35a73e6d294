//! The parts of one document: print and drafts, what it passes on, its attachments.

use crate::model::{DraftState, TieKind};
use crate::text;

use super::likeness::{held_by, is_letter, pairs};
use super::{Proposal, Search, around, number_key};
use crate::arrange::facts::{Desk, Facts, Index, hash, same_body};
use crate::arrange::shares;
use crate::arrange::wording::{Act, Family};

const DRAFT_KINDS: [TieKind; 4] =
    [TieKind::SignedDraft, TieKind::Revision, TieKind::Copy, TieKind::Translation];

/// How far apart, in days, a document and its drafts may be.
const DRAFT_DAYS: i32 = 550;

/// A text by which titles are compared: without signs and 的.
pub(super) fn core_key(text: &str) -> u64 {
    // FNV-1a over characters: titles are compared by it a million times, and never written out.
    let letters = text.chars().filter(|c| is_letter(*c) && *c != '的');
    let value = letters.fold(0xcbf2_9ce4_8422_2325_u64, |value, c| {
        let value = (value ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3);
        value ^ (value >> 32)
    });
    value ^ (value >> 29)
}

/// The core of a title that another may quote: from 关于 on, or all of it.
fn quoted_core(text: &str) -> &str {
    text.find("关于").map_or(text, |at| &text[at + "关于".len()..])
}

fn gap(a: &Facts, b: &Facts) -> Option<i32> {
    Some((a.day()? - b.day()?).abs())
}

fn draft_kind(state: DraftState) -> Option<TieKind> {
    match state {
        DraftState::Print => None,
        DraftState::SignedDraft => Some(TieKind::SignedDraft),
        DraftState::Revision(_) | DraftState::Draft => Some(TieKind::Revision),
        DraftState::Copy => Some(TieKind::Copy),
        DraftState::Translation => Some(TieKind::Translation),
    }
}

/// Ties drafts, copies and translations to their print, by title and number; without a print, to the
/// furthest draft there is.
pub(super) fn drafts(search: &mut Search<'_, '_>) {
    let desk = search.desk;
    let mut wanted = Vec::new();
    for place in 0..desk.len() {
        let facts = desk.at(place);
        if facts.state != DraftState::Print && !search.is(place, &DRAFT_KINDS) {
            wanted.push(place);
        }
    }
    if wanted.is_empty() {
        return;
    }
    let by_title = Index::new(shares::each(desk.len(), |run| {
        let titled = run.filter(|place| !desk.at(*place).bare().is_empty());
        titled.map(|place| (core_key(desk.at(place).bare()), place)).collect()
    }));
    let found = shares::each_of(&wanted, |place| draft(search, &by_title, place));
    search.propose_all(found);
}

/// The tie of a draft, copy or translation to what it belongs to.
fn draft(search: &Search<'_, '_>, by_title: &Index, place: u32) -> Option<Proposal> {
    let desk = search.desk;
    let facts = desk.at(place);
    let item = desk.item(place);
    let kind = draft_kind(facts.state)?;
    let title = core_key(facts.bare());
    let numbers: Vec<u64> = item.number.iter().flat_map(|number| &number.parts).map(number_key).collect();
    let same_title = around(by_title.of(title), place, 16, 16).filter(|_| !facts.bare().is_empty());
    let same_number = numbers.iter().flat_map(|key| around(search.by_number.of(*key), place, 8, 8));
    let mut best: Option<(u32, u32)> = None; // score, place
    for other in same_title.chain(same_number) {
        let theirs = desk.at(other);
        // A draft belongs to something further on: the print before all, then a later draft.
        let ranks = (theirs.state, facts.state);
        let further = ranks.0 < ranks.1 && matches!(ranks.0, DraftState::Print | DraftState::SignedDraft)
            || matches!(ranks, (DraftState::Revision(a), DraftState::Revision(b)) if a > b);
        if !further || theirs.wording.attachment.is_some() != facts.wording.attachment.is_some() {
            continue;
        }
        let number_agrees = match (&item.number, &desk.item(other).number) {
            (Some(a), Some(b)) if !a.parts.is_empty() && !b.parts.is_empty() => {
                if a.parts.iter().any(|part| b.parts.contains(part)) { 2 } else { 0 }
            }
            _ => 1,
        };
        let title_agrees = !facts.bare().is_empty() && core_key(theirs.bare()) == title;
        let bodies_agree =
            facts.body == 0 || theirs.body == 0 || same_body(desk.body(place), desk.body(other));
        let near = gap(facts, theirs).is_none_or(|days| days <= DRAFT_DAYS);
        if number_agrees == 0 || !bodies_agree || !near {
            continue;
        }
        if !title_agrees {
            // The same number alone: only where the title is missing or is the number's own paper.
            let alike = facts.bare().is_empty()
                || theirs.bare().is_empty()
                || super::likeness::likeness(&pairs(facts.subject()), &pairs(theirs.subject())) > 0.6;
            if !alike {
                continue;
            }
        }
        let closeness = 1000 - gap(facts, theirs).unwrap_or(500).clamp(0, 999).unsigned_abs();
        let score = u32::from(theirs.state == DraftState::Print) * 1_000_000
            + u32::from(title_agrees) * 100_000
            + number_agrees * 10_000
            + closeness;
        if best.is_none_or(|(top, at)| score > top || (score == top && other < at)) {
            best = Some((score, other));
        }
    }
    let (score, other) = best?;
    let word = facts.state.word();
    let certain = score % 1_000_000 >= 120_000;
    Some(Proposal {
        from: place,
        to: other,
        kind,
        confidence: if certain { 0.97 } else { 0.9 },
        grounds: text!("题名（文号）相同，稿本为{word}", "the same title or number, and its state is {word}"),
    })
}

/// Ties what is forwarded or issued to what forwards or issues it, by the title inside the title.
pub(super) fn passed_on(search: &mut Search<'_, '_>) {
    let desk = search.desk;
    let acting: Vec<u32> = (0..desk.len())
        .filter(|place| {
            let facts = desk.at(*place);
            facts.wording.inner.is_some() && facts.state == DraftState::Print
        })
        .collect();
    if acting.is_empty() {
        return;
    }
    let by_core = Index::new(shares::each(desk.len(), |run| {
        let mut cores = Vec::new();
        for place in run {
            let facts = desk.at(place);
            if facts.state == DraftState::Print && !facts.bare().is_empty() {
                let core = spoken_at(quoted_core(facts.bare()));
                cores.push((core_key(core), place));
                if let Some(short) = without_region(core) {
                    cores.push((core_key(short), place));
                }
            }
        }
        cores
    }));
    for found in shares::each_of(&acting, |place| passes_on(desk, &by_core, place)) {
        // Of two that quote it, the first passed it on.
        if !search.is(found.from, &[TieKind::Forwarded, TieKind::Attachment]) {
            search.propose_all(vec![found]);
        }
    }
}

/// The tie of what is forwarded or issued to the paper at `place`, whose title quotes it.
fn passes_on(desk: &Desk<'_>, by_core: &Index, place: u32) -> Option<Proposal> {
    let facts = desk.at(place);
    let inner = facts.inner()?;
    let core = spoken_at(quoted_core(inner));
    if core.chars().count() < 4 {
        return None;
    }
    let inner_author = inner.find("关于").map_or("", |at| &inner[..at]);
    let mut best: Option<(i32, u32)> = None;
    let whole = by_core.of(core_key(core));
    let short = without_region(core).map_or(&[][..], |short| by_core.of(core_key(short)));
    // 转发某局关于某事的通知: its last words end the inner title and its own alike.
    let merged = if facts.kind().word.is_empty() || facts.bare().ends_with('》') {
        &[][..]
    } else {
        by_core.of(core_key(&format!("{core}{}", facts.kind().word)))
    };
    for other in [whole, short, merged].into_iter().flat_map(|found| around(found, place, 12, 12)) {
        let theirs = desk.at(other);
        if other == place || core_key(theirs.bare()) == core_key(facts.bare()) {
            continue;
        }
        // What is passed on is no later than what passes it on, but for slips of some days.
        let later = match (theirs.day(), facts.day()) {
            (Some(theirs), Some(ours)) => theirs - ours,
            _ => 0,
        };
        if !(-800..=15).contains(&later) {
            continue;
        }
        let body = desk.body(other);
        let mut score = 100 - later.abs() / 10;
        if !inner_author.is_empty() && !body.is_empty() {
            let author = crate::arrange::facts::short_body(inner_author);
            score += if author.split('、').any(|one| same_body(one, body)) { 40 } else { -40 };
        }
        if best.is_none_or(|(top, at)| score > top || (score == top && other < at)) {
            best = Some((score, other));
        }
    }
    let (score, other) = best.filter(|(score, _)| *score > 20)?;
    let (passes, kind) = match facts.wording.act {
        Some(Act::Issues) => ("印发", TieKind::Forwarded),
        Some(Act::Submits) => ("报送", TieKind::Attachment),
        _ => ("转发", TieKind::Forwarded),
    };
    let shown: String = core.chars().take(24).collect();
    Some(Proposal {
        from: other,
        to: place,
        kind,
        confidence: if score >= 100 { 0.96 } else { 0.85 },
        grounds: text!("{passes}件题名含“{shown}”", "the title that passes it on quotes “{shown}”"),
    })
}

/// 周局长在全县水利工作会议上的报告 without its speaker: a speech is called by where it was held.
fn spoken_at(core: &str) -> &str {
    match (core.find('在'), core.rfind("上的")) {
        (Some(at), Some(end)) if at < end && core[..at].chars().count() <= 8 => &core[at..],
        _ => core,
    }
}

/// 建宁县防汛预案 without 建宁县.
fn without_region(core: &str) -> Option<&str> {
    let (at, mark) =
        core.char_indices().take(5).find(|(_, c)| matches!(c, '县' | '市' | '省' | '区' | '镇' | '乡'))?;
    let rest = &core[at + mark.len_utf8()..];
    (rest.chars().count() >= 5).then_some(rest)
}

/// Ties attachments to their documents: by number, or by date, body, words and neighbouring rows.
pub(super) fn attachments(search: &mut Search<'_, '_>) {
    let desk = search.desk;
    let part_kinds =
        [TieKind::Attachment, TieKind::SignedDraft, TieKind::Revision, TieKind::Forwarded, TieKind::Copy];
    let wanted: Vec<u32> = (0..desk.len())
        .filter(|place| {
            let facts = desk.at(*place);
            let marked = facts.wording.attachment.is_some();
            let listed = facts.state == DraftState::Print
                && matches!(
                    facts.family(),
                    Family::List
                        | Family::Plan
                        | Family::Rule
                        | Family::Statistic
                        | Family::Budget
                        | Family::Other
                );
            (marked || listed) && !search.is(*place, &part_kinds)
        })
        .collect();
    if wanted.is_empty() {
        return;
    }
    let mut days = Vec::new();
    let mut rows: Vec<(u64, u32)> = Vec::new();
    for place in 0..desk.len() {
        let facts = desk.at(place);
        let heads = facts.state == DraftState::Print
            && facts.wording.attachment.is_none()
            && matches!(
                facts.family(),
                Family::Notice
                    | Family::Decision
                    | Family::Request
                    | Family::Report
                    | Family::Reply
                    | Family::Letter
                    | Family::Verdict
                    | Family::Minutes
                    | Family::Plan
                    | Family::Proposal
            );
        if heads && let Some(day) = facts.day() {
            days.push((day_key(day), place));
        }
        let item = desk.item(place);
        if item.origin.row > 0 {
            rows.push((row_key(&item.origin.register, item.origin.row), place));
        }
    }
    let by_day = Index::new(days);
    let by_row = Index::new(rows);
    let found = shares::each_of(&wanted, |place| attachment(search, &by_day, &by_row, place));
    search.propose_all(found);
}

/// The tie of an attachment to its main document.
fn attachment(search: &Search<'_, '_>, by_day: &Index, by_row: &Index, place: u32) -> Option<Proposal> {
    let desk = search.desk;
    let facts = desk.at(place);
    let item = desk.item(place);
    let marked = facts.wording.attachment.is_some();

    // The same number: the paper it is attached to.
    let numbered = item
        .number
        .iter()
        .flat_map(|number| &number.parts)
        .flat_map(|part| around(search.by_number.of(number_key(part)), place, 8, 8))
        .filter(|other| {
            let theirs = desk.at(*other);
            theirs.state == DraftState::Print
                && theirs.wording.attachment.is_none()
                && (marked || is_official(theirs.family()) && !is_official(facts.family()))
                && gap(facts, theirs).is_none_or(|days| days <= 200)
        })
        .min();
    if let Some(main) = numbered {
        return Some(Proposal {
            from: place,
            to: main,
            kind: TieKind::Attachment,
            confidence: if marked { 0.97 } else { 0.82 },
            grounds: text!("与正件文号相同", "it bears the number of its main document"),
        });
    }
    if item.number.as_ref().is_some_and(|number| !number.parts.is_empty()) && !marked {
        return None;
    }

    let mut candidates: Vec<u32> =
        facts.day().map_or_else(Vec::new, |day| around(by_day.of(day_key(day)), place, 24, 24).collect());
    // The rows above it in the register, past other attachments.
    let mut neighbour = None;
    if marked && item.origin.row > 1 {
        for back in 1..=8 {
            let Some(row) = item.origin.row.checked_sub(back) else { break };
            let Some((_, above)) = by_row.of(row_key(&item.origin.register, row)).first() else { break };
            let theirs = desk.at(*above);
            if theirs.wording.attachment.is_none() && theirs.state == DraftState::Print {
                neighbour = Some(*above);
                candidates.push(*above);
                break;
            }
        }
    }
    // 参加人员名单 is held by 关于召开…会议的通知 but for the list's own words.
    let words = pairs(if marked { facts.bare() } else { facts.subject() });
    let mut best: Option<(f32, u32)> = None;
    let mut second = 0.0_f32;
    candidates.sort_unstable();
    candidates.dedup();
    for other in candidates {
        let theirs = desk.at(other);
        let same_day = facts.date.is_some() && facts.date == theirs.date;
        let body_known = facts.body != 0 && theirs.body != 0;
        let body_same = body_known && same_body(desk.body(place), desk.body(other));
        if !marked && (!same_day || (body_known && !body_same)) {
            continue;
        }
        let held = held_by(&words, &pairs(theirs.bare()));
        let mut score = if marked { 0.25 } else { 0.1 };
        score += if same_day {
            0.2
        } else if facts.date.is_some() {
            -0.2
        } else {
            0.0
        };
        score += if body_same {
            0.15
        } else if body_known {
            -0.15
        } else {
            0.05
        };
        score += 0.5 * held;
        if marked && neighbour == Some(other) {
            score += if same_day || body_same { 0.2 } else { 0.1 };
        }
        let same_group = |a: u32, b: u32| a != 0 && a == b;
        if same_group(facts.question, theirs.question) || same_group(facts.matter, theirs.matter) {
            score += 0.1;
        } else if facts.question != 0 && theirs.question != 0 {
            score -= 0.15;
        }
        if !marked && held < 0.6 {
            continue;
        }
        match best {
            Some((top, _)) if score <= top => second = second.max(score),
            Some((top, _)) => {
                second = top;
                best = Some((score, other));
            }
            None => best = Some((score, other)),
        }
    }
    let (score, main) = best?;
    (score - second > 0.04).then(|| Proposal {
        from: place,
        to: main,
        kind: TieKind::Attachment,
        confidence: score,
        grounds: text!(
            "附件与正件成文时间、责任者、题名相承",
            "its date, body and words agree with its main document"
        ),
    })
}

fn is_official(family: Family) -> bool {
    matches!(
        family,
        Family::Notice
            | Family::Decision
            | Family::Request
            | Family::Report
            | Family::Reply
            | Family::Letter
            | Family::LetterReply
            | Family::Verdict
            | Family::Proposal
    )
}

fn day_key(day: i32) -> u64 {
    u64::from(day.unsigned_abs())
}

fn row_key(register: &str, row: u32) -> u64 {
    hash(register).rotate_left(13) ^ u64::from(row)
}
