//! The command as a whole: the built binary is run as a person or another program runs it.
//!
//! One target, so that it is linked once. `desk` is the place commands are run in: a temporary folder,
//! a fixed day, an operator, no locale. `yearly_job` types the whole year by hand; `contract` holds the
//! JSON to what other programs rely on; `mended` brings a register up to date; `bad_input` sees that
//! what is refused changes nothing; `life_year` works with the catalogue for a year; `registers` holds the office's books against the year; `texts` tells, reads and finds files; `help` reads every help page in both languages.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on stops")]

mod bad_input;
mod contract;
mod copies;
mod custody;
mod demo;
mod desk;
mod findings;
mod full_disk;
mod handed_over;
mod help;
mod interrupted;
mod kept_back;
mod killed;
mod layer;
mod life;
mod life_year;
mod mended;
mod packages;
mod printed;
mod promises;
mod proposals;
mod registers;
mod rules_of_readers;
mod secrecy;
mod serve;
mod signatures;
mod state_council;
mod strict_json;
mod texts;
mod together;
mod yearly_job;
