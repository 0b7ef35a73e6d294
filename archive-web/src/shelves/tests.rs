//! Whatever is done, shelves that were mended are those that would be laid out anew.

use std::fmt::Write as _;

use archive_core::model::{Arrangement, Entry, Side, VolumeNumber};
use archive_core::opening::{Said, Verdict};
use archive_core::reading::ItemDate;
use archive_store::{ImportBatch, ItemFilter, Settings};
use chrono::{DateTime, FixedOffset};
use proptest::prelude::*;

use super::*;

const FONDS: &str = "J019";
const YEARS: [i32; 3] = [1969, 1970, 1971];
const ITEMS: u64 = 9;

fn now() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-03-02T09:00:00+08:00").unwrap()
}

/// Something done in the house.
#[derive(Debug, Clone)]
enum Deed {
    Open(u64),
    Close(u64),
    /// A record gets another title, and another year.
    Describe(u64, Option<i32>),
    /// Each item goes to a year's volume, or to none; a number is given or taken back.
    Arrange(Vec<Option<usize>>, bool),
    /// Another register is taken in.
    Import,
    /// A reader asks for something.
    Nothing,
}

fn deed() -> impl Strategy<Value = Deed> {
    let item = 0..ITEMS;
    prop_oneof![
        4 => item.clone().prop_map(Deed::Open),
        3 => item.clone().prop_map(Deed::Close),
        3 => (item, prop::option::of(prop::sample::select(YEARS.to_vec()))).prop_map(|(item, year)| Deed::Describe(item, year)),
        4 => (prop::collection::vec(prop::option::of(0..YEARS.len()), 9), any::<bool>())
            .prop_map(|(homes, numbered)| Deed::Arrange(homes, numbered)),
        1 => Just(Deed::Import),
        1 => Just(Deed::Nothing),
    ]
}

fn place(number: u64) -> usize {
    usize::try_from(number).unwrap()
}

fn items(from: u64) -> Vec<Item> {
    let item = |row: u64| {
        let mut item = Item::new(ItemId(row), (from + row).to_string());
        item.title = format!("关于第{row}件事的通知");
        // One of them has no date.
        item.date = ItemDate::read(if row == 1 {
            ""
        } else {
            ["1969-05-16", "1970-05-16", "1971-05-16"][place(row) % 3]
        });
        item
    };
    (1..=ITEMS).map(item).collect()
}

fn do_it(repository: &Repository, profile: &Profile, deed: &Deed) -> Option<()> {
    let ids: Vec<ItemId> =
        repository.items(&ItemFilter::default()).unwrap().iter().map(|item| item.id).collect();
    let said = |verdict: Verdict| Said {
        verdict,
        reason: "已到期".into(),
        next: (verdict != Verdict::Open).then(|| now().date_naive() + chrono::Months::new(24)),
    };
    match deed {
        Deed::Open(item) => {
            for who in ["陈文书", "李复审"] {
                let change = repository.begin(who, "opening", now()).unwrap();
                let item = ids[place(*item)];
                match who {
                    "陈文书" => drop(change.give_opinion(item, said(Verdict::Open), profile).ok()?),
                    _ => drop(change.decide_opening(item, said(Verdict::Open), profile).ok()?),
                }
                change.commit().unwrap();
            }
        }
        Deed::Close(item) => {
            let change = repository.begin("李复审", "opening", now()).unwrap();
            change.decide_opening(ids[place(*item)], said(Verdict::Close), profile).ok()?;
            change.commit().unwrap();
        }
        Deed::Describe(item, year) => {
            let change = repository.begin("陈文书", "describe", now()).unwrap();
            let mut item = repository.item(ids[place(*item)]).unwrap();
            item.title.push('改');
            item.year = *year;
            change.describe(&item).unwrap();
            change.commit().unwrap();
        }
        Deed::Arrange(homes, numbered) => {
            let arranged: Vec<Arrangement> = YEARS
                .iter()
                .enumerate()
                .map(|(at, &year)| {
                    let held = ids.iter().zip(homes).filter(|(_, home)| **home == Some(at));
                    let entry = |(no, (&item, _)): (u32, (&ItemId, _))| Entry {
                        item,
                        title: String::new(),
                        item_no: Some(no),
                        pages: None,
                        why: Vec::new(),
                    };
                    let entries: Vec<Entry> = (1..).zip(held).map(entry).collect();
                    let number = numbered.then(|| VolumeNumber {
                        catalogue_no: format!("{year}·Y"),
                        volume_no: 1,
                        code: format!("{FONDS}-{year}·Y-001"),
                    });
                    let volume = Volume {
                        year,
                        side: Side::Government,
                        period: RetentionPeriod::Permanent,
                        section: None,
                        title: format!("{year}年材料"),
                        joined_by: Vec::new(),
                        why: Vec::new(),
                        entries,
                        number,
                    };
                    let volumes = if volume.entries.is_empty() { Vec::new() } else { vec![volume] };
                    Arrangement { volumes, ..Arrangement::default() }
                })
                .collect();
            let change = repository.begin("陈文书", "arrange", now()).unwrap();
            change.save_arrangements(FONDS, &YEARS.into_iter().zip(&arranged).collect()).unwrap();
            change.commit().unwrap();
        }
        Deed::Import => import(repository),
        Deed::Nothing => {
            let change = repository.begin("陈文书", "registers", now()).unwrap();
            change
                .add_room(&repository.rooms().unwrap().len().to_string(), "库房", now().date_naive())
                .unwrap();
            change.commit().unwrap();
        }
    }
    Some(())
}

fn import(repository: &Repository) {
    let there = repository.count_items(&ItemFilter::default()).unwrap();
    let batch = ImportBatch {
        register_name: "register.xlsx".into(),
        register_digest: there.to_string(),
        items: items(there),
        files: Vec::new(),
    };
    let mut change = repository.begin("陈文书", "import", now()).unwrap();
    change.import(&batch, &|_| ()).unwrap();
    change.commit().unwrap();
}

/// All that a page can take from shelves, in words.
fn told(shelves: &Shelves) -> String {
    let mut said = String::new();
    for fonds in shelves.all() {
        writeln!(said, "{:?} {}", fonds.institution, fonds.items()).unwrap();
        for (number, year) in &fonds.years {
            writeln!(said, "{number} {:?}\n{:?}", year.volumes, year.loose).unwrap();
            for card in year.cards.values() {
                let found = shelves.at(&card.address).map(|card| card.id);
                let volume = shelves.volume_of(card).map(|volume| &volume.address);
                writeln!(said, "{card:?} {found:?} {volume:?} {}", shelves.card(card.id).is_some()).unwrap();
            }
            for volume in &year.volumes {
                writeln!(said, "{:?}", shelves.volume(&volume.address).map(|(found, _)| found)).unwrap();
            }
        }
    }
    let sorted = |mut keys: Vec<&String>| {
        keys.sort();
        format!("{keys:?}\n")
    };
    said += &sorted(shelves.by_address.keys().collect());
    said += &sorted(shelves.by_volume.keys().collect());
    said + &shelves.places.len().to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn mended_shelves_are_those_laid_out_anew(deeds in prop::collection::vec(deed(), 1..8)) {
        let dir = tempfile::tempdir().unwrap();
        let institution = Institution { name: "临溪县档案馆".into(), fonds: FONDS.into() };
        let settings = Settings::new(institution, "futian-2006");
        let profile = Profile::built_in("futian-2006").unwrap();
        let repository = Repository::create(&dir.path().join("r"), &settings, "王主任", now()).unwrap();
        import(&repository);
        for asker in [Asker::Public, Asker::Staff] {
            let mut kept = Arc::new(Shelves::now(None, &repository, &profile, asker).unwrap());
            for deed in &deeds {
                let _ = do_it(&repository, &profile, deed);
                // Somebody may still be reading from the former ones.
                let _reading = deeds.len().is_multiple_of(2).then(|| Arc::clone(&kept));
                kept = Arc::new(Shelves::now(Some(kept), &repository, &profile, asker).unwrap());
                let anew = Shelves::now(None, &repository, &profile, asker).unwrap();
                prop_assert_eq!(told(&kept), told(&anew), "after {:?}", deed);
            }
        }
    }
}

#[test]
fn a_year_that_nothing_was_done_to_is_not_laid_out_anew() {
    let dir = tempfile::tempdir().unwrap();
    let institution = Institution { name: "临溪县档案馆".into(), fonds: FONDS.into() };
    let profile = Profile::built_in("futian-2006").unwrap();
    let settings = Settings::new(institution, "futian-2006");
    let repository = Repository::create(&dir.path().join("r"), &settings, "王主任", now()).unwrap();
    import(&repository);
    let before = Arc::new(Shelves::now(None, &repository, &profile, Asker::Staff).unwrap());
    // The third is of 1969.
    do_it(&repository, &profile, &Deed::Describe(2, None)).unwrap();
    let after = Shelves::now(Some(Arc::clone(&before)), &repository, &profile, Asker::Staff).unwrap();
    let same = |year: i32| Arc::ptr_eq(&before.every[0].years[&year], &after.every[0].years[&year]);
    assert!(!same(1969) && same(1970) && same(1971) && same(0));
}
