//! Seeing to it that the arrangement is the plan.
//!
//! Only what a person changed becomes a decision, so that the rest stays the program's to arrange when
//! late items come. But taking items out of its hands may lead the program to arrange the rest
//! differently, and the person has seen and accepted the plan as it stands. So the decisions are tried
//! out, and volumes that come out differently are decided too. What follows from a tie the person judged
//! is the exception: there it is the program that is asked to think again.

use std::collections::HashMap;

use super::{Plan, PlanVolume};
use crate::arrange::{DecidedVolume, Decisions, arrange};
use crate::finding::Finding;
use crate::model::{Arrangement, Institution, Item, ItemId, Volume};
use crate::profile::Profile;

/// How often decisions are tried before every volume of the plan is decided.
const TRIES: usize = 3;

impl Plan {
    /// Applies the edited plan, and arranges by what it decides: the result is the plan.
    ///
    /// `proposal` is the arrangement the plan was made of, as in [`Plan::apply`].
    ///
    /// # Errors
    ///
    /// All faults of the plan; then nothing is decided.
    pub fn carry_out(
        &self,
        proposal: &Arrangement,
        items: &[Item],
        institution: &Institution,
        profile: &Profile,
        decisions: &Decisions,
    ) -> Result<(Decisions, Arrangement), Vec<Finding>> {
        let mut decided = self.apply(proposal, items, profile, decisions)?;
        let again = |decided: &Decisions| arrange(items, institution, profile, decided);
        let judged = (&decided.confirmed_ties, &decided.refused_ties)
            != (&decisions.confirmed_ties, &decisions.refused_ties);
        // What the program makes of the judged ties by itself.
        let counted_on = judged.then(|| {
            again(&Decisions {
                confirmed_ties: decided.confirmed_ties.clone(),
                refused_ties: decided.refused_ties.clone(),
                ..decisions.clone()
            })
        });
        let contents = self.grouped();
        let planned = |volume: &PlanVolume| -> Vec<ItemId> {
            contents
                .get(volume.label.trim())
                .map_or_else(Vec::new, |entries| entries.iter().map(|entry| entry.item).collect())
        };
        let expected: Vec<(&PlanVolume, Vec<ItemId>)> = {
            let there = by_first(counted_on.as_ref().unwrap_or(proposal));
            self.volumes
                .iter()
                .filter(|volume| volume.code.is_none())
                .map(|volume| (volume, planned(volume)))
                .filter(|(volume, items)| is_there(&there, volume, items))
                .collect()
        };
        let mut tries = 0;
        loop {
            let arrangement = again(&decided);
            let there = by_first(&arrangement);
            let lost: Vec<DecidedVolume> = expected
                .iter()
                .filter(|(volume, items)| tries == TRIES || !is_there(&there, volume, items))
                .map(|(volume, items)| as_decided(volume, items))
                .collect();
            if lost.is_empty() || tries > TRIES {
                return Ok((decided, arrangement));
            }
            decided.put_volumes(lost);
            tries += 1;
        }
    }
}

/// Volumes by their first item.
fn by_first(arrangement: &Arrangement) -> HashMap<ItemId, &Volume> {
    arrangement.volumes.iter().filter_map(|volume| Some((volume.entries.first()?.item, volume))).collect()
}

/// Whether a volume of the plan came out as it is there.
fn is_there(made: &HashMap<ItemId, &Volume>, volume: &PlanVolume, items: &[ItemId]) -> bool {
    items.first().and_then(|first| made.get(first)).is_some_and(|made| {
        (made.year, made.side, made.period, &made.section, made.title.as_str())
            == (volume.year, volume.side, volume.period, &volume.section, volume.title.trim())
            && made.entries.iter().map(|entry| &entry.item).eq(items)
    })
}

fn as_decided(volume: &PlanVolume, items: &[ItemId]) -> DecidedVolume {
    DecidedVolume {
        year: volume.year,
        side: volume.side,
        period: volume.period,
        section: volume.section.clone(),
        title: Some(volume.title.trim().to_owned()),
        items: items.to_vec(),
        number: None,
        places: Vec::new(),
    }
}
