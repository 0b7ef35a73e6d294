//! What several commands show: findings, faults of files, tables.

pub(crate) mod faults;
pub(crate) mod findings;
pub(crate) mod size;
pub(crate) mod table;
pub(crate) mod volumes;
