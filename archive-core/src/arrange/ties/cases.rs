//! The papers of a case: what they are the grounds of.

use crate::model::{DraftState, TieKind};
use crate::text;

use super::Search;
use crate::arrange::wording::Family;

/// Whether the name of a matter is that of a case, and not of a lawsuit, whose papers have an order of
/// their own.
pub(crate) fn is_case(matter: &str) -> bool {
    let bill = (matter.contains("提案") || matter.contains("议案")) && !matter.contains("争议案");
    (matter.ends_with('案')
        || matter.contains("案件")
        || matter.contains("纠纷")
        || matter.contains("事故")
        || matter.contains("争议"))
        && !matter.contains("诉讼")
        && !bill
}

/// How well a paper can be the end of a case.
fn concludes(family: Family, title: &str) -> u8 {
    match family {
        Family::Verdict => 4,
        Family::Decision if title.contains("处") || title.contains("裁") => 4,
        Family::Reply | Family::Decision => 3,
        Family::Report | Family::Notice | Family::Answer
            if ["查处", "处理", "结案", "调查处理"].iter().any(|word| title.contains(word)) =>
        {
            2
        }
        _ => 0,
    }
}

/// Ties the papers of each case to its conclusion.
pub(super) fn grounds(search: &mut Search<'_, '_>) {
    let desk = search.desk;
    let mut papers: Vec<(u32, u32)> = (0..desk.len())
        .map(|place| (desk.at(place).matter, place))
        .filter(|(matter, _)| *matter != 0 && is_case(desk.words.get(*matter)))
        .collect();
    papers.sort_unstable();
    for case in papers.chunk_by(|a, b| a.0 == b.0) {
        let conclusion = case
            .iter()
            .map(|(_, place)| *place)
            .filter(|place| {
                desk.at(*place).state == DraftState::Print && desk.at(*place).wording.attachment.is_none()
            })
            .map(|place| (concludes(desk.at(place).family(), &desk.at(place).title), place))
            .filter(|(rank, _)| *rank > 0)
            .max();
        let Some((_, conclusion)) = conclusion else { continue };
        let matter = desk.words.get(case[0].0);
        let name: String = matter.chars().take(24).collect();
        for (_, place) in case {
            // Only what stands by itself: a draft, an attachment, a request go with their own.
            let led = search.is(*place, &TieKind::ALL[..]) || search.is(conclusion, &TieKind::ALL[..]);
            if *place == conclusion || led {
                continue;
            }
            let evidence =
                matches!(desk.at(*place).family(), Family::Evidence | Family::Other | Family::List);
            search.propose(
                *place,
                conclusion,
                TieKind::Grounds,
                if evidence { 0.9 } else { 0.75 },
                text!("同属“{name}”，为其结论的依据", "of the case “{name}”: grounds of its conclusion"),
            );
        }
    }
}
