//! How often somebody may try: guessing passwords and flooding the office with requests cost time here.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many names or addresses are remembered at most.
const MOST: usize = 10_000;

/// So many times within so long.
#[derive(Debug)]
pub(crate) struct Limit {
    times: u32,
    within: Duration,
    seen: Mutex<BTreeMap<String, (u32, Instant)>>,
}

impl Limit {
    /// At most `times` within `within`, each name for itself.
    pub(crate) const fn new(times: u32, within: Duration) -> Self {
        Self { times, within, seen: Mutex::new(BTreeMap::new()) }
    }

    /// Counts one more, and says whether it was too many.
    pub(crate) fn count(&self, name: &str) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= MOST {
            let within = self.within;
            seen.retain(|_, (_, since)| since.elapsed() < within);
        }
        let now = Instant::now();
        let entry = seen.entry(name.to_owned()).or_insert((0, now));
        if entry.1.elapsed() >= self.within {
            *entry = (0, now);
        }
        entry.0 = entry.0.saturating_add(1);
        entry.0 > self.times
    }

    /// Takes one back that was counted and shouldn't count.
    pub(crate) fn give_back(&self, name: &str) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((times, _)) = seen.get_mut(name) {
            *times = times.saturating_sub(1);
        }
    }

    /// Forgets what a name did: it was who it said.
    pub(crate) fn forget(&self, name: &str) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_times_and_no_more_until_the_time_is_over_or_it_is_forgotten() {
        let limit = Limit::new(2, Duration::from_mins(1));
        assert!(!limit.count("甲") && !limit.count("甲"));
        assert!(limit.count("甲"));
        limit.give_back("甲");
        limit.give_back("甲");
        assert!(!limit.count("甲"));
        assert!(limit.count("甲"));
        assert!(!limit.count("乙"));
        limit.forget("甲");
        assert!(!limit.count("甲"));
        let short = Limit::new(1, Duration::ZERO);
        assert!(!short.count("丙") && !short.count("丙"));
    }
}
