//! The files, kept as OCFL 1.1 objects so that any OCFL tool can read them without this program.
//!
//! OCFL (Oxford Common File Layout) lays a digital object down as a folder of versions with an
//! inventory that names every file by its digest. No library of it was fit to build on, so this
//! module has the small part the store needs (`write`, `layout`, `inventory`) and a validator
//! of its own ([`validate`]) that is held against the OCFL editors' fixtures; two validators written
//! by others judge what we write (`.ci/ocfl.sh`).
//!
//! What we write: layout `0003-hash-and-id-n-tuple-storage-layout` (the only one both foreign
//! validators accept), sha512, one object an item. Paths inside an object are short and made of
//! ASCII only; the names people gave their files stand in `about.json` in the object.

pub(crate) mod digest;
pub(crate) mod inventory;
pub(crate) mod layout;
pub mod validate;
pub(crate) mod write;
