//! Days in the database: ISO 8601, so that they sort as text and any SQLite shell reads them.

use archive_core::text;
use chrono::NaiveDate;

use crate::error::{Result, StoreError};
use crate::repository::CATALOGUE;

/// Reads a day the database keeps; anything else in its place is damage.
pub(crate) fn read(written: &str) -> Result<NaiveDate> {
    written.parse().map_err(|_| StoreError::Damaged {
        path: CATALOGUE.into(),
        reason: text!("其中的日期“{written}”无法读取", "a date in it can't be read: {written}"),
    })
}
