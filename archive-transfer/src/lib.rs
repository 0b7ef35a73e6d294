//! Transfer packages: build, verify, receive.

mod bag;
pub mod digest;
pub mod names;
pub mod progress;
pub mod tree;
pub mod verify;
mod xml;

pub use progress::{Phase, Progress};
pub use verify::{Check, CheckResult, Facts, Property, Verification, verify};
