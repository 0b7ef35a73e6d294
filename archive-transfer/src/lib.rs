//! Transfer packages: build, verify, receive.
//!
//! Once a year an office hands its records to the archives. This crate makes the package that goes over
//! ([`build()`]), judges one that came ([`verify()`]), and reads its records back ([`receive`]). It knows no
//! storage: records and file openers come in, records and file readers go out.
//!
//! One package is at once a BagIt 1.0 bag, an E-ARK CSIP information package and the two national layouts;
//! `layout.rs` draws it. All forms are written from one [`Package`], and a folder and a zip of it are the
//! same to every reader.

#![allow(
    clippy::format_push_string,
    reason = "write! into a String would add a Result that can't fail and nobody can act on"
)]

mod bag;
pub mod build;
pub mod digest;
mod findings;
mod layout;
pub mod names;
pub mod package;
pub mod progress;
pub mod receipt;
pub mod receive;
pub mod records;
mod said;
pub mod signature;
pub mod tree;
pub mod verify;
mod xml;

pub use build::{BuildError, Built, Staged, Target, build, stage};
pub use package::{Document, Exception, Files, OpeningOpinion, Package, PackageFile, Part};
pub use progress::{Phase, Progress};
pub use receipt::{Outcome, Receipt, Reception, SeenSignature};
pub use receive::{OpenError, PackageReader, open};
pub use verify::{Check, CheckResult, Facts, Property, Verification, VerifyError, verify, verify_with};
