//! Destruction lists (销毁清册): drawn up, approved as a whole, supervised, carried out.
//!
//! The steps and who may take them are the register's (D1 to D5); here each is a form beside the list as it stands.
//! What is approved is the digest of exactly what the page shows, and the form carries it: a record that was touched
//! meanwhile makes another. What stands on a secret list is kept by hand (S1): here are its number and its state.

use archive_core::appraisal::{DestructionList, Handover, Line, Supervision, Target};
use archive_core::model::SecrecyLevel;
use archive_core::people::Role;
use archive_core::text;
use archive_core::text::Text;
use archive_store::{LineRequest, Repository};
use askama::Template;
use chrono::NaiveDate;
use serde::Serialize;

use crate::answer::{Answer, segment};
use crate::failure::Failure;
use crate::frame::Frame;
use crate::pages::Turn;
use crate::routes::ARRANGES;
use crate::site::Site;
use crate::version::Version;
use crate::visit::Visit;
use crate::words;

/// Lists on a page.
const EACH: usize = 50;
/// Lines of a list on a page.
const LINES: usize = 100;
/// What a list is printed as.
const FORMATS: [(&str, &str); 3] = [
    ("pdf", "application/pdf"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("csv", "text/csv; charset=utf-8"),
];

#[derive(Debug, Serialize)]
struct Brief {
    #[serde(rename = "url")]
    to: String,
    number: String,
    title: String,
    state: &'static str,
    #[serde(skip)]
    word: String,
    secret: bool,
    lines: usize,
    made_by: String,
    made: NaiveDate,
    approved_by: Option<String>,
    destroyed: Option<NaiveDate>,
}

#[derive(Template, Serialize)]
#[template(path = "staff/lists.html")]
struct All {
    #[serde(skip)]
    frame: Frame,
    lists: Vec<Brief>,
    /// What is sent along with a new list.
    version: Version,
    #[serde(skip)]
    turn: Turn,
    #[serde(skip)]
    may_change: bool,
}

/// All lists, the latest first.
pub(crate) fn all(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let mut lists = site.read(|repository| Ok(repository.destruction_lists()?))?;
    lists.reverse();
    let turn = Turn::of(visit, lists.len(), EACH);
    let brief = |list: &DestructionList| Brief {
        to: format!("/staff/disposal/{}", segment(&list.number)),
        number: list.number.clone(),
        title: if list.secret { String::new() } else { list.title.clone() },
        state: list.state().name(),
        word: visit.say(&list.state().word()),
        secret: list.secret,
        lines: if list.secret { 0 } else { list.lines.len() },
        made_by: list.made_by.clone(),
        made: list.made,
        approved_by: list.approval.as_ref().map(|approval| approval.by.clone()),
        destroyed: list.destroyed,
    };
    let page = All {
        frame: visit.frame(&Text::fixed("销毁清册", "Destruction lists")),
        lists: lists[turn.range()].iter().map(brief).collect(),
        version: Version::of_something_new(),
        turn,
        may_change: visit.may(ARRANGES),
    };
    visit.show(&page, &page)
}

/// Begins a list.
pub(crate) fn begin(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let title = visit.needed("title", &Text::fixed("事由", "what it is about"), 200)?;
    let secret = visit.field("secret") == "yes";
    let new = |_: &Repository| Ok(Version::of_something_new());
    let number = site.change(visit, new, |change| {
        Ok(change.new_destruction_list(change.repository().own_fonds(), &title, secret)?)
    })?;
    visit.done(
        &format!("/staff/disposal/{}", segment(&number)),
        &text!("清册 {number} 已新编", "list {number} is begun"),
    )
}

#[derive(Debug, Serialize)]
struct Shown {
    place: usize,
    #[serde(rename = "url")]
    to: Option<String>,
    #[serde(flatten)]
    line: Line,
    #[serde(skip)]
    period_said: String,
}

#[derive(Template, Serialize)]
#[template(path = "staff/list.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a yes or no of the page")]
struct Page {
    #[serde(skip)]
    frame: Frame,
    number: String,
    title: String,
    secret: bool,
    state: &'static str,
    #[serde(skip)]
    word: String,
    made_by: String,
    made: NaiveDate,
    approval: Option<archive_core::appraisal::Approval>,
    /// Whether the approval is still of these records.
    approval_holds: bool,
    supervision: Option<Supervision>,
    handover: Option<Handover>,
    destroyed: Option<NaiveDate>,
    /// Of the list as its records are now: what is approved.
    digest: String,
    total: usize,
    pages: u64,
    lines: Vec<Shown>,
    version: Version,
    #[serde(skip)]
    formats: Vec<&'static str>,
    #[serde(skip)]
    turn: Turn,
    #[serde(skip)]
    may_change: bool,
    #[serde(skip)]
    may_approve: bool,
}

/// A list, with the digest of what it is of as the records are now.
fn list(site: &Site, repository: &Repository, number: &str) -> Result<(DestructionList, String), Failure> {
    let list = repository.destruction_list(number).map_err(|_| Failure::NotFound)?;
    let digest = repository.destruction_list_digest(&list, site.settings.profile.appraisal)?;
    Ok((list, digest))
}

/// A word for a list and for what is known of its records.
fn version(site: &Site, repository: &Repository, number: &str) -> Result<Version, Failure> {
    Version::of(&list(site, repository, number)?)
}

/// One list and what can be done with it.
pub(crate) fn page(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let number = visit.part("number");
    let (list, digest) = site.read(|repository| list(site, repository, number))?;
    let version = Version::of(&(&list, &digest))?;
    let shelves = site.shelves(visit.asker())?;
    let seen = |line: &&Line| !list.secret && line.level == SecrecyLevel::None;
    let lines: Vec<(usize, &Line)> = (1..).zip(&list.lines).filter(|(_, line)| seen(line)).collect();
    let turn = Turn::of(visit, lines.len(), LINES);
    let shown = |(place, line): &(usize, &Line)| Shown {
        place: *place,
        to: match &line.target {
            Target::Volume { code, .. } if list.destroyed.is_none() => {
                Some(format!("/volume/{}", segment(code)))
            }
            Target::Item(id) => shelves.card(*id).map(|card| format!("/a/{}", segment(&card.address))),
            _ => None,
        },
        period_said: line.period.map(|period| visit.say(&words::period(period))).unwrap_or_default(),
        line: (*line).clone(),
    };
    let state = list.state();
    let page = Page {
        frame: visit.frame(&text!("销毁清册 {number}", "Destruction list {number}")),
        number: list.number.clone(),
        title: if list.secret { String::new() } else { list.title.clone() },
        secret: list.secret,
        state: state.name(),
        word: visit.say(&state.word()),
        made_by: list.made_by.clone(),
        made: list.made,
        approval_holds: list.approval.as_ref().is_some_and(|approval| approval.digest == digest),
        approval: list.approval.clone(),
        supervision: list.supervision.clone(),
        handover: list.handover.clone(),
        destroyed: list.destroyed,
        digest,
        total: lines.len(),
        pages: lines.iter().map(|(_, line)| u64::from(line.pages)).sum(),
        lines: lines[turn.range()].iter().map(shown).collect(),
        version,
        formats: if list.secret { Vec::new() } else { FORMATS.map(|(format, _)| format).to_vec() },
        turn,
        may_change: visit.may(ARRANGES) && list.destroyed.is_none(),
        may_approve: visit.has(&[Role::Director]),
    };
    visit.show(&page, &page)
}

/// A list as it is printed and signed.
pub(crate) fn print(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let number = visit.part("number");
    let (list, _) = site.read(|repository| list(site, repository, number))?;
    let format = FORMATS.iter().find(|(format, _)| *format == visit.part("format"));
    let (false, Some((format, media_type))) = (list.secret, format) else { return Err(Failure::NotFound) };
    let file = site.settings.backroom.print_list(&list.number, format).map_err(Failure::refused)?;
    Ok(Answer::of(200, media_type, file.bytes).named(&file.name))
}

/// Takes a step with a list.
pub(crate) fn act(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let number = visit.part("number");
    site.read(|repository| list(site, repository, number))?;
    let seen = |repository: &Repository| version(site, repository, number);
    let terms = site.settings.profile.appraisal;
    let said = match visit.field("what") {
        "add" => {
            let requests = site.read(|repository| requests(repository, visit))?;
            site.change(visit, seen, |change| Ok(change.add_to_destruction_list(number, &requests, terms)?))?;
            Text::fixed("已列入", "added")
        }
        "remove" => {
            let place = visit.field("place").parse().map_err(|_| Failure::NotFound)?;
            site.change(visit, seen, |change| {
                Ok(change.remove_from_destruction_list(number, place, visit.field("reason"))?)
            })?;
            Text::fixed("已去掉", "taken off")
        }
        "approve" => {
            let (digest, appraiser) = (visit.field("digest"), visit.field("appraiser"));
            site.change(visit, seen, |change| {
                Ok(change.approve_destruction_list(number, digest, appraiser, terms)?)
            })?;
            Text::fixed("已批准", "approved")
        }
        "supervise" => {
            let supervision = Supervision {
                supervisors: names(visit.field("supervisors")),
                place: visit.needed("where", &Text::fixed("地点", "where"), 200)?,
                time: visit.needed("time", &Text::fixed("时间", "when"), 60)?,
            };
            site.change(visit, seen, |change| Ok(change.supervise_destruction(number, &supervision)?))?;
            Text::fixed("已指定监销", "supervisors are named")
        }
        "handover" => {
            let handover = Handover {
                office: visit.needed("office", &Text::fixed("保密部门", "the office"), 200)?,
                receipt: visit.needed("receipt", &Text::fixed("回执", "the receipt"), 200)?,
                on: visit.day("on")?.unwrap_or_else(|| visit.today()),
            };
            site.change(visit, seen, |change| Ok(change.hand_list_to_secrecy_office(number, &handover)?))?;
            Text::fixed("已登记送交", "registered as handed over")
        }
        "destroy" => {
            // Nothing brings it back: whoever does it writes down which.
            if visit.field("confirm").trim() != number {
                return Err(Failure::refused(text!(
                    "请在“确认”里写清册号 {number}；销毁不可恢复",
                    "write the list's number {number} to confirm; what is destroyed can't be brought back"
                )));
            }
            site.by_the_command(visit, seen, |backroom, who| backroom.destroy(who, number))?
        }
        _ => return Err(Failure::refused(Text::fixed("没有选办什么", "choose what to do"))),
    };
    visit.done(&format!("/staff/disposal/{}", segment(number)), &said)
}

/// What a form asks to be put on a list: records by their codes, or papers that were never archived (D6).
fn requests(repository: &Repository, visit: &Visit) -> Result<Vec<LineRequest>, Failure> {
    let reason: String = visit.field("reason").chars().take(500).collect();
    let basis = Some(visit.field("original").to_owned()).filter(|basis| !basis.is_empty());
    let mut requests = Vec::new();
    for code in visit.field("codes").split(['\n', '\r', ' ', '，', ',', '、', '；', ';']).map(str::trim) {
        if code.is_empty() {
            continue;
        }
        requests.push(LineRequest {
            target: repository.target_called(None, code)?,
            reason: reason.clone(),
            original: basis.clone(),
            pages: 0,
        });
    }
    let loose: String = visit.field("loose").chars().take(200).collect();
    if !loose.is_empty() {
        requests.push(LineRequest {
            target: Target::Loose(loose),
            reason,
            original: None,
            pages: visit.field("pages").parse().unwrap_or(0),
        });
    }
    if requests.is_empty() {
        return Err(Failure::refused(Text::fixed("没有写档号", "no code is given")));
    }
    Ok(requests)
}

fn names(written: &str) -> Vec<String> {
    written
        .split(['、', ',', '，', '\n', ';', '；'])
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}
