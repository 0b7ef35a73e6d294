//! What is built is valid, whole, and the same each time.

use std::fs;
use std::io::Read as _;
use std::rc::Rc;

use archive_core::finding::{Finding, Place};
use archive_core::model::{ItemId, RetentionPeriod, Secrecy, SecrecyLevel};
use archive_core::profile::Method;
use archive_core::rules::RuleId;
use archive_transfer::digest::{Algorithm, HashingReader};
use archive_transfer::{BuildError, Files, Package, PackageFile, Target, build, open, progress};
use proptest::prelude::*;

use crate::sample::{built, file, files, item, judged, package, told, volume};

#[test]
fn a_built_package_is_valid_as_folder_and_as_zip_with_the_same_report() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, zip) = built(dir.path());
    let (of_folder, of_zip) = (judged(&folder), judged(&zip));
    assert_eq!(told(&of_folder), "");
    assert!(of_folder.valid);
    assert_eq!(serde_json::to_string(&of_folder).unwrap(), serde_json::to_string(&of_zip).unwrap());
    assert!(of_folder.facts.files_compared >= of_folder.facts.files - 2);
}

#[test]
fn the_same_records_give_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (_, first) = built(one.path());
    let (_, second) = built(two.path());
    assert!(fs::read(first).unwrap() == fs::read(second).unwrap());
}

#[test]
fn what_may_not_go_over_is_refused_with_the_whole_list_and_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let mut package = package();
    package.items[0].secrecy = Secrecy { level: SecrecyLevel::Secret, term: None };
    package.lent.insert(ItemId(2));
    package.arrangement.volumes[1].entries[0].item_no = None;
    package.arrangement.volumes[1].number.as_mut().unwrap().code = String::from("J019-2004-001");
    let mut fault = Finding::new(RuleId::N1, Place::default(), archive_core::text!("未签字", "unsigned"));
    fault.place.volume = Some("J019-2004-001".to_owned());
    package.findings = vec![fault.clone()];
    fault.place.volume = Some("J019-2004-002".to_owned());
    package.findings.push(fault); // let through by the exception
    let error = build(&package, Target::Folder, &dir.path().join("x"), &progress::silent).unwrap_err();
    let BuildError::Refused(findings) = error else { panic!("{error}") };
    let told: Vec<String> = findings
        .iter()
        .map(|f| format!("{} {:?} {:?} {}", f.rule, f.place.volume, f.place.item, f.message.en))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    N1 Some("J019-2004-001") None unsigned
    K3 Some("J019-2004-001") Some("3") the item has no number
    S1 Some("J019-2004-001") Some("J019-2004-001-001") is classified (秘密) and must not go into a package
    K3 Some("J019-2004-001") Some("J019-2004-001-002") the code J019-2004-001-002 stands twice
    U8 Some("J019-2004-001") Some("J019-2004-001-002") is out on loan
    "#);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_file_that_changed_since_it_was_taken_in_stops_the_build_and_leaves_no_package() {
    for target in [Target::Folder, Target::Zip] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("p");
        let mut package = package();
        let mut files = files();
        files[2].1.known.insert(Algorithm::Sha512, "00".repeat(64));
        package.files = Files::listed(files);
        let error = build(&package, target, &path, &progress::silent).unwrap_err();
        assert!(matches!(&error, BuildError::Changed { code, .. } if code == "J019-2004-001-002"), "{error}");
        assert!(!path.exists());
    }
}

#[test]
fn parts_of_one_item_share_its_code_and_are_told_apart_by_a_part_number() {
    let dir = tempfile::tempdir().unwrap();
    let mut package = package();
    package.profile.volumes.method = Method::Item;
    for entry in &mut package.arrangement.volumes[0].entries {
        entry.item_no = Some(7);
    }
    let (volumes, items) = (package.arrangement.volumes.clone(), package.items.clone());
    for (target, name) in [(Target::Folder, "p"), (Target::Zip, "p.zip")] {
        let path = dir.path().join(name);
        build(&package, target, &path, &progress::silent).unwrap();
        let verification = judged(&path);
        assert_eq!(told(&verification), "");
        let reader = open(&path).unwrap();
        assert_eq!((reader.volumes().unwrap(), reader.items().unwrap()), (volumes.clone(), items.clone()));
        let codes: Vec<String> = reader.files().unwrap().into_iter().map(|file| file.code).collect();
        assert_eq!(
            codes,
            ["J019-2004-001-007", "J019-2004-001-007", "J019-2004-001-007_2", "J019-2004-002-001"]
        );
    }
    let list = fs::read_to_string(dir.path().join("p/文件目录.XML")).unwrap();
    assert!(list.contains("属J019-2004-001-007号件，为其第2份"), "{list}");

    // By the volume method a number that stands twice is a fault.
    package.profile.volumes.method = Method::Volume;
    let error = build(&package, Target::Folder, &dir.path().join("q"), &progress::silent).unwrap_err();
    assert!(matches!(error, BuildError::Refused(_)), "{error}");
}

#[test]
fn a_second_handing_over_of_a_year_has_a_name_of_its_own() {
    let mut package = package();
    package.batch = 2;
    assert_eq!(package.id(), "J019-2004-2");
    let ids: Vec<String> = package.split(cut()).unwrap().iter().map(Package::id).collect();
    assert_eq!(ids, ["J019-2004-2-p1", "J019-2004-2-p2"]);
}

#[test]
fn a_package_of_paper_alone_draws_no_warning() {
    let dir = tempfile::tempdir().unwrap();
    let mut package = package();
    package.files = Files::listed([]);
    build(&package, Target::Folder, &dir.path().join("p"), &progress::silent).unwrap();
    assert_eq!(told(&judged(&dir.path().join("p"))), "");
}

/// The largest limit that cuts the sample in two.
fn cut() -> u64 {
    let cuts = (1..200).map(|step| step * 5_000);
    cuts.rev().find(|cut| package().split(*cut).unwrap().len() == 2).unwrap()
}

#[test]
fn a_transfer_is_cut_between_volumes_and_each_part_says_which_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let cut = cut();
    let parts = package().split(cut).unwrap();
    assert_eq!(parts.len(), 2);
    let whole = package();
    let mut items = Vec::new();
    for (part, number) in parts.into_iter().zip(1..) {
        let path = dir.path().join(part.id());
        let built = build(&part, Target::Folder, &path, &progress::silent).unwrap();
        assert_eq!((built.volumes, built.items), (1, 2));
        let verification = judged(&path);
        assert_eq!(told(&verification).lines().filter(|line| !line.contains("of 2; the others")).count(), 0);
        assert!(built.bytes <= cut, "{} bytes in a part of {cut}", built.bytes);
        let info = verification.facts.bag_info;
        assert!(info.contains(&("Bag-Count".to_owned(), format!("{number} of 2"))), "{info:?}");
        assert!(info.contains(&("Bag-Group-Identifier".to_owned(), "J019-2004".to_owned())));
        items.extend(open(&path).unwrap().items().unwrap());
    }
    assert_eq!(items, whole.items);
    assert_eq!(package().split(u64::MAX).unwrap().len(), 1);
}

/// The sample's files with their digests known, as a store knows them.
fn known_files() -> Vec<(ItemId, PackageFile)> {
    let mut files = files();
    for (_, file) in &mut files {
        let mut reader = HashingReader::new((file.open)().unwrap(), [Algorithm::Sha512]);
        std::io::copy(&mut reader, &mut std::io::sink()).unwrap();
        file.known = reader.finish().unwrap().2;
    }
    files
}

#[test]
fn an_interrupted_build_leaves_nothing_finished_and_is_gone_on_with() {
    for (target, name) in [(Target::Folder, "J019-2004"), (Target::Zip, "J019-2004.zip")] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        let mut interrupted = package();
        let mut files = known_files();
        // The third file can't be read: as if the power had gone there.
        files[2].1.open = Rc::new(|| Err(std::io::Error::other("gone")));
        interrupted.files = Files::listed(files);
        let error = build(&interrupted, target, &path, &progress::silent).unwrap_err();
        assert!(matches!(error, BuildError::File { .. }), "{error}");
        assert!(!path.exists());
        let remains = dir.path().join(format!(".{name}.partial"));
        if target == Target::Folder {
            fs::write(remains.join("stray.txt"), "of another attempt").unwrap();
        }
        // Going on, the two files that are there are not read again: this would fail.
        let mut again = package();
        let mut files = known_files();
        for (_, file) in &mut files[..2] {
            file.open = Rc::new(|| Err(std::io::Error::other("read again")));
        }
        again.files = Files::listed(files);
        build(&again, target, &path, &progress::silent).unwrap();
        assert!(!remains.exists());
        assert_eq!(told(&judged(&path)), "");
        // The same as one built at once.
        let (folder, zip) = built(&dir.path().join("whole"));
        match target {
            Target::Folder => {
                assert_eq!(
                    open(&path).unwrap().fingerprint().unwrap(),
                    open(&folder).unwrap().fingerprint().unwrap()
                );
            }
            Target::Zip => assert!(fs::read(&path).unwrap() == fs::read(zip).unwrap()),
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_goes_in_is_valid_and_comes_out_the_same(
        rows in prop::collection::vec(
            ("[\\PC]{1,40}", "[^/\x00]{0,30}", prop::collection::vec(any::<u8>(), 0..300), 0_usize..3, 1_u32..29),
            1..8,
        ),
        cuts in 1_usize..4,
        sm3 in any::<bool>(),
    ) {
        let mut sent = package();
        sent.items = Vec::new();
        let mut went_in = Vec::new();
        for (id, (title, name, bytes, files, day)) in rows.iter().enumerate() {
            let mut item = item(id as u64, &format!("题{title}"), *day);
            item.remarks = Some(name.clone());
            sent.items.push(item);
            for _ in 0..*files {
                went_in.push(file(id as u64, name, bytes));
            }
        }
        let volumes = sent.items.chunks(cuts).zip(1..);
        sent.arrangement.volumes = volumes
            .map(|(items, number)| volume(number, "卷", RetentionPeriod::Permanent, &items.iter().collect::<Vec<_>>()))
            .collect();
        sent.sm3 = sm3;
        sent.files = Files::listed(went_in.clone());
        let dir = tempfile::tempdir().unwrap();
        let (folder, zip) = (dir.path().join("p"), dir.path().join("p.zip"));
        build(&sent, Target::Folder, &folder, &progress::silent).unwrap();
        build(&sent, Target::Zip, &zip, &progress::silent).unwrap();
        let (of_folder, of_zip) = (judged(&folder), judged(&zip));
        prop_assert!(of_folder.valid, "{}", told(&of_folder));
        prop_assert_eq!(serde_json::to_string(&of_folder).unwrap(), serde_json::to_string(&of_zip).unwrap());
        let reader = open(&zip).unwrap();
        prop_assert_eq!(&reader.items().unwrap(), &sent.items);
        prop_assert_eq!(&reader.arrangement().unwrap(), &sent.arrangement);
        let files = reader.files().unwrap();
        prop_assert_eq!(files.len(), went_in.len());
        for (came, (_, went)) in files.iter().zip(&went_in) {
            let (mut a, mut b) = (Vec::new(), Vec::new());
            reader.read(came).unwrap().read_to_end(&mut a).unwrap();
            (went.open)().unwrap().read_to_end(&mut b).unwrap();
            prop_assert_eq!(a, b);
            prop_assert_eq!(&came.original_name, &went.original_name);
        }
    }

    /// Whatever a killed build, a full disk or a bad disk leaves, the next build gives the same bytes.
    #[test]
    fn what_is_left_of_a_zip_doesnt_show_in_the_next(
        cut in 0.0_f64..1.0,
        bent in prop::option::of(0.0_f64..1.0),
        tail in 0_usize..5000,
    ) {
        let dir = tempfile::tempdir().unwrap();
        let whole = dir.path().join("whole").join("J019-2004.zip");
        let mut package = package();
        package.files = Files::listed(known_files());
        build(&package, Target::Zip, &whole, &progress::silent).unwrap();
        let whole = fs::read(whole).unwrap();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let at = |share: f64| (share * whole.len() as f64) as usize;
        let mut left = whole[..at(cut)].to_vec();
        if let Some(bent) = bent
            && let Some(byte) = left.get_mut(at(bent))
        {
            *byte ^= 0x10;
        }
        left.extend(std::iter::repeat_n(0, tail));
        fs::write(dir.path().join(".J019-2004.zip.partial"), left).unwrap();
        let path = dir.path().join("J019-2004.zip");
        build(&package, Target::Zip, &path, &progress::silent).unwrap();
        prop_assert!(fs::read(path).unwrap() == whole);
    }
}
