//! Forms printed from a small year, read back, and held against what they should say.

#![allow(clippy::unwrap_used, clippy::print_stderr, unreachable_pub)]

mod aids;
mod bad_input;
mod files;
mod golden;
mod pages;
mod pictures;
mod plain;
mod sample;
mod scripts;
mod sheets;
