//! The demonstration: it ends well, leaves everything where it says, and twice gives the same bytes.

use std::fs;
use std::path::PathBuf;

use crate::desk::{Desk, differing, tree};

#[test]
fn the_demo_leaves_a_year_s_work_and_twice_the_same() {
    let desk = Desk::new();
    let one = desk.run(["demo", "--out", "one"]).expect_status(0);
    assert!(one.stdout.contains("完成。结果都在 [DESK]/one"), "{}", one.stdout);
    assert_eq!(one.stderr, "");
    for name in ["repository/archive.toml", "catalogues", "packages/J019-2004", "bureau/archive.toml"] {
        assert!(desk.path("one").join(name).exists(), "{name}");
    }
    let two = desk.run(["demo", "--out", "elsewhere/two", "--json"]).expect_status(0).document();
    assert_eq!((&two["valid"], &two["accession"]), (&true.into(), &"2005-0001".into()));
    assert!(
        two["steps"]
            .as_array()
            .unwrap()
            .iter()
            .all(|step| step["result"].as_str().is_some_and(|told| !told.is_empty()))
    );
    for folder in ["catalogues", "packages", "repository/objects", "bureau/objects"] {
        let [one, two] = ["one", "elsewhere/two"].map(|out| tree(&desk.path(out).join(folder)));
        assert!(one.len() > 5, "{folder}");
        assert_eq!(differing(&one, &two), Vec::<PathBuf>::new(), "{folder}");
    }
    // What it leaves is sound, by the commands a person would ask.
    for repository in ["one/repository", "one/bureau"] {
        desk.run(["fixity", "-R", repository]).expect_status(0);
        desk.run(["audit", "verify", "-R", repository]).expect_status(0);
    }
    desk.run(["transfer", "verify", "one/packages/J019-2004"]).expect_status(0);
}

/// It never works in a folder that holds something.
#[test]
fn the_demo_wants_a_folder_of_its_own() {
    let desk = Desk::new();
    fs::create_dir(desk.path("mine")).unwrap();
    fs::write(desk.path("mine/letter.txt"), "保留").unwrap();
    let before = desk.tree();
    let ran = desk.run(["demo", "--out", "mine"]).expect_status(2);
    assert!(ran.stderr.contains("mine 不是空的"), "{}", ran.stderr);
    assert_eq!(differing(&before, &desk.tree()), Vec::<PathBuf>::new());
}
