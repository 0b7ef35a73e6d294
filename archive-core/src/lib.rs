//! What records are and what the rules say of them.
//!
//! The heart of `archive`: the words of the field as types ([`model`]), the many ways people write
//! them ([`reading`]), each office's rules as data ([`profile`]), the rules themselves with their
//! sources and their checks ([`rules`]), and the work an archivist would do by hand ([`arrange`], [`office_register`]).
//!
//! Invariants of this crate:
//! - no input or output, no clock, no randomness: dates and "today" come in as arguments;
//! - bad data never fails a function: it gives what could be made, and [`finding::Finding`]s;
//! - what is decided says why, and names the rule it rests on;
//! - everything a person will read exists in Chinese and in English ([`text::Text`]).

pub mod access;
pub mod appraisal;
pub mod arrange;
pub mod finding;
pub mod fonds_file;
pub mod hex;
pub mod loans;
pub mod model;
pub mod number;
pub mod office_register;
pub mod opening;
pub mod people;
pub mod profile;
pub mod reading;
pub mod reading_room;
pub mod refusal;
pub mod rules;
pub mod statistics;
pub mod storeroom;
pub mod text;
