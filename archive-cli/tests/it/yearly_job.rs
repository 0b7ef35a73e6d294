//! A year's work, typed by hand: what each command says at its end, and that it holds together.

use std::fs;

use crate::desk::{BUREAU, Desk, county};

/// The whole job in one transcript: what a person sees as the last line of each command.
#[test]
fn a_year_from_the_register_to_the_receipt() {
    let desk = Desk::new();
    fs::copy(county("register.xlsx"), desk.path("register.xlsx")).unwrap();
    fs::rename(desk.path("register.xlsx"), desk.path("2004年登记表.xlsx")).unwrap();
    let scans = county("scans");
    let scans = scans.to_str().unwrap();
    let mut transcript = String::new();
    let mut type_in = |typed: &str, status: i32| {
        let words = typed.split(' ').map(|word| if word == "SCANS" { scans } else { word });
        let ran = desk.run(words).expect_status(status);
        let said = ran.summary();
        // The time a search took is no matter of this test.
        let said = said.split("；用时").next().unwrap();
        transcript.extend(["$ archive ", typed, "\n", said, "\n"]);
    };
    type_in("init repository --institution 临溪县人民政府办公室 --fonds J019", 0);
    type_in("import 2004年登记表.xlsx --scans SCANS -R repository", 1);
    type_in("import 2004年登记表.xlsx --scans SCANS --accept-valid -R repository", 1);
    type_in("arrange -R repository", 1);
    type_in("check -R repository", 1);
    type_in("number -R repository", 1);
    type_in("catalogue --own-font --out catalogues -R repository", 1);
    type_in("index -R repository", 1);
    type_in("search 抗洪抢险 -R repository", 0);
    type_in("search 查无此事 -R repository", 1);
    type_in("transfer build --year 2004 --out packages --archives 临溪县档案馆 -R repository", 1);
    type_in("transfer verify packages/J019-2004", 0);
    type_in("init bureau --institution 临溪县档案馆 --fonds 000", 0);
    type_in("transfer receive packages/J019-2004 -R bureau", 0);
    type_in("transfer receipt packages/J019-2004 -R repository", 0);
    type_in("transfer receipt packages/J019-2004 -R repository", 0);
    type_in("fixity -R repository", 0);
    type_in("fixity -R bureau", 0);

    insta::assert_snapshot!(transcript, @r"
    $ archive init repository --institution 临溪县人民政府办公室 --fonds J019
    下一步：archive import 登记表.xlsx --scans 扫描件文件夹
    $ archive import 2004年登记表.xlsx --scans SCANS -R repository
    没有导入：第 275 行不合格。改正后再导入，或加 --accept-valid 先收下合格的行
    $ archive import 2004年登记表.xlsx --scans SCANS --accept-valid -R repository
    已导入 300 件，存入文件 89 个（8.6 MB）；退回第 275 行，见 2004年登记表.退回.xlsx
    $ archive arrange -R repository
    299 件组成 60 卷；关联 46 条登记的、42 条推定的；未入卷 1 件
    $ archive check -R repository
    错误 9 项，警告 58 项，提示 0 项
    $ archive number -R repository
    54 卷已编号；6 卷有错误，待改正后再编（或用 --accept-faults 写明理由放行）
    $ archive catalogue --own-font --out catalogues -R repository
    54 卷，打印 48 个文件，458 页；6 卷未编号，没有打印
    $ archive index -R repository
    索引中共 299 件；本次读入 299 件，有文字 49 页；另有 83 页是图像，须识别后才能检索全文
    $ archive search 抗洪抢险 -R repository
    共 7 处，6 件
    $ archive search 查无此事 -R repository
    没有找到
    $ archive transfer build --year 2004 --out packages --archives 临溪县档案馆 -R repository
    移交包 packages/J019-2004：44 卷 225 件，文件 60 个（5.9 MB），全包 7.6 MB；167 件只有纸质
    $ archive transfer verify packages/J019-2004
    合格：205 个文件，7.6 MB
    $ archive init bureau --institution 临溪县档案馆 --fonds 000
    下一步：archive import 登记表.xlsx --scans 扫描件文件夹
    $ archive transfer receive packages/J019-2004 -R bureau
    已接收，接收号 2005-0001：44 卷 225 件，文件 60 个；回执 packages/J019-2004.回执.pdf
    $ archive transfer receipt packages/J019-2004 -R repository
    J019-2004 已由临溪县档案馆接收（接收号 2005-0001）；这些案卷的编号从此不再改动
    $ archive transfer receipt packages/J019-2004 -R repository
    J019-2004 已由临溪县档案馆接收（接收号 2005-0001）；这些案卷的编号从此不再改动
    $ archive fixity -R repository
    核对 85 个对象、89 个文件（8.7 MB），问题 0 处
    $ archive fixity -R bureau
    核对 58 个对象、60 个文件（6.0 MB），问题 0 处
    ");

    // A package comes in once.
    let again = desk.run(["transfer", "receive", "packages/J019-2004", "-R", "bureau"]).expect_status(2);
    assert!(
        again.stderr.contains("移交包 J019-2004 已于") && again.stderr.contains("接收号 2005-0001"),
        "{}",
        again.stderr
    );
    // The chains of evidence of both sides are whole, and name who did it.
    for repository in ["repository", "bureau"] {
        desk.run(["audit", "verify", "-R", repository]).expect_status(0);
        let log = desk.run(["audit", "log", "-R", repository, "--json"]).expect_status(0).document();
        let entries = log["entries"].as_array().unwrap();
        assert!(
            entries
                .iter()
                .all(|entry| entry["who"] == "陈文书" && entry["time"] == "2005-04-18T00:00:00+00:00")
        );
    }
    assert!(desk.path("packages/J019-2004.回执.html").is_file(), "{BUREAU} answers on paper too");
}

/// Printing again on the same day gives the same bytes, and only what was asked for is written.
#[test]
fn the_catalogues_are_what_was_asked_for() {
    let desk = Desk::with_the_year();
    let words =
        ["catalogue", "--own-font", "--what", "volumes", "--format", "csv,html,pdf", "--year", "2004"];
    for out in ["one", "two"] {
        desk.run(words.into_iter().chain(["--out", out, "-R", "repository"])).expect_status(0);
    }
    let (one, two) = (crate::desk::tree(&desk.path("one")), crate::desk::tree(&desk.path("two")));
    assert_eq!(crate::desk::differing(&one, &two), Vec::<std::path::PathBuf>::new());
    let names: Vec<&str> = one.keys().map(|path| path.to_str().unwrap()).collect();
    let kinds: std::collections::BTreeSet<&str> =
        names.iter().map(|name| name.rsplit('.').next().unwrap()).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["csv", "html", "pdf"]);
    let pdf = one.iter().find(|(name, _)| name.extension().is_some_and(|kind| kind == "pdf")).unwrap().1;
    assert!(pdf.as_ref().unwrap().starts_with(b"%PDF-"));
}

/// The same register as a GB18030 file gives the same volumes, in the same order, for the same reasons.
#[test]
fn a_gb18030_register_gives_the_arrangement_of_the_workbook() {
    let arranged = ["register.xlsx", "register.csv"].map(|name| {
        let desk = Desk::with_repository();
        fs::copy(county(name), desk.path(name)).unwrap();
        let imported = desk.json(&["import", name, "--accept-valid"], 1);
        let arranged = desk.json(&["arrange"], 1);
        (imported["items_accepted"].clone(), arranged)
    });
    let [(xlsx_items, xlsx), (csv_items, csv)] = arranged;
    assert_eq!(xlsx_items, csv_items);
    assert!(xlsx["volumes"].as_array().unwrap().len() > 40);
    assert_eq!(xlsx["volumes"], csv["volumes"]);
    assert_eq!(xlsx["left_out"], csv["left_out"]);
}

/// The repository is found from any folder inside it.
#[test]
fn a_command_finds_the_repository_it_is_in() {
    let desk = Desk::with_the_year();
    let inside = desk.path("repository/objects");
    let here = desk.told(desk.command(["check", "--json"]).current_dir(inside).output().unwrap());
    let named = desk.at_repository(&["check", "--json"]);
    assert_eq!(here.expect_status(1).stdout, named.expect_status(1).stdout);
}
