//! Keys: Ed25519, and SM2 with SM3 for national cryptography (GB/T 32918, GM/T 0009).
//!
//! Both lie as PEM in the standard forms (PKCS #8, SubjectPublicKeyInfo), so that OpenSSL, GmSSL and a
//! later program read them. Signing draws nothing at random (RFC 8032, RFC 6979): the same key and text
//! give the same signature.

use std::fmt;

use archive_core::hex;
use archive_core::text::Text;
use ed25519_dalek::Signer as _;
use ed25519_dalek::pkcs8::{
    DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _, KeypairBytes,
};
use sha2::{Digest as _, Sha256};
use sm2::pkcs8::LineEnding;

/// The signer's identifier every implementation takes where none is agreed (GM/T 0009-2012, 10).
const IDENTIFIER: &str = "1234567812345678";

/// How a signature is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scheme {
    /// Ed25519 (RFC 8032).
    #[default]
    Ed25519,
    /// SM2 with SM3 (GB/T 32918.2).
    Sm2,
}

impl Scheme {
    /// Its name in a statement.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ed25519 => "Ed25519",
            Self::Sm2 => "SM2-SM3",
        }
    }

    /// The scheme of this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Ed25519, Self::Sm2].into_iter().find(|scheme| scheme.name() == name)
    }
}

/// A text that is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub struct KeyError;

impl KeyError {
    /// What is wrong.
    pub const fn message(self) -> Text {
        Text::fixed("不是 Ed25519 或 SM2 密钥（PEM）", "no Ed25519 or SM2 key in PEM form")
    }
}

/// An office's own key. It never shows itself.
pub enum SigningKey {
    /// For Ed25519.
    Ed25519(Box<ed25519_dalek::SigningKey>),
    /// For SM2.
    Sm2(Box<sm2::SecretKey>),
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&self.public()).finish()
    }
}

impl SigningKey {
    /// A key from 32 bytes drawn at random. A few numbers are no SM2 keys: draw again.
    pub fn from_seed(scheme: Scheme, seed: &[u8; 32]) -> Option<Self> {
        match scheme {
            Scheme::Ed25519 => Some(Self::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(seed)))),
            Scheme::Sm2 => sm2::SecretKey::from_slice(seed).ok().map(|key| Self::Sm2(Box::new(key))),
        }
    }

    /// Reads a key kept as PEM (PKCS #8).
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        if let Ok(key) = ed25519_dalek::SigningKey::from_pkcs8_pem(pem) {
            return Ok(Self::Ed25519(Box::new(key)));
        }
        sm2::SecretKey::from_pkcs8_pem(pem).map(|key| Self::Sm2(Box::new(key))).map_err(|_| KeyError)
    }

    /// The key as PEM (PKCS #8), to be kept where only its owner reads. It is wiped from memory when dropped.
    pub fn to_pem(&self) -> Result<impl AsRef<[u8]> + use<>, KeyError> {
        let pem = match self {
            // Without the public half: OpenSSL 3.0 doesn't read the form that has it.
            Self::Ed25519(key) => {
                KeypairBytes { secret_key: key.to_bytes(), public_key: None }.to_pkcs8_pem(LineEnding::LF)
            }
            Self::Sm2(key) => key.to_pkcs8_pem(LineEnding::LF),
        };
        pem.map(Secret).map_err(|_| KeyError)
    }

    /// The half that is shown.
    pub fn public(&self) -> PublicKey {
        match self {
            Self::Ed25519(key) => PublicKey::Ed25519(key.verifying_key()),
            Self::Sm2(key) => PublicKey::Sm2(key.public_key()),
        }
    }

    /// How it signs.
    pub fn scheme(&self) -> Scheme {
        self.public().scheme()
    }

    /// Signs a text: 64 bytes for Ed25519, DER for SM2.
    pub fn sign(&self, text: &[u8]) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.sign(text).to_bytes().to_vec(),
            Self::Sm2(key) => {
                let signed = sm2::dsa::SigningKey::new(IDENTIFIER, key)
                    .and_then(|key| sm2::dsa::signature::Signer::<sm2::dsa::Signature>::try_sign(&key, text));
                signed.map(|signature| signature.to_der().as_bytes().to_vec()).unwrap_or_default()
            }
        }
    }
}

/// A PEM text that is wiped when dropped.
struct Secret<T>(T);

impl<T: std::ops::Deref<Target = String>> AsRef<[u8]> for Secret<T> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// The half of a key that everybody may have.
#[derive(Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// For Ed25519.
    Ed25519(ed25519_dalek::VerifyingKey),
    /// For SM2.
    Sm2(sm2::PublicKey),
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.scheme().name(), self.fingerprint())
    }
}

impl PublicKey {
    /// Reads a key as PEM (SubjectPublicKeyInfo).
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        if let Ok(key) = ed25519_dalek::VerifyingKey::from_public_key_pem(pem) {
            return Ok(Self::Ed25519(key));
        }
        sm2::PublicKey::from_public_key_pem(pem).map(Self::Sm2).map_err(|_| KeyError)
    }

    /// The key as PEM.
    pub fn to_pem(&self) -> String {
        let pem = match self {
            Self::Ed25519(key) => key.to_public_key_pem(LineEnding::LF),
            Self::Sm2(key) => key.to_public_key_pem(LineEnding::LF),
        };
        pem.unwrap_or_default()
    }

    /// How signatures by it are made.
    pub const fn scheme(&self) -> Scheme {
        match self {
            Self::Ed25519(_) => Scheme::Ed25519,
            Self::Sm2(_) => Scheme::Sm2,
        }
    }

    /// What people compare: the SHA-256 of the key's DER form, as
    /// `openssl pkey -pubin -outform DER | sha256sum` gives it.
    pub fn fingerprint(&self) -> String {
        let der = match self {
            Self::Ed25519(key) => key.to_public_key_der(),
            Self::Sm2(key) => key.to_public_key_der(),
        };
        der.map(|der| hex::encode(&Sha256::digest(der.as_bytes()))).unwrap_or_default()
    }

    /// Whether this key made the signature over this text.
    pub fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(text, &signature).is_ok()),
            Self::Sm2(key) => {
                let judged = sm2::dsa::Signature::from_der(signature).and_then(|signature| {
                    let key = sm2::dsa::VerifyingKey::new(IDENTIFIER, *key)?;
                    sm2::dsa::signature::Verifier::verify(&key, text, &signature)
                });
                judged.is_ok()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> [SigningKey; 2] {
        [Scheme::Ed25519, Scheme::Sm2].map(|scheme| SigningKey::from_seed(scheme, &[7; 32]).unwrap())
    }

    #[test]
    fn a_key_comes_back_from_its_pem_and_signs_the_same() {
        for key in keys() {
            let pem = key.to_pem().unwrap();
            let again = SigningKey::from_pem(std::str::from_utf8(pem.as_ref()).unwrap()).unwrap();
            assert_eq!(again.public(), key.public());
            assert_eq!(again.sign(b"text"), key.sign(b"text"));
            assert_eq!(PublicKey::from_pem(&key.public().to_pem()), Ok(key.public()));
            assert_eq!(key.public().fingerprint().len(), 64);
        }
        assert!(PublicKey::from_pem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n").is_err());
    }

    #[test]
    fn a_signature_holds_for_its_text_and_key_alone() {
        let [one, other] = keys();
        for (key, stranger) in [(&one, &other), (&other, &one)] {
            let signature = key.sign("移交包".as_bytes());
            let public = key.public();
            assert!(public.verifies("移交包".as_bytes(), &signature));
            assert!(!public.verifies("移交包 ".as_bytes(), &signature));
            assert!(!stranger.public().verifies("移交包".as_bytes(), &signature));
            let twin = SigningKey::from_seed(key.scheme(), &[8; 32]).unwrap();
            assert!(!twin.public().verifies("移交包".as_bytes(), &signature));
            for at in 0..signature.len() {
                let mut bent = signature.clone();
                bent[at] ^= 1;
                assert!(!public.verifies("移交包".as_bytes(), &bent), "byte {at}");
            }
        }
    }
}
