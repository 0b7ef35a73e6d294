//! Restoring (恢复): a new repository out of a backup or an export.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use archive_core::text;
use archive_core::text::Text;
use chrono::{DateTime, FixedOffset};
use rusqlite::{Connection, TransactionBehavior};
use serde_json::json;

use super::CopyReport;
use super::backup::{self, BACKUP_SETTINGS, PROFILE, open_snapshot, snapshot};
use super::carry::{Carrying, wanted};
use super::export::{DATA, TABLES, exported_version, listed};
use super::tables;
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
    /// nothing. A copy whose catalogue is damaged, or not what its audit chain says, is refused.
    pub fn restore(
        from: &Path,
        to: &Path,
        who: &str,
        now: DateTime<FixedOffset>,
        progress: OnProgress<'_>,
    ) -> Result<CopyReport> {
        let from = std::path::absolute(from).map_err(StoreError::at(from))?;
        build_beside(to, |partial| {
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
                    let bytes = fs::read(&beside).map_err(StoreError::at(&beside))?;
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
            let report = Carrying::new(&source, &objects, progress, &|_, _| ()).carry(&wanted)?;
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
            restored.settings.write(partial)?;
            safe_file::flush_staged(partial)?;
            restored.connection.close().map_err(|(_, error)| error)?;
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
    for (path, wanted) in
        listed.iter().filter(|(path, _)| Path::new(path).starts_with(format!("{DATA}/{TABLES}")))
    {
        let path = bag.join(path);
        if digest::of_file(&path, Algorithm::Sha256).map_err(StoreError::at(&path))? != *wanted {
            let reason = Text::fixed(
                "内容与清单中的摘要不符",
                "its bytes are not those its digest in the manifest tells",
            );
            return Err(StoreError::Damaged { path, reason });
        }
        found += 1;
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

/// Builds a folder beside its place and renames it there, so that a half one never bears its name.
pub(super) fn build_beside(to: &Path, build: impl FnOnce(&Path) -> Result<CopyReport>) -> Result<CopyReport> {
    let to = std::path::absolute(to).map_err(StoreError::at(to))?;
    let empty = match fs::read_dir(&to) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
        Err(error) => return Err(StoreError::io(&to, error)),
    };
    let Some((parent, name)) = to.parent().zip(to.file_name()).filter(|_| empty) else {
        return Err(StoreError::NotEmpty { dir: to });
    };
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(".partial");
    let partial: PathBuf = parent.join(hidden);
    safe_file::remove(&partial)?;
    fs::create_dir_all(parent).map_err(StoreError::at(parent))?;
    safe_file::folder(&partial)?;
    let built = build(&partial).and_then(|report| {
        match fs::remove_dir(&to) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(StoreError::io(&to, error)),
            _ => safe_file::rename(&partial, &to),
        }?;
        Ok(report)
    });
    if built.is_err() {
        let _ = fs::remove_dir_all(&partial);
    }
    built
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
