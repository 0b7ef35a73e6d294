//! `archive.toml`: whose repository it is, and by which rules it works.
//!
//! A person may open and edit this file; so it is small, says what each line is, and an unknown or
//! misspelt line is an error with its place rather than silently ignored.

use std::collections::BTreeMap;
use std::path::Path;

use archive_core::model::Institution;
use serde::{Deserialize, Serialize};

use crate::error::{Result, StoreError};
use crate::repository::SETTINGS;
use crate::safe_file;

/// The newest form of `archive.toml` this program writes and understands.
pub const FORMAT: i64 = 1;

/// What `archive.toml` holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The form of this file and of the repository around it.
    pub format: i64,
    /// The rules: the name of a built-in profile, or the path of a profile, relative to the repository.
    pub profile: String,
    /// Whether only one program may have the repository open: for network drives that aren't known as such.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub one_at_a_time: bool,
    /// The institution (立档单位), or the bureau (档案馆) whose repository it is, and its own fonds.
    pub institution: Institution,
    /// What this office sets apart from its profile, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, toml::Value>,
}

const HEADER: &str = "\
# 档案库的设置。可用文本编辑器修改。 / The settings of this repository; edit them with a text editor.
# profile: 规则集的名称，或规则文件相对于本文件夹的路径 / a built-in profile, or the path of one
";

impl Settings {
    /// Settings of the present format with nothing set apart from the profile.
    pub fn new(institution: Institution, profile: impl Into<String>) -> Self {
        Self {
            format: FORMAT,
            profile: profile.into(),
            one_at_a_time: false,
            institution,
            settings: BTreeMap::new(),
        }
    }

    /// The same for a drive that is only seen to be one when a new repository is made there: where locks are refused, one program works
    /// at a time.
    pub(crate) fn fitted(&self, root: &Path) -> Self {
        let one_at_a_time = self.one_at_a_time || !crate::catalogue::has_locks(root);
        Self { one_at_a_time, ..self.clone() }
    }

    /// Reads the settings of the repository in `root`.
    pub(crate) fn read(root: &Path) -> Result<Self> {
        Self::read_file(&root.join(SETTINGS))
    }

    /// Reads settings that may lie elsewhere, as in a backup.
    pub(crate) fn read_file(path: &Path) -> Result<Self> {
        /// The one line that later formats must keep.
        #[derive(Deserialize)]
        struct Format {
            format: i64,
        }

        let text = safe_file::read_text(path).map_err(StoreError::at(path))?;
        let unreadable = |error: toml::de::Error| StoreError::Settings {
            path: path.to_path_buf(),
            reason: error.to_string().trim_end().to_owned(),
        };
        let Format { format } = toml::from_str(&text).map_err(unreadable)?;
        if format > FORMAT {
            return Err(StoreError::NewerVersion { path: path.to_path_buf(), found: format, known: FORMAT });
        }
        toml::from_str(&text).map_err(unreadable)
    }

    /// Writes them into `root`, whole or not at all.
    pub(crate) fn write(&self, root: &Path) -> Result<()> {
        let path = root.join(SETTINGS);
        let body = toml::to_string(self)
            .map_err(|error| StoreError::Settings { path: path.clone(), reason: error.to_string() })?;
        safe_file::write(&path, format!("{HEADER}\n{body}").as_bytes())
    }
}
