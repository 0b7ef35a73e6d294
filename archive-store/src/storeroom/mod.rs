//! The storeroom (库房) kept: where each volume stands and every move, the readings of the air, disinfections, counts,
//! and what these registers come to.

mod checks;
mod climate;
mod disinfection;
mod places;
mod stocktake;

pub use climate::{KeptReading, ReadingsAdded};
pub use disinfection::Disinfection;
pub use places::{Moved, PlacedVolume, Room, Shelf, StorageBox};
pub use stocktake::Stocktake;
