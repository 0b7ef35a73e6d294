//! The crate seen from outside: other people's bags, tampered packages, hostile zips.

mod bagit_suite;
mod building;
mod hostile;
mod receiving;
mod sample;
mod tampering;
