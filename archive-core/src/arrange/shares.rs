//! Work on every item, shared among the processors.
//!
//! Most steps ask something of each item that depends on no other answer. They are cut into runs of neighbours, a
//! processor each, and laid together again in order: what comes out doesn't tell how many there were.

use std::ops::Range;
use std::thread;

/// Fewer than this are not worth a thread.
const LEAST_SHARE: u32 = 4096;

/// What `work` makes of all places from 0 to `count`, run by run, in order.
pub(crate) fn each<T: Send>(count: u32, work: impl Fn(Range<u32>) -> Vec<T> + Sync) -> Vec<T> {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let share = count.div_ceil(u32::try_from(processors).unwrap_or(1)).max(LEAST_SHARE);
    if share >= count {
        return work(0..count);
    }
    thread::scope(|scope| {
        let work = &work;
        let workers: Vec<_> = (0..count)
            .step_by(share as usize)
            .map(|from| scope.spawn(move || work(from..from.saturating_add(share).min(count))))
            .collect();
        let mut made = Vec::new();
        for worker in workers {
            match worker.join() {
                Ok(part) if made.is_empty() => made = part,
                Ok(part) => made.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        made
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_comes_back_in_order() {
        for count in [0, 1, LEAST_SHARE, 3 * LEAST_SHARE + 7] {
            let made = each(count, |run| run.map(|place| place * 2).collect());
            assert_eq!(made, (0..count).map(|place| place * 2).collect::<Vec<_>>());
        }
    }
}
