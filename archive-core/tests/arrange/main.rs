//! Arrangement on registers: small cases made from the rules, generated ones, and whole years.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation
)]

mod agreement;
mod cases;
mod own_result;
mod properties;
mod register;
