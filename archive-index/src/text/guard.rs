//! Reading what anyone may have made: a thread of its own with a deep stack, a clock, and a net for
//! panics.
//!
//! Time is measured here, with a monotonic clock that no result depends on, except that a file which
//! takes too long is given up. A reader looks at its [`Watch`] as it goes and gives up by itself; one that
//! doesn't is left to its thread, which ends with the program.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use super::{Limits, NoText};

/// Deep enough for the nesting that readers allow themselves; only what is used is taken.
const STACK: usize = 256 << 20;

/// What a reader may still spend.
#[derive(Debug, Clone)]
pub(crate) struct Watch {
    until: Instant,
    limits: Limits,
}

impl Watch {
    /// Whether the time is up.
    pub(crate) fn is_over(&self) -> bool {
        Instant::now() >= self.until
    }

    /// Gives up when the time is up.
    pub(crate) fn check(&self) -> Result<(), NoText> {
        if self.is_over() { Err(NoText::TooSlow) } else { Ok(()) }
    }

    /// What the file may cost.
    pub(crate) const fn limits(&self) -> &Limits {
        &self.limits
    }
}

/// Runs a reader and answers within the time, whatever it does.
pub(crate) fn run<T: Send + 'static>(
    limits: &Limits,
    reader: impl FnOnce(&Watch) -> Result<T, NoText> + Send + 'static,
) -> Result<T, NoText> {
    let watch = Watch { until: Instant::now() + limits.time, limits: limits.clone() };
    let (answer, answered) = mpsc::sync_channel(1);
    let body = move || {
        let result = catch_unwind(AssertUnwindSafe(|| reader(&watch)));
        // Nobody listens any more when the time is up.
        let _ = answer.send(result.unwrap_or_else(|_| Err(damaged("the reader gave up"))));
    };
    thread::Builder::new()
        .name("reader".to_owned())
        .stack_size(STACK)
        .spawn(body)
        .map_err(|error| damaged(&error.to_string()))?;
    // A little longer than the reader may take, so that it can give up by itself and say how far it came.
    match answered.recv_timeout(limits.time + limits.time / 4) {
        Ok(result) => result,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(NoText::TooSlow),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(damaged("the reader ended")),
    }
}

/// The file makes no sense.
pub(crate) fn damaged(why: &str) -> NoText {
    NoText::Damaged(why.to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_reader_that_panics_or_never_ends_costs_its_file_only() {
        let panics = run(&Limits::default(), |_| -> Result<(), NoText> { panic!("as foreign readers do") });
        assert!(matches!(panics, Err(NoText::Damaged(_))));
        let limits = Limits { time: Duration::from_millis(50), ..Limits::default() };
        let endless = run(&limits, |_| -> Result<(), NoText> {
            thread::sleep(Duration::from_secs(3));
            Ok(())
        });
        assert_eq!(endless, Err(NoText::TooSlow));
    }
}
