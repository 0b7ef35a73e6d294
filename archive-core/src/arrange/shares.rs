//! Work on every item, shared among the processors.
//!
//! Most steps ask something of each item that depends on no other answer. They are cut into runs of neighbours
//! that whoever is free takes, and laid together again in order: what comes out doesn't tell who did what.

use std::ops::Range;

use rayon::prelude::*;

/// How many neighbours make a run: enough that taking one costs nothing, few enough that all end together.
const RUN: u32 = 4096;

/// What `work` makes of all places from 0 to `count`, run by run, in order.
pub(crate) fn each<T: Send>(count: u32, work: impl Fn(Range<u32>) -> Vec<T> + Sync) -> Vec<T> {
    if count <= RUN {
        return work(0..count);
    }
    let run = |nth: u32| work(nth * RUN..nth.saturating_add(1).saturating_mul(RUN).min(count));
    let parts: Vec<Vec<T>> = (0..count.div_ceil(RUN)).into_par_iter().map(run).collect();
    let mut made = Vec::with_capacity(parts.iter().map(Vec::len).sum());
    for part in parts {
        made.extend(part);
    }
    made
}

/// What `work` makes of each of `these` that it makes anything of, in order.
pub(crate) fn each_of<S: Copy + Sync, T: Send>(these: &[S], work: impl Fn(S) -> Option<T> + Sync) -> Vec<T> {
    let count = u32::try_from(these.len()).unwrap_or(u32::MAX);
    each(count, |run| {
        let run = &these[run.start as usize..run.end as usize];
        run.iter().copied().filter_map(&work).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shared_comes_back_in_order() {
        for count in [0, 1, RUN, 3 * RUN + 7] {
            let made = each(count, |run| run.map(|place| place * 2).collect());
            assert_eq!(made, (0..count).map(|place| place * 2).collect::<Vec<_>>());
        }
    }
}
