//! Ties between items (关联): what one document is for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::ItemId;
use crate::rules::RuleId;
use crate::text::Text;

/// What a document is for the one it is tied to (关联关系).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TieKind {
    /// 附件: an attachment of it.
    #[serde(rename = "附件")]
    Attachment,
    /// 定稿: its signed final draft.
    #[serde(rename = "定稿")]
    SignedDraft,
    /// 修改稿: a revision of it.
    #[serde(rename = "修改稿")]
    Revision,
    /// 请示: the request it replies to.
    #[serde(rename = "请示")]
    Request,
    /// 来文: the letter or report it answers.
    #[serde(rename = "来文")]
    Incoming,
    /// 被转发件: what it forwards or issues.
    #[serde(rename = "被转发件")]
    Forwarded,
    /// 依据材料: evidence and grounds it rests on.
    #[serde(rename = "依据材料")]
    Grounds,
    /// 办理结果: what came of it.
    #[serde(rename = "办理结果")]
    Outcome,
    /// 复制件: a copy of it.
    #[serde(rename = "复制件")]
    Copy,
    /// 译本: a translation of it.
    #[serde(rename = "译本")]
    Translation,
}

impl TieKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Attachment,
        Self::SignedDraft,
        Self::Revision,
        Self::Request,
        Self::Incoming,
        Self::Forwarded,
        Self::Grounds,
        Self::Outcome,
        Self::Copy,
        Self::Translation,
    ];

    /// Whether what is this for another is a part of one item (件) with it, by the item method: print and
    /// draft, main document and attachment, original and copy (DA/T 22-2015, 5.1.1).
    pub const fn is_part(self) -> bool {
        matches!(
            self,
            Self::Attachment
                | Self::SignedDraft
                | Self::Revision
                | Self::Forwarded
                | Self::Copy
                | Self::Translation
        )
    }

    /// The word a register uses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Attachment => "附件",
            Self::SignedDraft => "定稿",
            Self::Revision => "修改稿",
            Self::Request => "请示",
            Self::Incoming => "来文",
            Self::Forwarded => "被转发件",
            Self::Grounds => "依据材料",
            Self::Outcome => "办理结果",
            Self::Copy => "复制件",
            Self::Translation => "译本",
        }
    }

    /// The word for it in an English sentence.
    pub const fn english(self) -> &'static str {
        match self {
            Self::Attachment => "attachment",
            Self::SignedDraft => "signed draft",
            Self::Revision => "revision",
            Self::Request => "request",
            Self::Incoming => "incoming letter",
            Self::Forwarded => "forwarded document",
            Self::Grounds => "evidence",
            Self::Outcome => "outcome",
            Self::Copy => "copy",
            Self::Translation => "translation",
        }
    }

    /// The rule that says in which order the two stand.
    pub const fn order_rule(self) -> RuleId {
        match self {
            Self::SignedDraft | Self::Revision | Self::Copy | Self::Translation => RuleId::O1,
            Self::Request | Self::Incoming | Self::Outcome => RuleId::O2,
            Self::Attachment => RuleId::O3,
            Self::Forwarded => RuleId::O4,
            Self::Grounds => RuleId::O5,
        }
    }
}

impl fmt::Display for TieKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for TieKind {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.word() == word.trim()).ok_or(())
    }
}

/// A tie as a register states it: this row is `kind` for the row numbered `to_row`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StatedTie {
    /// 关联序号 as written.
    pub to_row: String,
    /// 关联关系.
    pub kind: TieKind,
}

/// Who says that two items are tied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TieSource {
    /// The register, or a person since.
    Given,
    /// The program, which says on what words it rests and how sure it is (0 to 1).
    Proposed {
        /// From 0 (a guess) to 1 (as good as stated).
        confidence: f32,
        /// The words the proposal rests on.
        grounds: Text,
    },
}

/// A tie between two items: `from` is `kind` for `to`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tie {
    /// The one that is something for the other: the attachment, the request, the draft.
    pub from: ItemId,
    /// The one it is that for: the main document, the reply, the print.
    pub to: ItemId,
    /// What it is.
    pub kind: TieKind,
    /// Who says so.
    pub source: TieSource,
}
