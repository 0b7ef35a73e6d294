//! The store from outside: what its callers may rely on.

mod arranging;
mod evidence;
mod importing;
mod opening;
mod place;
mod transferring;
