//! The inventory of an object we write: which files its versions have, each named by its digest.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The specification our inventories follow.
pub(crate) const TYPE: &str = "https://ocfl.io/1.1/spec/#inventory";
/// The digest that names files.
pub(crate) const ALGORITHM: &str = "sha512";
/// The inventory's file name.
pub(crate) const NAME: &str = "inventory.json";
/// Its sidecar: the inventory's own digest.
pub(crate) const SIDECAR: &str = "inventory.json.sha512";

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
