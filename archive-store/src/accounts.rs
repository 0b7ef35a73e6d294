//! `accounts.json`: who may sign in to the reading room's pages, and by what.
//!
//! What a person may do is said by the register of people; an account is only the secret that tells them. Secrets
//! are no records: they stand in a file of their own that only its owner reads, in no table, no backup, no
//! export, and are lost without harm, since the terminal can always make a first account anew.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::{Result, StoreError};
use crate::repository::Repository;
use crate::safe_file;

/// An account of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The hash of the password, once one is chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// The hash of the one-time code by which a password is chosen, while it is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Until when (seconds since 1970) the code is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_until: Option<i64>,
}

/// Every account, by the person's name.
pub type Accounts = BTreeMap<String, Account>;

impl Repository {
    /// The accounts there are.
    pub fn accounts(&self) -> Result<Accounts> {
        let path = self.accounts_file();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Accounts::new()),
            Err(error) => return Err(StoreError::io(&path, error)),
        };
        crate::json::read(&text)
    }

    /// Keeps these accounts and no others; whole or not at all.
    pub fn keep_accounts(&self, accounts: &Accounts) -> Result<()> {
        let path = self.accounts_file();
        safe_file::write(&path, crate::json::write(accounts)?.as_bytes())?;
        private(&path)
    }

    fn accounts_file(&self) -> PathBuf {
        self.root.join("accounts.json")
    }
}

#[cfg(unix)]
fn private(path: &std::path::Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(StoreError::at(path))
}

#[cfg(not(unix))]
fn private(_path: &std::path::Path) -> Result<()> {
    Ok(())
}
