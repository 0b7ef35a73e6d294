//! Appraisal and destruction (鉴定与销毁) kept: decisions, holds, destruction lists, and what was destroyed.
//!
//! The rules are [`archive_core::appraisal`]'s; here its steps are carried out on the records. `records` says
//! what a record is to the other registers (its volume, period, pages, what became of it), `decisions` keeps
//! what appraisal decided and the holds, `due` says what has come to its end, `lists` the lists, and `destroy` does what can't be undone, with `remnants`
//! looking for what repair had put aside of it.

mod decisions;
mod destroy;
mod due;
mod lists;
mod remnants;

pub use decisions::{AppraisalDecision, Hold};
pub use destroy::{Destroyed, DestroyedItem, DestroyedVolume};
pub use due::KeptRecord;
pub use lists::LineRequest;
