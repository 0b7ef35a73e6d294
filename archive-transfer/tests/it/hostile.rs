//! Zips made to harm: each is refused by name and reason, quickly, and nothing is opened from it.

use std::fs;
use std::path::Path;
use std::time::Instant;

use archive_core::finding::Severity;
use archive_transfer::{OpenError, open};

use crate::sample::judged;

/// An entry written byte by byte, so that any field can lie.
#[derive(Clone)]
struct Raw {
    name: Vec<u8>,
    flags: u16,
    method: u16,
    data: Vec<u8>,
    /// What the headers say of the length.
    bytes: u64,
    local_name: Option<Vec<u8>>,
    unix_mode: u32,
    offset: Option<u32>,
}

fn raw(name: &str, data: &[u8]) -> Raw {
    Raw {
        name: name.as_bytes().to_vec(),
        flags: 1 << 11,
        method: 0,
        data: data.to_vec(),
        bytes: data.len() as u64,
        local_name: None,
        unix_mode: 0o10_0644,
        offset: None,
    }
}

fn header(entry: &Raw, name: &[u8], central: Option<u32>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let crc = {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&entry.data);
        hasher.finalize()
    };
    let two = |bytes: &mut Vec<u8>, value: u16| bytes.extend(value.to_le_bytes());
    let four = |bytes: &mut Vec<u8>, value: u32| bytes.extend(value.to_le_bytes());
    if central.is_some() {
        bytes.extend(b"PK\x01\x02");
        two(&mut bytes, 0x0314);
    } else {
        bytes.extend(b"PK\x03\x04");
    }
    two(&mut bytes, 20);
    two(&mut bytes, entry.flags);
    two(&mut bytes, entry.method);
    four(&mut bytes, 0x0021_0000);
    four(&mut bytes, crc);
    four(&mut bytes, u32::try_from(entry.data.len()).unwrap());
    four(&mut bytes, u32::try_from(entry.bytes).unwrap());
    two(&mut bytes, u16::try_from(name.len()).unwrap());
    two(&mut bytes, 0);
    if let Some(offset) = central {
        two(&mut bytes, 0);
        two(&mut bytes, 0);
        two(&mut bytes, 0);
        four(&mut bytes, entry.unix_mode << 16);
        four(&mut bytes, offset);
    }
    bytes.extend(name);
    bytes
}

fn zip(entries: &[Raw]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for entry in entries {
        let offset = entry.offset.unwrap_or(u32::try_from(bytes.len()).unwrap());
        directory.extend(header(entry, &entry.name, Some(offset)));
        bytes.extend(header(entry, entry.local_name.as_ref().unwrap_or(&entry.name), None));
        bytes.extend(&entry.data);
    }
    let start = u32::try_from(bytes.len()).unwrap();
    let count = u16::try_from(entries.len()).unwrap();
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(count.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

fn deflated(data: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// What is said of the zip: errors only, without the many missing files of a bag that never was.
fn refusals(bytes: &[u8]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("p.zip");
    fs::write(&path, bytes).unwrap();
    let started = Instant::now();
    let verification = judged(&path);
    assert!(!verification.valid);
    match open(&path) {
        Err(OpenError::Refused(_) | OpenError::NoRecords) => {}
        other => panic!("{other:?}"),
    }
    assert!(started.elapsed().as_secs() < 20);
    assert_eq!(entries(dir.path()), ["p.zip"], "something was written");
    let told = verification.findings.iter().filter(|f| f.severity == Severity::Error);
    let told = told.filter(|f| f.message.en.starts_with("refused") || f.message.en.contains("can't be read"));
    told.map(|f| format!("{}: {}\n", f.place.file.as_deref().unwrap_or("-"), f.message.en)).collect()
}

fn entries(dir: &Path) -> Vec<String> {
    fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn paths_that_leave_the_package_are_refused() {
    let names = [
        "../evil.txt",
        "/etc/passwd",
        "C:\\x.txt",
        "a\\..\\b.txt",
        "a/../../b.txt",
        "a/./b.txt",
        "a//b.txt",
        "~/x",
        "a\nb.txt",
        "cod\u{202E}fdp.exe",
    ];
    let entries: Vec<Raw> = names.iter().map(|name| raw(name, b"x")).collect();
    insta::assert_snapshot!(refusals(&zip(&entries)), @r#"
    ../evil.txt: refused: it leaves the package through ..
    /etc/passwd: refused: it is an absolute path
    C:\x.txt: refused: it has a backslash in it
    a/../../b.txt: refused: it leaves the package through ..
    a/./b.txt: refused: it has an empty or . part
    a//b.txt: refused: it has an empty or . part
    a\..\b.txt: refused: it has a backslash in it
    a\u{a}b.txt: refused: it has the control character U+000A in it
    cod\u{202e}fdp.exe: refused: it has U+202E in it, which turns the direction of writing: what is shown is not its name
    ~/x: refused: it starts with ~, a user's home
    "#);
}

#[test]
fn what_is_no_plain_file_is_refused() {
    let link = Raw { unix_mode: 0o12_0777, ..raw("link", b"/etc/passwd") };
    let device = Raw { unix_mode: 0o06_0644, ..raw("device", b"") };
    let encrypted = Raw { flags: 1, ..raw("encrypted", b"x") };
    let bzip2 = Raw { method: 12, ..raw("bzip2", b"x") };
    let folder = Raw { unix_mode: 0o04_0755, ..raw("folder/", b"x") };
    insta::assert_snapshot!(refusals(&zip(&[link, device, encrypted, bzip2, folder])), @"
    bzip2: refused: compression method 12 is not supported
    device: refused: it is a device or a pipe, no file
    encrypted: refused: it is encrypted
    folder/: refused: a folder entry that holds data
    link: refused: it is a link
    ");
}

#[test]
fn names_that_lie_or_repeat_are_refused() {
    let gbk = Raw { flags: 0, name: b"\xb5\xb5\xb0\xb8.txt".to_vec(), ..raw("", b"x") };
    let broken = Raw { name: b"a\xff\xfe.txt".to_vec(), ..raw("", b"x") };
    let other = Raw { local_name: Some(b"good.txt".to_vec()), ..raw("evil.txt", b"x") };
    insta::assert_snapshot!(refusals(&zip(&[gbk, broken, other, raw("twice", b"1"), raw("twice", b"2")])), @"
    a��.txt: refused: its name is not UTF-8 (GBK, it seems)
    evil.txt: refused: its local header and the central directory disagree
    twice: refused: two entries bear this name
    档案.txt: refused: its name is not UTF-8 (GBK, it seems)
    ");
}

#[test]
fn bombs_and_lengths_that_lie_are_refused() {
    let zeros = vec![0; 40 << 20];
    let bomb = Raw { method: 8, bytes: zeros.len() as u64, ..raw("bomb", &deflated(&zeros)) };
    // Says 10 bytes, gives a million: stopped after ten.
    let liar = Raw { method: 8, bytes: 10, ..raw("liar", &deflated(&vec![7; 1_000_000])) };
    let short = Raw { method: 8, bytes: 5000, ..raw("short", &deflated(&[7; 100])) };
    let stored = Raw { bytes: 99, ..raw("stored", b"x") };
    let garbage = Raw { method: 8, ..raw("garbage", &[0xFF; 64]) };
    insta::assert_snapshot!(refusals(&zip(&[bomb, liar, short, stored, garbage])), @"
    bomb: refused: it would swell beyond measure: a zip bomb
    garbage: can't be read: corrupt deflate stream
    liar: can't be read: there is more data than the directory says
    short: can't be read: the data is cut off
    stored: refused: its two lengths disagree though it is stored
    ");
}

#[test]
fn overlapping_entries_are_refused() {
    let first = raw("first", &[1; 100]);
    let second = Raw { offset: Some(0), ..raw("second", &[1; 100]) };
    let third = Raw { offset: Some(9_000_000), ..raw("third", b"x") };
    insta::assert_snapshot!(refusals(&zip(&[first, second, third])), @"
    second: refused: its local header and the central directory disagree
    second: refused: it is hidden at the end: the directory doesn't list it
    third: refused: its local header and the central directory disagree
    ");
    // Two entries, one header and body: the quoted-overlap bomb.
    let mut same = raw("same", &[1; 100]);
    same.offset = Some(0);
    let entries =
        [raw("same", &[1; 100]), Raw { name: b"also".to_vec(), local_name: Some(b"also".to_vec()), ..same }];
    assert!(refusals(&zip(&entries)).contains("also: refused"));
    // An entry with headers of its own inside another's data.
    let mut outer = vec![0; 10];
    let inner = raw("inner", b"x");
    outer.extend(header(&inner, b"inner", None));
    outer.extend(b"x");
    let entries = [raw("outer", &outer), Raw { offset: Some(30 + 5 + 10), ..inner }];
    assert!(refusals(&zip(&entries)).contains("inner: refused: its data overlaps another entry's"));
}

#[test]
fn an_entry_the_directory_passes_over_is_found() {
    // A program that reads from the front would unpack it, one that reads the directory wouldn't.
    let whole = zip(&[raw("a", b"1"), raw("hidden", b"2"), raw("b", b"3")]);
    let end = whole.len() - 22;
    let start = u32::from_le_bytes(whole[end + 16..end + 20].try_into().unwrap()) as usize;
    let records = [46 + 1, 46 + 6, 46 + 1];
    for (places, hidden) in [([0, 2], "hidden"), ([0, 1], "b"), ([1, 2], "a")] {
        let mut bytes = whole[..start].to_vec();
        for place in places {
            let at: usize = start + records[..place].iter().sum::<usize>();
            bytes.extend(&whole[at..at + records[place]]);
        }
        let size = u32::try_from(bytes.len() - start).unwrap();
        bytes.extend(b"PK\x05\x06\0\0\0\0\x02\0\x02\0");
        bytes.extend(size.to_le_bytes());
        bytes.extend(u32::try_from(start).unwrap().to_le_bytes());
        bytes.extend([0, 0]);
        let told = refusals(&bytes);
        assert!(told.contains(&format!("{hidden}: refused: it is hidden")), "{told}");
    }
}

#[test]
fn a_zip_of_faults_costs_no_more_than_the_first_ten_thousand() {
    let entries: Vec<Raw> = (0..30_000).map(|number| raw(&format!("../{number:05}"), b"")).collect();
    let told = refusals(&zip(&entries));
    assert_eq!(told.lines().count(), 10_000, "the others are counted, not named");
}

#[test]
fn a_directory_that_is_cut_off_moved_or_miscounted_is_refused() {
    let whole = zip(&[raw("a", b"1"), raw("b", b"2")]);
    let told = |bytes: &[u8]| refusals(bytes).replace('\n', "");
    insta::assert_snapshot!(told(&whole[..whole.len() - 10]), @"p.zip: refused: there is no end record: the zip is cut off, or something follows it");
    insta::assert_snapshot!(told(&[whole.as_slice(), b"trailing"].concat()), @"p.zip: refused: there is no end record: the zip is cut off, or something follows it");
    let end = whole.len() - 22;
    let mut moved = whole.clone();
    moved[end + 16] += 1;
    insta::assert_snapshot!(told(&moved), @"p.zip: refused: the central directory is not where the end record says");
    let mut counted = whole.clone();
    counted[end + 10] = 9;
    insta::assert_snapshot!(told(&counted), @"p.zip: refused: the central directory has 2 entries, its end record says 9");
    let mut damaged = whole.clone();
    let start = u32::from_le_bytes(whole[end + 16..end + 20].try_into().unwrap()) as usize;
    damaged[start] = 0;
    insta::assert_snapshot!(told(&damaged), @"p.zip: refused: the central directory is damaged");
}

#[test]
fn a_zip_with_bytes_changed_at_random_never_stops_the_program() {
    use proptest::prelude::*;
    let dir = tempfile::tempdir().unwrap();
    let (_, package) = crate::sample::built(dir.path());
    let whole = fs::read(package).unwrap();
    let path = dir.path().join("fuzzed.zip");
    proptest!(ProptestConfig::with_cases(64), |(places in prop::collection::vec((0..whole.len(), any::<u8>()), 1..8), cut in 0..whole.len())| {
        let mut bytes = whole.clone();
        for (at, value) in &places {
            bytes[*at] = *value;
        }
        if cut % 4 == 0 {
            bytes.truncate(cut);
        }
        let changed = bytes != whole;
        fs::write(&path, &bytes).unwrap();
        // Any byte of a stored zip belongs to a file, a header or a stamp; only stamps may pass unseen.
        if let Ok(verification) = archive_transfer::verify(&path, &archive_transfer::progress::silent) {
            prop_assert!(changed || verification.valid);
        }
    });
}

#[test]
fn many_small_bombs_are_one_large_one() {
    let zeros = deflated(&vec![0; 15 << 20]);
    let entries: Vec<Raw> = (0..120)
        .map(|number| Raw { method: 8, bytes: 15 << 20, ..raw(&format!("{number:03}"), &zeros) })
        .collect();
    let told = refusals(&zip(&entries));
    assert!(told.contains("119: refused: it would swell beyond measure"), "{told}");
}

#[test]
fn a_manifest_of_four_gigabytes_is_refused_by_its_length() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("data")).unwrap();
    fs::write(dir.path().join("data/a.txt"), "a").unwrap();
    fs::write(dir.path().join("bagit.txt"), "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        .unwrap();
    fs::File::create(dir.path().join("manifest-sha256.txt")).unwrap().set_len(4 << 30).unwrap();
    let verification = judged(dir.path());
    let said = verification.findings.iter().find(|f| f.message.zh.contains("拒绝读取")).unwrap();
    insta::assert_snapshot!(said.message.en, @"the manifest is over 768 MiB and was not read");
    assert_eq!(said.place.file.as_deref(), Some("manifest-sha256.txt"));
}

#[test]
fn lists_of_nonsense_cost_no_more_than_their_first_lines() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("bagit.txt"), "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        .unwrap();
    for content in ["x\n".repeat(2_000_000), "y".repeat(3 << 20)] {
        fs::write(dir.path().join("manifest-sha256.txt"), content).unwrap();
        let verification = judged(dir.path());
        assert!(!verification.valid && verification.findings.len() < 10_010);
    }
    // Files that are nowhere, far more than anybody will read of.
    let digest = "0".repeat(64);
    let lines: String = (0..250_000).map(|number| format!("{digest}  data/{number}\n")).collect();
    fs::write(dir.path().join("manifest-sha256.txt"), lines).unwrap();
    let verification = judged(dir.path());
    assert!(!verification.valid && verification.findings.len() < 200_010);
}

#[test]
fn descriptions_made_to_harm_are_refused_by_name() {
    let laughs: String =
        (1..10).map(|n| format!("<!ENTITY l{n} \"&l{0};&l{0};&l{0};&l{0};\">", n - 1)).collect();
    let list = |inner: &str| format!("<文件目录><文件>{inner}</文件></文件目录>");
    let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    let cases = [
        (
            "laughs",
            format!("<!DOCTYPE l [<!ENTITY l0 \"ha\">{laughs}]>{}", list("<题名>&l9;</题名>")),
            "DOCTYPE",
        ),
        ("external", format!("<!DOCTYPE l SYSTEM \"file:///etc/passwd\">{}", list("")), "DOCTYPE"),
        ("undeclared", list("<题名>&xxe;</题名>"), "refers to an entity"),
        ("deep", deep, "nests too deep"),
        ("cut", "<文件目录><文件>".to_owned(), "ends inside an element"),
        ("attributes", format!("<文件目录 {}/>", "a='1' ".repeat(2)), "faulty attribute"),
    ];
    for (what, xml, said) in cases {
        let dir = tempfile::tempdir().unwrap();
        for name in ["文件目录.XML", "METS.xml", "a.eep", "metadata/b.xml"] {
            fs::create_dir_all(dir.path().join("metadata")).unwrap();
            fs::write(dir.path().join(name), &xml).unwrap();
        }
        let verification = judged(dir.path());
        for name in ["文件目录.XML", "METS.xml", "a.eep", "metadata/b.xml"] {
            let of_file = |f: &&archive_core::finding::Finding| f.place.file.as_deref() == Some(name);
            let found = verification.findings.iter().filter(of_file).any(|f| f.message.en.contains(said));
            assert!(found, "{what} {name}: {:?}", verification.findings);
        }
    }
}

#[cfg(unix)]
#[test]
fn names_in_a_folder_that_mean_another_place_elsewhere_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("METS.xml"), "<mets/>").unwrap();
    for name in ["..\\evil.txt", "C:evil.txt", "~root", "a\u{202E}fdp.exe", "a\nb"] {
        fs::write(dir.path().join(name), "x").unwrap();
    }
    insta::assert_snapshot!(crate::sample::told(&judged(dir.path())), @r"
    error X5 ..\evil.txt: refused: it has a backslash in it
    error X5 C:evil.txt: refused: it starts with a drive letter
    error X5 METS.xml: METS lists no file: nothing was checked
    error X5 a\u{202e}fdp.exe: refused: it has U+202E in it, which turns the direction of writing: what is shown is not its name
    error X5 a\u{a}b: refused: it has the control character U+000A in it
    error X5 ~root: refused: it starts with ~, a user's home
    ");
}

#[test]
fn entities_are_refused_in_every_encoding_a_description_may_have() {
    let bomb = "<!DOCTYPE l [<!ENTITY a \"ha\">]><文件目录>&a;</文件目录>";
    let utf16 = |order: fn(u16) -> [u8; 2], mark: [u8; 2]| {
        mark.into_iter().chain(bomb.encode_utf16().flat_map(order)).collect::<Vec<u8>>()
    };
    let gbk = format!("<?xml version=\"1.0\" encoding=\"GBK\"?>{bomb}");
    let cases = [
        utf16(u16::to_le_bytes, [0xFF, 0xFE]),
        utf16(u16::to_be_bytes, [0xFE, 0xFF]),
        encoding_rs::GBK.encode(&gbk).0.into_owned(),
        format!("\u{FEFF}{bomb}").into_bytes(),
    ];
    for bytes in cases {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("文件目录.XML"), &bytes).unwrap();
        let told = crate::sample::told(&judged(dir.path()));
        assert!(told.contains("文件目录.XML: has a DOCTYPE"), "{told}");
    }
}

#[test]
fn a_list_with_a_fault_in_each_of_many_rows_costs_no_more_than_those_that_are_named() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("说明文件.TXT"), "载体编号：1\n").unwrap();
    let rows = "<文件><题名>x</题名></文件>".repeat(60_000);
    fs::write(dir.path().join("文件目录.XML"), format!("<文件目录>{rows}</文件目录>")).unwrap();
    let verification = judged(dir.path());
    assert!(!verification.valid && verification.findings.len() <= 250_001, "{}", verification.findings.len());
    let last =
        verification.findings.iter().find(|finding| finding.message.en.contains("more faults")).unwrap();
    assert_eq!(last.severity, Severity::Error);
    // Of every row something is counted, though not all is named.
    let counted = verification.checks.iter().find(|check| check.code == "YJ-2-3").unwrap();
    assert!(counted.detail.en.contains("420000 faults"), "{}", counted.detail.en);
}

#[test]
fn a_description_of_more_than_anybody_sends_is_cut_and_said_to_be() {
    let dir = tempfile::tempdir().unwrap();
    let encodings = "<编码/>".repeat(600_000);
    fs::write(dir.path().join("a.eep"), format!("<电子文件封装包>{encodings}</电子文件封装包>")).unwrap();
    let told = crate::sample::told(&judged(dir.path()));
    assert!(
        told.contains("a.eep: it speaks of too many files: nothing after them was checked"),
        "{}",
        &told[..2000]
    );
}

#[test]
fn a_container_in_a_container_is_named_and_not_opened() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, _) = crate::sample::built(dir.path());
    let package = folder.join("data/J019-2004");
    let inner = zip(&[raw("../../evil.txt", b"x")]);
    let scan = "representations/rep1/data/J019/WS/2004/J019-2004-001-001/J019-2004-001-001-01.tif";
    fs::write(package.join(scan), inner).unwrap();
    let told = crate::sample::told(&judged(&package));
    assert!(told.contains("is compressed or encrypted: it must be opened before transfer"), "{told}");
}

#[cfg(unix)]
#[test]
fn pipes_and_sockets_in_a_folder_are_refused_without_being_opened() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("METS.xml"), "<mets/>").unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(dir.path().join("socket")).unwrap();
    let pipe = dir.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|status| status.success()));
    let told = crate::sample::told(&judged(dir.path()));
    for name in ["pipe", "socket"] {
        let said = format!("error X5 {name}: refused: it is a device, a pipe or a socket, no file");
        assert!(told.contains(&said), "{told}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_given_as_a_package_is_not_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let error = archive_transfer::verify(&pipe, &archive_transfer::progress::silent).unwrap_err();
    assert!(error.to_string().contains("neither a folder, nor a zip"), "{error}");
}

#[test]
fn what_macos_packs_beside_the_package_is_told_and_left_out() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, _) = crate::sample::built(dir.path());
    let plain = judged(&folder);
    let top = dir.path().join("top");
    fs::create_dir_all(top.join("__MACOSX/J019-2004")).unwrap();
    fs::rename(&folder, top.join("J019-2004")).unwrap();
    fs::write(top.join("__MACOSX/J019-2004/._index.html"), "x").unwrap();
    let packed = judged(&top);
    assert!(packed.valid);
    let told = crate::sample::told(&packed);
    assert_eq!(told.lines().filter(|line| line.contains("__MACOSX")).count(), 1, "{told}");
    assert_eq!(packed.facts, plain.facts);
}

#[test]
fn a_package_one_folder_further_down_is_pointed_at() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, _) = crate::sample::built(dir.path());
    let top = dir.path().join("top");
    fs::create_dir_all(top.join("移交/2004")).unwrap();
    fs::rename(&folder, top.join("移交/2004/J019")).unwrap();
    fs::write(top.join("说明.txt"), "x").unwrap();
    let judged = judged(&top);
    assert!(
        judged.findings.iter().any(|finding| finding.help.zh.contains("移交/2004/J019")),
        "{:?}",
        judged.findings
    );
}
