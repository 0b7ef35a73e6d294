//! Reading an inventory field by field, judging each.

use std::collections::{BTreeMap, BTreeSet};

use archive_core::text;
use archive_core::text::Text;
use chrono::DateTime;
use serde_json::{Map, Value};

use super::Problems;
use super::paths::{self, Kind, Listing};
use crate::ocfl::digest::Algorithm;

/// The versions of the specification an inventory may follow, oldest first.
pub(super) const SPECS: [&str; 2] = ["1.0", "1.1"];

/// What could be read of an inventory. What is absent or wrong has been noted as a problem.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub(super) id: Option<String>,
    /// Index into [`SPECS`].
    pub(super) spec: Option<usize>,
    pub(super) algorithm: Option<Algorithm>,
    pub(super) head: Option<String>,
    /// `content` unless the inventory says otherwise.
    pub(super) content: String,
    pub(super) manifest: Listing,
    /// By number.
    pub(super) versions: BTreeMap<u32, ParsedVersion>,
    /// Algorithm by name, digest, paths.
    pub(super) fixity: BTreeMap<String, Listing>,
}

/// One version block.
#[derive(Debug, Default)]
pub(super) struct ParsedVersion {
    /// As written: `v1`, `v0001`.
    pub(super) name: String,
    pub(super) state: Listing,
    /// What W011 compares: created, message and user as written.
    pub(super) circumstances: Value,
}

/// `v1`, `v0001`: the number, and how many digits it has if it is padded with zeros.
pub(super) fn version_name(name: &str) -> Option<(u32, Option<usize>)> {
    let digits = name.strip_prefix('v')?;
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = digits.parse().ok().filter(|number| *number > 0)?;
    Some((number, digits.starts_with('0').then_some(digits.len())))
}

/// Reads an inventory; `place` is its path in the object.
pub(super) fn parse(bytes: &[u8], place: &str, problems: &mut Problems) -> Option<Parsed> {
    let value: Value = match serde_json::from_slice(bytes) {
        Ok(value) => value,
        Err(error) => {
            problems.note("E033", place, text!("不是 JSON：{error}", "it is no JSON: {error}"));
            return None;
        }
    };
    let Value::Object(fields) = value else {
        problems.note("E033", place, Text::fixed("不是 JSON 对象", "it is no JSON object"));
        return None;
    };
    Some(Reader { place, problems }.inventory(&fields))
}

struct Reader<'a> {
    place: &'a str,
    problems: &'a mut Problems,
}

impl Reader<'_> {
    fn note(&mut self, code: &'static str, message: Text) {
        self.problems.note(code, self.place, message);
    }

    fn inventory(mut self, fields: &Map<String, Value>) -> Parsed {
        let mut parsed = Parsed {
            id: self.id(fields.get("id")),
            spec: self.spec(fields.get("type")),
            algorithm: self.algorithm(fields.get("digestAlgorithm")),
            content: self.content_folder(fields.get("contentDirectory")),
            ..Parsed::default()
        };
        match fields.get("manifest") {
            None => self.note("E041", Text::fixed("没有 manifest", "there is no manifest")),
            Some(manifest) => parsed.manifest = self.listing(manifest, Kind::Content, "E041", "E096"),
        }
        self.judge_content_paths(&parsed.manifest);
        match fields.get("versions") {
            Some(Value::Object(versions)) => parsed.versions = self.versions(versions, &parsed.manifest),
            Some(_) => self.note("E044", Text::fixed("versions 不是对象", "versions is no object")),
            None => self.note("E043", Text::fixed("没有 versions", "there are no versions")),
        }
        parsed.head = self.head(fields.get("head"), &parsed.versions);
        match fields.get("fixity") {
            None => {}
            Some(Value::Object(blocks)) => {
                for (algorithm, block) in blocks {
                    let listing = self.listing(block, Kind::Content, "E057", "E097");
                    self.judge_content_paths(&listing);
                    parsed.fixity.insert(algorithm.clone(), listing);
                }
            }
            Some(_) => self.note("E111", Text::fixed("fixity 不是对象", "fixity is no object")),
        }
        self.unused(&parsed);
        parsed
    }

    fn id(&mut self, id: Option<&Value>) -> Option<String> {
        match id {
            None => self.note("E036", Text::fixed("没有 id", "there is no id")),
            Some(Value::String(id)) if !id.is_empty() => {
                if !looks_like_uri(id) {
                    self.note("W005", text!("id“{id}”不是 URI", "the id \"{id}\" is no URI"));
                }
                return Some(id.clone());
            }
            Some(_) => self.note("E037", Text::fixed("id 不是文字或为空", "the id is no text, or empty")),
        }
        None
    }

    fn spec(&mut self, kind: Option<&Value>) -> Option<usize> {
        let Some(kind) = kind else {
            self.note("E036", Text::fixed("没有 type", "there is no type"));
            return None;
        };
        let spec = kind.as_str().and_then(|kind| {
            let spec = kind.strip_prefix("https://ocfl.io/")?.strip_suffix("/spec/#inventory")?;
            SPECS.iter().position(|known| *known == spec)
        });
        if spec.is_none() {
            self.note("E038", text!("type {kind} 不是 OCFL 清单", "the type {kind} is no OCFL inventory"));
        }
        spec
    }

    fn algorithm(&mut self, name: Option<&Value>) -> Option<Algorithm> {
        let Some(name) = name else {
            self.note("E036", Text::fixed("没有 digestAlgorithm", "there is no digestAlgorithm"));
            return None;
        };
        match name.as_str().and_then(Algorithm::named) {
            Some(Algorithm::Sha512) => Some(Algorithm::Sha512),
            Some(Algorithm::Sha256) => {
                self.note("W004", Text::fixed("用了 sha256", "sha256 is used where sha512 is better"));
                Some(Algorithm::Sha256)
            }
            other => {
                self.note("E025", text!("不能用 {name}", "{name} may not name files"));
                other
            }
        }
    }

    fn content_folder(&mut self, folder: Option<&Value>) -> String {
        match folder {
            None => {}
            Some(Value::String(folder)) if matches!(folder.as_str(), "" | "." | "..") => {
                self.note(
                    "E018",
                    text!("内容文件夹不能叫“{folder}”", "a content folder can't be \"{folder}\""),
                );
            }
            Some(Value::String(folder)) if folder.contains('/') => {
                self.note(
                    "E017",
                    text!("内容文件夹“{folder}”含有斜杠", "the content folder \"{folder}\" has a slash"),
                );
            }
            Some(Value::String(folder)) => return folder.clone(),
            Some(_) => {
                self.note("E017", Text::fixed("contentDirectory 不是文字", "contentDirectory is no text"));
            }
        }
        "content".to_owned()
    }

    fn head(&mut self, head: Option<&Value>, versions: &BTreeMap<u32, ParsedVersion>) -> Option<String> {
        let Some(head) = head else {
            self.note("E036", Text::fixed("没有 head", "there is no head"));
            return None;
        };
        let head = head.as_str().filter(|head| version_name(head).is_some());
        let last = versions.last_key_value().map(|(_, version)| version.name.as_str());
        if head.is_none() || head != last {
            self.note("E040", Text::fixed("head 不是最新的版本", "head is not the latest version"));
        }
        head.map(str::to_owned)
    }

    /// Digests and their paths; digests that differ only in case are the same digest twice.
    fn listing(&mut self, value: &Value, kind: Kind, shape: &'static str, twice: &'static str) -> Listing {
        let Value::Object(entries) = value else {
            self.note(shape, Text::fixed("应为 JSON 对象", "this should be a JSON object"));
            return Listing::new();
        };
        let mut listing = Listing::new();
        let mut lower = BTreeSet::new();
        for (digest, paths) in entries {
            if !lower.insert(digest.to_ascii_lowercase()) {
                self.note(twice, text!("摘要 {digest} 出现两次", "the digest {digest} stands twice"));
            }
            let paths: Option<Vec<String>> = paths
                .as_array()
                .and_then(|paths| paths.iter().map(|path| path.as_str().map(str::to_owned)).collect());
            let Some(paths) = paths else {
                let shape = if kind == Kind::Logical { "E051" } else { shape };
                self.note(
                    shape,
                    text!("摘要 {digest} 之下不是路径", "what stands under {digest} is no list of paths"),
                );
                continue;
            };
            listing.insert(digest.clone(), paths);
        }
        listing
    }

    fn judge_content_paths(&mut self, listing: &Listing) {
        for path in listing.values().flatten() {
            paths::judge(Kind::Content, path, self.place, self.problems);
        }
        let all = listing.values().flatten().map(String::as_str);
        paths::judge_all(Kind::Content, all, self.place, self.problems);
    }

    fn versions(&mut self, blocks: &Map<String, Value>, manifest: &Listing) -> BTreeMap<u32, ParsedVersion> {
        let mut versions = BTreeMap::new();
        let mut padding = BTreeSet::new();
        let mut unpadded_from = None;
        for (name, block) in blocks {
            let Some((number, padded)) = version_name(name) else {
                self.note("E046", text!("“{name}”不是版本号", "\"{name}\" is no version number"));
                continue;
            };
            match padded {
                Some(digits) => {
                    padding.insert(digits);
                }
                None => unpadded_from = Some(unpadded_from.unwrap_or(number).min(number)),
            }
            let version = self.version(name, block, manifest);
            versions.insert(number, version);
        }
        if blocks.is_empty() {
            self.note("E008", Text::fixed("一个版本也没有", "there is no version at all"));
        }
        if let Some(&digits) = padding.first() {
            self.note("W001", Text::fixed("版本号补了零", "version numbers are padded with zeros"));
            // With room for n digits in all, the first being 0, the last padded number is 9…9 (n-1 digits).
            let fits = u32::try_from(digits - 1).ok().and_then(|digits| 10_u32.checked_pow(digits));
            if padding.len() > 1 || unpadded_from.is_some_and(|_| fits.is_some()) {
                self.note("E012", Text::fixed("版本号补零不一致", "version numbers are not padded alike"));
                if unpadded_from.is_some_and(|number| fits.is_some_and(|fits| number >= fits)) {
                    self.note(
                        "E011",
                        Text::fixed(
                            "补零的版本号位数不够",
                            "padded version numbers have no room for this many",
                        ),
                    );
                    self.note(
                        "E013",
                        Text::fixed("版本号补零不一致", "version numbers are not padded alike"),
                    );
                }
            }
        }
        for (expected, number) in (1..).zip(versions.keys()) {
            if expected != *number {
                self.note("E010", text!("缺版本 {expected}", "version {expected} is missing"));
                break;
            }
        }
        versions
    }

    fn version(&mut self, name: &str, block: &Value, manifest: &Listing) -> ParsedVersion {
        let mut version = ParsedVersion { name: name.to_owned(), ..ParsedVersion::default() };
        let Value::Object(fields) = block else {
            self.note("E047", text!("版本 {name} 不是对象", "version {name} is no object"));
            return version;
        };
        match fields.get("created") {
            None => self.note("E048", text!("版本 {name} 没有 created", "version {name} has no created")),
            Some(created) => {
                let good = created.as_str().is_some_and(|time| DateTime::parse_from_rfc3339(time).is_ok());
                if !good {
                    self.note(
                        "E049",
                        text!(
                            "版本 {name} 的时间 {created} 不合 RFC 3339",
                            "the time {created} of version {name} is no RFC 3339 time"
                        ),
                    );
                }
            }
        }
        match fields.get("state") {
            None => self.note("E048", text!("版本 {name} 没有 state", "version {name} has no state")),
            Some(state) => version.state = self.state(name, state, manifest),
        }
        self.message_and_user(name, fields);
        version.circumstances = ["created", "message", "user"]
            .iter()
            .map(|field| fields.get(*field).cloned().unwrap_or(Value::Null))
            .collect();
        version
    }

    fn state(&mut self, name: &str, state: &Value, manifest: &Listing) -> Listing {
        let state = self.listing(state, Kind::Logical, "E050", "E050");
        for (digest, logical) in &state {
            if !manifest.contains_key(digest) {
                self.note(
                    "E050",
                    text!(
                        "版本 {name} 的摘要 {digest} 不在 manifest 中",
                        "the digest {digest} of version {name} is not in the manifest"
                    ),
                );
            }
            for path in logical {
                paths::judge(Kind::Logical, path, self.place, self.problems);
            }
        }
        let all = state.values().flatten().map(String::as_str);
        paths::judge_all(Kind::Logical, all, self.place, self.problems);
        state
    }

    fn message_and_user(&mut self, name: &str, fields: &Map<String, Value>) {
        let (message, user) = (fields.get("message"), fields.get("user"));
        if message.is_none() || user.is_none() {
            self.note(
                "W007",
                text!("版本 {name} 没有说明或作者", "version {name} has no message or no user"),
            );
        }
        if message.is_some_and(|message| !message.is_string()) {
            self.note(
                "E094",
                text!("版本 {name} 的说明不是文字", "the message of version {name} is no text"),
            );
        }
        match user {
            None => {}
            Some(Value::Object(user)) => {
                let text =
                    |field: &str| user.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
                if text("name").is_none() {
                    self.note(
                        "E054",
                        text!("版本 {name} 的作者没有名字", "the user of version {name} has no name"),
                    );
                }
                match user.get("address") {
                    None => self.note(
                        "W008",
                        text!("版本 {name} 的作者没有地址", "the user of version {name} has no address"),
                    ),
                    Some(Value::String(address)) if looks_like_uri(address) => {}
                    Some(Value::String(address)) => {
                        self.note(
                            "W009",
                            text!(
                                "作者地址“{address}”不是 URI",
                                "the user's address \"{address}\" is no URI"
                            ),
                        );
                    }
                    Some(_) => self.note(
                        "E054",
                        text!("版本 {name} 的作者地址不是文字", "the address in version {name} is no text"),
                    ),
                }
            }
            Some(_) => self
                .note("E054", text!("版本 {name} 的作者不是对象", "the user of version {name} is no object")),
        }
    }

    /// Every file in the manifest is used by some version.
    fn unused(&mut self, parsed: &Parsed) {
        let used: BTreeSet<&String> =
            parsed.versions.values().flat_map(|version| version.state.keys()).collect();
        for digest in parsed.manifest.keys().filter(|digest| !used.contains(digest)) {
            self.note(
                "E107",
                text!("manifest 中的 {digest} 没有版本使用", "no version uses {digest} of the manifest"),
            );
        }
    }
}

/// Whether a text begins like a URI: a scheme and a colon.
fn looks_like_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    !rest.is_empty()
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
        && !text.contains(char::is_whitespace)
}
