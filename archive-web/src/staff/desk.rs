//! The desk: what waits today, each with the way to it.

use archive_core::text::Text;
use askama::Template;
use serde::Serialize;

use super::opening::waiting;
use crate::answer::Answer;
use crate::failure::Failure;
use crate::frame::Frame;
use crate::site::Site;
use crate::visit::Visit;

/// Something that waits.
#[derive(Debug, Serialize)]
struct Pile {
    #[serde(rename = "url")]
    to: &'static str,
    name: String,
    count: usize,
}

#[derive(Template, Serialize)]
#[template(path = "staff/desk.html")]
struct Page {
    #[serde(skip)]
    frame: Frame,
    piles: Vec<Pile>,
    items: usize,
    volumes: usize,
}

/// What waits.
pub(crate) fn page(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let shelves = site.shelves(visit.asker())?;
    let opening = waiting(site, visit)?.len();
    let periods = super::periods::due(site, visit)?;
    let (requests, overdue, out) = site.read(|repository| {
        let loans = repository.loans_out()?;
        let overdue = loans.iter().filter(|loan| loan.days_overdue(visit.today()).is_some()).count();
        let requests = repository.reader_requests(true)?.len();
        Ok((requests, overdue, loans.len()))
    })?;
    let pile = |to, name: Text, count| Pile { to, name: visit.say(&name), count };
    let page = Page {
        frame: visit.frame(&Text::fixed("工作台", "Desk")),
        piles: vec![
            pile("/staff/requests", Text::fixed("待答复的申请", "requests to answer"), requests),
            pile("/staff/opening", Text::fixed("待审核开放的文件", "items to review for opening"), opening),
            pile("/staff/periods", Text::fixed("保管期限已满的", "records whose period is over"), periods),
            pile("/staff/loans", Text::fixed("逾期未还的案卷", "volumes overdue"), overdue),
            pile("/staff/loans", Text::fixed("借出的案卷", "volumes on loan"), out),
        ],
        items: shelves.years().map(|year| year.cards.len()).sum(),
        volumes: shelves.years().map(|year| year.volumes.len()).sum(),
    };
    visit.show(&page, &page)
}
