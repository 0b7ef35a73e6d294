//! Documents in the database: JSON text, written and read in one way.

use archive_core::text;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Result, StoreError};
use crate::repository::CATALOGUE;

/// As the database keeps it: compact, fields in the order of the type.
pub(crate) fn write<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Inconsistent {
        reason: text!("无法写成 JSON：{error}", "this can't be written as JSON: {error}"),
    })
}

/// Reads what [`write`] wrote; anything else in its place is damage.
pub(crate) fn read<T: DeserializeOwned>(document: &str) -> Result<T> {
    serde_json::from_str(document).map_err(|error| StoreError::Damaged {
        path: CATALOGUE.into(),
        reason: text!("其中一条记录无法读取：{error}", "one of its records can't be read: {error}"),
    })
}
