//! What anyone may open.
//!
//! The same pages serve who works here: who asks decides which shelves and which half of the index they are made from.

pub(crate) mod browse;
pub(crate) mod item;
pub(crate) mod picture;
pub(crate) mod request;
pub(crate) mod search;
