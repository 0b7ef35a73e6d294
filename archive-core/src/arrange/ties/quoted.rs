//! Ties by a document number quoted in a title or in the remarks.

use crate::model::{DraftState, TieKind};
use crate::reading::{DocNumber, NumberParts};
use crate::text;

use super::{Search, around, asks, number_key};
use crate::arrange::wording::{Act, Family};

/// What the quoting document makes of the quoted one, if the types say it.
fn kind_of(quoting: Family, act: Option<Act>, quoted: Family, remark: &str) -> Option<TieKind> {
    if act.is_some() {
        return Some(TieKind::Forwarded);
    }
    if remark.contains("附件") {
        return None; // which is whose attachment is settled by the remark's own direction, below
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

/// Proposes a tie for each number quoted whose document is on the desk.
pub(super) fn numbers(search: &mut Search<'_, '_>) {
    let desk = search.desk;
    for place in 0..desk.len() {
        let facts = desk.at(place);
        let item = desk.item(place);
        if facts.state != DraftState::Print {
            continue;
        }
        let remark = item.remarks.as_deref().unwrap_or_default();
        for (text, in_title) in [(item.title.as_str(), true), (remark, false)] {
            if !may_quote(text) {
                continue;
            }
            for (_, parts) in DocNumber::find_in(text) {
                if item.number.as_ref().is_some_and(|number| number.parts.contains(&parts)) {
                    continue;
                }
                let same = bearers(search, place, &parts);
                let quoted = same
                    .iter()
                    .copied()
                    .filter(|other| {
                        let theirs = desk.at(*other);
                        theirs.state == DraftState::Print && theirs.wording.attachment.is_none()
                    })
                    .min();
                let Some(quoted) = quoted else { continue };
                let theirs = desk.at(quoted);
                let kind = if facts.wording.attachment.is_some() || remark.contains("附件") && !in_title {
                    // 备注：临政〔2004〕3号附件: this one is the attachment.
                    let at_end = remark.contains("号的附件")
                        || remark.contains("号附件")
                        || facts.wording.attachment.is_some();
                    if !at_end {
                        continue;
                    }
                    search.propose(
                        place,
                        quoted,
                        TieKind::Attachment,
                        0.93,
                        text!("注明是 {parts} 的附件", "said to be an attachment of {parts}"),
                    );
                    continue;
                } else {
                    kind_of(facts.family(), facts.wording.act.filter(|_| in_title), theirs.family(), remark)
                };
                let Some(kind) = kind else { continue };
                // The answer is not earlier than what it answers.
                if let (Some(ours), Some(their)) = (facts.day(), theirs.day())
                    && ours < their
                {
                    continue;
                }
                search.propose(
                    quoted,
                    place,
                    kind,
                    if in_title { 0.97 } else { 0.93 },
                    text!("引用其文号 {parts}", "it quotes the number {parts}"),
                );
            }
        }
    }
}
