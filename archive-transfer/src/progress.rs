//! Telling a person how far the work has come.

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Files are copied into a package.
    Copying,
    /// Lists and metadata are written.
    Describing,
    /// Files are read and compared.
    Verifying,
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub phase: Phase,
    /// Files done.
    pub files: u64,
    /// Files in all.
    pub files_total: u64,
    /// Bytes done.
    pub bytes: u64,
    /// Bytes in all.
    pub bytes_total: u64,
}

/// Called now and then, from any thread.
pub type Report<'a> = &'a (dyn Fn(Progress) + Sync);

/// Reports to nobody.
pub fn silent(_: Progress) {}
