//! The papers of a meeting that go with the notice that calls it: its timetable, its lists.
//!
//! A timetable (日程) bears the day of the meeting, not that of the notice, and often the government's name where the
//! notice bears its office's: what tells is the meeting's own name, which both bear in full. An agenda (议程) is
//! no such paper: it is laid before the meeting and stands among what the meeting dealt with.

use crate::model::{DraftState, TieKind};
use crate::text;

use super::{Proposal, Search, around};
use crate::arrange::facts::{Desk, Index, hash, same_body};
use crate::arrange::shares;
use crate::arrange::wording::Family;

/// How many days after its notice a meeting may be held, and how many days before it a list may have been made.
const HELD_WITHIN: i32 = 90;
const MADE_BEFORE: i32 = 7;

/// A name of fewer characters (工作会议) is that of any meeting.
const LEAST_CHARS: usize = 5;

/// 全县经济工作会议 of 全县经济工作会议日程: up to the last 会 or 会议.
fn meeting(words: &str) -> Option<&str> {
    let at = words.rfind('会')? + '会'.len_utf8();
    let end = if words[at..].starts_with('议') { at + '议'.len_utf8() } else { at };
    let name = &words[..end];
    (name.chars().count() >= LEAST_CHARS).then_some(name)
}

/// The meeting a notice calls: 关于召开全县经济工作会议的通知.
fn called(desk: &Desk<'_>, place: u32) -> Option<u64> {
    let facts = desk.at(place);
    let calls = facts.family() == Family::Notice
        && facts.state == DraftState::Print
        && facts.wording.attachment.is_none();
    let subject = facts.subject();
    let words = ["召开", "举行", "举办"].iter().find_map(|verb| subject.strip_prefix(verb))?;
    calls.then(|| meeting(words).map(hash))?
}

/// Ties timetables and lists of a meeting to the notice that calls it.
pub(super) fn lists(search: &mut Search<'_, '_>) {
    let desk = search.desk;
    let notices =
        shares::each(desk.len(), |run| run.filter_map(|place| Some((called(desk, place)?, place))).collect());
    if notices.is_empty() {
        return;
    }
    let by_meeting = Index::new(notices);
    let by_meeting = &by_meeting;
    let held = &*search;
    let found =
        shares::each(desk.len(), |run| run.filter_map(|place| list(held, by_meeting, place)).collect());
    search.propose_all(found);
}

/// The tie of a meeting's list to the notice that calls the meeting.
fn list(search: &Search<'_, '_>, by_meeting: &Index, place: u32) -> Option<Proposal> {
    let desk = search.desk;
    let facts = desk.at(place);
    let numbered = desk.item(place).number.as_ref().is_some_and(|number| !number.parts.is_empty());
    let is_list = facts.family() == Family::List
        && facts.kind().word != "议程"
        && facts.state == DraftState::Print
        && !numbered;
    if !is_list || search.is(place, &[TieKind::Attachment, TieKind::Grounds, TieKind::Forwarded]) {
        return None;
    }
    let name = meeting(facts.subject())?;
    let fits = |other: &u32| {
        let theirs = desk.at(*other);
        let in_time = match (theirs.day(), facts.day()) {
            (Some(notice), Some(list)) => (-MADE_BEFORE..=HELD_WITHIN).contains(&(list - notice)),
            _ => true,
        };
        // A list that nobody signed may be anybody's, and lies among the papers of the meeting itself.
        in_time && of_one_house(desk, place, *other)
    };
    // The nearest: a meeting that is put off is called twice.
    let near = around(by_meeting.of(hash(name)), place, 8, 8);
    let notice = near.filter(fits).min_by_key(|other| (other.abs_diff(place), *other))?;
    Some(Proposal {
        from: place,
        to: notice,
        kind: TieKind::Attachment,
        confidence: 0.88,
        grounds: text!(
            "“{name}”的日程、名单，随召开会议的通知",
            "a list of “{name}”, which the notice calls"
        ),
    })
}

/// Whether two papers are of one body, or of a body and its own office: 县政府, 县政府办公室.
fn of_one_house(desk: &Desk<'_>, a: u32, b: u32) -> bool {
    let (a, b) = (desk.body(a), desk.body(b));
    let office_of = |office: &str, house: &str| office.strip_prefix(house) == Some("办公室");
    same_body(a, b) || office_of(a, b) || office_of(b, a)
}

#[cfg(test)]
mod tests {
    use super::meeting;

    #[test]
    fn a_meeting_is_called_by_its_name_up_to_its_last_word() {
        assert_eq!(meeting("全县经济工作会议"), Some("全县经济工作会议"));
        assert_eq!(meeting("全县经济工作会议参加人员"), Some("全县经济工作会议"));
        assert_eq!(meeting("县第十四届人民代表大会第二次会议议程"), Some("县第十四届人民代表大会第二次会议"));
        assert_eq!(meeting("防汛抗旱物资"), None);
        assert_eq!(meeting("本次会议"), None);
    }
}
