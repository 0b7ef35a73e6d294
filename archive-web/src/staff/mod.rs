//! What who works here may open, after signing in.

pub(crate) mod audit;
pub(crate) mod board;
mod chart;
pub(crate) mod desk;
pub(crate) mod disposal;
pub(crate) mod findings;
pub(crate) mod forms;
pub(crate) mod loans;
pub(crate) mod opening;
pub(crate) mod people;
pub(crate) mod periods;
pub(crate) mod requests;
pub(crate) mod sign_in;
pub(crate) mod stocktake;
pub(crate) mod storeroom;
mod table;
pub(crate) mod ties;
