//! The desk: every item read once, laid out in an order that doesn't depend on how it came in.
//!
//! All later steps speak of items by their place on the desk (`u32`), which grows with the date. Two
//! runs over the same items in another order lay them out alike, so what is built on places is
//! independent of the input's order, and every "first" and "nearest" is settled by the place.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use rayon::prelude::*;

use crate::model::{DraftState, Institution, Item, ItemId, SecrecyLevel};
use crate::profile::Profile;
use crate::reading::{NumberParts, RecordDate};

use super::decisions::Decisions;
use super::shares;
use super::wording::{self, Family, Kind, Wording};

/// Words that recur, each kept once; 0 stands for "none".
#[derive(Debug, Default)]
pub(crate) struct Words {
    places: HashMap<Box<str>, u32>,
    words: Vec<Box<str>>,
}

impl Words {
    fn place(&mut self, word: &str) -> u32 {
        if word.is_empty() {
            return 0;
        }
        if let Some(place) = self.places.get(word) {
            return *place;
        }
        self.words.push(word.into());
        let place = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.places.insert(word.into(), place);
        place
    }

    /// The word at a place; empty for 0.
    pub(crate) fn get(&self, place: u32) -> &str {
        place.checked_sub(1).and_then(|index| self.words.get(index as usize)).map_or("", |word| word)
    }
}

/// What arrangement knows of an item.
#[derive(Debug)]
pub(crate) struct Facts {
    /// Where it stands in the input.
    pub(crate) item: u32,
    /// Its title, tidied.
    pub(crate) title: Box<str>,
    /// The parts of it.
    pub(crate) wording: Wording,
    /// Its date.
    pub(crate) date: Option<RecordDate>,
    /// What stage it is in: given, or told by the title.
    pub(crate) state: DraftState,
    /// The first body, in short form.
    pub(crate) body: u32,
    /// Its meeting or case.
    pub(crate) matter: u32,
    /// Its question.
    pub(crate) question: u32,
    /// The section that files it.
    pub(crate) section: u32,
}

impl Facts {
    /// Reads an item; its words are counted later.
    fn read(index: u32, item: &Item, institution: &Institution, decisions: &Decisions) -> Self {
        let title = wording::tidy(decisions.item_titles.get(&item.id).map_or(&item.title, |title| title));
        let mut wording = wording::read(&title);
        // 临溪县水利局2011年工作总结: without 关于 the author is told by the register, or is the office itself.
        let bodies = item.bodies.iter().map(String::as_str);
        wording.set_author(&title, bodies.chain([institution.name.as_str()]));
        if let Some(doc_type) = item.doc_type.as_deref() {
            let given = wording::kind_at_end(&wording::tidy(doc_type));
            // 决定 in the column, 处理决定 in the title: the title says more.
            let told = wording.kind().word;
            let finer = wording.kind != 0 && told.ends_with(wording::KINDS[usize::from(given)].word);
            if given != 0 && !finer && (wording.kind == 0 || wording.attachment.is_none()) {
                wording.kind = given;
            }
        }
        let told = wording.state.as_ref().map(|state| state_of(wording::part(&title, state)));
        let state = match (item.state, told) {
            // 修改稿 in the column, 第二稿 in the title.
            (Some(DraftState::Revision(0)), Some(told @ DraftState::Revision(_))) => told,
            (Some(given), _) => given,
            (None, told) => told.unwrap_or(DraftState::Print),
        };
        Self {
            item: index,
            title: title.into_boxed_str(),
            wording,
            date: item.date.date(),
            state,
            body: 0,
            matter: 0,
            question: 0,
            section: 0,
        }
    }

    /// The question the title is about.
    pub(crate) fn subject(&self) -> &str {
        wording::part(&self.title, &self.wording.subject)
    }

    /// What the title is about, with its type: all of it but its author.
    pub(crate) fn matter_words(&self) -> &str {
        wording::part(&self.title, &(self.wording.subject.start..self.wording.bare.end))
    }

    /// The title without marks of state, issue and attachment.
    pub(crate) fn bare(&self) -> &str {
        wording::part(&self.title, &self.wording.bare)
    }

    /// What it forwards or issues.
    pub(crate) fn inner(&self) -> Option<&str> {
        self.wording.inner.as_ref().map(|inner| wording::part(&self.title, inner))
    }

    /// The type of document.
    pub(crate) fn kind(&self) -> &'static Kind {
        self.wording.kind()
    }

    /// The part its type plays.
    pub(crate) fn family(&self) -> Family {
        self.kind().family
    }

    /// Days from the common era, if it has a date.
    pub(crate) fn day(&self) -> Option<i32> {
        use chrono::Datelike as _;
        self.date.map(|date| date.first_day().num_days_from_ce())
    }
}

/// Everything arrangement works on.
pub(crate) struct Desk<'a> {
    pub(crate) items: &'a [Item],
    pub(crate) institution: &'a Institution,
    pub(crate) profile: &'a Profile,
    pub(crate) decisions: &'a Decisions,
    /// The items that are arranged, in the desk's order.
    pub(crate) facts: Vec<Facts>,
    /// The institution's name in short form.
    pub(crate) house: String,
    /// Recurring words.
    pub(crate) words: Words,
    /// Places by item, sorted by item.
    places: Vec<(ItemId, u32)>,
    /// Items kept out, by where they stand in the input; sorted by item.
    pub(crate) left_out: Vec<u32>,
}

/// A body's name without the words that come and go: 人民, 委员会 as 委, 中共.
pub(crate) fn short_body(name: &str) -> String {
    static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let longest = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).clone();
        longest.build(SHORT_FORMS.iter().map(|(long, _)| long)).ok()
    });
    let tidied = wording::tidy(name);
    match &*FINDER {
        Some(finder) => finder.replace_all(&tidied, &SHORT_FORMS.map(|(_, short)| short)),
        None => tidied,
    }
}

/// The short names of bodies, each made once: an office writes to the same few again and again.
#[derive(Default)]
pub(crate) struct ShortNames<'d>(HashMap<&'d str, Rc<str>>);

impl<'d> ShortNames<'d> {
    /// The short name of a body.
    pub(crate) fn of(&mut self, name: &'d str) -> Rc<str> {
        Rc::clone(self.0.entry(name).or_insert_with(|| short_body(name).into()))
    }
}

/// Words in the names of bodies, and what stands for them in a short name.
const SHORT_FORMS: [(&str, &str); 7] = [
    ("中国共产党", ""),
    ("中共", ""),
    ("人民政府", "政府"),
    ("人民代表大会", "人大"),
    ("常务委员会", "常委会"),
    ("政治协商会议", "政协"),
    ("委员会", "委"),
];

/// Whether two short names can mean the same body: 县水利局 and 建宁县水利局.
pub(crate) fn same_body(a: &str, b: &str) -> bool {
    if a.is_empty() || b.is_empty() {
        return false;
    }
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    long == short || (short.chars().count() >= 2 && long.ends_with(short))
}

/// The place a body is of: 岚河县 of 岚河县水利局; nothing if its name doesn't begin with one.
pub(crate) fn region(name: &str) -> &str {
    name.char_indices()
        .skip(1)
        .find(|(_, c)| matches!(c, '县' | '市' | '区' | '镇' | '乡' | '州' | '旗'))
        .map_or("", |(at, c)| &name[..at + c.len_utf8()])
}

/// A row number as it is compared: without blanks, full width or leading zeros.
pub(crate) fn tidy_row(row: &str) -> String {
    let tidied = wording::tidy(row);
    let trimmed = tidied.trim_start_matches('0');
    if trimmed.is_empty() { tidied } else { trimmed.to_owned() }
}

/// Sorts rows as people count them: 2 before 10.
fn row_key(row: &str) -> (u64, &str) {
    let digits = row.len() - row.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    (row[..digits].parse().unwrap_or(u64::MAX), row)
}

/// Lays what was read of the items in the desk's order: by date, number, title, body and row.
fn in_order(read: Vec<Facts>, items: &[Item]) -> Vec<Facts> {
    fn number(item: &Item) -> Option<(&[NumberParts], &str)> {
        item.number.as_ref().map(|number| (&*number.parts, &*number.original))
    }
    let beyond_date = |a: &Facts, b: &Facts| {
        let (x, y) = (&items[a.item as usize], &items[b.item as usize]);
        (number(x).is_none(), number(x))
            .cmp(&(number(y).is_none(), number(y)))
            .then_with(|| a.title.cmp(&b.title))
            .then_with(|| x.bodies.cmp(&y.bodies))
            .then_with(|| row_key(&x.row).cmp(&row_key(&y.row)))
            .then_with(|| x.origin.cmp(&y.origin))
            .then_with(|| x.id.cmp(&y.id))
    };
    // The date settles most: sorting it with nothing else in hand is what makes a million items quick.
    let mut order: Vec<(bool, Option<RecordDate>, u32)> =
        (0..).zip(&read).map(|(at, facts)| (facts.date.is_none(), facts.date, at)).collect();
    order.par_sort_by(|a, b| {
        (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| beyond_date(&read[a.2 as usize], &read[b.2 as usize]))
    });
    let mut read: Vec<Option<Facts>> = read.into_iter().map(Some).collect();
    order.into_iter().filter_map(|(_, _, at)| read[at as usize].take()).collect()
}

impl<'a> Desk<'a> {
    /// Reads the items and lays them out.
    pub(crate) fn lay(
        items: &'a [Item],
        institution: &'a Institution,
        profile: &'a Profile,
        decisions: &'a Decisions,
    ) -> Self {
        let out = |item: &Item| {
            item.secrecy.level != SecrecyLevel::None || decisions.left_out.contains_key(&item.id)
        };
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let read: Vec<Facts> = shares::each(count, |run| {
            let items = run.clone().zip(&items[run.start as usize..run.end as usize]);
            let arranged = items.filter(|(_, item)| !out(item));
            arranged.map(|(index, item)| Facts::read(index, item, institution, decisions)).collect()
        });
        let mut facts = in_order(read, items);
        let mut left_out: Vec<u32> = (0..count).filter(|index| out(&items[*index as usize])).collect();
        // Words are counted in the desk's order, so that their places don't tell how the items came in.
        let mut words = Words::default();
        let mut names = ShortNames::default();
        for facts in &mut facts {
            let item = &items[facts.item as usize];
            facts.body = item.bodies.first().map_or(0, |body| words.place(&names.of(body)));
            facts.matter = words.place(&wording::tidy(item.meeting_or_case.as_deref().unwrap_or_default()));
            facts.question = words.place(&wording::tidy(item.question.as_deref().unwrap_or_default()));
            facts.section = words.place(item.section.as_deref().unwrap_or_default().trim());
        }
        let mut places: Vec<(ItemId, u32)> = facts
            .iter()
            .enumerate()
            .map(|(place, facts)| (items[facts.item as usize].id, u32::try_from(place).unwrap_or(u32::MAX)))
            .collect();
        places.par_sort_unstable();
        left_out.sort_by_key(|index| items[*index as usize].id);
        let house = short_body(&institution.name);
        Self { items, institution, profile, decisions, facts, house, words, places, left_out }
    }

    /// How many items are arranged.
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.facts.len()).unwrap_or(u32::MAX)
    }

    /// The item at a place.
    pub(crate) fn item(&self, place: u32) -> &'a Item {
        &self.items[self.facts[place as usize].item as usize]
    }

    /// Where an item stands on the desk, if it is arranged at all.
    pub(crate) fn place(&self, item: ItemId) -> Option<u32> {
        self.places.binary_search_by_key(&item, |(id, _)| *id).ok().map(|at| self.places[at].1)
    }

    /// What is known of the item at a place.
    pub(crate) fn at(&self, place: u32) -> &Facts {
        &self.facts[place as usize]
    }

    /// What most papers of the office may bear and so tells nothing: its name and its place.
    pub(crate) fn common_names(&self) -> [&'a str; 2] {
        let name = self.institution.name.as_str();
        [name, region(name)]
    }

    /// The short name of an item's first body.
    pub(crate) fn body(&self, place: u32) -> &str {
        self.words.get(self.at(place).body)
    }
}

/// The state a word in the title tells.
fn state_of(word: &str) -> DraftState {
    let number = word
        .char_indices()
        .find_map(|(at, c)| (c != '第').then(|| wording::leading_number(&word[at..])).flatten())
        .map_or(0, |(number, _)| u16::try_from(number).unwrap_or(0));
    let is = |ends: &[&str]| ends.iter().any(|end| word.ends_with(end));
    if is(&["定稿", "签发稿", "底稿"]) {
        DraftState::SignedDraft
    } else if is(&["草稿", "初稿"]) {
        DraftState::Draft
    } else if is(&["复印件", "复制件", "副本"]) {
        DraftState::Copy
    } else if is(&["译本", "译文"]) {
        DraftState::Translation
    } else if is(&["清样", "校样", "大样"]) || is(&["稿"]) && !is(&["原稿"]) {
        DraftState::Revision(number)
    } else {
        DraftState::Print
    }
}

/// A number that stands for a text: equal texts have equal ones.
pub(crate) fn hash(text: &str) -> u64 {
    // FNV-1a over the bytes, mixed at the end so that the table's order is even.
    let mut value = 0xcbf2_9ce4_8422_2325_u64;
    for byte in text.bytes() {
        value = (value ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    value ^ (value >> 29)
}

/// Which places bear a key: a sorted table, so that walks are in order and memory is flat, with a row of
/// bookmarks that says where each range of keys begins.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// Keys, mixed so that they lie evenly, with their places.
    pairs: Vec<(u64, u32)>,
    /// Where the keys of each range begin: by their highest bits.
    starts: Vec<u32>,
    bits: u32,
}

/// Spreads keys evenly over all numbers; different keys stay different.
const fn mix(key: u64) -> u64 {
    let key = (key ^ (key >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    let key = (key ^ (key >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    key ^ (key >> 32)
}

impl Index {
    /// Builds it.
    pub(crate) fn new(mut pairs: Vec<(u64, u32)>) -> Self {
        for pair in &mut pairs {
            pair.0 = mix(pair.0);
        }
        pairs.par_sort_unstable();
        pairs.dedup();
        let bits = (usize::BITS - pairs.len().leading_zeros()).clamp(1, 24);
        let mut starts = vec![0_u32; (1 << bits) + 1];
        for (key, _) in &pairs {
            let bucket = usize::try_from(key >> (64 - bits)).unwrap_or(0);
            starts[bucket + 1] += 1;
        }
        for bucket in 1..starts.len() {
            starts[bucket] += starts[bucket - 1];
        }
        Self { pairs, starts, bits }
    }

    /// The places that bear `key`, in order.
    pub(crate) fn of(&self, key: u64) -> &[(u64, u32)] {
        if self.pairs.is_empty() {
            return &[];
        }
        let key = mix(key);
        let bucket = usize::try_from(key >> (64 - self.bits)).unwrap_or(0);
        let near = &self.pairs[self.starts[bucket] as usize..self.starts[bucket + 1] as usize];
        let from = near.partition_point(|pair| pair.0 < key);
        let length = near[from..].partition_point(|pair| pair.0 == key);
        &near[from..from + length]
    }
}
