//! What is handed over: one model from which every form of a package is written.
//!
//! The caller brings records as `archive-core` knows them, numbered, with a way to open each file; this
//! crate knows no storage. From the same [`Package`] come the bag, METS and EAD for the world, the lists
//! the national rules ask for, the page a person opens, and the records another `archive` takes in.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, Read};
use std::rc::Rc;

use archive_core::finding::{Finding, Place};
use archive_core::model::{Arrangement, Entry, Institution, Item, ItemId, OpeningState, Volume};
use archive_core::number;
use archive_core::profile::{Method, Profile};
use archive_core::rules::RuleId;
use archive_core::text::Text;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::digest::Digests;
use crate::names;

/// Opens a file to be read from its start.
pub type Open = Rc<dyn Fn() -> io::Result<Box<dyn Read>>>;

/// A file that belongs to an item.
#[derive(Clone)]
pub struct PackageFile {
    /// What people called it; kept in the lists, while the name on disk is built on the code.
    pub original_name: String,
    /// Its length.
    pub bytes: u64,
    /// Digests known already, from when it was taken in: the copy is compared with them.
    pub known: Digests,
    /// What it is, in words a list can print (`TIFF`, `PDF 1.4`), if that is known.
    pub format: Option<String>,
    /// Opens it.
    pub open: Open,
}

impl fmt::Debug for PackageFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PackageFile")
            .field("original_name", &self.original_name)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

type Bring<'a> = dyn Fn(ItemId) -> io::Result<Vec<PackageFile>> + 'a;

/// Brings the files of an item, in the order of its pages: item by item, since a million of them together
/// would fill the memory.
#[derive(Clone)]
pub struct Files<'a>(Rc<Bring<'a>>);

impl fmt::Debug for Files<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Files")
    }
}

impl<'a> Files<'a> {
    /// Files that are asked for where they are kept; the same each time they are asked for.
    pub fn new(bring: impl Fn(ItemId) -> io::Result<Vec<PackageFile>> + 'a) -> Self {
        Self(Rc::new(bring))
    }

    /// Files that are at hand.
    pub fn listed(files: impl IntoIterator<Item = (ItemId, PackageFile)>) -> Self {
        let mut of_items: BTreeMap<ItemId, Vec<PackageFile>> = BTreeMap::new();
        for (item, file) in files {
            of_items.entry(item).or_default().push(file);
        }
        Self::new(move |item| Ok(of_items.get(&item).cloned().unwrap_or_default()))
    }

    /// The files of an item.
    pub fn of(&self, item: ItemId) -> io::Result<Vec<PackageFile>> {
        (self.0)(item)
    }

    /// An error for a file that can't be brought, said in both languages.
    pub fn missing(said: Text) -> io::Error {
        crate::said::damaged(said)
    }
}

/// A catalogue or form that goes along for people: PDF, xlsx.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its file name, e.g. `案卷目录.pdf`.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// The sender's opinion on opening a record (档案法, article 30).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningOpinion {
    /// Open, controlled, postponed.
    pub state: OpeningState,
    /// Why, above all where it isn't open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A fault taken into account and let through, by whom and why (X2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// The rule that isn't met.
    pub rule: RuleId,
    /// Where; an empty place covers every finding of the rule, a volume all its items.
    pub place: Place,
    /// Why it goes over all the same.
    pub reason: String,
    /// Who agreed.
    pub approved_by: String,
    /// When.
    pub approved_on: NaiveDate,
}

impl Exception {
    /// Whether it speaks of this finding.
    pub fn covers(&self, finding: &Finding) -> bool {
        let fits = |mine: &Option<String>, theirs: &Option<String>| mine.is_none() || mine == theirs;
        self.rule == finding.rule
            && fits(&self.place.file, &finding.place.file)
            && fits(&self.place.volume, &finding.place.volume)
            && fits(&self.place.item, &finding.place.item)
            && fits(&self.place.field, &finding.place.field)
    }
}

/// One of several packages that make up a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Which one, from 1.
    pub number: u32,
    /// Of how many.
    pub of: u32,
}

/// Everything that goes over in one package.
#[derive(Debug)]
pub struct Package<'a> {
    /// Who hands over.
    pub institution: Institution,
    /// The archives that receive (档案馆名称); empty if not known.
    pub archives: String,
    /// 档案门类代码: `WS` for administrative records.
    pub category: String,
    /// The numbered volumes and the ties.
    pub arrangement: Arrangement,
    /// The items in them; others are refused.
    pub items: Vec<Item>,
    /// The profile they were numbered by: it says how an item's code is made.
    pub profile: Profile,
    /// The files that show the items.
    pub files: Files<'a>,
    /// Catalogues and forms for people.
    pub documents: Vec<Document>,
    /// The opening opinion on each item; without one the item's own state goes over.
    pub opinions: BTreeMap<ItemId, OpeningOpinion>,
    /// What the checks found in these records.
    pub findings: Vec<Finding>,
    /// Faults let through (X2).
    pub exceptions: Vec<Exception>,
    /// Items on loan, which can't go over (U8).
    pub lent: BTreeSet<ItemId>,
    /// The day it is made.
    pub made_on: NaiveDate,
    /// Who makes it.
    pub made_by: String,
    /// Whether SM3 digests go beside SHA-256.
    pub sm3: bool,
    /// Which handing over of its years it is, from 1: late volumes go over in a package of their own (V8).
    pub batch: u32,
    /// Which part of a transfer it is, if it was cut.
    pub part: Option<Part>,
}

/// What an item is called in a package.
///
/// By the item method a document and its parts are one 件 and bear one archival code (DA/T 22-2015, 5.1.1).
/// A folder and a row of a list must stand for one document, so the first bears the code as it is, and each
/// further one the code with its part number behind it: `J019-2004-Y-0001_2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    /// The code of the 件 (档号).
    pub(crate) code: String,
    /// Which document of the 件 it is, from 1.
    pub(crate) part: u32,
}

impl Label {
    /// The name no other item of the package has.
    pub(crate) fn name(&self) -> String {
        match self.part {
            0 | 1 => self.code.clone(),
            part => format!("{}_{part}", self.code),
        }
    }

    /// Which 件 it belongs to, where its name isn't that of the 件.
    pub(crate) fn belongs(&self) -> Option<String> {
        (self.part > 1).then(|| format!("属{}号件，为其第{}份", self.code, self.part))
    }
}

/// What is written of a file beside its bytes: its lines in METS, manifests, lists and a zip's directory, and its
/// metadata of DA/T 46.
const DESCRIBED_FILE: u64 = 6 << 10;
/// How many times an item's own record is written in other words: lists, EAD, the page, PREMIS.
const DESCRIBED_TIMES: u64 = 6;
/// What is written of every item however little is known of it.
const DESCRIBED_ITEM: u64 = 2 << 10;
/// The frame of a package: its METS, PREMIS, manifests and lists while nothing is in them.
const FRAME: u64 = 64 << 10;

/// About how many bytes are written of an item, at most.
fn described(item: &Item) -> u64 {
    let record = serde_json::to_vec(item).map_or(0, |json| json.len() as u64);
    record * DESCRIBED_TIMES + DESCRIBED_ITEM
}

impl Package<'_> {
    /// About how many bytes a package has before anything is in it, at most.
    fn frame(&self) -> u64 {
        let length = |json: serde_json::Result<Vec<u8>>| json.map_or(0, |json| json.len() as u64);
        let told = length(serde_json::to_vec(&self.findings)) + length(serde_json::to_vec(&self.exceptions));
        // Told as a record and as events of PREMIS.
        FRAME + length(serde_json::to_vec(&self.profile)) * 2 + told * 2
    }

    /// The years of its volumes, in order.
    pub fn years(&self) -> BTreeSet<i32> {
        self.arrangement.volumes.iter().map(|volume| volume.year).collect()
    }

    /// The package's name: fonds, years, and which handing over and which part: `J019-2004`,
    /// `J019-2004-2`, `J019-2001-2004-p2`.
    pub fn id(&self) -> String {
        let years = self.years();
        let mut id = names::safe(&self.institution.fonds);
        if let (Some(first), Some(last)) = (years.first(), years.last()) {
            id.push_str(&format!("-{first}"));
            if first != last {
                id.push_str(&format!("-{last}"));
            }
        }
        if self.batch > 1 {
            id.push_str(&format!("-{}", self.batch));
        }
        if let Some(part) = self.part {
            id.push_str(&format!("-p{}", part.number));
        }
        id
    }

    /// What the parts of one transfer share.
    pub fn group_id(&self) -> String {
        let id = self.id();
        id.rsplit_once("-p")
            .filter(|_| self.part.is_some())
            .map_or_else(|| id.clone(), |(id, _)| id.to_owned())
    }

    /// The archival code (档号) of an item, as its profile makes it; parts of one 件 share theirs.
    pub fn item_code(&self, volume: &Volume, entry: &Entry) -> Option<String> {
        number::item_code(volume, entry, &self.institution, &self.profile)
    }

    /// What each numbered entry of a volume is called here, in the order they stand.
    pub(crate) fn labels(&self, volume: &Volume) -> Vec<Option<Label>> {
        let shares = self.profile.volumes.method == Method::Item;
        let mut parts: BTreeMap<String, u32> = BTreeMap::new();
        let label = |entry| {
            let code = self.item_code(volume, entry)?;
            let part = parts.entry(code.clone()).or_default();
            *part += 1;
            Some(Label { part: if shares { *part } else { 1 }, code })
        };
        volume.entries.iter().map(label).collect()
    }

    /// What the sender says on opening an item.
    pub fn opinion(&self, item: &Item) -> OpeningOpinion {
        let own = || OpeningOpinion { state: item.opening, reason: None };
        self.opinions.get(&item.id).cloned().unwrap_or_else(own)
    }

    /// Cuts a transfer into packages of at most `max_bytes`, between volumes: a volume is never cut, so one that
    /// is larger makes a package of its own. Each part knows which it is.
    ///
    /// What belongs to no volume stays with the first part, where building refuses it. Catalogues and forms
    /// go with every part, since each may travel alone, and count for each. What building adds (descriptions,
    /// encapsulations, lists) is reckoned generously beforehand: a part that doesn't fit its disc is worth nothing.
    ///
    /// # Errors
    /// When the files of an item can't be brought.
    pub fn split(self, max_bytes: u64) -> io::Result<Vec<Self>> {
        let documents: u64 = self.documents.iter().map(|document| document.bytes.len() as u64).sum();
        let max_bytes = max_bytes.saturating_sub(documents + self.frame());
        let described: BTreeMap<ItemId, u64> =
            self.items.iter().map(|item| (item.id, described(item))).collect();
        let weight = |item: ItemId| {
            let files = self.files.of(item)?;
            let descriptions = described.get(&item).copied().unwrap_or_default();
            let of_files: u64 = files.iter().map(|file| file.bytes + DESCRIBED_FILE).sum();
            // An encapsulation says again what the item's other descriptions say.
            let encapsulated = if files.is_empty() { 0 } else { descriptions };
            Ok::<u64, io::Error>(of_files + descriptions + encapsulated)
        };
        let mut parts: Vec<Vec<Volume>> = vec![Vec::new()];
        let mut filled = 0_u64;
        let Arrangement { volumes, ties, left_out, findings: arranged } = self.arrangement;
        for volume in volumes {
            let bytes = volume.entries.iter().map(|entry| weight(entry.item)).sum::<io::Result<u64>>()?;
            let started = parts.last().is_some_and(|part| !part.is_empty());
            if started && filled.saturating_add(bytes) > max_bytes {
                parts.push(Vec::new());
                filled = 0;
            }
            filled = filled.saturating_add(bytes);
            if let Some(part) = parts.last_mut() {
                part.push(volume);
            }
        }
        if let [_] = parts.as_slice() {
            let volumes = parts.pop().unwrap_or_default();
            let arrangement = Arrangement { volumes, ties, left_out, findings: arranged };
            return Ok(vec![Self { arrangement, ..self }]);
        }
        let part_of: BTreeMap<ItemId, usize> = parts
            .iter()
            .enumerate()
            .flat_map(|(at, volumes)| {
                volumes.iter().flat_map(move |v| v.entries.iter().map(move |e| (e.item, at)))
            })
            .collect();
        let at = |item: ItemId| part_of.get(&item).copied().unwrap_or_default();
        let of = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        let mut packages: Vec<Self> = parts
            .into_iter()
            .zip(1..)
            .map(|(volumes, number)| Self {
                institution: self.institution.clone(),
                archives: self.archives.clone(),
                category: self.category.clone(),
                arrangement: Arrangement { volumes, ..Arrangement::default() },
                items: Vec::new(),
                profile: self.profile.clone(),
                files: self.files.clone(),
                documents: self.documents.clone(),
                opinions: BTreeMap::new(),
                findings: self.findings.clone(),
                exceptions: self.exceptions.clone(),
                lent: self.lent.clone(),
                made_on: self.made_on,
                made_by: self.made_by.clone(),
                sm3: self.sm3,
                batch: self.batch,
                part: Some(Part { number, of }),
            })
            .collect();
        for item in self.items {
            packages[at(item.id)].items.push(item);
        }
        for tie in ties {
            packages[at(tie.from)].arrangement.ties.push(tie);
        }
        for (item, opinion) in self.opinions {
            packages[at(item)].opinions.insert(item, opinion);
        }
        Ok(packages)
    }
}
