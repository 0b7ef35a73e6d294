//! Where things lie in a package.
//!
//! ```text
//! bagit.txt bag-info.txt manifest-*.txt tagmanifest-*.txt     the bag (RFC 8493)
//! index.html                                                  for a person with a browser
//! 说明文件.TXT 案卷目录.XML 文件目录.XML                          the carrier's lists (档发〔2012〕7号)
//! data/ID/METS.xml                                            the information package (E-ARK CSIP)
//! data/ID/metadata/descriptive/ead.xml
//! data/ID/metadata/preservation/premis.xml
//! data/ID/metadata/other/records/*                            our records, without loss
//! data/ID/documentation/*                                     catalogues and forms for people
//! data/ID/representations/rep1/METS.xml
//! data/ID/representations/rep1/metadata/descriptive/*.eep     one encapsulation an item (DA/T 48)
//! data/ID/representations/rep1/data/                          a DA/T 93 package in itself:
//!     说明文件.TXT 目录文件.XML
//!     FONDS/CATEGORY/YEAR/CODE/电子档案1元数据.XML  and the files
//! ```

/// The carrier's explanatory file, and that of a DA/T 93 package.
pub(crate) const EXPLANATION: &str = "说明文件.TXT";
/// The list of volumes of 档发〔2012〕7号.
pub(crate) const VOLUME_LIST: &str = "案卷目录.XML";
/// The list of items of 档发〔2012〕7号.
pub(crate) const ITEM_LIST: &str = "文件目录.XML";
/// The list of items of DA/T 93.
pub(crate) const DAT93_LIST: &str = "目录文件.XML";
/// The metadata of an item in its DA/T 93 folder.
pub(crate) const ITEM_METADATA: &str = "电子档案1元数据.XML";
/// The page a person opens.
pub(crate) const PAGE: &str = "index.html";

/// Files of the machine records, below [`Layout::records`].
pub(crate) const RECORDS_PACKAGE: &str = "package.json";
/// One volume a line.
pub(crate) const RECORDS_VOLUMES: &str = "volumes.jsonl";
/// One item a line.
pub(crate) const RECORDS_ITEMS: &str = "items.jsonl";
/// One tie a line.
pub(crate) const RECORDS_TIES: &str = "ties.jsonl";
/// One file a line.
pub(crate) const RECORDS_FILES: &str = "files.jsonl";
/// Where the machine records lie below the information package.
pub(crate) const RECORDS_BELOW: &str = "metadata/other/records/";

/// The folders of a package called `id`.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// `data/ID`.
    pub(crate) root: String,
}

impl Layout {
    pub(crate) fn new(id: &str) -> Self {
        Self { root: format!("data/{id}") }
    }

    /// The representation: the files as they are handed over.
    pub(crate) fn representation(&self) -> String {
        format!("{}/representations/rep1", self.root)
    }

    /// The DA/T 93 package.
    pub(crate) fn dat93(&self) -> String {
        format!("{}/data", self.representation())
    }

    /// The encapsulations.
    pub(crate) fn encapsulations(&self) -> String {
        format!("{}/metadata/descriptive", self.representation())
    }

    /// The machine records, with their `/`.
    pub(crate) fn records(&self) -> String {
        format!("{}/{RECORDS_BELOW}", self.root)
    }

    /// Catalogues and forms.
    pub(crate) fn documentation(&self) -> String {
        format!("{}/documentation", self.root)
    }
}
