//! Finding the file a line of a manifest means.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::bag::read::Version;
use crate::names;
use crate::tree::Tree;

/// Finds files by the names lists give them.
pub(super) struct Finder<'a> {
    tree: &'a Tree,
    /// Made when a name isn't found as it stands, which is rare.
    by_form: OnceCell<BTreeMap<String, usize>>,
    version: Version,
}

impl<'a> Finder<'a> {
    pub(super) fn new(tree: &'a Tree, version: Version) -> Self {
        Self { tree, by_form: OnceCell::new(), version }
    }

    /// How many files there are to be found.
    pub(super) fn files(&self) -> usize {
        self.tree.entries().len()
    }

    fn by_form(&self) -> &BTreeMap<String, usize> {
        self.by_form.get_or_init(|| {
            let entries = self.tree.entries().iter().enumerate();
            entries.map(|(at, entry)| (names::folded(entry.path), at)).collect()
        })
    }

    /// The file, and whether only another case or Unicode form of its name fits.
    pub(super) fn find(&self, path: &str) -> Option<(usize, bool)> {
        let at = |path: &str| self.tree.place(path);
        // RFC 8493 encodes %, CR and LF; our reader lets no CR or LF through, and no tool encodes %.
        let decoded = || (self.version >= Version::V1_0).then(|| path.replace("%25", "%"));
        at(path)
            .or_else(|| decoded().and_then(|path| at(&path)))
            .map(|at| (at, false))
            .or_else(|| self.by_form().get(&names::folded(path)).map(|&at| (at, true)))
    }
}
