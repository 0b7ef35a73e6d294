//! The office's registers as the rules judge them: facts read from the store for `archive check` and all that asks it.

use std::collections::BTreeMap;

use archive_core::opening::Verdict;
use archive_core::rules::{
    HandoverFact, LeaverFact, LoanFact, Registers, ReviewFact, SecretCopyFact, UseFact,
};
use archive_transfer::{Outcome, Receipt};

use crate::error::CommandError;
use crate::office::Office;

/// What the registers of a repository say.
pub(crate) fn of(office: &Office) -> Result<Registers, CommandError> {
    let repository = &office.repository;
    let reviews = repository
        .opening_decisions()?
        .into_iter()
        .map(|(item, decision)| ReviewFact {
            item: Some(item),
            decision: decision.said.verdict.state(),
            opinion_by: decision
                .opinion
                .filter(|opinion| opinion.said.verdict == Verdict::Open || !opinion.by.is_empty())
                .map(|opinion| opinion.by)
                .unwrap_or_default(),
            reviewed_by: decision.by,
            day: Some(decision.on),
            reason: decision.said.reason,
            next: decision.said.next,
        })
        .collect();
    let loans = repository
        .loans()?
        .into_iter()
        .map(|loan| LoanFact {
            no: loan.no,
            volume: loan.volume,
            borrower: loan.borrower,
            approved_by: loan.approved_by,
            level: loan.level,
            lent: Some(loan.lent),
            due: Some(loan.due),
            returned: loan.returned.as_ref().map(|back| back.on),
            sheets: Some(loan.sheets),
            sheets_returned: loan.returned.as_ref().map(|back| back.sheets),
            damage: loan.returned.map(|back| back.damage).unwrap_or_default(),
        })
        .collect();
    let kinds: BTreeMap<String, &'static str> =
        repository.readers()?.into_iter().map(|reader| (reader.no, reader.kind.name())).collect();
    let (mut uses, mut secret_copies) = (Vec::new(), Vec::new());
    for one in repository.uses()? {
        for slip in one.slips.iter().filter(|slip| slip.classified) {
            secret_copies.push(SecretCopyFact {
                no: slip.no.clone(),
                made: slip.copies,
                accounted: u32::try_from(slip.given_to.len()).unwrap_or(u32::MAX),
                approved_by: slip.approved_by.clone(),
                day: Some(one.day),
            });
        }
        uses.push(UseFact {
            reader_kind: kinds.get(&one.reader).copied().unwrap_or_default().to_owned(),
            papers: one.papers.iter().map(|paper| paper.name().to_owned()).collect(),
            items: one.items,
            approved_by: one.approved_by,
            day: Some(one.day),
            copied_pages: one.slips.iter().map(|slip| slip.page_count.saturating_mul(slip.copies)).sum(),
            copies_stamped: one.slips.iter().all(|slip| !slip.checked_by.is_empty()),
            feedback: one.feedback.map(|feedback| feedback.text).unwrap_or_default(),
            no: one.no,
        });
    }
    // Who left and was never cleared has handed nothing over.
    let cleared = repository.cleared()?;
    let leavers = repository
        .people()?
        .all()
        .iter()
        .filter_map(|person| person.left.map(|day| (person.name.clone(), day)))
        .map(|(name, day)| LeaverFact {
            handed_over: cleared.iter().any(|one| one.name == name),
            day: Some(day),
            name,
        })
        .collect();
    let books = repository.books(None)?;
    let mut registers = Registers {
        reviews,
        uses,
        loans,
        secret_copies,
        leavers,
        books,
        handovers: handovers(office)?,
        ..Registers::default()
    };
    crate::custody::fill(office, &mut registers)?;
    Ok(registers)
}

/// The handovers that were answered, as both sides counted and signed them (X1).
fn handovers(office: &Office) -> Result<Vec<HandoverFact>, CommandError> {
    let count = |volumes: u64| u32::try_from(volumes).unwrap_or(u32::MAX);
    let sent = office.repository.sent_packages()?.into_iter();
    Ok(sent
        .filter_map(|sent| {
            let receipt: Receipt = serde_json::from_value(sent.receipt?).ok()?;
            (receipt.outcome == Outcome::Accepted).then(|| HandoverFact {
                year: sent.year,
                listed: count(sent.volumes),
                counted: count(receipt.volumes),
                sent_by: sent.who,
                received_by: receipt.reception.received_by,
                day: Some(receipt.reception.received_on),
            })
        })
        .collect())
}
