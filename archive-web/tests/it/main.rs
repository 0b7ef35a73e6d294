//! The house as browsers and others meet it: requests in, answers out.
//!
//! `house` is a repository with a record in every opening state and somebody of every role; `matrix` asks every route as
//! everybody about every record; `hostile` asks what nobody should, `wire` on a real address; `work` does a day's work, `together` what two do at once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that can't go on stops")]

mod hostile;
mod house;
mod matrix;
mod names;
mod patience;
mod refusals;
mod together;
mod wire;
mod work;
