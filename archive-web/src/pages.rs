//! Long lists, page by page.

use std::ops::Range;

use crate::public::search::with;
use crate::visit::Visit;

/// Which part of a list is shown, and the ways to the parts beside it.
#[derive(Debug)]
pub(crate) struct Turn {
    from: usize,
    to: usize,
    /// How many there are in all.
    pub(crate) total: usize,
    /// The part before.
    pub(crate) before: Option<String>,
    /// The part after.
    pub(crate) after: Option<String>,
}

impl Turn {
    /// The part a visitor asked for with `from`, or the first.
    pub(crate) fn of(visit: &Visit, total: usize, each: usize) -> Self {
        // From the beginning of a part, whatever was asked: so no address leads to an empty one.
        let last = total.saturating_sub(1) / each * each;
        let from = (visit.number("from").unwrap_or(0) / each * each).min(last);
        let to = (from + each).min(total);
        let at = |from: usize| with(visit, "from", Some(&from.to_string()));
        Self {
            from,
            to,
            total,
            before: (from > 0).then(|| at(from.saturating_sub(each))),
            after: (to < total).then(|| at(to)),
        }
    }

    /// Its places in the list.
    pub(crate) fn range(&self) -> Range<usize> {
        self.from..self.to
    }

    /// Whether there is more than the one part.
    pub(crate) fn is_needed(&self) -> bool {
        self.before.is_some() || self.after.is_some()
    }

    /// The first and the last that are shown, as people count.
    pub(crate) fn shown(&self) -> String {
        format!("{}–{} / {}", self.from + 1, self.to, self.total)
    }
}
