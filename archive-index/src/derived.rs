//! What is made from the records and can be made again, held against digests of its own: so that one flipped bit in it is
//! found, as in everything else that is kept. A damaged index finds too little, and a damaged reading shows other words than
//! stand on the page; nobody would notice either.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use archive_core::hex;
use archive_core::text;
use archive_core::text::Text;
use rayon::prelude::*;
use sha2::{Digest, Sha256};

/// What is wrong with a file of the index or of the kept texts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DerivedFault {
    /// Relative to the folder that was looked at, with `/` between the parts.
    pub path: String,
    /// In words.
    pub message: Text,
}

impl DerivedFault {
    pub(crate) fn new(path: impl Into<String>, message: Text) -> Self {
        Self { path: path.into(), message }
    }

    pub(crate) fn unreadable(path: impl Into<String>, error: &io::Error) -> Self {
        Self::new(path, text!("无法读取（{error}）", "it can't be read ({error})"))
    }
}

/// Looks at many files on all cores; what is found comes in the order of the files.
pub(crate) fn look<T: Sync>(
    files: &[T],
    at: impl Fn(&T) -> Option<DerivedFault> + Sync + Send,
) -> Vec<DerivedFault> {
    files.par_iter().filter_map(at).collect()
}

/// The SHA-256 of a file, in hexadecimal.
pub(crate) fn digest(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; 1 << 18];
    loop {
        match file.read(&mut piece)? {
            0 => break,
            length => hasher.update(&piece[..length]),
        }
    }
    Ok(hex::encode(&hasher.finalize()))
}

/// The SHA-256 of bytes, in hexadecimal.
pub(crate) fn digest_of(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes))
}
