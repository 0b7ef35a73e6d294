//! The difference between two proposals is shown before anything is changed, to people and to programs.

use crate::desk::Desk;

const FIRST: &str = "序号,文号,责任者,题名,日期,页数,问题,保管期限\n\
    1,临政办〔2004〕3号,临溪县人民政府办公室,关于做好春耕工作的通知,2004-02-20,2,春耕,长期\n\
    2,临政办〔2004〕9号,临溪县人民政府办公室,关于春耕进度的通报,2004-03-20,2,春耕,长期\n";
const LATER: &str = "序号,文号,责任者,题名,日期,页数,问题,保管期限\n\
    3,临政办〔2004〕6号,临溪县人民政府办公室,关于春耕用种的通知,2004-03-01,2,春耕,长期\n\
    4,临政办〔2004〕20号,临溪县人民政府办公室,关于做好防汛工作的通知,2004-05-20,2,防汛,永久\n";

#[test]
fn a_dry_run_tells_what_would_change_and_changes_nothing() {
    let desk = Desk::with_repository();
    std::fs::write(desk.path("first.csv"), FIRST).unwrap();
    desk.at_repository(&["import", "first.csv"]);
    let first = desk.at_repository(&["arrange"]);
    assert!(!first.stdout.contains("已存的方案"), "nothing was kept before: {}", first.stdout);
    let same = desk.run(["arrange", "--dry-run", "--json", "-R", "repository"]).document();
    assert_eq!(same["changes"].as_array().unwrap().len(), 0, "{}", same["changes"]);

    std::fs::write(desk.path("later.csv"), LATER).unwrap();
    desk.at_repository(&["import", "later.csv"]);
    let told = desk.run(["arrange", "--dry-run", "--json", "-R", "repository"]).document();
    let kinds: Vec<(&str, Option<&str>)> = told["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| (change["kind"].as_str().unwrap(), change["row"].as_str()))
        .collect();
    assert!(kinds.contains(&("new-volume", None)), "{kinds:?}");
    assert!(kinds.contains(&("added", Some("3"))) && kinds.contains(&("added", Some("4"))), "{kinds:?}");
    let people = desk.at_repository(&["arrange", "--dry-run"]);
    assert!(people.stdout.contains("与已存的方案相比"), "{}", people.stdout);
    assert!(people.stdout.contains("序号 3 加入"), "{}", people.stdout);
    assert!(!people.stdout.contains("序号 4 加入"), "the new volume says it: {}", people.stdout);
    let english = desk.run(["arrange", "--dry-run", "--lang", "en", "-R", "repository"]);
    assert!(english.stdout.contains("row 3 was added to"), "{}", english.stdout);

    // Nothing was saved: the same differences are there again, and gone once it is run in earnest.
    let again = desk.run(["arrange", "--dry-run", "--json", "-R", "repository"]).document();
    assert_eq!(again["changes"], told["changes"]);
    desk.at_repository(&["arrange"]);
    let after = desk.run(["arrange", "--dry-run", "--json", "-R", "repository"]).document();
    assert_eq!(after["changes"].as_array().unwrap().len(), 0, "{}", after["changes"]);
}

#[test]
fn why_an_item_is_where_it_is_is_told_to_programs_too() {
    let desk = Desk::with_repository();
    std::fs::write(desk.path("first.csv"), FIRST).unwrap();
    desk.at_repository(&["import", "first.csv"]);
    desk.at_repository(&["arrange"]);
    let told =
        desk.run(["arrange", "--explain", "2", "--json", "-R", "repository"]).expect_status(0).document();
    let one = &told["explained"][0];
    assert_eq!((one["row"].as_str(), one["place"].as_u64()), (Some("2"), Some(2)));
    let rules: Vec<&str> =
        one["why"].as_array().unwrap().iter().map(|why| why["rule"].as_str().unwrap()).collect();
    for rule in ["V1", "V2", "V4", "O6"] {
        assert!(rules.contains(&rule), "{rule} is not among {rules:?}");
    }
}
