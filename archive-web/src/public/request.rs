//! Asking the office for a record, for copies of it, or telling it something.

use archive_core::text;
use archive_core::text::Text;
use archive_store::{ReaderRequest, RequestKind};
use askama::Template;
use chrono::NaiveDate;
use serde::Serialize;

use crate::answer::{Answer, segment};
use crate::failure::Failure;
use crate::frame::Frame;
use crate::site::Site;
use crate::visit::Visit;

#[derive(Debug)]
struct Kind {
    name: &'static str,
    word: String,
    chosen: bool,
}

#[derive(Template, Serialize)]
#[template(path = "request.html")]
struct Page {
    #[serde(skip)]
    frame: Frame,
    address: String,
    title: String,
    #[serde(skip)]
    to: String,
    #[serde(skip)]
    kinds: Vec<Kind>,
    sent: Option<String>,
}

/// The record a request is about, if it is about one that the asker may see.
fn about(
    site: &Site,
    visit: &Visit,
    address: &str,
) -> Result<(String, String, Option<archive_core::model::ItemId>), Failure> {
    if address.is_empty() {
        return Ok((String::new(), String::new(), None));
    }
    let shelves = site.shelves(visit.asker())?;
    let card = shelves.at(address).ok_or(Failure::NotFound)?;
    Ok((card.address.clone(), card.title.clone(), Some(card.id)))
}

fn page(site: &Site, visit: &Visit, address: &str, sent: Option<String>) -> Result<Answer, Failure> {
    let (address, title, _) = about(site, visit, address)?;
    let wanted = visit.asked("kind").unwrap_or(if address.is_empty() { "comment" } else { "see" });
    let kinds = RequestKind::ALL
        .into_iter()
        .map(|kind| Kind { name: kind.name(), word: visit.say(&kind.word()), chosen: kind.name() == wanted })
        .collect();
    let page = Page {
        frame: visit.frame(&Text::fixed("查档申请与意见", "Requests and comments")),
        to: format!("/a/{}", segment(&address)),
        address,
        title,
        kinds,
        sent,
    };
    visit.show(&page, &page)
}

/// The form.
pub(crate) fn form(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    page(site, visit, visit.asked("about").unwrap_or_default(), None)
}

/// Takes a request down.
pub(crate) fn send(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let (address, _, item) = about(site, visit, visit.field("about"))?;
    let kind = RequestKind::ALL
        .into_iter()
        .find(|kind| kind.name() == visit.field("kind"))
        .ok_or_else(|| Failure::refused(Text::fixed("没有选申请的种类", "choose what you ask for")))?;
    if kind != RequestKind::Comment && item.is_none() {
        return Err(Failure::refused(Text::fixed("没有写明哪一件档案", "no record is named")));
    }
    let comment = kind == RequestKind::Comment;
    let request = ReaderRequest {
        no: String::new(),
        kind,
        item,
        name: if comment {
            visit.field("name").chars().take(60).collect()
        } else {
            visit.needed("name", &Text::fixed("姓名", "your name"), 60)?
        },
        contact: if comment {
            visit.field("contact").chars().take(120).collect()
        } else {
            visit.needed("contact", &Text::fixed("联系方式", "how to reach you"), 120)?
        },
        text: visit.needed("text", &Text::fixed("用途或意见", "what for, or what you say"), 2000)?,
        made: NaiveDate::default(),
        answer: None,
    };
    // Many readers may stand behind one address, and are told apart by how they can be reached; all of them together
    // still can't flood the office.
    let (from, contact) = (visit.from, &request.contact);
    if site.asking.count(&format!("{from} {contact}")) || site.asking_from.count(&from.to_string()) {
        return Err(Failure::TooMany);
    }
    let request = site.write_alone(|repository| Ok(repository.file_request(request, visit.now)?))?;
    let no = request.no;
    let said = visit.say(&text!(
        "已登记，编号 {no}。请记下编号，与我们联系时告知。",
        "It is registered under the number {no}. Please keep it for when you get in touch."
    ));
    page(site, visit, &address, Some(said))
}
