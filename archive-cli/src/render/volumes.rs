//! An arrangement as people and scripts read it.

use archive_core::arrange::Explainer;
use archive_core::model::{Arrangement, Item, Reason, Volume};
use archive_core::profile::Profile;
use archive_core::text::Lang;
use serde::Serialize;

use super::table;
use crate::ui::Ui;

/// A volume in the contract's JSON shape.
#[derive(Debug, Serialize)]
pub(crate) struct VolumeTold<'a> {
    year: i32,
    side: archive_core::model::Side,
    period: String,
    section: Option<&'a str>,
    catalogue_no: Option<&'a str>,
    volume_no: Option<u32>,
    code: Option<&'a str>,
    title: &'a str,
    pages: u32,
    items: Vec<ItemTold<'a>>,
    joined_by: &'a [archive_core::model::Feature],
    why: Vec<WhyTold>,
}

#[derive(Debug, Serialize)]
struct ItemTold<'a> {
    row: &'a str,
    item_no: Option<u32>,
    title: &'a str,
    page_from: Option<u32>,
    page_to: Option<u32>,
    why: Vec<WhyTold>,
}

/// A reason in the contract's JSON shape.
#[derive(Debug, Serialize)]
pub(crate) struct WhyTold {
    rule: &'static str,
    text: String,
}

impl WhyTold {
    /// A reason in one language.
    pub(crate) fn new(reason: &Reason, lang: Lang) -> Self {
        Self { rule: reason.rule.name(), text: reason.text.in_lang(lang).to_owned() }
    }
}

/// An arrangement's volumes in the contract's JSON shape.
pub(crate) fn told<'a>(
    arrangement: &'a Arrangement,
    items: &'a [Item],
    profile: &Profile,
    lang: Lang,
) -> Vec<VolumeTold<'a>> {
    let explainer = Explainer::new(items, profile);
    let by_id: std::collections::HashMap<_, _> = items.iter().map(|item| (item.id, item)).collect();
    let why = |reasons: &[Reason]| reasons.iter().map(|reason| WhyTold::new(reason, lang)).collect();
    arrangement
        .volumes
        .iter()
        .map(|volume| VolumeTold {
            year: volume.year,
            side: volume.side,
            period: volume.period.to_string(),
            section: volume.section.as_deref(),
            catalogue_no: volume.number.as_ref().map(|number| number.catalogue_no.as_str()),
            volume_no: volume.number.as_ref().map(|number| number.volume_no),
            code: volume.number.as_ref().map(|number| number.code.as_str()),
            title: &volume.title,
            pages: pages(volume, &by_id),
            items: volume
                .entries
                .iter()
                .map(|entry| ItemTold {
                    row: by_id.get(&entry.item).map_or("", |item| item.row.as_str()),
                    item_no: entry.item_no,
                    title: &entry.title,
                    page_from: entry.pages.map(|pages| pages.0),
                    page_to: entry.pages.map(|pages| pages.1),
                    why: why(&explainer.entry(entry)),
                })
                .collect(),
            joined_by: &volume.joined_by,
            why: why(&volume.why),
        })
        .collect()
}

/// The volumes as a table: number, period, how many, title.
pub(crate) fn print(ui: &Ui, arrangement: &Arrangement, items: &[Item]) {
    let by_id: std::collections::HashMap<_, _> = items.iter().map(|item| (item.id, item)).collect();
    let head = match ui.lang {
        Lang::Zh => ["档号", "年度", "党政", "期限", "件", "页", "题名"],
        Lang::En => ["code", "year", "side", "period", "items", "pages", "title"],
    };
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(arrangement.volumes.iter().map(|volume| {
        vec![
            volume.number.as_ref().map_or_else(|| "—".to_owned(), |number| number.code.clone()),
            volume.year.to_string(),
            match volume.side {
                archive_core::model::Side::Party => "党".to_owned(),
                archive_core::model::Side::Government => "政".to_owned(),
            },
            volume.period.to_string(),
            volume.entries.len().to_string(),
            pages(volume, &by_id).to_string(),
            table::shorten(&volume.title, 72),
        ]
    }));
    for line in table::lines(&rows) {
        ui.line(line);
    }
}

/// The pages of a volume: as numbered, else as the register says.
fn pages(volume: &Volume, items: &std::collections::HashMap<archive_core::model::ItemId, &Item>) -> u32 {
    volume
        .entries
        .iter()
        .map(|entry| match entry.pages {
            Some((first, last)) => last.saturating_sub(first) + 1,
            None => items.get(&entry.item).and_then(|item| item.pages).unwrap_or(0),
        })
        .sum()
}
