//! The inventory of an object we write: which files its versions have, each named by its digest.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};

use super::digest;
use crate::safe_file;

/// The specification our inventories follow.
pub(crate) const TYPE: &str = "https://ocfl.io/1.1/spec/#inventory";
/// The digest that names files.
pub(crate) const ALGORITHM: &str = "sha512";
/// The inventory's file name.
pub(crate) const NAME: &str = "inventory.json";
/// Its sidecar: the inventory's own digest.
pub(crate) const SIDECAR: &str = "inventory.json.sha512";

/// The file that declares a folder an object, and what stands in it.
pub(crate) const DECLARATION: (&str, &[u8]) = ("0=ocfl_object_1.1", b"ocfl_object_1.1\n");

/// What the sidecar of an inventory says.
pub(crate) fn sidecar(inventory: &[u8]) -> String {
    format!("{} {NAME}\n", digest::sha512(inventory))
}

/// Digest to the paths that have it.
pub(crate) type Paths = BTreeMap<String, Vec<String>>;

/// `inventory.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Inventory {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) digest_algorithm: String,
    pub(crate) head: String,
    pub(crate) manifest: Paths,
    pub(crate) versions: BTreeMap<String, Version>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) fixity: BTreeMap<String, Paths>,
}

/// One version of the object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Version {
    pub(crate) created: String,
    pub(crate) message: String,
    pub(crate) user: User,
    pub(crate) state: Paths,
}

/// Who made a version. `address` is a URI, as OCFL wishes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) address: String,
}

/// Adds a path under a digest, keeping the paths sorted.
pub(crate) fn add(paths: &mut Paths, digest: &str, path: &str) {
    let list = paths.entry(digest.to_owned()).or_default();
    if let Err(place) = list.binary_search_by(|known| known.as_str().cmp(path)) {
        list.insert(place, path.to_owned());
    }
}

/// `v3` is 3.
pub(crate) fn version_number(name: &str) -> Option<u32> {
    name.strip_prefix('v')?.parse().ok()
}

/// The inventory in a folder, if its sidecar vouches for it and what it names lies in its object.
///
/// It may be that of a copy somebody else made: a path that leaves the object would let it write where it pleases.
pub(crate) fn sound(folder: &Path) -> Option<(Vec<u8>, Inventory)> {
    let bytes = safe_file::read(&folder.join(NAME)).ok()?;
    let sidecar = safe_file::read_text(&folder.join(SIDECAR)).ok()?;
    if !sidecar.split_whitespace().next()?.eq_ignore_ascii_case(&digest::sha512(&bytes)) {
        return None;
    }
    let inventory: Inventory = serde_json::from_slice(&bytes).ok()?;
    let inside = |path: &str| Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let paths = inventory.manifest.values().flatten();
    let sound = paths.chain([&inventory.head]).all(|path| inside(path))
        && inventory.versions.keys().all(|version| version_number(version).is_some());
    sound.then_some((bytes, inventory))
}
