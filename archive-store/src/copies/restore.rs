//! Restoring (恢复): a new repository out of a backup or an export.

use std::path::Path;

use archive_core::text;
use archive_core::text::Text;
use chrono::{DateTime, FixedOffset};
use rusqlite::{Connection, TransactionBehavior};
use serde_json::json;

use super::backup::{self, BACKUP_SETTINGS, PROFILE, open_snapshot, snapshot};
use super::carry::{Carrying, wanted};
use super::export::{DATA, TABLES, exported_version, listed};
use super::tables;
use super::{Along, CopyReport};
use crate::audit::{self, Act, Stamp};
use crate::catalogue;
use crate::change::OnProgress;
use crate::error::{Result, StoreError};
use crate::ocfl::digest::{self, Algorithm};
use crate::ocfl::write::create_root;
use crate::repository::{CATALOGUE, OBJECTS, Repository, SEARCHES};
use crate::safe_file;
use crate::settings::Settings;
use crate::sum;

impl Repository {
    /// Makes a repository in `to`, a folder that is new or empty, out of the backup or export in `from`.
    ///
    /// What is damaged in the copy is named in the report and left out: everything else is better than
    /// nothing. A copy whose catalogue is damaged, or not what its audit chain says, is refused. `along` brings along what
    /// others keep beside the objects.
    pub fn restore(
        from: &Path,
        to: &Path,
        who: &str,
        now: DateTime<FixedOffset>,
        progress: OnProgress<'_>,
        along: Along<'_>,
    ) -> Result<CopyReport> {
        let from = std::path::absolute(from).map_err(StoreError::at(from))?;
        safe_file::build_folder(to, |partial| {
            let exported = exported_version(&from)?;
            let parts = if exported.is_some() { from.join(DATA) } else { from.clone() };
            let new = partial.join(CATALOGUE);
            let connection = match exported {
                Some(version) => of_export(&from, version, &new)?,
                None => of_backup(&from, &new)?,
            };
            let mut settings = Settings::read_file(&parts.join(BACKUP_SETTINGS))?;
            for name in [PROFILE, SEARCHES] {
                let beside = parts.join(name);
                if beside.is_file() {
                    let bytes = safe_file::read(&beside).map_err(StoreError::at(&beside))?;
                    safe_file::create_staged(&partial.join(name), &bytes)?;
                }
            }
            if partial.join(PROFILE).is_file() {
                PROFILE.clone_into(&mut settings.profile);
            }
            let mut restored = Self::of_parts(partial, settings, connection);
            if let Some(problem) = restored.verify_audit(None)?.into_iter().next() {
                return Err(StoreError::CopyRefused { copy: from.clone(), reason: problem.message });
            }
            let objects = partial.join(OBJECTS);
            create_root(&objects)?;
            let wanted = wanted(&restored.connection)?;
            let source = parts.join(OBJECTS);
            let mut report = Carrying::new(&source, &objects, progress, &|_, _| ()).carry(&wanted)?;
            report.take_along(along, &parts, partial)?;
            let transaction =
                restored.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let head = audit::head(&transaction)?;
            audit::append(
                &transaction,
                &Stamp { who, now },
                &Act::Restore.about(
                    &from.to_string_lossy(),
                    json!({ "from_entry": head.seq, "damaged": report.findings.len() }),
                ),
                None,
            )?;
            transaction.commit()?;
            sum::keep(partial, &restored.connection)?;
            restored.connection.close().map_err(|(_, error)| error)?;
            restored.settings.fitted(partial).write(partial)?;
            safe_file::flush_staged(partial)?;
            Ok(report)
        })
    }
}

fn of_backup(from: &Path, new: &Path) -> Result<Connection> {
    let copy = backup::open(from)?;
    snapshot(&copy.connection, new)?;
    let mut connection = open_snapshot(new)?;
    catalogue::keep_by_wal(&connection)?;
    catalogue::migrate(&mut connection)?;
    Ok(connection)
}

fn of_export(bag: &Path, version: i64, new: &Path) -> Result<Connection> {
    let tables = bag.join(DATA).join(TABLES);
    let listed = listed(bag)?;
    let mut found = 0;
    // Tables and settings; objects are judged one by one as they are carried, and so is what goes along.
    for (path, wanted) in listed.iter().filter(|(path, _)| {
        let inner = Path::new(path).strip_prefix(DATA);
        inner.is_ok_and(|inner| inner.starts_with(TABLES) || inner.components().count() == 1)
    }) {
        let path = bag.join(path);
        if digest::of_file(&path, Algorithm::Sha256).map_err(StoreError::at(&path))? != *wanted {
            let reason = Text::fixed(
                "内容与清单中的摘要不符",
                "its bytes are not those its digest in the manifest tells",
            );
            return Err(StoreError::Damaged { path, reason });
        }
        found += usize::from(path.starts_with(&tables));
    }
    if found == 0 {
        return Err(StoreError::Damaged {
            path: bag.join(super::export::MANIFEST),
            reason: Text::fixed("清单中没有目录数据库的表", "it lists no tables of the catalogue"),
        });
    }
    let mut connection = catalogue::create_at(new, version)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // What the tables protect themselves from (K4, the audit chain) is exactly what is put back here.
    let guards = catalogue::take_off_guards(&transaction)?;
    tables::read(&transaction, &tables)?;
    transaction.execute_batch(&guards)?;
    transaction.commit()?;
    catalogue::migrate(&mut connection)?;
    Ok(connection)
}

/// Where a restored repository is told to look for more.
impl CopyReport {
    /// In a sentence.
    pub fn sentence(&self) -> Text {
        let (copied, kept, removed, faults) =
            (self.objects_copied, self.objects_kept, self.objects_removed, self.findings.len());
        text!(
            "复制 {copied} 个对象，原有 {kept} 个，移除 {removed} 个，问题 {faults} 处",
            "{copied} objects copied, {kept} there already, {removed} removed; {faults} faults"
        )
    }
}
