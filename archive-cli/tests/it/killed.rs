//! Every command that writes, killed (kill -9) at moments it didn't choose, and starved: of files it may open, of
//! room in a file, so that the system refuses it something at one place after another, in the store, the database, the index
//! and the packages alike.
//!
//! Whenever that is, the repository is as it was before or as it is after: every digest is right, the objects are as
//! OCFL asks, the database and the audit chain are whole, the next command goes on, and the work can be
//! finished. `ARCHIVE_KILLS` is how often each is killed: a few times here, hundreds of times when someone has an hour.

use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::desk::{BUREAU, Desk, county};

/// How one knows that the work was done.
enum Done {
    /// The audit chain has one more entry of this act.
    Act(&'static str),
    /// This is there.
    There(&'static str),
    /// Fixity finds nothing any more.
    Sound,
}

/// A command, and the desk it is about to be run on.
struct Case {
    name: &'static str,
    desk: Desk,
    repository: &'static str,
    words: Vec<String>,
    done: Done,
}

impl Case {
    fn new(name: &'static str, desk: Desk, words: &[&str], done: Done) -> Self {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Self { name, desk, repository: "repository", words, done }
    }

    fn words(&self) -> Vec<&str> {
        let place =
            if matches!(self.words[0].as_str(), "restore") { vec![] } else { vec!["-R", self.repository] };
        self.words.iter().map(String::as_str).chain(place).collect()
    }

    fn is_done(&self, desk: &Desk) -> bool {
        match self.done {
            Done::Act(act) => acts(desk, self.repository, act) > acts(&self.desk, self.repository, act),
            Done::There(name) => desk.path(name).exists(),
            Done::Sound => desk.run(["fixity", "-R", self.repository]).status == 0,
        }
    }

    fn check(&self, desk: &Desk, when: &str) {
        if !matches!(self.done, Done::Sound) {
            let ran = desk.run(["fixity", "--json", "-R", self.repository]).document();
            // An index that wasn't finished is told as such; it is derived, and a destruction clears it first.
            let derived = ["index", "destroy"].contains(&self.name) && when != "in the end";
            let unfinished =
                |fault: &serde_json::Value| fault["path"].as_str().unwrap().starts_with("index/");
            let mut faults = ran["faults"].as_array().unwrap().iter();
            assert!(faults.all(|fault| derived && unfinished(fault)), "{} {when}: {ran}", self.name);
        }
        let ran = desk.run(["audit", "verify", "-R", self.repository]);
        assert_eq!(ran.status, 0, "{} {when}:\n{}{}", self.name, ran.stdout, ran.stderr);
        assert!(!desk.path(self.repository).join("staging").exists(), "{} {when}", self.name);
        // What bears its name is whole.
        match self.done {
            Done::There("恢复") if desk.path("恢复").exists() => {
                desk.run(["fixity", "-R", "恢复"]).expect_status(0);
            }
            Done::There("导出") if desk.path("导出").exists() => {
                desk.run(["restore", "导出", "再来"]).expect_status(0);
                fs::remove_dir_all(desk.path("再来")).unwrap();
            }
            Done::There("out/J019-2004") if desk.path("out/J019-2004").exists() => {
                let ran = desk.run(["transfer", "verify", "out/J019-2004"]);
                assert!(ran.status == 0 || ran.status == 1, "{}{}", ran.stdout, ran.stderr);
                assert!(!ran.stdout.contains("X5"), "{}", ran.stdout);
            }
            _ => {}
        }
    }

    /// Runs it where the system refuses something, again and again, and gives how often it was refused.
    #[cfg(unix)]
    fn starve(&self, limits: &[String]) -> usize {
        let mut desk = self.desk.again();
        let mut refused = 0;
        for limit in limits {
            let whole = desk.command(self.words());
            let mut command = std::process::Command::new("/bin/sh");
            // A signal would end it at once: what is asked for here is the error.
            command.args(["-c", &format!("trap '' XFSZ; ulimit {limit}; exec \"$0\" \"$@\"")]);
            command.arg(whole.get_program()).args(whole.get_args()).env_clear();
            for (name, value) in whole.get_envs() {
                if let Some(value) = value {
                    command.env(name, value);
                }
            }
            command.current_dir(desk.path("")).stdin(Stdio::null());
            let ran = desk.told(command.output().unwrap());
            let status = ran.status;
            assert!(
                [0, 1, 3].contains(&status),
                "{} {limit}: {status}\n{}{}",
                self.name,
                ran.stdout,
                ran.stderr
            );
            refused += usize::from(status == 3);
            self.check(&desk, &format!("starved by {limit}"));
            if self.is_done(&desk) {
                desk = self.desk.again();
            }
        }
        let ran = desk.run(self.words());
        assert!(
            ran.status == 0 || ran.status == 1,
            "{} can be finished:\n{}{}",
            self.name,
            ran.stdout,
            ran.stderr
        );
        assert!(self.is_done(&desk), "{} can be finished", self.name);
        refused
    }

    /// Kills it so often, and gives how often it was amid its work.
    fn kill(&self, times: usize) -> usize {
        let began = Instant::now();
        let whole = self.desk.again();
        let status = whole.run(self.words()).status;
        assert!(status == 0 || status == 1, "{}: {status}", self.name);
        assert!(self.is_done(&whole), "{}: this is how one knows that it is done", self.name);
        let took = began.elapsed();
        let mut desk = self.desk.again();
        let mut amid = 0;
        for moment in moments(self.name, times) {
            let mut command = desk.command(self.words());
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            thread::sleep(took.mul_f64(moment));
            child.kill().unwrap();
            let ended = child.wait().unwrap().code().is_some();
            self.check(&desk, &format!("killed at {moment:.3} of {took:?}"));
            amid += usize::from(!ended);
            if self.is_done(&desk) {
                desk = self.desk.again();
            }
        }
        let ran = desk.run(self.words());
        assert!(
            ran.status == 0 || ran.status == 1,
            "{} can be finished:\n{}{}",
            self.name,
            ran.stdout,
            ran.stderr
        );
        assert!(self.is_done(&desk), "{} can be finished", self.name);
        self.check(&desk, "in the end");
        amid
    }
}

fn acts(desk: &Desk, repository: &str, act: &str) -> usize {
    let log = desk.run(["audit", "log", "--json", "-R", repository]).expect_status(0).document();
    log["entries"].as_array().unwrap().iter().filter(|entry| entry["act"] == act).count()
}

/// A fixed sequence that looks random, another for each command: shares of the time a whole run takes.
fn moments(name: &str, count: usize) -> impl Iterator<Item = f64> {
    let mut state = name.bytes().fold(0x9e37_79b9_7f4a_7c15_u64, |state, byte| {
        (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        f64::from(u32::try_from(state % 1050).unwrap()) / 1000.0
    })
    .take(count)
}

fn kills() -> usize {
    std::env::var("ARCHIVE_KILLS").ok().and_then(|times| times.parse().ok()).unwrap_or(3)
}

/// A register with its scans, not yet taken in.
fn before_import() -> Desk {
    let desk = Desk::with_repository();
    fs::copy(county("register.xlsx"), desk.path("register.xlsx")).unwrap();
    desk
}

/// A list of volumes that may be destroyed, and its number.
fn before_destroying() -> (Desk, String) {
    let desk = Desk::with_the_year();
    let by = |who: &str, words: &[&str]| {
        let more = ["-R", "repository", "--json", "--today", "2060-03-01", "--operator", who];
        desk.run(words.iter().copied().chain(more)).expect_status(0).document()
    };
    let due = by("经办人", &["disposal", "due"]);
    let codes: Vec<String> = due["records"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["period"] != "永久" && one["code"].as_str().unwrap().contains('-'))
        .map(|one| one["code"].as_str().unwrap().to_owned())
        .collect();
    let list = by("经办人", &["disposal", "list", "new", "--title", "到期案卷"]);
    let list = list["number"].as_str().unwrap().to_owned();
    let mut words = vec!["disposal", "list", "add", &list];
    words.extend(codes.iter().map(String::as_str));
    words.extend(["--reason", "到期"]);
    let added = by("经办人", &words);
    by("主管领导", &["disposal", "approve", &list, "--digest", added["digest"].as_str().unwrap()]);
    let supervise = ["disposal", "supervise", &list, "--supervisor", "监销人甲", "--supervisor", "监销人乙"];
    by("经办人", &[&supervise[..], &["--place", "造纸厂", "--time", "2060-03-01 14:00"]].concat());
    (desk, list)
}

fn backed_up() -> Desk {
    let desk = Desk::with_the_year();
    desk.at_repository(&["backup", "旧备份"]).expect_status(0);
    desk
}

/// A year of which every third scan is damaged, and a backup from before.
fn damaged() -> Desk {
    let desk = backed_up();
    let scans: Vec<_> = crate::desk::tree(&desk.path("repository/objects"))
        .into_keys()
        .filter(|path| path.extension().is_some_and(|kind| kind == "tif"))
        .collect();
    for path in scans.iter().step_by(3) {
        let path = desk.path("repository/objects").join(path);
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, bytes).unwrap();
    }
    desk
}

/// Every command that writes, each before its work.
fn cases() -> Vec<Case> {
    let scans = county("scans");
    let scans = scans.to_str().unwrap();
    let import = ["import", "register.xlsx", "--scans", scans, "--accept-valid"];
    let imported = before_import();
    imported.at_repository(&import).expect_status(1);
    let arranged = imported.again();
    arranged.at_repository(&["arrange"]).expect_status(1);
    let (destroying, list) = before_destroying();
    let destroy = ["disposal", "destroy", &list, "--today", "2060-03-01", "--operator", "经办人"];
    let receiving = Desk::with_the_year();
    receiving.run(["init", "bureau", "--institution", BUREAU, "--fonds", "G001"]).expect_status(0);
    let mut receive = Case::new(
        "receive",
        receiving,
        &["transfer", "receive", "packages/J019-2004"],
        Done::Act("transfer-receive"),
    );
    receive.repository = "bureau";
    vec![
        Case::new("import", before_import(), &import, Done::Act("import")),
        Case::new("arrange", imported, &["arrange"], Done::Act("arrange")),
        Case::new("number", arranged, &["number"], Done::Act("arrange")),
        receive,
        Case::new("backup", Desk::with_the_year(), &["backup", "备份"], Done::There("备份/backup.json")),
        Case::new("export", Desk::with_the_year(), &["export", "--out", "导出"], Done::There("导出")),
        Case::new("restore", backed_up(), &["restore", "旧备份", "恢复"], Done::There("恢复")),
        Case::new("repair", damaged(), &["repair", "--from", "旧备份"], Done::Sound),
        Case::new("destroy", destroying, &destroy, Done::Act("destroy")),
    ]
}

#[test]
fn a_command_killed_at_any_moment_leaves_before_or_after_and_can_be_finished() {
    let cases = cases();
    let mut amid = 0;
    for case in &cases {
        let here = case.kill(kills());
        println!("{:<8} killed {} times, {here} of them amid its work", case.name, kills());
        amid += here;
    }
    assert!(amid > cases.len(), "the kills fell on nothing: {amid}");
}

/// Open files and room in a file give out at one place after another.
#[cfg(unix)]
#[test]
fn a_command_the_system_refuses_something_leaves_before_or_after_and_can_be_finished() {
    let few = kills();
    let files = (0..few).map(|at| format!("-n {}", 7 + at * 29 / few));
    let room = (0..few).map(|at| format!("-f {}", 1_u32 << (at * 13 / few)));
    let limits: Vec<String> = files.chain(room).collect();
    let mut refused = 0;
    let mut cases = cases();
    cases.push(Case::new("index", before_index(), &["index"], Done::There("repository/index/sums.json")));
    let build = ["transfer", "build", "--year", "2004", "--out", "out", "--archives", BUREAU];
    cases.push(Case::new("build", Desk::with_the_year(), &build, Done::There("out/J019-2004")));
    for case in &cases {
        let here = case.starve(&limits);
        println!("{:<8} starved {} times, {here} of them it was refused something", case.name, limits.len());
        refused += here;
    }
    assert!(refused > cases.len(), "nothing gave out: {refused}");
}

fn before_index() -> Desk {
    let desk = Desk::with_the_year();
    fs::remove_dir_all(desk.path("repository/index")).unwrap();
    desk
}

/// The index is derived, and no part of what must be before or after; but it must never tell lies or be stuck.
#[test]
fn an_index_killed_at_any_moment_can_be_brought_up_to_date() {
    let desk = Desk::with_the_year();
    let found = |desk: &Desk| {
        desk.run(["search", "防汛", "-R", "repository", "--json"]).expect_status(0).document()["total"]
            .clone()
    };
    let whole = found(&desk);
    let began = Instant::now();
    desk.at_repository(&["index", "--rebuild"]).expect_status(1);
    let took = began.elapsed().max(Duration::from_millis(50));
    for moment in moments("index", kills() * 2) {
        let mut command = desk.command(["index", "--rebuild", "-R", "repository"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(took.mul_f64(moment));
        child.kill().unwrap();
        child.wait().unwrap();
        let ran = desk.at_repository(&["index"]);
        assert!(ran.status == 0 || ran.status == 1, "{moment}: {}{}", ran.stdout, ran.stderr);
        assert_eq!(found(&desk), whole, "killed at {moment} of {took:?}");
    }
}
