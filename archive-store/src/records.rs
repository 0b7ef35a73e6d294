//! Records as the registers of an archive's daily life see them: what they are called, how long they are kept,
//! how much there is of them, and what became of them.
//!
//! The description of an item says what it is; these say where it stands in the office's books. They are
//! read from the tables, not from the arrangement's document, so that a list over all years is one query.

use archive_core::appraisal::Target;
use archive_core::model::{ItemId, RetentionPeriod, SecrecyLevel};
use archive_core::text;
use archive_core::text::Text;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

use crate::error::{Result, StoreError};
use crate::items::fonds_row;
use crate::repository::{CATALOGUE, Repository};

/// A numbered volume in the books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolumeRecord {
    /// 全宗号.
    pub fonds: String,
    /// 年度.
    pub year: i32,
    /// 目录号.
    pub catalogue_no: String,
    /// 案卷号.
    pub volume_no: u32,
    /// 档号.
    pub code: String,
    /// 案卷题名.
    pub title: String,
    /// 保管期限, as arranged; what appraisal decided since is kept apart.
    pub period: RetentionPeriod,
    /// 归档机构.
    pub section: Option<String>,
    /// 件数.
    pub items: u32,
    /// 页数.
    pub pages: u32,
    /// Files that show it.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The level of the most secret paper in it.
    pub level: SecrecyLevel,
    /// When it was handed over to the archives (RFC 3339), if it was.
    pub sent: Option<String>,
    /// The accession (接收号) it came in by, if it did.
    pub accession: Option<String>,
    /// When it came in.
    pub received: Option<String>,
    /// The list it was destroyed by, if it was.
    pub destroyed_by: Option<String>,
    /// When.
    pub destroyed: Option<String>,
}

/// An item in the books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemRecord {
    /// Tells it apart.
    pub id: ItemId,
    /// 全宗号.
    pub fonds: String,
    /// 序号 in its register.
    pub row: String,
    /// 题名.
    pub title: String,
    /// 年度, if it is known.
    pub year: Option<i32>,
    /// 保管期限: its volume's, else its own.
    pub period: Option<RetentionPeriod>,
    /// The code of its volume, once it has one.
    pub volume: Option<String>,
    /// 件号 in it.
    pub item_no: Option<u32>,
    /// 页数.
    pub pages: u32,
    /// 密级.
    pub level: SecrecyLevel,
    /// The list it was destroyed by, if it was.
    pub destroyed_by: Option<String>,
}

const VOLUME: &str = "SELECT fonds.code, volume.year, volume.catalogue_no, volume.volume_no, volume.code, volume.title,
        volume.period, volume.section,
        (SELECT count(*) FROM entry WHERE entry.volume = volume.id),
        (SELECT coalesce(sum(coalesce(page_to - page_from + 1, item.pages, 0)), 0)
         FROM entry JOIN item ON item.id = entry.item WHERE entry.volume = volume.id),
        (SELECT count(*) FROM entry JOIN file ON file.item = entry.item WHERE entry.volume = volume.id),
        (SELECT coalesce(sum(bytes), 0) FROM entry JOIN file ON file.item = entry.item WHERE entry.volume = volume.id),
        (SELECT coalesce(max(CASE secrecy WHEN '绝密' THEN 3 WHEN '机密' THEN 2 WHEN '秘密' THEN 1 ELSE 0 END), 0)
         FROM entry JOIN item ON item.id = entry.item WHERE entry.volume = volume.id),
        transfer.sent, accession.number, accession.received, destruction_list.number, destroyed_volume.destroyed
     FROM volume JOIN fonds ON fonds.id = volume.fonds
     LEFT JOIN issued_volume ON issued_volume.fonds = volume.fonds AND issued_volume.code = volume.code
     LEFT JOIN transfer ON transfer.id = issued_volume.transfer
     LEFT JOIN accession ON accession.id = issued_volume.accession
     LEFT JOIN destroyed_volume ON destroyed_volume.fonds = volume.fonds AND destroyed_volume.code = volume.code
     LEFT JOIN destruction_list ON destruction_list.id = destroyed_volume.list
     WHERE volume.code IS NOT NULL";

const ITEM: &str = "SELECT item.id, fonds.code, item.row, item.title, coalesce(item.filed_year, item.year),
        coalesce(volume.period, item.period), volume.code, entry.item_no,
        coalesce(page_to - page_from + 1, item.pages, 0),
        CASE secrecy WHEN '绝密' THEN 3 WHEN '机密' THEN 2 WHEN '秘密' THEN 1 ELSE 0 END, destruction_list.number
     FROM item JOIN fonds ON fonds.id = item.fonds
     LEFT JOIN entry ON entry.item = item.id
     LEFT JOIN volume ON volume.id = entry.volume
     LEFT JOIN destroyed_item ON destroyed_item.item = item.id
     LEFT JOIN destruction_list ON destruction_list.id = destroyed_item.list";

impl Repository {
    /// Every numbered volume, of all fonds or of one, by fonds, catalogue and number.
    pub fn volume_records(&self, fonds: Option<&str>) -> Result<Vec<VolumeRecord>> {
        let sql = format!(
            "{VOLUME} AND (?1 IS NULL OR fonds.code = ?1)
             ORDER BY fonds.code, volume.catalogue_no, volume.volume_no"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([fonds])?;
        let mut volumes = Vec::new();
        while let Some(row) = rows.next()? {
            volumes.push(volume(row)?);
        }
        Ok(volumes)
    }

    /// The volumes that bear a code: one, unless several fonds give the same.
    pub fn volumes_called(&self, code: &str) -> Result<Vec<VolumeRecord>> {
        let sql = format!("{VOLUME} AND volume.code = ?1 ORDER BY fonds.code");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([code])?;
        let mut volumes = Vec::new();
        while let Some(row) = rows.next()? {
            volumes.push(volume(row)?);
        }
        Ok(volumes)
    }

    /// Every item that stands in no numbered volume, in order of their identifiers.
    pub fn items_outside_volumes(&self) -> Result<Vec<ItemRecord>> {
        let sql = format!("{ITEM} WHERE volume.code IS NULL ORDER BY item.id");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            items.push(item(row)?);
        }
        Ok(items)
    }

    /// One item in the books.
    pub fn item_record(&self, id: ItemId) -> Result<ItemRecord> {
        item_record(&self.connection, id)
    }

    /// What a person means by a code: a volume's (档号), an item's (档号-件号), or 序号 and the row of an item in
    /// no volume. Several fonds may use the same code; `fonds` tells them apart.
    pub fn target_called(&self, fonds: Option<&str>, written: &str) -> Result<Target> {
        let code = written.trim();
        let mut volumes = self.volumes_called(code)?;
        volumes.retain(|volume| fonds.is_none_or(|fonds| volume.fonds == fonds));
        match &volumes[..] {
            [one] => return Ok(Target::Volume { fonds: one.fonds.clone(), code: one.code.clone() }),
            [] => {}
            several => {
                let all = several.iter().map(|one| one.fonds.as_str()).collect::<Vec<_>>().join("、");
                return Err(StoreError::Exists {
                    what: text!(
                        "不止一个 {code}：全宗 {all} 都有，要指明是哪个全宗的",
                        "more than one volume {code}: in the fonds {all}; say in which"
                    ),
                });
            }
        }
        // An item's code is its volume's, a hyphen, and its number.
        if let Some((head, number)) = code.rsplit_once('-')
            && let Ok(number) = number.parse::<u32>()
        {
            let sql = format!(
                "{ITEM} WHERE volume.code = ?1 AND entry.item_no = ?2 AND (?3 IS NULL OR fonds.code = ?3)
                 ORDER BY item.id"
            );
            let mut statement = self.connection.prepare_cached(&sql)?;
            let mut rows = statement.query(params![head, number, fonds])?;
            if let Some(row) = rows.next()? {
                return Ok(Target::Item(item(row)?.id));
            }
        }
        if let Some(row) = code.strip_prefix("序号").or_else(|| code.strip_prefix("row")) {
            let sql =
                format!("{ITEM} WHERE item.row = ?1 AND (?2 IS NULL OR fonds.code = ?2) ORDER BY item.id");
            let mut statement = self.connection.prepare_cached(&sql)?;
            let mut rows = statement.query(params![row.trim(), fonds])?;
            if let Some(row) = rows.next()? {
                return Ok(Target::Item(item(row)?.id));
            }
        }
        Err(StoreError::NotFound {
            what: text!("档号为 {code} 的案卷或文件", "volume or item {code}")
        })
    }
}

/// One volume in the books.
pub(crate) fn volume_record(connection: &Connection, fonds: &str, code: &str) -> Result<VolumeRecord> {
    let sql = format!("{VOLUME} AND fonds.code = ?1 AND volume.code = ?2");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([fonds, code])?;
    match rows.next()? {
        Some(row) => volume(row),
        None => Err(StoreError::NotFound { what: text!("档号为 {code} 的案卷", "volume {code}") }),
    }
}

/// One item in the books.
pub(crate) fn item_record(connection: &Connection, id: ItemId) -> Result<ItemRecord> {
    let sql = format!("{ITEM} WHERE item.id = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([id.0])?;
    match rows.next()? {
        Some(row) => item(row),
        None => Err(crate::items::no_item(id)),
    }
}

/// The row of the volume with a code, as the arrangement has it now.
pub(crate) fn volume_row(connection: &Connection, fonds: &str, code: &str) -> Result<i64> {
    let fonds = fonds_row(connection, fonds)?;
    connection
        .prepare_cached("SELECT id FROM volume WHERE fonds = ?1 AND code = ?2")?
        .query_row(params![fonds, code], |row| row.get(0))
        .optional()?
        .ok_or_else(|| StoreError::NotFound { what: text!("档号为 {code} 的案卷", "volume {code}") })
}

/// The items a target is, in order.
pub(crate) fn items_of(connection: &Connection, target: &Target) -> Result<Vec<ItemId>> {
    match target {
        Target::Item(id) => Ok(vec![*id]),
        Target::Loose(_) => Ok(Vec::new()),
        Target::Volume { fonds, code } => {
            let volume = volume_row(connection, fonds, code)?;
            let mut statement =
                connection.prepare_cached("SELECT item FROM entry WHERE volume = ?1 ORDER BY position")?;
            let items = statement.query_map([volume], |row| Ok(ItemId(row.get(0)?)))?;
            Ok(items.collect::<rusqlite::Result<_>>()?)
        }
    }
}

fn volume(row: &Row<'_>) -> Result<VolumeRecord> {
    let period: String = row.get(6)?;
    Ok(VolumeRecord {
        fonds: row.get(0)?,
        year: row.get(1)?,
        catalogue_no: row.get(2)?,
        volume_no: row.get(3)?,
        code: row.get(4)?,
        title: row.get(5)?,
        period: read_period(&period)?,
        section: row.get(7)?,
        items: row.get(8)?,
        pages: row.get(9)?,
        files: row.get(10)?,
        bytes: row.get(11)?,
        level: level(row.get(12)?),
        sent: row.get(13)?,
        accession: row.get(14)?,
        received: row.get(15)?,
        destroyed_by: row.get(16)?,
        destroyed: row.get(17)?,
    })
}

fn item(row: &Row<'_>) -> Result<ItemRecord> {
    let period: Option<String> = row.get(5)?;
    Ok(ItemRecord {
        id: ItemId(row.get(0)?),
        fonds: row.get(1)?,
        row: row.get(2)?,
        title: row.get(3)?,
        year: row.get(4)?,
        period: period.as_deref().map(read_period).transpose()?,
        volume: row.get(6)?,
        item_no: row.get(7)?,
        pages: row.get(8)?,
        level: level(row.get(9)?),
        destroyed_by: row.get(10)?,
    })
}

const fn level(rank: i64) -> SecrecyLevel {
    match rank {
        1 => SecrecyLevel::Secret,
        2 => SecrecyLevel::Confidential,
        3 => SecrecyLevel::TopSecret,
        _ => SecrecyLevel::None,
    }
}

fn read_period(word: &str) -> Result<RetentionPeriod> {
    word.parse().map_err(|_| StoreError::Damaged {
        path: CATALOGUE.into(),
        reason: Text::new(format!("“{word}”不是保管期限"), format!("\"{word}\" is no retention period")),
    })
}
