//! TLS for a server that others' computers reach, from a certificate and a key as files.
//!
//! By rustls with ring: nothing of the system's is linked. Where certificates are kept by a proxy already, it keeps them, and
//! this isn't used.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use archive_core::text;
use archive_core::text::Text;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// A certificate with its key, ready to serve by.
#[derive(Clone)]
pub struct Certificate(pub(crate) TlsAcceptor);

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificate")
    }
}

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file can't be read.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// A file doesn't hold what it should.
    #[error("{0}: {1}")]
    Pem(PathBuf, String),
    /// The two don't belong together, or are of a kind that can't be served by.
    #[error("{0}")]
    Refused(#[from] rustls::Error),
}

impl CertificateError {
    /// What happened, in words.
    pub fn message(&self) -> Text {
        match self {
            Self::File(path, why) => {
                let path = path.display();
                text!("读不了 {path}：{why}", "can't read {path}: {why}")
            }
            Self::Pem(path, why) => {
                let path = path.display();
                text!("{path} 里没有要的内容：{why}", "{path} doesn't hold what it should: {why}")
            }
            Self::Refused(why) => {
                text!("证书和私钥不能用：{why}", "certificate and key can't be used: {why}")
            }
        }
    }
}

impl Certificate {
    /// Reads the chain of certificates, the server's own first, and its key, both as PEM.
    ///
    /// # Errors
    ///
    /// When a file can't be read, or the two don't belong together.
    pub fn read(chain: &Path, key: &Path) -> Result<Self, CertificateError> {
        let pem =
            |path: &Path, why: &dyn fmt::Display| CertificateError::Pem(path.to_owned(), why.to_string());
        let read = |path: &Path| fs::read(path).map_err(|why| CertificateError::File(path.to_owned(), why));
        let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&read(chain)?)
            .collect::<Result<_, _>>()
            .map_err(|why| pem(chain, &why))?;
        if certificates.is_empty() {
            return Err(pem(chain, &"CERTIFICATE"));
        }
        let key_of = PrivateKeyDer::from_pem_slice(&read(key)?).map_err(|why| pem(key, &why))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(certificates, key_of)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }
}
