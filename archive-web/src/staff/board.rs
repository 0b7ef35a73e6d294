//! The arrangement as a board: volumes with what stands in them, to be moved, joined, split and retitled.
//!
//! What a person does here becomes the same plan that the workbook brings back ([`Plan`]), and is carried out by the same
//! machinery: all of it, or nothing and the list of its faults. The form carries what the board was made of; if
//! anything of it has changed since, nothing is saved and that is said.
//!
//! Without a script each item has a field for its volume and one for its place; a script lets it be dragged.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use archive_core::arrange::{Decisions, Doubt, Plan, PlanEntry, PlanVolume, arrange, by_year};
use archive_core::finding::Finding;
use archive_core::model::{Arrangement, Item, ItemId, RetentionPeriod};
use archive_core::profile::Profile;
use archive_core::text;
use archive_core::text::Text;
use archive_store::{AuditHead, Change, ItemFilter, Repository};
use askama::Template;
use serde::Serialize;

use crate::answer::Answer;
use crate::failure::Failure;
use crate::frame::Frame;
use crate::site::Site;
use crate::version::Version;
use crate::visit::Visit;

/// So many volumes are on a board at once.
const EACH: usize = 12;
/// So many of those in no volume are told of.
const LEFT_OUT: usize = 100;

/// What a board is made of.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    /// The last act before it was made.
    as_of: AuditHead,
    /// The items of the own fonds, by their identifiers.
    pub(super) items: Vec<Item>,
    /// Their arrangement, as it is saved: year by year.
    years: BTreeMap<i32, Arrangement>,
    pub(super) decisions: Decisions,
    pub(super) plan: Plan,
}

/// A word for all a board is made of: items that came or were described anew are a change as well.
pub(super) fn version(repository: &Repository) -> Result<Version, Failure> {
    Version::of_tables(repository, &["item", "arrangement", "volume", "entry", "decisions"])
}

/// The arrangement of the own fonds as a plan.
pub(super) fn made(site: &Site, repository: &Repository) -> Result<Arc<Made>, Failure> {
    let profile = &site.settings.profile;
    site.board.mend(version(repository)?.to_string(), |former| Made::now(former, repository, profile))
}

impl Made {
    /// Reads what was touched since the former was made, or all of it.
    fn now(former: Option<Arc<Self>>, repository: &Repository, profile: &Profile) -> Result<Self, Failure> {
        let as_of = repository.audit_head()?;
        let fonds = repository.own_fonds();
        let touched = match &former {
            Some(former) => repository.touched_since(&former.as_of)?,
            None => None,
        };
        let decisions: Decisions = repository.decisions(fonds)?.unwrap_or_default();
        let (items, years) = match (former, touched) {
            (Some(former), Some(touched)) => {
                let Self { mut items, mut years, .. } = Arc::unwrap_or_clone(former);
                for id in touched.items {
                    if let Ok(at) = items.binary_search_by_key(&id, |item| item.id) {
                        items[at] = repository.item(id)?;
                    }
                }
                for (_, year) in touched.years.iter().filter(|(of, _)| of == fonds) {
                    years.insert(*year, repository.arrangement(fonds, *year)?.unwrap_or_default());
                }
                (items, years)
            }
            _ => {
                let own = ItemFilter { fonds: Some(fonds.to_owned()), ..ItemFilter::default() };
                let mut years = BTreeMap::new();
                for year in repository.years(fonds)? {
                    years.extend(repository.arrangement(fonds, year)?.map(|of| (year, of)));
                }
                (repository.items(&own)?, years)
            }
        };
        let whole = by_year::together(years.values().cloned());
        let plan = Plan::of(&whole, &items, profile, &decisions);
        Ok(Self { as_of, items, years, decisions, plan })
    }

    /// The years together, which is what is arranged at once (V1).
    pub(super) fn arrangement(&self) -> Arrangement {
        by_year::together(self.years.values().cloned())
    }
}

/// Saves an arrangement with the decisions it follows from, year by year.
pub(super) fn save(
    change: &Change<'_>,
    items: &[Item],
    arrangement: Arrangement,
    decisions: Option<&Decisions>,
) -> Result<(), Failure> {
    let repository = change.repository();
    let fonds = repository.own_fonds();
    let mut years = by_year::apart(arrangement, items);
    for emptied in repository.years(fonds)? {
        years.entry(emptied).or_default();
    }
    let saved: BTreeMap<i32, &Arrangement> = years.iter().map(|(year, part)| (*year, part)).collect();
    change.save_arrangements(fonds, &saved)?;
    if let Some(decisions) = decisions {
        change.save_decisions(fonds, decisions)?;
    }
    Ok(())
}

#[derive(Debug, Serialize)]
struct Entry {
    id: u64,
    row: String,
    title: String,
    about: String,
    why: Vec<String>,
    #[serde(skip)]
    place: usize,
    #[serde(skip)]
    doubt: bool,
}

#[derive(Debug, Serialize)]
struct Box {
    label: String,
    title: String,
    about: String,
    why: Vec<String>,
    code: Option<String>,
    confirmed: bool,
    entries: Vec<Entry>,
}

#[derive(Template, Serialize)]
#[template(path = "staff/board.html")]
struct Page {
    #[serde(skip)]
    frame: Frame,
    year: Option<i32>,
    #[serde(skip)]
    years: Vec<(i32, bool)>,
    /// Volumes of the year in all; those on this page follow.
    of_year: usize,
    volumes: Vec<Box>,
    /// Items of the year in no volume.
    left_out: Vec<Entry>,
    #[serde(skip)]
    labels: Vec<(String, String)>,
    version: Version,
    faults: Vec<String>,
    #[serde(skip)]
    may_change: bool,
    #[serde(skip)]
    before: Option<String>,
    #[serde(skip)]
    after: Option<String>,
    #[serde(skip)]
    saved: bool,
    #[serde(skip)]
    undo: bool,
}

/// The board of a year.
pub(crate) fn page(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    show(site, visit, &[])
}

fn show(site: &Site, visit: &Visit, faults: &[Finding]) -> Result<Answer, Failure> {
    let (made, version) = site.read(|repository| Ok((made(site, repository)?, version(repository)?)))?;
    let plan = &made.plan;
    let years: BTreeSet<i32> = plan.volumes.iter().map(|volume| volume.year).collect();
    let asked = visit.asked("year").or_else(|| Some(visit.field("year")).filter(|year| !year.is_empty()));
    let year = asked
        .and_then(|year| year.parse().ok())
        .filter(|year| years.contains(year))
        .or_else(|| years.last().copied());
    let of_year: Vec<&PlanVolume> = plan.volumes.iter().filter(|volume| Some(volume.year) == year).collect();
    let from = visit.number("from").unwrap_or(0).min(of_year.len());
    let mut entries: HashMap<&str, Vec<Entry>> = HashMap::new();
    let mut left_out = Vec::new();
    // What is classified stands in no volume, and isn't shown here either (S1).
    let shelves = site.shelves(visit.asker())?;
    // Only what is on this page is put into words: a board may be of a million items.
    let shown: BTreeSet<&str> =
        of_year.iter().skip(from).take(EACH).map(|volume| volume.label.as_str()).collect();
    let is_here = |line: &&PlanEntry| match line.volume.as_str() {
        "" => true,
        label => shown.contains(label),
    };
    for line in plan.contents.iter().filter(is_here) {
        if line.volume.is_empty() && left_out.len() >= LEFT_OUT || shelves.card(line.item).is_none() {
            continue;
        }
        let home = entries.entry(line.volume.as_str()).or_default();
        let entry = Entry {
            id: line.item.0,
            row: line.row.clone(),
            title: line.title.clone(),
            about: [line.number.as_str(), &line.bodies, &line.date]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join("　"),
            why: line
                .why
                .iter()
                .map(|one| format!("{} {}", one.rule, one.text.in_lang(visit.lang)))
                .collect(),
            place: home.len() + 1,
            doubt: line.doubt != Doubt::None,
        };
        if line.volume.is_empty() { left_out.push(entry) } else { home.push(entry) }
    }
    let volumes: Vec<Box> = of_year
        .iter()
        .skip(from)
        .take(EACH)
        .map(|volume| Box {
            label: volume.label.clone(),
            title: volume.title.clone(),
            about: format!(
                "{}　{}{}",
                visit.say(&crate::words::period(volume.period)),
                visit.say(&Text::fixed(volume.side.word(), volume.side.english())),
                volume.section.as_deref().map(|section| format!("　{section}")).unwrap_or_default()
            ),
            why: volume
                .why
                .iter()
                .map(|one| format!("{} {}", one.rule, one.text.in_lang(visit.lang)))
                .collect(),
            code: volume.code.clone(),
            confirmed: volume.confirmed,
            entries: entries.remove(volume.label.as_str()).unwrap_or_default(),
        })
        .collect();
    let labels = of_year
        .iter()
        .filter(|volume| volume.code.is_none())
        .map(|volume| (volume.label.clone(), volume.title.chars().take(30).collect()))
        .collect();
    let to = from + EACH;
    let turn = |at: usize| crate::public::search::with(visit, "from", Some(&at.to_string()));
    let page = Page {
        frame: visit.frame(&match year {
            Some(year) => text!("组卷：{year} 年", "Arrangement of {year}"),
            None => Text::fixed("组卷", "Arrangement"),
        }),
        year,
        years: years.iter().map(|one| (*one, Some(*one) == year)).collect(),
        of_year: of_year.len(),
        volumes,
        left_out,
        labels,
        version,
        faults: faults
            .iter()
            .map(|fault| format!("{} {}", fault.rule, fault.message.in_lang(visit.lang)))
            .collect(),
        may_change: visit.has(&[archive_core::people::Role::Archivist, archive_core::people::Role::Director]),
        before: (from > 0).then(|| turn(from.saturating_sub(EACH))),
        after: (to < of_year.len()).then(|| turn(to)),
        saved: visit.asked("saved").is_some(),
        undo: site.undo.is_there(),
    };
    visit.show(&page, &page)
}

/// Takes the board back: what was moved, joined, split, retitled, confirmed.
pub(crate) fn apply(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let outcome = site.change(visit, version, |change| {
        let repository = change.repository();
        let made = made(site, repository)?;
        let plan = edited(visit, made.plan.clone())?;
        let profile = &site.settings.profile;
        let institution = &repository.settings().institution;
        let before = made.arrangement();
        match plan.carry_out(&before, &made.items, institution, profile, &made.decisions) {
            Ok((decisions, arrangement)) => {
                save(change, &made.items, arrangement, Some(&decisions))?;
                Ok(Ok((before, made.decisions.clone())))
            }
            Err(faults) => Ok(Err(faults)),
        }
    });
    match outcome? {
        Ok(before) => {
            let after = site.read(version)?;
            site.undo.keep(before.0, before.1, after.to_string());
            let year = visit.field("year");
            visit.done(&format!("/staff/board?year={year}&saved=1"), &Text::fixed("已保存", "saved"))
        }
        Err(faults) if visit.wants_json => {
            let lines: Vec<&str> = faults.iter().map(|fault| fault.message.in_lang(visit.lang)).collect();
            let said = lines.join("；");
            Err(Failure::refused(Text::new(said.clone(), said)))
        }
        Err(faults) => show(site, visit, &faults),
    }
}

/// Takes the last change of the board back, if nothing came after it; or arranges anew.
pub(crate) fn again(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let undo = visit.field("what") == "undo";
    site.change(visit, version, |change| {
        let repository = change.repository();
        let made = made(site, repository)?;
        if undo {
            let now = version(repository)?.to_string();
            let (arrangement, decisions) = site.undo.take(&now).ok_or(Failure::Outdated)?;
            return save(change, &made.items, arrangement, Some(&decisions));
        }
        let mut decisions = made.decisions.clone();
        decisions.settle(&made.arrangement());
        let institution = &repository.settings().institution;
        let whole = arrange(&made.items, institution, &site.settings.profile, &decisions);
        save(change, &made.items, whole, None)
    })?;
    visit.done("/staff/board?saved=1", &Text::fixed("已保存", "saved"))
}

/// The plan with what the form says in place of what was proposed. Volumes the form doesn't speak of stay.
fn edited(visit: &Visit, mut plan: Plan) -> Result<Plan, Failure> {
    let mut homes: BTreeMap<ItemId, (String, f64, String)> = BTreeMap::new();
    let reason: String = visit.field("reason").chars().take(500).collect();
    for (name, value) in &visit.form {
        if let Some(id) = name.strip_prefix("item-").and_then(|id| id.parse().ok()) {
            let place: f64 = visit.field(&format!("place-{id}")).parse().unwrap_or(f64::MAX);
            homes.insert(ItemId(id), (value.clone(), place, reason.clone()));
        }
    }
    let join = (visit.field("join-from").to_owned(), visit.field("join-into").to_owned());
    let mut made: BTreeMap<String, PlanVolume> = BTreeMap::new();
    let before: HashMap<ItemId, String> =
        plan.contents.iter().map(|line| (line.item, line.volume.clone())).collect();
    for line in &mut plan.contents {
        if let Some((home, place, why)) = homes.get(&line.item) {
            if *home != line.volume {
                line.reason.clone_from(why);
            }
            line.volume.clone_from(home);
            line.position = *place;
        }
        if !join.0.is_empty() && !join.1.is_empty() && line.volume == join.0 {
            line.volume.clone_from(&join.1);
            line.position += 100_000.0;
        }
        // 新1, 新2 …: a volume of its own, like the one its first item comes from.
        if line.volume.starts_with("新") && !made.contains_key(&line.volume) {
            let from = before.get(&line.item).map(String::as_str).unwrap_or_default();
            let like = plan
                .volumes
                .iter()
                .find(|volume| volume.label == from)
                .or_else(|| plan.volumes.last())
                .ok_or_else(|| Failure::refused(Text::fixed("还没有立卷", "nothing is arranged yet")))?;
            let fresh = PlanVolume {
                label: line.volume.clone(),
                title: String::new(),
                confirmed: false,
                code: None,
                at: None,
                ..like.clone()
            };
            made.insert(line.volume.clone(), fresh);
        }
    }
    for volume in &mut plan.volumes {
        let label = volume.label.clone();
        if visit.form.iter().any(|(name, _)| *name == format!("title-{label}")) {
            let title = visit.field(&format!("title-{label}"));
            title.chars().take(400).collect::<String>().clone_into(&mut volume.title);
            volume.confirmed |= visit.field(&format!("confirmed-{label}")) == "yes";
            if let Some(period) = period(visit.field(&format!("period-{label}"))) {
                volume.period = period;
            }
        }
    }
    plan.volumes.extend(made.into_values());
    // A volume that was emptied is none any more; one that is numbered stays, and the plan says so.
    let filled: BTreeSet<&str> = plan.contents.iter().map(|line| line.volume.as_str()).collect();
    let keep: Vec<bool> = plan
        .volumes
        .iter()
        .map(|volume| volume.code.is_some() || filled.contains(volume.label.as_str()))
        .collect();
    let mut kept = keep.into_iter();
    plan.volumes.retain(|_| kept.next().unwrap_or(true));
    Ok(plan)
}

fn period(written: &str) -> Option<RetentionPeriod> {
    written.parse().ok()
}
