//! A single encapsulation (DA/T 48): a record and its metadata in one XML file, handed over by itself.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Container, Entry, Listing, Opened};

struct Single {
    path: PathBuf,
}

impl Container for Single {
    fn reader(&self, entry: Entry<'_>, _: &str) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(&self.path)?.take(entry.bytes + 1)))
    }

    fn stamp(&self, _: Entry<'_>, _: &str) -> Option<String> {
        super::stamp_of(&self.path)
    }
}

/// Opens a file that is an encapsulation by its name, or by its root element if it is called otherwise.
pub(super) fn open(path: &Path, bytes: u64) -> io::Result<Option<Opened>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let extension = Path::new(&name).extension().map(std::ffi::OsStr::to_ascii_lowercase);
    let fits = match extension.as_ref().and_then(|extension| extension.to_str()) {
        Some("eep") => true,
        Some("xml") => {
            let mut head = Vec::new();
            File::open(path)?.take(4096).read_to_end(&mut head)?;
            ["电子文件封装包"].iter().any(|root| {
                let (gb18030, _, _) = encoding_rs::GB18030.encode(root);
                [root.as_bytes(), &gb18030].iter().any(|root| head.windows(root.len()).any(|w| w == *root))
            })
        }
        _ => false,
    };
    if !fits {
        return Ok(None);
    }
    // Whatever it is called, it is judged as what it is.
    let shown =
        if extension.is_some_and(|extension| extension == "eep") { name } else { format!("{name}.eep") };
    let mut entries = Listing::default();
    entries.push(&shown, bytes, 0);
    let store = Box::new(Single { path: path.to_owned() });
    Ok(Some(Opened { entries, store, faults: Vec::new() }))
}
