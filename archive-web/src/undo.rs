//! The last change of the board, to be taken back as long as nothing came after it.

use std::sync::{Mutex, PoisonError};

use archive_core::arrange::Decisions;
use archive_core::model::Arrangement;

#[derive(Debug)]
struct Before {
    arrangement: Arrangement,
    decisions: Decisions,
    /// What the board was made of right after the change: if it still is, nothing came after.
    after: String,
}

/// What was before the last change of the board.
#[derive(Debug, Default)]
pub(crate) struct Undo(Mutex<Option<Before>>);

impl Undo {
    /// Remembers what was before a change.
    pub(crate) fn keep(&self, arrangement: Arrangement, decisions: Decisions, after: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Before { arrangement, decisions, after });
    }

    /// Whether there is anything to take back.
    pub(crate) fn is_there(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// What was before, if the board is still as the change left it. It can be taken once.
    pub(crate) fn take(&self, now: &str) -> Option<(Arrangement, Decisions)> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = kept.take_if(|before| before.after == now)?;
        Some((before.arrangement, before.decisions))
    }
}
