//! Saved searches (保存的检索): a query with its options under a name, in the repository's `searches.json`.
//!
//! What is saved is the question, not its answer: it is asked anew each time, with the rights of who asks.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use archive_core::text;
use archive_core::text::Text;
use archive_store::Repository;
use serde::{Deserialize, Serialize};

use crate::error::{CommandError, Kind};
use crate::files;

/// A question, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SavedSearch {
    /// The query.
    pub(super) query: String,
    /// The options that filter, by their names.
    #[serde(default)]
    pub(super) filters: BTreeMap<String, String>,
    /// The order of the hits.
    #[serde(default)]
    pub(super) sort: Option<String>,
}

/// Every saved search, by name.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct SavedSearches {
    schema_version: u32,
    /// By name.
    pub(super) searches: BTreeMap<String, SavedSearch>,
}

fn path(repository: &Repository) -> PathBuf {
    repository.root().join("searches.json")
}

impl SavedSearches {
    pub(super) fn of(repository: &Repository) -> Result<Self, CommandError> {
        let path = path(repository);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(CommandError::io(&path, &error)),
        };
        serde_json::from_slice(&bytes).map_err(|error| {
            let shown = path.display();
            CommandError::new(
                Kind::Input,
                text!("{shown} 读不懂：{error}", "{shown} can't be understood: {error}"),
                Text::fixed("请改正或删去这个文件", "mend or delete the file"),
            )
        })
    }

    pub(super) fn get(&self, name: &str) -> Result<&SavedSearch, CommandError> {
        self.searches.get(name).ok_or_else(|| {
            let all: Vec<&str> = self.searches.keys().map(String::as_str).collect();
            let all = all.join("、");
            CommandError::usage(
                text!("没有保存过名为“{name}”的检索", "no search is saved as “{name}”"),
                if all.is_empty() {
                    Text::fixed("用 --save 名称 保存", "--save NAME saves one")
                } else {
                    text!("保存的有：{all}", "there are: {all}")
                },
            )
        })
    }

    pub(super) fn write(mut self, repository: &Repository) -> Result<(), CommandError> {
        self.schema_version = 1;
        let text = serde_json::to_string_pretty(&self).map_err(|_| CommandError::defect())? + "\n";
        files::write(&path(repository), text.as_bytes())
    }
}
