//! The many ways people write things, read into types that can't hold a wrong value.
//!
//! Each reader keeps the original wording beside what it understood, so that nothing is lost and
//! every form can print what the office wrote.

mod archival_code;
mod bodies;
mod cell_words;
mod characters;
mod date;
mod doc_number;
mod doc_type;
mod persons;
mod title;

pub use archival_code::{ArchivalCode, Serial};
pub use bodies::bodies;
pub(crate) use characters::fold;
pub use date::{DateReading, ItemDate, RecordDate};
pub use doc_number::{DocNumber, NumberParts, NumberUnit};
pub use doc_type::{DocType, TypeStanding};
pub use persons::persons;
pub use title::{ForwardVerb, Forwarding, TitleParts};

pub(crate) use characters::{folded_tight as folded, number as whole_number};
