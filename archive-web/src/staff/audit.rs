//! The audit chain: who did what, when; the latest first. What was changed stands in the chain itself and may speak of
//! what isn't shown here, so only the acts are told.

use archive_core::text;
use archive_core::text::Text;
use archive_store::Act;
use serde::Serialize;

use super::table::{Cell, Page, Table};
use crate::answer::Answer;
use crate::failure::Failure;
use crate::public::search::with;
use crate::site::Site;
use crate::visit::Visit;

/// Entries on a page.
const EACH: u64 = 100;

#[derive(Serialize)]
struct Entry {
    seq: u64,
    time: String,
    who: String,
    act: String,
    subject: String,
    digest: String,
}

#[derive(Serialize)]
struct Document<'a> {
    entries: &'a [Entry],
}

/// The chain, page by page.
pub(crate) fn page(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let (log, head) = site.read(|repository| {
        let head = repository.audit_head()?.seq;
        let last = visit.number("until").map_or(head, |until| (until as u64).min(head));
        let first = last.saturating_sub(EACH - 1).max(1);
        Ok((repository.audit_log(first, last)?, head))
    })?;
    let mut entries: Vec<Entry> = log
        .into_iter()
        .map(|entry| Entry {
            act: Act::named(&entry.act).map_or(entry.act, |act| visit.say(&act.word())),
            seq: entry.seq,
            time: entry.time,
            who: entry.who,
            subject: entry.subject,
            digest: entry.digest,
        })
        .collect();
    entries.reverse();
    let say = |zh: &'static str, en: &'static str| visit.say(&Text::fixed(zh, en));
    let row = |entry: &Entry| {
        vec![
            Cell::number(entry.seq),
            Cell::from(entry.time.get(..16).unwrap_or(&entry.time).replace('T', " ")),
            Cell::from(entry.who.clone()),
            Cell::from(entry.act.clone()),
            Cell::from(entry.subject.clone()),
            Cell::from(entry.digest.chars().take(16).collect::<String>()),
        ]
    };
    let oldest = entries.last().map_or(0, |entry| entry.seq);
    let newest = entries.first().map_or(0, |entry| entry.seq);
    let page = Page {
        frame: visit.frame(&Text::fixed("审计链", "Audit chain")),
        about: visit.say(&text!(
            "共 {head} 条；是否完整，由管理员在服务器上核对",
            "{head} entries; that none is missing is verified by who runs this server"
        )),
        tables: vec![Table {
            caption: say("记录", "Entries"),
            heads: vec![
                say("序", "No."),
                say("时间", "Time"),
                say("何人", "Who"),
                say("何事", "What"),
                say("对象", "Of what"),
                say("摘要", "Digest"),
            ],
            rows: entries.iter().map(row).collect(),
        }],
        before: (newest < head).then(|| with(visit, "until", Some(&(newest + EACH).to_string()))),
        after: (oldest > 1).then(|| with(visit, "until", Some(&(oldest - 1).to_string()))),
    };
    visit.show(&page, &Document { entries: &entries })
}
