//! One package for each kind of damage: each is refused, and the file at fault is named, in the folder and
//! in a zip of it alike.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use archive_core::finding::Severity;
use archive_transfer::digest::{Algorithm, Hasher};
use zip::write::SimpleFileOptions;

use crate::sample::{built, judged, told};

const ITEM: &str = "data/J019-2004/representations/rep1/data/J019/WS/2004/J019-2004-001-001";
const REP: &str = "data/J019-2004/representations/rep1";
const RECORDS: &str = "data/J019-2004/metadata/other/records";

/// What was done, whether an insider made the manifests fit again, how, and the file to be named.
struct Damage {
    what: &'static str,
    resealed: bool,
    deed: fn(&Path),
    named: String,
}

fn edit(bag: &Path, path: &str, change: impl Fn(String) -> String) {
    let path = bag.join(path);
    let text = fs::read_to_string(&path).unwrap();
    let changed = change(text.clone());
    assert_ne!(text, changed, "nothing was changed in {}", path.display());
    fs::write(path, changed).unwrap();
}

fn damages() -> Vec<Damage> {
    let damage = |what, resealed, deed, named: String| Damage { what, resealed, deed, named };
    let first = format!("{ITEM}/J019-2004-001-001-01.tif");
    vec![
        damage(
            "a file is gone",
            false,
            |b| fs::remove_file(b.join(ITEM).join("J019-2004-001-001-01.tif")).unwrap(),
            first.clone(),
        ),
        damage(
            "a byte differs",
            false,
            |b| {
                let path = b.join(ITEM).join("J019-2004-001-001-01.tif");
                let mut bytes = fs::read(&path).unwrap();
                bytes[4000] ^= 1;
                fs::write(path, bytes).unwrap();
            },
            first.clone(),
        ),
        damage(
            "a file is cut off",
            false,
            |b| fs::write(b.join(ITEM).join("J019-2004-001-001-01.tif"), "II*").unwrap(),
            first.clone(),
        ),
        damage(
            "two files changed places",
            false,
            |b| {
                let (one, two) = (
                    b.join(ITEM).join("J019-2004-001-001-01.tif"),
                    b.join(ITEM).join("J019-2004-001-001-02.tif"),
                );
                let (a, c) = (fs::read(&one).unwrap(), fs::read(&two).unwrap());
                fs::write(one, c).unwrap();
                fs::write(two, a).unwrap();
            },
            format!("{ITEM}/J019-2004-001-001-02.tif"),
        ),
        damage(
            "a file was slipped in",
            false,
            |b| fs::write(b.join(ITEM).join("x.tif"), "II*\0").unwrap(),
            format!("{ITEM}/x.tif"),
        ),
        damage(
            "a file was slipped in at the top",
            false,
            |b| fs::write(b.join("移交说明.docx"), "PK").unwrap(),
            "移交说明.docx".to_owned(),
        ),
        damage(
            "a folder was slipped in by an insider",
            true,
            |b| {
                fs::create_dir(b.join(REP).join("data/J019/WS/2004/J019-2004-009-001")).unwrap();
                fs::write(b.join(REP).join("data/J019/WS/2004/J019-2004-009-001/x.tif"), "II*\0").unwrap();
            },
            format!("{REP}/data/J019/WS/2004/J019-2004-009-001/x.tif"),
        ),
        damage(
            "a line of the manifest is gone",
            false,
            |b| edit(b, "manifest-sha256.txt", |t| t.split_inclusive('\n').skip(1).collect()),
            "data/J019-2004/METS.xml".to_owned(),
        ),
        damage(
            "a digest in the manifest differs",
            false,
            |b| edit(b, "manifest-sha256.txt", |t| format!("0000{}", &t[4..])),
            "data/J019-2004/METS.xml".to_owned(),
        ),
        damage(
            "a line of the manifest is doubled",
            true,
            |b| {
                reseal(b);
                edit(b, "manifest-sha256.txt", |t| format!("{t}{}\n", t.lines().next().unwrap()));
            },
            "manifest-sha256.txt".to_owned(),
        ),
        damage(
            "the manifest points outside",
            false,
            |b| edit(b, "manifest-sha256.txt", |t| format!("{t}{}  data/../../etc/passwd\n", "0".repeat(64))),
            "manifest-sha256.txt".to_owned(),
        ),
        damage(
            "the manifest is empty",
            false,
            |b| fs::write(b.join("manifest-sha256.txt"), "").unwrap(),
            "manifest-sha256.txt".to_owned(),
        ),
        damage(
            "the manifest is no text",
            false,
            |b| fs::write(b.join("manifest-sha256.txt"), [0xB5, 0xB5, 0xB0, 0xB8, b'\n']).unwrap(),
            "manifest-sha256.txt".to_owned(),
        ),
        damage(
            "the manifests are gone",
            false,
            |b| {
                fs::remove_file(b.join("manifest-sha256.txt")).unwrap();
                fs::remove_file(b.join("manifest-sm3.txt")).unwrap();
            },
            "manifest-sha256.txt".to_owned(),
        ),
        damage(
            "only the SM3 manifest is wrong",
            false,
            |b| edit(b, "manifest-sm3.txt", |t| format!("0000{}", &t[4..])),
            "data/J019-2004/METS.xml".to_owned(),
        ),
        damage(
            "the tag manifests are gone",
            false,
            |b| {
                fs::remove_file(b.join("tagmanifest-sha256.txt")).unwrap();
                fs::remove_file(b.join("tagmanifest-sm3.txt")).unwrap();
            },
            "tagmanifest-sha256.txt".to_owned(),
        ),
        damage(
            "bag-info was edited",
            false,
            |b| edit(b, "bag-info.txt", |t| t.replace("2005", "2006")),
            "bag-info.txt".to_owned(),
        ),
        damage(
            "the payload sum is wrong, resealed",
            true,
            |b| edit(b, "bag-info.txt", |t| t.replace("Payload-Oxum: ", "Payload-Oxum: 9")),
            "bag-info.txt".to_owned(),
        ),
        damage(
            "bagit.txt is gone",
            false,
            |b| fs::remove_file(b.join("bagit.txt")).unwrap(),
            "bagit.txt".to_owned(),
        ),
        damage(
            "the list at the top was edited",
            false,
            |b| edit(b, "文件目录.XML", |t| t.replace("财政", "财务")),
            "文件目录.XML".to_owned(),
        ),
        damage(
            "METS points outside, resealed",
            true,
            |b| {
                edit(b, "data/J019-2004/METS.xml", |t| {
                    t.replace("metadata/descriptive/ead.xml", "../../../../etc/passwd")
                })
            },
            "data/J019-2004/METS.xml".to_owned(),
        ),
        damage(
            "METS points to the network, resealed",
            true,
            |b| {
                edit(b, "data/J019-2004/METS.xml", |t| {
                    t.replace("metadata/descriptive/ead.xml", "http://example.org/ead.xml")
                })
            },
            "data/J019-2004/METS.xml".to_owned(),
        ),
        damage(
            "METS gives another length, resealed",
            true,
            |b| edit(b, &format!("{REP}/METS.xml"), |t| t.replace("SIZE=\"5004\"", "SIZE=\"5005\"")),
            first.clone(),
        ),
        damage(
            "an insider changed a file and its digests in the bag",
            true,
            |b| {
                fs::write(
                    b.join(ITEM).join("J019-2004-001-001-01.tif"),
                    [b"II*\0".as_slice(), &[9; 5000]].concat(),
                )
                .unwrap()
            },
            first.clone(),
        ),
        damage(
            "an insider took out a record",
            true,
            |b| edit(b, &format!("{RECORDS}/items.jsonl"), |t| t.split_inclusive('\n').skip(1).collect()),
            format!("{RECORDS}/items.jsonl"),
        ),
        damage(
            "an insider made a record secret",
            true,
            |b| {
                edit(b, &format!("{RECORDS}/items.jsonl"), |t| {
                    t.replacen("\"level\":\"\"", "\"level\":\"机密\"", 1)
                })
            },
            String::new(),
        ),
        damage(
            "a record is no JSON, resealed",
            true,
            |b| edit(b, &format!("{RECORDS}/files.jsonl"), |t| t[3..].to_owned()),
            format!("{RECORDS}/files.jsonl"),
        ),
        damage(
            "an insider took an item off the list",
            true,
            |b| {
                edit(b, &format!("{REP}/data/目录文件.XML"), |t| {
                    let (head, tail) = (t.find("<文件>").unwrap(), t.find("</文件>").unwrap());
                    format!("{}{}", &t[..head], &t[tail + "</文件>".len()..])
                })
            },
            first.clone(),
        ),
        damage(
            "the declared number is wrong, resealed",
            true,
            |b| edit(b, &format!("{REP}/data/说明文件.TXT"), |t| t.replace("档案数量：3", "档案数量：4")),
            format!("{REP}/data/说明文件.TXT"),
        ),
        damage(
            "the item's metadata is gone, resealed",
            true,
            |b| fs::remove_file(b.join(ITEM).join("电子档案1元数据.XML")).unwrap(),
            ITEM.to_owned(),
        ),
        damage(
            "an encapsulation has another digest, resealed",
            true,
            |b| {
                edit(b, &format!("{REP}/metadata/descriptive/J019-2004-001-001.eep"), |t| {
                    let at = t.find("编码数据1\">").unwrap() + "编码数据1\">".len();
                    format!("{}AAAA{}", &t[..at], &t[at + 4..])
                })
            },
            first.clone(),
        ),
        damage(
            "a description with entities, resealed",
            true,
            |b| {
                fs::write(
                    b.join("data/J019-2004/metadata/descriptive/ead.xml"),
                    "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><l>&b;</l>",
                )
                .unwrap()
            },
            "data/J019-2004/metadata/descriptive/ead.xml".to_owned(),
        ),
        damage(
            "a description that breaks off, resealed",
            true,
            |b| {
                edit(b, "data/J019-2004/metadata/preservation/premis.xml", |t| {
                    t[..t.len() / 3 * 2].chars().collect()
                })
            },
            "data/J019-2004/metadata/preservation/premis.xml".to_owned(),
        ),
    ]
}

#[test]
fn each_kind_of_damage_is_refused_and_the_file_is_named() {
    let original = tempfile::tempdir().unwrap();
    let (folder, _) = built(original.path());
    let mut wrong = String::new();
    for damage in damages() {
        let dir = tempfile::tempdir().unwrap();
        let bag = dir.path().join("J019-2004");
        copy(&folder, &bag);
        (damage.deed)(&bag);
        if damage.resealed && !damage.what.contains("doubled") {
            reseal(&bag);
        }
        let verification = judged(&bag);
        let named = damage.named.is_empty()
            || verification
                .findings
                .iter()
                .any(|f| f.severity == Severity::Error && f.place.file.as_deref() == Some(&damage.named));
        if verification.valid || !named {
            wrong.push_str(&format!(
                "{}: valid {}\n{}\n",
                damage.what,
                verification.valid,
                told(&verification)
            ));
        }
        let zip = dir.path().join("J019-2004.zip");
        zipped(&bag, &zip);
        let of_zip = judged(&zip);
        if serde_json::to_string(&of_zip).unwrap() != serde_json::to_string(&verification).unwrap() {
            wrong.push_str(&format!(
                "{}: folder and zip differ\n{}--\n{}",
                damage.what,
                told(&verification),
                told(&of_zip)
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn resealing_alone_does_no_damage() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, _) = built(dir.path());
    reseal(&folder);
    assert_eq!(told(&judged(&folder)), "");
}

#[cfg(unix)]
#[test]
fn links_and_names_that_are_no_unicode_are_refused() {
    use std::os::unix::ffi::OsStrExt as _;
    let dir = tempfile::tempdir().unwrap();
    let (folder, _) = built(dir.path());
    std::os::unix::fs::symlink("/etc/passwd", folder.join("data/link.tif")).unwrap();
    let gbk = std::ffi::OsStr::from_bytes(b"\xb5\xb5\xb0\xb8.tif");
    fs::write(folder.join("data").join(gbk), "II*\0").unwrap();
    insta::assert_snapshot!(told(&judged(&folder)), @"
    error X5 data/link.tif: refused: it is a link
    error X5 data/档案.tif: refused: its name is not UTF-8 (GBK, it seems)
    ");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)
        } else {
            fs::copy(entry.path(), target).map(drop).unwrap()
        }
    }
}

fn files(bag: &Path) -> Vec<String> {
    let mut found: Vec<String> = walk(bag, bag);
    found.sort();
    found
}

fn walk(root: &Path, folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            let relative = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() { walk(root, &path) } else { vec![relative] }
        })
        .collect()
}

/// Makes the manifests and the payload sum fit again, as someone inside could.
fn reseal(bag: &Path) {
    let files = files(bag);
    for algorithm in [Algorithm::Sha256, Algorithm::Sm3] {
        for (name, payload) in [("manifest", true), ("tagmanifest", false)] {
            let mut manifest = String::new();
            for path in
                files.iter().filter(|p| p.starts_with("data/") == payload && !p.starts_with("tagmanifest"))
            {
                let mut hasher = Hasher::new([algorithm]);
                hasher.update(&fs::read(bag.join(path)).unwrap());
                let digest = hasher.finish().1.remove(&algorithm).unwrap();
                manifest.push_str(&format!("{digest}  {path}\n"));
            }
            fs::write(bag.join(format!("{name}-{algorithm}.txt")), manifest).unwrap();
        }
    }
}

fn zipped(bag: &Path, to: &Path) {
    let mut zip = zip::ZipWriter::new(File::create(to).unwrap());
    for path in files(bag) {
        zip.start_file(
            format!("J019-2004/{path}"),
            SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored),
        )
        .unwrap();
        zip.write_all(&fs::read(bag.join(path)).unwrap()).unwrap();
    }
    zip.finish().unwrap();
}
