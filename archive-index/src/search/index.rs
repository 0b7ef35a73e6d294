//! The index on disk: two shelves, and a note of how they were made.
//!
//! ```text
//! index/
//!   settings.json   how it was made; another program version may have to rebuild it
//!   sums.json       the digests of all files
//!   open/           records anyone may see
//!   closed/         records only staff may see
//! ```
//!
//! What is closed lies in a folder that a public search never opens. So nothing of it can come through:
//! no count, no word of the dictionary, no score (which is reckoned from how common a word is), and no
//! time. A staff search reads both and reckons scores over both together.
//!
//! The index is derived: it can be deleted and made again from what the repository keeps.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use archive_core::access::Asker;
use archive_core::text;
use archive_core::text::Text;
use serde::{Deserialize, Serialize};
use tantivy::TantivyError;
use tantivy::directory::error::LockError;
use tantivy::schema::Schema;

use super::directory::Folder;
use super::fold;
use super::opened::{Opened, Opener};
use super::record::ShelfName;
use super::schema::{self, Fields};
use super::tokens;
use super::writer::Writer;

/// How the index was made.
pub(super) const SETTINGS: &str = "settings.json";

/// What can go wrong with an index.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// There is no index here.
    #[error("{} 里没有索引，请先运行 archive index / there is no index at {}, run archive index first", .0.display(), .0.display())]
    Missing(PathBuf),
    /// It was made by another version or with other settings; [`Index::rebuild`] makes it new.
    #[error(
        "索引是用别的版本或设置做的（{found}），需要重建 / the index was made with another version or settings ({found}) and must be rebuilt"
    )]
    NeedsRebuild {
        /// How it was made.
        found: String,
    },
    /// The folder holds something that is no index; it is left alone.
    #[error("{} 不是索引目录，未作改动 / {} is no index folder and was left alone", .0.display(), .0.display())]
    NotAnIndex(PathBuf),
    /// Another program is writing to it.
    #[error("另一个程序正在写索引，请稍后再试 / another program is writing to the index, try again later")]
    Busy,
    /// The disk said no.
    #[error("读写索引时出错：{0} / the index can't be read or written: {0}")]
    Io(#[from] io::Error),
    /// The index is damaged, or the engine met something it can't handle; a rebuild mends it.
    #[error("索引已损坏或无法使用，请重建：{0} / the index is damaged or unusable, rebuild it: {0}")]
    Damaged(String),
}

impl IndexError {
    /// What to do about it.
    pub fn help(&self) -> Text {
        match self {
            Self::Missing(_) => Text::fixed("请先运行 archive index", "run archive index first"),
            Self::NeedsRebuild { .. } | Self::Damaged(_) => Text::fixed(
                "请运行 archive index --rebuild；原文不受影响",
                "run archive index --rebuild; nothing else is touched",
            ),
            Self::NotAnIndex(path) => {
                let path = path.display();
                text!("请检查路径 {path}", "check the path {path}")
            }
            Self::Busy => Text::fixed("请等另一个程序结束", "wait until the other program has ended"),
            Self::Io(_) => Text::fixed("请检查磁盘空间和权限", "check the disk's space and permissions"),
        }
    }
}

impl From<TantivyError> for IndexError {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => Self::Busy,
            TantivyError::IoError(error) => Self::Io(io::Error::new(error.kind(), error.to_string())),
            other => Self::Damaged(other.to_string()),
        }
    }
}

/// How an index was made: all of it must be the same for it to be of use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Settings {
    layout: u32,
    folding: String,
}

impl Settings {
    fn current() -> Self {
        Self { layout: schema::LAYOUT, folding: fold::FOLDING.to_owned() }
    }
}

/// A full-text index.
#[derive(Debug)]
pub struct Index {
    pub(super) fields: Fields,
    pub(super) dir: PathBuf,
    open: Shelf,
    closed: Shelf,
}

/// An index that was made anew beside the one in use.
#[derive(Debug)]
#[must_use = "it isn't used until it takes its place"]
pub struct Rebuilt {
    place: PathBuf,
    beside: PathBuf,
}

impl Rebuilt {
    /// Puts the new index in the place of the old one. Cut off in the middle, there is no index for a
    /// moment, and the next `archive index` makes one from what is kept.
    ///
    /// # Errors
    ///
    /// When the folders can't be moved.
    pub fn take_place(self) -> Result<(), IndexError> {
        let mut name = self.place.file_name().unwrap_or_default().to_owned();
        name.push(".old");
        let old = self.place.with_file_name(name);
        if old.exists() {
            fs::remove_dir_all(&old)?;
        }
        if self.place.exists() {
            fs::rename(&self.place, &old)?;
        }
        fs::rename(&self.beside, &self.place)?;
        if old.exists() {
            fs::remove_dir_all(&old)?;
        }
        Ok(())
    }
}

/// One half of an index.
pub(super) struct Shelf {
    pub(super) index: tantivy::Index,
    opener: Opener,
}

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shelf").field("index", &self.index).finish_non_exhaustive()
    }
}

impl Index {
    /// Opens the index in a folder, or makes an empty one.
    ///
    /// # Errors
    ///
    /// [`IndexError::NeedsRebuild`] when it was made otherwise, [`IndexError::NotAnIndex`] when the folder
    /// holds something else.
    pub fn open_or_create(dir: &Path) -> Result<Self, IndexError> {
        match Self::open(dir) {
            Err(IndexError::Missing(_)) => {}
            other => return other,
        }
        // What has no note and nothing else in it was begun and never finished.
        Self::clear(dir)?;
        private_folder(dir)?;
        Self::shelves(dir)?;
        // The note is written last: a folder without it isn't taken for an index.
        let note = serde_json::to_vec_pretty(&Settings::current()).map_err(io::Error::other)?;
        fs::write(dir.join(SETTINGS), note)?;
        Self::open(dir)
    }

    /// Opens the index in a folder.
    ///
    /// # Errors
    ///
    /// As [`Index::open_or_create`], and [`IndexError::Missing`] when there is none.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        if !fold::is_whole() {
            return Err(IndexError::Damaged("t2s".to_owned()));
        }
        let note = match fs::read_to_string(dir.join(SETTINGS)) {
            Ok(note) => note,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(IndexError::Missing(dir.to_owned()));
            }
            Err(error) => return Err(error.into()),
        };
        match serde_json::from_str::<Settings>(&note) {
            Ok(settings) if settings == Settings::current() => Self::shelves(dir),
            Ok(settings) => Err(IndexError::NeedsRebuild {
                found: format!("layout {}, folding {}", settings.layout, settings.folding),
            }),
            Err(_) => Err(IndexError::NeedsRebuild { found: note.chars().take(80).collect() }),
        }
    }

    /// Makes an empty index beside the one in a folder, which can be searched meanwhile; the new one takes
    /// its place by [`Rebuilt::take_place`].
    ///
    /// # Errors
    ///
    /// [`IndexError::NotAnIndex`] when the folder holds something else: that is never replaced.
    pub fn rebuild_beside(dir: &Path) -> Result<(Self, Rebuilt), IndexError> {
        Self::check_is_ours(dir)?;
        let mut name = dir.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let beside = dir.with_file_name(name);
        // What an earlier attempt left is of no use: it was never finished.
        let index = Self::rebuild(&beside)?;
        Ok((index, Rebuilt { place: dir.to_owned(), beside }))
    }

    /// Deletes the index in a folder, if there is one, and makes an empty one.
    ///
    /// # Errors
    ///
    /// [`IndexError::NotAnIndex`] when the folder holds something else: that is never deleted.
    pub fn rebuild(dir: &Path) -> Result<Self, IndexError> {
        Self::clear(dir)?;
        Self::open_or_create(dir)
    }

    /// Removes an index, finished or not; anything else is left alone.
    fn clear(dir: &Path) -> Result<(), IndexError> {
        Self::check_is_ours(dir)?;
        if dir.exists() {
            fs::remove_dir_all(dir)?;
        }
        Ok(())
    }

    /// Whether a folder holds nothing but an index.
    fn check_is_ours(dir: &Path) -> Result<(), IndexError> {
        if dir.exists() {
            for entry in fs::read_dir(dir)? {
                let name = entry?.file_name();
                let known = name.to_str().is_some_and(|name| {
                    name == SETTINGS
                        || name.starts_with("sums.json")
                        || ShelfName::ALL.iter().any(|shelf| shelf.folder() == name)
                });
                if !known {
                    return Err(IndexError::NotAnIndex(dir.to_owned()));
                }
            }
        }
        Ok(())
    }

    fn shelves(dir: &Path) -> Result<Self, IndexError> {
        let (schema, fields) = schema::schema();
        let open = Shelf::open(&dir.join(ShelfName::Open.folder()), &schema, fields)?;
        let closed = Shelf::open(&dir.join(ShelfName::Closed.folder()), &schema, fields)?;
        Ok(Self { fields, dir: dir.to_owned(), open, closed })
    }

    /// Starts writing, with as many threads as there are processors.
    ///
    /// # Errors
    ///
    /// [`IndexError::Busy`] when another program writes.
    pub fn writer(&self) -> Result<Writer<'_>, IndexError> {
        Writer::new(self)
    }

    pub(super) const fn shelf(&self, name: ShelfName) -> &Shelf {
        match name {
            ShelfName::Open => &self.open,
            ShelfName::Closed => &self.closed,
        }
    }

    /// The shelves an asker may look at, as they are now.
    pub(super) fn shelves_of(&self, asker: Asker) -> Result<Vec<Arc<Opened>>, IndexError> {
        ShelfName::seen_by(asker).iter().map(|&name| self.shelf(name).opener.open()).collect()
    }
}

impl Shelf {
    fn open(dir: &Path, schema: &Schema, fields: Fields) -> Result<Self, IndexError> {
        private_folder(dir)?;
        let directory = Folder::open(dir).map_err(TantivyError::from)?;
        let index = match tantivy::Index::open_or_create(directory, schema.clone()) {
            Err(TantivyError::SchemaError(_)) => {
                return Err(IndexError::NeedsRebuild { found: "schema".to_owned() });
            }
            other => other?,
        };
        index.tokenizers().register(tokens::NAME, tokens::Bige);
        let opener = Opener::new(&index, fields)?;
        Ok(Self { index, opener })
    }
}

/// What was read out of records is as private as they are: the folder is its owner's only.
fn private_folder(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}
