//! Forty real documents of the State Council, as published: numbers and dates missing, several issuers.

use std::fs;

use crate::desk::{Desk, root, skip};

#[test]
fn real_documents_go_the_whole_way() {
    let data = root().join("../shared/data/state-council");
    if !data.is_dir() {
        skip("the documents of the State Council", "../shared/data/state-council is not there");
        return;
    }
    let desk = Desk::new();
    desk.run([
        "init",
        "repository",
        "--institution",
        "国务院办公厅",
        "--fonds",
        "A001",
        "--profile",
        "national-2022",
    ])
    .expect_status(0);
    fs::copy(data.join("register.csv"), desk.path("register.csv")).unwrap();
    let imported = desk.run([
        "import",
        "register.csv",
        "--scans",
        data.to_str().unwrap(),
        "--accept-valid",
        "-R",
        "repository",
        "--json",
    ]);
    let imported = imported.document();
    let count = |key: &str| imported[key].as_u64().unwrap();
    assert_eq!(count("items_accepted") + count("items_refused"), 40);
    assert_eq!(count("files_stored"), count("items_accepted"));

    let arranged = desk.at_repository(&["arrange", "--json"]).document();
    let volumes = arranged["volumes"].as_array().unwrap();
    let placed: usize = volumes.iter().map(|volume| volume["items"].as_array().unwrap().len()).sum();
    let left_out = arranged["left_out"].as_array().unwrap().len();
    assert_eq!(placed + left_out, usize::try_from(count("items_accepted")).unwrap());

    let numbered = desk.at_repository(&["number", "--json"]).document();
    let ready = numbered["volumes"].as_array().unwrap().iter().filter(|volume| volume["code"].is_string());
    let years: std::collections::BTreeSet<u64> =
        ready.map(|volume| volume["year"].as_u64().unwrap()).collect();
    assert!(!years.is_empty(), "nothing could be numbered");

    let printed =
        desk.at_repository(&["catalogue", "--own-font", "--out", "catalogues", "--json"]).document();
    assert!(
        printed["files"].as_array().unwrap().iter().all(|file| desk.path(file.as_str().unwrap()).is_file())
    );
    let indexed = desk.at_repository(&["index", "--json"]).document();
    assert_eq!(indexed["items"], count("items_accepted"));
    let found = desk.json(&["search", "政府性融资担保基金"], 0);
    let title = "国务院办公厅关于有效发挥政府性融资担保基金作用切实支持小微企业和“三农”发展的指导意见";
    assert!(found["hits"].as_array().unwrap().iter().any(|hit| hit["title"] == title), "{found}");

    for year in years {
        let year = year.to_string();
        let built =
            desk.at_repository(&["transfer", "build", "--year", &year, "--out", "packages", "--json"]);
        for package in built.document()["packages"].as_array().unwrap() {
            let path = package["path"].as_str().unwrap();
            desk.run(["transfer", "verify", path]).expect_status(0);
        }
    }
    assert!(desk.path("packages").is_dir(), "nothing could be packed");
}
