//! Several at work on one repository, on drives whose locks everybody gets, or nobody: nothing is lost, nobody waits for ever,
//! and who comes second is told.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::desk::{Desk, Ran, copy, county, skip};
use crate::layer::{self, Locks};

/// As Linux numbers them: no locks available, operation not supported, invalid argument, function not implemented.
const REFUSALS: [Locks; 4] = [Locks::Refused(37), Locks::Refused(95), Locks::Refused(22), Locks::Refused(38)];

fn can_be_tried() -> bool {
    if !layer::is_there() {
        skip("broken locks", "it takes Linux and a C compiler");
    }
    layer::is_there()
}

/// Types a command on a drive with such locks.
fn typed(desk: &Desk, locks: Locks, words: &[&str]) -> Ran {
    let mut command = desk.command(words);
    layer::break_locks(&mut command, locks);
    desk.told(command.output().unwrap())
}

/// As the settings of a drive say that Linux doesn't know.
fn let_one_work_at_a_time(desk: &Desk) {
    let settings = desk.path("repository/archive.toml");
    let told = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("one_at_a_time = true\n{}", told.replace("one_at_a_time = false\n", "")))
        .unwrap();
}

#[test]
fn on_a_drive_whose_locks_everybody_gets_or_nobody_no_update_is_lost_and_who_comes_second_is_told() {
    if !can_be_tried() {
        return;
    }
    for locks in [Locks::Granted, REFUSALS[0], REFUSALS[1]] {
        several_add_people(locks);
    }
}

fn several_add_people(locks: Locks) {
    let desk = Desk::with_repository();
    let_one_work_at_a_time(&desk);
    desk.run(["people", "add", "王主任", "--role", "director", "-R", "repository"]).expect_status(0);
    let until = Instant::now() + Duration::from_mins(2);
    let turned_away = AtomicUsize::new(0);
    thread::scope(|scope| {
        for worker in 0..4 {
            let (desk, turned_away) = (&desk, &turned_away);
            scope.spawn(move || {
                for number in 0..5 {
                    let name = format!("人员{worker}{number}");
                    loop {
                        let words = ["people", "add", &name, "--role", "clerk", "-R", "repository"];
                        let ran = typed(desk, locks, &[words.as_slice(), &["--operator", "王主任"]].concat());
                        if ran.status == 0 {
                            break;
                        }
                        assert!(ran.stderr.contains("正在"), "{locks:?} {}: {}", ran.status, ran.stderr);
                        assert!(Instant::now() < until, "{name} waits for ever");
                        turned_away.fetch_add(1, Ordering::Relaxed);
                        thread::sleep(Duration::from_millis(20));
                    }
                }
            });
        }
    });
    let people = desk.json(&["people", "list"], 0);
    assert_eq!(people["people"].as_array().unwrap().len(), 21, "{locks:?}: {people:#}");
    desk.json(&["audit", "verify"], 0);
    desk.json(&["fixity"], 0);
    assert!(turned_away.into_inner() > 0, "nobody met anybody");
}

/// An office's days on a drive that refuses locks: everything goes, one program after the other.
#[test]
fn on_a_drive_that_refuses_locks_a_repository_is_made_worked_in_copied_and_mended() {
    if !can_be_tried() {
        return;
    }
    for (at, locks) in REFUSALS.into_iter().enumerate() {
        let desk = Desk::new();
        let run = |words: &[&str], status: i32| typed(&desk, locks, words).expect_status(status);
        run(&["init", "repository", "--institution", "办公室", "--fonds", "J019"], 0);
        let settings = fs::read_to_string(desk.path("repository/archive.toml")).unwrap();
        assert!(settings.contains("one_at_a_time = true"), "{settings}");
        fs::create_dir(desk.path("scans")).unwrap();
        fs::copy(county("scans/安全生产/责任制规定.tif"), desk.path("scans/p1.tif")).unwrap();
        fs::write(
            desk.path("register.csv"),
            "序号,题名,日期,责任者,扫描件,页数\n1,关于龙潭水库管理范围的批复,2004-05-16,临溪县人民政府,p1.tif,1\n",
        )
        .unwrap();
        let here = |words: &[&str], status: i32| run(&[words, &["-R", "repository"]].concat(), status);
        here(&["import", "register.csv", "--scans", "scans"], 0);
        here(&["index"], 0);
        assert!(here(&["search", "龙潭水库", "--as", "staff"], 0).stdout.contains("龙潭水库"));
        here(&["backup", "备份", "--verify"], 0);
        here(&["export", "--out", "导出"], 0);
        here(&["fixity"], 0);
        here(&["audit", "verify"], 0);
        if at > 0 {
            continue;
        }
        // Back from both; the catalogue is replaced when it can't be read.
        for (from, to) in [("备份", "一"), ("导出", "二")] {
            run(&["restore", from, to], 0);
            run(&["fixity", "-R", to], 0);
        }
        fs::write(desk.path("repository/catalogue.db"), "no database").unwrap();
        here(&["repair", "--from", "备份", "--catalogue"], 0);
        here(&["fixity"], 0);
        // What answers many at once can't.
        let refused = here(&["serve"], 3);
        assert!(refused.stderr.contains("拒绝给文件加锁"), "{}", refused.stderr);
        // And nothing of it is in the way where there are locks.
        desk.run(["fixity", "-R", "repository"]).expect_status(0);
        desk.run(["index", "-R", "repository"]).expect_status(0);
    }
}

/// A drive Linux doesn't know as one of a network, or whose locks have just gone: what to do is told at once.
#[test]
fn where_locks_are_refused_and_nobody_said_so_it_is_told_what_to_do_and_nothing_is_touched() {
    if !can_be_tried() {
        return;
    }
    let desk = Desk::with_repository();
    let before = desk.again();
    for locks in REFUSALS {
        for words in [["people", "list"], ["audit", "verify"]] {
            let words = [words.as_slice(), &["-R", "repository"]].concat();
            let began = Instant::now();
            let refused = typed(&desk, locks, &words).expect_status(3);
            assert!(began.elapsed() < Duration::from_secs(5), "{locks:?}: told after {:?}", began.elapsed());
            assert!(
                refused.stderr.contains("拒绝给文件加锁") && refused.stderr.contains("one_at_a_time = true"),
                "{locks:?}: {}",
                refused.stderr
            );
        }
    }
    let english = [&["people", "list", "-R", "repository"][..], &["--lang", "en"]].concat();
    let refused = typed(&desk, REFUSALS[0], &english).expect_status(3);
    assert!(refused.stderr.contains("refuses to lock files"), "{}", refused.stderr);
    let kept = |desk: &Desk| {
        let mut tree = desk.tree();
        tree.retain(|path, _| !path.to_string_lossy().contains("archive.lock"));
        tree
    };
    assert!(kept(&desk) == kept(&before), "something was touched");
    // A copy onto such a drive needs no locks.
    let_one_work_at_a_time(&desk);
    copy(&desk.path("repository"), &desk.path("另一个"));
    typed(&desk, REFUSALS[1], &["people", "list", "-R", "另一个"]).expect_status(0);
}
