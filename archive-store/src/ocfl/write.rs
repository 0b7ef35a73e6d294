//! Building objects and versions in a staging folder, ready to be moved into the storage root.
//!
//! Nothing here touches the storage root except [`create_root`]; moving what was built, and undoing
//! that, is the work of [`crate::staging`].

use std::fs;
use std::path::Path;

use archive_core::hex;
use archive_core::text;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::digest;
use super::inventory::{self, ALGORITHM, Inventory, Paths, SIDECAR, TYPE, User, Version};
use super::layout;
use crate::change::Intake;
use crate::error::{Result, StoreError};
use crate::safe_file;

/// The name of the file in each object that tells what the object is.
const ABOUT: &str = "about.json";
/// All there is in an object whose files were destroyed.
pub(crate) const TOMBSTONE: &str = "v1/content/about.json";

/// Makes an empty storage root in a folder that isn't there yet.
pub(crate) fn create_root(root: &Path) -> Result<()> {
    safe_file::folder(root)?;
    complete_root(root)
}

/// Writes what declares a storage root, where it isn't there or isn't as it should be.
pub(crate) fn complete_root(root: &Path) -> Result<()> {
    let extensions = root.join(EXTENSIONS);
    let extension = extensions.join(layout::EXTENSION);
    safe_file::folder(&extension)?;
    for (name, bytes) in root_files()? {
        let path = root.join(name);
        if fs::read(&path).ok().as_ref() != Some(&bytes) {
            safe_file::write(&path, &bytes)?;
        }
    }
    safe_file::sync_folder(&extension)?;
    safe_file::sync_folder(&extensions)?;
    safe_file::sync_folder(root)
}

/// The folder of a storage root where its layout is set down.
pub(crate) const EXTENSIONS: &str = "extensions";

/// What declares a storage root, by path in it: all there is in it besides objects.
pub(crate) fn root_files() -> Result<[(String, Vec<u8>); 3]> {
    let description = "Hashed n-tuple folders, then the percent-encoded identifier";
    let layout = json!({ "extension": layout::EXTENSION, "description": description });
    let config = json!({
        "extensionName": layout::EXTENSION,
        "digestAlgorithm": "sha256",
        "tupleSize": layout::TUPLE_SIZE,
        "numberOfTuples": layout::TUPLES,
    });
    Ok([
        ("0=ocfl_1.1".to_owned(), b"ocfl_1.1\n".to_vec()),
        ("ocfl_layout.json".to_owned(), pretty(&layout)?),
        (format!("{EXTENSIONS}/{}/config.json", layout::EXTENSION), pretty(&config)?),
    ])
}

/// Who makes a version, when and why.
#[derive(Debug, Clone)]
pub(crate) struct Making<'a> {
    pub(crate) who: &'a str,
    /// RFC 3339, to the second.
    pub(crate) when: &'a str,
    pub(crate) message: &'a str,
}

/// A file as it now lies in an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// From 1, through the item.
    pub(crate) position: u32,
    /// The original name.
    pub(crate) name: String,
    /// Relative to the object's folder.
    pub(crate) content_path: String,
    pub(crate) sha512: String,
    pub(crate) sha256: String,
    pub(crate) bytes: u64,
}

/// What `about.json` tells someone who has nothing but the object.
#[derive(Debug, Serialize)]
struct About<'a> {
    item: u64,
    /// The item as it was described when this version was made.
    description: &'a serde_json::Value,
    files: Vec<AboutFile<'a>>,
}

#[derive(Debug, Serialize)]
struct AboutFile<'a> {
    /// Its logical path in the object.
    file: &'a str,
    original_name: &'a str,
    bytes: u64,
    sha256: &'a str,
}

/// Builds the version that adds files to an item's object, in the new folder `staged`.
///
/// Without a `previous` inventory that is the whole object; with one, `staged` holds the new version's folder
/// and the new inventory of the object. Gives the inventory's version name and the files added.
pub(crate) fn build(
    staged: &Path,
    intake: &Intake<'_>,
    previous: Option<(Inventory, Vec<Kept>)>,
    making: &Making<'_>,
    passed: &dyn Fn(u64),
) -> Result<(String, Vec<Kept>)> {
    let Intake { item, description, files } = intake;
    safe_file::folder(staged)?;
    let (before, mut kept) = previous.map_or((None, Vec::new()), |(inventory, kept)| (Some(inventory), kept));
    let head = match &before {
        None => 1,
        Some(inventory) => inventory::version_number(&inventory.head).unwrap_or(0) + 1,
    };
    let head = format!("v{head}");
    let content = staged.join(&head).join("content");
    safe_file::folder(&content)?;

    let mut added = Vec::with_capacity(files.len());
    let first = kept.iter().map(|file| file.position).max().unwrap_or(0) + 1;
    for (position, file) in (first..).zip(files) {
        let name = short_name(position, &file.name);
        let taken = file.copy_to(&content.join(&name), passed)?;
        added.push(Kept {
            position,
            name: file.name.clone(),
            content_path: format!("{head}/content/{name}"),
            sha512: taken.sha512,
            sha256: taken.sha256,
            bytes: taken.bytes,
        });
    }
    kept.extend(added.iter().cloned());

    let about = pretty(&About {
        item: item.0,
        description,
        files: kept
            .iter()
            .map(|file| AboutFile {
                file: logical_path(file),
                original_name: &file.name,
                bytes: file.bytes,
                sha256: &file.sha256,
            })
            .collect(),
    })?;
    safe_file::create_staged(&content.join(ABOUT), &about)?;

    let mut manifest = before.as_ref().map(|inventory| inventory.manifest.clone()).unwrap_or_default();
    let mut sha256 = Paths::new();
    let mut state = Paths::new();
    for file in &kept {
        inventory::add(&mut manifest, &file.sha512, &file.content_path);
        inventory::add(&mut sha256, &file.sha256, &file.content_path);
        inventory::add(&mut state, &file.sha512, logical_path(file));
    }
    let about_digest = digest::sha512(&about);
    inventory::add(&mut manifest, &about_digest, &format!("{head}/content/{ABOUT}"));
    inventory::add(&mut state, &about_digest, ABOUT);
    let mut versions = before.map(|inventory| inventory.versions).unwrap_or_default();
    versions.insert(head.clone(), version(making, state));
    let inventory = Inventory {
        id: layout::object_id(*item),
        kind: TYPE.to_owned(),
        digest_algorithm: ALGORITHM.to_owned(),
        head: head.clone(),
        manifest,
        versions,
        fixity: [("sha256".to_owned(), sha256)].into(),
    };
    write_inventory(&staged.join(&head), &inventory)?;
    write_inventory(staged, &inventory)?;
    if head == "v1" {
        declare(staged)?;
    }
    Ok((head, added))
}

/// What is left of an object whose files were destroyed: one version, and nothing in it but what tells so.
#[derive(Debug, Serialize)]
struct Tombstone<'a> {
    item: u64,
    description: &'a serde_json::Value,
    /// By which list, whose leave, under whose eyes.
    destruction: &'a serde_json::Value,
    /// The files that were, by name and digest.
    destroyed: Vec<Gone<'a>>,
    /// The versions the object had.
    history: Vec<serde_json::Value>,
}

#[derive(Debug, Serialize)]
struct Gone<'a> {
    original_name: &'a str,
    bytes: u64,
    sha256: &'a str,
    sha512: &'a str,
}

/// Builds the object that takes the place of one whose files were destroyed, in the new folder `staged`.
///
/// OCFL keeps every version for ever; its one way to purge content is to make the object anew without it.
pub(crate) fn tombstone(
    staged: &Path,
    item: archive_core::model::ItemId,
    description: &serde_json::Value,
    gone: &[Kept],
    previous: Option<&Inventory>,
    destruction: &serde_json::Value,
    making: &Making<'_>,
) -> Result<()> {
    let content = staged.join("v1/content");
    safe_file::folder(&content)?;
    let about = pretty(&Tombstone {
        item: item.0,
        description,
        destruction,
        destroyed: gone
            .iter()
            .map(|file| Gone {
                original_name: &file.name,
                bytes: file.bytes,
                sha256: &file.sha256,
                sha512: &file.sha512,
            })
            .collect(),
        history: previous
            .into_iter()
            .flat_map(|previous| &previous.versions)
            .map(|(name, version)| {
                json!({
                    "version": name,
                    "created": version.created,
                    "message": version.message,
                    "who": version.user.name,
                })
            })
            .collect(),
    })?;
    safe_file::create_staged(&content.join(ABOUT), &about)?;
    let digest = digest::sha512(&about);
    let (mut manifest, mut state) = (Paths::new(), Paths::new());
    inventory::add(&mut manifest, &digest, TOMBSTONE);
    inventory::add(&mut state, &digest, ABOUT);
    let inventory = Inventory {
        id: layout::object_id(item),
        kind: TYPE.to_owned(),
        digest_algorithm: ALGORITHM.to_owned(),
        head: "v1".to_owned(),
        manifest,
        versions: [("v1".to_owned(), version(making, state))].into(),
        fixity: std::collections::BTreeMap::new(),
    };
    write_inventory(&staged.join("v1"), &inventory)?;
    write_inventory(staged, &inventory)?;
    declare(staged)
}

/// By which list the files of an object were destroyed, if the object is a sound tombstone.
pub(crate) fn destroyed_by(object: &Path) -> Option<String> {
    #[derive(Deserialize)]
    struct Told {
        destruction: Destruction,
    }
    #[derive(Deserialize)]
    struct Destruction {
        list: String,
    }
    let (_, inventory) = inventory::sound(object)?;
    let bytes = fs::read(object.join(TOMBSTONE)).ok()?;
    let told = is_tombstone(&inventory) && inventory.manifest.contains_key(&digest::sha512(&bytes));
    let read: Told = serde_json::from_slice(&bytes).ok().filter(|_| told)?;
    Some(read.destruction.list)
}

/// Whether an inventory is one of an object whose files were destroyed: one version with nothing but what tells so.
pub(crate) fn is_tombstone(inventory: &Inventory) -> bool {
    inventory.head == "v1"
        && inventory.versions.len() == 1
        && inventory.manifest.values().flatten().all(|path| path == TOMBSTONE)
}

/// A version's entry in the inventory.
fn version(making: &Making<'_>, state: Paths) -> Version {
    Version {
        created: making.when.to_owned(),
        message: making.message.to_owned(),
        user: User {
            name: making.who.to_owned(),
            address: format!("urn:archive:who:{}", uri_safe(making.who)),
        },
        state,
    }
}

/// Reads the inventory of an object of ours.
pub(crate) fn read_inventory(object: &Path) -> Result<Inventory> {
    let path = object.join(inventory::NAME);
    let bytes = fs::read(&path).map_err(StoreError::at(&path))?;
    serde_json::from_slice(&bytes).map_err(|error| StoreError::Damaged {
        path,
        reason: text!("清单无法读取：{error}", "the inventory can't be read: {error}"),
    })
}

/// Declares a folder an object.
fn declare(object: &Path) -> Result<()> {
    let (name, bytes) = inventory::DECLARATION;
    safe_file::create_staged(&object.join(name), bytes)
}

fn write_inventory(folder: &Path, inventory: &Inventory) -> Result<()> {
    let bytes = pretty(inventory)?;
    safe_file::create_staged(&folder.join(inventory::NAME), &bytes)?;
    safe_file::create_staged(&folder.join(SIDECAR), inventory::sidecar(&bytes).as_bytes())
}

/// `0001.tif`: the position, and the original name's extension if it is a plain one.
fn short_name(position: u32, original: &str) -> String {
    let extension = Path::new(original)
        .extension()
        .and_then(|extension| extension.to_str())
        .filter(|extension| {
            extension.len() <= 8 && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
        .map_or_else(|| "bin".to_owned(), str::to_ascii_lowercase);
    format!("{position:04}.{extension}")
}

/// The name a file has in the object's state: its short name.
fn logical_path(file: &Kept) -> &str {
    file.content_path.rsplit('/').next().unwrap_or(&file.content_path)
}

/// A person's name as the last part of a URN: everything but ASCII letters and digits is encoded.
fn uri_safe(name: &str) -> String {
    let mut safe = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() {
            safe.push(char::from(byte));
        } else {
            safe.push('%');
            safe.push_str(&hex::encode(&[byte]));
        }
    }
    safe
}

/// JSON for people: indented, with a line end.
fn pretty<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|error| StoreError::Inconsistent {
        reason: text!("无法写成 JSON：{error}", "this can't be written as JSON: {error}"),
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}
