//! BagIt (RFC 8493, and the drafts 0.93 to 0.97 before it): reading and writing its tag files.

mod ledger;
pub(crate) mod read;
pub(crate) mod write;
