//! Files of many parts: a sound sample in which the input replaces some.
//!
//! The input is parts separated by the byte 1C, each the part's name, a line end, and its bytes. A name the sample
//! doesn't have is a part more; an empty one leaves the part of that place out.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// The separator of parts.
const SEPARATOR: u8 = 0x1c;

/// Parts by name.
pub(crate) type Parts = BTreeMap<String, Vec<u8>>;

/// The parts of a zip.
pub(crate) fn of_zip(bytes: &[u8]) -> Parts {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).expect("a sound sample");
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).expect("a sound sample");
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("a sound sample");
            (file.name().expect("a sound sample").into_owned(), bytes)
        })
        .filter(|(name, _)| !name.ends_with('/'))
        .collect()
}

/// The files of a folder.
pub(crate) fn of_folder(folder: &Path) -> Parts {
    let mut parts = Parts::new();
    gather(folder, "", &mut parts);
    parts
}

fn gather(folder: &Path, above: &str, parts: &mut Parts) {
    for entry in fs::read_dir(folder).expect("a sound sample") {
        let path = entry.expect("a sound sample").path();
        let name = format!("{above}{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            gather(&path, &format!("{name}/"), parts);
        } else {
            parts.insert(name, fs::read(&path).expect("a sound sample"));
        }
    }
}

/// The sample with what the input replaces.
pub(crate) fn replaced(sample: &Parts, data: &[u8]) -> Parts {
    let mut parts = sample.clone();
    for part in data.split(|byte| *byte == SEPARATOR) {
        let end = part.iter().position(|byte| *byte == b'\n').unwrap_or(part.len());
        let name = crate::text(&part[..end]);
        let bytes = part.get(end + 1..).unwrap_or_default();
        if bytes.is_empty() {
            parts.remove(&name);
        } else {
            parts.insert(name, bytes.to_vec());
        }
    }
    parts
}

/// The parts as a zip, stored as they are.
pub(crate) fn zipped(parts: &Parts) -> Option<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), options).ok()?;
        zip.write_all(bytes).ok()?;
    }
    Some(zip.finish().ok()?.into_inner())
}
