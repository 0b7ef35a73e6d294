//! Several at work on one repository, on a drive whose locks everybody gets: nothing is lost, nobody waits for ever, and who
//! comes second is told.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::desk::{Desk, skip};
use crate::layer;

#[test]
fn on_a_drive_whose_locks_everybody_gets_no_update_is_lost_and_who_comes_second_is_told() {
    if !layer::is_there() {
        skip("broken locks", "it takes Linux and a C compiler");
        return;
    }
    let desk = Desk::with_repository();
    let settings = desk.path("repository/archive.toml");
    let told = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("one_at_a_time = true\n{}", told.replace("one_at_a_time = false\n", "")))
        .unwrap();
    desk.run(["people", "add", "王主任", "--role", "director", "-R", "repository"]).expect_status(0);
    let until = Instant::now() + Duration::from_mins(1);
    let turned_away = AtomicUsize::new(0);
    thread::scope(|scope| {
        for worker in 0..4 {
            let (desk, turned_away) = (&desk, &turned_away);
            scope.spawn(move || {
                for number in 0..5 {
                    let name = format!("人员{worker}{number}");
                    loop {
                        let words = [
                            "people",
                            "add",
                            &name,
                            "--role",
                            "clerk",
                            "-R",
                            "repository",
                            "--operator",
                            "王主任",
                        ];
                        let mut command = desk.command(words);
                        layer::break_locks(&mut command);
                        let ran = desk.told(command.output().unwrap());
                        if ran.status == 0 {
                            break;
                        }
                        assert!(ran.stderr.contains("正在"), "{}: {}", ran.status, ran.stderr);
                        assert!(Instant::now() < until, "{name} waits for ever");
                        turned_away.fetch_add(1, Ordering::Relaxed);
                        thread::sleep(Duration::from_millis(20));
                    }
                }
            });
        }
    });
    let people = desk.json(&["people", "list"], 0);
    assert_eq!(people["people"].as_array().unwrap().len(), 21, "{people:#}");
    desk.json(&["audit", "verify"], 0);
    desk.json(&["fixity"], 0);
    assert!(turned_away.into_inner() > 0, "nobody met anybody");
}
