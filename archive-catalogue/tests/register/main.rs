//! Registers as offices keep them, read through the public interface.

// clippy.toml allows these inside test functions; here the helpers around them are test code too.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod bad;
mod books;
mod office;
mod real;
mod round_trip;
mod scans;
mod wording;

use archive_catalogue::register::{self, RegisterReading};
use archive_core::finding::{Finding, Severity};
use archive_core::rules::RuleId;

/// Reads text as a register.
fn read(text: &str) -> RegisterReading {
    register::read("register.csv", text.as_bytes()).unwrap()
}

/// The findings of a rule at a level, as row and Chinese message.
fn said(reading: &RegisterReading, rule: RuleId, severity: Severity) -> Vec<String> {
    let of = |finding: &&Finding| finding.rule == rule && finding.severity == severity;
    reading
        .findings
        .iter()
        .filter(of)
        .map(|finding| format!("{} {}", finding.place.row.unwrap_or_default(), finding.message.zh))
        .collect()
}
