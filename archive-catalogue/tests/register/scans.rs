//! The files that registers name.

use std::fs;
use std::path::Path;

use archive_catalogue::register::scans;
use archive_core::model::{Item, ItemId, Secrecy, SecrecyLevel};

fn item(id: u64, scans: &[&str]) -> Item {
    let mut item = Item::new(ItemId(id), id.to_string());
    item.scans = scans.iter().map(|name| (*name).to_owned()).collect();
    item
}

fn folder(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file).unwrap();
    }
    folder
}

fn found(folder: &Path, items: &[Item]) -> (Vec<(u64, String)>, Vec<String>) {
    let found = scans::find(folder, items).unwrap();
    (
        found.scans.into_iter().map(|scan| (scan.item.0, scan.name)).collect(),
        found
            .findings
            .into_iter()
            .map(|finding| format!("{} {}", finding.severity, finding.message.zh) + "｜" + &finding.help.zh)
            .collect(),
    )
}

#[test]
fn a_folder_stands_for_its_files_in_the_order_people_expect() {
    let folder = folder(&[
        "甲/page10.tif",
        "甲/page2.tif",
        "甲/Page1.tif",
        "甲/附/1.tif",
        "乙.pdf",
        "Thumbs.db",
        "甲/~$x.doc",
    ]);
    let (scans, findings) = found(folder.path(), &[item(1, &["甲"]), item(2, &[r".\乙.pdf"])]);
    let names: Vec<&str> = scans.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["甲/Page1.tif", "甲/page2.tif", "甲/page10.tif", "甲/附/1.tif", "乙.pdf"]);
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn names_that_leave_the_folder_are_never_followed() {
    let folder = folder(&["scans/a.tif", "secret.tif"]);
    let names = ["../secret.tif", "/etc/passwd", r"C:\secret.tif", "x/../../secret.tif", r"\\server\a.tif"];
    let items: Vec<Item> = (1..).zip(names).map(|(id, name)| item(id, &[name])).collect();
    let (scans, findings) = found(&folder.path().join("scans"), &items);
    assert!(scans.is_empty());
    assert_eq!(findings.iter().filter(|said| said.contains("之内，没有读")).count(), 5, "{findings:?}");
}

#[cfg(unix)]
#[test]
fn links_are_reported_and_not_followed() {
    let folder = folder(&["scans/a.tif", "outside/b.tif"]);
    let scans_folder = folder.path().join("scans");
    std::os::unix::fs::symlink(folder.path().join("outside"), scans_folder.join("link")).unwrap();
    std::os::unix::fs::symlink(&scans_folder, scans_folder.join("loop")).unwrap();
    let (scans, findings) = found(&scans_folder, &[item(1, &["link/b.tif", "a.tif"])]);
    assert_eq!(scans, [(1, "a.tif".to_owned())]);
    assert_eq!(findings.iter().filter(|said| said.contains("链接")).count(), 2, "{findings:?}");
    assert!(findings.iter().any(|said| said.contains("「link/b.tif」不存在")));
}

#[test]
fn a_name_that_nearly_fits_is_suggested_and_not_taken() {
    let folder = folder(&["函（平溪县） 来函.tif", "深/处/报告.PDF"]);
    let (scans, findings) = found(
        folder.path(),
        &[item(1, &["函(平溪县)来函.tif"]), item(2, &["报告.pdf"]), item(3, &["无.tif"])],
    );
    assert!(scans.is_empty());
    assert_eq!(findings[0], "error 扫描件「函(平溪县)来函.tif」不存在｜是不是「函（平溪县） 来函.tif」？");
    assert_eq!(findings[1], "error 扫描件「报告.pdf」不存在｜是不是「深/处/报告.PDF」？");
    assert_eq!(findings[2], "error 扫描件「无.tif」不存在｜补上文件，或改正登记表中的文件名");
    assert!(findings[3].starts_with("info 有 2 个文件没有登记"));
}

#[test]
fn composed_and_decomposed_names_are_the_same() {
    let folder = folder(&["re\u{301}sume\u{301}.pdf"]);
    let (scans, _) = found(folder.path(), &[item(1, &["résumé.pdf"])]);
    assert_eq!(scans.len(), 1);
}

#[test]
fn files_named_twice_empty_files_and_classified_items_are_reported() {
    let folder = folder(&["a.tif", "b.tif"]);
    fs::write(folder.path().join("c.tif"), "").unwrap();
    let mut secret = item(3, &["b.tif"]);
    secret.secrecy = Secrecy { level: SecrecyLevel::Secret, term: None };
    let (scans, findings) =
        found(folder.path(), &[item(1, &["a.tif", "a.tif"]), item(2, &["a.tif", "c.tif"]), secret]);
    assert_eq!(scans.len(), 3);
    let expected =
        ["「a.tif」也是序号 1 的扫描件", "「c.tif」是空文件", "有 1 个文件没有登记（第一个是「b.tif」）"];
    for part in expected {
        assert!(findings.iter().any(|said| said.contains(part)), "{part} in {findings:?}");
    }
    assert_eq!(findings.len(), expected.len());
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    assert!(scans::find(Path::new("/nonexistent/scans"), &[]).is_err());
}
