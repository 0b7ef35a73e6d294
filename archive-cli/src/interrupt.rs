//! Ctrl-C: at once, or at the next good place.
//!
//! Most commands can be ended anywhere: what was not committed never was, and the next command to open the
//! repository clears what was left lying. One that has done much that should be kept asks to be told
//! instead, and ends by itself; a second Ctrl-C ends it at once.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::exit::Exit;

static ASKED: AtomicBool = AtomicBool::new(false);
static GENTLY: AtomicBool = AtomicBool::new(false);

/// Sets up what Ctrl-C does: the status that scripts expect.
pub(crate) fn listen() {
    let asked = || {
        let first = !ASKED.swap(true, Ordering::Relaxed);
        if !(first && GENTLY.load(Ordering::Relaxed)) {
            end();
        }
    };
    // Without a handler the system ends the program, which is nearly the same.
    let _ = ctrlc::set_handler(asked);
}

/// Ends the program with the status that scripts expect.
pub(crate) fn end() -> ! {
    #[expect(clippy::exit, reason = "there is no other way out of a signal handler's thread")]
    std::process::exit(i32::from(Exit::Interrupted.status()))
}

/// From now on the command ends by itself soon after this turns true: for one that does nothing else.
pub(crate) fn gently() -> &'static AtomicBool {
    GENTLY.store(true, Ordering::Relaxed);
    &ASKED
}

/// While this is held, the command ends by itself soon after [`Gently::asked`] turns true.
/// A command that wanted it before wants it afterwards.
pub(crate) struct Gently(bool);

impl Gently {
    pub(crate) fn begin() -> Self {
        Self(GENTLY.swap(true, Ordering::Relaxed))
    }

    /// What turns true on Ctrl-C.
    #[expect(clippy::unused_self, reason = "nobody asks who doesn't hold it")]
    pub(crate) fn asked(&self) -> &'static AtomicBool {
        &ASKED
    }
}

impl Drop for Gently {
    fn drop(&mut self) {
        GENTLY.store(self.0, Ordering::Relaxed);
    }
}
