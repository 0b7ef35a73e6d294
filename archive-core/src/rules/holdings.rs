//! What the checks look at: items, how they are arranged, and what the caller learned about their files.
//!
//! The same rules judge a register before it is imported, a repository, a proposed plan, and a package
//! that came from elsewhere. They differ in what is known, and in who has already spoken: [`Stage`] says
//! which it is, and what isn't known is left empty, never guessed.

use super::registers::Registers;
use crate::model::{Arrangement, Institution, Item, ItemId, Secrecy};

/// At which point of the work the records are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Stage {
    /// A register before import. The register reader has spoken about each cell (I1 to I4, missing titles and dates), and
    /// deadlines don't matter yet.
    Register,
    /// A repository, or a plan for it.
    #[default]
    Repository,
    /// What is about to be handed over, or came in a package: numbers and signatures must be there.
    Handover,
}

/// What the caller learned about an item's files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileFacts {
    /// Pages in all of its files together, if they could be counted.
    pub pages: Option<u32>,
    /// The names of its files, as people called them (I3).
    pub names: Vec<String>,
    /// Marks of secrecy found in the upper corners of first pages ([`Secrecy::mark_in_line`]).
    pub marks: Vec<Secrecy>,
}

/// The papers of a volume that people fill in: note (备考表).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VolumeNote {
    /// Which volume of the arrangement, by its place.
    pub volume: usize,
    /// 立卷人.
    pub made_by: String,
    /// 检查人.
    pub checked_by: String,
    /// Whether both dates are there.
    pub dated: bool,
}

/// A volume number that a handed-over catalogue gave (K4).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GivenNumber {
    /// 目录号.
    pub catalogue_no: String,
    /// 案卷号.
    pub volume_no: u32,
    /// The title of the volume that bears it, as handed over.
    pub title: String,
    /// Whether that volume was destroyed since.
    pub destroyed: bool,
}

/// Everything that is judged together.
#[derive(Debug, Clone, Copy)]
pub struct Holdings<'a> {
    /// Whose records they are.
    pub institution: &'a Institution,
    /// At which point of the work.
    pub stage: Stage,
    /// The items, in any order.
    pub items: &'a [Item],
    /// How they are arranged; none before that.
    pub arrangement: Option<&'a Arrangement>,
    /// What is known of files, with the item they belong to.
    pub files: &'a [(ItemId, FileFacts)],
    /// The notes of volumes, where they are kept; judged at [`Stage::Handover`].
    pub notes: &'a [VolumeNote],
    /// Numbers given in catalogues that were handed over.
    pub given: &'a [GivenNumber],
    /// The registers of the office: readers, loans, destructions, the storeroom.
    pub registers: &'a Registers,
}

impl<'a> Holdings<'a> {
    /// Items alone; the rest is added with struct update: `Holdings { arrangement, ..Holdings::new(…) }`.
    pub const fn new(institution: &'a Institution, stage: Stage, items: &'a [Item]) -> Self {
        Self {
            institution,
            stage,
            items,
            arrangement: None,
            files: &[],
            notes: &[],
            given: &[],
            registers: Registers::NONE,
        }
    }
}
