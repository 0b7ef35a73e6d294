//! Every command that writes, stopped: killed (kill -9) at one act on a file after another and at moments it didn't choose,
//! refused an act by the disk, on a disk that fills up, on a drive that goes away; on a small disk that is really full.
//!
//! Whenever that is, the repository is as it was before or as it is after: every digest is right, the objects are as
//! OCFL asks, the database and the audit chain are whole; what was written out is there as a whole or not at all; and the
//! work can be finished, to the same end, with nothing left lying about.
//!
//! [`life`] types every command that writes, on a small office; a command that is new has to be entered there. `ARCHIVE_KILLS` is how
//! often each is stopped in each way: once in some of them here, hundreds of times (or `all`: at every act) when somebody has hours; then
//! a release build (`ARCHIVE_PROGRAM`) and a `TMPDIR` in memory are ten times faster. `ARCHIVE_ROOTS` is a folder that gets a copy of each
//! storage root that was left, for other people's validators; `ARCHIVE_KILLED` names the only commands to be stopped (`repair,transfer`).

mod life;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use life::Step;

use crate::desk::{Desk, Ran, copy, skip, tree};
use crate::layer::{self, Fault};

/// How a command is stopped.
#[derive(Debug, Clone, Copy)]
enum Stop {
    /// At this act on a file.
    At(usize, Fault),
    /// Killed after this share of the time a whole run takes.
    After(f64),
    /// By a small disk that has so many KiB left.
    Room(usize),
}

/// What is on a desk, but for the objects and the index, of which fixity knows more.
#[derive(Debug, Clone, PartialEq, Eq)]
struct State {
    /// The digests of the audit chain, by repository.
    chains: BTreeMap<String, Vec<String>>,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl State {
    fn of(desk: &Desk) -> Self {
        let names = |name: &str| desk.path(name).join("catalogue.db").exists();
        let repositories = ["repository", "bureau", "恢复", "再来"].into_iter().filter(|name| names(name));
        let chains = repositories.filter_map(|name| Some((name.to_owned(), chain(desk, name)?))).collect();
        let files = desk.tree().into_iter().filter(|(path, _)| is_told(path));
        Self { chains, files: files.filter_map(|(path, bytes)| Some((path, bytes?))).collect() }
    }
}

/// The digests of a repository's audit chain; nothing while there is none.
fn chain(desk: &Desk, repository: &str) -> Option<Vec<String>> {
    if !desk.path(repository).join("archive.toml").exists() {
        return None;
    }
    let log = desk.run(["audit", "log", "--json", "-R", repository]).expect_status(0).document();
    let entries = log["entries"].as_array().unwrap();
    Some(entries.iter().map(|entry| entry["digest"].as_str().unwrap().to_owned()).collect())
}

/// Whether a file is held against what it should be, byte by byte. What is in objects, database and index is judged by fixity.
fn is_told(path: &Path) -> bool {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    let inner = parts.get(1).map(AsRef::as_ref).unwrap_or_default();
    let known = ["objects", "index", "index.new", "index.old", "text", "quarantine", "staging"];
    !known.contains(&inner)
        && !inner.starts_with("catalogue.")
        && !inner.starts_with("archive.lock")
        && !parts.iter().any(|part| part.starts_with('.'))
}

/// A command of the life, before and after its work.
struct Case {
    name: String,
    words: Vec<String>,
    before: Arc<Desk>,
    at_first: Arc<State>,
    in_the_end: Arc<State>,
    /// Acts on files in a whole run.
    acts: usize,
    took: Duration,
    /// How a whole run ends.
    status: i32,
}

/// What was tried, for the note.
#[derive(Debug, Default)]
struct Tally {
    killed: AtomicUsize,
    refused: AtomicUsize,
    full: AtomicUsize,
    amid: AtomicUsize,
}

impl Case {
    fn told(&self, stop: Stop) -> String {
        format!("{} stopped {stop:?} of {} acts", self.words.join(" "), self.acts)
    }

    fn try_out(&self, stop: Stop, tally: &Tally) {
        let desk = match stop {
            Stop::Room(_) => None,
            _ => Some(self.before.again()),
        };
        let disk = matches!(stop, Stop::Room(_)).then(|| Small::mount().unwrap());
        let desk = desk.unwrap_or_else(|| self.before.again_in(&disk.as_ref().unwrap().0));
        let when = self.told(stop);
        match stop {
            Stop::At(at, fault) => {
                let mut command = desk.command(&self.words);
                layer::lay(&mut command, &desk.path(""), at, fault);
                let output = command.output().unwrap();
                let killed = output.status.code().is_none();
                let counter = if fault == Fault::Kill { &tally.killed } else { &tally.refused };
                counter.fetch_add(1, Ordering::Relaxed);
                if fault == Fault::Kill {
                    tally.amid.fetch_add(usize::from(killed), Ordering::Relaxed);
                } else {
                    let ran = desk.told(output);
                    // What was refused is told, or didn't matter; it is never a defect.
                    assert!(
                        [0, 1, 3].contains(&ran.status),
                        "{when}: {}\n{}{}",
                        ran.status,
                        ran.stdout,
                        ran.stderr
                    );
                    tally.amid.fetch_add(usize::from(ran.status == 3), Ordering::Relaxed);
                }
            }
            Stop::After(share) => {
                let mut command = desk.command(&self.words);
                let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
                thread::sleep(self.took.mul_f64(share));
                child.kill().unwrap();
                let ended = child.wait().unwrap().code().is_some();
                tally.killed.fetch_add(1, Ordering::Relaxed);
                tally.amid.fetch_add(usize::from(!ended), Ordering::Relaxed);
            }
            Stop::Room(left) => {
                let disk = disk.as_ref().unwrap();
                disk.leave(left);
                let ran = desk.run(&self.words);
                assert!(
                    [0, 1, 3].contains(&ran.status),
                    "{when}: {}\n{}{}",
                    ran.status,
                    ran.stdout,
                    ran.stderr
                );
                tally.full.fetch_add(1, Ordering::Relaxed);
                tally.amid.fetch_add(usize::from(ran.status == 3), Ordering::Relaxed);
                disk.enlarge();
            }
        }
        let stands = self.check(&desk, &when);
        if let Some(roots) = std::env::var_os("ARCHIVE_ROOTS") {
            self.put_aside(&desk, Path::new(&roots));
        }
        self.finish(&desk, stands, &when);
    }

    /// Copies the storage roots as they were left, each state once.
    fn put_aside(&self, desk: &Desk, roots: &Path) {
        // What is to be repaired is damaged on purpose.
        if self.name == "repair" {
            return;
        }
        for repository in ["repository", "bureau", "恢复", "再来"] {
            let objects = desk.path(repository).join("objects");
            if !objects.exists() {
                continue;
            }
            let mut state = DefaultHasher::new();
            tree(&objects).hash(&mut state);
            let place = roots.join(format!("{:016x}", state.finish()));
            if fs::create_dir(&place).is_ok() {
                copy(&objects, &place);
            }
        }
    }

    /// Before or after, and sound; whether it is done.
    fn check(&self, desk: &Desk, when: &str) -> bool {
        let mut done = true;
        for (repository, after) in &self.in_the_end.chains {
            let before = self.at_first.chains.get(repository);
            if before == Some(after) && repository != "repository" {
                continue;
            }
            let chain = match (chain(desk, repository), before) {
                // Not there yet: that is before.
                (None, None) => {
                    done = false;
                    continue;
                }
                (None, Some(_)) => panic!("{when}: {repository} is gone"),
                (Some(chain), _) => chain,
            };
            let from = before.map_or(1, Vec::len);
            assert!(
                chain.len() >= from && self.leads_to(&chain, after),
                "{when}: neither before nor after in {repository}"
            );
            done &= chain.len() == after.len();
            let ran = desk.run(["fixity", "--json", "-R", repository]);
            self.judge(&ran, when);
            assert!(!desk.path(repository).join("staging").exists(), "{when}: staging is left");
        }
        // What was closed is found by nobody from the moment it is decided.
        if done && ["opening close", "opening postpone"].contains(&self.name.as_str()) {
            let found = desk.run(["search", "防汛", "--as", "public", "--json", "-R", "repository"]);
            assert!(
                found.status != 0 || found.document()["total"] == 0,
                "{when}: what was closed is found by the public"
            );
        }
        // What has been written out has its bytes, or is of a folder that isn't finished.
        for (path, bytes) in desk.tree().into_iter().filter(|(path, _)| is_told(path)) {
            let Some(bytes) = bytes else { continue };
            let known = [&self.at_first, &self.in_the_end].map(|state| state.files.get(&path));
            let whole = known.iter().flatten().any(|whole| **whole == bytes);
            let named = known.iter().any(Option::is_some);
            assert!(
                whole || !named || self.is_of_this_run(&path) || unfinished(desk, &path),
                "{when}: half of {}",
                path.display()
            );
        }
        done
    }

    /// What fixity says: nothing, or that the index wasn't finished, or what was wrong before.
    fn judge(&self, ran: &Ran, when: &str) {
        if ran.status == 0 || self.name == "repair" {
            return;
        }
        let document = ran.document();
        let faults =
            document["faults"].as_array().unwrap_or_else(|| panic!("{when}: {}{}", ran.stdout, ran.stderr));
        let derived = |fault: &serde_json::Value| {
            let path = fault["path"].as_str().unwrap();
            let is_draft = Path::new(path).extension().is_some_and(|end| end == "draft");
            path.starts_with("index/") || path.starts_with("text/") && is_draft
        };
        assert!(faults.iter().all(derived), "{when}: {document:#}");
    }

    /// Whether a chain goes on to this end. Where a copy lay stands in the entry of a restoring, and what was left to mend in that
    /// of a repair: their last entries differ.
    fn leads_to(&self, chain: &[String], end: &[String]) -> bool {
        let differs = ["restore", "repair"].contains(&self.name.as_str());
        let sure = if differs { chain.len().min(end.len() - 1) } else { chain.len() };
        chain.len() <= end.len() && chain[..sure] == end[..sure]
    }

    /// Keys are drawn by lot.
    fn is_of_this_run(&self, path: &Path) -> bool {
        self.name == "transfer key new" && path.to_string_lossy().contains("keys")
    }

    /// The same files with the same bytes, but for those that every run makes anew.
    fn are_alike(&self, one: &State, other: &State) -> bool {
        let told = |state: &State| -> BTreeMap<_, _> {
            let known = |(path, bytes): (&PathBuf, &Vec<u8>)| {
                (path.clone(), (!self.is_of_this_run(path)).then(|| bytes.clone()))
            };
            state.files.iter().map(known).collect()
        };
        told(one) == told(other)
    }

    /// Does it once more: it comes to the same end.
    fn finish(&self, desk: &Desk, done: bool, when: &str) {
        let ran = desk.run(&self.words);
        let state = State::of(desk);
        // What was entered can't be entered twice.
        let changes = self.at_first.chains != self.in_the_end.chains;
        let over = done && ran.status == 2 && (changes || self.are_alike(&state, &self.in_the_end));
        assert!(
            ran.status == self.status || over,
            "{when}, can't be finished: {}\n{}{}",
            ran.status,
            ran.stdout,
            ran.stderr
        );
        for (repository, after) in &self.in_the_end.chains {
            let chain = state.chains.get(repository);
            let arrived =
                chain.is_some_and(|chain| chain.len() == after.len() && self.leads_to(chain, after));
            assert!(arrived || done && chain.is_some(), "{when}: another end in {repository}");
        }
        // Some commands, done twice, enter something twice.
        if done && changes && !over {
            return;
        }
        let names = |state: &State| state.files.keys().cloned().collect::<BTreeSet<_>>();
        let (found, wanted) = (names(&state), names(&self.in_the_end));
        let strays: Vec<_> = found.difference(&wanted).collect();
        assert!(strays.is_empty(), "{when}: left lying about: {strays:?}");
        let lost: Vec<_> = wanted.difference(&found).collect();
        // What was entered isn't done twice: its slip is printed by another command.
        assert!(lost.is_empty() || over, "{when}: not made: {lost:?}");
    }
}

/// Whether a file belongs to a backup, an export or a repository that isn't finished: the note that says so is written last.
fn unfinished(desk: &Desk, path: &Path) -> bool {
    let first = path.iter().next().map(|first| desk.path(&first.to_string_lossy()));
    first.is_some_and(|folder| {
        folder.is_dir()
            && !["archive.toml", "backup.json", "bagit.txt"].iter().any(|note| folder.join(note).exists())
    })
}

/// A small disk of its own; unmounted whatever happens.
struct Small(PathBuf);

impl Small {
    fn mount() -> Option<Self> {
        let place = tempfile::Builder::new().prefix("archive-small-").tempdir().ok()?.keep();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=64m", "tmpfs"]).arg(&place).output();
        let disk = Self(place);
        mounted.is_ok_and(|output| output.status.success()).then_some(disk)
    }

    fn resize(&self, size: &str) {
        let option = format!("remount,size={size}");
        let done = Command::new("mount").args(["-o", &option]).arg(&self.0).status();
        assert!(done.unwrap().success());
    }

    /// Leaves so many KiB.
    fn leave(&self, left: usize) {
        let used = Command::new("df").args(["-k", "--output=used"]).arg(&self.0).output().unwrap();
        let used = String::from_utf8(used.stdout).unwrap();
        let used: usize = used.lines().nth(1).unwrap().trim().parse().unwrap();
        self.resize(&format!("{}k", (used + left).next_multiple_of(4)));
    }

    fn enlarge(&self) {
        self.resize("64m");
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
        let _ = fs::remove_dir(&self.0);
    }
}

/// A fixed sequence that looks random, another for each command.
struct Dice(u64);

impl Dice {
    fn of(words: &[String]) -> Self {
        let bytes = words.iter().flat_map(|word| word.bytes());
        Self(bytes.fold(0x9e37_79b9_7f4a_7c15, |state, byte| {
            (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        }))
    }

    /// A number below another.
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % end.max(1)
    }
}

/// How often each is stopped in each way.
fn kills() -> Option<usize> {
    let asked = std::env::var("ARCHIVE_KILLS").ok()?;
    Some(if asked == "all" { usize::MAX } else { asked.parse().unwrap() })
}

/// Where and how a command is stopped.
fn stops(case: &Case, small: bool) -> Vec<Stop> {
    let mut dice = Dice::of(&case.words);
    let Some(often) = kills() else {
        // Together they fall on every way of stopping in every kind of command.
        let at = |dice: &mut Dice| 1 + dice.below(case.acts);
        let fault = [Fault::Once, Fault::Full, Fault::Gone][dice.below(3)];
        let other = match dice.below(4) {
            0 if small => Stop::Room(dice.below(40) * 4),
            1 => Stop::After(f64::from(u32::try_from(dice.below(1000)).unwrap()) / 1000.0),
            _ => Stop::At(at(&mut dice), fault),
        };
        let kill = Stop::At(at(&mut dice), Fault::Kill);
        // The many that enter a line go the same way: one each will do.
        return if case.acts > 150 {
            vec![kill, other]
        } else if dice.below(2) == 0 {
            vec![kill]
        } else {
            vec![other]
        };
    };
    let mut all = Vec::new();
    for fault in [Fault::Kill, Fault::Once, Fault::Full, Fault::Gone] {
        if often >= case.acts {
            all.extend((1..=case.acts).map(|at| Stop::At(at, fault)));
        } else {
            all.extend((0..often).map(|_| Stop::At(1 + dice.below(case.acts), fault)));
        }
    }
    let few = often.min(20);
    all.extend((0..few).map(|_| Stop::After(f64::from(u32::try_from(dice.below(1050)).unwrap()) / 1000.0)));
    if small {
        all.extend((0..few).map(|_| Stop::Room(dice.below(120) * 4)));
    }
    all
}

/// The commands there are, by the pages of the manual.
fn commands() -> Vec<String> {
    let desk = Desk::new();
    desk.run(["man", "man"]).expect_status(0);
    let pages: Vec<String> = tree(&desk.path("man"))
        .into_keys()
        .filter_map(|page| {
            Some(page.to_str()?.strip_prefix("archive-")?.strip_suffix(".1")?.replace('-', " "))
        })
        .collect();
    let group = |name: &str| pages.iter().any(|other| other.starts_with(&format!("{name} ")));
    pages.iter().filter(|name| !group(name)).cloned().collect()
}

#[test]
fn no_command_that_writes_is_forgotten() {
    let commands = commands();
    let mut known: BTreeSet<String> = life::READING.iter().map(|name| (*name).to_owned()).collect();
    known.extend(life::ELSEWHERE.iter().map(|(name, _)| (*name).to_owned()));
    for step in life::steps() {
        if let Step::Typed(words) = step {
            let name = life::name(&words, &commands);
            assert!(!life::READING.contains(&name.as_str()), "{name} writes");
            known.insert(name);
        }
    }
    let forgotten: Vec<_> = commands.iter().filter(|name| !known.contains(*name)).collect();
    assert!(forgotten.is_empty(), "does it write? {forgotten:?}");
    let gone: Vec<_> = known.iter().filter(|name| !commands.contains(name)).collect();
    assert!(gone.is_empty(), "{gone:?}");
}

#[test]
fn a_command_stopped_anywhere_leaves_before_or_after_and_can_be_finished() {
    if !layer::is_there() {
        skip("commands stopped at every act on a file", "it takes Linux and a C compiler");
        return;
    }
    let small = Small::mount().is_some();
    if !small {
        skip("a small disk that is full", "one can't be mounted here (it takes root)");
    }
    let began = Instant::now();
    let only = std::env::var("ARCHIVE_KILLED").ok();
    let tally = Tally::default();
    let stopped = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    let (send, receive) = mpsc::sync_channel::<Case>(4);
    let receive = Mutex::new(receive);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let next = receive.lock().unwrap().recv();
                    let Ok(case) = next else { return };
                    if only.as_ref().is_some_and(|only| !only.split(',').any(|one| case.name.contains(one))) {
                        continue;
                    }
                    let (stops, start) = (stops(&case, small), Instant::now());
                    let (many, mut fell) = (stops.len(), 0);
                    for stop in stops {
                        // All that goes wrong is told, not only the first.
                        let tried = panic::catch_unwind(AssertUnwindSafe(|| case.try_out(stop, &tally)));
                        if tried.is_err() {
                            fell += 1;
                            failed.lock().unwrap().push(case.told(stop));
                        }
                    }
                    if kills().is_some() {
                        let words = case.words.join(" ");
                        println!(
                            "{words}: {} acts, stopped {many} times, {fell} failed; {:?}",
                            case.acts,
                            start.elapsed()
                        );
                    }
                    stopped.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let commands = commands();
        let counts = tempfile::tempdir().unwrap();
        let mut desk = Arc::new(life::office());
        let mut at_first = Arc::new(State::of(&desk));
        for step in life::steps() {
            let after = desk.again();
            let Step::Typed(words) = step else {
                life::damage(&after);
                (desk, at_first) = (Arc::new(after), at_first);
                continue;
            };
            let words = life::typed(&words, &desk);
            let told = counts.path().join("acts");
            let mut command = after.command(&words);
            layer::count(&mut command, &told);
            let (start, ran) = (Instant::now(), after.told(command.output().unwrap()));
            let took = start.elapsed();
            assert!(
                ran.status == 0 || ran.status == 1,
                "{words:?}: {}\n{}{}",
                ran.status,
                ran.stdout,
                ran.stderr
            );
            let acts = layer::counted(&told);
            assert!(acts > 0, "{words:?} wrote nothing");
            let in_the_end = Arc::new(State::of(&after));
            let name = life::name(&words, &commands);
            let before = Arc::clone(&desk);
            let case = Case {
                name,
                words,
                before,
                at_first: Arc::clone(&at_first),
                in_the_end: Arc::clone(&in_the_end),
                acts,
                took,
                status: ran.status,
            };
            (desk, at_first) = (Arc::new(after), in_the_end);
            if send.send(case).is_err() {
                break;
            }
        }
        drop(send);
    });
    let count = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
    {
        println!(
            "{} commands: killed {} times, refused something {} times, on a full disk {} times; {} of these amid their work; {:?}",
            count(&stopped),
            count(&tally.killed),
            count(&tally.refused),
            count(&tally.full),
            count(&tally.amid),
            began.elapsed()
        );
    }
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
    assert!(count(&tally.amid) * 2 > count(&stopped), "the stops fell on nothing: {tally:?}");
}
