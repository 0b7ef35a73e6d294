//! A transfer in several packages: which of them have come.
//!
//! Each package of a group is verified and taken in by itself, and may come on a disc of its own. So that none is
//! forgotten, whoever takes one in is told which are still to come.

use archive_core::text;
use archive_core::text::Text;
use archive_store::Repository;
use archive_transfer::verify::Group;
use serde::Serialize;

use crate::error::CommandError;

/// How a group stands after one of its packages was taken in.
#[derive(Debug, Serialize)]
pub(crate) struct GroupStanding {
    id: String,
    number: u32,
    of: Option<u32>,
    received: Vec<u32>,
    missing: Vec<u32>,
}

impl GroupStanding {
    /// Reads it from the evidence of what `sender` sent.
    pub(crate) fn of(repository: &Repository, group: &Group, sender: &str) -> Result<Self, CommandError> {
        let mut received = Vec::new();
        for package in repository.received_packages()?.iter().filter(|package| package.sender == sender) {
            let info = package.evidence.get("bag_info").cloned().unwrap_or_default();
            let info: Vec<(String, String)> = serde_json::from_value(info).unwrap_or_default();
            let of_group = Group::of_info(&info).ok().flatten().filter(|other| other.id == group.id);
            received.extend(of_group.map(|other| other.number));
        }
        received.sort_unstable();
        received.dedup();
        let all = 1..=group.of.unwrap_or_default();
        let missing = all.filter(|number| !received.contains(number)).collect();
        Ok(Self { id: group.id.clone(), number: group.number, of: group.of, received, missing })
    }

    /// In a sentence.
    pub(crate) fn told(&self) -> Text {
        let Self { id, received, missing, .. } = self;
        let of = self.of.map_or_else(|| "?".to_owned(), |of| of.to_string());
        let (have, lack) = (listed(received), listed(missing));
        if missing.is_empty() && self.of.is_some() {
            return text!("{id} 共 {of} 包，已全部接收", "{id}: all {of} packages are received");
        }
        if missing.is_empty() {
            return text!(
                "{id}：已接收第 {have} 包，共几包未写明",
                "{id}: received {have}; of how many isn't said"
            );
        }
        text!(
            "{id} 共 {of} 包：已接收第 {have} 包，还缺第 {lack} 包",
            "{id}: received {have} of {of}; still to come: {lack}"
        )
    }
}

/// `1、2、5`: the same in both languages, as the numbers on the discs.
fn listed(numbers: &[u32]) -> String {
    numbers.iter().map(u32::to_string).collect::<Vec<_>>().join("、")
}
