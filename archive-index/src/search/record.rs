//! What is put into the index: one record (件) with its pages of text.

use archive_core::access::{Asker, may_see};
use archive_core::model::{ItemId, OpeningState, RetentionPeriod, SecrecyLevel, Side};
use archive_core::reading::{DocNumber, RecordDate};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A record and its text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Tells it from the others; putting it again replaces it.
    pub id: ItemId,
    /// 档号, or what stands for it before numbers are given.
    pub code: String,
    /// 全宗号.
    pub fonds: String,
    /// 题名.
    pub title: String,
    /// 文号.
    pub number: Option<DocNumber>,
    /// 责任者.
    pub bodies: Vec<String>,
    /// 人名: persons it speaks of, as the name cards have them.
    pub persons: Vec<String>,
    /// 日期.
    pub date: Option<RecordDate>,
    /// 年度.
    pub year: Option<i32>,
    /// 保管期限.
    pub period: Option<RetentionPeriod>,
    /// 文种.
    pub doc_type: Option<String>,
    /// 归档机构.
    pub section: Option<String>,
    /// 党政.
    pub side: Option<Side>,
    /// 备注.
    pub notes: Option<String>,
    /// 开放标识: decides who can find it.
    pub opening: OpeningState,
    /// 密级: a classified record is never put into an index.
    pub secrecy: SecrecyLevel,
    /// Its pages, where there is text.
    pub pages: Vec<PageText>,
}

/// The text of one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageText {
    /// The page in the record, from 1.
    pub page: u32,
    /// Its text, as it was read.
    pub text: String,
}

impl Record {
    /// A record with nothing but its identity and title.
    pub fn new(id: ItemId, code: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            id,
            code: code.into(),
            fonds: String::new(),
            title: title.into(),
            number: None,
            bodies: Vec::new(),
            persons: Vec::new(),
            date: None,
            year: None,
            period: None,
            doc_type: None,
            section: None,
            side: None,
            notes: None,
            opening: OpeningState::default(),
            secrecy: SecrecyLevel::default(),
            pages: Vec::new(),
        }
    }

    /// The shelf of the index it belongs on; none for a classified one.
    pub(super) fn shelf(&self) -> Option<ShelfName> {
        ShelfName::of(self.opening, self.secrecy)
    }
}

/// The two halves of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ShelfName {
    /// What anyone may see.
    Open,
    /// What only staff may see.
    Closed,
}

impl ShelfName {
    /// Both, in the order of the enum.
    pub(super) const ALL: [Self; 2] = [Self::Open, Self::Closed];

    /// Where a record belongs: [`may_see`] decides.
    pub(super) fn of(opening: OpeningState, secrecy: SecrecyLevel) -> Option<Self> {
        if may_see(Asker::Public, opening, secrecy) {
            Some(Self::Open)
        } else if may_see(Asker::Staff, opening, secrecy) {
            Some(Self::Closed)
        } else {
            None
        }
    }

    /// The shelves an asker may look at.
    pub(super) const fn seen_by(asker: Asker) -> &'static [Self] {
        match asker {
            Asker::Public => &[Self::Open],
            Asker::Staff => &Self::ALL,
        }
    }

    /// Its folder.
    pub(super) const fn folder(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// A digest of everything that a record's entry was made from: when it is the same, there is nothing to
/// do. What goes into it is the caller's to say (the description, the digests of the files, the engine
/// that recognised them), so that a record needn't be read again to learn that it hasn't changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp(pub(super) u64);

impl Stamp {
    /// The stamp of anything that can be written down.
    pub fn of(content: &impl Serialize) -> Self {
        struct Sink(Sha256);
        impl std::io::Write for Sink {
            fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
                self.0.update(bytes);
                Ok(bytes.len())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let mut sink = Sink(Sha256::new());
        // A value that can't be written (a map with keys that are no strings) stamps as what could be.
        if serde_json::to_writer(&mut sink, content).is_err() {
            sink.0.update(b"\0unwritable");
        }
        let digest = sink.0.finalize();
        let mut start = [0_u8; 8];
        start.copy_from_slice(&digest[..8]);
        Self(u64::from_be_bytes(start))
    }
}
