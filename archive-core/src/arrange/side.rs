//! Party or government (党政, V2): given, or told by the body, the number's code, or the institution itself.

use std::collections::HashMap;

use crate::model::{Side, Why};

use super::facts::Desk;
use super::shares;
use super::threads::Threads;

/// Words in a body's name that belong to the party side whatever stands around them.
const PARTY: [&str; 26] = [
    "中共",
    "中国共产党",
    "党委",
    "党组",
    "党工委",
    "党支部",
    "党总支",
    "纪委",
    "纪律检查",
    "组织部",
    "宣传部",
    "统战部",
    "政法委",
    "直属机关工委",
    "机关党",
    "党校",
    "党史",
    "老干部局",
    "国家保密局",
    "保密委",
    "共青团",
    "团委",
    "总工会",
    "妇联",
    "妇女联合会",
    "精神文明",
];

/// Words that belong to the government side though they end in 委.
const GOVERNMENT: [&str; 8] = ["政府", "人大", "政协", "法院", "检察院", "管委会", "居委会", "村委会"];

/// The side of a body by its name.
pub(crate) fn of_body(name: &str) -> Option<Side> {
    if PARTY.iter().any(|word| name.contains(word)) {
        return Some(Side::Party);
    }
    if GOVERNMENT.iter().any(|word| name.contains(word)) {
        return Some(Side::Government);
    }
    // 县委, 县委办公室, 镇委: the committee of a place is the party's. 计委, 经贸委 are of the government.
    let chars: Vec<char> = name.chars().collect();
    let committee = chars.windows(2).any(|pair| {
        pair[1] == '委'
            && matches!(pair[0], '省' | '市' | '县' | '区' | '州' | '盟' | '旗' | '镇' | '乡' | '地')
    });
    if committee {
        return Some(Side::Party);
    }
    ["局", "厅", "科", "站", "所", "院", "校", "公司", "村", "处", "中心"]
        .iter()
        .any(|end| name.ends_with(end))
        .then_some(Side::Government)
}

/// The side a number's code tells: 建委, 委办, 组, 纪 against 建政, 府办.
fn of_code(code: &str) -> Option<Side> {
    let chars: Vec<char> = code.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        match c {
            '政' | '府' if chars.get(at + 1) != Some(&'法') => return Some(Side::Government),
            // 计委, 经委, 建委 are of the government; 临委, 委办 of the party.
            '委' if at <= 1
                && !matches!(
                    chars.get(at.wrapping_sub(1)),
                    Some('计' | '经' | '科' | '教' | '农' | '体' | '改' | '贸')
                ) =>
            {
                return Some(Side::Party);
            }
            '党' | '纪' if at <= 1 => return Some(Side::Party),
            _ => {}
        }
    }
    None
}

/// The side and its reason for each place; a thread has one side, its head's.
pub(crate) fn settle(desk: &Desk<'_>, threads: &Threads) -> Vec<(Side, Why)> {
    let house = of_body(&desk.institution.name).unwrap_or(Side::Government);
    let own = shares::each(desk.len(), |run| {
        let mut known = HashMap::new();
        run.map(|place| own(desk, place, house, &mut known)).collect()
    });
    let mut sides = own.clone();
    for thread in 0..threads.len() {
        let items = threads.items(thread);
        if items.len() < 2 {
            continue;
        }
        // The head's, unless only another's is known for certain.
        let known = |place: &&u32| !matches!(own[**place as usize].1, Why::SideOfInstitution(_));
        let leader =
            if known(&&items[0]) { items[0] } else { items.iter().find(known).copied().unwrap_or(items[0]) };
        let side = own[leader as usize].0;
        let id = desk.item(leader).id;
        for place in items {
            if *place != leader && (own[*place as usize].0 != side || !known(&place)) {
                sides[*place as usize] = (side, Why::SideOfTie(id));
            }
        }
    }
    sides
}

fn own<'d>(
    desk: &Desk<'d>,
    place: u32,
    house: Side,
    known: &mut HashMap<&'d str, Option<Side>>,
) -> (Side, Why) {
    let item = desk.item(place);
    if let Some(decided) = desk.decisions.sides.get(&item.id) {
        return (decided.value, Why::SideGiven(decided.value));
    }
    if let Some(side) = item.side {
        return (side, Why::SideGiven(side));
    }
    let code = item.number.iter().flat_map(|number| &number.parts).find_map(|parts| of_code(&parts.code));
    if let Some(side) =
        item.bodies.first().and_then(|body| *known.entry(body).or_insert_with(|| of_body(body)))
    {
        return (side, Why::SideOfBody(side));
    }
    if let Some(side) = code {
        return (side, Why::SideOfNumber(side));
    }
    (house, Why::SideOfInstitution(house))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn committees_of_places_are_of_the_party_and_those_of_trades_are_not() {
        assert_eq!(of_body("中共临溪县委"), Some(Side::Party));
        assert_eq!(of_body("县委办公室"), Some(Side::Party));
        assert_eq!(of_body("县计委"), None);
        assert_eq!(of_body("临溪县人民政府"), Some(Side::Government));
        assert_eq!(of_body("县纪委"), Some(Side::Party));
        assert_eq!(of_code("临委办"), Some(Side::Party));
        assert_eq!(of_code("临政办"), Some(Side::Government));
        assert_eq!(of_code("计委"), None);
    }
}
