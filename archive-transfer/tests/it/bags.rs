//! Plain bags of every version, digest and encoding, good and damaged.

use std::fs;
use std::path::Path;

use archive_transfer::digest::{Algorithm, Hasher};
use archive_transfer::verify::Kind;

use crate::sample::{judged, told};

const ALGORITHMS: [Algorithm; 7] = [
    Algorithm::Md5,
    Algorithm::Sha1,
    Algorithm::Sha224,
    Algorithm::Sha256,
    Algorithm::Sha384,
    Algorithm::Sha512,
    Algorithm::Sm3,
];
const PAYLOAD: [(&str, &[u8]); 3] =
    [("data/a.txt", b"alpha"), ("data/案卷/一.txt", b"beta"), ("data/空.txt", b"")];

fn digest(algorithm: Algorithm, bytes: &[u8]) -> String {
    let mut hasher = Hasher::new([algorithm]);
    hasher.update(bytes);
    hasher.finish().1.remove(&algorithm).unwrap()
}

/// A bag whose tag files are in the encoding called `label`.
fn bag(root: &Path, version: &str, algorithm: Algorithm, label: &str) {
    let encode = |text: &str| match label {
        "UTF-16" => {
            let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
            units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
        }
        label => encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned(),
    };
    let declared = format!("BagIt-Version: {version}\nTag-File-Character-Encoding: {label}\n");
    let mut manifest = String::new();
    for (path, bytes) in PAYLOAD {
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        fs::write(root.join(path), bytes).unwrap();
        manifest.push_str(&format!("{}  {path}\n", digest(algorithm, bytes)));
    }
    let manifest = encode(&manifest);
    let info = encode("Source-Organization: 建阳县水利局\nPayload-Oxum: 9.3\n");
    let info_name = if version <= "0.95" { "package-info.txt" } else { "bag-info.txt" };
    fs::write(root.join("bagit.txt"), &declared).unwrap();
    fs::write(root.join(format!("manifest-{algorithm}.txt")), &manifest).unwrap();
    fs::write(root.join(info_name), &info).unwrap();
    let tags = [
        ("bagit.txt".to_owned(), declared.into_bytes()),
        (format!("manifest-{algorithm}.txt"), manifest),
        (info_name.to_owned(), info),
    ];
    let lines: String =
        tags.iter().map(|(name, bytes)| format!("{}  {name}\n", digest(algorithm, bytes))).collect();
    fs::write(root.join(format!("tagmanifest-{algorithm}.txt")), encode(&lines)).unwrap();
}

#[test]
fn every_version_and_digest_is_read_and_each_damage_named() {
    for version in ["0.93", "0.94", "0.95", "0.96", "0.97", "1.0"] {
        for algorithm in ALGORITHMS {
            let dir = tempfile::tempdir().unwrap();
            bag(dir.path(), version, algorithm, "UTF-8");
            let verification = judged(dir.path());
            assert!(verification.valid, "{version} {algorithm}: {}", told(&verification));
            assert_eq!(verification.facts.kinds, [Kind::Bag]);
            assert_eq!(verification.facts.bagit_version.as_deref(), Some(version));
            assert_eq!(verification.facts.files_compared, 6, "{version} {algorithm}");
            fs::write(dir.path().join("data/案卷/一.txt"), "bete").unwrap();
            fs::remove_file(dir.path().join("data/a.txt")).unwrap();
            fs::write(dir.path().join("data/多.txt"), "x").unwrap();
            let told = told(&judged(dir.path()));
            for said in ["data/案卷/一.txt: changed", "data/a.txt: missing", "data/多.txt: extra"] {
                assert!(told.contains(said), "{version} {algorithm}: {told}");
            }
        }
    }
}

#[test]
fn tag_files_are_read_in_the_encoding_the_bag_declares() {
    for label in ["UTF-8", "GB18030", "GBK", "UTF-16"] {
        let dir = tempfile::tempdir().unwrap();
        bag(dir.path(), "0.97", Algorithm::Sha512, label);
        let verification = judged(dir.path());
        assert!(verification.valid, "{label}: {}", told(&verification));
        let source = ("Source-Organization".to_owned(), "建阳县水利局".to_owned());
        assert!(verification.facts.bag_info.contains(&source), "{label}: {:?}", verification.facts.bag_info);
        fs::write(dir.path().join("data/案卷/一.txt"), "BETA").unwrap();
        assert!(told(&judged(dir.path())).contains("data/案卷/一.txt: changed"), "{label}");
    }
    let dir = tempfile::tempdir().unwrap();
    bag(dir.path(), "1.0", Algorithm::Sha256, "GB18030");
    fs::write(dir.path().join("bagit.txt"), "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        .unwrap();
    let told = told(&judged(dir.path()));
    assert!(told.contains("manifest-sha256.txt: is not in the declared encoding UTF-8"), "{told}");
}

#[test]
fn what_was_to_be_fetched_is_missing_until_it_is_there() {
    let dir = tempfile::tempdir().unwrap();
    bag(dir.path(), "1.0", Algorithm::Sha256, "UTF-8");
    fs::remove_file(dir.path().join("tagmanifest-sha256.txt")).unwrap();
    fs::write(dir.path().join("fetch.txt"), "https://example.org/1 4 data/案卷/一.txt\n").unwrap();
    assert!(judged(dir.path()).valid);
    fs::remove_file(dir.path().join("data/案卷/一.txt")).unwrap();
    let told = told(&judged(dir.path()));
    let line = told.lines().find(|line| line.contains("一.txt")).unwrap();
    insta::assert_snapshot!(line, @"error X5 data/案卷/一.txt: missing: listed in manifest-sha256.txt, to be fetched from elsewhere by fetch.txt");
    fs::write(dir.path().join("fetch.txt"), "https://example.org/1 4 data/../../一.txt\nnonsense\n").unwrap();
    let told = crate::sample::told(&judged(dir.path()));
    assert!(told.contains("fetch.txt: the path data/../../一.txt is unsafe"), "{told}");
    assert!(told.contains("fetch.txt: is not an address, a length and a path"), "{told}");
}

#[test]
fn a_file_two_manifests_speak_of_is_one_finding() {
    let dir = tempfile::tempdir().unwrap();
    bag(dir.path(), "1.0", Algorithm::Sha256, "UTF-8");
    let second: String =
        PAYLOAD.iter().map(|(path, bytes)| format!("{}  {path}\n", digest(Algorithm::Md5, bytes))).collect();
    fs::write(dir.path().join("manifest-md5.txt"), second).unwrap();
    fs::remove_file(dir.path().join("data/a.txt")).unwrap();
    fs::write(dir.path().join("data/案卷/一.txt"), "bete").unwrap();
    let told = told(&judged(dir.path()));
    let of = |path: &str| told.lines().filter(|line| line.contains(path)).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(of("a.txt"), @"error X5 data/a.txt: missing: listed in manifest-md5.txt, manifest-sha256.txt, not in the package");
    assert_eq!(of("一.txt").lines().count(), 1, "{told}");
}

#[test]
fn an_empty_or_unreadable_list_is_an_error_never_nothing_checked() {
    let dir = tempfile::tempdir().unwrap();
    for content in ["", "\n\n", "# nothing\n", "\u{0}\u{0}\u{0}"] {
        bag(dir.path(), "1.0", Algorithm::Sha256, "UTF-8");
        fs::write(dir.path().join("manifest-sha256.txt"), content).unwrap();
        let verification = judged(dir.path());
        let named = told(&verification).lines().any(|line| line.starts_with("error X5 manifest-sha256.txt"));
        assert!(!verification.valid && named, "{content:?}: {}", told(&verification));
    }
}

/// A bag of 1.0 with one file, its tag files changed by `change` before the last of them vouches for the others.
fn changed(change: impl Fn(&Path)) -> (tempfile::TempDir, archive_transfer::Verification) {
    let dir = tempfile::tempdir().unwrap();
    bag(dir.path(), "1.0", Algorithm::Sha256, "UTF-8");
    fs::remove_file(dir.path().join("tagmanifest-sha256.txt")).unwrap();
    change(dir.path());
    let verification = judged(dir.path());
    (dir, verification)
}

#[test]
fn lines_may_end_as_any_system_ends_them() {
    for end in ["\r\n", "\r"] {
        let (_dir, verification) = changed(|root| {
            for name in ["bagit.txt", "bag-info.txt", "manifest-sha256.txt"] {
                let text = fs::read_to_string(root.join(name)).unwrap().replace('\n', end);
                fs::write(root.join(name), text).unwrap();
            }
        });
        assert!(verification.valid, "{end:?}: {}", told(&verification));
        assert_eq!(verification.facts.files_compared, 3);
        assert_eq!(verification.facts.bag_info.len(), 2);
    }
}

#[test]
fn a_version_that_was_never_published_is_refused() {
    for version in ["2.0", "1.1", "0.9"] {
        let (_dir, verification) = changed(|root| {
            let declared = format!("BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n");
            fs::write(root.join("bagit.txt"), declared).unwrap();
        });
        assert!(
            told(&verification).contains(&format!("there is no BagIt {version}")),
            "{}",
            told(&verification)
        );
    }
}

#[test]
fn a_list_of_what_to_fetch_may_have_any_white_space() {
    let (_dir, verification) = changed(|root| {
        fs::write(root.join("fetch.txt"), "http://example.org/a  5 \t data/a.txt\n").unwrap();
    });
    assert!(verification.valid, "{}", told(&verification));
}

#[test]
fn a_bag_of_several_says_which_it_is_and_not_nonsense() {
    let counted = |count: &'static str| {
        let with = format!("Bag-Group-Identifier: J019-2004\nBag-Count: {count}\n");
        changed(move |root| fs::write(root.join("bag-info.txt"), &with).unwrap()).1
    };
    let second = counted("2 of 3");
    assert!(second.valid && told(&second).contains("this is package 2 of 3"), "{}", told(&second));
    let group = second.facts.group.unwrap();
    assert_eq!((group.id.as_str(), group.number, group.of), ("J019-2004", 2, Some(3)));
    assert_eq!(counted("2 of ?").facts.group.unwrap().of, None);
    for nonsense in ["5 of 3", "0 of 3", "two", "2/3"] {
        let verification = counted(nonsense);
        assert!(!verification.valid && told(&verification).contains("Bag-Count says"), "{nonsense}");
    }
}

#[test]
fn a_file_renamed_by_case_is_an_error_one_composed_otherwise_a_warning() {
    let (_dir, verification) =
        changed(|root| fs::rename(root.join("data/a.txt"), root.join("data/A.txt")).unwrap());
    assert!(!verification.valid && told(&verification).contains("was renamed: it is listed as data/a.txt"));
    let (_dir, verification) = changed(|root| {
        let manifest = fs::read_to_string(root.join("manifest-sha256.txt")).unwrap();
        fs::write(root.join("manifest-sha256.txt"), manifest.replace("data/a.txt", "data/e\u{301}.txt"))
            .unwrap();
        fs::rename(root.join("data/a.txt"), root.join("data/\u{e9}.txt")).unwrap();
    });
    assert!(verification.valid && told(&verification).contains("Unicode form"), "{}", told(&verification));
}
