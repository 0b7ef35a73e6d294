//! Forms printed from a small year, read back, and held against what they should say.

mod sample;
