//! An object on disk against its inventories.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::Path;

use archive_core::text;
use archive_core::text::Text;
use serde::Serialize;

use super::parse::{self, Parsed, SPECS, version_name};
use super::paths::{self, by_path};
use super::{Depth, Problem, Problems};
use crate::ocfl::digest::{self, Algorithm};

/// Names of extensions the OCFL community has registered.
const REGISTERED: [&str; 14] = [
    "0001-digest-algorithms",
    "0002-flat-direct-storage-layout",
    "0003-hash-and-id-n-tuple-storage-layout",
    "0004-hashed-n-tuple-storage-layout",
    "0005-mutable-head",
    "0006-flat-omit-prefix-storage-layout",
    "0007-n-tuple-omit-prefix-storage-layout",
    "0008-schema-registry",
    "0009-digest-algorithms",
    "0010-differential-n-tuple-omit-prefix-storage-layout",
    "0011-direct-clean-path-layout",
    "0012-mutable-head",
    "0013-digest-algorithms",
    "initial",
];

const DECLARATION: &str = "0=ocfl_object_";
const INVENTORY: &str = "inventory.json";

/// What became of judging an object.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ObjectReport {
    /// Its identifier, if one could be read.
    pub id: Option<String>,
    /// Breaches that make it invalid.
    pub errors: Vec<Problem>,
    /// What the specification advises against.
    pub warnings: Vec<Problem>,
    /// Bytes read for digests.
    pub bytes: u64,
}

impl ObjectReport {
    /// Whether it is a valid OCFL object.
    pub fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }
}

/// Judges the object in a folder; `passed` is told of bytes as they are read.
pub fn validate_object(folder: &Path, depth: Depth, passed: &(dyn Fn(u64) + Sync)) -> ObjectReport {
    judge(folder, depth, passed).0
}

/// The same, with the digests (sha512) the manifest gives each content path.
pub(crate) fn judge(
    folder: &Path,
    depth: Depth,
    passed: &(dyn Fn(u64) + Sync),
) -> (ObjectReport, BTreeMap<String, String>) {
    let mut judge = Judge { folder, problems: Problems::default(), expected: BTreeMap::new() };
    let (id, manifest) = judge.object();
    let bytes = if depth == Depth::Digests { judge.digests(passed) } else { 0 };
    let Judge { mut problems, .. } = judge;
    problems.sort();
    (ObjectReport { id, errors: problems.errors, warnings: problems.warnings, bytes }, manifest)
}

/// A digest a file should have, by algorithm; and the code it breaks if it doesn't.
type Expected = BTreeMap<Algorithm, BTreeSet<(String, &'static str)>>;

struct Judge<'a> {
    folder: &'a Path,
    problems: Problems,
    /// Content path to the digests it should have.
    expected: BTreeMap<String, Expected>,
}

/// What a folder holds, sorted; links and devices are neither files nor folders.
#[derive(Debug, Default)]
struct Held {
    files: BTreeSet<String>,
    folders: BTreeSet<String>,
}

impl Judge<'_> {
    fn note(&mut self, code: &'static str, path: &str, message: Text) {
        self.problems.note(code, path, message);
    }

    fn object(&mut self) -> (Option<String>, BTreeMap<String, String>) {
        let held = self.held("");
        let spec = self.declaration(&held);
        if !held.files.contains(INVENTORY) {
            self.note("E063", INVENTORY, Text::fixed("没有清单", "there is no inventory"));
            return (None, BTreeMap::new());
        }
        let Some((root, root_bytes)) = self.inventory("", &held) else { return (None, BTreeMap::new()) };
        if let (Some(declared), Some(found)) = (spec, root.spec)
            && declared != found
        {
            self.note(
                "E038",
                INVENTORY,
                Text::fixed("清单与声明的版本不同", "inventory and declaration name different versions"),
            );
        }
        self.top_level(&held, &root);
        let on_disk = self.content(&held, &root);
        self.manifest_against_disk(&root, INVENTORY, &on_disk, None);
        let mut last_spec = None;
        for folder in version_folders(&held) {
            last_spec = self.version(&folder, &root, &root_bytes, &on_disk, last_spec).or(last_spec);
        }
        let expected: Vec<(String, Algorithm, String, &'static str)> = expectations(&root);
        for (path, algorithm, digest, code) in expected {
            self.expect(path, algorithm, &digest, code);
        }
        let manifest = by_path(&root.manifest)
            .into_iter()
            .map(|(path, digest)| (path.to_owned(), digest.to_owned()))
            .collect();
        (root.id, manifest)
    }

    /// What lies in a folder of the object. What can't be read or is neither file nor folder is noted.
    fn held(&mut self, path: &str) -> Held {
        let mut held = Held::default();
        let folder = self.folder.join(path);
        let entries = fs::read_dir(&folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                let code = if path.is_empty() { "E003" } else { "E092" };
                self.note(code, path, text!("无法读取：{error}", "it can't be read: {error}"));
                return held;
            }
        };
        for entry in entries {
            let Ok(name) = entry.file_name().into_string() else {
                let name = entry.file_name().to_string_lossy().into_owned();
                self.note(
                    "E023",
                    &join(path, &name),
                    Text::fixed("文件名不是 UTF-8", "its name is no UTF-8"),
                );
                continue;
            };
            match entry.file_type() {
                Ok(kind) if kind.is_file() => held.files.insert(name),
                Ok(kind) if kind.is_dir() => held.folders.insert(name),
                _ => {
                    let place = join(path, &name);
                    self.note("E090", &place, Text::fixed("是链接或设备", "it is a link or a device"));
                    false
                }
            };
        }
        held
    }

    fn read(&mut self, path: &str) -> Option<Vec<u8>> {
        match fs::read(self.folder.join(path)) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                self.note("E092", path, text!("无法读取：{error}", "it can't be read: {error}"));
                None
            }
        }
    }

    /// The declaration (Namaste file) of the object's version.
    fn declaration(&mut self, held: &Held) -> Option<usize> {
        let declarations: Vec<&String> =
            held.files.iter().filter(|name| name.starts_with(DECLARATION)).collect();
        let [name] = declarations[..] else {
            self.note(
                "E003",
                "",
                Text::fixed("没有唯一的 OCFL 声明文件", "there is no single declaration file"),
            );
            return None;
        };
        let version = &name[DECLARATION.len()..];
        let Some(spec) = SPECS.iter().position(|known| *known == version) else {
            self.note("E006", name, text!("不认识版本 {version}", "version {version} is not known"));
            return None;
        };
        if let Some(bytes) = self.read(name)
            && bytes != format!("ocfl_object_{version}\n").as_bytes()
        {
            self.note("E007", name, Text::fixed("声明文件的内容不对", "its contents are wrong"));
        }
        Some(spec)
    }

    /// An inventory with its sidecar, in the object's folder or in a version's.
    fn inventory(&mut self, folder: &str, held: &Held) -> Option<(Parsed, Vec<u8>)> {
        let place = join(folder, INVENTORY);
        let bytes = self.read(&place)?;
        let parsed = parse::parse(&bytes, &place, &mut self.problems)?;
        let Some(algorithm) = parsed.algorithm else { return Some((parsed, bytes)) };
        let sidecar_name = format!("{INVENTORY}.{}", algorithm.name());
        let sidecar = join(folder, &sidecar_name);
        if !held.files.contains(&sidecar_name) {
            self.note(
                "E058",
                &sidecar,
                Text::fixed("没有清单的摘要文件", "the inventory's sidecar is missing"),
            );
            return Some((parsed, bytes));
        }
        let stated = self.read(&sidecar).and_then(|text| String::from_utf8(text).ok());
        let parts: Vec<&str> = stated.as_deref().unwrap_or_default().split_whitespace().collect();
        match parts[..] {
            [stated, INVENTORY] => {
                let found = digest::digests(&mut bytes.as_slice(), &[algorithm], &|_| ());
                if !found.is_ok_and(|found| found[0].eq_ignore_ascii_case(stated)) {
                    self.note(
                        "E060",
                        &place,
                        Text::fixed("清单与它的摘要不符", "it is not what its sidecar says"),
                    );
                }
            }
            _ => self.note(
                "E061",
                &sidecar,
                Text::fixed("应为“摘要 inventory.json”", "it should read: digest inventory.json"),
            ),
        }
        Some((parsed, bytes))
    }

    /// Nothing lies in the object's folder that has no business there.
    fn top_level(&mut self, held: &Held, root: &Parsed) {
        for name in &held.files {
            let sidecar =
                root.algorithm.is_some_and(|algorithm| *name == format!("{INVENTORY}.{}", algorithm.name()));
            if name != INVENTORY && !sidecar && !name.starts_with(DECLARATION) {
                self.note("E001", name, Text::fixed("不该有的文件", "this file has no business here"));
            }
        }
        let listed: BTreeSet<&str> = root.versions.values().map(|version| version.name.as_str()).collect();
        for name in &held.folders {
            match name.as_str() {
                "logs" => {}
                "extensions" => self.extensions(),
                _ if listed.contains(name.as_str()) => {}
                _ if version_name(name).is_some() => {
                    self.note(
                        "E046",
                        name,
                        Text::fixed("清单中没有这个版本", "the inventory has no such version"),
                    );
                }
                _ => {
                    self.note(
                        "E001",
                        name,
                        Text::fixed("不该有的文件夹", "this folder has no business here"),
                    );
                }
            }
        }
        for name in listed {
            if !held.folders.contains(name) {
                self.note("E010", name, Text::fixed("版本文件夹不在", "the version's folder is missing"));
            }
        }
    }

    fn extensions(&mut self) {
        let held = self.held("extensions");
        for name in &held.files {
            let place = join("extensions", name);
            self.note("E067", &place, Text::fixed("这里只能有文件夹", "only folders may lie here"));
        }
        for name in held.folders.iter().filter(|name| !REGISTERED.contains(&name.as_str())) {
            let place = join("extensions", name);
            self.note("W013", &place, Text::fixed("没有登记的扩展", "this extension is not registered"));
        }
    }

    /// Every file in the content folders of all versions.
    fn content(&mut self, held: &Held, root: &Parsed) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for version in version_folders(held) {
            let inside = self.held(&version);
            for name in &inside.files {
                if name != INVENTORY && !name.starts_with("inventory.json.") {
                    let place = join(&version, name);
                    self.note(
                        "E015",
                        &place,
                        Text::fixed("文件不在内容文件夹中", "this file lies outside the content folder"),
                    );
                }
            }
            for name in &inside.folders {
                let place = join(&version, name);
                if *name == root.content {
                    self.walk(&place, &mut all);
                } else {
                    self.note(
                        "W002",
                        &place,
                        Text::fixed("不该有的文件夹", "this folder has no business here"),
                    );
                }
            }
        }
        all
    }

    fn walk(&mut self, folder: &str, all: &mut BTreeSet<String>) {
        let mut open = vec![folder.to_owned()];
        while let Some(folder) = open.pop() {
            let held = self.held(&folder);
            // An empty content folder is tolerated; empty folders inside it are not.
            if held.files.is_empty() && held.folders.is_empty() && folder.matches('/').count() > 1 {
                self.note("E024", &folder, Text::fixed("空文件夹", "an empty folder"));
            }
            all.extend(held.files.iter().map(|name| join(&folder, name)));
            open.extend(held.folders.iter().map(|name| join(&folder, name)));
        }
    }

    /// What a manifest lists is there, and what is there, up to its version, is listed.
    fn manifest_against_disk(
        &mut self,
        inventory: &Parsed,
        place: &str,
        on_disk: &BTreeSet<String>,
        up_to: Option<u32>,
    ) {
        let listed = by_path(&inventory.manifest);
        for path in listed.keys().filter(|path| !on_disk.contains(**path)) {
            self.note("E092", path, text!("{place} 所列的文件不在", "{place} lists it, but it isn't there"));
        }
        for path in on_disk {
            let version = path.split('/').next().and_then(version_name).map_or(0, |(number, _)| number);
            if up_to.is_none_or(|last| version <= last) && !listed.contains_key(path.as_str()) {
                self.note("E023", path, text!("{place} 没有列出这个文件", "{place} doesn't list it"));
            }
        }
        let fixity: Vec<String> = inventory
            .fixity
            .values()
            .flat_map(|listing| listing.values().flatten())
            .filter(|path| !listed.contains_key(path.as_str()))
            .cloned()
            .collect();
        for path in fixity {
            self.note(
                "E093",
                &path,
                text!("{place} 的 fixity 列出不存在的文件", "the fixity of {place} lists what isn't there"),
            );
        }
    }

    /// A version's own inventory against the object's; gives the specification it follows.
    fn version(
        &mut self,
        folder: &str,
        root: &Parsed,
        root_bytes: &[u8],
        on_disk: &BTreeSet<String>,
        last_spec: Option<usize>,
    ) -> Option<usize> {
        let (number, _) = version_name(folder)?;
        let held = self.held_quietly(folder);
        let place = join(folder, INVENTORY);
        if !held.files.contains(INVENTORY) {
            self.note(
                "W010",
                folder,
                Text::fixed("这个版本没有自己的清单", "the version has no inventory of its own"),
            );
            return None;
        }
        if root.head.as_deref() == Some(folder) {
            // The latest version's inventory is the object's own, byte for byte.
            if fs::read(self.folder.join(&place)).is_ok_and(|own| own == root_bytes) {
                self.sidecar_alike(folder, root);
            } else {
                self.note(
                    "E064",
                    &place,
                    Text::fixed("与对象的清单不同", "it differs from the object's inventory"),
                );
                self.inventory(folder, &held);
            }
            return self.not_older(root.spec, last_spec, &place);
        }
        let (own, _) = self.inventory(folder, &held)?;
        if own.head.as_deref().is_some_and(|head| head != folder) {
            self.note("E040", &place, text!("head 不是 {folder}", "head is not {folder}"));
        }
        if own.id.is_some() && own.id != root.id {
            self.note("E037", &place, Text::fixed("id 与对象的不同", "the id differs from the object's"));
        }
        if own.content != root.content {
            self.note(
                "E019",
                &place,
                Text::fixed("内容文件夹与对象的不同", "the content folder differs from the object's"),
            );
        }
        self.manifest_against_disk(&own, &place, on_disk, Some(number));
        self.same_states(&own, root, &place, number);
        for (path, algorithm, digest, code) in expectations(&own) {
            self.expect(path, algorithm, &digest, code);
        }
        self.not_older(own.spec, last_spec, &place)
    }

    /// The copy of the sidecar beside the latest version's inventory.
    fn sidecar_alike(&mut self, folder: &str, root: &Parsed) {
        let Some(algorithm) = root.algorithm else { return };
        let name = format!("{INVENTORY}.{}", algorithm.name());
        let digest_in = |path: &Path| {
            let text = fs::read_to_string(path).ok()?;
            text.split_whitespace().next().map(str::to_ascii_lowercase)
        };
        let (top, own) = (self.folder.join(&name), self.folder.join(folder).join(&name));
        let place = join(folder, &name);
        match digest_in(&own) {
            None => self.note(
                "E058",
                &place,
                Text::fixed("没有清单的摘要文件", "the inventory's sidecar is missing"),
            ),
            own if own == digest_in(&top) => {}
            Some(_) => self.note(
                "E060",
                &place,
                Text::fixed("清单与它的摘要不符", "the inventory is not what it says"),
            ),
        }
    }

    fn not_older(&mut self, spec: Option<usize>, last: Option<usize>, place: &str) -> Option<usize> {
        if let (Some(spec), Some(last)) = (spec, last)
            && spec < last
        {
            self.note(
                "E103",
                place,
                Text::fixed(
                    "规范版本比前一版旧",
                    "it follows an older specification than the version before",
                ),
            );
        }
        spec
    }

    /// The versions an older inventory describes are the same in the object's inventory.
    fn same_states(&mut self, own: &Parsed, root: &Parsed, place: &str, last: u32) {
        for number in 1..=last {
            let (Some(then), Some(now)) = (own.versions.get(&number), root.versions.get(&number)) else {
                if own.versions.contains_key(&number) != root.versions.contains_key(&number) {
                    self.note(
                        "E066",
                        place,
                        text!("版本 {number} 只在一处", "version {number} stands in one only"),
                    );
                }
                continue;
            };
            // Digests may be taken by another algorithm since: what counts is which files a path stands for.
            let files = |inventory: &Parsed, state: &paths::Listing| -> BTreeMap<String, BTreeSet<String>> {
                by_path(state)
                    .into_iter()
                    .map(|(logical, digest)| {
                        let content = inventory.manifest.get(digest).into_iter().flatten();
                        let earlier = content.filter(|path| {
                            let version = path.split('/').next().and_then(version_name);
                            version.is_some_and(|(version, _)| version <= number)
                        });
                        (logical.to_owned(), earlier.cloned().collect())
                    })
                    .collect()
            };
            if files(own, &then.state) != files(root, &now.state) {
                self.note(
                    "E066",
                    place,
                    text!(
                        "版本 {number} 的状态与对象的不同",
                        "the state of version {number} differs from the object's"
                    ),
                );
            }
            if then.circumstances != now.circumstances {
                self.note(
                    "W011",
                    place,
                    text!(
                        "版本 {number} 的说明与对象的不同",
                        "what is said of version {number} differs from the object's"
                    ),
                );
            }
        }
    }

    fn expect(&mut self, path: String, algorithm: Algorithm, digest: &str, code: &'static str) {
        self.expected
            .entry(path)
            .or_default()
            .entry(algorithm)
            .or_default()
            .insert((digest.to_ascii_lowercase(), code));
    }

    /// Reads every file once and takes all the digests somebody stated for it.
    fn digests(&mut self, passed: &(dyn Fn(u64) + Sync)) -> u64 {
        let bytes = std::cell::Cell::new(0);
        let count = |piece: u64| {
            bytes.set(bytes.get() + piece);
            passed(piece);
        };
        for (path, expected) in std::mem::take(&mut self.expected) {
            let full = self.folder.join(&path);
            // A path that leaves the object was refused already; what isn't there was noted.
            let inside = paths::judge(paths::Kind::Content, &path, "", &mut Problems::default());
            if !inside || !full.is_file() {
                continue;
            }
            let algorithms: Vec<Algorithm> = expected.keys().copied().collect();
            let taken =
                File::open(&full).and_then(|mut file| digest::digests(&mut file, &algorithms, &count));
            match taken {
                Err(error) => {
                    self.note("E092", &path, text!("无法读取：{error}", "it can't be read: {error}"));
                }
                Ok(taken) => {
                    for (found, stated) in taken.iter().zip(expected.values()) {
                        for (_, code) in stated.iter().filter(|(digest, _)| digest != found) {
                            self.note(
                                code,
                                &path,
                                Text::fixed("内容与摘要不符", "its contents are not what its digest says"),
                            );
                        }
                    }
                }
            }
        }
        bytes.get()
    }

    /// A folder whose oddities were noted before.
    fn held_quietly(&mut self, path: &str) -> Held {
        let (errors, warnings) = (self.problems.errors.len(), self.problems.warnings.len());
        let held = self.held(path);
        self.problems.errors.truncate(errors);
        self.problems.warnings.truncate(warnings);
        held
    }
}

/// The version folders, in order of their numbers.
fn version_folders(held: &Held) -> Vec<String> {
    let mut folders: Vec<(u32, String)> = held
        .folders
        .iter()
        .filter_map(|name| version_name(name).map(|(number, _)| (number, name.clone())))
        .collect();
    folders.sort();
    folders.into_iter().map(|(_, name)| name).collect()
}

/// Every digest an inventory states: path, algorithm, digest, and the code it breaks if it is wrong.
fn expectations(inventory: &Parsed) -> Vec<(String, Algorithm, String, &'static str)> {
    let mut all = Vec::new();
    if let Some(algorithm) = inventory.algorithm {
        for (path, digest) in by_path(&inventory.manifest) {
            all.push((path.to_owned(), algorithm, digest.to_owned(), "E092"));
        }
    }
    for (name, listing) in &inventory.fixity {
        // Algorithms we can't take are allowed there, and left alone.
        let Some(algorithm) = Algorithm::named(name) else { continue };
        for (path, digest) in by_path(listing) {
            all.push((path.to_owned(), algorithm, digest.to_owned(), "E093"));
        }
    }
    all
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
