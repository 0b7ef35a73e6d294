//! What is known of each file, put aside on disk until the lists that speak of it are written.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Seek as _, Write};
use std::path::Path;

use crate::records::{self, FileRecord};

/// Records of files in the order they were written.
pub(crate) struct Spool {
    file: BufWriter<File>,
    /// How many.
    pub(crate) files: u64,
    /// The length of the files together.
    pub(crate) bytes: u64,
}

impl Spool {
    /// An empty one, in the folder `aside`.
    pub(crate) fn new(aside: &Path) -> io::Result<Self> {
        Ok(Self { file: BufWriter::new(tempfile::tempfile_in(aside)?), files: 0, bytes: 0 })
    }

    pub(crate) fn push(&mut self, record: &FileRecord) -> io::Result<()> {
        self.files += 1;
        self.bytes += record.bytes;
        records::line(&mut self.file, record)
    }

    /// Sees everything into the file: reading comes after.
    pub(crate) fn close(&mut self) -> io::Result<()> {
        self.file.flush()
    }

    /// Reads them again from the first. One reader at a time.
    pub(crate) fn read(&self) -> io::Result<SpoolReader<'_>> {
        let mut file = self.file.get_ref();
        file.rewind()?;
        Ok(SpoolReader { lines: BufReader::with_capacity(1 << 16, file) })
    }
}

/// The records from the first on.
pub(crate) struct SpoolReader<'a> {
    lines: BufReader<&'a File>,
}

impl SpoolReader<'_> {
    /// The next `count` records: those of the next item.
    pub(crate) fn next(&mut self, count: usize) -> io::Result<Vec<FileRecord>> {
        let mut line = String::new();
        (0..count)
            .map(|_| {
                line.clear();
                self.lines.read_line(&mut line)?;
                Ok(serde_json::from_str(&line)?)
            })
            .collect()
    }

    /// All that is left, as it stands.
    pub(crate) fn copy(mut self, to: &mut dyn Write) -> io::Result<()> {
        io::copy(&mut self.lines, to).map(drop)
    }
}
