//! S1 and S2 by what is on disk: after the whole job, no byte of a classified paper is anywhere.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::desk::{BUREAU, Desk};

/// Words that stand in the classified rows and their scans, and nowhere else.
const SECRETS: [&str; 5] = ["玄凤计划", "zyxwv机要", "朱雀演练", "白泽档案", "青鸾会议"];

/// How a word may be written down: UTF-8, both orders of UTF-16, GB18030.
fn spellings(word: &str) -> Vec<Vec<u8>> {
    let utf16 = |order: fn(u16) -> [u8; 2]| word.encode_utf16().flat_map(order).collect();
    let gb18030 = encoding_rs::GB18030.encode(word).0.into_owned();
    vec![word.as_bytes().to_vec(), utf16(u16::to_le_bytes), utf16(u16::to_be_bytes), gb18030]
}

/// Every file below a folder that holds one of the words, and the word.
fn holding(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            for word in SECRETS {
                let holds =
                    |spelling: &Vec<u8>| bytes.windows(spelling.len()).any(|window| window == spelling);
                if spellings(word).iter().any(holds) {
                    found.push(format!("{}: {word}", path.display()));
                }
            }
        }
    }
    found
}

#[test]
fn nothing_of_a_classified_paper_reaches_the_disk() {
    let desk = Desk::with_repository();
    // What is searched is everything but the register and the scans the office has: they lie elsewhere.
    let office = Desk::new();
    let register = office.path("register.csv");
    fs::write(
        &register,
        "序号,文号,责任者,题名,日期,页数,密级,保管期限,问题,扫描件,关联序号,关联关系,备注\n\
         1,临密发〔2004〕1号,临溪县人民政府,关于玄凤计划的通知,2004-03-01,2,机密,永久,朱雀演练,secret.txt,3,附件,白泽档案，原件存机要室\n\
         2,,县委,机密★10年 青鸾会议纪要,2004-03-02,2,,永久,,secret.txt,,,\n\
         3,临政〔2004〕3号,临溪县人民政府,关于防汛工作的通知,2004-05-08,1,,永久,防汛,open.txt,,,\n\
         4,,临溪县人民政府,关于玄凤计划的函,2004-05-08,1,密,永久,防汛,secret.txt,,,\n",
    )
    .unwrap();
    fs::create_dir(office.path("scans")).unwrap();
    fs::write(office.path("scans/open.txt"), "关于防汛工作的通知\n各乡镇人民政府：\n").unwrap();
    fs::write(office.path("scans/secret.txt"), "机密★10年\nzyxwv机要 白泽档案\n").unwrap();
    let scans = office.path("scans");
    let (register, scans) = (register.to_str().unwrap(), scans.to_str().unwrap());

    let temporary = desk.path("tmp");
    fs::create_dir(&temporary).unwrap();
    let mut said = String::new();
    for words in [
        &["check", register][..],
        &["check", register, "--format", "csv"],
        &["import", register, "--scans", scans],
        &["import", register, "--scans", scans, "--accept-valid"],
        &["arrange", "--plan", "plan.xlsx"],
        &["number", "--accept-faults", "试验"],
        &["check"],
        &["catalogue", "--own-font", "--out", "catalogues"],
        &["index"],
        &["search", "玄凤", "--as", "staff"],
        &["transfer", "build", "--year", "2004", "--out", "packages", "--archives", BUREAU],
    ] {
        let ran = desk
            .command(words.iter().copied().chain(["-R", "repository"]))
            .env("TMPDIR", &temporary)
            .output();
        let ran = desk.told(ran.unwrap());
        assert!([0, 1].contains(&ran.status), "{words:?}: {}", ran.stderr);
        if words[0] != "search" {
            said.push_str(&ran.stdout);
            said.push_str(&ran.stderr);
        }
    }
    for word in SECRETS {
        assert!(!said.contains(word), "{word} was said:\n{said}");
    }
    assert_eq!(holding(&desk.path(".")), Vec::<String>::new());
    // The refused rows are given back beside the register, without what mustn't be written down again.
    fs::remove_file(register).unwrap();
    fs::remove_dir_all(scans).unwrap();
    assert_eq!(holding(&office.path(".")), Vec::<String>::new());
}

/// S2: a page marked in its corner isn't found, though its title is registered as open; the word in a sentence is nothing.
#[test]
fn a_marked_page_is_reported_and_not_found() {
    let desk = Desk::with_repository();
    fs::create_dir(desk.path("scans")).unwrap();
    let marks = ["机密*10年", "№000017　机密★1年", "秘 密", "绝密▲", "密级：秘密", "机密食5年"];
    let mut rows = "序号,文号,责任者,题名,日期,页数,扫描件\n".to_owned();
    for (at, mark) in marks.iter().enumerate() {
        writeln!(rows, "{0},,临溪县人民政府,关于第{0}项工作的通知,2004-05-08,1,{0}.txt", at + 1).unwrap();
        let page = format!("{mark}\n临溪县人民政府文件\n关于工作的通知\n禁止检索的正文\n");
        fs::write(desk.path(&format!("scans/{}.txt", at + 1)), page).unwrap();
    }
    rows += "20,,临溪县人民政府,关于保密检查的通知,2004-05-08,1,20.txt\n";
    fs::write(
        desk.path("scans/20.txt"),
        "关于保密检查的通知\n各单位要保守国家秘密，机密文件不得外借。\n可以检索的正文\n",
    )
    .unwrap();
    fs::write(desk.path("register.csv"), rows).unwrap();
    desk.at_repository(&["import", "register.csv", "--scans", "scans"]).expect_status(0);
    let indexed = desk.json(&["index"], 1);
    let marked =
        indexed["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == "S2").count();
    assert_eq!(marked, marks.len(), "{indexed}");
    let checked = desk.json(&["check"], 1);
    let items: Vec<&str> = checked["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["rule"] == "S2")
        .map(|finding| finding["where"]["item"].as_str().unwrap())
        .collect();
    assert_eq!(items, ["1", "2", "3", "4", "5", "6"]);
    desk.at_repository(&["search", "禁止检索"]).expect_status(1);
    desk.at_repository(&["search", "可以检索"]).expect_status(0);
}
