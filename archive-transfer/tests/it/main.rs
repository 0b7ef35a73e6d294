//! The crate seen from outside: other people's bags, tampered packages, hostile zips.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::format_push_string,
    clippy::format_collect,
    clippy::semicolon_if_nothing_returned,
    reason = "tests: a failure is told by stopping, and helpers outside #[test] count as tests too"
)]

mod bagit_suite;
mod bags;
mod building;
mod foreign;
mod going_on;
mod hostile;
mod receiving;
mod sample;
mod tampering;
