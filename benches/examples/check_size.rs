//! Judges a made register by every rule once, before and after it is arranged and numbered, and says how long it took:
//! `cargo run --release -p archive-benches --example check_size -- 1000000`.
#![allow(clippy::print_stdout, clippy::expect_used)]

use std::time::Instant;

use archive_benches::years::register;
use archive_core::arrange::{Decisions, arrange};
use archive_core::model::Institution;
use archive_core::number::{TakenNumbers, number};
use archive_core::profile::Profile;
use archive_core::rules::{Holdings, Stage, check};
use chrono::NaiveDate;

fn main() {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(100_000);
    let institution =
        Institution { name: "临溪县人民政府办公室".to_owned(), fonds: "J019".to_owned() };
    let profile = Profile::built_in("futian-2006").expect("a built-in profile");
    let today = NaiveDate::from_ymd_opt(2026, 11, 21).expect("a day");
    let items = register(count);
    let start = Instant::now();
    let found = check(&Holdings::new(&institution, Stage::Register, &items), &profile, today);
    println!("{count} items as a register: {} findings in {:?}", found.len(), start.elapsed());
    let arrangement = arrange(&items, &institution, &profile, &Decisions::default());
    let (arrangement, _) = number(arrangement, &items, &institution, &profile, &TakenNumbers::default());
    let start = Instant::now();
    let holdings = Holdings {
        arrangement: Some(&arrangement),
        ..Holdings::new(&institution, Stage::Repository, &items)
    };
    let found = check(&holdings, &profile, today);
    println!(
        "{count} items in {} volumes: {} findings in {:?}",
        arrangement.volumes.len(),
        found.len(),
        start.elapsed()
    );
}
