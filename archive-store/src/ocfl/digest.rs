//! Digests, taken while bytes pass by, and the copy that takes them.

use std::io::{self, Read, Write};
use std::path::Path;

use archive_core::hex;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512, Sha512_256};

use crate::safe_file;

/// Bytes moved at a time. Larger buffers gain nothing, smaller ones lose.
pub(crate) const BUFFER: usize = 256 * 1024;

/// The sha512 of bytes at hand.
pub(crate) fn sha512(bytes: &[u8]) -> String {
    hex::encode(&Sha512::digest(bytes))
}

/// The sha256 of bytes at hand.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes))
}

/// What one pass over a file tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) sha512: String,
    pub(crate) sha256: String,
    pub(crate) bytes: u64,
}

/// Which side of a copy failed.
#[derive(Debug)]
pub(crate) enum CopyError {
    Reading(io::Error),
    Writing(io::Error),
}

/// Copies, taking both digests on the way; `passed` is told of every piece.
pub(crate) fn copy(
    from: &mut dyn Read,
    to: &mut dyn Write,
    passed: &dyn Fn(u64),
) -> std::result::Result<Taken, CopyError> {
    let (mut sha512, mut sha256, mut bytes) = (Sha512::new(), Sha256::new(), 0);
    let mut buffer = vec![0; BUFFER];
    loop {
        let piece = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => &buffer[..length],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(CopyError::Reading(error)),
        };
        sha512.update(piece);
        sha256.update(piece);
        to.write_all(piece).map_err(CopyError::Writing)?;
        bytes += piece.len() as u64;
        passed(piece.len() as u64);
    }
    Ok(Taken { sha512: hex::encode(&sha512.finalize()), sha256: hex::encode(&sha256.finalize()), bytes })
}

/// The digest algorithms that OCFL inventories use and we can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Algorithm {
    Md5,
    Sha1,
    Sha256,
    Sha512,
    Sha512Of256,
}

impl Algorithm {
    /// By the name an inventory gives it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "md5" => Some(Self::Md5),
            "sha1" => Some(Self::Sha1),
            "sha256" => Some(Self::Sha256),
            "sha512" => Some(Self::Sha512),
            "sha512/256" => Some(Self::Sha512Of256),
            _ => None,
        }
    }

    /// The name an inventory gives it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
            Self::Sha512Of256 => "sha512/256",
        }
    }

    fn hasher(self) -> Box<dyn sha2::digest::DynDigest> {
        match self {
            Self::Md5 => Box::new(Md5::new()),
            Self::Sha1 => Box::new(Sha1::new()),
            Self::Sha256 => Box::new(Sha256::new()),
            Self::Sha512 => Box::new(Sha512::new()),
            Self::Sha512Of256 => Box::new(Sha512_256::new()),
        }
    }
}

/// The digest of a file.
pub(crate) fn of_file(path: &Path, algorithm: Algorithm) -> io::Result<String> {
    let found = digests(&mut safe_file::open(path)?, &[algorithm], &|_| ())?;
    Ok(found.into_iter().next().unwrap_or_default())
}

/// Takes several digests of one stream in one pass; they come out in the order asked for.
pub(crate) fn digests(
    from: &mut dyn Read,
    algorithms: &[Algorithm],
    passed: &dyn Fn(u64),
) -> io::Result<Vec<String>> {
    let mut hashers: Vec<_> = algorithms.iter().map(|algorithm| algorithm.hasher()).collect();
    let mut buffer = vec![0; BUFFER];
    loop {
        let piece = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => &buffer[..length],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        for hasher in &mut hashers {
            hasher.update(piece);
        }
        passed(piece.len() as u64);
    }
    Ok(hashers.into_iter().map(|hasher| hex::encode(&hasher.finalize())).collect())
}
