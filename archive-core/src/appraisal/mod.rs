//! Appraisal and destruction (鉴定与销毁): what is due, what is decided, and the list by which it ends.
//!
//! When a period is over, nothing happens by itself (R3): the record is *due*, which means that people look at
//! it again ([`due`]). They keep it longer, keep it for good, or put it on a destruction list (销毁清册,
//! [`list`]), where four clauses stand between the record and its end: a leader approves exactly this list
//! (D1), two people who didn't draw it up supervise (D2), secret papers go by way of the secrecy office (D3),
//! and a duplicate follows its original (D4). The steps are functions on a value; the store carries them out.

pub mod due;
pub mod list;

pub use due::{Decision, Terms, counted_from, falls_due, years_kept};
pub use list::{Approval, DestructionList, Handover, Line, ListState, Supervision, Target};
