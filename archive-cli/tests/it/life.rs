//! The life of records after the catalogue, typed as an office would: people, opening, loans, the reading room.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::desk::{Desk, differing, printed, tree};

/// A day on which everything of 2004 is of age.
const LATER: &str = "2035-06-01";

fn run(desk: &Desk, words: &[&str], by: &str, status: i32) -> String {
    let ran = desk.run(words.iter().copied().chain(["-R", "repository", "--operator", by, "--today", LATER]));
    ran.expect_status(status).stdout
}

fn json(desk: &Desk, words: &[&str], by: &str, status: i32) -> Value {
    let more = ["-R", "repository", "--operator", by, "--today", LATER, "--json"];
    desk.run(words.iter().copied().chain(more)).expect_status(status).document()
}

/// What a printed form says.
fn said(desk: &Desk, form: &str) -> String {
    printed(&fs::read(desk.path(form)).unwrap())
}

/// Four people: an archivist, a reviewer, the director, a clerk.
fn staffed(desk: &Desk) {
    for (name, roles) in [
        ("王主任", &["director"][..]),
        ("陈文书", &["archivist"]),
        ("李审核", &["reviewer"]),
        ("赵阅览", &["clerk"]),
    ] {
        let mut words = vec!["people", "add", name];
        for role in roles {
            words.extend(["--role", role]);
        }
        run(desk, &words, "王主任", 0);
    }
}

fn refused(document: &Value, rule: &str) {
    assert_eq!(document["error"]["kind"], "refused", "{document:#}");
    assert_eq!(document["error"]["rule"], rule, "{document:#}");
}

/// Codes and titles of what is due, those with nothing against them first.
fn due(desk: &Desk) -> Vec<(String, String)> {
    let document = json(desk, &["opening", "due"], "陈文书", 0);
    assert_eq!(document["text_read"], true);
    let mut all: Vec<_> = document["records"].as_array().unwrap().clone();
    all.sort_by_key(|one| one["cautions"].as_array().unwrap().len());
    let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    all.iter().map(|one| (text(one, "code"), text(one, "title"))).collect()
}

#[test]
fn an_office_opens_lends_and_serves_by_its_rules() {
    let desk = Desk::with_the_year();
    staffed(&desk);
    // Who isn't registered no longer works here.
    let stranger = json(&desk, &["opening", "open", "1"], "路人", 2);
    assert_eq!(stranger["error"]["kind"], "usage");

    // Opening: an opinion, then a decision by another; the public finds it after, and not before.
    let records = due(&desk);
    assert!(records.len() > 200, "{}", records.len());
    let (code, title) = records.iter().find(|(code, _)| code.starts_with("J019-2004-")).unwrap();
    let words: Vec<&str> = vec!["search", title, "--as", "public"];
    run(&desk, &words, "赵阅览", 1);
    refused(&json(&desk, &["opening", "open", code], "李审核", 2), "U1");
    let opinion = ["opening", "review", code, "--opinion", "open", "--reason", "已到期"];
    refused(&json(&desk, &opinion, "赵阅览", 2), "U1");
    run(&desk, &opinion, "陈文书", 0);
    refused(&json(&desk, &["opening", "open", code], "陈文书", 2), "U1");
    let dry = json(&desk, &["opening", "open", code, "--dry-run"], "李审核", 0);
    assert_eq!(dry["dry_run"], true);
    run(&desk, &words, "赵阅览", 1);
    let opened = json(&desk, &["opening", "open", code], "李审核", 0);
    assert_eq!(opened["index_refreshed"], true);
    let found = json(&desk, &words, "赵阅览", 0);
    assert_eq!(found["hits"][0]["code"], code.as_str());
    run(&desk, &["opening", "publish", "--out", "open"], "赵阅览", 0);
    let published = fs::read_to_string(desk.path("open/开放档案目录.csv")).unwrap();
    assert!(published.contains(title.as_str()) && published.lines().count() == 2, "{published}");
    // What is closed again is gone at once.
    refused(&json(&desk, &["opening", "postpone", code, "--reason", "涉及个人"], "李审核", 2), "U2");
    run(&desk, &["opening", "close", code, "--reason", "涉及个人"], "李审核", 0);
    run(&desk, &words, "赵阅览", 1);

    // Loans.
    let volume = "J019-2004-001";
    let lend =
        ["loan", "lend", volume, "--to", "张三", "--unit", "水利局", "--sheets", "42", "--approved-by"];
    let with = |by: &'static str| lend.iter().copied().chain([by]).collect::<Vec<_>>();
    refused(&json(&desk, &with("陈文书"), "陈文书", 2), "U8");
    run(&desk, &with("王主任"), "陈文书", 0);
    refused(&json(&desk, &with("王主任"), "陈文书", 2), "U8");
    let packed = json(&desk, &["transfer", "build", "--year", "2004", "--out", "packages2"], "陈文书", 1);
    let stays = |finding: &Value| finding["rule"] == "U8" && finding["where"]["volume"] == volume;
    assert!(packed["findings"].as_array().unwrap().iter().any(stays), "{packed:#}");
    let overdue = desk.json(&["loan", "overdue", "--today", "2035-06-20"], 0);
    assert_eq!(overdue["loans"][0]["days_overdue"], 5);
    let letters =
        desk.json(&["loan", "recall", "--today", "2035-06-20", "--out", "letters", "--own-font"], 0);
    assert_eq!(letters["letters"], 1);
    insta::assert_snapshot!("催还档案通知书", said(&desk, "letters/催还档案通知书.pdf"));
    desk.json(&["loan", "list", "--today", "2035-06-20", "--out", "lent", "--own-font"], 0);
    insta::assert_snapshot!("档案借阅登记簿", said(&desk, "lent/档案借阅登记簿.pdf"));
    refused(&json(&desk, &["loan", "clear", "张三"], "陈文书", 2), "S5");
    refused(&json(&desk, &["loan", "return", volume, "--sheets", "41"], "赵阅览", 2), "U8");
    run(&desk, &["loan", "return", volume, "--sheets", "41", "--damage", "缺第 7 张"], "赵阅览", 0);
    run(&desk, &["loan", "clear", "张三"], "陈文书", 0);

    // The reading room.
    let reader = ["use", "reader", "孙六", "--kind", "citizen"];
    refused(&json(&desk, &reader, "赵阅览", 2), "U4");
    let shown: Vec<&str> =
        reader.iter().copied().chain(["--paper", "identity-card=440106198001010016"]).collect();
    let no = json(&desk, &shown, "赵阅览", 0)["reader"]["no"].as_str().unwrap().to_owned();
    assert_eq!(no, "2035-0001");
    let listed = run(&desk, &["use", "list", "readers"], "赵阅览", 0);
    assert!(listed.contains("4401************16"), "{listed}");
    let decided = json(&desk, &["use", "decide", code, "--reader", &no, "--explain"], "赵阅览", 1);
    assert_eq!(decided["decisions"][0]["rule"], "U5");
    let register = ["use", "register", code, "--reader", &no, "--purpose", "修志", "--action", "copy"];
    refused(&json(&desk, &register, "赵阅览", 2), "U5");
    let approved: Vec<&str> = register.iter().copied().chain(["--approved-by", "王主任"]).collect();
    let one = json(&desk, &approved, "赵阅览", 0)["use"]["no"].as_str().unwrap().to_owned();
    let copy = ["use", "copy", &one, code, "--pages", "1-2", "--copies", "2", "--checked-by"];
    let by = |who: &'static str| {
        copy.iter().copied().chain([who, "--out", "slips", "--own-font"]).collect::<Vec<_>>()
    };
    refused(&json(&desk, &by("赵阅览"), "赵阅览", 2), "U7");
    let slip = json(&desk, &by("陈文书"), "赵阅览", 0);
    assert_eq!(slip["slip"]["fee"]["cents"], 200);
    assert!(slip["source"].as_str().unwrap().contains(code.as_str()));
    refused(&json(&desk, &["use", "fee", &one, "--paid", "3.00"], "赵阅览", 2), "U7");
    assert_eq!(json(&desk, &["use", "fee", &one, "--paid", "2.00"], "赵阅览", 0)["owed_cents"], 0);
    run(&desk, &["use", "feedback", &one, "查清了水库的兴建年份"], "赵阅览", 0);
    run(&desk, &["use", "form", &one, "--out", "forms", "--own-font"], "赵阅览", 0);
    let mut forms: Vec<PathBuf> = desk.tree().into_keys().filter(|path| path.starts_with("forms")).collect();
    forms.retain(|path| path.extension().is_some_and(|end| end == "pdf"));
    assert_eq!(forms.len(), 2, "the form, and the slip: {forms:?}");
    for form in forms {
        let form = form.to_str().unwrap();
        insta::assert_snapshot!(form.to_owned(), said(&desk, form));
    }

    // Everything is in the chain, with who, why and the values before and after.
    let log = desk.json(&["audit", "log"], 0);
    let entries = log["entries"].as_array().unwrap();
    let last = |act: &str| entries.iter().rfind(|entry| entry["act"] == act).unwrap();
    let decision = last("opening-decision");
    assert_eq!(decision["who"], "李审核");
    assert_eq!(decision["detail"]["reason"], "涉及个人");
    assert_eq!(decision["detail"]["before"]["state"], "开放");
    assert_eq!(decision["detail"]["after"]["state"], "控制");
    assert_eq!(last("loan-return")["detail"]["before"]["returned"], Value::Null);
    desk.json(&["audit", "verify"], 0);
    let found = desk.json(&["check"], 1);
    let mut rules: Vec<&str> =
        found["findings"].as_array().unwrap().iter().map(|one| one["rule"].as_str().unwrap()).collect();
    rules.retain(|rule| ["U1", "U4", "U5", "U6", "U8", "S3", "S4", "S5"].contains(rule));
    assert!(rules.is_empty(), "what was done by the rules breaks none: {rules:?}");
}

#[test]
fn a_list_that_was_filled_in_is_taken_whole_or_not_at_all() {
    let desk = Desk::with_the_year();
    let records = due(&desk);
    let line = |(code, title): &(String, String), said: &str| format!("{code},{title},{said}\n");
    let head = "档号,题名,意见,理由,下次审核\n";
    let good = format!(
        "{head}{}{}{}",
        line(&records[0], "开放,已到期,"),
        line(&records[1], "延期开放,涉及第三人,2040-01-01"),
        line(&records[2], ",,"),
    );
    fs::write(desk.path("审核.csv"), &good).unwrap();
    fs::write(desk.path("错.csv"), good.replace("延期开放", "再议")).unwrap();
    let before = tree(&desk.path("repository"));
    let wrong = json(&desk, &["opening", "review", "--from", "错.csv"], "王芳", 3);
    assert!(wrong["error"]["message"].as_str().unwrap().contains("第 3 行"), "{wrong:#}");
    assert!(differing(&before, &tree(&desk.path("repository"))).is_empty());
    let given = json(&desk, &["opening", "review", "--from", "审核.csv"], "王芳", 0);
    assert_eq!(given["records"].as_array().unwrap().len(), 2, "the empty line is left for later");
    // The same list serves the decisions: each takes the lines of its own kind.
    let alone = json(&desk, &["opening", "open", "--from", "审核.csv"], "王芳", 2);
    refused(&alone, "U1");
    assert_eq!(
        json(&desk, &["opening", "open", "--from", "审核.csv"], "李明", 0)["records"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    run(&desk, &["opening", "postpone", "--from", "审核.csv"], "李明", 0);
    let list = json(&desk, &["opening", "list"], "李明", 0);
    let states: BTreeMap<String, u64> = list["counts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["state"].as_str().unwrap().to_owned(), one["records"].as_u64().unwrap()))
        .collect();
    assert_eq!((states["开放"], states["延期开放"], states["控制"]), (1, 1, 0));
    // Loans from a list, one wrong line: none is lent.
    fs::write(
        desk.path("借.csv"),
        "档号,借阅人,批准人,张数\nJ019-2004-001,张三,王主任,10\nJ019-2004-999,张三,王主任,10\n",
    )
    .unwrap();
    json(&desk, &["loan", "lend", "--from", "借.csv"], "王芳", 2);
    assert_eq!(desk.json(&["loan", "list"], 0)["loans"].as_array().unwrap().len(), 0);
}

/// A register of the sixties: what is opened in it, and around it what isn't.
fn register(closed: bool) -> String {
    let mut text = String::from("序号,文号,责任者,题名,日期,页数\n");
    if closed {
        text.push_str("91,平政〔1961〕1号,平溪县人民委员会,关于李某离婚一案的批复,1961-01-02,3\n");
    }
    text.push_str("1,平政〔1962〕7号,平溪县人民委员会,关于兴修水利的通知,1962-03-04,2\n");
    if closed {
        text.push_str("92,平政〔1962〕8号,平溪县人民委员会,关于王某处分的决定,1962-03-05,9\n");
    }
    text.push_str("2,平政〔1962〕9号,平溪县人民委员会,关于春耕生产的通知,1962-03-06,4\n");
    text
}

fn published(closed: bool) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let desk = Desk::with_repository();
    fs::write(desk.path("register.csv"), register(closed)).unwrap();
    desk.at_repository(&["import", "register.csv"]);
    desk.at_repository(&["index"]);
    for row in ["1", "2"] {
        let words = ["opening", "review", row, "--opinion", "open", "--reason", "已满三十年"];
        desk.run(words.iter().copied().chain(["-R", "repository", "--operator", "王芳"])).expect_status(0);
        desk.run(["opening", "open", row, "-R", "repository", "--operator", "李明"]).expect_status(0);
    }
    if closed {
        let words = ["opening", "close", "91", "92", "--reason", "涉及个人隐私"];
        desk.at_repository(&words).expect_status(0);
    }
    let formats = ["--format", "pdf,html,csv,xlsx", "--own-font", "--out", "open"];
    desk.run(["opening", "publish", "-R", "repository"].into_iter().chain(formats)).expect_status(0);
    let search = desk.json(&["search", "平政", "--as", "public"], 0);
    assert_eq!(search["hits"].as_array().unwrap().len(), 2);
    tree(&desk.path("open"))
}

#[test]
fn two_repositories_that_differ_in_what_is_closed_publish_the_same_bytes() {
    let (with, without) = (published(true), published(false));
    assert_eq!(with.len(), 4);
    let catalogue = with[Path::new("开放档案目录.pdf")].as_ref().unwrap();
    insta::assert_snapshot!("开放档案目录", printed(catalogue));
    assert!(differing(&with, &without).is_empty(), "{:?}", differing(&with, &without));
    for (name, bytes) in &with {
        let bytes = bytes.as_ref().unwrap();
        assert!(!bytes.windows(9).any(|window| window == "离婚一".as_bytes()), "{}", name.display());
    }
    assert!(with.contains_key(Path::new("开放档案目录.html")));
}
