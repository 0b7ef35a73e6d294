//! Who asks, and what they may see (RULES.md, U1 to U3).
//!
//! Nobody can build a search, a list or a page without an [`Asker`]: it is an argument that can't be
//! left out. The decision itself is one function, [`may_see`], so that it can be read and tested whole.

use serde::{Deserialize, Serialize};

use crate::model::{OpeningState, SecrecyLevel};

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Asker {
    /// Anyone: sees what a review has opened, and nothing of the rest, not even a count.
    Public,
    /// The office's own archivists: see the whole catalogue, except what secrecy keeps out (S1).
    Staff,
}

/// Whether `asker` may see a record's title, text and files.
///
/// A classified record is seen by nobody here: such records are kept by hand (S1).
pub fn may_see(asker: Asker, opening: OpeningState, secrecy: SecrecyLevel) -> bool {
    secrecy == SecrecyLevel::None
        && match asker {
            Asker::Staff => true,
            Asker::Public => opening == OpeningState::Open,
        }
}
