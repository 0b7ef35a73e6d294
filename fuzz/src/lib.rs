//! What random bytes are given to: every reader of bytes that a stranger may have made, a function each.
//!
//! A reader may say anything of its input; it may not panic, run for more than ten seconds or take memory
//! without bound. Where a reader takes a file of many parts (a workbook, a package), the bytes are read as
//! the parts that differ from a sound sample ([`parts`]): a random zip would only ever try the zip reader.
//!
//! The functions are called by `targets/`, one file a target; `run.sh` runs them; `seeds/` holds a few small inputs for
//! each to begin with.

mod parts;

pub mod packages;
pub mod stores;
pub mod tables;
pub mod texts;
pub mod web;
pub mod words;

/// Bytes as text, whatever they are.
fn text(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}
