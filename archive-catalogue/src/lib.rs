//! Registers in (xlsx, xls, ods, csv), catalogues and forms out (PDF, OFD, xlsx, csv, html, EAD).
//!
//! In: [`register`], and the office's books of papers in and out ([`office_register`]). Out and in again: the [`plan`] a person reviews. Out: a [`book::Book`] (a year's volumes and items) is described as
//! [`document::Document`]s by the [`forms`], laid out by [`layout`] with the characters of [`fonts`],
//! cut into pages ([`paged`]) and written by [`surface`] (PDF, OFD) or [`sheet`] (the others).
//! [`print::print`] does all of it; [`print::print_document`] does it for any document.

pub mod book;
pub mod document;
mod ead;
pub mod fonts;
pub mod forms;
pub mod layout;
pub mod list;
pub mod office_register;
pub mod paged;
pub mod plan;
pub mod print;
pub mod register;
pub mod sheet;
pub mod surface;
