//! The note of a repair that was begun: what was wrong, and what it moved away, written before it is done.
//!
//! Damage is mended at once, file by file, and entered in the audit chain at the end. Were a repair killed between the two, the next
//! would find nothing wrong, and no entry would tell what was put back. So the next takes over what the note tells.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::audit::Act;
use crate::error::{Result, StoreError};
use crate::fixity::{FixityFault, FixityFinding};
use crate::json;
use crate::repository::Repository;
use crate::safe_file;

/// Its place in the repository, while a repair is at work or was interrupted.
const NAME: &str = "repair.begun";

/// A repair that was begun.
#[derive(Debug)]
pub(super) struct Begun {
    path: PathBuf,
    told: Told,
    /// What was moved away, each written down before it is moved.
    away: Vec<Away>,
}

/// The first line of the note.
#[derive(Debug, Serialize, Deserialize)]
struct Told {
    /// The length of the audit chain before it.
    since: u64,
    /// What was wrong.
    findings: Vec<FixityFinding>,
}

/// Each further line.
#[derive(Debug, Serialize, Deserialize)]
struct Away {
    /// As it lay before, relative to the repository.
    from: String,
    /// Where it lies now.
    to: String,
}

impl Begun {
    /// Whether there is a note.
    pub(super) fn lies_in(root: &Path) -> bool {
        root.join(NAME).exists()
    }

    /// Writes down what this repair is going to see to: what was found, and what an interrupted one had found, unless that has its
    /// entry in the chain.
    pub(super) fn write(repository: &Repository, found: Vec<FixityFinding>) -> Result<Self> {
        let path = repository.root.join(NAME);
        let earlier = Self::read(repository, path.clone())?;
        let since = repository.audit_head()?.seq;
        let (since, mut findings, away) = match earlier {
            Some(earlier) => (earlier.told.since, earlier.told.findings, earlier.away),
            None => (since, Vec::new(), Vec::new()),
        };
        // Of the catalogue and of what is found again this finding tells.
        let again: BTreeSet<&str> = found.iter().map(|new| new.path.as_str()).collect();
        findings.retain(|old| old.fault != FixityFault::Catalogue && !again.contains(old.path.as_str()));
        findings.extend(found);
        findings.sort();
        let begun = Self { path, told: Told { since, findings }, away };
        let mut note = json::write(&begun.told)? + "\n";
        for away in &begun.away {
            note += &(json::write(away)? + "\n");
        }
        safe_file::write(&begun.path, note.as_bytes())?;
        Ok(begun)
    }

    /// What an interrupted repair left, unless it was entered in the chain all the same. A line that was torn is of something that
    /// wasn't moved.
    fn read(repository: &Repository, path: PathBuf) -> Result<Option<Self>> {
        let note = match safe_file::read_text(&path) {
            Ok(note) => note,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::io(&path, error)),
        };
        let mut lines = note.lines();
        let Some(told) = lines.next().and_then(|line| json::read::<Told>(line).ok()) else { return Ok(None) };
        let away = lines.map_while(|line| json::read(line).ok()).collect();
        let entries = repository.audit_log(told.since + 1, u64::MAX)?;
        let entered = entries.iter().any(|entry| entry.act == Act::Repair.name());
        Ok((!entered).then_some(Self { path, told, away }))
    }

    /// Everything that was wrong.
    pub(super) fn findings(&self) -> &[FixityFinding] {
        &self.told.findings
    }

    /// To be told before something is moved away.
    pub(super) fn moves(&mut self, from: &Path, to: &Path) -> Result<()> {
        let word = |path: &Path| path.to_string_lossy().into_owned();
        let away = Away { from: word(from), to: word(to) };
        safe_file::append(&self.path, (json::write(&away)? + "\n").as_bytes())?;
        self.away.push(away);
        Ok(())
    }

    /// What has been moved away, as it lay before.
    pub(super) fn moved_away(&self, root: &Path) -> Vec<String> {
        let moved = |away: &&Away| fs::symlink_metadata(root.join(&away.to)).is_ok();
        self.away.iter().filter(moved).map(|away| away.from.clone()).collect()
    }

    /// It is done, and entered if there was anything to enter.
    pub(super) fn done(self) -> Result<()> {
        safe_file::remove(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use archive_core::model::{Institution, Item, ItemId};
    use chrono::{DateTime, FixedOffset};

    use super::*;
    use crate::copies::nothing_along;
    use crate::safe_file::failing::{Failing, Fault};
    use crate::source::{FileSource, ItemFile};
    use crate::{ImportBatch, Settings};

    fn now() -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339("2005-03-01T09:00:00+08:00").unwrap()
    }

    /// A repository of one item with a backup; then its file is damaged, and something lies where nothing should.
    fn damaged(dir: &Path) -> (PathBuf, PathBuf, String) {
        let (root, backup) = (dir.join("repository"), dir.join("backup"));
        let institution = Institution { name: "办公室".into(), fonds: "J019".into() };
        let repository =
            Repository::create(&root, &Settings::new(institution, "futian-2006"), "x", now()).unwrap();
        fs::write(dir.join("页.tif"), "as it was").unwrap();
        let source = FileSource::Path(dir.join("页.tif"));
        let file = ItemFile { item: ItemId(1), name: "页.tif".into(), source, expected_sha256: None };
        let batch = ImportBatch {
            register_name: "a".into(),
            register_digest: "a".into(),
            items: vec![Item::new(ItemId(1), "1".to_owned())],
            files: vec![file],
        };
        let mut change = repository.begin("x", "import", now()).unwrap();
        change.import(&batch, &|_| ()).unwrap();
        change.commit().unwrap();
        repository.back_up(&backup, "x", now(), &|_| (), &nothing_along).unwrap();
        let path = repository.files(ItemId(1)).unwrap().remove(0).path;
        fs::write(&path, "changed").unwrap();
        fs::write(root.join("objects/stray"), "x").unwrap();
        let path = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        (root, backup, path)
    }

    #[test]
    fn wherever_a_repair_stops_what_it_mended_is_entered_once() {
        let mut points = 0;
        for fault in [Fault::Once, Fault::ForGood] {
            for after in 0.. {
                let dir = tempfile::tempdir().unwrap();
                let (root, backup, path) = damaged(dir.path());
                let copies = [backup];
                let failing = Failing::plan(&root, after, fault);
                let _ = Repository::open(&root).and_then(|one| one.repair(&copies, "x", now(), &|_| ()));
                let struck = failing.struck();
                drop(failing);

                let repository = Repository::open(&root).unwrap();
                let entries = repository.audit_log(1, u64::MAX).unwrap();
                let entered = entries.iter().any(|entry| entry.act == Act::Repair.name());
                let is_whole = repository.fixity(&|_| ()).unwrap().findings.is_empty();
                // Mended and not entered: then it is told.
                assert!(entered || !is_whole || repository.repair_was_begun(), "{fault:?} {after}");
                let report = repository.repair(&copies, "x", now(), &|_| ()).unwrap();
                assert_eq!(report.left, [], "{fault:?} {after}");
                assert_eq!(repository.fixity(&|_| ()).unwrap().findings, [], "{fault:?} {after}");
                assert!(!Begun::lies_in(&root), "{fault:?} {after}");
                let told = |name: &str| -> Vec<String> {
                    let entries = repository.audit_log(1, u64::MAX).unwrap();
                    let details = entries.iter().filter(|entry| entry.act == Act::Repair.name());
                    details
                        .flat_map(|entry| {
                            let detail: serde_json::Value = serde_json::from_str(&entry.detail).unwrap();
                            // A file may be wrong in two ways at once.
                            serde_json::from_value::<BTreeSet<String>>(detail[name].clone()).unwrap()
                        })
                        .collect()
                };
                assert_eq!(told("mended").iter().filter(|one| **one == path).count(), 1, "{fault:?} {after}");
                assert_eq!(told("moved_away"), ["objects/stray"], "{fault:?} {after}");
                if !struck {
                    break;
                }
                points += 1;
            }
        }
        assert!(points > 20, "only {points} points: does everything still pass safe_file?");
    }
}
