//! Arranging and numbering ten thousand, a hundred thousand, a million items.

#![allow(missing_docs)] // criterion's macro makes a function nobody calls

use archive_benches::years::register;
use archive_core::arrange::{Decisions, arrange};
use archive_core::model::Institution;
use archive_core::number::{TakenNumbers, number};
use archive_core::profile::Profile;
use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};

#[allow(clippy::expect_used)] // a bench without its profile has nothing to measure
fn arranging(criterion: &mut Criterion) {
    let institution =
        Institution { name: "临溪县人民政府办公室".to_owned(), fonds: "J019".to_owned() };
    let profile = Profile::built_in("futian-2006").expect("a built-in profile");
    let mut group = criterion.benchmark_group("arrange and number");
    group.sampling_mode(SamplingMode::Flat).sample_size(10);
    for count in [10_000, 100_000, 1_000_000] {
        let items = register(count);
        group.throughput(Throughput::Elements(count as u64));
        group.bench_with_input(BenchmarkId::from_parameter(count), &items, |bencher, items| {
            bencher.iter(|| {
                let arrangement = arrange(items, &institution, &profile, &Decisions::default());
                number(arrangement, items, &institution, &profile, &TakenNumbers::default())
            });
        });
    }
    group.finish();
}

criterion_group!(benches, arranging);
criterion_main!(benches);
