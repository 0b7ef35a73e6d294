//! Keeps a repository safe on disk: the SQLite catalogue, the OCFL objects, the audit chain.
//!
//! ```no_run
//! # fn main() -> Result<(), archive_store::StoreError> {
//! use archive_store::{ItemFilter, Repository};
//!
//! let root = Repository::find(".".as_ref())?;
//! let repository = Repository::open(&root)?;
//! for item in repository.items(&ItemFilter::year(repository.own_fonds(), 2004))? {
//!     for file in repository.files(item.id)? {
//!         println!("{} {} {}", item.title, file.name, file.path.display());
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Invariants of this crate:
//! - what [`Change::commit`] returned from is on the disk; what it did not return from never was, and
//!   the next to open the repository is told so;
//! - one writer at a time, and who must wait is told who is at work;
//! - a number that was handed over is never given again, whatever the caller asks (K3, K4);
//! - files are read once on their way in, their digests taken as they pass;
//! - no rules of records, no formats, no clock: dates come in as arguments.

mod accounts;
mod arrangements;
mod audit;
mod catalogue;
mod change;
mod copies;
mod dates;
mod disposal;
mod error;
mod files;
mod fixity;
mod fonds;
mod import;
mod items;
mod json;
mod loans;
mod lock;
pub mod ocfl;
mod office_registers;
mod opening;
mod people;
mod presence;
mod reading_room;
mod records;
mod repository;
mod requests;
mod safe_file;
mod seal;
mod settings;
mod source;
mod staging;
mod standing;
mod storeroom;
mod sum;
mod touched;
mod transfers;

pub use accounts::{Account, Accounts};
pub use arrangements::TakenNumber;
pub use audit::{Act, AuditEntry, AuditHead, AuditProblem};
pub use change::{Change, OnProgress, Progress};
pub use copies::{Along, CopyReport, RepairReport, check_backup, nothing_along};
pub use disposal::{
    AppraisalDecision, Destroyed, DestroyedItem, DestroyedVolume, Hold, KeptRecord, LineRequest,
};
pub use error::{ErrorKind, Result, StoreError};
pub use files::{FileFacts, FileId, StoredFile};
pub use fixity::{FixityFault, FixityFinding, FixityPart, FixityReport};
pub use fonds::{FiledMaterial, HistoryLine, Material};
pub use import::{ImportBatch, ImportReport};
pub use items::ItemFilter;
pub use loans::Cleared;
pub use lock::Holder;
pub use office_registers::{BookBatch, BookReport};
pub use reading_room::{Damage, Feedback, Reader, Use};
pub use records::{ItemRecord, VolumeRecord};
pub use repository::Repository;
pub use requests::{ReaderRequest, RequestAnswer, RequestKind};
pub use settings::{FORMAT, Settings};
pub use source::{FileSource, ItemFile, Opener};
pub use storeroom::{
    Disinfection, KeptReading, Moved, PlacedVolume, ReadingsAdded, Room, Shelf, Stocktake, StorageBox,
};
pub use touched::Touched;
pub use transfers::{Accession, Received, ReceivedPackage, Refused, Sending, SentPackage};
