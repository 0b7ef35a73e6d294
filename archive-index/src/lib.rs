//! What a file is, the text out of it, and full-text search over it.
//!
//! Five parts, of which each can be used without the others: [`identify`] tells formats by content,
//! [`text`] takes the text out of them with its origin and place, [`recognise`] reads pictures with an
//! engine if there is one, [`show`] makes pictures of pages that any screen can show, [`search`] finds it all
//! again and shows only what the asker may see.
//! [`reading`] ties the second and third together and keeps what was read, so that nothing is read twice.
//! [`apart`] has files read in a process of their own, where one that brings its reader down costs itself only.
//! Nothing here keeps files or knows the rules of an office.

pub mod apart;
mod derived;
pub mod identify;
mod raster;
pub mod reading;
pub mod recognise;
pub mod search;
pub mod show;
pub mod text;

pub use derived::DerivedFault;
