//! A whole storage root: its declaration, its layout, and every object in it.

use std::fs;
use std::path::{Path, PathBuf};

use archive_core::text;
use archive_core::text::Text;
use rayon::prelude::*;
use serde::Serialize;
use walkdir::WalkDir;

use super::{Depth, ObjectReport, Problem, Problems, validate_object};
use crate::ocfl::layout;

/// What became of judging a storage root.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RootReport {
    /// What is wrong with the root itself.
    pub errors: Vec<Problem>,
    /// What the specification advises against.
    pub warnings: Vec<Problem>,
    /// Every object, by its path under the root, in order.
    pub objects: Vec<(String, ObjectReport)>,
}

impl RootReport {
    /// Whether the root and every object in it are valid.
    pub fn is_valid(&self) -> bool {
        self.errors.is_empty() && self.objects.iter().all(|(_, object)| object.is_valid())
    }
}

/// What lies in a storage root: the objects' paths, and what is wrong around them.
pub(crate) struct Survey {
    pub(crate) objects: Vec<String>,
    pub(crate) problems: Vec<Problem>,
}

/// Looks at a storage root without opening its objects.
pub(crate) fn survey(root: &Path) -> Survey {
    let mut problems = Problems::default();
    declaration(root, &mut problems);
    let objects = find_objects(root, &mut problems);
    problems.sort();
    Survey { objects, problems: problems.errors }
}

/// Judges a storage root and its objects, on all cores; `passed` is told of bytes as they are read.
pub fn validate_root(root: &Path, depth: Depth, passed: &(dyn Fn(u64) + Sync)) -> RootReport {
    let mut problems = Problems::default();
    let ours = declaration(root, &mut problems);
    let folders = find_objects(root, &mut problems);
    let objects: Vec<(String, ObjectReport)> = folders
        .into_par_iter()
        .map(|path| {
            let report = validate_object(&root.join(&path), depth, passed);
            (path, report)
        })
        .collect();
    if ours {
        for (path, object) in &objects {
            if object.id.as_deref().is_some_and(|id| layout::object_path(id) != *path) {
                problems.note(
                    "E082",
                    path.as_str(),
                    Text::fixed("对象不在布局规定的位置", "the object is not where the layout puts it"),
                );
            }
        }
    }
    problems.sort();
    RootReport { errors: problems.errors, warnings: problems.warnings, objects }
}

/// The root's declaration and layout; whether the layout is the one we know.
fn declaration(root: &Path, problems: &mut Problems) -> bool {
    let declared = ["1.0", "1.1"]
        .into_iter()
        .filter_map(|version| {
            let name = format!("0=ocfl_{version}");
            fs::read(root.join(&name)).ok().map(|bytes| (version, name, bytes))
        })
        .collect::<Vec<_>>();
    match &declared[..] {
        [(version, name, bytes)] => {
            if *bytes != format!("ocfl_{version}\n").as_bytes() {
                problems.note(
                    "E080",
                    name.as_str(),
                    Text::fixed("声明文件的内容不对", "its contents are wrong"),
                );
            }
        }
        _ => problems.note(
            "E069",
            "",
            Text::fixed("没有唯一的 OCFL 声明文件", "there is no single declaration file"),
        ),
    }
    let Ok(bytes) = fs::read(root.join("ocfl_layout.json")) else { return false };
    let stated: Option<serde_json::Value> = serde_json::from_slice(&bytes).ok();
    let extension = stated.as_ref().and_then(|layout| layout.get("extension")?.as_str());
    if extension.is_none() || stated.as_ref().is_none_or(|layout| layout.get("description").is_none()) {
        problems.note(
            "E070",
            "ocfl_layout.json",
            Text::fixed("缺 extension 或 description", "extension or description is missing"),
        );
    }
    extension == Some(layout::EXTENSION)
}

/// The objects' folders, sorted. Files and empty folders between them are noted.
fn find_objects(root: &Path, problems: &mut Problems) -> Vec<String> {
    let mut objects = Vec::new();
    let mut walk = WalkDir::new(root).min_depth(1).sort_by_file_name().into_iter();
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let place = error.path().map_or_else(String::new, |path| relative(root, path));
                problems.note("E072", place, text!("无法读取：{error}", "it can't be read: {error}"));
                continue;
            }
        };
        let place = relative(root, entry.path());
        if entry.depth() == 1 && entry.file_name() == "extensions" {
            walk.skip_current_dir();
        } else if entry.file_type().is_dir() {
            if is_object(entry.path()) {
                objects.push(place);
                walk.skip_current_dir();
            } else if fs::read_dir(entry.path()).is_ok_and(|mut inside| inside.next().is_none()) {
                problems.note("E073", place, Text::fixed("空文件夹", "an empty folder"));
            }
        } else if entry.depth() > 1 {
            problems.note("E072", place, Text::fixed("对象之外的文件", "a file outside any object"));
        }
    }
    objects
}

/// A folder that declares itself an object, or has an inventory and so should.
fn is_object(folder: &Path) -> bool {
    let declares = |name: PathBuf| folder.join(name).is_file();
    declares("inventory.json".into())
        || ["1.0", "1.1"].iter().any(|version| declares(format!("0=ocfl_object_{version}").into()))
}

fn relative(root: &Path, path: &Path) -> String {
    let parts: Vec<_> = path
        .strip_prefix(root)
        .unwrap_or(path)
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    parts.join("/")
}
