//! A manifest, resolved against the files that are there while it is read: a million lines in some forty
//! megabytes.

use std::collections::BTreeMap;
use std::io::{self, Read};

use archive_core::finding::Severity;
use archive_core::text;

use super::finder::Finder;
use super::ledger::Ledger;
use super::seen::Seen;
use crate::bag::read::{self, Declaration, Version};
use crate::digest::Algorithm;
use crate::findings::Findings;
use crate::names;
use crate::tree::{Tree, fault};

/// The most lines kept whose file isn't there: what a longer list says is named by number.
const MAX_ABSENT: usize = 200_001;

/// A manifest.
pub(super) struct Manifest {
    pub(super) name: String,
    pub(super) algorithm: Algorithm,
    /// Whether it is of tag files, rather than of the payload.
    pub(super) of_tags: bool,
    /// For each file of the package, on which line with a digest it stands, from 1; 0 if it isn't listed.
    lines: Vec<u32>,
    /// The digests, line by line.
    digests: Vec<u8>,
    /// Files that are listed under another case or Unicode form of their name.
    by_form: BTreeMap<String, (usize, Box<[u8]>)>,
    /// Files that are listed and not there.
    absent: BTreeMap<String, Box<[u8]>>,
}

impl Manifest {
    /// Reads one called `name`. What is wrong with it goes to `findings`.
    pub(super) fn read(
        name: &str,
        reader: impl Read,
        (algorithm, of_tags): (Algorithm, bool),
        declared: Declaration,
        finder: &Finder<'_>,
        findings: &mut Findings,
    ) -> io::Result<Self> {
        let mut manifest = Self {
            name: name.to_owned(),
            algorithm,
            of_tags,
            lines: vec![0; finder.files()],
            // Room that isn't written to costs nothing; growing bit by bit leaves as much behind as it takes.
            digests: Vec::with_capacity(if of_tags { 0 } else { finder.files() * algorithm.hex_len() / 2 }),
            by_form: BTreeMap::new(),
            absent: BTreeMap::new(),
        };
        let width = algorithm.hex_len() / 2;
        let harmless = |same| same && declared.version < Version::V1_0;
        read::manifest(name, reader, declared, algorithm, findings, |line, findings| {
            let mut double = |same| findings.push(read::doubled(name, line.row, line.path, harmless(same)));
            match finder.find(line.path) {
                Some((at, false)) if manifest.lines[at] > 0 => {
                    double(manifest.digest(at) == Some(line.digest));
                }
                Some((at, false)) => {
                    manifest.digests.extend_from_slice(line.digest);
                    manifest.lines[at] = u32::try_from(manifest.digests.len() / width).unwrap_or(u32::MAX);
                }
                Some((at, true)) => match manifest.by_form.get(line.path) {
                    Some((_, digest)) => double(**digest == *line.digest),
                    None if manifest.by_form.len() < MAX_ABSENT => {
                        manifest.by_form.insert(line.path.to_owned(), (at, line.digest.into()));
                    }
                    None => {}
                },
                None => match manifest.absent.get(line.path) {
                    Some(digest) => double(**digest == *line.digest),
                    None if manifest.absent.len() < MAX_ABSENT => {
                        manifest.absent.insert(line.path.to_owned(), line.digest.into());
                    }
                    None => {}
                },
            }
        })?;
        Ok(manifest)
    }

    /// The digest it gives of the file at a place, if it lists it by the name it has.
    pub(super) fn digest(&self, at: usize) -> Option<&[u8]> {
        let line = (*self.lines.get(at)? as usize).checked_sub(1)?;
        let width = self.algorithm.hex_len() / 2;
        self.digests.get(line * width..(line + 1) * width)
    }

    /// Whether it lists nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.digests.is_empty() && self.by_form.is_empty() && self.absent.is_empty()
    }

    /// Enters what it says into the ledger; gives for each file whether it is listed.
    pub(super) fn compare(
        &self,
        tree: &Tree,
        seen: &Seen<'_>,
        ledger: &mut Ledger,
        findings: &mut Findings,
    ) -> Vec<bool> {
        let mut listed = vec![false; tree.entries().len()];
        for (at, listed) in listed.iter_mut().enumerate() {
            let Some(expected) = self.digest(at) else { continue };
            *listed = true;
            match seen.digest(at, self.algorithm) {
                Some(found) => {
                    let file = (at, tree.entry(at).path);
                    ledger.digest(file, &self.name, self.algorithm, expected, found);
                }
                // It couldn't be read, which is a finding of its own.
                None => ledger.unread += usize::from(!seen.skipped(at)),
            }
        }
        for (written, (at, digest)) in &self.by_form {
            let path = tree.entry(*at).path;
            // A file that differs in more than the form of its name is another file.
            if seen.digest(*at, self.algorithm).is_some_and(|found| *found != **digest) {
                ledger.missing(written, &self.name);
                continue;
            }
            // What only differs in its Unicode form was composed or taken apart by a disk (macOS). What differs
            // in case was renamed: no other tool finds it.
            let renamed = !listed[*at] && !names::same_but_for_form(written, path);
            let (name, said) = (
                &self.name,
                if renamed {
                    text!("被改名：清单把它写作 {written}", "was renamed: it is listed as {written}")
                } else if listed[*at] {
                    text!(
                        "{written} 也列在清单里，实为同一个文件",
                        "{written} is listed too, and is the same file"
                    )
                } else {
                    text!("清单把它写作 {written}", "it is listed as {written}")
                },
            );
            let (zh, en) = (&said.zh, &said.en);
            let said = archive_core::text::Text::new(
                format!("{name}：{zh}，大小写或 Unicode 形式不同"),
                format!("{name}: {en}, which differs in case or Unicode form"),
            );
            let severity = if renamed { Severity::Error } else { Severity::Warning };
            findings.push(fault(path, said).at(severity));
            listed[*at] = true;
            if let Some(found) = seen.digest(*at, self.algorithm) {
                ledger.digest((*at, path), &self.name, self.algorithm, digest, found);
            }
        }
        for path in self.absent.keys() {
            ledger.missing(path, &self.name);
        }
        listed
    }
}
