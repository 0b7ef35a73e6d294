//! What is found, within bounds: a package made to harm has a fault in each of a million files, and telling of it
//! must not fill the memory.
//!
//! So many are named, errors before all else and otherwise the first in the order people read them in; the rest are
//! counted. What is named doesn't depend on the order things were found in, which several processors share.

use archive_core::finding::{self, Finding, Place, Severity};
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

/// Findings as they come in.
#[derive(Debug)]
pub(crate) struct Findings {
    named: Vec<Finding>,
    /// How many are named.
    most: usize,
    /// How many more there are.
    more: usize,
    /// Whether any of those is an error.
    graver: bool,
    count: usize,
    errors: usize,
}

impl Findings {
    /// None yet; so many will be named.
    pub(crate) const fn new(most: usize) -> Self {
        Self { named: Vec::new(), most, more: 0, graver: false, count: 0, errors: 0 }
    }

    pub(crate) fn push(&mut self, finding: Finding) {
        self.count += 1;
        self.errors += usize::from(finding.severity == Severity::Error);
        self.named.push(finding);
        if self.named.len() >= self.most.saturating_mul(2) {
            self.settle();
        }
    }

    /// How many came in.
    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    /// How many errors came in.
    pub(crate) const fn errors(&self) -> usize {
        self.errors
    }

    fn settle(&mut self) {
        finding::sort(&mut self.named);
        self.named.dedup();
        if self.named.len() > self.most {
            self.named.sort_by_key(|finding| finding.severity);
            self.more += self.named.len() - self.most;
            self.graver |= self.named[self.most].severity == Severity::Error;
            self.named.truncate(self.most);
            finding::sort(&mut self.named);
        }
    }

    /// All that are named, in order, and a word on the others.
    pub(crate) fn told(mut self) -> Vec<Finding> {
        self.settle();
        if self.more > 0 {
            let more = self.more;
            let said = text!(
                "另有 {more} 处类似的问题，不再逐一列出",
                "{more} more faults like these, which are not listed one by one"
            );
            let help = Text::fixed("请移交方重新制包", "ask the sender to build the package again");
            let severity = if self.graver { Severity::Error } else { Severity::Warning };
            let last = Finding::new(RuleId::X5, Place::default(), said).at(severity).with_help(help);
            self.named.push(last);
            finding::sort(&mut self.named);
        }
        self.named
    }
}

impl Extend<Finding> for Findings {
    fn extend<I: IntoIterator<Item = Finding>>(&mut self, findings: I) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finding(row: u32, severity: Severity) -> Finding {
        let place = Place { row: Some(row), ..Place::default() };
        Finding::new(RuleId::X5, place, Text::fixed("错", "wrong")).at(severity)
    }

    proptest! {
        #[test]
        fn what_is_named_doesnt_depend_on_the_order_things_were_found_in(
            rows in prop::collection::btree_map(0_u32..200, any::<bool>(), 0..60),
            turn in any::<prop::sample::Index>(),
        ) {
            let all: Vec<Finding> = rows
                .iter()
                .map(|(row, error)| finding(*row, if *error { Severity::Error } else { Severity::Warning }))
                .collect();
            let told = |findings: &[Finding]| {
                let mut kept = Findings::new(7);
                kept.extend(findings.iter().cloned());
                kept.told()
            };
            let mut turned = all.clone();
            turned.rotate_left(if all.is_empty() { 0 } else { turn.index(all.len()) });
            prop_assert_eq!(told(&all), told(&turned));
            let errors = rows.values().filter(|error| **error).count();
            let named = told(&all).into_iter().filter(|f| f.place.row.is_some());
            prop_assert_eq!(named.filter(|f| f.severity == Severity::Error).count(), errors.min(7));
            let grave = told(&all).iter().any(|f| f.place.row.is_none() && f.severity == Severity::Error);
            prop_assert_eq!(grave, errors > 7);
        }
    }
}
