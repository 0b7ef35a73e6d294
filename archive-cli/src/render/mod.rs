//! What several commands show: changes, findings, faults of files, tables.

pub(crate) mod changes;
pub(crate) mod faults;
pub(crate) mod findings;
pub(crate) mod size;
pub(crate) mod table;
pub(crate) mod volumes;
