//! The store from outside: what its callers may rely on.

#![allow(clippy::unwrap_used, clippy::print_stderr, clippy::print_stdout)] // Helpers of tests, which Clippy takes for none.

mod arranging;
mod books;
mod copying;
mod destroying;
mod evidence;
mod full;
mod importing;
mod judging;
mod killed;
mod life;
mod lives;
mod opening;
mod people;
mod place;
mod reading_again;
mod sealing;
mod sequences;
mod touching;
mod transferring;
mod versions;
