//! The `archive` command.

fn main() {}
