//! Judging OCFL objects and storage roots, ours and other people's.
//!
//! [`validate_object`] reads an object as the specification describes it and reports every breach by the
//! code the OCFL editors gave it (`E…` for an error, `W…` for a warning), with the path it speaks of.
//! [`validate_root`] does so for a whole storage root, on all cores. The editors' own fixtures, each
//! named by its code, are the test (`tests/it/judging.rs`).
//!
//! An inventory is foreign input: it is read field by field, and what is wrong in one field doesn't
//! keep the others from being judged.

mod object;
mod parse;
mod paths;
mod root;

use std::fmt;

use archive_core::text::Text;
use serde::Serialize;

pub(crate) use object::judge;
pub use object::{ObjectReport, validate_object};
pub(crate) use root::survey;
pub use root::{RootReport, validate_root};

/// How deep to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Structure and inventories only; the files' bytes are not read.
    Structure,
    /// The bytes of every file as well.
    Digests,
}

/// One breach of the specification.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// The editors' code: `E023`, `W004`.
    pub code: &'static str,
    /// What it speaks of, relative to the object or root, with `/` between parts.
    pub path: String,
    /// In words.
    pub message: Text,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.code, self.path, self.message)
    }
}

/// Problems as they are met.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    pub(crate) errors: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
}

impl Problems {
    /// Notes a problem; its code says whether it is an error.
    pub(crate) fn note(&mut self, code: &'static str, path: impl Into<String>, message: Text) {
        let problem = Problem { code, path: path.into(), message };
        if code.starts_with('W') { self.warnings.push(problem) } else { self.errors.push(problem) }
    }

    pub(crate) fn sort(&mut self) {
        self.errors.sort();
        self.errors.dedup();
        self.warnings.sort();
        self.warnings.dedup();
    }
}
