//! Doubtful ties: what the program proposes on words alone, for a person to confirm or refuse.

use archive_core::arrange::Verdict;
use archive_core::model::{ItemId, TieKind};
use archive_core::text;
use archive_core::text::Text;
use askama::Template;
use serde::Serialize;

use super::board::{made, save, version};
use crate::answer::{Answer, segment};
use crate::failure::Failure;
use crate::frame::Frame;
use crate::pages::Turn;
use crate::shelves::Shelves;
use crate::site::Site;
use crate::version::Version;
use crate::visit::Visit;

/// Ties on a page.
const EACH: usize = 40;

#[derive(Debug, Serialize)]
struct Side {
    row: String,
    title: String,
    #[serde(rename = "url")]
    to: String,
}

#[derive(Debug, Serialize)]
struct Line {
    from: Side,
    to: Side,
    kind: &'static str,
    percent: u32,
    grounds: String,
    refused: bool,
    #[serde(skip)]
    key: String,
}

#[derive(Template, Serialize)]
#[template(path = "staff/ties.html")]
struct Page {
    #[serde(skip)]
    frame: Frame,
    total: usize,
    /// Of them, those nobody has said anything of.
    waiting: usize,
    version: Version,
    ties: Vec<Line>,
    #[serde(skip)]
    turn: Turn,
    #[serde(skip)]
    may_change: bool,
}

fn side(shelves: &Shelves, id: ItemId, row: &str, title: &str) -> Side {
    let to = shelves.card(id).map_or_else(String::new, |card| format!("/a/{}", segment(&card.address)));
    Side { row: row.to_owned(), title: title.to_owned(), to }
}

/// The proposed ties, the most doubtful first.
pub(crate) fn page(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let (made, version) = site.read(|repository| Ok((made(site, repository)?, version(repository)?)))?;
    let shelves = site.shelves(visit.asker())?;
    // A tie of a classified record would tell its title (S1).
    let seen = |id: &ItemId| shelves.card(*id).is_some();
    let open: Vec<_> = made.plan.ties.iter().filter(|tie| seen(&tie.from) && seen(&tie.to)).collect();
    let turn = Turn::of(visit, open.len(), EACH);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a hundred")]
    let percent = |of: f32| (of.clamp(0.0, 1.0) * 100.0).round() as u32;
    let ties: Vec<Line> = open[turn.range()]
        .iter()
        .map(|tie| Line {
            from: side(&shelves, tie.from, &tie.from_row, &tie.from_title),
            to: side(&shelves, tie.to, &tie.to_row, &tie.to_title),
            kind: if visit.lang == archive_core::text::Lang::Zh {
                tie.kind.word()
            } else {
                tie.kind.english()
            },
            percent: percent(tie.confidence),
            grounds: visit.say(&tie.grounds),
            refused: tie.verdict == Verdict::Refused,
            key: format!("{}.{}.{}", tie.from.0, tie.to.0, tie.kind.word()),
        })
        .collect();
    let page = Page {
        frame: visit.frame(&Text::fixed("推定的关联", "Proposed ties")),
        total: open.len(),
        waiting: open.iter().filter(|tie| tie.verdict == Verdict::Open).count(),
        turn,
        version,
        ties,
        may_change: visit.has(&[archive_core::people::Role::Archivist, archive_core::people::Role::Director]),
    };
    visit.show(&page, &page)
}

/// Says of one tie whether it holds; the arrangement follows.
pub(crate) fn judge(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let verdict = match visit.field("verdict") {
        "yes" => Verdict::Accepted,
        "no" => Verdict::Refused,
        _ => return Err(Failure::refused(Text::fixed("没有选同意或否", "say whether it holds"))),
    };
    let mut parts = visit.field("tie").splitn(3, '.');
    let mut id = || parts.next().and_then(|id| id.parse().ok()).map(ItemId);
    let (one, other) = (id(), id());
    let kind: Option<TieKind> = parts.next().and_then(|word| word.parse().ok());
    site.change(visit, version, |change| {
        let repository = change.repository();
        let made = made(site, repository)?;
        let mut plan = made.plan.clone();
        let tie = plan
            .ties
            .iter_mut()
            .find(|tie| Some(tie.from) == one && Some(tie.to) == other && Some(tie.kind) == kind)
            .ok_or(Failure::Outdated)?;
        tie.verdict = verdict;
        let institution = &repository.settings().institution;
        let done = plan.carry_out(
            &made.arrangement(),
            &made.items,
            institution,
            &site.settings.profile,
            &made.decisions,
        );
        let (decisions, arrangement) = done.map_err(|faults| {
            let count = faults.len();
            faults.into_iter().next().map_or_else(
                || Failure::refused(Text::fixed("不能生效", "it can't be carried out")),
                |first| {
                    let Text { zh, en } = first.message;
                    let more = count - 1;
                    Failure::Refused(
                        match more {
                            0 => Text::new(zh, en),
                            _ => text!("{zh}（另有 {more} 处）", "{en} (and {more} more)"),
                        },
                        first.help,
                    )
                },
            )
        })?;
        save(change, &made.items, arrangement, Some(&decisions))
    })?;
    visit.done("/staff/ties", &Text::fixed("已登记", "registered"))
}
