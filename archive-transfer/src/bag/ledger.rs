//! The files of a bag in the order of their paths, however many there are.
//!
//! Manifests and METS list files by path, and files come in the order of the catalogue. So lines are sorted
//! in memory as long as they fit, then put aside on disk in sorted runs, and merged when they are read:
//! a million files need no more memory than sixty thousand.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, Write};
use std::path::PathBuf;

use crate::digest::{Algorithm, Digests};

/// Lines held in memory: about fifteen million bytes.
const HELD: usize = 1 << 16;

/// A file of the bag.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    /// Its path.
    pub(crate) path: String,
    /// Its length.
    pub(crate) bytes: u64,
    /// Its digests, in the order of the bag's algorithms.
    digests: Vec<String>,
}

/// The files written so far.
pub(crate) struct Ledger {
    algorithms: Vec<Algorithm>,
    aside: PathBuf,
    held: Vec<Row>,
    runs: Vec<File>,
    most: usize,
}

impl Ledger {
    /// An empty ledger that puts its runs aside in the folder `aside`.
    pub(crate) fn new(algorithms: Vec<Algorithm>, aside: PathBuf) -> Self {
        Self { algorithms, aside, held: Vec::new(), runs: Vec::new(), most: HELD }
    }

    /// Enters a file.
    pub(crate) fn push(&mut self, path: &str, bytes: u64, digests: &Digests) -> io::Result<()> {
        let of = |algorithm| digests.get(algorithm).cloned().unwrap_or_default();
        self.held.push(Row {
            path: path.to_owned(),
            bytes,
            digests: self.algorithms.iter().map(of).collect(),
        });
        if self.held.len() < self.most {
            return Ok(());
        }
        self.held.sort_unstable();
        let mut run = BufWriter::new(tempfile::tempfile_in(&self.aside)?);
        for row in self.held.drain(..) {
            // A path has no control characters in it: our names are made without.
            writeln!(run, "{}\t{}\t{}", row.path, row.bytes, row.digests.join(" "))?;
        }
        self.runs.push(run.into_inner().map_err(io::IntoInnerError::into_error)?);
        Ok(())
    }

    /// The digest of a row.
    pub(crate) fn digest<'a>(&self, row: &'a Row, algorithm: Algorithm) -> &'a str {
        let place = self.algorithms.iter().position(|one| *one == algorithm);
        place.and_then(|place| row.digests.get(place)).map_or("", String::as_str)
    }

    /// Calls `each` with every file, in the order of paths.
    pub(crate) fn each(&self, mut each: impl FnMut(&Row) -> io::Result<()>) -> io::Result<()> {
        let mut held: Vec<&Row> = self.held.iter().collect();
        held.sort_unstable();
        if self.runs.is_empty() {
            return held.into_iter().try_for_each(each);
        }
        let mut runs: Vec<Run<'_>> = Vec::new();
        for mut file in &self.runs {
            file.rewind()?;
            runs.push(Run::Aside(BufReader::new(file)));
        }
        runs.push(Run::Held(held.into_iter()));
        let mut next = BinaryHeap::new();
        for (place, run) in runs.iter_mut().enumerate() {
            next.extend(run.row()?.map(|row| Reverse((row, place))));
        }
        while let Some(Reverse((row, place))) = next.pop() {
            each(&row)?;
            next.extend(runs[place].row()?.map(|row| Reverse((row, place))));
        }
        Ok(())
    }
}

/// Rows in order.
enum Run<'a> {
    Aside(BufReader<&'a File>),
    Held(std::vec::IntoIter<&'a Row>),
}

impl Run<'_> {
    fn row(&mut self) -> io::Result<Option<Row>> {
        match self {
            Self::Held(rows) => Ok(rows.next().cloned()),
            Self::Aside(lines) => {
                let mut line = String::new();
                if lines.read_line(&mut line)? == 0 {
                    return Ok(None);
                }
                let mut parts = line.trim_end_matches('\n').split('\t');
                let (path, bytes, digests) = (parts.next(), parts.next(), parts.next());
                let row = path.zip(bytes.and_then(|bytes| bytes.parse().ok())).map(|(path, bytes)| Row {
                    path: path.to_owned(),
                    bytes,
                    digests: digests.unwrap_or_default().split(' ').map(str::to_owned).collect(),
                });
                row.map(Some).ok_or_else(|| io::ErrorKind::InvalidData.into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_put_aside_come_back_in_order_with_those_in_memory() {
        let dir = tempfile::tempdir().unwrap();
        let algorithms = vec![Algorithm::Sha256, Algorithm::Sm3];
        let mut ledger = Ledger { most: 7, ..Ledger::new(algorithms, dir.path().to_owned()) };
        let path = |at: usize| format!("data/{:03} 件.tif", (at * 37) % 100);
        for at in 0..100 {
            let digests = Digests::from([
                (Algorithm::Sha256, format!("a{at}")),
                (Algorithm::Sm3, format!("b{at}")),
                (Algorithm::Sha512, "not asked for".to_owned()),
            ]);
            ledger.push(&path(at), at as u64, &digests).unwrap();
        }
        assert!(ledger.runs.len() > 10 && !ledger.held.is_empty());
        for _ in 0..2 {
            let mut seen = Vec::new();
            ledger
                .each(|row| {
                    assert_eq!(path(usize::try_from(row.bytes).unwrap()), row.path);
                    assert_eq!(ledger.digest(row, Algorithm::Sm3), format!("b{}", row.bytes));
                    seen.push(row.path.clone());
                    Ok(())
                })
                .unwrap();
            assert_eq!(seen.len(), 100);
            assert!(seen.is_sorted());
        }
    }
}
