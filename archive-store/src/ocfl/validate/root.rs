//! A whole storage root: its declaration, its layout, and every object in it.

use std::ffi::{OsStr, OsString};
use std::fs::{self, FileType};
use std::io;
use std::path::Path;

use archive_core::text;
use archive_core::text::Text;
use rayon::prelude::*;
use serde::Serialize;

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
///
/// A million objects lie in three million folders: each is read once, those at the top side by side.
fn find_objects(root: &Path, problems: &mut Problems) -> Vec<String> {
    let (mut folders, unreadable) = listed(root);
    folders.retain(|(name, kind)| kind.is_dir() && name != "extensions");
    problems.errors.extend(unreadable.into_iter().map(|error| not_read(String::new(), &error)));
    let found: Vec<Found> = folders
        .into_par_iter()
        .map(|(name, _)| {
            let mut found = Found::default();
            found.look_into(&root.join(&name), name.to_string_lossy().into_owned());
            found
        })
        .collect();
    let mut objects = Vec::new();
    for mut one in found {
        objects.append(&mut one.objects);
        problems.errors.append(&mut one.problems);
    }
    objects
}

/// What lies below a folder of the storage root.
#[derive(Default)]
struct Found {
    objects: Vec<String>,
    problems: Vec<Problem>,
}

impl Found {
    /// A folder, and all below it that isn't an object.
    fn look_into(&mut self, folder: &Path, place: String) {
        let (entries, unreadable) = listed(folder);
        let whole = unreadable.is_empty();
        self.problems.extend(unreadable.into_iter().map(|error| not_read(place.clone(), &error)));
        if entries.iter().any(|(name, _)| declares(folder, name)) {
            self.objects.push(place);
            return;
        }
        if entries.is_empty() && whole {
            let message = Text::fixed("空文件夹", "an empty folder");
            self.problems.push(Problem { code: "E073", path: place, message });
            return;
        }
        for (name, kind) in entries {
            let below = format!("{place}/{}", name.to_string_lossy());
            if kind.is_dir() {
                self.look_into(&folder.join(name), below);
            } else {
                let message = Text::fixed("对象之外的文件", "a file outside any object");
                self.problems.push(Problem { code: "E072", path: below, message });
            }
        }
    }
}

/// What lies in a folder, by name, and what of it can't be told.
fn listed(folder: &Path) -> (Vec<(OsString, FileType)>, Vec<io::Error>) {
    let (mut entries, mut errors) = (Vec::new(), Vec::new());
    match fs::read_dir(folder) {
        Ok(inside) => {
            for entry in inside {
                match entry.and_then(|entry| Ok((entry.file_name(), entry.file_type()?))) {
                    Ok(entry) => entries.push(entry),
                    Err(error) => errors.push(error),
                }
            }
        }
        Err(error) => errors.push(error),
    }
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    (entries, errors)
}

fn not_read(path: String, error: &io::Error) -> Problem {
    Problem { code: "E072", path, message: text!("无法读取：{error}", "it can't be read: {error}") }
}

/// Whether this file says that its folder is an object: a declaration, or an inventory, which asks for one.
fn declares(folder: &Path, name: &OsStr) -> bool {
    ["inventory.json", "0=ocfl_object_1.0", "0=ocfl_object_1.1"].iter().any(|known| name == *known)
        && folder.join(name).is_file()
}
