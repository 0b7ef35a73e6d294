//! How much a record weighs beside others: which is the main record of a question (V6), and which question
//! stands before another (O6).
//!
//! The sources say "the more important first" and leave the judging to the archivist. We judge by what
//! the register tells: the type of document (a decision before a notice before a bulletin), then who
//! issued it (a superior body, the institution itself, others). What can't be told apart so stands by date.

use crate::profile::Maker;

use super::facts::{Desk, same_body};

/// How high a body stands: 5 the state, 4 a province, 3 a city, 2 a county, 1 a town, 0 unknown.
fn height(body: &str) -> u8 {
    if body.contains("国务院") || body.contains("中央") || body.contains("全国") {
        return 5;
    }
    let last = |marks: &[char]| {
        body.char_indices().filter(|(at, c)| *at > 0 && marks.contains(c)).map(|(at, _)| at).next()
    };
    if last(&['省']).is_some() || body.starts_with('省') || body.contains("自治区") {
        4
    } else if body.starts_with('市') || (last(&['市', '州', '盟']).is_some() && last(&['县']).is_none())
    {
        3
    } else if body.starts_with('县')
        || last(&['县', '旗']).is_some()
        || body.starts_with('区')
        || body.contains("区委")
        || body.contains("区政府")
    {
        2
    } else {
        u8::from(last(&['镇', '乡']).is_some() || body.contains("街道") || body.ends_with('村'))
    }
}

/// Whether a body's name is that of a whole government or committee, not of one of its offices.
fn is_leading(body: &str) -> bool {
    body.ends_with("政府") || body.ends_with('委') && !body.contains('部')
}

/// Where a body stands, seen from the institution.
pub(crate) fn level(body: &str, house: &str) -> Maker {
    let (theirs, ours) = (height(body), height(house));
    if theirs == 0 || ours == 0 {
        return Maker::Peer;
    }
    match theirs.cmp(&ours) {
        std::cmp::Ordering::Greater => Maker::Above,
        std::cmp::Ordering::Less => Maker::Below,
        std::cmp::Ordering::Equal => match (is_leading(body), is_leading(house)) {
            (true, false) => Maker::Above,
            (false, true) => Maker::Below,
            _ => Maker::Peer,
        },
    }
}

/// The weight of an item: its type's, and a little for who issued it.
pub(crate) fn of_item(desk: &Desk<'_>, place: u32) -> u32 {
    let facts = desk.at(place);
    let body = desk.body(place);
    let house = &desk.house;
    let by_maker = if body.is_empty() {
        0
    } else if same_body(body, house) {
        3
    } else {
        match level(body, house) {
            Maker::Above => 4,
            Maker::Own => 3,
            Maker::Peer => 1,
            Maker::Below => 0,
        }
    };
    u32::from(facts.kind().weight) * 10 + by_maker
}
