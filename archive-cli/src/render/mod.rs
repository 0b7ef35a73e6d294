//! What several commands show: findings, tables.

pub(crate) mod findings;
pub(crate) mod size;
pub(crate) mod table;
pub(crate) mod volumes;
