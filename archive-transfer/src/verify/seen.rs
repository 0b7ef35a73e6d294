//! What reading gave, file by file, in little room: a package may have a million files.
//!
//! Of most files there is nothing to keep: they have the digests their manifest gives, and whoever asks for
//! a digest gets the manifest's. What only some files have (a description, another digest, a fault) is kept
//! apart.

use std::collections::BTreeMap;
use std::sync::Mutex;

use archive_core::text::Text;

use super::bag::BagFiles;
use super::documents::Document;
use super::formats::{self, Odd};
use super::reading::Sight;
use crate::digest::{Algorithm, Taken};
use crate::tree::Entry;

/// What reading the files of a package gave.
pub(super) struct Seen<'a> {
    bag: Option<&'a BagFiles>,
    standing: Vec<Standing>,
    kept: BTreeMap<usize, Kept>,
    /// How many descriptions there are; what they say was heard when they were read.
    descriptions: usize,
}

/// How a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Nobody read it: only a volume was asked for, or the tree refused it.
    Skipped,
    /// Read, with the digests the manifests give and nothing else to tell.
    AsListed,
    /// What it has is among the kept.
    Kept,
}

/// What is kept of a file that isn't simply as listed.
#[derive(Debug)]
struct Kept {
    /// Its digests, where they aren't those of the manifests.
    digests: Option<Taken>,
    /// Its length as read, where it isn't as the container said.
    length: Option<u64>,
    odd: Option<Odd>,
    told: Option<Box<Told>>,
}

/// What a file says, or why it says nothing.
#[derive(Debug)]
pub(super) enum Told {
    Unreadable(Text),
    NotXml(Text),
    /// A description, until it is heard.
    Document(Option<Document>),
}

/// The same while it is filled by several threads.
pub(super) struct Filling<'a>(Mutex<Seen<'a>>);

impl<'a> Filling<'a> {
    /// Of so many files none is read yet.
    pub(super) fn new(bag: Option<&'a BagFiles>, files: usize) -> Self {
        Self(Mutex::new(Seen {
            bag,
            standing: vec![Standing::Skipped; files],
            kept: BTreeMap::new(),
            descriptions: 0,
        }))
    }

    /// Puts in what was seen of some files, each with its place.
    pub(super) fn put<'e>(&self, sights: impl IntoIterator<Item = (usize, Entry<'e>, Sight)>) {
        let mut seen = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for (at, entry, sight) in sights {
            seen.put(at, entry, sight);
        }
    }

    /// All of it.
    pub(super) fn done(self) -> Seen<'a> {
        self.0.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Seen<'_> {
    /// Takes over what others saw.
    pub(super) fn join(&mut self, others: Self) {
        for (mine, theirs) in self.standing.iter_mut().zip(others.standing) {
            if theirs != Standing::Skipped {
                *mine = theirs;
            }
        }
        self.kept.extend(others.kept);
        self.descriptions += others.descriptions;
    }

    fn put(&mut self, at: usize, entry: Entry<'_>, sight: Sight) {
        let Sight { digests, bytes, head, told } = sight;
        let described = matches!(told.as_deref(), Some(Told::Document(_)));
        self.descriptions += usize::from(described);
        let told = told.filter(|_| !described);
        let readable = !matches!(told.as_deref(), Some(Told::Unreadable(_)));
        let listed = readable && (digests.is_empty() || self.bag.is_some_and(|bag| bag.gives(at, &digests)));
        let kept = Kept {
            digests: (readable && !listed).then_some(digests),
            length: (readable && bytes != entry.bytes).then_some(bytes),
            odd: if readable { formats::odd(entry, head.bytes()) } else { None },
            told,
        };
        let plain = listed && kept.length.is_none() && kept.told.is_none() && kept.odd.is_none();
        self.standing[at] = if plain { Standing::AsListed } else { Standing::Kept };
        if !plain {
            self.kept.insert(at, kept);
        }
    }

    /// Whether a file was left out, because only a volume was asked for.
    pub(super) fn skipped(&self, at: usize) -> bool {
        self.standing.get(at).is_none_or(|standing| *standing == Standing::Skipped)
    }

    /// Why a file couldn't be read to its end.
    pub(super) fn unreadable(&self, at: usize) -> Option<&Text> {
        match self.told(at)? {
            Told::Unreadable(reason) => Some(reason),
            _ => None,
        }
    }

    /// How long a file turned out to be, where that isn't what the container said.
    pub(super) fn length(&self, at: usize) -> Option<u64> {
        self.kept.get(&at)?.length
    }

    /// A file's digest, if it was read and taken.
    pub(super) fn digest(&self, at: usize, algorithm: Algorithm) -> Option<&[u8]> {
        let kept = match self.standing.get(at)? {
            Standing::Skipped => return None,
            Standing::AsListed => None,
            Standing::Kept => self.kept.get(&at),
        };
        match kept {
            Some(Kept { digests: Some(taken), .. }) => taken.get(algorithm),
            Some(Kept { told: Some(told), .. }) if matches!(**told, Told::Unreadable(_)) => None,
            _ => self.bag?.digest(at, algorithm),
        }
    }

    fn told(&self, at: usize) -> Option<&Told> {
        self.kept.get(&at)?.told.as_deref()
    }

    /// Why a file isn't the XML its name promises.
    pub(super) fn not_xml(&self, at: usize) -> Option<&Text> {
        match self.told(at)? {
            Told::NotXml(reason) => Some(reason),
            _ => None,
        }
    }

    /// How many descriptions could be read.
    pub(super) fn descriptions(&self) -> usize {
        self.descriptions
    }

    /// What is odd about a file's format.
    pub(super) fn odd(&self, at: usize) -> Option<Odd> {
        self.kept.get(&at)?.odd
    }
}
