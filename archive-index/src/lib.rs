//! What a file is, the text out of it, and full-text search over it.

pub mod search;
