//! Where commands are run: a temporary folder that nothing outside reaches into.
//!
//! The environment is emptied, so that neither the locale nor the user of the machine shows in what is
//! said; the day and the operator are given; and paths in outputs are shown as `[DESK]`. A year that is
//! imported, arranged, numbered, indexed and packed is made once a run and copied to who needs it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use archive_index::text::{Limits, Page, extract};
use serde_json::Value;
use tempfile::TempDir;

/// The day of all tests: 18 April 2005, when the office hands its year over.
pub(crate) const DAY: &str = "1113782400";
/// Who is at work in all tests.
pub(crate) const OPERATOR: &str = "陈文书";
/// Whose year it is.
pub(crate) const OFFICE: &str = "临溪县人民政府办公室";
/// The code of its fonds.
pub(crate) const FONDS: &str = "J019";
/// Who receives it.
pub(crate) const BUREAU: &str = "临溪县档案馆";

/// A folder commands are run in; gone with it.
pub(crate) struct Desk {
    root: TempDir,
}

/// How a command ended.
pub(crate) struct Ran {
    /// The exit status.
    pub(crate) status: i32,
    /// Standard output, with `[DESK]` for the desk's path.
    pub(crate) stdout: String,
    /// Standard error, likewise.
    pub(crate) stderr: String,
}

impl Desk {
    /// An empty desk.
    pub(crate) fn new() -> Self {
        Self { root: tempfile::Builder::new().prefix("archive-it-").tempdir().unwrap() }
    }

    /// A desk with a repository of the office, nothing in it yet.
    pub(crate) fn with_repository() -> Self {
        let desk = Self::new();
        desk.run(["init", "repository", "--institution", OFFICE, "--fonds", FONDS]).expect_status(0);
        desk
    }

    /// A desk with the county's year: `repository/` imported, arranged, numbered and indexed, and
    /// `packages/J019-2004/`.
    pub(crate) fn with_the_year() -> Self {
        static YEAR: OnceLock<Desk> = OnceLock::new();
        let made = YEAR.get_or_init(|| {
            let desk = Self::with_repository();
            fs::copy(county("register.xlsx"), desk.path("register.xlsx")).unwrap();
            let scans = county("scans");
            let scans = scans.to_str().unwrap();
            for line in [
                &["import", "register.xlsx", "--scans", scans, "--accept-valid"][..],
                &["arrange"],
                &["number"],
                &["index"],
                &["transfer", "build", "--year", "2004", "--out", "packages", "--archives", BUREAU],
            ] {
                desk.at_repository(line).expect_status(1);
            }
            desk
        });
        made.again()
    }

    /// Another desk with the same on it.
    pub(crate) fn again(&self) -> Self {
        let desk = Self::new();
        copy(self.root.path(), desk.root.path());
        desk
    }

    /// The same in a folder that is given, on another disk perhaps.
    pub(crate) fn again_in(&self, folder: &Path) -> Self {
        let desk = Self { root: tempfile::Builder::new().prefix("archive-it-").tempdir_in(folder).unwrap() };
        copy(self.root.path(), desk.root.path());
        desk
    }

    /// A path on the desk.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// The command, ready to be run with these words, in Chinese. `ARCHIVE_PROGRAM` names another build of it: a release,
    /// for runs of hours.
    pub(crate) fn command<W: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = W>) -> Command {
        let program =
            std::env::var_os("ARCHIVE_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_archive").into());
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("SOURCE_DATE_EPOCH", DAY)
            .env("ARCHIVE_OPERATOR", OPERATOR)
            .env("HOME", self.root.path())
            // No engine for recognition, whatever the machine has.
            .env("PATH", self.root.path())
            .env("ARCHIVE_MODELS", "/nowhere")
            .current_dir(self.root.path())
            .stdin(Stdio::null())
            .args(words);
        for needed in ["SYSTEMROOT", "TEMP", "TMP", "TMPDIR"] {
            if let Some(value) = std::env::var_os(needed) {
                command.env(needed, value);
            }
        }
        command
    }

    /// Runs the command with these words.
    pub(crate) fn run<W: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = W>) -> Ran {
        self.told(self.command(words).output().unwrap())
    }

    /// Runs it on `repository/`.
    pub(crate) fn at_repository(&self, words: &[&str]) -> Ran {
        self.run(words.iter().copied().chain(["-R", "repository"]))
    }

    /// Runs it on `repository/` with `--json`, expects a status, and gives the document.
    pub(crate) fn json(&self, words: &[&str], status: i32) -> Value {
        self.run(words.iter().copied().chain(["-R", "repository", "--json"])).expect_status(status).document()
    }

    /// What was printed, with the desk's path made the same for everybody.
    pub(crate) fn told(&self, output: Output) -> Ran {
        let root = self.root.path().to_str().unwrap().to_owned();
        let text = |bytes| String::from_utf8(bytes).unwrap().replace(&root, "[DESK]");
        Ran {
            status: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// Everything on the desk: what must be the same after a command that was refused.
    pub(crate) fn tree(&self) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        tree(self.root.path())
    }
}

impl Ran {
    /// Stops the test, with all that was said, if the command ended otherwise.
    #[track_caller]
    pub(crate) fn expect_status(self, status: i32) -> Self {
        assert_eq!(self.status, status, "\nstdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// The last line of the result: the sentence that sums it up.
    pub(crate) fn summary(&self) -> &str {
        self.stdout.lines().next_back().unwrap_or_default()
    }

    /// Standard output as one JSON document of the present schema, and nothing beside it.
    #[track_caller]
    pub(crate) fn document(&self) -> Value {
        let document: Value = crate::strict_json::read(&self.stdout)
            .unwrap_or_else(|error| panic!("stdout is not one document: {error}\n{}", self.stdout));
        assert_eq!(document["schema_version"], 1, "{}", self.stdout);
        document
    }
}

/// Every file below a folder with its content, and every folder.
///
/// What the database keeps beside it while it is open, and the empty file that carries the lock, are no part
/// of it: once the last one has closed it, a change shows in the catalogue itself.
pub(crate) fn tree(root: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let ends_with = |ending| path.to_str().is_some_and(|path| path.ends_with(ending));
            if [".db-shm", ".db-wal", "archive.lock"].into_iter().any(ends_with) {
                continue;
            }
            let name = path.strip_prefix(root).unwrap().to_owned();
            if path.is_dir() {
                found.insert(name, None);
                folders.push(path);
            } else {
                found.insert(name, Some(fs::read(&path).unwrap()));
            }
        }
    }
    found
}

/// The names of the places where two trees differ: a failed test shows these, not the bytes.
pub(crate) fn differing(
    one: &BTreeMap<PathBuf, Option<Vec<u8>>>,
    other: &BTreeMap<PathBuf, Option<Vec<u8>>>,
) -> Vec<PathBuf> {
    let mut names: Vec<PathBuf> = one.keys().chain(other.keys()).cloned().collect();
    names.sort();
    names.dedup();
    names.retain(|name| one.get(name) != other.get(name));
    names
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// What a printed PDF says, page by page, as another reader than the printer reads it.
pub(crate) fn printed(pdf: &[u8]) -> String {
    let read = extract(pdf.to_vec(), "printed.pdf", &Limits::default());
    let page = |page: &Page| format!("──── {}\n{}", page.number, page.text());
    read.pages.iter().map(page).collect::<Vec<_>>().join("\n")
}

/// A file of the county's year.
pub(crate) fn county(name: &str) -> PathBuf {
    root().join("fixtures/county-2004").join(name)
}

/// The folder of the project.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Says, loudly, that something could not be tested here.
pub(crate) fn skip(what: &str, why: &str) {
    #[expect(clippy::print_stderr, reason = "a test that did not test must not look as if it had")]
    {
        eprintln!("\n*** SKIPPED: {what}: {why} ***\n");
    }
}
