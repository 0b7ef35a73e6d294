//! The files that show an item: what the catalogue knows of them, and their bytes.

use std::fs::File;
use std::path::PathBuf;

use archive_core::model::ItemId;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::audit::Act;
use crate::change::{Change, Intake, OnProgress};
use crate::error::{Result, StoreError};
use crate::items::no_item;
use crate::ocfl::layout;
use crate::ocfl::write::Kept;
use crate::repository::Repository;
use crate::source::ItemFile;

/// Tells files apart inside one repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FileId(pub u64);

/// A file in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// Tells it apart.
    pub id: FileId,
    /// The item it shows.
    pub item: ItemId,
    /// Its place among the item's files, from 1.
    pub position: u32,
    /// Its original name, relative to the folder of scans or to the package it came in.
    pub name: String,
    /// Its digest in the object, lower-case hexadecimal.
    pub sha512: String,
    /// The digest that transfer packages list, lower-case hexadecimal.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// Where its bytes lie: for reading only.
    pub path: PathBuf,
    /// What reading it told, if it was read.
    pub facts: FileFacts,
}

/// What reading a file told. Derived: the index's work, kept so that checks can compare.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// What it is: a media type or a PRONOM identifier.
    pub format: Option<String>,
    /// How many pages it has.
    pub pages: Option<u32>,
    /// Where its text came from: its own, recognised, none.
    pub text_source: Option<String>,
    /// A mark of secrecy its first page bears, as written (S2).
    pub mark: Option<String>,
}

const COLUMNS: &str =
    "id, item, position, name, content_path, sha512, sha256, bytes, format, pages, text_source, mark";

impl Repository {
    /// The files of an item, in order.
    pub fn files(&self, item: ItemId) -> Result<Vec<StoredFile>> {
        let sql = format!("SELECT {COLUMNS} FROM file WHERE item = ?1 ORDER BY position");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([item.0])?;
        let mut files = Vec::new();
        while let Some(row) = rows.next()? {
            files.push(self.stored(row)?);
        }
        Ok(files)
    }

    /// Every file of the repository, by item and place, one by one; an error of `each` ends it.
    pub fn each_file<E: From<StoreError>>(
        &self,
        mut each: impl FnMut(StoredFile) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let sql = format!("SELECT {COLUMNS} FROM file ORDER BY item, position");
        let mut statement = self.connection.prepare_cached(&sql).map_err(StoreError::from)?;
        let mut rows = statement.query([]).map_err(StoreError::from)?;
        while let Some(row) = rows.next().map_err(StoreError::from)? {
            each(self.stored(row).map_err(StoreError::from)?)?;
        }
        Ok(())
    }

    /// Opens a file's bytes.
    pub fn open_file(&self, file: &StoredFile) -> Result<File> {
        File::open(&file.path).map_err(StoreError::at(&file.path))
    }

    /// How many files there are, and how many bytes they have.
    pub fn file_totals(&self) -> Result<(u64, u64)> {
        let sql = "SELECT count(*), coalesce(sum(bytes), 0) FROM file";
        Ok(self.connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    fn stored(&self, row: &Row<'_>) -> rusqlite::Result<StoredFile> {
        let item = ItemId(row.get(1)?);
        let content: String = row.get(4)?;
        let object = layout::object_path(&layout::object_id(item));
        Ok(StoredFile {
            id: FileId(row.get(0)?),
            item,
            position: row.get(2)?,
            name: row.get(3)?,
            path: self.objects().join(object).join(content),
            sha512: row.get(5)?,
            sha256: row.get(6)?,
            bytes: row.get(7)?,
            facts: FileFacts {
                format: row.get(8)?,
                pages: row.get(9)?,
                text_source: row.get(10)?,
                mark: row.get(11)?,
            },
        })
    }
}

impl Change<'_> {
    /// Notes what reading a file told. Derived, so it is not in the audit chain.
    pub fn set_file_facts(&self, file: FileId, facts: &FileFacts) -> Result<()> {
        let changed = self
            .transaction
            .prepare_cached(
                "UPDATE file SET format = ?2, pages = ?3, text_source = ?4, mark = ?5 WHERE id = ?1",
            )?
            .execute(params![file.0, facts.format, facts.pages, facts.text_source, facts.mark])?;
        if changed == 1 {
            return Ok(());
        }
        let FileId(id) = file;
        Err(StoreError::NotFound { what: archive_core::text!("编号为 {id} 的扫描件", "file {id}") })
    }

    /// Adds files to an item that is there already, after those it has.
    pub fn add_files(&mut self, item: ItemId, files: &[ItemFile], progress: OnProgress<'_>) -> Result<()> {
        if files.is_empty() {
            return Ok(());
        }
        let intake = Intake { item, description: self.described(item)?, files: files.iter().collect() };
        for kept in self.stage(&[intake], "补入文件 / files added", progress)? {
            self.keep(item, &kept)?;
        }
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        self.record(&Act::AddFiles.about(&format!("item:{}", item.0), json!({ "files": names })))
    }

    /// Enters files in the catalogue.
    pub(crate) fn keep(&self, item: ItemId, kept: &[Kept]) -> Result<()> {
        let mut statement = self.transaction.prepare_cached(
            "INSERT INTO file (item, position, name, content_path, sha512, sha256, bytes, added)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        let added = self.time();
        for file in kept {
            statement.execute(params![
                item.0,
                file.position,
                file.name,
                file.content_path,
                file.sha512,
                file.sha256,
                file.bytes,
                added,
            ])?;
        }
        Ok(())
    }

    /// How an item is described, as its object tells it.
    pub(crate) fn described(&self, item: ItemId) -> Result<serde_json::Value> {
        let mut statement = self.transaction.prepare_cached("SELECT description FROM item WHERE id = ?1")?;
        let description: Option<String> = statement.query_row([item.0], |row| row.get(0)).optional()?;
        crate::json::read(&description.ok_or_else(|| no_item(item))?)
    }

    /// What an item's object holds.
    pub(crate) fn kept(&self, item: ItemId) -> Result<Vec<Kept>> {
        kept(&self.transaction, item)
    }
}

fn kept(connection: &Connection, item: ItemId) -> Result<Vec<Kept>> {
    let mut statement = connection.prepare_cached(
        "SELECT position, name, content_path, sha512, sha256, bytes FROM file WHERE item = ?1 ORDER BY position",
    )?;
    let rows = statement.query_map([item.0], |row| {
        Ok(Kept {
            position: row.get(0)?,
            name: row.get(1)?,
            content_path: row.get(2)?,
            sha512: row.get(3)?,
            sha256: row.get(4)?,
            bytes: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
