//! The descriptions a package carries, taken apart while they are hashed: METS, the national lists, EEP.
//!
//! Only what a test needs is kept, each piece within a limit and in little room, and only until the description
//! is judged, which is when it ends; METS, which is as long as the package has files, isn't kept at all but gives
//! each reference away. So a hostile description costs no more memory than an honest one.

use archive_core::hex;

use super::rows::Rows;
use crate::digest::Algorithm;
use crate::xml::read::{Attributes, Handler};

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

/// The most bytes kept of one value.
const MAX_VALUE: usize = 4096;
/// The most room the computer files of one encapsulation take: some hundred thousand of them.
const MAX_ENCODINGS: usize = 32 << 20;

/// A description, as far as it matters here.
#[derive(Debug)]
pub(super) enum Document {
    /// METS; the files it refers to were given away.
    Mets,
    /// 文件目录 or 案卷目录.
    List(List),
    /// An encapsulation (DA/T 48).
    Eep(Eep),
    /// The metadata of an item (DA/T 46), which speaks of the files beside it.
    Item(Encodings),
    /// Anything else.
    Other,
}

/// A reference in METS.
#[derive(Debug, Default)]
pub(super) struct Reference {
    pub(super) href: Option<Box<str>>,
    /// Its length as said, where it is said.
    pub(super) bytes: Option<Result<u64, Box<str>>>,
    pub(super) digest: Option<Given>,
    /// Whether it is a file or metadata, rather than another METS: such a one needs a digest.
    pub(super) of_content: bool,
}

/// A digest as METS gives it.
#[derive(Debug)]
pub(super) enum Given {
    /// In an algorithm we take.
    Known(Algorithm, Box<[u8]>),
    /// What it gives is no digest of that algorithm.
    Malformed(Algorithm),
    /// In an algorithm of this name, which we don't.
    Foreign(Box<str>),
}

impl Given {
    fn read(algorithm: Option<Box<str>>, checksum: Option<Box<str>>) -> Option<Self> {
        let (name, checksum) = (algorithm?, checksum?);
        let Some(algorithm) = Algorithm::named(&name) else { return Some(Self::Foreign(name)) };
        let digest = hex::decode(checksum.trim()).filter(|digest| digest.len() * 2 == algorithm.hex_len());
        Some(digest.map_or(Self::Malformed(algorithm), |digest| Self::Known(algorithm, digest)))
    }
}

/// A national list.
#[derive(Debug, Default)]
pub(super) struct List {
    /// Whether its rows are volumes.
    pub(super) of_volumes: bool,
    pub(super) rows: Rows,
}

/// An encapsulation.
#[derive(Debug, Default)]
pub(super) struct Eep {
    /// 版本 and eep版本, where they aren't the 2009 they must be.
    pub(super) odd_versions: Vec<&'static str>,
    /// 当前位置: the folder of files that lie beside.
    pub(super) folder: Box<str>,
    /// Which of [`REQUIRED`] are filled, one bit each.
    filled: u16,
    /// How many signatures it bears.
    pub(super) signatures: u32,
    /// Its computer files.
    pub(super) encodings: Encodings,
}

/// Computer files, as many as have room.
#[derive(Debug, Default)]
pub(super) struct Encodings {
    pub(super) all: Vec<Encoding>,
    /// The room they take.
    room: usize,
    /// There were more.
    pub(super) cut: bool,
}

impl Encodings {
    fn begin(&mut self) {
        self.room += size_of::<Encoding>();
        if self.room > MAX_ENCODINGS {
            self.cut = true;
        } else {
            self.all.push(Encoding::default());
        }
    }

    /// The one being read, unless it has no room.
    fn last(&mut self) -> Option<&mut Encoding> {
        if self.cut { None } else { self.all.last_mut() }
    }

    fn take(&mut self, name: &str, text: &str) {
        self.room += text.len();
        if self.room > MAX_ENCODINGS {
            self.cut = true;
        } else if let Some(encoding) = self.all.last_mut() {
            encoding.take(name, text);
        }
    }
}

/// A computer file in an encapsulation (编码), or beside an item's metadata.
#[derive(Debug, Default)]
pub(super) struct Encoding {
    pub(super) name: Box<str>,
    pub(super) bytes: Box<str>,
    pub(super) keyword: Box<str>,
    /// The data, if it is as short as a digest.
    pub(super) data: Box<str>,
    /// How many digits of Base64 there are, and whether anything else is among them.
    pub(super) digits: u64,
    pub(super) padding: u8,
    pub(super) not_base64: bool,
}

/// Whether a file of this name describes others, and must be well-formed XML.
pub(super) fn is_description(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    if extension.eq_ignore_ascii_case("eep") {
        return true;
    }
    extension.eq_ignore_ascii_case("xml")
        && (stem.eq_ignore_ascii_case("mets")
            || stem.eq_ignore_ascii_case("eep")
            || matches!(stem, "文件目录" | "案卷目录" | "目录文件")
            || is_item_metadata(path)
            || path.starts_with("metadata/")
            || path.contains("/metadata/"))
}

/// Whether this is the metadata of an item in the layout of DA/T 93.
pub(super) fn is_item_metadata(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_prefix("电子档案")
        .and_then(|rest| rest.rsplit_once('.'))
        .is_some_and(|(stem, extension)| stem.ends_with("元数据") && extension.eq_ignore_ascii_case("xml"))
}

/// Whether this is a METS.
pub(super) fn is_mets(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case("mets.xml"))
}

/// Whether this is called an encapsulation.
pub(super) fn is_encapsulation(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        extension.eq_ignore_ascii_case("eep")
            || (extension.eq_ignore_ascii_case("xml") && stem.eq_ignore_ascii_case("eep"))
    })
}

/// Collects a [`Document`] from its elements.
pub(super) struct Collector<'r> {
    document: Option<Document>,
    /// Who hears the references of METS, where the file is called so; in another file nobody does.
    references: Option<&'r mut dyn FnMut(Reference)>,
    depth: usize,
    /// The depth of the 编码 or 电子属性 we are inside of.
    encoding: Option<usize>,
    in_data: bool,
    text: String,
    reference: Option<Reference>,
}

impl<'r> Collector<'r> {
    pub(super) fn new(references: Option<&'r mut dyn FnMut(Reference)>) -> Self {
        Self {
            document: None,
            references,
            depth: 0,
            encoding: None,
            in_data: false,
            text: String::new(),
            reference: None,
        }
    }

    pub(super) fn finish(self) -> Document {
        self.document.unwrap_or(Document::Other)
    }

    fn give(&mut self, reference: Reference) {
        if let Some(hear) = &mut self.references {
            hear(reference);
        }
    }

    fn begin(name: &str, hears: bool) -> Document {
        match name {
            "mets" if hears => Document::Mets,
            "文件目录" => Document::List(List::default()),
            "案卷目录" => Document::List(List { of_volumes: true, ..List::default() }),
            "电子文件封装包" => Document::Eep(Eep::default()),
            "电子文件元数据" | "电子档案元数据" | "元数据" => {
                Document::Item(Encodings::default())
            }
            _ => Document::Other,
        }
    }

    /// Keeps text up to the limit.
    fn keep(&mut self, text: &str) {
        let mut left = MAX_VALUE.saturating_sub(self.text.len()).min(text.len());
        while !text.is_char_boundary(left) {
            left -= 1;
        }
        self.text.push_str(&text[..left]);
    }
}

fn attribute(attributes: &Attributes<'_>, name: &str) -> Option<Box<str>> {
    attributes
        .iter()
        .find(|(key, value)| *key == name && value.len() <= MAX_VALUE)
        .map(|(_, value)| (**value).into())
}

impl Handler for Collector<'_> {
    fn open(&mut self, name: &str, attributes: &Attributes<'_>) {
        self.text.clear();
        self.depth += 1;
        let hears = self.references.is_some();
        match self.document.get_or_insert_with(|| Self::begin(name, hears)) {
            Document::Mets => {
                let described = |of_content| Reference {
                    href: attribute(attributes, "href"),
                    bytes: attribute(attributes, "SIZE").map(|said| said.trim().parse().map_err(|_| said)),
                    digest: Given::read(
                        attribute(attributes, "CHECKSUMTYPE"),
                        attribute(attributes, "CHECKSUM"),
                    ),
                    of_content,
                };
                match name {
                    "file" => self.reference = Some(described(true)),
                    "FLocat" => {
                        if let Some(reference) = &mut self.reference {
                            reference.href = attribute(attributes, "href");
                        }
                    }
                    "mdRef" => self.give(described(true)),
                    "mptr" => self.give(described(false)),
                    _ => {}
                }
            }
            Document::List(list) => {
                if self.depth == 2 {
                    list.rows.begin();
                }
            }
            Document::Eep(eep) => match name {
                "编码" => {
                    self.encoding = Some(self.depth);
                    eep.encodings.begin();
                }
                "编码数据" => self.in_data = self.encoding.is_some(),
                "电子签名" => eep.signatures = eep.signatures.saturating_add(1),
                "被签名对象" => {
                    if let Some(version) = attribute(attributes, "eep版本") {
                        eep.take("eep版本", &version);
                    }
                }
                _ => {}
            },
            Document::Item(files) => {
                if name == "电子属性" {
                    self.encoding = Some(self.depth);
                    files.begin();
                }
            }
            Document::Other => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_data
            && let Some(Document::Eep(eep)) = &mut self.document
            && let Some(encoding) = eep.encodings.last()
        {
            encoding.measure(text);
        }
        if !matches!(self.document, Some(Document::Mets | Document::Other)) {
            self.keep(text);
        }
    }

    fn close(&mut self, name: &str) {
        let text = self.text.trim();
        match &mut self.document {
            Some(Document::Mets) => {
                if name == "file"
                    && let Some(reference) = self.reference.take()
                {
                    self.give(reference);
                }
            }
            Some(Document::List(list)) => {
                if self.depth == 3 {
                    list.rows.put(name, text);
                }
            }
            Some(Document::Eep(eep)) => match self.encoding {
                Some(_) => eep.encodings.take(name, text),
                None => eep.take(name, text),
            },
            Some(Document::Item(files)) => {
                if self.encoding.is_some() {
                    files.take(name, text);
                }
            }
            Some(Document::Other) | None => {}
        }
        if self.encoding == Some(self.depth) {
            self.encoding = None;
        }
        self.in_data = false;
        self.depth = self.depth.saturating_sub(1);
        self.text.clear();
    }
}

impl Encoding {
    fn take(&mut self, name: &str, text: &str) {
        match name {
            "计算机文件名" => self.name = text.into(),
            "计算机文件大小" => self.bytes = text.into(),
            "反编码关键字" => self.keyword = text.into(),
            "编码数据" if text.len() <= 128 => self.data = text.into(),
            _ => {}
        }
    }

    /// Counts the digits of Base64, and sees what is none.
    fn measure(&mut self, text: &str) {
        for byte in text.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' => {
                    self.digits += 1;
                    self.not_base64 |= self.padding > 0;
                }
                b'=' => self.padding = self.padding.saturating_add(1),
                b' ' | b'\t' | b'\r' | b'\n' => {}
                _ => self.not_base64 = true,
            }
        }
    }

    /// How many bytes the data stands for; `None` if it isn't Base64.
    pub(super) fn length(&self) -> Option<u64> {
        let rest = self.digits % 4;
        let padded = self.padding == 0 || (self.digits + u64::from(self.padding)).is_multiple_of(4);
        (!self.not_base64 && rest != 1 && padded && self.padding <= 2).then_some(self.digits * 3 / 4)
    }
}

impl Eep {
    /// Keeps of an element what the tests need: whether it is filled, and the first value of a few.
    fn take(&mut self, name: &str, text: &str) {
        if let Some(at) = REQUIRED.iter().position(|required| *required == name) {
            if !text.is_empty() {
                self.filled |= 1 << at;
            }
            if at < 2 && text != "2009" && !self.odd_versions.contains(&REQUIRED[at]) {
                self.odd_versions.push(REQUIRED[at]);
            }
        } else if name == "当前位置" && self.folder.is_empty() {
            self.folder = text.into();
        }
    }

    /// The required elements that are missing or empty.
    pub(super) fn lacking(&self) -> impl Iterator<Item = &'static str> {
        let filled = self.filled;
        REQUIRED.into_iter().enumerate().filter(move |(at, _)| filled & (1 << at) == 0).map(|(_, name)| name)
    }
}
