//! Findings: what the rules say of the records, each with the way to what it speaks of.

use std::collections::BTreeMap;

use archive_core::finding::{Finding, Severity};
use archive_core::text;
use archive_core::text::Text;
use askama::Template;
use serde::Serialize;

use crate::answer::{Answer, segment};
use crate::failure::Failure;
use crate::frame::Frame;
use crate::pages::Turn;
use crate::site::Site;
use crate::visit::Visit;

/// Findings on a page.
const EACH: usize = 100;

#[derive(Debug, Serialize)]
struct Line {
    rule: String,
    severity: &'static str,
    #[serde(skip)]
    word: String,
    message: String,
    help: String,
    place: String,
    #[serde(rename = "url")]
    to: Option<String>,
}

#[derive(Template, Serialize)]
#[template(path = "staff/findings.html")]
struct Page {
    #[serde(skip)]
    frame: Frame,
    total: usize,
    findings: Vec<Line>,
    #[serde(skip)]
    choices: Vec<(String, String, usize, bool)>,
    #[serde(skip)]
    turn: Turn,
}

const fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// All findings, by severity.
pub(crate) fn page(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    // Judged again when anything at all was done, or when a day has passed.
    let version =
        site.read(|repository| Ok(format!("{} {}", visit.today(), repository.audit_head()?.digest)))?;
    let all = site.findings.get(version, || site.settings.backroom.findings().map_err(Failure::Broken))?;
    let shelves = site.shelves(visit.asker())?;
    // Of rows that stand in several registers none is meant for sure: those lead nowhere.
    let mut rows: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for card in shelves.years().flat_map(|year| year.cards.values()) {
        rows.entry(card.row.as_str()).and_modify(|there| *there = None).or_insert(Some(&card.address));
    }
    let wanted = visit.asked("severity");
    let rule = visit.asked("rule");
    let of = |finding: &&Finding| {
        wanted.is_none_or(|wanted| wanted == name(finding.severity))
            && rule.is_none_or(|rule| rule == finding.rule.to_string())
    };
    let total = all.iter().filter(of).count();
    let turn = Turn::of(visit, total, EACH);
    let line = |finding: &Finding| {
        let place = &finding.place;
        let item = place.item.as_deref();
        let volume = place.volume.as_deref();
        let to = item
            .and_then(|row| rows.get(row).copied().flatten())
            .map(|address| format!("/a/{}", segment(address)))
            .or_else(|| {
                let address = &shelves.volume(volume?)?.0.address;
                Some(format!("/volume/{}", segment(address)))
            });
        let mut said = Vec::new();
        said.extend(volume.map(|code| visit.say(&text!("案卷 {code}", "volume {code}"))));
        said.extend(item.map(|row| visit.say(&text!("序号 {row}", "row {row}"))));
        said.extend(place.file.clone());
        Line {
            rule: finding.rule.to_string(),
            severity: name(finding.severity),
            word: visit.say(&finding.severity.word()),
            message: visit.say(&finding.message),
            help: visit.say(&finding.help),
            place: said.join("　"),
            to,
        }
    };
    let findings = all.iter().filter(of).skip(turn.range().start).take(EACH).map(line).collect();
    let choices = [Severity::Error, Severity::Warning, Severity::Info]
        .into_iter()
        .map(|severity| {
            let count = all.iter().filter(|finding| finding.severity == severity).count();
            let here = wanted == Some(name(severity));
            (format!("/staff/findings?severity={}", name(severity)), visit.say(&severity.word()), count, here)
        })
        .collect();
    let page =
        Page { frame: visit.frame(&Text::fixed("检查结果", "Findings")), total, findings, choices, turn };
    visit.show(&page, &page)
}
