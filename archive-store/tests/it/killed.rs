//! Pulling the plug: a process that writes without end is killed at points it didn't choose.
//!
//! The child is this test program itself, started to run one test only, which does nothing unless an
//! environment variable says where to write.

use std::io::{BufRead as _, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

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
    // What it has done is told step by step: so it can be killed within each, however slow the computer is.
    loop {
        let mut change = repository.begin("child", "archive import", now()).unwrap();
        println!("begun");
        let files = (1..=ITEMS).map(|item| file(item, &format!("{done}/{item}.tif"), &scan)).collect();
        let report = change.import(&batch(&format!("register {done}"), ITEMS, files), &|_| ()).unwrap();
        println!("staged");
        change.commit().unwrap();
        println!("committed");
        let mut change = repository.begin("child", "archive import", now()).unwrap();
        println!("begun");
        change.add_files(report.items[0], &[file(0, "late.tif", &scan)], &|_| ()).unwrap();
        println!("staged");
        change.commit().unwrap();
        println!("committed");
        done += 1;
    }
}

/// The steps that a child tells of.
type Steps = Lines<BufReader<ChildStdout>>;

fn start(place: &Place) -> (Child, Steps) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["killed::child_writes_until_it_is_killed", "--exact", "--nocapture"])
        .env(WHERE, place.dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut steps = BufReader::new(child.stdout.take().unwrap()).lines();
    let ready = steps.by_ref().map_while(Result::ok).any(|line| line.contains("ready"));
    assert!(ready, "the child didn't start");
    (child, steps)
}

/// Waits for so many steps of a child, and for a share of the time the next may take, and kills it.
fn kill_after(mut child: Child, steps: &mut Steps, count: usize, share: f64) {
    let began = Instant::now();
    for _ in 0..count {
        steps.next().unwrap().unwrap();
    }
    let each = began.elapsed() / u32::try_from(count.max(1)).unwrap();
    std::thread::sleep(each.max(Duration::from_millis(2)).mul_f64(share));
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A fixed sequence that looks random: after how many steps, and which share of the next.
fn points(count: usize) -> impl Iterator<Item = (usize, f64)> {
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (
            usize::try_from(state % 9).unwrap(),
            f64::from(u32::try_from((state >> 20) % 1500).unwrap()) / 1000.0,
        )
    })
    .take(count)
}

#[test]
fn a_process_killed_at_any_point_leaves_before_or_after() {
    let place = Place::new();
    std::fs::write(place.dir.path().join("scan.tif"), vec![42; 200_000]).unwrap();
    let (mut recovered, mut last) = (0, 0);
    for (count, share) in points(40) {
        let (child, mut steps) = start(&place);
        kill_after(child, &mut steps, count, share);

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
