//! Opening: what waits for a review, and the review itself, an opinion by one and a decision by another.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use archive_core::access::{Asker, may_see};
use archive_core::model::{Item, ItemId, OpeningState};
use archive_core::opening::{Case, Caution, Due, Lookout, Said, Standing, Verdict};
use archive_core::profile::Profile;
use archive_core::text;
use archive_core::text::Text;
use archive_store::{AuditHead, ItemFilter, Repository, StoreError};
use askama::Template;
use chrono::NaiveDate;
use serde::Serialize;

use crate::answer::{Answer, segment};
use crate::failure::Failure;
use crate::frame::Frame;
use crate::pages::Turn;
use crate::site::Site;
use crate::version::Version;
use crate::visit::Visit;
use crate::words;

/// Items on a page.
const EACH: usize = 50;

/// A record that waits for a review.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiting {
    /// Which.
    id: ItemId,
    /// How it stands now.
    state: OpeningState,
    /// Somebody gave an opinion, and the decision is awaited.
    has_opinion: bool,
}

/// All that waits for a review on a day, or for the decision after an opinion.
#[derive(Debug, Clone)]
pub(crate) struct AllWaiting {
    /// The last act before it was looked for.
    as_of: AuditHead,
    day: NaiveDate,
    /// Those that somebody spoke of already come first.
    found: Vec<Waiting>,
}

/// What waits, as it is now: of what was judged on the same day only the records that were touched are judged again.
pub(crate) fn waiting(site: &Site, visit: &Visit) -> Result<Arc<AllWaiting>, Failure> {
    /// What it is made of.
    const TABLES: [&str; 4] = ["item", "opening_opinion", "opening_decision", "destroyed_item"];
    let today = visit.today();
    site.read(|repository| {
        let version = format!("{today} {}", repository.state_of(&TABLES)?);
        site.waiting
            .mend(version, |former| AllWaiting::now(former, repository, &site.settings.profile, today))
    })
}

impl AllWaiting {
    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    fn now(
        former: Option<Arc<Self>>,
        repository: &Repository,
        profile: &Profile,
        day: NaiveDate,
    ) -> Result<Self, Failure> {
        let as_of = repository.audit_head()?;
        let gone: BTreeSet<ItemId> =
            repository.destroyed_items()?.into_iter().map(|gone| gone.item).collect();
        let people = repository.people()?;
        let judge = |item: &Item, standing: &Standing| {
            let is_asked = item.opening != OpeningState::Open
                && !gone.contains(&item.id)
                && may_see(Asker::Staff, item.opening, item.secrecy.level);
            let has_opinion = standing.opinion.is_some();
            let case = Case { item, standing, profile, people: &people, today: day };
            (is_asked && (has_opinion || case.waits())).then_some(Waiting {
                id: item.id,
                state: item.opening,
                has_opinion,
            })
        };
        let mut found = Vec::new();
        let touched = match former.as_ref().filter(|former| former.day == day) {
            Some(former) => repository.touched_since(&former.as_of)?,
            None => None,
        };
        if let (Some(former), Some(touched)) = (former, touched) {
            found = Arc::unwrap_or_clone(former).found;
            found.retain(|one| !touched.items.contains(&one.id));
            for id in touched.items {
                found.extend(judge(&repository.item(id)?, &repository.opening(id)?));
            }
        } else {
            // All that was ever said is much less than all there is.
            let mut standings: HashMap<ItemId, Standing> = HashMap::new();
            for (id, decision) in repository.opening_decisions()? {
                standings.entry(id).or_default().decision = Some(decision);
            }
            for (id, opinion) in repository.opening_opinions()? {
                standings.entry(id).or_default().opinion = Some(opinion);
            }
            let nothing_said = Standing::default();
            repository.each_item(&ItemFilter::default(), |item| {
                found.extend(judge(&item, standings.get(&item.id).unwrap_or(&nothing_said)));
                Ok::<_, StoreError>(())
            })?;
        }
        found.sort_by_key(|one| (!one.has_opinion, one.id));
        Ok(Self { as_of, day, found })
    }
}

#[derive(Debug, Serialize)]
struct Line {
    #[serde(rename = "url")]
    to: String,
    code: String,
    title: String,
    date: String,
    state: String,
    has_opinion: bool,
}

#[derive(Template, Serialize)]
#[template(path = "staff/opening.html")]
struct List {
    #[serde(skip)]
    frame: Frame,
    total: usize,
    years: u16,
    lines: Vec<Line>,
    #[serde(skip)]
    turn: Turn,
}

/// What waits.
pub(crate) fn list(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let shelves = site.shelves(visit.asker())?;
    let profile = &site.settings.profile;
    let waiting = waiting(site, visit)?;
    let all = &waiting.found;
    let turn = Turn::of(visit, all.len(), EACH);
    let line = |one: &Waiting| {
        let card = shelves.card(one.id)?;
        Some(Line {
            to: format!("/staff/opening/{}", one.id.0),
            code: card.code.clone().unwrap_or_else(|| card.row.clone()),
            title: card.title.clone(),
            date: card.date.clone(),
            state: visit.say(&words::opening(one.state)),
            has_opinion: one.has_opinion,
        })
    };
    let lines: Vec<Line> = all[turn.range()].iter().filter_map(line).collect();
    let page = List {
        frame: visit.frame(&Text::fixed("开放审核", "Opening reviews")),
        total: all.len(),
        years: profile.opening.years,
        lines,
        turn,
    };
    visit.show(&page, &page)
}

#[derive(Debug, Serialize)]
struct Spoken {
    verdict: String,
    reason: String,
    by: String,
    on: String,
    next: Option<String>,
}

#[derive(Template, Serialize)]
#[template(path = "staff/review.html")]
struct Review {
    #[serde(skip)]
    frame: Frame,
    id: u64,
    title: String,
    code: String,
    date: String,
    state: String,
    due: String,
    #[serde(rename = "url")]
    to: String,
    cautions: Vec<String>,
    text_was_read: bool,
    opinion: Option<Spoken>,
    decision: Option<Spoken>,
    #[serde(skip)]
    verdicts: Vec<(&'static str, String)>,
    /// What stands now: sent back with what is said, so that two who speak at once are noticed.
    version: Version,
    #[serde(skip)]
    may_decide: bool,
}

/// A word for what stands of a record's opening.
fn version(state: OpeningState, standing: &Standing) -> Result<Version, Failure> {
    Version::of(&(state, &standing.opinion, &standing.decision))
}

fn known(site: &Site, id: ItemId) -> Result<(Item, Standing), Failure> {
    site.read(|repository| {
        let item = repository.item(id).map_err(|_| Failure::NotFound)?;
        if !may_see(Asker::Staff, item.opening, item.secrecy.level) {
            return Err(Failure::NotFound);
        }
        let standing = repository.opening(id)?;
        Ok((item, standing))
    })
}

fn id_of(visit: &Visit) -> Result<ItemId, Failure> {
    visit.part("id").parse().map(ItemId).map_err(|_| Failure::NotFound)
}

/// One record, with what speaks against opening it.
pub(crate) fn page(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let id = id_of(visit)?;
    let (item, standing) = known(site, id)?;
    let shelves = site.shelves(visit.asker())?;
    let card = shelves.card(id).ok_or(Failure::NotFound)?;
    let profile = &site.settings.profile;
    let texts = match site.index()? {
        Some(index) => index.pages_of(visit.asker(), &[id])?.remove(&id),
        None => None,
    };
    let pages = texts.as_deref().unwrap_or_default();
    let cautions = cautions(profile, &item, pages);
    let due = match Due::of(&item, profile) {
        Due::ByYears(day) => text!("{day} 满年限", "of age on {day}"),
        Due::Earlier { kind, word, by_years, .. } => {
            let kind = &kind.name;
            text!(
                "可提前开放：{kind}类（“{word}”）；{by_years} 满年限",
                "may be earlier, as {kind} (“{word}”); of age on {by_years}"
            )
        }
        Due::NoDate => Text::fixed("日期不明，算不出年限", "its date isn't known, so its age can't be told"),
    };
    let spoken = |said: &Said, by: &str, on: NaiveDate| Spoken {
        verdict: visit.say(&said.verdict.word()),
        reason: said.reason.clone(),
        by: by.to_owned(),
        on: on.to_string(),
        next: said.next.map(|day| day.to_string()),
    };
    let title = card.title.clone();
    let page = Review {
        frame: visit.frame(&text!("开放审核：{title}", "Opening: {title}")),
        id: id.0,
        code: card.code.clone().unwrap_or_else(|| card.row.clone()),
        date: card.date.clone(),
        state: visit.say(&words::opening(item.opening)),
        due: visit.say(&due),
        to: format!("/a/{}", segment(&card.address)),
        cautions: cautions.iter().map(|caution| visit.say(&told(caution))).collect(),
        text_was_read: texts.is_some(),
        version: version(item.opening, &standing)?,
        opinion: standing.opinion.as_ref().map(|one| spoken(&one.said, &one.by, one.on)),
        decision: standing.decision.as_ref().map(|one| spoken(&one.said, &one.by, one.on)),
        verdicts: Verdict::ALL.into_iter().map(|one| (one.name(), visit.say(&one.word()))).collect(),
        may_decide: visit.has(&[archive_core::people::Role::Reviewer, archive_core::people::Role::Director]),
        title,
    };
    visit.show(&page, &page)
}

/// Says something of it: an opinion, or a decision, by the rules.
pub(crate) fn say(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let id = id_of(visit)?;
    known(site, id)?;
    let verdict = Verdict::read(visit.field("verdict"))
        .ok_or_else(|| Failure::refused(Text::fixed("没有选意见", "choose what should become of it")))?;
    let reason = visit.field("reason").chars().take(1000).collect();
    let said = Said { verdict, reason, next: visit.day("next")? };
    let profile = &site.settings.profile;
    let decides = visit.field("step") == "decision";
    let seen = |repository: &Repository| version(repository.item(id)?.opening, &repository.opening(id)?);
    site.change(visit, seen, |change| {
        if decides {
            let closes = said.verdict != Verdict::Open;
            change.decide_opening(id, said, profile)?;
            if closes {
                site.settings.backroom.withdraw(&[id]).map_err(Failure::Broken)?;
            }
        } else {
            change.give_opinion(id, said, profile)?;
        }
        Ok(())
    })?;
    if decides {
        // What was opened is found from now on, and what was closed isn't.
        site.refresh_index(visit, &[id])?;
    }
    visit.done(&format!("/staff/opening/{}", id.0), &Text::fixed("已登记", "registered"))
}

/// What speaks against opening it, in its title and on its pages; of what is found twice, the first.
fn cautions(profile: &Profile, item: &Item, pages: &[archive_index::search::PageText]) -> Vec<Caution> {
    let lookout = Lookout::new(&profile.opening.cautions);
    let mut all = lookout.look(None, &item.title);
    for page in pages {
        for caution in lookout.look(Some(page.page), &page.text) {
            if !all.iter().any(|known| known.name == caution.name && known.found == caution.found) {
                all.push(caution);
            }
        }
    }
    all
}

fn told(caution: &Caution) -> Text {
    let Caution { name, page, found, around } = caution;
    match page {
        Some(page) => {
            text!("{name}：“{found}”，第 {page} 页：…{around}…", "{name}: “{found}”, page {page}: …{around}…")
        }
        None => text!("{name}：“{found}”，题名", "{name}: “{found}”, in the title"),
    }
}
