//! The rules the product carries out, each with its source, and the checks that judge by them.
//!
//! A rule is data: its identifier, severity, source, what it says, an example, what to do. The text is
//! written once, here, and used by findings, by `archive explain` and by the book.

mod table;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::finding::Severity;
use crate::text::Text;

/// A rule and everything there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its identifier.
    pub id: RuleId,
    /// What a breach weighs, unless the profile says otherwise.
    pub severity: Severity,
    /// The document and article it comes from.
    pub source: &'static str,
    /// What it says, in our own words.
    pub says: Text,
    /// A case of it.
    pub example: Text,
    /// What to do about a breach.
    pub remedy: Text,
}

macro_rules! rule_ids {
    ($($id:ident),+ $(,)?) => {
        /// The identifier of a rule: a letter for its chapter, and a number.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[allow(missing_docs)] // each one is documented by its `Rule`
        pub enum RuleId { $($id),+ }

        impl RuleId {
            /// Every rule, in the order of the book.
            pub const ALL: &'static [Self] = &[$(Self::$id),+];

            /// The identifier as people write it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$id => stringify!($id)),+ }
            }
        }
    };
}

rule_ids! {
    I1, I2, I3, I4, I5,
    A1, A2, A3, A4, A5, A6, A7,
    V1, V2, V3, V4, V5, V6, V7, V8, V9,
    R1, R2, R3,
    O1, O2, O3, O4, O5, O6, O7, O8,
    P1, P2, P3,
    L1,
    N1,
    C1,
    T1,
    K1, K2, K3, K4,
    F1, F2, F3, F4, F5,
    S1, S2, S3, S4, S5,
    U1, U2, U3, U4, U5, U6, U7, U8, U9,
    D1, D2, D3, D4, D5, D6,
    X1, X2, X3, X4, X5,
    H1, H2, H3,
}

impl RuleId {
    /// The rule itself.
    pub fn rule(self) -> &'static Rule {
        table::rule(self)
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that names no rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("没有规则 {0} / there is no rule {0}")]
pub struct NoSuchRule(pub String);

impl FromStr for RuleId {
    type Err = NoSuchRule;

    fn from_str(name: &str) -> Result<Self, NoSuchRule> {
        let wanted = name.trim();
        Self::ALL
            .iter()
            .copied()
            .find(|id| id.name().eq_ignore_ascii_case(wanted))
            .ok_or_else(|| NoSuchRule(name.to_owned()))
    }
}
