//! The file layer that fails when it is told to (`failing.c`), laid under the command.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What happens at one of the acts on files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The process is killed, in the middle of what it writes.
    Kill,
    /// An I/O error; the next goes on.
    Once,
    /// The disk is full from then on.
    Full,
    /// The drive is gone from then on.
    Gone,
}

impl Fault {
    const fn word(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Once => "once",
            Self::Full => "full",
            Self::Gone => "gone",
        }
    }
}

/// The layer, built once; nothing where that can't be.
fn layer() -> Option<&'static Path> {
    static LAYER: OnceLock<Option<PathBuf>> = OnceLock::new();
    LAYER
        .get_or_init(|| {
            if !cfg!(target_os = "linux") {
                return None;
            }
            let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/layer/failing.c");
            let built =
                Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("failing-{}.so", std::process::id()));
            let done = Command::new("cc")
                .args(["-shared", "-fPIC", "-O1", "-o"])
                .arg(&built)
                .arg(source)
                .arg("-ldl")
                .status();
            done.is_ok_and(|status| status.success()).then_some(built)
        })
        .as_deref()
}

/// Whether there is such a layer here.
pub(crate) fn is_there() -> bool {
    layer().is_some()
}

/// Lays it under a command: the act of this number meets this fault.
pub(crate) fn lay(command: &mut Command, under: &Path, at: usize, fault: Fault) {
    if let Some(layer) = layer() {
        command.env("LD_PRELOAD", layer).env("FAIL_UNDER", under);
        command.env("FAIL_AT", at.to_string()).env("FAIL_HOW", fault.word());
    }
}

/// How a network drive does with locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Locks {
    /// Everybody gets every lock.
    Granted,
    /// Every lock is refused with this error (`errno`).
    Refused(i32),
}

/// Lays it under a command so that locks go like this.
pub(crate) fn break_locks(command: &mut Command, locks: Locks) {
    if let Some(layer) = layer() {
        let word = match locks {
            Locks::Granted => "granted".to_owned(),
            Locks::Refused(error) => error.to_string(),
        };
        command.env("LD_PRELOAD", layer).env("FAIL_LOCKS", word);
    }
}

/// Lays it under a command to count its acts into a file.
pub(crate) fn count(command: &mut Command, into: &Path) {
    if let Some(layer) = layer() {
        command.env("LD_PRELOAD", layer).env("FAIL_COUNT", into);
    }
}

/// What was counted: by the process of most acts, for it may have had others read for it.
pub(crate) fn counted(into: &Path) -> usize {
    let told = std::fs::read_to_string(into).unwrap_or_default();
    let most = told.lines().filter_map(|line| line.parse().ok()).max().unwrap_or(0);
    let _ = std::fs::remove_file(into);
    most
}
