//! The review of retention periods (期满鉴定): what has come to the end of its period, and what is decided of it (R3).
//!
//! Nothing happens by itself. Of what was ticked, a person says that it is kept so many years longer, kept for good, put
//! on hold, or proposed for destruction: then it stands on a list, which others approve ([`super::disposal`]).

use std::sync::Arc;

use archive_core::appraisal::{Decision, Target, years_kept};
use archive_core::model::{RetentionPeriod, SecrecyLevel};
use archive_core::text;
use archive_core::text::Text;
use archive_store::{Hold, KeptRecord, LineRequest, Repository};
use askama::Template;
use chrono::NaiveDate;
use serde::Serialize;

use crate::answer::{Answer, segment};
use crate::failure::Failure;
use crate::frame::Frame;
use crate::pages::Turn;
use crate::routes::ARRANGES;
use crate::shelves::Shelves;
use crate::site::Site;
use crate::version::Version;
use crate::visit::Visit;
use crate::words;

/// Records on a page.
const EACH: usize = 50;
/// The longest that anything is extended at once, in years.
const LONGEST: u16 = 200;

#[derive(Debug, Serialize)]
struct Line {
    #[serde(rename = "url")]
    to: Option<String>,
    /// What is sent back when it is ticked.
    key: String,
    code: String,
    title: String,
    year: Option<i32>,
    period: Option<RetentionPeriod>,
    #[serde(skip)]
    period_said: String,
    due: Option<NaiveDate>,
    kept_years: Option<u32>,
    items: u32,
    pages: u32,
    /// What stands in the way of it: hold, loan, list.
    state: Vec<&'static str>,
    #[serde(skip)]
    said: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Held {
    id: i64,
    code: String,
    reason: String,
    who: String,
    since: String,
}

#[derive(Template, Serialize)]
#[template(path = "staff/periods.html")]
struct Page {
    #[serde(skip)]
    frame: Frame,
    by: NaiveDate,
    total: usize,
    records: Vec<Line>,
    holds: Vec<Held>,
    /// The destruction lists that can still be added to.
    lists: Vec<String>,
    /// What is sent back with what is decided.
    version: Version,
    #[serde(skip)]
    turn: Turn,
    #[serde(skip)]
    may_change: bool,
}

/// A word for all this page is made of.
fn version(repository: &Repository) -> Result<Version, Failure> {
    const TABLES: [&str; 9] = [
        "item",
        "volume",
        "entry",
        "appraisal",
        "hold",
        "loan",
        "destruction_list",
        "destroyed_item",
        "destroyed_volume",
    ];
    Version::of_tables(repository, &TABLES)
}

/// Every record with the day it falls due, as it is now.
fn records(site: &Site, repository: &Repository) -> Result<Arc<Vec<KeptRecord>>, Failure> {
    let terms = site.settings.profile.appraisal;
    site.kept_records.get(version(repository)?.to_string(), || Ok(repository.kept_records(None, terms)?))
}

/// How many are due on a day.
pub(super) fn due(site: &Site, visit: &Visit) -> Result<usize, Failure> {
    let all = site.read(|repository| records(site, repository))?;
    Ok(all.iter().filter(|one| is_due(one, visit.today())).count())
}

/// Whether a record is due by a day and still to be decided of. Classified ones are kept by hand (S1).
fn is_due(one: &KeptRecord, by: NaiveDate) -> bool {
    one.due.is_some_and(|day| day <= by) && one.destroyed_by.is_none() && one.level == SecrecyLevel::None
}

/// What is due.
pub(crate) fn page(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let shelves = site.shelves(visit.asker())?;
    let by = visit.asked("by").and_then(|day| day.parse().ok()).unwrap_or_else(|| visit.today());
    let (all, version, holds, lists) = site.read(|repository| {
        let lists = repository.destruction_lists()?;
        let open = lists.into_iter().filter(|list| list.destroyed.is_none() && !list.secret);
        Ok((
            records(site, repository)?,
            version(repository)?,
            held(repository, &shelves)?,
            open.map(|list| list.number).collect(),
        ))
    })?;
    let due: Vec<&KeptRecord> = all.iter().filter(|one| is_due(one, by)).collect();
    let turn = Turn::of(visit, due.len(), EACH);
    let shown = due[turn.range()].iter().map(|one| line(visit, &shelves, one)).collect::<Result<_, _>>()?;
    let page = Page {
        frame: visit.frame(&Text::fixed("期满鉴定", "Review of periods")),
        by,
        total: due.len(),
        records: shown,
        holds,
        lists,
        version,
        turn,
        may_change: visit.may(ARRANGES),
    };
    visit.show(&page, &page)
}

/// The holds in force, of what may be seen here.
fn held(repository: &Repository, shelves: &Shelves) -> Result<Vec<Held>, Failure> {
    let in_force = repository.holds()?.into_iter().filter(|hold| hold.lifted.is_none());
    let told = |hold: Hold| {
        let code = match &hold.target {
            Target::Volume { code, .. } => shelves.volume(code)?.0.code.clone()?,
            Target::Item(id) => {
                let card = shelves.card(*id)?;
                card.code.clone().unwrap_or_else(|| format!("序号{}", card.row))
            }
            Target::Loose(title) => title.clone(),
        };
        let since = hold.since.get(..10).unwrap_or(&hold.since).to_owned();
        Some(Held { id: hold.id, code, reason: hold.reason, who: hold.who, since })
    };
    Ok(in_force.filter_map(told).collect())
}

fn line(visit: &Visit, shelves: &Shelves, one: &KeptRecord) -> Result<Line, Failure> {
    let to = match &one.target {
        Target::Volume { code, .. } => Some(format!("/volume/{}", segment(code))),
        Target::Item(id) => shelves.card(*id).map(|card| format!("/a/{}", segment(&card.address))),
        Target::Loose(_) => None,
    };
    let mut state = Vec::new();
    let mut said = Vec::new();
    let mut note = |name: &'static str, words: &Text| {
        state.push(name);
        said.push(visit.say(words));
    };
    if let Some(why) = &one.on_hold {
        note("hold", &text!("暂停处置：{why}", "on hold: {why}"));
    }
    if one.on_loan {
        note("loan", &Text::fixed("借出", "on loan"));
    }
    if let Some(list) = &one.on_list {
        note("list", &text!("在清册 {list} 上", "on list {list}"));
    }
    for decision in &one.decisions {
        if let Decision::Extend { years } = decision {
            note("extended", &text!("曾延长 {years} 年", "extended by {years} years before"));
        }
    }
    Ok(Line {
        to,
        key: serde_json::to_string(&one.target).map_err(|error| crate::answer::broken(&error.to_string()))?,
        code: one.code.clone(),
        title: one.title.clone(),
        year: one.year,
        period: one.period,
        period_said: one.period.map(|period| visit.say(&words::period(period))).unwrap_or_default(),
        due: one.due,
        kept_years: one.year.map(|year| years_kept(year, visit.today())),
        items: one.items,
        pages: one.pages,
        state,
        said,
    })
}

/// What is done with what was ticked.
enum Deed {
    Decide(Decision),
    Hold,
    /// Onto this list, or onto a new one.
    List(Option<String>),
}

/// Decides of what was ticked, or lifts a hold.
pub(crate) fn act(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let reason = || visit.needed("reason", &Text::fixed("理由", "the reason"), 500);
    let next = "/staff/periods";
    if visit.field("what") == "lift" {
        let why = reason()?;
        let id = visit.field("hold").parse().map_err(|_| Failure::NotFound)?;
        site.change(visit, version, |change| Ok(change.lift_hold(id, &why)?))?;
        return visit.done(next, &Text::fixed("已解除", "lifted"));
    }
    let deed = match visit.field("what") {
        "extend" => {
            let years = visit.field("years").parse().ok().filter(|years| (1..=LONGEST).contains(years));
            let years = years.ok_or_else(|| {
                Failure::refused(text!(
                    "没有写明延长几年（1 至 {LONGEST}）",
                    "say how many years longer, 1 to {LONGEST}"
                ))
            })?;
            Deed::Decide(Decision::Extend { years })
        }
        "permanent" => Deed::Decide(Decision::Permanent),
        "hold" => Deed::Hold,
        "list" => Deed::List(Some(visit.field("list").to_owned()).filter(|number| !number.is_empty())),
        _ => return Err(Failure::refused(Text::fixed("没有选办什么", "choose what to do"))),
    };
    let targets: Vec<Target> =
        visit.fields("record").filter_map(|key| serde_json::from_str(key).ok()).collect();
    if targets.is_empty() {
        return Err(Failure::refused(Text::fixed("没有选档案", "no record is ticked")));
    }
    let reason = reason()?;
    let terms = site.settings.profile.appraisal;
    let number = site.change(visit, version, |change| {
        match deed {
            Deed::Decide(decision) => {
                for target in &targets {
                    change.appraise(target, decision, &reason)?;
                }
            }
            Deed::Hold => {
                for target in &targets {
                    change.place_hold(target, &reason)?;
                }
            }
            Deed::List(number) => {
                let fonds = change.repository().own_fonds();
                let number = match number {
                    Some(number) => number,
                    None => change.new_destruction_list(fonds, "", false)?,
                };
                let request = |target: &Target| LineRequest {
                    target: target.clone(),
                    reason: reason.clone(),
                    original: None,
                    pages: 0,
                };
                let requests: Vec<LineRequest> = targets.iter().map(request).collect();
                change.add_to_destruction_list(&number, &requests, terms)?;
                return Ok(Some(number));
            }
        }
        Ok(None)
    })?;
    match number {
        Some(number) => visit.done(
            &format!("/staff/disposal/{}", segment(&number)),
            &text!("已列入清册 {number}", "put on list {number}"),
        ),
        None => visit.done(next, &Text::fixed("已登记", "registered")),
    }
}
