//! Detached signatures: who stands for a package or a receipt, when, and with which key.
//!
//! ```text
//! J019-2004/  or  J019-2004.zip     the package
//! J019-2004.移交签名.txt .sig .pem   what the sender signed, the signature, the sender's public key
//! J019-2004.回执.json .sig .pem      the receipt, signed as it stands
//! ```
//!
//! The sender's statement names the package, the office, the person and the day, and gives the SHA-256 and
//! the SM3 of the tag manifest, which covers every manifest and through them every byte. It is a text anyone
//! can read, and OpenSSL can check it without us:
//!
//! ```text
//! openssl pkeyutl -verify -pubin -inkey X.pem -rawin -in X.txt -sigfile X.sig                      (Ed25519)
//! openssl dgst -sm3 -verify X.pem -sigopt distid:1234567812345678 -signature X.sig X.txt           (SM2)
//! ```
//!
//! A signature that holds says only that the owner of *some* key signed. Whose key it is, people settle once,
//! by comparing its fingerprint, and keep it: [`Trust`].

mod judge;
mod key;
mod statement;

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use archive_core::text;
use archive_core::text::Text;
use chrono::NaiveDate;

use crate::digest::{Algorithm, Digests, HashingReader};
use crate::receive::{OpenError, PackageReader};
use crate::said::{damaged, said};
use crate::tree::Tree;

pub use judge::{Judgement, Standing, Trust, TrustedKey, judge_package, judge_receipt};
pub use key::{KeyError, PublicKey, Scheme, SigningKey};
pub use statement::Statement;

/// The tag manifest a signature speaks of.
const SIGNED: &str = "tagmanifest-sha256.txt";
/// No statement, signature, key or receipt is longer.
const LONGEST: u64 = 64 << 20;

/// What is signed beside a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// The sender's statement on the package.
    HandOver,
    /// The receiver's receipt.
    Receipt,
}

impl Paper {
    const fn names(self) -> [&'static str; 3] {
        match self {
            Self::HandOver => ["移交签名.txt", "移交签名.sig", "移交签名.pem"],
            Self::Receipt => ["回执.json", "回执.sig", "回执.pem"],
        }
    }

    /// Where the signed text, its signature and the public key lie.
    pub fn paths(self, package: &Path) -> [PathBuf; 3] {
        self.names().map(|name| beside(package, name))
    }
}

/// `J019-2004.回执.json` beside the package `J019-2004` or `J019-2004.zip`.
pub fn beside(package: &Path, ending: &str) -> PathBuf {
    let name = package.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.strip_suffix(".zip").unwrap_or(&name);
    package.with_file_name(format!("{stem}.{ending}"))
}

/// A text with its signature and the key that made it.
#[derive(Debug, Clone)]
pub struct Detached {
    /// What was signed.
    pub text: Vec<u8>,
    /// The signature: 64 bytes for Ed25519, DER for SM2.
    pub signature: Vec<u8>,
    /// The public key, as PEM.
    pub key: String,
}

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum SignError {
    /// The package can't be opened.
    Open(#[from] OpenError),
    /// It has no tag manifest that can be read.
    TagManifest(io::Error),
}

impl SignError {
    /// What is wrong.
    pub fn message(&self) -> Text {
        match self {
            Self::Open(error) => error.message(),
            Self::TagManifest(error) => {
                let Text { zh, en } = said(error);
                text!("无法读取 {SIGNED}：{zh}", "can't read {SIGNED}: {en}")
            }
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Text {
        match self {
            Self::Open(error) => error.help(),
            Self::TagManifest(_) => Text::fixed("只能签署完整的移交包", "only a whole package can be signed"),
        }
    }
}

/// Signs a package: its statement with the signature, to be written beside it.
pub fn sign_package(
    package: &PackageReader,
    key: &SigningKey,
    signer: &str,
    on: NaiveDate,
) -> Result<Detached, SignError> {
    let digests = tag_manifest_digests(package.tree()).map_err(SignError::TagManifest)?;
    let of = |algorithm| digests.get(&algorithm).cloned().unwrap_or_default();
    let record = package.record();
    let statement = Statement {
        package: record.id.clone(),
        sender: record.institution.name.clone(),
        fonds: record.institution.fonds.clone(),
        signer: signer.to_owned(),
        signed_on: on,
        scheme: key.scheme(),
        fingerprint: key.public().fingerprint(),
        sha256: of(Algorithm::Sha256),
        sm3: of(Algorithm::Sm3),
    };
    Ok(sign(statement.to_text().into_bytes(), key))
}

/// Signs a text as it stands.
pub fn sign(text: Vec<u8>, key: &SigningKey) -> Detached {
    Detached { signature: key.sign(&text), key: key.public().to_pem(), text }
}

/// The SHA-256 of the tag manifest of the package at `path`: what stands on 移交登记表 for the whole.
pub fn tag_manifest_sha256(path: &Path) -> io::Result<String> {
    let tree = Tree::open(path).map_err(|error| damaged(error.message()))?;
    Ok(tag_manifest_digests(&tree)?.remove(&Algorithm::Sha256).unwrap_or_default())
}

/// The digests of a package's tag manifest.
fn tag_manifest_digests(tree: &Tree) -> io::Result<Digests> {
    let entry = tree.find(SIGNED).ok_or(io::ErrorKind::NotFound)?;
    let reader = HashingReader::new(tree.reader(entry)?, [Algorithm::Sha256, Algorithm::Sm3]);
    Ok(reader.finish()?.2)
}

/// Reads a short file; no link or device is followed into the unknown beyond its length.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(damaged(Text::fixed("文件过长", "it is too long")));
    }
    Ok(bytes)
}
