//! The storeroom (库房): where records stand, in what air, and whether they are all there.
//!
//! Nothing here knows a database or a form: an [`Address`] is where something stands, [`climate`] judges a
//! year of readings (H1), [`logger`] makes readings out of the table of whatever instrument hangs on the
//! wall, [`calendar`] says which check is due when, and [`stocktake`] compares what should be there with
//! what was found (H3).

pub mod address;
pub mod calendar;
pub mod climate;
pub mod logger;
pub mod stocktake;

pub use address::{Address, NotAnAddress};
