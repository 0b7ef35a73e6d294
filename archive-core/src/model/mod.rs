//! The words of the field as types.
//!
//! A **fonds** (全宗) is everything one institution made; its records of a year are **items** (文件,
//! 件), which are tied to one another ([`Tie`]) and bound into **volumes** (案卷). An item is what a row
//! of the register describes; the files that show it lie in the store.
//!
//! Values here are either well formed or absent: what could not be read keeps its original wording
//! and becomes a finding, never a wrong value.

mod institution;
mod item;
mod period;
mod secrecy;
mod tie;
mod volume;
mod why;

pub use institution::Institution;
pub use item::{DraftState, Item, ItemId, OpeningState, Origin, Side};
pub use period::{PeriodScheme, RetentionPeriod};
pub use secrecy::{Secrecy, SecrecyLevel};
pub use tie::{StatedTie, Tie, TieKind, TieSource};
pub use volume::{Arrangement, Entry, Feature, Reason, Volume, VolumeNumber};
pub use why::{Naming, Why, YearOf};
