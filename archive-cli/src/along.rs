//! What goes along with the records into copies and out of them: what was read of their files. It is derived, but making it
//! again would take longer than everything else, so backups and exports hold it and restoring takes it back.

use std::cell::RefCell;
use std::io;
use std::path::Path;

use archive_index::DerivedFault;
use archive_index::reading::{CopiedTexts, FOLDER, KeptTexts};
use archive_store::{FixityFault, FixityFinding};

/// What was brought along.
#[derive(Debug, Default)]
pub(crate) struct Brought(RefCell<CopiedTexts>);

impl Brought {
    /// Brings the texts of one folder (a repository, a backup, the payload of an export) into another; names the damaged.
    pub(crate) fn bring(&self, from: &Path, to: &Path) -> io::Result<Vec<FixityFinding>> {
        let texts = KeptTexts::in_folder(from.join(FOLDER)).copy_to(&to.join(FOLDER))?;
        let damaged = texts.damaged.iter().cloned().map(|fault| finding(FOLDER, fault)).collect();
        self.0.replace(texts);
        Ok(damaged)
    }

    /// How many texts were copied, and how many were there already.
    pub(crate) fn count(&self) -> (usize, usize) {
        let texts = self.0.borrow();
        (texts.copied, texts.kept)
    }
}

/// A fault of something derived that lies in this folder of a repository or copy, told as others are.
pub(crate) fn finding(folder: &str, DerivedFault { path, message }: DerivedFault) -> FixityFinding {
    FixityFinding { path: format!("{folder}/{path}"), fault: FixityFault::Changed, item: None, message }
}
