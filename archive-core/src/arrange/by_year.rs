//! An arrangement year by year, and the years together again.
//!
//! Years are arranged together, because a reply may draw its request into another year (V1); they are
//! kept, numbered, printed and handed over one by one.

use std::collections::{BTreeMap, HashMap};

use crate::model::{Arrangement, Item, ItemId};
use crate::reading::RecordDate;

/// The parts of an arrangement, by year. What belongs to no volume (an item left out, a finding) goes
/// with the year of its item, or else with the first year.
pub fn apart(arrangement: Arrangement, items: &[Item]) -> BTreeMap<i32, Arrangement> {
    let mut years: BTreeMap<i32, Arrangement> = BTreeMap::new();
    let mut year_of: HashMap<ItemId, i32> = items
        .iter()
        .filter_map(|item| Some((item.id, item.year.or(item.date.date().map(RecordDate::year))?)))
        .collect();
    for volume in &arrangement.volumes {
        year_of.extend(volume.entries.iter().map(|entry| (entry.item, volume.year)));
    }
    let by_row: HashMap<&str, ItemId> = items.iter().map(|item| (item.row.as_str(), item.id)).collect();
    let first = arrangement.volumes.iter().map(|volume| volume.year).min();
    let fallback = first.or_else(|| year_of.values().copied().min()).unwrap_or_default();
    let year = |item: Option<ItemId>| item.and_then(|id| year_of.get(&id).copied()).unwrap_or(fallback);

    for volume in arrangement.volumes {
        years.entry(volume.year).or_default().volumes.push(volume);
    }
    for tie in arrangement.ties {
        years.entry(year(Some(tie.from))).or_default().ties.push(tie);
    }
    for (item, reason) in arrangement.left_out {
        years.entry(year(Some(item))).or_default().left_out.push((item, reason));
    }
    for finding in arrangement.findings {
        let item = finding.place.item.as_deref().and_then(|row| by_row.get(row).copied());
        years.entry(year(item)).or_default().findings.push(finding);
    }
    years
}

/// Years together, in order.
pub fn together(years: impl IntoIterator<Item = Arrangement>) -> Arrangement {
    let mut whole = Arrangement::default();
    for year in years {
        whole.volumes.extend(year.volumes);
        whole.ties.extend(year.ties);
        whole.left_out.extend(year.left_out);
        whole.findings.extend(year.findings);
    }
    whole.ties.sort_by_key(|tie| (tie.from, tie.to, tie.kind));
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arrange::{Decisions, arrange};
    use crate::model::Institution;
    use crate::profile::Profile;
    use crate::reading::ItemDate;

    #[test]
    fn years_apart_and_together_are_the_same_arrangement() {
        let items: Vec<Item> = [("1", "2003-05-01"), ("2", "2004-06-01"), ("3", "2003-07-01")]
            .into_iter()
            .zip(1..)
            .map(|((row, date), id)| Item {
                title: format!("某县人民政府关于第{row}件事的通知"),
                date: ItemDate::read(date),
                ..Item::new(ItemId(id), row)
            })
            .collect();
        let institution = Institution { name: "某县人民政府办公室".into(), fonds: "J001".into() };
        let profile = Profile::built_in("futian-2006").unwrap();
        let whole = arrange(&items, &institution, &profile, &Decisions::default());
        let years = apart(whole.clone(), &items);
        assert_eq!(years.keys().copied().collect::<Vec<_>>(), [2003, 2004]);
        assert_eq!(together(years.into_values()), whole);
    }
}
