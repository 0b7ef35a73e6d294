//! Packages, receipts and signatures that others hand in.

use std::fs;
use std::sync::LazyLock;

use archive_transfer::signature::{PublicKey, Statement};
use archive_transfer::{Receipt, Target, build, open, progress, verify};

use crate::parts::{Parts, of_folder, replaced, zipped};

#[allow(dead_code, unreachable_pub)]
#[path = "../../archive-transfer/tests/it/sample.rs"]
mod sample;

/// A package of ours, by path in it.
static PACKAGE: LazyLock<Parts> = LazyLock::new(|| {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let folder = dir.path().join("J019-2004");
    build(&sample::package(), Target::Folder, &folder, &progress::silent).expect("a sound sample");
    of_folder(&folder)
});

/// Judges bytes as a package, and takes its records out.
fn judge(bytes: &[u8]) {
    let file = tempfile::Builder::new().suffix(".zip").tempfile().expect("a temporary file");
    fs::write(file.path(), bytes).expect("a temporary file");
    let _ = verify(file.path(), &progress::silent);
    if let Ok(reader) = open(file.path()) {
        let _ = (reader.volumes(), reader.items(), reader.arrangement());
        for listed in reader.files().unwrap_or_default() {
            let _ = reader.read(&listed).map(|mut file| std::io::copy(&mut file, &mut std::io::sink()));
        }
    }
}

/// Any bytes as a zip.
pub fn zip(data: &[u8]) {
    judge(data);
}

/// A bag, of which the input replaces parts: tag files, manifests, METS, PREMIS, EAD, our records.
pub fn bag(data: &[u8]) {
    if let Some(bytes) = zipped(&replaced(&PACKAGE, data)) {
        judge(&bytes);
    }
}

/// A CSIP package without a bag, of which the input replaces parts.
pub fn csip(data: &[u8]) {
    let inner = "data/J019-2004/";
    let sample: Parts = PACKAGE
        .iter()
        .filter_map(|(name, bytes)| Some((name.strip_prefix(inner)?.to_owned(), bytes.clone())))
        .collect();
    if let Some(bytes) = zipped(&replaced(&sample, data)) {
        judge(&bytes);
    }
}

/// An encapsulation.
pub fn eep(data: &[u8]) {
    if let Some(bytes) = zipped(&[("a.eep".to_owned(), data.to_vec())].into()) {
        judge(&bytes);
    }
}

/// The national carriers: the input is their list.
pub fn national(data: &[u8]) {
    for list in ["文件目录.XML", "目录文件.XML", "案卷目录.XML"] {
        let mut parts = Parts::new();
        parts.insert("说明文件.TXT".into(), "移交单位：县水利局\r\n档案数量：1\r\n".into());
        parts.insert(list.into(), data.to_vec());
        parts.insert("电子档案/2004/文书/001.pdf".into(), b"%PDF-1.4\n%%EOF\n".to_vec());
        if let Some(bytes) = zipped(&parts) {
            judge(&bytes);
        }
    }
}

/// Receipts, statements and keys.
pub fn receipt(data: &[u8]) {
    if let Ok(receipt) = Receipt::from_json(data) {
        let _ = receipt.to_html();
    }
    let text = crate::text(data);
    if let Ok(statement) = Statement::from_text(&text) {
        let _ = statement.to_text();
    }
    if let Ok(key) = PublicKey::from_pem(&text) {
        let _ = key.verifies(b"text", data);
    }
}
