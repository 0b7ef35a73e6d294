//! Stocktaking (清点): what was found against what should be there, each difference settled, then closed (H3).

use std::collections::BTreeSet;

use archive_core::storeroom::stocktake::{Difference, Found, compare};
use archive_core::text;
use archive_core::text::Text;
use archive_store::{Repository, Stocktake};
use askama::Template;
use serde::Serialize;

use super::storeroom::address;
use crate::answer::{Answer, segment};
use crate::failure::Failure;
use crate::frame::Frame;
use crate::pages::Turn;
use crate::routes::SERVES;
use crate::site::Site;
use crate::version::Version;
use crate::visit::Visit;

/// Differences on a page.
const EACH: usize = 100;

#[derive(Debug, Serialize)]
struct Line {
    #[serde(flatten)]
    difference: Difference,
    #[serde(skip)]
    word: String,
}

#[derive(Template, Serialize)]
#[template(path = "staff/stocktake.html")]
struct Page {
    #[serde(skip)]
    frame: Frame,
    number: String,
    day: String,
    complete: bool,
    scope: String,
    who: String,
    closed: Option<String>,
    expected: usize,
    found: usize,
    on_loan: usize,
    total: usize,
    open: usize,
    differences: Vec<Line>,
    version: Version,
    #[serde(skip)]
    turn: Turn,
    #[serde(skip)]
    may_change: bool,
}

fn known(repository: &Repository, number: &str) -> Result<Stocktake, Failure> {
    repository.stocktake(number).map_err(|_| Failure::NotFound)
}

/// A count and what came of it.
pub(crate) fn page(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let made = site.read(|repository| known(repository, visit.part("number")))?;
    let version = Version::of(&made)?;
    let all = &made.comparison.differences;
    let turn = Turn::of(visit, all.len(), EACH);
    let number = &made.number;
    let page = Page {
        frame: visit.frame(&text!("清点 {number}", "Count {number}")),
        day: made.day.clone(),
        complete: made.complete,
        scope: made.scope.clone(),
        who: made.who.clone(),
        closed: made.closed.clone(),
        expected: made.comparison.expected,
        found: made.comparison.found,
        on_loan: made.comparison.on_loan,
        total: all.len(),
        open: all.iter().filter(|one| one.settled.is_none()).count(),
        differences: all[turn.range()]
            .iter()
            .map(|one| Line { word: visit.say(&one.kind.word()), difference: one.clone() })
            .collect(),
        version,
        turn,
        may_change: visit.may(SERVES) && made.closed.is_none(),
        number: made.number,
    };
    visit.show(&page, &page)
}

/// Counts: what was seen, one code a line, perhaps with its place behind it.
pub(crate) fn begin(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let full = visit.field("full") == "yes";
    let within = match visit.field("within") {
        "" => None,
        written => Some(address(written)?),
    };
    let found: Vec<Found> = visit
        .field("codes")
        .lines()
        .map(|line| line.split(['\t', ',', '，', ' ']).map(str::trim).filter(|part| !part.is_empty()))
        .filter_map(|mut parts| {
            Some(Found { code: parts.next()?.to_owned(), place: parts.next().map(str::to_owned) })
        })
        .collect();
    if found.is_empty() {
        return Err(Failure::refused(Text::fixed("没有写看到的档号", "no code that was seen is given")));
    }
    let day = visit.day("on")?.unwrap_or_else(|| visit.today());
    let scope = match (full, &within) {
        (true, _) => "全部".to_owned(),
        (false, Some(part)) => part.spoken(),
        (false, None) => "已上架的全部".to_owned(),
    };
    let new = |_: &Repository| Ok(Version::of_something_new());
    let number = site.change(visit, new, |change| {
        let repository = change.repository();
        let within = within.as_ref().filter(|_| !full);
        let expected = repository.expected_in_storeroom(full, within)?;
        let destroyed: BTreeSet<String> =
            repository.destroyed_volumes()?.into_iter().map(|volume| volume.code).collect();
        Ok(change.record_stocktake(day, full, &scope, &compare(&expected, &found, &destroyed))?)
    })?;
    visit.done(
        &format!("/staff/stocktake/{}", segment(&number)),
        &text!("清点 {number} 已登记", "count {number} is registered"),
    )
}

/// Settles a difference, or closes the count.
pub(crate) fn act(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let number = visit.part("number");
    site.read(|repository| known(repository, number))?;
    let seen = |repository: &Repository| Version::of(&known(repository, number)?);
    match visit.field("what") {
        "settle" => {
            let note = visit.needed("note", &Text::fixed("处理", "what was found out"), 300)?;
            let code = visit.field("code");
            site.change(visit, seen, |change| Ok(change.settle_difference(number, code, &note)?))?;
        }
        "close" => site.change(visit, seen, |change| Ok(change.close_stocktake(number)?))?,
        _ => return Err(Failure::refused(Text::fixed("没有选办什么", "choose what to do"))),
    }
    visit.done(&format!("/staff/stocktake/{}", segment(number)), &Text::fixed("已登记", "registered"))
}
