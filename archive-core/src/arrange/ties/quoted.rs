//! Ties by a document number quoted in a title or in the remarks.

use crate::model::{DraftState, TieKind};
use crate::reading::{DocNumber, NumberParts};
use crate::text;

use super::{Search, around, asks, number_key};
use crate::arrange::facts::Desk;
use crate::arrange::shares;
use crate::arrange::wording::{Act, Family, leading_number};

/// What the quoting document makes of the quoted one, if the types say it.
fn kind_of(quoting: Family, act: Option<Act>, quoted: Family, title: &str, remark: &str) -> Option<TieKind> {
    if act.is_some() {
        return Some(TieKind::Forwarded);
    }
    if remark.contains("附件") {
        return None; // which is whose attachment is settled by the remark's own direction, below
    }
    // 关于岚信转〔2011〕56号信访件办理情况的报告: what came of whatever bears the number.
    let dealt = ["办理情况", "办理结果", "处理情况", "处理结果", "核查情况", "查处情况", "落实情况"];
    if dealt.iter().any(|word| title.contains(word)) {
        return Some(if quoted == Family::Request { TieKind::Request } else { TieKind::Incoming });
    }
    match quoting {
        Family::Reply | Family::LetterReply | Family::Answer => match quoted {
            Family::Request => Some(TieKind::Request),
            family if asks(family) => Some(TieKind::Incoming),
            _ => None,
        },
        Family::Notice | Family::Decision if quoted == Family::Request => Some(TieKind::Request),
        Family::Letter if quoted == Family::Letter => Some(TieKind::Incoming),
        _ => None,
    }
}

/// Whether a text can hold a document number at all: most don't, and reading them all would cost.
fn may_quote(text: &str) -> bool {
    text.contains('号') && text.contains(['〔', '［', '[', '（', '(', '【', '﹝', '〖', '字'])
}

/// Those that bear a quoted number. In a sentence the code has no beginning of its own (县财政局宁财农字), so
/// it is looked for without its first characters too.
fn bearers(search: &Search<'_, '_>, place: u32, quoted: &NumberParts) -> Vec<u32> {
    let mut parts = quoted.clone();
    loop {
        let found: Vec<u32> = around(search.by_number.of(number_key(&parts)), place, 8, 8).collect();
        if !found.is_empty() || parts.code.chars().count() <= 2 {
            return found;
        }
        parts.code.remove(0);
    }
}

/// The number of a proposal that a title names, with the kind of proposal: 第37号建议, …的提案(第12号).
fn proposal_number(title: &str) -> Option<(char, u32)> {
    let kind = [("建议", '建'), ("提案", '提'), ("议案", '议')]
        .into_iter()
        .find(|(word, _)| title.contains(word))
        .map(|(_, kind)| kind)?;
    let mut rest = title;
    while let Some(at) = rest.find('第') {
        rest = &rest[at + '第'.len_utf8()..];
        if let Some((number, used)) = leading_number(rest)
            && rest[used..].starts_with('号')
        {
            return Some((kind, number));
        }
    }
    None
}

/// The most days between a proposal and its answer.
const PROPOSAL_DAYS: i32 = 550;

/// Ties answers to proposals by the proposal's number (第37号建议).
pub(super) fn proposals(search: &mut Search<'_, '_>) {
    let desk = search.desk;
    let mut proposals: Vec<((char, u32), u32)> = Vec::new();
    let mut answers: Vec<((char, u32), u32)> = Vec::new();
    let numbered = shares::each(desk.len(), |run| {
        let prints = run.filter(|place| {
            let facts = desk.at(*place);
            facts.state == DraftState::Print && facts.wording.attachment.is_none()
        });
        prints.filter_map(|place| Some((proposal_number(&desk.at(place).title)?, place))).collect()
    });
    for (number, place) in numbered {
        let facts = desk.at(place);
        let answers_it = matches!(
            facts.family(),
            Family::Answer | Family::LetterReply | Family::Letter | Family::Report | Family::Reply
        );
        if answers_it {
            answers.push((number, place));
        } else {
            proposals.push((number, place));
        }
    }
    proposals.sort_unstable();
    for (number, answer) in answers {
        let from = proposals.partition_point(|(other, _)| *other < number);
        let mut same =
            proposals[from..].iter().take_while(|(other, _)| *other == number).filter(|(_, place)| {
                match (desk.at(*place).day(), desk.at(answer).day()) {
                    (Some(asked), Some(answered)) => (0..=PROPOSAL_DAYS).contains(&(answered - asked)),
                    _ => true,
                }
            });
        // Each session numbers its proposals anew: of two that fit nobody can say which is meant.
        let (Some((_, proposal)), None) = (same.next(), same.next()) else { continue };
        if !search.has(answer, &[TieKind::Incoming, TieKind::Request]) {
            let n = number.1;
            search.propose(
                *proposal,
                answer,
                TieKind::Incoming,
                0.92,
                text!("答复所指的第 {n} 号", "it answers proposal number {n}"),
            );
        }
    }
}

/// The numbers of other papers that a print quotes, and whether in its title or in the remarks.
fn quoted_by(desk: &Desk<'_>, place: u32) -> Vec<(u32, NumberParts, bool)> {
    let item = desk.item(place);
    if desk.at(place).state != DraftState::Print {
        return Vec::new();
    }
    let own = |parts: &NumberParts| item.number.as_ref().is_some_and(|number| number.parts.contains(parts));
    let remark = item.remarks.as_deref().unwrap_or_default();
    let texts =
        [(item.title.as_str(), true), (remark, false)].into_iter().filter(|(text, _)| may_quote(text));
    texts
        .flat_map(|(text, in_title)| {
            DocNumber::find_in(text).into_iter().map(move |(_, parts)| (place, parts, in_title))
        })
        .filter(|(_, parts, _)| !own(parts))
        .collect()
}

/// Proposes a tie for each number quoted whose document is on the desk.
pub(super) fn numbers(search: &mut Search<'_, '_>) {
    let desk = search.desk;
    let quotes = shares::each(desk.len(), |run| run.flat_map(|place| quoted_by(desk, place)).collect());
    for (place, parts, in_title) in quotes {
        let (facts, item) = (desk.at(place), desk.item(place));
        let remark = item.remarks.as_deref().unwrap_or_default();
        let of_print = bearers(search, place, &parts).into_iter().filter(|other| {
            let theirs = desk.at(*other);
            theirs.state == DraftState::Print && theirs.wording.attachment.is_none()
        });
        let Some(quoted) = of_print.min() else { continue };
        let theirs = desk.at(quoted);
        if facts.wording.attachment.is_some() || remark.contains("附件") && !in_title {
            // 备注：临政〔2004〕3号附件: this one is the attachment.
            let is_attachment = remark.contains("号的附件")
                || remark.contains("号附件")
                || facts.wording.attachment.is_some();
            if is_attachment {
                let grounds = text!("注明是 {parts} 的附件", "said to be an attachment of {parts}");
                search.propose(place, quoted, TieKind::Attachment, 0.93, grounds);
            }
            continue;
        }
        let act = facts.wording.act.filter(|_| in_title);
        let Some(kind) = kind_of(facts.family(), act, theirs.family(), &facts.title, remark) else {
            if in_title {
                search.mentions.push((place, quoted));
            }
            continue;
        };
        // The answer is not earlier than what it answers.
        if let (Some(ours), Some(their)) = (facts.day(), theirs.day())
            && ours < their
        {
            continue;
        }
        let confidence = if in_title { 0.97 } else { 0.93 };
        let grounds = text!("引用其文号 {parts}", "it quotes the number {parts}");
        search.propose(quoted, place, kind, confidence, grounds);
    }
}
