//! The descriptions a package carries, taken apart while they are hashed: METS, the national lists, EEP.
//!
//! Only what a test needs is kept, and each piece within a limit, so that a hostile description costs
//! no more memory than an honest one.

use std::collections::BTreeMap;

use crate::xml::read::Handler;

/// Elements of an encapsulation that must be there and filled.
pub(super) const REQUIRED: [&str; 12] = [
    "版本",
    "eep版本",
    "封装包类型",
    "封装包创建时间",
    "封装包创建单位",
    "聚合层次",
    "立档单位名称",
    "年度",
    "保管期限",
    "题名",
    "密级",
    "业务标识符",
];
/// Elements whose values are needed.
const VALUES: [&str; 3] = ["版本", "eep版本", "当前位置"];

/// The most characters kept of one value.
const MAX_VALUE: usize = 4096;

/// A description, as far as it matters here.
#[derive(Debug)]
pub(super) enum Document {
    /// METS: the files it refers to.
    Mets(Vec<Reference>),
    /// 文件目录 or 案卷目录.
    List(List),
    /// An encapsulation (DA/T 48).
    Eep(Eep),
    /// Anything else.
    Other,
}

/// A reference in METS.
#[derive(Debug, Default)]
pub(super) struct Reference {
    pub(super) href: Option<String>,
    pub(super) bytes: Option<String>,
    pub(super) checksum: Option<String>,
    pub(super) algorithm: Option<String>,
}

/// A national list.
#[derive(Debug, Default)]
pub(super) struct List {
    /// Whether its rows are volumes.
    pub(super) of_volumes: bool,
    /// Its rows: value by column.
    pub(super) rows: Vec<BTreeMap<String, String>>,
}

/// An encapsulation.
#[derive(Debug, Default)]
pub(super) struct Eep {
    /// Values of the elements the tests look at, by name.
    pub(super) values: BTreeMap<&'static str, String>,
    /// Which of [`REQUIRED`] are filled, one bit each.
    pub(super) filled: u16,
    /// Its computer files.
    pub(super) encodings: Vec<Encoding>,
}

/// A computer file in an encapsulation (编码).
#[derive(Debug, Default)]
pub(super) struct Encoding {
    pub(super) name: String,
    pub(super) bytes: String,
    pub(super) keyword: String,
    /// The first characters of the data.
    pub(super) data: String,
    /// How many bytes the Base64 stands for.
    pub(super) data_bytes: u64,
}

/// Whether a file of this name describes others, and must be well-formed XML.
pub(super) fn is_description(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let lower = name.to_ascii_lowercase();
    let Some((stem, extension)) = lower.rsplit_once('.') else { return false };
    match extension {
        "eep" => true,
        "xml" => {
            stem == "mets"
                || matches!(stem, "文件目录" | "案卷目录" | "目录文件")
                || (stem.starts_with("电子档案") && stem.ends_with("元数据"))
                || path.starts_with("metadata/")
                || path.contains("/metadata/")
        }
        _ => false,
    }
}

/// Whether a file of this name vouches for others by their digests.
pub(super) fn vouches(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    name == "mets.xml" || name.rsplit_once('.').is_some_and(|(_, extension)| extension == "eep")
}

/// Collects a [`Document`] from its elements.
#[derive(Debug, Default)]
pub(super) struct Collector {
    document: Option<Document>,
    path: Vec<String>,
    text: String,
    reference: Option<Reference>,
}

impl Collector {
    pub(super) fn finish(self) -> Document {
        self.document.unwrap_or(Document::Other)
    }

    fn begin(name: &str) -> Document {
        match name {
            "mets" => Document::Mets(Vec::new()),
            "文件目录" => Document::List(List::default()),
            "案卷目录" => Document::List(List { of_volumes: true, ..List::default() }),
            "电子文件封装包" => Document::Eep(Eep::default()),
            _ => Document::Other,
        }
    }
}

fn attribute(attributes: &[(String, String)], name: &str) -> Option<String> {
    attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.chars().take(MAX_VALUE).collect())
}

impl Handler for Collector {
    fn open(&mut self, name: &str, attributes: &[(String, String)]) {
        self.text.clear();
        match self.document.get_or_insert_with(|| Self::begin(name)) {
            Document::Mets(references) => {
                let described = || Reference {
                    href: attribute(attributes, "href"),
                    bytes: attribute(attributes, "SIZE"),
                    checksum: attribute(attributes, "CHECKSUM"),
                    algorithm: attribute(attributes, "CHECKSUMTYPE"),
                };
                match name {
                    "file" => self.reference = Some(described()),
                    "FLocat" => {
                        if let Some(reference) = &mut self.reference {
                            reference.href = attribute(attributes, "href");
                        }
                    }
                    "mdRef" | "mptr" => references.push(described()),
                    _ => {}
                }
            }
            Document::List(list) => {
                if self.path.len() == 1 {
                    list.rows.push(BTreeMap::new());
                }
            }
            Document::Eep(eep) => match name {
                "编码" => eep.encodings.push(Encoding::default()),
                "被签名对象" => {
                    if let Some(version) = attribute(attributes, "eep版本") {
                        eep.take("eep版本", &version);
                    }
                }
                _ => {}
            },
            Document::Other => {}
        }
        self.path.push(name.to_owned());
    }

    fn text(&mut self, text: &str) {
        if let (Some(Document::Eep(eep)), Some("编码数据")) =
            (&mut self.document, self.path.last().map(String::as_str))
            && let Some(encoding) = eep.encodings.last_mut()
        {
            let digits =
                text.bytes().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).count();
            encoding.data_bytes += digits as u64;
        }
        let left = MAX_VALUE.saturating_sub(self.text.len());
        self.text.extend(text.chars().scan(left, |left, c| {
            *left = left.checked_sub(c.len_utf8())?;
            Some(c)
        }));
    }

    fn close(&mut self, name: &str) {
        let text = self.text.trim();
        match &mut self.document {
            Some(Document::Mets(references)) => {
                if name == "file" {
                    references.extend(self.reference.take());
                }
            }
            Some(Document::List(list)) => {
                if self.path.len() == 3
                    && let Some(row) = list.rows.last_mut()
                    && row.len() < 64
                {
                    row.insert(name.to_owned(), text.to_owned());
                }
            }
            Some(Document::Eep(eep)) => close_eep(eep, &self.path, name, text),
            Some(Document::Other) | None => {}
        }
        self.text.clear();
        self.path.pop();
    }
}

fn close_eep(eep: &mut Eep, path: &[String], name: &str, text: &str) {
    if path.iter().any(|parent| parent == "编码")
        && let Some(encoding) = eep.encodings.last_mut()
    {
        match name {
            "计算机文件名" => text.clone_into(&mut encoding.name),
            "计算机文件大小" => text.clone_into(&mut encoding.bytes),
            "反编码关键字" => text.clone_into(&mut encoding.keyword),
            "编码数据" => {
                text.clone_into(&mut encoding.data);
                // Four digits are three bytes.
                encoding.data_bytes = encoding.data_bytes * 3 / 4;
            }
            _ => {}
        }
    } else {
        eep.take(name, text);
    }
}

impl Eep {
    /// Keeps of an element what the tests need: whether it is filled, and the first value of a few.
    fn take(&mut self, name: &str, text: &str) {
        if let Some(at) = REQUIRED.iter().position(|required| *required == name)
            && !text.is_empty()
        {
            self.filled |= 1 << at;
        }
        if let Some(name) = VALUES.into_iter().find(|value| *value == name) {
            self.values.entry(name).or_insert_with(|| text.to_owned());
        }
    }

    /// The required elements that are missing or empty.
    pub(super) fn lacking(&self) -> impl Iterator<Item = &'static str> {
        let filled = self.filled;
        REQUIRED.into_iter().enumerate().filter(move |(at, _)| filled & (1 << at) == 0).map(|(_, name)| name)
    }
}
