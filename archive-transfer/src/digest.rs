//! Digests: which ones packages use, and taking several in one reading.
//!
//! We write SHA-256, and SM3 beside it for national cryptography. Old bags carry MD5 or SHA-1: these
//! are read, since they still show accidental damage, and never written.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read, Write};

use archive_core::hex;
use md5::Md5;
use sha1::Sha1;
use sha2::digest::{Digest as _, DynDigest};
use sha2::{Sha224, Sha256, Sha384, Sha512};
use sm3::Sm3;

/// A digest algorithm a package may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// MD5: only read.
    Md5,
    /// SHA-1: only read.
    Sha1,
    /// SHA-224: only read.
    Sha224,
    /// SHA-256: the one every tool knows.
    Sha256,
    /// SHA-384: only read.
    Sha384,
    /// SHA-512.
    Sha512,
    /// SM3 (GB/T 32905).
    Sm3,
}

impl Algorithm {
    const ALL: [Self; 7] =
        [Self::Md5, Self::Sha1, Self::Sha224, Self::Sha256, Self::Sha384, Self::Sha512, Self::Sm3];

    /// Its name in a manifest's file name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha224 => "sha224",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
            Self::Sm3 => "sm3",
        }
    }

    /// Its name in METS and PREMIS.
    pub const fn mets_name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Sm3 => "SM3",
        }
    }

    /// The algorithm of this name, written as `sha256`, `SHA-256` or `SHA256`.
    pub fn named(name: &str) -> Option<Self> {
        let plain: String =
            name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == plain)
    }

    /// How many hexadecimal digits its digests have.
    pub const fn hex_len(self) -> usize {
        match self {
            Self::Md5 => 32,
            Self::Sha1 => 40,
            Self::Sha224 => 56,
            Self::Sha256 | Self::Sm3 => 64,
            Self::Sha384 => 96,
            Self::Sha512 => 128,
        }
    }

    fn hasher(self) -> Box<dyn DynDigest + Send> {
        match self {
            Self::Md5 => Box::new(Md5::new()),
            Self::Sha1 => Box::new(Sha1::new()),
            Self::Sha224 => Box::new(Sha224::new()),
            Self::Sha256 => Box::new(Sha256::new()),
            Self::Sha384 => Box::new(Sha384::new()),
            Self::Sha512 => Box::new(Sha512::new()),
            Self::Sm3 => Box::new(Sm3::new()),
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of algorithms, small enough to keep one for each of a million files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Algorithms(u8);

impl Algorithms {
    pub(crate) fn insert(&mut self, algorithm: Algorithm) {
        self.0 |= 1 << algorithm as u8;
    }

    pub(crate) const fn contains(self, algorithm: Algorithm) -> bool {
        self.0 & (1 << algorithm as u8) != 0
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Algorithm> {
        Algorithm::ALL.into_iter().filter(move |algorithm| self.contains(*algorithm))
    }
}

impl FromIterator<Algorithm> for Algorithms {
    fn from_iter<I: IntoIterator<Item = Algorithm>>(algorithms: I) -> Self {
        let mut set = Self::default();
        algorithms.into_iter().for_each(|algorithm| set.insert(algorithm));
        set
    }
}

/// Digests as bytes: half the memory of hexadecimal, for verifying many files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Taken(Box<[(Algorithm, Box<[u8]>)]>);

impl Taken {
    pub(crate) fn get(&self, algorithm: Algorithm) -> Option<&[u8]> {
        self.0.iter().find(|(taken, _)| *taken == algorithm).map(|(_, digest)| &**digest)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Algorithm, &[u8])> {
        self.0.iter().map(|(algorithm, digest)| (*algorithm, &**digest))
    }

    /// Each digest in hexadecimal.
    pub(crate) fn in_hex(&self) -> impl Iterator<Item = (Algorithm, String)> {
        self.0.iter().map(|(algorithm, digest)| (*algorithm, hex::encode(digest)))
    }
}

impl FromIterator<(Algorithm, Box<[u8]>)> for Taken {
    fn from_iter<I: IntoIterator<Item = (Algorithm, Box<[u8]>)>>(digests: I) -> Self {
        Self(digests.into_iter().collect())
    }
}

/// Digests in lower-case hexadecimal, by algorithm.
pub type Digests = BTreeMap<Algorithm, String>;

/// Takes several digests, and the length, of the bytes given to it.
pub struct Hasher {
    running: Vec<(Algorithm, Box<dyn DynDigest + Send>)>,
    bytes: u64,
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

impl Hasher {
    /// A hasher for these algorithms.
    pub fn new(algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        Self { running: algorithms.into_iter().map(|a| (a, a.hasher())).collect(), bytes: 0 }
    }

    /// Takes in more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        for (_, hasher) in &mut self.running {
            hasher.update(bytes);
        }
    }

    /// The length and the digests of everything taken in, as bytes.
    pub(crate) fn taken(self) -> (u64, Taken) {
        (self.bytes, self.running.into_iter().map(|(a, hasher)| (a, hasher.finalize())).collect())
    }

    /// The length and the digests of everything taken in.
    pub fn finish(self) -> (u64, Digests) {
        let digests =
            self.running.into_iter().map(|(a, hasher)| (a, hex::encode(&hasher.finalize()))).collect();
        (self.bytes, digests)
    }
}

/// A reader that hashes what passes through it.
#[derive(Debug)]
pub struct HashingReader<R> {
    inner: R,
    hasher: Hasher,
}

impl<R: Read> HashingReader<R> {
    /// Hashes what is read from `inner`.
    pub fn new(inner: R, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        Self { inner, hasher: Hasher::new(algorithms) }
    }

    /// Reads the rest to its end; gives the inner reader, and length and digests of the whole.
    pub fn finish(mut self) -> io::Result<(R, u64, Digests)> {
        self.drain()?;
        let (bytes, digests) = self.hasher.finish();
        Ok((self.inner, bytes, digests))
    }

    /// The same with the digests as bytes.
    pub(crate) fn taken(mut self) -> io::Result<(R, u64, Taken)> {
        self.drain()?;
        let (bytes, digests) = self.hasher.taken();
        Ok((self.inner, bytes, digests))
    }

    fn drain(&mut self) -> io::Result<()> {
        with_buffer(|buffer| {
            while self.read(buffer)? > 0 {}
            Ok(())
        })
    }
}

impl<R: Read> Read for HashingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = loop {
            match self.inner.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.hasher.update(&buffer[..read]);
        Ok(read)
    }
}

/// A writer that hashes what passes through it.
#[derive(Debug)]
pub struct HashingWriter<W> {
    inner: W,
    hasher: Hasher,
}

impl<W: Write> HashingWriter<W> {
    /// Hashes what is written to `inner`.
    pub fn new(inner: W, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        Self { inner, hasher: Hasher::new(algorithms) }
    }

    /// The inner writer, and length and digests of what went through.
    pub fn finish(self) -> (W, u64, Digests) {
        let (bytes, digests) = self.hasher.finish();
        (self.inner, bytes, digests)
    }
}

impl<W: Write> Write for HashingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// How much is read at a time.
pub(crate) const BUFFER: usize = 128 * 1024;

/// Lends each thread a buffer of its own: a package has thousands of small files, and a fresh buffer for
/// each costs as much as hashing it.
pub(crate) fn with_buffer<T>(work: impl FnOnce(&mut [u8]) -> io::Result<T>) -> io::Result<T> {
    thread_local! {
        static LENT: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
    }
    let mut buffer = LENT.take();
    buffer.resize(BUFFER, 0);
    let result = work(&mut buffer);
    LENT.set(buffer);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_of_abc_are_the_published_ones() {
        let mut hasher = Hasher::new(Algorithm::ALL);
        hasher.update(b"a");
        hasher.update(b"bc");
        let (bytes, digests) = hasher.finish();
        assert_eq!(bytes, 3);
        for (algorithm, digest) in &digests {
            assert_eq!(digest.len(), algorithm.hex_len(), "{algorithm}");
        }
        assert_eq!(digests[&Algorithm::Md5], "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(
            digests[&Algorithm::Sha256],
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            digests[&Algorithm::Sm3],
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        );
    }

    #[test]
    fn names_are_read_as_manifests_and_mets_write_them() {
        assert_eq!(Algorithm::named("SHA-256"), Some(Algorithm::Sha256));
        assert_eq!(Algorithm::named("sha512"), Some(Algorithm::Sha512));
        assert_eq!(Algorithm::named("crc32"), None);
    }
}
