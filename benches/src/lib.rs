//! Input of any size for benches: made, the same each time, and shaped like an office's year.

pub mod years;
