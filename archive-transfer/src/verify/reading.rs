//! Reading one file, once: its digests, its first bytes, and its XML if it is XML.
//!
//! Small files are read and hashed by the thread that meets them. A large one would leave the other cores
//! idle and, at the end of a package, be waited for; so a second thread reads it ahead while this one hashes.

use std::cell::Cell;
use std::io::{self, Read};
use std::sync::mpsc;
use std::thread;

use archive_core::text::Text;

use super::documents::{self, Collector, Document, Reference};
use super::seen::Told;
use crate::digest::{Algorithms, Hasher, HashingReader, Taken, with_buffer};
use crate::said::said;
use crate::tree::{Entry, Tree};
use crate::xml::read::{walk, walk_whole};

/// How many first bytes are kept.
const HEAD: usize = 16;
/// From this length on a file is read ahead.
const LARGE: u64 = 32 << 20;
/// How much is read ahead at a time, and how many such pieces there are: together they stay in a
/// processor's cache.
const AHEAD: usize = 256 << 10;
const PIECES: usize = 4;

/// What reading a file gave.
#[derive(Debug, Default)]
pub(super) struct Sight {
    /// Its digests; empty if it couldn't be read.
    pub(super) digests: Taken,
    /// Its length as read.
    pub(super) bytes: u64,
    /// Its first bytes: what kind of file it is.
    pub(super) head: Head,
    /// What it says if it is a description, or why it can't be read.
    pub(super) told: Option<Box<Told>>,
}

impl Sight {
    fn failed(error: &io::Error) -> Self {
        Self { told: Some(Box::new(Told::Unreadable(said(error)))), ..Self::default() }
    }

    /// What it says, if it is a description: whoever hears it has it, and of it nothing is kept.
    pub(super) fn hear(&mut self) -> Option<Document> {
        match self.told.as_deref_mut() {
            Some(Told::Document(document)) => document.take(),
            _ => None,
        }
    }

    /// Whether it could be read to its end.
    pub(super) fn readable(&self) -> bool {
        !matches!(self.told.as_deref(), Some(Told::Unreadable(_)))
    }
}

/// A file's first bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Head {
    bytes: [u8; HEAD],
    length: u8,
}

impl Head {
    /// Takes in what was read next.
    pub(super) fn take(&mut self, read: &[u8]) {
        for (at, byte) in (usize::from(self.length)..HEAD).zip(read) {
            self.bytes[at] = *byte;
            self.length += 1;
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }
}

/// Whether a file is worth a second thread, and is to be begun with.
pub(super) fn large(entry: Entry<'_>) -> bool {
    entry.bytes >= LARGE
}

/// Reads a file to its end. `tell` hears now and then how many bytes were read.
pub(super) fn read(
    tree: &Tree,
    entry: Entry<'_>,
    algorithms: Algorithms,
    tell: &(dyn Fn(u64) + Sync),
) -> Sight {
    let reader = match tree.reader(entry) {
        Ok(reader) => reader,
        Err(error) => return Sight::failed(&error),
    };
    if documents::is_description(entry.path) {
        let seen = description(reader, entry.bytes, algorithms, None);
        tell(seen.bytes);
        return seen;
    }
    let mut seen = Sight::default();
    let mut hasher = Hasher::new(algorithms.iter());
    let taken = if large(entry) {
        ahead(reader, |piece| {
            seen.head.take(piece);
            hasher.update(piece);
            tell(piece.len() as u64);
        })
    } else {
        let result = plainly(reader, |piece| {
            seen.head.take(piece);
            hasher.update(piece);
        });
        tell(entry.bytes);
        result
    };
    if let Err(error) = taken {
        return Sight::failed(&error);
    }
    (seen.bytes, seen.digests) = hasher.taken();
    seen
}

/// Reads a METS; `hear` is given each of its references.
pub(super) fn read_mets(
    tree: &Tree,
    entry: Entry<'_>,
    algorithms: Algorithms,
    hear: &mut dyn FnMut(Reference),
) -> Sight {
    match tree.reader(entry) {
        Ok(reader) => description(reader, entry.bytes, algorithms, Some(hear)),
        Err(error) => Sight::failed(&error),
    }
}

fn description(
    reader: Box<dyn Read + Send>,
    bytes: u64,
    algorithms: Algorithms,
    references: Option<&mut dyn FnMut(Reference)>,
) -> Sight {
    let mut collector = Collector::new(references);
    let taken = if bytes <= WHOLE {
        whole(reader, bytes, algorithms, |document| walk_whole(document, &mut collector))
    } else {
        streamed(reader, algorithms, &mut collector)
    };
    match taken {
        Ok((head, bytes, digests, walked)) => {
            let told = match walked {
                Ok(()) => Told::Document(Some(collector.finish())),
                Err(reason) => Told::NotXml(reason),
            };
            Sight { digests, bytes, head, told: Some(Box::new(told)) }
        }
        Err(error) => Sight::failed(&error),
    }
}

/// What reading a description gave, and why it isn't the XML it should be.
type Walked = (Head, u64, Taken, Result<(), Text>);

/// Up to this length a description is read whole.
const WHOLE: u64 = 1 << 20;

fn whole(
    mut reader: impl Read,
    bytes: u64,
    algorithms: Algorithms,
    walk: impl FnOnce(&[u8]) -> Result<(), Text>,
) -> io::Result<Walked> {
    let mut document = LENT.take();
    document.clear();
    let read = reader.by_ref().take(bytes + 1).read_to_end(&mut document);
    let walked = read.map(|_| {
        let mut head = Head::default();
        head.take(&document);
        let mut hasher = Hasher::new(algorithms.iter());
        hasher.update(&document);
        let (bytes, digests) = hasher.taken();
        (head, bytes, digests, walk(&document))
    });
    LENT.set(document);
    walked
}

thread_local! {
    /// The room descriptions are read into: a package has thousands.
    static LENT: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

fn streamed(reader: impl Read, algorithms: Algorithms, collector: &mut Collector<'_>) -> io::Result<Walked> {
    let mut hashing = HashingReader::new(Headed { inner: reader, head: Head::default() }, algorithms.iter());
    let walked = match walk(&mut hashing, collector) {
        Ok(walked) => walked,
        Err(error) => Err(said(&error)),
    };
    let (Headed { head, .. }, bytes, digests) = hashing.taken()?;
    Ok((head, bytes, digests, walked))
}

fn plainly(mut reader: impl Read, mut take: impl FnMut(&[u8])) -> io::Result<()> {
    with_buffer(|buffer| {
        loop {
            match reader.read(buffer) {
                Ok(0) => return Ok(()),
                Ok(read) => take(&buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    })
}

/// Reads in a thread of its own, and hands the pieces over in turn.
fn ahead(mut reader: impl Read + Send, mut take: impl FnMut(&[u8])) -> io::Result<()> {
    let (filled, pieces) = mpsc::sync_channel::<io::Result<Vec<u8>>>(PIECES);
    let (emptied, free) = mpsc::sync_channel::<Vec<u8>>(PIECES);
    thread::scope(|scope| {
        scope.spawn(move || {
            for number in 0.. {
                let piece = if number < PIECES { Some(Vec::with_capacity(AHEAD)) } else { free.recv().ok() };
                let Some(mut piece) = piece else { return };
                piece.clear();
                let read = reader.by_ref().take(AHEAD as u64).read_to_end(&mut piece);
                let ended = !matches!(read, Ok(1..));
                if filled.send(read.map(|_| piece)).is_err() || ended {
                    return;
                }
            }
        });
        for piece in pieces {
            let piece = piece?;
            take(&piece);
            // The other thread is gone when it has met the end: then nobody needs the piece.
            let _ = emptied.send(piece);
        }
        drop(emptied);
        Ok(())
    })
}

/// Keeps the first bytes of what passes through.
struct Headed<R> {
    inner: R,
    head: Head,
}

impl<R: Read> Read for Headed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.head.take(&buffer[..read]);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a few bytes at a time, and fails at the end if told to.
    struct Trickle {
        left: usize,
        fails: bool,
    }

    impl Read for Trickle {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let read = buffer.len().min(self.left).min(70_001);
            self.left -= read;
            if read == 0 && self.fails {
                return Err(io::Error::other("torn"));
            }
            buffer[..read].fill(b'a');
            Ok(read)
        }
    }

    #[test]
    fn reading_ahead_gives_every_byte_in_order_and_passes_errors_on() {
        for left in [0, 1, AHEAD, AHEAD + 1, 3_000_000] {
            let mut counted = 0;
            ahead(Trickle { left, fails: false }, |piece| counted += piece.len()).unwrap();
            assert_eq!(counted, left);
        }
        assert!(ahead(Trickle { left: 3_000_000, fails: true }, |_| {}).is_err());
        let numbers: Vec<u8> = (0..2_000_000_u32).flat_map(u32::to_le_bytes).collect();
        let mut read = Vec::new();
        ahead(numbers.as_slice(), |piece| read.extend_from_slice(piece)).unwrap();
        assert!(read == numbers);
    }
}
