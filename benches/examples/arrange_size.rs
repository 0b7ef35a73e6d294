//! Arranges and numbers a made register once, and says how long it took and how much memory it held:
//! `cargo run --release -p archive-benches --example arrange_size -- 1000000`.
#![allow(clippy::print_stdout, clippy::expect_used)]

use std::time::Instant;

use archive_benches::years::register;
use archive_core::arrange::{Decisions, arrange};
use archive_core::model::Institution;
use archive_core::number::{TakenNumbers, number};
use archive_core::profile::Profile;

fn main() {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(100_000);
    let institution =
        Institution { name: "临溪县人民政府办公室".to_owned(), fonds: "J019".to_owned() };
    let profile = Profile::built_in("futian-2006").expect("a built-in profile");
    let items = register(count);
    println!("{count} items made; held {}; {} of work", held(), work());
    let start = Instant::now();
    let arrangement = arrange(&items, &institution, &profile, &Decisions::default());
    println!(
        "arranged in {:?}; {} volumes, {} ties",
        start.elapsed(),
        arrangement.volumes.len(),
        arrangement.ties.len()
    );
    let (arrangement, findings) =
        number(arrangement, &items, &institution, &profile, &TakenNumbers::default());
    println!("numbered after {:?}; {} findings; peak {}", start.elapsed(), findings.len(), held());
    drop(arrangement);
}

/// The most memory the process ever held, as Linux tells it; unknown elsewhere.
fn held() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |line| line.trim_start_matches("VmHWM:").trim().to_owned())
}

/// The time the processors worked for it so far, in seconds, as Linux tells it: what a busy machine doesn't spoil.
fn work() -> String {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    match (
        fields.get(11).and_then(|t| t.parse::<u64>().ok()),
        fields.get(12).and_then(|t| t.parse::<u64>().ok()),
    ) {
        (Some(user), Some(system)) => format!("{} s", (user + system) / 100),
        _ => "unknown".to_owned(),
    }
}
