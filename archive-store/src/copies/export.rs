//! Exports (导出): everything in open forms, to be read without this program.
//!
//! A BagIt bag: the tables as csv with the schema that explains them, the settings, the objects, which are OCFL as they
//! lie, and what was read of the files (recognition takes a night), lines of JSON as they lie. [`Repository::restore`](crate::Repository::restore) takes it back with nothing lost: the seals of the audit chain
//! prove it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use archive_core::text::Text;
use chrono::{DateTime, FixedOffset};
use rayon::prelude::*;
use walkdir::WalkDir;

use super::backup::{BACKUP_SETTINGS, open_snapshot, snapshot};
use super::carry::{Carrying, wanted};
use super::tables;
use super::{Along, CopyReport};
use crate::catalogue;
use crate::change::OnProgress;
use crate::error::{Result, StoreError};
use crate::ocfl::digest::{self, Algorithm};
use crate::ocfl::write::create_root;
use crate::repository::{OBJECTS, Repository, SETTINGS};
use crate::safe_file;

/// The payload of the bag.
pub(super) const DATA: &str = "data";
/// The folder of tables in it.
pub(super) const TABLES: &str = "tables";
/// The digests of the payload.
pub(super) const MANIFEST: &str = "manifest-sha256.txt";
/// The line of `bag-info.txt` that says it is an export, and of which version of the schema.
pub(super) const VERSION: &str = "Archive-Export-Schema";

const ABOUT: &str = "\
本文件夹是档案库的完整导出（BagIt 包），没有本程序也能读取：
  data/tables/*.csv   目录数据库的各表（UTF-8；\\N 表示空；各列含义见 data/schema.sql）
  data/objects/       全部文件（OCFL 1.1 存储根；各件的说明见其中的 about.json）
  data/text/          从文件中识别、提取的文字，每个文件一个 .jsonl，以该文件的 SHA-512 为名（对照 tables/file.csv 的 sha512 列）：
                      首行是其余各行的 SHA-256，次行是页数（count）等，此后一行一页（number 页次，lines 各行文字及位置，source 来源）
  data/settings.toml  档案库的设置
恢复：archive restore 本文件夹 新文件夹

This folder is a complete export of a repository (a BagIt bag), to be read without any program of ours:
  data/tables/*.csv   the tables of the catalogue (UTF-8; \\N means no value; data/schema.sql says what each column is)
  data/objects/       all files (an OCFL 1.1 storage root; about.json in each object says what it is)
  data/text/          what was recognised in the files or taken out of them: a .jsonl each, named by the SHA-512 of the file
                      (column sha512 of tables/file.csv). First line: the SHA-256 of the others; second: the number of pages
                      (count) and how it was read; then a line a page (number, lines of text with their places, source)
  data/settings.toml  the settings of the repository
To restore: archive restore THIS-FOLDER NEW-FOLDER
";

impl Repository {
    /// Writes everything in open forms into `to`, a folder that is new or empty.
    ///
    /// It is built beside its place: an interrupted export leaves nothing that looks like one. `along` brings along what
    /// others keep beside the objects; it is listed in the manifest like everything else.
    pub fn export(
        &self,
        to: &Path,
        now: DateTime<FixedOffset>,
        progress: OnProgress<'_>,
        along: Along<'_>,
    ) -> Result<CopyReport> {
        safe_file::build_folder(to, |partial| self.write_export(partial, now, progress, along))
    }

    fn write_export(
        &self,
        bag: &Path,
        now: DateTime<FixedOffset>,
        progress: OnProgress<'_>,
        along: Along<'_>,
    ) -> Result<CopyReport> {
        let data = bag.join(DATA);
        let tables_dir = data.join(TABLES);
        safe_file::folder(&tables_dir)?;
        let moment = bag.join("catalogue.db");
        snapshot(&self.connection, &moment)?;
        let connection = open_snapshot(&moment)?;
        tables::write(&connection, &tables_dir)?;
        safe_file::put_staged(&data.join("schema.sql"), catalogue::schema().as_bytes())?;
        safe_file::put_staged(&data.join("README.txt"), ABOUT.as_bytes())?;
        let settings = self.root.join(SETTINGS);
        let bytes = fs::read(&settings).map_err(StoreError::at(&settings))?;
        safe_file::put_staged(&data.join(BACKUP_SETTINGS), &bytes)?;
        self.put_beside(&data)?;
        let mut brought = CopyReport::default();
        brought.take_along(along, &self.root, &data)?;
        let objects = data.join(OBJECTS);
        create_root(&objects)?;
        // Small files are read again for the manifest; those carried were hashed on their way.
        let small: Result<BTreeMap<PathBuf, (String, u64)>> = files_below(&data)?
            .into_par_iter()
            .map(|path| {
                let bytes = fs::metadata(&path).map_err(StoreError::at(&path))?.len();
                let sha256 = digest::of_file(&path, Algorithm::Sha256).map_err(StoreError::at(&path))?;
                Ok((path, (sha256, bytes)))
            })
            .collect();
        let manifest = Mutex::new(small?);
        let wanted = wanted(&connection)?;
        let source = self.objects();
        let written = |path: &Path, taken: &digest::Taken| {
            let line = (taken.sha256.clone(), taken.bytes);
            manifest
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .insert(path.to_path_buf(), line);
        };
        let mut report = Carrying::new(&source, &objects, progress, &written).carry(&wanted)?;
        report.findings.append(&mut brought.findings);
        let version = catalogue::version(&connection)?;
        connection.close().map_err(|(_, error)| error)?;
        safe_file::remove(&moment)?;
        let manifest = manifest.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.write_tags(bag, &manifest, version, now)?;
        safe_file::flush_staged(bag)?;
        Ok(report)
    }

    fn write_tags(
        &self,
        bag: &Path,
        manifest: &BTreeMap<PathBuf, (String, u64)>,
        version: i64,
        now: DateTime<FixedOffset>,
    ) -> Result<()> {
        let mut lines = Vec::new();
        let mut bytes = 0;
        for (path, (sha256, length)) in manifest {
            let path = path.strip_prefix(bag).unwrap_or(path).to_string_lossy().replace('\\', "/");
            // Writing to a vector can't fail.
            let _ = writeln!(lines, "{sha256}  {path}");
            bytes += length;
        }
        let day = now.date_naive().format("%Y-%m-%d");
        let files = manifest.len();
        let institution = &self.settings.institution;
        let info = format!(
            "Source-Organization: {}\nExternal-Identifier: {}\nBagging-Date: {day}\nPayload-Oxum: {bytes}.{files}\n{VERSION}: {version}\n",
            institution.name, institution.fonds
        );
        let declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
        let mut tags = String::new();
        for (name, content) in [
            ("bag-info.txt", info.as_bytes()),
            ("bagit.txt", declaration.as_bytes()),
            (MANIFEST, lines.as_slice()),
        ] {
            safe_file::put_staged(&bag.join(name), content)?;
            tags.push_str(&format_line(&digest::sha256(content), name));
        }
        safe_file::put_staged(&bag.join("tagmanifest-sha256.txt"), tags.as_bytes())
    }
}

fn format_line(sha256: &str, name: &str) -> String {
    format!("{sha256}  {name}\n")
}

fn files_below(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for entry in WalkDir::new(dir) {
        let entry = entry.map_err(|error| StoreError::io(dir, error.into()))?;
        if entry.file_type().is_file() {
            all.push(entry.into_path());
        }
    }
    Ok(all)
}

/// The version of the schema an export was written with; `None` if the folder is no export.
pub(super) fn exported_version(bag: &Path) -> Result<Option<i64>> {
    let path = bag.join("bag-info.txt");
    let info = match safe_file::read_text(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        other => other.map_err(StoreError::at(&path))?,
    };
    let line = info.lines().find_map(|line| line.strip_prefix(VERSION)?.strip_prefix(": "));
    let Some(line) = line else { return Ok(None) };
    line.trim().parse().map(Some).map_err(|_| StoreError::Damaged {
        path,
        reason: Text::fixed("版本号无法读取", "the version can't be read"),
    })
}

/// The digests an export lists, by path in the bag.
pub(super) fn listed(bag: &Path) -> Result<BTreeMap<String, String>> {
    let path = bag.join(MANIFEST);
    let text = safe_file::read_text(&path).map_err(StoreError::at(&path))?;
    Ok(text
        .lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(digest, path)| (path.to_owned(), digest.to_ascii_lowercase()))
        .collect())
}
