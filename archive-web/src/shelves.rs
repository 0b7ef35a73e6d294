//! What an asker may see, laid out to be walked through: fonds, years, volumes, items, each at its address.
//!
//! There are two sets of shelves, one for the public and one for who works here. Each is made by asking
//! [`may_see`] of every record and holds nothing that it denied: no title, no count, no empty volume. So a page
//! that is made from them can't show what isn't in them, and an address of a closed record is looked up in the
//! same way, and as quickly, as one that never was.
//!
//! A volume's title tells what all of it is about; the public sees it when it may see all of it.
//!
//! The year of a fonds is what is laid out at once and what is laid out anew. A change is asked which years it touched
//! ([`Repository::touched_since`]), and the others stay as they are: of a hundred thousand records in forty years, closing
//! one has some thousands read again. Nothing is answered from the former shelves meanwhile.

use std::collections::hash_map;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use archive_core::access::{Asker, may_see};
use archive_core::model::{Institution, Item, ItemId, OpeningState, RetentionPeriod, Volume};
use archive_core::number::{item_code, part_of_item};
use archive_core::profile::Profile;
use archive_core::reading::{DocType, RecordDate};
use archive_store::{AuditHead, Repository, StoreError, Touched};
use serde::Serialize;

/// An item on the shelves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Card {
    /// Tells it apart.
    #[serde(skip)]
    pub(crate) id: ItemId,
    /// Where its page is, below `/a/`.
    pub(crate) address: String,
    /// 档号, once it has one.
    pub(crate) code: Option<String>,
    /// 序号 in its register; not for the public, which would learn from it how many there are.
    #[serde(skip_serializing_if = "String::is_empty")]
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
    /// Its volume, by its place in the year.
    #[serde(skip)]
    pub(crate) volume: Option<usize>,
}

/// A volume on the shelves.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    /// Its years of which anything may be seen; 0 is the one of what has none.
    pub(crate) years: BTreeMap<i32, Arc<Year>>,
}

impl Fonds {
    /// How many items of it may be seen.
    pub(crate) fn items(&self) -> usize {
        self.years.values().map(|year| year.cards.len()).sum()
    }
}

/// A year of a fonds.
#[derive(Debug, Default)]
pub(crate) struct Year {
    /// Its volumes, in order.
    pub(crate) volumes: Vec<VolumeCard>,
    /// What stands in no volume.
    pub(crate) loose: Vec<ItemId>,
    /// Its items, those of the volumes and the loose.
    pub(crate) cards: BTreeMap<ItemId, Card>,
}

/// A year, by the place of its fonds.
type Place = (usize, i32);

/// Everything an asker may see.
#[derive(Debug, Clone)]
pub(crate) struct Shelves {
    asker: Asker,
    /// The last act before they were laid out: what came after it isn't on them.
    as_of: AuditHead,
    /// Every fonds there is, in order, those too of which nothing may be seen.
    every: Vec<Fonds>,
    destroyed: BTreeSet<ItemId>,
    places: HashMap<ItemId, Place>,
    by_address: HashMap<String, ItemId>,
    by_volume: HashMap<String, (Place, usize)>,
    /// Two have one address, and the first has it: which one that is can't be told from one year alone.
    doubled: bool,
}

impl Shelves {
    /// Lays out what `asker` may see: all of it, or what was touched since the former shelves were laid out.
    pub(crate) fn now(
        former: Option<Arc<Self>>,
        repository: &Repository,
        profile: &Profile,
        asker: Asker,
    ) -> Result<Self, StoreError> {
        // Taken before anything is read: what is changed meanwhile is touched once more the next time.
        let as_of = repository.audit_head()?;
        if let Some(former) = former.filter(|former| former.asker == asker && !former.doubled)
            && let Some(touched) = repository.touched_since(&former.as_of)?
        {
            let mut shelves = Arc::unwrap_or_clone(former);
            shelves.renew(repository, profile, &touched)?;
            if !shelves.doubled {
                return Ok(Self { as_of, ..shelves });
            }
        }
        let every = repository.all_fonds()?.into_iter();
        let mut shelves = Self {
            asker,
            as_of,
            every: every.map(|institution| Fonds { institution, years: BTreeMap::new() }).collect(),
            destroyed: repository.destroyed_items()?.into_iter().map(|gone| gone.item).collect(),
            places: HashMap::new(),
            by_address: HashMap::new(),
            by_volume: HashMap::new(),
            doubled: false,
        };
        for fonds in 0..shelves.every.len() {
            let mut years: BTreeSet<i32> =
                repository.years(&shelves.every[fonds].institution.fonds)?.into_iter().collect();
            years.insert(0);
            for year in years {
                let laid = shelves.lay_out((fonds, year), repository, profile)?;
                shelves.put_up((fonds, year), laid);
            }
        }
        Ok(shelves)
    }

    /// Lays out anew the years that were touched, and no others.
    fn renew(
        &mut self,
        repository: &Repository,
        profile: &Profile,
        touched: &Touched,
    ) -> Result<(), StoreError> {
        let mut anew: BTreeSet<Place> = BTreeSet::new();
        for item in &touched.items {
            // Where it stood and where it stands: a mended date may have moved it.
            anew.extend(self.places.get(item));
            let (fonds, year) = repository.stands_in(*item)?;
            anew.extend(self.place_of(&fonds).map(|fonds| (fonds, year)));
        }
        for (fonds, year) in &touched.years {
            anew.extend(self.place_of(fonds).map(|fonds| (fonds, *year)));
        }
        // What a year's volumes gave back stands loose in the year it is of.
        let given_back: BTreeSet<ItemId> = touched
            .years
            .iter()
            .filter_map(|(fonds, year)| self.fonds(fonds)?.years.get(year))
            .flat_map(|year| year.cards.keys().copied())
            .collect();
        for item in given_back {
            let (fonds, year) = repository.stands_in(item)?;
            anew.extend(self.place_of(&fonds).map(|fonds| (fonds, year)));
        }
        // All come down before any goes up: an item may go from one to another.
        for place in &anew {
            self.take_down(*place);
        }
        while let Some(place) = anew.pop_first() {
            let laid = self.lay_out(place, repository, profile)?;
            // What came from a year that nobody spoke of leaves that one.
            let left: BTreeSet<Place> =
                laid.cards.keys().filter_map(|id| self.places.get(id).copied()).collect();
            for other in left {
                self.take_down(other);
                anew.insert(other);
            }
            self.put_up(place, laid);
        }
        Ok(())
    }

    fn place_of(&self, fonds: &str) -> Option<usize> {
        self.every.iter().position(|known| known.institution.fonds == fonds)
    }

    fn take_down(&mut self, (fonds, year): Place) {
        let Some(gone) = self.every.get_mut(fonds).and_then(|fonds| fonds.years.remove(&year)) else {
            return;
        };
        for card in gone.cards.values() {
            self.places.remove(&card.id);
            self.by_address.remove(&card.address);
        }
        for volume in &gone.volumes {
            self.by_volume.remove(&volume.address);
        }
    }

    fn lay_out(
        &self,
        (fonds, year): Place,
        repository: &Repository,
        profile: &Profile,
    ) -> Result<Year, StoreError> {
        match self.every.get(fonds) {
            Some(fonds) => {
                lay_out(repository, profile, self.asker, &self.destroyed, &fonds.institution, year)
            }
            None => Ok(Year::default()),
        }
    }

    fn put_up(&mut self, place: Place, laid: Year) {
        if laid.cards.is_empty() {
            return;
        }
        for card in laid.cards.values() {
            self.places.insert(card.id, place);
            match self.by_address.entry(card.address.clone()) {
                hash_map::Entry::Vacant(free) => {
                    free.insert(card.id);
                }
                hash_map::Entry::Occupied(_) => self.doubled = true,
            }
        }
        for (at, volume) in laid.volumes.iter().enumerate() {
            match self.by_volume.entry(volume.address.clone()) {
                hash_map::Entry::Vacant(free) => {
                    free.insert((place, at));
                }
                hash_map::Entry::Occupied(_) => self.doubled = true,
            }
        }
        if let Some(fonds) = self.every.get_mut(place.0) {
            fonds.years.insert(place.1, Arc::new(laid));
        }
    }

    /// The fonds of which anything may be seen, in order.
    pub(crate) fn all(&self) -> Vec<&Fonds> {
        self.every.iter().filter(|fonds| !fonds.years.is_empty()).collect()
    }

    /// A fonds by its code.
    pub(crate) fn fonds(&self, code: &str) -> Option<&Fonds> {
        self.every.iter().find(|fonds| fonds.institution.fonds == code && !fonds.years.is_empty())
    }

    /// Every year of every fonds.
    pub(crate) fn years(&self) -> impl Iterator<Item = &Year> {
        self.every.iter().flat_map(|fonds| fonds.years.values().map(Arc::as_ref))
    }

    fn year(&self, (fonds, year): Place) -> Option<&Year> {
        self.every.get(fonds)?.years.get(&year).map(Arc::as_ref)
    }

    /// An item.
    pub(crate) fn card(&self, id: ItemId) -> Option<&Card> {
        self.year(*self.places.get(&id)?)?.cards.get(&id)
    }

    /// The item at an address.
    pub(crate) fn at(&self, address: &str) -> Option<&Card> {
        self.card(*self.by_address.get(address)?)
    }

    /// The volume at an address, with the year it is of.
    pub(crate) fn volume(&self, address: &str) -> Option<(&VolumeCard, &Year)> {
        let (place, at) = *self.by_volume.get(address)?;
        let year = self.year(place)?;
        Some((year.volumes.get(at)?, year))
    }

    /// The volume an item stands in.
    pub(crate) fn volume_of(&self, card: &Card) -> Option<&VolumeCard> {
        self.year(*self.places.get(&card.id)?)?.volumes.get(card.volume?)
    }
}

/// Lays out what may be seen of a year of a fonds.
fn lay_out(
    repository: &Repository,
    profile: &Profile,
    asker: Asker,
    destroyed: &BTreeSet<ItemId>,
    fonds: &Institution,
    year: i32,
) -> Result<Year, StoreError> {
    // What the public can't see needn't be read for it.
    let opening = (asker == Asker::Public).then_some(OpeningState::Open);
    let mut items: BTreeMap<ItemId, Item> = BTreeMap::new();
    repository.each_standing_in(&fonds.fonds, year, opening, |item| {
        if may_see(asker, item.opening, item.secrecy.level) && !destroyed.contains(&item.id) {
            items.insert(item.id, item);
        }
        Ok::<_, StoreError>(())
    })?;
    let mut laid = Year::default();
    if items.is_empty() {
        return Ok(laid);
    }
    if let Some(arrangement) = repository.arrangement(&fonds.fonds, year)? {
        for (at, volume) in arrangement.volumes.iter().enumerate() {
            laid.shelve(volume, at, fonds, profile, &items);
        }
    }
    for item in items.values() {
        if !laid.cards.contains_key(&item.id) {
            laid.loose.push(item.id);
            laid.cards.insert(item.id, card(item, &fonds.fonds, None, None));
        }
    }
    if asker == Asker::Public {
        for card in laid.cards.values_mut() {
            card.row.clear();
        }
    }
    Ok(laid)
}

impl Year {
    /// Puts up what may be seen of a volume, if anything may.
    fn shelve(
        &mut self,
        volume: &Volume,
        at: usize,
        fonds: &Institution,
        profile: &Profile,
        items: &BTreeMap<ItemId, Item>,
    ) {
        let seen: Vec<_> = volume.entries.iter().filter(|entry| items.contains_key(&entry.item)).collect();
        if seen.is_empty() {
            return;
        }
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
            card.volume = Some(self.volumes.len());
            self.cards.insert(card.id, card);
        }
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

#[cfg(test)]
mod tests;
