//! What the tests of this crate share: other people's material, where it is there, and a seeded die.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)] // a test may fail loudly

use std::path::PathBuf;

/// A folder beside the repository that holds material for tests; says so when it isn't there.
#[allow(dead_code)]
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared").join(path);
    if folder.exists() {
        return Some(folder);
    }
    println!("SKIPPED: ../shared/{path} is not there");
    None
}

/// The same numbers for the same seed, on every machine.
#[allow(dead_code)]
pub(crate) struct Die(pub(crate) u64);

#[allow(dead_code)]
impl Die {
    /// A number below `sides`.
    pub(crate) fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}
