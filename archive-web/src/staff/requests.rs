//! What readers ask for, and what they are answered.

use archive_core::text::Text;
use archive_store::{ReaderRequest, Repository};
use askama::Template;
use serde::Serialize;

use crate::answer::{Answer, segment};
use crate::failure::Failure;
use crate::frame::Frame;
use crate::site::Site;
use crate::version::Version;
use crate::visit::Visit;

/// Requests on a page: those that wait, then the latest of the others.
const MOST: usize = 200;

#[derive(Debug, Serialize)]
struct Line {
    #[serde(flatten)]
    request: ReaderRequest,
    /// What is sent back with the answer.
    version: Version,
    #[serde(skip)]
    kind: String,
    #[serde(rename = "url")]
    to: Option<String>,
    title: String,
}

#[derive(Template, Serialize)]
#[template(path = "staff/requests.html")]
struct Page {
    #[serde(skip)]
    frame: Frame,
    waiting: usize,
    requests: Vec<Line>,
}

/// All requests.
pub(crate) fn page(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let shelves = site.shelves(visit.asker())?;
    let mut all = site.read(|repository| Ok(repository.reader_requests(false)?))?;
    let waiting = all.iter().filter(|request| request.answer.is_none()).count();
    // Those that were answered stand the latest first.
    all[waiting..].reverse();
    all.truncate(waiting.max(MOST));
    let requests = all
        .into_iter()
        .map(|request| {
            let card = request.item.and_then(|id| shelves.card(id));
            Ok(Line {
                version: Version::of(&request)?,
                kind: visit.say(&request.kind.word()),
                to: card.map(|card| format!("/a/{}", segment(&card.address))),
                title: card.map(|card| card.title.clone()).unwrap_or_default(),
                request,
            })
        })
        .collect::<Result<_, Failure>>()?;
    let page =
        Page { frame: visit.frame(&Text::fixed("查档申请", "Requests of readers")), waiting, requests };
    visit.show(&page, &page)
}

/// Answers one.
pub(crate) fn answer(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let said = visit.needed("text", &Text::fixed("答复", "the answer"), 2000)?;
    let granted = visit.field("granted") == "yes";
    let no = visit.field("no");
    // A request is as it was made until it is answered.
    let seen = |repository: &Repository| {
        let request = repository.reader_requests(false)?.into_iter().find(|request| request.no == no);
        Version::of(&request.ok_or(Failure::NotFound)?)
    };
    site.change(visit, seen, |change| Ok(change.answer_request(no, granted, &said)?))?;
    visit.done("/staff/requests", &Text::fixed("已答复", "answered"))
}
