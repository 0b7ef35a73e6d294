//! The records in a form that loses nothing: what one `archive` writes and another takes in.
//!
//! METS, EAD and the national lists each leave something out. So a package also holds our records as
//! they are, one JSON value a line: readable by any script, and read back in bounded memory.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

use archive_core::model::{Institution, ItemId};
use archive_core::text;
use archive_core::text::Text;
use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::package::{Exception, OpeningOpinion, Part};
use crate::said::{damaged, json_fault};

/// The version of this form. A newer one is refused, an older one read.
pub(crate) const VERSION: u32 = 1;
/// The longest line read.
const MAX_LINE: u64 = 16 << 20;

/// What concerns the package as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PackageRecord {
    /// The version of this form.
    pub schema_version: u32,
    /// The package's name.
    pub id: String,
    /// Who handed over.
    pub institution: Institution,
    /// The archives it is meant for; empty if not known.
    pub archives: String,
    /// 档案门类代码.
    pub category: String,
    /// Digits of an item number in a code.
    pub item_digits: u8,
    /// The rules the records were arranged, numbered and printed by, as their profile has them: the receiver
    /// prints their catalogues by it. Left as it stands, since a later program may know more of it.
    #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
    pub profile: serde_json::Value,
    /// The day it was made.
    pub made_on: NaiveDate,
    /// Who made it.
    pub made_by: String,
    /// Which part of a transfer it is.
    pub part: Option<Part>,
    /// Volumes in it.
    pub volumes: u64,
    /// Items in it.
    pub items: u64,
    /// Files of items in it.
    pub files: u64,
    /// Faults let through (X2).
    pub exceptions: Vec<Exception>,
    /// The opening opinions.
    pub opinions: BTreeMap<ItemId, OpeningOpinion>,
}

/// A file as the records describe it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// The item it shows.
    pub item: ItemId,
    /// The item's archival code.
    pub code: String,
    /// Its path in the package.
    pub path: String,
    /// What people called it.
    pub original_name: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: String,
    /// What it is, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
}

/// Writes one value as a line.
pub(crate) fn line(to: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *to, value)?;
    to.write_all(b"\n")
}

/// Reads values line by line; an error says which line.
pub(crate) fn lines<T: DeserializeOwned>(
    mut reader: impl BufRead,
    mut each: impl FnMut(T) -> io::Result<()>,
) -> io::Result<()> {
    let mut line = Vec::new();
    for row in 1_u64.. {
        line.clear();
        if io::Read::take(&mut reader, MAX_LINE).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let value = serde_json::from_slice(&line).map_err(|error| {
            let Text { zh, en } = json_fault(&error);
            damaged(text!("第 {row} 条：{zh}", "record {row}: {en}"))
        })?;
        each(value)?;
    }
    Ok(())
}
