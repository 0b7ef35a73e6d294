//! What an asker may see, laid out to be walked through: fonds, years, volumes, items, each at its address.
//!
//! There are two sets of shelves, one for the public and one for who works here. Each is made by asking
//! [`may_see`] of every record and holds nothing that it denied: no title, no count, no empty volume. So a page
//! that is made from them can't show what isn't in them, and an address of a closed record is looked up in the
//! same way, and as quickly, as one that never was.
//!
//! A volume's title tells what all of it is about; the public sees it when it may see all of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use archive_core::access::{Asker, may_see};
use archive_core::model::{Institution, Item, ItemId, OpeningState, RetentionPeriod, Volume};
use archive_core::number::{item_code, part_of_item};
use archive_core::profile::Profile;
use archive_core::reading::{DocType, RecordDate};
use archive_store::{ItemFilter, Repository, StoreError};
use serde::Serialize;

/// An item on the shelves.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Card {
    /// Tells it apart.
    #[serde(skip)]
    pub(crate) id: ItemId,
    /// Where its page is, below `/a/`.
    pub(crate) address: String,
    /// 档号, once it has one.
    pub(crate) code: Option<String>,
    /// 序号 in its register.
    pub(crate) row: String,
    /// 题名.
    pub(crate) title: String,
    /// 文号.
    pub(crate) number: String,
    /// 责任者.
    pub(crate) responsible: String,
    /// 日期.
    pub(crate) date: String,
    /// 文种.
    pub(crate) doc_type: String,
    /// 全宗号.
    pub(crate) fonds: String,
    /// 年度.
    pub(crate) year: Option<i32>,
    /// 页数.
    pub(crate) pages: Option<u32>,
    /// 开放标识.
    pub(crate) opening: OpeningState,
    /// Its volume, by its place on the shelves.
    #[serde(skip)]
    pub(crate) volume: Option<usize>,
}

/// A volume on the shelves.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct VolumeCard {
    /// Where its page is, below `/volume/`.
    pub(crate) address: String,
    /// 档号, once it has one.
    pub(crate) code: Option<String>,
    /// 案卷题名, if all of it may be seen.
    pub(crate) title: Option<String>,
    /// 全宗号.
    pub(crate) fonds: String,
    /// 年度.
    pub(crate) year: i32,
    /// 保管期限.
    pub(crate) period: RetentionPeriod,
    /// 归档机构.
    pub(crate) section: Option<String>,
    /// What of it may be seen, in order.
    #[serde(skip)]
    pub(crate) items: Vec<ItemId>,
}

/// A fonds on the shelves.
#[derive(Debug, Clone)]
pub(crate) struct Fonds {
    /// Whose it is.
    pub(crate) institution: Institution,
    /// Its years, each with its volumes and with what stands in none.
    pub(crate) years: BTreeMap<i32, Year>,
}

/// A year of a fonds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Year {
    /// Its volumes by their places on the shelves, in order.
    pub(crate) volumes: Vec<usize>,
    /// What stands in no volume.
    pub(crate) loose: Vec<ItemId>,
}

/// Everything an asker may see.
#[derive(Debug, Default)]
pub(crate) struct Shelves {
    /// The items.
    pub(crate) cards: BTreeMap<ItemId, Card>,
    /// The volumes.
    pub(crate) volumes: Vec<VolumeCard>,
    /// The fonds of which anything may be seen, in order.
    pub(crate) fonds: Vec<Fonds>,
    by_address: HashMap<String, ItemId>,
    by_volume: HashMap<String, usize>,
}

impl Shelves {
    /// Lays out what `asker` may see.
    pub(crate) fn of(repository: &Repository, profile: &Profile, asker: Asker) -> Result<Self, StoreError> {
        let destroyed: BTreeSet<ItemId> =
            repository.destroyed_items()?.into_iter().map(|gone| gone.item).collect();
        let mut shelves = Self::default();
        for institution in repository.all_fonds()? {
            let of = ItemFilter {
                fonds: Some(institution.fonds.clone()),
                // What the public can't see needn't be read for it.
                opening: (asker == Asker::Public).then_some(OpeningState::Open),
                ..ItemFilter::default()
            };
            let mut items: BTreeMap<ItemId, Item> = BTreeMap::new();
            repository.each_item(&of, |item| {
                if may_see(asker, item.opening, item.secrecy.level) && !destroyed.contains(&item.id) {
                    items.insert(item.id, item);
                }
                Ok::<_, StoreError>(())
            })?;
            let mut years: BTreeMap<i32, Year> = BTreeMap::new();
            let mut placed = BTreeSet::new();
            for year in repository.years(&institution.fonds)? {
                let Some(arrangement) = repository.arrangement(&institution.fonds, year)? else { continue };
                for (at, volume) in arrangement.volumes.iter().enumerate() {
                    if let Some(place) = shelves.shelve(volume, at, &institution, profile, &items) {
                        placed.extend(shelves.volumes[place].items.iter().copied());
                        years.entry(volume.year).or_default().volumes.push(place);
                    }
                }
            }
            for item in items.values().filter(|item| !placed.contains(&item.id)) {
                let card = card(item, &institution.fonds, None, None);
                years.entry(card.year.unwrap_or_default()).or_default().loose.push(item.id);
                shelves.put(card);
            }
            if !years.is_empty() {
                shelves.fonds.push(Fonds { institution, years });
            }
        }
        Ok(shelves)
    }

    /// Puts up what may be seen of a volume, if anything may.
    fn shelve(
        &mut self,
        volume: &Volume,
        at: usize,
        fonds: &Institution,
        profile: &Profile,
        items: &BTreeMap<ItemId, Item>,
    ) -> Option<usize> {
        let seen: Vec<_> = volume.entries.iter().filter(|entry| items.contains_key(&entry.item)).collect();
        if seen.is_empty() {
            return None;
        }
        let place = self.volumes.len();
        let code = volume.number.as_ref().map(|number| number.code.clone());
        let address = code.clone().unwrap_or_else(|| format!("{}:{}:{}", fonds.fonds, volume.year, at + 1));
        let whole = seen.len() == volume.entries.len();
        for entry in &seen {
            let Some(item) = items.get(&entry.item) else { continue };
            let code = item_code(volume, entry, fonds, profile);
            // By the item method the parts of one item bear one code: the first has it for its address.
            let address = code.clone().map(|code| match part_of_item(volume, entry) {
                Some((part @ 2.., _)) => format!("{code}~{part}"),
                _ => code,
            });
            let mut card = card(item, &fonds.fonds, address, code);
            if card.title.is_empty() {
                card.title.clone_from(&entry.title);
            }
            card.year = Some(volume.year);
            card.volume = Some(place);
            self.put(card);
        }
        self.by_volume.entry(address.clone()).or_insert(place);
        self.volumes.push(VolumeCard {
            address,
            code,
            title: whole.then(|| volume.title.clone()),
            fonds: fonds.fonds.clone(),
            year: volume.year,
            period: volume.period,
            section: volume.section.clone(),
            items: seen.iter().map(|entry| entry.item).collect(),
        });
        Some(place)
    }

    fn put(&mut self, card: Card) {
        self.by_address.entry(card.address.clone()).or_insert(card.id);
        self.cards.insert(card.id, card);
    }

    /// The item at an address.
    pub(crate) fn at(&self, address: &str) -> Option<&Card> {
        self.by_address.get(address).and_then(|id| self.cards.get(id))
    }

    /// The volume at an address.
    pub(crate) fn volume(&self, address: &str) -> Option<&VolumeCard> {
        self.by_volume.get(address).and_then(|place| self.volumes.get(*place))
    }

    /// The volume an item stands in.
    pub(crate) fn volume_of(&self, card: &Card) -> Option<&VolumeCard> {
        card.volume.and_then(|place| self.volumes.get(place))
    }

    /// A fonds by its code.
    pub(crate) fn fonds(&self, code: &str) -> Option<&Fonds> {
        self.fonds.iter().find(|fonds| fonds.institution.fonds == code)
    }

    /// The items of a year of a fonds.
    pub(crate) fn items_in(&self, year: &Year) -> usize {
        year.loose.len() + year.volumes.iter().map(|place| self.volumes[*place].items.len()).sum::<usize>()
    }
}

fn card(item: &Item, fonds: &str, address: Option<String>, code: Option<String>) -> Card {
    let date = item.date.date();
    Card {
        id: item.id,
        address: address.unwrap_or_else(|| format!("n{}", item.id.0)),
        code,
        row: item.row.clone(),
        title: item.title.trim().to_owned(),
        number: item.number.as_ref().map(|number| number.original.clone()).unwrap_or_default(),
        responsible: item.bodies.join("、"),
        date: date.map(|date| date.to_string()).unwrap_or_default(),
        doc_type: item
            .doc_type
            .clone()
            .or_else(|| DocType::of_title(&item.title).map(|kind| kind.to_string()))
            .unwrap_or_default(),
        fonds: fonds.to_owned(),
        year: item.year.or(date.map(RecordDate::year)),
        pages: item.pages,
        opening: item.opening,
        volume: None,
    }
}
