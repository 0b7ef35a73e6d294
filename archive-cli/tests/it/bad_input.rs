//! What can't be done is refused: with the right status, in the reader's language, and nothing changed.

use std::fs;
use std::path::{Path, PathBuf};

use archive_store::Repository;
use chrono::DateTime;
use serde_json::Value;

use crate::desk::{Desk, county, differing, skip};

/// Whether a text holds a Chinese character.
fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Runs a command that must be refused, in both languages and as JSON: the status and the kind are the
/// contract's, both messages say what they must, and the desk is afterwards as it was.
#[track_caller]
fn refused(desk: &Desk, words: &[&str], status: i32, kind: &str, zh: &str, en: &str) {
    let before = desk.tree();
    for (lang, expected, label, help) in [("zh", zh, "错误：", "处理："), ("en", en, "error: ", "help: ")]
    {
        let ran = desk.run(words.iter().copied().chain(["--lang", lang])).expect_status(status);
        assert!(ran.stdout.is_empty(), "{words:?} wrote to stdout:\n{}", ran.stdout);
        let mut lines = ran.stderr.lines();
        let said = lines.next().unwrap_or_default();
        assert!(said.starts_with(label) && said.contains(expected), "{words:?}: {}", ran.stderr);
        assert!(lines.any(|line| line.starts_with(help)), "{words:?} says not what to do: {}", ran.stderr);
        assert_eq!(is_chinese(label), lang == "zh");

        let json = desk.run(words.iter().copied().chain(["--lang", lang, "--json"])).expect_status(status);
        let document = json.document();
        let error = document["error"].as_object().unwrap();
        assert_eq!(error.keys().map(String::as_str).collect::<Vec<_>>(), ["help", "kind", "message"]);
        assert_eq!(error["kind"], kind, "{words:?}");
        assert!(error["message"].as_str().unwrap().contains(expected));
    }
    assert_eq!(differing(&before, &desk.tree()), Vec::<PathBuf>::new(), "{words:?} changed something");
}

#[test]
fn a_register_that_can_t_be_read_is_refused() {
    let desk = Desk::with_repository();
    fs::write(desk.path("no-date.csv"), "序号,题名,页数\n1,关于防汛工作的通知,3\n").unwrap();
    fs::write(desk.path("no-title.csv"), "序号,文号,日期\n1,临政〔2004〕1号,2004-01-01\n").unwrap();
    fs::write(desk.path("empty.csv"), "").unwrap();
    fs::write(desk.path("letter.csv"), "关于防汛工作的通知\n各乡镇人民政府：\n").unwrap();
    fs::write(desk.path("picture.xlsx"), b"\x89PNG\r\n\x1a\n0000IHDR").unwrap();
    fs::create_dir(desk.path("folder.xlsx")).unwrap();
    let workbook = fs::read(county("register.xlsx")).unwrap();
    fs::write(desk.path("half.xlsx"), &workbook[..workbook.len() / 2]).unwrap();
    let import = |name: &str, kind: &str, zh: &str, en: &str| {
        refused(&desk, &["import", name, "-R", "repository"], 3, kind, zh, en);
    };
    import("no-date.csv", "input", "表头缺少「日期」", "the header row lacks 日期");
    import("no-title.csv", "input", "表头缺少「题名」", "the header row lacks 题名");
    import("empty.csv", "input", "登记表是空的", "the register is empty");
    import("letter.csv", "input", "没有找到表头", "no header row");
    import("picture.xlsx", "input", "这不是电子表格，而是图片", "no spreadsheet but a picture");
    import("half.xlsx", "input", "电子表格已损坏", "the spreadsheet is damaged");
    import("gone.xlsx", "io", "gone.xlsx：没有这个文件或文件夹", "gone.xlsx: there is no such file");
    import("folder.xlsx", "io", "是文件夹，不是文件", "a folder, not a file");
}

#[test]
fn the_folder_of_scans_must_be_there() {
    let desk = Desk::with_repository();
    fs::copy(county("register.csv"), desk.path("register.csv")).unwrap();
    let words = ["import", "register.csv", "--scans", "nowhere", "--accept-valid", "-R", "repository"];
    refused(&desk, &words, 3, "io", "nowhere：没有这个文件或文件夹", "nowhere: there is no such file");
}

/// One wrong date holds back the whole register, until the archivist asks for the valid rows.
#[test]
fn a_wrong_date_holds_the_register_back() {
    let desk = Desk::with_repository();
    let rows = "序号,题名,日期\n1,关于防汛工作的通知,2004-05-08\n2,关于抗旱工作的通知,2004年13月\n";
    fs::write(desk.path("register.csv"), rows).unwrap();
    let before = desk.tree();
    for (lang, message, summary) in
        [("zh", "2004年13月", "没有导入：第 3 行不合格"), ("en", "2004年13月", "nothing was imported")]
    {
        let ran = desk.at_repository(&["import", "register.csv", "--lang", lang]).expect_status(1);
        assert!(ran.stdout.contains(message) && ran.summary().starts_with(summary), "{}", ran.stdout);
        let report = desk.json(&["import", "register.csv", "--lang", lang], 1);
        assert_eq!((&report["items_accepted"], &report["items_refused"]), (&0.into(), &1.into()));
        let place = &report["findings"][0]["where"];
        assert_eq!((&place["file"], &place["row"]), (&"register.csv".into(), &3.into()));
        assert_eq!(place["column"], "日期");
    }
    assert_eq!(differing(&before, &desk.tree()), Vec::<PathBuf>::new());

    let report = desk.json(&["import", "register.csv", "--accept-valid"], 1);
    assert_eq!((&report["items_accepted"], &report["items_refused"]), (&1.into(), &1.into()));
    assert_eq!(report["refused_rows"], "register.退回.xlsx");
    assert!(desk.path("register.退回.xlsx").is_file());
    // The same register a second time is not a second year.
    refused(
        &desk,
        &["import", "register.csv", "--accept-valid", "-R", "repository"],
        2,
        "usage",
        "随“register.csv”导入过",
        "imported before, from “register.csv”",
    );
}

/// The demonstration of a dry run: the answer of the real one, and no trace.
#[test]
fn a_dry_run_changes_nothing() {
    let desk = Desk::with_repository();
    fs::copy(county("register.csv"), desk.path("register.csv")).unwrap();
    let before = desk.tree();
    let dry = desk.json(&["import", "register.csv", "--accept-valid", "--dry-run"], 1);
    assert_eq!(differing(&before, &desk.tree()), Vec::<PathBuf>::new());
    let real = desk.json(&["import", "register.csv", "--accept-valid"], 1);
    for key in ["items_accepted", "items_refused", "findings"] {
        assert_eq!(dry[key], real[key], "{key}");
    }
    for command in ["arrange", "number"] {
        let before = desk.tree();
        let dry = desk.json(&[command, "--dry-run"], 1);
        assert_eq!(differing(&before, &desk.tree()), Vec::<PathBuf>::new(), "{command}");
        assert_eq!(dry, desk.json(&[command], 1), "{command}");
    }
}

#[test]
fn a_folder_that_is_no_repository_is_refused() {
    let desk = Desk::new();
    fs::create_dir(desk.path("empty")).unwrap();
    fs::copy(county("register.csv"), desk.path("register.csv")).unwrap();
    let commands: [&[&str]; 13] = [
        &["import", "register.csv"],
        &["arrange"],
        &["number"],
        &["check"],
        &["catalogue", "--out", "out", "--own-font"],
        &["index"],
        &["search", "防汛"],
        &["transfer", "build", "--year", "2004", "--out", "out"],
        &["transfer", "receive", "register.csv"],
        &["audit", "log"],
        &["audit", "verify"],
        &["fixity"],
        &["check", "-R", "not-even-there"],
    ];
    for words in commands {
        let mut words = words.to_vec();
        if !words.contains(&"-R") {
            words.extend(["-R", "empty"]);
        }
        refused(&desk, &words, 3, "repository", "不是档案库", "is a repository");
    }
}

/// A repository of a program yet to come, by its settings and by its catalogue.
#[test]
fn a_repository_of_a_newer_version_is_left_alone() {
    for newer in [newer_settings as fn(&Path), newer_catalogue] {
        let desk = Desk::with_repository();
        newer(&desk.path("repository"));
        for words in [&["check"][..], &["arrange"], &["index"]] {
            let words: Vec<&str> = words.iter().copied().chain(["-R", "repository"]).collect();
            refused(&desk, &words, 3, "repository", "由较新版本的程序写成", "written by a newer version");
        }
    }
}

fn newer_settings(repository: &Path) {
    let path = repository.join("archive.toml");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("format = 1"));
    fs::write(path, text.replace("format = 1", "format = 99")).unwrap();
}

/// SQLite keeps the version of the catalogue at byte 60 of its file.
fn newer_catalogue(repository: &Path) {
    let path = repository.join("catalogue.db");
    let mut bytes = fs::read(&path).unwrap();
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    fs::write(path, bytes).unwrap();
}

/// While somebody else writes, a second writer is told who; a reader reads.
#[test]
fn a_busy_repository_names_who_is_at_work() {
    let desk = Desk::with_the_year();
    fs::write(desk.path("more.csv"), "序号,题名,日期\n900,关于防汛工作的通知,2004-05-08\n").unwrap();
    let repository = Repository::open(&desk.path("repository")).unwrap();
    let now = DateTime::parse_from_rfc3339("2005-04-18T09:30:00+08:00").unwrap();
    let change = repository.begin("李档案", "import", now).unwrap();
    for words in [&["import", "more.csv"][..], &["arrange"], &["number"]] {
        let words: Vec<&str> = words.iter().copied().chain(["-R", "repository"]).collect();
        refused(&desk, &words, 3, "busy", "档案库正被占用：李档案", "the repository is in use: 李档案");
    }
    desk.at_repository(&["search", "抗洪抢险"]).expect_status(0);
    desk.at_repository(&["check"]).expect_status(1);
    drop(change);
    desk.at_repository(&["import", "more.csv"]).expect_status(0);
}

#[test]
fn what_is_asked_too_early_is_refused() {
    let desk = Desk::with_repository();
    let at = |words: &[&str], zh: &str, en: &str| {
        let words: Vec<&str> = words.iter().copied().chain(["-R", "repository"]).collect();
        refused(&desk, &words, 2, "usage", zh, en);
    };
    at(&["number"], "还没有立卷", "nothing is arranged yet");
    at(&["catalogue", "--out", "out", "--own-font"], "还没有立卷", "nothing is arranged yet");
    at(
        &["transfer", "build", "--year", "2004", "--out", "out"],
        "2004 年度还没有立卷",
        "2004 isn't arranged",
    );
    fs::write(desk.path("register.csv"), "序号,题名,日期\n1,关于防汛工作的通知,2004-05-08\n").unwrap();
    desk.at_repository(&["import", "register.csv"]).expect_status(0);
    desk.at_repository(&["arrange"]);
    let at = |words: &[&str], zh: &str, en: &str| {
        let words: Vec<&str> = words.iter().copied().chain(["-R", "repository"]).collect();
        refused(&desk, &words, 2, "usage", zh, en);
    };
    at(&["catalogue", "--out", "out", "--own-font"], "还没有编号的案卷", "no volume has a number yet");
    at(
        &["transfer", "build", "--year", "1999", "--out", "out"],
        "1999 年度还没有立卷",
        "1999 isn't arranged",
    );
    at(&["arrange", "--explain", "777"], "没有序号为“777”的文件", "row number “777”");
}

#[test]
fn wrong_usage_is_told_in_the_reader_s_language() {
    let desk = Desk::with_the_year();
    let usage = |words: &[&str], zh: &str, en: &str| refused(&desk, words, 2, "usage", zh, en);
    usage(&["arange"], "没有命令“arange”", "there is no command “arange”");
    usage(&["transfer", "send"], "没有命令“send”", "there is no command “send”");
    usage(&["check", "--loud"], "没有选项“--loud”", "there is no option “--loud”");
    usage(&["arrange", "--year", "去年"], "不能是“去年”", "can't be “去年”");
    usage(&["arrange", "--year", "99"], "不能是“99”", "can't be “99”");
    usage(&["check", "--today", "2004-02-30"], "不能是“2004-02-30”", "can't be “2004-02-30”");
    usage(&["search", "防汛", "--as", "minister"], "不能是“minister”", "can't be “minister”");
    usage(&["search", "防汛", "--limit", "0"], "不能是“0”", "can't be “0”");
    usage(&["search"], "缺少", "missing");
    usage(&["import"], "缺少", "missing");
    usage(&["init", "new"], "缺少", "missing");
    usage(&["transfer", "build", "--year", "2004"], "缺少：--out", "missing: --out");
    usage(&["explain", "ZZ9"], "没有规则“ZZ9”", "there is no rule “ZZ9”");
    usage(&["completions", "cmd.exe"], "不能是“cmd.exe”", "can't be “cmd.exe”");
    let at = |words: &[&str], zh: &str, en: &str| {
        let words: Vec<&str> = words.iter().copied().chain(["-R", "repository"]).collect();
        refused(&desk, &words, 2, "usage", zh, en);
    };
    at(&["catalogue", "--out", "out", "--what", "poster"], "poster", "poster");
    at(&["catalogue", "--out", "out", "--format", "docx"], "docx", "docx");
    at(&["transfer", "build", "--year", "2004", "--out", "packages"], "已存在", "is there already");
}

#[test]
fn no_command_at_all_is_wrong_usage() {
    let desk = Desk::new();
    let ran = desk.run(Vec::<&str>::new()).expect_status(2);
    assert!(ran.stderr.contains("缺少命令") && ran.stdout.is_empty(), "{}", ran.stderr);
    let ran = desk.run(["transfer"]).expect_status(2);
    assert!(ran.stderr.contains("缺少命令") && ran.stdout.is_empty(), "{}", ran.stderr);
}

#[test]
fn the_moment_must_be_a_number_of_seconds() {
    let desk = Desk::with_repository();
    let output =
        desk.command(["check", "-R", "repository"]).env("SOURCE_DATE_EPOCH", "昨天").output().unwrap();
    let ran = desk.told(output).expect_status(2);
    assert!(ran.stderr.contains("SOURCE_DATE_EPOCH 不是秒数：昨天"), "{}", ran.stderr);
}

#[test]
fn a_new_repository_needs_a_place_a_name_and_rules() {
    let desk = Desk::with_repository();
    let init = |rest: &[&str], zh: &str, en: &str| {
        let words: Vec<&str> = ["init"].into_iter().chain(rest.iter().copied()).collect();
        refused(&desk, &words, 2, "usage", zh, en);
    };
    init(&["repository", "--institution", "县", "--fonds", "J1"], "不是空的", "is not empty");
    init(
        &["new", "--institution", " ", "--fonds", "J1"],
        "“--institution”的值为空",
        "“--institution” is empty",
    );
    init(&["new", "--institution", "县", "--fonds", "J-1"], "全宗号“J-1”含有", "the fonds code “J-1” holds");
    init(&["new", "--institution", "县", "--fonds", "J1", "--profile", "my-rules"], "my-rules", "my-rules");
}

/// A folder is named where a file stands in the way, or where nobody may write.
#[test]
fn a_place_that_can_t_be_written_is_told() {
    let desk = Desk::with_the_year();
    fs::write(desk.path("file"), "").unwrap();
    let printing =
        ["catalogue", "--own-font", "--what", "volumes", "--format", "csv", "-R", "repository", "--out"];
    let to = |out: &'static str| printing.into_iter().chain([out]).collect::<Vec<_>>();
    refused(&desk, &to("file/catalogues"), 3, "io", "file/catalogues", "file/catalogues");
    refused(
        &desk,
        &["transfer", "build", "--year", "2004", "-R", "repository", "--out", "file/packages"],
        3,
        "io",
        "file/packages/J019-2004：不是文件夹",
        "file/packages/J019-2004: not a folder",
    );
    closed(&desk, &to("closed/catalogues"));
}

#[cfg(unix)]
fn closed(desk: &Desk, words: &[&str]) {
    use std::os::unix::fs::PermissionsExt;
    let folder = desk.path("closed");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::create_dir(folder.join("probe")).is_ok() {
        fs::remove_dir(folder.join("probe")).unwrap();
        skip("a folder nobody may write to", "the tests run as root, whom no permission stops");
        return;
    }
    refused(desk, words, 3, "io", "没有权限", "permission denied");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(not(unix))]
fn closed(_: &Desk, _: &[&str]) {
    skip("a folder nobody may write to", "permissions are set otherwise here");
}

/// A standard output that takes nothing is an error, not a success nobody hears of.
#[cfg(target_os = "linux")]
#[test]
fn a_document_that_can_t_be_written_is_an_error() {
    let desk = Desk::with_repository();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output = desk.command(["check", "-R", "repository", "--json"]).stdout(full).output().unwrap();
    let ran = desk.told(output).expect_status(3);
    assert!(ran.stderr.contains("磁盘已满"), "{}", ran.stderr);
}

/// A pipe that closes early is no error: the reader has seen enough.
#[test]
fn a_reader_who_has_seen_enough_is_no_error() {
    let desk = Desk::with_the_year();
    let mut child = desk
        .command(["explain", "--json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ran = desk.told(child.wait_with_output().unwrap()).expect_status(0);
    assert_eq!(ran.stderr, "");
}

/// `check` of a register says of every fault where it stands, without a repository.
#[test]
fn a_register_is_checked_before_it_is_imported() {
    let desk = Desk::new();
    fs::copy(county("register.csv"), desk.path("register.csv")).unwrap();
    let before = desk.tree();
    let report = desk.run(["check", "register.csv", "--json"]).expect_status(1).document();
    let findings = report["findings"].as_array().unwrap();
    let errors = findings.iter().filter(|finding| finding["severity"] == "error");
    let in_the_register =
        |finding: &&Value| finding["where"]["file"] == "register.csv" && finding["where"]["row"].is_u64();
    assert!(errors.clone().count() >= 5);
    assert_eq!(errors.filter(|finding| !in_the_register(finding)).collect::<Vec<_>>(), Vec::<&Value>::new());
    assert_eq!(differing(&before, &desk.tree()), Vec::<PathBuf>::new());
}
