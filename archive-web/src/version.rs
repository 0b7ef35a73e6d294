//! Two people at once: what a form was made of, told apart from what is there when it comes back.
//!
//! Every form that changes something carries a word for what it speaks of, and every change says of what it must be a
//! word ([`Site::change`](crate::site::Site::change) can't be called without). Both are taken in the same way: of
//! the record itself, or of the tables a whole page is made of. When they differ, somebody was quicker: nothing is
//! saved, and who sent the form is told and keeps what they typed.

use std::fmt;

use archive_store::Repository;
use serde::Serialize;

use crate::failure::Failure;
use crate::sessions::digest;

/// A word for what a form was made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Version(String);

/// Letters of it: enough that no two states have the same.
const LENGTH: usize = 24;

impl Version {
    /// Of a record, as it is.
    pub(crate) fn of(record: &impl Serialize) -> Result<Self, Failure> {
        let written =
            serde_json::to_string(record).map_err(|error| crate::answer::broken(&error.to_string()))?;
        Ok(Self(digest(&written)[..LENGTH].to_owned()))
    }

    /// Of all that some tables hold.
    pub(crate) fn of_tables(repository: &Repository, tables: &[&str]) -> Result<Self, Failure> {
        Ok(Self(repository.state_of(tables)?[..LENGTH].to_owned()))
    }

    /// Of what isn't there yet: an entry that is added overwrites nothing, and what stands against it is said by the
    /// rules of its register.
    pub(crate) fn of_something_new() -> Self {
        Self("new".to_owned())
    }

    /// Whether a form was made of this.
    pub(crate) fn is(&self, sent: &str) -> bool {
        self.0 == sent
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_records_have_two_versions_and_one_has_one() {
        let one = Version::of(&("2026-0001", 3)).unwrap();
        assert_eq!(one, Version::of(&("2026-0001", 3)).unwrap());
        assert_ne!(one, Version::of(&("2026-0001", 4)).unwrap());
        assert!(one.is(&one.to_string()) && !one.is("") && !one.is("new"));
    }
}
