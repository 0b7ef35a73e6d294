//! The words of the reading room's table: kinds of reader, states of a record, what is wanted, papers.
//!
//! Each has a stable name (in profiles, commands, JSON and the database) and a word for people.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// A word that is none of those an option knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("没有“{0}”这一种 / there is no {0}")]
pub struct NoSuchWord(pub String);

macro_rules! words {
    ($(#[$about:meta])+ $kind:ident { $($(#[$doc:meta])+ $name:ident $stable:literal $zh:literal $en:literal;)+ }) => {
        $(#[$about])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $kind { $($(#[$doc])+ $name),+ }

        impl $kind {
            /// Every one, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $stable),+ }
            }

            /// The word for people.
            pub const fn word(self) -> Text {
                match self { $(Self::$name => Text::fixed($zh, $en)),+ }
            }
        }

        impl FromStr for $kind {
            type Err = NoSuchWord;

            /// Reads the stable name or the Chinese word.
            fn from_str(word: &str) -> Result<Self, NoSuchWord> {
                let word = word.trim();
                Self::ALL
                    .iter()
                    .copied()
                    .find(|one| one.name().eq_ignore_ascii_case(word) || one.word().zh == word)
                    .ok_or_else(|| NoSuchWord(word.to_owned()))
            }
        }

        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

words! {
    /// The kinds of reader that the clauses tell apart.
    ReaderKind {
        /// A citizen for themselves.
        Citizen "citizen" "公民" "citizen";
        /// An institution on its business.
        Unit "unit" "单位" "institution";
        /// A scholar, sent by their institution.
        Scholar "scholar" "学术研究者" "scholar";
        /// Someone from Hong Kong, Macao or Taiwan, or a returned overseas Chinese.
        Compatriot "compatriot" "港澳台同胞归侨" "Hong Kong, Macao, Taiwan, returned overseas";
        /// A foreigner, also one of Chinese descent.
        Foreigner "foreigner" "外国人" "foreigner";
        /// Somebody who works in this office.
        Staff "staff" "本单位职工" "own staff";
        /// A court, procuratorate or police office.
        Justice "justice" "司法机关" "court, procuratorate, police";
    }
}

words! {
    /// What a record is to the reading room. A record may be several at once.
    RecordState {
        /// Opened by a review.
        Open "open" "开放" "open";
        /// Not opened: unreviewed, controlled, postponed.
        Closed "closed" "未开放" "not open";
        /// Marked with a level of secrecy.
        Classified "classified" "涉密" "classified";
        /// A record of a marriage.
        Marriage "marriage" "婚姻" "marriage";
        /// Damaged, and not yet mended.
        Damaged "damaged" "破损" "damaged";
    }
}

words! {
    /// What a reader wants.
    Action {
        /// To read it in the room.
        Read "read" "查阅" "read";
        /// To write a part of it out.
        Excerpt "excerpt" "摘抄" "excerpt";
        /// To have it copied or photographed.
        Copy "copy" "复制" "copy";
    }
}

words! {
    /// A paper or a consent.
    Paper {
        /// An identity card.
        IdentityCard "identity-card" "身份证" "identity card";
        /// A work card.
        WorkCard "work-card" "工作证" "work card";
        /// A letter of their institution.
        Letter "letter" "介绍信" "letter of their institution";
        /// A letter of the office for overseas Chinese, Taiwan or foreign affairs, or another in charge.
        AffairsLetter "affairs-letter" "侨台外办介绍信" "letter of the affairs office in charge";
        /// Their own application.
        Application "application" "本人申请" "application";
        /// The approval of this archive's director.
        Approval "approval" "负责人批准" "director's approval";
        /// A letter of their institution's party committee or group.
        PartyLetter "party-letter" "党委介绍信" "letter of the party group";
        /// The stamped consent of the institution that made the record.
        MakerConsent "maker-consent" "形成单位同意盖章" "stamped consent of the maker";
        /// Proof that they are the person the marriage record speaks of.
        PartyConcerned "party-concerned" "当事人" "proof of being the person concerned";
        /// A notarised delegation, which the archive keeps.
        NotarisedDeed "notarised-deed" "委托公证书" "notarised deed";
        /// A letter of a court, procuratorate or police office.
        JusticeLetter "justice-letter" "司法机关证明信" "letter of a court, procuratorate or police office";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_by_their_stable_name_and_in_chinese() {
        for paper in Paper::ALL {
            assert_eq!(paper.name().parse(), Ok(*paper));
            assert_eq!(paper.word().zh.parse(), Ok(*paper));
        }
        assert_eq!("外国人".parse(), Ok(ReaderKind::Foreigner));
        assert!("passport".parse::<Paper>().is_err());
    }
}
