//! Secrecy (密级, 保密期限).

use serde::{Deserialize, Serialize};

/// The level of a state secret, if the record is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum SecrecyLevel {
    /// Not a state secret. 内部 and 工作秘密 are no levels and count as this.
    #[default]
    #[serde(rename = "")]
    None,
    /// 秘密.
    #[serde(rename = "秘密")]
    Secret,
    /// 机密.
    #[serde(rename = "机密")]
    Confidential,
    /// 绝密.
    #[serde(rename = "绝密")]
    TopSecret,
}

impl SecrecyLevel {
    /// The word as on paper; empty for none.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Secret => "秘密",
            Self::Confidential => "机密",
            Self::TopSecret => "绝密",
        }
    }
}

/// The mark a record carries: its level and term.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Secrecy {
    /// The level.
    pub level: SecrecyLevel,
    /// The term as written (10年, 长期, a date), if there is one.
    pub term: Option<String>,
}
