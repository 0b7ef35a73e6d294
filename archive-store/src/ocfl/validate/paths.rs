//! The paths an inventory speaks of: logical paths of a state, content paths of a manifest.

use std::collections::{BTreeMap, BTreeSet};

use archive_core::text;

use super::Problems;

/// Which of the two kinds a path is, and so which codes it breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Logical,
    Content,
}

/// Judges one path by itself.
pub(super) fn judge(kind: Kind, path: &str, place: &str, problems: &mut Problems) -> bool {
    let (slashes, elements) = match kind {
        Kind::Logical => ("E053", "E052"),
        Kind::Content => ("E100", "E099"),
    };
    let mut good = true;
    if path.starts_with('/') || path.ends_with('/') {
        problems.note(
            slashes,
            place,
            text!("路径“{path}”以斜杠开头或结尾", "the path \"{path}\" begins or ends with a slash"),
        );
        good = false;
    }
    let inner = path.trim_matches('/');
    if inner.split('/').any(|element| matches!(element, "" | "." | "..")) || path.starts_with("//") {
        problems.note(
            elements,
            place,
            text!(
                "路径“{path}”含有空的、“.”或“..”部分",
                "the path \"{path}\" has an empty part, \".\" or \"..\""
            ),
        );
        good = false;
    }
    good
}

/// Judges paths together: none twice, none a folder for another.
pub(super) fn judge_all<'a>(
    kind: Kind,
    all: impl Iterator<Item = &'a str>,
    place: &str,
    problems: &mut Problems,
) {
    let (twice, conflict) = match kind {
        Kind::Logical => ("E095", "E095"),
        Kind::Content => ("E101", "E101"),
    };
    let mut seen = BTreeSet::new();
    for path in all {
        if !seen.insert(path) {
            problems.note(twice, place, text!("路径“{path}”出现两次", "the path \"{path}\" stands twice"));
        }
    }
    for path in &seen {
        let mut above = *path;
        while let Some((folder, _)) = above.rsplit_once('/') {
            if seen.contains(folder) {
                problems.note(
                    conflict,
                    place,
                    text!(
                        "“{folder}”既是文件又是文件夹",
                        "\"{folder}\" is both a file and the folder of \"{path}\""
                    ),
                );
            }
            above = folder;
        }
    }
}

/// Digest to paths, as an inventory has it, in order of digests.
pub(super) type Listing = BTreeMap<String, Vec<String>>;

/// Path to digest: a listing turned round.
pub(super) fn by_path(listing: &Listing) -> BTreeMap<&str, &str> {
    listing
        .iter()
        .flat_map(|(digest, paths)| paths.iter().map(move |path| (path.as_str(), digest.as_str())))
        .collect()
}
