//! The institution whose records these are (立档单位).

use serde::{Deserialize, Serialize};

/// The institution that made the records, and the fonds they belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Institution {
    /// Its full or standard short name (全宗名称); never "本部" or "本委".
    pub name: String,
    /// The fonds code (全宗号) the archives gave it, e.g. `J019`.
    pub fonds: String,
}
