//! # Build and verify a package from a folder
//!
//! Each sub-folder becomes a volume, each file in it an item, and each folder in it an item with a file for
//! each page. Good for a first look at the crate, for
//! other people's checkers, and for measuring.
//!
//! ```text
//! cargo run --example package -- build folder SCANS OUT/J019-2004
//! cargo run --example package -- build zip SCANS OUT/J019-2004.zip
//! cargo run --example package -- verify OUT/J019-2004.zip
//! ```
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to a terminal")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use archive_core::model::{
    Arrangement, Entry, Institution, Item, ItemId, RetentionPeriod, Side, Volume, VolumeNumber,
};
use archive_core::profile::Profile;
use archive_core::reading::{DateReading, ItemDate, RecordDate};
use archive_transfer::{Files, Package, PackageFile, Target, build, progress, verify};
use chrono::NaiveDate;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["build", target, scans, out] => {
            let target = if *target == "zip" { Target::Zip } else { Target::Folder };
            let built = build(&package(Path::new(scans))?, target, Path::new(out), &progress::silent)?;
            println!("{}", serde_json::to_string_pretty(&built)?);
        }
        ["verify", package] => {
            let verification = verify(Path::new(package), &progress::silent)?;
            println!("{}", serde_json::to_string_pretty(&verification)?);
            if !verification.valid {
                return Err("the package is not valid".into());
            }
        }
        _ => return Err("build folder|zip SCANS OUT, or verify PACKAGE".into()),
    }
    Ok(())
}

/// A volume for each folder, an item for each thing in it.
fn package(scans: &Path) -> Result<Package<'static>, Box<dyn Error>> {
    let (mut volumes, mut items, mut paths) = (Vec::new(), Vec::new(), Vec::new());
    for (folder, volume_no) in sorted(scans)?.into_iter().filter(|path| path.is_dir()).zip(1..) {
        let mut entries = Vec::new();
        for (path, item_no) in sorted(&folder)?.into_iter().zip(1..) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let id = ItemId(items.len() as u64);
            let mut item = Item::new(id, (items.len() + 1).to_string());
            item.title.clone_from(&name);
            item.bodies = vec!["建阳县人民政府办公室".to_owned()];
            item.date = ItemDate {
                original: "2004".to_owned(),
                reading: RecordDate::year_only(2004).map_or(DateReading::Missing, DateReading::On),
            };
            items.push(item);
            entries.push(Entry {
                item: id,
                title: name.clone(),
                item_no: Some(item_no),
                pages: None,
                why: Vec::new(),
            });
            paths.push(path);
        }
        volumes.push(Volume {
            year: 2004,
            side: Side::Government,
            period: RetentionPeriod::Permanent,
            section: None,
            title: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            joined_by: Vec::new(),
            why: Vec::new(),
            entries,
            number: Some(VolumeNumber {
                catalogue_no: "2004".to_owned(),
                volume_no,
                code: format!("J019-2004-{volume_no:03}"),
            }),
        });
    }
    Ok(Package {
        institution: Institution {
            name: "建阳县人民政府办公室".to_owned(), fonds: "J019".to_owned()
        },
        archives: "建阳县档案馆".to_owned(),
        category: "WS".to_owned(),
        arrangement: Arrangement { volumes, ..Arrangement::default() },
        items,
        profile: Profile::built_in("futian-2006")?,
        files: Files::new(move |ItemId(id)| {
            let path = &paths[usize::try_from(id).unwrap_or_default()];
            let pages = if path.is_dir() { sorted(path)? } else { vec![path.clone()] };
            pages.into_iter().map(file).collect()
        }),
        documents: Vec::new(),
        opinions: BTreeMap::new(),
        findings: Vec::new(),
        exceptions: Vec::new(),
        lent: BTreeSet::new(),
        made_on: NaiveDate::from_ymd_opt(2005, 4, 2).ok_or("no such day")?,
        made_by: "王档案".to_owned(),
        sm3: false,
        batch: 1,
        part: None,
    })
}

fn file(path: PathBuf) -> std::io::Result<PackageFile> {
    Ok(PackageFile {
        original_name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        bytes: fs::metadata(&path)?.len(),
        known: BTreeMap::new(),
        format: None,
        open: Rc::new(move || Ok(Box::new(File::open(&path)?))),
    })
}

fn sorted(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
