//! Destroying what a list names: the one act of this program that can't be undone (D5).
//!
//! OCFL keeps every version of an object for ever; its specification gives one way to purge content: the
//! object is made anew without it. So each item's object is replaced, in one rename, by one that bears the
//! same identifier, lies in the same place, and holds nothing but `about.json`: what the item was, the names,
//! lengths and digests of its files, the versions it had, and by which list, whose leave and under whose
//! eyes it was destroyed. Any OCFL tool accepts it, and finds no byte of the files.
//!
//! The old object moves into the staging folder in the same journal that all changes use. A program that is
//! killed before the database committed puts it back; one that is killed after overwrites and removes it
//! when the repository is next opened. Copies that repair moved to `quarantine/` go in the same way. The database overwrites what it deletes (`secure_delete`), and its log
//! is emptied.
//!
//! What lies outside the repository (packages, prints, backups) is not this program's to destroy; whoever
//! carries a list out is told so. On disks that never overwrite in place (flash, some file systems) only
//! the disk's own encryption or destruction reaches the last copy.

use std::collections::BTreeSet;

use archive_core::appraisal::{DestructionList, Target, Terms};
use archive_core::fonds_file::Class;
use archive_core::model::ItemId;
use archive_core::refusal::Refusal;
use archive_core::rules::RuleId;
use archive_core::text;
use chrono::SecondsFormat;
use rusqlite::{OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::lists;
use crate::audit::Act;
use crate::change::Change;
use crate::error::Result;
use crate::fonds::Material;
use crate::items::fonds_row;
use crate::ocfl::inventory::Inventory;
use crate::ocfl::layout;
use crate::ocfl::write::{self, Kept, Making};
use crate::records::{item_record, items_of, volume_record, volume_row};
use crate::repository::Repository;
use crate::staging::Move;

/// What carrying a list out came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Destroyed {
    /// Volumes.
    pub volumes: u64,
    /// Items.
    pub items: Vec<ItemId>,
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Files in `quarantine/` that were copies or remnants of these, and went with them.
    pub quarantined: u64,
    /// Items that are kept and have a file with the very same bytes, with its name: a person looks at them (D4).
    pub same_bytes: Vec<(ItemId, String)>,
}

/// An item that was destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DestroyedItem {
    /// The item.
    pub item: ItemId,
    /// The list.
    pub list: String,
    /// When (RFC 3339).
    pub destroyed: String,
    /// How many files it had.
    pub files: u64,
}

/// A volume that was destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DestroyedVolume {
    /// 全宗号.
    pub fonds: String,
    /// 档号.
    pub code: String,
    /// 案卷题名.
    pub title: String,
    /// 年度.
    pub year: i32,
    /// 保管期限, as printed.
    pub period: String,
    /// 件数.
    pub items: u32,
    /// 页数.
    pub pages: u32,
    /// The list.
    pub list: String,
    /// When (RFC 3339).
    pub destroyed: String,
}

/// What a tombstone tells of a destruction.
struct Deed<'a> {
    list: &'a DestructionList,
    /// When (RFC 3339).
    destroyed: &'a str,
    /// The files that were.
    gone: &'a [Kept],
}

impl Repository {
    /// The items that were destroyed: their lines stay in the catalogue, their contents are gone.
    pub fn destroyed_items(&self) -> Result<Vec<DestroyedItem>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT destroyed_item.item, number, destroyed_item.destroyed,
                    (SELECT count(*) FROM destroyed_file WHERE destroyed_file.item = destroyed_item.item)
             FROM destroyed_item JOIN destruction_list ON destruction_list.id = destroyed_item.list
             ORDER BY destroyed_item.item",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(DestroyedItem {
                item: ItemId(row.get(0)?),
                list: row.get(1)?,
                destroyed: row.get(2)?,
                files: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The volumes that were destroyed, by fonds and code.
    pub fn destroyed_volumes(&self) -> Result<Vec<DestroyedVolume>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT fonds.code, destroyed_volume.code, title, year, period, items, pages, number, destroyed_volume.destroyed
             FROM destroyed_volume JOIN fonds ON fonds.id = destroyed_volume.fonds
             JOIN destruction_list ON destruction_list.id = destroyed_volume.list
             ORDER BY fonds.code, destroyed_volume.code",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(DestroyedVolume {
                fonds: row.get(0)?,
                code: row.get(1)?,
                title: row.get(2)?,
                year: row.get(3)?,
                period: row.get(4)?,
                items: row.get(5)?,
                pages: row.get(6)?,
                list: row.get(7)?,
                destroyed: row.get(8)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The names of the files that were destroyed, each with its item, in order.
    pub fn destroyed_file_names(&self) -> Result<Vec<(ItemId, String)>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT item, name FROM destroyed_file ORDER BY item, position")?;
        let rows = statement.query_map([], |row| Ok((ItemId(row.get(0)?), row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The items a list would destroy, as the records are today.
    pub fn items_on_destruction_list(&self, number: &str) -> Result<Vec<ItemId>> {
        let (_, list) = lists::read(&self.connection, number)?;
        let mut items = Vec::new();
        for line in &list.lines {
            items.extend(items_of(&self.connection, &line.target)?);
        }
        Ok(items)
    }
}

impl Change<'_> {
    /// Carries a destruction list out: files out of every version of their objects, with all that stands in
    /// the way looked at once more. What remains is the catalogue line, the evidence and the number (D5, K4).
    ///
    /// The text index is the caller's to clear first: it is derived, and a kill between the two leaves a
    /// record that isn't found, never one that is found and gone.
    pub fn destroy(&mut self, number: &str, terms: Terms) -> Result<Destroyed> {
        let (id, before) = lists::read(&self.transaction, number)?;
        let today = self.now.date_naive();
        let targets: Vec<Target> = before.lines.iter().map(|line| line.target.clone()).collect();
        let mut seen = Vec::with_capacity(targets.len());
        for target in &targets {
            seen.push(lists::obstacles(&self.transaction, target, number, &targets)?);
        }
        let digest = lists::digest(&self.transaction, &before, terms)?;
        before.may_destroy(&digest, &seen, lists::LEAST, today)?;

        let list = DestructionList { destroyed: Some(today), ..before.clone() };
        self.save(id, &list)?;
        let mut done = Destroyed::default();
        let mut gone = BTreeSet::new();
        for target in &targets {
            let items = items_of(&self.transaction, target)?;
            if let Target::Volume { fonds, code } = target {
                self.destroy_volume(id, fonds, code)?;
                done.volumes += 1;
            }
            for item in items {
                if !gone.insert(item) {
                    continue;
                }
                if let Some(earlier) = item_record(&self.transaction, item)?.destroyed_by {
                    // One item of a volume may have gone before its volume.
                    if matches!(target, Target::Volume { .. }) {
                        continue;
                    }
                    return Err(Refusal::new(
                        RuleId::D5,
                        text!("已按清册 {earlier} 销毁", "it was destroyed by list {earlier}"),
                    )
                    .into());
                }
                self.destroy_item(id, item, &list, &mut done)?;
            }
        }
        done.quarantined = self.destroy_remnants(&done.items)?;
        done.same_bytes = self.same_bytes(&gone)?;
        self.file_list(&list)?;
        let detail = json!({
            "digest": digest,
            "volumes": done.volumes,
            "items": done.items,
            "files": done.files,
            "bytes": done.bytes,
            "quarantine_files": done.quarantined,
            "codes": list.lines.iter().map(|line| &line.code).collect::<Vec<_>>(),
            "approval": list.approval,
            "supervision": list.supervision,
            "handover": list.handover,
        });
        self.record(&Act::Destroyed.about(&lists::subject(number), detail))?;
        Ok(done)
    }

    /// Refuses what can't be done with a volume that was destroyed (D5).
    pub fn refuse_if_destroyed(&self, fonds: &str, code: &str) -> Result<()> {
        let list: Option<String> = self
            .transaction
            .prepare_cached(
                "SELECT number FROM destroyed_volume JOIN destruction_list ON destruction_list.id = destroyed_volume.list
                 WHERE destroyed_volume.fonds = (SELECT id FROM fonds WHERE code = ?1) AND code = ?2",
            )?
            .query_row([fonds, code], |row| row.get(0))
            .optional()?;
        match list {
            None => Ok(()),
            Some(list) => Err(Refusal::new(
                RuleId::D5,
                text!("{code} 已按清册 {list} 销毁", "{code} was destroyed by list {list}"),
            )
            .into()),
        }
    }

    /// Marks a volume, and makes its number final if it wasn't: nobody gets it again (K4).
    fn destroy_volume(&self, list: i64, fonds: &str, code: &str) -> Result<()> {
        let record = volume_record(&self.transaction, fonds, code)?;
        let row = fonds_row(&self.transaction, fonds)?;
        let volume = volume_row(&self.transaction, fonds, code)?;
        self.transaction.execute(
            "INSERT INTO destroyed_volume (fonds, code, title, year, period, items, pages, list, destroyed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                row,
                record.code,
                record.title,
                record.year,
                record.period.to_string(),
                record.items,
                record.pages,
                list,
                self.time(),
            ],
        )?;
        self.transaction.execute(
            "INSERT INTO issued_volume (fonds, catalogue_no, volume_no, code, year)
             SELECT fonds, catalogue_no, volume_no, code, year FROM volume WHERE id = ?1 ON CONFLICT DO NOTHING",
            [volume],
        )?;
        self.transaction.execute(
            "INSERT INTO issued_item (fonds, catalogue_no, volume_no, item_no, item)
             SELECT volume.fonds, catalogue_no, volume_no, coalesce(item_no, entry.position), item
             FROM entry JOIN volume ON volume.id = entry.volume WHERE volume.id = ?1 ON CONFLICT DO NOTHING",
            [volume],
        )?;
        self.transaction
            .execute("DELETE FROM place WHERE fonds = ?1 AND volume = ?2", params![row, record.code])?;
        Ok(())
    }

    /// Takes an item's files out of the catalogue, and puts a tombstone in place of its object.
    fn destroy_item(
        &mut self,
        list_row: i64,
        item: ItemId,
        list: &DestructionList,
        done: &mut Destroyed,
    ) -> Result<()> {
        let kept = self.kept(item)?;
        let time = self.time();
        self.transaction.execute(
            "INSERT INTO destroyed_item (item, list, destroyed) VALUES (?1, ?2, ?3)",
            params![item.0, list_row, time],
        )?;
        for file in &kept {
            self.transaction.execute(
                "INSERT INTO destroyed_file (item, position, name, sha512, sha256, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![item.0, file.position, file.name, file.sha512, file.sha256, file.bytes],
            )?;
        }
        self.transaction.execute("DELETE FROM file WHERE item = ?1", [item.0])?;
        done.items.push(item);
        done.files += kept.len() as u64;
        done.bytes += kept.iter().map(|file| file.bytes).sum::<u64>();
        if kept.is_empty() {
            return Ok(());
        }
        let object = layout::object_path(&layout::object_id(item));
        let previous = write::read_inventory(&self.repository.objects().join(&object))?;
        let name = self.stage_name()?;
        let number = &list.number;
        let message = format!("按销毁清册 {number} 销毁 / destroyed by list {number}");
        self.build_tombstone(
            &name,
            item,
            &Deed { list, destroyed: &time, gone: &kept },
            Some(&previous),
            &message,
        )?;
        self.stage_move(Move { staged: name, object, version: "v1".to_owned(), replaces: true });
        Ok(())
    }

    /// Builds what takes the place of a destroyed item's object, under a name of the staging folder.
    fn build_tombstone(
        &self,
        name: &str,
        item: ItemId,
        deed: &Deed<'_>,
        previous: Option<&Inventory>,
        message: &str,
    ) -> Result<()> {
        let description: String =
            self.transaction
                .query_row("SELECT description FROM item WHERE id = ?1", [item.0], |row| row.get(0))?;
        let when = self.now.to_rfc3339_opts(SecondsFormat::Secs, false);
        let Deed { list, destroyed, gone } = deed;
        let told = json!({
            "list": list.number,
            "approval": list.approval,
            "supervision": list.supervision,
            "handover": list.handover,
            "destroyed": destroyed,
        });
        write::tombstone(
            &self.staged_path(name),
            item,
            &crate::json::read(&description)?,
            gone,
            previous,
            &told,
            &Making { who: self.who(), when: &when, message },
        )
    }

    /// Builds a tombstone anew, for one that was damaged and of which no copy is to be had: the catalogue knows all
    /// it says but the versions that were, which the inventory `previous` may tell. Gives its staged name.
    pub(crate) fn tombstone_anew(&mut self, item: ItemId, previous: Option<&Inventory>) -> Result<String> {
        let (number, time): (String, String) = self.transaction.query_row(
            "SELECT number, destroyed_item.destroyed FROM destroyed_item
             JOIN destruction_list ON destruction_list.id = destroyed_item.list WHERE item = ?1",
            [item.0],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let (_, list) = lists::read(&self.transaction, &number)?;
        let gone = {
            let mut statement = self.transaction.prepare_cached(
                "SELECT position, name, sha512, sha256, bytes FROM destroyed_file WHERE item = ?1 ORDER BY position",
            )?;
            let rows = statement.query_map([item.0], |row| {
                Ok(Kept {
                    position: row.get(0)?,
                    name: row.get(1)?,
                    content_path: String::new(),
                    sha512: row.get(2)?,
                    sha256: row.get(3)?,
                    bytes: row.get(4)?,
                })
            })?;
            rows.collect::<rusqlite::Result<Vec<_>>>()?
        };
        let name = self.stage_name()?;
        let message = format!(
            "销毁凭证损坏，据目录重作（清册 {number}） / evidence made anew from the catalogue (list {number})"
        );
        self.build_tombstone(
            &name,
            item,
            &Deed { list: &list, destroyed: &time, gone: &gone },
            previous,
            &message,
        )?;
        Ok(name)
    }

    /// The kept items that have a file of the same bytes as one that goes.
    fn same_bytes(&self, gone: &BTreeSet<ItemId>) -> Result<Vec<(ItemId, String)>> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT DISTINCT file.item, file.name FROM destroyed_file JOIN file USING (sha256)
             WHERE destroyed_file.item = ?1 ORDER BY file.item, file.position",
        )?;
        let mut same = BTreeSet::new();
        for ItemId(item) in gone {
            let rows = statement.query_map([item], |row| Ok((ItemId(row.get(0)?), row.get(1)?)))?;
            for row in rows {
                same.insert(row?);
            }
        }
        Ok(same.into_iter().collect())
    }

    /// The list itself goes into the fonds file, for good.
    fn file_list(&self, list: &DestructionList) -> Result<()> {
        let fonds: String = self.transaction.query_row(
            "SELECT fonds.code FROM destruction_list JOIN fonds ON fonds.id = destruction_list.fonds WHERE number = ?1",
            [&list.number],
            |row| row.get(0),
        )?;
        let (number, count) = (&list.number, list.lines.len());
        self.add_material(
            &fonds,
            Class::Appraisal,
            &Material {
                title: format!("销毁清册 {number}（{count} 项）"),
                maker: list.made_by.clone(),
                date: self.now.date_naive().to_string(),
                document: Some(serde_json::to_value(list).unwrap_or_default()),
                ..Material::default()
            },
        )?;
        Ok(())
    }
}
