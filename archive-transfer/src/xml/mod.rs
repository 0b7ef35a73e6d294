//! XML: reading strangers' and writing ours, both streaming.

pub(crate) mod read;
pub(crate) mod write;
