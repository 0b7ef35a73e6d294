//! What changes touched: for who keeps what was made of the catalogue and mends it instead of making it anew.
//!
//! Every change that wrote a row stands in the audit chain, and each entry names what it was done to. So the chain from one
//! head to the next says which items and which years of which fonds look different now, and costs as much to read as was
//! done. Where it can't say so in few words (a register was taken in, a list was carried out, the chain is another), the answer
//! is that all of it may be different.

use std::collections::BTreeSet;

use archive_core::model::ItemId;
use rusqlite::OptionalExtension as _;

use crate::audit::{Act, AuditHead};
use crate::error::Result;
use crate::repository::Repository;

/// More acts than this aren't gone through one by one.
const MOST: u64 = 5_000;

/// What was touched of the items, their opening states, and the arrangements they stand in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// Items described anew, opened or closed, or of which somebody gave an opinion.
    pub items: BTreeSet<ItemId>,
    /// Years arranged anew or numbered, each with its fonds.
    pub years: BTreeSet<(String, i32)>,
}

/// What an act does to the tables of fonds, items and arrangements.
enum Reach {
    /// Nothing: its own registers alone.
    Nothing,
    /// The item it names.
    Item,
    /// The year of the fonds it names.
    Year,
    /// More than it names.
    All,
}

impl Act {
    /// Every act is here by name, so that a new one isn't forgotten.
    const fn reach(self) -> Reach {
        match self {
            Self::Describe | Self::OpeningOpinion | Self::OpeningDecision => Reach::Item,
            Self::Arrange => Reach::Year,
            Self::Create | Self::Import | Self::Receive | Self::Restore | Self::Repair | Self::Destroyed => {
                Reach::All
            }
            Self::AddFiles
            | Self::Decide
            | Self::LetThrough
            | Self::Send
            | Self::Receipt
            | Self::SentBack
            | Self::Learn
            | Self::PersonAdded
            | Self::PersonRoles
            | Self::PersonLeft
            | Self::Lend
            | Self::ExtendLoan
            | Self::TakeBack
            | Self::ClearLeaver
            | Self::ReaderAdded
            | Self::Use
            | Self::SlipMade
            | Self::FeePaid
            | Self::FeedbackGiven
            | Self::DamageNoted
            | Self::Appraised
            | Self::HoldPlaced
            | Self::HoldLifted
            | Self::ListDrawnUp
            | Self::ListChanged
            | Self::ListApproved
            | Self::ListSupervised
            | Self::ListHandedOver
            | Self::StoreroomBuilt
            | Self::Moved
            | Self::ClimateRead
            | Self::Disinfected
            | Self::Counted
            | Self::FondsHistory
            | Self::FondsFile
            | Self::Book
            | Self::Settle
            | Self::Match
            | Self::Clearing
            | Self::RequestMade
            | Self::RequestAnswered => Reach::Nothing,
        }
    }
}

impl Repository {
    /// What the changes after `head` touched; `None` if that may be anything: the chain doesn't go on from there, a register
    /// or a package was taken in, something was destroyed, or too much was done to go through.
    pub fn touched_since(&self, head: &AuditHead) -> Result<Option<Touched>> {
        let now = self.audit_head()?;
        let known: Option<String> = self
            .connection
            .prepare_cached("SELECT digest FROM audit WHERE seq = ?1")?
            .query_row([head.seq], |row| row.get(0))
            .optional()?;
        if known.as_ref() != Some(&head.digest) || now.seq.saturating_sub(head.seq) > MOST {
            return Ok(None);
        }
        let mut touched = Touched::default();
        let mut statement =
            self.connection.prepare_cached("SELECT act, subject FROM audit WHERE seq > ?1 ORDER BY seq")?;
        let mut rows = statement.query([head.seq])?;
        while let Some(row) = rows.next()? {
            let (act, subject): (String, String) = (row.get(0)?, row.get(1)?);
            let named = match Act::named(&act).map(Act::reach) {
                Some(Reach::Nothing) => continue,
                Some(Reach::Item) => item(&subject).map(|item| {
                    touched.items.insert(item);
                }),
                Some(Reach::Year) => year(&subject).map(|year| {
                    touched.years.insert(year);
                }),
                Some(Reach::All) | None => None,
            };
            if named.is_none() {
                return Ok(None);
            }
        }
        Ok(Some(touched))
    }
}

/// `item:17`.
fn item(subject: &str) -> Option<ItemId> {
    subject.strip_prefix("item:")?.parse().ok().map(ItemId)
}

/// `arrangement:J019:1970`.
fn year(subject: &str) -> Option<(String, i32)> {
    let (fonds, year) = subject.strip_prefix("arrangement:")?.rsplit_once(':')?;
    Some((fonds.to_owned(), year.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_name_an_item_or_a_year() {
        assert_eq!(item("item:17"), Some(ItemId(17)));
        assert_eq!(item("item:seventeen"), None);
        assert_eq!(year("arrangement:J019:1970"), Some(("J019".to_owned(), 1970)));
        assert_eq!(year("arrangement:J:0:-5"), Some(("J:0".to_owned(), -5)));
        assert_eq!(year("arrangement:J019"), None);
    }
}
