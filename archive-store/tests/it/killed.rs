//! Pulling the plug: a process that writes without end is killed at points it didn't choose.
//!
//! The child is this test program itself, started to run one test only, which does nothing unless an
//! environment variable says where to write.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use archive_core::model::ItemId;
use archive_store::ocfl::validate::{Depth, validate_root};
use archive_store::{ItemFilter, Repository};

use crate::place::{Place, batch, file, now};

const WHERE: &str = "ARCHIVE_STORE_KILLED_CHILD";
const ITEMS: u64 = 3;

/// Not a test of its own: the child's work. Takes in registers and adds files, for ever.
#[test]
fn child_writes_until_it_is_killed() {
    let Ok(dir) = std::env::var(WHERE) else { return };
    let dir = std::path::PathBuf::from(dir);
    let scan = dir.join("scan.tif");
    let repository = Repository::open(&dir.join("档案库")).unwrap();
    let mut done = repository.count_items(&ItemFilter::default()).unwrap() / ITEMS;
    println!("ready");
    loop {
        let mut change = repository.begin("child", "archive import", now()).unwrap();
        let files = (1..=ITEMS).map(|item| file(item, &format!("{done}/{item}.tif"), &scan)).collect();
        let report = change.import(&batch(&format!("register {done}"), ITEMS, files), &|_| ()).unwrap();
        change.commit().unwrap();
        let mut change = repository.begin("child", "archive import", now()).unwrap();
        change.add_files(report.items[0], &[file(0, "late.tif", &scan)], &|_| ()).unwrap();
        change.commit().unwrap();
        done += 1;
    }
}

fn start(place: &Place) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["killed::child_writes_until_it_is_killed", "--exact", "--nocapture"])
        .env(WHERE, place.dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.contains("ready")), "the child didn't start");
    child
}

/// A fixed sequence that looks random: the points of the kill, in microseconds.
fn delays(count: usize) -> impl Iterator<Item = Duration> {
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        Duration::from_micros(state % 250_000)
    })
    .take(count)
}

#[test]
fn a_process_killed_at_any_point_leaves_before_or_after() {
    let place = Place::new();
    std::fs::write(place.dir.path().join("scan.tif"), vec![42; 200_000]).unwrap();
    let (mut recovered, mut last) = (0, 0);
    for delay in delays(40) {
        let mut child = start(&place);
        std::thread::sleep(delay);
        child.kill().unwrap();
        child.wait().unwrap();

        let repository = place.open();
        recovered += usize::from(!repository.recovered().is_empty());
        assert!(!place.root().join("staging").exists());
        let items = repository.count_items(&ItemFilter::default()).unwrap();
        assert_eq!(items % ITEMS, 0, "a register is there whole or not at all");
        assert!(items >= last, "what was there stays there");
        last = items;
        let fixity = repository.fixity(&|_| ()).unwrap();
        assert!(fixity.findings.is_empty(), "{:#?}", fixity.findings);
        assert!(repository.verify_audit(None).unwrap().is_empty());
        let ocfl = validate_root(&place.root().join("objects"), Depth::Structure, &|_| ());
        assert!(ocfl.is_valid(), "{ocfl:#?}");
        assert_eq!(ocfl.objects.len() as u64, items, "an object for each item, and no other");
    }
    println!("killed 40 times, {recovered} of them with work to clean up; {last} items at the end");
    assert!(recovered > 0 && last > 0, "the kills fell on nothing: {recovered} recoveries, {last} items");

    // The work can go on.
    let repository = place.open();
    let mut change = repository.begin("王芳", "archive import", now()).unwrap();
    change.import(&batch("after", 1, vec![place.scan(1, "after.tif", b"after")]), &|_| ()).unwrap();
    change.commit().unwrap();
    assert_eq!(repository.files(ItemId(last + 1)).unwrap().len(), 1);
}
