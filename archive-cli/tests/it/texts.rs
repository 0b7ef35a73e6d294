//! Files told and read, searches saved and written down, what was read kept: as a person types it.

use std::fs;

use calamine::{Reader, open_workbook_auto};

use crate::desk::{Desk, county};

const ALTO: &str = r#"<?xml version="1.0"?><alto><Description><softwareName>某识别软件</softwareName></Description><Layout>
<Page WIDTH="1000" HEIGHT="1000"><TextLine HPOS="100" VPOS="200" WIDTH="600" HEIGHT="40"><String CONTENT="龙潭水库"/>
<String CONTENT="除险加固"/></TextLine></Page></Layout></alto>"#;

#[test]
fn files_are_told_by_their_content_and_what_is_wrong_with_them() {
    let desk = Desk::new();
    fs::copy(county("scans/安全生产/责任制规定.tif"), desk.path("通知.pdf")).unwrap();
    fs::write(desk.path("空.txt"), "").unwrap();
    fs::write(desk.path("说明.txt"), "各乡镇人民政府").unwrap();
    let told = desk.run(["identify", "通知.pdf", "空.txt", "说明.txt", "--json"]).expect_status(0).document();
    assert_eq!(told["files"][0]["family"], "tiff");
    assert_eq!(told["files"][2]["encoding"], "UTF-8");
    let messages: Vec<&str> =
        told["findings"].as_array().unwrap().iter().map(|one| one["message"].as_str().unwrap()).collect();
    assert_eq!(messages, ["文件是空的", "文件名与内容不符：内容是 TIFF"]);
    let said = desk.run(["identify", "通知.pdf", "空.txt"]).expect_status(0).stdout;
    assert!(said.contains("TIFF") && said.contains("fmt/353") && said.contains("文件名与内容不符"), "{said}");
    desk.run(["identify", "没有.pdf"]).expect_status(3);
}

#[test]
fn the_text_of_a_file_is_shown_with_its_origin_and_engines_say_how_they_are_had() {
    let desk = Desk::new();
    fs::write(desk.path("p1.xml"), ALTO).unwrap();
    let said = desk.run(["text", "p1.xml"]).expect_status(0).stdout;
    assert!(said.contains("某识别软件 的识别文件") && said.contains("龙潭水库除险加固"), "{said}");
    let told = desk.run(["engines", "--json"]).expect_status(0).document();
    let usable: Vec<bool> = told["engines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|engine| engine["usable"].as_bool().unwrap())
        .collect();
    assert_eq!(usable, [false, false]);
    fs::write(desk.path("other.whl"), "no package").unwrap();
    let refused = desk.run(["engines", "--add", "other.whl"]).expect_status(3);
    assert!(refused.stderr.contains("rapidocr"), "{}", refused.stderr);
    desk.run(["text", "p1.xml", "--engine", "ppocr"]).expect_status(3);
}

#[test]
fn a_search_is_saved_asked_again_and_written_down_and_its_words_are_placed() {
    let desk = Desk::with_repository();
    fs::create_dir(desk.path("scans")).unwrap();
    fs::copy(county("scans/安全生产/责任制规定.tif"), desk.path("scans/p1.tif")).unwrap();
    fs::write(desk.path("scans/p1.xml"), ALTO).unwrap();
    fs::write(
        desk.path("register.csv"),
        "序号,题名,日期,责任者,扫描件,页数\n1,关于龙潭水库管理范围的批复,2004-05-16,临溪县人民政府,p1.tif;p1.xml,1\n\
         2,关于龙潭水库防汛物资的通知,2004-06-16,临溪县人民政府,,1\n",
    )
    .unwrap();
    desk.at_repository(&["import", "register.csv", "--scans", "scans"]);
    desk.at_repository(&["index"]);
    // What was read lies in text/, and an index is made from it alone.
    assert!(desk.path("repository/text").is_dir());
    desk.at_repository(&["index", "--rebuild"]);
    assert!(!desk.path("repository/index.new").exists() && !desk.path("repository/index.old").exists());

    let found = desk.json(&["search", "除险加固", "--places"], 0);
    assert_eq!(found["total"], 1);
    let place = &found["hits"][0]["places"][0];
    assert!((place["left"].as_f64().unwrap() - 0.4).abs() < 0.01, "{place}");
    assert_eq!(found["hits"][0]["page"], 1);

    let near = desk.json(&["search", "龙谭水库除险"], 0);
    assert_eq!((near["total"].as_u64(), near["near"].as_array().map(Vec::len)), (Some(0), Some(1)));
    desk.at_repository(&["search", "龙谭水库除险", "--exact"]).expect_status(1);

    let facets = desk.json(&["search", "龙潭水库", "--facets"], 0);
    assert_eq!(facets["facets"]["year"]["2004"], 2);
    let suggested = desk.json(&["search", "龙潭", "--suggest"], 0);
    assert_eq!(suggested["suggestions"][0]["text"], "龙潭水库管理范围");

    desk.at_repository(&["search", "龙潭水库", "--date", "2004-06", "--save", "六月"]).expect_status(0);
    let listed = desk.at_repository(&["search", "--list-saved"]).expect_status(0).stdout;
    assert!(listed.contains("六月") && listed.contains("--date 2004-06"), "{listed}");
    assert_eq!(desk.json(&["search", "--saved", "六月"], 0)["total"], 1);
    desk.at_repository(&["search", "--saved", "七月"]).expect_status(2);
    desk.at_repository(&["search", "--forget", "六月"]).expect_status(0);
    desk.at_repository(&["search", "--saved", "六月"]).expect_status(2);

    desk.at_repository(&["search", "龙潭水库", "--out", "hits.xlsx"]).expect_status(0);
    let mut book = open_workbook_auto(desk.path("hits.xlsx")).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let text: String = sheet.used_cells().map(|(_, _, cell)| cell.to_string() + "\n").collect();
    for words in ["检索式", "关于龙潭水库管理范围的批复", "【龙潭水库】除险加固"] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn who_may_not_change_anything_is_told_before_hours_of_reading() {
    let desk = Desk::with_repository();
    desk.at_repository(&["people", "add", "王主任", "--role", "director"]).expect_status(0);
    let refused = desk.at_repository(&["index", "--operator", "钱某"]).expect_status(2);
    assert!(refused.stderr.contains("钱某"), "{}", refused.stderr);
    assert!(!desk.path("repository/index").exists());
    desk.at_repository(&["index", "--operator", "王主任"]).expect_status(0);
    // What is before a colon and no field is looked for as written, and said so where nothing was found.
    let said = desk.at_repository(&["search", "来源:水利局"]).expect_status(1).stdout;
    assert!(said.contains("没有名为“来源”的检索项") && said.contains("检索项有：题名"), "{said}");
}
