//! What is built is valid, whole, and the same each time.

use std::fs;

use archive_core::finding::Finding;
use archive_core::model::{ItemId, Secrecy, SecrecyLevel};
use archive_core::rules::RuleId;
use archive_transfer::{BuildError, Target, build, progress};

use crate::sample::{built, judged, package, told};

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
    let mut fault = Finding::new(RuleId::N1, Default::default(), archive_core::text!("未签字", "unsigned"));
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
        package.files[2].known.insert(archive_transfer::digest::Algorithm::Sha512, "00".repeat(64));
        let error = build(&package, target, &path, &progress::silent).unwrap_err();
        assert!(matches!(&error, BuildError::Changed { code, .. } if code == "J019-2004-001-002"), "{error}");
        assert!(!path.exists());
    }
}
